// Owns bench (g): from the pay button to the first byte of the receipt at the printer.
import { mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { setUpBenchTill } from '#bench/demoTill.ts';
import { closeApp, openApp, percentile, whyNoElectron } from '#bench/window.ts';
import { startVirtualPrinter } from '#drivers/virtual/printer.ts';
import { assert } from '#loyalty/assert.ts';
import { ensureBuilt } from '#tools/build.ts';
import { projectFolder } from '#tools/project.ts';

const SALES = 60;
/** The first sales load and compile what all others use. */
const WARM = 5;
const BAR_MS = 50;
const LINES = ['250', '1290', '475'];

const DLE = 0x10;
/** DLE EOT n: a question before the receipt, not the receipt. */
const QUESTION_BYTES = 3;

function isQuestion(chunk: Uint8Array): boolean {
  for (let at = 0; at < chunk.length; at += QUESTION_BYTES) {
    if (chunk[at] !== DLE) return false;
  }
  return true;
}

/** Stands before the printer and notes when each receipt's first byte came. */
async function listenBefore(printerPort: number) {
  let onFirstByte = (_atMs: number): void => undefined;
  const server = net.createServer((till) => {
    const printer = net.connect({ host: '127.0.0.1', port: printerPort, noDelay: true });
    let isReceipt = false;
    till.on('data', (chunk) => {
      if (!isReceipt && !isQuestion(chunk)) {
        isReceipt = true;
        onFirstByte(performance.now());
      }
      printer.write(chunk);
    });
    printer.on('data', (chunk) => till.write(chunk));
    till.on('end', () => printer.end());
    printer.on('end', () => till.end());
    for (const socket of [till, printer]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () =>
      new Promise<number>((resolve) => {
        onFirstByte = resolve;
      }),
    close: () => server.close(),
  };
}

/** A sale of three amounts, up to the payment. */
async function ringUp(page: Page): Promise<void> {
  for (const digits of LINES) {
    await page.keyboard.type(digits, { delay: 60 });
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('F12');
  await page.getByTestId('complete').waitFor();
  await page.keyboard.press('F6');
}

export async function benchFirstByte(): Promise<string> {
  const what = '(g) pay button to first byte of the receipt at the printer';
  const reason = whyNoElectron();
  if (reason !== null) return `${what}: not measured, ${reason}`;
  await ensureBuilt();
  const folder = mkdtempSync(path.join(tmpdir(), 'puan-bench-'));
  const printer = await startVirtualPrinter();
  const before = await listenBefore(printer.port);
  const shopFolder = path.join(folder, 'shop');
  setUpBenchTill(shopFolder, {
    printer: { address: before.address, profileId: 'epson-80' },
    scanners: [],
  });
  const app = await openApp(projectFolder, { TILL_DATA: shopFolder });
  const page = await app.firstWindow();
  await page.getByTestId('lock-screen').waitFor();
  await page.keyboard.type('1111', { delay: 80 });
  await page.keyboard.press('Enter');
  await page.getByTestId('total').waitFor();
  const times: number[] = [];
  for (let sale = 0; sale < SALES + WARM; sale += 1) {
    await ringUp(page);
    const cut = new Promise<void>((resolve) => {
      printer.onEvent((event) => {
        if (event.type === 'cut') resolve();
      });
    });
    const first = before.next();
    const pressedMs = performance.now();
    await page.keyboard.press('Enter');
    const tookMs = (await first) - pressedMs;
    if (sale >= WARM) times.push(tookMs);
    await cut;
    await page.getByTestId('change').waitFor();
    await page.keyboard.press('Enter');
  }
  await closeApp(app);
  before.close();
  await printer.close();
  rmSync(folder, { recursive: true, force: true });
  assert(times.length === SALES, 'every sale was measured');
  const p95 = percentile(times, 0.95);
  return (
    `${what}, ${SALES} sales over TCP, six status questions included: ` +
    `p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ` +
    `max ${Math.max(...times).toFixed(1)} ms; ratio to the bar ${(p95 / BAR_MS).toFixed(2)} ` +
    `(bar p95 <= ${BAR_MS} ms: ${p95 <= BAR_MS ? 'met' : 'MISSED'})`
  );
}

if (import.meta.main) console.log(await benchFirstByte());
