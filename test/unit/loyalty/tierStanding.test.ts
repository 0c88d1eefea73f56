// Goal: a member stands on the right level, from the right day to the right day. Method: the worked
// figures of S05, S38, S40, C70, C71 and C80, and each boundary one unit below, on and above.
import { describe, expect, it } from 'vitest';
import {
  applyMovements,
  type Books,
  EMPTY_BOOKS,
  lotsOf,
  type Movement,
  memberOwner,
} from '#loyalty/books/books.ts';
import { type Now, nowOf } from '#loyalty/books/lots.ts';
import {
  type CompiledTiers,
  closePeriodMovements,
  compileTiers,
  progressOf,
  tierIndexAt,
  tierMovements,
} from '#loyalty/books/tierStanding.ts';
import { tally } from '#loyalty/earn/caps.ts';
import { parseInstantIso } from '#loyalty/instant.ts';

const OWNER = memberOwner('m1');

function ms(iso: string): number {
  const atMs = parseInstantIso(iso.includes('T') ? `${iso}Z` : `${iso}T12:00:00Z`);
  if (atMs === null) throw new Error(iso);
  return atMs;
}

function at(iso: string): Now {
  return nowOf(ms(iso), 'UTC', 0);
}

type Levels = readonly (readonly [tierId: string, from: number, downgradesTo?: string])[];

function tiersOf(
  levels: Levels,
  changes: Partial<Parameters<typeof compileTiers>[0]> = {},
): CompiledTiers {
  return compileTiers({
    measure: 'spend',
    period: 'ever',
    valid: 'for-ever',
    upgradeDelayDays: 0,
    includesThisSale: false,
    levels: levels.map(([tierId, from, downgradesTo]) => ({
      tierId,
      name: { en: tierId },
      from,
      multiplier: '1',
      perks: [],
      ...(downgradesTo === undefined ? {} : { downgradesTo }),
    })),
    ...changes,
  });
}

/** The books after a sale of so much, and what it moved. */
function buy(tiers: CompiledTiers, books: Books, amount: number, now: Now) {
  const why = { whyKey: 'why.x', whyArgs: {} };
  const tallied = [tally(now, OWNER, tiers.counter, amount, 'x', why)];
  const after = applyMovements(books, tallied);
  const grants = tierMovements(tiers, books, after, OWNER, now);
  return { books: applyMovements(after, grants), grants };
}

function bought(tiers: CompiledTiers, amount: number, iso: string): Books {
  return buy(tiers, EMPTY_BOOKS, amount, at(iso)).books;
}

function tierAt(tiers: CompiledTiers, books: Books, iso: string, added = 0): string | undefined {
  return tiers.levels[tierIndexAt(tiers, books, OWNER, at(iso), added)]?.tierId;
}

function untilOf(movements: readonly Movement[]) {
  return movements.map(({ lotId, amount, untilMs }) => [lotId, amount, untilMs]);
}

describe('the level of a sale', () => {
  const erp: Levels = [
    ['bronze', 0],
    ['silver', 10_000],
    ['gold', 20_000],
  ];

  it.each([
    [0, 6000, 'bronze'],
    [0, 15_000, 'silver'],
    [0, 25_000, 'gold'],
    [4000, 500, 'bronze'],
    [8000, 3000, 'silver'],
    [18_000, 3000, 'gold'],
    [22_000, 5000, 'gold'],
  ])('C70: spent %i, buying %i: %s', (before, current, tierId) => {
    const tiers = tiersOf(erp, { includesThisSale: true });
    const books = before === 0 ? EMPTY_BOOKS : bought(tiers, before, '2026-01-01');
    expect(tierAt(tiers, books, '2026-05-05', current)).toBe(tierId);
    const { books: after } = buy(tiers, books, current, at('2026-05-05'));
    expect(tierAt(tiers, after, '2026-05-05')).toBe(tierId);
  });

  it('does not count the sale itself unless the programme says so', () => {
    expect(tierAt(tiersOf(erp), EMPTY_BOOKS, '2026-05-05', 25_000)).toBe('bronze');
  });

  it.each([
    [9999, 'bronze'],
    [10_000, 'silver'],
    [19_999, 'silver'],
    [20_000, 'gold'],
  ])('begins exactly where it says: %i is %s', (amount, tierId) => {
    const tiers = tiersOf(erp);
    expect(tierAt(tiers, bought(tiers, amount, '2026-01-01'), '2026-01-01')).toBe(tierId);
  });

  it('counts in the days of the period alone', () => {
    const rolling = tiersOf(erp, { period: { rollingDays: 30 }, valid: { days: 1 } });
    const books = bought(rolling, 10_000, '2026-01-01');
    expect(tierAt(rolling, books, '2026-01-30')).toBe('silver');
    expect(tierAt(rolling, books, '2026-01-31')).toBe('bronze');
  });

  it('is known without grants where nothing delays it, and not where something does', () => {
    const counted: Books = new Map([
      [
        OWNER,
        new Map([['spend', [{ lotId: 'opening', amount: 12_000, fromMs: 0, untilMs: null }]]]),
      ],
    ]);
    expect(tierAt(tiersOf(erp), counted, '2026-05-05')).toBe('silver');
    const delayed = tiersOf(erp, { upgradeDelayDays: 1 });
    expect(tierAt(delayed, counted, '2026-05-05')).toBe('bronze');
  });
});

describe('a grant', () => {
  it('S05: 340 + 15 in December 2025 is VIB to 31 December 2026', () => {
    const tiers = tiersOf(
      [
        ['insider', 0],
        ['vib', 35_000],
        ['rouge', 100_000],
      ],
      { period: 'calendar-year', valid: 'end-of-next-year' },
    );
    const first = buy(tiers, EMPTY_BOOKS, 34_000, at('2025-12-10'));
    expect(first.grants).toEqual([]);
    const second = buy(tiers, first.books, 1500, at('2025-12-20'));
    expect(untilOf(second.grants)).toEqual([['vib', 1, ms('2027-01-01T00:00:00')]]);
    expect(tierAt(tiers, second.books, '2026-12-31T23:59:59')).toBe('vib');
    expect(tierAt(tiers, second.books, '2027-01-01T00:00:00')).toBe('insider');
    // Reached again in the next year, it is renewed.
    const third = buy(tiers, second.books, 35_000, at('2026-06-01'));
    expect(untilOf(third.grants)).toEqual([
      ['vib', -1, ms('2027-01-01T00:00:00')],
      ['vib', 1, ms('2028-01-01T00:00:00')],
    ]);
    expect(lotsOf(third.books, OWNER, 'tier')).toHaveLength(1);
    expect(buy(tiers, third.books, 100, at('2026-06-02')).grants).toEqual([]);
  });

  it('S38: 2,950 + 100 is Silver on day 14, as long as the figure stays', () => {
    const tiers = tiersOf(
      [
        ['bronze', 0],
        ['silver', 300_000],
      ],
      { period: 'calendar-year', valid: 'end-of-year', upgradeDelayDays: 14 },
    );
    const first = buy(tiers, EMPTY_BOOKS, 295_000, at('2026-03-01'));
    const { books, grants } = buy(tiers, first.books, 10_000, at('2026-03-01'));
    expect(grants).toMatchObject([
      {
        lotId: 'silver',
        fromMs: ms('2026-03-15T00:00:00'),
        untilMs: ms('2027-01-01T00:00:00'),
        condition: {
          of: 'account',
          account: 'spend',
          sinceMs: ms('2026-01-01T00:00:00'),
          untilMs: ms('2027-01-01T00:00:00'),
          atLeast: 300_000,
        },
      },
    ]);
    expect(tierAt(tiers, books, '2026-03-14T23:59:59')).toBe('bronze');
    expect(tierAt(tiers, books, '2026-03-15T00:00:00')).toBe('silver');
    expect(tierAt(tiers, books, '2027-01-01T00:00:00')).toBe('bronze');
  });

  it('that would end before it begins holds to the end of the year in which it begins', () => {
    const tiers = tiersOf(
      [
        ['low', 0],
        ['high', 100],
      ],
      {
        period: 'calendar-year',
        valid: 'end-of-year',
        upgradeDelayDays: 14,
      },
    );
    const { grants } = buy(tiers, EMPTY_BOOKS, 100, at('2026-12-28'));
    expect(untilOf(grants)).toEqual([['high', 1, ms('2028-01-01T00:00:00')]]);
  });

  it('brings every level on the way, and lasts for days where it says so', () => {
    const tiers = tiersOf(
      [
        ['a', 0],
        ['b', 10],
        ['c', 20],
      ],
      {
        period: { rollingDays: 365 },
        valid: { days: 90 },
        upgradeDelayDays: 2,
      },
    );
    const { grants } = buy(tiers, EMPTY_BOOKS, 20, at('2026-01-01'));
    expect(grants.map(({ lotId, fromMs, untilMs }) => [lotId, fromMs, untilMs])).toEqual([
      ['b', ms('2026-01-03T00:00:00'), ms('2026-04-03T00:00:00')],
      ['c', ms('2026-01-03T00:00:00'), ms('2026-04-03T00:00:00')],
    ]);
    expect(grants[0]?.condition).toMatchObject({
      sinceMs: ms('2025-01-02T00:00:00'),
      untilMs: ms('2026-01-04T00:00:00'),
    });
  });

  it('that has ended begins anew, with the delay', () => {
    const tiers = tiersOf(
      [
        ['a', 0],
        ['b', 10],
      ],
      {
        period: { rollingDays: 5 },
        valid: { days: 10 },
        upgradeDelayDays: 2,
      },
    );
    const first = buy(tiers, EMPTY_BOOKS, 10, at('2026-01-01'));
    const again = buy(tiers, first.books, 10, at('2026-06-01'));
    expect(tierAt(tiers, again.books, '2026-06-02')).toBe('a');
    expect(tierAt(tiers, again.books, '2026-06-03')).toBe('b');
  });
});

describe('S40: a programme that changes', () => {
  const yearly = { period: 'calendar-year', valid: 'end-of-next-year' } as const;
  const first = tiersOf(
    [
      ['base', 0],
      ['gold', 50_000],
    ],
    yearly,
  );
  const second = tiersOf(
    [
      ['base', 0],
      ['silver', 30_000],
      ['gold', 80_000],
    ],
    yearly,
  );

  it('leaves A Gold to 31 December of the next year', () => {
    const books = bought(first, 52_000, '2026-03-10');
    expect(tierAt(second, books, '2026-07-02')).toBe('gold');
    expect(tierAt(second, books, '2027-12-31T23:59:59')).toBe('gold');
    expect(tierAt(second, books, '2028-01-01T00:00:00')).toBe('base');
    expect(closePeriodMovements(second, books, OWNER, at('2027-01-01T00:00:00'))).toEqual([]);
  });

  it('makes B Gold, who reached it the evening before, and C Silver, who reached it after', () => {
    const b = bought(first, 52_000, '2026-06-30T23:59:00');
    expect(tierAt(second, b, '2026-07-02')).toBe('gold');
    const c = bought(second, 52_000, '2026-07-02');
    expect(tierAt(second, c, '2026-07-02')).toBe('silver');
  });
});

describe('the end of a period', () => {
  it.each([
    [5, 'l0'],
    [10, 'l1'],
    [30, 'l2'],
  ])('C80: %i active points at the end of the year give %s', (points, tierId) => {
    const tiers = tiersOf(
      [
        ['l0', 0],
        ['l1', 10],
        ['l2', 30],
        ['l3', 100],
      ],
      {
        measure: 'points',
        period: 'calendar-year',
        valid: 'end-of-year',
      },
    );
    const books = bought(tiers, points, '2026-05-05');
    const newYear = at('2027-01-01T00:00:00');
    expect(tierAt(tiers, books, '2027-01-01T00:00:00')).toBe('l0');
    const kept = closePeriodMovements(tiers, books, OWNER, newYear);
    const next = applyMovements(books, kept);
    expect(tierAt(tiers, next, '2027-01-01T00:00:00')).toBe(tierId);
    expect(tierAt(tiers, next, '2027-12-31')).toBe(tierId);
    expect(closePeriodMovements(tiers, next, OWNER, at('2027-01-02'))).toEqual([]);
    const later = closePeriodMovements(tiers, next, OWNER, at('2028-01-01T00:00:00'));
    expect(later).toEqual([]);
    expect(tierAt(tiers, next, '2028-01-01T00:00:00')).toBe('l0');
  });

  it('takes the level down to where the level says', () => {
    const tiers = tiersOf(
      [
        ['a', 0],
        ['b', 10],
        ['c', 30, 'b'],
      ],
      {
        period: 'calendar-year',
        valid: 'end-of-year',
      },
    );
    const books = bought(tiers, 40, '2026-05-05');
    const kept = closePeriodMovements(tiers, books, OWNER, at('2027-01-01T04:00:00'));
    expect(tierAt(tiers, applyMovements(books, kept), '2027-06-01')).toBe('b');
    expect(kept.at(-1)).toMatchObject({ lotId: 'b', whyKey: 'why.tier.kept' });
  });

  it('keeps a level of days for as many days again, while the figures reach it', () => {
    const tiers = tiersOf(
      [
        ['a', 0],
        ['b', 10],
      ],
      {
        period: { rollingDays: 365 },
        valid: { days: 30 },
        upgradeDelayDays: 1,
      },
    );
    const books = bought(tiers, 10, '2026-01-01');
    const kept = closePeriodMovements(tiers, books, OWNER, at('2026-02-01T00:00:00'));
    expect(untilOf(kept)).toEqual([
      ['b', -1, ms('2026-02-01T00:00:00')],
      ['b', 1, ms('2026-03-03T00:00:00')],
    ]);
  });
});

describe('progress', () => {
  const levels: Levels = [
    ['bronze', 0],
    ['silver', 100],
    ['gold', 200],
  ];

  it('says what is measured and where the next level begins', () => {
    const tiers = tiersOf(levels);
    const now = at('2026-05-05');
    const before = bought(tiers, 80, '2026-05-04');
    expect(progressOf(tiers, before, OWNER, now, 0, 30)).toEqual({
      tierId: 'bronze',
      name: { en: 'bronze' },
      tierIdAfter: 'silver',
      nextTierId: 'gold',
      nextName: { en: 'gold' },
      measured: 110,
      nextFrom: 200,
    });
  });

  it('knows a level that waits, and the top', () => {
    const tiers = tiersOf(levels, { upgradeDelayDays: 14 });
    const now = at('2026-05-05');
    expect(progressOf(tiers, EMPTY_BOOKS, OWNER, now, 0, 200)).toMatchObject({
      tierId: 'bronze',
      tierIdAfter: 'gold',
      nextTierId: null,
      nextName: null,
      nextFrom: null,
    });
  });
});
