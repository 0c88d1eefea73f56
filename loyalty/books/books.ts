// Owns the books: who holds how much of which account, as lots; and the movements that change them.
import { assert } from '#loyalty/assert.ts';
import type { Why } from '#loyalty/why.ts';

/**
 * One heap of an account. Points, stamps and money are lots with an age; so are counters, whose
 * lots are days, so that "twice a week" is a sum like any other.
 */
export interface Lot {
  readonly lotId: string;
  /** Points, minor units or a count. Below zero only in the lot `debt`. */
  readonly amount: number;
  /** From when it can be spent: later than its sale while it is pending. */
  readonly fromMs: number;
  /** The first instant when it is gone, or null for never. */
  readonly untilMs: number | null;
}

/** Owner (`member/…`, `pool/…`, `operator/…`, `shop`) → account → lots. */
export type Books = ReadonlyMap<string, ReadonlyMap<string, readonly Lot[]>>;

export type MovementKind =
  | 'accrual'
  | 'redemption'
  | 'reversal'
  | 'expiry'
  | 'adjustment'
  | 'transfer'
  /** Counters, tier grants, stock and budgets: what rules remember. */
  | 'tally';

/** What one basket line has to do with a movement, so that its return undoes exactly that. */
export interface LineShare {
  readonly line: number;
  readonly amount: number;
}

/** A movement that stands only while this holds; a return asks again. */
export interface Condition {
  /**
   * What must stay at least `atLeast`: the net money of the sale, its units, or an account of the
   * owner.
   */
  readonly of: 'sale-net-minor' | 'sale-units' | 'account';
  /** Lines of the sale that count; absent: all. */
  readonly lines?: readonly number[];
  /** How the money of the sale counts; absent: with the tax inside. */
  readonly taxes?: 'included' | 'excluded';
  /** The account where `of` says so; its lots from `sinceMs` to `untilMs` count. */
  readonly account: string | null;
  readonly sinceMs: number;
  readonly untilMs: number | null;
  readonly atLeast: number;
}

/** One change of the books. What happened is a list of them; undoing is the same list negated. */
export interface Movement extends Why {
  readonly owner: string;
  readonly account: string;
  readonly lotId: string;
  readonly amount: number;
  /** Dates of the lot; they count where the movement opens it. */
  readonly fromMs: number;
  readonly untilMs: number | null;
  readonly kind: MovementKind;
  readonly rule: string;
  /** Absent where no single line made it; then it is undone with the whole sale. */
  readonly lines?: readonly LineShare[];
  readonly condition?: Condition;
  /** Names what may happen once in a period, over all tills: head office undoes the second. */
  readonly onceKey?: string;
}

export const SHOP = 'shop';
export const DEBT_LOT = 'debt';
/** Points that other tills gave or took, known only as a sum. */
export const ELSEWHERE_LOT = 'elsewhere';
export const EMPTY_BOOKS: Books = new Map();

const NO_LOTS: readonly Lot[] = [];

export function memberOwner(memberId: string): string {
  return `member/${memberId}`;
}

/** Whose books these are, or null where they are no member's own. */
export function memberIdOf(owner: string): string | null {
  return owner.startsWith('member/') ? owner.slice('member/'.length) : null;
}

export function operatorOwner(operatorId: string): string {
  return `operator/${operatorId}`;
}

export function lotsOf(books: Books, owner: string, account: string): readonly Lot[] {
  return books.get(owner)?.get(account) ?? NO_LOTS;
}

/** All that an owner holds, pending lots and debt included. */
export function heldOf(books: Books, owner: string, account: string): number {
  let held = 0;
  for (const lot of lotsOf(books, owner, account)) held += lot.amount;
  return held;
}

export function isAlive(lot: Lot, atMs: number): boolean {
  return lot.untilMs === null || atMs < lot.untilMs;
}

/** What can be spent at an instant: neither pending nor expired, less debt; may be below zero. */
export function spendableOf(books: Books, owner: string, account: string, atMs: number): number {
  let amount = 0;
  for (const lot of lotsOf(books, owner, account)) {
    if (lot.fromMs <= atMs && isAlive(lot, atMs)) amount += lot.amount;
  }
  return amount;
}

/** The sum of lots that began in [fromMs, toMs): how counters are read for a period. */
export function sumBetween(
  books: Books,
  owner: string,
  account: string,
  fromMs: number,
  toMs: number,
): number {
  let sum = 0;
  for (const lot of lotsOf(books, owner, account)) {
    if (lot.fromMs >= fromMs && lot.fromMs < toMs) sum += lot.amount;
  }
  return sum;
}

function withMovement(lots: readonly Lot[], movement: Movement): readonly Lot[] {
  const { lotId, amount, fromMs, untilMs } = movement;
  const known = lots.find((lot) => lot.lotId === lotId);
  if (known === undefined) {
    return amount === 0 ? lots : [...lots, { lotId, amount, fromMs, untilMs }];
  }
  const sum = known.amount + amount;
  assert(Number.isSafeInteger(sum), `lot out of range: ${lotId}`);
  // An empty lot leaves the books: a full return restores them to the last lot.
  if (sum === 0) return lots.filter((lot) => lot !== known);
  return lots.map((lot) => (lot === known ? { ...known, amount: sum } : lot));
}

/** The books after movements. A movement on a lot that is gone opens it again, dates and all. */
export function applyMovements(books: Books, movements: readonly Movement[]): Books {
  if (movements.length === 0) return books;
  const next = new Map(books);
  for (const movement of movements) {
    const accounts = new Map(next.get(movement.owner));
    const lots = withMovement(accounts.get(movement.account) ?? NO_LOTS, movement);
    if (lots.length === 0) accounts.delete(movement.account);
    else accounts.set(movement.account, lots);
    if (accounts.size === 0) next.delete(movement.owner);
    else next.set(movement.owner, accounts);
  }
  return next;
}
