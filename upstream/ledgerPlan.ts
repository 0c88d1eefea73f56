// Owns the rows of a journal entry's ledger: whose they are, whether they fit, how they are posted.
import { assert } from '#loyalty/assert.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { SaleBody } from '#sync/protocol.ts';
import { type Account, accountOf, type Movement } from '#upstream/accounts.ts';
import type { Connection } from '#upstream/database.ts';

/**
 * Does it: every check was made before, so that nothing is half done. Tells what somebody should
 * look at: a redemption that took the balance below zero.
 */
export type Effect = (journalNumber: number) => 'overdrawn' | null;
export type ParkReason =
  | 'invalid'
  | 'id-conflict'
  | 'member-unknown'
  | 'ledger-invalid'
  | 'out-of-range'
  | 'sale-unknown'
  | 'already-voided'
  | 'reservation-mismatch';

const POINTS_MAX = 1_000_000_000;

export const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0);

export type LedgerRow = SaleBody['ledger'][number];

export const isMove = (row: LedgerRow, debit: string, credit: string): boolean =>
  row.accountDebit === debit && row.accountCredit === credit;

function isInRange(account: Account, availDelta: number, issuedDelta: number): boolean {
  return (
    Math.abs(account.avail + account.rsv + availDelta) <= POINTS_MAX &&
    Math.abs(account.issued + issuedDelta) <= POINTS_MAX
  );
}

export function movementOf(row: LedgerRow, memberKey: number): Movement {
  return {
    accountDebit: row.accountDebit,
    accountCredit: row.accountCredit,
    memberKey,
    points: row.points,
    line: row.line,
    kind: row.kind,
    rule: row.rule,
    programmeVersion: row.programmeVersion,
    whyKey: row.whyKey,
    whyArgs: row.whyArgs,
  };
}

/** The members of ledger rows, or why the rows cannot be posted. */
export function accountsIn(
  connection: Connection,
  ledger: readonly LedgerRow[],
): Result<ReadonlyMap<string, Account>, ParkReason> {
  const accounts = new Map<string, Account>();
  for (const memberId of new Set(ledger.map((row) => row.memberId))) {
    const account = accountOf(connection, memberId);
    if (account === null) return failure('member-unknown');
    const rows = ledger.filter((row) => row.memberId === memberId);
    const from = (name: LedgerRow['accountDebit']) =>
      sumOf(rows.filter((row) => row.accountDebit === name).map((row) => row.points));
    const to = (name: LedgerRow['accountCredit']) =>
      sumOf(rows.filter((row) => row.accountCredit === name).map((row) => row.points));
    if (!isInRange(account, to('avail') - from('avail'), from('issued') - to('issued'))) {
      return failure('out-of-range');
    }
    accounts.set(memberId, account);
  }
  return success(accounts);
}

export function keyIn(accounts: ReadonlyMap<string, Account>, memberId: string): number {
  const account = accounts.get(memberId);
  assert(account !== undefined, 'every row of a planned ledger has its member');
  return account.memberKey;
}
