// Owns the promise that one process at a time works on a database.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { storeFault } from '#db/handle.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

/** A till that was just killed may still be on its way out when the next one starts. */
const LOCK_WAIT_MS = 1000;

export interface DatabaseLock {
  release(): void;
}

export interface LockFault {
  readonly isHeldElsewhere: boolean;
  readonly detail: string;
}

/** One name for one file, whichever links lead to it. */
export function realPathOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
}

/**
 * Takes the lock `<path>.lock` and holds it until `release` or the end of the process, however it
 * ends: the operating system frees it even after kill -9. The file is an empty SQLite database, so
 * that SQLite's own locking, which works on all three systems, does the work.
 */
export function lockDatabase(realPath: string): Result<DatabaseLock, LockFault> {
  let connection: BetterSqlite.Database | undefined;
  try {
    connection = new BetterSqlite(`${realPath}.lock`, { timeout: LOCK_WAIT_MS });
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (!(error instanceof BetterSqlite.SqliteError)) throw error;
    return failure({ isHeldElsewhere: storeFault(error) === 'busy', detail: error.message });
  }
  const held = connection;
  return success({ release: () => held.close() });
}
