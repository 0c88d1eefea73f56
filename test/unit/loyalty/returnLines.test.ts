// Goal: a return gives back exactly the money and the points of what came back, from what the sale
// stored. Method: the worked numbers of S06, S37 and I17, and returns that follow each other.
import { describe, expect, it } from 'vitest';
import { applyMovements, EMPTY_BOOKS } from '#loyalty/books/books.ts';
import {
  feeForDaysLeft,
  type PastReturn,
  resumeSale,
  returnLines,
  wholeOf,
} from '#loyalty/returns/returnLines.ts';
import type { StoredSale } from '#loyalty/returns/storedSale.ts';
import {
  type Asked,
  BUYER,
  back,
  DAY_0,
  holding,
  inOrder,
  Ledger,
  nowAt,
  shares,
  storedLine,
  storedSale,
} from '#test/support/storedSales.ts';

function refusal(sale: StoredSale, asked: Asked, iso: string, isApprovedByManager = false) {
  const lines = asked.map(([line, quantity]) => ({ line, quantity }));
  const returned = returnLines(sale, { lines, isApprovedByManager }, EMPTY_BOOKS, nowAt(iso));
  return returned.ok ? null : returned.error;
}

describe('money', () => {
  it('I17: ten refunds of one unit give back 179.25, never a cent more', () => {
    let sale = storedSale({
      lines: [storedLine(1, { quantity: 10, netMinor: 17_925, taxRateBasisPoints: 2000 })],
    });
    let sum = 0;
    for (let unit = 0; unit < 10; unit += 1) {
      const returned = back(sale, [[1, 1]]);
      sum += returned.refundMinor;
      sale = returned.sale;
    }
    expect(sum).toBe(17_925);
    expect(sale.tenders[0]?.refundedMinor).toBe(17_925);
    expect(refusal(sale, [[1, 1]], '2026-05-10')).toEqual({
      reason: 'quantity-exceeded',
      left: 0,
    });
  });

  it('goes back to the tenders of the sale, in proportion', () => {
    const sale = storedSale({
      lines: [storedLine(1, { quantity: 3, netMinor: 1000 })],
      tenders: [
        { tenderType: 'cash', amountMinor: 700, refundedMinor: 0 },
        { tenderType: 'card', amountMinor: 300, refundedMinor: 0 },
      ],
    });
    const first = back(sale, [[1, 1]]);
    expect(first.refunds).toEqual([
      { tenderType: 'cash', amountMinor: 233 },
      { tenderType: 'card', amountMinor: 100 },
    ]);
    const rest = back(
      first.sale,
      wholeOf(first.sale).map((one) => [one.line, one.quantity]),
    );
    expect(rest.refunds).toEqual([
      { tenderType: 'cash', amountMinor: 467 },
      { tenderType: 'card', amountMinor: 200 },
    ]);
  });

  it('that stored value paid goes back to its account, to the lot that it came from', () => {
    const before = holding(2000, 'wallet');
    const paid = new Ledger(before, DAY_0).redeem('wallet', 600, { rule: 'tender' });
    const sale = paid.stored({
      lines: [storedLine(1), storedLine(2)],
      tenders: [
        { tenderType: 'wallet', amountMinor: 600, refundedMinor: 0 },
        { tenderType: 'cash', amountMinor: 1400, refundedMinor: 0 },
      ],
    });
    const first = back(sale, [[1, 1]], paid.books);
    expect(first.refunds).toEqual([
      { tenderType: 'wallet', amountMinor: 300 },
      { tenderType: 'cash', amountMinor: 700 },
    ]);
    expect(first.explanation).toEqual([
      {
        account: 'wallet',
        points: 300,
        whyKey: 'why.return.givenBack.money',
        whyArgs: { amountMinor: 300, currency: 'EUR' },
      },
    ]);
    const books = applyMovements(paid.books, first.movements);
    const second = back(first.sale, [[2, 1]], books);
    expect(inOrder(applyMovements(books, second.movements))).toEqual(inOrder(before));
  });

  it('S06: a fee of 49.00 after 90 of 365 days is 36.92, whatever the window of goods', () => {
    expect(feeForDaysLeft(4900, 90, 365)).toBe(3692);
    expect(feeForDaysLeft(4900, 366, 365)).toBe(0);
    const until = nowAt('2027-05-05T00:00:00').atMs;
    const sold = new Ledger(EMPTY_BOOKS, DAY_0).add([
      {
        owner: BUYER,
        account: 'membership',
        lotId: 'plus',
        amount: 1,
        fromMs: DAY_0.atMs,
        untilMs: until,
        kind: 'tally',
        rule: 'membership/plus',
        whyKey: 'why.x',
        whyArgs: {},
        lines: shares(1),
      },
    ]);
    const sale = sold.stored({ lines: [storedLine(1, { netMinor: 4900 }), storedLine(2)] });
    const day90 = nowAt('2026-08-03');
    const returned = back(sale, [[1, 1]], sold.books, day90);
    expect(returned.refundMinor).toBe(3692);
    expect(applyMovements(sold.books, returned.movements)).toEqual(EMPTY_BOOKS);
    expect(
      refusal(
        sale,
        [
          [1, 1],
          [2, 1],
        ],
        '2026-08-03',
      )?.reason,
    ).toBe('too-late');
  });
});

describe('a membership that went on', () => {
  it('is paid back for the days of its own fee', () => {
    const held = {
      owner: BUYER,
      account: 'membership',
      lotId: 'plus',
      amount: 1,
      fromMs: 0,
      untilMs: nowAt('2026-05-15T00:00:00').atMs,
      kind: 'tally',
      rule: 'membership/plus',
      whyKey: 'why.x',
      whyArgs: {},
      lines: shares(1),
    } as const;
    const before = applyMovements(EMPTY_BOOKS, [held]);
    const untilMs = nowAt('2026-05-25T00:00:00').atMs;
    const sold = new Ledger(before, DAY_0).add([
      { ...held, amount: -1, lines: shares(-1) },
      { ...held, fromMs: DAY_0.atMs, untilMs },
    ]);
    const sale = sold.stored({ lines: [storedLine(1, { netMinor: 1000 })] });
    const early = back(sale, [[1, 1]], sold.books);
    expect(early.refundMinor).toBe(1000);
    expect(applyMovements(sold.books, early.movements)).toEqual(before);
    expect(back(sale, [[1, 1]], sold.books, nowAt('2026-05-18')).refundMinor).toBe(700);
  });
});

describe('S37: without a receipt', () => {
  const earned = new Ledger(EMPTY_BOOKS, DAY_0).earn('points', 68, { lines: shares(68) });
  const sale = earned.stored({
    lines: [storedLine(1, { quantity: 2, netMinor: 6800 })],
    policy: { policy: 'exact-line', windowDays: 30, late: 'stored-value' },
  });

  it('gives 34.00 and takes 34 points for one of two, and refuses a third', () => {
    const returned = back(sale, [[1, 1]], earned.books);
    expect(returned.refundMinor).toBe(3400);
    expect(returned.explanation).toMatchObject([
      { points: -34, whyKey: 'why.return.takenBack', whyArgs: { points: 34 } },
    ]);
    expect(refusal(returned.sale, [[1, 2]], '2026-05-17')).toEqual({
      reason: 'quantity-exceeded',
      left: 1,
    });
    expect(
      refusal(
        sale,
        [
          [1, 2],
          [1, 1],
        ],
        '2026-05-17',
      ),
    ).toMatchObject({ left: 2 });
    expect(refusal(sale, [[9, 1]], '2026-05-17')).toMatchObject({ left: 0 });
    expect(refusal(sale, [], '2026-05-17')?.reason).toBe('refused');
  });

  it('on day 31 gives a gift card of 34.00, only with a manager', () => {
    expect(refusal(sale, [[1, 1]], '2026-06-04')).toBeNull();
    expect(refusal(sale, [[1, 1]], '2026-06-05')?.reason).toBe('manager-required');
    const request = { lines: [{ line: 1, quantity: 1 }], isApprovedByManager: true };
    const late = returnLines(sale, request, earned.books, nowAt('2026-06-05'));
    expect(late.ok && late.value.refunds).toEqual([
      { tenderType: 'stored-value', amountMinor: 3400 },
    ]);
    const strict = { ...sale, policy: { ...sale.policy, late: 'refused' as const } };
    expect(refusal(strict, [[1, 1]], '2026-06-05', true)?.reason).toBe('too-late');
  });
});

describe('a sale whose returns were stored apart', () => {
  it('stands as it stood after them', () => {
    const condition = {
      of: 'sale-net-minor',
      account: null,
      sinceMs: 0,
      untilMs: null,
      atLeast: 2500,
    } as const;
    const sold = new Ledger(holding(500), DAY_0)
      .redeem('points', 150, { lines: shares(-100, -50) })
      .earn('points', 31, { lines: shares(21, 10) })
      .earn('points', 50, { condition })
      .count('badge', 1, { condition });
    const stored = sold.stored({
      lines: [storedLine(1, { quantity: 3, netMinor: 2000 }), storedLine(2)],
    });
    let sale = stored;
    let { books } = sold;
    const past: PastReturn[] = [];
    for (const asked of [[[1, 1]], [[1, 1]], [[2, 1]]] as const) {
      const returned = back(sale, asked, books);
      books = applyMovements(books, returned.movements);
      past.push(returned);
      sale = returned.sale;
      expect(resumeSale(stored, past)).toEqual(sale);
    }
  });
});
