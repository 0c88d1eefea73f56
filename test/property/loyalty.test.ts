// Goal: the laws of points and money hold for any sale. Method: fast-check over random programmes,
// baskets and members. The long run tries each twenty times as often.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Basket, type BasketEvent, openBasket, reduce } from '#loyalty/basket.ts';
import { classify, typedCard } from '#loyalty/card.ts';
import { type CompiledProgramme, compile, evaluate, type Pricing } from '#loyalty/evaluate.ts';
import { makeUuid7 } from '#loyalty/ids.ts';
import type { Member } from '#loyalty/member.ts';
import { divideHalfUp, splitByLargestRemainder, taxInclusive } from '#loyalty/money.ts';
import { businessDayOf, parseProgramme } from '#loyalty/programme.ts';
import {
  demoText,
  makeMember,
  makeProgramme,
  makeSale,
  type PlainLine,
  TRANSACTION_ID,
} from '#test/support/makeLoyalty.ts';
import { runs } from '#test/support/runs.ts';

const { numRuns } = runs(50);

/** Returned, because the linter takes what `fc.assert` gives for a promise that nobody awaits. */
function holds<Values>(property: fc.IProperty<Values>, times = numRuns): void {
  return fc.assert(property, { numRuns: times });
}

const TYPES = ['groceries', 'coffee', 'books', 'gift-card', 'toys'] as const;
const name = { en: 'x', tr: 'x' };

const rate = fc
  .record({ whole: fc.nat(20), decimals: fc.nat(9999), places: fc.nat(4) })
  .map(({ whole, decimals, places }) =>
    places === 0 ? `${whole}` : `${whole}.${String(decimals).padStart(4, '0').slice(0, places)}`,
  );

const compiled: fc.Arbitrary<CompiledProgramme> = fc
  .record({
    base: fc.record({ points: rate, perMinor: fc.integer({ min: 1, max: 1000 }) }),
    rows: fc.subarray([...TYPES]).chain((types) =>
      fc.tuple(
        ...types.map((productType) =>
          fc.record({
            productType: fc.constant(productType),
            isExcluded: fc.boolean(),
            points: rate,
            perMinor: fc.integer({ min: 1, max: 1000 }),
          }),
        ),
      ),
    ),
    multipliers: fc.array(rate, { minLength: 1, maxLength: 4 }),
    steps: fc.array(
      fc.record({
        points: fc.integer({ min: 1, max: 500 }),
        amountOffMinor: fc.integer({ min: 1, max: 2000 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ base, rows, multipliers, steps }) =>
    compile(
      makeProgramme({
        earning: {
          base: { ruleId: 'base', name, ...base },
          productTypes: rows.map(({ productType, isExcluded, points, perMinor }) => {
            const row = { ruleId: `type-${productType}`, productType, name };
            return isExcluded ? { ...row, excluded: true } : { ...row, points, perMinor };
          }),
        },
        tiers: multipliers.map((multiplier, index) => {
          return { tierId: `tier-${index}`, name, fromPoints: index * 300, multiplier };
        }),
        rewards: {
          ladder: steps.map((step, index) => ({ rewardId: `step-${index}`, ...step })),
        },
      }),
    ),
  );

const plainLine: fc.Arbitrary<PlainLine> = fc.record({
  productType: fc.constantFrom(...TYPES),
  unitPriceMinor: fc.oneof(
    { weight: 9, arbitrary: fc.nat(20_000) },
    { weight: 1, arbitrary: fc.nat(5_000_000_000) },
  ),
  quantity: fc.integer({ min: 1, max: 20 }),
  taxRateBasisPoints: fc.constantFrom(0, 100, 700, 1000, 1900, 2000, 10_000),
});
const plainLines = fc.array(plainLine, { maxLength: 12 });
const member: fc.Arbitrary<Member> = fc
  .record({
    balancePoints: fc.integer({ min: -100, max: 2000 }),
    tierPoints: fc.integer({ min: -100, max: 2000 }),
  })
  .map(makeMember);

/** Claims every step that is on offer, in turn, as a greedy member would. */
function claimAll(programme: CompiledProgramme, basket: Basket, holder: Member): Basket {
  return programme.ladder.reduce((claimed, step, index) => {
    const { offers } = evaluate(programme, claimed, holder);
    if (offers[index]?.state !== 'available') return claimed;
    const secured = { secured: 'reservation', reservationId: `r${index}` } as const;
    const reduced = reduce(claimed, { type: 'reward.claimed', reward: { ...step, ...secured } });
    if (!reduced.ok) throw new Error(`an offer was refused: ${reduced.error}`);
    return reduced.value;
  }, basket);
}

function sale(programme: CompiledProgramme, lines: readonly PlainLine[], holder: Member) {
  const basket = claimAll(programme, makeSale(lines), holder);
  return { basket, pricing: evaluate(programme, basket, holder) };
}

function integersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(integersOf);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function check(law: (programme: CompiledProgramme, lines: PlainLine[], holder: Member) => void) {
  holds(fc.property(compiled, plainLines, member, law));
}

describe('any sale', () => {
  it('is made of integers, and its parts sum to the whole', () => {
    check((programme, lines, holder) => {
      const { pricing } = sale(programme, lines, holder);
      expect(integersOf(pricing).every(Number.isSafeInteger)).toBe(true);
      const dueMinor = pricing.lines.map((line) => line.grossMinor - line.discountMinor);
      expect(dueMinor.every((minor) => minor >= 0)).toBe(true);
      expect(sum(dueMinor)).toBe(pricing.totalMinor);
      expect(sum(pricing.taxes.map((tax) => tax.grossMinor))).toBe(pricing.totalMinor);
      expect(sum(pricing.taxes.map((tax) => tax.netMinor + tax.taxMinor))).toBe(pricing.totalMinor);
      const offMinor = pricing.redemptions.map((redemption) => redemption.amountOffMinor);
      expect(sum(offMinor)).toBe(pricing.discountMinor);
    });
  });

  it('explains every point', () => {
    check((programme, lines, holder) => {
      const { pricing } = sale(programme, lines, holder);
      expect(sum(pricing.accruals.map((accrual) => accrual.points))).toBe(pricing.earnedPoints);
      expect(sum(pricing.accruals.map((why) => Number(why.whyArgs['points'])))).toBe(
        pricing.earnedPoints,
      );
      expect(sum(pricing.redemptions.map((why) => Number(why.whyArgs['points'])))).toBe(
        pricing.redeemedPoints,
      );
    });
  });

  it('never spends what the member does not have', () => {
    check((programme, lines, holder) => {
      const { pricing } = sale(programme, lines, holder);
      expect(pricing.redeemedPoints).toBeLessThanOrEqual(Math.max(0, holder.balancePoints));
    });
  });

  it('gives the same answer twice, also after a trip through JSON', () => {
    check((programme, lines, holder) => {
      const { basket, pricing } = sale(programme, lines, holder);
      const again = evaluate(programme, JSON.parse(JSON.stringify(basket)), { ...holder });
      expect(again).toEqual(pricing);
      expect(JSON.parse(JSON.stringify(pricing))).toEqual(pricing);
    });
  });
});

describe('points', () => {
  const pointsOf = ({ accruals, earnedPoints, taxes, totalMinor }: Pricing) => {
    return { accruals, earnedPoints, taxes, totalMinor };
  };

  it('do not depend on the order of the lines', () => {
    check((programme, lines, holder) => {
      const forth = evaluate(programme, makeSale(lines), holder);
      const back = evaluate(programme, makeSale(lines.toReversed()), holder);
      expect(pointsOf(back)).toEqual(pointsOf(forth));
    });
  });

  it('never shrink when more is bought', () => {
    holds(
      fc.property(compiled, plainLines, plainLine, member, (programme, lines, more, holder) => {
        const less = evaluate(programme, makeSale(lines), holder);
        const bigger = evaluate(programme, makeSale([...lines, more]), holder);
        expect(bigger.earnedPoints).toBeGreaterThanOrEqual(less.earnedPoints);
      }),
    );
  });
});

describe('money', () => {
  const amount = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 9_000_000_000_000 }));

  it('splits without loss, and no share exceeds its weight', () => {
    holds(
      fc.property(fc.array(fc.nat(1e11), { minLength: 1, maxLength: 40 }), amount, (weights, n) => {
        const total = Math.min(n, sum(weights));
        const shares = splitByLargestRemainder(total, weights);
        expect(sum(shares)).toBe(total);
        shares.forEach((share, index) => {
          const weight = weights[index] ?? 0;
          expect(share).toBeLessThanOrEqual(weight);
          const exact = (BigInt(total) * BigInt(weight)) / BigInt(Math.max(1, sum(weights)));
          expect(share - Number(exact)).toBeGreaterThanOrEqual(0);
          expect(share - Number(exact)).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it('rounds tax as exact division does', () => {
    holds(
      fc.property(amount, fc.integer({ min: 0, max: 10_000 }), (gross, basisPoints) => {
        const exact = divideHalfUp(BigInt(gross) * BigInt(basisPoints), 10_000 + basisPoints);
        expect(taxInclusive(gross, basisPoints)).toBe(exact);
      }),
    );
  });
});

describe('a basket', () => {
  const quantity = fc.integer({ min: -1, max: 1001 });
  const event: fc.Arbitrary<BasketEvent> = fc.oneof(
    fc.record({
      type: fc.constant('product.added' as const),
      product: fc.record({
        sku: fc.constantFrom('a', 'b', 'c'),
        barcode: fc.constant(null),
        name: fc.constant('x'),
        productType: fc.constantFrom(...TYPES),
        unitPriceMinor: fc.nat(9_000_000_000_000),
        taxRateBasisPoints: fc.constant(1900),
      }),
      quantity,
    }),
    fc.record({
      type: fc.constant('amount.added' as const),
      amountMinor: fc.nat(9_000_000_000_000),
      name: fc.constant(''),
      productType: fc.constant('other'),
      taxRateBasisPoints: fc.constant(0),
    }),
    fc.record({ type: fc.constant('quantity.set' as const), line: fc.nat(6), quantity }),
    fc.record({ type: fc.constant('line.removed' as const), line: fc.nat(6) }),
    fc.record({
      type: fc.constant('member.attached' as const),
      memberId: fc.constantFrom('m1', 'm2'),
    }),
    fc.constant({ type: 'member.removed' } as const),
    fc.record({
      type: fc.constant('reward.claimed' as const),
      reward: fc.record({
        rewardId: fc.constantFrom('r1', 'r2'),
        points: fc.nat(1000),
        amountOffMinor: fc.nat(5000),
        secured: fc.constant('offline-floor' as const),
        reservationId: fc.uuid(),
      }),
    }),
    fc.record({
      type: fc.constant('reward.removed' as const),
      rewardId: fc.constantFrom('r1', 'r2'),
    }),
  );

  it('can always be priced, whatever happened to it', () => {
    const demo = compile(makeProgramme());
    holds(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const basket = events.reduce(
          (before, happened) => {
            const reduced = reduce(before, happened);
            return reduced.ok ? reduced.value : before;
          },
          openBasket(TRANSACTION_ID, 0),
        );
        const holder = basket.memberId === null ? null : makeMember({ balancePoints: 5000 });
        const { totalMinor, discountMinor } = evaluate(demo, basket, holder);
        expect(totalMinor).toBeGreaterThanOrEqual(0);
        expect(discountMinor).toBe(sum(basket.rewards.map((reward) => reward.amountOffMinor)));
        expect(new Set(basket.lines.map((line) => line.line)).size).toBe(basket.lines.length);
      }),
    );
  });
});

describe('noise', () => {
  const cards = { memberPrefix: '299', luhn: { prefix: '8000', length: 13 }, gsrn: true };
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 30 });
  const label = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    digits,
    digits.map((tail) => `299${tail}`),
    digits.map((tail) => `8018${tail}`),
    fc.webUrl().map((url) => `${url}/8018/%`),
  );

  it('on a label never throws, and only checked digits pass', () => {
    holds(
      fc.property(label, fc.constantFrom(null, ']E0', ']C1', ']Q1'), (text, aim) => {
        const reading = classify(text, aim, cards);
        if (reading.kind === 'member')
          expect(reading.cardNumber).toMatch(/^([0-9]{13}|[0-9]{18})$/);
        if (reading.kind === 'product') expect(reading.barcode).toMatch(/^([0-9]{8}|[0-9]{13})$/);
        typedCard(text, cards);
      }),
      numRuns * 5,
    );
  });

  it('in a programme file never throws', () => {
    const text = demoText();
    holds(
      fc.property(fc.nat(text.length), fc.nat(20), fc.string(), (from, length, noise) => {
        const parsed = parseProgramme(text.slice(0, from) + noise + text.slice(from + length));
        if (!parsed.ok) expect(parsed.error.length).toBeGreaterThan(0);
      }),
    );
    holds(
      fc.property(fc.json(), (json) => {
        expect(parseProgramme(json).ok).toBe(false);
      }),
    );
  });
});

describe('time', () => {
  it('moves ids forward only, whatever the clock does', () => {
    const tick = fc.record({
      nowMs: fc.integer({ min: 0, max: 2 ** 48 - 2 }),
      randomBytes: fc.uint8Array({ minLength: 10, maxLength: 10 }),
    });
    holds(
      fc.property(fc.array(tick, { minLength: 2, maxLength: 10 }), (ticks) => {
        let previous: string | null = null;
        for (const { nowMs, randomBytes } of ticks) {
          const id: string = makeUuid7(nowMs, previous, randomBytes);
          expect(previous === null || id > previous).toBe(true);
          previous = id;
        }
      }),
    );
  });

  it('never turns a business day back while it goes on', () => {
    const zone = fc.constantFrom(
      'Europe/Istanbul',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    );
    const cutOver = fc.constantFrom('00:00', '01:30', '02:00', '02:30', '04:00', '23:59');
    // Half of the runs lie around the nights when these zones set their clocks back.
    const setBack = fc
      .tuple(
        fc.constantFrom(Date.UTC(2026, 3, 4, 15), Date.UTC(2026, 9, 25, 1)),
        fc.nat(21_600_000),
      )
      .map(([middleMs, awayMs]) => middleMs - 10_800_000 + awayMs);
    const anyTime = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
    const start = fc.oneof(setBack, anyTime);
    holds(
      fc.property(start, fc.nat(10_800_000), zone, cutOver, (atMs, stepMs, timeZone, time) => {
        const before = businessDayOf(atMs, timeZone, time);
        expect(businessDayOf(atMs + stepMs, timeZone, time) >= before).toBe(true);
      }),
    );
  });
});
