// Owns the kinds of rule that give points for a whole basket: money, units, bands, fixed.

import type { EarningBase } from '#loyalty/earn/base.ts';
import { compileRate, earnedBy, perMinorRate, rateOf } from '#loyalty/earn/rated.ts';
import { counted, type Earned, NOTHING, type RuleSurroundings } from '#loyalty/earn/rule.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Message } from '#loyalty/pricing/pricing.ts';
import { compileFilter, type LineTest, sumOfLines } from '#loyalty/programme/compiledCondition.ts';
import type { EarningRuleFile, EarningRuleOf } from '#loyalty/programme/earning.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

type Earn = (context: PricingContext, base: EarningBase) => readonly Earned[];

/** The amounts of the lines that a rule looks at; the others count nothing. */
export function matching(
  context: PricingContext,
  amounts: readonly number[],
  matches: LineTest | null,
): readonly number[] {
  if (matches === null) return amounts;
  return amounts.map((amount, index) => {
    const line = context.lines[index]?.line;
    return amount !== 0 && line !== undefined && matches(line) ? amount : 0;
  });
}

/** A bonus on money or on units, on top of the table. */
export function compileRated(
  file: EarningRuleOf<'money'> | EarningRuleOf<'units'>,
  surroundings: RuleSurroundings,
): Earn {
  const matches = compileFilter(file.when.lines);
  const isUnits = file.kind === 'units';
  const rate = isUnits ? rateOf(file.pointsPerUnit) : perMinorRate(file.points, file.perMinor);
  const stem = matches === null ? 'why.earn.base' : 'why.earn.productType';
  const rated = compileRate(file, file, rate, isUnits ? 'why.earn.units' : stem, surroundings);
  return (context, base) => {
    const money = matches === null ? base.amountsMinor : base.filteredMinor;
    const amounts = matching(context, isUnits ? base.units : money, matches);
    const given = earnedBy(rated, context, base, counted(amounts));
    return given === null ? NOTHING : [given];
  };
}

function onceFor(
  { ruleId, account }: EarningRuleFile,
  owner: string,
  points: number,
  { whyKey, whyArgs }: Why,
): Earned {
  return {
    ruleId,
    account,
    owner,
    points,
    weights: null,
    tallies: null,
    condition: null,
    onceKey: null,
    whyKey,
    whyArgs,
  };
}

/** Points that a rule gives once, with its words. */
export function once(
  file: EarningRuleFile,
  names: Readonly<Record<string, string>>,
  context: PricingContext,
  points: number,
  whyKey: string,
): Earned {
  return onceFor(file, context.pointsOwner, points, { whyKey, whyArgs: { ...names, points } });
}

/** Points by the amount of the sale: one band has it. */
export function compileBands(file: EarningRuleOf<'bands'>, currency: string): Earn {
  const matches = compileFilter(file.when.lines);
  const names = nameArgs(file.name);
  return (context, base) => {
    const amounts = matching(
      context,
      matches === null ? base.amountsMinor : base.filteredMinor,
      matches,
    );
    const all = counted(amounts);
    const amountMinor = all.sum;
    if (amountMinor <= 0) return NOTHING;
    const band = file.bands.find(({ upToMinor }) => upToMinor === null || amountMinor <= upToMinor);
    if (band === undefined || band.points === 0) return NOTHING;
    const { points } = band;
    const whyArgs = { ...names, amountMinor, currency, points };
    return [{ ...once(file, names, context, points, 'why.earn.band'), weights: all, whyArgs }];
  };
}

/** Points once a sale. */
export function compileFixed(file: EarningRuleOf<'fixed'>): Earn {
  const { points } = file;
  const why: Why = { whyKey: 'why.earn.fixed', whyArgs: { ...nameArgs(file.name), points } };
  return ({ pointsOwner }) => [onceFor(file, pointsOwner, points, why)];
}

/** "Add 1.60 for 50 points": only while little is missing, and nothing else is. */
export function compileNudge(
  file: EarningRuleOf<'fixed'>,
  holdsWithoutThreshold: (context: PricingContext, amounts: readonly number[]) => boolean,
  surroundings: RuleSurroundings,
): ((context: PricingContext, base: EarningBase) => Message | null) | null {
  const { nudgeWithinMinor, points } = file;
  const threshold = file.when.basketAtLeastMinor;
  if (nudgeWithinMinor === undefined || threshold === undefined) return null;
  const names = nameArgs(file.name);
  const taxes = file.when.thresholdTaxes ?? surroundings.taxes;
  return (context, base) => {
    const amountMinor = sumOfLines(context, base.amountsMinor, null, taxes);
    const missingMinor = threshold - amountMinor;
    if (missingMinor <= 0 || missingMinor > nudgeWithinMinor) return null;
    if (!holdsWithoutThreshold(context, base.amountsMinor)) return null;
    return {
      kind: 'nudge',
      missingMinor,
      points,
      lines: [],
      whyKey: 'nudge.threshold',
      whyArgs: { missingMinor, currency: surroundings.currency, points, ...names },
    };
  };
}
