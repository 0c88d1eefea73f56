// Owns fetching members, products and programmes by cursor, in pieces that no sale waits for.
import { transaction, type WritableDb } from '#db/handle.ts';
import { upsertHoldingsFromServer } from '#db/holdings.ts';
import { memberById, upsertMembersFromServer } from '#db/members.ts';
import { upsertProducts } from '#db/products.ts';
import { upsertProfile } from '#db/profiles.ts';
import { noteContact, readSyncState, setCursor } from '#db/syncState.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { HeadOfficeClient, SyncFailure } from '#sync/client.ts';
import type { MembersReply } from '#sync/protocol.ts';

/** Rows a transaction: with more the till would be blocked for longer than 5 ms. */
const ROWS_A_TRANSACTION = 100;

export interface PullParts {
  readonly db: WritableDb;
  readonly client: HeadOfficeClient;
  readonly nowMs: () => number;
  /** Checks and stores one programme file; false when it is refused and the old one stays. */
  readonly storeProgramme: (document: string) => boolean;
  /** Lets scans and sales in between two pieces. */
  readonly breathe: () => Promise<void>;
}

/** What came, for whoever must look again. */
export interface Pulled {
  readonly rowCount: number;
  readonly hasRefusedProgramme: boolean;
}

async function inPieces<T>(
  parts: PullParts,
  rows: readonly T[],
  store: (piece: readonly T[]) => void,
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_A_TRANSACTION) {
    const piece = rows.slice(from, from + ROWS_A_TRANSACTION);
    transaction(parts.db, () => store(piece));
    await parts.breathe();
  }
}

/** A cursor that stands still while more is promised would be asked for without end. */
function isStuck(before: number, page: { readonly cursor: number; readonly hasMore: boolean }) {
  return page.hasMore && page.cursor <= before;
}

const STUCK = failure({ kind: 'protocol', detail: 'a cursor that does not move on' } as const);

/** Members with what rules ask of them, and what they and their pools hold. */
function storeMembers(
  db: WritableDb,
  members: readonly MembersReply['members'][number][],
  asOfSeq: number,
  asOfMs: number,
): void {
  upsertMembersFromServer(db, members, asOfSeq, asOfMs);
  for (const { memberId, profile, holdings } of members) {
    const member = profile === undefined ? null : memberById(db, memberId);
    if (member !== null && profile !== undefined) upsertProfile(db, member.memberKey, profile);
    if (holdings !== undefined) upsertHoldingsFromServer(db, holdings, asOfSeq);
  }
}

async function pullMembers(
  parts: PullParts,
  signal: AbortSignal,
): Promise<Result<number, SyncFailure>> {
  const { db, client } = parts;
  let rowCount = 0;
  for (;;) {
    const { membersCursor, epoch } = readSyncState(db);
    const answer = await client.members(membersCursor, epoch, signal);
    if (!answer.ok) return answer;
    const { members, cursor, hasMore, asOf } = answer.value;
    if (isStuck(membersCursor, answer.value)) return STUCK;
    // Balances as of another epoch's position cannot be joined with this till's own entries.
    if (asOf.epoch !== epoch) {
      return failure({ kind: 'protocol', detail: `balances as of epoch ${asOf.epoch}` });
    }
    const asOfMs = parts.nowMs();
    await inPieces(parts, members, (piece) => storeMembers(db, piece, asOf.seq, asOfMs));
    setCursor(db, 'members', cursor);
    rowCount += members.length;
    if (!hasMore) return success(rowCount);
  }
}

async function pullProducts(
  parts: PullParts,
  signal: AbortSignal,
): Promise<Result<number, SyncFailure>> {
  const { db, client } = parts;
  let rowCount = 0;
  for (;;) {
    const { productsCursor } = readSyncState(db);
    const answer = await client.products(productsCursor, signal);
    if (!answer.ok) return answer;
    if (isStuck(productsCursor, answer.value)) return STUCK;
    const { products, cursor, hasMore } = answer.value;
    await inPieces(parts, products, (piece) => upsertProducts(db, piece));
    setCursor(db, 'products', cursor);
    rowCount += products.length;
    if (!hasMore) return success(rowCount);
  }
}

async function pullProgrammes(
  parts: PullParts,
  signal: AbortSignal,
): Promise<Result<Pulled, SyncFailure>> {
  const { db, client } = parts;
  let rowCount = 0;
  let hasRefusedProgramme = false;
  for (;;) {
    const { programmesCursor } = readSyncState(db);
    const answer = await client.programmes(programmesCursor, signal);
    if (!answer.ok) return answer;
    if (isStuck(programmesCursor, answer.value)) return STUCK;
    const { programmes, cursor, hasMore } = answer.value;
    for (const document of programmes) {
      if (!parts.storeProgramme(document)) hasRefusedProgramme = true;
    }
    setCursor(db, 'programmes', cursor);
    rowCount += programmes.length;
    if (!hasMore) return success({ rowCount, hasRefusedProgramme });
  }
}

/** Fetches all that is new. A failure keeps what came before it. */
export async function pull(
  parts: PullParts,
  signal: AbortSignal,
): Promise<Result<Pulled, SyncFailure>> {
  const programmes = await pullProgrammes(parts, signal);
  if (!programmes.ok) return programmes;
  const products = await pullProducts(parts, signal);
  if (!products.ok) return products;
  const members = await pullMembers(parts, signal);
  if (!members.ok) return members;
  noteContact(parts.db, parts.nowMs());
  const { rowCount, hasRefusedProgramme } = programmes.value;
  return success({
    rowCount: rowCount + products.value + members.value,
    hasRefusedProgramme,
  });
}
