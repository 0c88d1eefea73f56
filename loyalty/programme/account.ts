// Owns the accounts of a programme: what points, stamps and money are held in, and how they lapse.
import * as z from 'zod/mini';
import {
  closedObject,
  identifier,
  integerOf,
  pluralNames,
  rate,
} from '#loyalty/programme/fields.ts';

const EXPIRY_WORDS =
  'write null, or an object whose "kind" is days, month-end, year-end or inactivity';

/** When an accrual dies. Each is a lot of its own. */
export const expiry = z.nullable(
  z.discriminatedUnion(
    'kind',
    [
      closedObject({ kind: z.literal('days'), days: integerOf(1, 3660, 'the days') }),
      /** At the end of the month that is `months` after the month of the accrual. */
      closedObject({ kind: z.literal('month-end'), months: integerOf(0, 120, 'the months') }),
      /** At the end of the year that is `years` after the year of the accrual. */
      closedObject({ kind: z.literal('year-end'), years: integerOf(0, 10, 'the years') }),
      /** All lots die together, `months` after the last accrual or redemption. */
      closedObject({ kind: z.literal('inactivity'), months: integerOf(1, 120, 'the months') }),
    ],
    EXPIRY_WORDS,
  ),
);

const KIND_WORDS = 'write "points", "status", "stamps", "money", "partner" or "charity"';

/**
 * One account. `points` can be spent, `status` only measures, `money` is a wallet in minor units,
 * `partner` and `charity` are owed to somebody else.
 */
export const account = closedObject({
  accountId: identifier,
  kind: z.enum(['points', 'status', 'stamps', 'money', 'partner', 'charity'], KIND_WORDS),
  names: pluralNames,
  expiry,
  /** Days until an accrual can be spent, 0 for at once. */
  pendingDays: z._default(integerOf(0, 366, 'the days'), 0),
  /** What one point costs the shop, in minor units: budgets, settlement and liability. */
  costMinor: z._default(rate, '0'),
  /** Of points issued, how many are expected to be spent, in basis points. */
  expectedRedemptionBasisPoints: z._default(integerOf(0, 10_000, 'the expectation'), 10_000),
});
export type AccountFile = z.infer<typeof account>;
