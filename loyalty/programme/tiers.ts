// Owns the form of tiers in a programme file: what they are measured by, and how long they last.
import * as z from 'zod/mini';
import { AMOUNT_MAX_MINOR } from '#loyalty/money.ts';
import {
  closedObject,
  identifier,
  integerOf,
  listOf,
  name,
  rate,
  tierId,
} from '#loyalty/programme/fields.ts';

const PERIOD_WORDS = 'write "ever", "calendar-year" or { "rollingDays": 365 }';
const VALID_WORDS = 'write "for-ever", "end-of-year", "end-of-next-year" or { "days": 365 }';

/** One level. */
export const tierLevel = closedObject({
  tierId,
  name,
  /** In points, or in minor units where tiers are measured by spend. */
  from: integerOf(0, AMOUNT_MAX_MINOR, 'where the tier begins'),
  multiplier: z._default(rate, '1'),
  /** Where a member goes when the level ends; absent: the level that the figures still reach. */
  downgradesTo: z.optional(tierId),
  /** What staff do for a member of this level, as flags with words. */
  perks: z._default(listOf(closedObject({ perkId: identifier, name }), 0, 20), []),
});
export type TierLevelFile = z.infer<typeof tierLevel>;

/** `tiers` of a programme file, lowest first; the first begins at 0. */
export const tiers = closedObject({
  /** The account that is counted, or `spend`: net money of sales. */
  measure: z._default(identifier, 'points'),
  period: z._default(
    z.union(
      [
        z.enum(['ever', 'calendar-year']),
        closedObject({ rollingDays: integerOf(1, 3660, 'the days') }),
      ],
      PERIOD_WORDS,
    ),
    'ever',
  ),
  valid: z._default(
    z.union(
      [
        z.enum(['for-ever', 'end-of-year', 'end-of-next-year']),
        closedObject({ days: integerOf(1, 3660, 'the days') }),
      ],
      VALID_WORDS,
    ),
    'for-ever',
  ),
  /** Days until a reached level holds: until returns of its sales are over. */
  upgradeDelayDays: z._default(integerOf(0, 366, 'the days'), 0),
  /** Whether the sale that reaches a level is already priced by it. */
  includesThisSale: z._default(z.boolean('write true or false, without quotes'), false),
  levels: listOf(tierLevel, 1, 20),
});
export type TiersForm = z.infer<typeof tiers>;
