// Owns the connection to head office's database file: pragmas, schema steps, prepared statements.
import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { assert } from '#loyalty/assert.ts';
import { SCHEMA_STEPS } from '#upstream/schema.ts';

export type Connection = Database.Database;
type Value = string | number | Uint8Array | null;

interface Prepared<Row> {
  get(...values: readonly Value[]): Row | undefined;
  all(...values: readonly Value[]): Row[];
  run(...values: readonly Value[]): { readonly changes: number; lastInsertRowid: number | bigint };
}

const statements = new WeakMap<Connection, Map<string, unknown>>();

/** The prepared statement of `sql`, made once. `Row` is the caller's promise about its own SQL. */
export function sql<Row>(connection: Connection, text: string): Prepared<Row> {
  const known = statements.get(connection) ?? new Map<string, unknown>();
  statements.set(connection, known);
  const found = known.get(text) ?? connection.prepare(text);
  known.set(text, found);
  return found as Prepared<Row>;
}

/** One BEGIN IMMEDIATE … COMMIT: the lock that makes two racing tills take turns. */
export function inTransaction<T>(connection: Connection, work: () => T): T {
  return connection.transaction(work).immediate();
}

function setPragma(connection: Connection, name: string, value: string, readBack: unknown): void {
  connection.pragma(`${name} = ${value}`);
  const stored = connection.pragma(name, { simple: true });
  assert(stored === readBack, `pragma ${name} is ${String(stored)}, not ${String(readBack)}`);
}

/** Opens or makes the database. Throws when it cannot: a head office without books cannot run. */
export function openConnection(databasePath: string): Connection {
  const connection = new Database(databasePath);
  // Card numbers and names are inside: nobody but the owner may read them.
  chmodSync(databasePath, 0o600);
  setPragma(connection, 'journal_mode', 'WAL', 'wal');
  // An acknowledged entry must survive a power cut: the till will not send it again by itself.
  setPragma(connection, 'synchronous', 'FULL', 2);
  setPragma(connection, 'foreign_keys', 'ON', 1);
  setPragma(connection, 'trusted_schema', 'OFF', 0);
  setPragma(connection, 'busy_timeout', '2000', 2000);
  const version = connection.pragma('user_version', { simple: true });
  assert(typeof version === 'number', 'user_version is a number');
  assert(version <= SCHEMA_STEPS.length, `the database (${version}) is newer than this program`);
  for (const [index, step] of SCHEMA_STEPS.entries()) {
    if (index < version) continue;
    inTransaction(connection, () => {
      connection.exec(step);
      connection.pragma(`user_version = ${index + 1}`);
    });
  }
  return connection;
}

/** The next number of the feeds that tills pull: unique and growing over all of them. */
export function nextChangeNumber(connection: Connection): number {
  const row = sql<{ number: number }>(
    connection,
    'UPDATE change_counter SET number = number + 1 WHERE id = 1 RETURNING number',
  ).get();
  assert(row !== undefined, 'the change counter has its row');
  return row.number;
}
