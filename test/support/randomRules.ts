// Owns random rules and rewards for properties: every kind of them, with small numbers, so that
// caps fill, tiers change and stock ends within a sale or two.
import * as fc from 'fast-check';

export const SKUS = ['coffee', 'tea', 'cake', 'book', 'club-year', 'top-up-10'] as const;
export const PRODUCT_TYPES = ['drink', 'food', 'media'] as const;
export const TAGS = ['new', 'vegan'] as const;
export const CODE = 'SAVE';
export const SEGMENT = 'regulars';
export const REWARDS_MAX = 6;
export const TIER_IDS = ['base', 'silver', 'gold'] as const;
export const BADGE = 'explorer';

export type Form = Record<string, unknown>;
type Arb = fc.Arbitrary<Form>;

export function int(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}

/** Present about once in `oneIn`. */
export function sometimes<T>(value: fc.Arbitrary<T>, oneIn = 3): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: oneIn - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  );
}

function some<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.subarray([...values], { minLength: 1 });
}

const rate = fc.constantFrom('0', '0.5', '1', '1.25', '3', '0.3333');
const factor = fc.constantFrom('1.5', '2', '3');
const perMinor = fc.constantFrom(1, 7, 50, 100, 250);
const points = int(1, 60);

export const filter = fc.oneof(
  fc.record({ skus: some(SKUS) }),
  fc.record({ productTypes: some(PRODUCT_TYPES) }),
  fc.record({ tags: some(TAGS) }),
  fc.record({ exceptProductTypes: some(PRODUCT_TYPES) }),
  fc.record({ exceptSkus: some(SKUS), exceptTags: some(TAGS) }),
);

const oneCondition: Arb = fc.oneof(
  fc.record({ lines: filter }),
  fc.record({ lines: filter }),
  fc.record({ audience: fc.constantFrom('members', 'guests', 'everyone') }),
  fc.record({ basketAtLeastMinor: int(1, 9000) }),
  fc.record({ linesAtLeastMinor: int(1, 5000) }),
  fc.record({ linesAtLeastUnits: int(1, 6) }),
  fc.record({ thresholdTaxes: fc.constantFrom('included', 'excluded') }),
  fc.record({ tenderTypes: some(['cash', 'card', 'wallet']) }),
  fc.record({ tierIds: some(TIER_IDS) }),
  fc.record({ segmentIds: fc.constant([SEGMENT]) }),
  fc.record({ membershipIds: fc.constant(['club']) }),
  fc.record({ badgeIds: fc.constant([BADGE]) }),
  fc.record({ channels: some(['till', 'web']) }),
  fc.record({ weekdays: some([1, 2, 3, 4, 5, 6, 7]) }),
  fc.record({ hours: fc.constant({ from: '22:00', to: '06:30' }) }),
  fc.record({ hours: fc.constant({ from: '06:30', to: '24:00' }) }),
  fc.record({ fromIso: fc.constant('2026-06-01T00:00:00+03:00') }),
  fc.record({ toIso: fc.constant('2027-03-01T00:00:00Z') }),
  fc.record({ isFirstSale: fc.constant(true) }),
  fc.record({
    birthday: fc.record({
      window: fc.constantFrom('days', 'month'),
      daysBefore: int(0, 60),
      daysAfter: int(0, 60),
    }),
  }),
  fc.record({ code: fc.constant(CODE) }),
  fc.record({ exceptFlags: fc.constant(['no-lucky']) }),
);

const condition: Arb = fc
  .oneof(fc.constant([]), fc.constant([]), fc.array(oneCondition, { maxLength: 2 }))
  .map((parts) => Object.assign({}, ...parts));

const capHead = {
  period: fc.constantFrom('sale', 'day', 'week', 'month', 'year', 'ever'),
  per: fc.constantFrom('member', 'operator', 'programme'),
  group: sometimes(fc.constantFrom('extras', 'others')),
};
const capTimes = int(1, 4);
const cap: Arb = fc.oneof(
  fc.record({ ...capHead, points: int(1, 120) }),
  fc.record({ ...capHead, times: capTimes }),
  fc.record({ ...capHead, points: int(1, 120), times: capTimes }),
);

const budget: Arb = fc.record({
  amountMinor: int(200, 400),
  tillShareMinor: sometimes(int(1, 200)),
});

const ruleHead: Arb = fc.record({
  account: fc.constantFrom('points', 'points', 'points', 'stamps', 'status'),
  when: condition,
  stacking: fc.constantFrom('add', 'add', 'add', { bestOf: 'bonus' }),
  order: int(0, 3),
  floor: sometimes(fc.constantFrom('rule', 'line', 'baseThenMultiplied')),
  isMultipliedByTier: fc.boolean(),
  caps: fc.oneof(fc.constant([]), fc.array(cap, { maxLength: 3 })),
  budget: sometimes(budget, 5),
});

const money: Arb = fc.record({ points: rate, perMinor });
const row: Arb = fc
  .oneof(
    fc.tuple(fc.constant({}), money),
    fc.tuple(fc.record({ skus: some(SKUS) }), money),
    fc.tuple(fc.record({ productTypes: some(PRODUCT_TYPES) }), fc.record({ pointsPerUnit: rate })),
    fc.tuple(fc.record({ tags: some(TAGS) }), fc.constant({ isExcluded: true })),
    fc.tuple(fc.record({ tags: some(TAGS) }), money),
  )
  .map(([lines, gives]) => ({ ...lines, ...gives }));

const bands = fc
  .array(fc.record({ width: int(1, 4000), points: int(0, 80) }), { minLength: 1, maxLength: 4 })
  .chain((list) =>
    fc.boolean().map((isOpen) => {
      let from = 0;
      return list.map(({ width, points: given }, index) => {
        from += width;
        const isLast = index === list.length - 1;
        return { upToMinor: isLast && isOpen ? null : from, points: given };
      });
    }),
  );

function kindOf(kind: string, fields: Record<string, fc.Arbitrary<unknown>>): Arb {
  return fc.record({ kind: fc.constant(kind), ...fields });
}

const atMost60 = int(0, 60);
const ruleKind: Arb = fc.oneof(
  {
    weight: 4,
    arbitrary: kindOf('table', { rows: fc.array(row, { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 2, arbitrary: kindOf('money', { points: rate, perMinor }) },
  { weight: 1, arbitrary: kindOf('bands', { bands }) },
  { weight: 1, arbitrary: kindOf('units', { pointsPerUnit: rate }) },
  { weight: 2, arbitrary: kindOf('multiplier', { factor, of: sometimes(int(0, 99)) }) },
  { weight: 2, arbitrary: kindOf('fixed', { points, nudgeWithinMinor: sometimes(int(1, 2000)) }) },
  { weight: 1, arbitrary: kindOf('visit', { points, coolDownMinutes: int(0, 300) }) },
  {
    weight: 1,
    arbitrary: kindOf('streak', {
      weeks: int(2, 3),
      badgeId: fc.constantFrom(BADGE, 'loyal'),
      points: atMost60,
      isConsecutive: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: kindOf('challenge', {
      units: int(1, 6),
      withinDays: int(1, 40),
      badgeId: sometimes(fc.constant(BADGE)),
      points: atMost60,
    }),
  },
  {
    weight: 1,
    arbitrary: kindOf('referral', {
      on: fc.constantFrom('register', 'first-sale', 'every-sale'),
      friendPoints: atMost60,
      referrerPoints: atMost60,
      referrerRate: sometimes(money),
      withinDays: sometimes(int(1, 400)),
      friendsMax: sometimes(int(1, 3)),
    }),
  },
  { weight: 1, arbitrary: kindOf('lucky', { oneIn: int(2, 3), points }) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      kindOf('share', { points: rate, perMinor, to: fc.constant('forest') }),
      kindOf('share', {
        points: rate,
        perMinor,
        to: fc.constant('air'),
        account: fc.constant('miles'),
      }),
    ),
  },
  { weight: 1, arbitrary: kindOf('enrolment', { points }) },
  {
    weight: 1,
    arbitrary: kindOf('event', {
      eventId: fc.constant('survey'),
      givenBy: fc.constantFrom('operator', 'upstream'),
      points,
    }),
  },
);

const cost = fc.record({
  account: fc.constantFrom('points', 'points', 'stamps'),
  points: int(1, 80),
});

const rewardHead: Arb = fc.record({
  trigger: fc.constantFrom('claim', 'claim', 'automatic', 'code'),
  cost: sometimes(cost, 2),
  when: condition,
  order: int(0, 3),
  timesMax: int(1, 4),
  limits: fc.oneof(
    fc.constant([]),
    fc.array(fc.record({ ...capHead, times: capTimes }), { maxLength: 2 }),
  ),
  group: sometimes(
    fc.constantFrom({ groupId: 'g', keeps: 'best' }, { groupId: 'h', keeps: 'newest' }),
    4,
  ),
  stock: sometimes(int(0, 3)),
});

const select = fc.constantFrom('cheapest', 'dearest');
const upTo3 = int(1, 3);
const rewardKind: Arb = fc.oneof(
  kindOf('amount-off', { amountOffMinor: int(1, 3000), lines: sometimes(filter) }),
  kindOf('percent-off', {
    percent: fc.constantFrom('0.5', '10', '33.3333', '100'),
    lines: sometimes(filter),
    ofUnit: sometimes(select),
    maximumMinor: sometimes(int(1, 900)),
  }),
  kindOf('free-units', {
    lines: sometimes(filter),
    select,
    buyGet: sometimes(fc.record({ buy: upTo3, get: upTo3 })),
  }),
  kindOf('gift', { lines: sometimes(filter), sku: fc.constant('cake'), buy: upTo3, get: upTo3 }),
  kindOf('fixed-price', { lines: filter, unitPriceMinor: int(0, 900) }),
  kindOf('slip', { validDays: int(1, 90), issuedBy: fc.constant('the desk') }),
  kindOf('convert', { to: fc.constantFrom('wallet', 'forest'), amount: int(1, 500), cost }),
  kindOf('convert', {
    to: fc.constant('wallet'),
    amount: int(1, 500),
    cost,
    trigger: fc.constant('window-close'),
  }),
);

export const randomRule: Arb = fc
  .tuple(ruleHead, ruleKind)
  .map(([one, two]) => ({ ...one, ...two }));
export const randomReward: Arb = fc
  .tuple(rewardHead, rewardKind)
  .map(([one, two]) => ({ ...one, ...two }));
