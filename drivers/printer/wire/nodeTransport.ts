// Owns a printer session over a device node that never makes this process wait.
import type { DeviceError } from '#drivers/device.ts';
import {
  connectionOver,
  openWithin,
  SessionState,
  type Wire,
} from '#drivers/printer/wire/connection.ts';
import type { DeviceFile, DeviceFiles, FileFault } from '#drivers/printer/wire/deviceFiles.ts';
import type { Connection } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { settlesWithin, type Timers } from '#drivers/timers.ts';

/** What usblp takes as one transfer at the most is 8192; a smaller one is felt sooner. */
const BLOCK_BYTES = 4096;
const READ_BYTES = 512;
/** How often a printer that said nothing is listened to: an answer may take a second. */
const READ_PERIOD_MS = 10;
/** A printer that takes its bytes does so within a millisecond; one without paper in minutes. */
const RETRY_FIRST_MS = 1;
const RETRY_LAST_MS = 20;

/**
 * Nothing was taken, and trying again is safe. ENOSPC is usblp's word for "no paper" and, like
 * EAGAIN, comes before a block is handed over (drivers/usb/class/usblp.c, usblp_write).
 */
const busyCodes: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR', 'ENOSPC']);

function lossOf(path: string, fault: FileFault): DeviceError {
  return { code: 'offline', detail: `${path} was unplugged or failed: ${fault.detail}` };
}

function describeOpening(path: string, fault: FileFault): DeviceError {
  const { code, detail } = fault;
  if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') {
    return { code: 'no-hardware', detail };
  }
  if (code === 'EBUSY') return { code: 'claimed-elsewhere', detail };
  if (code === 'EACCES' || code === 'EPERM') {
    return { code: 'not-permitted', detail: `no permission for ${path}: install the udev rule` };
  }
  return { code: 'offline', detail };
}

/** Opens `path` for one session. Never rejects; a node that opens too late is closed again. */
export async function connectNode(
  files: DeviceFiles,
  path: string,
  timers: Timers,
  deadlineMs: number,
): Promise<Result<Connection, DeviceError>> {
  const opened = await openWithin(files.open(path), deadlineMs, timers, (late) => late.close());
  if (opened === null) return failure({ code: 'timeout', detail: `${path} did not open` });
  if (!opened.ok) return failure(describeOpening(path, opened.error));
  return success(connectionOver(new NodeWire(opened.value, path, timers)));
}

class NodeWire implements Wire {
  readonly state = new SessionState();
  readonly closed: DeviceError;
  readonly #file: DeviceFile;
  readonly #path: string;
  readonly #timers: Timers;
  /** Those who wait for the device; a loss or the end wakes them. */
  readonly #sleepers = new Set<() => void>();
  readonly #reading: Promise<void>;
  /** Set once no more may be tried: the node is about to be closed. */
  #isStopped: boolean = false;

  constructor(file: DeviceFile, path: string, timers: Timers) {
    this.#file = file;
    this.#path = path;
    this.#timers = timers;
    this.closed = { code: 'closed', detail: `the session with ${path} has ended` };
    this.#reading = this.#readOn();
  }

  async send(bytes: Uint8Array): Promise<DeviceError | null> {
    for (let start = 0; start < bytes.length; ) {
      const block = bytes.subarray(start, start + BLOCK_BYTES);
      const taken = await this.#writeOnce(block);
      if (!taken.ok) return taken.error;
      start += taken.value;
    }
    // The system may hold the last block still: it has left once an empty write is taken.
    const left = await this.#writeOnce(new Uint8Array(0));
    return left.ok ? null : left.error;
  }

  /** Tries until the device takes at least one byte (or, of none, all that went before). */
  async #writeOnce(block: Uint8Array): Promise<Result<number, DeviceError>> {
    for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_LAST_MS)) {
      if (this.state.lost !== null) return failure(this.state.lost);
      if (this.#isStopped) return failure(this.closed);
      const taken = await this.#file.write(block);
      if (taken.ok && (taken.value > 0 || block.length === 0)) return taken;
      if (!taken.ok && !busyCodes.has(taken.error.code)) {
        this.#lose(lossOf(this.#path, taken.error));
      } else {
        await this.#pause(pauseMs);
      }
    }
  }

  async #readOn(): Promise<void> {
    // Whoever opened the session has a moment to set a listener: nothing is read for nobody.
    await this.#pause(RETRY_FIRST_MS);
    while (this.state.lost === null && !this.#isStopped) {
      const got = await this.#file.read(READ_BYTES);
      if (got.ok && got.value.length > 0) {
        this.state.receive(got.value);
        continue;
      }
      // A printer that cannot answer at all is written to all the same.
      if (!got.ok && got.error.code === 'EINVAL') return;
      if (!got.ok && !busyCodes.has(got.error.code)) this.#lose(lossOf(this.#path, got.error));
      else await this.#pause(READ_PERIOD_MS);
    }
  }

  #pause(durationMs: number): Promise<void> {
    if (this.state.lost !== null || this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#sleepers.delete(wake);
        resolve();
      };
      const cancel = this.#timers.after(durationMs, wake);
      this.#sleepers.add(wake);
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  #lose(error: DeviceError): void {
    this.#wakeAll();
    this.state.lose(error);
  }

  /**
   * Closing throws away what the system still holds (usblp kills its transfers), so the last block
   * must have left before: `sent` settles no sooner.
   */
  async end(deadlineMs: number, sent: Promise<unknown>): Promise<DeviceError | null> {
    const isSent = await settlesWithin(sent, deadlineMs, this.#timers);
    this.#isStopped = true;
    this.#wakeAll();
    // Never closed under a call that is under way: the number may be another file's by then.
    const closed = Promise.all([sent, this.#reading]).then(() => this.#file.close());
    if (!isSent) {
      const detail = `${this.#path} did not take the last bytes`;
      return this.state.lost ?? { code: 'timeout', detail };
    }
    const outcome = await closed;
    if (this.state.lost !== null) return this.state.lost;
    return outcome.ok ? null : lossOf(this.#path, outcome.error);
  }
}
