// Owns the difference between a bug and an expected outcome: a failed assertion is always a bug.

/** Throws when `condition` is false. The process that meets it logs, exits and is restarted. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** Makes the compiler prove that every case of a union was handled. */
export function assertNever(value: never, message = 'unexpected value'): never {
  throw new Error(`assertion failed: ${message}: ${JSON.stringify(value)}`);
}
