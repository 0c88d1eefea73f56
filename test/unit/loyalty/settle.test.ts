// Goal: what tills gave twice is taken back once, and what points owe is exact. Method: S27 with
// two tills in both orders of arrival, and the worked figures of S14, S19 and S36.
import { describe, expect, it } from 'vitest';
import { applyMovements, EMPTY_BOOKS, heldOf, type Movement } from '#loyalty/books/books.ts';
import { duplicatesOf, type OnceRow, settle } from '#loyalty/books/settle.ts';
import {
  deferredOf,
  flowsOf,
  liabilityOf,
  payOutsOf,
  rollForward,
  settlementOf,
} from '#loyalty/reporting/liability.ts';
import {
  accountOf,
  compiledOf,
  named,
  pointsAccount,
  programmeOf,
} from '#test/support/loyaltyShop.ts';
import { BUYER, holding, Ledger, nowAt } from '#test/support/storedSales.ts';

function birthday(transactionId: string, atMs: number, onceKey = 'birthday/2027'): OnceRow {
  const movement: Movement = {
    owner: BUYER,
    account: 'points',
    lotId: `${transactionId}/1`,
    amount: 100,
    fromMs: atMs,
    untilMs: null,
    kind: 'accrual',
    rule: 'birthday',
    onceKey,
    whyKey: 'why.x',
    whyArgs: {},
  };
  return { transactionId, atMs, movement };
}

const EARLY = birthday('b', 10);
const LATE = birthday('a', 20);
const now = nowAt('2027-03-05');

describe('S27: a birthday that two tills without a line gave', () => {
  it('is kept by the first sale, whichever till comes first', () => {
    expect(duplicatesOf([EARLY, LATE])).toEqual([LATE]);
    expect(duplicatesOf([LATE, EARLY])).toEqual([LATE]);
    const same = birthday('c', 10);
    expect(duplicatesOf([same, EARLY])).toEqual([same]);
  });

  it('is net 100 after both are there', () => {
    const books = applyMovements(EMPTY_BOOKS, [EARLY.movement, LATE.movement]);
    const movements = settle(books, [EARLY, LATE], now);
    expect(movements).toMatchObject([{ amount: -100, kind: 'reversal', whyKey: 'why.once' }]);
    expect(heldOf(applyMovements(books, movements), BUYER, 'points')).toBe(100);
  });

  it('leaves other years and other members alone', () => {
    const nextYear = birthday('d', 30, 'birthday/2028');
    const other = birthday('e', 30);
    const owner = 'member/m2';
    const ofOther = { ...other, movement: { ...other.movement, owner } };
    const { onceKey: _, ...plain } = birthday('f', 40).movement;
    const rows = [EARLY, nextYear, ofOther, { ...LATE, movement: plain }];
    expect(duplicatesOf(rows)).toEqual([]);
  });

  it('becomes a debt where the points are spent', () => {
    const books = applyMovements(EMPTY_BOOKS, [EARLY.movement, LATE.movement]);
    const spent = new Ledger(books, now).redeem('points', 150);
    const after = applyMovements(spent.books, settle(spent.books, [EARLY, LATE], now));
    expect(heldOf(after, BUYER, 'points')).toBe(-50);
  });
});

describe('S14: a partner', () => {
  const { programme } = compiledOf(
    programmeOf({
      accounts: [accountOf('cinema-points', 'partner', { costMinor: '0.8' })],
      partners: [
        {
          partnerId: 'cinema',
          name: named('Cinema'),
          cardPrefix: '2977',
          account: 'cinema-points',
        },
      ],
    }),
  );
  const owed = (points: number) => {
    const lot = { lotId: 'a', amount: points, fromMs: 0, untilMs: null };
    const books = new Map([['partner/cinema', new Map([['cinema-points', [lot]]])]]);
    return settlementOf(programme, books, 'cinema').amountMinor;
  };

  it('is owed 0.24 for 30 points and 10.00 for 1,250', () => {
    expect(owed(30)).toBe(24);
    expect(owed(1250)).toBe(1000);
    expect(settlementOf(programme, EMPTY_BOOKS, 'nobody')).toEqual({ points: 0, amountMinor: 0 });
  });
});

describe('S36: a wallet that is paid out', () => {
  it('has a row for each member who can take something now', () => {
    const lot = (amount: number, fromMs: number) => ({ lotId: 'a', amount, fromMs, untilMs: null });
    const wallet = (amount: number, fromMs = 0) => new Map([['wallet', [lot(amount, fromMs)]]]);
    const books = new Map([
      ['member/m2', wallet(20)],
      [BUYER, wallet(500)],
      ['member/m3', wallet(500, now.atMs + 1)],
      ['member/m4', wallet(-5)],
      ['charity/trees', wallet(70)],
    ]);
    expect(payOutsOf(books, 'wallet', now.atMs)).toEqual([
      { memberId: 'm1', amountMinor: 500 },
      { memberId: 'm2', amountMinor: 20 },
    ]);
  });
});

describe('S19: what points owe', () => {
  it('defers 0.79 of a sale of 100.00 with 100 points at 0.01, of which 80 % are spent', () => {
    const sale = { saleMinor: 10_000, points: 100, pointValueMinor: '1' };
    expect(deferredOf({ ...sale, expectedRedemptionBasisPoints: 8000 })).toEqual({
      deferredMinor: 79,
      revenueMinor: 9921,
    });
    const free = { ...sale, saleMinor: 0, expectedRedemptionBasisPoints: 8000 };
    expect(deferredOf(free)).toEqual({ deferredMinor: 0, revenueMinor: 0 });
  });

  it('rolls 5,000 forward to 5,335', () => {
    const flows = { issued: 1000, redeemed: 620, expired: 30, clawedBack: 15 };
    expect(rollForward({ opening: 5000, ...flows })).toBe(5335);
  });

  it('takes its flows from the movements, so that what flows is what is held', () => {
    const head = { owner: BUYER, rule: 'x', whyKey: 'why.x', whyArgs: {} };
    const lot = { ...head, account: 'points', lotId: 'a', fromMs: 0, untilMs: null };
    const movements: Movement[] = [
      { ...lot, amount: 100, kind: 'accrual' },
      { ...lot, amount: 7, kind: 'adjustment' },
      { ...lot, amount: -60, kind: 'redemption' },
      { ...lot, amount: 20, kind: 'reversal' },
      { ...lot, amount: -30, kind: 'reversal' },
      { ...lot, amount: -5, kind: 'expiry' },
      { ...lot, account: 'visits', amount: 1, kind: 'tally' },
    ];
    const flows = flowsOf(movements, 'points');
    expect(flows).toEqual({ issued: 107, redeemed: 40, expired: 5, clawedBack: 30 });
    const held = heldOf(applyMovements(holding(10), movements), BUYER, 'points');
    expect(rollForward({ opening: 10, ...flows })).toBe(held);
  });

  it('is known for each month, and the months add up', () => {
    const lot = (lotId: string, amount: number, iso: string, untilMs: number | null = null) => {
      return { lotId, amount, fromMs: nowAt(iso).atMs, untilMs };
    };
    const books = new Map([
      [BUYER, new Map([['points', [lot('a', 1, '2026-01-31'), lot('b', 1, '2026-02-01')]]])],
      [
        'pool/home',
        new Map([['points', [lot('c', 2, '2026-02-20'), lot('debt', -9, '2026-01-01')]]]),
      ],
      ['member/m3', new Map([['points', [lot('d', 50, '2026-01-01', 1)]]])],
    ]);
    const cost = { costMinor: '1', expectedRedemptionBasisPoints: 5000 };
    const compiled = compiledOf(programmeOf({ accounts: [pointsAccount(cost)] }));
    const account = compiled.accounts.get('points');
    if (account === undefined) throw new Error('no account');
    expect(liabilityOf(books, account, nowAt('2026-03-01'))).toEqual({
      cohorts: [
        { month: '2026-01', points: 1, costMinor: 1 },
        { month: '2026-02', points: 3, costMinor: 1 },
      ],
      points: 4,
      costMinor: 2,
      owedPoints: -9,
    });
  });
});
