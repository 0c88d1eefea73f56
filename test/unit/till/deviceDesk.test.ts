// Goal: devices are chosen, tested and watched from a page, while sales stay untouched. Method: a
// real core and device host in one process, a pseudo-terminal scanner and the virtual printer.

import path from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { transaction } from '#db/handle.ts';
import { closeDatabase, openDatabase } from '#db/open.ts';
import { setSetting } from '#db/settings.ts';
import { assert } from '#drivers/assert.ts';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import { startVirtualPrinter } from '#drivers/virtual/printer.ts';
import { openPtyScanner } from '#drivers/virtual/scanner.ts';
import { startTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { optionsFor, temporaryFolder } from '#test/support/tillDatabase.ts';
import type { DevicesView, MethodInput } from '#till/contract.ts';
import { BACKUP_FOLDER, DATABASE_FILE } from '#till/setUp.ts';
import { demoProducts } from '#tools/demoShop.ts';

const LETTERS = 'Şeker ığdır İĞÜÖÇ';
const EAN = demoProducts[0]?.barcode ?? '';

async function newDesk(context: TestContext, profileId: string = 'epson-80') {
  const printer = await startVirtualPrinter({ profileId });
  onTestFinished(() => printer.close());
  const scanner = await openPtyScanner(temporaryFolder());
  if (!scanner.ok) return context.skip(scanner.error.detail);
  onTestFinished(() => scanner.value.close());
  const folder = temporaryFolder();
  setUpDemo(folder, { printer: null, scanners: [] }, { nowMs: Date.now() });
  const till = await startTill(folder);
  onTestFinished(() => till.close());
  onTestFinished(till.attachDevices());
  const { channel } = till;

  /** The first view that is wanted, from now on. */
  function until(isWanted: (view: DevicesView) => boolean): Promise<DevicesView> {
    return new Promise((resolve) => {
      const end = channel.on('devices.changed', (view) => {
        if (!isWanted(view)) return;
        end();
        resolve(view);
      });
      void channel.call('devices.watch', { takesScans: true }).then((answer) => {
        if (!answer.ok || !isWanted(answer.value)) return;
        end();
        resolve(answer.value);
      });
    });
  }
  const beManager = () => channel.call('session.signIn', { pin: '9999' });
  const configuration: MethodInput<'devices.save'>['configuration'] = {
    scanners: [{ ...serialScannerDefaults, address: scanner.value.path }],
    printer: { address: printer.address, profileId: 'epson-80', capabilities: null },
    lineDisplay: null,
  };
  const save = () => channel.call('devices.save', { configuration });
  const rest = { until, beManager, save, configuration };
  return { till, channel, printer, scanner: scanner.value, folder, ...rest };
}

describe('the device desk', () => {
  it('lets a manager choose, a cashier not, and remembers the choice', async (context) => {
    const { channel, folder, till, beManager, save } = await newDesk(context);
    expect(await save()).toMatchObject({ ok: false, error: { code: 'manager-required' } });
    await channel.call('session.lock', {});
    await beManager();
    expect(await save()).toMatchObject({ ok: true });
    await till.close();
    const again = await startTill(folder);
    onTestFinished(() => again.close());
    const view = await again.channel.call('devices.watch', { takesScans: false });
    expect(view).toMatchObject({
      ok: true,
      value: { configuration: { printer: { profileId: 'epson-80' }, scanners: [{}] } },
    });
  });

  it('shows what is scanned and sells nothing by it, then sells again', async (context) => {
    const { channel, till, scanner, until, beManager, save } = await newDesk(context);
    await channel.call('session.lock', {});
    await beManager();
    const ready = until((view) => view.scanners.some(({ state }) => state === 'ready'));
    await save();
    await ready;
    const read = until((view) => view.reads[0]?.meaning != null);
    await scanner.scan(EAN, { aim: ']E0' });
    const { reads } = await read;
    expect(reads[0]).toMatchObject({
      hex: Buffer.from(`]E0${EAN}\r`)
        .toString('hex')
        .replace(/..(?=.)/g, '$& '),
      ending: 'cr',
      byteCount: 17,
      scanDataType: ']E0',
      meaning: { key: 'reading.product', args: { barcode: EAN } },
    });
    expect((await till.snapshot()).basket.lineCount).toBe(0);
    await channel.call('devices.endWatch', {});
    await scanner.scan(EAN);
    await till.until(({ basket }) => basket.lineCount === 1);
  });

  it('asks the printer what it can do, prints slips, and keeps what was seen', async (context) => {
    const { channel, printer, until, beManager, save } = await newDesk(context);
    await channel.call('session.lock', {});
    await beManager();
    await save();
    await until((view) => view.printer.state === 'ready');
    const probed = until((view) => view.configuration.printer?.capabilities != null);
    await channel.call('devices.probe', {});
    expect((await probed).configuration.printer?.capabilities).toMatchObject({
      ackLevel: 'processId',
      answersRealTime: true,
    });
    await until((view) => view.printer.state === 'ready');
    const tested = until((view) => view.lastTest?.state === 'confirmed');
    await channel.call('devices.test', { test: 'ruler' });
    await tested;
    expect(printer.papers()).toHaveLength(1);
    const address = printer.address;
    await channel.call('devices.confirm', { kind: 'ruler', isPassed: true, address });
    const { results } = await until((view) => view.results.length > 0);
    expect(results).toMatchObject([{ kind: 'ruler', isPassed: true, address }]);
    const pulled = until((view) => view.printer.isPaperOut === true);
    printer.set({ isPaperOut: true });
    await pulled;
  });

  it('prints by the page that was read off the slip, also after a restart', async (context) => {
    // Another maker's numbers than the till's model has: its letters come out wrong.
    const desk = await newDesk(context, 'zijiang-58');
    const { channel, printer, folder, till, until, beManager, save } = desk;
    await channel.call('session.lock', {});
    await beManager();
    await save();
    await until((view) => view.printer.state === 'ready');
    const sell = async (seller: typeof till) => {
      const cut = printer.papers().length;
      await seller.channel.call('basket.addAmount', { amountMinor: 500, name: LETTERS });
      await seller.pay();
      await expect.poll(() => printer.papers().length).toBe(cut + 1);
      // A slip is not sent while the printer is still busy with the receipt.
      await seller.until((now) => now.printer.waitingCount === 0);
      return printer.papers()[cut] ?? '';
    };
    expect(await sell(till)).not.toContain(LETTERS);
    const tested = until((view) => view.lastTest?.state === 'confirmed');
    await channel.call('devices.test', { test: 'codePages' });
    const { pageRows } = await tested;
    // As the cashier: the first row whose letters are right, by the letter at its head.
    const slip = (printer.papers().at(-1) ?? '').split('\n');
    const label = slip.find((row) => row.includes('ğ ş ı İ € é ß'))?.charAt(0);
    const row = pageRows.find((one) => one.label === label);
    assert(row !== undefined, 'one row of the slip is right');
    const confirmedPage = { page: row.page, number: row.number };
    expect(await channel.call('devices.confirmPage', { confirmedPage })).toMatchObject({
      ok: true,
    });
    const view = await until(({ printer: { state } }) => state === 'ready');
    expect(view.configuration.printer).toMatchObject({ confirmedPage });
    expect(view.results).toMatchObject([{ kind: 'codePages', isPassed: true }]);
    expect(view.lastTest).toEqual({ test: 'codePages', state: 'confirmed' });
    expect(await sell(till)).toContain(LETTERS);
    await till.close();
    const again = await startTill(folder);
    onTestFinished(() => again.close());
    onTestFinished(again.attachDevices());
    expect(await sell(again)).toContain(LETTERS);
    // None of them: back to the numbers of the model.
    await again.channel.call('devices.confirmPage', { confirmedPage: null });
    expect(await sell(again)).not.toContain(LETTERS);
  });

  it('reads devices that were stored before a page could be confirmed', async (context) => {
    const { till, folder, printer } = await newDesk(context);
    await till.close();
    const opened = openDatabase(path.join(folder, DATABASE_FILE), optionsFor(folder));
    assert(opened.ok, 'the till has let go of its database');
    const db = opened.value;
    const old = { address: printer.address, profileId: 'epson-80', capabilities: null };
    const stored = { scanners: [], printer: old, lineDisplay: null };
    transaction(db, () => setSetting(db, 'devices', JSON.stringify(stored)));
    closeDatabase(db);
    const again = await startTill(folder);
    onTestFinished(() => again.close());
    const view = await again.channel.call('devices.watch', { takesScans: false });
    expect(view).toMatchObject({ ok: true, value: { configuration: { printer: old } } });
  });

  it('opens and sells with settings that another version left', async (context) => {
    const { till, folder } = await newDesk(context);
    await till.close();
    const opened = openDatabase(path.join(folder, DATABASE_FILE), {
      nowMs: Date.now(),
      backupFolder: path.join(folder, BACKUP_FOLDER),
    });
    if (!opened.ok) throw new Error(opened.error.code);
    setSetting(opened.value, 'devices', '{"scanners":[],"printer":null,"robot":1}');
    setSetting(opened.value, 'wedge', '{"layout":"us"}');
    setSetting(opened.value, 'deviceTests', 'none');
    setSetting(opened.value, 'receiptLogo', '{');
    closeDatabase(opened.value);
    const again = await startTill(folder);
    onTestFinished(() => again.close());
    const view = await again.channel.call('devices.watch', { takesScans: false });
    expect(view).toMatchObject({ ok: true, value: { results: [] } });
    await again.fill(null, [demoProducts[0]?.sku ?? '']);
    await again.pay();
    expect((await again.snapshot()).lastSale).not.toBeNull();
  });

  it('loses no read and no receipt when another device is chosen', async (context) => {
    const { channel, till, printer, scanner, until, beManager, save, configuration } =
      await newDesk(context);
    await channel.call('session.lock', {});
    await beManager();
    const ready = until(
      (view) =>
        view.scanners.some(({ state }) => state === 'ready') && view.printer.state === 'ready',
    );
    await save();
    await ready;
    await channel.call('devices.endWatch', {});
    for (const [index, columns] of [16, 20, 40].entries()) {
      await scanner.scan(demoProducts[index]?.barcode ?? '');
      const lineDisplay = { address: 'tcp://127.0.0.1:9', columns };
      await channel.call('devices.save', { configuration: { ...configuration, lineDisplay } });
    }
    await till.until(({ basket }) => basket.lineCount === 3);
    const cut = new Promise<void>((resolve) => {
      printer.onEvent((event) => {
        if (event.type === 'cut') resolve();
      });
    });
    await till.pay('card');
    await channel.call('devices.save', {
      configuration: {
        ...configuration,
        printer: { address: printer.address, profileId: 'epson-58', capabilities: null },
      },
    });
    await cut;
    const { printer: shown } = await till.until((now) => now.printer.waitingCount === 0);
    expect(shown.question).toBeNull();
    expect(printer.papers()).toHaveLength(1);
  });

  it('finds what this computer has without opening it', async (context) => {
    const { channel, until } = await newDesk(context);
    const found = until((view) => view.found !== null && !view.isFinding);
    await channel.call('devices.find', {});
    expect(Array.isArray((await found).found)).toBe(true);
  });
});
