// Owns the durable intent of a redemption: written before head office is asked.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { assert } from '#loyalty/assert.ts';

export type ReservationState =
  | 'asking'
  | 'reserved'
  | 'offline-floor'
  | 'confirmed'
  | 'voided'
  | 'refused';

export interface ReservationRow {
  readonly reservationId: string;
  readonly transactionId: string;
  readonly memberKey: number;
  /** > 0. */
  readonly points: number;
  readonly state: ReservationState;
  /** Which outage a redemption below the floor belongs to; null when head office holds it. */
  readonly outage: number | null;
}

const COLUMNS = `reservation_id AS reservationId, transaction_id AS transactionId,
  member_key AS memberKey, points, state, outage`;
const IS_OPEN = `state IN ('asking', 'reserved', 'offline-floor')`;

export function insertReservation(db: WritableDb, reservation: ReservationRow): void {
  statement(
    db,
    `INSERT INTO reservation (reservation_id, transaction_id, member_key, points, state, outage)
     VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(
    reservation.reservationId,
    reservation.transactionId,
    reservation.memberKey,
    reservation.points,
    reservation.state,
    reservation.outage,
  );
}

/** Moves a reservation on; `outage` is given when it ends up below the floor. */
export function setReservationState(
  db: WritableDb,
  reservationId: string,
  state: ReservationState,
  outage: number | null = null,
): void {
  const { changes } = statement(
    db,
    `UPDATE reservation SET state = ?, outage = coalesce(?, outage) WHERE reservation_id = ?`,
  ).run(state, outage, reservationId);
  assert(changes === 1, 'the reservation is known');
}

export function reservationById(db: ReadableDb, reservationId: string): ReservationRow | null {
  const sql = `SELECT ${COLUMNS} FROM reservation WHERE reservation_id = ?`;
  return statement<ReservationRow>(db, sql).get(reservationId) ?? null;
}

/**
 * Every reservation that is neither used nor let go: at start, those of no open sale are let go.
 */
export function openReservations(db: ReadableDb): readonly ReservationRow[] {
  const sql = `SELECT ${COLUMNS} FROM reservation WHERE ${IS_OPEN} ORDER BY reservation_id`;
  return statement<ReservationRow>(db, sql).all();
}

export function openReservationsOf(
  db: ReadableDb,
  transactionId: string,
): readonly ReservationRow[] {
  const sql = `SELECT ${COLUMNS} FROM reservation
    WHERE transaction_id = +? AND ${IS_OPEN} ORDER BY reservation_id`;
  return statement<ReservationRow>(db, sql).all(transactionId);
}

/** Points that a member has spent, or is about to, below the floor during one outage. */
export function floorPointsUsed(db: ReadableDb, memberKey: number, outage: number): number {
  const sql = `SELECT coalesce(sum(points), 0) AS points FROM reservation
    WHERE member_key = ? AND outage = ? AND outage IS NOT NULL
      AND state IN ('offline-floor', 'confirmed')`;
  return statement<{ points: number }>(db, sql).get(memberKey, outage)?.points ?? 0;
}
