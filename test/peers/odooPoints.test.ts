// Goal: Odoo's points come out as in its own test suite (cases C01–C28).
// Method: each case is sold by the pure engine under a programme that states Odoo's policy.
import { describe, expect, it } from 'vitest';
import { assert } from '#loyalty/assert.ts';
import { basketFile } from '#loyalty/files/basketFile.ts';
import {
  type LoyaltyShop,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
} from '#test/support/loyaltyShop.ts';
import { AT, goods, item, LATER, members } from '#test/support/peerGoods.ts';

/** Points that a sale brings may be spent in it. */
const SPENDS_AT_ONCE = { spendPointsOfThisSale: 'yes' } as const;

/** One point a pen; four points are a free one. */
const PENS = programmeOf({
  earning: {
    base: SPENDS_AT_ONCE,
    rules: [
      {
        kind: 'units',
        ruleId: 'pens',
        name: named('Pens'),
        pointsPerUnit: '1',
        when: { lines: { skus: ['pen'] } },
      },
    ],
  },
  rewards: {
    list: [
      {
        kind: 'free-units',
        rewardId: 'free-pen',
        name: named('A pen'),
        cost: { points: 4 },
        lines: { skus: ['pen'] },
      },
    ],
  },
});
const FREE_PEN = { claims: [{ rewardId: 'free-pen' }] };

/** A point for each unit of money, which rewards do not lower; 10 % off the order for a cost. */
function tenPercentFor(points: number) {
  return programmeOf({
    earning: {
      base: { ...SPENDS_AT_ONCE, basketDiscountLowers: 'unfilteredRulesOnly' },
      rules: [
        {
          kind: 'money',
          ruleId: 'pens',
          name: named('Pens'),
          points: '1',
          perMinor: 100,
          when: { lines: { skus: ['pen'] } },
        },
      ],
    },
    rewards: {
      list: [
        {
          kind: 'percent-off',
          rewardId: 'ten-percent',
          name: named('10 %'),
          cost: { points },
          percent: '10',
        },
      ],
    },
  });
}
const TEN_PERCENT = { claims: [{ rewardId: 'ten-percent' }] };

/** Points for each pen; 10 % off the order for 150. A return goes by its share of the value. */
function refundable(pointsPerUnit: string) {
  const { rewards } = tenPercentFor(150);
  return programmeOf({
    earning: {
      rules: [{ kind: 'units', ruleId: 'pens', name: named('Pens'), pointsPerUnit }],
    },
    rewards,
    returns: { policy: 'value-share' },
  });
}

/** What a refund moves, heap by heap. */
function pointsOf(returned: ReturnType<LoyaltyShop['returns']>): number[] {
  assert(returned.ok, 'taken back');
  return returned.value.explanation.map(({ points }) => points);
}

describe('Odoo: earning and free pens', () => {
  it('C01 two pens bring two points', () => {
    const shop = loyaltyShop(PENS, members({ AAA: 0 }));
    const { totalMinor } = shop.sell({ memberId: 'AAA', lines: [goods('pen', 2)] }, AT);
    expect(totalMinor).toBe(640);
    expect(shop.balance('AAA')).toBe(2);
  });

  it('C02 a free pen is paid with the points of the pens beside it', () => {
    const shop = loyaltyShop(PENS, members({ AAA: 2 }));
    const sale = { memberId: 'AAA', lines: [goods('pen', 3)], ...FREE_PEN };
    const pricing = shop.sell(sale, AT);
    expect(pricing.discounts.map(({ amountMinor }) => amountMinor)).toEqual([320]);
    expect(pricing).toMatchObject({ totalMinor: 640, earnedPoints: 2, redeemedPoints: 4 });
    expect(shop.balance('AAA')).toBe(0);
  });

  it('C04 the second of two pens is free', () => {
    const shop = loyaltyShop(PENS, members({ AAA: 4 }));
    const sale = { memberId: 'AAA', lines: [goods('pen', 2)], ...FREE_PEN };
    const pricing = shop.sell(sale, AT);
    expect(pricing).toMatchObject({ totalMinor: 320, earnedPoints: 1, redeemedPoints: 4 });
    expect(shop.balance('AAA')).toBe(1);
  });

  it('C05 points and rewards go with the member who is there at the end', () => {
    const shop = loyaltyShop(PENS, members({ BBB: 0, CCC: 0 }));
    const pens = (quantity: number) => ({ lines: [goods('pen', quantity)] });
    expect(shop.quote({ memberId: 'BBB', ...pens(4) }, AT).earnedPoints).toBe(4);
    shop.sell({ memberId: 'CCC', ...pens(4) }, AT);
    expect(shop.quote({ memberId: 'CCC', ...pens(3) }, AT).earnedPoints).toBe(3);
    shop.sell({ memberId: 'BBB', ...pens(3) }, AT);
    const claimed = shop.quote({ memberId: 'CCC', ...pens(2), ...FREE_PEN }, AT);
    expect(claimed).toMatchObject({ totalMinor: 320, redeemedPoints: 4 });
    const left = shop.sell({ memberId: null, ...pens(2), ...FREE_PEN }, AT);
    expect(left).toMatchObject({ totalMinor: 640, discounts: [], redemptions: [] });
    expect([shop.balance('CCC'), shop.balance('BBB')]).toEqual([4, 3]);
  });

  it('C07 a rule with a code brings points only when the code was given', () => {
    const programme = programmeOf({
      earning: {
        rules: [
          {
            kind: 'fixed',
            ruleId: 'promo',
            name: named('Promotion'),
            points: 10,
            when: { code: 'PROMO10' },
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    const sale = { memberId: 'AAA', lines: [item('pen', 10_000)] };
    shop.sell(sale, AT);
    expect(shop.balance('AAA')).toBe(0);
    shop.sell({ ...sale, codes: ['PROMO10'] }, AT);
    expect(shop.balance('AAA')).toBe(10);
  });
});

describe('Odoo: what a reward costs', () => {
  it('C08 the cost is the programme’s: a caller has nowhere to write one', () => {
    const shop = loyaltyShop(tenPercentFor(5), members({ AAA: 50 }));
    const lines = [item('pen', 10_000)];
    const claims = [{ rewardId: 'ten-percent', points: 1 }];
    const own = basketFile.safeParse({ action: 'sale', lines, claims });
    expect(own.error?.issues.map(({ path }) => path.join('.'))).toEqual(['claims.0']);
    const { redeemedPoints } = shop.sell({ memberId: 'AAA', lines, ...TEN_PERCENT }, AT);
    expect(redeemedPoints).toBe(5);
    expect(shop.balance('AAA')).toBe(145);
  });

  it('C10 a reward beyond the balance is refused and nothing is written', () => {
    const shop = loyaltyShop(tenPercentFor(5), members({ AAA: 3 }));
    const sale = { memberId: 'AAA', lines: [item('pen', 100)], ...TEN_PERCENT };
    const pricing = shop.quote(sale, AT);
    expect(pricing.refusals).toEqual([
      { rewardId: 'ten-percent', reason: 'points-short', missing: 1 },
    ]);
    expect(pricing).toMatchObject({ discounts: [], redemptions: [], totalMinor: 100 });
    expect(shop.balance('AAA')).toBe(3);
  });

  it('C16 points are spent in whole blocks', () => {
    const programme = programmeOf({
      earning: {
        base: SPENDS_AT_ONCE,
        rules: [{ kind: 'units', ruleId: 'units', name: named('Units'), pointsPerUnit: '1' }],
      },
      rewards: {
        list: [
          {
            kind: 'amount-off',
            rewardId: 'block',
            name: named('4.50'),
            cost: { points: 3 },
            amountOffMinor: 450,
            timesMax: 999,
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, members({ AAA: 10 }));
    const sale = { memberId: 'AAA', lines: [item('goods', 10_000)] };
    expect(shop.quote(sale, AT).offers).toMatchObject([{ rewardId: 'block', timesMax: 3 }]);
    const pricing = shop.sell({ ...sale, claims: [{ rewardId: 'block', times: 3 }] }, AT);
    expect(pricing).toMatchObject({ redeemedPoints: 9, discountMinor: 1350 });
    expect(shop.balance('AAA')).toBe(2);
  });
});

describe('Odoo: refunds', () => {
  it('C11 half the goods take half the points back', () => {
    const shop = loyaltyShop(
      programmeOf({ earning: { rules: [ONE_PER_UNIT] } }),
      members({ A: 0 }),
    );
    const lines = [item('pen', 5000, { quantity: 2 })];
    expect(shop.sell({ transactionId: 'c11', memberId: 'A', lines }, AT).earnedPoints).toBe(100);
    expect(pointsOf(shop.returns('c11', [[1, 1]], LATER))).toEqual([-50]);
    expect(shop.balance('A')).toBe(50);
  });

  it('C13 a full refund takes back what was earned and gives back what was spent', () => {
    const shop = loyaltyShop(refundable('70'), members({ A: 200 }));
    const lines = [item('pen', 10_000)];
    shop.sell({ transactionId: 'c13', memberId: 'A', lines, ...TEN_PERCENT }, AT);
    expect(shop.balance('A')).toBe(120);
    expect(pointsOf(shop.returns('c13', [[1, 1]], LATER))).toEqual([-70, 150]);
    expect(shop.balance('A')).toBe(200);
  });

  it('C14 half a refund does half of both', () => {
    const shop = loyaltyShop(refundable('35'), members({ A: 200 }));
    const lines = [item('pen', 5000, { quantity: 2 })];
    shop.sell({ transactionId: 'c14', memberId: 'A', lines, ...TEN_PERCENT }, AT);
    expect(shop.balance('A')).toBe(120);
    expect(pointsOf(shop.returns('c14', [[1, 1]], LATER))).toEqual([-35, 75]);
    expect(shop.balance('A')).toBe(160);
  });
});
