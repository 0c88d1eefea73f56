// Goal: books are what movements made of them, and what can be spent is neither pending, lapsed nor
// owed. Method: movements on lots, there and back.
import { describe, expect, it } from 'vitest';
import {
  applyMovements,
  type Books,
  EMPTY_BOOKS,
  heldOf,
  isAlive,
  type Lot,
  lotsOf,
  type Movement,
  memberIdOf,
  memberOwner,
  operatorOwner,
  spendableOf,
  sumBetween,
} from '#loyalty/books/books.ts';
import type { SaleLine } from '#loyalty/pricing/sale.ts';
import { splitOverLines, tieOrder } from '#loyalty/pricing/tieOrder.ts';

const OWNER = 'member/m1';

function moved(lotId: string, amount: number, changes: Partial<Movement> = {}): Movement {
  return {
    owner: OWNER,
    account: 'points',
    lotId,
    amount,
    fromMs: 0,
    untilMs: null,
    kind: 'accrual',
    rule: 'r',
    whyKey: 'why.x',
    whyArgs: {},
    ...changes,
  };
}

function booksOf(lots: readonly Lot[]): Books {
  return new Map([[OWNER, new Map([['points', lots]])]]);
}

describe('books', () => {
  it('open a lot with its dates, add to it, and keep the dates', () => {
    const opened = applyMovements(EMPTY_BOOKS, [moved('a', 5, { fromMs: 7, untilMs: 9 })]);
    const more = applyMovements(opened, [moved('a', 2, { fromMs: 1, untilMs: 2 }), moved('b', 1)]);
    expect(lotsOf(more, OWNER, 'points')).toEqual([
      { lotId: 'a', amount: 7, fromMs: 7, untilMs: 9 },
      { lotId: 'b', amount: 1, fromMs: 0, untilMs: null },
    ]);
    const again = applyMovements(more, [moved('b', 4)]);
    expect(lotsOf(again, OWNER, 'points').map(({ amount }) => amount)).toEqual([7, 5]);
    expect(heldOf(more, OWNER, 'points')).toBe(8);
    expect(heldOf(opened, OWNER, 'points')).toBe(5);
  });

  it('lose a lot, an account and an owner with the last of it', () => {
    const both = applyMovements(EMPTY_BOOKS, [
      moved('a', 5),
      moved('b', 3),
      moved('c', 1, { account: 'stamps' }),
    ]);
    const one = applyMovements(both, [moved('a', -5)]);
    expect(lotsOf(one, OWNER, 'points')).toEqual([
      { lotId: 'b', amount: 3, fromMs: 0, untilMs: null },
    ]);
    const none = applyMovements(one, [moved('b', -3)]);
    expect([...(none.get(OWNER)?.keys() ?? [])]).toEqual(['stamps']);
    expect(applyMovements(none, [moved('c', -1, { account: 'stamps' })])).toEqual(new Map());
  });

  it('are untouched by nothing, and open no empty lot', () => {
    expect(applyMovements(EMPTY_BOOKS, [])).toBe(EMPTY_BOOKS);
    expect(applyMovements(EMPTY_BOOKS, [moved('a', 0)])).toEqual(new Map());
  });

  it('refuse sums beyond exact integers', () => {
    const full = booksOf([
      { lotId: 'a', amount: Number.MAX_SAFE_INTEGER, fromMs: 0, untilMs: null },
    ]);
    expect(() => applyMovements(full, [moved('a', 1)])).toThrow('lot out of range: a');
  });

  it('spend what is neither pending nor lapsed, less debt', () => {
    const lot = (lotId: string, amount: number, fromMs: number, untilMs: number | null) => {
      return { lotId, amount, fromMs, untilMs };
    };
    const books = booksOf([
      lot('a', 10, 0, null),
      lot('b', 20, 100, null),
      lot('c', 40, 0, 100),
      lot('debt', -3, 0, null),
    ]);
    expect(spendableOf(books, OWNER, 'points', 99)).toBe(47);
    expect(spendableOf(books, OWNER, 'points', 100)).toBe(27);
    expect(spendableOf(books, OWNER, 'stamps', 100)).toBe(0);
    expect(isAlive(lot('c', 40, 0, 100), 99)).toBe(true);
    expect(isAlive(lot('c', 40, 0, 100), 100)).toBe(false);
  });

  it('sum the lots of a span: its first day counts, its end does not', () => {
    const day = (lotId: string, fromMs: number) => ({ lotId, amount: 1, fromMs, untilMs: null });
    const books = booksOf([day('a', 1), day('b', 2), day('c', 3)]);
    expect(sumBetween(books, OWNER, 'points', 1, 3)).toBe(2);
    expect(sumBetween(books, OWNER, 'points', 2, 2)).toBe(0);
    expect(sumBetween(books, 'shop', 'points', 0, 9)).toBe(0);
  });

  it('name their owners', () => {
    expect(memberOwner('m1')).toBe(OWNER);
    expect(operatorOwner('ada')).toBe('operator/ada');
    expect(memberIdOf(OWNER)).toBe('m1');
    expect(memberIdOf('pool/m1')).toBeNull();
  });
});

describe('what a split leaves over', () => {
  const line = (number: number, changes: Partial<SaleLine> = {}): SaleLine => {
    return {
      line: number,
      kind: 'product',
      sku: 'b',
      productType: 'x',
      quantity: 1,
      unitPriceMinor: 100,
      taxRateBasisPoints: 700,
      ...changes,
    };
  };

  it.each([
    ['sku', { sku: 'a' }],
    ['no sku', { sku: null }],
    ['price', { unitPriceMinor: 99 }],
    ['tax', { taxRateBasisPoints: 0 }],
    ['type', { productType: 'w' }],
  ] as const)('goes first to the line with the lower %s, whatever the order', (_, lower) => {
    const lines = [line(1), line(2, lower)];
    expect(tieOrder(lines)).toEqual([1, 0]);
    expect(tieOrder(lines.toReversed())).toEqual([0, 1]);
    expect(splitOverLines(lines, 3, [1, 1])).toEqual([1, 2]);
    expect(splitOverLines(lines.toReversed(), 3, [1, 1])).toEqual([2, 1]);
  });

  it('goes by quantity, then by the number of the line, where all else is equal', () => {
    expect(tieOrder([line(1, { quantity: 2 }), line(2)])).toEqual([1, 0]);
    expect(tieOrder([line(9), line(2)])).toEqual([1, 0]);
    expect(splitOverLines([line(9), line(2)], 0, [1, 1])).toEqual([0, 0]);
  });
});
