// Owns the state of one workstation: who is signed in, the open basket, and what was said last.
import { storeFault, transaction, type WritableDb } from '#db/handle.ts';
import type { MemberRow } from '#db/members.ts';
import type { State } from '#loyalty/books/state.ts';
import { makeUuid7 } from '#loyalty/ids.ts';
import type { Basket } from '#loyalty/pricing/basket.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import { failure, type Result } from '#loyalty/result.ts';
import type { CommittedSale, SessionSnapshot, TillError } from '#till/contract.ts';
import type { InForce, ProgrammeCache } from '#till/programmeCache.ts';
import type { Shop } from '#till/shop.ts';

export interface Operator {
  readonly operatorId: string;
  readonly name: string;
  readonly role: 'cashier' | 'manager';
}

export type Notice = NonNullable<SessionSnapshot['notice']>;

/** Mutable on purpose: one owner, one thread, and every change ends in `changed()`. */
export interface SessionState {
  operator: Operator | null;
  basket: Basket;
  member: MemberRow | null;
  /** What rules know of the member, the shop and the operator; `readServed` makes it. */
  served: State;
  /** The programme that was in force when the basket opened; it finishes under that one. */
  inForce: InForce;
  pricing: Pricing;
  /** The rewardId that head office is being asked about. */
  askingRewardId: string | null;
  /** The sale just committed, until the next basket is touched. */
  lastSale: CommittedSale | null;
  notice: Notice | null;
  noticeCount: number;
  isClockSuspect: boolean;
  businessDay: string;
  lastId: string | null;
}

export interface Workstation {
  readonly db: WritableDb;
  readonly shop: Shop;
  readonly dataFolder: string;
  readonly deviceSecret: Uint8Array;
  readonly programmes: ProgrammeCache;
  readonly nowMs: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly state: SessionState;
  /** Tells every page; call it once at the end of each change. */
  readonly changed: () => void;
}

/** A fresh UUIDv7; never goes backward, even when the clock does. */
export function newId(workstation: Workstation): string {
  const { state } = workstation;
  state.lastId = makeUuid7(workstation.nowMs(), state.lastId, workstation.randomBytes(16));
  return state.lastId;
}

type Args = Readonly<Record<string, string | number>>;

/** Says one sentence to the cashier; the next one replaces it. */
export function tellCashier(
  workstation: Workstation,
  tone: Notice['tone'],
  key: string,
  args: Args = {},
  action: Notice['action'] = null,
): void {
  const { state } = workstation;
  state.noticeCount += 1;
  state.notice = { noticeId: state.noticeCount, tone, words: { key, args: { ...args } }, action };
}

/**
 * Runs a change as one transaction. When the store refuses it (a full disk, a read-only folder),
 * the session stands as it stood before and the cashier gets `store-unavailable`: nothing is half
 * done. Any other throw is a bug and goes on.
 */
export function atomically<T>(
  workstation: Workstation,
  change: () => Result<T, TillError>,
): Result<T, TillError> {
  const before = { ...workstation.state };
  try {
    return transaction(workstation.db, change);
  } catch (error) {
    const fault = storeFault(error);
    if (fault === null) throw error;
    Object.assign(workstation.state, before);
    return failure({ code: 'store-unavailable', args: { fault } });
  }
}
