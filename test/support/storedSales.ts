// Owns builders of stored sales for tests of returns: lines, tenders and movements by hand.
import {
  applyMovements,
  type Books,
  EMPTY_BOOKS,
  type LineShare,
  type Lot,
  type Movement,
  memberOwner,
} from '#loyalty/books/books.ts';
import { accrue, type Now, nowOf, spend } from '#loyalty/books/lots.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { type ReturnOutcome, returnLines } from '#loyalty/returns/returnLines.ts';
import type { StoredLine, StoredSale } from '#loyalty/returns/storedSale.ts';

export const BUYER = memberOwner('m1');

/** Noon of a day in UTC, or the very time. */
export function nowAt(iso: string): Now {
  const atMs = parseInstantIso(iso.includes('T') ? `${iso}Z` : `${iso}T12:00:00Z`);
  if (atMs === null) throw new Error(iso);
  return nowOf(atMs, 'UTC', 0);
}

export function storedLine(line: number, changes: Partial<StoredLine> = {}): StoredLine {
  const netMinor = changes.netMinor ?? 1000;
  return {
    line,
    sku: `sku-${line}`,
    productType: 'other',
    flags: [],
    taxRateBasisPoints: 0,
    quantity: 1,
    grossMinor: netMinor,
    discountMinor: 0,
    netMinor,
    paidMinor: netMinor,
    returnedQuantity: 0,
    ...changes,
  };
}

export function storedSale(changes: Partial<StoredSale> = {}): StoredSale {
  const lines = changes.lines ?? [storedLine(1)];
  const amountMinor = lines.reduce((sum, line) => sum + line.paidMinor, 0);
  return {
    transactionId: 't1',
    atMs: nowAt('2026-05-05').atMs,
    memberId: 'm1',
    currency: 'EUR',
    moneyAccounts: ['wallet'],
    policy: { policy: 'exact-line', windowDays: 30, late: 'refused' },
    lines,
    tenders: [{ tenderType: 'cash', amountMinor, refundedMinor: 0 }],
    movements: [],
    ...changes,
  };
}

export function shares(...amounts: readonly number[]): LineShare[] {
  return amounts.map((amount, index) => ({ line: index + 1, amount }));
}

type Extra = Partial<Pick<Movement, 'owner' | 'lines' | 'condition' | 'rule'>>;

/** Books that move on, and the list of what moved them. */
export class Ledger {
  books: Books;
  readonly movements: Movement[] = [];
  readonly now: Now;

  constructor(books: Books, now: Now) {
    this.books = books;
    this.now = now;
  }

  add(movements: readonly Movement[]): this {
    this.books = applyMovements(this.books, movements);
    this.movements.push(...movements);
    return this;
  }

  earn(accountId: string, amount: number, extra: Extra = {}): this {
    const lotId = `t1/${this.movements.length + 1}`;
    const place = { owner: BUYER, rule: 'base', ...extra, accountId, account: null, amount, lotId };
    const why = { kind: 'accrual', whyKey: 'why.x', whyArgs: {} } as const;
    return this.add(accrue(this.books, { ...place, ...why }, this.now));
  }

  redeem(accountId: string, amount: number, extra: Extra = {}): this {
    const place = { owner: BUYER, rule: 'reward', ...extra, accountId, account: null, amount };
    const why = { kind: 'redemption', whyKey: 'why.x', whyArgs: {} } as const;
    return this.add(spend(this.books, { ...place, ...why }, this.now));
  }

  count(account: string, amount: number, extra: Extra = {}): this {
    const { day, dayMs } = this.now.local;
    const lot = { lotId: day, fromMs: dayMs, untilMs: null, kind: 'tally' } as const;
    const head = { owner: BUYER, rule: 'sale', account, amount, whyKey: 'why.x', whyArgs: {} };
    return this.add([{ ...head, ...lot, ...extra }]);
  }

  /** The sale that moved all this. */
  stored(changes: Partial<StoredSale> = {}): StoredSale {
    const movements = this.movements.map((movement) => ({ ...movement, undone: 0 }));
    return storedSale({ atMs: this.now.atMs, movements, ...changes });
  }
}

/** Books with one lot of points. */
export function holding(points: number, account = 'points'): Books {
  const lot = { lotId: 'opening', amount: points, fromMs: 0, untilMs: null };
  return new Map([[BUYER, new Map([[account, [lot]]])]]);
}

/** Books to compare: lots by name, since their order means nothing. */
export function inOrder(books: Books): Books {
  const ordered = (lots: readonly Lot[]) =>
    lots.toSorted((left, right) => (left.lotId < right.lotId ? -1 : 1));
  return new Map(
    [...books].map(([owner, accounts]) => [
      owner,
      new Map([...accounts].map(([account, lots]) => [account, ordered(lots)])),
    ]),
  );
}

export const DAY_0 = nowAt('2026-05-05');
export const DAY_5 = nowAt('2026-05-10');

export type Asked = readonly (readonly [line: number, quantity: number])[];

export function back(
  sale: StoredSale,
  asked: Asked,
  books = EMPTY_BOOKS,
  now = DAY_5,
  others: readonly StoredSale[] = [],
): ReturnOutcome {
  const lines = asked.map(([line, quantity]) => ({ line, quantity }));
  const returned = returnLines(sale, { lines, isApprovedByManager: false }, books, now, others);
  if (!returned.ok) throw new Error(JSON.stringify(returned.error));
  return returned.value;
}
