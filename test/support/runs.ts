// Owns how often a property is tried: modest here, more by the environment.

/** `count` times PUAN_TEST_FACTOR, a whole number of at least 1. */
export function runs(count: number): { readonly numRuns: number } {
  const factor = Number(process.env['PUAN_TEST_FACTOR'] ?? '1');
  return { numRuns: count * (Number.isSafeInteger(factor) && factor > 0 ? factor : 1) };
}
