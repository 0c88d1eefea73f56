// Goal: what was committed cannot be changed, and no wrong value gets in.
// Method: raw SQL against a real file, as a careless later programmer would write it.
import { describe, expect, it } from 'vitest';
import { insertDrawerOpening } from '#db/drawerOpenings.ts';
import { connectionOf, statement, transaction, type WritableDb } from '#db/handle.ts';
import { insertLedgerEntries } from '#db/ledger.ts';
import { insertMovements } from '#db/movements.ts';
import { insertZReport } from '#db/reports.ts';
import { insertSale, insertVoid } from '#db/sales.ts';
import { insertDiscounts, insertReturnedLines, insertSaleTerms } from '#db/saleTerms.ts';
import {
  makeEntry,
  makeSale,
  newDatabase,
  TEST_DAY,
  TEST_NOW_MS,
} from '#test/support/tillDatabase.ts';

const APPEND_ONLY = [
  'retail_transaction',
  'line',
  'tender',
  'transaction_tax',
  'voided_transaction',
  'ledger_entry',
  'z_report',
  'drawer_opening',
  'movement',
  'sale_terms',
  'sale_discount',
  'returned_line',
] as const;

const MOVEMENT = {
  owner: 'member/member-1',
  account: 'points',
  lotId: 'sale/1',
  amount: 1,
  fromMs: 0,
  untilMs: null,
  kind: 'accrual',
  rule: 'base',
  whyKey: 'why.earn.base',
  whyArgs: {},
} as const;
const TERMS = {
  returns: { policy: 'exact-line', windowDays: 30, late: 'refused' },
  moneyAccounts: [],
  roundingMinor: 0,
} as const;
const DISCOUNT = {
  rewardId: 'off-5',
  times: 1,
  taxRateBasisPoints: 100,
  amountMinor: 0,
  lines: [],
  whyKey: 'why.x',
  whyArgs: {},
};

function filled(): WritableDb {
  const db = newDatabase();
  transaction(db, () => {
    const line = {
      line: 1,
      kind: 'amount',
      sku: null,
      name: 'bread',
      productType: 'food',
      quantity: 1,
      unitPriceMinor: 1000,
      discountMinor: 0,
      taxRateBasisPoints: 100,
    } as const;
    const tender = { line: 1, tenderType: 'cash', amountMinor: 1000 } as const;
    const tax = { taxRateBasisPoints: 100, grossMinor: 1000, taxMinor: 10 };
    insertSale(db, makeSale(1, { memberKey: 1 }), [line], [tender], [tax]);
    insertLedgerEntries(db, 1, 1, [makeEntry()]);
    const stamp = { atMs: TEST_NOW_MS, businessDay: TEST_DAY, operatorId: 'o' };
    insertVoid(db, { seq: 2, refSeq: 1, entryId: 'void-1', managerId: 'm', ...stamp });
    insertDrawerOpening(db, stamp);
    insertMovements(db, 1, [MOVEMENT]);
    insertSaleTerms(db, 1, TERMS);
    insertDiscounts(db, 1, [DISCOUNT]);
    insertReturnedLines(db, 2, 1, [{ line: 1, units: 1 }]);
    const hash = new Uint8Array(32);
    insertZReport(db, { zNumber: 1, firstSeq: 1, lastSeq: 2, hash, body: '{}', ...stamp });
  });
  return db;
}

describe('append-only tables', () => {
  it.each(APPEND_ONLY)('%s refuses UPDATE, DELETE and REPLACE', (table) => {
    const db = filled();
    const all = (): unknown => statement(db, `SELECT * FROM ${table}`).all();
    const before = all();
    expect(before).toHaveLength(1);
    const column = statement<{ name: string }>(
      db,
      `SELECT name FROM pragma_table_info('${table}') LIMIT 1`,
    ).get()?.name;
    const run = (sql: string) => () => connectionOf(db).exec(sql);
    expect(run(`UPDATE ${table} SET ${column} = ${column}`)).toThrow('append-only');
    expect(run(`DELETE FROM ${table}`)).toThrow('append-only');
    expect(run(`REPLACE INTO ${table} SELECT * FROM ${table}`)).toThrow('append-only');
    expect(all()).toEqual(before);
  });

  it('a sale is undone once', () => {
    const db = filled();
    const again = { seq: 3, refSeq: 1, entryId: 'void-2', managerId: 'm', operatorId: 'o' };
    expect(() => insertVoid(db, { ...again, atMs: 1, businessDay: TEST_DAY })).toThrow('UNIQUE');
  });

  it('Z numbers have no gaps', () => {
    const stamp = { atMs: 1, businessDay: '2026-02-02', operatorId: 'o', hash: new Uint8Array(32) };
    const report = { zNumber: 3, firstSeq: null, lastSeq: null, body: '{}', ...stamp };
    expect(() => insertZReport(filled(), report)).toThrow('no gaps');
  });
});

describe('values', () => {
  const wrong: readonly (readonly [string, Parameters<typeof makeSale>[1]])[] = [
    ['half a minor unit', { subtotalMinor: 1.5 }],
    ['a total that is not subtotal less discount', { totalMinor: 999 }],
    ['less tendered than due', { tenderedMinor: 999, changeMinor: -1 }],
    ['points below zero', { earnedPoints: -1 }],
    ['a member that nobody knows', { memberKey: 4711 }],
  ];
  it.each(wrong)('a sale refuses %s', (_, changes) => {
    const db = newDatabase();
    expect(() => insertSale(db, makeSale(1, changes), [], [], [])).toThrow(
      /constraint failed|cannot store REAL/,
    );
  });

  it('a ledger entry refuses half points, negative points and one account on both sides', () => {
    const db = newDatabase();
    const insert = (changes: Parameters<typeof makeEntry>[0]) => () =>
      insertLedgerEntries(db, 1, 1, [makeEntry(changes)]);
    expect(insert({ points: 1.5 })).toThrow('INTEGER');
    expect(insert({ points: -1 })).toThrow('CHECK');
    expect(insert({ points: 1_000_000_001 })).toThrow('CHECK');
    expect(insert({ accountDebit: 'avail' })).toThrow('CHECK');
    insert({})();
    expect(insert({})).toThrow('UNIQUE');
  });

  it('9e12 minor units come back exactly', () => {
    const db = newDatabase();
    const huge = 9_000_000_000_000;
    const amounts = { subtotalMinor: huge, totalMinor: huge, tenderedMinor: huge };
    insertSale(db, makeSale(1, amounts), [], [], []);
    const sql = 'SELECT total_minor AS total, typeof(total_minor) AS type FROM retail_transaction';
    expect(statement(db, sql).get()).toEqual({ total: huge, type: 'integer' });
  });
});
