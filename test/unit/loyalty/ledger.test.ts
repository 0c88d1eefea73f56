// Goal: ledger rows say what a sale did and how it is undone. Method: one sale, folded.

import { describe, expect, it } from 'vitest';
import { evaluate } from '#loyalty/evaluate.ts';
import { entriesOfSale, foldBalance, reverseEntries } from '#loyalty/ledger.ts';
import { makeCompiled, makeMember, makeReward, makeSale } from '#test/support/makeLoyalty.ts';

const lines = [
  { productType: 'groceries', unitPriceMinor: 2340 },
  { productType: 'coffee', unitPriceMinor: 2340 },
];
const basket = makeSale(lines, [makeReward()]);
const pricing = evaluate(makeCompiled(), basket, makeMember({ balancePoints: 100 }));
const entries = entriesOfSale(pricing, 'm1', 7, 'demo@1');

describe('a sale', () => {
  it('moves points once for each rule and reward', () => {
    const rows = entries.map(({ line, accountDebit, accountCredit, points, lot, kind, rule }) => [
      line,
      `${accountDebit}→${accountCredit}`,
      points,
      lot,
      kind,
      rule,
    ]);
    expect(rows).toEqual([
      [1, 'issued→avail', 20, '7:1', 'accrual', 'base'],
      [2, 'issued→avail', 41, '7:2', 'accrual', 'coffee-double'],
      [3, 'avail→redeemed', 100, null, 'redemption', 'off-5'],
    ]);
    for (const entry of entries) {
      expect(entry).toMatchObject({ memberId: 'm1', programmeVersion: 'demo@1', refSeq: null });
      expect(entry.whyKey).toMatch(/^why\./);
    }
    expect(foldBalance(entries)).toEqual({ balancePoints: -39, tierPoints: 61 });
  });

  it('of a guest moves none', () => {
    const guest = evaluate(makeCompiled(), makeSale(lines), null);
    expect(entriesOfSale(guest, null, 7, 'demo@1')).toEqual([]);
    expect(() => entriesOfSale(pricing, null, 7, 'demo@1')).toThrow('points without a member');
  });
});

describe('a void', () => {
  it('undoes every row by reference', () => {
    const why = { receiptNumber: '00100200000007' };
    const undone = reverseEntries(entries, 7, 'why.reversal.void', why);
    expect(undone.map((entry) => entry.line)).toEqual([1, 2, 3]);
    expect(undone[0]).toMatchObject({
      accountDebit: 'avail',
      accountCredit: 'issued',
      kind: 'reversal',
      refSeq: 7,
      lot: '7:1',
      rule: 'base',
      whyKey: 'why.reversal.void',
      whyArgs: why,
    });
    expect(undone[2]).toMatchObject({ accountDebit: 'redeemed', accountCredit: 'avail' });
    expect(foldBalance([...entries, ...undone])).toEqual({ balancePoints: 0, tierPoints: 0 });
  });

  it('leaves adjustments out of the tier', () => {
    const first = entries[0];
    if (first === undefined) throw new Error('no entry');
    const adjustment = { ...first, accountDebit: 'adjusted', kind: 'adjustment' } as const;
    expect(foldBalance([adjustment])).toEqual({ balancePoints: 20, tierPoints: 0 });
  });
});
