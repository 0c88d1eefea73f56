// Owns progress as a bar of ASCII, which every code page of every printer has.
import { divideDown } from '#loyalty/money.ts';
import type { Why } from '#loyalty/why.ts';

const CELLS = 10;

/** Points ≥ 0 on the way to a goal ≥ 1, as a sentence: a cell is filled when it is whole. */
export function progressBar(points: number, goal: number): Why {
  const filled = Math.min(CELLS, divideDown(Math.max(0, points) * CELLS, goal));
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(CELLS - filled)}]`;
  const missing = goal - points;
  return missing > 0
    ? { whyKey: 'bar.missing', whyArgs: { bar, points, goal, missing } }
    : { whyKey: 'bar.ready', whyArgs: { bar, points, goal } };
}
