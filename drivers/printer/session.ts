// Owns what is known of the printer while one session is open: replies in, questions out.
import type { DeviceError } from '#drivers/device.ts';
import {
  createReplyReader,
  decodeAutomatic,
  decodeRealTime,
  type PrinterCondition,
  type PrinterReply,
} from '#drivers/printer/status.ts';
import type { Connection } from '#drivers/printer/transport.ts';
import type { Timers } from '#drivers/timers.ts';

type Query = 1 | 2 | 4;

export interface PrinterSession {
  /** The last that the printer said of itself; null before it said anything. */
  condition(): PrinterCondition | null;
  /** The fault that ended the session, or null. */
  lost(): DeviceError | null;
  /** True when this process id has been answered. */
  hasPrinted(processId: string): boolean;
  /** The last answer to GS r since `forgetAnswers`, with its time. */
  transmitted(): { readonly byte: number; readonly atMs: number } | null;
  /** When the printer last said anything. */
  heardAtMs(): number;
  forgetAnswers(): void;
  /** Settles at the next reply, at a loss, or after `limitMs`. */
  changed(limitMs: number): Promise<void>;
  /** DLE EOT 1, 2 and 4; null when one of them stays unanswered for `answerMs`. */
  ask(answerMs: number): Promise<PrinterCondition | null>;
  write(bytes: Uint8Array): Promise<DeviceError | null>;
  end(deadlineMs: number): Promise<DeviceError | null>;
  /** Ends the session for its user at once; the wire is closed by `end`. */
  abandon(error: DeviceError): void;
}

export function createPrinterSession(connection: Connection, timers: Timers): PrinterSession {
  const reader = createReplyReader();
  const printedIds = new Set<string>();
  const waiters = new Set<() => void>();
  let condition: PrinterCondition | null = null;
  let transmitted: { byte: number; atMs: number } | null = null;
  let realTime: number | null = null;
  let heardAtMs = timers.nowMs();
  let lost: DeviceError | null = null;

  function accept(reply: PrinterReply): void {
    heardAtMs = timers.nowMs();
    if (reply.type === 'automatic') condition = decodeAutomatic(reply.bytes);
    else if (reply.type === 'processId') printedIds.add(reply.id);
    else if (reply.type === 'transmitted') transmitted = { byte: reply.byte, atMs: heardAtMs };
    else realTime = reply.byte;
  }

  function wake(): void {
    for (const waiter of [...waiters]) waiter();
  }

  function lose(error: DeviceError): void {
    lost ??= error;
    wake();
  }

  function changed(limitMs: number): Promise<void> {
    if (lost !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = () => {
        cancel();
        waiters.delete(settle);
        resolve();
      };
      const cancel = timers.after(limitMs, settle);
      waiters.add(settle);
    });
  }

  async function askOnce(query: Query, answerMs: number): Promise<number | null> {
    realTime = null;
    const endsAtMs = timers.nowMs() + answerMs;
    void connection.write(Uint8Array.of(0x10, 0x04, query));
    while (realTime === null && lost === null && timers.nowMs() < endsAtMs) {
      await changed(endsAtMs - timers.nowMs());
    }
    return realTime;
  }

  connection.onData((chunk) => {
    const replies = reader.push(chunk);
    for (const reply of replies) accept(reply);
    if (replies.length > 0) wake();
  });
  connection.onLost(lose);

  return {
    condition: () => condition,
    lost: () => lost,
    hasPrinted: (processId) => printedIds.has(processId),
    transmitted: () => transmitted,
    heardAtMs: () => heardAtMs,
    forgetAnswers() {
      printedIds.clear();
      transmitted = null;
    },
    changed,
    async ask(answerMs) {
      const answers = await askAll((query) => askOnce(query, answerMs));
      if (answers === null) return null;
      condition = decodeRealTime(answers);
      return condition;
    },
    write: (bytes) => connection.write(bytes),
    end: (deadlineMs) => connection.end(deadlineMs),
    abandon: lose,
  };
}

/** Some printers answer with what the question before asked for: the second answer is right. */
async function askAll(askOnce: (query: Query) => Promise<number | null>) {
  const answers: number[] = [];
  for (const query of [1, 1, 2, 2, 4, 4] as const) {
    const answer = await askOnce(query);
    if (answer === null) return null;
    answers.push(answer);
  }
  const [, printer, , offlineCause, , paper] = answers;
  if (printer === undefined || offlineCause === undefined || paper === undefined) return null;
  return { printer, offlineCause, paper };
}
