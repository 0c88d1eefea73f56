// Owns which tests mutation testing runs: those of loyalty/, all in one thread that stays warm.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: [
      'test/unit/loyalty/**/*.test.ts',
      'test/mechanisms/**/*.test.ts',
      'test/peers/**/*.test.ts',
    ],
    // Properties take longer than all examples together: a mutant lives or dies by examples.
    exclude: ['test/unit/loyalty/**/properties.test.ts'],
    // A mutant is switched on in modules that are loaded: loading them again would take most of it.
    isolate: false,
    testTimeout: 60_000,
  },
});
