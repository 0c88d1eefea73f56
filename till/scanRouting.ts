// Owns what a scan means: a member, a product, or a sentence for the cashier.
import type { MemberRow } from '#db/members.ts';
import { profileOf } from '#db/profiles.ts';
import { typedCard } from '#loyalty/card.ts';
import { currencyExponent } from '#loyalty/money.ts';
import type { Measure, Product } from '#loyalty/pricing/basket.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { type ScaleLabel, valueAtDecimals } from '#loyalty/scaleLabel.ts';
import { nameArgs } from '#loyalty/why.ts';
import { applyEvent, beginSale, DONE } from '#till/basketFlow.ts';
import { holderOf } from '#till/cardMember.ts';
import type { TillError } from '#till/contract.ts';
import { journal, stampMoment } from '#till/entry.ts';
import { claimLate } from '#till/lateClaim.ts';
import { type CodeDecision, decideCode, decideScan, type Scan } from '#till/scanDecision.ts';
import { atomically, newId, tellCashier, type Workstation } from '#till/workstation.ts';

type Done = Record<string, never>;

/** Weights are kept in thousandths of the unit of measure. */
const WEIGHT_DECIMALS = 3;

/** Handles one scan to its end; the screen is told by the caller's snapshot. Never throws. */
export function handleScan(workstation: Workstation, scan: Scan): void {
  const { state } = workstation;
  if (state.operator === null) {
    tellCashier(workstation, 'bad', 'notice.scan-while-locked');
    workstation.changed();
    return;
  }
  beginSale(workstation);
  const decision = decideScan(workstation, scan);
  switch (decision.kind) {
    case 'receipt':
    case 'code':
    case 'partner':
      takeCode(workstation, decision);
      return;
    case 'member':
      tell(workstation, attachCard(workstation, decision.cardNumber));
      return;
    case 'product': {
      const { product } = decision;
      tell(workstation, applyEvent(workstation, { type: 'product.added', product, quantity: 1 }));
      return;
    }
    case 'scale-label':
      sellPiece(workstation, decision.product, decision.label);
      return;
    case 'card-wrong-check-digit':
    case 'card-wrong-length':
    case 'scale-label-wrong':
      tellCashier(workstation, 'bad', `notice.${decision.kind}`, { number: decision.number });
      break;
    case 'case':
      tellCashier(workstation, 'warn', 'notice.case-code', { number: decision.number });
      break;
    case 'coupon':
      tellCashier(workstation, 'warn', 'notice.coupon-refused');
      break;
    case 'product-unknown': {
      const { barcode } = decision;
      const action = { type: 'sell-as-amount', barcode } as const;
      tellCashier(workstation, 'warn', 'notice.product-unknown', { barcode }, action);
      break;
    }
    case 'unreadable':
      tellCashier(workstation, 'bad', 'notice.card-unreadable');
      break;
  }
  workstation.changed();
}

/** A promotion code, a partner's card or the code of a guest's receipt. */
function takeCode(workstation: Workstation, decision: CodeDecision): void {
  switch (decision.kind) {
    case 'receipt':
      tell(workstation, claimLate(workstation, decision.sale));
      return;
    case 'code': {
      const { code } = decision;
      const added = applyEvent(workstation, { type: 'code.added', code });
      tell(workstation, added);
      if (added.ok) tellCashier(workstation, 'good', 'notice.code-added', { code });
      break;
    }
    case 'partner': {
      const { partnerId, name } = decision.partner;
      const attached = applyEvent(workstation, { type: 'partner.attached', partnerId });
      tell(workstation, attached);
      if (attached.ok) tellCashier(workstation, 'good', 'notice.partner-card', nameArgs(name));
      break;
    }
  }
  workstation.changed();
}

/** One piece, weighed or priced by its label. */
function sellPiece(workstation: Workstation, product: Product, label: ScaleLabel): void {
  const { state } = workstation;
  const exponent = currencyExponent(state.inForce.programme.currency);
  const measure: Measure =
    label.rule.measures === 'weight'
      ? { kind: 'weight', quantityMilli: valueAtDecimals(label, WEIGHT_DECIMALS) }
      : { kind: 'price', priceMinor: valueAtDecimals(label, exponent) };
  tell(workstation, applyEvent(workstation, { type: 'piece.added', product, measure }));
}

/** A refusal that no page waits for becomes a notice. */
function tell(workstation: Workstation, result: Result<unknown, TillError>): void {
  if (result.ok) return;
  // What `attachCard` has already said in more words is left standing.
  if (result.error.code !== 'member-unknown' && result.error.code !== 'member-blocked') {
    tellCashier(workstation, 'bad', `error.${result.error.code}`, result.error.args);
  }
  workstation.changed();
}

/** Attaches the holder of a card; a second read of the same card changes nothing. */
function attachCard(workstation: Workstation, cardNumber: string): Result<Done, TillError> {
  const { state } = workstation;
  const found = atomically(workstation, () => success(holderOf(workstation, cardNumber)));
  if (!found.ok) return found;
  const member = found.value;
  if (member === null) {
    tellCashier(workstation, 'bad', 'notice.card-unknown', { number: cardNumber });
    return failure({ code: 'member-unknown', args: { number: cardNumber } });
  }
  if (member.isBlocked) {
    tellCashier(workstation, 'bad', 'notice.member-blocked', { name: member.displayName });
    return failure({ code: 'member-blocked' });
  }
  if (state.member?.memberKey === member.memberKey && state.lastSale === null) {
    workstation.changed();
    return DONE;
  }
  const { staffOperatorId } = profileOf(workstation.db, member);
  if (staffOperatorId !== null && staffOperatorId === state.operator?.operatorId) {
    return refuseStaffCard(workstation, member);
  }
  return attach(workstation, member);
}

/** Nobody collects on customers' sales with the own card; that it was tried is written down. */
function refuseStaffCard(workstation: Workstation, member: MemberRow): Result<Done, TillError> {
  const written = atomically(workstation, () => {
    journal(workstation, {
      kind: 'card-refused',
      id: newId(workstation),
      ...stampMoment(workstation),
      memberId: member.memberId,
      reason: 'staff-card',
    });
    return DONE;
  });
  return written.ok ? failure({ code: 'staff-card' }) : written;
}

function attach(workstation: Workstation, member: MemberRow): Result<Done, TillError> {
  // While head office is asked for one member's points, another must not receive them.
  if (workstation.state.askingRewardId !== null) return failure({ code: 'busy' });
  const event = { type: 'member.attached', memberId: member.memberId } as const;
  return applyEvent(workstation, event, member);
}

/** A card number that was typed: the same rules, and the answer goes to the field. */
export function identifyTyped(workstation: Workstation, text: string): Result<Done, TillError> {
  beginSale(workstation);
  const code = decideCode(workstation, text.trim());
  if (code !== null) {
    takeCode(workstation, code);
    return DONE;
  }
  const classified = typedCard(text, workstation.state.inForce.programme.cards);
  if (classified.kind === 'member') {
    const result = attachCard(workstation, classified.cardNumber);
    if (!result.ok) workstation.changed();
    return result;
  }
  // What is no number at all is shown back as it was typed: the cashier compares it with the card.
  const number = 'number' in classified ? classified.number : text.trim();
  const key = classified.kind === 'unreadable' ? 'card-typed-unreadable' : classified.kind;
  tellCashier(workstation, 'bad', `notice.${key}`, { number });
  workstation.changed();
  return failure({ code: 'card-unreadable', args: { number } });
}
