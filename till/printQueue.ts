// Owns the print queue: one job at a time, oldest first; what may have printed is asked, never
// guessed.
import { type StoreFault, storeFault, transaction, type WritableDb } from '#db/handle.ts';
import {
  countWaitingPrintJobs,
  nextUnsentPaper,
  oldestQuestion,
  originalPrintJob,
  type PrintJob,
  printJobById,
  recoverPrintJobs,
  setPrintJobState,
  unsentDrawers,
} from '#db/printJobs.ts';
import type { PrinterStatus, PrintProgress, PrintReach } from '#drivers/printer/printer.ts';
import { assertNever } from '#loyalty/assert.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { SessionSnapshot, TillError } from '#till/contract.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { outputOf, queueCopy } from '#till/printOutput.ts';

/** A pulse that comes later than this opens a drawer that nobody stands at. */
export const DRAWER_DELAY_MS_MAX = 10_000;
/** A blocked job is tried again after this, or at once when the printer says it is ready. */
export const BLOCKED_RETRY_MS = 3_000;
const GOOD_STATUS: PrinterStatus = {
  state: 'ready',
  problem: null,
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
  /** This printer cannot print this paper at all; nothing of it was sent, and it is given up. */
  readonly onUnprintable: (job: PrintJob) => void;
  /**
   * A state could not be written down: a full disk. Nothing is printed that could double. Told once
   * until the store takes something again, however often the queue tries.
   */
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
  /**
   * The cashier's answer about a job whose paper may have come out. `print-job-unknown`: no such
   * question; `store-unavailable`: it could not be written down, and the question stays.
   */
  answer(jobId: number, cameOut: boolean): Result<null, TillError>;
  /** Queues COPY n of a paper and gives n; `sale-unknown` where there is no such paper. */
  reprint(seq: number, kind: 'receipt' | 'void'): Result<number, TillError>;
}

type SetState =
  Parameters<typeof setPrintJobState> extends [WritableDb, ...infer Rest] ? Rest : never;

interface Running {
  readonly job: PrintJob;
  /** `sending` is written down and the devices were told to send: bytes may have left. */
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
  #toldFault: StoreFault | null = null;
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
    } else {
      this.#tryLater();
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
          this.#settle(this.#running, message.progress);
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
      case 'display.told':
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
    const { db } = this.#options;
    const question = oldestQuestion(db);
    const state = this.#printerState();
    return {
      state,
      waitingCount: countWaitingPrintJobs(db),
      question:
        question === null
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

  answer(jobId: number, cameOut: boolean): Result<null, TillError> {
    const { db, nowMs } = this.#options;
    const job = printJobById(db, jobId);
    if (job?.state !== 'unknown') return failure({ code: 'print-job-unknown' });
    const written = this.#write(() => {
      if (cameOut) {
        setPrintJobState(db, jobId, 'confirmed', { ackLevel: 'operator' });
        return;
      }
      // Both or neither: a question that is gone without its copy is a paper that nobody gets.
      setPrintJobState(db, jobId, 'cancelled', { reason: 'operator' });
      queueCopy(db, job, nowMs());
    });
    if (!written.ok) return written;
    this.#reachOf.delete(jobId);
    this.nudge();
    this.#options.onChange();
    return success(null);
  }

  reprint(seq: number, kind: 'receipt' | 'void'): Result<number, TillError> {
    const { db, nowMs } = this.#options;
    const original = originalPrintJob(db, seq, kind);
    if (original === null) return failure({ code: 'sale-unknown' });
    const copyNumber = this.#write(() => queueCopy(db, original, nowMs()));
    if (!copyNumber.ok) return copyNumber;
    this.nudge();
    this.#options.onChange();
    return copyNumber;
  }

  /** One change of the store, whole or not at all. */
  #write<T>(change: () => T): Result<T, TillError> {
    try {
      const value = transaction(this.#options.db, change);
      this.#toldFault = null;
      return success(value);
    } catch (error) {
      const fault = storeFault(error);
      if (fault === null) throw error;
      if (fault !== this.#toldFault) this.#options.onStoreFault(fault);
      this.#toldFault = fault;
      return failure({ code: 'store-unavailable', args: { fault } });
    }
  }

  /** False when the store refused it; the job's older state is then the safer one. */
  #record(...change: SetState): boolean {
    return this.#write(() => setPrintJobState(this.#options.db, ...change)).ok;
  }

  /**
   * A drawer's pulse is a job of its own, so that no receipt that is printed again can open it, and
   * it stands before the papers: the sale is committed, and whoever gives change stands there now,
   * while a receipt may wait for paper. Papers in order; a question holds nothing up. As nothing
   * runs now, a paper in `checking` is one whose next state the store refused: no byte of it left.
   */
  #nextJob(): PrintJob | null {
    const { db } = this.#options;
    const drawers = unsentDrawers(db).filter((drawer) => this.#mayOpen(drawer));
    return drawers[0] ?? nextUnsentPaper(db);
  }

  #mayOpen(drawer: PrintJob): boolean {
    if (drawer.state === 'checking') {
      // Given up and told before, when the store refused to have it written down.
      this.#record(drawer.jobId, 'cancelled', { reason: 'not-recorded' });
      return false;
    }
    if (!this.#isTooLate(drawer)) return true;
    // Where the store refuses it, that is what the cashier reads, and this is tried again.
    const isRecorded = this.#record(drawer.jobId, 'cancelled', { reason: 'too-late' });
    if (isRecorded) this.#options.onDrawerUnknown();
    return false;
  }

  #isTooLate(drawer: PrintJob): boolean {
    return this.#options.nowMs() - drawer.atMs > DRAWER_DELAY_MS_MAX;
  }

  #tryLater(): void {
    this.#retry?.cancel();
    this.#retry = this.#options.setTimer(() => this.nudge(), BLOCKED_RETRY_MS);
  }

  #start(job: PrintJob): void {
    if (!this.#record(job.jobId, 'checking')) {
      this.#tryLater();
      return;
    }
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
    // A drawer may have waited behind a test slip: nobody stands there for its change any more.
    const isLate = this.#running.job.kind === 'drawer' && this.#isTooLate(this.#running.job);
    // Written down before the first byte leaves: after a crash it is asked, never printed again.
    const maySend = !isLate && this.#record(outputId, 'sending');
    this.#running = { ...this.#running, hasStarted: maySend };
    this.#options.post({ type: 'print.send', outputId, maySend });
  }

  #settle({ job, hasStarted }: Running, progress: PrintProgress): void {
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
        if (hasStarted && job.kind !== 'drawer') this.#reachOf.set(job.jobId, progress.reach);
        if (hasStarted || job.kind === 'drawer') {
          this.#settleUnknown(job, `${progress.error.code}, ${progress.reach}`);
        } else if (!this.#settleUnprintable(job, progress.error.code)) {
          this.#running = null;
          this.#tryLater();
          return;
        }
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
    this.#tryLater();
  }

  /**
   * The devices gave it up before they asked whether to send. There is nothing to ask about, and
   * a copy would end the same way; whatever waits behind it goes on. False: not written down.
   */
  #settleUnprintable(job: PrintJob, reason: string): boolean {
    this.#blocked = null;
    if (!this.#record(job.jobId, 'cancelled', { reason })) return false;
    this.#options.onUnprintable(job);
    return true;
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
