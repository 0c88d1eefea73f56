// Owns a sale while rewards are taken off it: what lines still cost, and what each reward used.
import type { LineShare } from '#loyalty/books/books.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Gift, RefusedClaim, Slip } from '#loyalty/pricing/pricing.ts';
import { tieOrder } from '#loyalty/pricing/tieOrder.ts';
import type { CompiledReward } from '#loyalty/rewards/compiledReward.ts';
import type { Why } from '#loyalty/why.ts';

/** What a reward takes off one line. */
export interface Take {
  readonly index: number;
  readonly amountMinor: number;
  /** Units that become free. */
  readonly units: number;
}

/** What one reward did in all. `shareMinor` and `units` are index-aligned with the lines. */
export interface AppliedReward {
  readonly reward: CompiledReward;
  /** As limits and stock count: units of a free item or gift, else how often. */
  readonly times: number;
  /** How often it was asked for; each of them has its cost. */
  readonly claims: number;
  /** Discounts, and what it paid of the rounding. */
  readonly amountOffMinor: number;
  /** Of `amountOffMinor`, what it paid of the rounding: no line carries that. */
  readonly roundingMinor: number;
  readonly cost: { readonly account: string; readonly points: number } | null;
  readonly shareMinor: readonly number[];
  /** Units that it made free. */
  readonly units: readonly number[];
  readonly lines: readonly LineShare[];
  readonly why: Why;
}

export interface Conversion {
  readonly reward: CompiledReward;
  readonly times: number;
}

/** Lists are index-aligned with the lines of the context. */
export interface Working {
  readonly context: PricingContext;
  readonly spendable: (accountId: string) => number;
  /** What goods still cost, and deductions (below zero); 0 for stored value and the like. */
  readonly left: number[];
  /** Sum of `left`: nothing takes more than this. */
  leftMinor: number;
  roundingMinor: number;
  readonly freeUnits: number[];
  readonly freeUnitsByPercent: number[];
  readonly basketShareMinor: number[];
  /** By id, in the order of application. */
  readonly applied: Map<string, AppliedReward>;
  readonly refusals: RefusedClaim[];
  readonly gifts: Gift[];
  readonly slips: Slip[];
  readonly conversions: Conversion[];
  /** Lines by sku, then price: ties never go by the order of scanning. Made when first needed. */
  order: readonly number[] | null;
}

export function zeros(count: number): number[] {
  const list: number[] = [];
  for (let index = 0; index < count; index += 1) list.push(0);
  return list;
}

export function startWorking(
  context: PricingContext,
  spendable: (accountId: string) => number,
): Working {
  const { lines } = context;
  const left = zeros(lines.length);
  let leftMinor = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined || !(line.isGoods || line.line.kind === 'deduction')) continue;
    left[index] = line.grossMinor;
    leftMinor += line.grossMinor;
  }
  return {
    context,
    spendable,
    left,
    leftMinor,
    roundingMinor: 0,
    freeUnits: zeros(lines.length),
    freeUnitsByPercent: zeros(lines.length),
    basketShareMinor: zeros(lines.length),
    applied: new Map(),
    refusals: [],
    gifts: [],
    slips: [],
    conversions: [],
    order: null,
  };
}

/** Units of a line that no reward has made free. */
export function unitsLeft(working: Working, index: number): number {
  const free = (working.freeUnits[index] ?? 0) + (working.freeUnitsByPercent[index] ?? 0);
  return (working.context.lines[index]?.units ?? 0) - free;
}

/** Whether a reward can make a line cheaper. `line` narrows it to one. */
export function isCandidate(
  working: Working,
  reward: CompiledReward,
  line: number | null,
  index: number,
): boolean {
  const candidate = working.context.lines[index];
  if (candidate?.isGoods !== true || (working.left[index] ?? 0) <= 0) return false;
  if (line !== null && candidate.line.line !== line) return false;
  return reward.matches === null || reward.matches(candidate.line);
}

/** Lines that a reward can make cheaper, by sku then price. */
export function candidatesOf(
  working: Working,
  reward: CompiledReward,
  line: number | null,
): readonly number[] {
  working.order ??= tieOrder(working.context.sale.lines);
  return working.order.filter((index) => isCandidate(working, reward, line, index));
}

/** Takes what a reward takes off the lines, without a word of which reward it was. */
export function takeOff(
  working: Pick<Working, 'left' | 'leftMinor' | 'freeUnits' | 'freeUnitsByPercent'>,
  takes: readonly Take[],
  isPercent: boolean,
): void {
  const free = isPercent ? working.freeUnitsByPercent : working.freeUnits;
  for (const { index, amountMinor, units } of takes) {
    working.left[index] = (working.left[index] ?? 0) - amountMinor;
    working.leftMinor -= amountMinor;
    free[index] = (free[index] ?? 0) + units;
  }
}
