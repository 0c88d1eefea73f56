// Goal: a printer that is slower than its serial line loses nothing of a receipt. Method: a virtual
// printer behind two pseudo-terminals whose buffer runs over, and the till's end of a plain one;
// each part takes the time that a real line needs, which a pseudo-terminal does not.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { EscPosPrinter } from '#drivers/printer/escpos.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import type { PrintProgress } from '#drivers/printer/printer.ts';
import type { LineFlow } from '#drivers/printer/wire/address.ts';
import { serialTransport } from '#drivers/printer/wire/serial.ts';
import type { Connection } from '#drivers/printer/wire/transport.ts';
import { success } from '#drivers/result.ts';
import { systemTimers } from '#drivers/timers.ts';
import { startVirtualPrinter, type VirtualPrinter } from '#drivers/virtual/printer.ts';
import type { PrinterLineFlow } from '#drivers/virtual/printerLine.ts';
import { quickTiming } from '#test/support/printers.ts';

const LINE_BYTES = 32;
const PART_BYTES = 1024;
const PART_MS = 12;
const PARTS = 48;
/** A quarter of the line's. */
const PRINTER_BYTES_PER_SECOND = 20_000;

interface Setting {
  readonly virtual: VirtualPrinter;
  readonly path: string;
  readonly connection: Connection;
}

async function openAt(
  context: TestContext,
  onPrinter: PrinterLineFlow,
  onTill: LineFlow,
): Promise<Setting> {
  const folder = mkdtempSync(join(tmpdir(), 'puan-line-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const virtual = await startVirtualPrinter({ bytesPerSecond: PRINTER_BYTES_PER_SECOND });
  onTestFinished(() => virtual.close());
  const line = await virtual.openLine(join(folder, 'printer'), onPrinter);
  if (!line.ok) return context.skip(line.error.detail);
  const { path } = line.value;
  const transport = serialTransport(
    { address: path, baudRate: 19_200, flow: onTill },
    systemTimers,
  );
  const opened = await transport.connect(2000);
  if (!opened.ok) throw new Error(opened.error.detail);
  onTestFinished(() => void opened.value.end(1000));
  return { virtual, path, connection: opened.value };
}

/** Numbered lines, so that each one that is missing shows. */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    `${index} `.padEnd(LINE_BYTES - 1, 'abcdefghi'),
  );
}

async function sendAll(connection: Connection, lines: readonly string[]): Promise<void> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    expect(await connection.write(bytes.subarray(at, at + PART_BYTES))).toBeNull();
    await pause(PART_MS);
  }
}

const plain = { type: 'text', align: 'left', bold: false, scale: 1 } as const;
const lines = numbered((PARTS * PART_BYTES) / LINE_BYTES);
const printed = (virtual: VirtualPrinter): string[] => virtual.paperText().trimEnd().split('\n');
const lostBytes = (virtual: VirtualPrinter): number =>
  virtual.events.reduce((sum, one) => sum + (one.type === 'overrun' ? one.lostBytes : 0), 0);

it('prints every line where the printer holds the till by XOFF', async (context) => {
  const { virtual, connection } = await openAt(context, 'xon-xoff', 'xon-xoff');
  await sendAll(connection, lines);
  await expect.poll(() => printed(virtual).length).toBe(lines.length);
  expect(printed(virtual)).toEqual(lines);
  expect(lostBytes(virtual)).toBe(0);
});

it('would lose a part if the printer or the till had no XOFF', async (context) => {
  const without = [
    await openAt(context, 'none', 'xon-xoff'),
    await openAt(context, 'xon-xoff', 'rts-cts'),
  ];
  for (const { connection } of without) await sendAll(connection, lines);
  for (const { virtual } of without) expect(lostBytes(virtual)).toBeGreaterThan(PART_BYTES);
});

it('sends nothing after XOFF, and goes on with XON', async (context) => {
  const { virtual, connection } = await openAt(context, 'xon-xoff', 'xon-xoff');
  virtual.set({ isPaperOut: true });
  const written = sendAll(connection, lines);
  expect(await Promise.race([written, pause(1000, 'held')])).toBe('held');
  virtual.set({ isPaperOut: false });
  await written;
  expect(lostBytes(virtual)).toBe(0);
});

it('keeps the rest of a receipt while there is no paper, and prints it once', async (context) => {
  const { virtual, connection } = await openAt(context, 'xon-xoff', 'xon-xoff');
  const paced: Connection = {
    ...connection,
    async write(bytes) {
      const failed = await connection.write(bytes);
      await pause((bytes.length / PART_BYTES) * PART_MS);
      return failed;
    },
  };
  const profile = printerProfileById('epson-80');
  if (profile === null) throw new Error('epson-80');
  const printer = new EscPosPrinter({
    transport: { keepsSession: true, isOneWay: false, connect: async () => success(paced) },
    profile,
    capabilities: null,
    timers: systemTimers,
    timing: { ...quickTiming, silenceMs: 5000, ackMs: 10_000 },
  });
  virtual.set({ paperEndAtLine: 4 });
  const blocks = lines.map((text) => ({ ...plain, text }));
  const document = { version: 1, language: 'en', blocks } as const;
  const seen: PrintProgress[] = [];
  const printing = printer.print(
    1,
    { kind: 'document', document },
    (progress) => seen.push(progress),
    () => Promise.resolve(true),
  );
  await expect.poll(() => seen.at(-1)).toEqual({ state: 'waiting', reason: 'paper-out' });
  // Long enough for all of it to leave, if nothing held it.
  await pause(PARTS * PART_MS);
  expect(seen.at(-1)?.state).toBe('waiting');
  virtual.set({ isPaperOut: false });
  expect(await printing).toEqual({ state: 'confirmed', ackLevel: 'processId' });
  expect(lostBytes(virtual)).toBe(0);
  expect(virtual.papers()).toHaveLength(1);
  for (const line of lines) expect(virtual.papers()[0]).toContain(line);
  await printer.close();
});

it('opens the line as its address says', async (context) => {
  if (process.platform !== 'linux') context.skip('stty is asked as Linux has it');
  const modes = async (onTill: LineFlow): Promise<string> => {
    const { path } = await openAt(context, 'rts-cts', onTill);
    return execFileSync('stty', ['-a', '-F', path]).toString();
  };
  const byByte = await modes('xon-xoff');
  // Never `ixoff`: the till is not to send XOFF into a receipt.
  for (const mode of [' ixon', '-ixoff', '-crtscts']) expect(byByte).toContain(mode);
  const byWire = await modes('rts-cts');
  for (const mode of ['-ixon', '-ixoff', ' crtscts']) expect(byWire).toContain(mode);
});
