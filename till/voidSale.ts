// Owns undoing the last sale: new rows by reference, and never a change of the old ones.
import { ledgerEntriesOf } from '#db/ledger.ts';
import { type MemberRow, memberByKey } from '#db/members.ts';
import { insertMovements } from '#db/movements.ts';
import { nextSeq } from '#db/outbox.ts';
import { insertPrintJob } from '#db/printJobs.ts';
import { profileOf } from '#db/profiles.ts';
import { insertVoid, lastSale, linesOf, type StoredSale, saleByTransactionId } from '#db/sales.ts';
import { insertReturnedLines } from '#db/saleTerms.ts';
import { assert } from '#loyalty/assert.ts';
import type { Movement } from '#loyalty/books/books.ts';
import { foldBalance, type LedgerEntry, reverseEntries } from '#loyalty/books/ledger.ts';
import { nowOf } from '#loyalty/books/lots.ts';
import { maskCard } from '#loyalty/card.ts';
import { paperLanguage } from '#loyalty/display/hints.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { returnLines, wholeOf } from '#loyalty/returns/returnLines.ts';
import { serve } from '#till/basketFlow.ts';
import { committedView } from '#till/commit.ts';
import type { CommittedSale, TillError } from '#till/contract.ts';
import { type EntryHead, journal, openBusinessDay, stampMoment } from '#till/entry.ts';
import { keptSale } from '#till/keptSale.ts';
import { isClaimed } from '#till/lateClaim.ts';
import { writeLedger } from '#till/ledgerRows.ts';
import { readBooks } from '#till/served.ts';
import { voidDocument } from '#till/voidPaper.ts';
import { atomically, newId, type Operator, type Workstation } from '#till/workstation.ts';
import { paperLanguageOf } from '#words/say.ts';

/** Longer than any till is kept waiting with a sale that may still be voided. */
const VOID_WINDOW_DAYS = 3660;

/** Only the newest sale, once, and only while its business day is open. */
function findVoidable(
  workstation: Workstation,
  transactionId: string,
): Result<StoredSale, TillError> {
  const sale = saleByTransactionId(workstation.db, transactionId);
  if (sale === null) return failure({ code: 'sale-unknown' });
  if (sale.isVoided) return failure({ code: 'already-voided' });
  const isLast = lastSale(workstation.db)?.seq === sale.seq;
  // Its points are a member's by now: goods that come back are a return.
  if (isClaimed(workstation, transactionId)) return failure({ code: 'void-not-allowed' });
  const isToday = sale.businessDay >= openBusinessDay(workstation, workstation.nowMs());
  return isLast && isToday ? success(sale) : failure({ code: 'void-not-allowed' });
}

/** Undoes a sale: points go back both ways; the balance may fall below zero and never blocks. */
export function voidLastSale(
  workstation: Workstation,
  transactionId: string,
  manager: Pick<Operator, 'operatorId'>,
): Result<CommittedSale, TillError> {
  const found = findVoidable(workstation, transactionId);
  if (!found.ok) return found;
  const sale = found.value;
  const member = sale.memberKey === null ? null : memberByKey(workstation.db, sale.memberKey);
  const result = atomically(workstation, () => {
    writeVoid(workstation, sale, member, manager.operatorId);
    return success(committedView({ ...sale, isVoided: true }, member?.displayName ?? null));
  });
  const { state } = workstation;
  if (result.ok) {
    if (state.lastSale?.transactionId === transactionId) state.lastSale = result.value;
    // An open basket of the same member is priced on the books that the void left.
    const { member: served } = state;
    serve(workstation, served === null ? null : memberByKey(workstation.db, served.memberKey));
  }
  workstation.changed();
  return result;
}

function writeVoid(
  workstation: Workstation,
  sale: StoredSale,
  member: MemberRow | null,
  managerId: string,
): void {
  const { db } = workstation;
  const seq = nextSeq(db);
  const id = newId(workstation);
  const moment = stampMoment(workstation);
  const why = { receiptNumber: sale.receiptNumber };
  const entries = reverseEntries(ledgerEntriesOf(db, sale.seq), sale.seq, 'why.reversal.void', why);
  insertVoid(db, {
    seq,
    refSeq: sale.seq,
    entryId: id,
    atMs: moment.atMs,
    businessDay: moment.businessDay,
    operatorId: moment.operatorId,
    managerId,
  });
  const movements = undoingOf(workstation, sale, member, moment.atMs);
  insertMovements(db, seq, movements);
  insertReturnedLines(db, seq, sale.seq, unitsOf(workstation, sale));
  writeLedger(db, seq, entries);
  const written = journal(workstation, {
    kind: 'void-sale',
    id,
    ...moment,
    refId: sale.transactionId,
    refSeq: sale.seq,
    memberId: member?.memberId ?? null,
    totalMinor: sale.totalMinor,
    managerId,
    ledger: entries,
    ...(movements.length === 0 ? {} : { movements }),
  });
  assert(written === seq, 'the journal numbered the void as planned');
  insertPrintJob(db, {
    seq: sale.seq,
    kind: 'void',
    copyNumber: 0,
    atMs: moment.atMs,
    document: JSON.stringify(voidPaper(workstation, sale, member, entries, moment)),
  });
}

function unitsOf({ db }: Workstation, sale: StoredSale) {
  return linesOf(db, sale.seq).map(({ line, quantity, quantityMilli }) => {
    return { line, units: quantityMilli === undefined ? quantity : 1 };
  });
}

/** What undoes the movements of a sale, as the return of all of it at once would. */
function undoingOf(
  workstation: Workstation,
  sale: StoredSale,
  member: MemberRow | null,
  atMs: number,
): readonly Movement[] {
  const { db, shop, state } = workstation;
  const kept = keptSale(db, sale, member?.memberId ?? null, shop.currency);
  if (kept.movements.length === 0) return [];
  // A void is no return: neither the window nor what may come late stands in its way.
  const policy = { ...kept.policy, windowDays: VOID_WINDOW_DAYS };
  const { timeZone, cutOverMinutes } = state.inForce.compiled;
  const undone = returnLines(
    { ...kept, policy },
    { lines: wholeOf(kept), isApprovedByManager: true },
    readBooks(workstation, member, kept.movements),
    nowOf(atMs, timeZone, cutOverMinutes),
  );
  assert(undone.ok, 'the whole of a sale can be undone');
  return undone.value.movements;
}

/** The member's language, where paper has words in it. */
function languageFor({ db, shop }: Workstation, member: MemberRow | null): string {
  const profile = member === null ? null : profileOf(db, member);
  return paperLanguageOf(paperLanguage(profile, shop.language)) ?? shop.language;
}

function voidPaper(
  workstation: Workstation,
  sale: StoredSale,
  member: MemberRow | null,
  entries: readonly LedgerEntry[],
  moment: EntryHead,
) {
  const { state, shop } = workstation;
  const sumOf = (account: LedgerEntry['accountCredit']) =>
    entries
      .filter((entry) => entry.accountCredit === account)
      .reduce((sum, entry) => sum + entry.points, 0);
  return voidDocument({
    shop,
    language: languageFor(workstation, member),
    timeZone: state.inForce.programme.timeZone,
    receiptNumber: sale.receiptNumber,
    atMs: moment.atMs,
    operatorName: state.operator?.name ?? moment.operatorId,
    totalMinor: sale.totalMinor,
    pointsTakenBack: sumOf('issued'),
    pointsGivenBack: sumOf('avail'),
    member:
      member === null
        ? null
        : {
            maskedCard: maskCard(member.cardNumber),
            balanceAfterPoints: member.balancePoints + foldBalance(entries).balancePoints,
          },
  });
}
