// Owns what a sale leaves for its return: all that is needed, so that no programme is looked at.
import type { Movement } from '#loyalty/books/books.ts';
import { splitByLargestRemainder } from '#loyalty/money.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { LineFlag, Sale, SaleLine } from '#loyalty/pricing/sale.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';

export interface StoredLine {
  readonly line: number;
  readonly sku: string | null;
  readonly productType: string;
  readonly flags: readonly LineFlag[];
  readonly taxRateBasisPoints: number;
  /** Units that were sold; a weighed line is one unit. */
  readonly quantity: number;
  readonly grossMinor: number;
  readonly discountMinor: number;
  /** After discounts, with its fixed tax. */
  readonly netMinor: number;
  /** Net, less its part of deductions and of the rounding of the total: what comes back at most. */
  readonly paidMinor: number;
  /** Units that came back so far. */
  readonly returnedQuantity: number;
}

export interface StoredTender {
  /** `cash`, `card`, …, or the account of stored value that paid. */
  readonly tenderType: string;
  /** Without the change that was given. */
  readonly amountMinor: number;
  readonly refundedMinor: number;
}

/** A movement of the sale, and how much of it has been undone: from 0 to its whole amount. */
export interface StoredMovement extends Movement {
  readonly undone: number;
}

/** Stored with the sale. Versions and programme files come and go; this stays what it was. */
export interface StoredSale {
  readonly transactionId: string;
  readonly atMs: number;
  readonly memberId: string | null;
  readonly currency: string;
  /** Accounts in minor units: their sentences speak of money. */
  readonly moneyAccounts: readonly string[];
  readonly policy: ProgrammeFile['returns'];
  readonly lines: readonly StoredLine[];
  readonly tenders: readonly StoredTender[];
  readonly movements: readonly StoredMovement[];
}

/** Rule of the movements by which stored value pays: they are undone with the tender. */
export const TENDER_RULE = 'tender';

export interface SaleToStore {
  readonly sale: Sale;
  readonly pricing: Pick<Pricing, 'lines' | 'totalMinor' | 'movements' | 'tenderEffects'>;
  readonly atMs: number;
  readonly memberId: string | null;
  readonly programme: Pick<ProgrammeFile, 'currency' | 'accounts' | 'returns'>;
}

/** How it was paid; what no tender of the sale says was paid in cash. */
function storedTenders({ sale, pricing }: SaleToStore): StoredTender[] {
  const ownValue = new Map<string, number>();
  for (const { account, amountMinor } of pricing.tenderEffects) {
    ownValue.set(account, (ownValue.get(account) ?? 0) + amountMinor);
  }
  const paid = [...ownValue];
  let openMinor = paid.reduce((left, [, minor]) => left - minor, Math.max(0, pricing.totalMinor));
  for (const { tenderType, amountMinor } of sale.tenders) {
    if (ownValue.has(tenderType)) continue;
    const keptMinor = Math.min(amountMinor, openMinor);
    openMinor -= keptMinor;
    if (keptMinor > 0) paid.push([tenderType, keptMinor]);
  }
  if (openMinor > 0) paid.push(['cash', openMinor]);
  return paid.map(([tenderType, amountMinor]) => ({ tenderType, amountMinor, refundedMinor: 0 }));
}

/**
 * What was paid for each line: deductions and the rounding of the total lie on the goods. A gift
 * card and a deposit are worth what was paid for them, unless there is nothing else to lower.
 */
function paidFor(
  lines: readonly SaleLine[],
  nets: readonly number[],
  totalMinor: number,
): readonly number[] {
  const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, minor) => sum + minor, 0);
  const netMinor = sumOf(nets);
  if (netMinor === 0 || netMinor === totalMinor) return nets;
  const lowered = nets.map((minor, index) => {
    const flags = lines[index]?.flags ?? [];
    return flags.includes('stored-value') || flags.includes('deposit') ? 0 : minor;
  });
  const loweredMinor = sumOf(lowered);
  const leftMinor = totalMinor - (netMinor - loweredMinor);
  if (loweredMinor === 0 || leftMinor < 0) return splitByLargestRemainder(totalMinor, nets);
  const shares = splitByLargestRemainder(leftMinor, lowered);
  return nets.map((minor, index) => minor - (lowered[index] ?? 0) + (shares[index] ?? 0));
}

export function storedSaleOf(stored: SaleToStore): StoredSale {
  const { sale, pricing, atMs, memberId, programme } = stored;
  const priced = new Map(pricing.lines.map((line) => [line.line, line]));
  const goods = sale.lines.filter((line) => line.kind !== 'deduction');
  const nets = goods.map(
    ({ line, fixedTaxMinor = 0, quantity }) =>
      (priced.get(line)?.netMinor ?? 0) + fixedTaxMinor * quantity,
  );
  const paid = paidFor(goods, nets, Math.max(0, pricing.totalMinor));
  return {
    transactionId: sale.transactionId,
    atMs,
    memberId,
    currency: programme.currency,
    moneyAccounts: programme.accounts
      .filter((account) => account.kind === 'money')
      .map((account) => account.accountId),
    policy: programme.returns,
    lines: goods.map((line, index) => ({
      line: line.line,
      sku: line.sku,
      productType: line.productType,
      flags: line.flags ?? [],
      taxRateBasisPoints: line.taxRateBasisPoints,
      quantity: line.quantityMilli === undefined ? line.quantity : 1,
      grossMinor: priced.get(line.line)?.grossMinor ?? 0,
      discountMinor: priced.get(line.line)?.discountMinor ?? 0,
      netMinor: nets[index] ?? 0,
      paidMinor: paid[index] ?? 0,
      returnedQuantity: 0,
    })),
    tenders: storedTenders(stored),
    movements: pricing.movements.map((movement) => ({ ...movement, undone: 0 })),
  };
}
