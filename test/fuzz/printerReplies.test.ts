// Goal: no bytes from a printer make its reader fail, grow, or see an answer that was not sent.
// Method: seeded random and damaged answers in random pieces, against patterns that cut the whole
// stream at once; the decoders take every byte there is.
import { expect, it } from 'vitest';
import {
  createReplyReader,
  decodeAutomatic,
  decodePaperSensor,
  decodeRealTime,
  isPaperPresent,
  type PrinterReply,
  stopReason,
} from '#drivers/printer/status.ts';
import {
  below,
  chunked,
  feed,
  fuzzFrames,
  mustEqual,
  mutate,
  pick,
  randomBytes,
} from '#test/support/fuzz.ts';
import { seededRandom } from '#test/support/runs.ts';

const corpus: readonly Uint8Array[] = [
  Uint8Array.of(0x12),
  Uint8Array.of(0x16, 0x12, 0x12, 0x1e),
  Uint8Array.of(0x10, 0x00, 0x00, 0x00),
  Uint8Array.of(0x18, 0x20, 0x0c, 0x0f),
  Uint8Array.of(0x00),
  Uint8Array.of(0x0c),
  Uint8Array.from(Buffer.from('7"0042\0')),
  Uint8Array.from(Buffer.from('_TM-T88VI\0')),
  Uint8Array.from(Buffer.from(`_${'x'.repeat(90)}\0`)),
  Uint8Array.of(0x11, 0x13),
];

/** A character class of the bytes that `test` is true for. */
function classOf(test: (byte: number) => boolean): string {
  const bytes = Array.from({ length: 256 }, (_one, byte) => byte).filter(test);
  return `[${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}]`;
}

const low = classOf((byte) => [0x00, 0x20, 0x40, 0x60].includes(byte & 0xf0));
const printable = classOf((byte) => byte >= 0x20 && byte <= 0x7e);
const patterns: readonly (readonly [PrinterReply['type'] | null, RegExp])[] = [
  ['processId', new RegExp(`7"(${printable}{4})\\x00`, 'y')],
  [null, new RegExp(`7"${printable}{0,4}\\x00?`, 'y')],
  ['block', new RegExp(`([57;=_]${printable}{0,81})\\x00`, 'y')],
  [null, new RegExp(`[57;=_]${printable}{0,81}`, 'y')],
  ['realTime', new RegExp(`(${classOf((byte) => (byte & 0x93) === 0x12)})`, 'y')],
  ['automatic', new RegExp(`(${classOf((byte) => (byte & 0x93) === 0x10)}${low}{3})`, 'y')],
  [null, new RegExp(`${classOf((byte) => (byte & 0x93) === 0x10)}${low}{0,2}`, 'y')],
  ['transmitted', new RegExp(`(${low})`, 'y')],
  [null, /[\s\S]/y],
];

/** What the stream says, as `type text`; its end may be the beginning of an answer. */
function reckon(stream: Uint8Array): string[] {
  const text = Buffer.from(stream.filter((byte) => byte !== 0x11 && byte !== 0x13));
  const whole = text.toString('latin1');
  const said: string[] = [];
  for (let at = 0; at < whole.length; ) {
    for (const [type, pattern] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(whole);
      if (match === null) continue;
      if (type !== null) said.push(`${type} ${match[1] ?? ''}`);
      at = pattern.lastIndex;
      break;
    }
  }
  return said;
}

function sayReply(reply: PrinterReply): string {
  if (reply.type === 'processId') return `processId ${reply.id}`;
  if (reply.type === 'block') return `block ${reply.text}`;
  const bytes = reply.type === 'automatic' ? reply.bytes : [reply.byte];
  return `${reply.type} ${String.fromCharCode(...bytes)}`;
}

it(`printer answers: ${fuzzFrames} answers, none but what was sent`, () => {
  const random = seededRandom('fuzz printer');
  let replies = 0;
  feed(fuzzFrames, () => {
    const reader = createReplyReader();
    const answers = 1 + below(random, 6);
    const sent = Array.from({ length: answers }, () => {
      if (random() < 0.3) return randomBytes(random, 12);
      return random() < 0.4 ? pick(random, corpus) : mutate(random, corpus);
    });
    const stream = Uint8Array.from(Buffer.concat(sent));
    const said = chunked(random, stream).flatMap((chunk) => reader.push(chunk));
    mustEqual(said.map(sayReply), reckon(stream));
    replies += said.length;
    return answers;
  });
  expect(replies).toBeGreaterThan(fuzzFrames / 2);
});

it('decodes every byte, and knows one reason to stop at most', () => {
  const reasons = new Set<string>();
  for (let byte = 0; byte < 256; byte += 1) {
    for (let other = 0; other < 256; other += 1) {
      const automatic = decodeAutomatic([byte, other, other, byte]);
      const realTime = decodeRealTime({
        printer: byte,
        offlineCause: other,
        error: 0,
        paper: byte,
      });
      for (const condition of [automatic, realTime, decodePaperSensor(byte)]) {
        const reason = stopReason(condition);
        if (reason !== null) reasons.add(reason);
      }
    }
    isPaperPresent(byte);
  }
  expect(reasons).toEqual(new Set(['cover-open', 'error', 'offline', 'paper-out']));
});
