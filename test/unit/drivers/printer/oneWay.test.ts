// Goal: a way from which nothing can come back is never waited on, whatever profile was chosen.
// Method: a profile that expects every answer over CUPS (its programs written down) and over
// adapters of a shop in files, one mute and one that could speak.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bridgeTransport } from '#drivers/printer/bridge/bridgeAdapter.ts';
import { EscPosPrinter } from '#drivers/printer/escpos.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { cupsTransport } from '#drivers/printer/wire/cups.ts';
import { openTransport } from '#drivers/printer/wire/openTransport.ts';
import type { Transport } from '#drivers/printer/wire/transport.ts';
import { systemTimers } from '#drivers/timers.ts';
import { quickTiming } from '#test/support/printers.ts';
import { sampleReceipt } from '#test/support/receipts.ts';
import { recordedCommands } from '#test/support/recordedCommands.ts';

const profile = printerProfileById('epson-80');
if (profile?.ackLevel !== 'processId') throw new Error('the profile expects every answer');
const document = { kind: 'document', document: sampleReceipt('tr') } as const;
const nothingSaid = { isPaperOut: null, isCoverOpen: null, hasError: null, isPaperNearEnd: null };

function printerOver(transport: Transport): EscPosPrinter {
  if (profile === null) throw new Error('a profile');
  const printerOf = { transport, profile, timers: systemTimers, timing: quickTiming };
  return new EscPosPrinter({
    ...printerOf,
    capabilities: {
      ackLevel: 'processId',
      answersRealTime: true,
      answersAutomatic: true,
      answersPaperSensor: true,
      answersProcessId: true,
      hasNearEndSensor: true,
      modelName: null,
    },
  });
}

const print = (printer: EscPosPrinter) =>
  printer.print(
    1,
    document,
    () => undefined,
    () => Promise.resolve(true),
  );

describe('a one-way transport', () => {
  it('of a spooler: the receipt is whole, and confirmed as no more than taken', async () => {
    const good = { exitCode: 0, output: 'printer Receipts is idle.\n', complaint: '' };
    const asking = { program: 'lpstat', args: ['-p', 'Receipts'], outcome: good };
    const args = ['-d', 'Receipts', '-o', 'raw', '-t', 'Puan'];
    // No second job: neither the status nor the probe sends a question.
    const commands = recordedCommands([
      asking,
      asking,
      { program: 'lp', args, outcome: good },
      asking,
    ]);
    const printer = printerOver(cupsTransport('Receipts', commands, systemTimers));
    expect(await printer.status()).toMatchObject({ state: 'ready', ...nothingSaid });
    expect(await print(printer)).toEqual({ state: 'confirmed', ackLevel: 'none' });
    expect(await printer.probe()).toBeNull();
    await printer.close();
    const sent = Buffer.concat(commands.inputs);
    expect(sent.includes(Buffer.from([0x1d, 0x56, 0x42, 0x00]))).toBe(true);
    expect(sent.includes(Buffer.from([0x1d, 0x28, 0x48]))).toBe(false);
  });

  it.each(['linux', 'darwin', 'win32'] as const)('is what spooler: gives on %s', (platform) => {
    const opened = openTransport({ type: 'spooler', queue: 'Receipts' }, platform, systemTimers);
    expect(opened).toMatchObject({ ok: true, value: { isOneWay: true } });
  });

  it.each([
    ['a mute one confirms', '', { state: 'confirmed', ackLevel: 'none' }],
    ['one that could speak is asked', 'on() {},', { state: 'blocked', reason: 'offline' }],
  ])('of adapters: %s', async (_what, more, outcome) => {
    const folder = await mkdtemp(join(tmpdir(), 'puan-oneway-'));
    const [path, paper] = [join(folder, 'adapter.cjs'), join(folder, 'paper')];
    await writeFile(paper, '');
    await writeFile(
      path,
      `const { appendFileSync } = require('node:fs');
       module.exports = { ${more} open(done) { done() }, close(done) { done() },
         write(data, done) { appendFileSync(${JSON.stringify(paper)}, data); done() } };`,
    );
    const printer = printerOver(bridgeTransport(path, systemTimers));
    expect(await print(printer)).toEqual(outcome);
    await printer.close();
    const hasCut = (await readFile(paper)).includes(Buffer.from([0x1d, 0x56, 0x42, 0x00]));
    expect(hasCut).toBe(outcome.state === 'confirmed');
    await rm(folder, { recursive: true });
  });
});
