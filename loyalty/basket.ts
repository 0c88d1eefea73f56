// Owns the basket: a sale before it is committed, and what may change it.

/** What a cached product is. Prices are gross (tax in), in minor units (ISO 4217). */
export interface Product {
  readonly sku: string;
  /** GTIN-8, -12 or -13 as digits, or null for a product that is only picked on screen. */
  readonly barcode: string | null;
  readonly name: string;
  readonly productType: string;
  /** 0 … 9e12 minor units, tax included. */
  readonly unitPriceMinor: number;
  /** Basis points: 1900 is 19 %. 0 … 10000. */
  readonly taxRateBasisPoints: number;
}

/** One ARTS LineItem of the basket. */
export interface BasketLine {
  /** 1 … 999, stable while the basket lives; a removed line's number is not used again. */
  readonly line: number;
  readonly kind: 'product' | 'amount';
  /** Null on an amount line. */
  readonly sku: string | null;
  /** For an amount line: the barcode nobody knew, or an empty string. */
  readonly name: string;
  readonly productType: string;
  /** 1 … 999. */
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly taxRateBasisPoints: number;
}

/** A step of the reward ladder that the member spends points on in this basket. */
export interface ClaimedReward {
  readonly rewardId: string;
  readonly points: number;
  readonly amountOffMinor: number;
  /** How the points are secured: reserved at head office, or below the offline floor. */
  readonly secured: 'reservation' | 'offline-floor';
  /** The id sent to head office; also made for the floor, so that the journal names every claim. */
  readonly reservationId: string;
}

export interface Basket {
  /** UUIDv7, made when the basket opens and reused by every retry. */
  readonly transactionId: string;
  readonly openedAtMs: number;
  readonly memberId: string | null;
  readonly lines: readonly BasketLine[];
  readonly rewards: readonly ClaimedReward[];
  /** The number that the next added line gets. */
  readonly nextLine: number;
}

export type BasketEvent =
  | { readonly type: 'product.added'; readonly product: Product; readonly quantity: number }
  | {
      readonly type: 'amount.added';
      readonly amountMinor: number;
      readonly name: string;
      readonly productType: string;
      readonly taxRateBasisPoints: number;
    }
  | { readonly type: 'quantity.set'; readonly line: number; readonly quantity: number }
  | { readonly type: 'line.removed'; readonly line: number }
  | { readonly type: 'member.attached'; readonly memberId: string }
  | { readonly type: 'member.removed' }
  | { readonly type: 'reward.claimed'; readonly reward: ClaimedReward }
  | { readonly type: 'reward.removed'; readonly rewardId: string };

export type BasketRefusal =
  | 'basket-full'
  | 'quantity-out-of-range'
  | 'amount-out-of-range'
  | 'line-unknown'
  | 'reward-unknown'
  | 'reward-already-claimed'
  | 'rewards-claimed';
