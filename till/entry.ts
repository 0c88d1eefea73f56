// Owns how an event enters the journal: stamped, in canonical form, at the end of the chain.
import { appendEntry } from '#db/outbox.ts';
import { lastZReport } from '#db/reports.ts';
import { type ClockReading, stampClock } from '#db/workstation.ts';
import { canonicalBody } from '#sync/journal.ts';
import type { JournalBody } from '#sync/protocol.ts';
import type { Workstation } from '#till/workstation.ts';

/** What every entry says of its moment; filled in by `stampMoment`. */
export type EntryHead = Pick<JournalBody, 'atMs' | 'businessDay' | 'operatorId' | 'isClockSuspect'>;

/** The operator of an event that no person made, such as letting go at start. */
export const SYSTEM_OPERATOR = 'system';

/** The day after `day`, both YYYY-MM-DD. */
export function dayAfter(day: string): string {
  const noonMs = Date.parse(`${day}T12:00:00Z`);
  return new Date(noonMs + 86_400_000).toISOString().slice(0, 10);
}

/** The trading day of `nowMs`: what the programme says, but never a day that is closed already. */
export function openBusinessDay(workstation: Workstation, nowMs: number): string {
  const day = workstation.programmes.businessDay(nowMs);
  const closed = lastZReport(workstation.db)?.businessDay;
  return closed !== undefined && day <= closed ? dayAfter(closed) : day;
}

/** Reads the clock for an event and keeps it from going back. Inside the event's transaction. */
export function stampMoment(workstation: Workstation): EntryHead {
  const { db, state } = workstation;
  const nowMs = workstation.nowMs();
  const reading: ClockReading = stampClock(db, nowMs, openBusinessDay(workstation, nowMs));
  state.businessDay = reading.businessDay;
  state.isClockSuspect = reading.isClockSuspect;
  return {
    atMs: nowMs,
    businessDay: reading.businessDay,
    operatorId: state.operator?.operatorId ?? SYSTEM_OPERATOR,
    isClockSuspect: reading.isClockSuspect,
  };
}

/** Appends a whole body to the journal; inside the event's transaction. Gives its seq. */
export function journal(workstation: Workstation, body: JournalBody): number {
  const { seq } = appendEntry(workstation.db, { entryId: body.id, body: canonicalBody(body) });
  return seq;
}
