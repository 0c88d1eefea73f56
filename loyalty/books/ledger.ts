// Owns the ledger entry: points move between two accounts, and no row is ever changed.
import { assert } from '#loyalty/assert.ts';
import { type Movement, memberIdOf } from '#loyalty/books/books.ts';
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

/** What a movement is in the ledger: which way points go, and between which accounts. */
function directionOf(kind: Movement['kind'], isGiven: boolean) {
  if (kind === 'accrual') return { kind, accountDebit: 'issued', accountCredit: 'avail' } as const;
  if (kind === 'redemption') {
    return { kind, accountDebit: 'avail', accountCredit: 'redeemed' } as const;
  }
  assert(kind === 'adjustment', `no sale and no gift has ${kind} of points`);
  return isGiven
    ? ({ kind, accountDebit: 'adjusted', accountCredit: 'avail' } as const)
    : ({ kind, accountDebit: 'avail', accountCredit: 'adjusted' } as const);
}

/**
 * The ledger rows of what moved the points of members, lines 1 … n: one row a rule, one a reward,
 * whichever lots it took. Points of pools and other accounts are no rows: their lots are all there
 * is. `seq` is the place in the till's journal.
 */
export function entriesOf(
  movements: readonly Movement[],
  seq: number,
  programmeVersion: string,
): LedgerEntry[] {
  const entries = new Map<string, LedgerEntry>();
  // What was given stands first, whatever the order in which lots were moved.
  const given = movements.filter(({ amount }) => amount > 0);
  const taken = movements.filter(({ amount }) => amount <= 0);
  for (const { owner, account, kind, rule, amount, whyKey, whyArgs } of [...given, ...taken]) {
    const memberId = account === 'points' ? memberIdOf(owner) : null;
    if (memberId === null) continue;
    const key = JSON.stringify([owner, kind, rule]);
    const known = entries.get(key);
    const line = known?.line ?? entries.size + 1;
    entries.set(key, {
      line,
      ...directionOf(kind, amount > 0),
      memberId,
      points: addPoints(known?.points ?? 0, Math.abs(amount)),
      lot: kind === 'accrual' ? `${seq}:${line}` : null,
      refSeq: null,
      rule,
      programmeVersion,
      whyKey,
      whyArgs,
    });
  }
  return [...entries.values()];
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
