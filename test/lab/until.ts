// Owns waiting in the lab for what the kernel tells nobody about: looked at again and again.

const LOOK_MS = 10;
/** An emulated machine beside other work is slow. */
const LIMIT_MS = 60_000;

export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}

/**
 * Resolves with the first value that is neither false, null nor undefined; rejects with `what`
 * after `limitMs`. What `look` throws ends it at once.
 */
export async function until<T>(
  look: () => T | Promise<T>,
  what = 'the kernel',
  limitMs = LIMIT_MS,
): Promise<Exclude<Awaited<T>, false | null | undefined>> {
  const endsAtMs = performance.now() + limitMs;
  for (;;) {
    const value = await look();
    if (value !== false && value !== null && value !== undefined) {
      return value as Exclude<Awaited<T>, false | null | undefined>;
    }
    if (performance.now() > endsAtMs) throw new Error(`${limitMs} ms in vain for ${what}`);
    await pause(LOOK_MS);
  }
}
