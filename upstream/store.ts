// Owns the storage port of head office: what any store must do, and what it may answer.
import type { Result } from '#loyalty/result.ts';
import type {
  ErrorReply,
  MembersReply,
  ProductWire,
  PushReply,
  PushRequest,
  RegisterReply,
  ReservationReply,
} from '#sync/protocol.ts';
import type {
  AdjustmentRequest,
  JournalReply,
  MemberBooks,
  MemberInput,
  TotalsReply,
} from '#upstream/adminProtocol.ts';

/** An embedded store answers at once, a store behind a network later. */
export type Awaitable<T> = T | Promise<T>;

export type Refusal = ErrorReply;

export interface RegisterInput {
  readonly epoch: number;
  readonly newEpochFrom: number | null;
  readonly requestId: string;
}

export interface ReservationInput {
  readonly reservationId: string;
  readonly memberId: string;
  /** ≥ 1. */
  readonly points: number;
}

export interface FeedPage<T> {
  readonly rows: readonly T[];
  readonly cursor: number;
  readonly hasMore: boolean;
}

/**
 * 1: as tills before rules had movements read it. 2: with profiles, lots, tags and flags. A till
 * says which one it reads, so that head office can be brought up to date first.
 */
export type FeedForm = 1 | 2;

export interface MembersRequest {
  readonly after: number;
  readonly limit: number;
  /** Null means the till's newest. */
  readonly epoch: number | null;
  readonly form: FeedForm;
}

/** Every method is one transaction: it happened whole when the answer comes, or not at all. */
export interface HeadOfficeStore {
  /** False for a wrong token and for an unknown till alike. */
  isTillToken(tillId: string, token: string): Awaitable<boolean>;
  isAnyTillToken(token: string): Awaitable<boolean>;
  isAdminToken(token: string): Awaitable<boolean>;
  /** The new till's token, which is nowhere stored; null when the till exists. */
  addTill(tillId: string, nowMs: number): Awaitable<string | null>;

  hasTill(tillId: string): Awaitable<boolean>;

  register(tillId: string, input: RegisterInput): Awaitable<Result<EpochState, Refusal>>;
  push(
    tillId: string,
    request: PushRequest,
    nowMs: number,
  ): Awaitable<Result<Omit<PushReply, 'serverTimeMs'>, Refusal>>;
  reserve(tillId: string, input: ReservationInput): Awaitable<Result<ReservationReply, Refusal>>;
  readMembers(tillId: string, page: MembersRequest): Awaitable<Omit<MembersReply, 'serverTimeMs'>>;
  readProducts(after: number, limit: number, form: FeedForm): Awaitable<FeedPage<ProductWire>>;
  readProgrammes(after: number, limit: number): Awaitable<FeedPage<string>>;

  putMember(memberId: string, input: MemberInput): Awaitable<Result<MemberBooks, Refusal>>;
  readMember(memberId: string): Awaitable<MemberBooks | null>;
  adjust(input: AdjustmentRequest, nowMs: number): Awaitable<Result<MemberBooks, Refusal>>;
  putProducts(products: readonly ProductWire[]): Awaitable<void>;
  /** Documents in the order given; all or none. */
  putProgrammes(documents: readonly string[]): Awaitable<Result<void, Refusal>>;
  readJournal(tillId: string, after: number, limit: number): Awaitable<JournalReply>;
  readTotals(): Awaitable<TotalsReply>;
}

export type EpochState = Omit<RegisterReply, 'serverTimeMs'>;
