// Owns returns: money and points of lines that come back, from what the sale stored alone.
import { assert } from '#loyalty/assert.ts';
import { applyMovements, type Books, type Movement, memberOwner } from '#loyalty/books/books.ts';
import type { Now } from '#loyalty/books/lots.ts';
import { dayNumberOf } from '#loyalty/calendar.ts';
import { divideHalfUp, splitByLargestRemainder } from '#loyalty/money.ts';
import type { Outcome, Refused } from '#loyalty/occasions/occasion.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import {
  isStanding,
  partOf,
  targetsOf,
  type Undoing,
  undo,
  whyUndone,
} from '#loyalty/returns/reversal.ts';
import type { StoredLine, StoredMovement, StoredSale } from '#loyalty/returns/storedSale.ts';
import type { Why } from '#loyalty/why.ts';

/** Tender of a late return: a gift card. */
const STORED_VALUE = 'stored-value';

export interface ReturnRequest {
  readonly lines: readonly { readonly line: number; readonly quantity: number }[];
  readonly isApprovedByManager: boolean;
}

/** Everything that is left of a sale. */
export function wholeOf(sale: StoredSale): ReturnRequest['lines'] {
  return sale.lines
    .map(({ line, quantity, returnedQuantity }) => ({
      line,
      quantity: quantity - returnedQuantity,
    }))
    .filter(({ quantity }) => quantity > 0);
}

export interface ReturnedLine {
  readonly line: number;
  readonly quantity: number;
  readonly refundMinor: number;
  readonly taxRateBasisPoints: number;
}

export interface ReturnOutcome extends Outcome {
  readonly lines: readonly ReturnedLine[];
  readonly refundMinor: number;
  /** To the tenders of the sale, or all of it as `stored-value` after the window. */
  readonly refunds: readonly { readonly tenderType: string; readonly amountMinor: number }[];
  /** The sale as it has to be stored now. */
  readonly sale: StoredSale;
  /** Other sales of the member of which something no longer stands, as they have to be stored. */
  readonly others: readonly StoredSale[];
}

/** Units that come back of each line, or how many still may where that is too much. */
function unitsOf(sale: StoredSale, request: ReturnRequest): Result<Map<number, number>, Refused> {
  const units = new Map<number, number>();
  for (const { line, quantity } of request.lines) {
    assert(Number.isSafeInteger(quantity) && quantity > 0, 'units are counted from 1');
    const known = sale.lines.find((candidate) => candidate.line === line);
    const left = known === undefined ? 0 : known.quantity - known.returnedQuantity;
    const asked = (units.get(line) ?? 0) + quantity;
    if (asked > left) return failure({ reason: 'quantity-exceeded', left });
    units.set(line, asked);
  }
  if (units.size > 0) return success(units);
  // Of a sale without goods (a slip alone) what it moved comes back, once.
  const isOpen =
    sale.lines.length === 0 && sale.movements.some(({ amount, undone }) => undone !== amount);
  return isOpen ? success(units) : failure({ reason: 'refused', left: 0 });
}

/** The membership that a line sold, which is paid back for the days that are left. */
function membershipOf(sale: StoredSale, line: StoredLine): StoredMovement | undefined {
  return sale.movements.find(
    ({ account, amount, lines }) =>
      account === 'membership' &&
      amount > 0 &&
      lines?.some((share) => share.line === line.line) === true,
  );
}

/** A fee for days, of which so many are over: half-up. */
export function feeForDaysLeft(feeMinor: number, usedDays: number, allDays: number): number {
  const left = Math.max(0, allDays - Math.max(0, usedDays));
  return allDays <= 0 ? 0 : divideHalfUp(BigInt(feeMinor) * BigInt(left), allDays);
}

/** First day that a fee pays for: where a membership went on, the day when it would have ended. */
function firstPaidDay(sale: StoredSale, membership: StoredMovement, timeZone: string): number {
  const before = sale.movements.find(
    ({ account, lotId, amount, lines }) =>
      account === membership.account &&
      lotId === membership.lotId &&
      amount < 0 &&
      lines?.[0]?.line === membership.lines?.[0]?.line,
  );
  return dayNumberOf(Math.max(membership.fromMs, before?.untilMs ?? 0), timeZone);
}

function refundOf(sale: StoredSale, line: StoredLine, units: number, now: Now): number {
  const { paidMinor, quantity, returnedQuantity } = line;
  const after = partOf(paidMinor, returnedQuantity + units, quantity);
  const refundMinor = after - partOf(paidMinor, returnedQuantity, quantity);
  const membership = membershipOf(sale, line);
  if (membership === undefined || membership.untilMs === null) return refundMinor;
  const first = firstPaidDay(sale, membership, now.timeZone);
  const allDays = dayNumberOf(membership.untilMs, now.timeZone) - first;
  return feeForDaysLeft(refundMinor, dayNumberOf(now.atMs, now.timeZone) - first, allDays);
}

/** A membership ends on any day; goods come back within the window of their sale. */
function isInWindow(sale: StoredSale, units: ReadonlyMap<number, number>, now: Now): boolean {
  const days = dayNumberOf(now.atMs, now.timeZone) - dayNumberOf(sale.atMs, now.timeZone);
  if (days <= sale.policy.windowDays) return true;
  return sale.lines
    .filter((line) => units.has(line.line))
    .every((line) => membershipOf(sale, line) !== undefined);
}

/** The sale with its units and its money given back; points come after. */
function withUnits(
  sale: StoredSale,
  units: ReadonlyMap<number, number>,
  refundMinor: number,
): StoredSale {
  const openMinor = sale.tenders.map((tender) => tender.amountMinor - tender.refundedMinor);
  const shares = splitByLargestRemainder(refundMinor, openMinor);
  return {
    ...sale,
    lines: sale.lines.map((line) => ({
      ...line,
      returnedQuantity: line.returnedQuantity + (units.get(line.line) ?? 0),
    })),
    tenders: sale.tenders.map((tender, index) => ({
      ...tender,
      refundedMinor: tender.refundedMinor + (shares[index] ?? 0),
    })),
  };
}

/** A sale, and how much of each of its movements shall be gone. */
interface Plan {
  readonly sale: StoredSale;
  readonly targets: number[];
  readonly fallen: Set<number>;
}

function undoingsOf({ sale, targets, fallen }: Plan): Undoing[] {
  return sale.movements.flatMap((movement, index) => {
    const amount = (targets[index] ?? 0) - movement.undone;
    const why = whyUndone(movement, amount, sale, fallen.has(index));
    return amount === 0 ? [] : [{ movement, amount, why }];
  });
}

/** Marks what no longer stands on these books; true where something fell. */
function fell(plan: Plan, isReturned: boolean, books: Books): boolean {
  let isChanged = false;
  plan.sale.movements.forEach((movement, index) => {
    if (plan.targets[index] === movement.amount) return;
    if (isStanding(movement, isReturned ? plan.sale : null, books)) return;
    plan.targets[index] = movement.amount;
    plan.fallen.add(index);
    isChanged = true;
  });
  return isChanged;
}

/** Undoes until everything that still stands has what it stands on. */
function settledUndoing(books: Books, plans: readonly Plan[], now: Now): Movement[] {
  for (;;) {
    const movements = undo(books, plans.flatMap(undoingsOf), now);
    const after = applyMovements(books, movements);
    let isChanged = false;
    // The first plan is the sale that comes back; its own money has changed.
    plans.forEach((plan, index) => {
      if (fell(plan, index === plans.length - 1, after)) isChanged = true;
    });
    if (!isChanged) return movements;
  }
}

function withTargets({ sale, targets }: Plan): StoredSale {
  const movements = sale.movements.map((movement, index) => ({
    ...movement,
    undone: targets[index] ?? movement.undone,
  }));
  return { ...sale, movements };
}

/** A return that was made before, as it was stored. */
export interface PastReturn {
  readonly lines: ReturnRequest['lines'];
  readonly refunds: ReturnOutcome['refunds'];
  readonly movements: readonly Movement[];
}

/**
 * Whether a return took a movement back as a whole because it no longer stood on anything. What one
 * rule gave and counted falls together; a level or a badge is known by its lot.
 */
function isFallenIn(past: PastReturn, movement: Movement): boolean {
  return past.movements.some(
    ({ owner, account, lotId, rule, amount, whyKey }) =>
      rule === movement.rule &&
      (whyKey.startsWith('why.return.unqualified') ||
        (movement.kind === 'tally' &&
          owner === movement.owner &&
          account === movement.account &&
          lotId === movement.lotId &&
          amount === -movement.amount)),
  );
}

/** The sale as it stands after its returns, where only the sale and the returns were stored. */
export function resumeSale(stored: StoredSale, returns: readonly PastReturn[]): StoredSale {
  return returns.reduce((before, past) => {
    const units = new Map(past.lines.map(({ line, quantity }) => [line, quantity]));
    const refundMinor = past.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
    const isToTender = past.refunds.every(({ tenderType }) => tenderType !== STORED_VALUE);
    const sale = withUnits(before, units, refundMinor);
    const targets = targetsOf(sale, isToTender).map((target, index) => {
      const movement = sale.movements[index];
      const isFallen = movement?.condition !== undefined && isFallenIn(past, movement);
      return isFallen ? movement.amount : target;
    });
    return withTargets({ sale, targets, fallen: new Set() });
  }, stored);
}

/** What the member hears: points of each account and sentence; what others lose is theirs. */
function explain(sale: StoredSale, movements: readonly Movement[]): Outcome['explanation'] {
  const sums = new Map<string, Why & { account: string; points: number }>();
  for (const { owner, account, amount, whyKey, whyArgs } of movements) {
    const isOwn = owner === memberOwner(sale.memberId ?? '') || owner.startsWith('pool/');
    if (!isOwn || whyKey === 'why.return.forgotten') continue;
    const key = `${account} ${whyKey}`;
    const points = (sums.get(key)?.points ?? 0) + amount;
    const unit = 'amountMinor' in whyArgs ? 'amountMinor' : 'points';
    const args = { ...whyArgs, [unit]: Math.abs(points) };
    sums.set(key, { account, points, whyKey, whyArgs: args });
  }
  return [...sums.values()].filter(({ points }) => points !== 0);
}

/**
 * Takes lines of a sale back. Money and points come from what the sale stored: a later version of
 * the programme, or its loss, changes nothing. `others`: sales of the same member, as far as they
 * are known, whose grants may rest on the figures of this one.
 */
export function returnLines(
  stored: StoredSale,
  request: ReturnRequest,
  books: Books,
  now: Now,
  others: readonly StoredSale[] = [],
): Result<ReturnOutcome, Refused> {
  const units = unitsOf(stored, request);
  if (!units.ok) return units;
  const isToTender = isInWindow(stored, units.value, now);
  if (!isToTender && stored.policy.late === 'refused') {
    return failure({ reason: 'too-late', left: 0 });
  }
  if (!isToTender && !request.isApprovedByManager) {
    return failure({ reason: 'manager-required', left: 0 });
  }
  const lines = stored.lines.flatMap((line): ReturnedLine[] => {
    const quantity = units.value.get(line.line);
    if (quantity === undefined) return [];
    const refundMinor = refundOf(stored, line, quantity, now);
    const { taxRateBasisPoints } = line;
    return [{ line: line.line, quantity, refundMinor, taxRateBasisPoints }];
  });
  const refundMinor = lines.reduce((sum, line) => sum + line.refundMinor, 0);
  const sale = withUnits(stored, units.value, refundMinor);
  const plan: Plan = { sale, targets: targetsOf(sale, isToTender), fallen: new Set() };
  const otherPlans = others.map((other): Plan => {
    const targets = other.movements.map((movement) => movement.undone);
    return { sale: other, targets, fallen: new Set() };
  });
  const movements = settledUndoing(books, [...otherPlans, plan], now);
  const refunds = isToTender
    ? sale.tenders.map(({ tenderType, refundedMinor }, index) => ({
        tenderType,
        amountMinor: refundedMinor - (stored.tenders[index]?.refundedMinor ?? 0),
      }))
    : [{ tenderType: STORED_VALUE, amountMinor: refundMinor }];
  return success({
    lines,
    refundMinor,
    refunds: refunds.filter(({ amountMinor }) => amountMinor > 0),
    movements,
    explanation: explain(sale, movements),
    sale: withTargets(plan),
    others: otherPlans.filter(({ fallen }) => fallen.size > 0).map(withTargets),
  });
}
