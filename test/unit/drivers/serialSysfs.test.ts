// Goal: a serial port is known by what the kernel says of its USB device. Method: folders as Linux
// has them under /sys, with a USB scanner, a port of the board and a console.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listSerialPorts } from '#drivers/scanner/serial/serialSysfs.ts';

function sysFolder(): string {
  const sys = mkdtempSync(join(tmpdir(), 'puan-sys-'));
  onTestFinished(() => rmSync(sys, { recursive: true }));
  const usb = join(sys, 'devices/pci0/usb1/1-2/1-2.3');
  const parts = {
    idVendor: '05F9\n',
    idProduct: '4204\n',
    serial: 'S N/12 é\n',
    manufacturer: 'Datalogic ADC\n',
  };
  for (const name of ['ttyACM0', 'ttyS0', 'tty1']) {
    mkdirSync(join(sys, 'class/tty', name), { recursive: true });
  }
  mkdirSync(join(usb, '1-2.3:1.0'), { recursive: true });
  mkdirSync(join(sys, 'devices/platform/serial8250'), { recursive: true });
  for (const [file, text] of Object.entries(parts)) writeFileSync(join(usb, file), text);
  symlinkSync(join(usb, '1-2.3:1.0'), join(sys, 'class/tty/ttyACM0/device'));
  symlinkSync(join(sys, 'devices/platform/serial8250'), join(sys, 'class/tty/ttyS0/device'));
  return sys;
}

it('lists each serial port, with its USB device where it has one', async () => {
  const ports = await listSerialPorts(sysFolder());
  const nobody = { vendorId: null, productId: null, serialNumber: null, usbPlace: null };
  expect(ports).toEqual([
    {
      path: '/dev/ttyACM0',
      vendorId: '05f9',
      productId: '4204',
      // As udev would write it, so that an address that was stored before is found.
      serialNumber: 'S_N_12_é',
      usbPlace: '1-2.3',
      name: 'Datalogic ADC',
    },
    { path: '/dev/ttyS0', ...nobody, name: null },
  ]);
});

it('is null on a computer without such a folder', async () => {
  expect(await listSerialPorts('/nowhere')).toBeNull();
});
