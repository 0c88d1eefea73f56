// Owns the look at a database file before anything may write to it.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { storeFault } from '#db/handle.ts';
import { migrations, versionOf } from '#db/migrations/index.ts';

/** 'Puan' in ASCII, at offset 68 of the file: tells our database from any other SQLite file. */
export const APPLICATION_ID = 0x50_75_61_6e;

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const APPLICATION_ID_OFFSET = 68;

/** Up to this size the whole file is checked at each start: 0.1 to 0.2 s. */
const WHOLE_CHECK_BYTES_MAX = 32 * 1024 * 1024;
/**
 * Of a larger file, the tables that selling cannot start without. The rest is read whole when the
 * daily backup is proved.
 */
const FIRST_TABLES = [
  'workstation',
  'setting',
  'operator',
  'programme',
  'draft',
  'reservation',
  'sync_state',
  'z_report',
] as const;

export interface InspectFault {
  readonly code: 'newer' | 'damaged' | 'cannot-open' | 'in-use';
  readonly detail: string;
}

/**
 * Looks at the file through read-only handles, which neither checkpoint nor remove its log; null
 * when it is a database of this till that a version up to ours wrote and that reads back.
 */
export function inspect(path: string): InspectFault | null {
  return inspectHeader(path) ?? inspectContent(path);
}

function inspectHeader(path: string): InspectFault | null {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    if (!statSync(path).isFile()) return { code: 'cannot-open', detail: 'not a file' };
    const file = openSync(path, 'r');
    try {
      const length = readSync(file, header, 0, HEADER_BYTES, 0);
      if (length === 0) return { code: 'damaged', detail: 'the file is empty' };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { code: 'cannot-open', detail: String(error) };
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    return { code: 'damaged', detail: 'not a database' };
  }
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    return { code: 'damaged', detail: "another program's database" };
  }
  return null;
}

function inspectContent(path: string): InspectFault | null {
  let connection: BetterSqlite.Database | undefined;
  try {
    connection = new BetterSqlite(path, { readonly: true, fileMustExist: true });
    // Through SQLite and not from the header: the latest version may still be in the log.
    const version = connection.pragma('user_version', { simple: true }) as number;
    const known = versionOf(migrations);
    if (version > known) {
      return { code: 'newer', detail: `version ${version}, this till knows ${known}` };
    }
    if (version === 0) return { code: 'damaged', detail: 'no schema' };
    const isSmall = statSync(path).size <= WHOLE_CHECK_BYTES_MAX;
    for (const argument of isSmall ? ['1'] : FIRST_TABLES) {
      const verdict = connection.pragma(`quick_check(${argument})`, { simple: true });
      if (verdict !== 'ok') return { code: 'damaged', detail: String(verdict) };
    }
    return null;
  } catch (error) {
    const fault = storeFault(error);
    if (fault === 'corrupt') return { code: 'damaged', detail: String(error) };
    if (fault === 'busy') return { code: 'in-use', detail: String(error) };
    return { code: 'cannot-open', detail: String(error) };
  } finally {
    connection?.close();
  }
}
