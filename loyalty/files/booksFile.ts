// Owns the books as a state file writes them, and the balances that a person looks for first.
import type { Books, Lot } from '#loyalty/books/books.ts';
import { spendableAt } from '#loyalty/books/lots.ts';
import type { StateFile } from '#loyalty/files/stateFile.ts';
import { instantText } from '#loyalty/instant.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';

function lotFile({ lotId, amount, fromMs, untilMs }: Lot): StateFile['books'][string][string][0] {
  const untilIso = untilMs === null ? null : instantText(untilMs);
  return { lotId, amount, fromIso: instantText(fromMs), untilIso };
}

function byText<Value>([left]: readonly [string, Value], [right]: readonly [string, Value]) {
  return left < right ? -1 : 1;
}

/** Owner → account → what `makeValue` makes of its lots, in the order of their names. */
function mapAccounts<Value>(
  books: Books,
  makeValue: (owner: string, account: string, lots: readonly Lot[]) => Value,
): Record<string, Record<string, Value>> {
  const owners = [...books].toSorted(byText).map(([owner, accounts]) => {
    const values = [...accounts]
      .toSorted(byText)
      .map(([account, lots]) => [account, makeValue(owner, account, lots)] as const);
    return [owner, Object.fromEntries(values)] as const;
  });
  return Object.fromEntries(owners);
}

/** The books as `books` of a state file. */
export function booksFile(books: Books): StateFile['books'] {
  return mapAccounts(books, (_owner, _account, lots) => lots.map(lotFile));
}

export interface Balance {
  /** All lots, pending ones and debt included. */
  readonly held: number;
  /** Neither pending nor lapsed. */
  readonly spendable: number;
}

/** What every owner has in every account at an instant. */
export function balancesOf(
  books: Books,
  { accounts, timeZone }: Pick<CompiledProgramme, 'accounts' | 'timeZone'>,
  atMs: number,
): Readonly<Record<string, Readonly<Record<string, Balance>>>> {
  return mapAccounts(books, (owner, accountId, lots) => ({
    held: lots.reduce((sum, lot) => sum + lot.amount, 0),
    spendable: spendableAt(
      books,
      { owner, accountId, account: accounts.get(accountId) ?? null },
      { atMs, timeZone },
    ),
  }));
}
