// Owns the drivers' own assertion: they import nothing outside their folder.

/** Throws when `condition` is false: always a bug, never a device's fault. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** Makes the compiler prove that every case of a union was handled. */
export function assertNever(value: never): never {
  throw new Error(`assertion failed: unexpected value: ${JSON.stringify(value)}`);
}
