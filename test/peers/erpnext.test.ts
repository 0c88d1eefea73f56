// Goal: ERPNext's points and tiers come out as in its own test suite (cases C67–C73).
// Method: each case is sold by the pure engine under a programme that states ERPNext's policy.
import { describe, expect, it } from 'vitest';
import { loyaltyShop, named, type ProgrammeForm, programmeOf } from '#test/support/loyaltyShop.ts';
import { AT, item, LATER, members } from '#test/support/peerGoods.ts';

/** One point for each 1000.00; a point is 1.00 off. */
const ONE_PER_THOUSAND = {
  earning: {
    rules: [
      {
        kind: 'money',
        ruleId: 'invoices',
        name: named('Invoices'),
        points: '1',
        perMinor: 100_000,
      },
    ],
  },
  rewards: {
    list: [
      {
        kind: 'amount-off',
        rewardId: 'points',
        name: named('Points'),
        cost: { points: 1 },
        amountOffMinor: 100,
        timesMax: 999,
      },
    ],
  },
} as const satisfies Partial<ProgrammeForm>;
const TEN_POINTS = [{ rewardId: 'points', times: 10 }];

/** An amount in whole units of money. */
const invoice = (amount: number) => ({ memberId: 'A', lines: [item('goods', amount * 100)] });

/** Tiers by all that was ever spent, the invoice itself included. */
function tiersFrom(silver: number, gold: number): ProgrammeForm['tiers'] {
  const level = (tierId: string, from: number) => ({
    tierId,
    name: named(tierId),
    from: from * 100,
  });
  return {
    measure: 'spend',
    includesThisSale: true,
    levels: [level('bronze', 0), level('silver', silver), level('gold', gold)],
  };
}

describe('ERPNext: points of invoices', () => {
  it('C67 a cancelled invoice takes its points with it', () => {
    const shop = loyaltyShop(programmeOf(ONE_PER_THOUSAND), members({ A: 7 }));
    shop.sell({ transactionId: 'c67', ...invoice(10_000) }, AT);
    expect(shop.balance('A')).toBe(17);
    shop.returns('c67', 'all', LATER);
    expect(shop.balance('A')).toBe(7);
  });

  it('C68 what points paid earns none', () => {
    const shop = loyaltyShop(programmeOf(ONE_PER_THOUSAND), members({ A: 10 }));
    const pricing = shop.sell({ ...invoice(10_000), claims: TEN_POINTS }, AT);
    expect(pricing).toMatchObject({ dueMinor: 999_000, earnedPoints: 9, redeemedPoints: 10 });
    expect(shop.balance('A')).toBe(9);
  });

  it('C73 points pay the whole of a total that was rounded', () => {
    const programme = programmeOf({
      rewards: {
        roundsToMinor: 100,
        list: [
          {
            kind: 'amount-off',
            rewardId: 'points',
            name: named('Points'),
            cost: { points: 10 },
            amountOffMinor: 100,
            timesMax: 999,
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, members({ A: 2000 }));
    const sale = { memberId: 'A', lines: [item('goods', 10_060)] };
    expect(shop.quote(sale, AT)).toMatchObject({ totalMinor: 10_100, roundingMinor: 40 });
    const pricing = shop.sell({ ...sale, claims: [{ rewardId: 'points', times: 101 }] }, AT);
    expect(pricing).toMatchObject({ redeemedPoints: 1010, dueMinor: 0 });
    expect(shop.balance('A')).toBe(990);
  });
});

describe('ERPNext: tiers', () => {
  it('C70 the tier counts what was spent and the invoice itself', () => {
    const programme = programmeOf({ ...ONE_PER_THOUSAND, tiers: tiersFrom(10_000, 20_000) });
    const tierOf = ([spent, current]: readonly [number, number]) => {
      const shop = loyaltyShop(programme, members({ A: spent * 100 }, 'spend'));
      return shop.sell(invoice(current), AT).tier?.tierIdAfter;
    };
    const rows = [
      [0, 6000],
      [0, 15_000],
      [0, 25_000],
      [4000, 500],
      [8000, 3000],
      [18_000, 3000],
      [22_000, 5000],
    ] as const;
    expect(rows.map(tierOf)).toEqual([
      'bronze',
      'silver',
      'gold',
      'bronze',
      'silver',
      'gold',
      'gold',
    ]);
  });

  it('C71 the tier of the entry is the tier of the member afterwards', () => {
    const programme = programmeOf({ ...ONE_PER_THOUSAND, tiers: tiersFrom(10_000, 19_000) });
    const shop = loyaltyShop(programme, members({ A: 0 }));
    const first = shop.sell(invoice(10_000), AT);
    expect([first.earnedPoints, first.tier?.tierIdAfter, shop.tier('A', AT)]).toEqual([
      10,
      'silver',
      'silver',
    ]);
    const second = shop.sell({ ...invoice(10_000), claims: TEN_POINTS }, LATER);
    expect([second.earnedPoints, second.tier?.tierIdAfter, shop.tier('A', LATER)]).toEqual([
      9,
      'gold',
      'gold',
    ]);
  });
});
