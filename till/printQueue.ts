// Owns the print queue: one job at a time, oldest first; what may have printed is asked, never
// guessed.
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
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import type {
  PrinterStatus,
  PrintOutput,
  PrintProgress,
  PrintReach,
} from '#drivers/printer/printer.ts';
import { assert, assertNever } from '#loyalty/assert.ts';
import type { SessionSnapshot } from '#till/contract.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { withCopyMark } from '#till/receipt.ts';

/** A pulse that comes later than this opens a drawer that nobody stands at. */
export const DRAWER_DELAY_MS_MAX = 10_000;
/** A blocked job is tried again after this, or at once when the printer says it is ready. */
export const BLOCKED_RETRY_MS = 3_000;
const OPEN_JOBS_READ = 200;
const GOOD_STATUS: PrinterStatus = {
  state: 'ready',
  isPaperOut: false,
  isCoverOpen: false,
  hasError: false,
  errorCause: null,
  isPaperNearEnd: null,
  isDrawerPinHigh: null,
  bytes: null,
};

export interface PrintQueueOptions {
  readonly db: WritableDb;
  readonly nowMs: () => number;
  /** Posts to the devices process; false when there is none at this moment. */
  readonly post: (message: CoreToDevices) => boolean;
  readonly hasPrinter: () => boolean;
  readonly receiptNumberOf: (job: PrintJob) => string;
  readonly onChange: () => void;
  /** The drawer did not open for certain; it is never tried again by itself. */
  readonly onDrawerUnknown: () => void;
  /** A state could not be written down: a full disk. Nothing is printed that could double. */
  readonly onStoreFault: (fault: StoreFault) => void;
  readonly setTimer: (task: () => void, delayMs: number) => { cancel(): void };
}

type PrinterView = SessionSnapshot['printer'];
type Blocked = (PrintProgress & { state: 'blocked' })['reason'];

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
  readonly hasStarted: boolean;
}

export function createPrintQueue(options: PrintQueueOptions): PrintQueue {
  recoverPrintJobs(options.db);
  return new PrintQueueRunner(options);
}

class PrintQueueRunner implements PrintQueue {
  readonly #options: PrintQueueOptions;
  #running: Running | null = null;
  #status: PrinterStatus | null = null;
  #blocked: Blocked | null = null;
  #retry: { cancel(): void } | null = null;
  /** How far jobs got that are asked about; the store does not keep it. */
  readonly #reachOf = new Map<number, PrintReach>();

  constructor(options: PrintQueueOptions) {
    this.#options = options;
  }

  nudge(): void {
    this.#retry?.cancel();
    this.#retry = null;
    if (this.#running !== null) return;
    const job = this.#nextJob();
    if (job === null) return;
    if (this.#options.hasPrinter()) {
      this.#start(job);
    } else if (this.#record(job.jobId, 'cancelled', { reason: 'no-printer' })) {
      this.nudge();
    }
  }

  receive(message: DevicesToCore): void {
    switch (message.type) {
      case 'printer.status':
        this.#statusChanged(message.status);
        break;
      case 'print.ready':
        this.#permit(message.outputId);
        break;
      case 'print.progress':
        if (this.#running?.job.jobId === message.outputId) {
          this.#settle(this.#running.job, message.progress);
        }
        break;
      case 'ready':
      case 'scanner.data':
      case 'scanner.unreadable':
      case 'scanner.overflow':
      case 'scanner.suppressed':
      case 'scanner.traced':
      case 'found':
      case 'printer.probed':
      case 'printer.tested':
      case 'scanner.state':
        return;
      default:
        assertNever(message);
    }
    this.#options.onChange();
  }

  devicesLost(): void {
    this.#status = null;
    if (this.#running === null) return;
    const { job, hasStarted } = this.#running;
    this.#running = null;
    if (hasStarted) this.#settleUnknown(job, 'devices-lost');
    else this.#settleBlocked(job, 'offline');
    this.#options.onChange();
  }

  view(): PrinterView {
    const open = openPrintJobs(this.#options.db, OPEN_JOBS_READ);
    const question = open.find((job) => job.state === 'unknown');
    const state = this.#printerState();
    return {
      state,
      waitingCount: open.filter((job) => job.state !== 'unknown').length,
      question:
        question === undefined
          ? null
          : {
              jobId: question.jobId,
              receiptNumber: this.#options.receiptNumberOf(question),
              copyNumber: question.copyNumber,
              reach: this.#reachOf.get(question.jobId) ?? null,
            },
      errorCause: state === 'error' ? (this.#status?.errorCause ?? null) : null,
    };
  }

  answer(jobId: number, cameOut: boolean): boolean {
    const { db, nowMs } = this.#options;
    const job = printJobById(db, jobId);
    if (job?.state !== 'unknown') return false;
    this.#reachOf.delete(jobId);
    if (cameOut) {
      this.#record(jobId, 'confirmed', { ackLevel: 'operator' });
    } else {
      this.#record(jobId, 'cancelled', { reason: 'operator' });
      queueCopy(db, job, nowMs());
    }
    this.nudge();
    this.#options.onChange();
    return true;
  }

  reprint(seq: number, kind: 'receipt' | 'void'): number | null {
    const { db, nowMs } = this.#options;
    const original = originalPrintJob(db, seq, kind);
    if (original === null) return null;
    const copyNumber = queueCopy(db, original, nowMs());
    this.nudge();
    this.#options.onChange();
    return copyNumber;
  }

  /** False when the store refused it; the job's older state is then the safer one. */
  #record(...change: SetState): boolean {
    try {
      setPrintJobState(this.#options.db, ...change);
      return true;
    } catch (error) {
      const fault = storeFault(error);
      if (fault === null) throw error;
      this.#options.onStoreFault(fault);
      return false;
    }
  }

  /**
   * A drawer's pulse is a job of its own, so that no receipt that is printed again can open it, and
   * it stands before the papers: the sale is committed, and whoever gives change stands there now,
   * while a receipt may wait for paper. Papers in order; a question holds nothing up.
   */
  #nextJob(): PrintJob | null {
    const waiting = openPrintJobs(this.#options.db, OPEN_JOBS_READ).filter(
      (job) => job.state === 'queued' || job.state === 'blocked',
    );
    const drawers = waiting.filter((job) => job.kind === 'drawer' && this.#isInTime(job));
    return drawers[0] ?? waiting.find((job) => job.kind !== 'drawer') ?? null;
  }

  #isInTime(drawer: PrintJob): boolean {
    if (this.#options.nowMs() - drawer.atMs <= DRAWER_DELAY_MS_MAX) return true;
    this.#record(drawer.jobId, 'cancelled', { reason: 'too-late' });
    this.#options.onDrawerUnknown();
    return false;
  }

  #start(job: PrintJob): void {
    if (!this.#record(job.jobId, 'checking')) return;
    this.#running = { job, hasStarted: false };
    const output = outputOf(job);
    if (this.#options.post({ type: 'print', outputId: job.jobId, output })) return;
    this.#running = null;
    this.#settleBlocked(job, 'offline');
  }

  #statusChanged(status: PrinterStatus): void {
    this.#status = status;
    const { state, isPaperOut, isCoverOpen, hasError } = status;
    const isGood = state === 'ready' && !isPaperOut && !isCoverOpen && !hasError;
    if (!isGood) return;
    this.#blocked = null;
    this.nudge();
  }

  #permit(outputId: number): void {
    if (this.#running?.job.jobId !== outputId) return;
    // Written down before the first byte leaves: after a crash it is asked, never printed again.
    const maySend = this.#record(outputId, 'sending');
    this.#running = { ...this.#running, hasStarted: maySend };
    this.#options.post({ type: 'print.send', outputId, maySend });
  }

  #settle(job: PrintJob, progress: PrintProgress): void {
    switch (progress.state) {
      case 'checking':
        return;
      case 'sending':
        this.#blocked = null;
        return;
      case 'waiting':
        this.#blocked = progress.reason;
        return;
      case 'sent':
        this.#blocked = null;
        this.#record(job.jobId, 'sent');
        return;
      case 'confirmed':
        this.#blocked = null;
        // Paper came out: whatever the last status said of paper or cover is over.
        this.#status = GOOD_STATUS;
        this.#record(job.jobId, 'confirmed', { ackLevel: progress.ackLevel });
        break;
      case 'blocked':
        // The driver's word that no byte went out, even where it had been told to send.
        this.#running = null;
        this.#settleBlocked(job, progress.reason);
        return;
      case 'unknown':
        if (job.kind !== 'drawer') this.#reachOf.set(job.jobId, progress.reach);
        this.#settleUnknown(job, `${progress.error.code}, ${progress.reach}`);
        break;
      default:
        assertNever(progress);
    }
    this.#running = null;
    this.nudge();
  }

  #settleBlocked(job: PrintJob, reason: Blocked): void {
    this.#blocked = reason;
    if (job.kind === 'drawer') {
      // A pulse that could not be sent now is not sent later: the drawer has a key.
      this.#record(job.jobId, 'cancelled', { reason });
      this.#options.onDrawerUnknown();
    } else {
      this.#record(job.jobId, 'blocked', { reason });
    }
    this.#retry?.cancel();
    this.#retry = this.#options.setTimer(() => this.nudge(), BLOCKED_RETRY_MS);
  }

  #settleUnknown(job: PrintJob, reason: string): void {
    if (job.kind === 'drawer') {
      this.#record(job.jobId, 'cancelled', { reason });
      this.#options.onDrawerUnknown();
    } else {
      this.#record(job.jobId, 'unknown', { reason });
    }
  }

  #printerState(): PrinterView['state'] {
    if (!this.#options.hasPrinter()) return 'none';
    if (this.#blocked !== null) return this.#blocked;
    if (this.#status === null) return 'offline';
    if (this.#status.isPaperOut === true) return 'paper-out';
    if (this.#status.isCoverOpen === true) return 'cover-open';
    if (this.#status.hasError === true) return 'error';
    if (this.#status.state !== 'ready') return 'offline';
    return this.#running === null ? 'ready' : 'printing';
  }
}

function outputOf(job: PrintJob): PrintOutput {
  if (job.kind === 'drawer') return { kind: 'drawer' };
  assert(job.document !== null, 'a paper has a document');
  const document = JSON.parse(job.document) as ReceiptDocument;
  return { kind: 'document', document: withJobMark(withCopyMark(document, job.copyNumber), job) };
}

/** Its job and copy at the foot, so that two papers of a sale can be told apart. */
function withJobMark(document: ReceiptDocument, job: PrintJob): ReceiptDocument {
  const text = job.copyNumber === 0 ? `#${job.jobId}` : `#${job.jobId} / ${job.copyNumber}`;
  const mark = { type: 'text', text, align: 'right', bold: false, scale: 1 } as const;
  return { ...document, blocks: [...document.blocks, mark] };
}

function queueCopy(db: WritableDb, job: PrintJob, atMs: number): number {
  const { seq, kind, document } = job;
  const isSalePaper = seq !== null && (kind === 'receipt' || kind === 'void');
  const copyNumber = isSalePaper ? nextCopyNumber(db, seq, kind) : job.copyNumber + 1;
  insertPrintJob(db, { seq, kind, copyNumber, atMs, document });
  return copyNumber;
}
