// Owns fuzzing that is led by coverage: an input that reaches new code is kept and damaged further.

import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector';
import { mutate, type Random, randomBytes } from '#test/support/fuzz.ts';

export interface GuidedRun {
  /** Kept, the given ones included. */
  readonly corpus: readonly Uint8Array[];
  /** Characters of the code that ran. */
  readonly reached: number;
  /** The same after the given inputs alone. */
  readonly reachedAtFirst: number;
}

const inputBytesMax = 1024;
const batchInputs = 50;

/** What ran since the last call. V8 answers at once, before `post` returns. */
function takeCoverage(session: Session): readonly Profiler.ScriptCoverage[] {
  let result: readonly Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error !== null) throw error;
    result = taken.result;
  });
  return result;
}

type Interval = readonly [number, number];

/** What never ran of a function that did. */
interface Uncovered {
  readonly sizeCharacters: number;
  readonly intervals: readonly Interval[];
}

function overlap(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  return left.flatMap(([from, to]) =>
    right
      .map(([start, end]): Interval => [Math.max(from, start), Math.min(to, end)])
      .filter(([start, end]) => start < end),
  );
}

function sizeOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** Which code ran at least once, in characters of it; a function within another counts twice. */
class Coverage {
  readonly #uncovered = new Map<string, Uncovered>();
  readonly #sources: RegExp;

  constructor(sources: RegExp) {
    this.#sources = sources;
  }

  /** Adds what ran, when `isKept`; true when it ran code that never ran before. */
  take(scripts: readonly Profiler.ScriptCoverage[], isKept: boolean): boolean {
    let isNews = false;
    for (const { url, functions } of scripts) {
      if (!this.#sources.test(url)) continue;
      for (const { ranges } of functions)
        isNews = this.#takeFunction(url, ranges, isKept) || isNews;
    }
    return isNews;
  }

  reachedCharacters(): number {
    return [...this.#uncovered.values()].reduce(
      (sum, { sizeCharacters, intervals }) => sum + sizeCharacters - sizeOf(intervals),
      0,
    );
  }

  #takeFunction(url: string, ranges: readonly Profiler.CoverageRange[], isKept: boolean): boolean {
    const [whole] = ranges;
    if (whole === undefined || whole.count === 0) return false;
    const key = `${url} ${whole.startOffset} ${whole.endOffset}`;
    const missed = ranges
      .filter(({ count }) => count === 0)
      .map(({ startOffset, endOffset }): Interval => [startOffset, endOffset]);
    const known = this.#uncovered.get(key)?.intervals ?? null;
    const intervals = known === null ? missed : overlap(known, missed);
    const isNews = known === null || sizeOf(intervals) < sizeOf(known);
    const sizeCharacters = whole.endOffset - whole.startOffset;
    if (isNews && isKept) this.#uncovered.set(key, { sizeCharacters, intervals });
    return isNews;
  }
}

/**
 * Tries `tries` inputs on `target`, which throws on a fault and behaves the same each time.
 * `sources` are the addresses of the scripts whose coverage leads. Jazzer.js was looked at first:
 * its one release that needs no download (4.0.0) wants a newer C library than Debian 12 has.
 */
export function fuzzGuided(
  given: readonly Uint8Array[],
  tries: number,
  random: Random,
  sources: RegExp,
  target: (bytes: Uint8Array) => void,
): GuidedRun {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const coverage = new Coverage(sources);
  const corpus = [...given];
  given.forEach(target);
  coverage.take(takeCoverage(session), true);
  const reachedAtFirst = coverage.reachedCharacters();
  for (let tried = 0; tried < tries; tried += batchInputs) {
    const batch = Array.from({ length: batchInputs }, () => {
      const bytes = random() < 0.05 ? randomBytes(random, 64) : mutate(random, corpus);
      return bytes.slice(0, inputBytesMax);
    });
    batch.forEach(target);
    // Asking costs milliseconds: only a batch with news is asked about one by one.
    if (!coverage.take(takeCoverage(session), false)) continue;
    for (const input of batch) {
      target(input);
      if (coverage.take(takeCoverage(session), true)) corpus.push(input);
    }
  }
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  return { corpus, reached: coverage.reachedCharacters(), reachedAtFirst };
}
