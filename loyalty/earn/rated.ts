// Owns rates: how a rate turns amounts of lines into points, and the sentence that says so.
import { assert } from '#loyalty/assert.ts';
import { type EarningBase, type PointsOf, pointsOfSum, tenderShare } from '#loyalty/earn/base.ts';
import type { Counted, Earned, RuleSurroundings } from '#loyalty/earn/rule.ts';
import { currencyExponent } from '#loyalty/money.ts';
import {
  flooredBy,
  makeRate,
  multiplyRates,
  POINTS_MAX,
  parseRate,
  type Rate,
  rateText,
} from '#loyalty/points.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { EarningRuleFile } from '#loyalty/programme/earning.ts';
import type { Name } from '#loyalty/programme/fields.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

const WHOLE = makeRate(1n, 1n);

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
function rateWords(rate: Rate, currency: string): string {
  return rateText(multiplyRates(rate, makeRate(10n ** BigInt(currencyExponent(currency)), 1n)));
}

type PointsOfCounted = (context: PricingContext, counted: Counted) => number;

/** Floored on each line by itself. */
function byLine(whole: PointsOf): PointsOfCounted {
  return (context, counted) => {
    let points = 0;
    const all = counted.amounts();
    const alone = new Array<number>(all.length).fill(0);
    for (let index = 0; index < all.length; index += 1) {
      const amount = all[index] ?? 0;
      if (amount <= 0) continue;
      alone[index] = amount;
      points += whole(context, alone);
      alone[index] = 0;
    }
    return Math.min(POINTS_MAX, points);
  };
}

function pointsOf(
  rate: Rate,
  multiplier: Rate,
  floor: RuleSurroundings['floor'],
  taxes: EarningBase['taxes'],
): PointsOfCounted {
  if (floor === 'baseThenMultiplied') {
    const first = pointsOf(rate, WHOLE, 'rule', taxes);
    const then = flooredBy(multiplier);
    return (context, counted) => then(first(context, counted));
  }
  const both = multiplyRates(rate, multiplier);
  if (floor === 'line') return byLine(pointsOfSum(both, taxes));
  if (taxes === 'included') {
    const floored = flooredBy(both);
    return (_context, { sum }) => floored(sum);
  }
  const exact = pointsOfSum(both, taxes);
  return (context, counted) => exact(context, counted.amounts());
}

/** What a rate does on one level. */
interface RatedLevel {
  readonly pointsOf: PointsOfCounted;
  /** The same of a part of all money, exact: a tender that pays a third brings a third. */
  readonly pointsOfPart: (part: Rate) => PointsOfCounted;
  readonly whyKey: string;
  readonly whyArgs: Why['whyArgs'];
}

/** A rate over some amounts: what rows of tables, money and unit rules have in common. */
export interface Rated {
  readonly ruleId: string;
  readonly account: string;
  readonly isUnits: boolean;
  /** By index of the tier; only one where tiers do not multiply. */
  readonly levels: readonly RatedLevel[];
  readonly tenderTypes: ReadonlySet<string> | null;
}

export type RateStem = 'why.earn.base' | 'why.earn.productType' | 'why.earn.units';

export function compileRate(
  head: EarningRuleFile,
  row: { readonly ruleId: string; readonly name: Name },
  rate: Rate,
  stem: RateStem,
  surroundings: RuleSurroundings,
): Rated {
  const { currency } = surroundings;
  const isUnits = stem === 'why.earn.units';
  // Units carry no tax and are no money: their rate is a rate a unit.
  const taxes = isUnits ? 'included' : surroundings.taxes;
  const floor = head.floor ?? surroundings.floor;
  const plain = {
    ...nameArgs(row.name),
    rate: isUnits ? rateText(rate) : rateWords(rate, currency),
    ...(isUnits ? {} : { currency }),
  };
  const tiers = head.isMultipliedByTier ? surroundings.tiers : [null];
  const levels = tiers.map((tier): RatedLevel => {
    const text = tier?.multiplierText ?? null;
    const multiplier = text === null ? WHOLE : rateOf(text);
    const pointsOfPart = (part: Rate) =>
      pointsOf(multiplyRates(rate, part), multiplier, floor, taxes);
    const own = { pointsOf: pointsOfPart(WHOLE), pointsOfPart };
    if (tier === null || text === null) {
      return { ...own, whyKey: `${stem}.plain`, whyArgs: plain };
    }
    const whyArgs = { ...plain, multiplier: text, ...nameArgs(tier.name, 'tierName') };
    return { ...own, whyKey: stem, whyArgs };
  });
  const { tenderTypes } = head.when;
  return {
    ruleId: row.ruleId,
    account: head.account,
    isUnits,
    levels,
    tenderTypes: tenderTypes === undefined ? null : new Set(tenderTypes),
  };
}

/** The part of a sale that some means of payment pay: of the sale as a whole, not of a line. */
function partPaidBy(tenderTypes: ReadonlySet<string> | null, base: EarningBase): Rate | null {
  if (tenderTypes === null) return WHOLE;
  const { paidMinor, ofMinor } = tenderShare(base, tenderTypes);
  if (paidMinor === 0) return null;
  return paidMinor === ofMinor ? WHOLE : makeRate(BigInt(paidMinor), BigInt(ofMinor));
}

/** What a rate gives for amounts, with its sentence; null for nothing. */
export function earnedBy(
  rated: Rated,
  context: PricingContext,
  base: EarningBase,
  all: Counted,
): Earned | null {
  const part = partPaidBy(rated.tenderTypes, base);
  if (part === null) return null;
  const level = rated.levels[rated.levels.length === 1 ? 0 : context.tierIndex];
  assert(level !== undefined, 'a rule knows every tier');
  const points = (part === WHOLE ? level.pointsOf : level.pointsOfPart(part))(context, all);
  if (points <= 0) return null;
  const sum = part === WHOLE ? all.sum : flooredBy(part)(all.sum);
  return {
    ruleId: rated.ruleId,
    account: rated.account,
    owner: context.pointsOwner,
    points,
    weights: all,
    tallies: null,
    condition: null,
    onceKey: null,
    whyKey: level.whyKey,
    whyArgs: rated.isUnits
      ? { ...level.whyArgs, units: sum, points }
      : { ...level.whyArgs, amountMinor: sum, points },
  };
}
