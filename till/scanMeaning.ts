// Owns what a read would mean, in words: for the live test, which sells nothing.
import { productByBarcode } from '#db/products.ts';
import { classify, maskCard } from '#loyalty/card.ts';
import type { Scan } from '#till/scanRouting.ts';
import type { Workstation } from '#till/workstation.ts';

interface Meaning {
  readonly key: string;
  readonly args: Record<string, string | number>;
}

/** The sentence for one read. A card's number is masked in it. */
export function meaningOf({ state, db }: Workstation, { label, aim }: Scan): Meaning {
  if (state.inForce.codes.has(label)) return { key: 'reading.code', args: { code: label } };
  const reading = classify(label, aim, state.inForce.programme.cards);
  const key = `reading.${reading.kind}`;
  if (reading.kind === 'member') return { key, args: { number: maskCard(reading.cardNumber) } };
  if (reading.kind !== 'product') return { key, args: {} };
  const { barcode } = reading;
  const product = productByBarcode(db, barcode);
  if (product === null) return { key: 'reading.product-unknown', args: { barcode } };
  return { key, args: { barcode, name: product.name } };
}
