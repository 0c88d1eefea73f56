// Owns printing through the spooler of Windows with data type RAW: a document a session.
import type { DeviceError } from '#drivers/device.ts';
import {
  connectionOver,
  openWithin,
  SessionState,
  type Wire,
} from '#drivers/printer/wire/connection.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import {
  type Handle,
  type SpoolerCalls,
  type WindowsFault,
  windowsErrors,
} from '#drivers/printer/wire/windowsCalls.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { settlesWithin, type Timers } from '#drivers/timers.ts';

/** Bits of JOB_INFO_1.Status (winspool.h). */
const jobStatus = {
  error: 0x2,
  offline: 0x20,
  paperOut: 0x40,
  printed: 0x80,
  deleted: 0x100,
  blocked: 0x200,
  userIntervention: 0x400,
  complete: 0x1000,
} as const;
const JOB_STUCK = jobStatus.error | jobStatus.offline | jobStatus.blocked;
const JOB_DONE = jobStatus.printed | jobStatus.deleted | jobStatus.complete;
/** How often a job is looked at, until the session's deadline at the latest. */
const POLL_MS = 200;
/** A job that is well so long is believed: the next receipt waits meanwhile. */
const WATCH_MS = 2000;

function describe({ call, code }: WindowsFault): DeviceError {
  const detail = `${call} failed: Windows error ${code}`;
  if (code === windowsErrors.invalidPrinterName) return { code: 'no-hardware', detail };
  if (code === windowsErrors.accessDenied) return { code: 'failure', detail };
  return { code: 'offline', detail };
}

/**
 * The spooler takes everything, even for a printer that is unplugged, and says no more of it than
 * a job's status: acknowledgement level `none`, and at least once, for it sends a job again after
 * a fault. Hence a job in trouble is deleted when the session ends, and the cashier is asked.
 */
export function windowsSpoolerTransport(
  name: string,
  calls: SpoolerCalls,
  timers: Timers,
): Transport {
  return {
    keepsSession: false,
    isOneWay: true,
    connect: (deadlineMs) => connect(name, calls, timers, deadlineMs),
  };
}

async function connect(
  name: string,
  calls: SpoolerCalls,
  timers: Timers,
  deadlineMs: number,
): Promise<Result<Connection, DeviceError>> {
  const opening = calls.openPrinter(name);
  const opened = await openWithin(opening, deadlineMs, timers, (late) => calls.closePrinter(late));
  if (opened === null) {
    return failure({ code: 'timeout', detail: `the spooler did not open ${name}` });
  }
  if (!opened.ok) return failure(describe(opened.error));
  return success(connectionOver(new SpoolerWire(opened.value, calls, timers)));
}

class SpoolerWire implements Wire {
  readonly state = new SessionState();
  readonly closed: DeviceError = { code: 'closed', detail: 'the document has ended' };
  readonly #printer: Handle;
  readonly #calls: SpoolerCalls;
  readonly #timers: Timers;
  /** Started with the first byte: a session without any leaves no job. */
  #jobId: number | null = null;

  constructor(printer: Handle, calls: SpoolerCalls, timers: Timers) {
    this.#printer = printer;
    this.#calls = calls;
    this.#timers = timers;
  }

  async send(bytes: Uint8Array): Promise<DeviceError | null> {
    if (this.state.lost !== null) return this.state.lost;
    if (this.#jobId === null) {
      const started = await this.#calls.startDocument(this.#printer, 'Puan');
      if (!started.ok) return this.#lose(started.error);
      this.#jobId = started.value;
    }
    for (let start = 0; start < bytes.length; ) {
      const taken = await this.#calls.writePrinter(this.#printer, bytes.subarray(start));
      if (!taken.ok) return this.#lose(taken.error);
      if (taken.value === 0) return this.#lose({ call: 'WritePrinter', code: 0 });
      start += taken.value;
    }
    return null;
  }

  #lose(fault: WindowsFault): DeviceError {
    const error = describe(fault);
    this.state.lose(error);
    return error;
  }

  /** What the spooler has of the document is deleted at the end, instead of printed. */
  abandon(error: DeviceError): void {
    this.state.lose(error);
  }

  async end(
    deadlineMs: number,
    sent: Promise<unknown>,
    isSending: boolean,
  ): Promise<DeviceError | null> {
    // A whole document is written before its session ends: this one was cut short.
    if (isSending) this.abandon({ code: 'timeout', detail: 'the spooler held the last bytes' });
    const endsAtMs = this.#timers.nowMs() + deadlineMs;
    const finished = sent.then(() => this.#finish(endsAtMs));
    if (await settlesWithin(finished, deadlineMs + POLL_MS, this.#timers)) return finished;
    return { code: 'timeout', detail: 'the spooler did not answer' };
  }

  async #finish(endsAtMs: number): Promise<DeviceError | null> {
    const jobId = this.#jobId;
    let error = this.state.lost;
    if (jobId !== null && error === null) error = await this.#endDocument(jobId, endsAtMs);
    // Windows would send a job in trouble again, hours later if need be.
    if (jobId !== null && error !== null) await this.#calls.deleteJob(this.#printer, jobId);
    await this.#calls.closePrinter(this.#printer);
    return error;
  }

  async #endDocument(jobId: number, endsAtMs: number): Promise<DeviceError | null> {
    // Whoever ended the session has been told that it failed: nothing may be printed now.
    if (this.#timers.nowMs() > endsAtMs) return { code: 'timeout', detail: 'the spooler was late' };
    const finished = await this.#calls.endDocument(this.#printer);
    const watchEndsAtMs = Math.min(endsAtMs, this.#timers.nowMs() + WATCH_MS);
    return finished.ok ? await this.#trouble(jobId, watchEndsAtMs) : describe(finished.error);
  }

  /** Looks at the job until it is done, in trouble, or the time is up. */
  async #trouble(jobId: number, endsAtMs: number): Promise<DeviceError | null> {
    for (;;) {
      const status = await this.#calls.jobStatus(this.#printer, jobId);
      // A job that was sent is gone from the queue; then its id is an invalid parameter.
      if (!status.ok) return null;
      if (status.value & (jobStatus.paperOut | jobStatus.userIntervention)) {
        return { code: 'paper-out', detail: `the job waits for somebody: ${status.value}` };
      }
      if (status.value & JOB_STUCK) {
        return { code: 'offline', detail: `the job is stuck: status ${status.value}` };
      }
      if (status.value & JOB_DONE || this.#timers.nowMs() >= endsAtMs) return null;
      await new Promise<void>((resolve) => {
        this.#timers.after(POLL_MS, resolve);
      });
    }
  }
}
