// Owns what the till remembers about syncing: its epoch, what is acknowledged, and the cursors.
import { type ReadableDb, statement, transaction, type WritableDb } from '#db/handle.ts';
import { FIRST_HASH, rechain } from '#db/outbox.ts';

/** A sentence of the word catalogues; kept so that it is still shown after a restart. */
export interface SyncProblem {
  readonly key: string;
  readonly args: Readonly<Record<string, string | number>>;
}

export interface SyncState {
  /** ≥ 1; what head office gave, or 1 before it gave any. */
  readonly epoch: number;
  readonly isRegistered: boolean;
  /** Every journal entry up to this seq is at head office; 0 before the first. */
  readonly acknowledgedSeq: number;
  /** Chain hash at `acknowledgedSeq`, lower-case hex. */
  readonly acknowledgedHash: string;
  readonly membersCursor: number;
  readonly productsCursor: number;
  readonly programmesCursor: number;
  readonly lastContactMs: number | null;
  /** Grows by one whenever contact is regained: names the outage that may follow. */
  readonly outage: number;
  readonly problem: SyncProblem | null;
}

interface SyncStateRow {
  epoch: number;
  is_registered: number;
  acknowledged_seq: number;
  acknowledged_hash: Buffer;
  members_cursor: number;
  products_cursor: number;
  programmes_cursor: number;
  last_contact_ms: number | null;
  outage: number;
  problem: string | null;
}

/** Writes the row of a till that never synced, as sync does first; leaves an existing one alone. */
export function createSyncState(db: WritableDb): void {
  statement(
    db,
    `INSERT OR IGNORE INTO sync_state (id, epoch, is_registered, acknowledged_seq,
       acknowledged_hash, members_cursor, products_cursor, programmes_cursor, outage)
     VALUES (1, 1, 0, 0, ?, 0, 0, 0, 1)`,
  ).run(Buffer.from(FIRST_HASH, 'hex'));
}

const NEVER_SYNCED: SyncState = {
  epoch: 1,
  isRegistered: false,
  acknowledgedSeq: 0,
  acknowledgedHash: FIRST_HASH,
  membersCursor: 0,
  productsCursor: 0,
  programmesCursor: 0,
  lastContactMs: null,
  outage: 1,
  problem: null,
};

export function readSyncState(db: ReadableDb): SyncState {
  const row = statement<SyncStateRow>(db, 'SELECT * FROM sync_state WHERE id = 1').get();
  if (row === undefined) return NEVER_SYNCED;
  return {
    epoch: row.epoch,
    isRegistered: row.is_registered === 1,
    acknowledgedSeq: row.acknowledged_seq,
    acknowledgedHash: row.acknowledged_hash.toString('hex'),
    membersCursor: row.members_cursor,
    productsCursor: row.products_cursor,
    programmesCursor: row.programmes_cursor,
    lastContactMs: row.last_contact_ms,
    outage: row.outage,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as SyncProblem),
  };
}

/** Also moves backwards: head office may have lost its newest entries and ask for them again. */
export function acknowledge(db: WritableDb, seq: number, hash: string): void {
  statement(
    db,
    'UPDATE sync_state SET acknowledged_seq = ?, acknowledged_hash = ? WHERE id = 1',
  ).run(seq, Buffer.from(hash, 'hex'));
}

/**
 * Takes the epoch that head office gave. When its chain begins anew at `fromSeq`, everything from
 * there on is hashed again under it and counts as not acknowledged: identities stay, positions
 * change.
 */
export function startEpoch(db: WritableDb, epoch: number, fromSeq: number): void {
  transaction(db, () => {
    statement(
      db,
      `UPDATE sync_state SET epoch = ?, is_registered = 1, acknowledged_seq = ?,
         acknowledged_hash = ? WHERE id = 1`,
    ).run(epoch, fromSeq - 1, Buffer.from(FIRST_HASH, 'hex'));
    rechain(db, fromSeq, epoch);
  });
}

const CURSOR_STATEMENTS = {
  members: 'UPDATE sync_state SET members_cursor = ? WHERE id = 1',
  products: 'UPDATE sync_state SET products_cursor = ? WHERE id = 1',
  programmes: 'UPDATE sync_state SET programmes_cursor = ? WHERE id = 1',
} as const;

export function setCursor(
  db: WritableDb,
  feed: keyof typeof CURSOR_STATEMENTS,
  cursor: number,
): void {
  statement(db, CURSOR_STATEMENTS[feed]).run(cursor);
}

export function noteContact(db: WritableDb, atMs: number): void {
  statement(db, 'UPDATE sync_state SET last_contact_ms = ? WHERE id = 1').run(atMs);
}

/**
 * Ends the outage: the next one has a number of its own. Counted when contact is regained and not
 * when it is lost, so that a till that dies while offline cannot count one outage twice.
 */
export function endOutage(db: WritableDb): void {
  statement(db, 'UPDATE sync_state SET outage = outage + 1 WHERE id = 1').run();
}

export function setProblem(db: WritableDb, problem: SyncProblem | null): void {
  statement(db, 'UPDATE sync_state SET problem = ? WHERE id = 1').run(
    problem === null ? null : JSON.stringify(problem),
  );
}
