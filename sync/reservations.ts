// Owns what head office's answer about a reservation means for the basket.
import type { Result } from '#loyalty/result.ts';
import type { SyncFailure } from '#sync/client.ts';
import type { ReservationReply } from '#sync/protocol.ts';

/**
 * `offline`: certainly not reserved, since nothing arrived or head office would not hear it.
 * `outcome-unknown`: it may have been reserved, so that the till must journal its void.
 */
export type ReservationOutcome = ReservationReply['outcome'] | 'offline' | 'outcome-unknown';

export function outcomeOf(answer: Result<ReservationReply, SyncFailure>): ReservationOutcome {
  if (answer.ok) return answer.value.outcome;
  switch (answer.error.kind) {
    case 'network':
      return answer.error.wasSent ? 'outcome-unknown' : 'offline';
    case 'refused':
      return answer.error.reply.code === 'unavailable' ? 'outcome-unknown' : 'offline';
    case 'protocol':
      return 'outcome-unknown';
  }
}
