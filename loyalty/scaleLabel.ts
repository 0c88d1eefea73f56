// Owns labels of scales: in-store EAN-13 numbers that carry an item and its price or weight.
import { gs1CheckDigit, priceCheckDigit } from '#loyalty/check.ts';

/**
 * How the labels of one prefix are built, left to right: prefix, item, perhaps the value's own
 * check digit, value, and the check digit of the whole: 13 digits. From the programme file.
 */
export interface ScaleLabelRule {
  /** 02 (a UPC-A that begins with 2) or 20 … 29, and perhaps more digits. */
  readonly prefix: string;
  readonly measures: 'price' | 'weight';
  readonly itemDigits: number;
  readonly hasValueCheckDigit: boolean;
  readonly valueDigits: number;
  /** Of the value: a price of 2 is in cents, a weight of 3 in grams where the unit is kg. */
  readonly decimals: number;
}

export interface ScaleLabel {
  readonly rule: ScaleLabelRule;
  /** The item's digits as printed, leading zeros included. */
  readonly item: string;
  /** The label with a value of 0: the number under which a catalogue may hold the item. */
  readonly itemBarcode: string;
  /** At least 1, in units of 10^-`rule.decimals`. */
  readonly value: number;
}

/** The labels of this prefix, or null: then the number is an ordinary product. */
export function scaleLabelRule(
  barcode: string,
  rules: readonly ScaleLabelRule[],
): ScaleLabelRule | null {
  if (barcode.length !== 13) return null;
  return rules.find(({ prefix }) => barcode.startsWith(prefix)) ?? null;
}

/**
 * What a label of 13 digits with a right check digit says, or null where its value is 0 or fails
 * its own check digit: such a label was printed or read wrong.
 */
export function readScaleLabel(barcode: string, rule: ScaleLabelRule): ScaleLabel | null {
  const itemEnd = rule.prefix.length + rule.itemDigits;
  const valueStart = itemEnd + (rule.hasValueCheckDigit ? 1 : 0);
  const item = barcode.slice(rule.prefix.length, itemEnd);
  const valueText = barcode.slice(valueStart, valueStart + rule.valueDigits);
  if (rule.hasValueCheckDigit && barcode.charAt(itemEnd) !== priceCheckDigit(valueText)) {
    return null;
  }
  const value = Number(valueText);
  if (value === 0) return null;
  const empty = barcode.slice(0, itemEnd).padEnd(12, '0');
  return { rule, item, itemBarcode: empty + gs1CheckDigit(empty), value };
}

/** The value at more decimals: 345 at 2 is 3450 at 3. Exact: `decimals` ≥ the label's. */
export function valueAtDecimals({ rule, value }: ScaleLabel, decimals: number): number {
  return value * 10 ** (decimals - rule.decimals);
}
