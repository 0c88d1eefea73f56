// Owns every change of the open basket: reduce, price, save the draft, tell the pages.
import { saveDraft } from '#db/drafts.ts';
import type { MemberRow } from '#db/members.ts';
import { productBySku } from '#db/products.ts';
import { openReservationsOf } from '#db/reservations.ts';
import { type BasketEvent, type BasketRefusal, openBasket, reduce } from '#loyalty/basket.ts';
import { evaluate } from '#loyalty/evaluate.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { TillError } from '#till/contract.ts';
import { releaseReservations } from '#till/reservationJournal.ts';
import { atomically, newId, type Workstation } from '#till/workstation.ts';

type Done = Record<string, never>;
export const DONE: { readonly ok: true; readonly value: Done } = success({});

/** Prices the basket as it stands; the only place that writes `pricing`. */
export function reprice(workstation: Workstation): void {
  const { state } = workstation;
  state.pricing = evaluate(state.inForce.compiled, state.basket, state.member);
}

/** Makes the next basket the open one. The caller saves the draft inside its own transaction. */
export function beginBasket(workstation: Workstation): void {
  const { state } = workstation;
  const openedAtMs = workstation.nowMs();
  state.basket = openBasket(newId(workstation), openedAtMs);
  state.inForce = workstation.programmes.at(openedAtMs);
  state.member = null;
  state.askingRewardId = null;
  reprice(workstation);
}

export function storeDraft(workstation: Workstation): void {
  const { basket } = workstation.state;
  saveDraft(workstation.db, {
    transactionId: basket.transactionId,
    body: JSON.stringify(basket),
  });
}

/** Applies one event inside the caller's transaction; a refused one changes nothing. */
export function applyInside(
  workstation: Workstation,
  event: BasketEvent,
  member: MemberRow | null,
): Result<Done, TillError> {
  const { state } = workstation;
  const reduced = reduce(state.basket, event);
  if (!reduced.ok) return failure(refusalOf(reduced.error));
  state.basket = reduced.value;
  state.member = member;
  state.lastSale = null;
  state.notice = null;
  reprice(workstation);
  storeDraft(workstation);
  return DONE;
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
