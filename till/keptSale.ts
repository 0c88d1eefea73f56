// Owns a committed sale as its return sees it: read back from what the sale itself stored.
import type { ReadableDb } from '#db/handle.ts';
import { movementsOf } from '#db/movements.ts';
import { linesOf, type StoredSale as SaleRow, tendersOf } from '#db/sales.ts';
import { returnedLinesOf, saleTermsOf } from '#db/saleTerms.ts';
import { type StoredSale, storedSaleOf } from '#loyalty/returns/storedSale.ts';

/** The terms of a sale that was made before terms were kept. */
const FIRST_TERMS = {
  returns: { policy: 'exact-line', windowDays: 30, late: 'refused' },
  moneyAccounts: [],
  roundingMinor: 0,
} as const;

export function keptSale(
  db: ReadableDb,
  row: SaleRow,
  memberId: string | null,
  currency: string,
): StoredSale {
  const { returns, moneyAccounts } = saleTermsOf(db, row.seq) ?? FIRST_TERMS;
  const lines = linesOf(db, row.seq);
  const tenders = tendersOf(db, row.seq);
  const back = new Map(returnedLinesOf(db, row.seq).map(({ line, units }) => [line, units]));
  const kept = storedSaleOf({
    sale: { transactionId: row.transactionId, lines, tenders, claims: [], codes: [] },
    pricing: {
      lines: lines.map(({ line, grossMinor, discountMinor }) => {
        return { line, grossMinor, discountMinor, netMinor: grossMinor - discountMinor };
      }),
      totalMinor: row.totalMinor,
      movements: movementsOf(db, row.seq),
      tenderEffects: tenders
        .filter(({ tenderType }) => moneyAccounts.some((account) => account === tenderType))
        .map(({ tenderType: account, amountMinor }) => {
          return { account, amountMinor, whyKey: 'why.tender.stored-value', whyArgs: {} };
        }),
    },
    atMs: row.atMs,
    memberId,
    programme: { currency, accounts: [], returns },
  });
  return {
    ...kept,
    moneyAccounts,
    lines: kept.lines.map((line) => ({ ...line, returnedQuantity: back.get(line.line) ?? 0 })),
  };
}
