// Goal: every port that could have a scanner is offered with an address that lasts, and a reason
// where it cannot be used.
// Method: listed ports by hand, and real files with and without rights.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PortIdentity } from '#drivers/scanner/ports.ts';
import { findSerialScanners, systemLooks } from '#drivers/scanner/serial/findSerial.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

const nothing = { vendorId: null, productId: null, serialNumber: null, usbPlace: null, name: null };
const scanner: PortIdentity = {
  path: '/dev/ttyACM0',
  vendorId: '0c2e',
  productId: '1007',
  serialNumber: 'A1',
  usbPlace: '1-2',
  name: 'Honeywell',
};
const open = { mayOpen: async () => true, isBuilt: async () => true };

it('offers USB devices by identity and plain ports by path', async () => {
  const found = await findSerialScanners([scanner, { ...nothing, path: '/dev/ttyS0' }], open);
  expect(found).toMatchObject([
    { kind: 'scanner-serial', address: 'usb:0c2e:1007:A1', name: 'Honeywell', problem: null },
    { kind: 'scanner-serial', address: '/dev/ttyS0', name: '/dev/ttyS0', problem: null },
  ]);
});

it('says which one this user may not open, and leaves out what was never built', async () => {
  const ports = ['/dev/ttyS0', '/dev/ttyS1'].map((path) => ({ ...nothing, path }));
  const looks = {
    mayOpen: async () => false,
    isBuilt: async (path: string) => path === '/dev/ttyS0',
  };
  const found = await findSerialScanners(ports, looks);
  expect(found.map(({ path, problem }) => [path, problem])).toEqual([['/dev/ttyS0', 'permission']]);
});

it('looks at a real file without opening it', async (context) => {
  if (process.platform === 'win32') return context.skip('Windows keeps ports from nobody');
  if (process.getuid?.() === 0) return context.skip('root may open anything');
  const path = join(temporaryFolder(), 'port');
  writeFileSync(path, '');
  expect(await systemLooks.mayOpen(path)).toBe(true);
  expect(await systemLooks.isBuilt(path)).toBe(true);
  chmodSync(path, 0o400);
  expect(await systemLooks.mayOpen(path)).toBe(false);
});
