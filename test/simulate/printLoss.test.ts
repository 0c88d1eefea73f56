// Goal: 0 of 100 receipts are lost that were reported as printed: the paper is there, by a slow
// printer that sends status too. Method: the behaviours of printing.md §1.5, from the document to
// the sheet (receiptLoss.test.ts has the wire alone, and what a stock adapter does on it).
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openPrinter } from '#drivers/registry.ts';
import { startVirtualPrinter, type VirtualPrinterOptions } from '#drivers/virtual/printer.ts';
import { sampleReceipt } from '#test/support/receipts.ts';
import { scaled } from '#test/support/runs.ts';

const RUNS = scaled(100, 2);
const SLOW_MS = 300;

interface Behaviour {
  readonly name: string;
  readonly profileId: string;
  readonly options: VirtualPrinterOptions;
  readonly stallMs: number;
}

const behaviours: readonly Behaviour[] = [
  { name: 'quiet, fast', profileId: 'generic-80-mute', options: { isSilent: true }, stallMs: 0 },
  {
    name: 'quiet, 300 ms slow',
    profileId: 'generic-80-mute',
    options: { isSilent: true },
    stallMs: SLOW_MS,
  },
  { name: 'sends status, 300 ms slow', profileId: 'epson-80', options: {}, stallMs: SLOW_MS },
  {
    name: 'sends status, 300 ms slow, small buffer',
    profileId: 'epson-80',
    options: { receiveBufferBytes: 256 },
    stallMs: SLOW_MS,
  },
];

const rows: string[] = [];

const document = sampleReceipt('tr');

describe('receipts reported as printed', () => {
  it.each(behaviours)(
    `$name: ${RUNS} receipts, each there`,
    async ({ name, profileId, options, stallMs }) => {
      const virtual = await startVirtualPrinter({ ...options, profileId });
      const opened = openPrinter({ address: virtual.address, profileId, capabilities: null });
      if (!opened.ok) throw new Error(opened.error.detail);
      const printer = opened.value;
      let reported = 0;
      for (let run = 0; run < RUNS; run += 1) {
        virtual.set({ stallMs });
        const last = await printer.print(
          run + 1,
          { kind: 'document', document },
          () => undefined,
          () => Promise.resolve(true),
        );
        if (last.state === 'confirmed') reported += 1;
      }
      await printer.close();
      // A quiet printer has it all when it closes the connection, and prints it then.
      await vi
        .waitUntil(() => virtual.papers().length === reported, { timeout: 5_000 })
        .catch(() => undefined);
      const lost = reported - virtual.papers().length;
      rows.push(`${name.padEnd(42)} reported ${reported}, lost ${lost} of ${RUNS}`);
      await virtual.close();
      expect(reported).toBe(RUNS);
      expect(lost).toBe(0);
    },
    600_000,
  );
});

afterAll(() => {
  process.stdout.write(`${rows.join('\n')}\n`);
});
