// Goal: a database opens durable, for one process, and a file that does not open is left alone.
// Method: real files in a temporary folder; other processes are real ones; bytes are compared.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { connectionOf } from '#db/handle.ts';
import { migrations, versionOf } from '#db/migrations/index.ts';
import { closeDatabase, openDatabase, openReadOnly } from '#db/open.ts';
import { getSetting, setSetting } from '#db/settings.ts';
import { openIn, optionsFor, temporaryFolder } from '#test/support/tillDatabase.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');

function pragmasOf(db: Parameters<typeof connectionOf>[0]): Record<string, unknown> {
  const names = [
    'journal_mode',
    'synchronous',
    'foreign_keys',
    'trusted_schema',
    'recursive_triggers',
    'busy_timeout',
  ];
  return Object.fromEntries(
    names.map((name) => [name, connectionOf(db).pragma(name, { simple: true })]),
  );
}

const DURABLE = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  trusted_schema: 0,
  recursive_triggers: 1,
  busy_timeout: 2000,
};

/** A log that is not there and an empty one say the same. */
function hashOf(path: string): string {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  return createHash('sha256').update(bytes).digest('hex');
}

/** Opens must fail with `code` and leave the file and its log as they were. */
function expectUntouched(path: string, code: string): void {
  const before = [hashOf(path), hashOf(`${path}-wal`)];
  const opened = openDatabase(path, optionsFor(join(path, '..')));
  expect(opened).toMatchObject({ ok: false, error: { code, path } });
  expect([hashOf(path), hashOf(`${path}-wal`)]).toEqual(before);
}

/** A process that opens the database, says so, and stays until it is killed. */
const HOLDER = `
  import { openDatabase } from '#db/open.ts';
  import { setSetting } from '#db/settings.ts';
  const [path, folder] = process.argv.slice(-2);
  const opened = openDatabase(path, { nowMs: 0, backupFolder: folder });
  if (opened.ok) setSetting(opened.value, 'holder', 'committed');
  process.stdout.write(opened.ok ? 'open' : opened.error.code);
  setInterval(() => undefined, 1000);
`;

/**
 * Opens as nobody where it is started as root, who may write anywhere. What the program is made of
 * is loaded before: a checkout may stand in a folder that only its owner reads.
 */
const WITHOUT_RIGHTS = `
  import BetterSqlite from 'better-sqlite3';
  import { openDatabase } from '#db/open.ts';
  new BetterSqlite(':memory:').close();
  if (process.getuid() === 0) {
    process.setgroups([]);
    process.setgid(65_534);
    process.setuid(65_534);
  }
  const [path, folder] = process.argv.slice(-2);
  const opened = openDatabase(path, { nowMs: 0, backupFolder: folder });
  process.stdout.write(opened.ok ? 'open' : opened.error.code);
`;

describe('pragmas', () => {
  it('are set and read back on every open, also of a file that another program closed', () => {
    const folder = temporaryFolder();
    const first = openIn(folder);
    expect(pragmasOf(first)).toEqual(DURABLE);
    closeDatabase(first);
    const second = openIn(folder);
    expect(pragmasOf(second)).toEqual(DURABLE);
    closeDatabase(second);
    // The driver alone would not: this is the trap that the pragmas are there for.
    const bare = new BetterSqlite(join(folder, 'puan.sqlite'));
    expect(bare.pragma('synchronous', { simple: true })).toBe(1);
    bare.close();
    expect(pragmasOf(openIn(folder))).toEqual(DURABLE);
  });
});

describe('one till per database', () => {
  it('refuses a second opener in the same process, also through a link', () => {
    const folder = temporaryFolder();
    openIn(folder);
    const path = join(folder, 'puan.sqlite');
    expect(openDatabase(path, optionsFor(folder))).toMatchObject({ error: { code: 'in-use' } });
    const link = join(folder, 'link.sqlite');
    symlinkSync(path, link);
    expect(openDatabase(link, optionsFor(folder))).toMatchObject({ error: { code: 'in-use' } });
  });

  it('refuses a second process until the first is killed; its commits are then there', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'puan.sqlite');
    const holder = spawn(
      process.execPath,
      ['--input-type=module-typescript', '--eval', HOLDER, path, folder],
      { cwd: CHECKOUT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said = await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(String(said)).toBe('open');
    expect(openDatabase(path, optionsFor(folder))).toMatchObject({
      error: { code: 'in-use', path },
    });
    // Reading beside it is allowed: reports and benchmarks.
    const reader = openReadOnly(path);
    expect(reader.ok && getSetting(reader.value, 'holder')).toBe('committed');
    if (reader.ok) connectionOf(reader.value).close();
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    expect(getSetting(openIn(folder), 'holder')).toBe('committed');
  });
});

describe('a file that does not open is kept byte for byte', () => {
  it('newer, also when the version is still in the log of a killed process', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'puan.sqlite');
    closeDatabase(openIn(folder));
    const killed = spawnSync(
      process.execPath,
      [
        '--input-type=commonjs',
        '--eval',
        `const db = new (require('better-sqlite3'))(process.argv.at(-1));
         db.pragma('user_version = 9990');
         process.kill(process.pid, 'SIGKILL');`,
        path,
      ],
      { cwd: CHECKOUT },
    );
    expect(killed.signal).toBe('SIGKILL');
    expect(readFileSync(path).readUInt32BE(60)).toBe(versionOf(migrations));
    expectUntouched(path, 'newer');
  });

  it('not a database', () => {
    const path = join(temporaryFolder(), 'puan.sqlite');
    writeFileSync(
      path,
      'a shopping list, much longer than a header of a hundred bytes '.repeat(99),
    );
    expectUntouched(path, 'damaged');
  });

  it('an empty file: ours never are', () => {
    const path = join(temporaryFolder(), 'puan.sqlite');
    writeFileSync(path, '');
    expectUntouched(path, 'damaged');
  });

  it("another program's database", () => {
    const path = join(temporaryFolder(), 'puan.sqlite');
    const other = new BetterSqlite(path);
    other.exec('CREATE TABLE note (text TEXT)');
    other.close();
    expectUntouched(path, 'damaged');
  });

  it('pages overwritten with noise', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'puan.sqlite');
    const db = openIn(folder);
    for (let index = 0; index < 500; index += 1) setSetting(db, `name-${index}`, 'x'.repeat(200));
    closeDatabase(db);
    const file = openSync(path, 'r+');
    for (let page = 5; page < 60; page += 1) {
      writeSync(file, Buffer.alloc(64, 0xff), 0, 64, page * 4096);
    }
    expectUntouched(path, 'damaged');
  });

  it('cut short', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'puan.sqlite');
    closeDatabase(openIn(folder));
    truncateSync(path, 10_000);
    expectUntouched(path, 'damaged');
  });

  it('the file gone and its log still there', () => {
    const path = join(temporaryFolder(), 'puan.sqlite');
    writeFileSync(`${path}-wal`, 'committed sales');
    expectUntouched(path, 'damaged');
    expect(existsSync(path)).toBe(false);
  });

  it('a folder in its place', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'puan.sqlite');
    mkdirSync(path);
    expect(openDatabase(path, optionsFor(folder))).toMatchObject({
      error: { code: 'cannot-open', path },
    });
  });

  it('a folder that may not be written to', (context) => {
    if (process.platform === 'win32') context.skip('Windows has no such folder mode');
    const folder = temporaryFolder();
    const path = join(folder, 'puan.sqlite');
    closeDatabase(openIn(folder));
    chmodSync(path, 0o444);
    const before = readFileSync(path);
    chmodSync(folder, 0o555);
    const tried = spawnSync(
      process.execPath,
      ['--input-type=module-typescript', '--eval', WITHOUT_RIGHTS, path, folder],
      { cwd: CHECKOUT },
    );
    chmodSync(folder, 0o755);
    expect(String(tried.stdout)).toBe('cannot-open');
    expect(readFileSync(path)).toEqual(before);
  });
});

describe('a new database', () => {
  it('begins again after a start that was cut off half-way', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'puan.sqlite.creating'), 'half of something');
    const db = openIn(folder);
    setSetting(db, 'name', 'value');
    expect(readdirSync(folder).filter((name) => name.includes('creating'))).toEqual([]);
  });
});
