// Goal: a transaction is all or nothing, and faults of the store are told from bugs.
// Method: real files; a full disk is made by a page limit and, where root can mount one, by a
// file system of 1 MiB.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionOf, statement, storeFault, transaction, type WritableDb } from '#db/handle.ts';
import { closeReadOnly, openDatabase, openReadOnly } from '#db/open.ts';
import { insertSale, recentSales, saleByTransactionId } from '#db/sales.ts';
import { allSettings, getSetting, setSetting } from '#db/settings.ts';
import {
  makeSale,
  newDatabase,
  openIn,
  optionsFor,
  temporaryFolder,
} from '#test/support/tillDatabase.ts';

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

function sellUntilRefused(db: WritableDb): { refused: unknown; soldCount: number } {
  for (let seq = 1; seq < 100_000; seq += 1) {
    const refused = errorOf(() =>
      transaction(db, () => {
        setSetting(db, 'last', `sale ${seq}`);
        const line = {
          kind: 'amount',
          sku: null,
          name: 'x'.repeat(150),
          productType: 'food',
          quantity: 1,
          unitPriceMinor: 10,
          discountMinor: 0,
          taxRateBasisPoints: 100,
        } as const;
        const lines = Array.from({ length: 100 }, (_, index) => ({ line: index + 1, ...line }));
        insertSale(db, makeSale(seq), lines, [], []);
      }),
    );
    if (refused !== null) return { refused, soldCount: seq - 1 };
  }
  return { refused: null, soldCount: 0 };
}

function expectNothingHalfDone(db: WritableDb, soldCount: number): void {
  expect(recentSales(db, 100_000)).toHaveLength(soldCount);
  expect(getSetting(db, 'last')).toBe(soldCount === 0 ? null : `sale ${soldCount}`);
  const lines = statement<{ count: number }>(db, 'SELECT count(*) AS count FROM line').get();
  expect(lines?.count).toBe(soldCount * 100);
  expect(connectionOf(db).pragma('integrity_check', { simple: true })).toBe('ok');
}

describe('transaction', () => {
  it('keeps what was done and gives back the result', () => {
    const db = newDatabase();
    const result = transaction(db, () => {
      setSetting(db, 'a', '1');
      return 7;
    });
    expect(result).toBe(7);
    expect(getSetting(db, 'a')).toBe('1');
  });

  it('leaves nothing when the work throws, and can be used again', () => {
    const db = newDatabase();
    const bug = new Error('bug');
    const work = (): void => {
      setSetting(db, 'a', '1');
      insertSale(db, makeSale(1), [], [], []);
      throw bug;
    };
    expect(errorOf(() => transaction(db, work))).toBe(bug);
    expect(getSetting(db, 'a')).toBeNull();
    expect(saleByTransactionId(db, 'transaction-1')).toBeNull();
    transaction(db, () => setSetting(db, 'a', '2'));
    expect(getSetting(db, 'a')).toBe('2');
  });

  it('refuses to nest and to wait', () => {
    const db = newDatabase();
    expect(() => transaction(db, () => transaction(db, () => 1))).toThrow('inside a transaction');
    expect(() => transaction(db, () => Promise.resolve(1))).toThrow('without waiting');
    expect(connectionOf(db).inTransaction).toBe(false);
  });
});

describe('a full disk', () => {
  it('refuses the sale as a whole and sells again when there is room (page limit)', () => {
    const db = newDatabase();
    const pages = connectionOf(db).pragma('page_count', { simple: true }) as number;
    connectionOf(db).pragma(`max_page_count = ${pages + 60}`);
    const { refused, soldCount } = sellUntilRefused(db);
    expect(storeFault(refused)).toBe('disk-full');
    expect(soldCount).toBeGreaterThan(0);
    expectNothingHalfDone(db, soldCount);
    connectionOf(db).pragma('max_page_count = 1000000');
    transaction(db, () => insertSale(db, makeSale(soldCount + 1), [], [], []));
    expect(recentSales(db, 1)).toMatchObject([{ seq: soldCount + 1 }]);
  });

  it('refuses the sale as a whole (a file system of 1 MiB)', (context) => {
    const folder = temporaryFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    if (mounted.status !== 0) context.skip('only root can mount a small file system');
    onTestFinished(() => {
      spawnSync('umount', [folder]);
    });
    const db = openIn(folder);
    const { refused, soldCount } = sellUntilRefused(db);
    expect(storeFault(refused)).toBe('disk-full');
    expectNothingHalfDone(db, soldCount);
    // Nor can a till be made on it: it is said, and nothing half is left under the real name.
    const made = openDatabase(join(folder, 'second.sqlite'), optionsFor(folder));
    expect(made.ok).toBe(false);
    expect(existsSync(join(folder, 'second.sqlite'))).toBe(false);
    expect(errorOf(() => transaction(db, () => setSetting(db, 'x', 'y'.repeat(900_000))))).not.toBe(
      null,
    );
    expectNothingHalfDone(db, soldCount);
  });
});

describe('storeFault', () => {
  it('knows a read-only store', () => {
    const db = newDatabase();
    const reader = openReadOnly(connectionOf(db).name);
    if (!reader.ok) throw new Error(reader.error.detail);
    const write = (): unknown => setSetting(reader.value as WritableDb, 'a', '1');
    expect(storeFault(errorOf(write))).toBe('read-only');
    closeReadOnly(reader.value);
    expect(allSettings(db).size).toBe(0);
  });

  it('calls a broken constraint and everything else a bug', () => {
    const db = newDatabase();
    const half = (): unknown => insertSale(db, makeSale(1, { subtotalMinor: 1.5 }), [], [], []);
    expect(errorOf(half)).toMatchObject({ code: 'SQLITE_CONSTRAINT_DATATYPE' });
    expect(storeFault(errorOf(half))).toBeNull();
    expect(storeFault(new Error('any'))).toBeNull();
    expect(storeFault(null)).toBeNull();
  });
});
