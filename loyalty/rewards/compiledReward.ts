// Owns a reward made ready: its filters, conditions, place in the order, and share of a price.
import { assert } from '#loyalty/assert.ts';
import { divideHalfUp } from '#loyalty/money.ts';
import { parseRate } from '#loyalty/points.ts';
import {
  type CompiledCondition,
  compileCondition,
  compileFilter,
  type LineTest,
} from '#loyalty/programme/compiledCondition.ts';
import type { RewardFile } from '#loyalty/programme/reward.ts';
import type { PriceTaxes } from '#loyalty/rewards/gross.ts';
import { nameArgs } from '#loyalty/why.ts';

/** Stages of the pipeline: free item, line, basket, fixed amount; the last has no price. */
export const FREE_STAGE = 0;
export const LINE_STAGE = 1;
export const BASKET_STAGE = 2;
export const AMOUNT_STAGE = 3;
export const SLIP_STAGE = 4;

export interface CompiledReward {
  readonly file: RewardFile;
  readonly rewardId: string;
  /** Place in the file: what is newer stands later. */
  readonly index: number;
  readonly stage: number;
  /** Looks at the whole basket: lowers what every rule earns on. */
  readonly isBasketWide: boolean;
  readonly condition: CompiledCondition;
  /** The same without thresholds: whether a bigger basket would do. */
  readonly conditionOfAnyBasket: CompiledCondition;
  /** How thresholds count the tax. */
  readonly thresholdTaxes: PriceTaxes;
  /** Lines that it makes cheaper; null for all goods. */
  readonly matches: LineTest | null;
  readonly needsMember: boolean;
  /** Of an amount, half-up: what `percent-off` takes. */
  readonly partOf: (amountMinor: number) => number;
  /** Free of charge: 100 % and more. */
  readonly isWhole: boolean;
  /** How unit prices of the programme are written. */
  readonly prices: PriceTaxes;
  readonly currency: string;
  readonly nameArgs: Readonly<Record<string, string>>;
}

/** What a percentage takes of an amount. 100 and more takes all of it. */
function compilePercent(percent: string): Pick<CompiledReward, 'partOf' | 'isWhole'> {
  const rate = parseRate(percent);
  assert(rate !== null, `unparsed percent ${percent}`);
  const top = Number(rate.numerator);
  const bottom = Number(rate.denominator) * 100;
  if (top >= bottom) return { partOf: (amountMinor) => amountMinor, isWhole: true };
  const partOf = (amountMinor: number) =>
    amountMinor * top <= Number.MAX_SAFE_INTEGER
      ? divideHalfUp(amountMinor * top, bottom)
      : divideHalfUp(BigInt(amountMinor) * BigInt(top), bottom);
  return { partOf, isWhole: false };
}

function stageOf(file: RewardFile): number {
  switch (file.kind) {
    case 'free-units':
    case 'gift':
      return FREE_STAGE;
    case 'fixed-price':
      return LINE_STAGE;
    case 'percent-off':
      return file.lines === undefined && file.ofUnit === undefined ? BASKET_STAGE : LINE_STAGE;
    case 'amount-off':
      return file.lines === undefined ? AMOUNT_STAGE : LINE_STAGE;
    case 'slip':
    case 'convert':
      return SLIP_STAGE;
  }
}

function needsMember(file: RewardFile, condition: CompiledCondition): boolean {
  const isCounted = file.limits.some((cap) => cap.per === 'member' && cap.period !== 'sale');
  const { segmentIds, badgeIds } = file.when;
  const asksMember = segmentIds !== undefined || badgeIds !== undefined;
  return file.cost !== undefined || isCounted || asksMember || condition.needsMember;
}

export function compileReward(
  file: RewardFile,
  index: number,
  programme: { readonly prices: PriceTaxes; readonly currency: string },
  baseTaxes: PriceTaxes,
): CompiledReward {
  const condition = compileCondition(file.when, baseTaxes);
  const {
    basketAtLeastMinor: _basket,
    linesAtLeastMinor: _lines,
    linesAtLeastUnits: _units,
    ...whenOfAnyBasket
  } = file.when;
  const stage = stageOf(file);
  return {
    file,
    rewardId: file.rewardId,
    index,
    stage,
    isBasketWide: stage === BASKET_STAGE || stage === AMOUNT_STAGE,
    condition,
    conditionOfAnyBasket: compileCondition(whenOfAnyBasket, baseTaxes),
    thresholdTaxes: file.when.thresholdTaxes ?? baseTaxes,
    matches: 'lines' in file ? compileFilter(file.lines) : null,
    needsMember: needsMember(file, condition),
    ...compilePercent(file.kind === 'percent-off' ? file.percent : '100'),
    prices: programme.prices,
    currency: programme.currency,
    nameArgs: nameArgs(file.name),
  };
}
