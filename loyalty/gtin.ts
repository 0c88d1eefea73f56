// Owns the numbers on goods: EAN-8, EAN-13, UPC-A, UPC-E and GTIN-14 as one kind of barcode.
import { hasGs1CheckDigit } from '#loyalty/check.ts';

/** UPC-A (12 digits) becomes the EAN-13 that it is, with a leading 0; anything else stays. */
export function normaliseBarcode(barcode: string): string {
  return barcode.length === 12 ? `0${barcode}` : barcode;
}

/**
 * The UPC-A of a UPC-E of 8 digits (number system 0 or 1, six digits, check digit), or null. The
 * check digit is that of the UPC-A (GS1 General Specifications §5.2.2.4: zero suppression).
 */
export function expandUpcE(number: string): string | null {
  if (!/^[01][0-9]{7}$/.test(number)) return null;
  const system = number.charAt(0);
  const digits = number.slice(1, 7);
  const last = Number(number.charAt(6));
  const body = ((): string => {
    if (last <= 2) return `${digits.slice(0, 2)}${last}0000${digits.slice(2, 5)}`;
    if (last === 3) return `${digits.slice(0, 3)}00000${digits.slice(3, 5)}`;
    if (last === 4) return `${digits.slice(0, 4)}00000${digits.slice(4, 5)}`;
    return `${digits.slice(0, 5)}0000${last}`;
  })();
  const upcA = `${system}${body}${number.charAt(7)}`;
  return hasGs1CheckDigit(upcA) ? upcA : null;
}

/** Without its add-on of 2 or 5 digits, which scanners may set off by a blank. */
function withoutAddOn(number: string): string {
  return /^([0-9]{12,13}) ?([0-9]{2}|[0-9]{5})$/.exec(number)?.[1] ?? number;
}

/**
 * The barcode (8 or 13 digits) of a number of 8, 12 or 13 digits with its check digit, or null.
 * `aim` tells UPC-E from EAN-8 (ISO/IEC 15424: `]E0` and `]E4`); where it does not, a number of 8
 * digits that is both is an EAN-8.
 */
export function barcodeOf(number: string, aim: string | null): string | null {
  const main = aim === ']E3' ? withoutAddOn(number) : number;
  const isWhole = hasGs1CheckDigit(main);
  if (main.length === 12 || main.length === 13) return isWhole ? normaliseBarcode(main) : null;
  if (main.length !== 8) return null;
  const upcA = aim === ']E4' ? null : expandUpcE(main);
  const isUpcE = upcA !== null && (aim === ']E0' || !isWhole);
  if (isUpcE) return normaliseBarcode(upcA);
  return isWhole ? main : null;
}

export type Gtin14 =
  | { readonly kind: 'item'; readonly barcode: string }
  /** Indicator 1 … 8: a case or pallet of items; 9: an item of variable measure. */
  | { readonly kind: 'case' }
  | { readonly kind: 'none' };

/** What a GTIN of 14 digits is: an item where its indicator is 0. */
export function gtin14(number: string): Gtin14 {
  if (number.length !== 14 || !hasGs1CheckDigit(number)) return { kind: 'none' };
  if (!number.startsWith('0')) return { kind: 'case' };
  return { kind: 'item', barcode: number.slice(number.startsWith('000000') ? 6 : 1) };
}

/** Coupons and refund slips in the form of an EAN-13 (GS1 prefixes 980 … 984 and 99). */
export function isCouponBarcode(barcode: string): boolean {
  return barcode.length === 13 && /^(98[0-4]|99)/.test(barcode);
}
