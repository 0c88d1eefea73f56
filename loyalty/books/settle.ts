// Owns what head office settles: points that tills gave twice.
import type { Books, Movement } from '#loyalty/books/books.ts';
import type { Now } from '#loyalty/books/lots.ts';
import { undo } from '#loyalty/returns/reversal.ts';

/** A movement with a `onceKey`, and the sale or occasion that made it. */
export interface OnceRow {
  readonly transactionId: string;
  readonly atMs: number;
  readonly movement: Movement;
}

function isBefore(left: OnceRow, right: OnceRow): boolean {
  if (left.atMs !== right.atMs) return left.atMs < right.atMs;
  return left.transactionId < right.transactionId;
}

/**
 * The rows that must go: of each owner and key the first sale keeps what it gave, whatever the
 * order in which the tills told of theirs. Give it no rows of sales that were taken back.
 */
export function duplicatesOf(rows: readonly OnceRow[]): readonly OnceRow[] {
  const first = new Map<string, OnceRow>();
  const keyOf = ({ movement }: OnceRow) => `${movement.owner} ${movement.onceKey}`;
  const keyed = rows.filter(({ movement }) => movement.onceKey !== undefined);
  for (const row of keyed) {
    const known = first.get(keyOf(row));
    if (known === undefined || isBefore(row, known)) first.set(keyOf(row), row);
  }
  return keyed.filter((row) => first.get(keyOf(row))?.transactionId !== row.transactionId);
}

/** Undoes the duplicates, on books that hold all of the rows. */
export function settle(books: Books, rows: readonly OnceRow[], now: Now): Movement[] {
  const why = { whyKey: 'why.once', whyArgs: {} };
  const undoings = duplicatesOf(rows).map(({ movement }) => {
    return { movement, amount: movement.amount, why };
  });
  return undo(books, undoings, now);
}
