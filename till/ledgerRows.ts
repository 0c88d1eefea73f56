// Owns writing ledger rows: each to its member, whose cached balance moves with them.
import type { WritableDb } from '#db/handle.ts';
import { insertLedgerEntries } from '#db/ledger.ts';
import { applyLedger, memberById } from '#db/members.ts';
import { assert } from '#loyalty/assert.ts';
import { foldBalance, type LedgerEntry } from '#loyalty/books/ledger.ts';

/** The rows of journal entry `seq`, of the buyer and of whoever else they concern. */
export function writeLedger(db: WritableDb, seq: number, entries: readonly LedgerEntry[]): void {
  for (const memberId of new Set(entries.map((entry) => entry.memberId))) {
    const member = memberById(db, memberId);
    assert(member !== null, 'rules give points to cached members alone');
    const own = entries.filter((entry) => entry.memberId === memberId);
    insertLedgerEntries(db, seq, member.memberKey, own);
    const moved = foldBalance(own);
    applyLedger(db, member.memberKey, moved.balancePoints, moved.tierPoints);
  }
}
