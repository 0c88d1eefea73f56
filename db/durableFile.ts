// Owns making files last: what a power cut must not take back.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives a closed SQLite file its final name, so that after a power cut either the old state or the
 * whole file is there. Removes the helpers that reading it left beside it. Throws what the file
 * system says.
 */
export function moveIntoPlace(from: string, to: string): void {
  for (const helper of ['-wal', '-shm']) rmSync(from + helper, { force: true });
  syncToDisk(from, 'r+');
  renameSync(from, to);
  // A name lives in its folder; Windows keeps it with the file and cannot open folders.
  if (process.platform !== 'win32') syncToDisk(dirname(to), 'r');
}

/** Whether a write-ahead log with something in it lies beside the database file `path`. */
export function hasLog(path: string): boolean {
  const log = `${path}-wal`;
  return existsSync(log) && statSync(log).size > 0;
}

function syncToDisk(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
