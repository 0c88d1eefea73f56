// Owns money arithmetic: integers in minor units, exact, with the rounding named.
import { assert } from '#loyalty/assert.ts';

/** 9e12 minor units: far above any sale, far below 2^53, where integers stop being exact. */
export const AMOUNT_MAX_MINOR = 9_000_000_000_000;

/** True for an integer of 0 … 9e12 minor units. */
export function isAmountMinor(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= AMOUNT_MAX_MINOR;
}

/** Sum of two amounts. A sum above 9e12 is a bug: `reduce` refuses such a basket before. */
export function addMinor(leftMinor: number, rightMinor: number): number {
  const sumMinor = leftMinor + rightMinor;
  assert(isAmountMinor(sumMinor), `amount out of range: ${leftMinor} + ${rightMinor}`);
  return sumMinor;
}

/** `quantity` (0 … 999) times an amount. Above 9e12 is a bug, as in `addMinor`. */
export function multiplyMinor(amountMinor: number, quantity: number): number {
  const productMinor = amountMinor * quantity;
  assert(isAmountMinor(productMinor), `amount out of range: ${amountMinor} × ${quantity}`);
  return productMinor;
}

/**
 * Numerator ≥ 0 by denominator > 0, a half rounded up. Exact at any size; pass bigint where the
 * numerator is a product that may pass 2^53. The quotient must be a safe integer.
 */
export function divideHalfUp(numerator: number | bigint, denominator: number | bigint): number {
  if (typeof numerator === 'number' && typeof denominator === 'number') {
    const doubled = 2 * numerator + denominator;
    if (numerator >= 0 && denominator > 0 && doubled <= Number.MAX_SAFE_INTEGER) {
      return divideDown(doubled, 2 * denominator);
    }
  }
  const top = BigInt(numerator);
  const bottom = BigInt(denominator);
  assert(top >= 0n && bottom > 0n, `division out of range: ${numerator} / ${denominator}`);
  const quotient = Number((2n * top + bottom) / (2n * bottom));
  assert(Number.isSafeInteger(quotient), `quotient out of range: ${numerator} / ${denominator}`);
  return quotient;
}

/** The tax inside a gross amount, half-up. Rate in basis points: 1900 is 19 %. */
export function taxInclusive(grossMinor: number, taxRateBasisPoints: number): number {
  const denominator = 10_000 + taxRateBasisPoints;
  const doubled = 2 * grossMinor * taxRateBasisPoints + denominator;
  if (doubled > Number.MAX_SAFE_INTEGER) {
    return divideHalfUp(BigInt(grossMinor) * BigInt(taxRateBasisPoints), denominator);
  }
  return divideDown(doubled, 2 * denominator);
}

/** Floor of the quotient of safe integers ≥ 0: `%` is exact on them, `/` alone need not be. */
export function divideDown(numerator: number, denominator: number): number {
  return (numerator - (numerator % denominator)) / denominator;
}

/**
 * Splits `total` in proportion to `weights` (integers ≥ 0) so that the shares sum to it exactly:
 * each share is rounded down, and what is left goes by largest remainder, ties by index.
 * While total ≤ the sum of the weights, no share exceeds its weight.
 */
export function splitByLargestRemainder(total: number, weights: readonly number[]): number[] {
  if (total === 0) return weights.map(() => 0);
  let weightSum = 0;
  let largest = 0;
  for (const weight of weights) {
    weightSum += weight;
    if (weight > largest) largest = weight;
  }
  assert(total > 0 && Number.isSafeInteger(total), `total out of range: ${total}`);
  assert(weightSum > 0 && Number.isSafeInteger(weightSum), `weights out of range: ${weightSum}`);
  const isSmall = total * largest <= Number.MAX_SAFE_INTEGER;
  const shares: number[] = [];
  const remainders: number[] = [];
  let left = total;
  for (const weight of weights) {
    let share: number;
    if (isSmall) {
      const product = total * weight;
      const remainder = product % weightSum;
      share = (product - remainder) / weightSum;
      remainders.push(remainder);
    } else {
      const product = BigInt(total) * BigInt(weight);
      share = Number(product / BigInt(weightSum));
      remainders.push(Number(product % BigInt(weightSum)));
    }
    shares.push(share);
    left -= share;
  }
  if (left === 0) return shares;
  const byRemainder = shares.map((_, index) => index);
  byRemainder.sort((one, other) => {
    const more = (remainders[other] ?? 0) - (remainders[one] ?? 0);
    return more === 0 ? one - other : more;
  });
  for (let place = 0; place < left; place += 1) {
    const index = byRemainder[place] ?? 0;
    shares[index] = (shares[index] ?? 0) + 1;
  }
  return shares;
}

// ISO 4217 list one (2026): every other code has two decimal places.
const EXPONENTS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const exponentByCode = new Map(
  Object.entries(EXPONENTS).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
);

/** Decimal places of an ISO 4217 currency: JPY 0, EUR 2, KWD 3, CLF 4. */
export function currencyExponent(code: string): number {
  return exponentByCode.get(code) ?? 2;
}
