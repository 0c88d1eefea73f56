// Owns the kind of reward that gives money off for points: a ladder of steps.

import * as z from 'zod/mini';
import type { Basket } from '#loyalty/basket.ts';
import type { RewardOffer } from '#loyalty/evaluate.ts';
import { AMOUNT_MAX_MINOR } from '#loyalty/money.ts';
import { POINTS_MAX } from '#loyalty/points.ts';
import { closedObject, integerOf, rewardId } from '#loyalty/rules/fields.ts';

const LADDER_WORDS = 'write a list of at most 50 steps, [] for none';

/** `rewards` of a programme file. Offers keep the order of the file. */
export const rewardsFile = closedObject({
  ladder: z
    .array(
      closedObject({
        rewardId,
        points: integerOf(1, POINTS_MAX, 'the points that the step costs'),
        amountOffMinor: integerOf(
          1,
          AMOUNT_MAX_MINOR,
          'the money off in minor units (500 is 5.00)',
        ),
      }),
      LADDER_WORDS,
    )
    .check(z.maxLength(50, LADDER_WORDS)),
});
export type LadderStep = z.infer<typeof rewardsFile>['ladder'][number];

/**
 * Each step as this basket and member see it. `spendablePoints` is the balance before the sale
 * less what claimed rewards take; `remainingMinor` what is left to pay.
 */
export function offersOf(
  ladder: readonly LadderStep[],
  basket: Basket,
  spendablePoints: number,
  remainingMinor: number,
): RewardOffer[] {
  return ladder.map(({ rewardId: id, points, amountOffMinor }) => {
    const step = { rewardId: id, points, amountOffMinor };
    if (basket.rewards.some((claimed) => claimed.rewardId === id)) {
      return { ...step, state: 'claimed', shortByPoints: 0 };
    }
    if (spendablePoints < points) {
      return { ...step, state: 'points-short', shortByPoints: points - spendablePoints };
    }
    const state = remainingMinor < amountOffMinor ? 'basket-too-small' : 'available';
    return { ...step, state, shortByPoints: 0 };
  });
}
