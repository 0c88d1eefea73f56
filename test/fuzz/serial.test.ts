// Goal: whatever comes down a serial line, a frame is what was sent between two ends and no more.
// Method: seeded random and damaged reads in random pieces and pauses, against a plain reckoning of
// the whole stream at once; in host ACK mode against a scanner that sends again what was refused.
import { expect, it } from 'vitest';
import { type ProtocolEvent, rawBytesMax, type ScanProtocol } from '#drivers/scanner/protocol.ts';
import { frameBytesMax } from '#drivers/scanner/serial/framer.ts';
import { createSerialProtocol } from '#drivers/scanner/serial/serial.ts';
import {
  below,
  chunked,
  feed,
  fuzzFrames,
  mustBeAtMost,
  mustEqual,
  mutate,
  pick,
  type Random,
  randomBytes,
} from '#test/support/fuzz.ts';
import { judgeFrame } from '#test/support/fuzzNumbers.ts';
import { seededRandom } from '#test/support/runs.ts';

interface Chunk {
  readonly bytes: Uint8Array;
  readonly timeMs: number;
}

const corpus: readonly Uint8Array[] = [
  '4006381333931\r',
  ']E04006381333931\r\n',
  '\u00022990000000019\u0003',
  ']C10104006381333931\u001d10AB\t',
  '770000000016\r\r',
  'https://id.example.org/8018/952110123456700015\r',
  'Çay ₺ 1\n',
  'no suffix',
  `${'7'.repeat(frameBytesMax)}\r`,
  `${'7'.repeat(frameBytesMax + 1)}\r`,
].map((text) => new TextEncoder().encode(text));
/** Long ones are dear: they come one time in a hundred. */
const short = corpus.slice(0, 8);

function makeBytes(random: Random): Uint8Array {
  if (random() < 0.2) return randomBytes(random, 40);
  if (random() < 0.2) return pick(random, short);
  return mutate(random, random() < 0.01 ? corpus : short);
}

function isText(byte: number): boolean {
  return byte === 0x1d || (byte > 0x1f && byte < 0x7f) || (byte > 0x7f && byte < 0xff);
}

/** The text that the bytes of a frame are, or null when it is spoilt. */
function frameOf(body: string): string | null {
  const bytes = Buffer.from(body, 'latin1');
  if (bytes.length > frameBytesMax || !bytes.every(isText)) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) && !/[\u0080-\u009f]/.test(text) ? text : null;
}

/** What came between two silences, and when each byte of it did. */
interface Stretch {
  readonly text: string;
  readonly timesMs: readonly number[];
}

const [stx, etx] = ['\u0002', '\u0003'];
/** STX, text and a line end: the frame has ended unless more comes at once. */
const line = new RegExp(`${stx}[\\t\\n\\r]*([^${stx}${etx}\\t\\n\\r]+)[\\t\\n\\r]+$`);

function isPause(pauseMs: number, before: string): boolean {
  const body = line.exec(before)?.[1];
  const isLine = body !== undefined && body.length <= frameBytesMax && isWholeText(body);
  return pauseMs >= (isLine ? 20 : 300);
}

function isWholeText(text: string): boolean {
  return Buffer.from(text, 'latin1').every(isText);
}

function stretchesOf(chunks: readonly Chunk[]): Stretch[] {
  const stretches: { text: string; timesMs: number[] }[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { bytes, timeMs } of chunks) {
    const before = stretches.at(-1)?.text ?? '';
    if (isPause(timeMs - lastMs, before)) stretches.push({ text: '', timesMs: [] });
    lastMs = timeMs;
    const stretch = stretches.at(-1);
    if (stretch === undefined) continue;
    stretch.text += Buffer.from(bytes).toString('latin1');
    for (const _ of bytes) stretch.timesMs.push(timeMs);
  }
  return stretches;
}

/** STX up to ETX, the next STX or silence; else up to a line end, STX or silence. */
const pieces = new RegExp(
  `${stx}([^${stx}${etx}]*)(${etx}?)|([^${stx}${etx}\\t\\n\\r]+)([${etx}\\t\\n\\r]?)`,
  'g',
);

/** What stands between STX and its end, or null when nothing ended it. */
function bodyOf(within: string, end: string): string | null {
  const body = within.replace(/^[\t\n\r]+|[\t\n\r]+$/g, '');
  const hasLineEnd = body !== '' && /[\t\n\r]$/.test(within);
  return end === etx || hasLineEnd ? body : null;
}

/** Each frame of a stream that ends in silence, reckoned at once; null for a spoilt one. */
function reckonAll(chunks: readonly Chunk[]): (string | null)[] {
  const frames: (string | null)[] = [];
  let identifiedMs = Number.NEGATIVE_INFINITY;
  for (const { text, timesMs } of stretchesOf(chunks)) {
    for (const match of text.matchAll(pieces)) {
      const [whole, within, withinEnd = '', plain = '', plainEnd = ''] = match;
      const end = match.index + whole.length;
      const isCut = withinEnd + plainEnd === '' && end < text.length;
      const body = within === undefined ? plain : bodyOf(within, withinEnd);
      const isLine = within !== undefined && body !== null && body.length <= frameBytesMax;
      // What STX cuts off is dropped, but for a line: that was whole.
      if (body === '' || (isCut && !(isLine && isWholeText(body)))) continue;
      const frame = body === null ? null : frameOf(body);
      const isIdentified = /^\][A-Za-z][A-Za-z0-9]/.test(frame ?? '');
      const startMs = timesMs[match.index] ?? 0;
      const isRest = within === undefined && !isIdentified && startMs - identifiedMs < 20;
      if (isIdentified || isRest) identifiedMs = timesMs[end - 1] ?? 0;
      if (!isRest) frames.push(frame);
    }
  }
  return frames;
}

function reckon(chunks: readonly Chunk[]): string[] {
  return reckonAll(chunks).filter((frame) => frame !== null);
}

/** What ModemManager sends is left out by the driver, and by the reckoning. */
function scansOf(frames: readonly string[]): string[] {
  return frames.filter((text) => !text.startsWith('AT'));
}

function framesOf(events: readonly ProtocolEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'frame' ? [event.text] : []));
}

/** One to five reads, pushed in pieces, and silence after them. */
function play(random: Random, protocol: ScanProtocol, startMs: number) {
  const chunks: Chunk[] = [];
  const events: ProtocolEvent[] = [];
  let timeMs = startMs;
  const reads = 1 + below(random, 5);
  for (let read = 0; read < reads; read += 1) {
    timeMs += random() < 0.2 ? below(random, 700) : below(random, 20);
    for (const bytes of chunked(random, makeBytes(random))) {
      timeMs += random() < 0.1 ? below(random, 320) : 0;
      chunks.push({ bytes, timeMs });
      events.push(...protocol.push(bytes, timeMs));
      if (random() < 0.2) {
        timeMs += below(random, 299);
        events.push(...protocol.tick(timeMs));
      }
      mustBeAtMost(protocol.heldBytes(), frameBytesMax);
    }
  }
  events.push(...protocol.tick(timeMs + 300));
  return { chunks, events, endMs: timeMs + 300, reads };
}

it(`serial: ${fuzzFrames} frames, none but what was sent`, () => {
  const random = seededRandom('fuzz serial');
  let isTracing = false;
  const language = { isAcknowledged: false, commands: 'none' } as const;
  const protocol = createSerialProtocol(language, () => isTracing);
  let timeMs = 1000;
  let booked = 0;
  feed(fuzzFrames, () => {
    isTracing = random() < 0.5;
    const { chunks, events, endMs, reads } = play(random, protocol, timeMs);
    timeMs = endMs + 1000;
    const frames = framesOf(events);
    mustEqual(scansOf(frames), scansOf(reckon(chunks)));
    booked += frames.filter(judgeFrame).length;
    const shown = events.flatMap((event) => (event.type === 'read' ? [event.read] : []));
    const sizeBytes = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const shownBytes = shown.reduce((sum, one) => sum + one.byteCount, 0);
    if (isTracing) mustEqual(shownBytes, sizeBytes);
    for (const { bytes } of shown) mustBeAtMost(bytes.length, rawBytesMax);
    mustEqual([protocol.expiresAtMs(), protocol.heldBytes()], [null, 0]);
    return reads;
  });
  expect(booked).toBeGreaterThan(fuzzFrames / 20);
});

it(`host ACK mode: ${fuzzFrames} frames, each answered and booked once`, () => {
  const random = seededRandom('fuzz ACK');
  const language = { isAcknowledged: true, commands: 'honeywell' } as const;
  const protocol = createSerialProtocol(language, () => false);
  const clean = short.slice(0, 6);
  let timeMs = 1000;
  let refused = 0;
  feed(fuzzFrames, () => {
    const frame = pick(random, clean);
    const sent = random() < 0.3 ? frame : mutate(random, [frame]);
    const chunks = [{ bytes: sent, timeMs }];
    const events = [...protocol.push(sent, timeMs), ...protocol.tick(timeMs + 300)];
    const answers: (number | undefined)[] = events.flatMap((event) =>
      event.type === 'reply' ? [event.bytes[0]] : [],
    );
    mustEqual(
      answers,
      reckonAll(chunks).map((frame) => (frame === null ? 0x15 : 0x06)),
    );
    mustEqual(scansOf(framesOf(events)), scansOf(reckon(chunks)));
    timeMs += 400;
    if (answers.length === 1 && answers[0] === 0x15) {
      refused += 1;
      const again = [...protocol.push(frame, timeMs), ...protocol.tick(timeMs + 300)];
      mustEqual(framesOf(again), reckon([{ bytes: frame, timeMs }]));
      timeMs += 400;
    }
    return 1;
  });
  expect(refused).toBeGreaterThan(0);
});
