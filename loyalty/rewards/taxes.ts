// Owns the taxes inside a total: one row a rate.
import type { PricingContext } from '#loyalty/context.ts';
import { taxInclusive } from '#loyalty/money.ts';
import type { TaxTotal } from '#loyalty/pricing.ts';

/** Taxes of a fixed amount that the sale pays on top: never discounted, never earning. */
export function fixedTaxesOf(context: Pick<PricingContext, 'lines'>): number {
  let sumMinor = 0;
  for (const { line } of context.lines) {
    if (line.fixedTaxMinor !== undefined) sumMinor += line.fixedTaxMinor * line.quantity;
  }
  return sumMinor;
}

/**
 * Rows by rate, lowest first. A fixed tax stands in the row of its line's rate, all of it tax.
 * `netMinor` is what each line costs after discounts, without fixed taxes.
 */
export function taxesOf(
  context: Pick<PricingContext, 'lines'>,
  netMinor: readonly number[],
): TaxTotal[] {
  const rows = new Map<number, { amountMinor: number; fixedMinor: number }>();
  context.lines.forEach(({ line }, index) => {
    let row = rows.get(line.taxRateBasisPoints);
    if (row === undefined) {
      row = { amountMinor: 0, fixedMinor: 0 };
      rows.set(line.taxRateBasisPoints, row);
    }
    row.amountMinor += netMinor[index] ?? 0;
    row.fixedMinor += (line.fixedTaxMinor ?? 0) * line.quantity;
  });
  return [...rows]
    .sort(([left], [right]) => left - right)
    .map(([taxRateBasisPoints, { amountMinor, fixedMinor }]) => {
      const size = taxInclusive(Math.abs(amountMinor), taxRateBasisPoints);
      const taxMinor = (amountMinor < 0 && size !== 0 ? -size : size) + fixedMinor;
      const grossMinor = amountMinor + fixedMinor;
      return { taxRateBasisPoints, grossMinor, netMinor: grossMinor - taxMinor, taxMinor };
    });
}
