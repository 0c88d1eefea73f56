// Goal: stamps, streaks and challenges count to the minute, the week and the unit. Method: sales of
// one member on either side of each border.
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#loyalty/calendar.ts';
import { isoWeekText } from '#loyalty/earn/visits.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  type ProgrammeForm,
  programmeOf,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

const head = { ruleId: 'r', name: named('Rule') };

function shopOf(rule: RuleForm, changes: Partial<ProgrammeForm> = {}) {
  const programme = programmeOf({
    accounts: [accountOf('stamps', 'stamps')],
    earning: { rules: [rule] },
    ...changes,
  });
  const shop = loyaltyShop(programme, { members: [{ memberId: 'm1' }] });
  const sell = (at: string, quantity = 1, sku = 'tea') => {
    const lines = [{ sku, quantity, unitPriceMinor: 100 }];
    const pricing = shop.sell({ memberId: 'm1', lines }, at);
    return pricing.accruals.map(({ points }) => points);
  };
  return { ...shop, sell };
}

describe('a stamp a visit', () => {
  const rule: RuleForm = {
    kind: 'visit',
    ...head,
    account: 'stamps',
    points: 1,
    coolDownMinutes: 30,
  };

  it('comes again when the cool-down is over, to the minute', () => {
    const { sell } = shopOf(rule);
    expect(sell('2026-03-05T10:00:00Z')).toEqual([1]);
    expect(sell('2026-03-05T10:29:59Z')).toEqual([]);
    expect(sell('2026-03-05T10:30:00Z')).toEqual([1]);
  });

  it('does not come for a sale that arrives late from within the cool-down', () => {
    const { sell } = shopOf(rule);
    expect(sell('2026-03-05T10:30:00Z')).toEqual([1]);
    expect(sell('2026-03-05T10:00:01Z')).toEqual([]);
    expect(sell('2026-03-05T10:00:00Z')).toEqual([1]);
  });

  it('remembers when it was, for a day longer than the cool-down', () => {
    const shop = shopOf(rule);
    shop.sell('2026-03-05T10:00:00Z');
    const atMs = Date.parse('2026-03-05T10:00:00Z');
    expect(shop.books().get('member/m1')?.get('last/r')).toEqual([
      { lotId: String(atMs), amount: 1, fromMs: atMs, untilMs: atMs + 30 * 60_000 + DAY_MS },
    ]);
  });

  it('remembers nothing without a cool-down', () => {
    const shop = shopOf({ ...rule, coolDownMinutes: 0 });
    expect(shop.sell('2026-03-05T10:00:00Z')).toEqual([1]);
    expect(shop.sell('2026-03-05T10:00:00Z')).toEqual([1]);
    expect(shop.books().get('member/m1')?.has('last/r')).toBe(false);
  });
});

describe('the name of an ISO week', () => {
  it.each([
    ['2025-12-29', '2026-W01'],
    ['2026-01-05', '2026-W02'],
    ['2026-12-28', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2024-12-23', '2024-W52'],
    ['2024-12-30', '2025-W01'],
    ['1970-01-05', '1970-W02'],
  ])('of the week from %s is %s', (monday, week) => {
    expect(isoWeekText(Date.parse(`${monday}T00:00:00Z`) / DAY_MS)).toBe(week);
  });
});

describe('a streak', () => {
  const rule: RuleForm = {
    kind: 'streak',
    ...head,
    weeks: 3,
    badgeId: 'regular',
    points: 50,
  };

  it('is complete with a visit in each of so many ISO weeks in a row, once', () => {
    const shop = shopOf(rule);
    expect(shop.sell('2026-03-01T12:00:00Z')).toEqual([]);
    expect(shop.sell('2026-03-02T12:00:00Z')).toEqual([]);
    expect(shop.sell('2026-03-08T12:00:00Z')).toEqual([]);
    expect(shop.books().get('member/m1')?.has('badge')).toBe(false);
    expect(shop.sell('2026-03-15T12:00:00Z')).toEqual([50]);
    expect(shop.books().get('member/m1')?.get('badge')).toMatchObject([
      { lotId: 'regular', amount: 1, untilMs: null },
    ]);
    expect(shop.sell('2026-03-16T12:00:00Z')).toEqual([]);
    expect(shop.sell('2026-03-23T12:00:00Z')).toEqual([]);
  });

  it('begins again after a week without a visit', () => {
    const { sell } = shopOf(rule);
    const sales = ['2026-03-02', '2026-03-09', '2026-03-23', '2026-03-30'];
    for (const day of sales) expect(sell(`${day}T12:00:00Z`)).toEqual([]);
    expect(sell('2026-04-06T12:00:00Z')).toEqual([50]);
  });

  it('counts weeks that are apart where it need not be in a row', () => {
    const { sell } = shopOf({ ...rule, isConsecutive: false });
    expect(sell('2026-03-02T12:00:00Z')).toEqual([]);
    expect(sell('2026-03-03T12:00:00Z')).toEqual([]);
    expect(sell('2026-03-23T12:00:00Z')).toEqual([]);
    expect(sell('2026-06-01T12:00:00Z')).toEqual([50]);
  });

  it('remembers each week once, by its name and its Monday', () => {
    const shop = shopOf(rule);
    shop.sell('2026-03-03T12:00:00Z');
    shop.sell('2026-03-08T12:00:00Z');
    const fromMs = Date.parse('2026-03-02T00:00:00Z');
    expect(shop.books().get('member/m1')?.get('weeks/r')).toEqual([
      { lotId: '2026-W10', amount: 1, fromMs, untilMs: null },
    ]);
  });
});

describe('a challenge', () => {
  const rule: RuleForm = {
    kind: 'challenge',
    ...head,
    when: { lines: { skus: ['tea'] } },
    units: 5,
    withinDays: 30,
    points: 20,
  };

  it('is reached by the unit, over sales within the days', () => {
    const { sell } = shopOf(rule);
    expect(sell('2026-03-01T12:00:00Z', 3)).toEqual([]);
    expect(sell('2026-03-30T12:00:00Z', 1)).toEqual([]);
    expect(sell('2026-03-30T12:00:00Z', 9, 'cake')).toEqual([]);
    expect(sell('2026-03-30T13:00:00Z', 1)).toEqual([20]);
  });

  it('forgets units on the day after the last of the days', () => {
    const { sell } = shopOf(rule);
    expect(sell('2026-03-01T12:00:00Z', 4)).toEqual([]);
    expect(sell('2026-03-31T12:00:00Z', 1)).toEqual([]);
  });

  it('begins the next one with what is left over, and gives each that a sale completes', () => {
    const { sell } = shopOf(rule);
    const completed = sell('2026-03-01T12:00:00Z', 13);
    expect(completed.reduce((sum, points) => sum + points, 0)).toBe(40);
    expect(sell('2026-03-02T12:00:00Z', 1)).toEqual([]);
    expect(sell('2026-03-03T12:00:00Z', 1)).toEqual([20]);
    expect(sell('2026-03-04T12:00:00Z', 4)).toEqual([]);
  });

  it('gives its badge and its points once', () => {
    const shop = shopOf({ ...rule, badgeId: 'taster' });
    expect(shop.sell('2026-03-01T12:00:00Z', 4)).toEqual([]);
    expect(shop.books().get('member/m1')?.has('badge')).toBe(false);
    expect(shop.sell('2026-03-01T12:00:00Z', 11)).toEqual([20]);
    expect(shop.books().get('member/m1')?.get('badge')).toMatchObject([{ lotId: 'taster' }]);
    expect(shop.sell('2026-03-02T12:00:00Z', 30)).toEqual([]);
  });
});

describe('what is said and kept', () => {
  const lines = [{ sku: 'tea', quantity: 3, unitPriceMinor: 100 }];
  const badge = { lotId: 'other', amount: 1, fromIso: '2026-01-01T00:00:00Z' };

  function soldOf(rule: RuleForm) {
    const programme = programmeOf({ earning: { rules: [rule] } });
    const shop = loyaltyShop(programme, {
      members: [{ memberId: 'm1' }],
      books: { 'member/m1': { badge: [badge] } },
    });
    const { accruals, movements } = shop.sell({ memberId: 'm1', lines }, '2026-03-05T12:00:00Z');
    const kept = movements.filter(({ rule: by, kind }) => by === 'r' && kind === 'tally');
    const said = accruals.map(({ whyKey, whyArgs }) => ({ whyKey, whyArgs }));
    return { shop, said, kept: kept.map(({ account, lotId, amount }) => [account, lotId, amount]) };
  }
  const names = { name_en: 'Rule', name_tr: 'Rule' };

  it('of a visit', () => {
    const { said } = soldOf({ kind: 'visit', ...head, points: 2 });
    expect(said).toEqual([{ whyKey: 'why.earn.visit', whyArgs: { ...names, points: 2 } }]);
  });

  it('of a challenge, whatever other badges are held', () => {
    const rule: RuleForm = { kind: 'challenge', ...head, units: 3, withinDays: 9, points: 7 };
    const { said, kept } = soldOf({ ...rule, badgeId: 'taster' });
    expect(said).toEqual([
      {
        whyKey: 'why.earn.challenge',
        whyArgs: { ...names, units: 3, withinDays: 9, points: 7 },
      },
    ]);
    expect(kept).toContainEqual(['badge', 'taster', 1]);
    const begun = soldOf({ ...rule, units: 5 });
    expect(begun.said).toEqual([]);
    expect(begun.shop.held('member/m1', 'challenge/r')).toBe(3);
  });

  it('of a challenge whose units come back, one by one', () => {
    const { shop } = soldOf({ kind: 'challenge', ...head, units: 5, withinDays: 9, points: 7 });
    shop.returns('sale-1', [[1, 1]], '2026-03-06T12:00:00Z');
    expect(shop.held('member/m1', 'challenge/r')).toBe(2);
  });

  it('of a streak, whatever other badges are held', () => {
    const { said, kept, shop } = soldOf({
      kind: 'streak',
      ...head,
      weeks: 2,
      badgeId: 'regular',
      points: 9,
    });
    expect(said).toEqual([]);
    expect(kept).toEqual([['weeks/r', '2026-W10', 1]]);
    const { accruals } = shop.sell({ memberId: 'm1', lines }, '2026-03-09T12:00:00Z');
    expect(accruals).toMatchObject([
      { whyKey: 'why.earn.streak', whyArgs: { ...names, weeks: 2, points: 9 } },
    ]);
  });
});
