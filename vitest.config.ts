// Owns how tests are grouped: one project a kind of test, so that `npm test` can say which ran.
import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      project('tidy', ['test/tidy.test.ts']),
      project('unit', ['test/unit/**/*.test.{ts,tsx}']),
      project('contract', ['test/contract/**/*.test.ts']),
      project('property', ['test/property/**/*.test.ts'], { testTimeout: 60_000 }),
      project('migration', ['test/migration/**/*.test.ts']),
      project('golden', ['test/golden/**/*.test.ts']),
      project('conformance', ['test/conformance/**/*.test.ts']),
      project('crash', ['test/crash/**/*.test.ts'], { testTimeout: 300_000 }),
      project('simulate', ['test/simulate/**/*.test.ts'], { testTimeout: 300_000 }),
      // Real windows and real ports: one file at a time.
      project('e2e', ['test/e2e/**/*.test.ts'], {
        testTimeout: 120_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
    ],
  },
});
