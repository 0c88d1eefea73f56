// Owns pricing: what a basket costs, which points it earns and spends, and why.
import { assert } from '#loyalty/assert.ts';
import type { Basket } from '#loyalty/basket.ts';
import type { Member } from '#loyalty/member.ts';
import { addMinor, multiplyMinor, splitByLargestRemainder, taxInclusive } from '#loyalty/money.ts';
import { addPoints, POINTS_MAX } from '#loyalty/points.ts';
import { type Programme, programmeVersionOf } from '#loyalty/programme.ts';
import {
  BASE_ROW,
  type CompiledEarning,
  compileEarning,
  type EarningRow,
  EXCLUDED,
} from '#loyalty/rules/accrual.ts';
import { type LadderStep, offersOf } from '#loyalty/rules/ladder.ts';
import { type CompiledTier, compileTiers, tierAt } from '#loyalty/rules/tier.ts';

/** Message key of the word catalogues and its arguments: a sentence in any language, for ever. */
export interface Why {
  readonly whyKey: string;
  /** Only integers and strings, so that the canonical form is exact. */
  readonly whyArgs: Readonly<Record<string, string | number>>;
}

/** Points that one rule gives to this sale: one ledger entry. */
export interface Accrual extends Why {
  readonly rule: string;
  readonly points: number;
}

/** Points that one claimed reward takes: one ledger entry. */
export interface Redemption extends Why {
  readonly rule: string;
  readonly points: number;
  readonly rewardId: string;
  readonly reservationId: string;
  readonly amountOffMinor: number;
}

/** Tax included in the total, one row a rate, half-up per rate. */
export interface TaxTotal {
  readonly taxRateBasisPoints: number;
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly taxMinor: number;
}

export interface PricedLine {
  readonly line: number;
  /** quantity × unitPriceMinor. */
  readonly grossMinor: number;
  /** This line's share of the discounts, ≥ 0, by largest remainder, ties by line number. */
  readonly discountMinor: number;
}

/** A step of the ladder as this basket and member see it. */
export interface RewardOffer {
  readonly rewardId: string;
  readonly points: number;
  readonly amountOffMinor: number;
  readonly state: 'available' | 'claimed' | 'points-short' | 'basket-too-small';
  /** Points still to collect; 0 unless `points-short`. */
  readonly shortByPoints: number;
}

export interface TierProgress {
  readonly tierId: string;
  readonly nextTierId: string | null;
  /** Tier points after this sale. */
  readonly tierPoints: number;
  /** Where the next tier begins, or null at the top. */
  readonly nextFromPoints: number | null;
}

/** The whole result of pricing a basket. Everything is an integer. */
export interface Pricing {
  readonly lines: readonly PricedLine[];
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly totalMinor: number;
  readonly taxes: readonly TaxTotal[];
  readonly accruals: readonly Accrual[];
  readonly redemptions: readonly Redemption[];
  /** The sum of `accruals`; the lines on screen and paper sum to it. */
  readonly earnedPoints: number;
  readonly redeemedPoints: number;
  readonly offers: readonly RewardOffer[];
  /** Null for a guest. */
  readonly tier: TierProgress | null;
}

/** A programme made ready for pricing: make it once, use it for every basket. */
export interface CompiledProgramme {
  /** `<programmeId>@<version>`: what the transaction and its ledger entries record. */
  readonly programmeVersion: string;
  readonly currency: string;
  readonly earning: CompiledEarning;
  /** Lowest first. */
  readonly tiers: readonly CompiledTier[];
  readonly ladder: readonly LadderStep[];
}

/** Turns rates into functions and product types into an index. */
export function compile(programme: Programme): CompiledProgramme {
  const tiers = compileTiers(programme.tiers);
  return {
    programmeVersion: programmeVersionOf(programme),
    currency: programme.currency,
    earning: compileEarning(programme.earning, programme.currency, tiers),
    tiers,
    ladder: programme.rewards.ladder,
  };
}

/** The tier of a member with so many tier points; a negative figure is in the lowest tier. */
export function tierOf(compiled: CompiledProgramme, tierPoints: number): CompiledTier {
  return tierAt(compiled.tiers, tierPoints);
}

/** Money off in the order of the claims, never more than what is left to pay. */
function redemptionsOf(basket: Basket, subtotalMinor: number, currency: string): Redemption[] {
  let remainingMinor = subtotalMinor;
  return basket.rewards.map((reward) => {
    const amountOffMinor = Math.min(reward.amountOffMinor, remainingMinor);
    remainingMinor -= amountOffMinor;
    const { rewardId, reservationId, points } = reward;
    return {
      rule: rewardId,
      points,
      rewardId,
      reservationId,
      amountOffMinor,
      whyKey: 'why.redeem.ladder',
      whyArgs: { points, amountOffMinor, currency },
    };
  });
}

function taxesOf(basket: Basket, lines: readonly PricedLine[]): TaxTotal[] {
  const grossByRate = new Map<number, number>();
  basket.lines.forEach((line, index) => {
    const priced = lines[index];
    assert(priced !== undefined, 'every line is priced');
    const grossMinor = grossByRate.get(line.taxRateBasisPoints) ?? 0;
    const dueMinor = priced.grossMinor - priced.discountMinor;
    grossByRate.set(line.taxRateBasisPoints, addMinor(grossMinor, dueMinor));
  });
  return [...grossByRate]
    .sort(([left], [right]) => left - right)
    .map(([taxRateBasisPoints, grossMinor]) => {
      const taxMinor = taxInclusive(grossMinor, taxRateBasisPoints);
      return { taxRateBasisPoints, grossMinor, netMinor: grossMinor - taxMinor, taxMinor };
    });
}

function whyOfAccrual(
  row: EarningRow,
  tier: CompiledTier,
  currency: string,
  amountMinor: number,
  points: number,
): Why {
  const { name, rateText: rate } = row;
  const plain = { amountMinor, currency, rate, points, name_en: name.en, name_tr: name.tr };
  if (tier.multiplierText === null) return { whyKey: `${row.whyStem}.plain`, whyArgs: plain };
  const ofTier = {
    multiplier: tier.multiplierText,
    tierName_en: tier.name.en,
    tierName_tr: tier.name.tr,
  };
  return { whyKey: row.whyStem, whyArgs: { ...plain, ...ofTier } };
}

/** Points of each rule: what its lines cost after discounts, floored once for the whole sale. */
function accrualsOf(
  compiled: CompiledProgramme,
  basket: Basket,
  lines: readonly PricedLine[],
  member: Member,
): Accrual[] {
  const { rows, rowByProductType } = compiled.earning;
  const tier = tierOf(compiled, member.tierPoints);
  const amounts = rows.map(() => 0);
  basket.lines.forEach((line, index) => {
    const rowIndex = rowByProductType.get(line.productType) ?? BASE_ROW;
    const priced = lines[index];
    if (rowIndex === EXCLUDED || priced === undefined) return;
    amounts[rowIndex] = (amounts[rowIndex] ?? 0) + priced.grossMinor - priced.discountMinor;
  });
  // No figure of a member may pass the bound of the ledger, whatever a cashier types.
  let roomPoints = POINTS_MAX - Math.max(0, member.balancePoints, member.tierPoints);
  const accruals: Accrual[] = [];
  rows.forEach((row, index) => {
    const amountMinor = amounts[index] ?? 0;
    const pointsOf = row.pointsByTier[tier.index];
    assert(pointsOf !== undefined, 'every rule knows every tier');
    const points = Math.min(pointsOf(amountMinor), roomPoints);
    if (points <= 0) return;
    roomPoints -= points;
    const why = whyOfAccrual(row, tier, compiled.currency, amountMinor, points);
    accruals.push({ rule: row.rule, points, ...why });
  });
  return accruals;
}

function progressOf(compiled: CompiledProgramme, tierPoints: number): TierProgress {
  const tier = tierOf(compiled, tierPoints);
  const next = compiled.tiers[tier.index + 1];
  return {
    tierId: tier.tierId,
    nextTierId: next?.tierId ?? null,
    tierPoints,
    nextFromPoints: next?.fromPoints ?? null,
  };
}

function linesOf(
  basket: Basket,
  grossMinor: readonly number[],
  discountMinor: number,
): PricedLine[] {
  const shares = splitByLargestRemainder(discountMinor, grossMinor);
  return basket.lines.map(({ line }, index) => ({
    line,
    grossMinor: grossMinor[index] ?? 0,
    discountMinor: shares[index] ?? 0,
  }));
}

/** What every reader of a `Pricing` relies on: the parts sum to the whole. */
function assertWhole(pricing: Pricing): void {
  let dueMinor = 0;
  for (const line of pricing.lines) {
    assert(line.discountMinor <= line.grossMinor, 'a discount stays within its line');
    dueMinor += line.grossMinor - line.discountMinor;
  }
  const taxedMinor = pricing.taxes.reduce((sum, tax) => sum + tax.grossMinor, 0);
  assert(dueMinor === pricing.totalMinor, 'lines sum to the total');
  assert(taxedMinor === pricing.totalMinor, 'tax groups sum to the total');
  assert(
    pricing.totalMinor === pricing.subtotalMinor - pricing.discountMinor,
    'subtotal less discount is the total',
  );
}

/**
 * Prices a basket for a member, or for a guest (null), who earns and spends nothing. Pure: the
 * same input gives the same result on every till and at head office. The tier is the member's
 * before this sale, and rewards are paid from the balance before it.
 */
export function evaluate(
  compiled: CompiledProgramme,
  basket: Basket,
  member: Member | null,
): Pricing {
  assert(member !== null || basket.rewards.length === 0, 'a guest claims no rewards');
  const grossMinor = basket.lines.map((line) => multiplyMinor(line.unitPriceMinor, line.quantity));
  const subtotalMinor = grossMinor.reduce(addMinor, 0);
  const redemptions = redemptionsOf(basket, subtotalMinor, compiled.currency);
  const discountMinor = redemptions.reduce((sum, { amountOffMinor }) => sum + amountOffMinor, 0);
  const redeemedPoints = redemptions.reduce((sum, { points }) => addPoints(sum, points), 0);
  const lines = linesOf(basket, grossMinor, discountMinor);
  const totalMinor = subtotalMinor - discountMinor;
  const accruals = member === null ? [] : accrualsOf(compiled, basket, lines, member);
  const earnedPoints = accruals.reduce((sum, { points }) => addPoints(sum, points), 0);
  const pricing: Pricing = {
    lines,
    subtotalMinor,
    discountMinor,
    totalMinor,
    taxes: taxesOf(basket, lines),
    accruals,
    redemptions,
    earnedPoints,
    redeemedPoints,
    offers:
      member === null
        ? []
        : offersOf(compiled.ladder, basket, member.balancePoints - redeemedPoints, totalMinor),
    tier: member === null ? null : progressOf(compiled, member.tierPoints + earnedPoints),
  };
  assertWhole(pricing);
  return pricing;
}
