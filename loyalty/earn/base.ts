// Owns the earning base: what of each line's money and units may earn.
import { assert } from '#loyalty/assert.ts';
import { flooredBy, POINTS_MAX, type Rate } from '#loyalty/points.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { PlannedTender } from '#loyalty/pricing/sale.ts';
import { splitOverLines } from '#loyalty/pricing/tieOrder.ts';
import type { LineTest } from '#loyalty/programme/compiledCondition.ts';
import type { EarningFile } from '#loyalty/programme/earning.ts';
import type { DiscountResult } from '#loyalty/rewards/discounts.ts';

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
  const deductible = Math.min(deductedMinor, goodsMinor);
  const shares = splitOverLines(context.sale.lines, deductible, goods);
  return goods.map((amount, index) => amount - (shares[index] ?? 0));
}

function lessStoredValue(
  context: PricingContext,
  amountsMinor: number[],
  storedMinor: number,
  totalMinor: number,
): number[] {
  if (storedMinor === 0 || totalMinor <= 0) return amountsMinor;
  const sum = amountsMinor.reduce((total, amount) => total + amount, 0);
  if (sum === 0) return amountsMinor;
  const lowered = Number(
    (BigInt(sum) * BigInt(Math.min(storedMinor, totalMinor))) / BigInt(totalMinor),
  );
  const shares = splitOverLines(context.sale.lines, lowered, amountsMinor);
  return amountsMinor.map((amount, index) => amount - (shares[index] ?? 0));
}

/** What earning needs to know of a sale besides its context. */
export interface Paid {
  readonly discounted: DiscountResult;
  readonly tenders: readonly PlannedTender[];
  /** What is to be paid in all, and how much of it stored value pays. */
  readonly totalMinor: number;
  readonly storedMinor: number;
}

/** The base of a sale after its discounts. */
export function earningBase(
  base: EarningFile['base'],
  excluded: LineTest | null,
  context: PricingContext,
  { discounted, tenders, totalMinor, storedMinor }: Paid,
): EarningBase {
  const { lines } = context;
  const net = lessDeductions(context, discounted.netMinor);
  const keepsFree = base.freeUnitEarns === 'whenRewardIsDiscount';
  const units: number[] = [];
  let amountsMinor: number[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    const earns =
      line?.isGoods === true &&
      !line.isContractPrice &&
      (excluded === null || !excluded(line.line));
    const free =
      (discounted.freeUnits[index] ?? 0) +
      (keepsFree ? 0 : (discounted.freeUnitsByPercent[index] ?? 0));
    units.push(earns ? Math.max(0, line.units - free) : 0);
    amountsMinor.push(earns ? Math.max(0, net[index] ?? 0) : 0);
  }
  if (base.storedValueLowers === 'yes') {
    amountsMinor = lessStoredValue(context, amountsMinor, storedMinor, totalMinor);
  }
  const filteredMinor =
    base.basketDiscountLowers === 'all'
      ? amountsMinor
      : amountsMinor.map((amount, index) =>
          units[index] === 0 ? 0 : amount + (discounted.basketShareMinor[index] ?? 0),
        );
  let tenderedMinor = 0;
  for (const { amountMinor } of tenders) tenderedMinor += amountMinor;
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
