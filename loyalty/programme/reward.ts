// Owns the form of rewards and promotions in a programme file: one schema a kind of effect.
import * as z from 'zod/mini';
import { condition, lineFilter } from '#loyalty/programme/condition.ts';
import { cap } from '#loyalty/programme/earning.ts';
import {
  amountMinorOf,
  closedObject,
  identifier,
  integerOf,
  listOf,
  name,
  pointsOf,
  rate,
  rewardId,
  sku,
  textOf,
} from '#loyalty/programme/fields.ts';

const TRIGGER_WORDS = 'write "claim", "automatic", "code" or "window-close"';

/** What every reward has, whatever its effect. */
const rewardHead = {
  rewardId,
  name,
  /**
   * `claim`: the cashier taps it. `automatic`: wherever its condition holds. `code`: the code of
   * its condition was scanned. `window-close`: when a window of the programme ends.
   */
  trigger: z._default(
    z.enum(['claim', 'automatic', 'code', 'window-close'], TRIGGER_WORDS),
    'claim',
  ),
  /** What it costs each time; absent: nothing. */
  cost: z.optional(
    closedObject({
      account: z._default(identifier, 'points'),
      points: pointsOf('the cost'),
    }),
  ),
  /** Thresholds are met by what earlier rewards left to pay. */
  when: z._default(condition, {}),
  /** Ties within a stage go from low to high, then by the order of the file. */
  order: z._default(integerOf(0, 1000, 'the order'), 100),
  /**
   * Times in one sale; a limit of the period `sale` counts instead. Not for what comes by itself
   * with units that are paid for: a gift, or `buyGet`.
   */
  timesMax: z._default(integerOf(1, 999, 'the times'), 1),
  /** Limits in `times`: of a free item each unit is one. */
  limits: z._default(listOf(cap, 0, 10), []),
  /** Of the rewards of a group only the best for the customer, or the newest, counts. */
  group: z.optional(
    closedObject({
      groupId: identifier,
      keeps: z.enum(['best', 'newest'], 'write "best" or "newest"'),
    }),
  ),
  /** How many can be given in all; absent: without end. */
  stock: z.optional(integerOf(0, 1_000_000, 'the stock')),
};

const SELECT_WORDS = 'write "cheapest" or "dearest"';
const percent = rate;

/** Every kind of reward and promotion. `docs/programmes.md` has an example of each. */
export const reward = z.discriminatedUnion(
  'kind',
  [
    /** Money off, a fixed amount each time; never more than is left to pay. */
    closedObject({
      kind: z.literal('amount-off'),
      ...rewardHead,
      amountOffMinor: amountMinorOf('the money off'),
      /** Off these lines only; absent: off the basket. */
      lines: z.optional(lineFilter),
    }),
    closedObject({
      kind: z.literal('percent-off'),
      ...rewardHead,
      percent,
      /** Of these lines only; absent: of the basket. */
      lines: z.optional(lineFilter),
      /** Of one unit only: the cheapest or dearest of the lines. */
      ofUnit: z.optional(z.enum(['cheapest', 'dearest'], SELECT_WORDS)),
      maximumMinor: z.optional(amountMinorOf('the maximum')),
    }),
    /** Units of the basket that are free: one each time, or `get` for each `buy` paid. */
    closedObject({
      kind: z.literal('free-units'),
      ...rewardHead,
      lines: z.optional(lineFilter),
      select: z._default(z.enum(['cheapest', 'dearest'], SELECT_WORDS), 'cheapest'),
      /** Units in a row that are paid before the free ones; absent: claimed one by one. */
      buyGet: z.optional(
        closedObject({
          buy: integerOf(1, 999, 'the paid units'),
          get: integerOf(1, 999, 'the free units'),
        }),
      ),
    }),
    /** Units handed out on top of what was bought, at no price. */
    closedObject({
      kind: z.literal('gift'),
      ...rewardHead,
      lines: z.optional(lineFilter),
      sku,
      buy: integerOf(1, 999, 'the paid units'),
      get: integerOf(1, 999, 'the gifts'),
    }),
    /** Another price for a unit: a member's, a contract's, a week's. */
    closedObject({
      kind: z.literal('fixed-price'),
      ...rewardHead,
      lines: lineFilter,
      unitPriceMinor: integerOf(0, 1_000_000_000, 'the price in minor units'),
    }),
    /** A numbered slip for something that is not in the basket: an experience, a book, a class. */
    closedObject({
      kind: z.literal('slip'),
      ...rewardHead,
      validDays: integerOf(1, 3660, 'the days'),
      issuedBy: textOf(60, 'who hands it out'),
    }),
    /** Turns an account into another: points into a voucher, a voucher into a donation. */
    closedObject({
      kind: z.literal('convert'),
      ...rewardHead,
      /** A money account of the member, or the id of a charity. */
      to: identifier,
      amount: integerOf(1, 1_000_000_000, 'what each time gives, in points or minor units'),
    }),
  ],
  'write an object whose "kind" is amount-off, percent-off, free-units, gift, fixed-price, slip ' +
    'or convert',
);
export type RewardFile = z.infer<typeof reward>;
export type RewardOf<Kind extends RewardFile['kind']> = Extract<RewardFile, { kind: Kind }>;

/** `rewards` of a programme file. */
export const rewards = closedObject({
  /**
   * `pipeline`: free item, line, basket, fixed, stored value, whatever the order of asking.
   * `asClaimed`: automatic ones first, then as they were asked for.
   */
  order: z._default(
    z.enum(['pipeline', 'asClaimed'], 'write "pipeline" or "asClaimed"'),
    'pipeline',
  ),
  /** The total is rounded to a multiple of this before points pay it: 1 for not at all. */
  roundsToMinor: z._default(integerOf(1, 100_000, 'the rounding in minor units'), 1),
  list: listOf(reward, 0, 200),
});
export type RewardsFile = z.infer<typeof rewards>;
