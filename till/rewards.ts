// Owns spending points: reserved at head office when the reward goes in, never at commit.
import { floorPointsUsed, insertReservation, setReservationState } from '#db/reservations.ts';
import type { ClaimedReward } from '#loyalty/pricing/basket.ts';
import type { RewardOffer } from '#loyalty/pricing/pricing.ts';
import { failure, type Result } from '#loyalty/result.ts';
import type { ReservationOutcome } from '#sync/reservations.ts';
import { applyInside, DONE } from '#till/basketFlow.ts';
import type { TillError } from '#till/contract.ts';
import { journalReservationVoid } from '#till/reservationJournal.ts';
import { atomically, newId, tellCashier, type Workstation } from '#till/workstation.ts';

/** What rewards need of the line to head office. */
export interface ReservationDesk {
  /** Never rejects; answers within 1.5 s. */
  reserve(request: {
    readonly reservationId: string;
    readonly memberId: string;
    readonly points: number;
  }): Promise<ReservationOutcome>;
  /** Which outage this is: the floor is granted once per member and outage. */
  outage(): number;
}

type Done = Record<string, never>;

function offerOf(workstation: Workstation, rewardId: string): RewardOffer | null {
  const { offers } = workstation.state.pricing;
  return offers.find((offer) => offer.rewardId === rewardId) ?? null;
}

/** A claim before it is secured. */
type Wanted = Pick<ClaimedReward, 'rewardId' | 'points' | 'amountOffMinor' | 'times'>;

function wantedOf({ state }: Workstation, offer: RewardOffer, times: number): Wanted {
  const { rewardId, account, points, amountOffMinor } = offer;
  const isLedger = account === 'points' && state.served.member?.poolId === null;
  return {
    rewardId,
    points: isLedger ? points * times : 0,
    // The last block may be worth more than what is left to pay.
    amountOffMinor: Math.min(amountOffMinor * times, state.pricing.totalMinor),
    ...(times === 1 ? {} : { times }),
  };
}

/** Puts a reward into the basket. The points are secured first, or it is refused in words. */
export async function claimReward(
  workstation: Workstation,
  desk: ReservationDesk,
  rewardId: string,
  times = 1,
): Promise<Result<Done, TillError>> {
  const { state, db } = workstation;
  const { member, basket } = state;
  const offer = offerOf(workstation, rewardId);
  if (state.askingRewardId !== null) return failure({ code: 'busy' });
  if (offer?.state === 'points-short') return failure({ code: 'points-insufficient' });
  if (member === null || offer?.state !== 'available' || times > offer.timesMax) {
    return failure({ code: 'reward-unavailable' });
  }
  const reservationId = newId(workstation);
  const wanted = wantedOf(workstation, offer, times);
  // Nothing of the ledger is spent: stamps, wallets and pools are lots that this till knows.
  if (wanted.points === 0) {
    const added = atomically(workstation, () =>
      addReward(workstation, wanted, reservationId, 'offline-floor'),
    );
    workstation.changed();
    return added;
  }
  // The intent is durable before the question leaves: after a crash it is voided, not forgotten.
  const intended = atomically(workstation, () => {
    insertReservation(db, {
      reservationId,
      transactionId: basket.transactionId,
      memberKey: member.memberKey,
      points: wanted.points,
      state: 'asking',
      outage: null,
    });
    return DONE;
  });
  // Without the intent on disk nothing is asked: no points could be held that nobody knows of.
  if (!intended.ok) return intended;
  state.askingRewardId = rewardId;
  workstation.changed();
  const outcome = await desk.reserve({
    reservationId,
    memberId: member.memberId,
    points: wanted.points,
  });
  state.askingRewardId = null;
  const result = settle(workstation, desk, wanted, reservationId, outcome);
  workstation.changed();
  return result;
}

function settle(
  workstation: Workstation,
  desk: ReservationDesk,
  wanted: Wanted,
  reservationId: string,
  outcome: ReservationOutcome,
): Result<Done, TillError> {
  const { db, state } = workstation;
  switch (outcome) {
    case 'reserved':
      return atomically(workstation, () => {
        setReservationState(db, reservationId, 'reserved');
        const added = addReward(workstation, wanted, reservationId, 'reservation');
        // The basket shrank while head office was asked: what was granted is let go again.
        if (!added.ok && state.member !== null) {
          const reservation = { reservationId, memberId: state.member.memberId };
          journalReservationVoid(workstation, reservation, 'removed');
        }
        return added;
      });
    case 'points-insufficient':
      setReservationState(db, reservationId, 'refused');
      return failure({ code: 'points-insufficient' });
    case 'member-unknown':
    case 'voided':
      setReservationState(db, reservationId, 'refused');
      return failure({ code: 'redemption-refused' });
    case 'outcome-unknown': {
      const member = state.member;
      if (member === null) return failure({ code: 'redemption-refused' });
      const voided = atomically(workstation, () => {
        const reservation = { reservationId, memberId: member.memberId };
        journalReservationVoid(workstation, reservation, 'outcome-unknown');
        return DONE;
      });
      if (!voided.ok) return voided;
      return claimBelowFloor(workstation, desk, wanted, newId(workstation));
    }
    case 'offline':
      setReservationState(db, reservationId, 'refused');
      return claimBelowFloor(workstation, desk, wanted, newId(workstation));
  }
}

/** Head office does not answer: a bounded number of points per member and outage, 0 by default. */
function claimBelowFloor(
  workstation: Workstation,
  desk: ReservationDesk,
  wanted: Wanted,
  reservationId: string,
): Result<Done, TillError> {
  const { db, state } = workstation;
  const { member, basket, inForce } = state;
  if (member === null) return failure({ code: 'reward-unavailable' });
  const outage = desk.outage();
  const { offlineFloorPoints } = inForce.programme;
  const usedPoints = floorPointsUsed(db, member.memberKey, outage);
  if (usedPoints + wanted.points > offlineFloorPoints) {
    const args = { floorPoints: offlineFloorPoints, usedPoints, wantedPoints: wanted.points };
    tellCashier(workstation, 'warn', 'notice.redemption-offline-refused', args);
    return failure({ code: 'redemption-cap-offline', args });
  }
  return atomically(workstation, () => {
    insertReservation(db, {
      reservationId,
      transactionId: basket.transactionId,
      memberKey: member.memberKey,
      points: wanted.points,
      state: 'offline-floor',
      outage,
    });
    return addReward(workstation, wanted, reservationId, 'offline-floor');
  });
}

function addReward(
  workstation: Workstation,
  wanted: Wanted,
  reservationId: string,
  secured: ClaimedReward['secured'],
): Result<Done, TillError> {
  const reward = { ...wanted, reservationId, secured };
  const event = { type: 'reward.claimed', reward } as const;
  return applyInside(workstation, event, workstation.state.member);
}

/** Takes a reward out again and lets its reservation go. */
export function removeReward(workstation: Workstation, rewardId: string): Result<Done, TillError> {
  const { db, state } = workstation;
  const claimed = state.basket.rewards.find((reward) => reward.rewardId === rewardId);
  const { member } = state;
  if (claimed === undefined || member === null) return DONE;
  const result = atomically(workstation, () => {
    if (claimed.secured === 'reservation') {
      const reservation = { reservationId: claimed.reservationId, memberId: member.memberId };
      journalReservationVoid(workstation, reservation, 'removed');
    } else if (claimed.points > 0) {
      setReservationState(db, claimed.reservationId, 'voided');
    }
    return applyInside(workstation, { type: 'reward.removed', rewardId }, member);
  });
  workstation.changed();
  return result;
}
