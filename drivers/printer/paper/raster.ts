// Owns how dots become the bytes of a picture, and that no such byte is obeyed as a command.

import { assert } from '#drivers/assert.ts';
import type { Graphics } from '#drivers/printer/paper/profiles.ts';
import { findRealTimeCommand } from '#drivers/printer/paper/realTime.ts';

/** Rows of whole bytes, the highest bit leftmost; 1 is black. */
export interface Bitmap {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly bits: Uint8Array;
}

/** Bytes of a picture between the bytes around it; those of `dots` may be changed by the guard. */
export interface PictureBytes {
  readonly head: readonly number[];
  readonly dots: readonly number[];
}

/** The height of one line of `ESC *`, and of font A. */
export const COLUMN_DOTS = 24;
/** Of one `GS v 0`: small printers take no more at a time, and the height fits one byte. */
const BAND_DOTS = 128;

export function blankBitmap(widthDots: number, heightDots: number): Bitmap {
  return { widthDots, heightDots, bits: new Uint8Array(rowBytesOf(widthDots) * heightDots) };
}

function rowBytesOf(widthDots: number): number {
  return Math.ceil(widthDots / 8);
}

export function isBlack(bitmap: Bitmap, x: number, y: number): boolean {
  const byte = bitmap.bits[y * rowBytesOf(bitmap.widthDots) + (x >> 3)] ?? 0;
  return (byte & (0x80 >> (x & 7))) !== 0;
}

export function blacken(bitmap: Bitmap, x: number, y: number): void {
  const at = y * rowBytesOf(bitmap.widthDots) + (x >> 3);
  bitmap.bits[at] = (bitmap.bits[at] ?? 0) | (0x80 >> (x & 7));
}

/** Adds the black dots of `source` to `target`, which must hold it whole. */
export function stamp(target: Bitmap, source: Bitmap, left: number, top: number): void {
  assert(left >= 0 && left + source.widthDots <= target.widthDots, 'dots beside the picture');
  assert(top >= 0 && top + source.heightDots <= target.heightDots, 'dots below the picture');
  const sourceBytes = rowBytesOf(source.widthDots);
  const targetBytes = rowBytesOf(target.widthDots);
  const shift = left & 7;
  for (let y = 0; y < source.heightDots; y += 1) {
    const start = (top + y) * targetBytes + (left >> 3);
    for (let index = 0; index < sourceBytes; index += 1) {
      const byte = source.bits[y * sourceBytes + index] ?? 0;
      if (byte === 0) continue;
      const at = start + index;
      target.bits[at] = (target.bits[at] ?? 0) | (byte >> shift);
      // Dots past the last of a row are white: nothing runs over into the next.
      const rest = (byte << (8 - shift)) & 0xff;
      if (rest !== 0) target.bits[at + 1] = (target.bits[at + 1] ?? 0) | rest;
    }
  }
}

const columnPictures = new WeakMap<Bitmap, PictureBytes>();

/** `ESC * 33`: at most 24 dots high, stands in the line like characters. */
export function columnPicture(bitmap: Bitmap): PictureBytes {
  const known = columnPictures.get(bitmap);
  if (known !== undefined) return known;
  const made = makeColumnPicture(bitmap);
  // Words come back on the next receipt, as the same bitmap.
  columnPictures.set(bitmap, made);
  return made;
}

function makeColumnPicture(bitmap: Bitmap): PictureBytes {
  assert(bitmap.heightDots <= COLUMN_DOTS, 'a line of column dots is 24 high');
  const { widthDots } = bitmap;
  const dots = new Array<number>(widthDots * 3).fill(0);
  for (let x = 0; x < widthDots; x += 1) {
    for (let y = 0; y < bitmap.heightDots; y += 1) {
      if (!isBlack(bitmap, x, y)) continue;
      const at = x * 3 + (y >> 3);
      dots[at] = (dots[at] ?? 0) | (0x80 >> (y & 7));
    }
  }
  return { head: [0x1b, 0x2a, 33, widthDots & 0xff, widthDots >> 8], dots };
}

function band(bitmap: Bitmap, top: number, heightMax: number): Bitmap {
  const heightDots = Math.min(heightMax, bitmap.heightDots - top);
  const rowBytes = rowBytesOf(bitmap.widthDots);
  const bits = bitmap.bits.subarray(top * rowBytes, (top + heightDots) * rowBytes);
  return { widthDots: bitmap.widthDots, heightDots, bits };
}

function bandsOf(bitmap: Bitmap, heightMax: number): Bitmap[] {
  const bands: Bitmap[] = [];
  for (let top = 0; top < bitmap.heightDots; top += heightMax) {
    bands.push(band(bitmap, top, heightMax));
  }
  return bands;
}

/** A picture on rows of its own, in the way that this printer knows; empty where it knows none. */
export function pictureRows(bitmap: Bitmap, graphics: Graphics): PictureBytes[] {
  if (graphics === 'none') return [];
  if (graphics === 'column') {
    // Lines without a gap between them while the picture is printed, then the usual 1/6 inch.
    const [start, end] = [
      [0x1b, 0x33, COLUMN_DOTS],
      [0x1b, 0x32],
    ];
    const lines = bandsOf(bitmap, COLUMN_DOTS).flatMap((line) => [
      columnPicture(line),
      { head: [0x0a], dots: [] },
    ]);
    return [{ head: start, dots: [] }, ...lines, { head: end, dots: [] }];
  }
  return bandsOf(bitmap, BAND_DOTS).map((part) => ({
    head: [0x1d, 0x76, 0x30, 0, rowBytesOf(part.widthDots), 0, part.heightDots, 0],
    dots: [...part.bits],
  }));
}

/** Where picture data lies in a job: from `start` up to, and without, `end`. */
export interface DotRange {
  readonly start: number;
  readonly end: number;
}

function changed(byte: number, place: number): number {
  // DLE, the command's letter, its argument: each becomes a byte that is never in that place.
  if (place === 0) return byte ^ 0x01;
  return place === 1 ? byte ^ 0x08 : byte ^ 0x20;
}

/**
 * Printers obey real-time commands even in the middle of a picture (printing.md §3.4: 163 of 300
 * dithered logos held one). Where one begins, ends or lies in picture data, one dot is flipped, and
 * the bytes before are read again. Whatever else holds one is a bug, and stays for the caller.
 */
export function silenceRealTime(bytes: Uint8Array, ranges: readonly DotRange[]): void {
  let from = 0;
  for (;;) {
    const found = findRealTimeCommand(bytes.subarray(from));
    if (found === -1) return;
    const start = from + found;
    const place = [0, 1, 2].find((offset) =>
      ranges.some((range) => start + offset >= range.start && start + offset < range.end),
    );
    if (place === undefined) {
      from = start + 1;
      continue;
    }
    bytes[start + place] = changed(bytes[start + place] ?? 0, place);
    from = Math.max(0, start - 2);
  }
}
