// Owns running vitest and counting what it ran, by name and with the reason for each skip.
import type { Reporter, TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { projectFolder } from '#tools/project.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Names of the tests that say how often they tried: `…: 500 kills over 2000 sales`. */
  readonly counted: readonly string[];
  readonly durationMs: number;
}

export const NOTHING_RAN: Tally = {
  passed: 0,
  failed: 0,
  skipped: [],
  counted: [],
  durationMs: 0,
};

export function add(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: [...left.skipped, ...right.skipped],
    counted: [...left.counted, ...right.counted],
    durationMs: left.durationMs + right.durationMs,
  };
}

function tallyOf(module: TestModule): Tally {
  let passed = 0;
  let failed = 0;
  const skipped: { name: string; reason: string }[] = [];
  const counted: string[] = [];
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (/: \d+ /.test(test.name)) counted.push(test.name);
    if (result.state === 'passed') passed += 1;
    else if (result.state === 'failed') failed += 1;
    else {
      const reason = result.state === 'skipped' ? result.note : 'it never ran';
      skipped.push({
        name: `${module.relativeModuleId} > ${test.fullName}`,
        reason: reason ?? 'no reason given',
      });
    }
  }
  // A file that could not be loaded has no test to fail: it counts as one that did.
  if (module.state() === 'failed' && failed === 0) failed = 1;
  return { passed, failed, skipped, counted, durationMs: 0 };
}

/** Runs the named projects, or the given files of them. Counts errors outside tests as failures. */
export async function runTests(
  projects: readonly string[],
  files: readonly string[] = [],
): Promise<Tally> {
  const startedMs = performance.now();
  let tally = NOTHING_RAN;
  const counter: Reporter = {
    onTestRunEnd(modules, unhandledErrors) {
      for (const module of modules) tally = add(tally, tallyOf(module));
      tally = { ...tally, failed: tally.failed + unhandledErrors.length };
    },
  };
  const vitest = await startVitest('test', [...files], {
    root: projectFolder,
    project: [...projects],
    watch: false,
    passWithNoTests: true,
    reporters: ['default', counter],
  });
  await vitest.close();
  return { ...tally, durationMs: performance.now() - startedMs };
}
