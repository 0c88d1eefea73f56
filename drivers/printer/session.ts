// Owns what is known of the printer while one session is open: replies in, questions out.
import type { DeviceError } from '#drivers/device.ts';
import {
  createReplyReader,
  decodeAutomatic,
  decodePaperSensor,
  decodeRealTime,
  type PrinterCondition,
  type PrinterReply,
  stopReason,
} from '#drivers/printer/status.ts';
import type { Connection } from '#drivers/printer/wire/transport.ts';
import type { Timers } from '#drivers/timers.ts';

export type RealTimeQuery = 1 | 2 | 3 | 4;

/** Which question this printer answers, found out by the probe; real time where it is not known. */
export type StatusQuestion = 'realTime' | 'automatic' | 'paperSensor';

/** The last answers as they came, for the device screen; null what was never answered. */
export interface StatusBytes {
  readonly realTime: Readonly<Record<RealTimeQuery, number | null>>;
  readonly automatic: readonly [number, number, number, number] | null;
}

export interface PrinterSession {
  /** The last that the printer said of itself; null before it said anything. */
  condition(): PrinterCondition | null;
  statusBytes(): StatusBytes;
  /** The fault that ended the session, or null. */
  lost(): DeviceError | null;
  /** True when this process id has been answered. */
  hasPrinted(processId: string): boolean;
  /** The answers to GS r since `forgetAnswers`: how many, the last of them, and its time. */
  transmitted(): { readonly count: number; readonly byte: number; readonly atMs: number } | null;
  /**
   * True while the last automatic status told of a stop. A printer that goes on all the same was
   * switched off and on in between: it forgot to whom it tells its status, and what it held.
   */
  wasToldStopped(): boolean;
  /**
   * What a printer that answers nothing said of itself before, unasked: one that stands still may
   * hold a serial line by XOFF, and then hears no question. Null where that explains nothing.
   */
  toldStop(): PrinterCondition | null;
  /** When the printer last said anything. */
  heardAtMs(): number;
  forgetAnswers(): void;
  /** Settles at the next reply, at a loss, or after `limitMs`. */
  changed(limitMs: number): Promise<void>;
  /**
   * Asks how the printer is; null when a question stays unanswered for `answerMs`, or all of them
   * take longer than `limitMs`. The cause of an error (DLE EOT 3) is asked where there is one, and
   * always when `wantsAll`.
   */
  ask(answerMs: number, wantsAll?: boolean, limitMs?: number): Promise<PrinterCondition | null>;
  /** Sends `request` and gives the first such reply that comes within `answerMs`. */
  request<T extends PrinterReply['type']>(
    request: Uint8Array,
    type: T,
    answerMs: number,
  ): Promise<Extract<PrinterReply, { type: T }> | null>;
  write(bytes: Uint8Array): Promise<DeviceError | null>;
  end(deadlineMs: number): Promise<DeviceError | null>;
  /** Ends the session for its user at once, its job is not whole; the wire is closed by `end`. */
  abandon(error: DeviceError): void;
}

const automaticStatusRequest = Uint8Array.of(0x1d, 0x61, 0xff);
const paperSensorRequest = Uint8Array.of(0x1d, 0x72, 0x01);
/** How long one answer may take, and when all must have come. */
interface AskLimit {
  readonly answerMs: number;
  readonly endsAtMs: number;
}

/** A printer that contradicts itself this often says nothing that can be used. */
const ANSWERS_MAX = 5;

export function createPrinterSession(
  connection: Connection,
  timers: Timers,
  question: StatusQuestion,
): PrinterSession {
  return new OpenSession(connection, timers, question);
}

class OpenSession implements PrinterSession {
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #question: StatusQuestion;
  readonly #reader = createReplyReader();
  readonly #printedIds = new Set<string>();
  readonly #wakers = new Set<() => void>();
  /** At most one question waits at a time; a reply that nobody waits for answers nothing. */
  #expected: { readonly type: PrinterReply['type']; answer: PrinterReply | null } | null = null;
  #condition: PrinterCondition | null = null;
  #realTime: Record<RealTimeQuery, number | null> = { 1: null, 2: null, 3: null, 4: null };
  #realTimeCount = 0;
  #automatic: readonly [number, number, number, number] | null = null;
  #transmitted: { count: number; byte: number; atMs: number } | null = null;
  #heardAtMs: number;
  #lost: DeviceError | null = null;

  constructor(connection: Connection, timers: Timers, question: StatusQuestion) {
    this.#connection = connection;
    this.#timers = timers;
    this.#question = question;
    this.#heardAtMs = timers.nowMs();
    connection.onData((chunk) => {
      const replies = this.#reader.push(chunk);
      for (const reply of replies) this.#accept(reply);
      if (replies.length > 0) this.#wake();
    });
    connection.onLost((error) => this.abandon(error));
  }

  condition(): PrinterCondition | null {
    return this.#condition;
  }

  statusBytes(): StatusBytes {
    return { realTime: { ...this.#realTime }, automatic: this.#automatic };
  }

  lost(): DeviceError | null {
    return this.#lost;
  }

  hasPrinted(processId: string): boolean {
    return this.#printedIds.has(processId);
  }

  transmitted() {
    return this.#transmitted;
  }

  wasToldStopped(): boolean {
    return this.#automatic !== null && stopReason(decodeAutomatic(this.#automatic)) !== null;
  }

  toldStop(): PrinterCondition | null {
    const last = this.#lost === null && this.wasToldStopped() ? this.#condition : null;
    return last !== null && stopReason(last) !== null ? last : null;
  }

  heardAtMs(): number {
    return this.#heardAtMs;
  }

  forgetAnswers(): void {
    this.#printedIds.clear();
    this.#transmitted = null;
  }

  changed(limitMs: number): Promise<void> {
    if (this.#lost !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = () => {
        cancel();
        this.#wakers.delete(settle);
        resolve();
      };
      const cancel = this.#timers.after(limitMs, settle);
      this.#wakers.add(settle);
    });
  }

  async ask(
    answerMs: number,
    wantsAll = false,
    limitMs: number = Number.POSITIVE_INFINITY,
  ): Promise<PrinterCondition | null> {
    const limit = { answerMs, endsAtMs: this.#timers.nowMs() + limitMs };
    if (this.#question === 'automatic') {
      const answer = await this.request(
        automaticStatusRequest,
        'automatic',
        Math.min(answerMs, limitMs),
      );
      return answer === null ? null : this.#condition;
    }
    if (this.#question === 'paperSensor') {
      const answer = await this.request(
        paperSensorRequest,
        'transmitted',
        Math.min(answerMs, limitMs),
      );
      if (answer === null) return null;
      this.#condition = decodePaperSensor(answer.byte);
      return this.#condition;
    }
    const printer = await this.#askTwice(1, limit);
    const offlineCause = printer === null ? null : await this.#askTwice(2, limit);
    const paper = offlineCause === null ? null : await this.#askTwice(4, limit);
    if (printer === null || offlineCause === null || paper === null) return null;
    const hasError = (offlineCause & 0x40) !== 0;
    // A printer that has no answer to n = 3 still told that there is an error.
    const error = hasError || wantsAll ? await this.#askTwice(3, limit) : null;
    this.#condition = decodeRealTime({ printer, offlineCause, error, paper });
    return this.#condition;
  }

  async request<T extends PrinterReply['type']>(request: Uint8Array, type: T, answerMs: number) {
    const expected: { type: T; answer: PrinterReply | null } = { type, answer: null };
    this.#expected = expected;
    const endsAtMs = this.#timers.nowMs() + answerMs;
    void this.#connection.write(request);
    while (expected.answer === null && this.#lost === null && this.#timers.nowMs() < endsAtMs) {
      await this.changed(endsAtMs - this.#timers.nowMs());
    }
    if (this.#expected === expected) this.#expected = null;
    return expected.answer as Extract<PrinterReply, { type: T }> | null;
  }

  write(bytes: Uint8Array): Promise<DeviceError | null> {
    return this.#connection.write(bytes);
  }

  end(deadlineMs: number): Promise<DeviceError | null> {
    return this.#connection.end(deadlineMs);
  }

  abandon(error: DeviceError): void {
    this.#lost ??= error;
    this.#connection.abandon?.(error);
    this.#wake();
  }

  /**
   * The same question until two answers in a row agree. One byte answers whatever was asked, so
   * an answer that comes late, one that nobody asked for (image data with DLE EOT inside, another
   * till behind the same box) and one to the question before all look alike. Two answers to one
   * question count for nothing; a late one shifts the answers by one, and the first then differs
   * from the second wherever it matters.
   */
  async #askTwice(query: RealTimeQuery, limit: AskLimit): Promise<number | null> {
    let before: number | null = null;
    for (let tries = 0; tries < ANSWERS_MAX; tries += 1) {
      const leftMs = limit.endsAtMs - this.#timers.nowMs();
      if (leftMs <= 0) return null;
      const answerMs = Math.min(limit.answerMs, leftMs);
      const countBefore = this.#realTimeCount;
      const answer = await this.request(Uint8Array.of(0x10, 0x04, query), 'realTime', answerMs);
      if (answer === null) return null;
      if (answer.byte === before) {
        this.#realTime[query] = answer.byte;
        return answer.byte;
      }
      before = this.#realTimeCount - countBefore === 1 ? answer.byte : null;
    }
    return null;
  }

  #accept(reply: PrinterReply): void {
    this.#heardAtMs = this.#timers.nowMs();
    if (reply.type === 'automatic') {
      this.#automatic = reply.bytes;
      this.#condition = decodeAutomatic(reply.bytes);
    } else if (reply.type === 'processId') {
      this.#printedIds.add(reply.id);
    } else if (reply.type === 'realTime') {
      this.#realTimeCount += 1;
    } else if (reply.type === 'transmitted') {
      const count = (this.#transmitted?.count ?? 0) + 1;
      this.#transmitted = { count, byte: reply.byte, atMs: this.#heardAtMs };
    }
    const expected = this.#expected;
    if (expected !== null && expected.type === reply.type) expected.answer ??= reply;
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }
}
