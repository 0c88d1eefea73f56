// Owns what a sale keeps for its return: the terms of that day, its discounts, what came back.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import type { LineShare } from '#loyalty/books/books.ts';
import type { Discount } from '#loyalty/pricing/pricing.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';

/** How the programme of the sale takes goods back, whatever holds by then. */
export interface SaleTerms {
  readonly returns: ProgrammeFile['returns'];
  /** Accounts in minor units: their sentences speak of money. */
  readonly moneyAccounts: readonly string[];
  /** What the rounding of the total added; it stands in the subtotal. */
  readonly roundingMinor: number;
}

/** Inside the transaction of the sale. */
export function insertSaleTerms(db: WritableDb, seq: number, terms: SaleTerms): void {
  const { returns, moneyAccounts, roundingMinor } = terms;
  statement(
    db,
    `INSERT INTO sale_terms (seq, return_policy, return_window_days, return_late, money_accounts,
       rounding_minor) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(
    seq,
    returns.policy,
    returns.windowDays,
    returns.late,
    JSON.stringify(moneyAccounts),
    roundingMinor,
  );
}

type TermsRow = ProgrammeFile['returns'] & {
  readonly moneyAccounts: string;
  readonly roundingMinor: number;
};

/** Null for a sale that was made before terms were kept. */
export function saleTermsOf(db: ReadableDb, seq: number): SaleTerms | null {
  const sql = `SELECT return_policy AS policy, return_window_days AS windowDays,
    return_late AS late, money_accounts AS moneyAccounts, rounding_minor AS roundingMinor
    FROM sale_terms WHERE seq = ?`;
  const row = statement<TermsRow>(db, sql).get(seq);
  if (row === undefined) return null;
  const { moneyAccounts, roundingMinor, ...returns } = row;
  return { returns, moneyAccounts: JSON.parse(moneyAccounts) as string[], roundingMinor };
}

/** Inside the transaction of the sale. */
export function insertDiscounts(db: WritableDb, seq: number, discounts: readonly Discount[]): void {
  const insert = statement(
    db,
    `INSERT INTO sale_discount (seq, number, reward_id, times, tax_rate_basis_points,
       amount_minor, lines, why_key, why_args) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  discounts.forEach((discount, index) => {
    insert.run(
      seq,
      index + 1,
      discount.rewardId,
      discount.times,
      discount.taxRateBasisPoints,
      discount.amountMinor,
      JSON.stringify(discount.lines),
      discount.whyKey,
      JSON.stringify(discount.whyArgs),
    );
  });
}

/** The discounts of a sale in the order of its receipt. */
export function discountsOf(db: ReadableDb, seq: number): readonly Discount[] {
  type Row = Omit<Discount, 'lines' | 'whyArgs'> & { lines: string; whyArgs: string };
  const rows = statement<Row>(
    db,
    `SELECT reward_id AS rewardId, times, tax_rate_basis_points AS taxRateBasisPoints,
       amount_minor AS amountMinor, lines, why_key AS whyKey, why_args AS whyArgs
     FROM sale_discount WHERE seq = +? ORDER BY number`,
  ).all(seq);
  return rows.map(({ lines, whyArgs, ...row }) => ({
    ...row,
    lines: JSON.parse(lines) as readonly LineShare[],
    whyArgs: JSON.parse(whyArgs) as Discount['whyArgs'],
  }));
}

/** Units of one line of a sale. */
export interface LineUnits {
  readonly line: number;
  readonly units: number;
}

/** Records what came back with journal entry `seq`. */
export function insertReturnedLines(
  db: WritableDb,
  seq: number,
  refSeq: number,
  returned: readonly LineUnits[],
): void {
  const insert = statement(
    db,
    'INSERT INTO returned_line (seq, ref_seq, line, units) VALUES (?, ?, ?, ?)',
  );
  for (const { line, units } of returned) insert.run(seq, refSeq, line, units);
}

/** Units that came back of each line of a sale, over all its returns. */
export function returnedLinesOf(db: ReadableDb, refSeq: number): readonly LineUnits[] {
  return statement<LineUnits>(
    db,
    `SELECT line, sum(units) AS units FROM returned_line WHERE ref_seq = +?
     GROUP BY line ORDER BY line`,
  ).all(refSeq);
}
