// Owns the print queue's rows: what is to be printed, and how far it came.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { assert } from '#loyalty/assert.ts';

export type PrintJobKind = 'receipt' | 'void' | 'report' | 'drawer';

/**
 * `queued` → `checking` (asks the printer) → `sending` → `sent` → `confirmed`; `blocked` waits for
 * paper or the printer; `unknown` may have printed, which only the cashier can say.
 */
export type PrintJobState =
  | 'queued'
  | 'checking'
  | 'blocked'
  | 'sending'
  | 'sent'
  | 'confirmed'
  | 'unknown'
  | 'cancelled';

export interface NewPrintJob {
  /** The sale that the paper belongs to (for a void: the sale undone); null for a report. */
  readonly seq: number | null;
  readonly kind: PrintJobKind;
  /** 0 is the unmarked paper; n prints COPY n. */
  readonly copyNumber: number;
  readonly atMs: number;
  /** The ReceiptDocument as JSON; null for the drawer. */
  readonly document: string | null;
}

export interface PrintJob extends NewPrintJob {
  readonly jobId: number;
  readonly state: PrintJobState;
  /** Why it is blocked or unknown: a device's code. */
  readonly reason: string | null;
  /** How the printer confirmed it. */
  readonly ackLevel: string | null;
}

const COLUMNS = `job_id AS jobId, seq, kind, copy_number AS copyNumber, state, reason,
  ack_level AS ackLevel, at_ms AS atMs, document`;
// The very words of the partial index print_job_open, so that SQLite uses it.
const IS_OPEN = `state IN ('queued', 'checking', 'blocked', 'sending', 'sent', 'unknown')`;
/** What goes on by itself: a question waits for the cashier, and may wait for days. */
const IS_WAITING = `${IS_OPEN} AND state <> 'unknown'`;
/** Of which no byte can have left. */
const IS_UNSENT = `${IS_OPEN} AND state IN ('queued', 'checking', 'blocked')`;

/** Queues a job and gives its id, which also orders the queue. */
export function insertPrintJob(db: WritableDb, job: NewPrintJob): number {
  const { lastInsertRowid } = statement(
    db,
    `INSERT INTO print_job (seq, kind, copy_number, state, at_ms, document)
     VALUES (?, ?, ?, 'queued', ?, ?)`,
  ).run(job.seq, job.kind, job.copyNumber, job.atMs, job.document);
  return Number(lastInsertRowid);
}

/** How many go on by themselves, whatever number of questions stands before them. */
export function countWaitingPrintJobs(db: ReadableDb): number {
  const sql = `SELECT count(*) AS count FROM print_job WHERE ${IS_WAITING}`;
  return statement<{ count: number }>(db, sql).get()?.count ?? 0;
}

/** The oldest paper that the cashier must be asked about. */
export function oldestQuestion(db: ReadableDb): PrintJob | null {
  const sql = `SELECT ${COLUMNS} FROM print_job WHERE ${IS_OPEN} AND state = 'unknown'
    ORDER BY job_id LIMIT 1`;
  return statement<PrintJob>(db, sql).get() ?? null;
}

/** The oldest paper of which nothing was sent. */
export function nextUnsentPaper(db: ReadableDb): PrintJob | null {
  const sql = `SELECT ${COLUMNS} FROM print_job WHERE ${IS_UNSENT} AND kind <> 'drawer'
    ORDER BY job_id LIMIT 1`;
  return statement<PrintJob>(db, sql).get() ?? null;
}

/** Pulses that were not sent, oldest first: one for each cash sale of the last moments. */
export function unsentDrawers(db: ReadableDb): readonly PrintJob[] {
  const sql = `SELECT ${COLUMNS} FROM print_job WHERE ${IS_UNSENT} AND kind = 'drawer'
    ORDER BY job_id`;
  return statement<PrintJob>(db, sql).all();
}

export function printJobById(db: ReadableDb, jobId: number): PrintJob | null {
  const sql = `SELECT ${COLUMNS} FROM print_job WHERE job_id = ?`;
  return statement<PrintJob>(db, sql).get(jobId) ?? null;
}

/** The paper of a sale as first printed (copy 0): what a reprint is made from. */
export function originalPrintJob(
  db: ReadableDb,
  seq: number,
  kind: 'receipt' | 'void',
): PrintJob | null {
  const sql = `SELECT ${COLUMNS} FROM print_job WHERE seq = ? AND kind = ? AND copy_number = 0
    AND seq IS NOT NULL AND kind IN ('receipt', 'void')`;
  return statement<PrintJob>(db, sql).get(seq, kind) ?? null;
}

/** The number of the next copy of this paper: one more than the highest ever queued. */
export function nextCopyNumber(db: ReadableDb, seq: number, kind: 'receipt' | 'void'): number {
  const sql = `SELECT coalesce(max(copy_number) + 1, 0) AS next FROM print_job
    WHERE seq = +? AND kind = +? AND seq IS NOT NULL AND kind IN ('receipt', 'void')`;
  return statement<{ next: number }>(db, sql).get(seq, kind)?.next ?? 0;
}

/** Moves a job on. `reason` and `ackLevel` replace what was there. */
export function setPrintJobState(
  db: WritableDb,
  jobId: number,
  state: PrintJobState,
  detail: { readonly reason?: string; readonly ackLevel?: string } = {},
): void {
  const { changes } = statement(
    db,
    'UPDATE print_job SET state = ?, reason = ?, ack_level = ? WHERE job_id = ?',
  ).run(state, detail.reason ?? null, detail.ackLevel ?? null, jobId);
  assert(changes === 1, 'the print job is known');
}

/**
 * Once at start, before any job runs: what was only being checked goes back to the queue; what was
 * under way may have printed and becomes `unknown`. A drawer is never opened late: its open job
 * ends. Gives the number of jobs that the cashier must be asked about.
 */
export function recoverPrintJobs(db: WritableDb): number {
  statement(
    db,
    `UPDATE print_job SET state = 'cancelled', reason = 'restart'
     WHERE ${IS_OPEN} AND kind = 'drawer'`,
  ).run();
  statement(
    db,
    `UPDATE print_job SET state = 'queued' WHERE ${IS_OPEN} AND state = 'checking'`,
  ).run();
  return statement(
    db,
    `UPDATE print_job SET state = 'unknown', reason = 'restart'
     WHERE ${IS_OPEN} AND state IN ('sending', 'sent')`,
  ).run().changes;
}
