// Owns identifiers: ids that sort by time, and the number of a receipt.
import { assert } from '#loyalty/assert.ts';

const UUID7_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Bits of a UUIDv7 that are neither time, version nor variant (RFC 9562 §5.7). */
const TAIL_BITS = 74n;
const TAIL_MAX = (1n << TAIL_BITS) - 1n;
const TIME_MAX_MS = 2 ** 48 - 1;
/** Random bytes that one id needs: 74 bits, rounded up. */
export const UUID7_RANDOM_BYTES = 10;

/** True for a version 7 UUID in lower case. */
export function isUuid7(text: string): boolean {
  return UUID7_PATTERN.test(text);
}

interface Uuid7Parts {
  readonly timeMs: number;
  readonly tail: bigint;
}

function split(id: string): Uuid7Parts {
  assert(isUuid7(id), `not a UUIDv7: ${id}`);
  const hex = id.replaceAll('-', '');
  const high = BigInt(`0x${hex.slice(13, 16)}`);
  const low = BigInt(`0x${hex.slice(16)}`) & ((1n << 62n) - 1n);
  return { timeMs: Number.parseInt(hex.slice(0, 12), 16), tail: (high << 62n) | low };
}

function join({ timeMs, tail }: Uuid7Parts): string {
  const time = timeMs.toString(16).padStart(12, '0');
  const high = (tail >> 62n).toString(16).padStart(3, '0');
  const low = ((2n << 62n) | (tail & ((1n << 62n) - 1n))).toString(16).padStart(16, '0');
  return [time.slice(0, 8), time.slice(8), `7${high}`, low.slice(0, 4), low.slice(4)].join('-');
}

/** When a UUIDv7 says that it was made, in epoch milliseconds. */
export function uuid7TimeMs(id: string): number {
  return split(id).timeMs;
}

/**
 * A UUIDv7 (RFC 9562) that is greater than `previous`, also when the clock stands still or went
 * back: then the time of `previous` stays and its tail grows by a random step (RFC 9562 §6.2,
 * method 2). `randomBytes` are at least 10 fresh ones.
 */
export function makeUuid7(nowMs: number, previous: string | null, randomBytes: Uint8Array): string {
  assert(Number.isSafeInteger(nowMs) && nowMs >= 0 && nowMs <= TIME_MAX_MS, 'time out of range');
  assert(randomBytes.length >= UUID7_RANDOM_BYTES, 'too few random bytes');
  let random = 0n;
  for (const byte of randomBytes.subarray(0, UUID7_RANDOM_BYTES))
    random = (random << 8n) | BigInt(byte);
  const fresh = random & TAIL_MAX;
  const last = previous === null ? null : split(previous);
  if (last === null || nowMs > last.timeMs) return join({ timeMs: nowMs, tail: fresh });
  const tail = last.tail + 1n + (fresh & 0xffff_ffffn);
  if (tail <= TAIL_MAX) return join({ timeMs: last.timeMs, tail });
  return join({ timeMs: last.timeMs + 1, tail: fresh });
}

/** Receipt numbers begin again after this many sales of one till. */
export const RECEIPT_SEQUENCE_COUNT = 100_000_000;

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/**
 * Fourteen digits: store 3, till 3, sequence 8, so that Code 128 set C fits paper of 58 mm.
 * Store and till are 0 … 999; `seq` ≥ 0 wraps after 99,999,999, so seq stays the only key.
 */
export function receiptNumber(storeNumber: number, tillNumber: number, seq: number): string {
  const isPart = (value: number) => Number.isSafeInteger(value) && value >= 0 && value <= 999;
  assert(isPart(storeNumber) && isPart(tillNumber), 'store or till number out of range');
  assert(Number.isSafeInteger(seq) && seq >= 0, 'seq out of range');
  const sequence = seq % RECEIPT_SEQUENCE_COUNT;
  return digits(storeNumber, 3) + digits(tillNumber, 3) + digits(sequence, 8);
}

export interface ReceiptNumberParts {
  readonly storeNumber: number;
  readonly tillNumber: number;
  readonly sequence: number;
}

/** The parts of a receipt number, or null where the text is none. */
export function parseReceiptNumber(text: string): ReceiptNumberParts | null {
  if (!/^[0-9]{14}$/.test(text)) return null;
  return {
    storeNumber: Number(text.slice(0, 3)),
    tillNumber: Number(text.slice(3, 6)),
    sequence: Number(text.slice(6)),
  };
}
