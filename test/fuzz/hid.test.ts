// Goal: whatever reports a HID scanner sends, a scan is a run of whole ones that belong together.
// Method: seeded random and damaged reports of each layout, lost, doubled, delayed and mixed; each
// scan that comes out is traced back to its reports by places written down here, not parsed.
import { describe, expect, it } from 'vitest';
import { parseHidDescriptor } from '#drivers/scanner/hid/hidDescriptor.ts';
import { createHidReports } from '#drivers/scanner/hid/hidReports.ts';
import { frameBytesMax } from '#drivers/scanner/serial/framer.ts';
import { decodeChecked } from '#drivers/scanner/text.ts';
import {
  encodeHidScan,
  type HidModel,
  hidDescriptorOf,
  hidModels,
} from '#drivers/virtual/hidScanner.ts';
import {
  below,
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

interface Sent {
  readonly bytes: Uint8Array;
  readonly timeMs: number;
}

interface Part {
  readonly aim: string;
  readonly data: Uint8Array;
  readonly isContinued: boolean;
}

const places = {
  honeywell: { aim: 2, data: 5, flags: 63, isNumbered: true },
  symbol: { aim: 3, data: 6, flags: 63, isNumbered: true },
  unnumbered: { aim: 1, data: 4, flags: 62, isNumbered: false },
} as const;

const texts = [
  ['4006381333931', ']E0'],
  ['2990000000019', ']E0'],
  ['306030209223', ']Xg'],
  ['8018952110123456700015', ']C1'],
  [`https://id.example.org/8018/952110123456700015/${'a'.repeat(60)}`, ']Q1'],
  ['7'.repeat(170), ']Q3'],
  ['REV 1.2', ']X0'],
  ['2123D1\u0006', ']Z6'],
] as const;

function corpusOf(model: HidModel): readonly Uint8Array[][] {
  return texts.map(([text, aim]) => [
    ...encodeHidScan(model, new TextEncoder().encode(text), { aim }),
  ]);
}

/** The part that a report is, by the places above; null when it is none. */
function partOf(model: HidModel, bytes: Uint8Array): Part | null {
  const at = places[model];
  const flags = bytes[at.flags];
  const low = bytes[at.isNumbered ? 1 : 0] ?? 0;
  const count = model === 'symbol' ? low + (bytes[2] ?? 0) * 256 : low;
  const aim = Buffer.from(bytes.subarray(at.aim, at.aim + 3)).toString('latin1');
  if (flags === undefined || count > 56 || !/^\][A-Za-z][A-Za-z0-9]$/.test(aim)) return null;
  return { aim, data: bytes.slice(at.data, at.data + count), isContinued: flags % 2 === 1 };
}

/** The scan that ends with the last of `sent`, joined backwards; null when there is none. */
function traceBack(model: HidModel, sent: readonly Sent[]): string | null {
  const own = sent.filter(({ bytes }) => !places[model].isNumbered || bytes[0] === 2);
  const last = own.at(-1);
  const end = last === undefined ? null : partOf(model, last.bytes);
  if (last !== sent.at(-1) || end === null || end.isContinued || end.aim === ']Z6') return null;
  let data = Buffer.from(end.data);
  let laterMs = last?.timeMs ?? 0;
  let isWhole = false;
  for (const { bytes, timeMs } of own.slice(0, -1).reverse()) {
    if (laterMs - timeMs >= 500) break;
    const part = partOf(model, bytes);
    const mayBeContinued = ((bytes[places[model].flags] ?? 0) & 1) === 1;
    // A spoilt part that goes on takes with it what follows, up to a report that does not go on.
    if (part === null && mayBeContinued) return null;
    if (part === null || !part.isContinued) break;
    isWhole ||= part.aim !== end.aim;
    if (!isWhole) data = Buffer.concat([part.data, data]);
    laterMs = timeMs;
  }
  const text = data.length > frameBytesMax ? null : decodeChecked(data);
  return text === null || text === '' ? null : `${end.aim}${text}`;
}

/** Reports of one to three scans: some lost, doubled, damaged, or of another kind. */
function makeReports(random: Random, corpus: readonly Uint8Array[][]): Uint8Array[] {
  const all = corpus.flat();
  return Array.from({ length: 1 + below(random, 3) }, () => pick(random, corpus)).flatMap((scan) =>
    scan.flatMap((report): Uint8Array[] => {
      const chance = random();
      if (chance < 0.55) return [report];
      if (chance < 0.6) return [];
      if (chance < 0.63) return [report, report];
      if (chance < 0.68) return [randomBytes(random, 70)];
      return [mutate(random, [report, report, report, pick(random, all)])];
    }),
  );
}

function fuzzModel(model: HidModel, isHidden: boolean): void {
  const random = seededRandom(`fuzz hid ${model} ${isHidden}`);
  const corpus = corpusOf(model);
  const parsed = isHidden ? null : parseHidDescriptor(hidDescriptorOf(model));
  const settings = { layout: parsed?.layout ?? null, commands: 'none' } as const;
  const protocol = createHidReports(settings, () => false);
  let timeMs = 1000;
  let booked = 0;
  feed(fuzzFrames, () => {
    const sent: Sent[] = [];
    for (const bytes of makeReports(random, corpus)) {
      timeMs += random() < 0.05 ? below(random, 900) : below(random, 8);
      sent.push({ bytes, timeMs });
      const frames = protocol
        .push(bytes, timeMs)
        .flatMap((event) => (event.type === 'frame' ? [event.text] : []));
      mustBeAtMost(protocol.heldBytes(), frameBytesMax);
      for (const text of frames) {
        // Guessing knows neither the layout nor a pad byte: it is held to what it may not do.
        if (!isHidden) mustEqual(text, traceBack(model, sent));
        if (judgeFrame(text)) booked += 1;
      }
      if (!isHidden && frames.length === 0) mustEqual(traceBack(model, sent), null);
    }
    timeMs += 500;
    protocol.tick(timeMs);
    mustEqual([protocol.expiresAtMs(), protocol.heldBytes()], [null, 0]);
    return Math.max(1, sent.length);
  });
  expect(booked).toBeGreaterThan(fuzzFrames / 20);
}

describe.for(hidModels)('HID POS, %s layout', (model) => {
  it(`${model}: ${fuzzFrames} reports, none but whole scans`, () => fuzzModel(model, false));
});

it.for(['honeywell', 'symbol'] as const)('reads %s without a descriptor as safely', (model) =>
  fuzzModel(model, true),
);

it(`descriptors: ${fuzzFrames} of them, no place outside a report`, () => {
  const random = seededRandom('fuzz descriptors');
  const corpus = hidModels.map(hidDescriptorOf);
  let believed = 0;
  feed(fuzzFrames, () => {
    const bytes = random() < 0.1 ? randomBytes(random, 120) : mutate(random, corpus);
    const layout = parseHidDescriptor(bytes)?.layout ?? null;
    if (layout === null) return 1;
    believed += 1;
    const { count, aimOffsets, data, continued } = layout;
    const last = Math.max(
      data.offset + data.sizeBytes,
      count === null ? 0 : count.offset + count.sizeBytes,
      continued?.offset ?? 0,
      ...(aimOffsets ?? []),
    );
    mustBeAtMost(last, 4096);
    // A report of any size is read by any layout without a fault.
    const protocol = createHidReports({ layout, commands: 'none' }, () => false);
    protocol.push(randomBytes(random, 80), 0);
    mustBeAtMost(protocol.heldBytes(), frameBytesMax);
    return 1;
  });
  expect(believed).toBeGreaterThan(fuzzFrames / 10);
});
