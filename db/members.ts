// Owns the cached members and their balances: head office's figures and the till's own since then.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { NO_POINTS_MOVED, type PointsMoved, pointsMovedSince } from '#db/ledger.ts';
import { assert } from '#loyalty/assert.ts';
import type { Member, Standing } from '#loyalty/books/member.ts';

export interface MemberRow extends Member, Standing {
  /** This till's own key; never leaves it. */
  readonly memberKey: number;
}

type StoredMember = Omit<MemberRow, 'isBlocked'> & { readonly isBlocked: number };

const SELECT_MEMBER = `SELECT member.member_key AS memberKey, member_id AS memberId,
    card_number AS cardNumber, display_name AS displayName, is_blocked AS isBlocked,
    balance_points AS balancePoints, tier_points AS tierPoints, server_as_of_ms AS asOfMs
  FROM member JOIN member_balance ON member_balance.member_key = member.member_key`;
const SELECT_BY_CARD = `${SELECT_MEMBER} WHERE card_number = +?`;
const SELECT_BY_ID = `${SELECT_MEMBER} WHERE member_id = +?`;
const SELECT_BY_KEY = `${SELECT_MEMBER} WHERE member.member_key = +?`;

function toMember(row: StoredMember | undefined): MemberRow | null {
  return row === undefined ? null : { ...row, isBlocked: row.isBlocked === 1 };
}

export function memberByCard(db: ReadableDb, cardNumber: string): MemberRow | null {
  return toMember(statement<StoredMember>(db, SELECT_BY_CARD).get(cardNumber));
}

export function memberById(db: ReadableDb, memberId: string): MemberRow | null {
  return toMember(statement<StoredMember>(db, SELECT_BY_ID).get(memberId));
}

export function memberByKey(db: ReadableDb, memberKey: number): MemberRow | null {
  return toMember(statement<StoredMember>(db, SELECT_BY_KEY).get(memberKey));
}

/** Walks an index: some ms a million members; not for the way of a sale. */
export function countMembers(db: ReadableDb): number {
  const sql = 'SELECT count(*) AS count FROM member_balance';
  return statement<{ count: number }>(db, sql).get()?.count ?? 0;
}

/**
 * Stores members as head office has them. `asOfSeq` is the last own journal entry inside its
 * balances: what the till did after it is added, so a printed balance never jumps back.
 * Call it inside a transaction, with at most some hundred members so that no sale waits.
 * `asOfMs` is head office's or the till's moment of the answer, ms since 1970.
 */
export function upsertMembersFromServer(
  db: WritableDb,
  members: readonly Member[],
  asOfSeq: number,
  asOfMs: number,
): void {
  const releaseCard = statement(
    db,
    // '!' is in no card number: the former holder cannot be scanned until its new card arrives.
    `UPDATE member SET card_number = '!' || member_id WHERE card_number = ? AND member_id <> ?`,
  );
  const upsert = statement<{ memberKey: number }>(
    db,
    `INSERT INTO member (member_id, card_number, display_name, is_blocked) VALUES (?, ?, ?, ?)
     ON CONFLICT (member_id) DO UPDATE SET card_number = excluded.card_number,
       display_name = excluded.display_name, is_blocked = excluded.is_blocked
     RETURNING member_key AS memberKey`,
  );
  const own = pointsMovedSince(db, asOfSeq);
  for (const member of members) {
    releaseCard.run(member.cardNumber, member.memberId);
    const row = upsert.get(
      member.memberId,
      member.cardNumber,
      member.displayName,
      member.isBlocked ? 1 : 0,
    );
    assert(row !== undefined, 'an upserted member has a key');
    setBalance(db, row.memberKey, member, own, asOfSeq, asOfMs);
  }
}

/** The answer to a push: balances alone. Members that this till does not know are left out. */
export function updateBalancesFromServer(
  db: WritableDb,
  balances: readonly Pick<Member, 'memberId' | 'balancePoints' | 'tierPoints'>[],
  asOfSeq: number,
  asOfMs: number,
): void {
  const keyOf = statement<{ memberKey: number }>(
    db,
    'SELECT member_key AS memberKey FROM member WHERE member_id = ?',
  );
  const own = pointsMovedSince(db, asOfSeq);
  for (const balance of balances) {
    const row = keyOf.get(balance.memberId);
    if (row !== undefined) setBalance(db, row.memberKey, balance, own, asOfSeq, asOfMs);
  }
}

function setBalance(
  db: WritableDb,
  memberKey: number,
  server: Pick<Member, 'balancePoints' | 'tierPoints'>,
  own: ReadonlyMap<number, PointsMoved>,
  asOfSeq: number,
  asOfMs: number,
): void {
  const since = own.get(memberKey) ?? NO_POINTS_MOVED;
  statement(
    db,
    `INSERT INTO member_balance (member_key, balance_points, tier_points, server_balance_points,
       server_tier_points, server_as_of_seq, server_as_of_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (member_key) DO UPDATE SET balance_points = excluded.balance_points,
       tier_points = excluded.tier_points,
       server_balance_points = excluded.server_balance_points,
       server_tier_points = excluded.server_tier_points,
       server_as_of_seq = excluded.server_as_of_seq, server_as_of_ms = excluded.server_as_of_ms`,
  ).run(
    memberKey,
    server.balancePoints + since.balancePoints,
    server.tierPoints + since.tierPoints,
    server.balancePoints,
    server.tierPoints,
    asOfSeq,
    asOfMs,
  );
}

/**
 * Adds a member that this till met first: an unknown card in a valid range. Head office confirms
 * the balance later.
 */
export function insertMember(
  db: WritableDb,
  member: Pick<Member, 'memberId' | 'cardNumber' | 'displayName'>,
): number {
  const made = statement(
    db,
    'INSERT INTO member (member_id, card_number, display_name, is_blocked) VALUES (?, ?, ?, 0)',
  ).run(member.memberId, member.cardNumber, member.displayName);
  const memberKey = Number(made.lastInsertRowid);
  statement(
    db,
    `INSERT INTO member_balance (member_key, balance_points, tier_points, server_balance_points,
       server_tier_points, server_as_of_seq, server_as_of_ms) VALUES (?, 0, 0, 0, 0, 0, NULL)`,
  ).run(memberKey);
  return memberKey;
}

/** Moves the cached balance with the ledger entries that the same transaction writes. */
export function applyLedger(
  db: WritableDb,
  memberKey: number,
  balanceDelta: number,
  tierDelta: number,
): void {
  const { changes } = statement(
    db,
    `UPDATE member_balance SET balance_points = balance_points + ?, tier_points = tier_points + ?
     WHERE member_key = ?`,
  ).run(balanceDelta, tierDelta, memberKey);
  assert(changes === 1, 'the member of a ledger entry has a balance');
}
