// Owns the questions that find out what a printer answers; they print nothing (printing.md §3.5).
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import { paperStatusRequest, processIdRequest } from '#drivers/printer/paper/encode.ts';
import type { AckLevel } from '#drivers/printer/printer.ts';
import type { PrinterSession } from '#drivers/printer/session.ts';
import { decodeRealTime, isPaperPresent, stopReason } from '#drivers/printer/status.ts';

/**
 * What a printer does not know of a question it takes as text: seven characters at most, which
 * stay on the line that is not printed yet. `ESC @` throws that line away.
 */
const FORGET_LINE = [0x1b, 0x40];
const AUTOMATIC_ON = [0x1d, 0x61, 0xff];
/** GS I 67: the printer's own name for its model. */
const MODEL_NAME = [0x1d, 0x49, 0x43];
const PROBE_ID = 'ping';

/** What was asked and answered; `hasNearEndSensor` is for the caller to know. */
export type ProbedCapabilities = Omit<PrinterCapabilities, 'hasNearEndSensor'>;

/**
 * Asks DLE EOT 1 to 4, GS a, GS r 1, GS ( H and GS I, each for at most `answerMs`. Null when the
 * printer stands still, since its parser then answers nothing whatever it knows, and when it does
 * not answer anything.
 */
export async function probePrinter(
  session: PrinterSession,
  flushCount: number,
  answerMs: number,
): Promise<ProbedCapabilities | null> {
  const realTime = await askRealTime(session, answerMs);
  if (realTime === 'stopped') return null;
  // Prints nothing, ends any command that was cut off before, and clears the line begun.
  await session.write(Uint8Array.from([...new Uint8Array(flushCount), ...FORGET_LINE]));
  const automatic = await session.request(Uint8Array.from(AUTOMATIC_ON), 'automatic', answerMs);
  const sensor = await session.request(paperStatusRequest, 'transmitted', answerMs);
  const processId = await session.request(
    Uint8Array.from([...processIdRequest(PROBE_ID), ...FORGET_LINE]),
    'processId',
    answerMs,
  );
  const name = await session.request(
    Uint8Array.from([...MODEL_NAME, ...FORGET_LINE]),
    'block',
    answerMs,
  );
  if (automatic !== null) await session.write(Uint8Array.from(AUTOMATIC_ON));
  if (session.lost() !== null) return null;
  if (sensor !== null && !isPaperPresent(sensor.byte)) return null;
  const answers = {
    answersRealTime: realTime === 'answered',
    answersAutomatic: automatic !== null,
    answersPaperSensor: sensor !== null,
    answersProcessId: processId !== null && processId.id === PROBE_ID,
  };
  if (!Object.values(answers).includes(true)) return null;
  const modelName = name?.text.startsWith('_') ? name.text.slice(1, 65) : null;
  return { ackLevel: ackLevelOf(answers), ...answers, modelName };
}

function ackLevelOf(answers: Omit<ProbedCapabilities, 'ackLevel' | 'modelName'>): AckLevel {
  if (answers.answersProcessId) return 'processId';
  if (answers.answersPaperSensor) return 'gsR';
  return answers.answersRealTime || answers.answersAutomatic ? 'asb' : 'none';
}

async function askRealTime(
  session: PrinterSession,
  answerMs: number,
): Promise<'answered' | 'silent' | 'stopped'> {
  const bytes: (number | null)[] = [];
  for (const query of [1, 2, 3, 4]) {
    const request = Uint8Array.of(0x10, 0x04, query);
    const answer = await session.request(request, 'realTime', answerMs);
    bytes.push(answer?.byte ?? null);
    // A mute printer need not be asked three times more.
    if (answer === null && query === 2) break;
  }
  const [printer, offlineCause, error, paper] = bytes;
  // DLE EOT 3 is missing from some printers; the pre-flight needs the other three.
  if (typeof printer !== 'number' || typeof offlineCause !== 'number') return 'silent';
  if (typeof paper !== 'number') return 'silent';
  const condition = decodeRealTime({ printer, offlineCause, error: error ?? null, paper });
  return stopReason(condition) === null ? 'answered' : 'stopped';
}
