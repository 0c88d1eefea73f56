// Owns `npm test`: every kind of test in turn, what was skipped and why, and one closing line.
import { openDisplay } from '#tools/display.ts';
import { add, NOTHING_RAN, runTests, type Tally } from '#tools/testRun.ts';

/**
 * The share of the long counts that fits into a developer's patience; `test:long` runs them all.
 */
const QUICK_FACTOR = '0.02';

interface Stage {
  readonly projects: readonly string[];
  /** Files at a time; where devices or processes are timed, one. */
  readonly workers: number;
}

/** Run one after the other: the later ones start processes, and want the machine for themselves. */
const STAGES: readonly Stage[] = [
  {
    projects: [
      'tidy',
      'unit',
      'database',
      'contract',
      'mechanisms',
      'peers',
      'property',
      'fuzz',
      'migration',
      'golden',
    ],
    workers: 2,
  },
  { projects: ['conformance'], workers: 1 },
  { projects: ['crash', 'simulate'], workers: 1 },
  { projects: ['screens'], workers: 2 },
  { projects: ['e2e'], workers: 1 },
];

function wantedProjects(args: readonly string[]): ReadonlySet<string> {
  const known = STAGES.flatMap(({ projects }) => projects);
  const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
  const wanted = only?.split(',') ?? known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`no such kind of test: ${unknown.join(', ')} (there are ${known.join(', ')})`);
  }
  return new Set(wanted);
}

function report({ passed, failed, skipped }: Tally): void {
  const lines = [
    ...skipped.map(({ name, reason }) => `skipped: ${name}: ${reason}`),
    ...failed.map(({ name, reason }) => `failed: ${name}: ${reason}`),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

export async function main(args: readonly string[]): Promise<number> {
  const wanted = wantedProjects(args);
  process.env['PUAN_TEST_FACTOR'] ??= QUICK_FACTOR;
  process.env['PUAN_SEED'] ??= String(Math.trunc(performance.timeOrigin) % 1_000_000);
  process.stdout.write(
    `test: long tests at ${process.env['PUAN_TEST_FACTOR']} of their full counts ` +
      `(PUAN_TEST_FACTOR), seed ${process.env['PUAN_SEED']} (PUAN_SEED)\n`,
  );
  let tally = NOTHING_RAN;
  for (const stage of STAGES) {
    const projects = stage.projects.filter((name) => wanted.has(name));
    if (projects.length === 0) continue;
    const display = projects.includes('e2e') ? await openDisplay() : null;
    tally = add(tally, await runTests(projects, [], stage.workers));
    display?.close();
  }
  report(tally);
  return tally.failed.length > 0 || tally.passed === 0 ? 1 : 0;
}
