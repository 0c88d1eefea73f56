// Goal: returns are exact for any sale: in whole they restore the books, in parts they never pass
// the whole. Method: fast-check over random sales, holdings, debts and orders of coming back.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMovements, type Books, heldOf } from '#loyalty/books/books.ts';
import { compileTiers, tierMovements } from '#loyalty/books/tierStanding.ts';
import { type ReturnOutcome, returnLines, wholeOf } from '#loyalty/returns/returnLines.ts';
import type { StoredSale } from '#loyalty/returns/storedSale.ts';
import { runs } from '#test/support/runs.ts';
import { BUYER, inOrder, Ledger, nowAt, storedLine } from '#test/support/storedSales.ts';

const RUNS = runs(100);
const DAY_0 = nowAt('2026-05-05');
const DAY_5 = nowAt('2026-05-10');

const tiers = compileTiers({
  measure: 'spend',
  period: 'calendar-year',
  valid: 'end-of-next-year',
  upgradeDelayDays: 3,
  includesThisSale: false,
  levels: ['low', 'mid', 'top'].map((tierId, index) => {
    return { tierId, name: { en: tierId }, from: index * 20_000, multiplier: '1', perks: [] };
  }),
});

interface RandomSale {
  readonly before: Books;
  readonly after: Books;
  readonly sale: StoredSale;
}

const shares = (amounts: readonly number[], sign: 1 | -1) =>
  amounts.flatMap((amount, index) =>
    amount === 0 ? [] : [{ line: index + 1, amount: amount * sign }],
  );
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** A sale that redeems, pays with a wallet, earns with and without lines, counts and climbs. */
const randomSale: fc.Arbitrary<RandomSale> = fc
  .record({
    lines: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 6 }),
        netMinor: fc.nat(30_000),
        earned: fc.nat(300),
        spent: fc.nat(80),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    lots: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 4 }),
    debt: fc.nat(150),
    wallet: fc.nat(5000),
    bonus: fc.nat(50),
    threshold: fc.nat(60_000),
    spentBefore: fc.nat(30_000),
    policy: fc.constantFrom('exact-line' as const, 'value-share' as const),
  })
  .map(({ lines, lots, debt, wallet, bonus, threshold, spentBefore, policy }) => {
    const points = lots.map((amount, index) => {
      const untilMs = index % 2 === 0 ? null : DAY_0.atMs + index * 1000;
      return { lotId: `lot-${index}`, amount, fromMs: index, untilMs };
    });
    const owed = { lotId: 'debt', amount: -debt, fromMs: 0, untilMs: null };
    const heap = (lotId: string, amount: number) => ({ lotId, amount, fromMs: 0, untilMs: null });
    const held = Object.entries({
      points: lots.length === 0 && debt > 0 ? [owed] : points,
      wallet: wallet === 0 ? [] : [heap('opening', wallet)],
      spend: spentBefore === 0 ? [] : [heap('2026-01-02', spentBefore)],
    }).filter(([, heaps]) => heaps.length > 0);
    const before: Books = held.length === 0 ? new Map() : new Map([[BUYER, new Map(held)]]);
    const ledger = new Ledger(before, DAY_0);
    let left = Math.max(0, heldOf(before, BUYER, 'points'));
    const spent = lines.map((line) => {
      const amount = Math.min(left, line.spent);
      left -= amount;
      return amount;
    });
    ledger.redeem('points', sum(spent), { lines: shares(spent, -1) });
    const nets = lines.map((line) => line.netMinor);
    const byWallet = Math.min(wallet, sum(nets));
    ledger.redeem('wallet', byWallet, { rule: 'tender' });
    const earned = lines.map((line) => line.earned);
    ledger.earn('points', sum(earned), { lines: shares(earned, 1) });
    const stands = { account: null, sinceMs: 0, untilMs: null, atLeast: threshold };
    const condition = { of: 'sale-net-minor' as const, ...stands };
    if (sum(nets) >= threshold) ledger.earn('points', bonus, { condition });
    ledger.count('visits', 1).count('spend', sum(nets), { lines: shares(nets, 1) });
    ledger.count('used/coffee', 2, { owner: 'shop' });
    ledger.add(tierMovements(tiers, before, ledger.books, BUYER, DAY_0));
    const sale = ledger.stored({
      lines: lines.map(({ quantity, netMinor }, index) =>
        storedLine(index + 1, { quantity, netMinor }),
      ),
      tenders: [
        { tenderType: 'wallet', amountMinor: byWallet, refundedMinor: 0 },
        { tenderType: 'cash', amountMinor: sum(nets) - byWallet, refundedMinor: 0 },
      ],
      policy: { policy, windowDays: 30, late: 'refused' },
    });
    return { before, after: ledger.books, sale };
  });

function back(sale: StoredSale, books: Books, lines = wholeOf(sale)): ReturnOutcome {
  const returned = returnLines(sale, { lines, isApprovedByManager: false }, books, DAY_5);
  if (!returned.ok) throw new Error(JSON.stringify(returned.error));
  return returned.value;
}

describe('a return', () => {
  it('of everything restores balances, lots, counters, tier and stock', () => {
    return fc.assert(
      fc.property(randomSale, ({ before, after, sale }) => {
        const { movements, refundMinor, refunds } = back(sale, after);
        expect(inOrder(applyMovements(after, movements))).toEqual(inOrder(before));
        const paidMinor = sum(sale.lines.map((line) => line.paidMinor));
        expect(refundMinor).toBe(paidMinor);
        expect(sum(refunds.map((refund) => refund.amountMinor))).toBe(paidMinor);
      }),
      RUNS,
    );
  });

  it('unit by unit, in any order, restores the same and never passes the whole', () => {
    return fc.assert(
      fc.property(randomSale, fc.infiniteStream(fc.nat(1000)), ({ before, after, sale }, picks) => {
        const paidMinor = sum(sale.lines.map((line) => line.paidMinor));
        let [current, books, refundedMinor] = [sale, after, 0];
        for (let open = wholeOf(current); open.length > 0; open = wholeOf(current)) {
          const picked = open[(picks.next().value ?? 0) % open.length];
          if (picked === undefined) throw new Error('nothing to pick');
          const returned = back(current, books, [{ line: picked.line, quantity: 1 }]);
          expect(returned.refundMinor).toBeGreaterThanOrEqual(0);
          refundedMinor += returned.refundMinor;
          expect(refundedMinor).toBeLessThanOrEqual(paidMinor);
          expect(returned.movements.every(({ amount }) => Number.isSafeInteger(amount))).toBe(true);
          books = applyMovements(books, returned.movements);
          current = returned.sale;
        }
        expect(refundedMinor).toBe(paidMinor);
        for (const account of ['points', 'wallet', 'visits', 'spend']) {
          expect(heldOf(books, BUYER, account)).toBe(heldOf(before, BUYER, account));
        }
        expect(books.get(BUYER)?.get('tier')).toEqual(before.get(BUYER)?.get('tier'));
        expect(books.get('shop')).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('is never refused because points were spent meanwhile, and the sum stays exact', () => {
    return fc.assert(
      fc.property(randomSale, fc.nat(1000), ({ before, after, sale }, wanted) => {
        const amount = Math.min(wanted, Math.max(0, heldOf(after, BUYER, 'points')));
        const later = new Ledger(after, DAY_0).redeem('points', amount);
        const { movements } = back(sale, later.books);
        const held = heldOf(applyMovements(later.books, movements), BUYER, 'points');
        expect(held).toBe(heldOf(before, BUYER, 'points') - amount);
      }),
      RUNS,
    );
  });
});
