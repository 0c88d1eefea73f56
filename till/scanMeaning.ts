// Owns what a read would mean, in words: for the live test, which sells nothing.
import { productByBarcode } from '#db/products.ts';
import { assertNever } from '#loyalty/assert.ts';
import { classify, maskCard } from '#loyalty/card.ts';
import type { Product } from '#loyalty/pricing/basket.ts';
import { itemOf, type Scan } from '#till/scanRouting.ts';
import type { Workstation } from '#till/workstation.ts';

interface Meaning {
  readonly key: string;
  readonly args: Record<string, string | number>;
}

/** The sentence for one read. A card's number is masked in it. */
export function meaningOf({ state, db }: Workstation, { label, aim }: Scan): Meaning {
  if (state.inForce.codes.has(label)) return { key: 'reading.code', args: { code: label } };
  const { cards, scaleLabels } = state.inForce.programme;
  const reading = classify(label, aim, cards, scaleLabels);
  const key = `reading.${reading.kind}`;
  switch (reading.kind) {
    case 'member':
      return { key, args: { number: maskCard(reading.cardNumber) } };
    case 'product':
      return meaningOfProduct(key, reading.barcode, productByBarcode(db, reading.barcode));
    case 'scale-label':
      return meaningOfProduct(key, reading.barcode, itemOf(db, reading.label));
    case 'card-wrong-check-digit':
    case 'card-wrong-length':
    case 'scale-label-wrong':
    case 'case':
    case 'coupon':
    case 'unreadable':
      return { key, args: {} };
    default:
      return assertNever(reading);
  }
}

function meaningOfProduct(key: string, barcode: string, product: Product | null): Meaning {
  if (product === null) return { key: 'reading.product-unknown', args: { barcode } };
  return { key, args: { barcode, name: product.name } };
}
