// Owns what is priced: the lines of a sale, what is claimed in it, and when and how it is paid.

/** What a line is besides a product: such lines are typed, and most of them never earn. */
export type LineFlag =
  /** Stored value that is sold (a gift card, a wallet top-up): money changes its place only. */
  | 'stored-value'
  /** A deposit on packaging. */
  | 'deposit'
  /** Named by the shop as never earning. */
  | 'excluded';

/** One line of a sale, as far as its price and its points need it. */
export interface SaleLine {
  /** 1 … 100,000; names the line in every share and return. */
  readonly line: number;
  /** `deduction` takes its amount off the sale: a manual discount that no rule made. */
  readonly kind: 'product' | 'amount' | 'deduction';
  readonly sku: string | null;
  readonly productType: string;
  readonly tags?: readonly string[];
  readonly flags?: readonly LineFlag[];
  /** Units, 1 … 999; a weighed line is one unit. */
  readonly quantity: number;
  /** Price of a unit, or of 1,000 thousandths of a weighed line, 0 … 9e12 minor units. */
  readonly unitPriceMinor: number;
  /** Thousandths of the unit of measure (1,250 is 1.25 kg); absent on a line that is counted. */
  readonly quantityMilli?: number;
  /** Stands on the piece itself: no contract's price replaces it. */
  readonly isPriceFixed?: boolean;
  /** Basis points, 0 … 10,000. */
  readonly taxRateBasisPoints: number;
  /** Tax of a fixed amount a unit: paid on top, never discounted, never earning. */
  readonly fixedTaxMinor?: number;
}

/** A reward that was asked for. What it costs is the programme's word, never the caller's. */
export interface Claim {
  readonly rewardId: string;
  /** How many times: blocks of points, or units; 1 … 999. */
  readonly times: number;
  /** The line that a reward for one item was asked for, or null where the programme chooses. */
  readonly line: number | null;
}

/** A means of payment, as far as it is known while pricing. */
export interface PlannedTender {
  /** `cash`, `card`, `voucher`, or the account of stored value that pays (`wallet`). */
  readonly tenderType: string;
  readonly amountMinor: number;
}

export interface Sale {
  /** UUIDv7 in the till; any text of 1 … 64 characters. Names the lots that the sale opens. */
  readonly transactionId: string;
  readonly lines: readonly SaleLine[];
  /** In the order in which they were asked for. */
  readonly claims: readonly Claim[];
  /** Promotion codes that were scanned or typed. */
  readonly codes: readonly string[];
  readonly tenders: readonly PlannedTender[];
  /** The partner whose card was scanned: then the shares of this partner are given. */
  readonly partnerId?: string | null;
}

/** When, where and by whom: whatever a rule may ask that neither sale nor member says. */
export interface Moment {
  /** Epoch milliseconds of the sale, also where it is priced later. */
  readonly atMs: number;
  readonly channel: 'till' | 'web';
  readonly operatorId: string;
  /** SHA-256 of the UTF-8 transaction id, 64 hexadecimal digits; null where nobody draws lots. */
  readonly saleDigestHex: string | null;
}
