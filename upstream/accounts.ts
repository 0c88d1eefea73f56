// Owns the double-entry books of the members: every movement of points is one row between two.
import { assert } from '#loyalty/assert.ts';
import type { MemberProfileWire } from '#sync/protocol.ts';
import { type Connection, nextChangeNumber, sql } from '#upstream/database.ts';

export type HeadOfficeAccount = 'issued' | 'avail' | 'rsv' | 'redeemed' | 'adjusted';

export interface Movement {
  readonly accountDebit: HeadOfficeAccount;
  readonly accountCredit: HeadOfficeAccount;
  readonly memberKey: number;
  /** ≥ 0. */
  readonly points: number;
  readonly line: number;
  readonly kind: string;
  readonly rule: string;
  readonly programmeVersion: string;
  readonly whyKey: string;
  readonly whyArgs: Readonly<Record<string, string | number>>;
}

/** What a movement came from. */
export type Origin =
  | { readonly journalNumber: number }
  | { readonly reservationId: string }
  | { readonly adjustmentKey: string };

export interface Account {
  readonly memberKey: number;
  readonly memberId: string;
  readonly cardNumber: string;
  readonly displayName: string;
  readonly isBlocked: boolean;
  /** Null for a member whom nobody described. */
  readonly profile: MemberProfileWire | null;
  readonly issued: number;
  readonly redeemed: number;
  readonly adjusted: number;
  readonly avail: number;
  readonly rsv: number;
}

const COLUMNS = `member_key AS memberKey, member_id AS memberId, card_number AS cardNumber,
  display_name AS displayName, is_blocked AS isBlocked, profile, issued, redeemed, adjusted, avail,
  rsv`;

type AccountRow = Omit<Account, 'isBlocked' | 'profile'> & {
  readonly isBlocked: number;
  readonly profile: string | null;
};

function toAccount<Row extends AccountRow>({ isBlocked, profile, ...row }: Row) {
  return {
    ...row,
    isBlocked: isBlocked === 1,
    profile: profile === null ? null : (JSON.parse(profile) as MemberProfileWire),
  };
}

/** Also by an id that a till made of the member's card. */
export function accountOf(connection: Connection, memberId: string): Account | null {
  const byId = `SELECT ${COLUMNS} FROM member WHERE member_id = ?`;
  const byAlias = `SELECT ${COLUMNS} FROM member
    WHERE member_key = (SELECT member_key FROM member_alias WHERE alias_id = ?)`;
  const row =
    sql<AccountRow>(connection, byId).get(memberId) ??
    sql<AccountRow>(connection, byAlias).get(memberId);
  return row === undefined ? null : toAccount(row);
}

/** Members changed after `after`, oldest change first, each with its change number. */
export function accountsAfter(
  connection: Connection,
  after: number,
  limit: number,
): readonly (Account & { readonly changeNumber: number })[] {
  const text = `SELECT ${COLUMNS}, change_number AS changeNumber FROM member
    WHERE change_number > ? ORDER BY change_number LIMIT ?`;
  return sql<AccountRow & { changeNumber: number }>(connection, text)
    .all(after, limit)
    .map(toAccount);
}

/**
 * What a till may show: available points and those that this till itself has reserved, since the
 * till takes its own redemption off when its own sale is made.
 */
export function spendableAt(connection: Connection, tillKey: number, account: Account): number {
  if (account.rsv === 0) return account.avail;
  const row = sql<{ points: number }>(
    connection,
    `SELECT coalesce(sum(points), 0) AS points FROM reservation
     WHERE member_key = ? AND till_key = ? AND state = 'reserved'`,
  ).get(account.memberKey, tillKey);
  return account.avail + (row?.points ?? 0);
}

/**
 * How a column moves when points enter (+) or leave (−) through it. `issued` and `adjusted` are
 * sources: what leaves them was given to the member.
 */
const SIGN_OF_CREDIT: Readonly<Record<HeadOfficeAccount, 1 | -1>> = {
  issued: -1,
  adjusted: -1,
  avail: 1,
  rsv: 1,
  redeemed: 1,
};

/** Writes one row and moves both columns. Balance below zero is allowed, a reservation never is. */
export function post(connection: Connection, origin: Origin, movement: Movement): void {
  const { accountDebit, accountCredit, memberKey, points } = movement;
  assert(accountDebit !== accountCredit, 'a movement has two accounts');
  assert(points >= 0, 'points move forward');
  sql(
    connection,
    `INSERT INTO ledger_row (journal_number, reservation_id, adjustment_key, line, account_debit,
       account_credit, member_key, points, kind, rule, programme_version, why_key, why_args)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    'journalNumber' in origin ? origin.journalNumber : null,
    'reservationId' in origin ? origin.reservationId : null,
    'adjustmentKey' in origin ? origin.adjustmentKey : null,
    movement.line,
    accountDebit,
    accountCredit,
    memberKey,
    points,
    movement.kind,
    movement.rule,
    movement.programmeVersion,
    movement.whyKey,
    JSON.stringify(movement.whyArgs),
  );
  const { changes } = sql(
    connection,
    `UPDATE member SET ${accountDebit} = ${accountDebit} + ?,
       ${accountCredit} = ${accountCredit} + ?, change_number = ? WHERE member_key = ?`,
  ).run(
    -SIGN_OF_CREDIT[accountDebit] * points,
    SIGN_OF_CREDIT[accountCredit] * points,
    nextChangeNumber(connection),
    memberKey,
  );
  assert(changes === 1, 'a movement has its member');
}

interface Sums {
  readonly issued: number;
  readonly redeemed: number;
  readonly adjusted: number;
  readonly avail: number;
  readonly rsv: number;
}

/**
 * Says which sums do not agree: per member issued − redeemed + adjusted = avail + rsv
 * (ledger-sync I1), the columns against the rows, the reservations against `rsv`.
 */
export function checkAccounts(connection: Connection): readonly string[] {
  const problems: string[] = [];
  const rows = sql<Sums & { memberId: string; held: number }>(
    connection,
    `SELECT member_id AS memberId, issued, redeemed, adjusted, avail, rsv,
       (SELECT coalesce(sum(points), 0) FROM reservation
        WHERE reservation.member_key = member.member_key AND state = 'reserved') AS held
     FROM member`,
  ).all();
  for (const row of rows) {
    if (row.issued - row.redeemed + row.adjusted !== row.avail + row.rsv) {
      problems.push(`member ${row.memberId}: the accounts do not balance`);
    }
    if (row.held !== row.rsv)
      problems.push(`member ${row.memberId}: reservations are not ${row.rsv}`);
  }
  const folded = sql<{ memberId: string }>(
    connection,
    `SELECT member_id AS memberId FROM member LEFT JOIN (
       SELECT member_key,
         sum(iif(account_debit = 'issued', points, 0) - iif(account_credit = 'issued', points, 0))
           AS issued,
         sum(iif(account_debit = 'adjusted', points, 0)
           - iif(account_credit = 'adjusted', points, 0)) AS adjusted,
         sum(iif(account_credit = 'avail', points, 0) - iif(account_debit = 'avail', points, 0))
           AS avail,
         sum(iif(account_credit = 'rsv', points, 0) - iif(account_debit = 'rsv', points, 0))
           AS rsv
       FROM ledger_row GROUP BY member_key
     ) AS fold ON fold.member_key = member.member_key
     WHERE member.issued <> coalesce(fold.issued, 0) OR member.avail <> coalesce(fold.avail, 0)
       OR member.adjusted <> coalesce(fold.adjusted, 0) OR member.rsv <> coalesce(fold.rsv, 0)`,
  ).all();
  for (const row of folded) problems.push(`member ${row.memberId}: the rows do not sum up`);
  return problems;
}
