// Owns what a basket and its member could still claim, and what they hold of what is used up.

import { divideDown } from '#loyalty/money.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Entitlement, RewardOffer } from '#loyalty/pricing/pricing.ts';
import type { CapFile } from '#loyalty/programme/earning.ts';
import type { CompiledReward } from '#loyalty/rewards/compiledReward.ts';
import type { CompiledRewards, DiscountResult } from '#loyalty/rewards/discounts.ts';
import {
  availableFor,
  type Effect,
  effectOf,
  isRefusal,
  type Refusal,
} from '#loyalty/rewards/effects.ts';
import {
  claimsLeft,
  excessRefusal,
  pointsLeft,
  refusalOf,
  roomNow,
  stockLeft,
  timesLeft,
} from '#loyalty/rewards/limits.ts';
import type { Working } from '#loyalty/rewards/working.ts';

/** Points that a conversion of this sale will take are gone as well. A debt is below zero. */
function pointsForOffer(working: Working, accountId: string): number {
  let points = pointsLeft(working, accountId);
  for (const { reward, times } of working.conversions) {
    const { cost } = reward.file;
    if (cost?.account === accountId) points -= times * cost.points;
  }
  return points;
}

/** The largest number that a test admits; it admits 1, and with a number every smaller one. */
function largest(maximum: number, admits: (times: number) => boolean): number {
  let [low, high] = [Math.min(1, maximum), maximum];
  while (low < high) {
    const middle = divideDown(low + high + 1, 2);
    if (admits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * How often a reward could be claimed more. The last time must still find something to pay: points
 * are never taken for nothing.
 */
function timesMaxOf(working: Working, reward: CompiledReward, payable: number): number {
  const { file } = reward;
  const room = Math.min(timesLeft(working, reward), stockLeft(working, reward));
  // Each claim uses at least one of what limits leave; they or `timesMax` always bound it.
  const maximum = Math.min(claimsLeft(working, reward), payable, room);
  if (file.kind === 'slip' || file.kind === 'convert') return maximum;
  if (file.kind === 'amount-off') {
    const { linesMinor, roundingMinor } = availableFor(working, reward, null);
    const blocks = divideDown(
      linesMinor + roundingMinor + file.amountOffMinor - 1,
      file.amountOffMinor,
    );
    return Math.min(maximum, blocks);
  }
  return largest(maximum, (times) => {
    const effect = effectOf(working, reward, { times, unitsMax: 0, line: null });
    return !isRefusal(effect) && effect.times <= room;
  });
}

/** What one time would do; of a fixed amount only whether there is anything left to pay. */
function effectOnce(working: Working, reward: CompiledReward): Effect | Refusal {
  if (reward.file.kind !== 'amount-off') {
    return effectOf(working, reward, { times: 1, unitsMax: 0, line: null });
  }
  const { linesMinor, roundingMinor } = availableFor(working, reward, null);
  return linesMinor + roundingMinor > 0
    ? { takes: [], times: 1, roundingMinor: 0 }
    : { reason: 'basket-too-small', missing: 1 };
}

function offerOf(working: Working, reward: CompiledReward): RewardOffer {
  const { file, rewardId } = reward;
  const account = file.cost?.account ?? 'points';
  const points = file.cost?.points ?? 0;
  const held = points === 0 ? 0 : pointsForOffer(working, account);
  const shortByPoints = Math.max(0, points - held);
  let refusal: Refusal | null = refusalOf(working, reward);
  if (refusal === null && shortByPoints > 0) {
    refusal = { reason: 'points-short', missing: shortByPoints };
  }
  const effect =
    refusal?.reason === 'member-missing' || refusal?.reason === 'condition-unmet'
      ? refusal
      : effectOnce(working, reward);
  if (refusal === null) {
    refusal = isRefusal(effect) ? effect : excessRefusal(working, reward, 1, effect.times);
  }
  let amountOffMinor = file.kind === 'amount-off' ? file.amountOffMinor : 0;
  if (!isRefusal(effect) && file.kind !== 'amount-off') {
    for (const take of effect.takes) amountOffMinor += take.amountMinor;
  }
  const payable = points === 0 ? Number.POSITIVE_INFINITY : divideDown(Math.max(0, held), points);
  const claimed =
    working.applied.has(rewardId) ||
    working.conversions.some((conversion) => conversion.reward === reward);
  return {
    rewardId,
    kind: file.kind,
    account,
    points,
    amountOffMinor,
    state: claimed ? 'claimed' : (refusal?.reason ?? 'available'),
    timesMax: refusal === null ? timesMaxOf(working, reward, payable) : 0,
    shortByPoints,
    name: file.name,
  };
}

/** Every reward that can be claimed, as this basket and member see it when all else is done. */
export function offersOf(rewards: CompiledRewards, { working }: DiscountResult): RewardOffer[] {
  const offers: RewardOffer[] = [];
  for (const reward of rewards.list) {
    if (reward.file.trigger !== 'claim') continue;
    offers.push(offerOf(working, reward));
  }
  return offers;
}

/** The longest period says most: "12 a year" rather than "2 a visit". */
const PERIODS: readonly CapFile['period'][] = ['day', 'week', 'month', 'year', 'ever'];

function longestCap({ file }: CompiledReward): CapFile | null {
  let longest: CapFile | null = null;
  let rank = -1;
  for (const cap of file.limits) {
    const place = PERIODS.indexOf(cap.period);
    if (cap.per !== 'member' || cap.times === undefined || place <= rank) continue;
    [longest, rank] = [cap, place];
  }
  return longest;
}

/** What the member holds of rewards with a limit each, after this sale. */
export function entitlementsOf(
  rewards: CompiledRewards,
  context: PricingContext,
  result: DiscountResult,
): Entitlement[] {
  if (context.member === null) return [];
  const entitlements: Entitlement[] = [];
  const { working } = result;
  for (const reward of rewards.list) {
    const cap = longestCap(reward);
    if (cap?.times === undefined) continue;
    if (!reward.conditionOfAnyBasket.holds(context, working.left)) continue;
    const left = roomNow(working, reward, cap);
    const { rewardId, file } = reward;
    entitlements.push({ rewardId, name: file.name, left, of: cap.times });
  }
  return entitlements;
}
