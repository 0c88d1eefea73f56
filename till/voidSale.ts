// Owns undoing the last sale: new rows by reference, and never a change of the old ones.
import { insertLedgerEntries, ledgerEntriesOf } from '#db/ledger.ts';
import { applyLedger, type MemberRow, memberByKey } from '#db/members.ts';
import { nextSeq } from '#db/outbox.ts';
import { insertPrintJob } from '#db/printJobs.ts';
import { insertVoid, lastSale, type StoredSale, saleByTransactionId } from '#db/sales.ts';
import { assert } from '#loyalty/assert.ts';
import { maskCard } from '#loyalty/card.ts';
import { foldBalance, type LedgerEntry, reverseEntries } from '#loyalty/ledger.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { committedView } from '#till/commit.ts';
import type { CommittedSale, TillError } from '#till/contract.ts';
import { type EntryHead, journal, openBusinessDay, stampMoment } from '#till/entry.ts';
import { voidDocument } from '#till/receipt.ts';
import { atomically, newId, type Operator, type Workstation } from '#till/workstation.ts';

/** Only the newest sale, once, and only while its business day is open. */
function findVoidable(
  workstation: Workstation,
  transactionId: string,
): Result<StoredSale, TillError> {
  const sale = saleByTransactionId(workstation.db, transactionId);
  if (sale === null) return failure({ code: 'sale-unknown' });
  if (sale.isVoided) return failure({ code: 'already-voided' });
  const isLast = lastSale(workstation.db)?.seq === sale.seq;
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
    // An open basket of the same member is priced on the balance that the void left.
    if (state.member !== null) state.member = memberByKey(workstation.db, state.member.memberKey);
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
  if (member !== null) {
    insertLedgerEntries(db, seq, member.memberKey, entries);
    const moved = foldBalance(entries);
    applyLedger(db, member.memberKey, moved.balancePoints, moved.tierPoints);
  }
  const written = journal(workstation, {
    kind: 'void-sale',
    id,
    ...moment,
    refId: sale.transactionId,
    refSeq: sale.seq,
    memberId: member?.memberId ?? null,
    totalMinor: sale.totalMinor,
    managerId,
    ledger: entries.map((entry) => ({ ...entry, whyArgs: { ...entry.whyArgs } })),
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
