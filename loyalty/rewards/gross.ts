// Owns what each line of a sale costs before any discount, tax in.

import { divideHalfUp } from '#loyalty/money.ts';
import type { ContextLine } from '#loyalty/pricing/context.ts';
import type { Sale, SaleLine } from '#loyalty/pricing/sale.ts';

/** Whether unit prices of a programme contain the tax. */
export type PriceTaxes = 'included' | 'excluded';

function timesExact(priceMinor: number, count: number): number | bigint {
  const product = priceMinor * count;
  return product <= Number.MAX_SAFE_INTEGER ? product : BigInt(priceMinor) * BigInt(count);
}

/** What a line costs at a price, tax in: by quantity, or half-up by thousandths where weighed. */
export function amountAtPrice(line: SaleLine, unitPriceMinor: number, prices: PriceTaxes): number {
  const amountMinor =
    line.quantityMilli === undefined
      ? unitPriceMinor * line.quantity
      : divideHalfUp(timesExact(unitPriceMinor, line.quantityMilli), 1000);
  if (prices === 'included' || line.taxRateBasisPoints === 0) return amountMinor;
  return amountMinor + divideHalfUp(timesExact(amountMinor, line.taxRateBasisPoints), 10_000);
}

/** Index-aligned with the lines of the sale. A contract's price replaces the shop's. */
export function grossLines(
  sale: Sale,
  prices: PriceTaxes,
  contract: { readonly prices: ReadonlyMap<string, number> } | null,
  contractEarns: boolean,
): ContextLine[] {
  return sale.lines.map((line) => {
    const isDeduction = line.kind === 'deduction';
    const contractMinor =
      contract === null || isDeduction || line.sku === null || line.isPriceFixed === true
        ? undefined
        : contract.prices.get(line.sku);
    const amountMinor = amountAtPrice(line, contractMinor ?? line.unitPriceMinor, prices);
    return {
      line,
      // 0 is written without a sign: −0 is not the 0 that tests and JSON know.
      grossMinor: isDeduction && amountMinor !== 0 ? -amountMinor : amountMinor,
      unitGrossMinor: line.quantity === 1 ? amountMinor : divideHalfUp(amountMinor, line.quantity),
      units: isDeduction ? 0 : line.quantity,
      isGoods: !isDeduction && (line.flags === undefined || line.flags.length === 0),
      isContractPrice: contractMinor !== undefined && !contractEarns,
    };
  });
}
