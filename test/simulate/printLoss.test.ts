// Goal: 0 of 100 receipts are lost that were reported as printed, by a slow printer that sends status
// least of all. Method: the table of printing.md §1.5 over real sockets: each behaviour of a printer
// against our transport, and against a write followed by a destroy, as stock adapters do it.
import net from 'node:net';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { outputBytes } from '#drivers/printer/prepare.ts';
import { printerProfileById } from '#drivers/printer/profiles.ts';
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

/** Sends as stock adapters do: a question nobody reads the answer of, the job, destroy. */
function sendLikeStock(port: number, job: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.pause();
    socket.once('error', reject);
    socket.write(Uint8Array.of(0x10, 0x04, 0x01));
    socket.write(job, () => {
      // Time for the answer to be there, unread: a printer on a network takes no longer.
      socket.write(Uint8Array.of(0x10, 0x04, 0x01), () => {
        setImmediate(() => {
          socket.destroy();
          resolve();
        });
      });
    });
  });
}

describe('receipts reported as printed', () => {
  it.each(behaviours)(
    'are there: $name',
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
      rows.push(`${name.padEnd(42)} ours   reported ${reported}, lost ${lost} of ${RUNS}`);
      await virtual.close();
      expect(reported).toBe(RUNS);
      expect(lost).toBe(0);
    },
    600_000,
  );

  it('are lost where the connection is destroyed with an answer unread', async () => {
    const profile = printerProfileById('epson-80');
    if (profile === null) throw new Error('epson-80');
    const job = outputBytes({ kind: 'document', document }, profile);
    if (job === null) throw new Error('the sample can be printed');
    const virtual = await startVirtualPrinter({ receiveBufferBytes: 256 });
    for (let run = 0; run < RUNS; run += 1) {
      virtual.set({ stallMs: SLOW_MS });
      const gone = new Promise<void>((resolve) => {
        virtual.onEvent(({ type }) => {
          if (type === 'disconnected') resolve();
        });
      });
      await sendLikeStock(virtual.port, job);
      await gone;
      virtual.powerCycle();
    }
    const lost = RUNS - virtual.papers().length;
    rows.push(`${'sends status, 300 ms slow'.padEnd(42)} stock  lost ${lost} of ${RUNS}`);
    await virtual.close();
    expect(lost).toBeGreaterThan(0);
  }, 600_000);
});

afterAll(() => {
  process.stdout.write(`${rows.join('\n')}\n`);
});
