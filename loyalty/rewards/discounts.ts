// Owns the discounts of a sale: rewards in their order, each on what the ones before left to pay.

import { divideHalfUp } from '#loyalty/money.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Discount, Gift, RefusedClaim, Slip } from '#loyalty/pricing/pricing.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';
import {
  AMOUNT_STAGE,
  type CompiledReward,
  compileReward,
} from '#loyalty/rewards/compiledReward.ts';
import { tryReward } from '#loyalty/rewards/giveReward.ts';
import {
  type Attempt,
  attemptsOf,
  automaticAttempts,
  type Rivals,
  rivalsIn,
  type Sequence,
} from '#loyalty/rewards/sequence.ts';
import { fixedTaxesOf } from '#loyalty/rewards/taxes.ts';
import { discountsOf } from '#loyalty/rewards/words.ts';
import {
  type AppliedReward,
  type Conversion,
  startWorking,
  type Working,
} from '#loyalty/rewards/working.ts';

/** Lists of numbers are index-aligned with the lines of the context. */
export interface DiscountResult {
  readonly discounts: readonly Discount[];
  readonly applied: readonly AppliedReward[];
  readonly refusals: readonly RefusedClaim[];
  readonly gifts: readonly Gift[];
  readonly slips: readonly Slip[];
  /** Claims that turn one account into another, for after the sale has earned. */
  readonly conversions: readonly Conversion[];
  readonly roundingMinor: number;
  /** After discounts, without fixed taxes. */
  readonly netMinor: readonly number[];
  /** Units that were made free as such. */
  readonly freeUnits: readonly number[];
  /** Units that 100 % off made free. */
  readonly freeUnitsByPercent: readonly number[];
  /** What rewards for the whole basket took. */
  readonly basketShareMinor: readonly number[];
  /** The sale as its discounts left it, for offers. */
  readonly working: Working;
}

/** The rewards of a programme, made ready. */
export interface CompiledRewards extends Sequence {
  /** As the file has them. */
  readonly list: readonly CompiledReward[];
  readonly roundsToMinor: number;
}

/** Made once a programme. */
export function compileRewards(programme: ProgrammeFile): CompiledRewards {
  const { order, roundsToMinor } = programme.rewards;
  const { taxes } = programme.earning.base;
  const list = programme.rewards.list.map((file, index) =>
    compileReward(file, index, programme, taxes),
  );
  const byCode = new Map<string, CompiledReward[]>();
  for (const reward of list) {
    const { code } = reward.condition;
    if (reward.file.trigger !== 'code' || code === null) continue;
    byCode.set(code, [...(byCode.get(code) ?? []), reward]);
  }
  return {
    list,
    byId: new Map(list.map((reward) => [reward.rewardId, reward])),
    order,
    roundsToMinor,
    automatic: automaticAttempts(list, order),
    byCode,
  };
}

function roundTotal(working: Working, multipleMinor: number): void {
  let totalMinor = fixedTaxesOf(working.context) + working.leftMinor;
  for (const { line, isGoods, grossMinor } of working.context.lines) {
    if (!isGoods && line.kind !== 'deduction') totalMinor += grossMinor;
  }
  if (totalMinor <= 0) return;
  working.roundingMinor = divideHalfUp(totalMinor, multipleMinor) * multipleMinor - totalMinor;
}

/** Tries each reward in turn. The total is rounded before points or a fixed amount pay it. */
function run(
  rewards: CompiledRewards,
  context: PricingContext,
  spendable: (accountId: string) => number,
  attempts: readonly Attempt[],
): Working {
  const working = startWorking(context, spendable);
  let isRounded = rewards.roundsToMinor === 1;
  for (const attempt of attempts) {
    if (!isRounded && attempt.reward.stage === AMOUNT_STAGE) {
      roundTotal(working, rewards.roundsToMinor);
      isRounded = true;
    }
    tryReward(working, attempt);
  }
  if (!isRounded) roundTotal(working, rewards.roundsToMinor);
  return working;
}

/** Of rivals the one that makes the sale cheapest, or the newest that gives anything. */
function winnerOf(
  rivals: Rivals,
  attempts: readonly Attempt[],
  priced: (attempts: readonly Attempt[]) => Working,
): CompiledReward | null {
  let winner: CompiledReward | null = null;
  let winnerMinor = 0;
  for (const reward of rivals.rewards) {
    const alone = attempts.filter(
      (attempt) => attempt.reward === reward || !rivals.rewards.includes(attempt.reward),
    );
    const { applied, leftMinor } = priced(alone);
    if (!applied.has(reward.rewardId)) continue;
    const isBetter =
      winner === null ||
      (rivals.keeps === 'best' ? leftMinor < winnerMinor : reward.index > winner.index);
    if (isBetter) [winner, winnerMinor] = [reward, leftMinor];
  }
  return winner;
}

function resultOf(working: Working, refusals: readonly RefusedClaim[]): DiscountResult {
  const { context, left } = working;
  const { gifts, slips, conversions, roundingMinor } = working;
  const { freeUnits, freeUnitsByPercent, basketShareMinor } = working;
  return {
    discounts: discountsOf(working),
    applied: [...working.applied.values()],
    refusals: [...refusals, ...working.refusals],
    gifts,
    slips,
    conversions,
    roundingMinor,
    netMinor: context.lines.map(({ line, isGoods, grossMinor }, index) =>
      isGoods || line.kind === 'deduction' ? (left[index] ?? 0) : grossMinor,
    ),
    freeUnits,
    freeUnitsByPercent,
    basketShareMinor,
    working,
  };
}

/** The discounts of a sale. `spendable` says what of an account claims may take. */
export function discount(
  rewards: CompiledRewards,
  context: PricingContext,
  spendable: (accountId: string) => number,
): DiscountResult {
  const refusals: RefusedClaim[] = [];
  let attempts = attemptsOf(rewards, context.sale, refusals);
  const isPlain = attempts.length === 0 && rewards.roundsToMinor === 1;
  if (isPlain && refusals.length === 0) return resultOf(startWorking(context, spendable), []);
  const priced = (tried: readonly Attempt[]) => run(rewards, context, spendable, tried);
  for (const rivals of rivalsIn(attempts)) {
    const winner = winnerOf(rivals, attempts, priced);
    if (winner === null) continue;
    attempts = attempts.filter(({ reward, isAsked }) => {
      if (reward === winner || !rivals.rewards.includes(reward)) return true;
      if (isAsked) refusals.push({ rewardId: reward.rewardId, reason: 'group-taken', missing: 0 });
      return false;
    });
  }
  return resultOf(priced(attempts), refusals);
}
