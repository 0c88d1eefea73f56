// Goal: ids always sort after the one before, whatever the clock does. Method: fixed bytes.

import { describe, expect, it } from 'vitest';
import {
  isUuid7,
  makeUuid7,
  parseReceiptNumber,
  receiptNumber,
  uuid7TimeMs,
} from '#loyalty/ids.ts';

const bytes = (value: number) => new Uint8Array(10).fill(value);
const NOW_MS = 1_645_557_742_000;

describe('UUIDv7', () => {
  it('has the time, version and variant of RFC 9562', () => {
    // RFC 9562 appendix A.6: 2022-02-22 19:22:22 UTC is 017F22E279B0.
    const id = makeUuid7(NOW_MS, null, bytes(0xff));
    expect(id).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff');
    expect(makeUuid7(NOW_MS, null, bytes(0))).toBe('017f22e2-79b0-7000-8000-000000000000');
    expect(isUuid7(id)).toBe(true);
    expect(uuid7TimeMs(id)).toBe(NOW_MS);
  });

  it('grows while the clock stands still, and when it went back a day', () => {
    const first = makeUuid7(NOW_MS, null, bytes(0x55));
    const second = makeUuid7(NOW_MS, first, bytes(0));
    const third = makeUuid7(NOW_MS - 86_400_000, second, bytes(0xaa));
    expect(first < second && second < third).toBe(true);
    expect(uuid7TimeMs(third)).toBe(NOW_MS);
  });

  it('borrows a millisecond when the tail is used up', () => {
    const last = makeUuid7(NOW_MS, null, bytes(0xff));
    const next = makeUuid7(NOW_MS, last, bytes(0));
    expect(next).toBe('017f22e2-79b1-7000-8000-000000000000');
    expect(next > last).toBe(true);
  });

  it('takes a fresh tail in a later millisecond', () => {
    const first = makeUuid7(NOW_MS, null, bytes(0xff));
    expect(makeUuid7(NOW_MS + 1, first, bytes(1)).slice(15)).toBe('404-8101-010101010101');
  });

  it('tells other ids apart', () => {
    expect(isUuid7('017f22e2-79b0-4000-8000-000000000000')).toBe(false);
    expect(isUuid7('017F22E2-79B0-7000-8000-000000000000')).toBe(false);
    expect(isUuid7('')).toBe(false);
    expect(() => makeUuid7(NOW_MS, 'x', bytes(0))).toThrow('not a UUIDv7');
    expect(() => makeUuid7(NOW_MS, null, new Uint8Array(9))).toThrow('too few random bytes');
    expect(() => makeUuid7(-1, null, bytes(0))).toThrow('time out of range');
  });
});

describe('receipt numbers', () => {
  it('are fourteen digits that come apart again', () => {
    expect(receiptNumber(1, 2, 42)).toBe('00100200000042');
    expect(parseReceiptNumber('00100200000042')).toEqual({
      storeNumber: 1,
      tillNumber: 2,
      sequence: 42,
    });
    expect(parseReceiptNumber('0010020000004')).toBeNull();
    expect(parseReceiptNumber('0010020000004x')).toBeNull();
  });

  it('begin again after 99,999,999 sales of a till', () => {
    expect(receiptNumber(999, 999, 99_999_999)).toBe('99999999999999');
    expect(receiptNumber(1, 1, 100_000_007)).toBe('00100100000007');
    expect(() => receiptNumber(1000, 1, 1)).toThrow('store or till number out of range');
    expect(() => receiptNumber(1, 1, -1)).toThrow('seq out of range');
  });
});
