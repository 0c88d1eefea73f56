// Owns conditions made ready: closures that say which lines count, and whether a rule holds.
import { isAlive, lotsOf, sumBetween } from '#loyalty/books/books.ts';
import { DAY_MS, dateOfDayNumber, minutesOfText, weekdayOf } from '#loyalty/calendar.ts';
import { daysFromEpoch, parseInstantIso } from '#loyalty/instant.ts';
import { divideHalfUp } from '#loyalty/money.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { SaleLine } from '#loyalty/pricing/sale.ts';
import type { BirthdayWindow, ConditionFile, LineFilter } from '#loyalty/programme/condition.ts';

/** Counter of a member's sales, a lot a business day. */
export const VISITS = 'visits';
/** Net money of a member's sales, a lot a business day. */
export const SPEND = 'spend';

export type LineTest = (line: SaleLine) => boolean;
type Test = (context: PricingContext) => boolean;

/** A condition, ready to ask. */
export interface CompiledCondition {
  /** Null where every line counts. */
  readonly matches: LineTest | null;
  /**
   * Whether the rule holds. `amountsMinor` is what each line still costs, tax in, index-aligned;
   * thresholds are measured on it.
   */
  readonly holds: (context: PricingContext, amountsMinor: readonly number[]) => boolean;
  /** True where it needs a member. */
  readonly needsMember: boolean;
  readonly code: string | null;
  readonly basketAtLeastMinor: number | null;
  readonly linesAtLeastMinor: number | null;
}

function setTest(
  values: readonly string[] | undefined,
  isWanted: boolean,
  has: (set: ReadonlySet<string>, line: SaleLine) => boolean,
): LineTest[] {
  if (values === undefined) return [];
  const set = new Set(values);
  return [(line) => has(set, line) === isWanted];
}

const hasSku = (set: ReadonlySet<string>, line: SaleLine) => line.sku !== null && set.has(line.sku);
const hasType = (set: ReadonlySet<string>, line: SaleLine) => set.has(line.productType);
const hasTag = (set: ReadonlySet<string>, line: SaleLine) =>
  line.tags?.some((tag) => set.has(tag)) === true;

/** Null for a filter that lets every line through. */
export function compileFilter(filter: LineFilter | undefined): LineTest | null {
  if (filter === undefined) return null;
  const tests = [
    ...setTest(filter.skus, true, hasSku),
    ...setTest(filter.productTypes, true, hasType),
    ...setTest(filter.tags, true, hasTag),
    ...setTest(filter.exceptSkus, false, hasSku),
    ...setTest(filter.exceptProductTypes, false, hasType),
    ...setTest(filter.exceptTags, false, hasTag),
  ];
  const [only] = tests;
  if (only === undefined) return null;
  return tests.length === 1 ? only : (line) => tests.every((test) => test(line));
}

function hoursTest(from: string, to: string): Test {
  const [fromMinutes, toMinutes] = [minutesOfText(from), minutesOfText(to)];
  if (fromMinutes <= toMinutes) {
    return ({ local }) => local.minutesOfDay >= fromMinutes && local.minutesOfDay < toMinutes;
  }
  // A window over midnight: 22:00 to 02:00.
  return ({ local }) => local.minutesOfDay >= fromMinutes || local.minutesOfDay < toMinutes;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The day of a birthday in a year, as a day number. */
export function birthdayIn(
  year: number,
  month: number,
  day: number,
  nonLeapDay: BirthdayWindow['nonLeapDay'],
): number {
  if (month !== 2 || day !== 29 || isLeap(year)) return daysFromEpoch(year, month, day);
  return nonLeapDay === 'feb-28' ? daysFromEpoch(year, 2, 28) : daysFromEpoch(year, 3, 1);
}

/** An edit of the date brings no birthday for so many days. */
const EDITED_DAYS = 30;

/** The year of the birthday whose window the moment lies in, or null. */
export function birthdayYear(context: PricingContext, window: BirthdayWindow): number | null {
  const birthday = context.member?.birthday ?? null;
  if (birthday === null) return null;
  const { changedAtMs } = birthday;
  if (changedAtMs !== null && context.moment.atMs - changedAtMs < EDITED_DAYS * DAY_MS) return null;
  const today = context.local.calendarDayNumber;
  const { year, month } = dateOfDayNumber(today);
  if (window.window === 'month') return month === birthday.month ? year : null;
  // A window may reach over New Year: the birthday's own year names it.
  for (const candidate of [year - 1, year, year + 1]) {
    const day = birthdayIn(candidate, birthday.month, birthday.day, window.nonLeapDay);
    if (today >= day - window.daysBefore && today <= day + window.daysAfter) return candidate;
  }
  return null;
}

function memberTests(file: ConditionFile): Test[] {
  const tests: Test[] = [];
  const { audience, isFirstSale, birthday, tierIds, segmentIds, membershipIds, badgeIds } = file;
  if (audience === 'members') tests.push(({ member }) => member !== null);
  if (audience === 'guests') tests.push(({ member }) => member === null);
  if (isFirstSale) {
    tests.push(
      ({ member, memberOwner, books }) =>
        member !== null &&
        sumBetween(books, memberOwner, VISITS, Number.NEGATIVE_INFINITY, Infinity) <= 0,
    );
  }
  if (birthday !== undefined) tests.push((context) => birthdayYear(context, birthday) !== null);
  if (tierIds !== undefined) {
    const set = new Set(tierIds);
    tests.push(({ member, tierId }) => member !== null && set.has(tierId));
  }
  if (segmentIds !== undefined) {
    tests.push((context) => segmentIds.some((id) => context.segmentIds().has(id)));
  }
  if (membershipIds !== undefined) {
    tests.push((context) => membershipIds.some((id) => context.membershipIds.has(id)));
  }
  if (badgeIds !== undefined) {
    tests.push((context) => badgeIds.some((id) => context.badgeIds().has(id)));
  }
  if (file.exceptFlags !== undefined) {
    const set = new Set(file.exceptFlags);
    tests.push(({ member }) => member?.flags.some((flag) => set.has(flag)) !== true);
  }
  return tests;
}

function momentTests(file: ConditionFile): Test[] {
  const tests: Test[] = [];
  const { channels, weekdays, hours, fromIso, toIso, code, tenderTypes } = file;
  if (channels !== undefined) tests.push(({ moment }) => channels.includes(moment.channel));
  if (weekdays !== undefined) {
    tests.push(({ local }) => weekdays.includes(weekdayOf(local.dayNumber)));
  }
  if (hours !== undefined) tests.push(hoursTest(hours.from, hours.to));
  const fromMs = fromIso === undefined ? null : parseInstantIso(fromIso);
  const toMs = toIso === undefined ? null : parseInstantIso(toIso);
  if (fromMs !== null) tests.push(({ moment }) => moment.atMs >= fromMs);
  if (toMs !== null) tests.push(({ moment }) => moment.atMs < toMs);
  if (code !== undefined) tests.push(({ sale }) => sale.codes.includes(code));
  if (tenderTypes !== undefined) {
    const set = new Set(tenderTypes);
    tests.push(({ sale }) =>
      sale.tenders.some((tender) => tender.amountMinor > 0 && set.has(tender.tenderType)),
    );
  }
  return tests;
}

/** What lines cost together, with or without the tax inside. */
export function sumOfLines(
  context: PricingContext,
  amountsMinor: readonly number[],
  matches: LineTest | null,
  taxes: 'included' | 'excluded',
): number {
  const { lines } = context;
  let sumMinor = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]?.line;
    if (line === undefined || (matches !== null && !matches(line))) continue;
    const amountMinor = amountsMinor[index] ?? 0;
    sumMinor +=
      taxes === 'included' || amountMinor <= 0
        ? amountMinor
        : divideHalfUp(BigInt(amountMinor) * 10_000n, 10_000 + line.taxRateBasisPoints);
  }
  return sumMinor;
}

/** `taxes`: how the earning base counts money, where the condition does not say. */
export function compileCondition(
  file: ConditionFile,
  taxes: 'included' | 'excluded',
): CompiledCondition {
  const matches = compileFilter(file.lines);
  const tests = [...momentTests(file), ...memberTests(file)];
  const counted = file.thresholdTaxes ?? taxes;
  const { basketAtLeastMinor, linesAtLeastMinor, linesAtLeastUnits } = file;
  const isPlain =
    basketAtLeastMinor === undefined &&
    linesAtLeastMinor === undefined &&
    linesAtLeastUnits === undefined;
  const holds: CompiledCondition['holds'] = (context, amountsMinor) => {
    for (const test of tests) if (!test(context)) return false;
    if (isPlain) return true;
    if (
      basketAtLeastMinor !== undefined &&
      sumOfLines(context, amountsMinor, null, counted) < basketAtLeastMinor
    ) {
      return false;
    }
    if (
      linesAtLeastMinor !== undefined &&
      sumOfLines(context, amountsMinor, matches, counted) < linesAtLeastMinor
    ) {
      return false;
    }
    if (linesAtLeastUnits === undefined) return true;
    let units = 0;
    for (const { line, units: count, isGoods } of context.lines) {
      if (isGoods && (matches === null || matches(line))) units += count;
    }
    return units >= linesAtLeastUnits;
  };
  const needsMember =
    file.isFirstSale !== undefined ||
    file.birthday !== undefined ||
    file.tierIds !== undefined ||
    file.audience === 'members';
  return {
    matches,
    holds,
    needsMember,
    code: file.code ?? null,
    basketAtLeastMinor: basketAtLeastMinor ?? null,
    linesAtLeastMinor: linesAtLeastMinor ?? null,
  };
}

/** Badges and memberships are lots: those that live at an instant. */
export function heldIds(
  context: Pick<PricingContext, 'books' | 'moment'>,
  owner: string,
  account: string,
): ReadonlySet<string> {
  const held = new Set<string>();
  for (const lot of lotsOf(context.books, owner, account)) {
    const isHeld = lot.amount > 0 && lot.fromMs <= context.moment.atMs;
    if (isHeld && isAlive(lot, context.moment.atMs)) held.add(lot.lotId);
  }
  return held;
}
