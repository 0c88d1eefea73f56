// Goal: frames depend on bytes and their times, never on how the system cut them into chunks.
// Method: random streams of numbers, line ends, pauses and noise, cut at random, with random ticks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFramer,
  type Framed,
  frameBytesMax,
  type Spoilt,
} from '#drivers/scanner/serial/framer.ts';
import { runs } from '#test/support/runs.ts';

const special = fc.constantFrom(0x0d, 0x0a, 0x09, 0x02, 0x03, 0x1d, 0x00, 0xff, 0xc3, 0xbc);
const digit = fc.integer({ min: 0x30, max: 0x39 });
const byte = fc.oneof({ weight: 6, arbitrary: digit }, { weight: 2, arbitrary: special });
const gapMs = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 400 }) },
);
const stream = fc.array(fc.tuple(gapMs, byte, fc.boolean()), { maxLength: 300 });

describe('framer', () => {
  it('gives the same frames for any split, with or without ticks', () => {
    fc.assert(
      fc.property(stream, (items) => {
        const whole = createFramer();
        const split = createFramer();
        const wholeOut: (Framed | Spoilt)[] = [];
        const splitOut: (Framed | Spoilt)[] = [];
        let nowMs = 0;
        let chunk: number[] = [];
        let chunkMs = 0;
        for (const [gap, value, isCut] of items) {
          nowMs += gap;
          if (gap > 0) {
            wholeOut.push(...whole.push(Uint8Array.from(chunk), chunkMs));
            chunk = [];
          }
          chunk.push(value);
          chunkMs = nowMs;
          if (isCut) splitOut.push(...split.tick(nowMs), ...split.push(new Uint8Array(0), nowMs));
          splitOut.push(...split.push(Uint8Array.of(value), nowMs));
        }
        wholeOut.push(...whole.push(Uint8Array.from(chunk), chunkMs));
        wholeOut.push(...whole.tick(nowMs + 300));
        splitOut.push(...split.tick(nowMs + 300));
        expect(splitOut).toEqual(wholeOut);
      }),
      runs(500),
    );
  });

  it('never throws on noise, never holds more than the cap, and reads the next scan', () => {
    const noise = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 });
    fc.assert(
      fc.property(noise, fc.boolean(), (chunks, hasSuffix) => {
        const framer = createFramer();
        chunks.forEach((chunk, index) => {
          const printable = index % 2 === 0 ? chunk : chunk.map((value) => 0x30 + (value % 10));
          framer.push(printable, index * 10);
          expect(framer.heldBytes()).toBeLessThanOrEqual(frameBytesMax);
        });
        // STX may be among the noise: then a line end is none.
        if (hasSuffix) framer.push(Uint8Array.of(0x03), 51);
        // The noise may have ended as a frame, whose rest would be what follows at once.
        const out = framer.push(Buffer.from('4006381333931\r'), hasSuffix ? 100 : 1050);
        const last = out.at(-1);
        expect(last).toMatchObject({ type: 'frame', text: '4006381333931' });
      }),
      runs(100),
    );
  });
});
