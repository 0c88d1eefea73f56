// Owns `npm run test:long`: the full counts, file by file, resumed where it stopped, and written
// down.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder, listProjectFiles, projectFolder } from '#tools/project.ts';
import { add, NOTHING_RAN, runTests, type Tally } from '#tools/testRun.ts';

const LONG_TESTS = /^test\/(crash|simulate|property|fuzz)\/.*\.test\.ts$/;
const PROJECTS = ['crash', 'simulate', 'property', 'fuzz'];
const STATE = path.join(cacheFolder, 'testLong.json');
const RECORD = path.join(projectFolder, 'docs/testing.md');
const TABLE = `
| Date | Commit | Command | Machine | Passed | Failed | Skipped | Duration | Counts |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;

interface State {
  readonly commit: string;
  readonly seed: string;
  readonly done: Readonly<Record<string, Tally>>;
}

/** What is not committed is named, so that no result is credited to another state of the code. */
function commitNow(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8' }).trim();
  const isDirty = git('status', '--porcelain', '--untracked-files=no') !== '';
  return git('rev-parse', '--short', 'HEAD') + (isDirty ? '+changes' : '');
}

function loadState(commit: string, seed: string | undefined): State {
  const saved = existsSync(STATE) ? (JSON.parse(readFileSync(STATE, 'utf8')) as State) : null;
  if (saved !== null && saved.commit === commit && (seed === undefined || saved.seed === seed)) {
    return saved;
  }
  const fresh = String(Math.trunc(performance.timeOrigin) % 1_000_000);
  return { commit, seed: seed ?? fresh, done: {} };
}

function record(state: State, tally: Tally): void {
  const text = existsSync(RECORD) ? readFileSync(RECORD, 'utf8') : '# Testing\n';
  const system = `${os.platform()} ${os.arch()}, Node ${process.versions.node}`;
  const machine = `${os.cpus().length} cores, ${system}`;
  const row = [
    new Date().toISOString().slice(0, 10),
    state.commit,
    `\`PUAN_SEED=${state.seed} npm run test:long\``,
    machine,
    tally.passed,
    tally.failed.length,
    tally.skipped.length,
    `${Math.round(tally.durationMs / 1000)} s`,
    tally.counted.join('; '),
  ];
  const withTable = text.includes(TABLE.trim()) ? text : `${text.trimEnd()}\n${TABLE}`;
  const head = withTable.indexOf(TABLE.trim());
  const blank = withTable.indexOf('\n\n', head);
  const end = blank < 0 ? withTable.trimEnd().length : blank;
  const table = withTable.slice(0, end);
  writeFileSync(RECORD, `${table}\n| ${row.join(' | ')} |${withTable.slice(end).trimEnd()}\n`);
}

export async function main(): Promise<number> {
  let state = loadState(commitNow(), process.env['PUAN_SEED']);
  process.env['PUAN_TEST_FACTOR'] = '1';
  process.env['PUAN_SEED'] = state.seed;
  const files = listProjectFiles().filter((file) => LONG_TESTS.test(file));
  const left = files.filter((file) => state.done[file] === undefined);
  process.stdout.write(
    `test:long: ${left.length} of ${files.length} files left, ` +
      `seed ${state.seed}, ${state.commit}\n`,
  );
  mkdirSync(cacheFolder, { recursive: true });
  for (const file of left) {
    const tally = await runTests(PROJECTS, [file]);
    state = { ...state, done: { ...state.done, [file]: tally } };
    writeFileSync(STATE, JSON.stringify(state));
  }
  const total = Object.values(state.done).reduce(add, NOTHING_RAN);
  rmSync(STATE, { force: true });
  record(state, total);
  const { passed, failed, skipped } = total;
  for (const { name, reason } of failed) process.stdout.write(`failed: ${name}: ${reason}\n`);
  process.stdout.write(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`);
  return failed.length > 0 || passed === 0 ? 1 : 0;
}
