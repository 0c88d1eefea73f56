// Goal: lots begin, end, fill and empty as a programme's account says. Method: the worked dates and
// balances of S01, C79, S22 and S36, and the order in which lots are spent.
import { describe, expect, it } from 'vitest';
import {
  applyMovements,
  type Books,
  EMPTY_BOOKS,
  heldOf,
  type Lot,
  lotsOf,
  type Movement,
} from '#loyalty/books/books.ts';
import {
  type Accrual,
  accrue,
  expireLots,
  lotDates,
  type Now,
  nowOf,
  spend,
  spendableAt,
  splitShares,
} from '#loyalty/books/lots.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { POINTS_MAX } from '#loyalty/points.ts';
import type { AccountFile } from '#loyalty/programme/account.ts';

const ZONE = 'Europe/Istanbul';
const OWNER = 'member/m1';

function at(iso: string): Now {
  return nowOf(ms(iso), ZONE, 0);
}

function ms(iso: string): number {
  const atMs = parseInstantIso(iso.includes('T') ? `${iso}+03:00` : `${iso}T12:00:00+03:00`);
  if (atMs === null) throw new Error(iso);
  return atMs;
}

function account(changes: Partial<AccountFile> = {}): AccountFile {
  return {
    accountId: 'points',
    kind: 'points',
    names: { one: { en: 'Point' }, other: { en: 'Points' } },
    expiry: null,
    pendingDays: 0,
    costMinor: '0',
    expectedRedemptionBasisPoints: 10_000,
    ...changes,
  };
}

function booksOf(lots: readonly Lot[]): Books {
  return new Map([[OWNER, new Map([['points', lots]])]]);
}

const place = { owner: OWNER, accountId: 'points', account: null };
const earned = { ...place, rule: 'base', kind: 'accrual', whyKey: 'why.x', whyArgs: {} } as const;
const spent = { ...earned, kind: 'redemption' } as const;

function brief(movements: readonly Movement[]) {
  return movements.map(({ account: accountId, lotId, amount }) => [accountId, lotId, amount]);
}

describe('dates of a lot', () => {
  const january = at('2026-01-22');

  it('S01: earned 22 January under a rule of 6 months, it dies on 1 August at 00:00', () => {
    const rules = account({ expiry: { kind: 'month-end', months: 6 } });
    expect(lotDates(rules, january)).toEqual({
      fromMs: january.atMs,
      untilMs: ms('2026-08-01T00:00:00'),
    });
  });

  it('C79: earned 22 January with month-end, it dies on 1 February at 00:00', () => {
    const rules = account({ expiry: { kind: 'month-end', months: 0 } });
    expect(lotDates(rules, january).untilMs).toBe(ms('2026-02-01T00:00:00'));
  });

  it('C79: earned in 2018 with year-end, it dies on 1 January 2019 at 00:00', () => {
    const rules = account({ expiry: { kind: 'year-end', years: 0 } });
    expect(lotDates(rules, at('2018-07-09')).untilMs).toBe(ms('2019-01-01T00:00:00'));
    expect(lotDates(rules, at('2018-12-31T23:59:59')).untilMs).toBe(ms('2019-01-01T00:00:00'));
  });

  it('counts days to a local midnight, the day of the sale being the first', () => {
    const rules = account({ expiry: { kind: 'days', days: 30 } });
    expect(lotDates(rules, january).untilMs).toBe(ms('2026-02-21T00:00:00'));
  });

  it('S36: is pending for 14 days', () => {
    const rules = account({ pendingDays: 14 });
    expect(lotDates(rules, january)).toEqual({ fromMs: ms('2026-02-05T00:00:00'), untilMs: null });
  });

  it('takes the calendar day after midnight, not the business day', () => {
    const rules = account({ expiry: { kind: 'month-end', months: 0 } });
    const night = nowOf(ms('2026-02-01T01:30:00'), ZONE, 240);
    expect(night.local.day).toBe('2026-01-31');
    expect(lotDates(rules, night).untilMs).toBe(ms('2026-03-01T00:00:00'));
  });

  it('never lapses where the programme says nothing of the account', () => {
    expect(lotDates(null, january)).toEqual({ fromMs: january.atMs, untilMs: null });
    expect(lotDates(account({ expiry: { kind: 'inactivity', months: 12 } }), january)).toEqual({
      fromMs: january.atMs,
      untilMs: null,
    });
  });
});

describe('an accrual', () => {
  const now = at('2026-05-05');
  const of = (amount: number, changes: Partial<Accrual> = {}): Accrual => {
    return { ...earned, lotId: 't1/1', amount, ...changes };
  };

  it('opens a lot', () => {
    expect(brief(accrue(EMPTY_BOOKS, of(12), now))).toEqual([['points', 't1/1', 12]]);
    expect(accrue(EMPTY_BOOKS, of(0), now)).toEqual([]);
  });

  it('S22: pays a debt first, and splits its lines between the two', () => {
    const books = booksOf([{ lotId: 'debt', amount: -23, fromMs: 0, untilMs: null }]);
    const lines = [
      { line: 1, amount: 30 },
      { line: 2, amount: 10 },
    ];
    const movements = accrue(books, of(40, { lines }), now);
    expect(brief(movements)).toEqual([
      ['points', 'debt', 23],
      ['points', 't1/1', 17],
    ]);
    expect(movements.map((movement) => movement.lines)).toEqual([
      [
        { line: 1, amount: 17 },
        { line: 2, amount: 6 },
      ],
      [
        { line: 1, amount: 13 },
        { line: 2, amount: 4 },
      ],
    ]);
    expect(lotsOf(applyMovements(books, movements), OWNER, 'points')).toEqual([
      { lotId: 't1/1', amount: 17, fromMs: now.atMs, untilMs: null },
    ]);
    expect(brief(accrue(books, of(23), now))).toEqual([['points', 'debt', 23]]);
  });

  it('never credits beyond what an account may hold', () => {
    const full = booksOf([{ lotId: 'a', amount: POINTS_MAX - 3, fromMs: 0, untilMs: null }]);
    expect(brief(accrue(full, of(10), now))).toEqual([['points', 't1/1', 3]]);
  });

  it('takes the dates that it is given', () => {
    const dates = { fromMs: 1, untilMs: 2 };
    expect(accrue(EMPTY_BOOKS, of(1, { dates }), now)[0]).toMatchObject(dates);
  });
});

describe('spending', () => {
  const now = at('2026-05-05');
  const soon = now.atMs + 1000;
  const books = booksOf([
    { lotId: 'never', amount: 10, fromMs: 0, untilMs: null },
    { lotId: 'late', amount: 10, fromMs: 1, untilMs: soon + 1 },
    { lotId: 'b', amount: 10, fromMs: 5, untilMs: soon },
    { lotId: 'a', amount: 10, fromMs: 5, untilMs: soon },
    { lotId: 'older', amount: 10, fromMs: 4, untilMs: soon },
    { lotId: 'pending', amount: 100, fromMs: now.atMs + 1, untilMs: null },
    { lotId: 'dead', amount: 100, fromMs: 0, untilMs: now.atMs },
  ]);

  it('takes first what lapses first, then the oldest, never what is pending or dead', () => {
    expect(spendableAt(books, place, now)).toBe(50);
    const movements = spend(books, { ...spent, amount: 45 }, now);
    expect(brief(movements)).toEqual([
      ['points', 'older', -10],
      ['points', 'a', -10],
      ['points', 'b', -10],
      ['points', 'late', -10],
      ['points', 'never', -5],
    ]);
    expect(spendableAt(applyMovements(books, movements), place, now)).toBe(5);
    expect(movements[3]).toMatchObject({ fromMs: 1, untilMs: soon + 1 });
  });

  it('shares out its lines over the lots without loss', () => {
    const lines = [
      { line: 1, amount: -7 },
      { line: 2, amount: -8 },
    ];
    const movements = spend(books, { ...spent, amount: 15, lines }, now);
    expect(movements.map((movement) => movement.lines)).toEqual([
      [
        { line: 1, amount: -5 },
        { line: 2, amount: -5 },
      ],
      [
        { line: 1, amount: -2 },
        { line: 2, amount: -3 },
      ],
    ]);
  });

  it('of more than there is is a bug, unless it may become debt', () => {
    expect(() => spend(books, { ...spent, amount: 51 }, now)).toThrow(/short by 1/);
    const overdrawn = spend(books, { ...spent, amount: 51, mayOverdraw: true }, now);
    expect(brief(overdrawn).at(-1)).toEqual(['points', 'debt', -1]);
    expect(spendableAt(applyMovements(books, overdrawn), place, now)).toBe(-1);
  });

  it('of nothing moves nothing', () => {
    expect(spend(books, { ...spent, amount: 0 }, now)).toEqual([]);
  });
});

describe('lapsing', () => {
  it('takes off what is over, and only that', () => {
    const untilMs = ms('2026-08-01T00:00:00');
    const books = booksOf([
      { lotId: 'a', amount: 12, fromMs: 0, untilMs },
      { lotId: 'b', amount: 5, fromMs: 0, untilMs: untilMs + 1 },
      { lotId: 'debt', amount: -3, fromMs: 0, untilMs: null },
    ]);
    expect(expireLots(books, place, at('2026-07-31T23:59:59'))).toEqual([]);
    const movements = expireLots(books, place, at('2026-08-01T00:00:00'));
    expect(movements).toMatchObject([
      { lotId: 'a', amount: -12, kind: 'expiry', whyKey: 'why.expiry', whyArgs: { points: 12 } },
    ]);
    expect(heldOf(applyMovements(books, movements), OWNER, 'points')).toBe(2);
  });
});

describe('inactivity', () => {
  const rules = account({ expiry: { kind: 'inactivity', months: 12 } });
  const idle = { ...place, account: rules };
  const accrualOn = (books: Books, iso: string, lotId: string) =>
    applyMovements(books, accrue(books, { ...earned, account: rules, lotId, amount: 10 }, at(iso)));

  it('ends all lots so many months after the last day on which the account moved', () => {
    const first = accrualOn(EMPTY_BOOKS, '2025-01-10', 'a');
    const books = accrualOn(first, '2025-06-15', 'b');
    expect(lotsOf(books, OWNER, 'active/points').map((lot) => lot.lotId)).toEqual([
      '2025-01-10',
      '2025-06-15',
    ]);
    expect(spendableAt(books, idle, at('2026-06-14T23:59:59'))).toBe(20);
    expect(spendableAt(books, idle, at('2026-06-15T00:00:00'))).toBe(0);
    expect(expireLots(books, idle, at('2026-06-14'))).toEqual([]);
    expect(brief(expireLots(books, idle, at('2026-06-15')))).toEqual([
      ['points', 'a', -10],
      ['points', 'b', -10],
    ]);
  });

  it('does not bring dead lots back when the member returns before they were taken off', () => {
    const books = accrualOn(accrualOn(EMPTY_BOOKS, '2025-01-10', 'a'), '2026-01-10', 'b');
    expect(spendableAt(books, idle, at('2026-01-10'))).toBe(10);
    expect(brief(expireLots(books, idle, at('2026-01-11')))).toEqual([['points', 'a', -10]]);
  });

  it('counts spending as activity, and leaves balances without a known day alone', () => {
    const opening = booksOf([{ lotId: 'opening', amount: 100, fromMs: 0, untilMs: null }]);
    expect(spendableAt(opening, idle, at('2026-01-10'))).toBe(100);
    const taken = spend(opening, { ...spent, account: rules, amount: 40 }, at('2026-01-10'));
    expect(brief(taken)).toEqual([
      ['points', 'opening', -40],
      ['active/points', '2026-01-10', 1],
    ]);
    const books = applyMovements(opening, taken);
    expect(spendableAt(books, idle, at('2027-01-09'))).toBe(60);
    expect(spendableAt(books, idle, at('2027-01-10'))).toBe(0);
  });
});

describe('shares', () => {
  it('that do not divide go by largest remainder, ties by order', () => {
    const shares = [1, 2, 3].map((line) => ({ line, amount: 1 }));
    expect(splitShares(shares, [1, 2])).toEqual([
      [{ line: 1, amount: 1 }],
      [
        { line: 2, amount: 1 },
        { line: 3, amount: 1 },
      ],
    ]);
  });
});
