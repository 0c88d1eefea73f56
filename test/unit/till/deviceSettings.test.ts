// Goal: a scanner is set as it was chosen, on screen, in the shop file or at the start; and what
// was counted of it survives another choice. Method: a real till on a real file.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type DeviceConfiguration,
  type ScannerConfiguration,
  serialScannerDefaults,
} from '#drivers/configuration.ts';
import { newTill, openTill, setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { DeviceDesk } from '#till/deviceDesk.ts';
import { devicesInUse, devicesToStore, readStoredDevices } from '#till/deviceSettings.ts';
import { readShop, type Shop } from '#till/shop.ts';
import type { Workstation } from '#till/workstation.ts';

const nobody = { scannerPath: null, printerAddress: null };
const A = '/dev/ttyS0';
const B = 'usb:0c2e:1007:19270B4C33';

const shopScanners = [
  { type: 'serial', path: A, baudRate: 19_200 },
  {
    type: 'serial',
    path: '/dev/ttyS1',
    baudRate: 9600,
    parity: 'even',
    flowControl: 'xon-xoff',
    isAcknowledged: true,
    commands: 'honeywell',
  },
  { type: 'ssi', path: '/dev/ttyS2', baudRate: 9600 },
  { type: 'hid', path: B, commands: 'honeywell' },
  { type: 'hid', path: 'usb:05e0:2100' },
] as const satisfies Shop['scanners'];

const wanted: readonly ScannerConfiguration[] = [
  { ...serialScannerDefaults, address: A, baudRate: 19_200 },
  {
    type: 'serial',
    address: '/dev/ttyS1',
    baudRate: 9600,
    parity: 'even',
    flowControl: 'xon-xoff',
    isAcknowledged: true,
    commands: 'honeywell',
  },
  { type: 'ssi', address: '/dev/ttyS2', baudRate: 9600 },
  { type: 'hid', address: B, commands: 'honeywell' },
  { type: 'hid', address: 'usb:05e0:2100', commands: 'none' },
];

function shopTill() {
  const folder = temporaryFolder();
  setUpDemo(folder, { scanners: [...shopScanners] });
  return { folder, workstation: openTill(folder, { nowMs: 0 }) };
}

describe('the scanners of the shop file', () => {
  it('may be of every kind, with all that can be set', () => {
    const { db, shop } = shopTill().workstation;
    expect(readStoredDevices(db, shop).scanners).toEqual(wanted);
  });

  it('are refused with a setting that no scanner has', () => {
    const { folder, workstation } = shopTill();
    const scanners = [{ type: 'serial', path: A, baudRate: 9600, parity: 'mark' }];
    const text = JSON.stringify({ ...workstation.shop, scanners });
    writeFileSync(path.join(folder, 'shop.json'), text);
    const read = readShop(folder);
    expect(read.ok ? [] : read.error.problems.join()).toContain('scanners.0.parity');
  });
});

describe('a scanner named at the start', () => {
  it('goes on as it was set, where it was', () => {
    const { db, shop } = shopTill().workstation;
    const stored = readStoredDevices(db, shop);
    const at = (scannerPath: string) => devicesInUse(stored, { ...nobody, scannerPath }).scanners;
    expect(at('/dev/ttyS1')).toEqual([wanted[1]]);
    expect(at(B)).toEqual([wanted[3]]);
    expect(at('/dev/ttyUSB7')).toEqual([{ ...serialScannerDefaults, address: '/dev/ttyUSB7' }]);
  });
});

function newDesk(workstation: Workstation = newTill().workstation, named = {}): DeviceDesk {
  return new DeviceDesk({
    workstation,
    named: { ...nobody, ...named },
    post: () => true,
    setTimer: () => ({ cancel: () => undefined }),
    onChange: () => undefined,
    redrawDisplay: () => undefined,
  });
}

const plain: ScannerConfiguration = { ...serialScannerDefaults, address: A };
const hid: ScannerConfiguration = { type: 'hid', address: B, commands: 'none' };

it('calls two scanners ready when both have said so', () => {
  const desk = newDesk();
  desk.save({ scanners: [plain, hid], printer: null, lineDisplay: null });
  const told = (deviceId: string) =>
    desk.receive({ type: 'scanner.state', deviceId, state: 'ready', error: null });
  told(`hid:${B}`);
  expect(desk.scannerState()).toBe('lost');
  told(`serial:${A}`);
  expect(desk.scannerState()).toBe('ready');
});

describe('the count of repeats', () => {
  it('stays with a scanner that stays, whatever else is chosen', () => {
    const desk = newDesk();
    const save = (scanners: readonly ScannerConfiguration[]) =>
      desk.save({ scanners, printer: null, lineDisplay: null });
    save([plain, hid]);
    for (const deviceId of [`serial:${A}`, `hid:${B}`, `serial:${A}`]) {
      desk.receive({ type: 'scanner.suppressed', deviceId });
    }
    expect(desk.suppressedCount()).toBe(3);
    save([{ ...plain, baudRate: 19_200 }, hid]);
    expect(desk.suppressedCount()).toBe(3);
    // It is the same device that speaks another language now.
    save([{ type: 'ssi', address: A, baudRate: 9600 }]);
    expect(desk.view().scanners).toMatchObject([{ deviceId: `ssi:${A}`, suppressedCount: 2 }]);
    save([]);
    expect(desk.view().scanners).toEqual([]);
  });
});

describe('what is stored while a device is named at the start', () => {
  const scannerPath = '/dev/ttyACM9';
  const printerAddress = 'tcp://192.0.2.9:9100';
  const named = { scannerPath, printerAddress };
  const printerAt = (address: string) => ({ address, profileId: 'star-80', capabilities: null });
  const stored: DeviceConfiguration = {
    scanners: [plain, hid],
    printer: printerAt('tcp://192.0.2.1:9100'),
    lineDisplay: null,
  };
  const shown = devicesInUse(stored, named);
  const kept = (chosen: Partial<DeviceConfiguration>, before = stored) =>
    devicesToStore(before, { shown, chosen: { ...shown, ...chosen } }, named);

  it('stays, whatever is set on the named ones or taken away of them', () => {
    const confirmed = { ...printerAt(printerAddress), confirmedPage: null };
    expect(kept({})).toEqual(stored);
    expect(kept({ printer: confirmed })).toEqual(stored);
    expect(kept({ scanners: [], printer: null })).toEqual(stored);
    const lineDisplay = { address: 'tcp://192.0.2.3:9100', columns: 20 };
    expect(kept({ lineDisplay })).toEqual({ ...stored, lineDisplay });
  });

  it('is another printer once one was chosen, until that is taken away again', () => {
    const other = printerAt('spooler:Receipts');
    const after = kept({ printer: other });
    expect(after.printer).toEqual(other);
    const nowShown = { ...shown, printer: other };
    const choice = { shown: nowShown, chosen: { ...nowShown, printer: null } };
    expect(devicesToStore(after, choice, named).printer).toBeNull();
  });

  it('is set further where the named device is the stored one', () => {
    const before = { ...stored, printer: printerAt(printerAddress) };
    const set = { ...printerAt(printerAddress), profileId: 'epson-58' };
    expect(kept({ printer: set }, before).printer).toEqual(set);
    const own = { ...plain, address: scannerPath };
    const faster = { ...own, baudRate: 115_200 };
    const withOwn = { ...stored, scanners: [plain, own] };
    expect(kept({ scanners: [faster] }, withOwn).scanners).toEqual([plain, faster]);
    expect(kept({ scanners: [] }, withOwn).scanners).toEqual([plain]);
  });

  it('has the scanners that were chosen besides the named one, and four at the most', () => {
    const more = ['/dev/ttyS2', '/dev/ttyS3', '/dev/ttyS4'].map((address) => ({
      ...plain,
      address,
    }));
    const one = more.slice(0, 1);
    expect(kept({ scanners: [...shown.scanners, ...one] }).scanners).toEqual([plain, hid, ...one]);
    expect(kept({ scanners: [...shown.scanners, ...more] }).scanners).toEqual([hid, ...more]);
  });

  it('is what is chosen where none is named', () => {
    const chosen = { scanners: [hid], printer: null, lineDisplay: null };
    expect(devicesToStore(stored, { shown: stored, chosen }, nobody)).toEqual(chosen);
  });

  it('is used again at a start without one, after a page was confirmed at a start with', () => {
    const { workstation } = newTill();
    newDesk(workstation).save(stored);
    const desk = newDesk(workstation, named);
    expect(desk.confirmPage(null)).toMatchObject({ ok: true });
    expect(desk.configuration().printer?.address).toBe(printerAddress);
    expect(newDesk(workstation).configuration()).toEqual(stored);
  });
});

describe('an adapter of the shop’s own', () => {
  const printer = { address: 'escpos:/media/stick/a.cjs', profileId: 'epson-80' };
  const lineDisplay = { address: printer.address, columns: 20 };
  const chosen: DeviceConfiguration = {
    scanners: [],
    printer: { ...printer, capabilities: null },
    lineDisplay: null,
  };
  const refused = { ok: false, error: { code: 'adapter-not-named' } };

  it('is not taken from a page, which would run it, and nothing is changed', () => {
    const desk = newDesk();
    const before = desk.configuration();
    expect(desk.save(chosen)).toMatchObject(refused);
    expect(desk.save({ ...chosen, printer: null, lineDisplay })).toMatchObject(refused);
    expect(desk.configuration()).toEqual(before);
  });

  it('is taken where the shop file or the start names it, also after another was chosen', () => {
    const folder = temporaryFolder();
    setUpDemo(folder, { printer, scanners: [] });
    const workstation = openTill(folder, { nowMs: 0 });
    const desk = newDesk(workstation);
    expect(desk.save({ ...chosen, printer: null })).toMatchObject({ ok: true });
    expect(newDesk(workstation).save({ ...chosen, lineDisplay })).toMatchObject({ ok: true });
    const named = newDesk(newTill().workstation, { printerAddress: printer.address });
    expect(named.save(chosen)).toMatchObject({ ok: true });
  });
});
