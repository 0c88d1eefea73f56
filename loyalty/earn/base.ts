// Owns the earning base: what of each line's money and units may earn.
import { assert } from '#loyalty/assert.ts';
import type { LineTest } from '#loyalty/compiledCondition.ts';
import type { PricingContext } from '#loyalty/context.ts';
import { splitByLargestRemainder } from '#loyalty/money.ts';
import { flooredBy, POINTS_MAX, type Rate } from '#loyalty/points.ts';
import type { DiscountResult } from '#loyalty/rewards/discounts.ts';
import type { EarningFile } from '#loyalty/rules/earning.ts';
import type { PlannedTender } from '#loyalty/sale.ts';

/** What may earn, index-aligned with the lines. All of it is ≥ 0. */
export interface EarningBase {
  /** For rules that look at every line: net of all discounts, tax in. */
  readonly amountsMinor: readonly number[];
  /** For rules that look at some lines; differs only with `unfilteredRulesOnly`. */
  readonly filteredMinor: readonly number[];
  /** Units that were paid for. */
  readonly units: readonly number[];
  /** Means of payment; what is not known yet is taken as cash. They sum to `tenderedMinor`. */
  readonly tenders: readonly PlannedTender[];
  readonly tenderedMinor: number;
  readonly taxes: 'included' | 'excluded';
}

/** A manual deduction lowers what every line earns, in proportion. */
function lessDeductions(context: PricingContext, netMinor: readonly number[]): readonly number[] {
  let deductedMinor = 0;
  for (const line of context.lines) {
    if (line.line.kind === 'deduction') deductedMinor -= line.grossMinor;
  }
  if (deductedMinor === 0) return netMinor;
  const goods = netMinor.map((amount, index) =>
    context.lines[index]?.isGoods === true ? Math.max(0, amount) : 0,
  );
  const goodsMinor = goods.reduce((sum, amount) => sum + amount, 0);
  if (goodsMinor === 0) return goods;
  const shares = splitByLargestRemainder(Math.min(deductedMinor, goodsMinor), goods);
  return goods.map((amount, index) => amount - (shares[index] ?? 0));
}

function lessStoredValue(
  amountsMinor: readonly number[],
  storedMinor: number,
  totalMinor: number,
): readonly number[] {
  if (storedMinor === 0 || totalMinor <= 0) return amountsMinor;
  const sum = amountsMinor.reduce((total, amount) => total + amount, 0);
  if (sum === 0) return amountsMinor;
  const lowered = Number(
    (BigInt(sum) * BigInt(Math.min(storedMinor, totalMinor))) / BigInt(totalMinor),
  );
  const shares = splitByLargestRemainder(lowered, amountsMinor);
  return amountsMinor.map((amount, index) => amount - (shares[index] ?? 0));
}

/** The base of a sale after its discounts. `totalMinor` is what is to be paid in all. */
export function earningBase(
  earning: EarningFile,
  excluded: LineTest | null,
  context: PricingContext,
  discounted: DiscountResult,
  tenders: readonly PlannedTender[],
  totalMinor: number,
  storedMinor: number,
): EarningBase {
  const { base } = earning;
  const keepsFree = base.freeUnitEarns === 'whenRewardIsDiscount';
  const net = lessDeductions(context, discounted.netMinor);
  const earns = context.lines.map(
    ({ line, isGoods, isContractPrice }) =>
      isGoods && !isContractPrice && (excluded === null || !excluded(line)),
  );
  const units = context.lines.map((line, index) => {
    if (earns[index] !== true) return 0;
    const free = discounted.freeUnits[index] ?? 0;
    const byPercent = keepsFree ? 0 : (discounted.freeUnitsByPercent[index] ?? 0);
    return Math.max(0, line.units - free - byPercent);
  });
  const earning1 = net.map((amount, index) => (earns[index] === true ? Math.max(0, amount) : 0));
  const amountsMinor =
    base.storedValueLowers === 'yes'
      ? lessStoredValue(earning1, storedMinor, totalMinor)
      : earning1;
  const filteredMinor =
    base.basketDiscountLowers === 'all'
      ? amountsMinor
      : amountsMinor.map((amount, index) =>
          earns[index] === true ? amount + (discounted.basketShareMinor[index] ?? 0) : 0,
        );
  const tenderedMinor = tenders.reduce((sum, tender) => sum + tender.amountMinor, 0);
  return { amountsMinor, filteredMinor, units, tenders, tenderedMinor, taxes: base.taxes };
}

/** Turns a rate into points of lines: exact, floored once for all of them together. */
export type PointsOf = (context: PricingContext, amountsMinor: readonly number[]) => number;

/** Floor of Σ amount × rate without the tax inside, exact over all tax rates. */
function netOfTaxes(context: PricingContext, amountsMinor: readonly number[], rate: Rate): number {
  const byRate = new Map<number, bigint>();
  context.lines.forEach(({ line }, index) => {
    const amount = BigInt(amountsMinor[index] ?? 0);
    if (amount === 0n) return;
    byRate.set(line.taxRateBasisPoints, (byRate.get(line.taxRateBasisPoints) ?? 0n) + amount);
  });
  let top = 0n;
  let bottom = 1n;
  for (const [taxRate, amount] of byRate) {
    const divisor = BigInt(10_000 + taxRate);
    top = top * divisor + amount * 10_000n * bottom;
    bottom *= divisor;
  }
  const points = (top * rate.numerator) / (bottom * rate.denominator);
  return points > BigInt(POINTS_MAX) ? POINTS_MAX : Number(points);
}

/** Points of the sum of amounts, at most 1e9. */
export function pointsOfSum(rate: Rate, taxes: EarningBase['taxes']): PointsOf {
  if (taxes === 'excluded') return (context, amounts) => netOfTaxes(context, amounts, rate);
  const floored = flooredBy(rate);
  return (_context, amounts) => {
    let sumMinor = 0;
    for (const amount of amounts) sumMinor += amount;
    return floored(sumMinor);
  };
}

/** The part of amounts that tenders of these types pay, exact as a fraction of the whole. */
export function tenderShare(
  base: EarningBase,
  tenderTypes: ReadonlySet<string>,
): { readonly paidMinor: number; readonly ofMinor: number } {
  let paidMinor = 0;
  for (const { tenderType, amountMinor } of base.tenders) {
    if (tenderTypes.has(tenderType)) paidMinor += amountMinor;
  }
  assert(paidMinor <= base.tenderedMinor, 'a share of the tenders is within them');
  return { paidMinor, ofMinor: base.tenderedMinor };
}
