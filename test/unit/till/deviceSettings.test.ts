// Goal: a scanner is set as it was chosen, on screen, in the shop file or at the start; and what
// was counted of it survives another choice. Method: a real till on a real file.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ScannerConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
import { newTill, openTill, setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { DeviceDesk } from '#till/deviceDesk.ts';
import { readDevices } from '#till/deviceSettings.ts';
import { readShop, type Shop } from '#till/shop.ts';

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
    expect(readDevices(db, shop, nobody).scanners).toEqual(wanted);
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
    const at = (scannerPath: string) => readDevices(db, shop, { ...nobody, scannerPath }).scanners;
    expect(at('/dev/ttyS1')).toEqual([wanted[1]]);
    expect(at(B)).toEqual([wanted[3]]);
    expect(at('/dev/ttyUSB7')).toEqual([{ ...serialScannerDefaults, address: '/dev/ttyUSB7' }]);
  });
});

function newDesk(): DeviceDesk {
  return new DeviceDesk({
    workstation: newTill().workstation,
    named: nobody,
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
