// Owns undoing: how much of each movement of a sale goes when lines come back, and how it goes.
import {
  applyMovements,
  type Books,
  DEBT_LOT,
  lotsOf,
  type Movement,
  sumBetween,
} from '#loyalty/books/books.ts';
import { type Now, spend } from '#loyalty/books/lots.ts';
import { divideHalfUp } from '#loyalty/money.ts';
import { type StoredLine, type StoredSale, TENDER_RULE } from '#loyalty/returns/storedSale.ts';
import type { Why } from '#loyalty/why.ts';

/**
 * The part of an amount that so many of all units are, half-up. Asked with growing counts it never
 * passes the amount, and with all of them it is the amount.
 */
export function partOf(amount: number, units: number, all: number): number {
  const part = divideHalfUp(BigInt(Math.abs(amount)) * BigInt(units), all);
  return amount < 0 ? -part : part;
}

/** What of a line's money has come back, by units. */
export function returnedMinor({ paidMinor, returnedQuantity, quantity }: StoredLine): number {
  return partOf(paidMinor, returnedQuantity, quantity);
}

/** Every unit of the sale came back. */
export function isAllReturned(sale: StoredSale): boolean {
  return sale.lines.every((line) => line.returnedQuantity === line.quantity);
}

/** Money of a stored-value line stays exact: a voucher is worth what was paid for it. */
function isOfStoredValue(movement: Movement, sale: StoredSale): boolean {
  return (
    movement.lines?.every((share) =>
      sale.lines.some(({ line, flags }) => line === share.line && flags.includes('stored-value')),
    ) === true
  );
}

/** By value: the share of the sale's money that came back is the share of its points. */
function partByValue(movement: Movement, sale: StoredSale): number {
  const goods = sale.lines.filter((line) => !line.flags.includes('stored-value'));
  const paidMinor = goods.reduce((sum, line) => sum + line.paidMinor, 0);
  const backMinor = goods.reduce((sum, line) => sum + returnedMinor(line), 0);
  return paidMinor === 0 ? 0 : partOf(movement.amount, backMinor, paidMinor);
}

/** Exactly what the returned units had to do with the movement. */
function partByLines(movement: Movement, sale: StoredSale): number {
  let part = 0;
  for (const share of movement.lines ?? []) {
    const line = sale.lines.find((candidate) => candidate.line === share.line);
    if (line !== undefined) part += partOf(share.amount, line.returnedQuantity, line.quantity);
  }
  return part;
}

/** Points, and what counters know of them. */
function isOfPoints({ kind, account }: Movement): boolean {
  return kind === 'accrual' || kind === 'redemption' || /^(issued|contributed)\//.test(account);
}

function isTenderOf(movement: Movement): boolean {
  return movement.rule === TENDER_RULE && movement.kind === 'redemption';
}

/** Of each account of stored value, what its tender has been given back. */
function tenderTargets(sale: StoredSale, isToTender: boolean): Map<string, number> {
  const back = isToTender ? sale.tenders : [];
  return new Map(back.map(({ tenderType, refundedMinor }) => [tenderType, refundedMinor]));
}

/** How much of each movement is gone, conditions left aside. Index-aligned with the movements. */
export function targetsOf(sale: StoredSale, isToTender: boolean): number[] {
  const isAll = isAllReturned(sale);
  const tenderBack = tenderTargets(sale, isToTender);
  const targets: number[] = sale.movements.map((movement) => {
    if (isTenderOf(movement)) {
      const givenMinor = tenderBack.get(movement.account) ?? 0;
      const target = Math.min(givenMinor, -movement.amount);
      tenderBack.set(movement.account, givenMinor - target);
      return target === 0 ? movement.undone : -target;
    }
    if (isAll) return movement.amount;
    const isByValue =
      sale.policy.policy === 'value-share' &&
      isOfPoints(movement) &&
      movement.condition === undefined &&
      !isOfStoredValue(movement, sale);
    return isByValue ? partByValue(movement, sale) : partByLines(movement, sale);
  });
  // What is undone stays undone.
  return targets.map((target, index) => {
    const undone = sale.movements[index]?.undone ?? 0;
    return Math.abs(target) > Math.abs(undone) ? target : undone;
  });
}

/** Whether what a movement stands on still holds. */
export function isStanding(movement: Movement, sale: StoredSale | null, books: Books): boolean {
  const { condition } = movement;
  if (condition === undefined) return true;
  const { of, account, sinceMs, untilMs, atLeast } = condition;
  if (of === 'account') {
    const toMs = untilMs ?? Number.POSITIVE_INFINITY;
    return sumBetween(books, movement.owner, account ?? '', sinceMs, toMs) >= atLeast;
  }
  if (sale === null) return true;
  let left = 0;
  for (const line of sale.lines) {
    if (condition.lines?.includes(line.line) === false) continue;
    const minor = line.paidMinor - returnedMinor(line);
    if (of === 'sale-units') left += line.quantity - line.returnedQuantity;
    else if (condition.taxes !== 'excluded') left += minor;
    else left += divideHalfUp(BigInt(minor) * 10_000n, 10_000 + line.taxRateBasisPoints);
  }
  return left >= atLeast;
}

/** Why so much of a movement is undone. `isFallen`: its condition no longer holds. */
export function whyUndone(
  movement: Movement,
  amount: number,
  sale: StoredSale,
  isFallen: boolean,
): Why {
  if (movement.kind === 'tally') return { whyKey: 'why.return.forgotten', whyArgs: {} };
  const points = Math.abs(amount);
  const stem = isFallen ? 'unqualified' : amount > 0 ? 'takenBack' : 'givenBack';
  return sale.moneyAccounts.includes(movement.account)
    ? {
        whyKey: `why.return.${stem}.money`,
        whyArgs: { amountMinor: points, currency: sale.currency },
      }
    : { whyKey: `why.return.${stem}`, whyArgs: { points } };
}

/** A movement of which a part is to be undone. */
export interface Undoing {
  readonly movement: Movement;
  /** Signed as the movement. */
  readonly amount: number;
  readonly why: Why;
}

/**
 * Of points that go back to a living lot, what pays a debt first: else the lot would lapse one day
 * and leave the debt of an earlier return behind.
 */
function debtPaid(
  books: Books,
  { owner, account, kind, lotId, untilMs }: Movement,
  back: number,
  { atMs }: Now,
): number {
  const isLapsed = untilMs !== null && untilMs <= atMs;
  if (back <= 0 || kind === 'tally' || lotId === DEBT_LOT || isLapsed) return 0;
  const owed = lotsOf(books, owner, account).find((lot) => lot.lotId === DEBT_LOT)?.amount ?? 0;
  return Math.min(back, -owed);
}

/**
 * Undoes parts of movements, the last one first, so that lots are opened and closed as they were.
 * Points go back to their lots, dates and all, even where these are over by now. What was earned
 * leaves its own lot; where that is spent, other lots pay, and at last a debt: it never blocks.
 * A grant that was renewed meanwhile is another grant and stays.
 */
export function undo(books: Books, undoings: readonly Undoing[], now: Now): Movement[] {
  const made: Movement[] = [];
  const short: Undoing[] = [];
  let current = books;
  for (const undoing of undoings.toReversed()) {
    const { movement, amount, why } = undoing;
    const { owner, account, lotId, fromMs, untilMs, rule } = movement;
    const lot = lotsOf(current, owner, account).find((candidate) => candidate.lotId === lotId);
    if (lot !== undefined && movement.kind === 'tally' && lot.untilMs !== untilMs) continue;
    const isOwned = movement.kind !== 'tally' && amount > 0 && lotId !== DEBT_LOT;
    const taken = isOwned ? Math.min(amount, Math.max(0, lot?.amount ?? 0)) : amount;
    if (taken < amount) short.push({ movement, why, amount: amount - taken });
    if (taken === 0) continue;
    const { whyKey, whyArgs } = why;
    const head = { owner, account, rule, whyKey, whyArgs, kind: 'reversal' as const };
    const paid = debtPaid(current, movement, -taken, now);
    const reversals: Movement[] = [
      { ...head, lotId: DEBT_LOT, amount: paid, fromMs: 0, untilMs: null },
      { ...head, lotId, amount: -taken - paid, fromMs, untilMs },
    ].filter((reversal) => reversal.amount !== 0);
    made.push(...reversals);
    current = applyMovements(current, reversals);
  }
  for (const { movement, why, amount } of short) {
    const { owner, account: accountId, rule } = movement;
    const place = { owner, accountId, account: null };
    const spending = { ...place, ...why, amount, rule, kind: 'reversal' as const };
    const taken = spend(current, { ...spending, mayOverdraw: true }, now);
    made.push(...taken);
    current = applyMovements(current, taken);
  }
  return made;
}
