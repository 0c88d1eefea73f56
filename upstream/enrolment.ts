// Owns members that a till met first: an unknown card in a valid range.
import { memberIdOf, memberOwner } from '#loyalty/books/books.ts';
import type { MemberEnrolledBody, MemberProfileWire, MovementWire } from '#sync/protocol.ts';
import { accountOf } from '#upstream/accounts.ts';
import { type Connection, nextChangeNumber, sql } from '#upstream/database.ts';

/** Who holds a card, as the key of the member; null for nobody. */
export function holderOf(connection: Connection, cardNumber: string): number | null {
  const text = 'SELECT member_key AS memberKey FROM member WHERE card_number = ?';
  return sql<{ memberKey: number }>(connection, text).get(cardNumber)?.memberKey ?? null;
}

/**
 * The till did not know the holder of the card yet, and made an id of its own: it means the holder
 * from now on, who is in the next feed.
 */
export function joinToHolder(connection: Connection, aliasId: string, memberKey: number): void {
  const insert = 'INSERT INTO member_alias (alias_id, member_key) VALUES (?, ?)';
  sql(connection, insert).run(aliasId, memberKey);
  const update = 'UPDATE member SET change_number = ? WHERE member_key = ?';
  sql(connection, update).run(nextChangeNumber(connection), memberKey);
}

/** Movements with the books of who is really meant. */
export function withRealOwners(
  connection: Connection,
  movements: readonly MovementWire[],
): readonly MovementWire[] {
  return movements.map((movement) => {
    const memberId = memberIdOf(movement.owner);
    const account = memberId === null ? null : accountOf(connection, memberId);
    if (account === null || account.memberId === memberId) return movement;
    return { ...movement, owner: memberOwner(account.memberId) };
  });
}

/** The member has no name: whoever claims it later links an identity. */
export function insertEnrolled(connection: Connection, body: MemberEnrolledBody): void {
  const profile: MemberProfileWire = {
    language: null,
    enrolledAtMs: body.atMs,
    birthday: null,
    segments: [],
    flags: [],
    staffOperatorId: null,
    referrerId: null,
    poolId: null,
    contractId: null,
  };
  sql(
    connection,
    `INSERT INTO member (member_id, card_number, display_name, is_blocked, profile, change_number)
     VALUES (?, ?, '', 0, ?, ?)`,
  ).run(body.memberId, body.cardNumber, JSON.stringify(profile), nextChangeNumber(connection));
}
