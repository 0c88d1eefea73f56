// Owns whether a reward may be given at all: its condition, limits, stock and cost.
import { heldOf, SHOP } from '#loyalty/books/books.ts';
import { roomOf } from '#loyalty/earn/caps.ts';
import { divideDown } from '#loyalty/money.ts';
import { sumOfLines } from '#loyalty/programme/compiledCondition.ts';
import type { CapFile } from '#loyalty/programme/earning.ts';
import type { CompiledReward } from '#loyalty/rewards/compiledReward.ts';
import type { Refusal } from '#loyalty/rewards/effects.ts';
import type { Working } from '#loyalty/rewards/working.ts';

/** Points of an account that claims of this sale have not taken yet. */
export function pointsLeft(working: Working, accountId: string): number {
  let points = working.spendable(accountId);
  for (const applied of working.applied.values()) {
    if (applied.cost?.account === accountId) points -= applied.cost.points;
  }
  return points;
}

/** Times that this sale used of a limit: rewards with the same group share it. */
function usedNow(working: Working, reward: CompiledReward, group: string | undefined): number {
  const shares = (other: CompiledReward) =>
    group === undefined ? other === reward : other.file.limits.some((cap) => cap.group === group);
  let times = 0;
  for (const applied of working.applied.values()) {
    if (shares(applied.reward)) times += applied.times;
  }
  for (const conversion of working.conversions) {
    if (shares(conversion.reward)) times += conversion.times;
  }
  return times;
}

/** Times that one limit leaves, this sale counted; without `times`, Infinity. */
export function roomNow(working: Working, reward: CompiledReward, cap: CapFile): number {
  if (cap.times === undefined) return Number.POSITIVE_INFINITY;
  const room = roomOf([cap], reward.rewardId, working.context).times;
  return Math.max(0, room - usedNow(working, reward, cap.group));
}

/** Times that all limits leave; without a limit, Infinity. */
export function timesLeft(working: Working, reward: CompiledReward): number {
  let left = Number.POSITIVE_INFINITY;
  for (const cap of reward.file.limits) left = Math.min(left, roomNow(working, reward, cap));
  return left;
}

export function stockLeft(working: Working, reward: CompiledReward): number {
  const { stock } = reward.file;
  if (stock === undefined) return Number.POSITIVE_INFINITY;
  const given = heldOf(working.context.books, SHOP, `used/${reward.rewardId}`);
  return Math.max(0, stock - given - usedNow(working, reward, undefined));
}

/**
 * Times that points still pay for; Infinity for a reward without a cost. A conversion is paid for
 * when the sale has earned, so its points are not looked at here.
 */
export function timesPayable(working: Working, reward: CompiledReward): number {
  const { cost, kind } = reward.file;
  if (cost === undefined || kind === 'convert') return Number.POSITIVE_INFINITY;
  return divideDown(Math.max(0, pointsLeft(working, cost.account)), cost.points);
}

/** Times in one sale; a limit of the period `sale` says the same, and then counts alone. */
function timesMaxOf({ file }: CompiledReward): number {
  const isLimited = file.limits.some((cap) => cap.period === 'sale' && cap.times !== undefined);
  return isLimited ? Number.POSITIVE_INFINITY : file.timesMax;
}

/** How often a reward may still be claimed in this sale. */
export function claimsLeft(working: Working, reward: CompiledReward): number {
  let claims = working.applied.get(reward.rewardId)?.claims ?? 0;
  for (const conversion of working.conversions) {
    if (conversion.reward === reward) claims += conversion.times;
  }
  return timesMaxOf(reward) - claims;
}

/** What lines cost as far as other rewards left it: a reward does not lower its own threshold. */
function amountsForThreshold(working: Working, reward: CompiledReward): readonly number[] {
  const own = working.applied.get(reward.rewardId);
  if (own === undefined) return working.left;
  return working.left.map((leftMinor, index) => leftMinor + (own.shareMinor[index] ?? 0));
}

/** How far the basket is from the reward, where only the basket is in the way. */
function thresholdRefusal(
  working: Working,
  reward: CompiledReward,
  amountsMinor: readonly number[],
): Refusal {
  const { basketAtLeastMinor, linesAtLeastMinor, matches } = reward.condition;
  const { linesAtLeastUnits } = reward.file.when;
  const { context } = working;
  const taxes = reward.thresholdTaxes;
  let missing = 0;
  if (basketAtLeastMinor !== null) {
    const basketMinor = sumOfLines(context, amountsMinor, null, taxes);
    missing = Math.max(missing, basketAtLeastMinor - basketMinor);
  }
  if (linesAtLeastMinor !== null && missing === 0) {
    const linesMinor = sumOfLines(context, amountsMinor, matches, taxes);
    missing = Math.max(0, linesAtLeastMinor - linesMinor);
  }
  if (linesAtLeastUnits !== undefined && missing === 0) {
    let units = 0;
    for (const line of context.lines) {
      if (line.isGoods && (matches === null || matches(line.line))) units += line.units;
    }
    missing = Math.max(0, linesAtLeastUnits - units);
  }
  return { reason: 'basket-too-small', missing };
}

/** Why the condition of a reward does not hold now, or null where it does. */
export function conditionRefusal(working: Working, reward: CompiledReward): Refusal | null {
  const { context } = working;
  const amountsMinor = amountsForThreshold(working, reward);
  if (reward.condition.holds(context, amountsMinor)) return null;
  return reward.conditionOfAnyBasket.holds(context, amountsMinor)
    ? thresholdRefusal(working, reward, amountsMinor)
    : { reason: 'condition-unmet', missing: 0 };
}

/** Why one time of a reward cannot be given whatever it would do, or null. */
export function refusalOf(working: Working, reward: CompiledReward): Refusal | null {
  if (reward.needsMember && working.context.member === null) {
    return { reason: 'member-missing', missing: 0 };
  }
  const unmet = conditionRefusal(working, reward);
  if (unmet !== null) return unmet;
  if (stockLeft(working, reward) < 1) return { reason: 'out-of-stock', missing: 0 };
  if (timesLeft(working, reward) < 1 || claimsLeft(working, reward) < 1) {
    return { reason: 'limit-reached', missing: 0 };
  }
  const { cost } = reward.file;
  if (cost === undefined || timesPayable(working, reward) >= 1) return null;
  return { reason: 'points-short', missing: cost.points - pointsLeft(working, cost.account) };
}

/** Why a claim for `times` cannot be given, though one time can. */
export function excessRefusal(
  working: Working,
  reward: CompiledReward,
  claims: number,
  times: number,
): Refusal | null {
  const { cost } = reward.file;
  if (times > stockLeft(working, reward)) return { reason: 'out-of-stock', missing: 0 };
  if (times > timesLeft(working, reward) || claims > claimsLeft(working, reward)) {
    return { reason: 'limit-reached', missing: 0 };
  }
  if (cost === undefined || claims <= timesPayable(working, reward)) return null;
  const points = claims * cost.points;
  return { reason: 'points-short', missing: points - pointsLeft(working, cost.account) };
}

/**
 * Units that a reward may give by itself. What is given for units that are paid for comes with each
 * of them, whatever `timesMax` says.
 */
export function unitsMaxOf(working: Working, reward: CompiledReward): number {
  const { file } = reward;
  const isForPaid =
    file.kind === 'gift' || (file.kind === 'free-units' && file.buyGet !== undefined);
  return Math.min(
    isForPaid ? Number.POSITIVE_INFINITY : timesMaxOf(reward),
    timesLeft(working, reward),
    stockLeft(working, reward),
    timesPayable(working, reward),
  );
}
