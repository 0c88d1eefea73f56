// Owns running vitest and counting what it ran, by name and with the reason for each skip.
import type { Reporter, TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { projectFolder } from '#tools/project.ts';

/** A test that did not pass, and why in one line. */
export interface Told {
  readonly name: string;
  readonly reason: string;
}

export interface Tally {
  readonly passed: number;
  /** Told by name, since the end of a long log is often all that is kept of it. */
  readonly failed: readonly Told[];
  readonly skipped: readonly Told[];
  /** Names of the tests that say how often they tried: `…: 500 kills over 2000 sales`. */
  readonly counted: readonly string[];
  readonly durationMs: number;
}

export const NOTHING_RAN: Tally = {
  passed: 0,
  failed: [],
  skipped: [],
  counted: [],
  durationMs: 0,
};

export function add(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: [...left.failed, ...right.failed],
    skipped: [...left.skipped, ...right.skipped],
    counted: [...left.counted, ...right.counted],
    durationMs: left.durationMs + right.durationMs,
  };
}

const firstLine = (error: { readonly message: string } | undefined): string =>
  error?.message.split('\n', 1)[0] ?? 'it says nothing';

function tallyOf(module: TestModule): Tally {
  let passed = 0;
  const failed: Told[] = [];
  const skipped: Told[] = [];
  const counted: string[] = [];
  for (const test of module.children.allTests()) {
    const result = test.result();
    const name = `${module.relativeModuleId} > ${test.fullName}`;
    if (/: \d+ /.test(test.name)) counted.push(test.name);
    if (result.state === 'passed') passed += 1;
    else if (result.state === 'failed') {
      failed.push({ name, reason: firstLine(result.errors[0]) });
    } else {
      const reason = result.state === 'skipped' ? result.note : 'it never ran';
      skipped.push({ name, reason: reason ?? 'no reason given' });
    }
  }
  // A file that could not be loaded has no test to fail: it counts as one that did.
  if (module.state() === 'failed' && failed.length === 0) {
    failed.push({ name: module.relativeModuleId, reason: firstLine(module.errors()[0]) });
  }
  return { passed, failed, skipped, counted, durationMs: 0 };
}

/**
 * Runs the named projects, or the given files of them, `workers` files at a time. Counts errors
 * outside of tests as failures.
 */
export async function runTests(
  projects: readonly string[],
  files: readonly string[] = [],
  workers = 1,
): Promise<Tally> {
  const startedMs = performance.now();
  let tally = NOTHING_RAN;
  const counter: Reporter = {
    onTestRunEnd(modules, unhandledErrors) {
      for (const module of modules) tally = add(tally, tallyOf(module));
      const failed = unhandledErrors.map((error) => ({
        name: 'outside of tests',
        reason: firstLine(error),
      }));
      tally = add(tally, { ...NOTHING_RAN, failed });
    },
  };
  const vitest = await startVitest('test', [...files], {
    root: projectFolder,
    project: [...projects],
    watch: false,
    passWithNoTests: true,
    maxWorkers: workers,
    reporters: ['default', counter],
  });
  await vitest.close();
  return { ...tally, durationMs: performance.now() - startedMs };
}
