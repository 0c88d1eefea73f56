// Owns the ledger entry: points move between two accounts, and no row is ever changed.

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
