// Owns the tills' journals at head office: epochs, contiguous prefixes, the hash chain, dedup.
import { createHash } from 'node:crypto';
import { assert } from '#loyalty/assert.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { FIRST_PREVIOUS_HASH, type PushReply, type PushRequest } from '#sync/protocol.ts';
import { accountOf, spendableAt } from '#upstream/accounts.ts';
import type { JournalReply } from '#upstream/adminProtocol.ts';
import { planEntry, readEntry } from '#upstream/apply.ts';
import { type Connection, sql } from '#upstream/database.ts';
import type { Effect } from '#upstream/ledgerPlan.ts';
import type { EpochState, Refusal, RegisterInput } from '#upstream/store.ts';

interface Epoch {
  readonly epoch: number;
  readonly fromSeq: number;
  readonly cursor: number;
  readonly hash: Buffer;
}

const EPOCH_COLUMNS = 'epoch, from_seq AS fromSeq, cursor, hash';

export function readEpoch(
  connection: Connection,
  tillKey: number,
  epoch: number | null,
): Epoch | null {
  const text =
    epoch === null
      ? `SELECT ${EPOCH_COLUMNS} FROM epoch WHERE till_key = ? ORDER BY epoch DESC LIMIT 1`
      : `SELECT ${EPOCH_COLUMNS} FROM epoch WHERE till_key = ? AND epoch = ?`;
  const values = epoch === null ? [tillKey] : [tillKey, epoch];
  return sql<Epoch>(connection, text).get(...values) ?? null;
}

const stateOf = ({ epoch, cursor, hash }: Epoch): EpochState => ({
  epoch,
  cursor,
  hash: hash.toString('hex'),
});

/** Tells a till its position, or opens an epoch. A repeated request gets the same epoch. */
export function register(
  connection: Connection,
  tillKey: number,
  { epoch, newEpochFrom, requestId }: RegisterInput,
): Result<EpochState, Refusal> {
  if (epoch > 0 && newEpochFrom === null) {
    const known = readEpoch(connection, tillKey, epoch);
    if (known !== null) return success(stateOf(known));
    return failure({ code: 'epoch-unknown', message: `epoch ${epoch} was never given` });
  }
  const repeated = sql<Epoch>(
    connection,
    `SELECT ${EPOCH_COLUMNS} FROM epoch WHERE till_key = ? AND request_id = ?`,
  ).get(tillKey, requestId);
  if (repeated !== undefined) return success(stateOf(repeated));
  const fromSeq = newEpochFrom ?? 1;
  const next = (readEpoch(connection, tillKey, null)?.epoch ?? 0) + 1;
  const first = Buffer.from(FIRST_PREVIOUS_HASH, 'hex');
  sql(
    connection,
    `INSERT INTO epoch (till_key, epoch, from_seq, cursor, hash, request_id)
     VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(tillKey, next, fromSeq, fromSeq - 1, first, requestId);
  return success({ epoch: next, cursor: fromSeq - 1, hash: FIRST_PREVIOUS_HASH });
}

interface JournalRow {
  readonly hash: Buffer;
  readonly state: 'applied' | 'duplicate' | 'parked';
  readonly reason: string | null;
}

/** Where a batch is being applied. */
interface Position {
  readonly tillKey: number;
  readonly epoch: number;
  readonly nowMs: number;
}

function storedAt(
  connection: Connection,
  { tillKey, epoch }: Position,
  seq: number,
): JournalRow | undefined {
  return sql<JournalRow>(
    connection,
    'SELECT hash, state, reason FROM journal WHERE till_key = ? AND epoch = ? AND seq = ?',
  ).get(tillKey, epoch, seq);
}

function raiseAlarm(
  connection: Connection,
  kind: string,
  { tillKey, epoch, nowMs }: Position,
  seq: number,
  detail: string,
): void {
  sql(
    connection,
    `INSERT INTO alarm (at_ms, kind, till_key, epoch, seq, detail) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(nowMs, kind, tillKey, epoch, seq, detail);
}

const digest = (...parts: readonly (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** What becomes of an entry that has not been at this position before. */
interface Verdict {
  readonly state: JournalRow['state'];
  readonly reason: string | null;
  readonly effect: Effect | null;
}

/** The same id counts once for ever; a second content under one id is parked and alarmed. */
function judge(
  connection: Connection,
  position: Position,
  seq: number,
  text: string,
): Verdict & { readonly entryId: string | null; readonly isNewId: boolean } {
  const { entryId, body } = readEntry(text);
  const known =
    entryId === null
      ? undefined
      : sql<{ contentHash: Buffer; reason: string | null }>(
          connection,
          `SELECT entry.content_hash AS contentHash, journal.reason FROM entry
           JOIN journal ON journal.journal_number = entry.journal_number
           WHERE entry.entry_id = ?`,
        ).get(entryId);
  if (known !== undefined) {
    if (known.contentHash.equals(digest(text))) {
      const { reason } = known;
      return { state: 'duplicate', reason, effect: null, entryId, isNewId: false };
    }
    raiseAlarm(connection, 'id-conflict', position, seq, `entry ${entryId}`);
    return { state: 'parked', reason: 'id-conflict', effect: null, entryId, isNewId: false };
  }
  const isNewId = entryId !== null;
  const plan = body.ok ? planEntry(connection, position.tillKey, body.value) : body;
  if (!plan.ok) return { state: 'parked', reason: plan.error, effect: null, entryId, isNewId };
  return { state: 'applied', reason: null, effect: plan.value, entryId, isNewId };
}

function addEntry(
  connection: Connection,
  position: Position,
  seq: number,
  text: string,
  hash: Buffer,
): string | null {
  const { state, reason, effect, entryId, isNewId } = judge(connection, position, seq, text);
  const { lastInsertRowid } = sql(
    connection,
    `INSERT INTO journal (till_key, epoch, seq, entry_id, hash, body, state, reason,
       received_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(position.tillKey, position.epoch, seq, entryId, hash, text, state, reason, position.nowMs);
  const journalNumber = Number(lastInsertRowid);
  if (isNewId) {
    sql(
      connection,
      'INSERT INTO entry (entry_id, content_hash, journal_number) VALUES (?, ?, ?)',
    ).run(entryId, digest(text), journalNumber);
  }
  const alarm = effect?.(journalNumber) ?? null;
  if (alarm !== null) raiseAlarm(connection, alarm, position, seq, `entry ${entryId}`);
  return reason;
}

/** The members that a batch names: their balances go back with the answer. */
function membersIn(entries: readonly string[]): ReadonlySet<string> {
  const members = new Set<string>();
  for (const text of entries) {
    const { body } = readEntry(text);
    if (!body.ok) continue;
    if (body.value.memberId !== null) members.add(body.value.memberId);
    if ('ledger' in body.value) for (const row of body.value.ledger) members.add(row.memberId);
  }
  return members;
}

function checkStart(
  connection: Connection,
  position: Position,
  known: Epoch,
  { from, prevHash }: PushRequest,
): Result<Buffer, Refusal> {
  const cursor = known.cursor;
  const where = { cursor, hash: known.hash.toString('hex') };
  if (from > cursor + 1 || from < known.fromSeq) {
    return failure({ code: 'gap', message: `go on from ${cursor + 1}`, ...where });
  }
  const before =
    from === known.fromSeq
      ? Buffer.from(FIRST_PREVIOUS_HASH, 'hex')
      : storedAt(connection, position, from - 1)?.hash;
  assert(before !== undefined, 'every seq up to the cursor is stored');
  if (before.toString('hex') === prevHash) return success(before);
  const message = `another entry stands at ${from - 1}`;
  raiseAlarm(connection, 'hash-mismatch', position, from - 1, message);
  return failure({ code: 'hash-mismatch', message, ...where });
}

/**
 * Applies the part of a batch that goes on from the cursor. Inside a transaction. What is stored
 * already is compared and dropped; another entry at a stored position is a fork: alarm, the first
 * wins, and nothing of the batch is applied.
 */
export function push(
  connection: Connection,
  tillKey: number,
  request: PushRequest,
  nowMs: number,
): Result<Omit<PushReply, 'serverTimeMs'>, Refusal> {
  const known = readEpoch(connection, tillKey, request.epoch);
  if (known === null) {
    return failure({ code: 'epoch-unknown', message: `epoch ${request.epoch} was never given` });
  }
  const position = { tillKey, epoch: request.epoch, nowMs };
  const start = checkStart(connection, position, known, request);
  if (!start.ok) return start;
  const parked: { seq: number; reason: string }[] = [];
  let hash = start.value;
  let seq = request.from - 1;
  for (const text of request.entries) {
    seq += 1;
    hash = digest(hash, text);
    let reason: string | null;
    if (seq <= known.cursor) {
      const stored = storedAt(connection, position, seq);
      assert(stored !== undefined, 'every seq up to the cursor is stored');
      if (!stored.hash.equals(hash)) {
        const message = `another entry stands at ${seq}`;
        raiseAlarm(connection, 'conflict', position, seq, message);
        const where = { cursor: known.cursor, hash: known.hash.toString('hex') };
        return failure({ code: 'conflict', message, ...where });
      }
      reason = stored.reason;
    } else {
      reason = addEntry(connection, position, seq, text, hash);
    }
    if (reason !== null) parked.push({ seq, reason });
  }
  const isAhead = seq > known.cursor;
  const end = isAhead ? { cursor: seq, hash } : { cursor: known.cursor, hash: known.hash };
  sql(connection, 'UPDATE epoch SET cursor = ?, hash = ? WHERE till_key = ? AND epoch = ?').run(
    end.cursor,
    end.hash,
    tillKey,
    request.epoch,
  );
  const balances = [...membersIn(request.entries)].flatMap((memberId) => {
    const account = accountOf(connection, memberId);
    if (account === null) return [];
    const balancePoints = spendableAt(connection, tillKey, account);
    return [{ memberId, balancePoints, tierPoints: account.issued }];
  });
  return success({ ...stateOf({ ...known, ...end }), parked, balances });
}

/** Everything that a till ever sent, over all its epochs, in the order in which it was stored. */
export function readJournal(
  connection: Connection,
  tillKey: number,
  after: number,
  limit: number,
): JournalReply {
  const rows = sql<Omit<JournalReply['entries'][number], 'hash'> & { hash: Buffer }>(
    connection,
    `SELECT journal_number AS number, epoch, seq, entry_id AS entryId, hash, body, state, reason
     FROM journal WHERE till_key = ? AND journal_number > ? ORDER BY journal_number LIMIT ?`,
  ).all(tillKey, after, limit + 1);
  const entries = rows.slice(0, limit).map((row) => ({ ...row, hash: row.hash.toString('hex') }));
  const cursor = entries.at(-1)?.number ?? after;
  return { entries, cursor, hasMore: rows.length > limit };
}
