// Goal: a receipt is printed at most once unmarked whatever the printer does, every further paper
// says COPY n, and no sale waits for any of it.
// Method: core and devices in one process, joined as in the program; the virtual printer on a real
// socket breaks in each known way. States are awaited, never slept for.
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  startVirtualPrinter,
  type VirtualPrinter,
  type VirtualPrinterOptions,
} from '#drivers/virtual/printer.ts';
import { startTill, type TestTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import type { SessionSnapshot } from '#till/contract.ts';
import { DEMO_PINS } from '#till/pins.ts';
import { DRAWER_DELAY_MS_MAX } from '#till/printQueue.ts';

interface PrintingTill {
  readonly till: TestTill;
  readonly printer: VirtualPrinter;
  readonly detachDevices: () => void;
  /** How far the till's clock is ahead of the real one. */
  readonly clock: { aheadMs: number };
}

async function newPrintingTill(options: VirtualPrinterOptions = {}): Promise<PrintingTill> {
  const printer = await startVirtualPrinter(options);
  onTestFinished(() => printer.close());
  const dataFolder = temporaryFolder();
  const { address } = printer;
  setUpDemo(dataFolder, { printer: { address, profileId: 'epson-80' } }, { nowMs: Date.now() });
  const clock = { aheadMs: 0 };
  const till = await startTill(dataFolder, { nowMs: () => Date.now() + clock.aheadMs });
  return { till, printer, detachDevices: till.attachDevices(), clock };
}

/** Not `ready`: what the printer says of itself may be 10 s old once nothing is printed. */
const isDone = ({ printer }: SessionSnapshot) =>
  printer.waitingCount === 0 && printer.question === null;
const hasState = (state: SessionSnapshot['printer']['state']) => (snapshot: SessionSnapshot) =>
  snapshot.printer.state === state;
const isAsking = ({ printer }: SessionSnapshot) => printer.question !== null;

/** Sells one named amount by card, so that no drawer opens. */
async function sell(till: TestTill, name: string): Promise<SessionSnapshot> {
  const added = await till.channel.call('basket.addAmount', { amountMinor: 250, name });
  expect(added.ok).toBe(true);
  await till.pay('card');
  return till.snapshot();
}

async function answerQuestion(till: TestTill, cameOut: boolean): Promise<void> {
  const { printer } = await till.until(isAsking);
  const jobId = printer.question?.jobId ?? 0;
  expect(await till.channel.call('print.answer', { jobId, cameOut })).toMatchObject({ ok: true });
  expect(await till.channel.call('print.answer', { jobId, cameOut })).toMatchObject({
    error: { code: 'print-job-unknown' },
  });
}

/** How many papers of a sale bear no copy mark: never more than one. */
function unmarkedPapers(printer: VirtualPrinter, name: string): number {
  return printer.papers().filter((text) => text.includes(name) && !text.includes('COPY')).length;
}

describe('a printer that stops before the first byte', () => {
  it.each([
    ['paper-out', { isPaperOut: true }, { isPaperOut: false }],
    ['cover-open', { isCoverOpen: true }, { isCoverOpen: false }],
  ] as const)('%s: the sale is done, the receipt waits and then comes once', async (...row) => {
    const [state, broken, mended] = row;
    const { till, printer } = await newPrintingTill();
    printer.set(broken);
    const after = await sell(till, 'Alpha');
    expect(after).toMatchObject({ state: 'committed', printer: { waitingCount: 1 } });
    await till.until(hasState(state));
    expect(printer.paperText()).toBe('');
    printer.set(mended);
    await till.until(isDone);
    expect(printer.papers()).toHaveLength(1);
    expect(unmarkedPapers(printer, 'Alpha')).toBe(1);
  });

  it('silent: the sale is done at once, and the receipt waits until it answers', async () => {
    const { till, printer } = await newPrintingTill({ isSilent: true });
    const after = await sell(till, 'Alpha');
    // Nothing that could have hastened the answer: the printer has said nothing yet.
    expect(after).toMatchObject({ state: 'committed', printer: { waitingCount: 1 } });
    await till.until(hasState('offline'));
    expect((await sell(till, 'Beta')).printer.waitingCount).toBe(2);
    expect(printer.paperText()).toBe('');
    printer.set({ isSilent: false });
    await till.until(isDone);
    expect(printer.papers()).toHaveLength(2);
  });

  it('several receipts that waited come out once each, in order', async () => {
    const { till, printer } = await newPrintingTill();
    printer.set({ isPaperOut: true });
    const names = ['Alpha', 'Beta', 'Gamma'];
    for (const name of names) await sell(till, name);
    expect((await till.until(hasState('paper-out'))).printer.waitingCount).toBe(3);
    printer.set({ isPaperOut: false });
    await till.until(isDone);
    const papers = printer.papers();
    expect(papers).toHaveLength(3);
    for (const [index, name] of names.entries()) expect(papers[index]).toContain(name);
  });
});

describe('a printer that is replaced', () => {
  it('by a narrow one prints what waited, once each, in order and at its own width', async () => {
    const { till, printer } = await newPrintingTill();
    const narrow = await startVirtualPrinter({ profileId: 'epson-58' });
    onTestFinished(() => narrow.close());
    printer.set({ isPaperOut: true });
    const names = ['Alpha', 'Beta', 'Gamma'];
    for (const name of names) await sell(till, name);
    await till.until(hasState('paper-out'));
    await till.channel.call('session.signIn', { pin: DEMO_PINS.manager });
    const printerSettings = {
      address: narrow.address,
      profileId: 'epson-58',
      capabilities: null,
    };
    const saved = await till.channel.call('devices.save', {
      configuration: { scanners: [], printer: printerSettings, lineDisplay: null },
    });
    expect(saved).toMatchObject({ ok: true });
    await till.until(isDone);
    expect(printer.paperText()).toBe('');
    const papers = narrow.papers();
    expect(papers).toHaveLength(3);
    for (const [index, name] of names.entries()) {
      expect(papers[index]).toContain(name);
      expect(papers[index]).not.toContain('COPY');
      const lines = (papers[index] ?? '').split('\n').filter((line) => !line.startsWith('['));
      expect(Math.max(...lines.map((line) => line.length))).toBe(32);
    }
  });
});

describe('a printer that stops in mid-receipt', () => {
  it('paper out: the printer keeps the rest, and one paper comes after the refill', async () => {
    const { till, printer } = await newPrintingTill({ paperEndAtLine: 4 });
    await sell(till, 'Alpha');
    await till.until(hasState('paper-out'));
    // Selling goes on meanwhile.
    expect((await sell(till, 'Beta')).state).toBe('committed');
    printer.set({ isPaperOut: false });
    await till.until(isDone);
    expect(printer.papers()).toHaveLength(2);
    expect(unmarkedPapers(printer, 'Alpha')).toBe(1);
    expect(unmarkedPapers(printer, 'Beta')).toBe(1);
  });

  it('connection reset: asks, and "no" prints COPY 1', async () => {
    const { till, printer } = await newPrintingTill({
      dropAfterBytes: { count: 500, how: 'reset' },
    });
    await sell(till, 'Alpha');
    await answerQuestion(till, false);
    await till.until(isDone);
    expect(unmarkedPapers(printer, 'Alpha')).toBe(0);
    expect(printer.papers().at(-1)).toContain('COPY 1');
  });

  it('connection reset: "yes" prints nothing more', async () => {
    const { till, printer } = await newPrintingTill({
      dropAfterBytes: { count: 500, how: 'reset' },
    });
    await sell(till, 'Alpha');
    const { printer: view } = await till.until(isAsking);
    expect(view.question).toMatchObject({ copyNumber: 0 });
    await answerQuestion(till, true);
    await till.until(isDone);
    expect(printer.paperText()).not.toContain('COPY');
    // A question holds up nothing: the next receipt is whole.
    await sell(till, 'Beta');
    await till.until(isDone);
    expect(unmarkedPapers(printer, 'Beta')).toBe(1);
  });

  it('power cut: asks, and never prints a second unmarked paper by itself', async () => {
    const { till, printer } = await newPrintingTill({ paperEndAtLine: 3 });
    await sell(till, 'Alpha');
    await till.until(hasState('paper-out'));
    printer.powerCycle();
    printer.set({ isPaperOut: false });
    await till.until(isAsking);
    await sell(till, 'Beta');
    await till.until(({ printer: view }) => view.waitingCount === 0);
    expect(unmarkedPapers(printer, 'Alpha')).toBe(0);
    await answerQuestion(till, false);
    await till.until(isDone);
    expect(printer.papers().filter((text) => text.includes('Alpha'))).toHaveLength(1);
    expect(printer.papers().at(-1)).toContain('COPY 1');
  });

  it('devices process gone: asks, and prints the next receipt once it is back', async () => {
    const { till, printer, detachDevices } = await newPrintingTill({ paperEndAtLine: 3 });
    await sell(till, 'Alpha');
    await till.until(hasState('paper-out'));
    detachDevices();
    await till.until(isAsking);
    expect((await sell(till, 'Beta')).state).toBe('committed');
    printer.powerCycle();
    printer.set({ isPaperOut: false });
    till.attachDevices();
    await till.until(({ printer: view }) => view.waitingCount === 0);
    expect(unmarkedPapers(printer, 'Beta')).toBe(1);
    await answerQuestion(till, true);
    await till.until(isDone);
  });
});

describe('the drawer', () => {
  it('opens once for a cash sale', async () => {
    const { till, printer } = await newPrintingTill();
    await till.fill(null, ['P003']);
    await till.pay('cash');
    await till.until(isDone);
    expect(printer.drawerPulses).toBe(1);
    expect(printer.papers()).toHaveLength(1);
  });

  it('is not pulsed again after a printer that stood still, and the cashier is told', async () => {
    const { till, printer } = await newPrintingTill();
    printer.set({ isPaperOut: true });
    await till.fill(null, ['P003']);
    await till.pay('cash');
    const told = await till.until(({ notice }) => notice !== null);
    expect(told.notice?.words.key).toBe('notice.drawer-unknown');
    printer.set({ isPaperOut: false });
    await till.until(isDone);
    expect(printer.papers()).toHaveLength(1);
    expect(printer.drawerPulses).toBe(0);
  });

  it('is not pulsed late, when whoever wanted it has gone', async () => {
    const { till, printer, clock } = await newPrintingTill({ paperEndAtLine: 4 });
    await sell(till, 'Alpha');
    await till.until(hasState('paper-out'));
    expect(await till.channel.call('drawer.open', {})).toMatchObject({ ok: true });
    clock.aheadMs = DRAWER_DELAY_MS_MAX + 1_000;
    printer.set({ isPaperOut: false });
    const after = await till.until(isDone);
    expect(after.notice?.words.key).toBe('notice.drawer-unknown');
    expect(printer.drawerPulses).toBe(0);
    expect(printer.papers()).toHaveLength(1);
  });
});

describe('paper', () => {
  it('is not waited for where the shop has no printer', async () => {
    const dataFolder = temporaryFolder();
    setUpDemo(dataFolder, { printer: null }, { nowMs: Date.now() });
    const till = await startTill(dataFolder);
    till.attachDevices();
    const after = await sell(till, 'Alpha');
    expect(after).toMatchObject({
      state: 'committed',
      printer: { state: 'none', waitingCount: 0, question: null },
    });
    expect(await till.channel.call('drawer.open', {})).toMatchObject({
      error: { code: 'drawer-unavailable' },
    });
  });

  it('says COPY n with the same numbers when it is printed again', async () => {
    const { till, printer } = await newPrintingTill();
    const { lastSale } = await sell(till, 'Alpha');
    await till.until(isDone);
    const transactionId = lastSale?.transactionId ?? '';
    for (const copyNumber of [1, 2]) {
      expect(await till.channel.call('receipt.reprint', { transactionId })).toMatchObject({
        value: { copyNumber },
      });
      await till.until(isDone);
    }
    const [original, ...copies] = printer.papers();
    expect(original).not.toContain('COPY');
    expect(copies).toHaveLength(2);
    for (const [index, copy] of copies.entries()) {
      expect(copy).toContain(`COPY ${index + 1}`);
      const rest = (text: string | undefined) =>
        text?.split('\n').filter((line) => line.trim() !== '' && !/COPY|#[0-9]/.test(line));
      expect(rest(copy)).toEqual(rest(original));
      expect(copy).toMatch(new RegExp(`#[0-9]+ / ${index + 1}$`, 'm'));
    }
  });
});
