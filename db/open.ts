// Owns opening: whatever is wrong with the file is said, and the file is never touched then.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { backupBeforeMigration } from '#db/backup.ts';
import { hasLog, moveIntoPlace } from '#db/durableFile.ts';
import {
  asReadable,
  asWritable,
  connectionOf,
  type ReadableDb,
  type WritableDb,
} from '#db/handle.ts';
import { APPLICATION_ID, inspect } from '#db/inspect.ts';
import { type DatabaseLock, lockDatabase, realPathOf } from '#db/lock.ts';
import { migrate, migrations } from '#db/migrations/index.ts';
import { assert } from '#loyalty/assert.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

/** How long a statement waits for another process's lock (a report being read), ms. */
const BUSY_TIMEOUT_MS = 2000;
/** Pages up to here are read where they lie in the system's cache: a third off a look-up. */
const MMAP_BYTES = 1024 * 1024 * 1024;
/**
 * The log is moved into the database after so many pages (16 MiB, some 170 sales): a sale changes
 * the same 20 pages as the one before, and each move writes such a page once.
 */
const CHECKPOINT_PAGES = 4000;

export interface OpenFault {
  /**
   * `in-use`: another till runs on it. `newer`: written by a later version of the till.
   * `damaged`: not a database, not ours, or it does not read back. `migration-failed`: it stands
   * as it was before. `cannot-open`: the file system refuses.
   */
  readonly code: 'in-use' | 'newer' | 'damaged' | 'migration-failed' | 'cannot-open';
  /** The file that the cashier's support has to look at. */
  readonly path: string;
  /** For the support desk; not words for a cashier. */
  readonly detail: string;
}

export interface OpenOptions {
  /** ms since 1970; names the backup that is made before a migration. */
  readonly nowMs: number;
  readonly backupFolder: string;
}

const locks = new WeakMap<object, DatabaseLock>();
// A lock lives as long as its process, even when nobody holds the handle any more.
const heldLocks = new Set<DatabaseLock>();

/**
 * Opens the till's database for this process alone, makes it when there is none, and brings its
 * schema up to date. A file that cannot be opened is left as it is, byte for byte.
 */
export function openDatabase(path: string, options: OpenOptions): Result<WritableDb, OpenFault> {
  let realPath: string;
  try {
    mkdirSync(dirname(path), { recursive: true });
    realPath = realPathOf(path);
  } catch (error) {
    return failure({ code: 'cannot-open', path, detail: String(error) });
  }
  const lock = lockDatabase(realPath);
  if (!lock.ok) {
    const code = lock.error.isHeldElsewhere ? 'in-use' : 'cannot-open';
    return failure({ code, path, detail: lock.error.detail });
  }
  const opened = openLocked(realPath, options);
  if (!opened.ok) {
    lock.value.release();
    return failure({ ...opened.error, path });
  }
  locks.set(opened.value, lock.value);
  heldLocks.add(lock.value);
  return opened;
}

/** For an orderly end and for tests; nothing committed depends on its being called. */
export function closeDatabase(db: WritableDb): void {
  connectionOf(db).close();
  const lock = locks.get(db);
  if (lock === undefined) return;
  lock.release();
  heldLocks.delete(lock);
}

/** Opens beside a running till, for reports and benchmarks. Takes no lock and changes nothing. */
export function openReadOnly(path: string): Result<ReadableDb, OpenFault> {
  const fault = inspect(path);
  if (fault !== null) return failure({ ...fault, path });
  try {
    const connection = new BetterSqlite(path, {
      readonly: true,
      fileMustExist: true,
      timeout: BUSY_TIMEOUT_MS,
    });
    connection.pragma('trusted_schema = OFF');
    connection.pragma(`mmap_size = ${MMAP_BYTES}`);
    return success(asReadable(connection));
  } catch (error) {
    return failure({ code: 'cannot-open', path, detail: String(error) });
  }
}

export function closeReadOnly(db: ReadableDb): void {
  connectionOf(db).close();
}

function openLocked(path: string, options: OpenOptions): Result<WritableDb, OpenFault> {
  if (existsSync(path)) {
    const fault = inspect(path);
    if (fault !== null) return failure({ ...fault, path });
  } else {
    const fault = create(path);
    if (fault !== null) return failure(fault);
  }
  return connect(path, (db, fromVersion) => {
    const { nowMs, backupFolder } = options;
    const backup = backupBeforeMigration(db, { folder: backupFolder, nowMs });
    if (!backup.ok) {
      const { code, detail } = backup.error;
      throw new Error(`no backup of version ${fromVersion}: ${code}: ${detail}`);
    }
  });
}

/**
 * Makes a new database under another name and moves it into place whole. So an empty or half file
 * under the real name is always a damaged one, never one of ours that was cut off.
 */
function create(path: string): OpenFault | null {
  if (hasLog(path)) {
    return { code: 'damaged', path, detail: 'the file is gone and its write-ahead log is there' };
  }
  const building = `${path}.creating`;
  try {
    for (const ending of ['', '-wal', '-shm', '-journal'])
      rmSync(building + ending, { force: true });
  } catch (error) {
    return { code: 'cannot-open', path, detail: String(error) };
  }
  const built = connect(building, () => undefined);
  if (!built.ok) return { ...built.error, path };
  connectionOf(built.value).close();
  // A disk that filled up at the last moment leaves the schema in the log.
  const fault = hasLog(building) ? { detail: 'written in part' } : inspect(building);
  if (fault !== null) return { code: 'cannot-open', path, detail: fault.detail };
  try {
    moveIntoPlace(building, path);
  } catch (error) {
    return { code: 'cannot-open', path, detail: String(error) };
  }
  return null;
}

function connect(
  path: string,
  beforeStep: (db: WritableDb, fromVersion: number) => void,
): Result<WritableDb, OpenFault> {
  let connection: BetterSqlite.Database | undefined;
  try {
    connection = new BetterSqlite(path, { timeout: BUSY_TIMEOUT_MS });
    setPragmas(connection);
  } catch (error) {
    connection?.close();
    return failure({ code: 'cannot-open', path, detail: String(error) });
  }
  const db = asWritable(connection);
  try {
    migrate(db, migrations, (fromVersion) => beforeStep(db, fromVersion));
  } catch (error) {
    connection.close();
    return failure({ code: 'migration-failed', path, detail: String(error) });
  }
  return success(db);
}

/**
 * Sets on every open what a sale's durability rests on, and reads it back: the driver is compiled
 * so that a WAL database opens with synchronous = NORMAL, which loses the last sales in a power
 * cut (SQLITE_DEFAULT_WAL_SYNCHRONOUS=1).
 */
function setPragmas(connection: BetterSqlite.Database): void {
  const wanted: (readonly [name: string, value: string, readBack: string | number])[] = [
    ['journal_mode', 'WAL', 'wal'],
    ['synchronous', 'FULL', 2],
    ['foreign_keys', 'ON', 1],
    ['trusted_schema', 'OFF', 0],
    // Without it INSERT OR REPLACE passes by the triggers that refuse a DELETE.
    ['recursive_triggers', 'ON', 1],
    ['busy_timeout', String(BUSY_TIMEOUT_MS), BUSY_TIMEOUT_MS],
    ['mmap_size', String(MMAP_BYTES), MMAP_BYTES],
    ['wal_autocheckpoint', String(CHECKPOINT_PAGES), CHECKPOINT_PAGES],
  ];
  if (process.platform === 'darwin') {
    // Plain fsync() on macOS leaves data in the drive's cache.
    wanted.push(['fullfsync', 'ON', 1], ['checkpoint_fullfsync', 'ON', 1]);
  }
  for (const [name, value, readBack] of wanted) {
    connection.pragma(`${name} = ${value}`);
    const found = connection.pragma(name, { simple: true });
    assert(found === readBack, `pragma ${name} is ${String(found)}, not ${readBack}`);
  }
  const applicationId = connection.pragma('application_id', { simple: true });
  if (applicationId === 0) connection.pragma(`application_id = ${APPLICATION_ID}`);
}
