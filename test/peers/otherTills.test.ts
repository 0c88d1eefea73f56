// Goal: Loyverse's, POS Awesome's and POS Next's figures come out (cases C85–C89).
// Method: each case is sold by the pure engine under a programme that states the peer's policy.
import { describe, expect, it } from 'vitest';
import { loyaltyShop, named, type ProgrammeForm, programmeOf } from '#test/support/loyaltyShop.ts';
import { AT, amountsOff, item, LATER, members } from '#test/support/peerGoods.ts';

type RewardForm = ProgrammeForm['rewards']['list'][number];

function worth(points: number, amountOffMinor: number): RewardForm {
  return {
    kind: 'amount-off',
    rewardId: 'points',
    name: named('Points'),
    cost: { points },
    amountOffMinor,
    timesMax: 999,
  };
}

describe('Loyverse', () => {
  it('C85 one percent, and a point is 1.00 off', () => {
    const programme = programmeOf({
      earning: {
        rules: [
          { kind: 'money', ruleId: 'all', name: named('1 %'), points: '0.01', perMinor: 100 },
        ],
      },
      rewards: { list: [worth(1, 100)] },
    });
    const shop = loyaltyShop(programme, members({ A: 10 }));
    const sale = { memberId: 'A', lines: [item('goods', 10_000)] };
    expect(shop.quote(sale, AT).earnedPoints).toBe(1);
    const pricing = shop.sell({ ...sale, claims: [{ rewardId: 'points', times: 10 }] }, AT);
    expect([pricing.discountMinor, shop.balance('A')]).toEqual([1000, 0]);
  });
});

describe('POS Awesome', () => {
  it('C86 what points paid stands apart from the cash', () => {
    const shop = loyaltyShop(
      programmeOf({ rewards: { list: [worth(1, 1000)] } }),
      members({ A: 2 }),
    );
    const claims = [{ rewardId: 'points', times: 2 }];
    const pricing = shop.sell({ memberId: 'A', lines: [item('goods', 12_000)], claims }, AT);
    expect(pricing.redemptions).toMatchObject([{ points: 2, amountOffMinor: 2000 }]);
    expect(pricing.dueMinor).toBe(10_000);
  });
});

describe('POS Next', () => {
  it('C88 percent, amount, price and basket promotions', () => {
    const a = { skus: ['a'] };
    const head = { rewardId: 'promotion', name: named('Promotion'), trigger: 'automatic' } as const;
    const [lineA, lineB] = [item('a', 5000), item('b', 8000)];
    const quote = (reward: RewardForm, lines = [lineA]) => {
      const pricing = loyaltyShop(programmeOf({ rewards: { list: [reward] } })).quote(
        { lines },
        AT,
      );
      return [pricing.totalMinor, amountsOff(pricing)];
    };
    const percent = { ...head, kind: 'percent-off', percent: '15', lines: a } as const;
    expect(quote(percent)).toEqual([4250, [750]]);
    const amount = { ...head, kind: 'amount-off', amountOffMinor: 1000, lines: a } as const;
    expect(quote(amount)).toEqual([4000, [1000]]);
    const price = { ...head, kind: 'fixed-price', unitPriceMinor: 3000, lines: a } as const;
    expect(quote(price)).toEqual([3000, [2000]]);
    const cart = {
      ...head,
      kind: 'percent-off',
      percent: '10',
      when: { basketAtLeastMinor: 10_000 },
    } as const;
    expect(quote(cart, [lineA, lineB])).toEqual([11_700, [1300]]);
    expect(quote(percent, [lineA, item('b', 8000, { quantity: 2 })])).toEqual([20_250, [750]]);
  });

  it('C89 the wallet of one sale pays part of the next', () => {
    const programme = programmeOf({
      accounts: [
        {
          accountId: 'wallet',
          kind: 'money',
          names: { one: named('cent'), other: named('cents') },
          expiry: null,
        },
      ],
      earning: {
        rules: [
          {
            kind: 'money',
            ruleId: 'wallet',
            name: named('Wallet'),
            account: 'wallet',
            points: '1',
            perMinor: 1,
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, members({ A: 0 }));
    shop.sell({ memberId: 'A', lines: [item('goods', 50_000)] }, AT);
    expect(shop.balance('A', 'wallet')).toBe(50_000);
    const lines = [item('goods', 80_000)];
    const tenders = [{ tenderType: 'wallet', amountMinor: 50_000 }];
    expect(shop.sell({ memberId: 'A', lines, tenders }, LATER).dueMinor).toBe(30_000);
  });
});
