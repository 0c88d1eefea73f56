// Owns online reservations: points set aside for one till, at most once, and the tombstones.
import { failure, type Result, success } from '#loyalty/result.ts';
import type { ReservationReply } from '#sync/protocol.ts';
import { type Account, accountOf, post, spendableAt } from '#upstream/accounts.ts';
import { type Connection, sql } from '#upstream/database.ts';
import type { Refusal, ReservationInput } from '#upstream/store.ts';

export interface Reservation {
  readonly tillKey: number;
  /** Null on a tombstone: the void came before the request. */
  readonly memberKey: number | null;
  readonly points: number | null;
  readonly state: 'reserved' | 'confirmed' | 'voided' | 'refused';
}

export function findReservation(connection: Connection, reservationId: string): Reservation | null {
  const row = sql<Reservation>(
    connection,
    `SELECT till_key AS tillKey, member_key AS memberKey, points, state
     FROM reservation WHERE reservation_id = ?`,
  ).get(reservationId);
  return row ?? null;
}

export function insertReservation(
  connection: Connection,
  reservationId: string,
  { tillKey, memberKey, points, state }: Reservation,
): void {
  sql(
    connection,
    `INSERT INTO reservation (reservation_id, till_key, member_key, points, state)
     VALUES (?, ?, ?, ?, ?)`,
  ).run(reservationId, tillKey, memberKey, points, state);
}

export function setReservationState(
  connection: Connection,
  reservationId: string,
  state: Reservation['state'],
): void {
  const text = 'UPDATE reservation SET state = ? WHERE reservation_id = ?';
  sql(connection, text).run(state, reservationId);
}

const MOVEMENT = {
  line: 1,
  kind: 'reservation',
  rule: 'reservation',
  programmeVersion: '-',
  whyKey: 'why.reservation',
  whyArgs: {},
} as const;

const OUTCOME_OF_STATE = {
  reserved: 'reserved',
  refused: 'points-insufficient',
  // A request that arrives after the sale's entry is an echo: it must not be spent again.
  confirmed: 'voided',
  voided: 'voided',
} as const;

function repeatedReply(
  connection: Connection,
  tillKey: number,
  known: Reservation,
  account: Account | null,
  input: ReservationInput,
): Result<ReservationReply, Refusal> {
  const isSame =
    known.tillKey === tillKey &&
    (known.memberKey === null || known.memberKey === account?.memberKey) &&
    (known.points === null || known.points === input.points);
  if (!isSame) {
    return failure({ code: 'conflict', message: 'this reservation id stands for another request' });
  }
  const balancePoints = account === null ? 0 : spendableAt(connection, tillKey, account);
  return success({ outcome: OUTCOME_OF_STATE[known.state], balancePoints });
}

/** Inside a transaction: of two tills that race for one balance, exactly one finds it enough. */
export function reserve(
  connection: Connection,
  tillKey: number,
  input: ReservationInput,
): Result<ReservationReply, Refusal> {
  const account = accountOf(connection, input.memberId);
  const known = findReservation(connection, input.reservationId);
  if (known !== null) return repeatedReply(connection, tillKey, known, account, input);
  if (account === null || account.isBlocked) {
    return success({ outcome: 'member-unknown', balancePoints: 0 });
  }
  const { memberKey } = account;
  const isEnough = account.avail >= input.points;
  const state = isEnough ? 'reserved' : 'refused';
  const { points, reservationId } = input;
  insertReservation(connection, reservationId, { tillKey, memberKey, points, state });
  if (isEnough) {
    const accounts = { accountDebit: 'avail', accountCredit: 'rsv' } as const;
    post(connection, { reservationId }, { ...MOVEMENT, ...accounts, memberKey, points });
  }
  const after = accountOf(connection, input.memberId) ?? account;
  return success({
    outcome: OUTCOME_OF_STATE[state],
    balancePoints: spendableAt(connection, tillKey, after),
  });
}

/** Gives back what a reserved reservation holds; the caller sets its new state. */
export function freePoints(
  connection: Connection,
  journalNumber: number,
  held: { readonly memberKey: number; readonly points: number },
): void {
  post(
    connection,
    { journalNumber },
    {
      ...MOVEMENT,
      accountDebit: 'rsv',
      accountCredit: 'avail',
      memberKey: held.memberKey,
      points: held.points,
    },
  );
}
