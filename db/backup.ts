// Owns copies of the database: before a migration and each day, three kept, each opened once.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import BetterSqlite from 'better-sqlite3';
import { moveIntoPlace } from '#db/durableFile.ts';
import { connectionOf, type ReadableDb, type StoreFault, storeFault } from '#db/handle.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

/** Backups kept of each kind; older ones are removed after a newer one was proved. */
export const BACKUPS_KEPT = 3;

export type BackupKind = 'daily' | 'migration';

export interface Backup {
  readonly path: string;
  readonly sizeBytes: number;
  /** `user_version` of the copy. */
  readonly version: number;
}

export interface BackupFault {
  /** `not-restorable`: the copy was written and does not read back as a whole database. */
  readonly code: StoreFault | 'not-restorable';
  readonly path: string;
  readonly detail: string;
}

export interface BackupOptions {
  /** Made when it is not there. */
  readonly folder: string;
  readonly nowMs: number;
}

const PARTIAL_ENDING = '.partial';

/** `puan-daily-20260131T101500000Z.sqlite`: sorts by time, holds no character Windows refuses. */
function backupName(kind: BackupKind, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '');
  return `puan-${kind}-${stamp}.sqlite`;
}

/** Names of the backups of one kind in `folder`, newest first. */
export function listBackups(folder: string, kind: BackupKind): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`puan-${kind}-`) && name.endsWith('.sqlite'))
    .sort()
    .reverse();
}

/**
 * Copies the database while the till goes on selling: some pages at a time, between other work.
 * The copy gets its name only after it was opened and checked whole; then older ones go.
 */
export async function backupDaily(
  db: ReadableDb,
  options: BackupOptions,
): Promise<Result<Backup, BackupFault>> {
  const path = join(options.folder, backupName('daily', options.nowMs));
  try {
    prepareFolder(options.folder);
    await connectionOf(db).backup(path + PARTIAL_ENDING);
  } catch (error) {
    return faultOf(error, path);
  }
  return keep(await checkBackupGently(path + PARTIAL_ENDING), path, options.folder, 'daily');
}

/** The same at once, before the schema changes: nothing else may run meanwhile. */
export function backupBeforeMigration(
  db: ReadableDb,
  options: BackupOptions,
): Result<Backup, BackupFault> {
  const path = join(options.folder, backupName('migration', options.nowMs));
  try {
    prepareFolder(options.folder);
    connectionOf(db)
      .prepare('VACUUM INTO ?')
      .run(path + PARTIAL_ENDING);
  } catch (error) {
    return faultOf(error, path);
  }
  return keep(checkBackup(path + PARTIAL_ENDING), path, options.folder, 'migration');
}

/** Opens a copy read-only and reads all of it: what a restore would need. Changes nothing. */
export function checkBackup(path: string): Result<Backup, BackupFault> {
  const steps = checkSteps(path);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The same check, with other work let in between two tables: a large one takes a while. */
async function checkBackupGently(path: string): Promise<Result<Backup, BackupFault>> {
  const steps = checkSteps(path);
  let step = steps.next();
  while (!step.done) {
    await setImmediate();
    step = steps.next();
  }
  return step.value;
}

/** Yields after each table that reads back. */
function* checkSteps(path: string): Generator<void, Result<Backup, BackupFault>> {
  let connection: BetterSqlite.Database | undefined;
  try {
    connection = new BetterSqlite(path, { readonly: true, fileMustExist: true });
    const version = connection.pragma('user_version', { simple: true }) as number;
    if (version === 0) return failure({ code: 'not-restorable', path, detail: 'no schema' });
    const tables = connection
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .pluck()
      .all() as string[];
    for (const table of tables) {
      const verdict = connection.pragma(`integrity_check(${table})`, { simple: true });
      if (verdict !== 'ok') {
        return failure({ code: 'not-restorable', path, detail: String(verdict) });
      }
      yield;
    }
    return success({ path, sizeBytes: statSync(path).size, version });
  } catch (error) {
    return failure({ code: 'not-restorable', path, detail: String(error) });
  } finally {
    connection?.close();
  }
}

function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  // What an earlier run began and did not finish: half a copy is of no use to anybody.
  for (const name of readdirSync(folder)) {
    if (name.startsWith('puan-') && name.includes(PARTIAL_ENDING)) rmSync(join(folder, name));
  }
}

/** Gives a proved copy its name, then removes the oldest beyond those kept. */
function keep(
  checked: Result<Backup, BackupFault>,
  path: string,
  folder: string,
  kind: BackupKind,
): Result<Backup, BackupFault> {
  if (!checked.ok) return failure({ ...checked.error, path });
  try {
    moveIntoPlace(path + PARTIAL_ENDING, path);
    for (const name of listBackups(folder, kind).slice(BACKUPS_KEPT)) rmSync(join(folder, name));
  } catch (error) {
    return faultOf(error, path);
  }
  return success({ ...checked.value, path });
}

function faultOf(error: unknown, path: string): Result<never, BackupFault> {
  const code = storeFault(error) ?? fileFault(error);
  if (code === null) throw error;
  return failure({ code, path, detail: String(error) });
}

/** The fault behind an error of the file system itself, or null for a bug. */
function fileFault(error: unknown): StoreFault | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return 'disk-full';
  if (error.code === 'EROFS' || error.code === 'EACCES' || error.code === 'EPERM') {
    return 'read-only';
  }
  return typeof error.code === 'string' && error.code.startsWith('E') ? 'io' : null;
}
