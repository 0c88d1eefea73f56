// Goal: a return takes back what was earned, gives back what was spent, and undoes what no longer
// stands. Method: the worked numbers of S22, S38, C11, C13, C14 and C77.
import { describe, expect, it } from 'vitest';
import { applyMovements, EMPTY_BOOKS, heldOf, lotsOf } from '#loyalty/books/books.ts';
import type { StoredSale } from '#loyalty/returns/storedSale.ts';
import {
  BUYER,
  back,
  DAY_0,
  DAY_5,
  holding,
  inOrder,
  Ledger,
  nowAt,
  shares,
  storedLine,
} from '#test/support/storedSales.ts';

describe('points', () => {
  it('C11: of 2 × 50 one comes back: −50, 50 left', () => {
    const earned = new Ledger(EMPTY_BOOKS, DAY_0).earn('points', 100, { lines: shares(100) });
    const sale = earned.stored({ lines: [storedLine(1, { quantity: 2, netMinor: 10_000 })] });
    const { movements } = back(sale, [[1, 1]], earned.books);
    expect(heldOf(applyMovements(earned.books, movements), BUYER, 'points')).toBe(50);
  });

  it('C13: a full refund gives back what was used and takes what was issued', () => {
    const before = holding(200);
    const sold = new Ledger(before, DAY_0)
      .redeem('points', 150, { lines: shares(-150) })
      .earn('points', 70, { lines: shares(70) });
    expect(heldOf(sold.books, BUYER, 'points')).toBe(120);
    const { movements, explanation } = back(sold.stored(), [[1, 1]], sold.books);
    expect(inOrder(applyMovements(sold.books, movements))).toEqual(inOrder(before));
    expect(explanation.map(({ points }) => points)).toEqual([-70, 150]);
  });

  it('C14: half of it gives back 75 and takes 35', () => {
    const sold = new Ledger(holding(200), DAY_0)
      .redeem('points', 150, { lines: shares(-150) })
      .earn('points', 70, { lines: shares(70) });
    const sale = sold.stored({ lines: [storedLine(1, { quantity: 2, netMinor: 10_000 })] });
    const { movements } = back(sale, [[1, 1]], sold.books);
    expect(heldOf(applyMovements(sold.books, movements), BUYER, 'points')).toBe(160);
  });

  it('C77: by value 35 points go with C, line by line 20', () => {
    const sold = new Ledger(EMPTY_BOOKS, DAY_0)
      .earn('points', 10, { lines: shares(10) })
      .earn('points', 20, { lines: shares(0, 20) })
      .earn('points', 40, { lines: shares(10, 10, 20) });
    const lines = [storedLine(1), storedLine(2), storedLine(3, { netMinor: 2000 })];
    const exact = sold.stored({ lines });
    const byValue = { ...exact, policy: { ...exact.policy, policy: 'value-share' as const } };
    const held = (sale: StoredSale) =>
      heldOf(
        applyMovements(sold.books, back(sale, [[3, 1]], sold.books).movements),
        BUYER,
        'points',
      );
    expect(held(byValue)).toBe(35);
    expect(held(exact)).toBe(50);
  });

  it('by value leaves a voucher that was sold alone', () => {
    const sold = new Ledger(EMPTY_BOOKS, DAY_0).earn('wallet', 5000, {
      lines: [{ line: 2, amount: 5000 }],
    });
    const sale = sold.stored({
      lines: [storedLine(1), storedLine(2, { netMinor: 5000, flags: ['stored-value'] })],
      policy: { policy: 'value-share', windowDays: 30, late: 'refused' },
    });
    expect(back(sale, [[1, 1]], sold.books).movements).toEqual([]);
  });

  it('S22: with 10 points, the return of a 33-point sale leaves −23 and is not refused', () => {
    const sold = new Ledger(EMPTY_BOOKS, DAY_0).earn('points', 33, { lines: shares(33) });
    const later = new Ledger(sold.books, DAY_5).redeem('points', 33).earn('points', 10);
    const returned = back(sold.stored(), [[1, 1]], later.books);
    const books = applyMovements(later.books, returned.movements);
    expect(heldOf(books, BUYER, 'points')).toBe(-23);
    expect(lotsOf(books, BUYER, 'points')).toEqual([
      { lotId: 'debt', amount: -23, fromMs: 0, untilMs: null },
    ]);
    expect(returned.explanation).toMatchObject([{ points: -33, whyArgs: { points: 33 } }]);
  });

  it('that were spent go back to their lot, also when it is over by now', () => {
    const untilMs = nowAt('2026-05-07').atMs;
    const lot = { lotId: 'old', amount: 20, fromMs: 0, untilMs };
    const before = new Map([[BUYER, new Map([['points', [lot]]])]]);
    const sold = new Ledger(before, DAY_0).redeem('points', 20, { lines: shares(-20) });
    const { movements } = back(sold.stored(), [[1, 1]], sold.books);
    expect(lotsOf(applyMovements(sold.books, movements), BUYER, 'points')).toEqual([lot]);
  });
});

describe('what a movement stands on', () => {
  const atLeast25 = {
    of: 'sale-net-minor',
    account: null,
    sinceMs: 0,
    untilMs: null,
    atLeast: 2500,
  } as const;

  it('a bonus goes as a whole when the sale no longer reaches it, and not before', () => {
    const sold = new Ledger(EMPTY_BOOKS, DAY_0).earn('points', 50, { condition: atLeast25 });
    const lines = [storedLine(1, { netMinor: 2500 }), storedLine(2), storedLine(3)];
    const first = back(sold.stored({ lines }), [[2, 1]], sold.books);
    expect(first.movements).toEqual([]);
    const second = back(first.sale, [[1, 1]], sold.books);
    expect(second.movements).toMatchObject([
      { amount: -50, whyKey: 'why.return.unqualified', kind: 'reversal' },
    ]);
    // Once gone, it does not go again.
    expect(back(second.sale, [[3, 1]], sold.books).movements).toEqual([]);
  });

  it('counts units, some lines, and money without tax where it says so', () => {
    const of = (condition: object) => {
      const sold = new Ledger(EMPTY_BOOKS, DAY_0).earn('points', 9, {
        condition: { ...atLeast25, ...condition },
      });
      const lines = [
        storedLine(1, { quantity: 3, netMinor: 3600, taxRateBasisPoints: 2000 }),
        storedLine(2, { netMinor: 9000 }),
      ];
      return back(sold.stored({ lines }), [[1, 1]], sold.books).movements.length;
    };
    expect(of({ of: 'sale-units', atLeast: 3 })).toBe(0);
    expect(of({ of: 'sale-units', atLeast: 4 })).toBe(1);
    expect(of({ lines: [1], atLeast: 2400 })).toBe(0);
    expect(of({ lines: [1], atLeast: 2401 })).toBe(1);
    expect(of({ lines: [1], taxes: 'excluded', atLeast: 2000 })).toBe(0);
    expect(of({ lines: [1], taxes: 'excluded', atLeast: 2001 })).toBe(1);
  });

  it('S38: 2,950 + 100, of which 60 come back on day 5: no Silver on day 14', () => {
    const condition = {
      of: 'account',
      account: 'spend',
      sinceMs: nowAt('2026-01-01T00:00:00').atMs,
      untilMs: nowAt('2027-01-01T00:00:00').atMs,
      atLeast: 300_000,
    } as const;
    const first = new Ledger(EMPTY_BOOKS, DAY_0).count('spend', 295_000, {
      lines: shares(6000, 289_000),
    });
    const second = new Ledger(first.books, DAY_0)
      .count('spend', 10_000, { lines: shares(6000, 4000) })
      .add([
        {
          owner: BUYER,
          account: 'tier',
          lotId: 'silver',
          amount: 1,
          fromMs: nowAt('2026-05-19T00:00:00').atMs,
          untilMs: nowAt('2027-01-01T00:00:00').atMs,
          kind: 'tally',
          rule: 'tier/silver',
          whyKey: 'why.tier.reached',
          whyArgs: {},
          condition,
        },
      ]);
    const lines = (...nets: readonly number[]) =>
      nets.map((netMinor, index) => storedLine(index + 1, { netMinor }));
    const sale1 = first.stored({ lines: lines(6000, 289_000) });
    const sale2 = second.stored({ transactionId: 't2', lines: lines(6000, 4000) });
    const own = back(sale2, [[1, 1]], second.books);
    expect(lotsOf(applyMovements(second.books, own.movements), BUYER, 'tier')).toEqual([]);
    expect(own.others).toEqual([]);
    // The same when the goods are of the sale before.
    const other = back(sale1, [[1, 1]], second.books, DAY_5, [sale2]);
    const books = applyMovements(second.books, other.movements);
    expect(lotsOf(books, BUYER, 'tier')).toEqual([]);
    expect(other.others.map((sale) => sale.transactionId)).toEqual(['t2']);
    const [fallen] = other.others;
    if (fallen === undefined) throw new Error('nothing fell');
    // Then nothing of the grant is left to be undone with the second sale.
    const rest = back(
      fallen,
      [
        [1, 1],
        [2, 1],
      ],
      books,
    );
    expect(rest.movements.filter(({ account }) => account === 'tier')).toEqual([]);
  });

  it('a grant that was renewed meanwhile is another grant', () => {
    const grant = {
      owner: BUYER,
      account: 'tier',
      lotId: 'gold',
      amount: 1,
      fromMs: 0,
      untilMs: 1000,
      kind: 'tally',
      rule: 'tier/gold',
      whyKey: 'why.x',
      whyArgs: {},
    } as const;
    const sold = new Ledger(EMPTY_BOOKS, DAY_0).add([grant]);
    const renewed = applyMovements(sold.books, [
      { ...grant, amount: -1 },
      { ...grant, untilMs: 2000 },
    ]);
    expect(back(sold.stored(), [[1, 1]], renewed).movements).toEqual([]);
  });
});
