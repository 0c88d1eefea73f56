// Owns the outbox: the till's journal as it travels, numbered without gaps and chained by hash.
import { createHash } from 'node:crypto';
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { assert } from '#loyalty/assert.ts';

/** What stands before the first entry of an epoch (32 zero bytes), lower-case hex. */
export const FIRST_HASH = '0'.repeat(64);
const FIRST_HASH_BYTES = Buffer.alloc(32);

export interface OutboxEntry {
  readonly seq: number;
  readonly entryId: string;
  /** RFC 8785 text. */
  readonly body: string;
  /** Lower-case hex. */
  readonly hash: string;
}

export interface OutboxBatch {
  readonly epoch: number;
  /** seq of the first entry. */
  readonly from: number;
  /** Chain hash before the first entry, lower-case hex. */
  readonly prevHash: string;
  /** Contiguous, oldest first, at least one. */
  readonly entries: readonly OutboxEntry[];
}

interface TailRow {
  seq: number;
  epoch: number;
  hash: Buffer;
}

interface EntryRow extends TailRow {
  entry_id: string;
  body: string;
}

/** SHA-256 over the previous hash and the body's UTF-8 bytes. */
function chainHash(previous: Buffer, body: string): Buffer {
  return createHash('sha256').update(previous).update(body, 'utf8').digest();
}

function tail(db: ReadableDb): TailRow | undefined {
  return statement<TailRow>(
    db,
    'SELECT seq, epoch, hash FROM outbox ORDER BY seq DESC LIMIT 1',
  ).get();
}

/** A till that never synced is in epoch 1, with or without its row. */
function currentEpoch(db: ReadableDb): number {
  const sql = 'SELECT epoch FROM sync_state WHERE id = 1';
  return statement<{ epoch: number }>(db, sql).get()?.epoch ?? 1;
}

/** The seq that the next entry gets: ≥ 1, without gaps. Read it inside the transaction. */
export function nextSeq(db: ReadableDb): number {
  return (tail(db)?.seq ?? 0) + 1;
}

/**
 * Adds an entry at the end of the chain. Call it inside the transaction that writes what the entry
 * tells of. `entryId` was never used before (a second use breaks a constraint and so the
 * transaction); `body` is canonical JSON. `hash` is lower-case hex.
 */
export function appendEntry(
  db: WritableDb,
  entry: { readonly entryId: string; readonly body: string },
): { readonly seq: number; readonly hash: string } {
  const last = tail(db);
  const epoch = currentEpoch(db);
  const seq = (last?.seq ?? 0) + 1;
  const previous = last !== undefined && last.epoch === epoch ? last.hash : FIRST_HASH_BYTES;
  const hash = chainHash(previous, entry.body);
  statement(db, 'INSERT INTO outbox (seq, epoch, entry_id, body, hash) VALUES (?, ?, ?, ?, ?)').run(
    seq,
    epoch,
    entry.entryId,
    entry.body,
    hash,
  );
  return { seq, hash: hash.toString('hex') };
}

/** Chain hash at `seq` under `epoch`, lower-case hex; null where this epoch has no such entry. */
export function hashAt(db: ReadableDb, epoch: number, seq: number): string | null {
  const row = statement<{ hash: Buffer }>(
    db,
    'SELECT hash FROM outbox WHERE seq = ? AND epoch = ?',
  ).get(seq, epoch);
  return row === undefined ? null : row.hash.toString('hex');
}

/** The seq of the oldest entry that is kept; 1 while there is none. */
export function firstSeq(db: ReadableDb): number {
  const row = statement<{ seq: number | null }>(db, 'SELECT min(seq) AS seq FROM outbox').get();
  return row?.seq ?? 1;
}

/** How many entries head office has not acknowledged. */
export function waitingCount(db: ReadableDb): number {
  const row = statement<{ seq: number }>(
    db,
    'SELECT acknowledged_seq AS seq FROM sync_state WHERE id = 1',
  ).get();
  return Math.max(0, (tail(db)?.seq ?? 0) - (row?.seq ?? 0));
}

/**
 * The next entries from `from` on, of the current epoch; null when there are none. `bytesMax`
 * counts the bodies as JSON strings; the first entry is given whatever its size.
 */
export function readBatch(
  db: ReadableDb,
  from: number,
  limits: { readonly entriesMax: number; readonly bytesMax: number },
): OutboxBatch | null {
  const epoch = currentEpoch(db);
  const rows = statement<EntryRow>(
    db,
    'SELECT seq, epoch, entry_id, body, hash FROM outbox WHERE seq >= ? ORDER BY seq LIMIT ?',
  ).iterate(from, limits.entriesMax);
  const entries: OutboxEntry[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    assert(row.seq === from + entries.length, 'the outbox has no gap');
    assert(row.epoch === epoch, 'what waits belongs to the current epoch');
    sizeBytes += Buffer.byteLength(JSON.stringify(row.body)) + 1;
    if (entries.length > 0 && sizeBytes > limits.bytesMax) break;
    const hash = row.hash.toString('hex');
    entries.push({ seq: row.seq, entryId: row.entry_id, body: row.body, hash });
  }
  if (entries.length === 0) return null;
  return { epoch, from, prevHash: hashAt(db, epoch, from - 1) ?? FIRST_HASH, entries };
}

/** Moves everything from `fromSeq` on into `epoch` as the beginning of its chain. */
export function rechain(db: WritableDb, fromSeq: number, epoch: number): void {
  const bodies = statement<{ seq: number; body: string }>(
    db,
    'SELECT seq, body FROM outbox WHERE seq >= ? ORDER BY seq',
  );
  const update = statement(db, 'UPDATE outbox SET epoch = ?, hash = ? WHERE seq = ?');
  let previous: Buffer = FIRST_HASH_BYTES;
  for (const row of bodies.all(fromSeq)) {
    previous = chainHash(previous, row.body);
    update.run(epoch, previous, row.seq);
  }
}

/** Notes that head office keeps the entry without having been able to apply it. */
export function park(db: WritableDb, seq: number, reason: string, atMs: number): void {
  statement(
    db,
    `INSERT INTO outbox_parked (seq, reason, at_ms) VALUES (?, ?, ?)
     ON CONFLICT (seq) DO UPDATE SET reason = excluded.reason`,
  ).run(seq, reason, atMs);
}

export function parkedCount(db: ReadableDb): number {
  const row = statement<{ count: number }>(db, 'SELECT count(*) AS count FROM outbox_parked').get();
  return row?.count ?? 0;
}
