// Goal: the virtual printer is no faster and no kinder than the printer that it stands for, and
// answers as the manuals say (printing.md §3). Method: bytes over real TCP and a serial line.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { expect, it, onTestFinished } from 'vitest';
import { startVirtualPrinter, type VirtualPrinterOptions } from '#drivers/virtual/printer.ts';

it('takes bytes at the speed of its line', async () => {
  const printer = await startVirtualPrinter({ bytesPerSecond: 4_000 });
  onTestFinished(() => printer.close());
  const printed = new Promise<void>((resolve) => {
    printer.onEvent((event) => {
      if (event.type === 'cut') resolve();
    });
  });
  const socket = net.connect(printer.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const startedMs = performance.now();
  // 40 lines of 19 characters, then feed and cut: 804 bytes, a fifth of a second.
  socket.write(`${'nineteen characters'.slice(0, 19)}\n`.repeat(40));
  socket.write(new Uint8Array([0x1d, 0x56, 0x42, 0x00]));
  await printed;
  expect(performance.now() - startedMs).toBeGreaterThan(190);
  expect(printer.papers()[0]?.split('\n').length).toBeGreaterThan(40);
});

/** A connection that keeps what the printer says, as hexadecimal. */
async function talkTo(options: VirtualPrinterOptions = {}) {
  const printer = await startVirtualPrinter(options);
  onTestFinished(() => printer.close());
  const socket = net.connect(printer.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('hex');
  });
  await once(socket, 'connect');
  return {
    printer,
    socket,
    send: (...bytes: readonly number[]) => socket.write(Uint8Array.from(bytes)),
    /** Waits until all it said so far is this. */
    async says(hex: string) {
      await expect.poll(() => said).toBe(hex.replaceAll(' ', ''));
      said = '';
    },
  };
}

const GS_H = [0x1d, 0x28, 0x48];

it('answers every question that printers answer', async () => {
  const { printer, send, says } = await talkTo();
  send(0x10, 0x04, 1, 0x10, 0x04, 2, 0x10, 0x04, 3, 0x10, 0x04, 4);
  await says('12 12 12 12');
  send(0x1d, 0x72, 1, 0x1d, 0x72, 2, 0x1d, 0x49, 1);
  await says('00 00 20');
  send(0x1d, 0x49, 67);
  await says('5f 65 70 73 6f 6e 2d 38 30 00');
  send(...GS_H, 6, 0, 0x30, 0x30, 0x61, 0x62, 0x63, 0x64);
  await says('37 22 61 62 63 64 00');
  printer.set({ isDrawerPinHigh: true, isFeedPressed: true, isPaperNearEnd: true });
  send(0x10, 0x04, 1, 0x10, 0x04, 2, 0x10, 0x04, 4, 0x1d, 0x72, 2, 0x1d, 0x72, 1);
  await says('56 1a 1e 01 03');
});

it('tells of what it was asked to, and of nothing else', async () => {
  const { printer, send, says } = await talkTo();
  send(0x1d, 0x61, 0x08);
  await says('10 00 00 00');
  printer.set({ isDrawerPinHigh: true });
  printer.set({ isPaperNearEnd: true });
  await says('14 00 03 00');
  send(...GS_H, 3, 0, 0x31, 0x30, 2);
  printer.set({ isFeedPressed: true });
  send(0x1d, 0x72, 2);
  await says('01');
  printer.set({ hasUnrecoverableError: true });
  await says('37 23 56 00');
});

it('obeys at once what is real time: pulse, clear, recover, off', async () => {
  const { printer, socket, send, says } = await talkTo();
  printer.set({ isPaperOut: true });
  socket.write('lost');
  send(0x10, 0x14, 1, 0, 2);
  await expect.poll(() => printer.drawerPulses).toBe(1);
  send(0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8);
  await says('37 25 00');
  printer.set({ isPaperOut: false });
  socket.write('kept\n');
  await expect.poll(() => printer.paperText()).toBe('kept\n');
  printer.set({ hasCutterError: true });
  socket.write('after\n');
  send(0x10, 0x05, 1);
  await expect.poll(() => printer.paperText()).toBe('kept\nafter\n');
  send(0x10, 0x14, 2, 1, 8);
  await expect.poll(() => printer.isOff).toBe(true);
  const refused = net.connect(printer.port, '127.0.0.1');
  await expect(once(refused, 'data')).rejects.toThrow();
  printer.powerOn();
  expect(printer.isOff).toBe(false);
});

it('draws dots inside a line, and pictures below each other', async () => {
  const { printer, socket, send } = await talkTo();
  socket.write('a');
  send(0x1b, 0x2a, 33, 2, 0, ...[0xff, 0xff, 0xff], ...[0x80, 0, 0x01]);
  socket.write('b\n');
  send(0x1d, 0x76, 0x30, 0, 1, 0, 2, 0, 0xf0, 0x0f);
  await expect.poll(() => printer.paperText()).toBe('a▒b\n[picture 8x2]\n');
  const svg = printer.paperSvg();
  // The second column of the first: a dot at the top and one at the bottom.
  expect(svg).toContain('M0 0h2v1h-2z');
  expect(svg).toContain('M0 23h2v1h-2z');
  expect(svg).toContain('M0 1h1v1h-1z');
  expect(svg).toContain('M0 0h4v1h-4zM4 1h4v1h-4z');
  expect((await printer.paperPng()).length).toBeGreaterThan(100);
});

it('lets pass what is for a display on its cable', async () => {
  const { printer, socket, send } = await talkTo();
  send(0x1b, 0x3d, 2, 0x0c, 0x1f, 0x24, 1, 1);
  socket.write('TOTAL 12.00');
  send(0x1f, 0x43, 0, 0x1f, 0x58, 4, 0x1b, 0x3d, 1);
  socket.write('paper\n');
  await expect.poll(() => printer.paperText()).toBe('paper\n');
  expect(printer.events.some(({ type }) => type === 'rejected')).toBe(false);
});

it('consumes user-defined characters whole', async () => {
  const { printer, socket, send } = await talkTo();
  send(0x1b, 0x26, 3, 0x41, 0x42, 2, ...[1, 2, 3, 4, 5, 6], 1, ...[7, 8, 9]);
  socket.write('AB\n');
  await expect.poll(() => printer.paperText()).toBe('AB\n');
});

it('refuses a second connection where it is told to', async () => {
  const { printer } = await talkTo({ secondConnection: 'refused' });
  const second = net.connect(printer.port, '127.0.0.1');
  await expect(once(second, 'data')).rejects.toThrow();
});

it('holds a serial line with XOFF while its buffer is full', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'puan-line-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const printer = await startVirtualPrinter({ receiveBufferBytes: 64 });
  onTestFinished(() => printer.close());
  const line = await printer.openLine(join(folder, 'printer'), 'xon-xoff');
  if (!line.ok) return context.skip(line.error.detail);
  const port = new SerialPort({ path: line.value.path, baudRate: 19_200, hupcl: false });
  await once(port, 'open');
  onTestFinished(() => new Promise<void>((resolve) => port.close(() => resolve())));
  let said = '';
  port.on('data', (chunk: Buffer) => {
    said += chunk.toString('hex');
  });
  printer.set({ isPaperOut: true });
  port.write(`${'x'.repeat(40)}\n`.repeat(3));
  await expect.poll(() => said).toBe('13');
  printer.set({ isPaperOut: false });
  await expect.poll(() => said).toMatch(/11$/);
  await expect.poll(() => printer.paperText().split('\n').length).toBe(4);
});
