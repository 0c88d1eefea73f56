// Owns a printer in code that answers as a test says, on a clock that only the test moves.
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import type { DeviceError } from '#drivers/device.ts';
import { EscPosPrinter } from '#drivers/printer/escpos.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { createManualTimers, type ManualTimers } from '#test/support/manualTimers.ts';

/** Its answers to DLE EOT 1 to 4. */
export const good = { 1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12 } as const;
/** As it says of itself, unasked. */
export const isWell = [0x10, 0, 0, 0] as const;

/** Answers questions at once; ids as `onId` says. */
export class ScriptedPrinter {
  readonly timers: ManualTimers = createManualTimers();
  readonly written: Uint8Array[] = [];
  readonly log: string[] = [];
  realTime: Readonly<Record<number, number>> = good;
  isMute: boolean = false;
  isOneWay: boolean = false;
  delayMs: number = 0;
  /** How long a byte is on the line. */
  byteMs: number = 0;
  refusal: DeviceError | null = null;
  onId: (id: string) => void = (id) => this.answerId(id);
  #onData: (chunk: Uint8Array) => void = () => undefined;
  #lineIsFreeAtMs = 0;

  transport(): Transport {
    const connect = (): Promise<Result<Connection, DeviceError>> =>
      Promise.resolve(this.refusal === null ? success(this.#session()) : failure(this.refusal));
    return { keepsSession: !this.isOneWay, isOneWay: this.isOneWay, connect };
  }

  driver(capabilities: PrinterCapabilities | null = null): EscPosPrinter {
    const profile = printerProfileById('epson-80');
    if (profile === null) throw new Error('epson-80');
    const log = (event: string, detail: string) => this.log.push(`${event} ${detail}`);
    const transport = this.transport();
    return new EscPosPrinter({ transport, profile, capabilities, timers: this.timers, log });
  }

  say(...bytes: readonly number[]): void {
    this.#onData(Uint8Array.from(bytes));
  }

  answerId(id: string): void {
    this.#answer(0x37, 0x22, ...Buffer.from(id, 'latin1'), 0);
  }

  loseVoice(): void {
    this.isMute = true;
  }

  /** Lets time pass until the promise has settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const done = promise.finally(() => {
      isSettled = true;
    });
    done.catch(() => undefined);
    for (let count = 0; !isSettled && count < 2000; count += 1) await this.timers.advance(50);
    if (!isSettled) throw new Error('never settled');
    return done;
  }

  hasWritten(bytes: Buffer): boolean {
    return Buffer.concat(this.written).includes(bytes);
  }

  #answer(...bytes: readonly number[]): void {
    if (this.isMute || this.isOneWay) return;
    if (this.delayMs === 0) queueMicrotask(() => this.say(...bytes));
    else this.timers.after(this.delayMs, () => this.say(...bytes));
  }

  #session(): Connection {
    let isEnded = false;
    return {
      onData: (listener) => {
        this.#onData = listener;
      },
      onLost: () => undefined,
      write: (bytes) => {
        if (isEnded) return Promise.resolve({ code: 'closed', detail: 'ended' });
        if (this.byteMs === 0) this.#take(bytes);
        return this.byteMs === 0 ? Promise.resolve(null) : this.#takeInTime(bytes);
      },
      end: () => {
        isEnded = true;
        return Promise.resolve(null);
      },
    };
  }

  #takeInTime(bytes: Uint8Array): Promise<null> {
    const startsAtMs = Math.max(this.timers.nowMs(), this.#lineIsFreeAtMs);
    this.#lineIsFreeAtMs = startsAtMs + bytes.length * this.byteMs;
    return new Promise((resolve) => {
      this.timers.after(this.#lineIsFreeAtMs - this.timers.nowMs(), () => {
        this.#take(bytes);
        resolve(null);
      });
    });
  }

  #take(bytes: Uint8Array): void {
    this.written.push(bytes);
    this.#read(Buffer.from(bytes));
  }

  #read(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 1) {
      const [first, second, third = 0] = bytes.subarray(at);
      if (first === 0x10 && second === 4) this.#answer(this.realTime[third] ?? 0);
      if (first === 0x1d && second === 0x61) this.#answer(...isWell);
      if (first === 0x1d && second === 0x72) this.#answer(0);
      if (first === 0x1d && second === 0x28 && third === 0x48) {
        this.onId(bytes.toString('latin1', at + 7, at + 11));
      }
    }
  }
}
