// Owns what is known of whom a basket is priced for: profile and books, and the sale as rules see
// it.
import { booksOf } from '#db/holdings.ts';
import type { MemberRow } from '#db/members.ts';
import { profileOf } from '#db/profiles.ts';
import {
  type Books,
  DEBT_LOT,
  ELSEWHERE_LOT,
  type Lot,
  lotsOf,
  type Movement,
  memberOwner,
  operatorOwner,
  SHOP,
} from '#loyalty/books/books.ts';
import { spendableAt } from '#loyalty/books/lots.ts';
import { type MemberProfile, pointsOwner, type State } from '#loyalty/books/state.ts';
import type { Basket } from '#loyalty/pricing/basket.ts';
import type { Moment, PlannedTender, Sale } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { SYSTEM_OPERATOR } from '#till/entry.ts';
import { saleDigestHex } from '#till/hashes.ts';
import type { Workstation } from '#till/workstation.ts';

const POINTS = 'points';

/**
 * The lots of an account whose whole is known from the ledger: what head office counts beyond the
 * lots that this till knows is one lot `elsewhere` without end, and what is missing is a debt.
 */
function lotsOfWhole(lots: readonly Lot[], whole: number): readonly Lot[] {
  const known = lots.filter(({ lotId }) => lotId !== ELSEWHERE_LOT && lotId !== DEBT_LOT);
  const rest = known.reduce((left, lot) => left - lot.amount, whole);
  if (rest === 0) return known;
  const lotId = rest > 0 ? ELSEWHERE_LOT : DEBT_LOT;
  return [...known, { lotId, amount: rest, fromMs: 0, untilMs: null }];
}

/** The books with what the ledger says of a member: its points, and what tiers measure. */
export function withLedger(
  books: Books,
  member: MemberRow,
  { poolId }: MemberProfile,
  { tiers }: CompiledProgramme,
): Books {
  // The points of a pool are its lots alone: no ledger row tells of them.
  if (poolId !== null) return books;
  const owner = memberOwner(member.memberId);
  const accounts = new Map(books.get(owner));
  const put = (account: string, whole: number): void => {
    const lots = lotsOfWhole(lotsOf(books, owner, account), whole);
    if (lots.length === 0) accounts.delete(account);
    else accounts.set(account, lots);
  };
  put(POINTS, member.balancePoints);
  const issued = `issued/${POINTS}`;
  if (tiers.counter === issued) put(issued, member.tierPoints);
  return new Map(books).set(owner, accounts);
}

/** What rules may know for this basket; read anew when the member, the operator or the books do. */
export function readServed(workstation: Workstation): State {
  const { db, state } = workstation;
  const { member, operator } = state;
  const shared = [SHOP, ...(operator === null ? [] : [operatorOwner(operator.operatorId)])];
  if (member === null) return { member: null, books: booksOf(db, shared) };
  const profile = profileOf(db, member);
  const owners = new Set([memberOwner(member.memberId), pointsOwner(profile), ...shared]);
  if (profile.referrerId !== null) owners.add(memberOwner(profile.referrerId));
  const books = booksOf(db, [...owners]);
  return { member: profile, books: withLedger(books, member, profile, state.inForce.compiled) };
}

/** The books of everybody whom the movements of a sale concern, for undoing them. */
export function readBooks(
  { db, state }: Workstation,
  member: MemberRow | null,
  movements: readonly Movement[],
): Books {
  const books = booksOf(db, [...new Set(movements.map(({ owner }) => owner))]);
  if (member === null) return books;
  return withLedger(books, member, profileOf(db, member), state.inForce.compiled);
}

export function saleOf(basket: Basket, tenders: readonly PlannedTender[] = []): Sale {
  return {
    transactionId: basket.transactionId,
    lines: basket.lines,
    claims: basket.rewards.map(({ rewardId, times }) => ({
      rewardId,
      times: times ?? 1,
      line: null,
    })),
    codes: basket.codes ?? [],
    tenders,
    partnerId: basket.partnerId ?? null,
  };
}

export function momentOf(workstation: Workstation): Moment {
  const { basket, operator } = workstation.state;
  return {
    atMs: workstation.nowMs(),
    channel: 'till',
    operatorId: operator?.operatorId ?? SYSTEM_OPERATOR,
    saleDigestHex: saleDigestHex(basket.transactionId),
  };
}

/** What the member can spend of an account at an instant; may be below zero. */
export function spendableFor(
  { accounts, timeZone }: CompiledProgramme,
  { member, books }: State,
  accountId: string,
  atMs: number,
): number {
  if (member === null) return 0;
  const account = accounts.get(accountId) ?? null;
  return spendableAt(books, { owner: pointsOwner(member), accountId, account }, { atMs, timeZone });
}
