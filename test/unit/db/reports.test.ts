// Goal: the sums of a day are its sales less its voids, and a closed day is chained and kept.
// Method: three days with a sale undone on the same day and one undone on the next.
import { describe, expect, it } from 'vitest';
import { countDrawerOpenings, insertDrawerOpening } from '#db/drawerOpenings.ts';
import { transaction, type WritableDb } from '#db/handle.ts';
import { insertLedgerEntries } from '#db/ledger.ts';
import {
  daySums,
  insertZReport,
  lastZReport,
  perpetualTotalMinor,
  zReportOf,
} from '#db/reports.ts';
import {
  insertSale,
  insertVoid,
  lastSale,
  linesOf,
  recentSales,
  saleBySeq,
  saleByTransactionId,
  taxesOf,
  tendersOf,
  voidOf,
} from '#db/sales.ts';
import { makeEntry, makeSale, newDatabase, TEST_NOW_MS } from '#test/support/tillDatabase.ts';

const MONDAY = '2026-01-26';
const TUESDAY = '2026-01-27';
const reversal = { kind: 'reversal', line: 1 } as const;

/**
 * Monday: 1 a guest pays 10.00 with 20.00 in cash; 2 a member pays 30.00 of 35.00, 5.00 off for 50
 * points, earns 30; 3 undoes 2; 4 a guest pays 7.00 by card. Tuesday: 5 undoes 4.
 */
function twoDays(): WritableDb {
  const db = newDatabase();
  const tax = (grossMinor: number, taxMinor: number) => ({
    taxRateBasisPoints: 1000,
    grossMinor,
    taxMinor,
  });
  const monday = { businessDay: MONDAY };
  const undo = { operatorId: 'o', managerId: 'm', atMs: TEST_NOW_MS };
  transaction(db, () => {
    const cash = { line: 1, tenderType: 'cash' } as const;
    const guest = { ...monday, tenderedMinor: 2000, changeMinor: 1000 };
    insertSale(db, makeSale(1, guest), [], [{ ...cash, amountMinor: 2000 }], [tax(1000, 91)]);
    const member = {
      ...monday,
      memberKey: 1,
      subtotalMinor: 3500,
      discountMinor: 500,
      totalMinor: 3000,
      tenderedMinor: 3000,
      earnedPoints: 30,
      redeemedPoints: 50,
    };
    const tenders = [
      { ...cash, amountMinor: 1000 },
      { line: 2, tenderType: 'card', amountMinor: 2000 } as const,
    ];
    insertSale(db, makeSale(2, member), [], tenders, [tax(3000, 273)]);
    insertLedgerEntries(db, 2, 1, [
      makeEntry({ points: 30 }),
      makeEntry({
        line: 2,
        points: 50,
        kind: 'redemption',
        accountDebit: 'avail',
        accountCredit: 'redeemed',
      }),
    ]);
    insertVoid(db, { seq: 3, refSeq: 2, entryId: 'void-3', businessDay: MONDAY, ...undo });
    insertLedgerEntries(db, 3, 1, [
      makeEntry({ ...reversal, points: 30, accountDebit: 'avail', accountCredit: 'issued' }),
      makeEntry({
        ...reversal,
        line: 2,
        points: 50,
        accountDebit: 'redeemed',
        accountCredit: 'avail',
      }),
    ]);
    const card = { ...monday, subtotalMinor: 700, totalMinor: 700, tenderedMinor: 700 };
    const byCard = { line: 1, tenderType: 'card', amountMinor: 700 } as const;
    insertSale(db, makeSale(4, card), [], [byCard], [tax(700, 64)]);
    insertVoid(db, { seq: 5, refSeq: 4, entryId: 'void-5', businessDay: TUESDAY, ...undo });
    insertDrawerOpening(db, { atMs: TEST_NOW_MS, businessDay: MONDAY, operatorId: 'o' });
  });
  return db;
}

describe('day sums', () => {
  it('count a void against the day on which it was made', () => {
    const db = twoDays();
    expect(daySums(db, MONDAY)).toEqual({
      businessDay: MONDAY,
      firstSeq: 1,
      lastSeq: 4,
      saleCount: 3,
      voidCount: 1,
      memberSaleCount: 1,
      grossMinor: 1700,
      discountMinor: 0,
      totalMinor: 1700,
      taxes: [{ taxRateBasisPoints: 1000, grossMinor: 1700, netMinor: 1545, taxMinor: 155 }],
      tenders: [
        { tenderType: 'card', count: 1, amountMinor: 700 },
        { tenderType: 'cash', count: 1, amountMinor: 1000 },
      ],
      pointsIssued: 30,
      pointsRedeemed: 50,
      // 30 taken back, 50 given back: issued − redeemed − reversed is 0, as the balance says.
      pointsReversed: -20,
      redeemedValueMinor: 0,
      drawerOpenedCount: 1,
    });
    expect(daySums(db, TUESDAY)).toMatchObject({
      firstSeq: 5,
      lastSeq: 5,
      saleCount: 0,
      voidCount: 1,
      totalMinor: -700,
      taxes: [{ taxRateBasisPoints: 1000, grossMinor: -700, netMinor: -636, taxMinor: -64 }],
      tenders: [{ tenderType: 'card', count: -1, amountMinor: -700 }],
      pointsReversed: 0,
    });
    expect(perpetualTotalMinor(db)).toBe(1000);
    expect(countDrawerOpenings(db, TUESDAY)).toBe(0);
  });

  it('of a day without a sale are zero', () => {
    const sums = daySums(newDatabase(), MONDAY);
    expect(sums).toMatchObject({ firstSeq: null, lastSeq: null, saleCount: 0, totalMinor: 0 });
    expect(sums).toMatchObject({ taxes: [], tenders: [], pointsIssued: 0, redeemedValueMinor: 0 });
  });
});

describe('sales', () => {
  it('come back as they were written, and know whether they were undone', () => {
    const db = twoDays();
    const first = saleByTransactionId(db, 'transaction-1');
    const guest = { businessDay: MONDAY, tenderedMinor: 2000, changeMinor: 1000 };
    const requestHash = Buffer.alloc(32, 1);
    expect(first).toEqual({ ...makeSale(1, guest), requestHash, isVoided: false });
    expect(saleBySeq(db, 2)).toMatchObject({ isVoided: true, memberKey: 1 });
    expect(lastSale(db)).toMatchObject({ seq: 4, isVoided: true });
    expect(recentSales(db, 2).map((sale) => sale.seq)).toEqual([4, 2]);
    expect(tendersOf(db, 2).map((tender) => tender.amountMinor)).toEqual([1000, 2000]);
    expect(taxesOf(db, 1)).toEqual([{ taxRateBasisPoints: 1000, grossMinor: 1000, taxMinor: 91 }]);
    expect(linesOf(db, 1)).toEqual([]);
    expect(voidOf(db, 2)).toMatchObject({ seq: 3, entryId: 'void-3', managerId: 'm' });
    expect(voidOf(db, 1)).toBeNull();
    expect(saleBySeq(db, 3)).toBeNull();
    expect(saleByTransactionId(db, 'x')).toBeNull();
  });

  it('keep their lines', () => {
    const db = newDatabase();
    const lines = [
      {
        line: 1,
        kind: 'product',
        sku: 'tea-1',
        name: 'Çay',
        productType: 'food',
        quantity: 2,
        unitPriceMinor: 300,
        discountMinor: 10,
        taxRateBasisPoints: 100,
        tags: ['hot'],
        flags: ['deposit'],
        grossMinor: 600,
        quantityMilli: 1250,
        fixedTaxMinor: 5,
      },
      {
        line: 3,
        kind: 'amount',
        sku: null,
        name: '',
        productType: 'other',
        quantity: 1,
        unitPriceMinor: 400,
        discountMinor: 0,
        taxRateBasisPoints: 2000,
        tags: [],
        flags: [],
        grossMinor: 400,
        fixedTaxMinor: 0,
      },
    ] as const;
    transaction(db, () => insertSale(db, makeSale(1), lines, [], []));
    expect(linesOf(db, 1)).toEqual(lines);
  });
});

describe('Z reports', () => {
  it('are numbered on, one a day', () => {
    const db = twoDays();
    expect(lastZReport(db)).toBeNull();
    const z = { atMs: TEST_NOW_MS, operatorId: 'o', firstSeq: 1, lastSeq: 4 };
    const hash = Buffer.alloc(32, 7);
    const monday = { zNumber: 1, businessDay: MONDAY, hash, body: '{"zNumber":1}', ...z };
    insertZReport(db, monday);
    expect(zReportOf(db, MONDAY)).toEqual(monday);
    expect(zReportOf(db, TUESDAY)).toBeNull();
    expect(() => insertZReport(db, { ...monday, zNumber: 2 })).toThrow('UNIQUE');
    insertZReport(db, { ...monday, zNumber: 2, businessDay: TUESDAY });
    expect(lastZReport(db)?.zNumber).toBe(2);
  });
});
