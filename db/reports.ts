// Owns the sums of a business day and the closed days (Z), which are never changed.
import { countDrawerOpenings } from '#db/drawerOpenings.ts';
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { assert } from '#loyalty/assert.ts';

/**
 * A day as its sales less its voids: a void counts on the day on which it was made, with the
 * opposite sign. So amounts of a day can be below zero. Amounts are minor units.
 */
export interface DaySums {
  readonly businessDay: string;
  /** First and last journal seq of the day's sales and voids; null for a day without any. */
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** Sales made, those undone later included. */
  readonly saleCount: number;
  readonly voidCount: number;
  readonly memberSaleCount: number;
  /** Before discounts. */
  readonly grossMinor: number;
  readonly discountMinor: number;
  readonly totalMinor: number;
  readonly taxes: readonly DayTax[];
  readonly tenders: readonly DayTender[];
  readonly pointsIssued: number;
  readonly pointsRedeemed: number;
  /** Taken back less given back, so that issued − redeemed − reversed moved the balances. */
  readonly pointsReversed: number;
  /** Money off for the points redeemed. */
  readonly redeemedValueMinor: number;
  readonly drawerOpenedCount: number;
}

export interface DayTax {
  readonly taxRateBasisPoints: number;
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly taxMinor: number;
}

/** Change is inside: `amountMinor` of cash is what stayed in the drawer. */
export interface DayTender {
  readonly tenderType: string;
  /** Tenders taken less tenders undone. */
  readonly count: number;
  readonly amountMinor: number;
}

// Sales of the day count +1, sales undone on the day count −1.
const EVENTS_OF_DAY = `WITH event (seq, sale, sign) AS (
  SELECT seq, seq, 1 FROM retail_transaction WHERE business_day = +?
  UNION ALL
  SELECT seq, ref_seq, -1 FROM voided_transaction WHERE business_day = +?)`;

const SALES_OF_DAY = `${EVENTS_OF_DAY}
  SELECT min(event.seq) AS firstSeq, max(event.seq) AS lastSeq,
    count(*) FILTER (WHERE sign = 1) AS saleCount, count(*) FILTER (WHERE sign = -1) AS voidCount,
    count(*) FILTER (WHERE sign = 1 AND member_key IS NOT NULL) AS memberSaleCount,
    coalesce(sum(sign * subtotal_minor), 0) AS grossMinor,
    coalesce(sum(sign * discount_minor), 0) AS discountMinor,
    coalesce(sum(sign * total_minor), 0) AS totalMinor,
    coalesce(sum(sign * discount_minor) FILTER (WHERE redeemed_points > 0), 0)
      AS redeemedValueMinor
  FROM event JOIN retail_transaction ON retail_transaction.seq = event.sale`;

const TAXES_OF_DAY = `${EVENTS_OF_DAY}
  SELECT tax_rate_basis_points AS taxRateBasisPoints, sum(sign * gross_minor) AS grossMinor,
    sum(sign * (gross_minor - tax_minor)) AS netMinor, sum(sign * tax_minor) AS taxMinor
  FROM event JOIN transaction_tax ON transaction_tax.seq = event.sale
  GROUP BY tax_rate_basis_points ORDER BY tax_rate_basis_points`;

const TENDERS_OF_DAY = `${EVENTS_OF_DAY}
  SELECT tender_type AS tenderType, sum(sign) AS count, sum(sign * amount_minor) AS amountMinor
  FROM event JOIN tender ON tender.seq = event.sale GROUP BY tender_type ORDER BY tender_type`;

// Change is given in cash only (tender-not-cash-over), whatever else was tendered.
const CHANGE_OF_DAY = `${EVENTS_OF_DAY}
  SELECT coalesce(sum(sign * change_minor), 0) AS changeMinor
  FROM event JOIN retail_transaction ON retail_transaction.seq = event.sale`;

const POINTS_OF_DAY = `${EVENTS_OF_DAY}
  SELECT coalesce(sum(points) FILTER (WHERE kind = 'accrual'), 0) AS pointsIssued,
    coalesce(sum(points) FILTER (WHERE kind = 'redemption'), 0) AS pointsRedeemed,
    coalesce(sum(CASE WHEN account_debit = 'avail' THEN points
      WHEN account_credit = 'avail' THEN -points ELSE 0 END) FILTER (WHERE kind = 'reversal'), 0)
      AS pointsReversed
  FROM event JOIN ledger_entry ON ledger_entry.seq = event.seq`;

type SalesOfDay = Pick<
  DaySums,
  | 'firstSeq'
  | 'lastSeq'
  | 'saleCount'
  | 'voidCount'
  | 'memberSaleCount'
  | 'grossMinor'
  | 'discountMinor'
  | 'totalMinor'
  | 'redeemedValueMinor'
>;
type PointsOfDay = Pick<DaySums, 'pointsIssued' | 'pointsRedeemed' | 'pointsReversed'>;

/** The sums of one trading day, closed or open. Reads that day's rows only. */
export function daySums(db: ReadableDb, businessDay: string): DaySums {
  const sales = statement<SalesOfDay>(db, SALES_OF_DAY).get(businessDay, businessDay);
  const pointsMoved = statement<PointsOfDay>(db, POINTS_OF_DAY).get(businessDay, businessDay);
  assert(sales !== undefined && pointsMoved !== undefined, 'an aggregate gives one row');
  const change = statement<{ changeMinor: number }>(db, CHANGE_OF_DAY).get(
    businessDay,
    businessDay,
  );
  const changeMinor = change?.changeMinor ?? 0;
  const tenders = statement<DayTender>(db, TENDERS_OF_DAY).all(businessDay, businessDay);
  return {
    businessDay,
    ...sales,
    ...pointsMoved,
    taxes: statement<DayTax>(db, TAXES_OF_DAY).all(businessDay, businessDay),
    tenders: tenders.map((tender) =>
      tender.tenderType === 'cash'
        ? { ...tender, amountMinor: tender.amountMinor - changeMinor }
        : tender,
    ),
    drawerOpenedCount: countDrawerOpenings(db, businessDay),
  };
}

/** Everything this till ever sold less what was undone: never reset. Reads every sale. */
export function perpetualTotalMinor(db: ReadableDb): number {
  const sql = `SELECT (SELECT coalesce(sum(total_minor), 0) FROM retail_transaction)
    - (SELECT coalesce(sum(total_minor), 0) FROM voided_transaction
       JOIN retail_transaction ON retail_transaction.seq = ref_seq) AS totalMinor`;
  return statement<{ totalMinor: number }>(db, sql).get()?.totalMinor ?? 0;
}

export interface ZReportRow {
  /** 1, 2, 3 … without gaps. */
  readonly zNumber: number;
  readonly businessDay: string;
  readonly atMs: number;
  readonly operatorId: string;
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** SHA-256 over the previous report's hash and the canonical body; the caller makes it. */
  readonly hash: Uint8Array;
  readonly body: string;
}

const Z_COLUMNS = `z_number AS zNumber, business_day AS businessDay, at_ms AS atMs,
  operator_id AS operatorId, first_seq AS firstSeq, last_seq AS lastSeq, hash, body`;

export function zReportOf(db: ReadableDb, businessDay: string): ZReportRow | null {
  const sql = `SELECT ${Z_COLUMNS} FROM z_report WHERE business_day = ?`;
  return statement<ZReportRow>(db, sql).get(businessDay) ?? null;
}

/** The newest closed day; its hash chains the next, its number is one below the next. */
export function lastZReport(db: ReadableDb): ZReportRow | null {
  const sql = `SELECT ${Z_COLUMNS} FROM z_report ORDER BY z_number DESC LIMIT 1`;
  return statement<ZReportRow>(db, sql).get() ?? null;
}

/** Closes a day for good. Inside the transaction that summed it. */
export function insertZReport(db: WritableDb, report: ZReportRow): void {
  const expected = (lastZReport(db)?.zNumber ?? 0) + 1;
  assert(report.zNumber === expected, 'Z numbers have no gaps');
  statement(
    db,
    `INSERT INTO z_report (z_number, business_day, at_ms, operator_id, first_seq, last_seq, hash,
       body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    report.zNumber,
    report.businessDay,
    report.atMs,
    report.operatorId,
    report.firstSeq,
    report.lastSeq,
    report.hash,
    report.body,
  );
}
