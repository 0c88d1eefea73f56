// Owns everything that a receipt may say of one sale, fixed when the sale is committed.
import type { ImageBlock } from '#drivers/printer/paper/document.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { AccountFile } from '#loyalty/programme/account.ts';
import type { Shop } from '#till/shop.ts';

/** Everything that the paper says of one sale, fixed when the sale is committed. */
export interface ReceiptFacts {
  readonly shop: Shop;
  /** The shop's picture, or null. */
  readonly logo: ImageBlock | null;
  /** The shop's file of escpos commands, or null where it has none. */
  readonly blockFile: string | null;
  /** The member's, where the till has words in it; else the shop's. */
  readonly language: string;
  readonly timeZone: string;
  /** What the programme wants said, in its languages. */
  readonly headerLines: readonly Readonly<Record<string, string>>[];
  readonly footerLines: readonly Readonly<Record<string, string>>[];
  readonly receiptNumber: string;
  readonly receiptToken: string;
  readonly atMs: number;
  readonly operatorName: string;
  readonly lines: readonly {
    readonly line: number;
    readonly name: string;
    readonly quantity: number;
    /** Thousandths of a kilogram, on a weighed line. */
    readonly quantityMilli?: number;
    readonly unitPriceMinor: number;
  }[];
  readonly pricing: Pricing;
  /** Whose points the paper explains; empty for a guest. */
  readonly owner: string;
  readonly tenders: readonly { readonly tenderType: string; readonly amountMinor: number }[];
  readonly changeMinor: number;
  /** Accounts besides points, as the programme names them. */
  readonly accounts: readonly AccountFile[];
  /** Days in which a guest may claim the points of this receipt, or null. */
  readonly lateClaimDays: number | null;
  readonly member: ReceiptMember | null;
}

export interface ReceiptMember {
  readonly maskedCard: string;
  readonly balanceAfterPoints: number;
  /**
   * Null when head office confirmed the balance during this sale's business; else when it last
   * did.
   */
  readonly asOfMs: number | null;
  readonly isOffline: boolean;
  /** The level when the sale is over. */
  readonly tierName: Readonly<Record<string, string>>;
  /** What the level is measured by: points, or money. */
  readonly isTierMoney: boolean;
}
