// Goal: the laws of books hold for any programme, basket and member: a full return undoes exactly a
// sale, caps hold over several sales, and selling never overdraws an account.
// Method: fast-check over whole programmes with every kind of rule and reward.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMovements, type Books } from '#loyalty/books/books.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import type { Sale, SaleLine } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import type { CapFile } from '#loyalty/programme/earning.ts';
import { randomProgramme } from '#test/support/randomProgramme.ts';
import {
  checkedProgramme,
  type Made,
  make,
  randomMoment,
  randomSale,
  randomState,
  takenBack,
} from '#test/support/randomSale.ts';
import { runs } from '#test/support/runs.ts';
import { inOrder } from '#test/support/storedSales.ts';

const RUNS = runs(150);

const input = {
  form: randomProgramme(),
  earlier: randomSale,
  sale: randomSale,
  state: randomState,
  moment: randomMoment,
};

describe('a sale and its full return', () => {
  it('restore balances, lots, counters, tier, stock and budgets', () => {
    return fc.assert(
      fc.property(
        fc.record({ ...input, daysLater: fc.nat(20) }),
        ({ form, earlier, sale, state, moment, daysLater }) => {
          fc.pre(sale.lines.some(({ kind }) => kind !== 'deduction'));
          const compiled = checkedProgramme(form);
          const before = { ...moment, atMs: moment.atMs - 3 * DAY_MS };
          const first = make(compiled, earlier, state, before);
          const made = make(compiled, sale, { ...state, books: first.after }, moment);
          // Of a membership only the days that are left are paid back.
          const isAtOnce = made.stored.movements.some(({ account }) => account === 'membership');
          const days = isAtOnce ? 0 : daysLater;
          const { movements, others } = takenBack(compiled, made, days, [first.stored]);
          expect(inOrder(applyMovements(made.after, movements))).toEqual(inOrder(made.before));
          expect(others).toEqual([]);
          // Nothing is deleted: the ledger has grown by what undoes it.
          expect(movements.length > 0).toBe(made.pricing.movements.length > 0);
        },
      ),
      RUNS,
    );
  });
});

/** Accounts of points, stamps and money, by owner. */
function lowest(books: Books): Record<string, number> {
  const low: [string, number][] = [];
  for (const [owner, accounts] of books) {
    for (const [account, lots] of accounts) {
      if (account.includes('/')) continue;
      low.push([`${owner} ${account}`, Math.min(0, ...lots.map(({ amount }) => amount))]);
    }
  }
  return Object.fromEntries(low);
}

describe('selling', () => {
  it('never brings a lot below zero, nor a debt further down', () => {
    return fc.assert(
      fc.property(fc.record(input), ({ form, earlier, sale, state, moment }) => {
        const compiled = checkedProgramme(form);
        const first = make(compiled, earlier, state, moment);
        const { before, after } = make(compiled, sale, { ...state, books: first.after }, moment);
        const [was, is] = [lowest(before), lowest(after)];
        for (const [place, low] of Object.entries(is)) {
          expect(low, place).toBeGreaterThanOrEqual(was[place] ?? 0);
        }
      }),
      RUNS,
    );
  });
});

/** What each cap of each rule saw in each sale; rules of one group are counted together. */
function usesOf(compiled: CompiledProgramme, made: readonly Made[]) {
  const given = compiled.programme.earning.rules.map((rule) => {
    const ids = new Set([rule.ruleId]);
    if (rule.kind === 'table') for (const row of rule.rows) ids.add(row.ruleId);
    const perSale = made.map(({ pricing }) =>
      pricing.accruals
        .filter((accrual) => ids.has(accrual.rule))
        .reduce((sum, { points }) => sum + points, 0),
    );
    return { rule, perSale };
  });
  return given.flatMap(({ rule }) =>
    rule.caps.flatMap((cap) =>
      (['points', 'times'] as const)
        .filter((key) => cap[key] !== undefined)
        .map((key) => {
          const isShared = (other: CapFile) =>
            (other === cap || (cap.group !== undefined && other.group === cap.group)) &&
            other.per === cap.per &&
            other.period === cap.period &&
            other[key] !== undefined;
          const sharing = given.filter((one) => one.rule.caps.some(isShared));
          const limits = sharing.flatMap((one) => one.rule.caps.filter(isShared));
          const perSale = made.map((_, index) =>
            sharing
              .map((one) => one.perSale[index] ?? 0)
              .reduce((sum, points) => sum + (key === 'points' ? points : Math.sign(points)), 0),
          );
          return { cap, most: Math.max(...limits.map((one) => one[key] ?? 0)), perSale };
        }),
    ),
  );
}

/** The lines of a sale, in two sales. */
function split(sale: Sale, at: number): readonly Sale[] {
  const part = (lines: readonly SaleLine[], index: number) => ({
    ...sale,
    lines,
    transactionId: `${sale.transactionId}-${index}`,
  });
  const place = at % (sale.lines.length + 1);
  return [part(sale.lines.slice(0, place), 1), part(sale.lines.slice(place), 2)];
}

describe('caps', () => {
  it('hold for each sale and over the parts of a split basket', () => {
    const splitInput = fc.record({ ...input, at: fc.nat(12) });
    return fc.assert(
      fc.property(splitInput, ({ form, sale, state, moment, at }) => {
        const compiled = checkedProgramme(form);
        let { books } = state;
        const made = split(sale, at).map((one) => {
          const part = make(compiled, one, { ...state, books }, moment);
          books = part.after;
          return part;
        });
        for (const { cap, most, perSale } of usesOf(compiled, made)) {
          const used =
            cap.period === 'sale'
              ? Math.max(...perSale)
              : perSale.reduce((sum, one) => sum + one, 0);
          expect(used).toBeLessThanOrEqual(most);
        }
      }),
      RUNS,
    );
  });
});
