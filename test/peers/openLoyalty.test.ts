// Goal: opensourcepos', Open Loyalty's and Square's figures come out (cases C74–C83).
// Method: each case is sold by the pure engine under a programme that states the peer's policy.
import { describe, expect, it } from 'vitest';
import {
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  type ProgrammeForm,
  programmeOf,
} from '#test/support/loyaltyShop.ts';
import { AT, amountsOff, item, LATER, members } from '#test/support/peerGoods.ts';

type AccountForm = NonNullable<ProgrammeForm['accounts']>[number];

const POINTS: Omit<AccountForm, 'expiry'> = {
  accountId: 'points',
  kind: 'points',
  names: { one: named('point'), other: named('points') },
};

const isoOf = (atMs: number) => new Date(atMs).toISOString().replace('.000Z', 'Z');

describe('opensourcepos: balances never go below zero', () => {
  it('C74 points are spent as far as they reach', () => {
    const programme = programmeOf({
      earning: { rules: [ONE_PER_UNIT] },
      rewards: {
        list: [
          {
            kind: 'amount-off',
            rewardId: 'forty',
            name: named('Forty points'),
            cost: { points: 40 },
            amountOffMinor: 400,
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, members({ A: 10, B: 100, C: 20, D: 40 }));
    shop.sell({ memberId: 'A', lines: [item('goods', 500)] }, AT);
    expect(shop.balance('A')).toBe(15);
    const spend = (memberId: string) => {
      const sale = {
        memberId,
        lines: [item('goods', 400)],
        claims: [{ rewardId: 'forty' }],
      };
      const { refusals } = shop.quote(sale, AT);
      if (refusals.length === 0) shop.sell(sale, AT);
      return [refusals.map(({ reason }) => reason), shop.balance(memberId)];
    };
    expect(['B', 'C', 'D'].map(spend)).toEqual([
      [[], 60],
      [['points-short'], 20],
      [[], 0],
    ]);
  });

  it('C76 a gift card pays as far as it reaches, and not at all when it is gone', () => {
    const programme = programmeOf({
      accounts: [
        {
          accountId: 'gift-card',
          kind: 'money',
          names: { one: named('cent'), other: named('cents') },
          expiry: null,
        },
      ],
    });
    const [fromIso, untilIso] = ['2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'];
    const deleted = [{ lotId: 'card', amount: 10_000, fromIso, untilIso }];
    const shop = loyaltyShop(programme, {
      ...members({ A: 10_000, B: 5000, C: 6000, D: 0 }, 'gift-card'),
      books: { 'member/D': { 'gift-card': deleted } },
    });
    const pay = (memberId: string) => {
      const tenders = [{ tenderType: 'gift-card', amountMinor: 6000 }];
      const pricing = shop.sell({ memberId, lines: [item('goods', 6000)], tenders }, AT);
      return [pricing.dueMinor, shop.balance(memberId, 'gift-card')];
    };
    expect(['A', 'B', 'C', 'D'].map(pay)).toEqual([
      [0, 4000],
      [6000, 5000],
      [0, 0],
      [6000, 10_000],
    ]);
  });
});

describe('Open Loyalty: returns, expiry, downgrade', () => {
  it('C77 a return goes by its share of the value, or exactly by its line', () => {
    const units = (sku: string, pointsPerUnit: string) => ({
      kind: 'units' as const,
      ruleId: sku,
      name: named(sku),
      pointsPerUnit,
      when: { lines: { skus: [sku] } },
    });
    const lines = [item('a', 1000), item('b', 1000), item('c', 2000)];
    const takenBack = (policy: 'value-share' | 'exact-line') => {
      const programme = programmeOf({
        earning: { rules: [ONE_PER_UNIT, units('a', '10'), units('b', '20')] },
        returns: { policy },
      });
      const shop = loyaltyShop(programme, members({ A: 0 }));
      const { earnedPoints } = shop.sell({ transactionId: 'c77', memberId: 'A', lines }, AT);
      shop.returns('c77', [[3, 1]], LATER);
      return [earnedPoints, shop.balance('A') - earnedPoints];
    };
    expect(takenBack('value-share')).toEqual([70, -35]);
    expect(takenBack('exact-line')).toEqual([70, -20]);
  });

  it('C79 points die at the end of the month, or of the year', () => {
    const untilOf = (expiry: AccountForm['expiry'], atIso: string) => {
      const programme = programmeOf({
        accounts: [{ ...POINTS, expiry }],
        earning: { rules: [ONE_PER_UNIT] },
        effectiveFromIso: '2017-01-01T00:00:00Z',
      });
      const shop = loyaltyShop(programme, members({ A: 0 }));
      const pricing = shop.sell({ memberId: 'A', lines: [item('goods', 1000)] }, atIso);
      const untilMs = pricing.accruals[0]?.untilMs ?? 0;
      const [before = '', until = ''] = [untilMs - 1000, untilMs].map(isoOf);
      return [until, shop.balance('A', 'points', before), shop.balance('A', 'points', until)];
    };
    const month = untilOf({ kind: 'month-end', months: 0 }, '2026-01-22T12:00:00Z');
    expect(month).toEqual(['2026-02-01T00:00:00Z', 10, 0]);
    const year = untilOf({ kind: 'year-end', years: 0 }, '2018-07-01T12:00:00Z');
    expect(year).toEqual(['2019-01-01T00:00:00Z', 10, 0]);
  });

  it('C80 the level of the new year is computed before the points go', () => {
    const level = (tierId: string, from: number) => ({ tierId, name: named(tierId), from });
    const programme = programmeOf({
      accounts: [{ ...POINTS, expiry: { kind: 'year-end', years: 0 } }],
      earning: { rules: [ONE_PER_UNIT] },
      tiers: {
        measure: 'points',
        period: 'calendar-year',
        valid: 'end-of-year',
        levels: [level('l0', 0), level('l1', 10), level('l2', 30), level('l3', 100)],
      },
    });
    const [during, newYear] = ['2025-06-01T12:00:00Z', '2026-01-01T00:00:00Z'];
    const after = [5, 10, 30].map((points) => {
      const tier = { tierId: 'l3', untilIso: newYear };
      const shop = loyaltyShop(programme, { members: [{ memberId: 'A', tier }] });
      shop.sell({ memberId: 'A', lines: [item('goods', points * 100)] }, during);
      const before = [shop.tier('A', during), shop.balance('A')];
      shop.occasion({ action: 'close-period', memberId: 'A' }, newYear);
      shop.occasion({ action: 'expire', memberId: 'A' }, newYear);
      return [...before, shop.tier('A', newYear), shop.balance('A')];
    });
    expect(after).toEqual([
      ['l3', 5, 'l0', 0],
      ['l3', 10, 'l1', 0],
      ['l3', 30, 'l2', 0],
    ]);
  });
});

describe('Square: multipliers and overlaps', () => {
  it('C82 the base is floored before it is multiplied, and again after', () => {
    const earned = (amountMinor: number, factor: string) => {
      const base = { floor: 'baseThenMultiplied' } as const;
      const times = { kind: 'multiplier', ruleId: 'times', name: named('Times'), factor } as const;
      const byRule = programmeOf({ earning: { base, rules: [ONE_PER_UNIT, times] } });
      const byTier = programmeOf({
        earning: { base, rules: [{ ...ONE_PER_UNIT, isMultipliedByTier: true }] },
        tiers: { levels: [{ tierId: 'base', name: named('Base'), from: 0, multiplier: factor }] },
      });
      const sale = { memberId: 'A', lines: [item('goods', amountMinor)] };
      return [byRule, byTier].map(
        (programme) => loyaltyShop(programme, members({ A: 0 })).sell(sale, AT).earnedPoints,
      );
    };
    // In one go, 5.90 × 3 would be 17.
    expect([earned(400, '1.5'), earned(590, '3'), earned(500, '1.5')]).toEqual([
      [6, 6],
      [15, 15],
      [7, 7],
    ]);
  });

  it('C83 of two rules the best counts, of two promotions the newest', () => {
    const fixed = (ruleId: string, points: number) => ({
      kind: 'fixed' as const,
      ruleId,
      name: named(ruleId),
      points,
      stacking: { bestOf: 'accrual' },
    });
    const promotion = (rewardId: string, amountOffMinor: number) => ({
      kind: 'amount-off' as const,
      rewardId,
      name: named(rewardId),
      trigger: 'automatic' as const,
      amountOffMinor,
      group: { groupId: 'promotions', keeps: 'newest' as const },
    });
    const programme = programmeOf({
      earning: { rules: [fixed('ten', 10), fixed('fifteen', 15)] },
      rewards: { list: [promotion('first', 2000), promotion('second', 1500)] },
    });
    const shop = loyaltyShop(programme, members({ A: 0 }));
    const pricing = shop.sell({ memberId: 'A', lines: [item('goods', 10_000)] }, AT);
    expect([pricing.earnedPoints, amountsOff(pricing)]).toEqual([15, [1500]]);
    expect(pricing.discounts.map(({ rewardId }) => rewardId)).toEqual(['second']);
  });
});
