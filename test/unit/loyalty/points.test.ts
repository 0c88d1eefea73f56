// Goal: rates are exact fractions and points stay in bounds. Method: worked numbers.

import { describe, expect, it } from 'vitest';
import {
  addPoints,
  flooredBy,
  makeRate,
  multiplyRates,
  POINTS_MAX,
  parseRate,
  rateText,
} from '#loyalty/points.ts';

function rate(text: string) {
  const parsed = parseRate(text);
  if (parsed === null) throw new Error(`not a rate: ${text}`);
  return parsed;
}

describe('rates', () => {
  it('reads decimals as fractions in lowest terms', () => {
    expect(parseRate('1.5')).toEqual({ numerator: 3n, denominator: 2n });
    expect(parseRate('1.25')).toEqual({ numerator: 5n, denominator: 4n });
    expect(parseRate('0')).toEqual({ numerator: 0n, denominator: 1n });
    expect(parseRate('999999.9999')).toEqual({ numerator: 9_999_999_999n, denominator: 10_000n });
  });

  it.each(['', '-1', '+1', '1,5', '1e3', '.5', '1.', '01', '1.00000', ' 1', '١', '1000000'])(
    'refuses %j',
    (text) => {
      expect(parseRate(text)).toBeNull();
    },
  );

  it('writes them as people do', () => {
    expect(rateText(rate('1.50'))).toBe('1.5');
    expect(rateText(rate('0.05'))).toBe('0.05');
    expect(rateText(rate('20'))).toBe('20');
    expect(rateText(makeRate(1n, 3n))).toBe('1/3');
  });
});

describe('floored points', () => {
  it('floors the exact product once', () => {
    // S05: floor(47.20 × 1.25) = 59.
    const perUnit = makeRate(1n, 100n);
    expect(flooredBy(multiplyRates(perUnit, rate('1.25')))(4720)).toBe(59);
    // 0.1 × 3 is 0.30000000000000004 in floats; here 30 × 0.1 is 3 exactly.
    expect(flooredBy(rate('0.1'))(30)).toBe(3);
    expect(flooredBy(rate('0.1'))(29)).toBe(2);
    expect(flooredBy(makeRate(1n, 3n))(2)).toBe(0);
    expect(flooredBy(rate('0'))(9_000_000_000_000)).toBe(0);
  });

  it('is exact, and bounded, where the product passes 2^53', () => {
    const odd = multiplyRates(rate('999.9999'), makeRate(1n, 999_999_937n));
    const amount = 8_999_999_999_999;
    const exact = (BigInt(amount) * odd.numerator) / odd.denominator;
    expect(flooredBy(odd)(amount)).toBe(Number(exact));
    expect(flooredBy(rate('999999'))(9_000_000_000_000)).toBe(POINTS_MAX);
  });
});

describe('bounds', () => {
  it('takes a sum beyond a billion points for a bug', () => {
    expect(addPoints(-5, 3)).toBe(-2);
    expect(() => addPoints(POINTS_MAX, 1)).toThrow('points out of range');
    expect(() => addPoints(0.5, 1)).toThrow('points out of range');
  });
});
