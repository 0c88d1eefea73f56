// Goal: a scanner that was unplugged costs no more than one that waits, and leaves nothing open
// (a serial port of Linux that misses its unplug spins for ever, bindings-cpp#162).
// Method: the shipped driver in a process of its own on a pseudo-terminal, unplugged in the very
// turn in which it was read, again and again; CPU time and open files as that process counts them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scaled } from '#test/support/runs.ts';
import type { ScannerCostAnswer } from '#test/support/scannerChild.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

const measureMs = scaled(10_000, 1_500);
const replugs = scaled(100, 5);
/** Garbage collected once and code run for the first time; a spin costs all of `measureMs`. */
const noiseMs = 50;

it('spins not, holds no files, and reads after each of many unplugs', async (context) => {
  if (process.platform !== 'linux') return context.skip('open files can be listed on Linux only');
  const program = join(import.meta.dirname, '../support/scannerChild.ts');
  const child = fork(program, [temporaryFolder(), `${measureMs}`, `${replugs}`]);
  context.onTestFinished(() => void child.kill());
  const [answer] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`ended with ${code}`))),
  ])) as [ScannerCostAnswer];
  if ('missing' in answer) return context.skip(answer.missing);
  const { idleMs, unpluggedMs, openFilesBefore, openFilesAfter, readCount } = answer;
  const said = `${measureMs} ms: idle ${idleMs} ms of CPU, unplugged ${unpluggedMs} ms`;
  expect(unpluggedMs, said).toBeLessThan(3 * Math.max(idleMs, noiseMs));
  expect(openFilesAfter).toBe(openFilesBefore);
  expect(readCount).toBe(replugs);
}, 300_000);
