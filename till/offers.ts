// Owns how rewards are put before the cashier: in words, and the one to speak of first.
import type { RewardOffer } from '#loyalty/pricing/pricing.ts';
import type { BasketView } from '#till/contract.ts';
import { nameIn } from '#till/names.ts';
import type { Workstation } from '#till/workstation.ts';

/** The dearest that can be had now; where there is none, the one with the fewest points missing. */
export function bestOffer(offers: readonly RewardOffer[]): RewardOffer | null {
  const worth = (left: RewardOffer, right: RewardOffer) =>
    right.points - left.points || right.amountOffMinor - left.amountOffMinor;
  const [best] = offers.filter(({ state }) => state === 'available').toSorted(worth);
  if (best !== undefined) return best;
  const [nearest] = offers
    .filter(({ state }) => state === 'points-short')
    .toSorted((left, right) => left.shortByPoints - right.shortByPoints);
  return nearest ?? null;
}

export function offerViews({ state, shop }: Workstation): BasketView['offers'] {
  const { pricing, askingRewardId, inForce } = state;
  return pricing.offers.map(({ name, account, timesMax: _, ...offer }) => {
    const names = inForce.compiled.accounts.get(account)?.names.other;
    return {
      ...offer,
      name: nameIn(name, shop.language),
      accountName:
        account === 'points' || names === undefined ? null : nameIn(names, shop.language),
      isAsking: offer.rewardId === askingRewardId,
    };
  });
}
