// Owns what a read is, for whoever sells by it or only says it: looks, and changes nothing.
import type { ReadableDb } from '#db/handle.ts';
import { productByBarcode, productBySku } from '#db/products.ts';
import type { StoredSale } from '#db/sales.ts';
import { type CardReading, classify, type ScanReading } from '#loyalty/card.ts';
import { hasGs1CheckDigit } from '#loyalty/check.ts';
import { partnerOf } from '#loyalty/files/buyer.ts';
import { isCouponBarcode } from '#loyalty/gtin.ts';
import type { Product } from '#loyalty/pricing/basket.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';
import type { ScaleLabel } from '#loyalty/scaleLabel.ts';
import { saleOfReceipt } from '#till/lateClaim.ts';
import type { Workstation } from '#till/workstation.ts';

/** One read of any scanner; the AIM identifier is null where the scanner sends none. */
export interface Scan {
  readonly label: string;
  readonly aim: string | null;
}

/** What rules of the programme wait for. */
export type CodeDecision =
  /** The code of a guest's receipt, whose sale a member may claim. */
  | { readonly kind: 'receipt'; readonly sale: StoredSale }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'partner'; readonly partner: ProgrammeFile['partners'][number] };

export type ScanDecision =
  | CodeDecision
  | CardReading
  | { readonly kind: 'product'; readonly barcode: string; readonly product: Product }
  /** A number on goods that no product of this shop has. */
  | { readonly kind: 'product-unknown'; readonly barcode: string }
  | {
      readonly kind: 'scale-label';
      readonly barcode: string;
      readonly label: ScaleLabel;
      readonly product: Product;
    }
  | Extract<ScanReading, { kind: 'scale-label-wrong' | 'case' | 'coupon' }>;

/** Null for what is no code: a card of this shop, goods, or nothing known. */
export function decideCode(workstation: Workstation, label: string): CodeDecision | null {
  const { programme, codes } = workstation.state.inForce;
  const sale = saleOfReceipt(workstation, label);
  if (sale !== null) return { kind: 'receipt', sale };
  if (codes.has(label)) return { kind: 'code', code: label };
  const partnerId = partnerOf(programme, label);
  const partner = programme.partners.find((one) => one.partnerId === partnerId);
  if (partner === undefined || !hasGs1CheckDigit(label)) return null;
  return { kind: 'partner', partner };
}

export function decideScan(workstation: Workstation, { label, aim }: Scan): ScanDecision {
  const code = decideCode(workstation, label);
  if (code !== null) return code;
  const { db, state } = workstation;
  const { cards, scaleLabels } = state.inForce.programme;
  const reading = classify(label, aim, cards, scaleLabels);
  if (reading.kind === 'product') {
    const { barcode } = reading;
    const product = productByBarcode(db, barcode);
    return product === null ? unknownGoods(barcode) : { kind: 'product', barcode, product };
  }
  if (reading.kind === 'scale-label') {
    const product = itemOf(db, reading.label);
    return product === null ? unknownGoods(reading.barcode) : { ...reading, product };
  }
  return reading;
}

/** Coupons and refund slips may look like goods; a shop that sells by such a number sells. */
function unknownGoods(barcode: string): ScanDecision {
  return isCouponBarcode(barcode) ? { kind: 'coupon' } : { kind: 'product-unknown', barcode };
}

/**
 * The item of a label: by the barcode that the label has without a value, else by its digits as
 * the sku, as printed or without leading zeros.
 */
function itemOf(db: ReadableDb, label: ScaleLabel): Product | null {
  return (
    productByBarcode(db, label.itemBarcode) ??
    productBySku(db, label.item) ??
    productBySku(db, label.item.replace(/^0+/, ''))
  );
}
