// Goal: no receipt is lost that was reported as printed, above all by a slow printer that sends
// status (printing.md §1.5). Method: a peer on 127.0.0.1 that reads late and talks meanwhile, once
// behind our own transport, once behind escpos's Network adapter, which loses them.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { networkTransport } from '#drivers/printer/wire/network.ts';
import { systemTimers } from '#drivers/timers.ts';
import { scaled } from '#test/support/runs.ts';

/** As large as a receipt with a logo. */
const RECEIPT_BYTES = 5951;
const receipt = Buffer.alloc(
  RECEIPT_BYTES,
  Uint8Array.from({ length: 251 }, (_, index) => index),
);
const PARALLEL = 10;

interface Behaviour {
  readonly name: string;
  /** How long the printer reads nothing, in milliseconds. */
  readonly slowMs: number;
  readonly sendsStatus: boolean;
}

const behaviours: readonly Behaviour[] = [
  { name: 'quiet, fast', slowMs: 0, sendsStatus: false },
  { name: 'quiet, slow', slowMs: 300, sendsStatus: false },
  { name: 'sends status, fast', slowMs: 0, sendsStatus: true },
  { name: 'sends status, slow', slowMs: 300, sendsStatus: true },
];

/** What one job came to: what the till was told, and how many bytes the printer had in the end. */
interface Outcome {
  readonly isReportedGood: boolean;
  readonly arrived: number;
}

interface Peer {
  readonly port: number;
  /** Bytes that were read when the connection had ended. */
  readonly arrived: Promise<number>;
}

async function startPeer({ slowMs, sendsStatus }: Behaviour): Promise<Peer> {
  let settle: (count: number) => void = () => undefined;
  const arrived = new Promise<number>((resolve) => {
    settle = resolve;
  });
  const server = net.createServer({ pauseOnConnect: true }, (socket) => {
    let count = 0;
    // Automatic status, again and again, as while the paper moves.
    const talk = sendsStatus
      ? setInterval(() => socket.writable && socket.write(Uint8Array.of(0x10, 0, 0, 0)), 1)
      : null;
    socket.on('data', (chunk) => {
      count += chunk.length;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (talk !== null) clearInterval(talk);
      server.close();
      settle(count);
    });
    systemTimers.after(slowMs, () => socket.resume());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, arrived };
}

async function printByPuan(port: number): Promise<boolean> {
  const opened = await networkTransport('127.0.0.1', port, systemTimers).connect(5000);
  if (!opened.ok) return false;
  opened.value.onData(() => undefined);
  const written = await opened.value.write(receipt);
  const ended = await opened.value.end(5000);
  return written === null && ended === null;
}

interface NetworkAdapter {
  open(callback: (error: unknown) => void): void;
  write(data: Uint8Array, callback: (error: unknown) => void): void;
  close(callback: (error: unknown) => void): void;
}

/** As escpos's own examples do it: open, write, close. */
async function printByEscpos(port: number): Promise<boolean> {
  const escpos: { readonly Network: new (host: string, port: number) => NetworkAdapter } =
    createRequire(import.meta.url)('escpos');
  const adapter = new escpos.Network('127.0.0.1', port);
  const step = (start: (callback: (error: unknown) => void) => void): Promise<boolean> =>
    new Promise((resolve) => {
      start((error) => resolve(error === null || error === undefined));
    });
  return (
    (await step((callback) => adapter.open(callback))) &&
    (await step((callback) => adapter.write(receipt, callback))) &&
    (await step((callback) => adapter.close(callback)))
  );
}

async function printOnce(
  behaviour: Behaviour,
  print: (port: number) => Promise<boolean>,
): Promise<Outcome> {
  const peer = await startPeer(behaviour);
  const isReportedGood = await print(peer.port);
  return { isReportedGood, arrived: await peer.arrived };
}

async function printAll(
  behaviour: Behaviour,
  print: (port: number) => Promise<boolean>,
  count: number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < count) {
    const batch = Math.min(PARALLEL, count - outcomes.length);
    const jobs = Array.from({ length: batch }, () => printOnce(behaviour, print));
    outcomes.push(...(await Promise.all(jobs)));
  }
  return outcomes;
}

/** Jobs of which the till was told that they were printed, and that the printer never had whole. */
const lostOf = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ isReportedGood, arrived }) => isReportedGood && arrived < RECEIPT_BYTES)
    .length;

const table: string[] = [];

describe('receipts lost', () => {
  const count = scaled(100, 10);
  it.each(behaviours)(`$name: ${count} receipts, none lost behind ours`, async (behaviour) => {
    const ours = await printAll(behaviour, printByPuan, count);
    const peers = await printAll(behaviour, printByEscpos, 10);
    table.push(
      `${behaviour.name.padEnd(20)} escpos Network ${lostOf(peers)}/10 lost, ` +
        `ours ${lostOf(ours)}/${count}`,
    );
    expect(lostOf(ours)).toBe(0);
    // Not by calling everything a failure: all were printed, and reported so.
    expect(ours.filter(({ isReportedGood }) => isReportedGood)).toHaveLength(count);
    // The printer of this test can lose receipts, or it would show nothing.
    if (behaviour.sendsStatus && behaviour.slowMs > 0) expect(lostOf(peers)).toBe(10);
    if (behaviour === behaviours.at(-1)) console.log(table.join('\n'));
  });

  it('a printer that serves somebody else keeps us waiting, and nothing is lost', async () => {
    const arrived: number[] = [];
    // One at a time, as printers do: the second connection is taken once the first has ended.
    const queue: net.Socket[] = [];
    const serveNext = (): void => {
      const socket = queue[0];
      if (socket === undefined) return;
      let count = 0;
      socket.on('data', (chunk) => {
        count += chunk.length;
      });
      socket.on('error', () => undefined);
      socket.once('close', () => {
        arrived.push(count);
        queue.shift();
        serveNext();
      });
      socket.resume();
    };
    const server = net.createServer({ pauseOnConnect: true }, (socket) => {
      queue.push(socket);
      if (queue.length === 1) serveNext();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const reports = await Promise.all([printByPuan(port), printByPuan(port), printByPuan(port)]);
    expect(reports).toEqual([true, true, true]);
    expect(arrived).toEqual([RECEIPT_BYTES, RECEIPT_BYTES, RECEIPT_BYTES]);
    server.close();
  });

  it('a printer that ends an idle session is noticed, and the next one prints', async () => {
    const arrived: number[] = [];
    let isFirst = true;
    const server = net.createServer((socket) => {
      let count = 0;
      socket.on('data', (chunk) => {
        count += chunk.length;
      });
      socket.once('close', () => arrived.push(count));
      if (isFirst) socket.end();
      isFirst = false;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const opened = await networkTransport('127.0.0.1', port, systemTimers).connect(5000);
    if (!opened.ok) throw new Error(opened.error.detail);
    const lost = await new Promise<string>((resolve) => {
      opened.value.onLost((error) => resolve(error.detail));
    });
    expect(lost).toContain('closed the connection');
    expect(await opened.value.write(receipt)).toMatchObject({ code: 'offline' });
    await opened.value.end(1000);
    expect(await printByPuan(port)).toBe(true);
    await once(server.close(), 'close');
    expect(arrived).toEqual([0, RECEIPT_BYTES]);
  });
});
