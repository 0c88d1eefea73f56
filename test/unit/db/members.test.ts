// Goal: a cached balance is head office's figure and the till's own entries since, never else.
// Method: real files; own entries are written as a sale writes them, answers come late and twice.
import { describe, expect, it } from 'vitest';
import { statement, transaction, type WritableDb } from '#db/handle.ts';
import { insertLedgerEntries, ledgerEntriesOf, pointsMovedOfMember } from '#db/ledger.ts';
import {
  applyLedger,
  countMembers,
  memberByCard,
  memberById,
  memberByKey,
  updateBalancesFromServer,
  upsertMembersFromServer,
} from '#db/members.ts';
import { checkProjection, rebuildBalance } from '#db/projectionCheck.ts';
import { assert } from '#loyalty/assert.ts';
import type { LedgerEntry } from '#loyalty/books/ledger.ts';
import { MEMBER, makeEntry, newDatabase, TEST_NOW_MS } from '#test/support/tillDatabase.ts';

const redemption = {
  accountDebit: 'avail',
  accountCredit: 'redeemed',
  kind: 'redemption',
} as const;
const reversal = { accountDebit: 'avail', accountCredit: 'issued', kind: 'reversal' } as const;

function keyOf(db: WritableDb): number {
  const member = memberById(db, MEMBER.memberId);
  assert(member !== null, 'the member is there');
  return member.memberKey;
}

/** Writes entries and moves the balance, in one transaction, as a commit does. */
function write(db: WritableDb, seq: number, entries: LedgerEntry[]): void {
  transaction(db, () => {
    insertLedgerEntries(db, seq, keyOf(db), entries);
    for (const entry of entries) {
      const balance = entry.accountCredit === 'avail' ? entry.points : -entry.points;
      const isIssued = entry.accountDebit === 'issued';
      const isTakenBack = entry.accountCredit === 'issued';
      applyLedger(
        db,
        keyOf(db),
        balance,
        isIssued ? entry.points : isTakenBack ? -entry.points : 0,
      );
    }
  });
}

describe('balances', () => {
  it('move with the own ledger: earning, spending, taking back', () => {
    const db = newDatabase();
    write(db, 1, [makeEntry({ points: 30 })]);
    write(db, 2, [makeEntry({ points: 5 }), makeEntry({ line: 2, points: 20, ...redemption })]);
    write(db, 3, [makeEntry({ points: 30, ...reversal, refSeq: 1 })]);
    expect(memberById(db, MEMBER.memberId)).toMatchObject({ balancePoints: 85, tierPoints: 1005 });
    expect(pointsMovedOfMember(db, keyOf(db), 0)).toEqual({ balancePoints: -15, tierPoints: 5 });
    expect(pointsMovedOfMember(db, keyOf(db), 2)).toEqual({ balancePoints: -30, tierPoints: -30 });
  });

  it('from head office keep what it does not know yet', () => {
    const db = newDatabase();
    write(db, 1, [makeEntry({ points: 30 })]);
    write(db, 2, [makeEntry({ points: 7 })]);
    // Head office knows entry 1 (100 + 30) and a sale of 50 points at another till.
    const fromServer = { ...MEMBER, balancePoints: 180, tierPoints: 1080 };
    transaction(db, () => upsertMembersFromServer(db, [fromServer], 1, TEST_NOW_MS + 1));
    const expected = { balancePoints: 187, tierPoints: 1087, asOfMs: TEST_NOW_MS + 1 };
    expect(memberByKey(db, keyOf(db))).toMatchObject(expected);
    // The same answer again changes nothing.
    transaction(db, () => upsertMembersFromServer(db, [fromServer], 1, TEST_NOW_MS + 1));
    expect(memberByKey(db, keyOf(db))).toMatchObject(expected);
    // The answer to the push contains entry 2: the balance does not jump.
    const pushed = [
      { memberId: MEMBER.memberId, balancePoints: 187, tierPoints: 1087 },
      { memberId: 'unknown-here', balancePoints: 1, tierPoints: 1 },
    ];
    transaction(db, () => updateBalancesFromServer(db, pushed, 2, TEST_NOW_MS + 2));
    expect(memberByKey(db, keyOf(db))).toMatchObject({ balancePoints: 187, tierPoints: 1087 });
    expect(checkProjection(db, 100)).toEqual({ checkedCount: 1, mismatches: [] });
  });

  it('may be below zero after a return', () => {
    const db = newDatabase();
    write(db, 1, [makeEntry({ points: 150, ...reversal })]);
    expect(memberById(db, MEMBER.memberId)?.balancePoints).toBe(-50);
  });
});

describe('members', () => {
  it('are found by card and id with all their fields, or not at all', () => {
    const db = newDatabase();
    const found = { ...MEMBER, memberKey: keyOf(db), asOfMs: TEST_NOW_MS };
    expect(memberByCard(db, MEMBER.cardNumber)).toEqual(found);
    expect(memberById(db, MEMBER.memberId)).toEqual(found);
    expect(memberByCard(db, '2990000000000')).toBeNull();
    expect(memberById(db, 'nobody')).toBeNull();
    expect(memberByKey(db, 99)).toBeNull();
  });

  it('keep their key when renamed or blocked', () => {
    const db = newDatabase();
    const key = keyOf(db);
    const changed = { ...MEMBER, displayName: 'Ayşe D.', isBlocked: true };
    transaction(db, () => upsertMembersFromServer(db, [changed], 0, TEST_NOW_MS));
    expect(memberById(db, MEMBER.memberId)).toMatchObject({ ...changed, memberKey: key });
    expect(countMembers(db)).toBe(1);
  });

  it('a card that moves to another member is the new one’s alone, in either order', () => {
    const db = newDatabase();
    const heir = { ...MEMBER, memberId: 'member-2', displayName: 'Can B.' };
    transaction(db, () => upsertMembersFromServer(db, [heir], 0, TEST_NOW_MS));
    expect(memberByCard(db, MEMBER.cardNumber)?.memberId).toBe('member-2');
    const former = { ...MEMBER, cardNumber: '2990000000024' };
    transaction(db, () => upsertMembersFromServer(db, [former], 0, TEST_NOW_MS));
    expect(memberByCard(db, '2990000000024')?.memberId).toBe(MEMBER.memberId);
    expect(memberByCard(db, MEMBER.cardNumber)?.memberId).toBe('member-2');
  });
});

describe('ledger entries', () => {
  it('come back as they were written', () => {
    const db = newDatabase();
    const entries = [
      makeEntry({ lot: '1:1', whyArgs: { points: 10, name_tr: 'Çay "büyük"', rate: 2 } }),
      makeEntry({ line: 2, ...redemption, refSeq: 0 }),
    ];
    write(db, 1, entries);
    expect(ledgerEntriesOf(db, 1)).toEqual(entries);
    expect(ledgerEntriesOf(db, 2)).toEqual([]);
  });
});

describe('projection check', () => {
  it('finds a balance that its sources do not explain, and sets it right', () => {
    const db = newDatabase();
    write(db, 1, [makeEntry({ points: 30 })]);
    expect(checkProjection(db, 100)).toEqual({ checkedCount: 1, mismatches: [] });
    statement(db, 'UPDATE member_balance SET balance_points = 9999').run();
    const { mismatches } = checkProjection(db, 100);
    expect(mismatches).toEqual([
      {
        memberKey: keyOf(db),
        balancePoints: 9999,
        tierPoints: 1030,
        expectedBalancePoints: 130,
        expectedTierPoints: 1030,
      },
    ]);
    for (const mismatch of mismatches) rebuildBalance(db, mismatch);
    expect(memberById(db, MEMBER.memberId)?.balancePoints).toBe(130);
    expect(checkProjection(db, 100).mismatches).toEqual([]);
  });
});
