// Owns every change of the open basket: reduce, price, save the draft, tell the pages.
import { saveDraft } from '#db/drafts.ts';
import type { MemberRow } from '#db/members.ts';
import { productBySku } from '#db/products.ts';
import { openReservationsOf } from '#db/reservations.ts';
import {
  type BasketEvent,
  type BasketRefusal,
  openBasket,
  reduce,
} from '#loyalty/pricing/basket.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { TillError } from '#till/contract.ts';
import { releaseReservations } from '#till/reservationJournal.ts';
import { momentOf, readServed, saleOf } from '#till/served.ts';
import { atomically, newId, type Workstation } from '#till/workstation.ts';

type Done = Record<string, never>;
export const DONE: { readonly ok: true; readonly value: Done } = success({});

/** Prices the basket as it stands; the only place that writes `pricing`. */
export function reprice(workstation: Workstation): void {
  const { state } = workstation;
  const { inForce, basket, served } = state;
  state.pricing = priceSale(inForce.compiled, saleOf(basket), served, momentOf(workstation));
}

/** After the member, the operator or the books changed: what is known is read anew. */
export function serve(workstation: Workstation, member: MemberRow | null): void {
  const { state } = workstation;
  state.member = member;
  state.served = readServed(workstation);
  reprice(workstation);
}

/** Makes the next basket the open one. The caller saves the draft inside its own transaction. */
export function beginBasket(workstation: Workstation): void {
  const { state } = workstation;
  const openedAtMs = workstation.nowMs();
  state.basket = openBasket(newId(workstation), openedAtMs);
  state.inForce = workstation.programmes.at(openedAtMs);
  state.askingRewardId = null;
  serve(workstation, null);
}

export function storeDraft(workstation: Workstation): void {
  const { basket } = workstation.state;
  saveDraft(workstation.db, {
    transactionId: basket.transactionId,
    body: JSON.stringify(basket),
  });
}

/**
 * A sale begins with its first line or card, and under the programme of that moment: an empty
 * basket may have waited since the evening before.
 */
export function beginSale(workstation: Workstation): void {
  const { state, programmes } = workstation;
  const { lines, memberId, codes, partnerId } = state.basket;
  const isEmpty =
    lines.length === 0 && memberId === null && codes === undefined && partnerId === undefined;
  if (!isEmpty) return;
  const openedAtMs = workstation.nowMs();
  state.basket = { ...state.basket, openedAtMs };
  state.inForce = programmes.at(openedAtMs);
}

/** Applies one event inside the caller's transaction; a refused one changes nothing. */
export function applyInside(
  workstation: Workstation,
  event: BasketEvent,
  member: MemberRow | null,
): Result<Done, TillError> {
  const { state } = workstation;
  beginSale(workstation);
  const reduced = reduce(state.basket, event);
  if (!reduced.ok) return failure(refusalOf(reduced.error));
  const { basket, pricing } = state;
  state.basket = reduced.value;
  if (member?.memberKey === state.member?.memberKey) reprice(workstation);
  else serve(workstation, member);
  const refused = refusalOfClaims(workstation, event);
  if (refused !== null) {
    state.basket = basket;
    state.pricing = pricing;
    return failure(refused);
  }
  state.lastSale = null;
  state.notice = null;
  storeDraft(workstation);
  return DONE;
}

/**
 * A claimed reward is given as it was claimed, or the change does not happen: points are held for
 * it, and a basket that no longer carries it must lose the reward first.
 */
function refusalOfClaims(workstation: Workstation, event: BasketEvent): TillError | null {
  const { basket, pricing } = workstation.state;
  for (const { rewardId, points } of basket.rewards) {
    if (isGranted(pricing, rewardId, points)) continue;
    const isOwn = event.type === 'reward.claimed' && event.reward.rewardId === rewardId;
    return { code: isOwn ? 'reward-unavailable' : 'rewards-claimed' };
  }
  return null;
}

/** True where pricing takes exactly the ledger points that are held for a reward. */
export function isGranted(pricing: Pricing, rewardId: string, points: number): boolean {
  if (pricing.refusals.some((refusal) => refusal.rewardId === rewardId)) return false;
  if (points === 0) return true;
  const taken = pricing.redemptions.filter((redemption) => redemption.rewardId === rewardId);
  return taken.reduce((sum, redemption) => sum + redemption.points, 0) === points;
}

/** Applies one event as a change of its own, and tells the pages. */
export function applyEvent(
  workstation: Workstation,
  event: BasketEvent,
  member: MemberRow | null = workstation.state.member,
): Result<Done, TillError> {
  const result = atomically(workstation, () => applyInside(workstation, event, member));
  workstation.changed();
  return result;
}

function refusalOf(code: BasketRefusal): TillError {
  switch (code) {
    case 'reward-unknown':
    case 'reward-already-claimed':
    case 'member-missing':
    case 'basket-too-small':
      return { code: 'reward-unavailable' };
    case 'basket-full':
    case 'quantity-out-of-range':
    case 'line-is-piece':
    case 'amount-out-of-range':
    case 'line-unknown':
    case 'rewards-claimed':
      return { code };
  }
}

export function addProduct(
  workstation: Workstation,
  sku: string,
  quantity: number,
): Result<Done, TillError> {
  const product = productBySku(workstation.db, sku);
  if (product === null) return failure({ code: 'product-unknown', args: { barcode: sku } });
  return applyEvent(workstation, { type: 'product.added', product, quantity });
}

export function addAmount(
  workstation: Workstation,
  amountMinor: number,
  name: string,
): Result<Done, TillError> {
  const { amountLine } = workstation.state.inForce.programme;
  return applyEvent(workstation, { type: 'amount.added', amountMinor, name, ...amountLine });
}

export function removeMember(workstation: Workstation): Result<Done, TillError> {
  if (workstation.state.askingRewardId !== null) return failure({ code: 'busy' });
  return applyEvent(workstation, { type: 'member.removed' }, null);
}

/** Throws the basket away and lets its reservations go, in one transaction. */
export function cancelBasket(workstation: Workstation): Result<Done, TillError> {
  if (workstation.state.askingRewardId !== null) return failure({ code: 'busy' });
  const result = atomically(workstation, () => {
    const open = openReservationsOf(workstation.db, workstation.state.basket.transactionId);
    releaseReservations(workstation, open, 'cancelled');
    beginBasket(workstation);
    storeDraft(workstation);
    return DONE;
  });
  workstation.state.lastSale = null;
  workstation.state.notice = null;
  workstation.changed();
  return result;
}
