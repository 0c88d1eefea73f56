// Owns when a message about a sale is due: after the sale is synced, never in quiet hours.
import { DAY_MS, dayNumberOf, minutesOfDay, offsetMsAt } from '#loyalty/calendar.ts';

const MINUTE_MS = 60_000;

/** Local time of day, from inclusive, to exclusive; may reach over midnight. */
export interface QuietHours {
  readonly fromMinutes: number;
  readonly toMinutes: number;
}

export interface SaleMessage {
  /** When head office has the sale: no message leaves the till before. */
  readonly syncedAtMs: number;
  /** Null while the sale stands. */
  readonly voidedAtMs: number | null;
  readonly hasConsent: boolean;
  readonly quietHours: QuietHours | null;
  readonly timeZone: string;
}

function isQuiet(minutes: number, { fromMinutes, toMinutes }: QuietHours): boolean {
  return fromMinutes <= toMinutes
    ? minutes >= fromMinutes && minutes < toMinutes
    : minutes >= fromMinutes || minutes < toMinutes;
}

/** The next time that the wall clock shows so many minutes, after an instant. */
function nextTimeMs(atMs: number, minutes: number, timeZone: string): number {
  const isToday = minutesOfDay(atMs, timeZone) < minutes;
  const dayNumber = dayNumberOf(atMs, timeZone) + (isToday ? 0 : 1);
  const wallMs = dayNumber * DAY_MS + minutes * MINUTE_MS;
  return wallMs - offsetMsAt(wallMs - offsetMsAt(wallMs, timeZone), timeZone);
}

/** When the one message of a sale is sent, or null where none is. */
export function messageDueAtMs(message: SaleMessage): number | null {
  const { syncedAtMs, voidedAtMs, hasConsent, quietHours, timeZone } = message;
  if (!hasConsent) return null;
  const mustWait = quietHours !== null && isQuiet(minutesOfDay(syncedAtMs, timeZone), quietHours);
  const dueAtMs = mustWait ? nextTimeMs(syncedAtMs, quietHours.toMinutes, timeZone) : syncedAtMs;
  // A void that arrives while the message waits takes it away.
  return voidedAtMs !== null && voidedAtMs <= dueAtMs ? null : dueAtMs;
}
