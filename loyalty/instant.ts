// Owns reading an instant from text: loyalty has no clock and no Date.

const INSTANT_PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const DAY_MS = 86_400_000;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 1970-01-01 to a date of the Gregorian calendar, year 1 … 9999. */
export function daysFromEpoch(year: number, month: number, day: number): number {
  // Years begin in March here, so that the leap day is the last of its year.
  const shifted = month <= 2 ? year - 1 : year;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  // 719468 days lie between 0000-03-01 and 1970-01-01.
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}

/** The date that lies `days` after 1970-01-01, as `YYYY-MM-DD`; year 1 … 9999. */
export function dateOfDays(days: number): string {
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysFromEpoch(year, 1, 1) > days) year -= 1;
  while (daysFromEpoch(year + 1, 1, 1) <= days) year += 1;
  let month = 1;
  while (month < 12 && daysFromEpoch(year, month + 1, 1) <= days) month += 1;
  const day = days - daysFromEpoch(year, month, 1) + 1;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** `2026-01-31T00:00:00Z` of an instant on a whole second, as `parseInstantIso` reads it. */
export function instantText(atMs: number): string {
  const days = Math.floor(atMs / DAY_MS);
  const seconds = Math.floor((atMs - days * DAY_MS) / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${dateOfDays(days)}T${two(hours)}:${two(minutes)}:${two(seconds % 60)}Z`;
}

/**
 * Epoch milliseconds of an ISO 8601 instant with a zone (`2026-01-31T00:00:00+03:00`, or `Z`;
 * seconds may be left out). Null for anything else, also for a date that no calendar has.
 */
export function parseInstantIso(text: string): number | null {
  const match = INSTANT_PATTERN.exec(text);
  if (match === null) return null;
  const part = (index: number) => Number(match[index] ?? '0');
  const [year, month, day] = [part(1), part(2), part(3)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const [hour, minute, second, zoneHour, zoneMinute] = [
    part(4),
    part(5),
    part(6),
    part(8),
    part(9),
  ];
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 14 || zoneMinute > 59) return null;
  const zoneMinutes = (zoneHour * 60 + zoneMinute) * (match[7] === '-' ? -1 : 1);
  const minutes = hour * 60 + minute - zoneMinutes;
  return daysFromEpoch(year, month, day) * DAY_MS + (minutes * 60 + second) * 1000;
}
