// Owns letting reservations go: one journal entry each, so that head office frees the points.
import { memberByKey } from '#db/members.ts';
import { type ReservationRow, setReservationState } from '#db/reservations.ts';
import { assert } from '#loyalty/assert.ts';
import type { VoidReservationBody } from '#sync/protocol.ts';
import { journal, stampMoment } from '#till/entry.ts';
import { newId, type Workstation } from '#till/workstation.ts';

/** Journals `void(ref)`. Runs inside the caller's transaction. */
export function journalReservationVoid(
  workstation: Workstation,
  reservation: { readonly reservationId: string; readonly memberId: string },
  reason: VoidReservationBody['reason'],
): void {
  setReservationState(workstation.db, reservation.reservationId, 'voided');
  journal(workstation, {
    kind: 'void-reservation',
    id: newId(workstation),
    ...stampMoment(workstation),
    reservationId: reservation.reservationId,
    memberId: reservation.memberId,
    reason,
  });
}

/**
 * Lets go every reservation of a basket, in the caller's transaction. What head office was asked
 * and may have granted is voided there; a floor redemption was never known there.
 */
export function releaseReservations(
  workstation: Workstation,
  reservations: readonly ReservationRow[],
  reason: VoidReservationBody['reason'],
): void {
  for (const { reservationId, memberKey, state } of reservations) {
    if (state === 'offline-floor') {
      setReservationState(workstation.db, reservationId, 'voided');
      continue;
    }
    const member = memberByKey(workstation.db, memberKey);
    assert(member !== null, 'a reservation belongs to a cached member');
    const why = state === 'asking' ? 'outcome-unknown' : reason;
    journalReservationVoid(workstation, { reservationId, memberId: member.memberId }, why);
  }
}
