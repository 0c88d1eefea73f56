// Owns printing through the spooler of Windows with data type RAW: a document a session.
import type { DeviceError } from '#drivers/device.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import {
  type Handle,
  type SpoolerCalls,
  type WindowsFault,
  windowsErrors,
} from '#drivers/printer/wire/windowsCalls.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { Timers } from '#drivers/timers.ts';

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
/** How often a job is looked at until the session's deadline. */
const POLL_MS = 200;

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

function connect(
  name: string,
  calls: SpoolerCalls,
  timers: Timers,
  deadlineMs: number,
): Promise<Result<Connection, DeviceError>> {
  return new Promise((resolve) => {
    let isTooLate = false;
    const cancel = timers.after(deadlineMs, () => {
      isTooLate = true;
      resolve(failure({ code: 'timeout', detail: `the spooler did not open ${name}` }));
    });
    void calls.openPrinter(name).then((opened) => {
      cancel();
      if (isTooLate) {
        if (opened.ok) void calls.closePrinter(opened.value);
      } else if (opened.ok) {
        resolve(success(new SpoolerConnection(opened.value, calls, timers)));
      } else {
        resolve(failure(describe(opened.error)));
      }
    });
  });
}

class SpoolerConnection implements Connection {
  readonly #printer: Handle;
  readonly #calls: SpoolerCalls;
  readonly #timers: Timers;
  #onLost: (error: DeviceError) => void = () => undefined;
  #lost: DeviceError | null = null;
  #isEnding: boolean = false;
  /** Started with the first byte: a session without any leaves no job. */
  #jobId: number | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #ended: Promise<DeviceError | null> | null = null;

  constructor(printer: Handle, calls: SpoolerCalls, timers: Timers) {
    this.#printer = printer;
    this.#calls = calls;
    this.#timers = timers;
  }

  write(bytes: Uint8Array): Promise<DeviceError | null> {
    if (this.#isEnding) {
      return Promise.resolve(this.#lost ?? { code: 'closed', detail: 'the document has ended' });
    }
    const sent = this.#tail.then(() => this.#send(bytes));
    this.#tail = sent;
    return sent;
  }

  onData(): void {
    // Nothing comes back through a spooler.
  }

  onLost(listener: (error: DeviceError) => void): void {
    this.#onLost = listener;
    if (this.#lost !== null && !this.#isEnding) listener(this.#lost);
  }

  end(deadlineMs: number): Promise<DeviceError | null> {
    this.#ended ??= this.#endWithin(deadlineMs);
    return this.#ended;
  }

  async #send(bytes: Uint8Array): Promise<DeviceError | null> {
    if (this.#lost !== null) return this.#lost;
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
    this.#lost = error;
    if (!this.#isEnding) this.#onLost(error);
    return error;
  }

  async #endWithin(deadlineMs: number): Promise<DeviceError | null> {
    this.#isEnding = true;
    const endsAtMs = this.#timers.nowMs() + deadlineMs;
    let outcome: DeviceError | null = { code: 'timeout', detail: 'the spooler did not answer' };
    const finished = this.#tail.then(async () => {
      outcome = await this.#finish(endsAtMs);
    });
    await this.#within(deadlineMs + POLL_MS, finished);
    return outcome;
  }

  /** Settles when `work` has, or after `limitMs`. */
  #within(limitMs: number, work: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(limitMs, resolve);
      void work.then(() => {
        cancel();
        resolve();
      });
    });
  }

  async #finish(endsAtMs: number): Promise<DeviceError | null> {
    const jobId = this.#jobId;
    let error = this.#lost;
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
    return finished.ok ? await this.#trouble(jobId, endsAtMs) : describe(finished.error);
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
