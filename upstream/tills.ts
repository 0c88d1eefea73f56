// Owns who may speak: the tills, the administrator, and their tokens, which are kept as hashes.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { assert } from '#loyalty/assert.ts';
import { type Connection, sql } from '#upstream/database.ts';

/** 256 random bits: no slow hash is needed, and none could be guessed back. */
function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** Stands in for a till that is not there, so that the answer takes as long. */
const NOBODY = Buffer.alloc(32);

export function isTillToken(connection: Connection, tillId: string, token: string): boolean {
  const row = sql<{ hash: Buffer }>(
    connection,
    'SELECT token_hash AS hash FROM till WHERE till_id = ?',
  ).get(tillId);
  const isSame = timingSafeEqual(hashOf(token), row?.hash ?? NOBODY);
  return isSame && row !== undefined;
}

/** By the hash itself: an index look-up on 256 random bits tells a listener nothing. */
export function isAnyTillToken(connection: Connection, token: string): boolean {
  const text = 'SELECT 1 AS one FROM till WHERE token_hash = ?';
  return sql(connection, text).get(hashOf(token)) !== undefined;
}

export function isAdminToken(connection: Connection, token: string): boolean {
  const text = 'SELECT token_hash AS hash FROM admin WHERE id = 1';
  const row = sql<{ hash: Buffer }>(connection, text).get();
  const isSame = timingSafeEqual(hashOf(token), row?.hash ?? NOBODY);
  return isSame && row !== undefined;
}

/** The new till's token, shown once; null when a till of that id exists. */
export function addTill(connection: Connection, tillId: string, nowMs: number): string | null {
  const token = makeToken();
  const { changes } = sql(
    connection,
    'INSERT OR IGNORE INTO till (till_id, token_hash, created_at_ms) VALUES (?, ?, ?)',
  ).run(tillId, hashOf(token), nowMs);
  return changes === 1 ? token : null;
}

/** The administrator's token, shown once; null when there is one already. */
export function addAdmin(connection: Connection): string | null {
  const token = makeToken();
  const text = 'INSERT OR IGNORE INTO admin (id, token_hash) VALUES (1, ?)';
  return sql(connection, text).run(hashOf(token)).changes === 1 ? token : null;
}

/** The till was authorised before: it exists. */
export function tillKeyOf(connection: Connection, tillId: string): number {
  const row = sql<{ tillKey: number }>(
    connection,
    'SELECT till_key AS tillKey FROM till WHERE till_id = ?',
  ).get(tillId);
  assert(row !== undefined, 'an authorised till exists');
  return row.tillKey;
}

export function hasTill(connection: Connection, tillId: string): boolean {
  const text = 'SELECT 1 AS one FROM till WHERE till_id = ?';
  return sql(connection, text).get(tillId) !== undefined;
}
