// Owns a model of Linux's usblp node, at the file edge: one transfer at a time, and a close that
// throws away what has not left (drivers/usb/class/usblp.c, as printing.md §3.5 describes it).
import type { DeviceFile, DeviceFiles, FileFault } from '#drivers/printer/wire/deviceFiles.ts';
import { failure, type Result, success } from '#drivers/result.ts';

/** What one write takes: less than it is given, as the driver may (it has 8192). */
const TRANSFER_BYTES = 1500;

export interface UsblpModel extends DeviceFiles {
  /** What the printer has taken. */
  received(): Uint8Array;
  /** Settles at the next call. */
  progress(): Promise<void>;
  /** Writes and reads so far, to see that nothing spins. */
  callCount(): number;
  /** The printer takes no transfer, as without paper, until `resume`. */
  hold(): void;
  resume(): void;
  say(bytes: Uint8Array): void;
  /** As a pulled cable: every call fails with `code`, and the node is gone. */
  unplug(code: 'EIO' | 'ENODEV'): void;
  /** The next calls of that kind fail so, one after the other. */
  failNext(call: 'open' | 'read' | 'write' | 'close', ...codes: readonly string[]): void;
  /** How many sessions are open. */
  openCount(): number;
}

export function createUsblpModel(): UsblpModel {
  const taken: Uint8Array[] = [];
  const said: Uint8Array[] = [];
  const faults = new Map<string, string[]>();
  let underWay: Uint8Array | null = null;
  let isHeld = false;
  let gone: string | null = null;
  let openCount = 0;
  let callCount = 0;
  let wake: () => void = () => undefined;

  function refuse(code: string): { readonly ok: false; readonly error: FileFault } {
    return failure({ code, detail: `${code}: the model says so` });
  }

  function finishTransfer(): void {
    if (underWay === null || isHeld || gone !== null) return;
    taken.push(underWay);
    underWay = null;
  }

  function faultOf(call: string): string | null {
    callCount += 1;
    wake();
    return faults.get(call)?.shift() ?? gone;
  }

  const file: DeviceFile = {
    read(sizeBytes) {
      const fault = faultOf('read');
      if (fault !== null) return Promise.resolve(refuse(fault));
      const chunk = said.shift();
      if (chunk === undefined) return Promise.resolve(refuse('EAGAIN'));
      if (chunk.length > sizeBytes) said.unshift(chunk.subarray(sizeBytes));
      return Promise.resolve(success(chunk.subarray(0, sizeBytes)));
    },
    write(bytes) {
      const fault = faultOf('write');
      if (fault !== null) return Promise.resolve(refuse(fault));
      if (underWay !== null) {
        // The transfer ends after this call at the earliest, as on a real bus.
        queueMicrotask(finishTransfer);
        return Promise.resolve(refuse('EAGAIN'));
      }
      if (bytes.length === 0) return Promise.resolve(success(0));
      underWay = bytes.slice(0, TRANSFER_BYTES);
      return Promise.resolve(success(underWay.length));
    },
    close() {
      openCount -= 1;
      underWay = null;
      const fault = faultOf('close');
      return Promise.resolve(fault === null ? success(null) : refuse(fault));
    },
  };

  return {
    open(): Promise<Result<DeviceFile, FileFault>> {
      const fault = faultOf('open');
      if (fault !== null) return Promise.resolve(refuse(fault));
      if (openCount > 0) return Promise.resolve(refuse('EBUSY'));
      openCount += 1;
      return Promise.resolve(success(file));
    },
    received: () => Buffer.concat(taken),
    progress: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    callCount: () => callCount,
    hold() {
      isHeld = true;
    },
    resume() {
      isHeld = false;
    },
    say: (bytes) => void said.push(bytes),
    unplug(code) {
      gone = code;
    },
    failNext: (call, ...codes) => void faults.set(call, [...codes]),
    openCount: () => openCount,
  };
}
