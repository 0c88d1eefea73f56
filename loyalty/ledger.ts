// Owns the ledger entry: points move between two accounts, and no row is ever changed.
import { assert } from '#loyalty/assert.ts';
import type { Pricing } from '#loyalty/evaluate.ts';
import { addPoints } from '#loyalty/points.ts';

export type Account = 'issued' | 'avail' | 'redeemed' | 'adjusted';
export type LedgerKind = 'accrual' | 'redemption' | 'reversal' | 'expiry' | 'adjustment';

/**
 * One row of the points ledger, in its final shape. `points` is ≥ 0 and moves from
 * `accountDebit` to `accountCredit`: an accrual is issued → avail, a redemption avail → redeemed,
 * a reversal the opposite of what it refers to.
 */
export interface LedgerEntry {
  readonly line: number;
  readonly accountDebit: Account;
  readonly accountCredit: Account;
  readonly memberId: string;
  readonly points: number;
  /** The accrual lot; an accrual opens the lot `seq:line`. Null where no lot is concerned. */
  readonly lot: string | null;
  readonly kind: LedgerKind;
  /** The journal seq that this entry undoes, or null. */
  readonly refSeq: number | null;
  readonly rule: string;
  readonly programmeVersion: string;
  readonly whyKey: string;
  readonly whyArgs: Readonly<Record<string, string | number>>;
}

/**
 * The ledger rows of a sale, lines 1 … n: first what each rule gave, then what each reward took.
 * A guest's sale has none. `seq` is the sale's place in the till's journal.
 */
export function entriesOfSale(
  pricing: Pricing,
  memberId: string | null,
  seq: number,
  programmeVersion: string,
): LedgerEntry[] {
  const moves = pricing.accruals.length + pricing.redemptions.length;
  if (memberId === null) {
    assert(moves === 0, 'points without a member');
    return [];
  }
  const accruals = pricing.accruals.map((accrual, index): LedgerEntry => {
    const { rule, points, whyKey, whyArgs } = accrual;
    const line = index + 1;
    return {
      line,
      accountDebit: 'issued',
      accountCredit: 'avail',
      memberId,
      points,
      lot: `${seq}:${line}`,
      kind: 'accrual',
      refSeq: null,
      rule,
      programmeVersion,
      whyKey,
      whyArgs,
    };
  });
  const redemptions = pricing.redemptions.map((redemption, index): LedgerEntry => {
    const { rule, points, whyKey, whyArgs } = redemption;
    return {
      line: accruals.length + index + 1,
      accountDebit: 'avail',
      accountCredit: 'redeemed',
      memberId,
      points,
      lot: null,
      kind: 'redemption',
      refSeq: null,
      rule,
      programmeVersion,
      whyKey,
      whyArgs,
    };
  });
  return [...accruals, ...redemptions];
}

/**
 * The rows that undo `entries` of journal seq `refSeq`: the accounts change places, the points,
 * lots, rules and programme version stay.
 */
export function reverseEntries(
  entries: readonly LedgerEntry[],
  refSeq: number,
  whyKey: string,
  whyArgs: LedgerEntry['whyArgs'],
): LedgerEntry[] {
  return entries.map((entry, index) => ({
    ...entry,
    line: index + 1,
    accountDebit: entry.accountCredit,
    accountCredit: entry.accountDebit,
    kind: 'reversal',
    refSeq,
    whyKey,
    whyArgs,
  }));
}

/** What rows of one member sum to. */
export interface FoldedBalance {
  /** What came into `avail` less what left it; may be below zero after a void. */
  readonly balancePoints: number;
  /** What was issued less what was taken back to `issued`. */
  readonly tierPoints: number;
}

/** Sums ledger rows of one member. */
export function foldBalance(entries: readonly LedgerEntry[]): FoldedBalance {
  let balancePoints = 0;
  let tierPoints = 0;
  for (const { accountDebit, accountCredit, points } of entries) {
    if (accountCredit === 'avail') balancePoints = addPoints(balancePoints, points);
    if (accountDebit === 'avail') balancePoints = addPoints(balancePoints, -points);
    if (accountDebit === 'issued' && accountCredit === 'avail') {
      tierPoints = addPoints(tierPoints, points);
    }
    if (accountDebit === 'avail' && accountCredit === 'issued') {
      tierPoints = addPoints(tierPoints, -points);
    }
  }
  return { balancePoints, tierPoints };
}
