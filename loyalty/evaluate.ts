// Owns pricing: what a basket costs, which points it earns and spends, and why.

/** Message key of the word catalogues and its arguments: a sentence in any language, for ever. */
export interface Why {
  readonly whyKey: string;
  /** Only integers and strings, so that the canonical form is exact. */
  readonly whyArgs: Readonly<Record<string, string | number>>;
}

/** Points that one rule gives to this sale: one ledger entry. */
export interface Accrual extends Why {
  readonly rule: string;
  readonly points: number;
}

/** Points that one claimed reward takes: one ledger entry. */
export interface Redemption extends Why {
  readonly rule: string;
  readonly points: number;
  readonly rewardId: string;
  readonly reservationId: string;
  readonly amountOffMinor: number;
}

/** Tax included in the total, one row a rate, half-up per rate. */
export interface TaxTotal {
  readonly taxRateBasisPoints: number;
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly taxMinor: number;
}

export interface PricedLine {
  readonly line: number;
  /** quantity × unitPriceMinor. */
  readonly grossMinor: number;
  /** This line's share of the discounts, ≥ 0, by largest remainder, ties by line number. */
  readonly discountMinor: number;
}

/** A step of the ladder as this basket and member see it. */
export interface RewardOffer {
  readonly rewardId: string;
  readonly points: number;
  readonly amountOffMinor: number;
  readonly state: 'available' | 'claimed' | 'points-short' | 'basket-too-small';
  /** Points still to collect; 0 unless `points-short`. */
  readonly shortByPoints: number;
}

export interface TierProgress {
  readonly tierId: string;
  readonly nextTierId: string | null;
  /** Tier points after this sale. */
  readonly tierPoints: number;
  /** Where the next tier begins, or null at the top. */
  readonly nextFromPoints: number | null;
}

/** The whole result of pricing a basket. Everything is an integer. */
export interface Pricing {
  readonly lines: readonly PricedLine[];
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly totalMinor: number;
  readonly taxes: readonly TaxTotal[];
  readonly accruals: readonly Accrual[];
  readonly redemptions: readonly Redemption[];
  /** The sum of `accruals`; the lines on screen and paper sum to it. */
  readonly earnedPoints: number;
  readonly redeemedPoints: number;
  readonly offers: readonly RewardOffer[];
  /** Null for a guest. */
  readonly tier: TierProgress | null;
}
