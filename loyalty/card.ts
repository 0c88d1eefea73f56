// Owns what a scanned or typed number is: a member's card, a product, or neither.
import { hasGs1CheckDigit, hasLuhnCheckDigit } from '#loyalty/check.ts';
import { GS1_KEYS, type Gs1Keys, keyOfLink, keysOfElements } from '#loyalty/gs1.ts';
import { barcodeOf, gtin14 } from '#loyalty/gtin.ts';
import {
  readScaleLabel,
  type ScaleLabel,
  type ScaleLabelRule,
  scaleLabelRule,
} from '#loyalty/scaleLabel.ts';

/** Which numbers are cards of this shop; from the programme file. */
export interface CardRules {
  /** EAN-13 cards: the digits they begin with, inside GS1's in-store range 20 … 29. */
  readonly memberPrefix: string | null;
  /** The shop's own numbers with a Luhn check digit: fixed prefix, fixed length. */
  readonly luhn: { readonly prefix: string; readonly length: number } | null;
  /** GS1 service relation numbers of the recipient, AI 8018. */
  readonly gsrn: boolean;
}

interface NumberRules {
  readonly cards: CardRules;
  readonly scaleLabels: readonly ScaleLabelRule[];
}

/**
 * `number` is what was read, for the sentence on screen. A GSRN's `cardNumber` is its 18 digits.
 */
export type CardReading =
  | { readonly kind: 'member'; readonly cardNumber: string }
  | { readonly kind: 'card-wrong-check-digit'; readonly number: string }
  | { readonly kind: 'card-wrong-length'; readonly number: string }
  | { readonly kind: 'unreadable' };

export type ScanReading =
  | CardReading
  /** `barcode` is normalised: 8 or 13 digits. */
  | { readonly kind: 'product'; readonly barcode: string }
  | { readonly kind: 'scale-label'; readonly barcode: string; readonly label: ScaleLabel }
  /** The label of a scale whose price or weight is 0 or fails its own check digit. */
  | { readonly kind: 'scale-label-wrong'; readonly number: string }
  /** A GTIN-14 of a case of goods, which a till does not sell. */
  | { readonly kind: 'case'; readonly number: string }
  /** A maker's coupon: known, and never a reason to give money or points. */
  | { readonly kind: 'coupon' };

const UNREADABLE = { kind: 'unreadable' } as const;
const COUPON = { kind: 'coupon' } as const;
const DIGITS = /^[0-9]+$/;
const GROUP_SEPARATOR = '\u001d';
const GSRN_LENGTH = 18;
const EAN_13_LENGTH = 13;
/** GS1-128, DataBar, DataMatrix and QR (ISO/IEC 15424): the label is an element string. */
const GS1_AIMS: readonly string[] = [']C1', ']e0', ']d2', ']Q3'];
/** Longer than any GTIN: a label of digits that begins with 8018 then means a GSRN. */
const GTIN_LENGTH_MAX = 14;
const LABEL_LENGTH_MAX = 4096;

/** The last four digits, for logs and paper: `****4567`. */
export function maskCard(cardNumber: string): string {
  return `****${cardNumber.slice(-4)}`;
}

function checkedGsrn(value: string): CardReading {
  if (!DIGITS.test(value)) return UNREADABLE;
  if (value.length !== GSRN_LENGTH) return { kind: 'card-wrong-length', number: value };
  if (!hasGs1CheckDigit(value)) return { kind: 'card-wrong-check-digit', number: value };
  return { kind: 'member', cardNumber: value };
}

/** A card under the member prefix or the Luhn rule; null where neither rule knows the number. */
function ownCard(number: string, cards: CardRules): CardReading | null {
  const { memberPrefix, luhn } = cards;
  if (luhn !== null && number.startsWith(luhn.prefix) && number.length === luhn.length) {
    if (hasLuhnCheckDigit(number)) return { kind: 'member', cardNumber: number };
    return { kind: 'card-wrong-check-digit', number };
  }
  const isEanCard = memberPrefix !== null && number.startsWith(memberPrefix);
  if (isEanCard && number.length === EAN_13_LENGTH) {
    if (hasGs1CheckDigit(number)) return { kind: 'member', cardNumber: number };
    return { kind: 'card-wrong-check-digit', number };
  }
  if (isEanCard || (luhn !== null && number.startsWith(luhn.prefix))) {
    return { kind: 'card-wrong-length', number };
  }
  return null;
}

function isEanCardNumber(number: string, cards: CardRules): boolean {
  const { memberPrefix } = cards;
  return (
    memberPrefix !== null && number.length === EAN_13_LENGTH && number.startsWith(memberPrefix)
  );
}

/** A number on goods: an ordinary product, or the label of a scale. */
function goods(barcode: string, scaleLabels: readonly ScaleLabelRule[]): ScanReading {
  const rule = scaleLabelRule(barcode, scaleLabels);
  if (rule === null) return { kind: 'product', barcode };
  const label = readScaleLabel(barcode, rule);
  if (label === null) return { kind: 'scale-label-wrong', number: barcode };
  return { kind: 'scale-label', barcode, label };
}

function classifyGtin14(number: string, rules: NumberRules): ScanReading {
  const gtin = gtin14(number);
  if (gtin.kind === 'none') return UNREADABLE;
  if (gtin.kind === 'case') return { kind: 'case', number };
  if (isEanCardNumber(gtin.barcode, rules.cards))
    return ownCard(gtin.barcode, rules.cards) ?? UNREADABLE;
  return goods(gtin.barcode, rules.scaleLabels);
}

/**
 * ITF reads in part without noticing, so its length and check digit must both be fixed: a Luhn
 * number of the programme, or 14 digits with GS1's. `]I3` has stripped the check digit.
 */
function classifyItf(number: string, aim: string, rules: NumberRules): ScanReading {
  if (aim === ']I3') return UNREADABLE;
  const own = ownCard(number, rules.cards);
  if (own?.kind === 'member') return own;
  const gtin = classifyGtin14(number, rules);
  return gtin.kind === 'unreadable' ? (own ?? UNREADABLE) : gtin;
}

function classifyDigits(number: string, aim: string | null, rules: NumberRules): ScanReading {
  const { cards, scaleLabels } = rules;
  if (aim?.startsWith(']I') === true) return classifyItf(number, aim, rules);
  if (isEanCardNumber(number, cards)) return ownCard(number, cards) ?? UNREADABLE;
  // A Luhn number may have the length of a GTIN: what is a GTIN by its check digit is a product,
  // unless the symbology says that it cannot be one.
  const barcode = barcodeOf(number, aim);
  const product = barcode === null ? null : goods(barcode, scaleLabels);
  if (aim?.startsWith(']E') === true) return product ?? UNREADABLE;
  const own = ownCard(number, cards);
  if (own?.kind === 'member' && aim !== null) return own;
  return product ?? own ?? UNREADABLE;
}

function classifyKeys(keys: Gs1Keys, rules: NumberRules): ScanReading | null {
  const gsrn = keys.get(GS1_KEYS.gsrnRecipient);
  if (gsrn !== undefined) return rules.cards.gsrn ? checkedGsrn(gsrn) : UNREADABLE;
  const { couponNumber, couponNorthAmerica, couponPoints, couponPaperless } = GS1_KEYS;
  const coupons = [couponNumber, couponNorthAmerica, couponPoints, couponPaperless];
  if (coupons.some((ai) => keys.has(ai))) return COUPON;
  const gtin = keys.get(GS1_KEYS.gtin);
  return gtin === undefined ? null : classifyGtin14(gtin, rules);
}

function classifyLink(label: string, rules: NumberRules): ScanReading {
  const key = keyOfLink(label);
  if (key === null) return UNREADABLE;
  // Links may carry a GTIN of 8, 12 or 13 digits: on paper it has 14.
  const isShortGtin = key.ai === GS1_KEYS.gtin && barcodeOf(key.value, ']E4') !== null;
  const value = isShortGtin ? key.value.padStart(GTIN_LENGTH_MAX, '0') : key.value;
  return classifyKeys(new Map([[key.ai, value]]), rules) ?? UNREADABLE;
}

/** Without an AIM identifier or separator: digits that no other number can be. */
function isBareElementString(label: string, cards: CardRules): boolean {
  if (!DIGITS.test(label) || label.length <= GTIN_LENGTH_MAX) return false;
  if (label.startsWith(GS1_KEYS.gsrnRecipient)) return true;
  if (ownCard(label, cards) !== null) return false;
  if (/^811[0-2]/.test(label)) return true;
  if (label.startsWith(GS1_KEYS.couponNumber)) return hasGs1CheckDigit(label.slice(3, 16));
  return label.startsWith(GS1_KEYS.gtin) && hasGs1CheckDigit(label.slice(2, 16));
}

/**
 * What a label is. `label` is the decoded text without the AIM prefix; `aim` is that prefix
 * (`]E0`), or null where the scanner sends none. Never throws: noise is `unreadable`.
 */
export function classify(
  label: string,
  aim: string | null,
  cards: CardRules,
  scaleLabels: readonly ScaleLabelRule[] = [],
): ScanReading {
  if (label.length === 0 || label.length > LABEL_LENGTH_MAX) return UNREADABLE;
  const rules = { cards, scaleLabels };
  if (/^https?:\/\//i.test(label)) return classifyLink(label, rules);
  // `]X` says that the maker knew no better: some send it for every symbology.
  const symbology = aim?.startsWith(']X') === true ? null : aim;
  const isElements =
    label.includes(GROUP_SEPARATOR) ||
    (symbology !== null && GS1_AIMS.includes(symbology)) ||
    (symbology === null && isBareElementString(label, cards));
  if (isElements) {
    const keys = keysOfElements(label);
    if (keys === null) return UNREADABLE;
    const reading = classifyKeys(keys, rules);
    if (reading !== null) return reading;
  }
  const isGoods = DIGITS.test(label) || symbology === ']E3';
  return isGoods ? classifyDigits(label, symbology, rules) : UNREADABLE;
}

/** A card number typed by the cashier: blanks and hyphens are ignored, a product is no card. */
export function typedCard(text: string, cards: CardRules): CardReading {
  const number = text.replace(/[\s-]/g, '');
  if (!DIGITS.test(number) || number.length > 64) return UNREADABLE;
  const own = ownCard(number, cards);
  if (own !== null && own.kind !== 'card-wrong-length') return own;
  if (cards.gsrn && number.length === GSRN_LENGTH) return checkedGsrn(number);
  if (cards.gsrn && number.startsWith(GS1_KEYS.gsrnRecipient) && number.length > GTIN_LENGTH_MAX) {
    return checkedGsrn(number.slice(GS1_KEYS.gsrnRecipient.length));
  }
  return own ?? UNREADABLE;
}
