// Goal: holdings are head office's figures and the till's own movements since, lot by lot.
// Method: real files; movements as a sale writes them, answers of head office late and twice.
import { describe, expect, it } from 'vitest';
import { statement, transaction, type WritableDb } from '#db/handle.ts';
import { booksOf, checkHoldings, rebuildHoldings, upsertHoldingsFromServer } from '#db/holdings.ts';
import { insertMovements, movementsOf } from '#db/movements.ts';
import { insertSale } from '#db/sales.ts';
import {
  discountsOf,
  insertDiscounts,
  insertReturnedLines,
  insertSaleTerms,
  returnedLinesOf,
  saleTermsOf,
} from '#db/saleTerms.ts';
import { applyMovements, EMPTY_BOOKS, type Movement } from '#loyalty/books/books.ts';
import { makeSale, newDatabase } from '#test/support/tillDatabase.ts';

const OWNER = 'member/member-1';

function makeMovement(changes: Partial<Movement> = {}): Movement {
  return {
    owner: OWNER,
    account: 'stamps',
    lotId: 'sale-1/1',
    amount: 3,
    fromMs: 1000,
    untilMs: 9000,
    kind: 'accrual',
    rule: 'stamp',
    whyKey: 'why.earn.visit',
    whyArgs: { points: 3, name_tr: 'Çay' },
    ...changes,
  };
}

function write(db: WritableDb, seq: number, movements: readonly Movement[]): void {
  transaction(db, () => insertMovements(db, seq, movements));
}

describe('movements', () => {
  it('come back as they were written, shares, conditions and once-keys included', () => {
    const db = newDatabase();
    const movements = [
      makeMovement({ lines: [{ line: 1, amount: 3 }], onceKey: 'birthday/2026' }),
      makeMovement({
        owner: 'shop',
        account: 'used/free-coffee',
        lotId: '2026-01-31',
        amount: -1,
        untilMs: null,
        kind: 'tally',
        condition: { of: 'sale-net-minor', account: null, sinceMs: 0, untilMs: null, atLeast: 500 },
      }),
    ];
    write(db, 1, movements);
    expect(movementsOf(db, 1)).toEqual(movements);
    expect(movementsOf(db, 2)).toEqual([]);
  });

  it('fold to the books that the engine folds', () => {
    const db = newDatabase();
    const first = [makeMovement(), makeMovement({ account: 'visits', lotId: '2026-01-31' })];
    const second = [makeMovement({ amount: -3 }), makeMovement({ lotId: 'sale-2/1', amount: 5 })];
    write(db, 1, first);
    write(db, 2, second);
    const books = booksOf(db, [OWNER, 'shop']);
    expect(books).toEqual(applyMovements(EMPTY_BOOKS, [...first, ...second]));
    expect(checkHoldings(db, 50)).toEqual([]);
  });

  it('undone leave no holding behind', () => {
    const db = newDatabase();
    write(db, 1, [makeMovement()]);
    write(db, 2, [makeMovement({ amount: -3, kind: 'reversal' })]);
    expect(booksOf(db, [OWNER]).size).toBe(0);
    expect(statement(db, 'SELECT * FROM holding').all()).toEqual([]);
  });
});

describe('holdings from head office', () => {
  const lot = { account: 'stamps', lotId: 'sale-1/1', fromMs: 1000, untilMs: 9000 };

  it('keep what it does not know yet, and drop what it no longer names', () => {
    const db = newDatabase();
    write(db, 1, [makeMovement(), makeMovement({ account: 'visits', lotId: '2026-01-31' })]);
    write(db, 2, [makeMovement({ lotId: 'sale-2/1', amount: 5 })]);
    // Head office knows entry 1, and that another till took two of the three stamps.
    const owners = [{ owner: OWNER, holdings: [{ ...lot, amount: 1 }] }];
    transaction(db, () => upsertHoldingsFromServer(db, owners, 1));
    const expected = new Map([
      [
        'stamps',
        [
          { lotId: 'sale-1/1', amount: 1, fromMs: 1000, untilMs: 9000 },
          { lotId: 'sale-2/1', amount: 5, fromMs: 1000, untilMs: 9000 },
        ],
      ],
    ]);
    expect(booksOf(db, [OWNER]).get(OWNER)).toEqual(expected);
    transaction(db, () => upsertHoldingsFromServer(db, owners, 1));
    expect(booksOf(db, [OWNER]).get(OWNER)).toEqual(expected);
    expect(checkHoldings(db, 50)).toEqual([]);
  });

  it('count on a lot that the till has emptied', () => {
    const db = newDatabase();
    const owners = [{ owner: OWNER, holdings: [{ ...lot, amount: 3 }] }];
    transaction(db, () => upsertHoldingsFromServer(db, owners, 0));
    write(db, 1, [makeMovement({ amount: -3, kind: 'redemption' })]);
    expect(booksOf(db, [OWNER]).size).toBe(0);
    expect(checkHoldings(db, 50)).toEqual([]);
    // The void of that redemption opens the lot again.
    write(db, 2, [makeMovement({ amount: 3, kind: 'reversal' })]);
    expect(booksOf(db, [OWNER]).get(OWNER)?.get('stamps')).toMatchObject([{ amount: 3 }]);
  });

  it('a lot that its sources do not explain is found, and set right', () => {
    const db = newDatabase();
    write(db, 1, [makeMovement()]);
    statement(db, 'UPDATE holding SET amount = 99').run();
    expect(checkHoldings(db, 50)).toEqual([
      { owner: OWNER, account: 'stamps', lotId: 'sale-1/1', amount: 99, expectedAmount: 3 },
    ]);
    transaction(db, () => rebuildHoldings(db, OWNER));
    expect(checkHoldings(db, 50)).toEqual([]);
    expect(booksOf(db, [OWNER]).get(OWNER)?.get('stamps')).toMatchObject([{ amount: 3 }]);
    statement(db, 'DELETE FROM holding').run();
    expect(checkHoldings(db, 50)).toMatchObject([{ amount: 0, expectedAmount: 3 }]);
  });
});

describe('what a sale keeps for its return', () => {
  it('comes back as it was stored', () => {
    const db = newDatabase();
    const terms = {
      returns: { policy: 'value-share', windowDays: 30, late: 'stored-value' },
      moneyAccounts: ['wallet'],
      roundingMinor: -2,
    } as const;
    const discount = {
      rewardId: 'off-5',
      times: 2,
      taxRateBasisPoints: 1900,
      amountMinor: 500,
      lines: [{ line: 1, amount: 500 }],
      whyKey: 'why.reward.amount',
      whyArgs: { amountMinor: 500 },
    };
    transaction(db, () => {
      insertSale(db, makeSale(1), [], [], []);
      insertSaleTerms(db, 1, terms);
      insertDiscounts(db, 1, [discount]);
      insertReturnedLines(db, 2, 1, [{ line: 1, units: 1 }]);
      insertReturnedLines(db, 3, 1, [{ line: 1, units: 2 }]);
    });
    expect(saleTermsOf(db, 1)).toEqual(terms);
    expect(saleTermsOf(db, 2)).toBeNull();
    expect(discountsOf(db, 1)).toEqual([discount]);
    expect(returnedLinesOf(db, 1)).toEqual([{ line: 1, units: 3 }]);
  });
});
