// Owns the life of lots: when they begin and end, how they are filled, and which are spent first.
import { assert } from '#loyalty/assert.ts';
import {
  type Books,
  type Condition,
  DEBT_LOT,
  ELSEWHERE_LOT,
  heldOf,
  isAlive,
  type LineShare,
  type Lot,
  lotsOf,
  type Movement,
  type MovementKind,
} from '#loyalty/books/books.ts';
import {
  DAY_MS,
  dateOfDayNumber,
  dayMonthsAfter,
  monthStartAfter,
  startOfDayMs,
} from '#loyalty/calendar.ts';
import { tally } from '#loyalty/earn/caps.ts';
import { daysFromEpoch } from '#loyalty/instant.ts';
import { splitByLargestRemainder } from '#loyalty/money.ts';
import { POINTS_MAX } from '#loyalty/points.ts';
import { type LocalMoment, localMomentOf } from '#loyalty/pricing/context.ts';
import type { AccountFile } from '#loyalty/programme/account.ts';
import type { Why } from '#loyalty/why.ts';

/** An instant, and which day that is in the programme's zone. */
export interface Now {
  readonly atMs: number;
  readonly local: LocalMoment;
  readonly timeZone: string;
}

export function nowOf(atMs: number, timeZone: string, cutOverMinutes: number): Now {
  return { atMs, timeZone, local: localMomentOf(atMs, timeZone, cutOverMinutes) };
}

export interface LotDates {
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** Local midnight, so many days after the day of the moment; 0 days are at once. */
export function afterDays(now: Now, days: number): number {
  return days === 0 ? now.atMs : startOfDayMs(now.local.calendarDayNumber + days, now.timeZone);
}

/** Local midnight with which the year after `year` begins. */
export function endOfYearMs(year: number, timeZone: string): number {
  return startOfDayMs(daysFromEpoch(year + 1, 1, 1), timeZone);
}

/**
 * When what is earned now can be spent, and when it is gone. Both are midnights of calendar days:
 * the day of the sale is the first of the days. Where inactivity ends lots the date is open.
 */
export function lotDates(account: AccountFile | null, now: Now): LotDates {
  const fromMs = afterDays(now, account?.pendingDays ?? 0);
  const expiry = account?.expiry ?? null;
  if (expiry === null) return { fromMs, untilMs: null };
  const { local, timeZone } = now;
  switch (expiry.kind) {
    case 'days':
      return { fromMs, untilMs: afterDays(now, expiry.days) };
    case 'month-end': {
      const dayNumber = monthStartAfter(local.calendarDayNumber, expiry.months + 1);
      return { fromMs, untilMs: startOfDayMs(dayNumber, timeZone) };
    }
    case 'year-end': {
      const { year } = dateOfDayNumber(local.calendarDayNumber);
      return { fromMs, untilMs: endOfYearMs(year + expiry.years, timeZone) };
    }
    case 'inactivity':
      return { fromMs, untilMs: null };
  }
}

/** Counter of the days on which an account that inactivity ends was used. */
function activityAccount(accountId: string): string {
  return `active/${accountId}`;
}

/** What is needed to know which lots of an account live. */
export interface AccountPlace {
  readonly owner: string;
  readonly accountId: string;
  /** Null for an account that the programme does not describe: its lots keep their own dates. */
  readonly account: AccountFile | null;
}

/** Ends of the spans of activity: a lot dies with the span that it was opened in. */
function spanEnds(books: Books, place: AccountPlace, timeZone: string): readonly number[] {
  const expiry = place.account?.expiry ?? null;
  if (expiry?.kind !== 'inactivity') return [];
  const days = lotsOf(books, place.owner, activityAccount(place.accountId))
    .map((lot) => lot.fromMs / DAY_MS)
    .sort((left, right) => left - right);
  const ends = days.map((day) => dayMonthsAfter(day, expiry.months));
  return ends
    .filter((end, index) => index === days.length - 1 || end <= (days[index + 1] ?? end))
    .map((end) => startOfDayMs(end, timeZone));
}

const AGELESS: ReadonlySet<string> = new Set([DEBT_LOT, ELSEWHERE_LOT]);

/** The lot with the date when it really dies, where inactivity decides that. */
function withEnd(lot: Lot, ends: readonly number[]): Lot {
  if (lot.untilMs !== null || AGELESS.has(lot.lotId)) return lot;
  const untilMs = ends.find((endMs) => lot.fromMs < endMs) ?? ends.at(-1) ?? null;
  return { ...lot, untilMs };
}

function datedLots(books: Books, place: AccountPlace, timeZone: string): readonly Lot[] {
  const lots = lotsOf(books, place.owner, place.accountId);
  const ends = spanEnds(books, place, timeZone);
  return ends.length === 0 ? lots : lots.map((lot) => withEnd(lot, ends));
}

function isSpendable(lot: Lot, atMs: number): boolean {
  return lot.fromMs <= atMs && isAlive(lot, atMs);
}

/** What can be spent: neither pending nor lapsed, less debt; may be below zero. */
export function spendableAt(
  books: Books,
  place: AccountPlace,
  now: Pick<Now, 'atMs' | 'timeZone'>,
): number {
  let amount = 0;
  for (const lot of datedLots(books, place, now.timeZone)) {
    if (isSpendable(lot, now.atMs)) amount += lot.amount;
  }
  return amount;
}

/** Splits shares into parts that sum to theirs: each part by largest remainder of what is left. */
export function splitShares(
  shares: readonly LineShare[],
  parts: readonly number[],
): readonly (readonly LineShare[])[] {
  const left = shares.map((share) => Math.abs(share.amount));
  return parts.map((part) => {
    const amounts = splitByLargestRemainder(Math.abs(part), left);
    return shares.flatMap(({ line }, index) => {
      const amount = amounts[index] ?? 0;
      left[index] = (left[index] ?? 0) - amount;
      return amount === 0 ? [] : [{ line, amount: part < 0 ? -amount : amount }];
    });
  });
}

/** What moves an account, whichever lots it takes. */
interface Change extends AccountPlace, Why {
  /** At least 0. */
  readonly amount: number;
  readonly rule: string;
  readonly kind: MovementKind;
  /** Signed as the movement; sums to it. */
  readonly lines?: readonly LineShare[];
  readonly condition?: Condition;
}

interface Part extends LotDates {
  readonly lotId: string;
  readonly amount: number;
}

function movementsOf(change: Change, parts: readonly Part[], now: Now): Movement[] {
  const { owner, accountId, rule, kind, whyKey, whyArgs, lines, condition } = change;
  const head = { owner, account: accountId, rule, kind, whyKey, whyArgs };
  const amounts = parts.map((part) => part.amount);
  const shares = lines === undefined ? [] : splitShares(lines, amounts);
  const movements = parts.map((part, index): Movement => {
    const own = shares[index];
    return {
      ...head,
      ...part,
      ...(own === undefined ? {} : { lines: own }),
      ...(condition === undefined ? {} : { condition }),
    };
  });
  if (change.account?.expiry?.kind !== 'inactivity' || parts.length === 0) return movements;
  const account = activityAccount(accountId);
  return [...movements, tally(now, owner, account, 1, rule, change)];
}

export interface Accrual extends Change {
  /** `<transactionId>/<n>`; names the lot that it opens. */
  readonly lotId: string;
  /** Absent: as the account says. */
  readonly dates?: LotDates;
}

/**
 * Fills an account: a debt is paid first, what is left opens a lot. Nothing is credited beyond
 * 1e9 held. The books must hold what the same sale moved before.
 */
export function accrue(books: Books, accrual: Accrual, now: Now): Movement[] {
  const { owner, accountId, account, lotId } = accrual;
  assert(Number.isSafeInteger(accrual.amount) && accrual.amount >= 0, 'accrual out of range');
  const room = Math.max(0, POINTS_MAX - heldOf(books, owner, accountId));
  const amount = Math.min(accrual.amount, room);
  const owed = lotsOf(books, owner, accountId).find((lot) => lot.lotId === DEBT_LOT)?.amount ?? 0;
  const paid = Math.min(amount, Math.max(0, -owed));
  const { fromMs, untilMs } = accrual.dates ?? lotDates(account, now);
  const parts: Part[] = [
    { lotId: DEBT_LOT, amount: paid, fromMs: 0, untilMs: null },
    { lotId, amount: amount - paid, fromMs, untilMs },
  ];
  return movementsOf(
    accrual,
    parts.filter((part) => part.amount > 0),
    now,
  );
}

/** First to lapse first; then the oldest. */
function byEnd(left: Lot, right: Lot): number {
  const leftEnd = left.untilMs ?? Number.POSITIVE_INFINITY;
  const rightEnd = right.untilMs ?? Number.POSITIVE_INFINITY;
  if (leftEnd !== rightEnd) return leftEnd < rightEnd ? -1 : 1;
  if (left.fromMs !== right.fromMs) return left.fromMs - right.fromMs;
  return left.lotId < right.lotId ? -1 : 1;
}

export interface Spending extends Change {
  /** What is missing becomes debt: a return is never refused for it. */
  readonly mayOverdraw?: boolean;
}

/** Takes from an account, first-expiring first. The caller knows that there is enough. */
export function spend(books: Books, spending: Spending, now: Now): Movement[] {
  const own = new Map(
    lotsOf(books, spending.owner, spending.accountId).map((lot) => [lot.lotId, lot]),
  );
  const lots = datedLots(books, spending, now.timeZone)
    .filter((lot) => lot.amount > 0 && isSpendable(lot, now.atMs))
    .sort(byEnd);
  const parts: Part[] = [];
  let missing = spending.amount;
  for (const { lotId, amount } of lots) {
    if (missing === 0) break;
    const taken = Math.min(missing, amount);
    missing -= taken;
    const { fromMs = 0, untilMs = null } = own.get(lotId) ?? {};
    parts.push({ lotId, amount: -taken, fromMs, untilMs });
  }
  assert(
    missing === 0 || spending.mayOverdraw === true,
    `${spending.accountId} is short by ${missing}`,
  );
  if (missing > 0) {
    parts.push({ lotId: DEBT_LOT, amount: -missing, fromMs: 0, untilMs: null });
  }
  return movementsOf(spending, parts, now);
}

/** Takes off what has lapsed by now, of one account of one owner. */
export function expireLots(books: Books, place: AccountPlace, now: Now): Movement[] {
  const { owner, accountId } = place;
  return datedLots(books, place, now.timeZone)
    .filter((lot) => lot.amount > 0 && !isAlive(lot, now.atMs))
    .map(({ lotId, amount, fromMs, untilMs }) => ({
      owner,
      account: accountId,
      lotId,
      amount: -amount,
      fromMs,
      untilMs,
      kind: 'expiry',
      rule: 'expiry',
      whyKey: 'why.expiry',
      whyArgs: { points: amount },
    }));
}
