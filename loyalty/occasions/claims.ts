// Owns the late claim: a guest's sale that its receipt code credits to a member, once.
import { heldOf, SHOP } from '#loyalty/books/books.ts';
import { dayNumberOf } from '#loyalty/calendar.ts';
import type { OccasionResult } from '#loyalty/occasions/occasion.ts';
import {
  isOwnCard,
  type Occasion,
  OccasionLedger,
  refused,
} from '#loyalty/occasions/occasionLedger.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';

export interface LateClaim {
  readonly transactionId: string;
  readonly saleAtMs: number;
  /** Prices the sale as it was, for the member, at its own time. */
  readonly price: () => Pick<Pricing, 'movements' | 'accruals'>;
}

/**
 * Credits what the sale would have earned. The days are those after the day of the sale. What was
 * paid stays as it was paid: rewards take nothing, give nothing and use up no limit. What rules
 * gave counts for their caps, as it would have.
 */
export function claimSale(occasion: Occasion, claim: LateClaim): OccasionResult {
  const { compiled, books, moment } = occasion;
  const { lateClaimDays } = compiled.programme;
  if (lateClaimDays === undefined) return refused('refused');
  if (isOwnCard(occasion)) return refused('staff-card');
  const account = `claimed/${claim.transactionId}`;
  if (heldOf(books, SHOP, account) > 0) return refused('already-done');
  const { timeZone } = compiled;
  const days = dayNumberOf(moment.atMs, timeZone) - dayNumberOf(claim.saleAtMs, timeZone);
  if (days < 0 || days > lateClaimDays) return refused('too-late');
  const ledger = new OccasionLedger(occasion);
  const { movements, accruals } = claim.price();
  const { byId: rewards } = compiled.rewards;
  ledger.add(movements.filter(({ rule }) => !rewards.has(rule)));
  const why = { whyKey: 'why.late-claim', whyArgs: {} };
  ledger.count(SHOP, account, 1, 'late-claim', why);
  for (const accrual of accruals) {
    if (!rewards.has(accrual.rule)) ledger.say(accrual.account, accrual.points, accrual);
  }
  return ledger.outcome();
}
