// Owns how tests are grouped: one project a kind of test, so that `npm test` can say which ran.
import { defineConfig } from 'vitest/config';

/** Long tests take minutes at their full counts. */
const LONG_TIMEOUT_MS = 1_800_000;

/** Whole applications start in these tests, and a busy machine takes its time. */
const SCREEN_LIMITS = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 20_000 } },
};

const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine is slow at what it does all the same.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      project('tidy', ['test/tidy.test.ts']),
      project('unit', ['test/unit/**/*.test.{ts,tsx}'], { exclude: ['test/unit/db/**'] }),
      // Apart, so that continuous integration can run it on the shipped SQLite addon too.
      project('database', ['test/unit/db/**/*.test.ts']),
      project('contract', ['test/contract/**/*.test.ts']),
      project('mechanisms', ['test/mechanisms/**/*.test.ts']),
      project('peers', ['test/peers/**/*.test.ts']),
      project('property', ['test/property/**/*.test.ts'], { testTimeout: LONG_TIMEOUT_MS }),
      project('fuzz', ['test/fuzz/**/*.test.ts'], { testTimeout: LONG_TIMEOUT_MS }),
      project('migration', ['test/migration/**/*.test.ts']),
      project('golden', ['test/golden/**/*.test.ts']),
      project('conformance', ['test/conformance/**/*.test.ts']),
      project('crash', ['test/crash/**/*.test.ts'], { testTimeout: LONG_TIMEOUT_MS }),
      project('simulate', ['test/simulate/**/*.test.ts'], { testTimeout: LONG_TIMEOUT_MS }),
      // Run by `npm run lab` inside its emulated machine, which is slow.
      project('lab', ['test/lab/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 120_000 }),
      // Pages in a browser of each file's own: two files at a time.
      project('screens', ['test/e2e/screens*.test.ts'], SCREEN_LIMITS),
      // Real windows and real ports: one file at a time.
      project('e2e', ['test/e2e/**/*.test.ts'], {
        ...SCREEN_LIMITS,
        exclude: ['test/e2e/screens*.test.ts'],
        fileParallelism: false,
      }),
    ],
  },
});
