// Owns what gives points without a sale: becoming a member, events, goodwill, late claims.
import { assert } from '#loyalty/assert.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { MemberEnrolledBody, OccasionBody } from '#sync/protocol.ts';
import { accountOf, post } from '#upstream/accounts.ts';
import type { Connection } from '#upstream/database.ts';
import { holderOf, insertEnrolled, joinToHolder, withRealOwners } from '#upstream/enrolment.ts';
import {
  accountsIn,
  type Effect,
  isMove,
  keyIn,
  movementOf,
  type ParkReason,
} from '#upstream/ledgerPlan.ts';
import { areMovementsInRange, postMovements } from '#upstream/movements.ts';
import { settleOnce } from '#upstream/settlement.ts';

/** An operator gives, and takes nothing away. */
export function planOccasion(
  connection: Connection,
  body: OccasionBody,
): Result<Effect, ParkReason> {
  if (accountOf(connection, body.memberId) === null) return failure('member-unknown');
  const isRight = body.ledger.every(
    (row) =>
      (row.kind === 'accrual' && isMove(row, 'issued', 'avail')) ||
      (row.kind === 'adjustment' && isMove(row, 'adjusted', 'avail')),
  );
  if (!isRight) return failure('ledger-invalid');
  const accounts = accountsIn(connection, body.ledger);
  if (!accounts.ok) return accounts;
  const movements = withRealOwners(connection, body.movements ?? []);
  if (!areMovementsInRange(connection, movements)) return failure('out-of-range');
  return success((journalNumber) => {
    postMovements(connection, journalNumber, movements);
    for (const row of body.ledger) {
      post(connection, { journalNumber }, movementOf(row, keyIn(accounts.value, row.memberId)));
    }
    settleOnce(connection, journalNumber, movements);
    return null;
  });
}

/**
 * Two tills may meet one card: the second tells of the member that the first has made, and what it
 * gave for becoming one was given already.
 */
export function planEnrolment(
  connection: Connection,
  body: MemberEnrolledBody,
): Result<Effect, ParkReason> {
  if (accountOf(connection, body.memberId) !== null) return success(() => null);
  const holder = holderOf(connection, body.cardNumber);
  if (holder !== null) {
    return success(() => {
      joinToHolder(connection, body.memberId, holder);
      return null;
    });
  }
  const isRight = body.ledger.every(
    (row) =>
      row.memberId === body.memberId && row.kind === 'accrual' && isMove(row, 'issued', 'avail'),
  );
  if (!isRight) return failure('ledger-invalid');
  const movements = withRealOwners(connection, body.movements ?? []);
  if (!areMovementsInRange(connection, movements)) return failure('out-of-range');
  return success((journalNumber) => {
    insertEnrolled(connection, body);
    const accounts = accountsIn(connection, body.ledger);
    assert(accounts.ok, 'the ledger of an enrolment is its own member’s');
    postMovements(connection, journalNumber, movements);
    for (const row of body.ledger) {
      const memberKey = keyIn(accounts.value, row.memberId);
      post(connection, { journalNumber }, movementOf(row, memberKey));
    }
    return null;
  });
}
