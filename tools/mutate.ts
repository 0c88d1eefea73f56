// Owns `npm run mutate`: Stryker on all of loyalty/, or on a seeded sample of its lines.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '#tools/project.ts';

/** Lines that are drawn together: a mutant seldom reaches over more. */
const BLOCK_LINES = 4;

/** Numbers that look random and are the same for a seed (Lehmer, modulus 2^31 − 1). */
function makeRandom(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** One block in `oneIn` of every file, as Stryker's `file:from-to`. */
function sampleOf(files: readonly string[], oneIn: number, seed: number): string[] {
  const random = makeRandom(seed);
  return files.flatMap((file) => {
    const lines = readFileSync(path.join(projectFolder, file), 'utf8').split('\n').length;
    const ranges: string[] = [];
    for (let from = 1; from <= lines; from += BLOCK_LINES) {
      if (random(oneIn) === 0) ranges.push(`${file}:${from}-${from + BLOCK_LINES - 1}`);
    }
    return ranges;
  });
}

/**
 * `--sample 8` draws one block of lines in eight, `--seed 3` another draw than the first; whatever
 * else is said goes to Stryker. The whole takes hours, a sample minutes.
 */
export function main(args: readonly string[]): number {
  const numberAfter = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? null : Number(args[at + 1]);
  };
  const oneIn = numberAfter('--sample');
  const seed = numberAfter('--seed') ?? 1;
  if (oneIn !== null && !(Number.isInteger(oneIn) && oneIn >= 1)) {
    process.stderr.write('write --sample N: one block of lines in N, 1 or more\n');
    return 2;
  }
  const own = new Set(['--sample', '--seed']);
  const rest = args.filter((arg, index) => !own.has(arg) && !own.has(args[index - 1] ?? ''));
  const files = globSync('loyalty/**/*.ts', { cwd: projectFolder }).toSorted();
  const sample = oneIn === null ? [] : sampleOf(files, oneIn, seed);
  if (oneIn !== null) process.stdout.write(`${sample.length} blocks of lines, seed ${seed}\n`);
  const drawn = sample.length === 0 ? [] : ['--mutate', sample.join(',')];
  const stryker = path.join(projectFolder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const command = [stryker, 'run', ...drawn, ...rest];
  return spawnSync(process.execPath, command, { cwd: projectFolder, stdio: 'inherit' }).status ?? 1;
}
