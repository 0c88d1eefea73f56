// Owns the print queue: one job at a time, oldest first; what may have printed is asked, never guessed.
import { type StoreFault, storeFault, type WritableDb } from '#db/handle.ts';
import {
  insertPrintJob,
  nextCopyNumber,
  openPrintJobs,
  originalPrintJob,
  type PrintJob,
  printJobById,
  recoverPrintJobs,
  setPrintJobState,
} from '#db/printJobs.ts';
import type { ReceiptDocument } from '#drivers/printer/document.ts';
import type { PrinterStatus, PrintOutput, PrintProgress } from '#drivers/printer/printer.ts';
import { assert } from '#loyalty/assert.ts';
import type { SessionSnapshot } from '#till/contract.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { withCopyMark } from '#till/receipt.ts';

/** A pulse that comes later than this opens a drawer that nobody stands at. */
export const DRAWER_DELAY_MS_MAX = 10_000;
/** A blocked job is tried again after this, or at once when the printer says it is ready. */
export const BLOCKED_RETRY_MS = 3_000;
const OPEN_JOBS_READ = 200;

export interface PrintQueueOptions {
  readonly db: WritableDb;
  readonly nowMs: () => number;
  /** Posts to the devices process; false when there is none at this moment. */
  readonly post: (message: CoreToDevices) => boolean;
  readonly hasPrinter: boolean;
  readonly receiptNumberOf: (job: PrintJob) => string;
  readonly onChange: () => void;
  /** The drawer did not open for certain; it is never tried again by itself. */
  readonly onDrawerUnknown: () => void;
  /** A state could not be written down: a full disk. Nothing is printed that could double. */
  readonly onStoreFault: (fault: StoreFault) => void;
  readonly setTimer: (task: () => void, delayMs: number) => { cancel(): void };
}

type PrinterView = SessionSnapshot['printer'];

export interface PrintQueue {
  /** Looks for work; call it after anything was queued. */
  nudge(): void;
  receive(message: DevicesToCore): void;
  /** The devices process is gone: what was under way may have printed. */
  devicesLost(): void;
  view(): PrinterView;
  /** The cashier's answer about a job whose paper may have come out. False: no such question. */
  answer(jobId: number, cameOut: boolean): boolean;
  /** Queues COPY n of a paper and gives n, or null where there is no such paper. */
  reprint(seq: number, kind: 'receipt' | 'void'): number | null;
}

type SetState =
  Parameters<typeof setPrintJobState> extends [WritableDb, ...infer Rest] ? Rest : never;

interface Running {
  readonly job: PrintJob;
  hasStarted: boolean;
}

export function createPrintQueue(options: PrintQueueOptions): PrintQueue {
  const { db } = options;
  let running: Running | null = null;
  let status: PrinterStatus | null = null;
  let blocked: 'paper-out' | 'cover-open' | 'error' | 'offline' | null = null;
  let retry: { cancel(): void } | null = null;
  recoverPrintJobs(db);

  /** False when the store refused it; the job's older state is then the safer one. */
  function record(...change: SetState): boolean {
    try {
      setPrintJobState(db, ...change);
      return true;
    } catch (error) {
      const fault = storeFault(error);
      if (fault === null) throw error;
      options.onStoreFault(fault);
      return false;
    }
  }

  function fits(job: PrintJob): boolean {
    if (job.kind !== 'drawer') return true;
    if (options.nowMs() - job.atMs <= DRAWER_DELAY_MS_MAX) return true;
    record(job.jobId, 'cancelled', { reason: 'too-late' });
    options.onDrawerUnknown();
    return false;
  }

  /** Drawer pulses first: somebody stands there. Papers in order; a question holds nothing up. */
  function nextJob(): PrintJob | null {
    const waiting = openPrintJobs(db, OPEN_JOBS_READ).filter(
      (job) => job.state === 'queued' || job.state === 'blocked',
    );
    const drawers = waiting.filter((job) => job.kind === 'drawer' && fits(job));
    return drawers[0] ?? waiting.find((job) => job.kind !== 'drawer') ?? null;
  }

  function outputOf(job: PrintJob): PrintOutput {
    if (job.kind === 'drawer') return { kind: 'drawer' };
    assert(job.document !== null, 'a paper has a document');
    const document = JSON.parse(job.document) as ReceiptDocument;
    return { kind: 'document', document: withCopyMark(document, job.copyNumber) };
  }

  function start(job: PrintJob): void {
    running = { job, hasStarted: false };
    if (!record(job.jobId, 'checking')) {
      running = null;
      return;
    }
    if (options.post({ type: 'print', outputId: job.jobId, output: outputOf(job) })) return;
    running = null;
    settleBlocked(job, 'offline');
  }

  function nudge(): void {
    retry?.cancel();
    retry = null;
    if (running !== null) return;
    const job = nextJob();
    if (job === null) return;
    if (options.hasPrinter) start(job);
    else {
      record(job.jobId, 'cancelled', { reason: 'no-printer' });
      nudge();
    }
  }

  function settleBlocked(job: PrintJob, reason: NonNullable<typeof blocked>): void {
    blocked = reason;
    if (job.kind === 'drawer') {
      // A pulse that could not be sent now is not sent later: the drawer has a key.
      record(job.jobId, 'cancelled', { reason });
      options.onDrawerUnknown();
    } else {
      record(job.jobId, 'blocked', { reason });
    }
    retry?.cancel();
    retry = options.setTimer(nudge, BLOCKED_RETRY_MS);
  }

  function settleUnknown(job: PrintJob, reason: string): void {
    if (job.kind === 'drawer') {
      record(job.jobId, 'cancelled', { reason });
      options.onDrawerUnknown();
    } else {
      record(job.jobId, 'unknown', { reason });
    }
  }

  function settle(current: Running, progress: PrintProgress): void {
    const { job } = current;
    switch (progress.state) {
      case 'checking':
        return;
      case 'sending':
        blocked = null;
        return;
      case 'waiting':
        blocked = progress.reason;
        return;
      case 'sent':
        blocked = null;
        record(job.jobId, 'sent');
        return;
      case 'confirmed':
        blocked = null;
        record(job.jobId, 'confirmed', { ackLevel: progress.ackLevel });
        break;
      case 'blocked':
        // Told to send, yet nothing left: the driver's word that no byte went out.
        running = null;
        settleBlocked(job, progress.reason);
        return;
      case 'unknown':
        settleUnknown(job, progress.error.code);
        break;
    }
    running = null;
    nudge();
  }

  function permit(outputId: number): void {
    if (running?.job.jobId !== outputId) return;
    // Written down before the first byte leaves: after a crash it is asked, never printed again.
    const maySend = record(outputId, 'sending');
    running.hasStarted = maySend;
    options.post({ type: 'print.send', outputId, maySend });
  }

  return {
    nudge,
    receive(message) {
      if (message.type === 'printer.status') {
        status = message.status;
        if (status.state === 'ready' && !status.isPaperOut && !status.isCoverOpen) {
          blocked = null;
          nudge();
        }
      } else if (message.type === 'print.ready') permit(message.outputId);
      else if (message.type === 'print.progress') {
        if (running?.job.jobId === message.outputId) settle(running, message.progress);
      } else return;
      options.onChange();
    },
    devicesLost() {
      status = null;
      if (running === null) return;
      const { job, hasStarted } = running;
      running = null;
      if (hasStarted) settleUnknown(job, 'devices-lost');
      else settleBlocked(job, 'offline');
      options.onChange();
    },
    view() {
      const open = openPrintJobs(db, OPEN_JOBS_READ);
      const question = open.find((job) => job.state === 'unknown');
      return {
        state: printerState(options.hasPrinter, status, blocked, running !== null),
        waitingCount: open.filter((job) => job.state !== 'unknown').length,
        question:
          question === undefined
            ? null
            : {
                jobId: question.jobId,
                receiptNumber: options.receiptNumberOf(question),
                copyNumber: question.copyNumber,
              },
      };
    },
    answer(jobId, cameOut) {
      const job = printJobById(db, jobId);
      if (job?.state !== 'unknown') return false;
      if (cameOut) record(jobId, 'confirmed', { ackLevel: 'operator' });
      else {
        record(jobId, 'cancelled', { reason: 'operator' });
        queueCopy(db, job, options.nowMs());
      }
      nudge();
      options.onChange();
      return true;
    },
    reprint(seq, kind) {
      const original = originalPrintJob(db, seq, kind);
      if (original === null) return null;
      const copyNumber = queueCopy(db, original, options.nowMs());
      nudge();
      options.onChange();
      return copyNumber;
    },
  };
}

function queueCopy(db: WritableDb, job: PrintJob, atMs: number): number {
  const { seq, kind, document } = job;
  const isSalePaper = seq !== null && (kind === 'receipt' || kind === 'void');
  const copyNumber = isSalePaper ? nextCopyNumber(db, seq, kind) : job.copyNumber + 1;
  insertPrintJob(db, { seq, kind, copyNumber, atMs, document });
  return copyNumber;
}

function printerState(
  hasPrinter: boolean,
  status: PrinterStatus | null,
  blocked: 'paper-out' | 'cover-open' | 'error' | 'offline' | null,
  isRunning: boolean,
): PrinterView['state'] {
  if (!hasPrinter) return 'none';
  if (blocked !== null) return blocked;
  if (status === null) return 'offline';
  if (status.isPaperOut === true) return 'paper-out';
  if (status.isCoverOpen === true) return 'cover-open';
  if (status.hasError === true) return 'error';
  if (status.state !== 'ready') return 'offline';
  return isRunning ? 'printing' : 'ready';
}
