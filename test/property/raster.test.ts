// Goal: no picture makes a printer obey it. Method: dithered gradients, of which about half hold a
// real-time command before the guard, and bytes made of nothing but its parts; seeds printed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandWriter } from '#drivers/printer/paper/commandWriter.ts';
import { dither } from '#drivers/printer/paper/logo.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import {
  type Bitmap,
  columnPicture,
  pictureRows,
  silenceRealTime,
} from '#drivers/printer/paper/raster.ts';
import { findRealTimeCommand } from '#drivers/printer/paper/realTime.ts';
import { runs } from '#test/support/runs.ts';

const profile = printerProfileById('epson-80');
if (profile === null) throw new Error('the profile is there');

const gradient = fc
  .record({
    widthBytes: fc.integer({ min: 1, max: 48 }),
    heightDots: fc.integer({ min: 1, max: 200 }),
    from: fc.integer({ min: 0, max: 255 }),
    to: fc.integer({ min: 0, max: 255 }),
    slope: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ widthBytes, heightDots, from, to, slope }) => {
    const widthDots = widthBytes * 8;
    const grey = Float64Array.from({ length: widthDots * heightDots }, (_, index) => {
      const x = (index % widthDots) / widthDots;
      const y = Math.floor(index / widthDots) / heightDots;
      return from + (to - from) * Math.min(1, Math.max(0, x + slope * y));
    });
    return dither(grey, widthDots);
  });

function differingBits(before: ArrayLike<number>, after: ArrayLike<number>): number {
  let count = 0;
  for (let index = 0; index < before.length; index += 1) {
    let bits = (before[index] ?? 0) ^ (after[index] ?? 0);
    for (; bits !== 0; bits &= bits - 1) count += 1;
  }
  return count;
}

/** How many real-time commands stand in `bytes`. */
function countCommands(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const found = findRealTimeCommand(bytes.subarray(at));
    if (found === -1) break;
    count += 1;
    at += found + 1;
  }
  return count;
}

function print(bitmap: Bitmap, graphics: 'raster' | 'column'): Uint8Array {
  const writer = new CommandWriter({ pages: {} });
  for (const part of pictureRows(bitmap, graphics)) writer.picture(part);
  // What follows a picture may end a command that its last dots began.
  writer.raw([0x0a, 0x01, 0x02]);
  return writer.finish();
}

describe('the guard of pictures', () => {
  it('leaves no real-time command, and changes no more than a dot for each', () => {
    fc.assert(
      fc.property(
        gradient,
        fc.constantFrom('raster' as const, 'column' as const),
        (picture, way) => {
          const parts = pictureRows(picture, way);
          const raw = Uint8Array.from([
            ...[0x1b, 0x40, 0x1c, 0x2e, 0x1b, 0x4d, 0x00],
            ...parts.flatMap(({ head, dots }) => [...head, ...dots]),
            ...[0x0a, 0x01, 0x02],
          ]);
          const bytes = print(picture, way);
          const before = countCommands(raw);
          expect(findRealTimeCommand(bytes)).toBe(-1);
          expect(differingBits(raw, bytes)).toBeLessThanOrEqual(before);
        },
      ),
      runs(60),
    );
  });

  it('is needed: logos without it held commands, with it none', () => {
    let held = 0;
    for (let number = 0; number < 40; number += 1) {
      const grey = Float64Array.from({ length: 384 * 200 }, (_, index) => {
        const [x, y] = [index % 384, Math.floor(index / 384)];
        return number * 2 + (x * (number + 1)) / 96 + y / 2;
      });
      const picture = dither(grey, 384);
      const dots = Uint8Array.from(pictureRows(picture, 'raster').flatMap((part) => part.dots));
      if (countCommands(dots) > 0) held += 1;
      expect(findRealTimeCommand(print(picture, 'raster'))).toBe(-1);
    }
    expect(held, 'of 40').toBeGreaterThan(10);
  });

  it('ends for any bytes, and touches none outside a picture', () => {
    const byte = fc.constantFrom(0x10, 0x04, 0x05, 0x14, 0x01, 0x02, 0x08, 0x00, 0x11, 0xff);
    fc.assert(
      fc.property(
        fc.array(byte, { minLength: 1, maxLength: 200 }),
        fc.nat(200),
        fc.nat(200),
        (data, a, b) => {
          const [start, end] = [Math.min(a, b), Math.max(a, b)];
          const bytes = Uint8Array.from(data);
          silenceRealTime(bytes, [{ start, end }]);
          for (const [index, value] of data.entries()) {
            if (index < start || index >= end) expect(bytes[index]).toBe(value);
          }
          for (let at = start; at < Math.min(end, bytes.length); at += 1) {
            expect(findRealTimeCommand(bytes.subarray(at, at + 3))).toBe(-1);
          }
        },
      ),
      runs(500),
    );
  });

  it('keeps the dots of a column picture in their places', () => {
    const bits = Uint8Array.from({ length: 24 }, (_, row) => (row === 9 ? 0x40 : 0));
    const { head, dots } = columnPicture({ widthDots: 8, heightDots: 24, bits });
    expect(head).toEqual([0x1b, 0x2a, 33, 8, 0]);
    expect(dots.map((value, index) => (value === 0 ? '' : `${index}:${value}`)).join('')).toBe(
      '4:64',
    );
  });
});
