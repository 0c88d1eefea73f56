// Owns the order of lines by which what a split leaves over is given: never that of scanning.
import { splitByLargestRemainder } from '#loyalty/money.ts';
import type { SaleLine } from '#loyalty/pricing/sale.ts';

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function compareLines(left: SaleLine, right: SaleLine): number {
  return (
    compareText(left.sku ?? '', right.sku ?? '') ||
    left.unitPriceMinor - right.unitPriceMinor ||
    left.taxRateBasisPoints - right.taxRateBasisPoints ||
    left.quantity - right.quantity ||
    compareText(left.productType, right.productType) ||
    left.line - right.line
  );
}

/** Indexes of lines by sku, then price, then whatever else tells them apart. */
export function tieOrder(lines: readonly SaleLine[]): readonly number[] {
  const order = lines.map((_, index) => index);
  return order.sort((left, right) => {
    const [one, other] = [lines[left], lines[right]];
    return one === undefined || other === undefined ? 0 : compareLines(one, other);
  });
}

/** `total` over the lines in proportion to weights, both index-aligned with them. */
export function splitOverLines(
  lines: readonly SaleLine[],
  total: number,
  weights: readonly number[],
): readonly number[] {
  const order = tieOrder(lines);
  const ordered = order.map((index) => weights[index] ?? 0);
  const shares = new Array<number>(lines.length).fill(0);
  splitByLargestRemainder(total, ordered).forEach((share, place) => {
    shares[order[place] ?? 0] = share;
  });
  return shares;
}
