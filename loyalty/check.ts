// Owns check digits: Luhn for the shop's own numbers, GS1's for keys, prices and weights.

const DIGITS = /^[0-9]+$/;

/** Weighted digit sum; `weigh` gets the digit and its place, counted from 1 at the right. */
function weightedSum(digits: string, weigh: (digit: number, place: number) => number): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    sum += weigh(digits.charCodeAt(index) - 48, digits.length - index);
  }
  return sum;
}

function gs1Weight(digit: number, place: number): number {
  return place % 2 === 0 ? digit * 3 : digit;
}

function luhnWeight(digit: number, place: number): number {
  if (place % 2 === 1) return digit;
  return digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
}

/** True when the last digit is the GS1 mod-10 check digit of the others (GS1 GenSpecs §7.9). */
export function hasGs1CheckDigit(number: string): boolean {
  return number.length > 1 && DIGITS.test(number) && weightedSum(number, gs1Weight) % 10 === 0;
}

/** True when the last digit is the Luhn check digit of the others (ISO/IEC 7812-1, annex B). */
export function hasLuhnCheckDigit(number: string): boolean {
  return number.length > 1 && DIGITS.test(number) && weightedSum(number, luhnWeight) % 10 === 0;
}

/** Products of a price's digits, by their weight (GS1 General Specifications §7.9.2 on). */
const PRICE_WEIGHTS = {
  twoMinus: '0246891357',
  three: '0369258147',
  fivePlus: '0516273849',
  fiveMinus: '0594837261',
} as const;
const FOUR_DIGITS = ['twoMinus', 'twoMinus', 'three', 'fiveMinus'] as const;
const FIVE_DIGITS = ['fivePlus', 'twoMinus', 'fiveMinus', 'fivePlus', 'twoMinus'] as const;

/**
 * The digit that stands before a price or weight of 4 or 5 digits inside a label, and checks it
 * alone (GS1 General Specifications §7.9). Null for any other text.
 */
export function priceCheckDigit(digits: string): string | null {
  if (!/^[0-9]{4,5}$/.test(digits)) return null;
  const weights = digits.length === 4 ? FOUR_DIGITS : FIVE_DIGITS;
  const sum = weights.reduce((total, weight, index) => {
    return total + Number(PRICE_WEIGHTS[weight].charAt(Number(digits.charAt(index))));
  }, 0);
  if (digits.length === 4) return String((sum * 3) % 10);
  return String(PRICE_WEIGHTS.fiveMinus.indexOf(String((10 - (sum % 10)) % 10)));
}

/** The digit that completes `digits` (without a check digit) under GS1 mod-10. */
export function gs1CheckDigit(digits: string): string {
  return String((10 - (weightedSum(`${digits}0`, gs1Weight) % 10)) % 10);
}

/** The digit that completes `digits` (without a check digit) under Luhn. */
export function luhnCheckDigit(digits: string): string {
  return String((10 - (weightedSum(`${digits}0`, luhnWeight) % 10)) % 10);
}
