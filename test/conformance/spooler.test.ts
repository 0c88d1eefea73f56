// Goal: bytes that go through the system's own spooler come out as they went in, once each.
// Method: a queue named by PUAN_TEST_SPOOLER=NAME:PORT that sends to 127.0.0.1:PORT, where this
// test is the printer; CUPS on Linux and macOS, a RAW document on Windows (see ci.yml).
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { parsePrinterAddress } from '#drivers/printer/wire/address.ts';
import { findPrinters, systemSearch } from '#drivers/printer/wire/findPrinters.ts';
import { openTransport } from '#drivers/printer/wire/openTransport.ts';
import type { Transport } from '#drivers/printer/wire/transport.ts';
import { systemTimers } from '#drivers/timers.ts';

const [queue, port] =
  /^(.+):([0-9]+)$/.exec(process.env['PUAN_TEST_SPOOLER'] ?? '')?.slice(1) ?? [];

function transportTo(name: string): Transport {
  const parsed = parsePrinterAddress(`spooler:${name}`);
  if (!parsed.ok) throw new Error(parsed.error.detail);
  const opened = openTransport(parsed.value, process.platform, systemTimers);
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

/** The jobs that a printer on that port was sent; it settles once there are `count`. */
async function printerOn(portNumber: number, count: number) {
  const jobs: Buffer[] = [];
  let settle: (all: readonly Buffer[]) => void = () => undefined;
  const received = new Promise<readonly Buffer[]>((resolve) => {
    settle = resolve;
  });
  const server = net.createServer((socket) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      jobs.push(Buffer.concat(chunks));
      if (jobs.length === count) settle(jobs);
    });
  });
  server.listen(portNumber, '127.0.0.1');
  await once(server, 'listening');
  return { received, close: () => once(server.close(), 'close') };
}

describe('the system’s spooler', () => {
  it('prints each job once, byte for byte', async (context) => {
    if (queue === undefined) context.skip('PUAN_TEST_SPOOLER names no queue');
    const printer = await printerOn(Number(port), 2);
    // Every byte value: a driver that is not raw changes some of them.
    const first = Buffer.alloc(
      6000,
      Uint8Array.from({ length: 256 }, (_, index) => index),
    );
    const second = Buffer.from('\x1b@second\n');
    for (const bytes of [first, second]) {
      const opened = await transportTo(queue ?? '').connect(10_000);
      if (!opened.ok) throw new Error(opened.error.detail);
      expect(await opened.value.write(bytes.subarray(0, 5))).toBeNull();
      expect(await opened.value.write(bytes.subarray(5))).toBeNull();
      expect(await opened.value.end(10_000)).toBeNull();
    }
    const jobs = await printer.received;
    expect(jobs.map((job) => job.length)).toEqual([first.length, second.length]);
    expect(Buffer.compare(jobs[0] ?? Buffer.alloc(0), first)).toBe(0);
    expect(Buffer.compare(jobs[1] ?? Buffer.alloc(0), second)).toBe(0);
    await printer.close();
  }, 60_000);

  it('refuses a queue that is not there', async (context) => {
    if (queue === undefined) context.skip('PUAN_TEST_SPOOLER names no queue');
    const opened = await transportTo('PuanHasNoSuchQueue').connect(10_000);
    expect(opened).toMatchObject({ ok: false, error: { code: 'no-hardware' } });
  });

  it('is found by name', async (context) => {
    if (queue === undefined) context.skip('PUAN_TEST_SPOOLER names no queue');
    const found = await findPrinters(systemSearch);
    expect(found?.map(({ address }) => address)).toContain(`spooler:${queue}`);
  });
});
