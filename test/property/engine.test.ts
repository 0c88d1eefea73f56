// Goal: the laws of pricing hold for any programme, basket and member: whole numbers, sums that are
// exact, words that add up to them, and the same answer whatever the order of the lines.
// Method: fast-check over whole programmes with every kind of rule and reward.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMovements, type Books, heldOf } from '#loyalty/books/books.ts';
import type { State } from '#loyalty/books/state.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { Moment, Sale } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import type { ProgrammeForm } from '#test/support/loyaltyShop.ts';
import { randomProgramme } from '#test/support/randomProgramme.ts';
import {
  checkedProgramme,
  digested,
  make,
  randomLines,
  randomMoment,
  randomSale,
  randomState,
  saleParts,
} from '#test/support/randomSale.ts';
import { runs } from '#test/support/runs.ts';

const RUNS = runs(150);

interface Case {
  readonly compiled: CompiledProgramme;
  readonly sale: Sale;
  /** After an earlier sale of the same member. */
  readonly state: State;
  readonly moment: Moment;
}

const anyInput = fc.record({
  form: randomProgramme(),
  earlier: randomSale,
  sale: randomSale,
  state: randomState,
  moment: randomMoment,
});
type Input = typeof anyInput extends fc.Arbitrary<infer T> ? T : never;

function caseOf({ form, earlier, sale, state, moment }: Input): Case {
  const compiled = checkedProgramme(form);
  const before = { ...moment, atMs: moment.atMs - 3 * DAY_MS };
  const { after } = make(compiled, earlier, state, before);
  return { compiled, sale, state: { ...state, books: after }, moment: digested(moment, sale) };
}

function priced({ compiled, sale, state, moment }: Case): Pricing {
  return priceSale(compiled, sale, state, moment);
}

function holds(property: (one: Case) => void): void {
  return fc.assert(
    fc.property(anyInput, (input) => property(caseOf(input))),
    RUNS,
  );
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}

/** Every number in a value, wherever it stands. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

/** What everybody holds of every account. */
function balances(books: Books): Record<string, number> {
  const held: [string, number][] = [];
  for (const [owner, accounts] of books) {
    for (const account of accounts.keys()) {
      held.push([`${owner} ${account}`, heldOf(books, owner, account)]);
    }
  }
  return Object.fromEntries(held);
}

/** Sentences without the order in which they are said. */
function unordered(list: readonly unknown[]): string[] {
  return list.map((one) => JSON.stringify(one)).sort();
}

describe('pricing a sale', () => {
  it('gives integers only', () => {
    holds((one) => {
      expect(numbersIn(priced(one)).filter((number) => !Number.isSafeInteger(number))).toEqual([]);
    });
  });

  it('adds up: lines, discounts, taxes, tenders', () => {
    holds((one) => {
      const pricing = priced(one);
      const off = new Map<number, number>();
      for (const { amountMinor, lines } of pricing.discounts) {
        expect(sum(lines, ({ amount }) => amount)).toBe(amountMinor);
        for (const { line, amount } of lines) off.set(line, (off.get(line) ?? 0) + amount);
      }
      for (const { line, grossMinor, discountMinor, netMinor } of pricing.lines) {
        expect(discountMinor).toBe(off.get(line) ?? 0);
        expect(netMinor).toBe(grossMinor - discountMinor);
      }
      const { subtotalMinor, discountMinor, roundingMinor, totalMinor, dueMinor } = pricing;
      expect(discountMinor).toBe(sum(pricing.discounts, ({ amountMinor }) => amountMinor));
      expect(totalMinor).toBe(subtotalMinor - discountMinor + roundingMinor);
      expect(sum(pricing.taxes, ({ grossMinor }) => grossMinor)).toBe(totalMinor - roundingMinor);
      for (const { grossMinor, netMinor, taxMinor } of pricing.taxes) {
        expect(netMinor + taxMinor).toBe(grossMinor);
      }
      expect(dueMinor).toBe(totalMinor - sum(pricing.tenderEffects, (one) => one.amountMinor));
    });
  });

  it('explains all of it: points of each account, and the money off', () => {
    holds((one) => {
      const { explanation, accruals, redemptions, ...pricing } = priced(one);
      type Entry = { readonly owner: string | null; readonly account: string | null };
      const keyOf = ({ owner, account }: Entry) => `${owner} ${account}`;
      for (const key of new Set([...accruals, ...redemptions].map(keyOf))) {
        const of = <T extends Entry>(list: readonly T[]) =>
          list.filter((entry) => keyOf(entry) === key);
        const moved = sum(of(accruals), (e) => e.points) - sum(of(redemptions), (e) => e.points);
        expect(sum(of(explanation), ({ points }) => points)).toBe(moved);
      }
      expect(sum(explanation, ({ amountMinor }) => amountMinor)).toBe(0 - pricing.discountMinor);
    });
  });

  it('moves what it says: points earned less points spent are what the owner holds more', () => {
    holds((one) => {
      const { accruals, redemptions, movements } = priced(one);
      const said = new Map<string, number>();
      const say = (owner: string, account: string, points: number) =>
        said.set(`${owner} ${account}`, (said.get(`${owner} ${account}`) ?? 0) + points);
      for (const { owner, account, points } of accruals) say(owner, account, points);
      for (const { owner, account, points } of redemptions) say(owner, account, -points);
      const moved = new Map<string, number>();
      for (const { owner, account, amount, kind, rule } of movements) {
        if (kind === 'tally' || rule === 'top-up' || rule === 'tender') continue;
        const key = `${owner} ${account}`;
        moved.set(key, (moved.get(key) ?? 0) + amount);
      }
      expect(unordered([...moved])).toEqual(unordered([...said]));
    });
  });

  it('gives the same for the same', () => {
    holds((one) => {
      const again = { ...one, sale: structuredClone(one.sale), state: structuredClone(one.state) };
      expect(priced(again)).toEqual(priced(one));
    });
  });

  it('does not depend on the order of the lines', () => {
    return fc.assert(
      fc.property(anyInput, fc.infiniteStream(fc.nat()), (input, keys) => {
        const one = caseOf(input);
        const lines = one.sale.lines
          .map((line) => ({ line, key: keys.next().value ?? 0 }))
          .toSorted((left, right) => left.key - right.key)
          .map(({ line }) => line);
        const straight = priced(one);
        const turned = priced({ ...one, sale: { ...one.sale, lines } });
        for (const key of ['totalMinor', 'dueMinor', 'discountMinor', 'taxes'] as const) {
          expect(turned[key]).toEqual(straight[key]);
        }
        for (const key of ['explanation', 'accruals', 'redemptions', 'offers', 'tier'] as const) {
          expect(unordered([turned[key]].flat())).toEqual(unordered([straight[key]].flat()));
        }
        const { books } = one.state;
        const after = (pricing: Pricing) => balances(applyMovements(books, pricing.movements));
        expect(after(turned)).toEqual(after(straight));
      }),
      RUNS,
    );
  });
});

type ProgrammeRules = ProgrammeForm['earning']['rules'];

/**
 * Programmes in which more money is never worth less by their own word: bands that rise, tiers that
 * multiply more the higher they are, and no rule that takes the place of another.
 */
function rising(form: ProgrammeForm): ProgrammeForm {
  const { levels } = form.tiers;
  const multipliers = levels
    .map(({ multiplier = '1' }) => multiplier)
    .toSorted((left, right) => Number(left) - Number(right));
  const rules = form.earning.rules.map((rule): ProgrammeRules[number] => {
    const { tierIds: _, ...when } = rule.when ?? {};
    const caps = (rule.caps ?? []).map(({ group: __, ...cap }) => cap);
    const own = { ...rule, when, caps, stacking: 'add' as const };
    if (own.kind !== 'bands') return own;
    const points = own.bands.map((band) => band.points).toSorted((left, right) => left - right);
    const bands = own.bands.map((band, index) => ({ ...band, points: points[index] ?? 0 }));
    // Beyond the last band there is nothing: so there is none.
    const last = bands.at(-1);
    return {
      ...own,
      bands: last === undefined ? [] : [...bands.slice(0, -1), { ...last, upToMinor: null }],
    };
  });
  return {
    ...form,
    earning: { ...form.earning, rules },
    tiers: {
      ...form.tiers,
      levels: levels.map((level, index) => ({ ...level, multiplier: multipliers[index] ?? '1' })),
    },
  };
}

describe('earning', () => {
  it('never falls when a price rises, while no reward is in it', () => {
    return fc.assert(
      fc.property(
        fc.record({
          form: randomProgramme({ rewards: fc.constant([]) }).map(rising),
          earlier: randomSale,
          sale: fc.record({ ...saleParts, lines: randomLines(false), tenders: fc.constant([]) }),
          state: randomState,
          moment: randomMoment,
        }),
        fc.nat(11),
        fc.integer({ min: 1, max: 5000 }),
        (input, at, dearer) => {
          const one = caseOf(input);
          const index = at % Math.max(1, one.sale.lines.length);
          const lines = one.sale.lines.map((line, place) =>
            place === index ? { ...line, unitPriceMinor: line.unitPriceMinor + dearer } : line,
          );
          const earned = (pricing: Pricing) => sum(pricing.accruals, ({ points }) => points);
          const after = earned(priced({ ...one, sale: { ...one.sale, lines } }));
          expect(after).toBeGreaterThanOrEqual(earned(priced(one)));
        },
      ),
      RUNS,
    );
  });
});
