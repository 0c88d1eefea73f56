// Owns the result of what moves points besides pricing a sale.
import type { Movement } from '#loyalty/books/books.ts';
import type { Result } from '#loyalty/result.ts';
import type { Why } from '#loyalty/why.ts';

export type OccasionRefusal =
  | 'member-missing'
  | 'member-unknown'
  | 'rule-unknown'
  | 'limit-reached'
  | 'condition-unmet'
  | 'points-short'
  | 'same-member'
  | 'reason-unknown'
  | 'too-late'
  | 'already-done'
  | 'staff-card'
  | 'ended'
  | 'quantity-exceeded'
  | 'manager-required'
  | 'refused';

/** Why nothing happens, with the number that says how far away it is. */
export interface Refused {
  readonly reason: OccasionRefusal;
  /** What is left of the limit, or missing to it; 0 where no number says it. */
  readonly left: number;
}

/** What an occasion does: the movements, and the words for them. */
export interface Outcome {
  readonly movements: readonly Movement[];
  /** Points of an account, signed, as people should hear them. */
  readonly explanation: readonly (Why & { readonly account: string; readonly points: number })[];
}
export type OccasionResult = Result<Outcome, Refused>;
