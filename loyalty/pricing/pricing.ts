// Owns the result of pricing: one value that says what a sale costs, moves and means, and why.
import type { LineShare, Movement } from '#loyalty/books/books.ts';
import type { Why } from '#loyalty/why.ts';

export interface PricedLine {
  readonly line: number;
  /** What the line costs before discounts, tax in; below zero on a deduction. */
  readonly grossMinor: number;
  /** This line's share of the discounts, ≥ 0, by largest remainder, ties by sku then price. */
  readonly discountMinor: number;
  /** `grossMinor − discountMinor`. */
  readonly netMinor: number;
}

/** Tax included in the total, one row a rate, half-up per rate. */
export interface TaxTotal {
  readonly taxRateBasisPoints: number;
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly taxMinor: number;
}

/** Money off that one reward gives in one tax group: one line of the receipt. */
export interface Discount extends Why {
  readonly rewardId: string;
  readonly times: number;
  readonly taxRateBasisPoints: number;
  readonly amountMinor: number;
  /** Sums to `amountMinor`. */
  readonly lines: readonly LineShare[];
}

/** Points that one rule gives to this sale in one account. */
export interface Accrual extends Why {
  readonly rule: string;
  readonly owner: string;
  readonly account: string;
  readonly points: number;
  /** When it can be spent, and when it is gone. */
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** Points that one reward takes. */
export interface Redemption extends Why {
  readonly rewardId: string;
  readonly times: number;
  readonly owner: string;
  readonly account: string;
  readonly points: number;
  readonly amountOffMinor: number;
}

export type ClaimRefusal =
  | 'member-missing'
  | 'points-short'
  | 'basket-too-small'
  | 'condition-unmet'
  | 'limit-reached'
  | 'out-of-stock'
  | 'group-taken'
  | 'reward-unknown';

/** A claim that gives nothing, and why; the sale goes on without it. */
export interface RefusedClaim {
  readonly rewardId: string;
  readonly reason: ClaimRefusal;
  /** Points, units or minor units that are missing, 0 where no number says it. */
  readonly missing: number;
}

/** A reward as this basket and member see it. */
export interface RewardOffer {
  readonly rewardId: string;
  readonly kind: string;
  readonly account: string;
  /** Cost of one time; 0 for none. */
  readonly points: number;
  readonly amountOffMinor: number;
  readonly state: 'available' | 'claimed' | ClaimRefusal;
  /** How many times it could be claimed now. */
  readonly timesMax: number;
  readonly shortByPoints: number;
  readonly name: Readonly<Record<string, string>>;
}

/** A numbered slip to be printed. */
export interface Slip {
  readonly rewardId: string;
  /** Unique: transaction id, reward and number. */
  readonly slipId: string;
  readonly untilMs: number;
  readonly issuedBy: string;
  readonly name: Readonly<Record<string, string>>;
}

/** Units to be handed out at no price. */
export interface Gift extends Why {
  readonly rewardId: string;
  readonly sku: string;
  readonly units: number;
}

/** How stored value pays: no discount, and no change of the tax. */
export interface TenderEffect extends Why {
  readonly account: string;
  readonly amountMinor: number;
}

/** A sentence for the screen that moves nothing: "promotion ended", a gate, a perk. */
export interface Message extends Why {
  readonly kind: 'notice' | 'nudge' | 'gate' | 'perk' | 'refusal';
  /** For a nudge: what is missing, and what it would bring. */
  readonly missingMinor: number;
  readonly points: number;
  /** Lines that a gate keeps from being sold. */
  readonly lines: readonly number[];
}

export interface TierProgress {
  readonly tierId: string;
  readonly name: Readonly<Record<string, string>>;
  /** The tier when this sale is over, where it changes at once or after the delay. */
  readonly tierIdAfter: string;
  readonly nextTierId: string | null;
  readonly nextName: Readonly<Record<string, string>> | null;
  /** What the tier is measured by, after this sale. */
  readonly measured: number;
  /** Where the next tier begins, or null at the top. */
  readonly nextFrom: number | null;
}

/** What a member holds of something that is used up: "free wraps, 10 left this year". */
export interface Entitlement {
  readonly rewardId: string;
  readonly name: Readonly<Record<string, string>>;
  readonly left: number;
  readonly of: number;
}

/**
 * A part of the explanation. Points of an owner's account sum to what it moved, money to what is
 * off. A referrer's, a charity's or a partner's part is told apart by its owner.
 */
export interface Explanation extends Why {
  /** Null for money off. */
  readonly owner: string | null;
  readonly account: string | null;
  readonly points: number;
  readonly amountMinor: number;
}

/** The whole result of pricing a sale. Every number is an integer. */
export interface Pricing {
  readonly programmeVersion: string;
  readonly lines: readonly PricedLine[];
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  /** What the rounding of the total added; may be below zero. */
  readonly roundingMinor: number;
  readonly totalMinor: number;
  /** `totalMinor` less what stored value pays. */
  readonly dueMinor: number;
  readonly taxes: readonly TaxTotal[];
  readonly discounts: readonly Discount[];
  readonly accruals: readonly Accrual[];
  readonly redemptions: readonly Redemption[];
  readonly tenderEffects: readonly TenderEffect[];
  /** Of the account `points`. */
  readonly earnedPoints: number;
  readonly redeemedPoints: number;
  /** Everything that the sale does to the books, in one list. */
  readonly movements: readonly Movement[];
  readonly refusals: readonly RefusedClaim[];
  readonly offers: readonly RewardOffer[];
  readonly slips: readonly Slip[];
  readonly gifts: readonly Gift[];
  readonly messages: readonly Message[];
  readonly explanation: readonly Explanation[];
  readonly entitlements: readonly Entitlement[];
  /** Null for a guest. */
  readonly tier: TierProgress | null;
}
