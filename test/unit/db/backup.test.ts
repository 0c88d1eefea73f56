// Goal: a backup is a whole database that opens, three are kept, and a bad copy is never called
// one.
// Method: real files; the copy is opened as a till opens it.
import { copyFileSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BACKUPS_KEPT, backupBeforeMigration, backupDaily, checkBackup } from '#db/backup.ts';
import { transaction } from '#db/handle.ts';
import { migrations, versionOf } from '#db/migrations/index.ts';
import { insertSale, recentSales } from '#db/sales.ts';
import { assert } from '#loyalty/assert.ts';
import {
  makeSale,
  newDatabase,
  openIn,
  TEST_NOW_MS,
  temporaryFolder,
} from '#test/support/tillDatabase.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('backup', () => {
  it('holds every sale committed before and opens as a till', async () => {
    const db = newDatabase();
    transaction(db, () => insertSale(db, makeSale(1), [], [], []));
    const folder = join(temporaryFolder(), 'made', 'here');
    const copied = backupDaily(db, { folder, nowMs: TEST_NOW_MS });
    // The till goes on selling meanwhile.
    transaction(db, () => insertSale(db, makeSale(2), [], [], []));
    const backup = await copied;
    assert(backup.ok, 'the backup is made');
    expect(backup.value.path).toBe(join(folder, 'puan-daily-20260131T101500000Z.sqlite'));
    expect(backup.value.version).toBe(versionOf(migrations));
    expect(checkBackup(backup.value.path)).toEqual(backup);
    const restored = temporaryFolder();
    copyFileSync(backup.value.path, join(restored, 'puan.sqlite'));
    expect(recentSales(openIn(restored), 10).map((sale) => sale.seq)).toContain(1);
  });

  it('keeps the newest three of each kind and nothing half made', async () => {
    const db = newDatabase();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'puan-daily-20250101T000000000Z.sqlite.partial'), 'half');
    writeFileSync(join(folder, 'a-letter.txt'), 'not ours');
    backupBeforeMigration(db, { folder, nowMs: 0 });
    for (let day = 1; day <= BACKUPS_KEPT + 2; day += 1) {
      expect(await backupDaily(db, { folder, nowMs: day * DAY_MS })).toMatchObject({ ok: true });
    }
    expect(readdirSync(folder).sort()).toEqual([
      'a-letter.txt',
      'puan-daily-19700104T000000000Z.sqlite',
      'puan-daily-19700105T000000000Z.sqlite',
      'puan-daily-19700106T000000000Z.sqlite',
      'puan-migration-19700101T000000000Z.sqlite',
    ]);
  });

  it('says what is wrong with a copy that does not read back', () => {
    const folder = temporaryFolder();
    const backup = backupBeforeMigration(newDatabase(), { folder, nowMs: 0 });
    assert(backup.ok, 'the backup is made');
    const file = openSync(backup.value.path, 'r+');
    for (let page = 3; page < 30; page += 1) {
      writeSync(file, Buffer.alloc(64, 0xff), 0, 64, page * 4096);
    }
    expect(checkBackup(backup.value.path)).toMatchObject({ error: { code: 'not-restorable' } });
    expect(checkBackup(join(folder, 'none'))).toMatchObject({ error: { code: 'not-restorable' } });
  });

  it('says when it cannot be written', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const inFile = { folder: join(file, 'backups'), nowMs: 0 };
    expect(await backupDaily(newDatabase(), inFile)).toMatchObject({ error: { code: 'io' } });
    const taken = { folder, nowMs: 0 };
    mkdirSync(join(folder, 'puan-migration-19700101T000000000Z.sqlite'));
    expect(backupBeforeMigration(newDatabase(), taken)).toMatchObject({ ok: false });
  });
});
