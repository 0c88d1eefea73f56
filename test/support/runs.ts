// Owns how often a test is tried: PUAN_TEST_FACTOR is the share of the full counts, and PUAN_SEED
// makes a run repeatable. `npm test` runs a small share; `npm run test:long` runs all (share 1).

/** The share when a test is started by hand. */
const HAND_SHARE = 0.02;
/** A property is tried this many times as often in the long run. */
const LONG_PROPERTY_TIMES = 20;

/** The full counts of the crash test: kills spread over sales. */
const FULL_KILLS = 500;
const FULL_SALES = 2_000;

export function share(): number {
  const value = Number(process.env['PUAN_TEST_FACTOR'] ?? HAND_SHARE);
  return value > 0 && value <= 1 ? value : HAND_SHARE;
}

/** Runs of a property: `count` in a hurry, twenty times that in the long run. */
export function runs(count: number): { readonly numRuns: number; readonly seed?: number } {
  const numRuns = share() === 1 ? count * LONG_PROPERTY_TIMES : count;
  const seed = process.env['PUAN_SEED'];
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
}

/** `full` at this share, but at least `least`. */
export function scaled(full: number, least: number): number {
  return Math.max(least, Math.round(full * share()));
}

export function crashCounts(): { readonly kills: number; readonly sales: number } {
  return { kills: scaled(FULL_KILLS, 10), sales: scaled(FULL_SALES, 40) };
}

/**
 * A generator in [0, 1) that gives the same numbers for the same PUAN_SEED and name (mulberry32).
 */
export function seededRandom(name: string): () => number {
  let state = 0;
  for (const character of `${process.env['PUAN_SEED'] ?? '1'} ${name}`) {
    state = (Math.imul(state, 31) + character.charCodeAt(0)) | 0;
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
