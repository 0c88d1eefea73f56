// Owns GS1's two ways to write keys into one label: element strings and Digital Links.

const GROUP_SEPARATOR = '\u001d';

/** The application identifiers (AI) that mean something to a till. */
export const GS1_KEYS = {
  /** Global trade item number, 14 digits. */
  gtin: '01',
  /** Service relation number of the recipient, 18 digits: a member. */
  gsrnRecipient: '8018',
  /** Global coupon number. */
  couponNumber: '255',
  couponNorthAmerica: '8110',
  /** What a coupon claims in points: the issuer's word, never the shop's. */
  couponPoints: '8111',
  couponPaperless: '8112',
} as const;

const KNOWN: readonly string[] = Object.values(GS1_KEYS);

/** Values by AI, of those in `GS1_KEYS` alone. */
export type Gs1Keys = ReadonlyMap<string, string>;

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

/** The elements of one segment: those of predefined length, then one that the segment ends. */
function* elementsOf(segment: string): Generator<readonly [string, string]> {
  let rest = segment;
  while (rest !== '') {
    const ai = KNOWN.find((known) => rest.startsWith(known));
    const length = predefinedLength(rest.slice(0, 2)) ?? rest.length;
    if (ai !== undefined) yield [ai, rest.slice(ai.length, length)];
    rest = rest.slice(length);
  }
}

/** The keys of an element string; null where one stands in it with two values. */
export function keysOfElements(label: string): Gs1Keys | null {
  const keys = new Map<string, string>();
  for (const segment of label.split(GROUP_SEPARATOR)) {
    for (const [ai, value] of elementsOf(segment)) {
      if ((keys.get(ai) ?? value) !== value) return null;
      keys.set(ai, value);
    }
  }
  return keys;
}

/**
 * AIs that a Digital Link may begin with (GS1 Digital Link: URI Syntax, primary keys). Coupons of
 * 8110 and 8112 are none, but whoever prints them so still means a coupon.
 */
const PRIMARY = /^(00|01|253|255|401|402|414|417|8003|8004|8006|8010|8013|8017|8018|8110|8112)$/;

/**
 * The primary key of a Digital Link: any host, any path before the key, pairs of AI and value to
 * the end. Query and fragment carry no key. Null for any other address.
 */
export function keyOfLink(address: string): { readonly ai: string; readonly value: string } | null {
  const [path = ''] = address.split(/[?#]/, 1);
  let parts: string[];
  try {
    // Scheme, nothing and host stand before the path; a slash at its end carries nothing.
    parts = path.replace(/\/$/, '').split('/').slice(3).map(decodeURIComponent);
  } catch {
    // A broken percent escape: noise on the label, not a fault of ours.
    return null;
  }
  // From the right: a value may look like an AI, and what stands before the key may be anything.
  for (let index = parts.length - 2; index >= 0; index -= 2) {
    const ai = parts[index] ?? '';
    if (PRIMARY.test(ai)) return { ai, value: parts[index + 1] ?? '' };
    if (!/^[0-9]{2,4}$/.test(ai)) return null;
  }
  return null;
}
