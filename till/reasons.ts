// Owns why points came and went for one owner: what others got by the same sale is theirs.

import { pointsOwner, type State } from '#loyalty/books/state.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { Why } from '#loyalty/why.ts';

export interface Reason extends Why {
  readonly account: string;
  /** Below zero for what was spent. */
  readonly points: number;
}

/** Whose points a screen and a receipt speak of: the member's or its pool's; empty for a guest. */
export function reasonOwner({ member }: State): string {
  return member === null ? '' : pointsOwner(member);
}

/** The reasons of an owner; those of an account sum to what it moved. */
export function reasonsOf(
  { accruals, redemptions }: Pick<Pricing, 'accruals' | 'redemptions'>,
  owner: string,
): readonly Reason[] {
  const own = <Move extends { readonly owner: string }>(moves: readonly Move[]) =>
    moves.filter((move) => move.owner === owner);
  return [
    ...own(accruals),
    ...own(redemptions).map((redemption) => ({ ...redemption, points: -redemption.points })),
  ];
}
