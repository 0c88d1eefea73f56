// Owns which level a member stands on, when a level is granted, and what ends it.
import { assert } from '#loyalty/assert.ts';
import {
  type Books,
  type Condition,
  isAlive,
  type Lot,
  lotsOf,
  type Movement,
  sumBetween,
} from '#loyalty/books/books.ts';
import { afterDays, endOfYearMs, type LotDates, type Now } from '#loyalty/books/lots.ts';
import { DAY_MS, dateOfDayNumber, startOfDayMs, yearStartOf } from '#loyalty/calendar.ts';
import { daysFromEpoch } from '#loyalty/instant.ts';
import { parseRate, type Rate } from '#loyalty/points.ts';
import type { TierProgress } from '#loyalty/pricing/pricing.ts';
import { SPEND } from '#loyalty/programme/compiledCondition.ts';
import type { TierLevelFile, TiersForm } from '#loyalty/programme/tiers.ts';
import { nameArgs } from '#loyalty/why.ts';

/** Account of the grants: a lot a level, named by it, as long as it is held. */
export const TIER = 'tier';

export interface TierLevel {
  readonly tierId: string;
  readonly name: TierLevelFile['name'];
  readonly from: number;
  readonly multiplier: Rate;
  readonly perks: TierLevelFile['perks'];
  /** Index of the level, or null where the figures decide. */
  readonly downgradesTo: number | null;
}

export interface CompiledTiers {
  readonly levels: readonly TierLevel[];
  /** What tiers are measured by: `spend`, or an account. */
  readonly measure: string;
  /** Counter of that: `spend`, or `issued/<account>`. */
  readonly counter: string;
  readonly period: TiersForm['period'];
  readonly valid: TiersForm['valid'];
  readonly upgradeDelayDays: number;
  readonly includesThisSale: boolean;
}

export function compileTiers(file: TiersForm): CompiledTiers {
  const { measure, period, valid, upgradeDelayDays, includesThisSale } = file;
  const levels = file.levels.map((level): TierLevel => {
    const multiplier = parseRate(level.multiplier);
    assert(multiplier !== null, `rate of tier ${level.tierId}`);
    const { tierId, name, from, perks, downgradesTo } = level;
    const index = file.levels.findIndex((other) => other.tierId === downgradesTo);
    return { tierId, name, from, multiplier, perks, downgradesTo: index < 0 ? null : index };
  });
  const counter = measure === SPEND ? SPEND : `issued/${measure}`;
  return { levels, measure, counter, period, valid, upgradeDelayDays, includesThisSale };
}

function levelAt(tiers: CompiledTiers, index: number): TierLevel {
  const level = tiers.levels[index];
  assert(level !== undefined, `no tier ${index}`);
  return level;
}

/** The days whose figures count on a business day: [sinceMs, untilMs) in counter dates. */
function spanOf(tiers: CompiledTiers, dayNumber: number) {
  const { period } = tiers;
  if (period === 'ever') return { sinceMs: 0, untilMs: Number.POSITIVE_INFINITY };
  if (period === 'calendar-year') {
    const { year } = dateOfDayNumber(dayNumber);
    const nextYear = daysFromEpoch(year + 1, 1, 1);
    return { sinceMs: yearStartOf(dayNumber) * DAY_MS, untilMs: nextYear * DAY_MS };
  }
  const first = dayNumber - period.rollingDays + 1;
  return { sinceMs: first * DAY_MS, untilMs: (dayNumber + 1) * DAY_MS };
}

/** The figure that tiers are measured by, as it stands on a business day. */
export function measuredOn(
  tiers: CompiledTiers,
  books: Books,
  owner: string,
  dayNumber: number,
): number {
  const { sinceMs, untilMs } = spanOf(tiers, dayNumber);
  return sumBetween(books, owner, tiers.counter, sinceMs, untilMs);
}

/** The highest level that a figure reaches: exactly `from` is enough. The lowest needs none. */
export function levelByFigure(tiers: CompiledTiers, measured: number): number {
  return Math.max(
    0,
    tiers.levels.findLastIndex((level) => measured >= level.from),
  );
}

/** The highest level of which a grant passes the test; 0 without any. */
function levelByGrants(
  tiers: CompiledTiers,
  books: Books,
  owner: string,
  passes: (lot: Lot) => boolean,
): number {
  const lots = lotsOf(books, owner, TIER);
  if (lots.length === 0) return 0;
  const held = new Set(lots.filter((lot) => lot.amount > 0 && passes(lot)).map((lot) => lot.lotId));
  return Math.max(
    0,
    tiers.levels.findLastIndex((level) => held.has(level.tierId)),
  );
}

/**
 * The level that a member stands on: the highest that is granted, or that the figures of the
 * running period reach where nothing delays it. So a grant of an earlier version of the programme
 * holds until its own end, and books without grants still have levels.
 * `added`: what this sale adds to the figure, where it counts already.
 */
export function tierIndexAt(
  tiers: CompiledTiers,
  books: Books,
  owner: string,
  now: Now,
  added = 0,
): number {
  const granted = levelByGrants(
    tiers,
    books,
    owner,
    (lot) => lot.fromMs <= now.atMs && isAlive(lot, now.atMs),
  );
  if (tiers.upgradeDelayDays > 0) return granted;
  const counted = tiers.includesThisSale ? added : 0;
  const measured = measuredOn(tiers, books, owner, now.local.dayNumber) + counted;
  return Math.max(granted, levelByFigure(tiers, measured));
}

/** From when a level reached now holds, and until when. */
function grantDates(tiers: CompiledTiers, now: Now): LotDates {
  const { valid, upgradeDelayDays } = tiers;
  const fromMs = afterDays(now, upgradeDelayDays);
  if (valid === 'for-ever') return { fromMs, untilMs: null };
  if (typeof valid === 'object') {
    return { fromMs, untilMs: afterDays(now, upgradeDelayDays + valid.days) };
  }
  const reached = dateOfDayNumber(now.local.dayNumber).year;
  const begins = dateOfDayNumber(now.local.calendarDayNumber + upgradeDelayDays).year;
  // A level reached at the end of a year may begin in the next one: it holds in that year.
  const year = Math.max(begins, valid === 'end-of-year' ? reached : reached + 1);
  return { fromMs, untilMs: endOfYearMs(year, now.timeZone) };
}

function isLater(left: number | null, right: number | null): boolean {
  if (right === null) return false;
  return left === null || left > right;
}

/** Grants a level, or lengthens the grant that is held: a lot keeps its dates, so it is renewed. */
function grant(
  level: TierLevel,
  known: Lot | undefined,
  dates: LotDates,
  made: Pick<Movement, 'owner' | 'whyKey'> & { readonly condition?: Condition },
): Movement[] {
  const head = {
    ...made,
    account: TIER,
    lotId: level.tierId,
    kind: 'tally',
    rule: `tier/${level.tierId}`,
    whyArgs: nameArgs(level.name),
  } as const;
  if (known === undefined) return [{ ...head, ...dates, amount: 1 }];
  const { amount, fromMs, untilMs } = known;
  return [
    { ...head, amount: -amount, fromMs, untilMs },
    { ...head, ...dates, amount: 1 },
  ];
}

/**
 * The grants that a sale brings: each level that the figure reaches with it. `before` are the books
 * without the sale, `after` those with its counters. The grants stand while the figure does.
 */
export function tierMovements(
  tiers: CompiledTiers,
  before: Books,
  after: Books,
  owner: string,
  now: Now,
): Movement[] {
  const { dayNumber, dayMs } = now.local;
  const was = measuredOn(tiers, before, owner, dayNumber);
  const is = measuredOn(tiers, after, owner, dayNumber);
  const dates = grantDates(tiers, now);
  const { sinceMs, untilMs } = spanOf(tiers, dayNumber);
  // What is bought until the level begins counts too: a return asks for all of it.
  const rollingEndMs = dayMs + (tiers.upgradeDelayDays + 1) * DAY_MS;
  const endMs = typeof tiers.period === 'object' ? rollingEndMs : untilMs;
  return tiers.levels.slice(1).flatMap((level) => {
    if (is < level.from) return [];
    const known = lotsOf(after, owner, TIER).find((lot) => lot.lotId === level.tierId);
    const isHeld = known !== undefined && isAlive(known, now.atMs);
    const isCrossed = was < level.from;
    if (isHeld && (!isCrossed || !isLater(dates.untilMs, known.untilMs))) return [];
    const condition: Condition = {
      of: 'account',
      account: tiers.counter,
      sinceMs,
      untilMs: Number.isFinite(endMs) ? endMs : null,
      atLeast: level.from,
    };
    // A level that is held goes on without the delay.
    const fromMs = isHeld ? Math.min(known.fromMs, dates.fromMs) : dates.fromMs;
    const made = { owner, whyKey: 'why.tier.reached', condition };
    return grant(level, known, { ...dates, fromMs }, made);
  });
}

/** The period that was over when the running one began: its last day, and when it began. */
function closedPeriod(tiers: CompiledTiers, now: Now) {
  const isYearly = tiers.period === 'calendar-year' || typeof tiers.valid === 'string';
  const today = now.local.calendarDayNumber;
  if (!isYearly) return { lastDay: today - 1, sinceMs: startOfDayMs(today - 1, now.timeZone) };
  const lastDay = yearStartOf(today) - 1;
  return { lastDay, sinceMs: startOfDayMs(yearStartOf(lastDay), now.timeZone) };
}

/** Until when a level holds that somebody keeps at the end of a period. */
function keptUntilMs({ valid }: CompiledTiers, now: Now): number | null {
  if (valid === 'for-ever') return null;
  if (typeof valid === 'object') return afterDays(now, valid.days);
  return endOfYearMs(dateOfDayNumber(now.local.calendarDayNumber).year, now.timeZone);
}

/**
 * After the end of a period: where a level ended, the one that it goes down to, or the one that the
 * figures of the closed period still reach, for one period more. Run before points lapse. A second
 * run adds nothing.
 */
export function closePeriodMovements(
  tiers: CompiledTiers,
  books: Books,
  owner: string,
  now: Now,
): Movement[] {
  const { lastDay, sinceMs } = closedPeriod(tiers, now);
  const { atMs } = now;
  const held = levelByGrants(
    tiers,
    books,
    owner,
    (lot) => lot.fromMs <= atMs && isAlive(lot, atMs),
  );
  const ended = levelByGrants(
    tiers,
    books,
    owner,
    (lot) => lot.untilMs !== null && lot.untilMs > sinceMs && lot.untilMs <= atMs,
  );
  const byFigure = levelByFigure(tiers, measuredOn(tiers, books, owner, lastDay));
  const next = levelAt(tiers, ended).downgradesTo ?? byFigure;
  if (next <= held) return [];
  const level = levelAt(tiers, next);
  const known = lotsOf(books, owner, TIER).find((lot) => lot.lotId === level.tierId);
  const dates = { fromMs: atMs, untilMs: keptUntilMs(tiers, now) };
  return grant(level, known, dates, { owner, whyKey: 'why.tier.kept' });
}

/**
 * How far the next level is after a sale that adds `added` to the figure, for a member who stands
 * on `index`. A level that is reached counts as reached, also where it holds only after the delay.
 */
export function progressOf(
  tiers: CompiledTiers,
  books: Books,
  owner: string,
  now: Now,
  index: number,
  added: number,
): TierProgress {
  const { tierId, name } = levelAt(tiers, index);
  const granted = levelByGrants(tiers, books, owner, (lot) => isAlive(lot, now.atMs));
  const measured = measuredOn(tiers, books, owner, now.local.dayNumber) + added;
  const reached = Math.max(granted, levelByFigure(tiers, measured));
  const next = tiers.levels[reached + 1];
  return {
    tierId,
    name,
    tierIdAfter: levelAt(tiers, reached).tierId,
    nextTierId: next?.tierId ?? null,
    nextName: next?.name ?? null,
    measured,
    nextFrom: next?.from ?? null,
  };
}
