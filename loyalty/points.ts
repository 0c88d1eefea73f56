// Owns points arithmetic: integers within bounds, and exact rates that are never floats.
import { assert } from '#loyalty/assert.ts';
import { divideDown } from '#loyalty/money.ts';

/** No balance, entry or sale goes beyond ±1e9 points. */
export const POINTS_MAX = 1_000_000_000;

/** Sum of two point figures, each −1e9 … 1e9. A sum beyond that is a bug. */
export function addPoints(left: number, right: number): number {
  const sum = left + right;
  assert(
    Number.isSafeInteger(sum) && Math.abs(sum) <= POINTS_MAX,
    `points out of range: ${left} + ${right}`,
  );
  return sum;
}

/** An exact fraction ≥ 0 in lowest terms. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** How a programme file writes a rate: up to six digits, a point, up to four digits. */
export const RATE_PATTERN = /^(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?$/;

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  return right === 0n ? left : greatestCommonDivisor(right, left % right);
}

/** The fraction in lowest terms; denominator > 0. */
export function makeRate(numerator: bigint, denominator: bigint): Rate {
  assert(numerator >= 0n && denominator > 0n, 'rate out of range');
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** `"1.5"` is 3/2. Null for anything but `RATE_PATTERN`: no sign, exponent or comma. */
export function parseRate(text: string): Rate | null {
  if (!RATE_PATTERN.test(text)) return null;
  const [whole = '', decimals = ''] = text.split('.');
  return makeRate(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
}

export function multiplyRates(left: Rate, right: Rate): Rate {
  return makeRate(left.numerator * right.numerator, left.denominator * right.denominator);
}

/** The rate as people write it: `1.5`; a fraction such as `1/3` where decimals never end. */
export function rateText(rate: Rate): string {
  const { numerator, denominator } = rate;
  for (let places = 0; places <= 6; places += 1) {
    const scaled = numerator * 10n ** BigInt(places);
    if (scaled % denominator !== 0n) continue;
    const digits = String(scaled / denominator).padStart(places + 1, '0');
    const whole = digits.slice(0, digits.length - places);
    return places === 0 ? whole : `${whole}.${digits.slice(digits.length - places)}`;
  }
  return `${numerator}/${denominator}`;
}

/** Turns a rate into a function of an amount (0 … 9e12): floor(amount × rate), at most 1e9. */
export function flooredBy(rate: Rate): (amountMinor: number) => number {
  const { numerator, denominator } = rate;
  const exact = (amountMinor: number): number => {
    const points = (BigInt(amountMinor) * numerator) / denominator;
    return points > BigInt(POINTS_MAX) ? POINTS_MAX : Number(points);
  };
  const top = Number(numerator);
  const bottom = Number(denominator);
  if (!Number.isSafeInteger(top) || !Number.isSafeInteger(bottom) || top === 0) return exact;
  const amountMax = divideDown(Number.MAX_SAFE_INTEGER, top);
  return (amountMinor) =>
    amountMinor <= amountMax
      ? Math.min(POINTS_MAX, divideDown(amountMinor * top, bottom))
      : exact(amountMinor);
}
