// Goal: the cashier is told how far a doubtful receipt got, and what hurts the printer.
// Method: core, devices and the virtual printer joined as in the program; it breaks in known ways.
import { describe, expect, it, onTestFinished } from 'vitest';
import { startVirtualPrinter, type VirtualPrinterOptions } from '#drivers/virtual/printer.ts';
import { startTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

async function newPrintingTill(options: VirtualPrinterOptions = {}) {
  const printer = await startVirtualPrinter(options);
  onTestFinished(() => printer.close());
  const dataFolder = temporaryFolder();
  const { address } = printer;
  setUpDemo(dataFolder, { printer: { address, profileId: 'epson-80' } }, { nowMs: Date.now() });
  const till = await startTill(dataFolder);
  till.attachDevices();
  const sell = async () => {
    await till.channel.call('basket.addAmount', { amountMinor: 250, name: 'Alpha' });
    await till.pay('card');
  };
  return { till, printer, dataFolder, sell };
}

describe('a receipt in doubt', () => {
  it('says how much was sent, and after a restart nothing that nobody knows', async () => {
    const { till, dataFolder, sell } = await newPrintingTill({
      dropAfterBytes: { count: 500, how: 'reset' },
    });
    await sell();
    const { printer } = await till.until((snapshot) => snapshot.printer.question !== null);
    // Whether the last part left before the reset came is the network's business.
    expect(['part-sent', 'all-sent']).toContain(printer.question?.reach);
    await till.close();
    const again = await startTill(dataFolder);
    const { question } = (await again.snapshot()).printer;
    expect(question).toEqual({ ...printer.question, reach: null });
  });
});

describe('a printer with an error', () => {
  it.each([
    ['cutter', 'hasCutterError'],
    ['unrecoverable', 'hasUnrecoverableError'],
    ['auto-recoverable', 'isHeadHot'],
  ] as const)('says that it is %s, and no more once it is cured', async (cause, condition) => {
    const { till, printer, sell } = await newPrintingTill();
    printer.set({ [condition]: true });
    await sell();
    const stopped = await till.until((snapshot) => snapshot.printer.state === 'error');
    expect(stopped.printer).toMatchObject({ errorCause: cause, waitingCount: 1 });
    printer.set({ [condition]: false });
    const cured = await till.until((snapshot) => snapshot.printer.waitingCount === 0);
    expect(cured.printer).toMatchObject({ errorCause: null, question: null });
    expect(printer.papers()).toHaveLength(1);
  });
});
