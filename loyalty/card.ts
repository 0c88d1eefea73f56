// Owns what a scanned or typed number is: a member's card, a product, or neither.
import { hasGs1CheckDigit, hasLuhnCheckDigit } from '#loyalty/check.ts';

/** Which numbers are cards of this shop; from the programme file. */
export interface CardRules {
  /** EAN-13 cards: the digits they begin with, inside GS1's in-store range 20 … 29. */
  readonly memberPrefix: string | null;
  /** The shop's own numbers with a Luhn check digit: fixed prefix, fixed length. */
  readonly luhn: { readonly prefix: string; readonly length: number } | null;
  /** GS1 service relation numbers of the recipient, AI 8018. */
  readonly gsrn: boolean;
}

/**
 * `number` is what was read, for the sentence on screen. A GSRN's `cardNumber` is its 18 digits.
 */
export type CardReading =
  | { readonly kind: 'member'; readonly cardNumber: string }
  | { readonly kind: 'card-wrong-check-digit'; readonly number: string }
  | { readonly kind: 'card-wrong-length'; readonly number: string }
  | { readonly kind: 'unreadable' };

/** `barcode` is normalised: 8 or 13 digits. */
export type ScanReading = CardReading | { readonly kind: 'product'; readonly barcode: string };

const UNREADABLE = { kind: 'unreadable' } as const;
const DIGITS = /^[0-9]+$/;
const GROUP_SEPARATOR = '\u001d';
const GSRN_AI = '8018';
const GSRN_LENGTH = 18;
const EAN_13_LENGTH = 13;
/** GS1-128, GS1 DataMatrix and GS1 QR (ISO/IEC 15424): the label is an element string. */
const GS1_AIMS: readonly string[] = [']C1', ']d2', ']Q3'];
/** Longer than any GTIN: a label of digits that begins with 8018 then means a GSRN. */
const GTIN_LENGTH_MAX = 14;
const LABEL_LENGTH_MAX = 4096;

/** UPC-A (12 digits) becomes the EAN-13 that it is, with a leading 0; anything else stays. */
export function normaliseBarcode(barcode: string): string {
  return barcode.length === 12 ? `0${barcode}` : barcode;
}

/** The last four digits, for logs and paper: `****4567`. */
export function maskCard(cardNumber: string): string {
  return `****${cardNumber.slice(-4)}`;
}

function isProductNumber(number: string): boolean {
  const { length } = number;
  return (length === 8 || length === 12 || length === 13) && hasGs1CheckDigit(number);
}

function checkedGsrn(value: string): CardReading {
  if (!DIGITS.test(value)) return UNREADABLE;
  if (value.length !== GSRN_LENGTH) return { kind: 'card-wrong-length', number: value };
  if (!hasGs1CheckDigit(value)) return { kind: 'card-wrong-check-digit', number: value };
  return { kind: 'member', cardNumber: value };
}

/**
 * Whole length, AI included, of elements that end without a separator, by the first two digits of
 * the AI (GS1 General Specifications, figure 7.8.5-2).
 */
function predefinedLength(prefix: string): number | null {
  if (prefix === '00') return 20;
  if (prefix === '01' || prefix === '02' || prefix === '03' || prefix === '41') return 16;
  if (prefix === '04') return 18;
  if (/^1[1-9]$/.test(prefix)) return 8;
  if (prefix === '20') return 4;
  if (/^3[1-6]$/.test(prefix)) return 10;
  return null;
}

/** The value of AI 8018 in an element string, or null. AI 8018 ends at a separator or the end. */
function gsrnOfElements(label: string): string | null {
  for (const segment of label.split(GROUP_SEPARATOR)) {
    let rest = segment;
    for (;;) {
      if (rest.startsWith(GSRN_AI)) return rest.slice(GSRN_AI.length);
      const length = predefinedLength(rest.slice(0, 2));
      if (length === null || rest.length <= length) break;
      rest = rest.slice(length);
    }
  }
  return null;
}

/** The value of `/8018/…` in a GS1 Digital Link, or null. Query and fragment carry no key. */
function gsrnOfLink(label: string): string | null {
  const [address = ''] = label.split(/[?#]/, 1);
  let parts: string[];
  try {
    parts = address.split('/').map((part) => decodeURIComponent(part));
  } catch {
    // A broken percent escape: noise on the label, not a fault of ours.
    return null;
  }
  // Scheme, empty and host stand before the path.
  const place = parts.indexOf(GSRN_AI, 3);
  return place === -1 ? null : (parts[place + 1] ?? null);
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

function classifyDigits(number: string, aim: string | null, cards: CardRules): ScanReading {
  if (isEanCardNumber(number, cards)) return ownCard(number, cards) ?? UNREADABLE;
  // A Luhn number may have the length of a GTIN: what is a GTIN by its check digit is a product,
  // unless the symbology says that it cannot be one.
  const isEan = aim?.startsWith(']E') ?? false;
  const product = { kind: 'product', barcode: normaliseBarcode(number) } as const;
  if (isEan) return isProductNumber(number) ? product : UNREADABLE;
  const own = ownCard(number, cards);
  if (own?.kind === 'member' && aim !== null) return own;
  if (isProductNumber(number)) return product;
  return own ?? UNREADABLE;
}

/**
 * What a label is. `label` is the decoded text without the AIM prefix; `aim` is that prefix
 * (`]E0`), or null where the scanner sends none. Never throws: noise is `unreadable`.
 */
export function classify(label: string, aim: string | null, cards: CardRules): ScanReading {
  if (label.length === 0 || label.length > LABEL_LENGTH_MAX) return UNREADABLE;
  if (/^https?:\/\//i.test(label)) {
    const value = cards.gsrn ? gsrnOfLink(label) : null;
    return value === null ? UNREADABLE : checkedGsrn(value);
  }
  const isLongGsrn = label.startsWith(GSRN_AI) && label.length > GTIN_LENGTH_MAX;
  const isElements =
    label.includes(GROUP_SEPARATOR) || (aim !== null && GS1_AIMS.includes(aim)) || isLongGsrn;
  if (isElements && cards.gsrn) {
    const value = gsrnOfElements(label);
    if (value !== null) return checkedGsrn(value);
  }
  return DIGITS.test(label) ? classifyDigits(label, aim, cards) : UNREADABLE;
}

/** A card number typed by the cashier: blanks and hyphens are ignored, a product is no card. */
export function typedCard(text: string, cards: CardRules): CardReading {
  const number = text.replace(/[\s-]/g, '');
  if (!DIGITS.test(number) || number.length > 64) return UNREADABLE;
  const own = ownCard(number, cards);
  if (own !== null && own.kind !== 'card-wrong-length') return own;
  if (cards.gsrn && number.length === GSRN_LENGTH) return checkedGsrn(number);
  if (cards.gsrn && number.startsWith(GSRN_AI) && number.length > GTIN_LENGTH_MAX) {
    return checkedGsrn(number.slice(GSRN_AI.length));
  }
  return own ?? UNREADABLE;
}
