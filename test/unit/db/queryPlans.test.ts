// Goal: what lies on the way of a sale uses an index, and is not prepared again at every run.
// Method: EXPLAIN QUERY PLAN of the very statements, taken from the driver as they are prepared;
// the second by the form of the statement (see `statement` in db/handle.ts).
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionOf, type WritableDb } from '#db/handle.ts';
import { booksOf } from '#db/holdings.ts';
import { memberByCard, memberById, memberByKey } from '#db/members.ts';
import { movementsOf } from '#db/movements.ts';
import {
  countWaitingPrintJobs,
  nextCopyNumber,
  nextUnsentPaper,
  oldestQuestion,
  originalPrintJob,
  unsentDrawers,
} from '#db/printJobs.ts';
import { productByBarcode, productBySku } from '#db/products.ts';
import { profileOf } from '#db/profiles.ts';
import { daySums, zReportOf } from '#db/reports.ts';
import { floorPointsUsed, openReservationsOf } from '#db/reservations.ts';
import { linesOf, recentSales, saleByToken, saleByTransactionId, voidOf } from '#db/sales.ts';
import { returnedLinesOf, saleTermsOf } from '#db/saleTerms.ts';
import { newDatabase } from '#test/support/tillDatabase.ts';

/** The SQL that `work` prepares on a fresh connection. */
function sqlOf(db: WritableDb, work: () => unknown): string[] {
  const connection = connectionOf(db);
  const seen: string[] = [];
  const prepare = connection.prepare.bind(connection);
  const spy = ((sql: string) => {
    seen.push(sql);
    return prepare(sql);
  }) as typeof connection.prepare;
  connection.prepare = spy;
  onTestFinished(() => {
    connection.prepare = prepare as typeof connection.prepare;
  });
  work();
  connection.prepare = prepare as typeof connection.prepare;
  return seen;
}

function planOf(db: WritableDb, sql: string): string[] {
  const values = (sql.match(/\?/g) ?? []).map(() => 1);
  const steps = connectionOf(db)
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values);
  return (steps as { detail: string }[]).map((step) => step.detail);
}

const onTheWay: readonly (readonly [string, (db: WritableDb) => unknown, string])[] = [
  ['member by card', (db) => memberByCard(db, 'x'), 'member USING INDEX'],
  ['member by id', (db) => memberById(db, 'x'), 'member USING INDEX'],
  ['member by key', (db) => memberByKey(db, 1), 'member USING INTEGER PRIMARY KEY'],
  ['product by barcode', (db) => productByBarcode(db, 'x'), 'USING INDEX product_barcode'],
  ['product by sku', (db) => productBySku(db, 'x'), 'product USING INDEX'],
  ['sale by id', (db) => saleByTransactionId(db, 'x'), 'sale USING INDEX'],
  [
    'sale by its receipt code',
    (db) => saleByToken(db, 'x', '2026'),
    'INDEX retail_transaction_day',
  ],
  ['recent sales', (db) => recentSales(db, 5), 'undone USING COVERING INDEX'],
  ['lines of a sale', (db) => linesOf(db, 1), 'line USING PRIMARY KEY'],
  ['void of a sale', (db) => voidOf(db, 1), 'voided_transaction USING INDEX'],
  ['next unsent paper', nextUnsentPaper, 'INDEX print_job_open'],
  ['unsent drawers', unsentDrawers, 'INDEX print_job_open'],
  ['print jobs that wait', countWaitingPrintJobs, 'INDEX print_job_open'],
  ['question about paper', oldestQuestion, 'INDEX print_job_open'],
  ['copy number', (db) => nextCopyNumber(db, 1, 'receipt'), 'INDEX print_job_once'],
  ['original paper', (db) => originalPrintJob(db, 1, 'receipt'), 'INDEX print_job_once'],
  ['reservations of a sale', (db) => openReservationsOf(db, 'x'), 'INDEX reservation_open'],
  ['floor of a member', (db) => floorPointsUsed(db, 1, 1), 'INDEX reservation_floor'],
  ['closed day', (db) => zReportOf(db, 'x'), 'z_report USING INDEX'],
  ['books of an owner', (db) => booksOf(db, ['x']), 'holding USING PRIMARY KEY'],
  ['movements of a sale', (db) => movementsOf(db, 1), 'movement USING PRIMARY KEY'],
  [
    'profile and baskets of a member',
    (db) => profileOf(db, { memberKey: 1, memberId: 'x' }),
    'INDEX retail_transaction_member',
  ],
  ['terms of a sale', (db) => saleTermsOf(db, 1), 'sale_terms USING INTEGER PRIMARY KEY'],
  ['what came back', (db) => returnedLinesOf(db, 1), 'INDEX returned_line_sale'],
  ['sums of a day', (db) => daySums(db, 'x'), 'INDEX retail_transaction_day'],
];

describe('query plans', () => {
  it.each(onTheWay)('%s', (_, work, used) => {
    const db = newDatabase();
    const prepared = sqlOf(db, () => work(db));
    expect(prepared.length).toBeGreaterThan(0);
    for (const sql of prepared.filter((text) => /JOIN|ORDER BY|LIMIT/.test(text))) {
      expect(sql).not.toMatch(/[^+]\?/);
    }
    const plans = prepared.flatMap((sql) => planOf(db, sql));
    expect(plans.join('\n')).toContain(used);
    const scans = plans.filter((step) => step.startsWith('SCAN'));
    const allowed = /^SCAN (event|CONSTANT ROW|sale$|print_job USING INDEX print_job_open)/;
    expect(scans.filter((step) => !allowed.test(step))).toEqual([]);
  });
});
