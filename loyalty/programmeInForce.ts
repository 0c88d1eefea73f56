// Owns which programme holds at an instant, and which business day that is.
import { dateOfDays, daysFromEpoch } from '#loyalty/instant.ts';
import type { Programme } from '#loyalty/parseProgramme.ts';

type Dated = Pick<Programme, 'effectiveFromMs' | 'effectiveToMs' | 'version'>;

function beganLater(left: Dated, right: Dated): boolean {
  if (left.effectiveFromMs === right.effectiveFromMs) return left.version > right.version;
  return left.effectiveFromMs > right.effectiveFromMs;
}

function latest<T extends Dated>(programmes: readonly T[]): T | null {
  return programmes.reduce<T | null>(
    (best, programme) => (best === null || beganLater(programme, best) ? programme : best),
    null,
  );
}

/**
 * The programme to price with at an instant: of those in force the one that began last, of
 * several the highest version. A till never stops earning for want of a file: where none is in
 * force it is the last that began before, and before all of them the first. Null only for none.
 */
export function programmeInForce<T extends Dated>(
  programmes: readonly T[],
  atMs: number,
): T | null {
  const begun = programmes.filter((programme) => programme.effectiveFromMs <= atMs);
  const inForce = begun.filter(
    ({ effectiveToMs }) => effectiveToMs === null || atMs < effectiveToMs,
  );
  const first = programmes.filter((programme) =>
    programmes.every((other) => other.effectiveFromMs >= programme.effectiveFromMs),
  );
  return latest(inForce) ?? latest(begun) ?? latest(first);
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** No zone has set its clock back by more than this since 1970, but for moves of the date line. */
const SETBACK_MS_MAX = 3 * 60 * MINUTE_MS;

const formatByZone = new Map<string, Intl.DateTimeFormat>();

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

/** What the wall clock of a zone shows, as minutes since 1970-01-01T00:00 of that wall clock. */
function wallMinutes(atMs: number, format: Intl.DateTimeFormat): number {
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const days = daysFromEpoch(part('year'), part('month'), part('day'));
  return days * DAY_MINUTES + part('hour') * 60 + part('minute');
}

/**
 * The latest wall-clock time shown up to an instant: it stays while a clock set back catches up.
 */
function latestWallMinutes(atMs: number, format: Intl.DateTimeFormat): number {
  const offsetAt = (ms: number) => wallMinutes(ms, format) - Math.floor(ms / MINUTE_MS);
  const beforeMs = atMs - SETBACK_MS_MAX;
  const offsetBefore = offsetAt(beforeMs);
  const now = wallMinutes(atMs, format);
  if (offsetBefore <= offsetAt(atMs)) return now;
  let lowMs = beforeMs;
  let highMs = atMs;
  while (highMs - lowMs > 1) {
    const middleMs = Math.floor((lowMs + highMs) / 2);
    if (offsetAt(middleMs) === offsetBefore) lowMs = middleMs;
    else highMs = middleMs;
  }
  return Math.max(now, wallMinutes(lowMs, format));
}

/**
 * The business day `YYYY-MM-DD` of an instant: the calendar day of the zone, which begins at the
 * cut-over (`HH:MM`) instead of midnight. It never goes back as time goes on, also not in the
 * night when clocks are set back over the cut-over.
 */
export function businessDayOf(atMs: number, timeZone: string, cutOver: string): string {
  const format = formatFor(timeZone);
  const cutOverMinutes = Number(cutOver.slice(0, 2)) * 60 + Number(cutOver.slice(3, 5));
  const minutes = latestWallMinutes(atMs, format) - cutOverMinutes;
  return dateOfDays(Math.floor(minutes / DAY_MINUTES));
}
