// Goal: whatever the rewards, no price below zero, sums are exact, the order of lines is no matter.
// Method: seeded fast-check over rewards of every kind and baskets with deductions and zero prices.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BasketForm,
  head,
  type LineForm,
  priced,
  type RewardForm,
  sumOf,
} from '#test/unit/loyalty/rewards/basketOfRewards.ts';

const trigger = fc.constantFrom('automatic' as const, 'claim' as const);
const filter = fc.constantFrom(undefined, { skus: ['A', 'B'] }, { tags: ['t'] });
const select = fc.constantFrom('cheapest' as const, 'dearest' as const);

/** A reward without the keys that are undefined: the file has no such values. */
function rewardOf(form: object): RewardForm {
  const kept = Object.entries(form).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as RewardForm;
}

const common = fc.record({
  trigger,
  lines: filter,
  timesMax: fc.integer({ min: 1, max: 4 }),
  order: fc.integer({ min: 0, max: 2 }),
  cost: fc.option(fc.record({ points: fc.integer({ min: 1, max: 40 }) }), { nil: undefined }),
  group: fc.constantFrom(undefined, undefined, { groupId: 'g', keeps: 'best' }),
  limits: fc.constantFrom([], [{ period: 'sale', times: 2 }], [{ period: 'year', times: 3 }]),
});
const buyGet = fc.record({
  buy: fc.integer({ min: 1, max: 3 }),
  get: fc.integer({ min: 1, max: 3 }),
});
const effect = fc.oneof(
  fc.record({
    kind: fc.constant('amount-off'),
    amountOffMinor: fc.integer({ min: 1, max: 3000 }),
  }),
  fc.record({
    kind: fc.constant('percent-off'),
    percent: fc.constantFrom('0.5', '10', '33.3333', '100', '150'),
    ofUnit: fc.option(select, { nil: undefined }),
    maximumMinor: fc.option(fc.integer({ min: 1, max: 700 }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('free-units'),
    select,
    buyGet: fc.option(buyGet, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('fixed-price'),
    unitPriceMinor: fc.integer({ min: 0, max: 900 }),
    lines: fc.constant({ skus: ['A', 'C'] }),
  }),
  buyGet.map((counts) => ({ kind: 'gift', sku: 'A', ...counts })),
);
const reward = fc.tuple(common, effect).map(([one, other]) => ({ ...one, ...other }));

const line: fc.Arbitrary<LineForm> = fc.record({
  kind: fc.constantFrom('product', 'product', 'product', 'product', 'deduction'),
  sku: fc.constantFrom('A', 'B', 'C', 'D'),
  quantity: fc.integer({ min: 1, max: 5 }),
  unitPriceMinor: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2000 })),
  taxRateBasisPoints: fc.constantFrom(0, 800, 2000),
  tags: fc.constantFrom([], ['t']),
});

const basket: fc.Arbitrary<BasketForm> = fc.record({
  rewards: fc
    .array(reward, { maxLength: 6 })
    .map((forms) => forms.map((form, index) => rewardOf({ ...form, ...head(`r${index}`) }))),
  order: fc.constantFrom('pipeline', 'asClaimed'),
  roundsToMinor: fc.constantFrom(1, 1, 5, 100),
  programme: fc.constantFrom({}, { prices: 'excluded' as const }),
  lines: fc.array(line, { maxLength: 8 }),
  claims: fc.array(
    fc.record({
      rewardId: fc.constantFrom('r0', 'r1', 'r2', 'r3', 'r4'),
      times: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 4 },
  ),
  points: fc.integer({ min: 0, max: 200 }),
});

const RUNS = { seed: 20_260_310, numRuns: 1500 };

describe('rewards', () => {
  it('add up, never take more than there is, and never give points for nothing', () => {
    fc.assert(
      fc.property(basket, (form) => {
        const sale = priced(form);
        const { lines } = sale.context;
        const off = lines.map(() => 0);
        for (const discount of sale.discounts) {
          expect(sumOf(discount.lines.map(({ amount }) => amount))).toBe(discount.amountMinor);
          expect(discount.amountMinor).toBeGreaterThan(0);
          for (const share of discount.lines) {
            expect(lines[share.line - 1]?.isGoods).toBe(true);
            off[share.line - 1] = (off[share.line - 1] ?? 0) + share.amount;
          }
        }
        lines.forEach(({ grossMinor, units }, index) => {
          const net = sale.netMinor[index] ?? 0;
          expect(Number.isSafeInteger(net)).toBe(true);
          expect(net).toBe(grossMinor - (off[index] ?? 0));
          if (grossMinor >= 0) expect(net).toBeGreaterThanOrEqual(0);
          const free = (sale.freeUnits[index] ?? 0) + (sale.freeUnitsByPercent[index] ?? 0);
          expect(free).toBeLessThanOrEqual(units);
        });
        const grossMinor = sumOf(lines.map((one) => one.grossMinor));
        if (grossMinor >= 0) expect(sale.totalMinor).toBeGreaterThanOrEqual(0);
        const points = sumOf(sale.applied.map(({ cost }) => cost?.points ?? 0));
        expect(points).toBeLessThanOrEqual(form.points ?? 0);
        for (const { amountOffMinor, reward: given } of sale.applied) {
          if (given.file.kind !== 'gift') expect(amountOffMinor).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  it('cost the same whatever the order of the lines', () => {
    fc.assert(
      fc.property(basket, (form) => {
        const sale = priced(form);
        const turned = priced({ ...form, lines: form.lines.toReversed() });
        expect(turned.totalMinor).toBe(sale.totalMinor);
        expect(turned.off).toEqual(sale.off);
        expect(turned.refusals).toEqual(sale.refusals);
        expect(turned.offers).toEqual(sale.offers);
      }),
      RUNS,
    );
  });

  it('can be claimed as often as the offer says, where nothing else stands in between', () => {
    fc.assert(
      fc.property(basket, (form) => {
        const bare = { ...form, claims: [] };
        for (const { rewardId, timesMax } of priced(bare).offers) {
          if (timesMax === 0) continue;
          const alone = {
            ...bare,
            rewards: form.rewards?.filter((one) => one.rewardId === rewardId),
          };
          const [offer] = priced({ ...alone, rewards: alone.rewards ?? [] }).offers;
          const times = offer?.timesMax ?? 0;
          const claimed = priced({
            ...alone,
            rewards: alone.rewards ?? [],
            claims: [{ rewardId, times }],
          });
          expect(claimed.refusals).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('price ten thousand lines', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => ({
      line: index + 1,
      sku: `${index % 700}`,
      unitPriceMinor: index % 900,
    }));
    const rewards: RewardForm[] = [
      { kind: 'percent-off', ...head('p'), trigger: 'automatic', percent: '10' },
      { kind: 'free-units', ...head('f'), trigger: 'automatic', buyGet: { buy: 9, get: 1 } },
    ];
    const sale = priced({ rewards, lines });
    expect(sumOf(sale.freeUnits)).toBeGreaterThan(900);
    expect(sale.totalMinor).toBeLessThan(sumOf(sale.context.lines.map((one) => one.grossMinor)));
  });
});
