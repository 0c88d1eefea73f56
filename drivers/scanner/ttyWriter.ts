// Owns writing to an open serial line of Linux or macOS without disturbing who reads it.
import { writeSync } from 'node:fs';
import type { DeviceError } from '#drivers/device.ts';
import type { Timers } from '#drivers/timers.ts';

/** Between two tries on a line that takes nothing, in milliseconds. */
const retryMsMin = 2;
const retryMsMax = 50;
/** More than this waits only for a device that takes nothing: it is not made to wait for more. */
export const unwrittenBytesMax = 4096;

export interface TtyWriter {
  /** As OpenPort.write. */
  write(bytes: Uint8Array): Promise<DeviceError | null>;
  /** What still waits fails with `closed`. */
  stop(): void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  written: number;
  readonly settle: (error: DeviceError | null) => void;
}

const closed: DeviceError = { code: 'closed', detail: 'the port is closed' };

/**
 * The poller of serialport 13 asks the system for the latest wish alone: while a write waits for
 * room, reads starve, or the write is never woken (poller.cpp, `uv_poll_start` without the earlier
 * events). So what the line does not take at once (XOFF, a full buffer) is tried again by a timer.
 * The descriptor does not block, so that a try returns at once; it is asked for before each, for
 * another file may have its number once it is closed. `descriptor` gives null then.
 */
export function createTtyWriter(descriptor: () => number | null, timers: Timers): TtyWriter {
  const waiting: Waiting[] = [];
  let cancel = (): void => undefined;
  let retryMs = retryMsMin;
  let isArmed = false;

  function failAll(error: DeviceError): void {
    for (const one of waiting.splice(0)) one.settle(error);
  }

  /** False when the line takes no more for now. */
  function writeSome(file: number, one: Waiting): boolean {
    try {
      one.written += writeSync(file, one.bytes, one.written);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN' || code === 'EINTR') return false;
      failAll({ code: 'failure', detail: (error as Error).message });
      return true;
    }
    if (one.written < one.bytes.length) return false;
    waiting.shift();
    one.settle(null);
    return true;
  }

  function pump(): void {
    isArmed = false;
    for (let one = waiting[0]; one !== undefined; one = waiting[0]) {
      const file = descriptor();
      if (file === null) {
        failAll(closed);
        return;
      }
      if (!writeSome(file, one)) {
        isArmed = true;
        cancel = timers.after(retryMs, pump);
        retryMs = Math.min(retryMs * 2, retryMsMax);
        return;
      }
      retryMs = retryMsMin;
    }
  }

  return {
    write(bytes) {
      const held = waiting.reduce((sum, one) => sum + one.bytes.length - one.written, 0);
      if (held + bytes.length > unwrittenBytesMax) {
        return Promise.resolve({ code: 'busy', detail: `${held} bytes wait to be written` });
      }
      return new Promise((settle) => {
        waiting.push({ bytes, written: 0, settle });
        if (!isArmed) pump();
      });
    },
    stop() {
      cancel();
      failAll(closed);
    },
  };
}
