// Owns the handle on a database: who may write, prepared statements, transactions, store faults.
import BetterSqlite from 'better-sqlite3';
import { assert } from '#loyalty/assert.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** May be asked, never changed. Opaque: SQL stays inside `db/`. */
export interface ReadableDb {
  readonly [readable]: true;
}

/** The one connection of a till that writes. Good wherever a `ReadableDb` is asked for. */
export interface WritableDb extends ReadableDb {
  readonly [writable]: true;
}

/** What SQLite stores here. Numbers are integers within ±2^53; STRICT tables refuse the rest. */
export type SqlValue = string | number | Uint8Array | null;

export interface ReadStatement<Row> {
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): Row[];
  iterate(...values: readonly SqlValue[]): IterableIterator<Row>;
}

export interface WriteStatement<Row> extends ReadStatement<Row> {
  run(...values: readonly SqlValue[]): {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  };
}

/** The driver's own connection. Only `db/` calls this. */
export function connectionOf(db: ReadableDb): BetterSqlite.Database {
  return db as unknown as BetterSqlite.Database;
}

/** Gives the driver's connection the brand; `open.ts` alone may call it, after its checks. */
export function asWritable(connection: BetterSqlite.Database): WritableDb {
  assert(!connection.readonly, 'a read-only connection was called writable');
  return connection as unknown as WritableDb;
}

export function asReadable(connection: BetterSqlite.Database): ReadableDb {
  return connection as unknown as ReadableDb;
}

const statements = new WeakMap<object, Map<string, BetterSqlite.Statement>>();

/**
 * The prepared statement of `sql` on this connection, prepared once and kept.
 * `Row` is what the SELECT gives: the caller's promise about its own SQL.
 *
 * The driver is compiled with STAT4: where a plain `?` meets a join, an ORDER BY or a LIMIT, the
 * planner wants to know its value and the statement is prepared again at every run, ten times the
 * cost of a look-up. `+?` hides the value; use it in such statements on the way of a sale.
 */
export function statement<Row>(db: WritableDb, sql: string): WriteStatement<Row>;
export function statement<Row>(db: ReadableDb, sql: string): ReadStatement<Row>;
export function statement<Row>(db: ReadableDb, sql: string): WriteStatement<Row> {
  let prepared = statements.get(db);
  if (prepared === undefined) {
    prepared = new Map();
    statements.set(db, prepared);
  }
  let found = prepared.get(sql);
  if (found === undefined) {
    found = connectionOf(db).prepare(sql);
    prepared.set(sql, found);
  }
  return found as unknown as WriteStatement<Row>;
}

/**
 * Runs `work` inside BEGIN IMMEDIATE … COMMIT and gives back what it returns. When `work` or the
 * commit itself throws, nothing stays and the error goes on to the caller.
 */
export function transaction<T>(db: WritableDb, work: () => T): T {
  const connection = connectionOf(db);
  assert(!connection.inTransaction, 'a transaction inside a transaction');
  statement(db, 'BEGIN IMMEDIATE').run();
  try {
    const result = work();
    assert(!(result instanceof Promise), 'a transaction runs to its end without waiting');
    statement(db, 'COMMIT').run();
    return result;
  } catch (error) {
    // SQLite has already rolled back after some faults (disk full, I/O).
    if (connection.inTransaction) statement(db, 'ROLLBACK').run();
    throw error;
  }
}

/**
 * Moves what the write-ahead log holds into the database file, as far as readers allow, without
 * waiting: for the quiet moment between two customers, so that no sale pays for it.
 */
export function checkpoint(db: WritableDb): void {
  connectionOf(db).pragma('wal_checkpoint(PASSIVE)');
}

/** Why the store could not do its work. Everything else that SQLite refuses is a bug. */
export type StoreFault = 'disk-full' | 'read-only' | 'corrupt' | 'busy' | 'io';

const faultOfCode: readonly (readonly [prefix: string, fault: StoreFault])[] = [
  ['SQLITE_FULL', 'disk-full'],
  // The shared-memory file is the first to meet a full disk, and says it in its own way.
  ['SQLITE_IOERR_SHMSIZE', 'disk-full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
  ['SQLITE_PERM', 'io'],
  ['SQLITE_AUTH', 'io'],
];

/** The fault of the environment behind `error`, or null when the error is not one: a bug. */
export function storeFault(error: unknown): StoreFault | null {
  if (!(error instanceof BetterSqlite.SqliteError)) return null;
  const { code } = error;
  return faultOfCode.find(([prefix]) => code.startsWith(prefix))?.[1] ?? null;
}
