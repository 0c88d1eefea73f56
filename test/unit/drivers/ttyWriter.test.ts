// Goal: what a line does not take at once is written later, whole and in order, or not at all.
// Method: the shipped writer on a real pipe that is full, under a clock that only the test moves.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { createTtyWriter, unwrittenBytesMax } from '#drivers/scanner/ttyWriter.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

function openPipe(context: TestContext): number {
  if (process.platform === 'win32') return context.skip('Windows has its own writer');
  const path = join(temporaryFolder(), 'line');
  execFileSync('mkfifo', [path]);
  const file = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  context.onTestFinished(() => closeSync(file));
  return file;
}

/** Writes zeros until the pipe takes no more. */
function fill(file: number): void {
  const zeros = new Uint8Array(4096);
  try {
    for (;;) writeSync(file, zeros);
  } catch {
    // EAGAIN: it is full.
  }
}

function readAll(file: number): string {
  const buffer = Buffer.alloc(1_000_000);
  return buffer.toString('latin1', 0, readSync(file, buffer)).replaceAll('\0', '');
}

it('writes at once what the line takes', async (context) => {
  const file = openPipe(context);
  const timers = createManualTimers();
  const writer = createTtyWriter(() => file, timers);
  expect(await writer.write(Buffer.from('abc'))).toBeNull();
  expect(readAll(file)).toBe('abc');
  expect(timers.pendingCount()).toBe(0);
});

it('keeps what it does not take, in order, and writes it once there is room', async (context) => {
  const file = openPipe(context);
  const timers = createManualTimers();
  const writer = createTtyWriter(() => file, timers);
  fill(file);
  const written = [writer.write(Buffer.from('abc')), writer.write(Buffer.from('def'))];
  await timers.advance(1000);
  expect(timers.pendingCount()).toBe(1);
  expect(readAll(file)).toBe('');
  await timers.advance(50);
  expect(await Promise.all(written)).toEqual([null, null]);
  expect(readAll(file)).toBe('abcdef');
  expect(timers.pendingCount()).toBe(0);
});

it('is busy beyond 4 KiB, and lets all of it go when the port closes', async (context) => {
  const file = openPipe(context);
  const timers = createManualTimers();
  const writer = createTtyWriter(() => file, timers);
  fill(file);
  const waiting = writer.write(new Uint8Array(unwrittenBytesMax));
  expect(await writer.write(Buffer.from('a'))).toMatchObject({ code: 'busy' });
  writer.stop();
  expect(await waiting).toMatchObject({ code: 'closed' });
  expect(timers.pendingCount()).toBe(0);
});

it('never writes to what has the number of a closed port now', async (context) => {
  const file = openPipe(context);
  const timers = createManualTimers();
  let descriptor: number | null = file;
  const writer = createTtyWriter(() => descriptor, timers);
  fill(file);
  const waiting = writer.write(Buffer.from('abc'));
  descriptor = null;
  expect(readAll(file)).toBe('');
  await timers.advance(50);
  expect(await waiting).toMatchObject({ code: 'closed' });
});

it('says what else went wrong', async (context) => {
  if (process.platform === 'win32') return context.skip('Windows has its own writer');
  const path = join(temporaryFolder(), 'read-only');
  closeSync(openSync(path, 'w'));
  const file = openSync(path, 'r');
  const writer = createTtyWriter(() => file, createManualTimers());
  expect(await writer.write(Buffer.from('abc'))).toMatchObject({ code: 'failure' });
  closeSync(file);
});
