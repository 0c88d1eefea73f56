// Owns what a till remembers of a time, as a replay needs it: books before, then sale after sale.
import type { ReadableDb } from '#db/handle.ts';
import { movedSeqsFrom, ownersMovedFrom, saleSeqsBetween, seqsOfSalesFrom } from '#db/history.ts';
import { booksOf } from '#db/holdings.ts';
import { type MemberRow, memberByKey } from '#db/members.ts';
import { movementsOf } from '#db/movements.ts';
import { profileOf } from '#db/profiles.ts';
import { programmeByVersion } from '#db/programmes.ts';
import { linesOf, type StoredSale, saleBySeq, tendersOf } from '#db/sales.ts';
import { discountsOf } from '#db/saleTerms.ts';
import { assert } from '#loyalty/assert.ts';
import {
  type Books,
  ELSEWHERE_LOT,
  EMPTY_BOOKS,
  type Movement,
  memberOwner,
  operatorOwner,
  SHOP,
} from '#loyalty/books/books.ts';
import { type MemberProfile, pointsOwner } from '#loyalty/books/state.ts';
import { TILL } from '#loyalty/earn/caps.ts';
import type { Claim } from '#loyalty/pricing/sale.ts';
import { type CompiledProgramme, compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import {
  createReplay,
  issuedBy,
  type PastSale,
  type SaleFigures,
} from '#loyalty/reporting/replay.ts';
import { saleDigestHex } from '#till/hashes.ts';
import { withLedger } from '#till/served.ts';

export interface HistoricSale {
  readonly receiptNumber: string;
  readonly past: PastSale;
  readonly compiledThen: CompiledProgramme;
  readonly figuresThen: SaleFigures;
}

/** A sale, or movements that stay as they were. */
export type Happening = HistoricSale | { readonly movements: readonly Movement[] };

export interface History {
  readonly saleCount: number;
  /** Before the first sale. */
  readonly opening: Books;
  /** Oldest first. */
  readonly happenings: () => Iterable<Happening>;
}

interface Known {
  readonly row: MemberRow;
  readonly profile: MemberProfile;
}

/** Reads that repeat: members and programmes. */
interface Reader {
  readonly db: ReadableDb;
  readonly members: Map<number, Known>;
  readonly programmes: Map<string, CompiledProgramme>;
}

function memberOf(reader: Reader, memberKey: number): Known {
  const known = reader.members.get(memberKey);
  if (known !== undefined) return known;
  const row = memberByKey(reader.db, memberKey);
  assert(row !== null, 'a sale names a member that is there');
  const found = { row, profile: profileOf(reader.db, row) };
  reader.members.set(memberKey, found);
  return found;
}

function programmeOf(reader: Reader, version: string): CompiledProgramme {
  const known = reader.programmes.get(version);
  if (known !== undefined) return known;
  const stored = programmeByVersion(reader.db, version);
  assert(stored !== null, `the programme ${version} of a sale is kept for ever`);
  const parsed = parseProgramme(stored.document);
  assert(parsed.ok, `programme ${version} in the database is valid`);
  const compiled = compile(parsed.value);
  reader.programmes.set(version, compiled);
  return compiled;
}

/** What was asked for: rewards that were claimed, and codes of rewards that were given by them. */
function askedFor(
  reader: Reader,
  seq: number,
  movements: readonly Movement[],
  { programme }: CompiledProgramme,
): { readonly claims: readonly Claim[]; readonly codes: readonly string[] } {
  const times = new Map<string, number>();
  for (const { kind, rule } of movements) if (kind === 'redemption') times.set(rule, 1);
  for (const discount of discountsOf(reader.db, seq)) {
    times.set(discount.rewardId, Math.max(times.get(discount.rewardId) ?? 1, discount.times));
  }
  const claims: Claim[] = [];
  const codes = new Set<string>();
  for (const { rewardId, trigger, when } of programme.rewards.list) {
    const given = times.get(rewardId);
    if (given === undefined) continue;
    if (trigger === 'claim') claims.push({ rewardId, times: given, line: null });
    if (when.code !== undefined) codes.add(when.code);
  }
  const rules = new Set(movements.map(({ rule }) => rule));
  for (const { ruleId, when } of programme.earning.rules) {
    if (when.code !== undefined && rules.has(ruleId)) codes.add(when.code);
  }
  return { claims, codes: [...codes] };
}

function historicSale(reader: Reader, row: StoredSale): HistoricSale {
  const { db } = reader;
  const { seq, transactionId, earnedPoints, redeemedPoints, discountMinor } = row;
  const compiledThen = programmeOf(reader, row.programmeVersion);
  const movements = movementsOf(db, seq);
  const known = row.memberKey === null ? null : memberOf(reader, row.memberKey);
  // Sales of the first schema have no movements: their points are those of the one account.
  const issued =
    movements.length > 0
      ? issuedBy(movements)
      : new Map([['points', earnedPoints - redeemedPoints]]);
  return {
    receiptNumber: row.receiptNumber,
    compiledThen,
    figuresThen: { earnedPoints, redeemedPoints, discountMinor, issued },
    past: {
      member: known?.profile ?? null,
      sale: {
        transactionId,
        lines: linesOf(db, seq),
        tenders: tendersOf(db, seq),
        ...askedFor(reader, seq, movements, compiledThen),
      },
      moment: {
        atMs: row.atMs,
        channel: 'till',
        operatorId: row.operatorId,
        saleDigestHex: saleDigestHex(transactionId),
      },
    },
  };
}

function negated(movements: readonly Movement[]): Movement[] {
  return movements.map((movement) => ({ ...movement, amount: -movement.amount })).reverse();
}

/** Points of a sale of the first schema, which has no movements. */
function movedByFirstSchema(sale: StoredSale, { row }: Known): Movement {
  const { earnedPoints, redeemedPoints } = sale;
  return {
    owner: memberOwner(row.memberId),
    account: 'points',
    lotId: ELSEWHERE_LOT,
    amount: earnedPoints - redeemedPoints,
    fromMs: 0,
    untilMs: null,
    kind: 'adjustment',
    rule: 'sale',
    whyKey: 'why.sale',
    whyArgs: {},
  };
}

/** The books of everybody concerned as they were before journal entry `firstSeq`. */
function openingOf(
  reader: Reader,
  saleSeqs: readonly number[],
  movedSeqs: readonly number[],
): Books {
  const { db } = reader;
  const hasMoved = new Set(movedSeqs);
  const owners = new Set([SHOP, TILL, ...ownersMovedFrom(db, saleSeqs[0] ?? 0)]);
  const buyers = new Map<string, { readonly known: Known; readonly version: string }>();
  const first: Movement[] = [];
  for (const seq of saleSeqs) {
    const sale = saleBySeq(db, seq);
    assert(sale !== null, 'the sale is there');
    owners.add(operatorOwner(sale.operatorId));
    if (sale.memberKey === null) continue;
    const known = memberOf(reader, sale.memberKey);
    owners.add(pointsOwner(known.profile));
    if (known.profile.referrerId !== null) owners.add(memberOwner(known.profile.referrerId));
    buyers.set(memberOwner(known.row.memberId), { known, version: sale.programmeVersion });
    if (!hasMoved.has(seq)) first.push(movedByFirstSchema(sale, known));
  }
  const books = new Map(booksOf(db, [...owners]));
  for (const [owner, { known, version }] of buyers) {
    const own = booksOf(db, [owner]);
    const whole = withLedger(own, known.row, known.profile, programmeOf(reader, version));
    const accounts = whole.get(owner);
    if (accounts !== undefined) books.set(owner, accounts);
  }
  const backwards = createReplay(books);
  for (const seq of movedSeqs.toReversed()) backwards.apply(negated(movementsOf(db, seq)));
  backwards.apply(negated(first));
  return backwards.books();
}

function* happeningsOf(
  reader: Reader,
  saleSeqs: readonly number[],
  otherSeqs: readonly number[],
): Iterable<Happening> {
  let next = 0;
  for (const seq of saleSeqs) {
    for (let other = otherSeqs[next]; other !== undefined && other < seq; other = otherSeqs[next]) {
      yield { movements: movementsOf(reader.db, other) };
      next += 1;
    }
    const sale = saleBySeq(reader.db, seq);
    assert(sale !== null, 'the sale is there');
    yield historicSale(reader, sale);
  }
}

/** Sales of [fromMs, toMs) that stand. What came back of them later is left out. */
export function readHistory(db: ReadableDb, fromMs: number, toMs: number): History {
  const reader: Reader = { db, members: new Map(), programmes: new Map() };
  const saleSeqs = saleSeqsBetween(db, fromMs, toMs);
  const [firstSeq] = saleSeqs;
  if (firstSeq === undefined) return { saleCount: 0, opening: EMPTY_BOOKS, happenings: () => [] };
  const movedSeqs = movedSeqsFrom(db, firstSeq);
  const ofSales = seqsOfSalesFrom(db, firstSeq);
  const otherSeqs = movedSeqs.filter((seq) => !ofSales.has(seq));
  return {
    saleCount: saleSeqs.length,
    opening: openingOf(reader, saleSeqs, movedSeqs),
    happenings: () => happeningsOf(reader, saleSeqs, otherSeqs),
  };
}
