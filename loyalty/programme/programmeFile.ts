// Owns the form of a programme file: everything that head office can say about its loyalty.
import * as z from 'zod/mini';
import { POINTS_MAX } from '#loyalty/points.ts';
import { account } from '#loyalty/programme/account.ts';
import { lineFilter } from '#loyalty/programme/condition.ts';
import { earning } from '#loyalty/programme/earning.ts';
import {
  closedObject,
  identifier,
  instantIso,
  integerOf,
  language,
  listOf,
  name,
  pluralNames,
  productType,
  programmeId,
  sku,
  textOf,
  tierId,
} from '#loyalty/programme/fields.ts';
import { rewards } from '#loyalty/programme/reward.ts';
import { tiers } from '#loyalty/programme/tiers.ts';

const CUT_OVER_WORDS = 'write the time when the business day begins as "HH:MM", such as "04:00"';
const CURRENCY_WORDS = 'write the ISO 4217 code of the currency, such as "EUR"';
const PREFIX_WORDS = 'write 2 to 11 digits that begin with 20 to 29, such as "299", or null';
const LUHN_PREFIX_WORDS = 'write 1 to 19 digits, such as "8000"';
const KEY_WORDS = 'write 64 hexadecimal digits, made once at random and kept for good';
const TAXES_WORDS = 'write "included" or "excluded"';

const memberPrefix = z.string(PREFIX_WORDS).check(z.regex(/^2[0-9]{1,10}$/, PREFIX_WORDS));

/** Which numbers are cards, and whether an unknown one becomes a member at its first scan. */
export const cards = closedObject({
  memberPrefix: z.nullable(memberPrefix),
  luhn: z.nullable(
    closedObject({
      prefix: z.string(LUHN_PREFIX_WORDS).check(z.regex(/^[0-9]{1,19}$/, LUHN_PREFIX_WORDS)),
      length: integerOf(6, 30, 'the length of the whole number'),
    }),
  ),
  gsrn: z.boolean('write true or false, without quotes'),
  /** The card key, for HMAC-SHA-256 of an unknown card; absent: unknown cards are refused. */
  anonymousKeyHex: z.optional(z.string(KEY_WORDS).check(z.regex(/^[0-9a-f]{64}$/, KEY_WORDS))),
});

const SCALE_PREFIX_WORDS = 'write 2 to 8 digits that begin with 02 or 20 to 29, such as "21"';
const MEASURE_WORDS = 'write "price" or "weight"';
/** How the scales of the shop build their labels: the item, and its price or weight. */
const scaleLabel = closedObject({
  prefix: z
    .string(SCALE_PREFIX_WORDS)
    .check(z.regex(/^(02|2[0-9])[0-9]{0,6}$/, SCALE_PREFIX_WORDS)),
  measures: z.enum(['price', 'weight'], MEASURE_WORDS),
  itemDigits: integerOf(1, 8, 'the digits of the item'),
  hasValueCheckDigit: z._default(z.boolean('write true or false, without quotes'), false),
  valueDigits: integerOf(3, 6, 'the digits of the price or weight'),
  decimals: integerOf(0, 4, 'the decimals of the price or weight'),
});

/** Members of a kind that head office does not name: computed from sales. */
const segment = closedObject({
  segmentId: identifier,
  name,
  recencyDaysMax: integerOf(1, 3660, 'the days since the last sale'),
  visitsMin: integerOf(1, 10_000, 'the visits'),
  spendMinMinor: z._default(integerOf(0, 1_000_000_000, 'the spend in minor units'), 0),
  windowDays: integerOf(1, 3660, 'the days that are looked at'),
});

/** A membership that is sold as an item and holds at once. */
const membership = closedObject({
  membershipId: identifier,
  name,
  sku,
  days: integerOf(1, 3660, 'the days'),
});

/** Items that only members may buy, or those of some tiers. */
const gate = closedObject({
  gateId: identifier,
  name,
  lines: lineFilter,
  tierIds: z.optional(listOf(tierId, 1, 20)),
  fromIso: z.optional(instantIso),
  toIso: z.optional(instantIso),
});

/** Certain prices for contract customers. */
const contract = closedObject({
  contractId: identifier,
  name,
  toIso: z.optional(instantIso),
  earns: z._default(z.boolean('write true or false, without quotes'), false),
  prices: listOf(
    closedObject({ sku, unitPriceMinor: integerOf(0, 1_000_000_000, 'the price in minor units') }),
    0,
    5000,
  ),
});

/** A coalition partner: its cards are known by their prefix and earn what is owed to it. */
const partner = closedObject({
  partnerId: identifier,
  name,
  cardPrefix: z.string(PREFIX_WORDS).check(z.regex(/^[0-9]{2,11}$/, PREFIX_WORDS)),
  /** The partner account that its members earn in. */
  account: identifier,
});

const charity = closedObject({ charityId: identifier, name });

/** Skus whose sale fills a money account of the member. */
const topUp = closedObject({ skus: listOf(sku, 1, 100), account: identifier });

const window = closedObject({ windowId: identifier, fromIso: instantIso, toIso: instantIso });

/** Points that cashiers may give, and members may give each other. */
const gifts = closedObject({
  goodwillPerOperatorPerDay: z._default(integerOf(0, POINTS_MAX, 'the points'), 0),
  reasons: z._default(listOf(closedObject({ reasonId: identifier, name }), 0, 50), []),
  transferPerMemberPerDay: z._default(integerOf(0, POINTS_MAX, 'the points'), 0),
});

const RETURN_WORDS = 'write "exact-line" or "value-share"';
const returns = closedObject({
  policy: z._default(z.enum(['exact-line', 'value-share'], RETURN_WORDS), 'exact-line'),
  /** Days of a return to the tender of the sale. */
  windowDays: z._default(integerOf(0, 3660, 'the days'), 30),
  /** After the window: refused, or stored value with a manager's PIN. */
  late: z._default(
    z.enum(['refused', 'stored-value'], 'write "refused" or "stored-value"'),
    'refused',
  ),
});

const line = textOf(200, 'the line');
const receipt = closedObject({
  header: z._default(listOf(z.record(language, line), 0, 10), []),
  footer: z._default(listOf(z.record(language, line), 0, 10), []),
});

/** A programme file, form 2. The types of the engine follow from it. */
export const programmeFile = closedObject({
  schema: z.literal(2, 'write 2: it is the form of this file that this till knows'),
  programmeId,
  version: integerOf(1, 1_000_000_000, 'the version'),
  effectiveFromIso: instantIso,
  effectiveToIso: z.nullable(instantIso),
  timeZone: z.string('write an IANA time zone such as "Europe/Istanbul"'),
  businessDayCutOver: z
    .string(CUT_OVER_WORDS)
    .check(z.regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, CUT_OVER_WORDS)),
  currency: z.string(CURRENCY_WORDS).check(z.regex(/^[A-Z]{3}$/, CURRENCY_WORDS)),
  /** Every name of the file is written in each of them. */
  languages: listOf(language, 1, 20),
  pointsName: pluralNames,
  /** Whether unit prices of a sale contain the tax. */
  prices: z._default(z.enum(['included', 'excluded'], TAXES_WORDS), 'included'),
  cards,
  scaleLabels: z._default(listOf(scaleLabel, 0, 20), []),
  /** Absent: one account `points` that never lapses. */
  accounts: z._default(listOf(account, 0, 20), []),
  earning,
  tiers,
  rewards,
  segments: z._default(listOf(segment, 0, 50), []),
  memberships: z._default(listOf(membership, 0, 20), []),
  gates: z._default(listOf(gate, 0, 100), []),
  contracts: z._default(listOf(contract, 0, 500), []),
  partners: z._default(listOf(partner, 0, 50), []),
  charities: z._default(listOf(charity, 0, 50), []),
  topUps: z._default(listOf(topUp, 0, 20), []),
  windows: z._default(listOf(window, 0, 100), []),
  gifts: z._default(gifts, {
    goodwillPerOperatorPerDay: 0,
    reasons: [],
    transferPerMemberPerDay: 0,
  }),
  returns: z._default(returns, { policy: 'exact-line', windowDays: 30, late: 'refused' }),
  /** Days in which a guest's receipt code credits its sale; absent: not at all. */
  lateClaimDays: z.optional(integerOf(1, 366, 'the days')),
  /** Points that a member may spend in one outage without head office; 0 refuses. */
  offlineFloorPoints: z._default(integerOf(0, POINTS_MAX, 'the offline floor in points'), 0),
  /** What a typed amount is. */
  amountLine: closedObject({
    productType,
    taxRateBasisPoints: integerOf(0, 10_000, 'the tax rate in basis points (1900 is 19 %)'),
  }),
  receipt: z._default(receipt, { header: [], footer: [] }),
});
export type ProgrammeFile = z.infer<typeof programmeFile>;
