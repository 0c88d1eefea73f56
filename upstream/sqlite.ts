// Owns the embedded store: the storage port on one SQLite file, each method one transaction.
import { assert } from '#loyalty/assert.ts';
import type { Result } from '#loyalty/result.ts';
import type {
  MembersReply,
  ProductWire,
  PushReply,
  PushRequest,
  ReservationReply,
} from '#sync/protocol.ts';
import { checkAccounts } from '#upstream/accounts.ts';
import type {
  AdjustmentRequest,
  JournalReply,
  MemberBooks,
  MemberInput,
  TotalsReply,
} from '#upstream/adminProtocol.ts';
import { type Connection, inTransaction, openConnection, sql } from '#upstream/database.ts';
import * as feeds from '#upstream/feeds.ts';
import * as journal from '#upstream/journal.ts';
import { checkHoldings } from '#upstream/movements.ts';
import { reserve } from '#upstream/reservations.ts';
import type {
  EpochState,
  FeedForm,
  FeedPage,
  HeadOfficeStore,
  MembersRequest,
  Refusal,
  RegisterInput,
  ReservationInput,
} from '#upstream/store.ts';
import * as tills from '#upstream/tills.ts';

/** Says where a till's journal is not the whole prefix that its cursor claims (ledger-sync I6). */
function checkCursors(connection: Connection): readonly string[] {
  const rows = sql<{ tillId: string; epoch: number }>(
    connection,
    `SELECT till_id AS tillId, epoch.epoch FROM epoch JOIN till USING (till_key)
     WHERE cursor - from_seq + 1 <> (SELECT count(*) FROM journal
       WHERE journal.till_key = epoch.till_key AND journal.epoch = epoch.epoch
         AND seq BETWEEN from_seq AND cursor)`,
  ).all();
  return rows.map((row) => `till ${row.tillId}: epoch ${row.epoch} has a hole`);
}

function readTotals(connection: Connection): TotalsReply {
  const counts = sql<Omit<TotalsReply, 'problems'>>(
    connection,
    `SELECT (SELECT count(*) FROM member) AS memberCount,
       (SELECT count(*) FROM journal WHERE state = 'applied') AS entryCount,
       (SELECT count(*) FROM sale) AS saleCount,
       (SELECT count(*) FROM sale WHERE voided_by IS NOT NULL) AS voidedSaleCount,
       (SELECT count(*) FROM journal WHERE state = 'duplicate') AS duplicateCount,
       (SELECT count(*) FROM journal WHERE state = 'parked') AS parkedCount,
       (SELECT count(*) FROM alarm) AS alarmCount,
       (SELECT count(*) FROM reservation WHERE state = 'reserved') AS reservedCount,
       coalesce(sum(issued), 0) AS issued, coalesce(sum(redeemed), 0) AS redeemed,
       coalesce(sum(adjusted), 0) AS adjusted, coalesce(sum(avail), 0) AS avail,
       coalesce(sum(rsv), 0) AS rsv FROM member`,
  ).get();
  assert(counts !== undefined, 'sums always have a row');
  const problems = [
    ...checkAccounts(connection),
    ...checkHoldings(connection),
    ...checkCursors(connection),
  ];
  return { ...counts, problems };
}

/** The embedded head office's books. Its answers come at once, which its users may rely on. */
export class SqliteStore implements HeadOfficeStore {
  readonly #connection: Connection;

  /** Makes the file when there is none; throws when it cannot be opened. */
  constructor(databasePath: string) {
    this.#connection = openConnection(databasePath);
  }

  isTillToken(tillId: string, token: string): boolean {
    return tills.isTillToken(this.#connection, tillId, token);
  }

  isAnyTillToken(token: string): boolean {
    return tills.isAnyTillToken(this.#connection, token);
  }

  isAdminToken(token: string): boolean {
    return tills.isAdminToken(this.#connection, token);
  }

  addTill(tillId: string, nowMs: number): string | null {
    return tills.addTill(this.#connection, tillId, nowMs);
  }

  addAdmin(): string | null {
    return tills.addAdmin(this.#connection);
  }

  register(tillId: string, input: RegisterInput): Result<EpochState, Refusal> {
    return this.#ofTill(tillId, (tillKey) => journal.register(this.#connection, tillKey, input));
  }

  push(
    tillId: string,
    request: PushRequest,
    nowMs: number,
  ): Result<Omit<PushReply, 'serverTimeMs'>, Refusal> {
    return this.#ofTill(tillId, (key) => journal.push(this.#connection, key, request, nowMs));
  }

  reserve(tillId: string, input: ReservationInput): Result<ReservationReply, Refusal> {
    return this.#ofTill(tillId, (tillKey) => reserve(this.#connection, tillKey, input));
  }

  readMembers(tillId: string, page: MembersRequest): Omit<MembersReply, 'serverTimeMs'> {
    return this.#ofTill(tillId, (tillKey) => feeds.readMembers(this.#connection, tillKey, page));
  }

  readProducts(after: number, limit: number, form: FeedForm): FeedPage<ProductWire> {
    return feeds.readProducts(this.#connection, after, limit, form);
  }

  readProgrammes(after: number, limit: number): FeedPage<string> {
    return feeds.readProgrammes(this.#connection, after, limit);
  }

  putMember(memberId: string, input: MemberInput): Result<MemberBooks, Refusal> {
    return this.#whole(() => feeds.putMember(this.#connection, memberId, input));
  }

  readMember(memberId: string): MemberBooks | null {
    return feeds.readMember(this.#connection, memberId);
  }

  adjust(input: AdjustmentRequest, nowMs: number): Result<MemberBooks, Refusal> {
    return this.#whole(() => feeds.adjust(this.#connection, input, nowMs));
  }

  putProducts(products: readonly ProductWire[]): void {
    this.#whole(() => feeds.putProducts(this.#connection, products));
  }

  putProgrammes(documents: readonly string[]): Result<void, Refusal> {
    return this.#whole(() => feeds.putProgrammes(this.#connection, documents));
  }

  hasTill(tillId: string): boolean {
    return tills.hasTill(this.#connection, tillId);
  }

  readJournal(tillId: string, after: number, limit: number): JournalReply {
    return this.#ofTill(tillId, (key) => journal.readJournal(this.#connection, key, after, limit));
  }

  readTotals(): TotalsReply {
    return this.#whole(() => readTotals(this.#connection));
  }

  close(): void {
    this.#connection.close();
  }

  #whole<T>(work: () => T): T {
    return inTransaction(this.#connection, work);
  }

  #ofTill<T>(tillId: string, work: (tillKey: number) => T): T {
    return this.#whole(() => work(tills.tillKeyOf(this.#connection, tillId)));
  }
}
