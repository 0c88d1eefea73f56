// Owns what a fuzz test feeds: random bytes, and good frames damaged in known ways.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { share } from '#test/support/runs.ts';

export type Random = () => number;

/** Frames of each path: the long run, and one in a hurry. */
const FULL_FRAMES = 1_000_000;
const QUICK_FRAMES = 4_000;

export const fuzzFrames = share() === 1 ? FULL_FRAMES : QUICK_FRAMES;

/** What a whole run may leave behind: the heap's own noise is below it, a leak a frame is not. */
const heapGrowthMax = 12_000_000;

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

export function randomBytes(random: Random, lengthMax: number): Uint8Array {
  return Uint8Array.from({ length: below(random, lengthMax + 1) }, () => below(random, 256));
}

type Damage = (bytes: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function sliceOf(bytes: Uint8Array, random: Random): readonly [number, number] {
  const from = below(random, bytes.length + 1);
  return [from, from + below(random, bytes.length - from + 1)];
}

const damages: readonly Damage[] = [
  function flipBit(bytes, random) {
    const flipped = bytes.slice();
    const at = below(random, bytes.length);
    const byte = flipped[at];
    if (byte !== undefined) flipped[at] = byte ^ (1 << below(random, 8));
    return flipped;
  },
  function cutOut(bytes, random) {
    const [from, to] = sliceOf(bytes, random);
    return join(bytes.subarray(0, from), bytes.subarray(to));
  },
  (bytes, random) => bytes.slice(0, below(random, bytes.length + 1)),
  (bytes, random) => bytes.slice(below(random, bytes.length + 1)),
  function doubleSlice(bytes, random) {
    const [from, to] = sliceOf(bytes, random);
    return join(bytes.subarray(0, to), bytes.subarray(from));
  },
  function spliceOther(bytes, random, corpus) {
    const other = pick(random, corpus);
    return join(
      bytes.subarray(0, below(random, bytes.length + 1)),
      other.subarray(below(random, other.length + 1)),
    );
  },
  function insert(bytes, random) {
    const at = below(random, bytes.length + 1);
    return join(bytes.subarray(0, at), randomBytes(random, 4), bytes.subarray(at));
  },
  function overwrite(bytes, random) {
    const changed = bytes.slice();
    const interesting = [0, 1, 2, 3, 9, 10, 13, 0x1d, 0x5d, 0x7f, 0x80, 0xff];
    changed.set([pick(random, interesting)].slice(0, bytes.length), below(random, bytes.length));
    return changed;
  },
];

/** One of the corpus with one to four damages, one upon the other. */
export function mutate(random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  let bytes = pick(random, corpus);
  const times = 1 + below(random, 4);
  for (let time = 0; time < times; time += 1) bytes = pick(random, damages)(bytes, random, corpus);
  return bytes;
}

/** The bytes in pieces of 1 to 32, or in one. */
export function chunked(random: Random, bytes: Uint8Array): Uint8Array[] {
  if (bytes.length === 0) return [];
  if (random() < 0.5) return [bytes];
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const size = 1 + below(random, 32);
    chunks.push(bytes.subarray(from, from + size));
    from += size;
  }
  return chunks;
}

/** The heap after a full collection, in bytes. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed;
}

/**
 * Calls `step` until it has fed `frames` of them; it returns how many it fed. Fails when the heap
 * is larger by more than 12 MB at the end than it was after a tenth.
 */
export function feed(frames: number, step: () => number): void {
  let fed = 0;
  while (fed < frames / 10) fed += step();
  const before = heapBytes();
  while (fed < frames) fed += step();
  const grown = heapBytes() - before;
  if (grown > heapGrowthMax) throw new Error(`the heap grew by ${grown} bytes`);
}

/**
 * Fails when the two differ, as JSON has them. A test framework's own comparison costs more than
 * what is under test, a million times over.
 */
export function mustEqual(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`${got} is not ${wanted}`);
}

export function mustBeAtMost(actual: number, limit: number): void {
  if (actual > limit) throw new Error(`${actual} is more than ${limit}`);
}
