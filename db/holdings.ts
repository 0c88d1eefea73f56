// Owns the books as they stand: head office's figures of each lot, and the till's own since then.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { assert } from '#loyalty/assert.ts';
import type { Books, Lot, Movement } from '#loyalty/books/books.ts';

/** One lot of one account, as head office has it. */
export interface Holding extends Lot {
  readonly account: string;
}

/** Everything that an owner holds. */
export interface OwnersHoldings {
  readonly owner: string;
  readonly holdings: readonly Holding[];
}

type Moved = Pick<Movement, 'account' | 'lotId' | 'amount' | 'fromMs' | 'untilMs'>;

/** Moves one lot; the first movement on it gives its dates. Inside the movement's transaction. */
export function applyToHolding(db: WritableDb, holderKey: number, moved: Moved): void {
  const { account, lotId, amount, fromMs, untilMs } = moved;
  const row = statement<{ amount: number; serverAmount: number }>(
    db,
    `INSERT INTO holding (holder_key, account, lot_id, amount, server_amount, from_ms, until_ms)
     VALUES (?, ?, ?, ?, 0, ?, ?)
     ON CONFLICT (holder_key, account, lot_id) DO UPDATE SET amount = amount + excluded.amount
     RETURNING amount, server_amount AS serverAmount`,
  ).get(holderKey, account, lotId, amount, fromMs, untilMs);
  assert(row !== undefined && Number.isSafeInteger(row.amount), 'a moved lot has its amount');
  // An empty lot leaves the books, unless head office still counts on it.
  if (row.amount !== 0 || row.serverAmount !== 0) return;
  const sql = 'DELETE FROM holding WHERE holder_key = ? AND account = ? AND lot_id = ?';
  statement(db, sql).run(holderKey, account, lotId);
}

/**
 * What owners hold as head office has it. `asOfSeq` is the last own journal entry inside its
 * figures: what the till moved after it is added. Inside a transaction, some hundred at a time.
 */
export function upsertHoldingsFromServer(
  db: WritableDb,
  owners: readonly OwnersHoldings[],
  asOfSeq: number,
): void {
  const upsertHolder = statement<{ holderKey: number }>(
    db,
    `INSERT INTO holder (owner, server_as_of_seq) VALUES (?, ?)
     ON CONFLICT (owner) DO UPDATE SET server_as_of_seq = excluded.server_as_of_seq
     RETURNING holder_key AS holderKey`,
  );
  const clear = statement(db, 'DELETE FROM holding WHERE holder_key = ?');
  const insert = statement(
    db,
    `INSERT INTO holding (holder_key, account, lot_id, amount, server_amount, from_ms, until_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { owner, holdings } of owners) {
    const holder = upsertHolder.get(owner, asOfSeq);
    assert(holder !== undefined, 'an upserted holder has a key');
    const { holderKey } = holder;
    clear.run(holderKey);
    for (const { account, lotId, amount, fromMs, untilMs } of holdings) {
      insert.run(holderKey, account, lotId, amount, amount, fromMs, untilMs);
    }
    for (const moved of movedSince(db, holderKey, asOfSeq)) applyToHolding(db, holderKey, moved);
  }
}

/** The till's own movements of a holder after a seq, in their order. */
function movedSince(db: ReadableDb, holderKey: number, seq: number): readonly Moved[] {
  return statement<Moved>(
    db,
    `SELECT account, lot_id AS lotId, amount, from_ms AS fromMs, until_ms AS untilMs
     FROM movement WHERE holder_key = +? AND seq > +? ORDER BY seq, line`,
  ).all(holderKey, seq);
}

/** The books of some owners, for pricing. An owner without anything has no entry. */
export function booksOf(db: ReadableDb, owners: readonly string[]): Books {
  const select = statement<Holding>(
    db,
    `SELECT account, lot_id AS lotId, amount, from_ms AS fromMs, until_ms AS untilMs
     FROM holder JOIN holding ON holding.holder_key = holder.holder_key
     WHERE owner = +? AND amount <> 0 ORDER BY account, lot_id`,
  );
  const books = new Map<string, ReadonlyMap<string, readonly Lot[]>>();
  for (const owner of owners) {
    const accounts = new Map<string, Lot[]>();
    for (const { account, ...lot } of select.all(owner)) {
      const lots = accounts.get(account);
      if (lots === undefined) accounts.set(account, [lot]);
      else lots.push(lot);
    }
    if (accounts.size > 0) books.set(owner, accounts);
  }
  return books;
}

/** A cached lot that its sources do not explain. */
export interface HoldingMismatch {
  readonly owner: string;
  readonly account: string;
  readonly lotId: string;
  readonly amount: number;
  readonly expectedAmount: number;
}

interface SampledHolder {
  readonly holderKey: number;
  readonly owner: string;
  readonly asOfSeq: number;
}

/**
 * Compares, for the holders of the latest movements, each cached lot with what head office last
 * said and the till's own movements after that.
 */
export function checkHoldings(db: ReadableDb, movementCount: number): readonly HoldingMismatch[] {
  const sample = statement<SampledHolder>(
    db,
    `SELECT holder_key AS holderKey, owner, server_as_of_seq AS asOfSeq FROM holder
     WHERE holder_key IN (SELECT holder_key FROM movement ORDER BY seq DESC, line DESC LIMIT ?)`,
  ).all(movementCount);
  return sample.flatMap((holder) => mismatchesOf(db, holder));
}

function mismatchesOf(db: ReadableDb, holder: SampledHolder): HoldingMismatch[] {
  const { holderKey, owner, asOfSeq } = holder;
  const cached = statement<{
    account: string;
    lotId: string;
    amount: number;
    serverAmount: number;
  }>(
    db,
    `SELECT account, lot_id AS lotId, amount, server_amount AS serverAmount
     FROM holding WHERE holder_key = ?`,
  ).all(holderKey);
  const keyOf = (lot: { readonly account: string; readonly lotId: string }) =>
    JSON.stringify([lot.account, lot.lotId]);
  const lots = new Map(cached.map((lot) => [keyOf(lot), { ...lot, expected: lot.serverAmount }]));
  for (const { account, lotId, amount } of movedSince(db, holderKey, asOfSeq)) {
    const key = keyOf({ account, lotId });
    const lot = lots.get(key) ?? { account, lotId, amount: 0, serverAmount: 0, expected: 0 };
    lots.set(key, { ...lot, expected: lot.expected + amount });
  }
  return [...lots.values()].flatMap(({ account, lotId, amount, expected }) =>
    amount === expected ? [] : [{ owner, account, lotId, amount, expectedAmount: expected }],
  );
}

/** Makes an owner's holdings anew from what head office last said and the movements since. */
export function rebuildHoldings(db: WritableDb, owner: string): void {
  const sql = `SELECT holder_key AS holderKey, server_as_of_seq AS asOfSeq FROM holder
    WHERE owner = ?`;
  const holder = statement<{ holderKey: number; asOfSeq: number }>(db, sql).get(owner);
  if (holder === undefined) return;
  const { holderKey, asOfSeq } = holder;
  statement(db, 'DELETE FROM holding WHERE holder_key = ? AND server_amount = 0').run(holderKey);
  statement(db, 'UPDATE holding SET amount = server_amount WHERE holder_key = ?').run(holderKey);
  for (const moved of movedSince(db, holderKey, asOfSeq)) applyToHolding(db, holderKey, moved);
}
