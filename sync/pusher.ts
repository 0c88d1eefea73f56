// Owns sending the journal: oldest first, acknowledged by head office's cursor, never twice.
import { transaction, type WritableDb } from '#db/handle.ts';
import { updateBalancesFromServer } from '#db/members.ts';
import { FIRST_HASH, firstSeq, hashAt, nextSeq, park, readBatch } from '#db/outbox.ts';
import { acknowledge, noteContact, readSyncState, startEpoch } from '#db/syncState.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { HeadOfficeClient, SyncFailure } from '#sync/client.ts';
import {
  BATCH_BYTES_MAX,
  BATCH_ENTRIES_MAX,
  PROTOCOL_VERSION,
  type PushReply,
} from '#sync/protocol.ts';

export interface PushParts {
  readonly db: WritableDb;
  readonly client: HeadOfficeClient;
  readonly nowMs: () => number;
  /** A fresh id; a repeated request with the same one gets the same epoch. */
  readonly newId: () => string;
}

/** What one step did: sent some entries, found nothing to send, or had to take a new epoch. */
export type PushStep = 'sent' | 'empty' | 'new-epoch';

type StepResult = Result<PushStep, SyncFailure>;

/** True when this till's own chain has that hash at that seq: both sides agree up to there. */
function agrees(db: WritableDb, epoch: number, cursor: number, hash: string): boolean {
  const own = hashAt(db, epoch, cursor);
  // Before the first entry of an epoch both sides stand at zero.
  return own === null ? hash === FIRST_HASH && cursor < nextSeq(db) : own === hash;
}

/** Introduces the till, or asks for a fresh epoch that begins after what is acknowledged. */
async function register(
  parts: PushParts,
  newEpochFrom: number | null,
  signal: AbortSignal,
): Promise<StepResult> {
  const { db, client } = parts;
  const state = readSyncState(db);
  const epoch = state.isRegistered ? state.epoch : 0;
  const answer = await client.register({ epoch, newEpochFrom, requestId: parts.newId() }, signal);
  if (!answer.ok) return answer;
  const { epoch: given, cursor, hash } = answer.value;
  if (newEpochFrom !== null) {
    startEpoch(db, given, newEpochFrom);
    return success('new-epoch');
  }
  // A till whose journal is not the one head office knows: a new installation, or a copy.
  if (given !== state.epoch || !agrees(db, given, cursor, hash)) {
    return register(parts, Math.max(firstSeq(db), state.acknowledgedSeq + 1), signal);
  }
  startRegistered(db, given, cursor, hash);
  return success('sent');
}

function startRegistered(db: WritableDb, epoch: number, cursor: number, hash: string): void {
  const state = readSyncState(db);
  if (!state.isRegistered && cursor === 0) startEpoch(db, epoch, 1);
  else acknowledge(db, cursor, hash);
}

/** Everything up to the cursor is acknowledged, in one transaction. */
function applyReply(parts: PushParts, reply: PushReply): void {
  const { db } = parts;
  const nowMs = parts.nowMs();
  transaction(db, () => {
    acknowledge(db, reply.cursor, reply.hash);
    for (const { seq, reason } of reply.parked) park(db, seq, reason, nowMs);
    updateBalancesFromServer(db, reply.balances, reply.cursor, nowMs);
    noteContact(db, nowMs);
  });
}

async function resolveRefusal(
  parts: PushParts,
  refused: SyncFailure & { kind: 'refused' },
  signal: AbortSignal,
): Promise<StepResult> {
  const { db } = parts;
  const state = readSyncState(db);
  const { code, cursor, hash } = refused.reply;
  switch (code) {
    case 'gap':
    case 'hash-mismatch':
      // Head office stands elsewhere on the same chain (a lost reply, a restored backup of its
      // own): go on from there. On another chain this till is a copy.
      if (cursor !== undefined && hash !== undefined && agrees(db, state.epoch, cursor, hash)) {
        if (cursor === state.acknowledgedSeq) return failure(refused);
        acknowledge(db, cursor, hash);
        return success('sent');
      }
      return register(parts, state.acknowledgedSeq + 1, signal);
    case 'conflict':
      return register(parts, state.acknowledgedSeq + 1, signal);
    case 'epoch-unknown':
      // It has forgotten the epoch's entries too: all go again, and count once by their ids.
      return register(parts, firstSeq(db), signal);
    case 'unauthorised':
    case 'invalid-request':
    case 'version-mismatch':
    case 'too-large':
    case 'unavailable':
    case 'not-found':
      return failure(refused);
  }
}

/** One request at most. Call it again until it answers `empty`. */
export async function pushStep(parts: PushParts, signal: AbortSignal): Promise<StepResult> {
  const { db, client } = parts;
  const state = readSyncState(db);
  if (!state.isRegistered) return register(parts, null, signal);
  const limits = { entriesMax: BATCH_ENTRIES_MAX, bytesMax: BATCH_BYTES_MAX };
  const batch = readBatch(db, state.acknowledgedSeq + 1, limits);
  if (batch === null) return success('empty');
  const answer = await client.push(
    {
      protocolVersion: PROTOCOL_VERSION,
      epoch: batch.epoch,
      from: batch.from,
      prevHash: batch.prevHash,
      entries: batch.entries.map((entry) => entry.body),
    },
    signal,
  );
  if (answer.ok) {
    const { epoch, cursor, hash, parked } = answer.value;
    // Without progress the same batch would be sent for ever.
    const isExpected =
      epoch === batch.epoch &&
      cursor >= batch.from &&
      agrees(db, epoch, cursor, hash) &&
      parked.every(({ seq }) => seq >= batch.from && seq <= cursor);
    if (!isExpected) {
      return failure({ kind: 'protocol', detail: `cursor ${cursor} of epoch ${epoch}` });
    }
    applyReply(parts, answer.value);
    return success('sent');
  }
  if (answer.error.kind !== 'refused') return answer;
  return resolveRefusal(parts, answer.error, signal);
}
