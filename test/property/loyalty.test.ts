// Goal: the laws of points and money hold for any sale. Method: fast-check over random programmes,
// baskets and members. The long run tries each twenty times as often.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDayOf } from '#loyalty/calendar.ts';
import { classify, typedCard } from '#loyalty/card.ts';
import { makeUuid7 } from '#loyalty/ids.ts';
import { divideHalfUp, splitByLargestRemainder, taxInclusive } from '#loyalty/money.ts';
import { type BasketEvent, openBasket, reduce } from '#loyalty/pricing/basket.ts';
import { compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import {
  demoText,
  makeMember,
  makeProgramme,
  price,
  TRANSACTION_ID,
} from '#test/support/makeLoyalty.ts';
import { runs } from '#test/support/runs.ts';

const USUAL_RUNS = 50;

/** Returned, because the linter takes what `fc.assert` gives for a promise that nobody awaits. */
function holds<Values>(property: fc.IProperty<Values>, count = USUAL_RUNS): void {
  return fc.assert(property, runs(count));
}

const TYPES = ['groceries', 'coffee', 'books', 'gift-card', 'toys'] as const;
function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

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
        const { totalMinor, refusals } = price(demo, basket, holder);
        expect(totalMinor).toBeGreaterThanOrEqual(0);
        // Rewards that the programme does not have are said, and the sale goes on.
        expect(refusals).toHaveLength(basket.rewards.length);
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
      USUAL_RUNS * 5,
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
