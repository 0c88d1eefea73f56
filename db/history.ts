// Owns what a replay reads: which sales and movements a time has, as one snapshot beside the till.
import { connectionOf, type ReadableDb, statement } from '#db/handle.ts';

/** From here on every read sees the same moment, whatever the till goes on selling. */
export function beginSnapshot(db: ReadableDb): void {
  connectionOf(db).exec('BEGIN');
}

/** False for a database that no till of this version has opened yet. */
export function hasMovements(db: ReadableDb): boolean {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'movement'`;
  return statement<{ name: string }>(db, sql).get() !== undefined;
}

/** Journal seqs of the sales of [fromMs, toMs), oldest first; without those that were voided. */
export function saleSeqsBetween(db: ReadableDb, fromMs: number, toMs: number): readonly number[] {
  const sql = `SELECT seq FROM retail_transaction WHERE at_ms >= ? AND at_ms < ?
      AND seq NOT IN (SELECT ref_seq FROM voided_transaction) ORDER BY seq`;
  return statement<{ seq: number }>(db, sql)
    .all(fromMs, toMs)
    .map(({ seq }) => seq);
}

/** Journal seqs from one on that moved something, oldest first. */
export function movedSeqsFrom(db: ReadableDb, seq: number): readonly number[] {
  const sql = 'SELECT DISTINCT seq FROM movement WHERE seq >= ? ORDER BY seq';
  return statement<{ seq: number }>(db, sql)
    .all(seq)
    .map((row) => row.seq);
}

/** Of these the ones that belong to sales: sales, voids and returns. */
export function seqsOfSalesFrom(db: ReadableDb, seq: number): ReadonlySet<number> {
  const sql = `SELECT seq FROM retail_transaction WHERE seq >= ?
    UNION SELECT seq FROM voided_transaction WHERE seq >= ?
    UNION SELECT seq FROM returned_line WHERE seq >= ?`;
  return new Set(
    statement<{ seq: number }>(db, sql)
      .all(seq, seq, seq)
      .map((row) => row.seq),
  );
}

/** Owners whose books changed from a seq on. */
export function ownersMovedFrom(db: ReadableDb, seq: number): readonly string[] {
  const sql = `SELECT owner FROM holder
    WHERE holder_key IN (SELECT holder_key FROM movement WHERE seq >= ?) ORDER BY owner`;
  return statement<{ owner: string }>(db, sql)
    .all(seq)
    .map(({ owner }) => owner);
}
