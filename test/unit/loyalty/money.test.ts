// Goal: money is exact at every size. Method: worked numbers, checked against BigInt at the bounds.

import { describe, expect, it } from 'vitest';
import {
  AMOUNT_MAX_MINOR,
  addMinor,
  currencyExponent,
  divideDown,
  divideHalfUp,
  isAmountMinor,
  multiplyMinor,
  splitByLargestRemainder,
  taxInclusive,
} from '#loyalty/money.ts';

describe('bounds', () => {
  it('accepts 0 to 9e12 and no fraction', () => {
    expect(isAmountMinor(0)).toBe(true);
    expect(isAmountMinor(AMOUNT_MAX_MINOR)).toBe(true);
    for (const bad of [-1, 0.5, AMOUNT_MAX_MINOR + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(isAmountMinor(bad)).toBe(false);
    }
  });

  it('takes a sum or product out of range for a bug', () => {
    expect(addMinor(AMOUNT_MAX_MINOR - 1, 1)).toBe(AMOUNT_MAX_MINOR);
    expect(() => addMinor(AMOUNT_MAX_MINOR, 1)).toThrow('amount out of range');
    expect(multiplyMinor(1999, 3)).toBe(5997);
    expect(() => multiplyMinor(AMOUNT_MAX_MINOR, 999)).toThrow('amount out of range');
  });
});

describe('division', () => {
  it('rounds a half up', () => {
    expect([4, 5, 6, 14, 15].map((value) => divideHalfUp(value, 10))).toEqual([0, 1, 1, 1, 2]);
    expect(divideHalfUp(1, 3)).toBe(0);
    expect(divideHalfUp(2, 3)).toBe(1);
  });

  it('stays exact beyond 2^53', () => {
    expect(divideHalfUp(9_007_199_254_740_993n * 10n + 5n, 100n)).toBe(900_719_925_474_099);
    expect(divideHalfUp(90_000_000_000_000_005n, 10n)).toBe(9_000_000_000_000_001);
  });

  it('refuses a negative numerator, a zero denominator and a quotient that is not exact', () => {
    expect(() => divideHalfUp(-1, 2)).toThrow('division out of range');
    expect(() => divideHalfUp(1, 0)).toThrow('division out of range');
    expect(() => divideHalfUp(1n << 60n, 1n)).toThrow('quotient out of range');
  });

  it('floors where a float quotient would round up', () => {
    // 9007199254740991 / 3 is exact; one less must not reach the next integer.
    expect(divideDown(9_007_199_254_740_989, 3)).toBe(3_002_399_751_580_329);
    expect(divideDown(Number.MAX_SAFE_INTEGER, 2)).toBe(4_503_599_627_370_495);
  });
});

describe('tax included', () => {
  it.each([
    [11_900, 1900, 1900],
    [100, 1900, 16],
    [107, 700, 7],
    [2340, 700, 153],
    [1, 1900, 0],
    [21, 10_000, 11],
    [0, 1900, 0],
    [500, 0, 0],
  ])('%i gross at %i basis points holds %i', (gross, rate, tax) => {
    expect(taxInclusive(gross, rate)).toBe(tax);
  });

  it('is exact at the largest amount', () => {
    expect(taxInclusive(AMOUNT_MAX_MINOR, 10_000)).toBe(AMOUNT_MAX_MINOR / 2);
    expect(taxInclusive(AMOUNT_MAX_MINOR - 1, 1900)).toBe(1_436_974_789_916);
  });
});

describe('splitting', () => {
  it('gives what is left to the largest remainders, ties by index', () => {
    expect(splitByLargestRemainder(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitByLargestRemainder(500, [333, 333, 334])).toEqual([167, 166, 167]);
    expect(splitByLargestRemainder(2, [5, 3, 1])).toEqual([1, 1, 0]);
  });

  it('gives nothing to a weight of nothing, and everything away', () => {
    expect(splitByLargestRemainder(7, [0, 5, 0, 2])).toEqual([0, 5, 0, 2]);
    expect(splitByLargestRemainder(0, [0, 0])).toEqual([0, 0]);
    expect(splitByLargestRemainder(0, [])).toEqual([]);
  });

  it('stays exact where the products pass 2^53', () => {
    const third = AMOUNT_MAX_MINOR / 3;
    const shares = splitByLargestRemainder(AMOUNT_MAX_MINOR - 1, [third, third, third]);
    expect(shares).toEqual([third, third, third - 1]);
  });

  it('refuses to split something over nothing', () => {
    expect(() => splitByLargestRemainder(1, [0])).toThrow('weights out of range');
    expect(() => splitByLargestRemainder(-1, [1])).toThrow('total out of range');
  });
});

describe('currencies', () => {
  it('knows the decimal places of ISO 4217', () => {
    expect(['JPY', 'EUR', 'TRY', 'KWD', 'CLF'].map(currencyExponent)).toEqual([0, 2, 2, 3, 4]);
  });
});
