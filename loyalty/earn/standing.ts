// Owns what points stand on: the threshold of their rule, which a return asks for again.
import type { Condition } from '#loyalty/books/books.ts';
import type { EarningBase } from '#loyalty/earn/base.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import { compileFilter } from '#loyalty/programme/compiledCondition.ts';
import type { ConditionFile } from '#loyalty/programme/condition.ts';

/** Asked for when the sale is committed. */
export type StandsOn = (context: PricingContext, base: EarningBase) => Condition;

/** So much money, or so many units, of some lines of this sale. */
export function standingOnLines(
  of: 'sale-net-minor' | 'sale-units',
  atLeast: number,
  lines: readonly number[],
): Condition {
  return { of, lines, account: null, sinceMs: 0, untilMs: null, atLeast };
}

/** Null for a rule without a threshold. Of several, the one on the basket is asked for again. */
export function compileStanding(
  when: ConditionFile,
  baseTaxes: 'included' | 'excluded',
): StandsOn | null {
  const { basketAtLeastMinor, linesAtLeastMinor, linesAtLeastUnits } = when;
  const matches = compileFilter(when.lines);
  const taxes = when.thresholdTaxes ?? baseTaxes;
  const atLeastMinor = basketAtLeastMinor ?? linesAtLeastMinor;
  if (atLeastMinor !== undefined) {
    const isForAll = basketAtLeastMinor !== undefined || matches === null;
    return ({ lines }, { amountsMinor }) => {
      // What never earns (a gift card, a deposit) met no threshold and keeps none.
      const counted = lines.flatMap(({ line }, index) =>
        (amountsMinor[index] ?? 0) > 0 && (isForAll || matches(line)) ? [line.line] : [],
      );
      return { ...standingOnLines('sale-net-minor', atLeastMinor, counted), taxes };
    };
  }
  if (linesAtLeastUnits === undefined) return null;
  return ({ lines }) => {
    const counted = lines.flatMap(({ line, isGoods }) =>
      isGoods && (matches === null || matches(line)) ? [line.line] : [],
    );
    return standingOnLines('sale-units', linesAtLeastUnits, counted);
  };
}
