// Owns the day's figures: the X report that reads them and the Z report that closes the day.
import { createHash } from 'node:crypto';
import { waitingCount } from '#db/outbox.ts';
import { insertPrintJob } from '#db/printJobs.ts';
import {
  daySums,
  insertZReport,
  lastZReport,
  perpetualTotalMinor,
  zReportOf,
} from '#db/reports.ts';
import { readClock } from '#db/workstation.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { DayReport, TillError } from '#till/contract.ts';
import { openBusinessDay, stampMoment } from '#till/entry.ts';
import { reportDocument } from '#till/reportDocument.ts';
import { atomically, type Workstation } from '#till/workstation.ts';

const FIRST_HASH = Buffer.alloc(32);

/** The trading day that the next sale will belong to. */
export function currentBusinessDay(workstation: Workstation): string {
  const nowMs = workstation.nowMs();
  return readClock(workstation.db, nowMs, openBusinessDay(workstation, nowMs)).businessDay;
}

/** The figures of a day as they stand, without a number. */
export function dayReport(workstation: Workstation, businessDay: string): DayReport {
  const { db } = workstation;
  const sums = daySums(db, businessDay);
  return {
    ...sums,
    taxes: sums.taxes.map((tax) => ({ ...tax })),
    tenders: sums.tenders.map((tender) => ({ ...tender })),
    zNumber: null,
    waitingToSyncCount: waitingCount(db),
    perpetualTotalMinor: perpetualTotalMinor(db),
    isAlreadyClosed: zReportOf(db, businessDay) !== null,
  };
}

function queueReport(workstation: Workstation, report: DayReport, atMs: number): void {
  const { shop, state, db } = workstation;
  const { timeZone } = state.inForce.programme;
  const operatorName = state.operator?.name ?? '';
  const paper = reportDocument({ shop, timeZone, report, atMs, operatorName });
  insertPrintJob(db, {
    seq: null,
    kind: 'report',
    copyNumber: 0,
    atMs,
    document: JSON.stringify(paper),
  });
}

/** Prints the day so far; changes nothing. */
export function printX(workstation: Workstation): Result<DayReport, TillError> {
  const report = dayReport(workstation, currentBusinessDay(workstation));
  return atomically(workstation, () => {
    queueReport(workstation, report, workstation.nowMs());
    return success(report);
  });
}

/**
 * Closes a day for good: numbered without gaps, chained by hash. A closed day stays as it is, and
 * what is sold afterwards belongs to the next.
 */
export function closeDay(
  workstation: Workstation,
  businessDay: string,
): Result<DayReport, TillError> {
  const { db } = workstation;
  if (zReportOf(db, businessDay) !== null) return failure({ code: 'day-already-closed' });
  if (businessDay !== currentBusinessDay(workstation)) return failure({ code: 'basket-changed' });
  const result = atomically(workstation, () => {
    const moment = stampMoment(workstation);
    const last = lastZReport(db);
    const zNumber = (last?.zNumber ?? 0) + 1;
    const report = { ...dayReport(workstation, businessDay), zNumber, isAlreadyClosed: true };
    const body = JSON.stringify(report);
    const hash = createHash('sha256')
      .update(last?.hash ?? FIRST_HASH)
      .update(body)
      .digest();
    const { firstSeq, lastSeq } = report;
    const { atMs, operatorId } = moment;
    insertZReport(db, { zNumber, businessDay, atMs, operatorId, firstSeq, lastSeq, hash, body });
    queueReport(workstation, report, atMs);
    return success(report);
  });
  if (result.ok) workstation.state.businessDay = currentBusinessDay(workstation);
  workstation.changed();
  return result;
}
