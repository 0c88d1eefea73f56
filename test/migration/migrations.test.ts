// Goal: every step leads from an empty file to today's schema, one transaction each, with a backup.
// Method: real files; later steps that do not exist yet are made up here.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backupBeforeMigration, listBackups } from '#db/backup.ts';
import { asWritable, connectionOf, statement, type WritableDb } from '#db/handle.ts';
import {
  assertOrdered,
  type Migration,
  migrate,
  migrations,
  readVersion,
  versionOf,
} from '#db/migrations/index.ts';
import { closeDatabase } from '#db/open.ts';
import { productBySku } from '#db/products.ts';
import { linesOf, tendersOf } from '#db/sales.ts';
import { saleTermsOf } from '#db/saleTerms.ts';
import { allSettings, setSetting } from '#db/settings.ts';
import { assert } from '#loyalty/assert.ts';
import { openIn, optionsFor, TEST_NOW_MS, temporaryFolder } from '#test/support/tillDatabase.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', 'db', 'schema.sql');

/** Tables first, each followed by its indexes and triggers, as the migrations left them. */
function schemaOf(db: WritableDb): string {
  const rows = statement<{ sql: string }>(
    db,
    `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'
     ORDER BY tbl_name, type = 'trigger', type = 'index', name`,
  ).all();
  const head = `-- Generated from db/migrations, version ${readVersion(db)}: do not edit.\n`;
  return `${head}\n${rows.map((row) => `${row.sql};\n`).join('\n')}`;
}

function tablesOf(db: WritableDb): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`;
  return statement<{ name: string }>(db, sql)
    .all()
    .map((row) => row.name);
}

const noBackup = (): void => undefined;

describe('migrations', () => {
  it('rise, and lead to a database of STRICT tables alone', () => {
    assertOrdered(migrations);
    const db = openIn(temporaryFolder());
    expect(readVersion(db)).toBe(versionOf(migrations));
    const loose = statement<{ name: string }>(
      db,
      `SELECT name FROM pragma_table_list
       WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite%'`,
    ).all();
    expect(loose).toEqual([]);
    expect(tablesOf(db).length).toBeGreaterThan(20);
  });

  it('an order that does not rise is a bug', () => {
    const step = (version: number): Migration => ({ version, name: 'x', sql: '' });
    expect(() => assertOrdered([step(10), step(10)])).toThrow('follows');
    expect(() => assertOrdered([step(20), step(10)])).toThrow('follows');
    expect(() => assertOrdered([step(0)])).toThrow('follows');
    expect(() => assertOrdered([step(1.5)])).toThrow('whole version');
  });

  it('db/schema.sql is what they make (UPDATE_SCHEMA=1 rewrites it)', () => {
    const schema = schemaOf(openIn(temporaryFolder()));
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(SCHEMA, schema);
    expect(existsSync(SCHEMA) ? readFileSync(SCHEMA, 'utf8') : '').toBe(schema);
  });
});

describe('step 20, rules', () => {
  it('keeps a sale of step 10 as it was, and its tender append-only', () => {
    const path = join(temporaryFolder(), 'puan.sqlite');
    const old = new BetterSqlite(path);
    onTestFinished(() => {
      if (old.open) old.close();
    });
    old.pragma('foreign_keys = ON');
    const [first] = migrations;
    assert(first !== undefined, 'there is a first step');
    old.exec(first.sql);
    old.exec(`INSERT INTO retail_transaction VALUES
        (1, 'a', x'00', 1, '2026-01-31', 'o', NULL, 'p@1', 'r', 't', 900, 0, 900, 1000, 100, 0, 0,
         NULL, 0);
      INSERT INTO line VALUES (1, 1, 'product', 's', 'tea', 'food', 3, 300, 0, 1000);
      INSERT INTO tender VALUES (1, 1, 'cash', 1000);
      INSERT INTO product VALUES ('s', NULL, 'tea', 'tea', 'food', 300, 1000, 1);
      PRAGMA user_version = 10;`);
    const db = asWritable(old);
    migrate(db, migrations, noBackup);
    expect(tendersOf(db, 1)).toEqual([{ line: 1, tenderType: 'cash', amountMinor: 1000 }]);
    expect(linesOf(db, 1)).toMatchObject([{ grossMinor: 900, tags: [], flags: [] }]);
    expect(productBySku(db, 's')).toMatchObject({ name: 'tea' });
    expect(saleTermsOf(db, 1)).toBeNull();
    expect(() => old.exec('UPDATE tender SET amount_minor = 1')).toThrow('append-only');
    expect(() => old.exec("INSERT INTO tender VALUES (9, 1, 'cash', 1)")).toThrow('FOREIGN KEY');
  });
});

describe('a later step', () => {
  const next: Migration = {
    version: versionOf(migrations) + 10,
    name: 'next',
    sql: `CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT; INSERT INTO extra VALUES (1);`,
  };

  it('is applied once, after a backup of the version before', () => {
    const folder = temporaryFolder();
    const db = openIn(folder);
    setSetting(db, 'name', 'kept');
    const { backupFolder } = optionsFor(folder);
    const backed: number[] = [];
    const beforeStep = (fromVersion: number): void => {
      const made = backupBeforeMigration(db, { folder: backupFolder, nowMs: TEST_NOW_MS });
      expect(made).toMatchObject({ ok: true, value: { version: fromVersion } });
      backed.push(fromVersion);
    };
    migrate(db, [...migrations, next], beforeStep);
    migrate(db, [...migrations, next], beforeStep);
    expect(backed).toEqual([versionOf(migrations)]);
    expect(listBackups(backupFolder, 'migration')).toHaveLength(1);
    expect(readVersion(db)).toBe(next.version);
    expect(allSettings(db)).toEqual(new Map([['name', 'kept']]));
  });

  it('that fails half-way leaves the database at the step before', () => {
    const folder = temporaryFolder();
    const db = openIn(folder);
    setSetting(db, 'name', 'kept');
    const before = schemaOf(db);
    const failing = { ...next, sql: `${next.sql} INSERT INTO extra VALUES (1);` };
    expect(() => migrate(db, [...migrations, failing], noBackup)).toThrow('UNIQUE');
    const orphaning = {
      ...next,
      sql: `PRAGMA defer_foreign_keys = ON;
        INSERT INTO outbox_parked (seq, reason, at_ms) VALUES (99, 'x', 0);`,
    };
    expect(() => migrate(db, [...migrations, orphaning], noBackup)).toThrow('orphans');
    expect(connectionOf(db).inTransaction).toBe(false);
    expect(readVersion(db)).toBe(versionOf(migrations));
    expect(schemaOf(db)).toBe(before);
    closeDatabase(db);
    expect(allSettings(openIn(folder))).toEqual(new Map([['name', 'kept']]));
  });

  it('is not begun without its backup', () => {
    const db = openIn(temporaryFolder());
    const beforeStep = (): void => {
      throw new Error('no backup');
    };
    expect(() => migrate(db, [...migrations, next], beforeStep)).toThrow('no backup');
    expect(readVersion(db)).toBe(versionOf(migrations));
  });
});
