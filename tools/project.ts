// Owns what every tool needs to know about this checkout: where it is, and how to run its programs.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

export const projectFolder = path.resolve(import.meta.dirname, '..');

/** What tools make for themselves: the demo shop, stamps. Removed by `npm ci`, as it should be. */
export const cacheFolder = path.join(projectFolder, 'node_modules/.cache/puan');

const PROGRAMS = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  tsc: 'node_modules/typescript/bin/tsc',
  knip: 'node_modules/knip/bin/knip.js',
  vitest: 'node_modules/vitest/vitest.mjs',
} as const;

const NOT_OURS = new Set(['node_modules', '.git', 'dist', 'release', 'coverage', 'test-results']);

/** Every file of the checkout, as paths relative to it with forward slashes, sorted. */
export function listProjectFiles(): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(projectFolder, folder), { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue;
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(file);
      else if (entry.isFile()) found.push(file);
    }
  };
  visit('');
  return found.sort((left, right) => (left < right ? -1 : 1));
}

export interface Run {
  readonly exitCode: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** Runs one of the project's own programs under this very Node; shows its output and keeps it. */
export function runProgram(
  program: keyof typeof PROGRAMS,
  args: readonly string[],
  options: { readonly isShown: boolean } = { isShown: true },
): Promise<Run> {
  return capture(
    spawn(process.execPath, [path.join(projectFolder, PROGRAMS[program]), ...args], {
      cwd: projectFolder,
      // Colours would stand between the words that a gate looks for.
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
    options.isShown,
  );
}

/** Waits for a child's end; `isShown` passes its output on as it comes. */
export function capture(child: ChildProcess, isShown: boolean): Promise<Run> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      stream?.on('data', (part: Buffer) => {
        parts.push(part);
        if (isShown) target.write(part);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ exitCode: code ?? 1, output: Buffer.concat(parts).toString('utf8') });
    });
  });
}
