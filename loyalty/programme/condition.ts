// Owns the conditions of rules and rewards: which lines count, and when a rule holds at all.
import * as z from 'zod/mini';
import {
  amountMinorOf,
  closedObject,
  identifier,
  instantIso,
  integerOf,
  isTrue,
  listOf,
  productType,
  sku,
  tag,
  textOf,
  tierId,
  timeOfDay,
} from '#loyalty/programme/fields.ts';

const LIST_MAX = 500;

/** Lines of a sale. Keys that are present must all hold; within a list any one does. */
export const lineFilter = closedObject({
  skus: z.optional(listOf(sku, 1, LIST_MAX)),
  productTypes: z.optional(listOf(productType, 1, LIST_MAX)),
  tags: z.optional(listOf(tag, 1, LIST_MAX)),
  exceptSkus: z.optional(listOf(sku, 1, LIST_MAX)),
  exceptProductTypes: z.optional(listOf(productType, 1, LIST_MAX)),
  exceptTags: z.optional(listOf(tag, 1, LIST_MAX)),
});
export type LineFilter = z.infer<typeof lineFilter>;

const AUDIENCE_WORDS = 'write "members", "guests" or "everyone"';
const CHANNEL_WORDS = 'write "till" or "web"';
const LEAP_WORDS = 'write "feb-28" or "mar-01": the day of those born on 29 February';

/** The days around a birthday; `month` is the whole calendar month of it. */
export const birthdayWindow = closedObject({
  window: z.enum(['days', 'month'], 'write "days" or "month"'),
  daysBefore: z._default(integerOf(0, 60, 'the days before'), 0),
  daysAfter: z._default(integerOf(0, 60, 'the days after'), 0),
  nonLeapDay: z._default(z.enum(['feb-28', 'mar-01'], LEAP_WORDS), 'feb-28'),
});
export type BirthdayWindow = z.infer<typeof birthdayWindow>;

/** When a rule holds. Keys that are present must all hold; an empty object always does. */
export const condition = closedObject({
  /** Which lines the rule looks at; absent: all that may earn, or be discounted. */
  lines: z.optional(lineFilter),
  audience: z.optional(z.enum(['members', 'guests', 'everyone'], AUDIENCE_WORDS)),
  basketAtLeastMinor: z.optional(amountMinorOf('the basket')),
  /** Of the lines that the rule looks at. */
  linesAtLeastMinor: z.optional(amountMinorOf('the lines')),
  /** Whether both thresholds are met with tax or without; absent: as the earning base. */
  thresholdTaxes: z.optional(z.enum(['included', 'excluded'], 'write "included" or "excluded"')),
  linesAtLeastUnits: z.optional(integerOf(1, 100_000, 'the units')),
  tenderTypes: z.optional(listOf(identifier, 1, 20)),
  tierIds: z.optional(listOf(tierId, 1, 20)),
  segmentIds: z.optional(listOf(identifier, 1, 50)),
  membershipIds: z.optional(listOf(identifier, 1, 20)),
  badgeIds: z.optional(listOf(identifier, 1, 20)),
  channels: z.optional(listOf(z.enum(['till', 'web'], CHANNEL_WORDS), 1, 2)),
  /** Of the business day: a Friday night belongs to Friday. ISO 8601: 1 is Monday. */
  weekdays: z.optional(listOf(integerOf(1, 7, 'the weekday'), 1, 7)),
  /** Local time of the programme's zone, from inclusive, to exclusive. */
  hours: z.optional(closedObject({ from: timeOfDay, to: timeOfDay })),
  fromIso: z.optional(instantIso),
  toIso: z.optional(instantIso),
  isFirstSale: z.optional(isTrue),
  birthday: z.optional(birthdayWindow),
  code: z.optional(textOf(40, 'the code')),
  /** Never for members with one of these flags, such as `no-lucky`. */
  exceptFlags: z.optional(listOf(identifier, 1, 20)),
});
export type ConditionFile = z.infer<typeof condition>;
