// Owns the ESC/POS printer: one output at a time, never sent twice, honest about what it knows.
import { assert } from '#drivers/assert.ts';
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import type { DeviceState } from '#drivers/device.ts';
import {
  drawerPulse,
  encodeReceipt,
  paperStatusRequest,
  processIdRequest,
} from '#drivers/printer/encode.ts';
import { defaultTiming, type PrintTiming, runPrintJob } from '#drivers/printer/job.ts';
import { layoutReceipt } from '#drivers/printer/layout.ts';
import type {
  POSPrinter,
  PrinterStatus,
  PrinterTest,
  PrintOutput,
  PrintProgress,
} from '#drivers/printer/printer.ts';
import type { PrinterProfile } from '#drivers/printer/profiles.ts';
import { createPrinterSession, type PrinterSession } from '#drivers/printer/session.ts';
import { type PrinterCondition, stopReason } from '#drivers/printer/status.ts';
import type { Transport } from '#drivers/printer/transport.ts';
import type { Timers } from '#drivers/timers.ts';

export interface EscPosPrinterOptions {
  readonly transport: Transport;
  readonly profile: PrinterProfile;
  readonly timers: Timers;
  /** Shorter times for tests; the defaults suit a shop. */
  readonly timing?: Partial<PrintTiming>;
}

/**
 * Longer than any command we send: fills what a broken session left half said. NUL prints nothing.
 */
const FLUSH_BYTES = 512;
const STATUS_LIMIT_MS = 1000;

type Blocked = Extract<PrintProgress, { state: 'blocked' }>;
type Preflight =
  | { readonly ok: true; readonly session: PrinterSession }
  | { readonly ok: false; readonly blocked: Blocked };

export class EscPosPrinter implements POSPrinter {
  readonly #transport: Transport;
  readonly #profile: PrinterProfile;
  readonly #timers: Timers;
  readonly #timing: PrintTiming;
  #listener: (status: PrinterStatus) => void = () => undefined;
  #last: PrinterStatus = statusOf('opening', null);
  #session: PrinterSession | null = null;
  #isPrinting: boolean = false;
  #isClosed: boolean = false;
  /** After a start or a doubt, the printer may stand in the middle of a command. */
  #needsFlush: boolean = true;
  /** Everything that uses the wire, one after the other. */
  #tail: Promise<unknown> = Promise.resolve();
  /** The goodbye of the session before: the next one waits for it. */
  #goodbye: Promise<unknown> = Promise.resolve();
  #cancelHeartbeat: () => void = () => undefined;

  constructor(options: EscPosPrinterOptions) {
    this.#transport = options.transport;
    this.#profile = options.profile;
    this.#timers = options.timers;
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  async print(
    outputId: number,
    output: PrintOutput,
    onProgress: (progress: PrintProgress) => void,
    beforeSending: () => Promise<boolean>,
  ): Promise<PrintProgress> {
    assert(!this.#isPrinting, 'a second print while one runs');
    this.#isPrinting = true;
    const outcome = await this.#exclusive(() =>
      this.#printNow(outputId, output, onProgress, beforeSending),
    );
    this.#isPrinting = false;
    return outcome;
  }

  status(): Promise<PrinterStatus> {
    if (this.#isPrinting || this.#isClosed) return Promise.resolve(this.#last);
    return this.#exclusive(async () => {
      const checked = await this.#preflight(STATUS_LIMIT_MS);
      if (checked.ok) this.#letGo(checked.session, false);
      return this.#last;
    });
  }

  test(_test: PrinterTest): Promise<PrintProgress> {
    return Promise.resolve({ state: 'blocked', reason: 'offline' });
  }

  probe(): Promise<PrinterCapabilities | null> {
    return Promise.resolve(null);
  }

  watch(_isOn: boolean): void {}

  onStatus(listener: (status: PrinterStatus) => void): void {
    this.#listener = listener;
    this.#beat();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelHeartbeat();
    this.#session?.abandon({ code: 'closed', detail: 'the till closed the printer' });
    await this.#tail;
    await this.#goodbye;
    await this.#session?.end(this.#timing.endMs);
    this.#session = null;
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result;
    return result;
  }

  #beat(): void {
    this.#cancelHeartbeat();
    this.#cancelHeartbeat = this.#timers.after(this.#timing.heartbeatMs, () => {
      void this.status().then(() => {
        if (!this.#isClosed) this.#beat();
      });
    });
  }

  #setStatus(status: PrinterStatus): void {
    const hasChanged = JSON.stringify(status) !== JSON.stringify(this.#last);
    this.#last = status;
    if (hasChanged && !this.#isClosed) this.#listener(status);
  }

  #setUnreachable(): void {
    const wasThere = this.#last.state === 'ready' || this.#last.state === 'lost';
    this.#setStatus(statusOf(wasThere ? 'lost' : 'absent', null));
  }

  async #open(limitMs: number): Promise<PrinterSession | null> {
    await this.#goodbye;
    if (this.#session !== null && this.#session.lost() === null) return this.#session;
    await this.#session?.end(this.#timing.endMs);
    this.#session = null;
    if (this.#isClosed) return null;
    const connected = await this.#transport.connect(Math.min(limitMs, this.#timing.connectMs));
    if (!connected.ok) return null;
    this.#session = createPrinterSession(connected.value, this.#timers);
    return this.#session;
  }

  #letGo(session: PrinterSession, isDoubtful: boolean): void {
    if (this.#transport.keepsSession && session.lost() === null && !isDoubtful) return;
    this.#session = null;
    this.#goodbye = session.end(this.#timing.endMs);
  }

  async #preflight(limitMs: number): Promise<Preflight> {
    const startedAtMs = this.#timers.nowMs();
    const session = await this.#open(limitMs);
    if (session === null) {
      this.#setUnreachable();
      return { ok: false, blocked: { state: 'blocked', reason: 'offline' } };
    }
    if (this.#profile.ackLevel === 'none') {
      this.#setStatus(statusOf('ready', null));
      return { ok: true, session };
    }
    const leftMs = Math.max(1, limitMs - (this.#timers.nowMs() - startedAtMs));
    const condition = await session.ask(Math.min(this.#timing.answerMs, leftMs));
    if (condition === null) {
      this.#letGo(session, true);
      this.#setUnreachable();
      return { ok: false, blocked: { state: 'blocked', reason: 'offline' } };
    }
    this.#setStatus(statusOf('ready', condition));
    const reason = stopReason(condition);
    if (reason === null) return { ok: true, session };
    this.#letGo(session, false);
    return { ok: false, blocked: { state: 'blocked', reason } };
  }

  #bytesOf(outputId: number, output: PrintOutput): Uint8Array | null {
    const parts: Uint8Array[] = this.#needsFlush ? [new Uint8Array(FLUSH_BYTES)] : [];
    if (output.kind === 'drawer') {
      parts.push(drawerPulse);
    } else {
      const rows = layoutReceipt(output.document, this.#profile.columns);
      const encoded = encodeReceipt(rows, this.#profile);
      if (!encoded.ok) return null;
      parts.push(encoded.value.bytes);
    }
    const { ackLevel } = this.#profile;
    if (ackLevel === 'processId' || ackLevel === 'gsR') parts.push(paperStatusRequest);
    if (ackLevel === 'processId') parts.push(processIdRequest(processIdOf(outputId)));
    return Buffer.concat(parts);
  }

  #maySend(beforeSending: () => Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(this.#timing.beforeSendingMs, () => resolve(false));
      const settle = (answer: boolean) => {
        cancel();
        resolve(answer);
      };
      beforeSending().then(settle, () => settle(false));
    });
  }

  async #printNow(
    outputId: number,
    output: PrintOutput,
    onProgress: (progress: PrintProgress) => void,
    beforeSending: () => Promise<boolean>,
  ): Promise<PrintProgress> {
    onProgress({ state: 'checking' });
    const bytes = this.#bytesOf(outputId, output);
    if (bytes === null) return { state: 'blocked', reason: 'error' };
    const checked = await this.#preflight(Number.POSITIVE_INFINITY);
    if (!checked.ok) return checked.blocked;
    const { session } = checked;
    const isAllowed = await this.#maySend(beforeSending);
    if (!isAllowed || this.#isClosed || session.lost() !== null) {
      this.#letGo(session, false);
      return { state: 'blocked', reason: 'offline' };
    }
    const job = {
      bytes,
      processId: processIdOf(outputId),
      ackLevel: this.#profile.ackLevel,
      mayWait: output.kind === 'document',
    };
    const outcome = await runPrintJob(session, job, this.#timing, this.#timers, (progress) => {
      const condition = session.condition();
      if (condition !== null) this.#setStatus(statusOf('ready', condition));
      onProgress(progress);
    });
    this.#needsFlush = outcome.state === 'unknown';
    if (session.lost() !== null) this.#setUnreachable();
    this.#letGo(session, outcome.state === 'unknown');
    return outcome;
  }
}

function statusOf(state: DeviceState, condition: PrinterCondition | null): PrinterStatus {
  return {
    state,
    isPaperOut: condition?.isPaperOut ?? null,
    isCoverOpen: condition?.isCoverOpen ?? null,
    hasError: condition?.hasError ?? null,
    isPaperNearEnd: null,
    isDrawerPinHigh: null,
    bytes: null,
  };
}

/** Four digits: told apart from the ids of the jobs before it. */
function processIdOf(outputId: number): string {
  return String(outputId % 10_000).padStart(4, '0');
}
