// Owns databases for tests: real files in a folder of their own, removed after the test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { transaction, type WritableDb } from '#db/handle.ts';
import { upsertMembersFromServer } from '#db/members.ts';
import { closeDatabase, openDatabase } from '#db/open.ts';
import type { SaleRow } from '#db/sales.ts';
import { setWorkstation } from '#db/workstation.ts';
import { assert } from '#loyalty/assert.ts';
import type { LedgerEntry } from '#loyalty/books/ledger.ts';
import type { Member } from '#loyalty/books/member.ts';

/** 2026-01-31T10:15:00Z. */
export const TEST_NOW_MS = 1_769_854_500_000;
export const TEST_DAY = '2026-01-31';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'puan-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function optionsFor(folder: string): { nowMs: number; backupFolder: string } {
  return { nowMs: TEST_NOW_MS, backupFolder: join(folder, 'backups') };
}

/** Opens (or makes) `puan.sqlite` in `folder` and closes it after the test, if it is still open. */
export function openIn(folder: string): WritableDb {
  const opened = openDatabase(join(folder, 'puan.sqlite'), optionsFor(folder));
  assert(opened.ok, opened.ok ? '' : opened.error.detail);
  onTestFinished(() => closeDatabase(opened.value));
  return opened.value;
}

/** A new database of till 001 in store 001 with one member, MEMBER. */
export function newDatabase(): WritableDb {
  const db = openIn(temporaryFolder());
  setWorkstation(db, {
    storeNumber: 1,
    tillNumber: 1,
    tillId: 'till-1',
    isDemo: false,
    lastAtMs: 0,
    businessDay: TEST_DAY,
  });
  transaction(db, () => upsertMembersFromServer(db, [MEMBER], 0, TEST_NOW_MS));
  return db;
}

export const MEMBER: Member = {
  memberId: 'member-1',
  cardNumber: '2990000000017',
  displayName: 'Ayşe K.',
  balancePoints: 100,
  tierPoints: 1000,
  isBlocked: false,
};

export function makeSale(seq: number, changes: Partial<SaleRow> = {}): SaleRow {
  return {
    seq,
    transactionId: `transaction-${seq}`,
    requestHash: new Uint8Array(32).fill(seq),
    atMs: TEST_NOW_MS + seq,
    businessDay: TEST_DAY,
    operatorId: 'operator-1',
    memberKey: null,
    programmeVersion: 'demo-1',
    receiptNumber: `001001${String(seq).padStart(8, '0')}`,
    receiptToken: `token-${seq}`,
    subtotalMinor: 1000,
    discountMinor: 0,
    totalMinor: 1000,
    tenderedMinor: 1000,
    changeMinor: 0,
    earnedPoints: 0,
    redeemedPoints: 0,
    balanceAfterPoints: null,
    isClockSuspect: false,
    ...changes,
  };
}

export function makeEntry(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    line: 1,
    accountDebit: 'issued',
    accountCredit: 'avail',
    memberId: MEMBER.memberId,
    points: 10,
    lot: null,
    kind: 'accrual',
    refSeq: null,
    rule: 'base',
    programmeVersion: 'demo-1',
    whyKey: 'why.earn.base',
    whyArgs: { points: 10, currency: 'TRY' },
    ...changes,
  };
}
