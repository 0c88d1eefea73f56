// Owns the committed sales: the transaction, its lines, tenders and taxes, and what undoes it.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { assert } from '#loyalty/assert.ts';
import type { LineFlag } from '#loyalty/pricing/sale.ts';

/** Amounts are minor units, ≥ 0; total = subtotal − discount; change = tendered − total. */
export interface SaleRow {
  /** The journal seq, which also makes the receipt number. */
  readonly seq: number;
  readonly transactionId: string;
  /** SHA-256 of the commit request. */
  readonly requestHash: Uint8Array;
  readonly atMs: number;
  readonly businessDay: string;
  readonly operatorId: string;
  readonly memberKey: number | null;
  readonly programmeVersion: string;
  readonly receiptNumber: string;
  readonly receiptToken: string;
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly totalMinor: number;
  readonly tenderedMinor: number;
  readonly changeMinor: number;
  readonly earnedPoints: number;
  readonly redeemedPoints: number;
  readonly balanceAfterPoints: number | null;
  readonly isClockSuspect: boolean;
}

export interface SaleLineRow {
  readonly line: number;
  readonly kind: 'product' | 'amount';
  readonly sku: string | null;
  readonly name: string;
  readonly productType: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  /** What the line cost before discounts, tax in; absent where that is quantity × unit price. */
  readonly grossMinor?: number;
  readonly discountMinor: number;
  readonly taxRateBasisPoints: number;
  readonly tags?: readonly string[];
  readonly flags?: readonly LineFlag[];
  readonly quantityMilli?: number;
  readonly fixedTaxMinor?: number;
}

export interface TenderRow {
  readonly line: number;
  /** `cash`, `card`, `voucher`, or the account of stored value that paid. */
  readonly tenderType: string;
  /** > 0: what the customer gave. */
  readonly amountMinor: number;
}

export interface SaleTaxRow {
  readonly taxRateBasisPoints: number;
  readonly grossMinor: number;
  readonly taxMinor: number;
}

/** A sale as it stands today: `isVoided` comes from the row that undid it. */
export interface StoredSale extends SaleRow {
  readonly isVoided: boolean;
}

type SelectedSale = Omit<StoredSale, 'isVoided' | 'isClockSuspect'> & {
  readonly isVoided: number;
  readonly isClockSuspect: number;
};

const SELECT_SALE = `SELECT sale.seq, transaction_id AS transactionId, request_hash AS requestHash,
    sale.at_ms AS atMs, sale.business_day AS businessDay, sale.operator_id AS operatorId,
    member_key AS memberKey, programme_version AS programmeVersion,
    receipt_number AS receiptNumber, receipt_token AS receiptToken,
    subtotal_minor AS subtotalMinor, discount_minor AS discountMinor, total_minor AS totalMinor,
    tendered_minor AS tenderedMinor, change_minor AS changeMinor, earned_points AS earnedPoints,
    redeemed_points AS redeemedPoints, balance_after_points AS balanceAfterPoints,
    is_clock_suspect AS isClockSuspect, undone.seq IS NOT NULL AS isVoided
  FROM retail_transaction AS sale
  LEFT JOIN voided_transaction AS undone ON undone.ref_seq = sale.seq`;

function toSale(row: SelectedSale): StoredSale {
  return { ...row, isVoided: row.isVoided === 1, isClockSuspect: row.isClockSuspect === 1 };
}

/** Appends a sale, every row of it built beforehand. Inside the caller's transaction. */
export function insertSale(
  db: WritableDb,
  sale: SaleRow,
  lines: readonly SaleLineRow[],
  tenders: readonly TenderRow[],
  taxes: readonly SaleTaxRow[],
): void {
  statement(
    db,
    `INSERT INTO retail_transaction (seq, transaction_id, request_hash, at_ms, business_day,
       operator_id, member_key, programme_version, receipt_number, receipt_token, subtotal_minor,
       discount_minor, total_minor, tendered_minor, change_minor, earned_points, redeemed_points,
       balance_after_points, is_clock_suspect)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    sale.seq,
    sale.transactionId,
    sale.requestHash,
    sale.atMs,
    sale.businessDay,
    sale.operatorId,
    sale.memberKey,
    sale.programmeVersion,
    sale.receiptNumber,
    sale.receiptToken,
    sale.subtotalMinor,
    sale.discountMinor,
    sale.totalMinor,
    sale.tenderedMinor,
    sale.changeMinor,
    sale.earnedPoints,
    sale.redeemedPoints,
    sale.balanceAfterPoints,
    sale.isClockSuspect ? 1 : 0,
  );
  insertLines(db, sale.seq, lines);
  insertTenders(db, sale.seq, tenders);
  insertTaxes(db, sale.seq, taxes);
}

function insertLines(db: WritableDb, seq: number, lines: readonly SaleLineRow[]): void {
  const insert = statement(
    db,
    `INSERT INTO line (seq, line, kind, sku, name, product_type, quantity, unit_price_minor,
       discount_minor, tax_rate_basis_points, gross_minor, tags, flags, quantity_milli,
       fixed_tax_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const line of lines) {
    insert.run(
      seq,
      line.line,
      line.kind,
      line.sku,
      line.name,
      line.productType,
      line.quantity,
      line.unitPriceMinor,
      line.discountMinor,
      line.taxRateBasisPoints,
      line.grossMinor ?? null,
      JSON.stringify(line.tags ?? []),
      JSON.stringify(line.flags ?? []),
      line.quantityMilli ?? null,
      line.fixedTaxMinor ?? 0,
    );
  }
}

function insertTenders(db: WritableDb, seq: number, tenders: readonly TenderRow[]): void {
  const insert = statement(
    db,
    'INSERT INTO tender (seq, line, tender_type, amount_minor) VALUES (?, ?, ?, ?)',
  );
  for (const tender of tenders) insert.run(seq, tender.line, tender.tenderType, tender.amountMinor);
}

function insertTaxes(db: WritableDb, seq: number, taxes: readonly SaleTaxRow[]): void {
  const insert = statement(
    db,
    `INSERT INTO transaction_tax (seq, tax_rate_basis_points, gross_minor, tax_minor)
     VALUES (?, ?, ?, ?)`,
  );
  for (const tax of taxes) insert.run(seq, tax.taxRateBasisPoints, tax.grossMinor, tax.taxMinor);
}

export function saleByTransactionId(db: ReadableDb, transactionId: string): StoredSale | null {
  const sql = `${SELECT_SALE} WHERE transaction_id = +?`;
  const row = statement<SelectedSale>(db, sql).get(transactionId);
  return row === undefined ? null : toSale(row);
}

/** By the code of its receipt, among the sales from a business day on. */
export function saleByToken(db: ReadableDb, token: string, sinceDay: string): StoredSale | null {
  const sql = `${SELECT_SALE} WHERE sale.business_day >= +? AND receipt_token = +?`;
  const row = statement<SelectedSale>(db, sql).get(sinceDay, token);
  return row === undefined ? null : toSale(row);
}

export function saleBySeq(db: ReadableDb, seq: number): StoredSale | null {
  const row = statement<SelectedSale>(db, `${SELECT_SALE} WHERE sale.seq = +?`).get(seq);
  return row === undefined ? null : toSale(row);
}

/** The newest sale of this till, voided or not. */
export function lastSale(db: ReadableDb): StoredSale | null {
  return recentSales(db, 1)[0] ?? null;
}

/** Newest first. */
export function recentSales(db: ReadableDb, limit: number): readonly StoredSale[] {
  const sql = `${SELECT_SALE} ORDER BY sale.seq DESC LIMIT +?`;
  return statement<SelectedSale>(db, sql).all(limit).map(toSale);
}

interface StoredLine extends Omit<SaleLineRow, 'tags' | 'flags' | 'quantityMilli'> {
  readonly grossMinor: number;
  readonly tags: string;
  readonly flags: string;
  readonly quantityMilli: number | null;
  readonly fixedTaxMinor: number;
}

function toLine({ tags, flags, quantityMilli, ...row }: StoredLine) {
  return {
    ...row,
    tags: JSON.parse(tags) as readonly string[],
    flags: JSON.parse(flags) as readonly LineFlag[],
    ...(quantityMilli === null ? {} : { quantityMilli }),
  };
}

/** The lines of a sale as they were sold. */
export function linesOf(db: ReadableDb, seq: number): readonly ReturnType<typeof toLine>[] {
  const rows = statement<StoredLine>(
    db,
    `SELECT line, kind, sku, name, product_type AS productType, quantity,
            unit_price_minor AS unitPriceMinor, discount_minor AS discountMinor,
            tax_rate_basis_points AS taxRateBasisPoints,
            coalesce(gross_minor, quantity * unit_price_minor) AS grossMinor,
            tags, flags, quantity_milli AS quantityMilli, fixed_tax_minor AS fixedTaxMinor
     FROM line WHERE seq = +? ORDER BY line`,
  ).all(seq);
  return rows.map(toLine);
}

export function tendersOf(db: ReadableDb, seq: number): readonly TenderRow[] {
  return statement<TenderRow>(
    db,
    `SELECT line, tender_type AS tenderType, amount_minor AS amountMinor
     FROM tender WHERE seq = +? ORDER BY line`,
  ).all(seq);
}

export function taxesOf(db: ReadableDb, seq: number): readonly SaleTaxRow[] {
  return statement<SaleTaxRow>(
    db,
    `SELECT tax_rate_basis_points AS taxRateBasisPoints, gross_minor AS grossMinor,
            tax_minor AS taxMinor
     FROM transaction_tax WHERE seq = +? ORDER BY tax_rate_basis_points`,
  ).all(seq);
}

export interface VoidRow {
  /** The void's own journal seq. */
  readonly seq: number;
  /** The sale that it undoes. */
  readonly refSeq: number;
  readonly entryId: string;
  readonly atMs: number;
  readonly businessDay: string;
  readonly operatorId: string;
  readonly managerId: string;
}

/** Records that a sale was undone. A sale is undone once: a second time is a bug of the caller. */
export function insertVoid(db: WritableDb, row: VoidRow): void {
  assert(row.seq > row.refSeq, 'a void follows its sale');
  statement(
    db,
    `INSERT INTO voided_transaction
       (seq, ref_seq, entry_id, at_ms, business_day, operator_id, manager_id)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(row.seq, row.refSeq, row.entryId, row.atMs, row.businessDay, row.operatorId, row.managerId);
}

/** The void of a sale, or null while it stands. */
export function voidOf(db: ReadableDb, refSeq: number): VoidRow | null {
  const row = statement<VoidRow>(
    db,
    `SELECT seq, ref_seq AS refSeq, entry_id AS entryId, at_ms AS atMs,
            business_day AS businessDay, operator_id AS operatorId, manager_id AS managerId
     FROM voided_transaction WHERE ref_seq = ?`,
  ).get(refSeq);
  return row ?? null;
}
