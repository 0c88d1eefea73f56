// Goal: the search names every HID POS scanner, and says what keeps another from being one.
// Method: HID devices of this process; and the udev rules read against the table of makers.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createFakeHid } from '#drivers/fake/hid.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import { findHidScanners, scannerMakers } from '#drivers/scanner/hid/findHid.ts';
import { hidDescriptorOf } from '#drivers/virtual/hidScanner.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';

const keyboard = Uint8Array.from(Buffer.from('05010906a101050775089506190029658100c0', 'hex'));
const vendorTwin = Uint8Array.from(Buffer.from('068cff0902a10185027508953809fe820201c0', 'hex'));
const xenon = {
  vendorId: '0c2e',
  productId: '1007',
  serialNumber: 'SN1',
  usbPlace: '1-1',
  name: 'Xenon',
};

it('names a scanner once, its vendor twin never', async () => {
  const system = createFakeHid(createManualTimers());
  system.plugHid('/dev/hidraw0', xenon, hidDescriptorOf('honeywell'));
  system.plugHid('/dev/hidraw1', xenon, vendorTwin);
  system.plugHid('/dev/hidraw2', xenon, keyboard);
  expect(await findHidScanners(system)).toEqual([
    {
      kind: 'scanner-hid',
      address: 'usb:0c2e:1007:SN1',
      name: 'Xenon',
      path: '/dev/hidraw0',
      vendorId: '0c2e',
      productId: '1007',
      serialNumber: 'SN1',
      problem: null,
    },
  ]);
});

it('takes a scanner of an unknown maker by its usage page', async () => {
  const system = createFakeHid(createManualTimers());
  const unknown = { ...xenon, vendorId: 'ffff', serialNumber: null, name: null };
  system.plugHid('/dev/hidraw0', unknown, hidDescriptorOf('unnumbered'));
  const found = await findHidScanners(system);
  expect(found?.map(({ address, name }) => [address, name])).toEqual([
    ['usb:ffff:1007@1-1', '/dev/hidraw0'],
  ]);
});

it('says what keeps a scanner: the right to open it, or that it types', async () => {
  const system = createFakeHid(createManualTimers());
  system.plugHid('/dev/hidraw0', { ...xenon, isPermitted: false }, hidDescriptorOf('honeywell'));
  const zebra = { ...xenon, vendorId: '05e0', productId: '1200', serialNumber: 'Z', name: null };
  system.plugHid('/dev/hidraw1', zebra, keyboard);
  system.plugHid('/dev/hidraw2', zebra, keyboard);
  system.plugHid('/dev/hidraw3', { ...zebra, vendorId: '046d', name: 'A keyboard' }, keyboard);
  const found = await findHidScanners(system);
  expect(found?.map(({ name, path, problem }) => [name, path, problem])).toEqual([
    ['Xenon', '/dev/hidraw0', 'permission'],
    ['Zebra', '/dev/hidraw1', 'not-hid-pos'],
  ]);
});

it('opens what it names, and says why it may not', async () => {
  const timers = createManualTimers();
  const system = createFakeHid(timers);
  system.plugHid('/dev/hidraw5', { ...xenon, isPermitted: false }, hidDescriptorOf('honeywell'));
  const [found] = (await findHidScanners(system)) ?? [];
  const scanner = openScanner(
    { type: 'hid', address: found?.address ?? '', commands: 'none' },
    [],
    { ...thisComputer, hid: system },
  );
  const codes: (string | undefined)[] = [];
  scanner.claim((event) => {
    if (event.type === 'state') codes.push(event.error?.code ?? event.state);
  });
  await timers.advance(100);
  expect(codes).toEqual(['opening', 'not-permitted']);
  system.plugHid('/dev/hidraw5', xenon, hidDescriptorOf('honeywell'));
  await timers.advance(1000);
  expect(codes.at(-1)).toBe('ready');
  await scanner.release();
});

it('has a udev rule for every maker of the table, read before the seat rules', async () => {
  const rules = await readFile('packaging/70-puan.rules', 'utf8');
  const makers = [...scannerMakers.keys()].join('|');
  for (const subsystem of ['hidraw', 'tty']) {
    const isRule = (line: string) => line.startsWith(`SUBSYSTEM=="${subsystem}"`);
    const rule = rules.split('\n').find((line) => isRule(line) && line.includes('idVendor'));
    const named = /ATTRS\{idVendor\}=="([^"]+)"/.exec(rule ?? '')?.[1];
    expect(named?.split('|').sort()).toEqual(makers.split('|').sort());
  }
  // And for those of any other maker: HID POS, serial ports, receipt printers.
  expect(rules.match(/TAG\+="uaccess"/g)?.length).toBe(5);
  expect(rules).toContain('RESULT=="*05 8c*"');
  expect(rules).toContain('ENV{ID_MM_DEVICE_IGNORE}="1"');
});
