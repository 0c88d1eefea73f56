// Owns the ESC/POS printer: one output at a time, never sent twice, honest about what it knows.
import { assert } from '#drivers/assert.ts';
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import type { DeviceError } from '#drivers/device.ts';
import { customBytesOf, type LogLine } from '#drivers/printer/bridge/blockFile.ts';
import { flushInPieces } from '#drivers/printer/flush.ts';
import { defaultTiming, type PrintTiming, runPrintJob } from '#drivers/printer/job.ts';
import { type CustomBytes, drawerPulse } from '#drivers/printer/paper/encode.ts';
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';
import { testSlip } from '#drivers/printer/paper/testSlip.ts';
import { flushBytes, outputBytes, prepareJob } from '#drivers/printer/prepare.ts';
import type {
  AckLevel,
  POSPrinter,
  PrinterStatus,
  PrinterTest,
  PrintOutput,
  PrintProgress,
} from '#drivers/printer/printer.ts';
import { probePrinter } from '#drivers/printer/probe.ts';
import {
  createPrinterSession,
  type PrinterSession,
  type StatusQuestion,
} from '#drivers/printer/session.ts';
import { stopReason } from '#drivers/printer/status.ts';
import { StatusBoard } from '#drivers/printer/statusBoard.ts';
import type { Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { Timers } from '#drivers/timers.ts';

export interface EscPosPrinterOptions {
  readonly transport: Transport;
  readonly profile: PrinterProfile;
  /** What the probe found out; null: the profile's guess holds. */
  readonly capabilities: PrinterCapabilities | null;
  readonly timers: Timers;
  /** Told why a block of the shop's own was left out. */
  readonly log?: LogLine;
  /** Shorter times for tests; the defaults suit a shop. */
  readonly timing?: Partial<PrintTiming>;
}

const STATUS_LIMIT_MS = 3000;
const WATCH_MS = 500;
/** Told apart from the ids of the queue's jobs, which count up from 1. */
const TEST_OUTPUT_ID = 0;

type Blocked = Extract<PrintProgress, { state: 'blocked' }>;
const offline: Blocked = { state: 'blocked', reason: 'offline' };
/**
 * Not `blocked`, though nothing was sent: no retry ever helps, and the papers behind it would wait
 * for good. The queue, which has not been asked to send, cancels it and says so.
 */
const unprintable: PrintProgress = {
  state: 'unknown',
  error: { code: 'failure', detail: 'the document cannot be printed: nothing was sent' },
  reach: 'part-sent',
};
const closedError: DeviceError = { code: 'closed', detail: 'the till closed the printer' };
const silentError: DeviceError = { code: 'timeout', detail: 'the printer answers no question' };

type Preflight =
  | { readonly ok: true; readonly session: PrinterSession }
  | { readonly ok: false; readonly blocked: Blocked };

interface WantedJob {
  readonly outputId: number;
  /** Null for what cannot be encoded. */
  readonly makeBytes: () => Promise<Uint8Array | null>;
  readonly mayWait: boolean;
  readonly isPulse: boolean;
}

export class EscPosPrinter implements POSPrinter {
  readonly #transport: Transport;
  readonly #profile: PrinterProfile;
  readonly #timers: Timers;
  readonly #timing: PrintTiming;
  readonly #log: LogLine;
  readonly #board: StatusBoard;
  #session: PrinterSession | null = null;
  #isPrinting: boolean = false;
  /** A test or a probe is under way: nobody waits behind one for a pulse that comes later. */
  #isTried: boolean = false;
  #isWatching: boolean = false;
  readonly #wantedLevel: AckLevel;
  readonly #question: StatusQuestion;
  readonly #answersProcessId: boolean;
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
    this.#log = options.log ?? (() => undefined);
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#wantedLevel = options.capabilities?.ackLevel ?? options.profile.ackLevel;
    this.#question = questionFor(options.capabilities);
    this.#answersProcessId = options.capabilities?.answersProcessId ?? false;
    const hasNearEndSensor = options.capabilities?.hasNearEndSensor ?? false;
    this.#board = new StatusBoard(hasNearEndSensor, this.#log);
  }

  async print(
    outputId: number,
    output: PrintOutput,
    onProgress: (progress: PrintProgress) => void,
    beforeSending: () => Promise<boolean>,
  ): Promise<PrintProgress> {
    assert(!this.#isPrinting, 'a second print while one runs');
    this.#isPrinting = true;
    const printed = this.#exclusive(async () => {
      onProgress({ state: 'checking' });
      // After the pre-flight: the shop's own file does not run at each try of a waiting receipt.
      const makeBytes = async () => {
        const custom = await customBytesOf(output, this.#log);
        return this.#bytesOrNull(output, custom);
      };
      const isPulse = output.kind === 'drawer';
      const job = { outputId, makeBytes, mayWait: !isPulse, isPulse };
      return await this.#printNow(job, onProgress, beforeSending);
    });
    return await printed.finally(() => {
      this.#isPrinting = false;
    });
  }

  async test(test: PrinterTest): Promise<PrintProgress> {
    if (!this.#isIdle()) {
      return { state: 'blocked', reason: this.#board.stopReason() ?? 'offline' };
    }
    this.#isTried = true;
    const isPulse = test === 'drawer';
    const bytes = isPulse ? drawerPulse : testSlip(test, this.#profile);
    const makeBytes = () => Promise.resolve(bytes);
    const job = { outputId: TEST_OUTPUT_ID, makeBytes, mayWait: false, isPulse };
    const printed = this.#exclusive(() =>
      this.#printNow(
        job,
        () => undefined,
        () => Promise.resolve(true),
      ),
    );
    return await printed.finally(() => {
      this.#isTried = false;
    });
  }

  async probe(): Promise<PrinterCapabilities | null> {
    if (!this.#isIdle()) return null;
    this.#isTried = true;
    const probed = this.#exclusive(async () => {
      const opened = await this.#open(this.#timing.connectMs);
      if (!opened.ok) return null;
      const session = opened.value;
      if (this.#transport.isOneWay) {
        // Questions would be a job of their own, for nobody to answer.
        this.#letGo(session, false);
        return null;
      }
      const found = await probePrinter(session, flushBytes(this.#profile), this.#timing.answerMs);
      // Whatever a printer made of questions that it does not know ends before the next job.
      this.#needsFlush = true;
      this.#letGo(session, false);
      return found === null ? null : { ...found, hasNearEndSensor: this.#board.hasNearEndSensor() };
    });
    return await probed.finally(() => {
      this.#isTried = false;
    });
  }

  watch(isOn: boolean): void {
    this.#isWatching = isOn;
    this.#beat();
    if (isOn || this.#isPrinting) return;
    void this.#exclusive(() => {
      if (this.#session !== null) this.#letGo(this.#session, false);
      return Promise.resolve();
    });
  }

  status(): Promise<PrinterStatus> {
    if (this.#isPrinting || this.#isClosed) return Promise.resolve(this.#board.last());
    const asked = this.#exclusive(async () => {
      const checked = await this.#preflight(STATUS_LIMIT_MS);
      if (checked.ok) this.#letGo(checked.session, false);
      return this.#board.last();
    });
    void this.#exclusive(() => this.#flushWhileIdle());
    return asked;
  }

  onStatus(listener: (status: PrinterStatus) => void): void {
    this.#board.onChange(listener);
    this.#beat();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#board.close();
    this.#cancelHeartbeat();
    this.#session?.abandon(closedError);
    await this.#tail;
    await this.#goodbye;
    await this.#session?.end(this.#timing.endMs);
    this.#session = null;
  }

  /**
   * One stored document that cannot be laid out must not end this process at each try: it would
   * take the scanners along, every few seconds.
   */
  #bytesOrNull(output: PrintOutput, custom: CustomBytes): Uint8Array | null {
    try {
      const bytes = outputBytes(output, this.#profile, custom, (missing) =>
        this.#log('print.missing', missing.join(' ')),
      );
      const why = 'a bar or QR code has data that it cannot hold';
      if (bytes === null) this.#log('print.unprintable', why);
      return bytes;
    } catch (error) {
      this.#log('print.unprintable', error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** How a job is confirmed: where nothing can come back, the profile's wish counts for nothing. */
  #ackLevel(): AckLevel {
    return this.#transport.isOneWay ? 'none' : this.#wantedLevel;
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    // Whatever went wrong with one output, the next one has its turn.
    this.#tail = result.catch(() => undefined);
    return result;
  }

  #beat(): void {
    this.#cancelHeartbeat();
    const delayMs = this.#isWatching ? WATCH_MS : this.#timing.heartbeatMs;
    this.#cancelHeartbeat = this.#timers.after(delayMs, () => {
      void this.status().then(() => {
        if (!this.#isClosed) this.#beat();
      });
    });
  }

  async #open(limitMs: number): Promise<Result<PrinterSession, DeviceError>> {
    await this.#goodbye;
    if (this.#session !== null && this.#session.lost() === null) return success(this.#session);
    await this.#session?.end(this.#timing.endMs);
    this.#session = null;
    if (this.#isClosed) return failure(closedError);
    const connected = await this.#transport.connect(Math.min(limitMs, this.#timing.connectMs));
    if (!connected.ok) {
      this.#board.setUnreachable(connected.error);
      return connected;
    }
    this.#session = createPrinterSession(connected.value, this.#timers, this.#question);
    return success(this.#session);
  }

  #letGo(session: PrinterSession, isDoubtful: boolean): void {
    // A session for each look would keep other tills from this printer, and slow the screen.
    const isKept = this.#transport.keepsSession || (this.#isWatching && !this.#isClosed);
    if (isKept && session.lost() === null && !isDoubtful) return;
    this.#session = null;
    this.#goodbye = session.end(this.#timing.endMs);
  }

  async #preflight(limitMs: number): Promise<Preflight> {
    const startedAtMs = this.#timers.nowMs();
    const opened = await this.#open(limitMs);
    if (!opened.ok) return { ok: false, blocked: offline };
    const session = opened.value;
    if (this.#ackLevel() === 'none') {
      this.#board.setMute();
      return { ok: true, session };
    }
    const askedAtMs = this.#timers.nowMs();
    const leftMs = Math.max(1, limitMs - (askedAtMs - startedAtMs));
    const answer = await session.ask(this.#timing.answerMs, this.#isWatching, leftMs);
    const condition = answer ?? session.toldStop();
    const isOverTime = this.#timers.nowMs() - askedAtMs >= leftMs;
    if (condition === null && isOverTime && session.heardAtMs() > askedAtMs) {
      // It answers, only not all in time: what was known of it stands, and its session goes on.
      this.#letGo(session, session.lost() !== null);
      return { ok: false, blocked: offline };
    }
    if (condition === null) {
      this.#board.setUnreachable(session.lost() ?? silentError);
      this.#letGo(session, true);
      return { ok: false, blocked: offline };
    }
    this.#board.setCondition(condition, session.statusBytes());
    const reason = stopReason(condition);
    if (reason === null) return { ok: true, session };
    this.#letGo(session, false);
    return { ok: false, blocked: { state: 'blocked', reason } };
  }

  #isIdle(): boolean {
    return !this.#isPrinting && !this.#isTried && !this.#isClosed;
  }

  /**
   * Where the session is kept, the line is slow: in front of the first job, so many NULs would keep
   * a drawer closed for seconds. Only a printer that has just said that it is well reads them.
   */
  async #flushWhileIdle(): Promise<void> {
    const session = this.#session;
    if (!this.#needsFlush || !this.#transport.keepsSession || session === null) return;
    const condition = session.condition();
    if (condition === null || stopReason(condition) !== null) return;
    const flushed = await flushInPieces(
      session,
      flushBytes(this.#profile),
      () => this.#isIdle(),
      this.#timing.stallMs,
      this.#timers,
    );
    if (flushed === 'whole') this.#needsFlush = false;
    if (flushed === 'broken') this.#letGo(session, true);
  }

  /** A receipt after a doubt is never without it; a pulse would come too late on a slow line. */
  #flushCount({ isPulse }: WantedJob): number {
    const mayFlush = !isPulse || !this.#transport.keepsSession;
    return this.#needsFlush && mayFlush ? flushBytes(this.#profile) : 0;
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
    wanted: WantedJob,
    onProgress: (progress: PrintProgress) => void,
    beforeSending: () => Promise<boolean>,
  ): Promise<PrintProgress> {
    const checked = await this.#preflight(Number.POSITIVE_INFINITY);
    if (!checked.ok) return checked.blocked;
    const { session } = checked;
    const bytes = await wanted.makeBytes();
    if (bytes === null) {
      this.#letGo(session, false);
      return unprintable;
    }
    const isAllowed = await this.#maySend(beforeSending);
    if (!isAllowed || this.#isClosed || session.lost() !== null) {
      this.#letGo(session, false);
      return offline;
    }
    const flushCount = this.#flushCount(wanted);
    const job = prepareJob({
      ...wanted,
      bytes,
      ackLevel: this.#ackLevel(),
      answersProcessId: this.#answersProcessId,
      flushCount,
    });
    const outcome = await runPrintJob(session, job, this.#timing, this.#timers, (progress) => {
      const condition = session.condition();
      if (condition !== null) this.#board.setCondition(condition, session.statusBytes());
      onProgress(progress);
    });
    const isFlushed = !this.#needsFlush || flushCount > 0;
    this.#needsFlush = outcome.state === 'unknown' || !isFlushed;
    const lost = session.lost();
    if (lost !== null) this.#board.setUnreachable(lost);
    // A goodbye was the acknowledgement where nothing comes back: that session is over.
    this.#letGo(session, outcome.state === 'unknown' || job.ackLevel === 'none');
    return outcome;
  }
}

/** Without a probe, DLE EOT: every manual that was read has it (printing.md §3.5). */
function questionFor(capabilities: PrinterCapabilities | null): StatusQuestion {
  if (capabilities === null || capabilities.answersRealTime) return 'realTime';
  return capabilities.answersAutomatic ? 'automatic' : 'paperSensor';
}
