// Owns the open sale as a page sees it: lines, member, rewards, reasons and messages.
import * as z from 'zod/mini';

/** 9e12 minor units: far below 2^53, far above any sale. */
export const amountMinor = z.int().check(z.gte(0), z.lte(9_000_000_000_000));
export const signedMinor = z.int().check(z.gte(-9_000_000_000_000), z.lte(9_000_000_000_000));
export const points = z.int().check(z.gte(-1_000_000_000), z.lte(1_000_000_000));
export const epochMs = z.int().check(z.gte(0));
export const count = z.int().check(z.gte(0));
export const shortText = z.string().check(z.maxLength(200));
export const identifier = z.string().check(z.minLength(1), z.maxLength(64));
export const rateBasisPoints = z.int().check(z.gte(0), z.lte(10_000));
export const lineNumber = z.int().check(z.gte(1), z.lte(100_000));
export const words = z.strictObject({
  key: identifier,
  args: z.record(z.string(), z.union([z.string(), z.int()])),
});

export const basketLineView = z.strictObject({
  line: lineNumber,
  kind: z.enum(['product', 'amount']),
  name: shortText,
  productType: identifier,
  quantity: count,
  /** Thousandths of the unit of measure, on a weighed line. */
  quantityMilli: z.exactOptional(count),
  unitPriceMinor: amountMinor,
  grossMinor: amountMinor,
  discountMinor: amountMinor,
  taxRateBasisPoints: rateBasisPoints,
});

export const rewardOfferView = z.strictObject({
  rewardId: identifier,
  kind: identifier,
  /** In the shop's language. */
  name: shortText,
  points: count,
  /** What it is paid with, where that is not points: the name of the account. */
  accountName: z.nullable(shortText),
  amountOffMinor: amountMinor,
  state: z.enum([
    'available',
    'claimed',
    'member-missing',
    'points-short',
    'basket-too-small',
    'condition-unmet',
    'limit-reached',
    'out-of-stock',
    'group-taken',
    'reward-unknown',
  ]),
  shortByPoints: count,
  /** True while head office is being asked (at most 1.5 s). */
  isAsking: z.boolean(),
});

export const memberView = z.strictObject({
  memberId: identifier,
  /** Shown to the cashier who holds the card: the whole number, grouped by the page. */
  cardNumber: shortText,
  displayName: shortText,
  balancePoints: points,
  tierId: identifier,
  tierName: shortText,
  nextTierName: z.nullable(shortText),
  /** What the tier is measured by, this basket included: points, or money where `isTierMoney`. */
  tierPoints: signedMinor,
  nextFromPoints: z.nullable(signedMinor),
  isTierMoney: z.boolean(),
  /** The reward to offer first: the best that can be had, else the nearest. */
  bestRewardId: z.nullable(identifier),
  /** What the member nearly always buys, while it is not in the basket. */
  usualItem: z.nullable(z.strictObject({ sku: identifier, name: shortText })),
  entitlements: z.array(z.strictObject({ name: shortText, left: count, of: count })),
  /** Accounts in money that the member can pay with now. */
  wallets: z.array(z.strictObject({ accountId: identifier, name: shortText, amountMinor })),
  /** What the operator could give by hand. */
  gifts: z.strictObject({
    events: z.array(z.strictObject({ eventId: identifier, name: shortText })),
    goodwillPoints: count,
    reasons: z.array(z.strictObject({ reasonId: identifier, name: shortText })),
  }),
  /** Wishes such as `wish.no-bag`. */
  hints: z.array(words),
  /** When head office last confirmed this balance. */
  asOfMs: z.nullable(epochMs),
});

/** A sentence that moves nothing: a nudge, a perk, why a line cannot be sold. */
export const messageView = z.strictObject({
  kind: z.enum(['notice', 'nudge', 'gate', 'perk', 'refusal']),
  words,
  /** Lines that cannot be sold like this. */
  lines: z.array(lineNumber),
});

export const explanationView = z.strictObject({ why: words, points });
export const taxView = z.strictObject({
  taxRateBasisPoints: rateBasisPoints,
  grossMinor: amountMinor,
  netMinor: amountMinor,
  taxMinor: amountMinor,
});

export const basketView = z.strictObject({
  transactionId: identifier,
  lineCount: count,
  /** The last 50 lines; `basket.lines` gives the rest. */
  lines: z.array(basketLineView),
  member: z.nullable(memberView),
  offers: z.array(rewardOfferView),
  messages: z.array(messageView),
  subtotalMinor: amountMinor,
  discountMinor: amountMinor,
  totalMinor: amountMinor,
  taxes: z.array(taxView),
  /** These lines sum to `earnedPoints` − `redeemedPoints`. */
  explanation: z.array(explanationView),
  earnedPoints: count,
  redeemedPoints: count,
  balanceAfterPoints: z.nullable(points),
});
export type BasketView = z.infer<typeof basketView>;
