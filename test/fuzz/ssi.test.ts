// Goal: an SSI scan is made of packets that came whole, and every packet that may wait is answered.
// Method: seeded random and damaged packets in random pieces and pauses; each scan that comes out
// is traced to packets whose checksum the test itself finds right somewhere in the stream.
import { expect, it } from 'vitest';
import { createSsiProtocol } from '#drivers/scanner/serial/ssi.ts';
import { parseFrame } from '#drivers/scanner/symbology.ts';
import { decodeChecked } from '#drivers/scanner/text.ts';
import { encodeSsiPacket } from '#drivers/virtual/ssiScanner.ts';
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

const decodeData = 0xf3;
const continued = 2;
/** A packet, and the scan that is being joined. */
const heldBytesMax = 4096 + 257;

function packetOf(text: string, codeType: number, status = 0): Uint8Array {
  return encodeSsiPacket(decodeData, status, Uint8Array.of(codeType, ...Buffer.from(text)));
}

const corpus: readonly Uint8Array[] = [
  packetOf('4006381333931', 0x0b),
  packetOf('2990000000019', 0x0b),
  packetOf('2990000000019', 0x0b, 1),
  packetOf('770000000016', 0x03),
  packetOf('8018952110123456700015', 0x0f),
  packetOf('https://id.example.org/80', 0x1c, continued),
  packetOf('18/952110123456700015', 0x1c),
  encodeSsiPacket(0xf6, 0, Uint8Array.of(1)),
  encodeSsiPacket(0xd0, 0, new Uint8Array()),
];
const clean = packetOf('4006381333931', 0x0b);

interface Packet {
  readonly from: number;
  readonly to: number;
  readonly isContinued: boolean;
  readonly data: Uint8Array;
}

/** Every packet with data whose checksum is right, wherever in the stream it stands. */
function packetsIn(stream: Uint8Array): Packet[] {
  const found: Packet[] = [];
  for (let from = 0; from + 6 <= stream.length; from += 1) {
    const size = stream[from] ?? 0;
    const whole = stream.subarray(from, from + size + 2);
    if (size < 4 || whole.length < size + 2 || whole[1] !== decodeData) continue;
    let sum = 0;
    for (const byte of whole.subarray(0, size)) sum += byte;
    const sent = (whole[size] ?? 0) * 256 + (whole[size + 1] ?? 0);
    if ((sum + sent) % 65_536 !== 0) continue;
    const isContinued = ((whole[3] ?? 0) & continued) !== 0;
    found.push({ from, to: from + size + 2, isContinued, data: whole.slice(4, size) });
  }
  return found;
}

/** True when `label` is the data of packets that follow each other, the last one not continued. */
function isMadeOf(packets: readonly Packet[], label: string): boolean {
  function goOn(at: number, data: Uint8Array): boolean {
    return packets.some((packet, index) => {
      if (index < at) return false;
      const isFirst = data.length === 0;
      const parts = isFirst ? [packet.data.subarray(1)] : [packet.data.subarray(1), packet.data];
      return parts.some((part) => {
        const joined = Buffer.concat([data, part]);
        if (!packet.isContinued) return decodeChecked(joined) === label;
        const next = packets.findIndex(({ from }) => from >= packet.to);
        return next >= 0 && goOn(next, joined);
      });
    });
  }
  return goOn(0, new Uint8Array());
}

function makeBytes(random: Random): Uint8Array {
  if (random() < 0.15) return randomBytes(random, 30);
  return random() < 0.4 ? pick(random, corpus) : mutate(random, corpus);
}

function labelOf(frame: string): string {
  const parsed = parseFrame(frame);
  return parsed.type === 'scan' ? parsed.data.scanDataLabel : '';
}

it(`SSI: ${fuzzFrames} packets, no scan but from whole ones`, () => {
  const random = seededRandom('fuzz SSI');
  const protocol = createSsiProtocol();
  let timeMs = 1000;
  let booked = 0;
  feed(fuzzFrames, () => {
    let stream = new Uint8Array();
    const packets = 1 + below(random, 4);
    for (let packet = 0; packet < packets; packet += 1) {
      timeMs += random() < 0.2 ? below(random, 700) : below(random, 10);
      for (const bytes of chunked(random, makeBytes(random))) {
        stream = Uint8Array.from(Buffer.concat([stream, bytes]));
        const events = protocol.push(bytes, timeMs);
        mustBeAtMost(protocol.heldBytes(), heldBytesMax);
        const frames = events.flatMap((event) => (event.type === 'frame' ? [event.text] : []));
        const found = frames.length === 0 ? [] : packetsIn(stream);
        for (const text of frames) {
          const isWhole = isMadeOf(found, labelOf(text)) || isMadeOf(found, text);
          if (!isWhole) throw new Error(`${text} of ${Buffer.from(stream).toString('hex')}`);
          if (judgeFrame(text)) booked += 1;
        }
      }
    }
    // Every byte held is looked at as a packet's head in turn, each after its own silence.
    for (let due = protocol.expiresAtMs(); due !== null; due = protocol.expiresAtMs()) {
      timeMs = Math.max(timeMs, due);
      protocol.tick(timeMs);
    }
    const [reply, ...rest] = protocol.push(clean, timeMs + 1000);
    const last = rest.at(-1);
    const read = last?.type === 'frame' ? last.text : null;
    mustEqual([reply?.type, read], ['reply', ']E04006381333931']);
    timeMs += 2000;
    return packets + 1;
  });
  expect(booked).toBeGreaterThan(fuzzFrames / 20);
});
