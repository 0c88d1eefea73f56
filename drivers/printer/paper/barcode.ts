// Owns the bytes of a Code 128 symbol in Epson's own notation.
import { findRealTimeCommand } from '#drivers/printer/paper/realTime.ts';

const LF = 0x0a;
const GS = 0x1d;
const SET_B = [0x7b, 0x42];
const SET_C = [0x7b, 0x43];

export interface BarcodeSize {
  /** Dots of the narrowest bar: 2 to 6. */
  readonly moduleDots: number;
  readonly heightDots: number;
}

/** Quiet zones of ten modules each side included; an upper bound where pairs are said in set B. */
export function code128Modules(digits: string): number {
  const symbols = digits.length / 2 + 2 + (digits.includes('16') ? 3 : 0);
  return symbols * 11 + 13 + 20;
}

/**
 * `GS k 73` of an even count of digits (at most 40). In code set C a pair of digits is ONE byte of
 * that value, so the digits 16 04 01 would be the real-time command DLE EOT 1, and 16 05 02 would
 * wipe the printer's buffer: such a pair is said in code set B.
 */
export function code128Command(digits: string, size: BarcodeSize): Uint8Array | null {
  if (!/^(?:[0-9]{2}){1,20}$/.test(digits)) return null;
  const pairs = digits.match(/[0-9]{2}/g) ?? [];
  // A line feed follows the symbol: 16 04 at the end of the digits would meet it as DLE EOT 10.
  const values = [...pairs.map(Number), LF];
  const data: number[] = [];
  let set: 'B' | 'C' | null = null;
  for (const [index, pair] of pairs.entries()) {
    const needed = findRealTimeCommand(values.slice(index, index + 3)) === 0 ? 'B' : 'C';
    if (needed !== set) data.push(...(needed === 'B' ? SET_B : SET_C));
    set = needed;
    if (needed === 'C') data.push(Number(pair));
    else data.push(pair.charCodeAt(0), pair.charCodeAt(1));
  }
  return Uint8Array.from([
    ...[GS, 0x68, size.heightDots],
    ...[GS, 0x77, size.moduleDots],
    ...[GS, 0x48, 0x02],
    ...[GS, 0x6b, 0x49, data.length, ...data],
  ]);
}
