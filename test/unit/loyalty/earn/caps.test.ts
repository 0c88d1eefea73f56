// Goal: limits count in the right period, for the right owner, and to the last point.
// Method: counters of days around the borders of periods; sales that fill caps and budgets.
import { describe, expect, it } from 'vitest';
import { applyMovements, type Books } from '#loyalty/books/books.ts';
import { nowOf } from '#loyalty/books/lots.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import {
  budgetRoom,
  budgetTallies,
  type CapContext,
  capTallies,
  ownerOfCap,
  periodBounds,
  roomOf,
} from '#loyalty/earn/caps.ts';
import { dateOfDays } from '#loyalty/instant.ts';
import type { CapFile } from '#loyalty/programme/earning.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  pointsAccount,
  programmeOf,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

const WHY = { whyKey: 'why.x', whyArgs: {} };
const dayOf = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / DAY_MS;

function contextAt(iso: string, books: Books = new Map()): CapContext {
  const atMs = Date.parse(`${iso}T12:00:00Z`);
  return {
    books,
    local: nowOf(atMs, 'UTC', 0).local,
    moment: { atMs, channel: 'till', operatorId: 'ada', saleDigestHex: null },
    memberOwner: 'member/m1',
  };
}

/** One lot a day in an account of an owner. */
function counted(owner: string, account: string, days: Readonly<Record<string, number>>): Books {
  const lots = Object.entries(days).map(([day, amount]) => {
    return { lotId: day, amount, fromMs: dayOf(day) * DAY_MS, untilMs: null };
  });
  return new Map([[owner, new Map([[account, lots]])]]);
}

const cap = (changes: Partial<CapFile>): CapFile => ({ period: 'day', per: 'member', ...changes });

describe('the days of a period', () => {
  it.each([
    ['day', '2026-03-05', '2026-03-05', '2026-03-06'],
    ['week', '2026-03-05', '2026-03-02', '2026-03-09'],
    ['week', '2026-03-08', '2026-03-02', '2026-03-09'],
    ['week', '2026-03-09', '2026-03-09', '2026-03-16'],
    ['month', '2026-02-28', '2026-02-01', '2026-03-01'],
    ['month', '2026-12-31', '2026-12-01', '2027-01-01'],
    ['year', '2026-01-01', '2026-01-01', '2027-01-01'],
    ['year', '2028-12-31', '2028-01-01', '2029-01-01'],
  ] as const)('a %s around %s is %s up to %s', (period, day, from, to) => {
    const { fromMs, toMs } = periodBounds(period, dayOf(day));
    expect([dateOfDays(fromMs / DAY_MS), dateOfDays(toMs / DAY_MS)]).toEqual([from, to]);
  });

  it('ever has no borders, and a sale has no days', () => {
    expect(periodBounds('ever', 1)).toEqual({ fromMs: -Infinity, toMs: Infinity });
    expect(periodBounds('sale', 1)).toEqual({ fromMs: 0, toMs: 0 });
  });
});

describe('the room of caps', () => {
  const days = { '2026-03-01': 3, '2026-03-02': 4, '2026-03-05': 5, '2026-03-09': 6 };

  it.each([
    ['day', 20 - 5],
    ['week', 20 - 9],
    ['month', 20 - 18],
    ['year', 20 - 18],
    ['ever', 20 - 18],
    ['sale', 20],
  ] as const)('a %s leaves %i points', (period, points) => {
    const books = counted('member/m1', 'given/r', days);
    const context = contextAt('2026-03-05', books);
    expect(roomOf([cap({ period, points: 20 })], 'r', context)).toEqual({
      points,
      times: Infinity,
    });
  });

  it('never falls below nothing, and is the least of all caps', () => {
    const books = counted('member/m1', 'given/r', { '2026-03-05': 30 });
    const caps = [cap({ points: 20 }), cap({ period: 'year', points: 100 })];
    expect(roomOf(caps, 'r', contextAt('2026-03-05', books)).points).toBe(0);
    expect(roomOf(caps, 'r', contextAt('2026-03-06', books)).points).toBe(20);
    expect(roomOf([], 'r', contextAt('2026-03-06', books)).points).toBe(Infinity);
  });

  it('counts times apart from points', () => {
    const books = counted('member/m1', 'used/r', { '2026-03-05': 2 });
    const context = contextAt('2026-03-05', books);
    expect(roomOf([cap({ times: 3, points: 9 })], 'r', context)).toEqual({ points: 9, times: 1 });
    expect(roomOf([cap({ times: 1 })], 'r', context)).toEqual({ points: Infinity, times: 0 });
  });

  it('is counted for whom it is for', () => {
    const context = contextAt('2026-03-05');
    expect(ownerOfCap({ per: 'member' }, context)).toBe('member/m1');
    expect(ownerOfCap({ per: 'operator' }, context)).toBe('operator/ada');
    expect(ownerOfCap({ per: 'programme' }, context)).toBe('shop');
  });

  it('is shared by a group, and lifted by a manager only where the cap says so', () => {
    const books = counted('member/m1', 'given/extras', { '2026-03-05': 8 });
    const context = contextAt('2026-03-05', books);
    const shared = cap({ points: 10, group: 'extras' });
    expect(roomOf([shared], 'r', context).points).toBe(2);
    expect(roomOf([shared], 'r', context, true).points).toBe(2);
    const lifted = { ...shared, isLiftedByManager: true } as const;
    expect(roomOf([lifted], 'r', context, true).points).toBe(Infinity);
    expect(roomOf([lifted], 'r', context, false).points).toBe(2);
  });
});

describe('what limits remember', () => {
  const context = contextAt('2026-03-05');
  const remembered = (caps: readonly CapFile[]) =>
    capTallies(caps, 'r', context, 7, WHY).map(({ owner, account, amount }) => {
      return [owner, account, amount];
    });

  it('is one counter an owner and group, and none of a sale', () => {
    expect(remembered([cap({ period: 'sale', points: 5, times: 5 })])).toEqual([]);
    expect(remembered([cap({ points: 5 }), cap({ period: 'year', points: 50 })])).toEqual([
      ['member/m1', 'given/r', 7],
    ]);
    expect(
      remembered([cap({ times: 5, group: 'g' }), cap({ per: 'programme', points: 9 })]),
    ).toEqual([
      ['member/m1', 'used/g', 1],
      ['shop', 'given/r', 7],
    ]);
  });

  it('is a lot of the day', () => {
    expect(capTallies([cap({ points: 5 })], 'r', context, 7, WHY)).toEqual([
      {
        owner: 'member/m1',
        account: 'given/r',
        lotId: '2026-03-05',
        amount: 7,
        fromMs: dayOf('2026-03-05') * DAY_MS,
        untilMs: null,
        kind: 'tally',
        rule: 'r',
        ...WHY,
      },
    ]);
  });
});

describe('a budget', () => {
  const budget = { amountMinor: 100, costCentre: 'retention' as const };
  const spent = (owner: string, points: number) =>
    counted(owner, 'budget/r', { '2020-01-01': points });

  it('pays for whole points only, whenever the others were given', () => {
    const context = contextAt('2026-03-05', spent('shop', 30));
    expect(budgetRoom(budget, '1', 'r', context)).toBe(70);
    expect(budgetRoom(budget, '0.5', 'r', context)).toBe(170);
    expect(budgetRoom(budget, '3', 'r', contextAt('2026-03-05'))).toBe(33);
    expect(budgetRoom(budget, '1', 'r', contextAt('2026-03-05', spent('shop', 130)))).toBe(0);
  });

  it('never stops a point that costs nothing', () => {
    expect(budgetRoom(budget, '0', 'r', contextAt('2026-03-05', spent('shop', 999)))).toBe(
      Infinity,
    );
  });

  it('is held by this till to its share', () => {
    const shared = { ...budget, tillShareMinor: 40 };
    const ofTill = contextAt('2026-03-05', spent('till', 25));
    expect(budgetRoom(shared, '1', 'r', ofTill)).toBe(15);
    expect(budgetRoom(budget, '1', 'r', ofTill)).toBe(100);
    expect(budgetRoom(shared, '1', 'r', contextAt('2026-03-05', spent('till', 99)))).toBe(0);
    expect(budgetRoom(shared, '1', 'r', contextAt('2026-03-05', spent('shop', 90)))).toBe(10);
  });

  it('remembers points at the shop and at this till', () => {
    const books = applyMovements(new Map(), budgetTallies('r', contextAt('2026-03-05'), 12, WHY));
    const after = contextAt('2026-03-05', books);
    expect(budgetRoom(budget, '1', 'r', after)).toBe(88);
    expect(budgetRoom({ ...budget, tillShareMinor: 20 }, '1', 'r', after)).toBe(8);
  });
});

const fixed = (ruleId: string, points: number, changes: object = {}): RuleForm => {
  return { kind: 'fixed', ruleId, name: named(ruleId), points, ...changes };
};

describe('limits within a sale', () => {
  const AT = '2026-03-05T12:00:00Z';
  const sold = (rules: readonly RuleForm[], changes: object = {}) => {
    const programme = programmeOf({ earning: { rules: [...rules] }, ...changes });
    const shop = loyaltyShop(programme, { members: [{ memberId: 'm1' }] });
    return (price = 1000) => {
      const lines = [{ sku: 'tea', unitPriceMinor: price }];
      const { accruals, messages } = shop.sell({ memberId: 'm1', lines }, AT);
      const given = accruals.map(({ rule, points }) => [rule, points]);
      return { given, accruals, messages };
    };
  };

  it('share points of a group in the order of the rules', () => {
    const caps = [{ period: 'sale', points: 10, group: 'g' }];
    const sell = sold([fixed('a', 7, { caps }), fixed('b', 7, { caps }), fixed('c', 7, { caps })]);
    expect(sell().given).toEqual([
      ['a', 7],
      ['b', 3],
    ]);
    expect(sell().given).toHaveLength(2);
  });

  it('share times of a group, too', () => {
    const caps = [{ period: 'day', times: 1, group: 'g' }];
    const sell = sold([fixed('a', 7, { caps }), fixed('b', 7, { caps })]);
    expect(sell().given).toEqual([['a', 7]]);
    expect(sell().given).toEqual([]);
  });

  it('share every group of a rule, each with those that have it', () => {
    const group = (name: string, points: number) => ({ period: 'sale', points, group: name });
    const sell = sold([
      fixed('a', 8, { caps: [group('g', 100), group('h', 10)] }),
      fixed('b', 8, { caps: [group('h', 10)] }),
      fixed('c', 8, { caps: [group('g', 20)] }),
    ]);
    expect(sell().given).toEqual([
      ['a', 8],
      ['b', 2],
      ['c', 8],
    ]);
  });

  it('keep what members and operators share apart', () => {
    const sell = sold([
      fixed('a', 8, { caps: [{ period: 'sale', points: 10, group: 'g' }] }),
      fixed('b', 8, { caps: [{ period: 'sale', per: 'operator', points: 10, group: 'g' }] }),
    ]);
    expect(sell().given).toEqual([
      ['a', 8],
      ['b', 8],
    ]);
  });

  it('say what was taken away, and nothing of what fits', () => {
    const sell = sold([fixed('a', 7, { caps: [{ period: 'day', points: 10 }] })]);
    expect(sell().accruals[0]).toMatchObject({ whyKey: 'why.earn.fixed', points: 7 });
    expect(sell().accruals[0]).toMatchObject({
      points: 3,
      whyKey: 'why.earn.capped',
      whyArgs: { points: 3, uncapped: 7, name_en: 'a' },
    });
    expect(sell().accruals).toEqual([]);
  });

  it('end a promotion when its budget is spent, and say so', () => {
    const sell = sold([fixed('a', 70, { budget: { amountMinor: 100 } })], {
      accounts: [pointsAccount({ costMinor: '1' })],
    });
    expect(sell()).toMatchObject({ given: [['a', 70]], messages: [] });
    expect(sell()).toMatchObject({ given: [['a', 30]], messages: [] });
    const last = sell();
    expect(last.given).toEqual([]);
    expect(last.messages).toEqual([
      {
        kind: 'notice',
        missingMinor: 0,
        points: 0,
        lines: [],
        whyKey: 'notice.promotion-ended',
        whyArgs: { name_en: 'a', name_tr: 'a' },
      },
    ]);
  });

  it('give the rows of a table what is left, one after the other', () => {
    const row = (ruleId: string, sku: string) => {
      return { ruleId, name: named(ruleId), skus: [sku], pointsPerUnit: '8' };
    };
    const table: RuleForm = {
      kind: 'table',
      ruleId: 't',
      name: named('t'),
      rows: [row('a', 'tea'), row('b', 'cake'), row('c', 'pie')],
      caps: [{ period: 'sale', points: 10 }],
    };
    const shop = loyaltyShop(programmeOf({ earning: { rules: [table] } }), {
      members: [{ memberId: 'm1' }],
    });
    const lines = ['tea', 'cake', 'pie'].map((sku) => ({ sku, unitPriceMinor: 100 }));
    const { accruals } = shop.sell({ memberId: 'm1', lines }, AT);
    expect(accruals.map(({ rule, points }) => [rule, points])).toEqual([
      ['a', 8],
      ['b', 2],
    ]);
    const accounts = [...(shop.books().get('member/m1')?.keys() ?? [])];
    expect(accounts.filter((account) => /^(given|used|budget)/.test(account))).toEqual([]);
    expect(shop.books().has('shop')).toBe(false);
  });

  it('remember nothing of a rule that gave nothing, but for its progress', () => {
    const visit: RuleForm = {
      kind: 'visit',
      ruleId: 'v',
      name: named('v'),
      points: 1,
      coolDownMinutes: 30,
      caps: [{ period: 'day', times: 1 }],
    };
    const streak: RuleForm = {
      kind: 'streak',
      ruleId: 's',
      name: named('s'),
      weeks: 9,
      badgeId: 'fan',
      caps: [{ period: 'year', times: 1 }],
    };
    const shop = loyaltyShop(programmeOf({ earning: { rules: [visit, streak] } }), {
      members: [{ memberId: 'm1' }],
    });
    const lines = [{ sku: 'tea', unitPriceMinor: 100 }];
    shop.sell({ memberId: 'm1', lines }, '2026-03-05T10:00:00Z');
    shop.sell({ memberId: 'm1', lines }, '2026-03-05T12:00:00Z');
    expect(shop.held('member/m1', 'used/v')).toBe(1);
    expect(shop.held('member/m1', 'used/s')).toBe(0);
    expect(shop.held('member/m1', 'weeks/s')).toBe(1);
    expect(shop.books().get('member/m1')?.get('last/v')).toHaveLength(1);
  });

  it('say all there is to say: a nudge stands beside what was earned', () => {
    const when = { basketAtLeastMinor: 1100 };
    const sell = sold([fixed('a', 5), fixed('b', 9, { when, nudgeWithinMinor: 200 })]);
    expect(sell()).toMatchObject({ given: [['a', 5]], messages: [{ kind: 'nudge' }] });
  });

  it('leave room for what is held already, account by account', () => {
    const programme = programmeOf({
      accounts: [accountOf('stamps', 'stamps')],
      earning: { rules: [fixed('a', 10), fixed('b', 10, { account: 'stamps' })] },
    });
    const balances = { points: 999_999_996, stamps: 999_999_992 };
    const shop = loyaltyShop(programme, { members: [{ memberId: 'm1', balances }] });
    const lines = [{ sku: 'tea', unitPriceMinor: 100 }];
    shop.sell({ memberId: 'm1', lines }, AT);
    expect(shop.sold('sale-1').pricing.accruals.map(({ points }) => points)).toEqual([4, 8]);
  });

  it('never bring an account above a billion', () => {
    const sell = sold([fixed('a', 999_999_990), fixed('b', 15), fixed('c', 5)]);
    expect(sell().given).toEqual([
      ['a', 999_999_990],
      ['b', 10],
    ]);
  });
});
