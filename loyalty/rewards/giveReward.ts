// Owns giving one reward to a sale, or saying why not: all that was asked for, or nothing.
import type { LineShare } from '#loyalty/books/books.ts';
import { startOfDayMs } from '#loyalty/calendar.ts';
import type { CompiledReward } from '#loyalty/rewards/compiledReward.ts';
import { type Effect, effectOf, isRefusal, type Refusal } from '#loyalty/rewards/effects.ts';
import { excessRefusal, refusalOf, unitsMaxOf } from '#loyalty/rewards/limits.ts';
import type { Attempt } from '#loyalty/rewards/sequence.ts';
import { giftWhy, redemptionWhy } from '#loyalty/rewards/words.ts';
import { type AppliedReward, takeOff, type Working, zeros } from '#loyalty/rewards/working.ts';

function linesOf(working: Working, shareMinor: readonly number[]): LineShare[] {
  const lines: LineShare[] = [];
  working.context.lines.forEach(({ line }, index) => {
    const amount = shareMinor[index] ?? 0;
    if (amount !== 0) lines.push({ line: line.line, amount });
  });
  return lines;
}

/** What a reward did before, with what it does now. */
function addedTo(
  working: Working,
  reward: CompiledReward,
  before: AppliedReward | undefined,
  effect: Effect,
  claims: number,
): AppliedReward {
  const count = working.context.lines.length;
  const shareMinor = before === undefined ? zeros(count) : [...before.shareMinor];
  const units = before === undefined ? zeros(count) : [...before.units];
  let amountOffMinor = (before?.amountOffMinor ?? 0) + effect.roundingMinor;
  for (const take of effect.takes) {
    shareMinor[take.index] = (shareMinor[take.index] ?? 0) + take.amountMinor;
    units[take.index] = (units[take.index] ?? 0) + take.units;
    amountOffMinor += take.amountMinor;
  }
  const { cost: price } = reward.file;
  const allClaims = (before?.claims ?? 0) + claims;
  const cost =
    price === undefined ? null : { account: price.account, points: allClaims * price.points };
  return {
    reward,
    times: (before?.times ?? 0) + effect.times,
    claims: allClaims,
    amountOffMinor,
    roundingMinor: (before?.roundingMinor ?? 0) + effect.roundingMinor,
    cost,
    shareMinor,
    units,
    lines: linesOf(working, shareMinor),
    why: redemptionWhy(reward, cost?.points ?? 0, amountOffMinor),
  };
}

/** Slips are numbered through the sale: each has its own code. */
function printSlips(
  working: Working,
  reward: CompiledReward,
  firstNumber: number,
  times: number,
): void {
  const { file, rewardId } = reward;
  if (file.kind !== 'slip') return;
  const { sale, local, timeZone } = working.context;
  // The last day counts to its end.
  const untilMs = startOfDayMs(local.calendarDayNumber + file.validDays + 1, timeZone);
  for (let number = firstNumber; number < firstNumber + times; number += 1) {
    const slipId = `${sale.transactionId}/${rewardId}/${number}`;
    working.slips.push({ rewardId, slipId, untilMs, issuedBy: file.issuedBy, name: file.name });
  }
}

function give(working: Working, reward: CompiledReward, effect: Effect, claims: number): void {
  const { file, rewardId } = reward;
  const before = working.applied.get(rewardId);
  working.applied.set(rewardId, addedTo(working, reward, before, effect, claims));
  takeOff(working, effect.takes, file.kind === 'percent-off');
  working.roundingMinor -= effect.roundingMinor;
  if (reward.isBasketWide) {
    for (const { index, amountMinor } of effect.takes) {
      working.basketShareMinor[index] = (working.basketShareMinor[index] ?? 0) + amountMinor;
    }
  }
  if (file.kind === 'slip') printSlips(working, reward, (before?.times ?? 0) + 1, effect.times);
  if (file.kind === 'gift') {
    const units = effect.times;
    working.gifts.push({ rewardId, sku: file.sku, units, ...giftWhy(reward, units) });
  }
}

function attemptReward(working: Working, attempt: Attempt): Refusal | null {
  const { reward, times, line } = attempt;
  const refusal = refusalOf(working, reward);
  if (refusal !== null) return refusal;
  const unitsMax = times === null ? unitsMaxOf(working, reward) : 0;
  const effect = effectOf(working, reward, { times, unitsMax, line });
  if (isRefusal(effect)) return effect;
  const { kind } = reward.file;
  const areUnits = kind === 'free-units' || kind === 'gift';
  const claims = times ?? (areUnits ? effect.times : 1);
  if (times !== null) {
    const excess = excessRefusal(working, reward, claims, effect.times);
    if (excess !== null) return excess;
  }
  if (kind === 'convert') working.conversions.push({ reward, times: claims });
  else give(working, reward, effect, claims);
  return null;
}

/** Tries one reward. What somebody asked for and does not get is refused in words. */
export function tryReward(working: Working, attempt: Attempt): void {
  const refusal = attemptReward(working, attempt);
  if (refusal === null || !attempt.isAsked) return;
  working.refusals.push({ rewardId: attempt.reward.rewardId, ...refusal });
}
