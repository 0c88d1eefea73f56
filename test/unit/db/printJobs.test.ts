// Goal: at most one unmarked paper a sale, in order, and after a crash nothing is guessed.
// Method: real files; a crash is closing without a word and opening again.
import { describe, expect, it } from 'vitest';
import { transaction, type WritableDb } from '#db/handle.ts';
import {
  countWaitingPrintJobs,
  insertPrintJob,
  type NewPrintJob,
  nextCopyNumber,
  nextUnsentPaper,
  oldestQuestion,
  originalPrintJob,
  type PrintJobState,
  printJobById,
  recoverPrintJobs,
  setPrintJobState,
  unsentDrawers,
} from '#db/printJobs.ts';
import { insertSale } from '#db/sales.ts';
import { openPrintJobs } from '#test/support/openPrintJobs.ts';
import { makeSale, newDatabase, TEST_NOW_MS } from '#test/support/tillDatabase.ts';

function job(changes: Partial<NewPrintJob> = {}): NewPrintJob {
  return {
    seq: 1,
    kind: 'receipt',
    copyNumber: 0,
    atMs: TEST_NOW_MS,
    document: '{"rows":[]}',
    ...changes,
  };
}

function withSales(count: number): WritableDb {
  const db = newDatabase();
  transaction(db, () => {
    for (let seq = 1; seq <= count; seq += 1) insertSale(db, makeSale(seq), [], [], []);
  });
  return db;
}

describe('print queue', () => {
  it('is first in, first out, and a job leaves it when it is over', () => {
    const db = withSales(2);
    const first = insertPrintJob(db, job());
    const second = insertPrintJob(db, job({ seq: 2 }));
    expect(nextUnsentPaper(db)).toEqual({
      ...job(),
      jobId: first,
      state: 'queued',
      reason: null,
      ackLevel: null,
    });
    setPrintJobState(db, first, 'blocked', { reason: 'paper-out' });
    expect(nextUnsentPaper(db)).toMatchObject({ jobId: first, reason: 'paper-out' });
    setPrintJobState(db, first, 'confirmed', { ackLevel: 'process-id' });
    expect(printJobById(db, first)).toMatchObject({ ackLevel: 'process-id', reason: null });
    expect(openPrintJobs(db).map((one) => one.jobId)).toEqual([second]);
    setPrintJobState(db, second, 'cancelled');
    expect(nextUnsentPaper(db)).toBeNull();
    expect(openPrintJobs(db)).toEqual([]);
    expect(() => setPrintJobState(db, 99, 'sent')).toThrow('known');
  });

  it('refuses a second unmarked paper; copies are numbered on', () => {
    const db = withSales(1);
    expect(nextCopyNumber(db, 1, 'receipt')).toBe(0);
    insertPrintJob(db, job());
    expect(() => insertPrintJob(db, job())).toThrow('UNIQUE');
    expect(nextCopyNumber(db, 1, 'receipt')).toBe(1);
    insertPrintJob(db, job({ copyNumber: 1 }));
    expect(nextCopyNumber(db, 1, 'receipt')).toBe(2);
    expect(nextCopyNumber(db, 1, 'void')).toBe(0);
    insertPrintJob(db, job({ kind: 'void', document: 'void' }));
    expect(originalPrintJob(db, 1, 'receipt')?.document).toBe(job().document);
    expect(originalPrintJob(db, 1, 'void')?.document).toBe('void');
    expect(originalPrintJob(db, 2, 'receipt')).toBeNull();
  });

  it('reports and drawers belong to no sale and are not numbered', () => {
    const db = withSales(0);
    insertPrintJob(db, job({ seq: null, kind: 'report' }));
    insertPrintJob(db, job({ seq: null, kind: 'report' }));
    insertPrintJob(db, job({ seq: null, kind: 'drawer', document: null }));
    expect(openPrintJobs(db)).toHaveLength(3);
  });
});

describe('questions that nobody answers', () => {
  it('hide nothing that goes on by itself, however many there are', () => {
    const db = withSales(0);
    const report = job({ seq: null, kind: 'report' });
    transaction(db, () => {
      for (let asked = 0; asked < 1000; asked += 1) {
        setPrintJobState(db, insertPrintJob(db, report), 'unknown');
      }
    });
    const [sent, paper, later] = [0, 1, 2].map(() => insertPrintJob(db, report));
    const drawer = insertPrintJob(db, job({ seq: null, kind: 'drawer', document: null }));
    setPrintJobState(db, sent ?? 0, 'sent');
    expect(oldestQuestion(db)?.jobId).toBe(1);
    expect(nextUnsentPaper(db)?.jobId).toBe(paper);
    expect(unsentDrawers(db).map((one) => one.jobId)).toEqual([drawer]);
    expect(countWaitingPrintJobs(db)).toBe(4);
    for (const state of ['checking', 'blocked'] as const) {
      setPrintJobState(db, paper ?? 0, state);
      setPrintJobState(db, drawer, state);
      expect(nextUnsentPaper(db)).toMatchObject({ jobId: paper, state });
      expect(unsentDrawers(db)).toMatchObject([{ jobId: drawer, state }]);
    }
    setPrintJobState(db, paper ?? 0, 'confirmed');
    setPrintJobState(db, drawer, 'cancelled');
    expect(nextUnsentPaper(db)?.jobId).toBe(later);
    expect(unsentDrawers(db)).toEqual([]);
    expect(countWaitingPrintJobs(db)).toBe(2);
  });
});

describe('after a crash', () => {
  const cases: readonly (readonly [PrintJobState, PrintJobState])[] = [
    ['queued', 'queued'],
    ['checking', 'queued'],
    ['blocked', 'blocked'],
    ['sending', 'unknown'],
    ['sent', 'unknown'],
    ['unknown', 'unknown'],
    ['confirmed', 'confirmed'],
    ['cancelled', 'cancelled'],
  ];

  it.each(cases)('a receipt that was %s is %s', (before, after) => {
    const db = withSales(1);
    const jobId = insertPrintJob(db, job());
    setPrintJobState(db, jobId, before);
    const askedCount = recoverPrintJobs(db);
    expect(printJobById(db, jobId)?.state).toBe(after);
    expect(askedCount).toBe(before === 'sending' || before === 'sent' ? 1 : 0);
  });

  it.each(['queued', 'checking', 'sending', 'sent'] as const)(
    'a drawer that was %s is never opened late',
    (before) => {
      const db = withSales(0);
      const jobId = insertPrintJob(db, job({ seq: null, kind: 'drawer', document: null }));
      setPrintJobState(db, jobId, before);
      expect(recoverPrintJobs(db)).toBe(0);
      expect(printJobById(db, jobId)).toMatchObject({ state: 'cancelled', reason: 'restart' });
    },
  );
});
