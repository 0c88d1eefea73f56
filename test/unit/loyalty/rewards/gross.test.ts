// Goal: lines cost what the shop says: with and without tax, by weight, at a contract price.
// Method: worked numbers (C34, S30), then taxes of totals, also below zero.
import { describe, expect, it } from 'vitest';
import type { SaleLine } from '#loyalty/pricing/sale.ts';
import { grossLines } from '#loyalty/rewards/gross.ts';
import { taxesOf } from '#loyalty/rewards/taxes.ts';

const LINE: SaleLine = {
  line: 1,
  kind: 'product',
  sku: 'A',
  productType: 'goods',
  quantity: 1,
  unitPriceMinor: 10_000,
  taxRateBasisPoints: 1500,
};

function gross(line: Partial<SaleLine>, prices: 'included' | 'excluded' = 'included') {
  const sale = {
    transactionId: 't',
    lines: [{ ...LINE, ...line }],
    claims: [],
    codes: [],
    tenders: [],
  };
  return grossLines(sale, prices, null, false)[0];
}

describe('grossLines', () => {
  it('C34: prices without tax get it half-up, a line at a time', () => {
    expect(gross({}, 'excluded')?.grossMinor).toBe(11_500);
    expect(gross({})?.grossMinor).toBe(10_000);
    expect(gross({ unitPriceMinor: 10, quantity: 3 }, 'excluded')).toMatchObject({
      grossMinor: 35,
      unitGrossMinor: 12,
      units: 3,
    });
  });

  it('weighs half-up by thousandths, exact also at the largest amount', () => {
    // 8,999,999,999,499 × 1001 ends in 499 and lies beyond 2^53, where a number would end in 500.
    const heavy = { unitPriceMinor: 8_999_999_999_499, quantityMilli: 1001 };
    expect(gross(heavy)?.grossMinor).toBe(9_008_999_999_498);
    const weighed = (unitPriceMinor: number, quantityMilli: number) =>
      gross({ unitPriceMinor, quantityMilli });
    expect(weighed(199, 1250)?.grossMinor).toBe(249);
    expect(weighed(1, 500)?.grossMinor).toBe(1);
    expect(weighed(1, 499)?.grossMinor).toBe(0);
    expect(weighed(9_000_000_000_000, 1001)?.grossMinor).toBe(9_009_000_000_000);
  });

  it('takes a deduction off, and keeps typed lines out of the goods', () => {
    expect(gross({ kind: 'deduction', sku: null })).toMatchObject({
      grossMinor: -10_000,
      units: 0,
      isGoods: false,
    });
    expect(gross({ kind: 'deduction', sku: null, unitPriceMinor: 0 })?.grossMinor).toBe(0);
    expect(gross({ flags: ['deposit'] })?.isGoods).toBe(false);
    expect(gross({ flags: [] })?.isGoods).toBe(true);
  });

  it('S30: a contract replaces the price of its skus', () => {
    const lines = [
      { ...LINE, quantity: 10, unitPriceMinor: 1000 },
      { ...LINE, sku: 'B' },
    ];
    const sale = { transactionId: 't', lines, claims: [], codes: [], tenders: [] };
    const contract = { prices: new Map([['A', 900]]) };
    const seen = (earns: boolean) =>
      grossLines(sale, 'included', contract, earns).map((line) => [
        line.grossMinor,
        line.isContractPrice,
      ]);
    expect(seen(false)).toEqual([
      [9000, true],
      [10_000, false],
    ]);
    expect(seen(true)[0]).toEqual([9000, false]);
  });
});

describe('taxesOf', () => {
  it('has a row a rate, lowest first, and mirrors amounts below zero', () => {
    const lines = [
      { ...LINE, fixedTaxMinor: 50, quantity: 2 },
      { ...LINE, taxRateBasisPoints: 0 },
    ];
    const sale = { transactionId: 't', lines, claims: [], codes: [], tenders: [] };
    const context = { lines: grossLines(sale, 'included', null, false) };
    expect(taxesOf(context, [11_500, 70])).toEqual([
      { taxRateBasisPoints: 0, grossMinor: 70, netMinor: 70, taxMinor: 0 },
      { taxRateBasisPoints: 1500, grossMinor: 11_600, netMinor: 10_000, taxMinor: 1600 },
    ]);
    expect(taxesOf(context, [-11_500, 0])[1]).toEqual({
      taxRateBasisPoints: 1500,
      grossMinor: -11_400,
      netMinor: -10_000,
      taxMinor: -1400,
    });
  });
});
