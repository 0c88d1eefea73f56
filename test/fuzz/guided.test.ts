// Goal: inputs that no table of damages would find reach no fault either.
// Method: coverage of the code under test leads: an input that runs a new block is kept and damaged
// further. From one poor example the loop must find more than it had.
import { expect, it } from 'vitest';
import { createReplyReader } from '#drivers/printer/status.ts';
import { parseHidDescriptor } from '#drivers/scanner/hid/hidDescriptor.ts';
import { createHidReports } from '#drivers/scanner/hid/hidReports.ts';
import type { ScanProtocol } from '#drivers/scanner/protocol.ts';
import { createSerialProtocol } from '#drivers/scanner/serial/serial.ts';
import { createSsiProtocol } from '#drivers/scanner/serial/ssi.ts';
import { encodeHidScan, hidDescriptorOf } from '#drivers/virtual/hidScanner.ts';
import { encodeSsiPacket } from '#drivers/virtual/ssiScanner.ts';
import { fuzzGuided } from '#test/support/coverageGuide.ts';
import { judgeFrame } from '#test/support/fuzzNumbers.ts';
import { seededRandom, share } from '#test/support/runs.ts';

const tries = share() === 1 ? 200_000 : 1_000;
const heldBytesMax = 4096 + 257;
const reportBytes = 64;

/** Pushes an input in pieces of `size`; each byte of 0 to 7 before a piece is time that passes. */
function play(protocol: ScanProtocol, input: Uint8Array, size: number): void {
  let timeMs = 0;
  for (let from = 0; from < input.length; from += size + 1) {
    timeMs += [0, 1, 50, 100, 299, 300, 500, 1000][(input[from] ?? 0) % 8] ?? 0;
    const events = protocol.push(input.subarray(from + 1, from + 1 + size), timeMs);
    for (const event of events) if (event.type === 'frame') judgeFrame(event.text);
    if (protocol.heldBytes() > heldBytesMax) throw new Error(`${protocol.heldBytes()} bytes held`);
  }
  for (let turn = 0; turn < heldBytesMax && protocol.expiresAtMs() !== null; turn += 1) {
    protocol.tick(protocol.expiresAtMs() ?? 0);
  }
  if (protocol.expiresAtMs() !== null) throw new Error('it never comes to rest');
  protocol.end();
  if (protocol.feedback('good', timeMs)?.length === 0) throw new Error('an empty feedback');
}

const text = new TextEncoder();
const [report = new Uint8Array()] = encodeHidScan('honeywell', text.encode('4006381333931'));
const packet = encodeSsiPacket(0xf3, 0, text.encode('\u000b4006381333931'));
const layout = parseHidDescriptor(hidDescriptorOf('honeywell'))?.layout ?? null;
const plain = { isAcknowledged: true, commands: 'none' } as const;

const targets: readonly {
  readonly name: string;
  readonly given: readonly Uint8Array[];
  readonly target: (bytes: Uint8Array) => void;
}[] = [
  {
    name: 'serial',
    given: [text.encode('\u00004006381333931\r')],
    target: (bytes) =>
      play(
        createSerialProtocol(plain, () => true),
        bytes,
        40,
      ),
  },
  {
    name: 'SSI',
    given: [Uint8Array.of(0, ...packet)],
    target: (bytes) => play(createSsiProtocol(), bytes, 40),
  },
  {
    name: 'HID reports',
    given: [Uint8Array.of(0, ...report)],
    target: (bytes) =>
      play(
        createHidReports({ layout, commands: 'honeywell' }, () => true),
        bytes,
        reportBytes,
      ),
  },
  {
    name: 'HID reports by guess',
    given: [Uint8Array.of(0, ...report)],
    target: (bytes) =>
      play(
        createHidReports({ layout: null, commands: 'none' }, () => false),
        bytes,
        reportBytes,
      ),
  },
  {
    name: 'HID descriptors',
    given: [hidDescriptorOf('unnumbered').slice(0, 8)],
    target: (bytes) => void parseHidDescriptor(bytes),
  },
  {
    name: 'numbers',
    given: [text.encode(']E04006381333931'), text.encode('https://a.b/8018/1')],
    target: (bytes) => void judgeFrame(Buffer.from(bytes).toString('utf8')),
  },
  {
    name: 'printer answers',
    given: [Uint8Array.of(0x12)],
    target: (bytes) => void createReplyReader().push(bytes),
  },
];

it.for(targets)(`led by coverage, $name: ${tries} inputs`, ({ name, given, target }) => {
  const random = seededRandom(`guided ${name}`);
  const sources = /\/(drivers|loyalty)\//;
  const run = fuzzGuided(given, tries, random, sources, target);
  expect(run.reached).toBeGreaterThan(run.reachedAtFirst);
  expect(run.corpus.length).toBeGreaterThan(given.length);
});
