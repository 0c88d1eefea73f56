// Goal: a manual deduction and the rounding of the total lie on the goods: a gift card that comes
// back is worth what it cost. Method: sales of goods and a card, returned one by one.
import { expect, it } from 'vitest';
import { loyaltyShop, programmeOf, type SaleForm } from '#test/support/loyaltyShop.ts';

const AT = '2026-03-06T10:00:00Z';

function refunds(lines: SaleForm['lines'], roundsToMinor: number): readonly number[] {
  const shop = loyaltyShop(programmeOf({ rewards: { roundsToMinor, list: [] } }));
  shop.sell({ transactionId: 't', lines }, AT);
  return shop.sold('t').stored.lines.map(({ line }) => {
    const back = shop.returns('t', [[line, 1]], AT);
    return back.ok ? back.value.refundMinor : -1;
  });
}

const goods = (unitPriceMinor: number) => ({ unitPriceMinor });
const card = { unitPriceMinor: 5000, flags: ['stored-value' as const] };
const off = (unitPriceMinor: number) => ({ kind: 'deduction' as const, unitPriceMinor });

it('goods of 10.00 less 5.00 are 5.00, and the card is 50.00', () => {
  expect(refunds([goods(1000), card, off(500)], 1)).toEqual([500, 5000]);
});

it('a deposit is paid back whole', () => {
  const bottle = { unitPriceMinor: 25, flags: ['deposit' as const] };
  expect(refunds([goods(1000), bottle, off(500)], 1)).toEqual([500, 25]);
});

it('goods carry the rounding, up and down', () => {
  expect(refunds([goods(1002), card], 5)).toEqual([1000, 5000]);
  expect(refunds([goods(1003), card], 5)).toEqual([1005, 5000]);
});

it('where goods do not carry all of it, the card does', () => {
  expect(refunds([goods(100), card, off(500)], 1)).toEqual([90, 4510]);
  expect(refunds([card, off(500)], 1)).toEqual([4500]);
});
