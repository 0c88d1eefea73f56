// Owns running the conformance suites inside the lab's guest. Started by tools/lab.ts there.
import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';
import { startVitest } from 'vitest/node';
import type { Outcome } from '#test/lab/check.ts';
import { projectFolder } from '#tools/project.ts';

const outcomes: Outcome[] = [];

/** The lab's own lines, and what went wrong. */
const reporter: Reporter = {
  onTestCaseResult(test) {
    const { state, errors = [] } = test.result();
    const id = `conformance: ${test.fullName}`;
    const hasPassed = state === 'passed';
    const took = Math.round(test.diagnostic()?.duration ?? 0);
    outcomes.push({ id, hasPassed });
    process.stdout.write(`${hasPassed ? 'PASS' : 'FAIL'} ${id} (${took} ms)\n`);
    for (const error of errors) process.stdout.write(`  ${error.stack ?? error.message}\n`);
  },
  onTestRunEnd(modules, unhandledErrors) {
    const faults = [...modules.flatMap((module) => module.errors()), ...unhandledErrors];
    for (const fault of faults) {
      outcomes.push({ id: 'conformance: a fault outside the tests', hasPassed: false });
      process.stdout.write(`FAIL conformance: ${fault.stack ?? fault.message} (0 ms)\n`);
    }
  },
};

const vitest = await startVitest('test', [], {
  root: projectFolder,
  project: ['lab'],
  watch: false,
  reporters: [reporter],
});
await vitest.close();
writeFileSync('/run/out/outcomes.json', JSON.stringify(outcomes));
process.exit(outcomes.length > 0 && outcomes.every(({ hasPassed }) => hasPassed) ? 0 : 1);
