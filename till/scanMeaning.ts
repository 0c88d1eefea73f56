// Owns what a read would mean, in words: for the live test, which sells nothing.
import { assertNever } from '#loyalty/assert.ts';
import { maskCard } from '#loyalty/card.ts';
import { nameArgs } from '#loyalty/why.ts';
import { decideScan, type Scan } from '#till/scanDecision.ts';
import type { Workstation } from '#till/workstation.ts';

interface Meaning {
  readonly key: string;
  readonly args: Record<string, string | number>;
}

/** The sentence for one read. A card's number is masked in it. */
export function meaningOf(workstation: Workstation, scan: Scan): Meaning {
  const decision = decideScan(workstation, scan);
  const key = `reading.${decision.kind}`;
  switch (decision.kind) {
    case 'code':
      return { key, args: { code: decision.code } };
    case 'partner':
      return { key, args: nameArgs(decision.partner.name) };
    case 'member':
      return { key, args: { number: maskCard(decision.cardNumber) } };
    case 'product':
    case 'scale-label':
      return { key, args: { barcode: decision.barcode, name: decision.product.name } };
    case 'product-unknown':
      return { key, args: { barcode: decision.barcode } };
    case 'receipt':
    case 'card-wrong-check-digit':
    case 'card-wrong-length':
    case 'scale-label-wrong':
    case 'case':
    case 'coupon':
    case 'unreadable':
      return { key, args: {} };
    default:
      return assertNever(decision);
  }
}
