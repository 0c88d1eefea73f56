// Owns the form of earning rules in a programme file: one schema a kind of rule.
import * as z from 'zod/mini';
import { condition, lineFilter } from '#loyalty/programme/condition.ts';
import {
  amountMinorOf,
  closedObject,
  identifier,
  integerOf,
  isTrue,
  listOf,
  name,
  perMinor,
  pointsOf,
  rate,
  ruleId,
} from '#loyalty/programme/fields.ts';

const PERIOD_WORDS = 'write "sale", "day", "week", "month", "year" or "ever"';
const PER_WORDS = 'write "member", "operator" or "programme"';

/** A limit: of points or of times, in a period, for whom. A week is an ISO week. */
export const cap = closedObject({
  period: z.enum(['sale', 'day', 'week', 'month', 'year', 'ever'], PERIOD_WORDS),
  per: z._default(z.enum(['member', 'operator', 'programme'], PER_WORDS), 'member'),
  points: z.optional(pointsOf('the points')),
  times: z.optional(integerOf(1, 1_000_000, 'the times')),
  /** Rules with the same group share the cap: "extras at most 100 a year". */
  group: z.optional(identifier),
  /** A manager may lift it. */
  isLiftedByManager: z.optional(isTrue),
});
export type CapFile = z.infer<typeof cap>;

/**
 * Money that a rule may cost. `tillShareMinor` is what one till may spend of it on its own, so that
 * tills that are offline together stay within the whole.
 */
export const budget = closedObject({
  amountMinor: amountMinorOf('the budget'),
  tillShareMinor: z.optional(amountMinorOf('the share of a till')),
  costCentre: z._default(
    z.enum(['acquisition', 'retention'], 'write "acquisition" or "retention"'),
    'retention',
  ),
});
export type BudgetFile = z.infer<typeof budget>;

const FLOOR_WORDS = 'write "rule", "line" or "baseThenMultiplied"';
export const floorPolicy = z.enum(['rule', 'line', 'baseThenMultiplied'], FLOOR_WORDS);
export type FloorPolicy = z.infer<typeof floorPolicy>;

const STACKING_WORDS = 'write "add", or { "bestOf": "a-group" }';

/** What every kind of earning rule has. */
export const ruleHead = {
  ruleId,
  name,
  /** Where the points go; absent: `points`. */
  account: z._default(identifier, 'points'),
  when: z._default(condition, {}),
  stacking: z._default(
    z.union([z.literal('add'), closedObject({ bestOf: identifier })], STACKING_WORDS),
    'add',
  ),
  /** Rules run from low to high; a tie goes by the order of the file. */
  order: z._default(integerOf(0, 1000, 'the order'), 100),
  /** Absent: the programme's own. */
  floor: z.optional(floorPolicy),
  /** Whether the member's tier multiplies it. */
  isMultipliedByTier: z._default(z.boolean('write true or false, without quotes'), false),
  caps: z._default(listOf(cap, 0, 10), []),
  budget: z.optional(budget),
};

/** A row takes its lines for itself: the most specific of sku > product type > tag > all. */
const tableRow = closedObject({
  ruleId,
  name,
  skus: z.optional(lineFilter.shape.skus),
  productTypes: z.optional(lineFilter.shape.productTypes),
  tags: z.optional(lineFilter.shape.tags),
  points: z.optional(rate),
  perMinor: z.optional(perMinor),
  pointsPerUnit: z.optional(rate),
  isExcluded: z.optional(isTrue),
});
export type TableRowFile = z.infer<typeof tableRow>;

const band = closedObject({
  /** Up to and including this amount; null on the last band. */
  upToMinor: z.nullable(amountMinorOf('where the band ends')),
  points: integerOf(0, 1_000_000_000, 'the points'),
});

const GIVEN_BY_WORDS = 'write "operator" or "upstream"';
const REFERRAL_WORDS = 'write "register", "first-sale" or "every-sale"';
const optionalPoints = z._default(integerOf(0, 1_000_000_000, 'the points'), 0);

/** Every kind of earning rule. `docs/programmes.md` has an example of each. */
export const earningRule = z.discriminatedUnion(
  'kind',
  [
    /** Points for money or units by a table in which each line finds one row. */
    closedObject({ kind: z.literal('table'), ...ruleHead, rows: listOf(tableRow, 1, 200) }),
    /** Points by the amount of the whole sale. */
    closedObject({ kind: z.literal('bands'), ...ruleHead, bands: listOf(band, 1, 100) }),
    /** A bonus on money, on top of the table. */
    closedObject({ kind: z.literal('money'), ...ruleHead, points: rate, perMinor }),
    /** A bonus on units, on top of the table. */
    closedObject({ kind: z.literal('units'), ...ruleHead, pointsPerUnit: rate }),
    /** So many times the points of other rules (of all tables where `of` is absent). */
    closedObject({
      kind: z.literal('multiplier'),
      ...ruleHead,
      factor: rate,
      of: z.optional(listOf(ruleId, 1, 200)),
    }),
    /** Points once a sale; with `nudgeWithinMinor` the cashier hears how little is missing. */
    closedObject({
      kind: z.literal('fixed'),
      ...ruleHead,
      points: pointsOf('the points'),
      nudgeWithinMinor: z.optional(amountMinorOf('the gap')),
    }),
    /** A stamp a visit. */
    closedObject({
      kind: z.literal('visit'),
      ...ruleHead,
      points: pointsOf('the points'),
      coolDownMinutes: z._default(integerOf(0, 100_000, 'the minutes'), 0),
    }),
    /** A visit in each of so many ISO weeks in a row: a badge, and points once. */
    closedObject({
      kind: z.literal('streak'),
      ...ruleHead,
      weeks: integerOf(2, 60, 'the weeks'),
      badgeId: identifier,
      points: optionalPoints,
      isConsecutive: z._default(z.boolean('write true or false, without quotes'), true),
    }),
    /** So many units of the rule's lines within so many days. */
    closedObject({
      kind: z.literal('challenge'),
      ...ruleHead,
      units: integerOf(1, 100_000, 'the units'),
      withinDays: integerOf(1, 366, 'the days'),
      badgeId: z.optional(identifier),
      points: optionalPoints,
    }),
    /** Something that happened besides a purchase: a survey, a post, a visit to an event. */
    closedObject({
      kind: z.literal('event'),
      ...ruleHead,
      eventId: identifier,
      givenBy: z.enum(['operator', 'upstream'], GIVEN_BY_WORDS),
      points: pointsOf('the points'),
    }),
    /** On becoming a member. */
    closedObject({
      kind: z.literal('enrolment'),
      ...ruleHead,
      points: pointsOf('the points'),
    }),
    /** A member who was brought by another. */
    closedObject({
      kind: z.literal('referral'),
      ...ruleHead,
      on: z.enum(['register', 'first-sale', 'every-sale'], REFERRAL_WORDS),
      friendPoints: optionalPoints,
      referrerPoints: optionalPoints,
      /** Points for money of the friend's sale, to the referrer. */
      referrerRate: z.optional(closedObject({ points: rate, perMinor })),
      /** Days after the friend enrolled; absent: for ever. */
      withinDays: z.optional(integerOf(1, 3660, 'the days')),
      /** Friends that a referrer is rewarded for. */
      friendsMax: z.optional(integerOf(1, 1_000_000, 'the friends')),
    }),
    /** A lucky basket, drawn from the sale's id alike on every till. */
    closedObject({
      kind: z.literal('lucky'),
      ...ruleHead,
      oneIn: integerOf(2, 1_000_000, 'the odds'),
      points: pointsOf('the points'),
    }),
    /** Money to a charity or a partner for money of the sale; the member earns none of it. */
    closedObject({
      kind: z.literal('share'),
      ...ruleHead,
      points: rate,
      perMinor,
      /** Who it is for: a charity, or the partner whose card was scanned. */
      to: identifier,
    }),
  ],
  'write an object whose "kind" is table, bands, money, units, multiplier, fixed, visit, streak, ' +
    'challenge, event, enrolment, referral, lucky or share',
);
export type EarningRuleFile = z.infer<typeof earningRule>;
export type EarningRuleOf<Kind extends EarningRuleFile['kind']> = Extract<
  EarningRuleFile,
  { kind: Kind }
>;

const YES_NO = 'write "no" or "yes"';

/** `earning` of a programme file: what money counts, and the rules. */
export const earning = closedObject({
  base: z._default(
    closedObject({
      taxes: z._default(
        z.enum(['included', 'excluded'], 'write "included" or "excluded"'),
        'included',
      ),
      /** Which rules a discount on the whole basket lowers. */
      basketDiscountLowers: z._default(
        z.enum(['all', 'unfilteredRulesOnly'], 'write "all" or "unfilteredRulesOnly"'),
        'all',
      ),
      freeUnitEarns: z._default(
        z.enum(['no', 'whenRewardIsDiscount'], 'write "no" or "whenRewardIsDiscount"'),
        'no',
      ),
      /** Whether what stored value pays is taken off what earns. */
      storedValueLowers: z._default(z.enum(['no', 'yes'], YES_NO), 'no'),
      spendPointsOfThisSale: z._default(z.enum(['no', 'yes'], YES_NO), 'no'),
      floor: z._default(floorPolicy, 'rule'),
    }),
    {
      taxes: 'included',
      basketDiscountLowers: 'all',
      freeUnitEarns: 'no',
      storedValueLowers: 'no',
      spendPointsOfThisSale: 'no',
      floor: 'rule',
    },
  ),
  /** Lines that never earn, besides stored value, deposits and what a line itself excludes. */
  excluded: z.optional(lineFilter),
  rules: listOf(earningRule, 0, 200),
});
export type EarningFile = z.infer<typeof earning>;
