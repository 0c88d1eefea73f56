// Owns what every rule sees while a sale is priced: its lines in gross money, the member, the day.
import { assert } from '#loyalty/assert.ts';
import { type Books, memberOwner } from '#loyalty/books/books.ts';
import { type MemberProfile, pointsOwner } from '#loyalty/books/state.ts';
import { businessDayNumber, DAY_MS, dayNumberOf, minutesOfDay } from '#loyalty/calendar.ts';
import { dateOfDays } from '#loyalty/instant.ts';
import type { Moment, Sale, SaleLine } from '#loyalty/pricing/sale.ts';

/** A line as rules see it. Index-aligned with the sale's lines wherever lists of amounts appear. */
export interface ContextLine {
  readonly line: SaleLine;
  /** Tax in, before discounts, without fixed taxes; below zero on a deduction. */
  readonly grossMinor: number;
  /** The same of one unit; a unit of a sum that does not divide is rounded half-up. */
  readonly unitGrossMinor: number;
  /** 0 on a deduction. */
  readonly units: number;
  /** Stored value, deposits, excluded lines and deductions are never discounted and never earn. */
  readonly isGoods: boolean;
  /** Sold at a contract price: earns only where the contract says so. */
  readonly isContractPrice: boolean;
}

/** When it is, in the programme's own days. */
export interface LocalMoment {
  /** Business day as days since 1970-01-01, and as text. */
  readonly dayNumber: number;
  readonly day: string;
  /** The date that counters of this day have: see `Lot.fromMs`. */
  readonly dayMs: number;
  /** Calendar day, for birthdays and weekdays. */
  readonly calendarDayNumber: number;
  readonly minutesOfDay: number;
}

export interface PricingContext {
  readonly sale: Sale;
  readonly moment: Moment;
  readonly local: LocalMoment;
  readonly timeZone: string;
  readonly member: MemberProfile | null;
  /** False for a referrer who is the member, or of the same household. */
  readonly isReferrerAllowed: boolean;
  /** `member/…` or an empty text for a guest. */
  readonly memberOwner: string;
  /** Who holds the points. */
  readonly pointsOwner: string;
  readonly books: Books;
  readonly lines: readonly ContextLine[];
  /** Index of the level that multiplies this sale. */
  readonly tierIndex: number;
  readonly tierId: string;
  /** Memberships in force, those bought in this very sale included. */
  readonly membershipIds: ReadonlySet<string>;
  /** Computed and given segments; asked for only by rules that need them. */
  readonly segmentIds: () => ReadonlySet<string>;
  readonly badgeIds: () => ReadonlySet<string>;
}

let lastDay = { dayNumber: 0, day: dateOfDays(0) };

/** Almost every sale is of the same day as the one before it. */
function dayText(dayNumber: number): string {
  if (lastDay.dayNumber !== dayNumber) lastDay = { dayNumber, day: dateOfDays(dayNumber) };
  return lastDay.day;
}

/** The business day and the time of day of an instant. The day begins at `cutOverMinutes`. */
export function localMomentOf(atMs: number, timeZone: string, cutOverMinutes: number): LocalMoment {
  const minutes = minutesOfDay(atMs, timeZone);
  const calendarDayNumber = dayNumberOf(atMs, timeZone);
  const dayNumber = businessDayNumber(atMs, timeZone, cutOverMinutes);
  return {
    dayNumber,
    day: dayText(dayNumber),
    dayMs: dayNumber * DAY_MS,
    calendarDayNumber,
    minutesOfDay: minutes,
  };
}

/** Whose books a member's points and counters are in. */
export function ownersOf(member: MemberProfile | null): {
  readonly memberOwner: string;
  readonly pointsOwner: string;
} {
  if (member === null) return { memberOwner: '', pointsOwner: '' };
  assert(member.memberId !== '', 'a member has an id');
  return { memberOwner: memberOwner(member.memberId), pointsOwner: pointsOwner(member) };
}
