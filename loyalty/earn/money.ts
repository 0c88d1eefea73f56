// Owns the kinds of rule that give points for money and units: table, money, units, bands, fixed.
import { assert } from '#loyalty/assert.ts';
import { compileFilter, type LineTest, sumOfLines } from '#loyalty/compiledCondition.ts';
import type { PricingContext } from '#loyalty/context.ts';
import { type EarningBase, type PointsOf, pointsOfSum, tenderShare } from '#loyalty/earn/base.ts';
import { type Earned, NOTHING, type RuleSurroundings } from '#loyalty/earn/rule.ts';
import { currencyExponent, splitByLargestRemainder } from '#loyalty/money.ts';
import {
  flooredBy,
  makeRate,
  multiplyRates,
  POINTS_MAX,
  parseRate,
  type Rate,
  rateText,
} from '#loyalty/points.ts';
import type { Message } from '#loyalty/pricing.ts';
import type { EarningRuleFile, EarningRuleOf, TableRowFile } from '#loyalty/rules/earning.ts';
import type { Name } from '#loyalty/rules/fields.ts';
import type { SaleLine } from '#loyalty/sale.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

type Earn = (context: PricingContext, base: EarningBase) => readonly Earned[];

/** Rate of a checked file. */
export function rateOf(text: string): Rate {
  const rate = parseRate(text);
  assert(rate !== null, `unparsed rate ${text}`);
  return rate;
}

/** Points per minor unit. */
export function perMinorRate(points: string, perMinor: number): Rate {
  return multiplyRates(rateOf(points), makeRate(1n, BigInt(perMinor)));
}

/** The rate for one whole currency unit, as people read it. */
export function rateWords(rate: Rate, currency: string): string {
  return rateText(multiplyRates(rate, makeRate(10n ** BigInt(currencyExponent(currency)), 1n)));
}

/** How one rate turns amounts into points, for each tier and under the rule's rounding. */
function pointsByTier(
  rate: Rate,
  head: EarningRuleFile,
  surroundings: RuleSurroundings,
): readonly PointsOf[] {
  const floor = head.floor ?? surroundings.floor;
  const tiers = head.isMultipliedByTier ? surroundings.tiers : surroundings.tiers.slice(0, 1);
  return tiers.map(({ multiplierText }): PointsOf => {
    const isPlain = !head.isMultipliedByTier || multiplierText === null;
    const multiplier = isPlain ? makeRate(1n, 1n) : rateOf(multiplierText);
    if (floor === 'baseThenMultiplied' && !isPlain) {
      const first = pointsOfSum(rate, surroundings.taxes);
      const then = flooredBy(multiplier);
      return (context, base, amounts) => then(first(context, base, amounts));
    }
    const whole = pointsOfSum(multiplyRates(rate, multiplier), surroundings.taxes);
    if (floor !== 'line') return whole;
    return (context, base, amounts) => {
      let points = 0;
      amounts.forEach((amount, index) => {
        if (amount <= 0) return;
        points += whole(context, base, alone(amounts.length, index, amount));
      });
      return Math.min(POINTS_MAX, points);
    };
  });
}

function alone(length: number, index: number, amount: number): number[] {
  const amounts = new Array<number>(length).fill(0);
  amounts[index] = amount;
  return amounts;
}

/** What a rule's words need besides its figures. */
interface RateWords {
  readonly stem: 'why.earn.base' | 'why.earn.productType' | 'why.earn.units';
  readonly names: Readonly<Record<string, string>>;
  readonly rate: string;
  readonly currency: string;
}

function whyOf(
  words: RateWords,
  amount: number,
  points: number,
  tier: RuleSurroundings['tiers'][number] | null,
): Why {
  const { stem, names, rate, currency } = words;
  const counted = stem === 'why.earn.units' ? { units: amount } : { amountMinor: amount, currency };
  if (tier === null || tier.multiplierText === null) {
    return { whyKey: `${stem}.plain`, whyArgs: { ...counted, rate, points, ...names } };
  }
  const multiplier = { multiplier: tier.multiplierText, ...nameArgs(tier.name, 'tierName') };
  return { whyKey: stem, whyArgs: { ...counted, rate, points, ...names, ...multiplier } };
}

/** A rate over some amounts: what rows of tables, money and unit rules have in common. */
interface Rated {
  readonly ruleId: string;
  readonly account: string;
  readonly words: RateWords;
  readonly byTier: readonly PointsOf[];
  readonly isMultiplied: boolean;
  readonly tenderTypes: ReadonlySet<string> | null;
}

function ratedOf(
  head: EarningRuleFile,
  row: { readonly ruleId: string; readonly name: Name },
  rate: Rate,
  stem: RateWords['stem'],
  surroundings: RuleSurroundings,
): Rated {
  const { currency } = surroundings;
  // Units carry no tax and are no money: their rate is a rate a unit.
  const taxes = stem === 'why.earn.units' ? 'included' : surroundings.taxes;
  const text = stem === 'why.earn.units' ? rateText(rate) : rateWords(rate, currency);
  return {
    ruleId: row.ruleId,
    account: head.account,
    words: { stem, names: nameArgs(row.name), rate: text, currency },
    byTier: pointsByTier(rate, head, { ...surroundings, taxes }),
    isMultiplied: head.isMultipliedByTier,
    tenderTypes: head.when.tenderTypes === undefined ? null : new Set(head.when.tenderTypes),
  };
}

function earnedOf(
  rated: Rated,
  surroundings: RuleSurroundings,
  context: PricingContext,
  base: EarningBase,
  amounts: readonly number[],
): Earned | null {
  let counted = amounts;
  if (rated.tenderTypes !== null) {
    const { paidMinor, ofMinor } = tenderShare(base, rated.tenderTypes);
    if (paidMinor === 0) return null;
    if (paidMinor < ofMinor) {
      // One sum for the whole rule: the share of a tender is a share of the sale, not of a line.
      const sum = amounts.reduce((total, amount) => total + amount, 0);
      const share = Number((BigInt(sum) * BigInt(paidMinor)) / BigInt(ofMinor));
      counted = splitByLargestRemainder(share, amounts);
    }
  }
  const pointsOf = rated.byTier[rated.isMultiplied ? context.tierIndex : 0];
  assert(pointsOf !== undefined, 'a rule knows every tier');
  const points = pointsOf(context, base, counted);
  if (points <= 0) return null;
  let amount = 0;
  for (const part of counted) amount += part;
  const tier = rated.isMultiplied ? (surroundings.tiers[context.tierIndex] ?? null) : null;
  const { whyKey, whyArgs } = whyOf(rated.words, amount, points, tier);
  return {
    ruleId: rated.ruleId,
    account: rated.account,
    owner: context.pointsOwner,
    points,
    weights: counted,
    tallies: null,
    condition: null,
    onceKey: null,
    whyKey,
    whyArgs,
  };
}

const EXCLUDED = -1;

/** For each line the row that takes it: the most specific of sku > product type > tag > all. */
function rowFinder(rows: readonly TableRowFile[]): (line: SaleLine) => number | undefined {
  const bySku = new Map<string, number>();
  const byType = new Map<string, number>();
  const byTag: (readonly [string, number])[] = [];
  let all: number | undefined;
  rows.forEach((row, rowIndex) => {
    const index = row.isExcluded === true ? EXCLUDED : rowIndex;
    for (const sku of row.skus ?? []) if (!bySku.has(sku)) bySku.set(sku, index);
    for (const type of row.productTypes ?? []) if (!byType.has(type)) byType.set(type, index);
    for (const tag of row.tags ?? []) byTag.push([tag, index]);
    const isForAll = row.skus === undefined && row.productTypes === undefined;
    if (isForAll && row.tags === undefined) all ??= index;
  });
  return (line) => {
    const found =
      (line.sku === null ? undefined : bySku.get(line.sku)) ?? byType.get(line.productType);
    if (found !== undefined) return found;
    if (byTag.length > 0 && line.tags !== undefined && line.tags.length > 0) {
      for (const [tag, index] of byTag) if (line.tags.includes(tag)) return index;
    }
    return all;
  };
}

/** Points by a table: each line finds one row, and each row is floored on its own. */
export function compileTable(
  file: EarningRuleOf<'table'>,
  surroundings: RuleSurroundings,
  matches: LineTest | null,
): Earn {
  const rowOf = rowFinder(file.rows);
  const rated = file.rows.map((row): Rated | null => {
    if (row.isExcluded === true) return null;
    const isForAll =
      row.skus === undefined && row.productTypes === undefined && row.tags === undefined;
    if (row.pointsPerUnit !== undefined) {
      return ratedOf(file, row, rateOf(row.pointsPerUnit), 'why.earn.units', surroundings);
    }
    assert(row.points !== undefined && row.perMinor !== undefined, 'a row has a rate');
    const rate = perMinorRate(row.points, row.perMinor);
    return ratedOf(
      file,
      row,
      rate,
      isForAll ? 'why.earn.base' : 'why.earn.productType',
      surroundings,
    );
  });
  const isFiltered = rated.map((row) => row?.words.stem !== 'why.earn.base' || matches !== null);
  const isByUnit = rated.map((row) => row?.words.stem === 'why.earn.units');
  return (context, base) => {
    const { lines } = context;
    const amounts: (number[] | undefined)[] = new Array(rated.length);
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index]?.line;
      if (line === undefined || (matches !== null && !matches(line))) continue;
      const row = rowOf(line);
      if (row === undefined || row === EXCLUDED) continue;
      const source = isByUnit[row]
        ? base.units
        : isFiltered[row]
          ? base.filteredMinor
          : base.amountsMinor;
      const amount = source[index] ?? 0;
      if (amount === 0) continue;
      const own = amounts[row] ?? new Array<number>(lines.length).fill(0);
      own[index] = amount;
      amounts[row] = own;
    }
    const earned: Earned[] = [];
    for (let row = 0; row < rated.length; row += 1) {
      const own = amounts[row];
      const rule = rated[row];
      if (own === undefined || rule === null || rule === undefined) continue;
      const given = earnedOf(rule, surroundings, context, base, own);
      if (given !== null) earned.push(given);
    }
    return earned;
  };
}

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
  const rated = ratedOf(file, file, rate, isUnits ? 'why.earn.units' : stem, surroundings);
  return (context, base) => {
    const money = matches === null ? base.amountsMinor : base.filteredMinor;
    const amounts = matching(context, isUnits ? base.units : money, matches);
    const given = earnedOf(rated, surroundings, context, base, amounts);
    return given === null ? NOTHING : [given];
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
  const { basketAtLeastMinor } = file.when;
  return {
    ruleId: file.ruleId,
    account: file.account,
    owner: context.pointsOwner,
    points,
    weights: null,
    tallies: null,
    // The bonus stands as long as the sale, after returns, still reaches its threshold.
    condition:
      basketAtLeastMinor === undefined
        ? null
        : {
            of: 'sale-net-minor',
            account: null,
            sinceMs: 0,
            untilMs: null,
            atLeast: basketAtLeastMinor,
          },
    onceKey: null,
    whyKey,
    whyArgs: { points, ...names },
  };
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
    let amountMinor = 0;
    for (const amount of amounts) amountMinor += amount;
    if (amountMinor <= 0) return NOTHING;
    const band = file.bands.find(({ upToMinor }) => upToMinor === null || amountMinor <= upToMinor);
    if (band === undefined || band.points === 0) return NOTHING;
    const { points } = band;
    const whyArgs = { amountMinor, currency, points, ...names };
    return [{ ...once(file, names, context, points, 'why.earn.band'), weights: amounts, whyArgs }];
  };
}

/** Points once a sale. */
export function compileFixed(file: EarningRuleOf<'fixed'>): Earn {
  const names = nameArgs(file.name);
  return (context) => [once(file, names, context, file.points, 'why.earn.fixed')];
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
