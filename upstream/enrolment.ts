// Owns members that a till met first: an unknown card in a valid range.
import type { MemberEnrolledBody, MemberProfileWire } from '#sync/protocol.ts';
import { type Connection, nextChangeNumber, sql } from '#upstream/database.ts';

export function isCardFree(connection: Connection, cardNumber: string): boolean {
  const text = 'SELECT member_id AS memberId FROM member WHERE card_number = ?';
  return sql<{ memberId: string }>(connection, text).get(cardNumber) === undefined;
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
