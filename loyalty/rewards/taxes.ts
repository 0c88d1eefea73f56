// Owns the taxes inside a total: one row a rate.

import { taxInclusive } from '#loyalty/money.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { TaxTotal } from '#loyalty/pricing/pricing.ts';

/** Taxes of a fixed amount that the sale pays on top: never discounted, never earning. */
export function fixedTaxesOf(context: Pick<PricingContext, 'lines'>): number {
  let sumMinor = 0;
  for (const { line } of context.lines) {
    if (line.fixedTaxMinor !== undefined) sumMinor += line.fixedTaxMinor * line.quantity;
  }
  return sumMinor;
}

interface Row {
  readonly taxRateBasisPoints: number;
  amountMinor: number;
  fixedMinor: number;
}

function totalOf({ taxRateBasisPoints, amountMinor, fixedMinor }: Row): TaxTotal {
  const size = taxInclusive(Math.abs(amountMinor), taxRateBasisPoints);
  const taxMinor = (amountMinor < 0 && size !== 0 ? -size : size) + fixedMinor;
  const grossMinor = amountMinor + fixedMinor;
  return { taxRateBasisPoints, grossMinor, netMinor: grossMinor - taxMinor, taxMinor };
}

/**
 * Rows by rate, lowest first. A fixed tax stands in the row of its line's rate, all of it tax.
 * `netMinor` is what each line costs after discounts, without fixed taxes.
 */
export function taxesOf(
  context: Pick<PricingContext, 'lines'>,
  netMinor: readonly number[],
): TaxTotal[] {
  // A country has a handful of rates: looking through them is quicker than a map.
  const rows: Row[] = [];
  for (let index = 0; index < context.lines.length; index += 1) {
    const line = context.lines[index]?.line;
    if (line === undefined) continue;
    let row = rows.find((known) => known.taxRateBasisPoints === line.taxRateBasisPoints);
    if (row === undefined) {
      row = { taxRateBasisPoints: line.taxRateBasisPoints, amountMinor: 0, fixedMinor: 0 };
      rows.push(row);
    }
    row.amountMinor += netMinor[index] ?? 0;
    if (line.fixedTaxMinor !== undefined) row.fixedMinor += line.fixedTaxMinor * line.quantity;
  }
  if (rows.length > 1) {
    rows.sort((left, right) => left.taxRateBasisPoints - right.taxRateBasisPoints);
  }
  return rows.map(totalOf);
}
