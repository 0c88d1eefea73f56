// Owns `npm run check`: every gate in turn, each of which must prove that it looked at the sources.
import { listProjectFiles, projectFolder, type Run, runProgram } from '#tools/project.ts';

/** A checkout with fewer sources than this is not ours: the walk itself looked at nothing. */
const SOURCES_MIN = 60;

interface Gate {
  readonly name: string;
  readonly run: () => Promise<Run>;
  /** How many of our files the gate says that it read; null when it does not say. */
  readonly countSeen: (output: string) => number | null;
  /** How many it must have read. */
  readonly expected: (sources: readonly string[]) => number;
}

const countProjectFiles = (output: string): number =>
  output
    .split(/\r?\n/)
    .map((line) => line.replaceAll('\\', '/'))
    .filter(
      (line) =>
        line.startsWith(projectFolder.replaceAll('\\', '/')) && !line.includes('/node_modules/'),
    ).length;

const firstNumber = (pattern: RegExp) => (output: string) => {
  const digits = pattern.exec(output)?.[1];
  return digits === undefined ? null : Number(digits);
};

const compile = (args: readonly string[]) => async () => {
  const run = await runProgram('tsc', ['--noEmit', '--listFiles', ...args], { isShown: false });
  const problems = run.output.split(/\r?\n/).filter((line) => /error TS|^\s+\S/.test(line));
  if (run.exitCode !== 0) process.stdout.write(`${problems.join('\n')}\n`);
  return run;
};

const isTypeScript = (file: string): boolean => /\.tsx?$/.test(file);

const gates: readonly Gate[] = [
  {
    name: 'biome',
    run: () =>
      runProgram('biome', ['ci', '--colors=off', '--max-diagnostics=50', '--error-on-warnings']),
    countSeen: firstNumber(/Checked (\d+) files?/),
    expected: (sources) => sources.length,
  },
  {
    name: 'tsc',
    run: compile([]),
    countSeen: countProjectFiles,
    expected: (sources) => sources.filter(isTypeScript).length,
  },
  {
    name: 'tsc loyalty (no DOM, no Node)',
    run: compile(['-p', 'loyalty']),
    countSeen: countProjectFiles,
    expected: (sources) => sources.filter((file) => /^loyalty\/.*\.ts$/.test(file)).length,
  },
  {
    name: 'tsc renderer (no Node)',
    run: compile(['-p', 'renderer']),
    countSeen: countProjectFiles,
    expected: (sources) => sources.filter((file) => /^renderer\/.*\.tsx?$/.test(file)).length,
  },
  {
    name: 'knip',
    run: () =>
      runProgram('knip', [
        '--no-progress',
        '--treat-config-hints-as-errors',
        '--reporter=symbols',
        '--reporter=./tools/knipCount.mjs',
      ]),
    countSeen: firstNumber(/knip read (\d+) files/),
    expected: (sources) => sources.length,
  },
  {
    name: 'tidy',
    run: () => runProgram('vitest', ['run', '--project=tidy', '--reporter=verbose']),
    countSeen: firstNumber(/Tests\s+(?:\d+ failed \| )?(\d+) passed/),
    expected: () => 1,
  },
];

/** Runs every gate, also after one has failed: a developer wants the whole list at once. */
export async function main(): Promise<number> {
  const sources = listProjectFiles().filter((file) => /\.(ts|tsx|mjs)$/.test(file));
  if (sources.length < SOURCES_MIN) {
    process.stderr.write(`check: only ${sources.length} sources found in ${projectFolder}\n`);
    return 1;
  }
  const failed: string[] = [];
  for (const gate of gates) {
    const { exitCode, output } = await gate.run();
    const seen = gate.countSeen(output);
    const expected = gate.expected(sources);
    const hasLooked = seen !== null && seen >= expected;
    if (exitCode !== 0 || !hasLooked) failed.push(gate.name);
    const outcome = exitCode === 0 && hasLooked ? 'passed' : 'FAILED';
    process.stdout.write(
      `check: ${gate.name}: ${outcome}, saw ${seen ?? 'nothing'} (at least ${expected})\n`,
    );
  }
  if (failed.length === 0) return 0;
  process.stdout.write(`check: failed: ${failed.join(', ')}\n`);
  return 1;
}
