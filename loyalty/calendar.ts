// Owns the calendar of a programme's zone: days, weeks, months and years of an instant.
import { dateOfDays, daysFromEpoch } from '#loyalty/instant.ts';

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Offsets of every zone change on a quarter of an hour (tz database). */
const OFFSET_STEP_MS = 15 * MINUTE_MS;
const OFFSETS_MAX = 10_000;

const formatByZone = new Map<string, Intl.DateTimeFormat>();

/** True for an IANA zone that this machine knows; an offset is none, it knows no summer time. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    // A RangeError is how Intl says that it does not know the zone.
    return false;
  }
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatByZone.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatByZone.set(timeZone, format);
  return format;
}

const offsetsByZone = new Map<string, Map<number, number>>();

/** Milliseconds that the wall clock of a zone is ahead of UTC at an instant. */
export function offsetMsAt(atMs: number, timeZone: string): number {
  let offsets = offsetsByZone.get(timeZone);
  if (offsets === undefined) {
    offsets = new Map();
    offsetsByZone.set(timeZone, offsets);
  }
  const step = Math.floor(atMs / OFFSET_STEP_MS);
  const known = offsets.get(step);
  if (known !== undefined) return known;
  const stepMs = step * OFFSET_STEP_MS;
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(stepMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const days = daysFromEpoch(part('year'), part('month'), part('day'));
  const offsetMs = days * DAY_MS + (part('hour') * 60 + part('minute')) * MINUTE_MS - stepMs;
  if (offsets.size >= OFFSETS_MAX) offsets.clear();
  offsets.set(step, offsetMs);
  return offsetMs;
}

/** A date of the Gregorian calendar. */
export interface CalendarDate {
  readonly year: number;
  /** 1 … 12. */
  readonly month: number;
  /** 1 … 31. */
  readonly day: number;
}

/** Whole days since 1970-01-01 of the calendar day of an instant in a zone. */
export function dayNumberOf(atMs: number, timeZone: string): number {
  return Math.floor((atMs + offsetMsAt(atMs, timeZone)) / DAY_MS);
}

/** Minutes since local midnight, 0 … 1439. */
export function minutesOfDay(atMs: number, timeZone: string): number {
  const wallMs = atMs + offsetMsAt(atMs, timeZone);
  return Math.floor((wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS) / MINUTE_MS);
}

export function dateOfDayNumber(dayNumber: number): CalendarDate {
  const [year = 1970, month = 1, day = 1] = dateOfDays(dayNumber).split('-').map(Number);
  return { year, month, day };
}

/** ISO 8601 weekday: 1 is Monday. 1970-01-01 was a Thursday. */
export function weekdayOf(dayNumber: number): number {
  return ((((dayNumber + 3) % 7) + 7) % 7) + 1;
}

/** The Monday of the ISO week of a day. */
export function weekStartOf(dayNumber: number): number {
  return dayNumber - weekdayOf(dayNumber) + 1;
}

export function monthStartOf(dayNumber: number): number {
  const { year, month } = dateOfDayNumber(dayNumber);
  return daysFromEpoch(year, month, 1);
}

export function yearStartOf(dayNumber: number): number {
  return daysFromEpoch(dateOfDayNumber(dayNumber).year, 1, 1);
}

/** The first day of the month that is `months` after the month of a day. */
export function monthStartAfter(dayNumber: number, months: number): number {
  const { year, month } = dateOfDayNumber(dayNumber);
  const index = year * 12 + (month - 1) + months;
  return daysFromEpoch(Math.floor(index / 12), (index % 12) + 1, 1);
}

/** The same day so many months later, or the last day of that month where it has no such day. */
export function dayMonthsAfter(dayNumber: number, months: number): number {
  const { day } = dateOfDayNumber(dayNumber);
  const first = monthStartAfter(dayNumber, months);
  const last = monthStartAfter(dayNumber, months + 1) - 1;
  return Math.min(first + day - 1, last);
}

/** The instant when a calendar day begins in a zone: local midnight, or the first moment after. */
export function startOfDayMs(dayNumber: number, timeZone: string): number {
  const wallMs = dayNumber * DAY_MS;
  // The offset just before midnight may differ from the one after it: take the later clock.
  const guessMs = wallMs - offsetMsAt(wallMs - offsetMsAt(wallMs, timeZone), timeZone);
  return dayNumberOf(guessMs, timeZone) < dayNumber ? guessMs + 60 * MINUTE_MS : guessMs;
}

/** No zone has set its clock back by more than this since 1970, but for moves of the date line. */
const SETBACK_MS_MAX = 3 * 60 * MINUTE_MS;

/** The latest wall-clock time shown so far: it stays while a clock that was set back catches up. */
function latestWallMs(atMs: number, timeZone: string): number {
  const beforeMs = atMs - SETBACK_MS_MAX;
  const offsetBefore = offsetMsAt(beforeMs, timeZone);
  const wallMs = atMs + offsetMsAt(atMs, timeZone);
  if (offsetBefore <= offsetMsAt(atMs, timeZone)) return wallMs;
  let low = Math.floor(beforeMs / OFFSET_STEP_MS);
  let high = Math.floor(atMs / OFFSET_STEP_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMsAt(middle * OFFSET_STEP_MS, timeZone) === offsetBefore) low = middle;
    else high = middle;
  }
  return Math.max(wallMs, high * OFFSET_STEP_MS - 1 + offsetBefore);
}

/**
 * The business day of an instant as days since 1970-01-01: the calendar day of the zone, which
 * begins at the cut-over instead of midnight. It never goes back as time goes on, also not in the
 * night when clocks are set back over the cut-over.
 */
export function businessDayNumber(atMs: number, timeZone: string, cutOverMinutes: number): number {
  return Math.floor((latestWallMs(atMs, timeZone) - cutOverMinutes * MINUTE_MS) / DAY_MS);
}

/** The minutes since midnight of a time of day, `HH:MM`. */
export function minutesOfText(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}

/** The business day `YYYY-MM-DD` of an instant; the cut-over is `HH:MM`. */
export function businessDayOf(atMs: number, timeZone: string, cutOver: string): string {
  return dateOfDays(businessDayNumber(atMs, timeZone, minutesOfText(cutOver)));
}
