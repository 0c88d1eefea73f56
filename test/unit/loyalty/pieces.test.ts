// Goal: a piece from a scale costs what its label says, to the last minor unit.
// Method: events on a basket, and lines priced alone, against exact figures.
import { describe, expect, it } from 'vitest';
import { type BasketEvent, type Measure, openBasket, reduce } from '#loyalty/pricing/basket.ts';
import { grossLines } from '#loyalty/rewards/gross.ts';
import { makeProduct, TRANSACTION_ID } from '#test/support/makeLoyalty.ts';

const empty = openBasket(TRANSACTION_ID, 5);

function piece(measure: Measure, unitPriceMinor = 1999): BasketEvent {
  return { type: 'piece.added', product: makeProduct({ unitPriceMinor }), measure };
}

function grossOf(event: BasketEvent, contractMinor: number | null = null): number | string {
  const reduced = reduce(empty, event);
  if (!reduced.ok) return reduced.error;
  const { lines } = reduced.value;
  const sale = { transactionId: TRANSACTION_ID, lines, claims: [], codes: [], tenders: [] };
  const prices = new Map(contractMinor === null ? [] : [[lines[0]?.sku ?? '', contractMinor]]);
  return grossLines(sale, 'included', { prices }, true)[0]?.grossMinor ?? 'no line';
}

const weight = (quantityMilli: number): Measure => ({ kind: 'weight', quantityMilli });
const price = (priceMinor: number): Measure => ({ kind: 'price', priceMinor });

describe('a weighed piece', () => {
  it.each([
    [1255, 1999, 2509],
    [1, 1999, 2],
    [1, 499, 0],
    [1, 500, 1],
    [1500, 333, 500],
    [999_999, 9_000_000_000, 8_999_991_000_000],
  ])('of %d thousandths at %d is %d', (quantityMilli, unitPriceMinor, grossMinor) => {
    expect(grossOf(piece(weight(quantityMilli), unitPriceMinor))).toBe(grossMinor);
  });

  it('may cost no more than a sale may', () => {
    expect(grossOf(piece(weight(1_001), 9_000_000_000_000))).toBe('amount-out-of-range');
  });

  it('is sold at the price of a contract', () => {
    expect(grossOf(piece(weight(500)), 1000)).toBe(500);
  });
});

describe('a priced piece', () => {
  it('costs what it says, whatever the shop or a contract asks', () => {
    expect(grossOf(piece(price(345)))).toBe(345);
    expect(grossOf(piece(price(345)), 1000)).toBe(345);
    expect(grossOf(piece(price(9_000_000_000_001)))).toBe('amount-out-of-range');
  });

  it('stays one, and is not what else is sold of the item at that price', () => {
    const steps: BasketEvent[] = [
      piece(price(345)),
      { type: 'product.added', product: makeProduct({ unitPriceMinor: 345 }), quantity: 2 },
      piece(price(345)),
    ];
    const basket = steps.reduce((before, event) => {
      const after = reduce(before, event);
      return after.ok ? after.value : before;
    }, empty);
    expect(basket.lines.map(({ quantity }) => quantity)).toEqual([1, 2, 1]);
    const more = reduce(basket, { type: 'quantity.set', line: 3, quantity: 2 });
    expect(more).toEqual({ ok: false, error: 'line-is-piece' });
    expect(reduce(basket, { type: 'quantity.set', line: 3, quantity: 1 }).ok).toBe(true);
  });
});
