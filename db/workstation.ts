// Owns the identity of this till and the clock that never goes back.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { assert } from '#loyalty/assert.ts';

/** A step back beyond this is flagged; smaller ones are the clock being set right. */
export const CLOCK_STEP_BACK_MS_MAX = 5 * 60 * 1000;

export interface Workstation {
  /** 0 … 999; the first three digits of a receipt number. */
  readonly storeNumber: number;
  /** 0 … 999. */
  readonly tillNumber: number;
  /** The name that head office knows this till by. */
  readonly tillId: string;
  readonly isDemo: boolean;
  /** The latest moment ever stamped, ms since 1970. */
  readonly lastAtMs: number;
  /** YYYY-MM-DD; the latest trading day ever stamped. */
  readonly businessDay: string;
}

type WorkstationRow = Omit<Workstation, 'isDemo'> & { readonly isDemo: number };

/** Null before the till was set up. */
export function getWorkstation(db: ReadableDb): Workstation | null {
  const row = statement<WorkstationRow>(
    db,
    `SELECT store_number AS storeNumber, till_number AS tillNumber, till_id AS tillId,
            is_demo AS isDemo, last_at_ms AS lastAtMs, business_day AS businessDay
     FROM workstation WHERE id = 1`,
  ).get();
  return row === undefined ? null : { ...row, isDemo: row.isDemo === 1 };
}

/** Sets up the till, or renames it; the stamped clock of a till that has one is kept. */
export function setWorkstation(db: WritableDb, workstation: Workstation): void {
  statement(
    db,
    `INSERT INTO workstation
       (id, store_number, till_number, till_id, is_demo, last_at_ms, business_day)
     VALUES (1, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       store_number = excluded.store_number, till_number = excluded.till_number,
       till_id = excluded.till_id, is_demo = excluded.is_demo,
       last_at_ms = max(last_at_ms, excluded.last_at_ms),
       business_day = max(business_day, excluded.business_day)`,
  ).run(
    workstation.storeNumber,
    workstation.tillNumber,
    workstation.tillId,
    workstation.isDemo ? 1 : 0,
    workstation.lastAtMs,
    workstation.businessDay,
  );
}

export interface ClockReading {
  /** The later of the day asked for and the latest ever stamped. */
  readonly businessDay: string;
  /** The clock stands more than five minutes before the latest stamp. */
  readonly isClockSuspect: boolean;
}

/** What `stampClock` would answer, without stamping: for the screen. */
export function readClock(db: ReadableDb, nowMs: number, businessDay: string): ClockReading {
  const workstation = getWorkstation(db);
  assert(workstation !== null, 'the clock is read before the till was set up');
  return {
    businessDay: businessDay > workstation.businessDay ? businessDay : workstation.businessDay,
    isClockSuspect: nowMs < workstation.lastAtMs - CLOCK_STEP_BACK_MS_MAX,
  };
}

/**
 * Stamps an event: inside the transaction that stores it. Neither the latest moment nor the
 * business day ever goes back, whatever the clock says; YYYY-MM-DD sorts as text.
 */
export function stampClock(db: WritableDb, nowMs: number, businessDay: string): ClockReading {
  const reading = readClock(db, nowMs, businessDay);
  statement(
    db,
    `UPDATE workstation SET last_at_ms = max(last_at_ms, ?), business_day = ? WHERE id = 1`,
  ).run(nowMs, reading.businessDay);
  return reading;
}
