// Goal: a shop's block in escpos commands reaches the paper of receipts and copies, and no fault in
// it costs a receipt. Method: core, devices and virtual printer joined as in the program.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startVirtualPrinter, type VirtualPrinter } from '#drivers/virtual/printer.ts';
import { startTill, type TestTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { DEMO_PINS } from '#till/pins.ts';

const TEMPLATE = '[sale]\n[items]\n[custom]\n[totals]\n[taxes]\n[barcode]\n';

interface Setting {
  readonly till: TestTill;
  readonly printer: VirtualPrinter;
  readonly file: string;
  readonly log: string[];
}

async function newSetting(): Promise<Setting> {
  const printer = await startVirtualPrinter();
  onTestFinished(() => printer.close());
  const dataFolder = temporaryFolder();
  const { address } = printer;
  setUpDemo(dataFolder, { printer: { address, profileId: 'epson-80' } }, { nowMs: Date.now() });
  const till = await startTill(dataFolder);
  await till.channel.call('session.signIn', { pin: DEMO_PINS.manager });
  const saved = await till.channel.call('receipt.saveTemplate', { text: TEMPLATE });
  expect(saved).toMatchObject({ ok: true });
  const log: string[] = [];
  till.attachDevices((event, detail) => {
    if (event.startsWith('receipt-block')) log.push(`${event} ${detail}`);
  });
  return { till, printer, file: path.join(dataFolder, 'receipt-block.cjs'), log };
}

/** Sells by card, so that no drawer opens, and gives the paper once it is out. */
async function sell({ till, printer }: Setting): Promise<string> {
  const count = printer.papers().length;
  await till.channel.call('basket.addAmount', { amountMinor: 250, name: 'Alpha' });
  await till.pay('card');
  return paperAfter(till, printer, count);
}

async function paperAfter(till: TestTill, printer: VirtualPrinter, count: number) {
  const { printer: shown } = await till.until(
    (snapshot) => snapshot.printer.waitingCount === 0 && printer.papers().length > count,
  );
  expect(shown.question).toBeNull();
  return printer.papers().at(-1) ?? '';
}

function expectInOrder(paper: string, words: readonly string[]): void {
  const places = words.map((word) => paper.indexOf(word));
  expect(places, paper).not.toContain(-1);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
}

it('prints where the template says, and on a copy', async () => {
  const setting = await newSetting();
  const { till, printer, file, log } = setting;
  expect(await sell(setting)).not.toContain('Fridays');
  writeFileSync(
    file,
    String.raw`module.exports = (printer) => {
      printer.align('CT').print('\x1bE\x01').pureText('Two for one on Fridays');
    };`,
  );
  const paper = await sell(setting);
  expectInOrder(paper, ['Alpha', 'Two for one on Fridays\n', 'TOTAL']);
  const transactionId = (await till.snapshot()).lastSale?.transactionId ?? '';
  const copied = await till.channel.call('receipt.reprint', { transactionId });
  expect(copied).toMatchObject({ ok: true });
  const copy = await paperAfter(till, printer, 2);
  expect(copy).toContain('COPY 1');
  expect(copy).toContain('Two for one on Fridays');
  expect(log).toEqual([]);
});

it('leaves the receipt whole where the file throws, is refused, or is taken away', async () => {
  const setting = await newSetting();
  const { printer, file, log } = setting;
  writeFileSync(file, 'module.exports = () => { throw new Error("no such offer"); };');
  expectInOrder(await sell(setting), ['Alpha', 'TOTAL']);
  writeFileSync(file, 'module.exports = (printer) => { printer.text("Scan").qrcode("x"); };');
  const paper = await sell(setting);
  expectInOrder(paper, ['Alpha', 'TOTAL']);
  expect(paper).not.toContain('Scan');
  printer.set({ isPaperOut: true });
  const { till } = setting;
  await till.channel.call('basket.addAmount', { amountMinor: 250, name: 'Alpha' });
  await till.pay('card');
  await till.until((snapshot) => snapshot.printer.state === 'paper-out');
  expect(log).toHaveLength(2);
  rmSync(file);
  printer.set({ isPaperOut: false });
  expectInOrder(await paperAfter(till, printer, 2), ['Alpha', 'TOTAL']);
  expect(log).toHaveLength(3);
  expect(log[0]).toContain('no such offer');
  expect(log[1]).toContain('qrcode is refused; use a QR block of the receipt');
  expect(log[2]).toMatch(/Cannot find module|ENOENT/);
});
