// Goal: a printer's address is understood or refused with a reason, and leads to a way that this
// system has. Method: examples of each kind, good and bad, on three systems.
import { describe, expect, it } from 'vitest';
import { type PrinterAddress, parsePrinterAddress } from '#drivers/printer/wire/address.ts';
import { openTransport } from '#drivers/printer/wire/openTransport.ts';
import { systemTimers } from '#drivers/timers.ts';

const wanted = {
  vendorId: '04b8',
  productId: '0e15',
  serialNumber: null,
  usbPlace: null,
  path: null,
};
const windowsPath = '\\\\?\\usb#vid_04b8&pid_0e15#J5#{28d78fad-5a12-11d1-ae5b-0000f803a8c2}';

describe('a printer’s address', () => {
  it.each<[string, PrinterAddress]>([
    ['usb:04b8:0e15', { type: 'usb', place: { type: 'usb', wanted } }],
    [
      'usb:04B8:0E15:J5AF01',
      { type: 'usb', place: { type: 'usb', wanted: { ...wanted, serialNumber: 'J5AF01' } } },
    ],
    [
      'usb:04b8:0e15@1-2.3',
      { type: 'usb', place: { type: 'usb', wanted: { ...wanted, usbPlace: '1-2.3' } } },
    ],
    ['usb:/dev/usb/lp0', { type: 'usb', place: { type: 'path', path: '/dev/usb/lp0' } }],
    ['usbprint:04b8:0e15', { type: 'usbprint', place: { type: 'usb', wanted } }],
    [`usbprint:${windowsPath}`, { type: 'usbprint', place: { type: 'path', path: windowsPath } }],
    ['spooler:EPSON TM-T20II Receipt', { type: 'spooler', queue: 'EPSON TM-T20II Receipt' }],
    ['escpos:/shop/adapter.cjs', { type: 'escpos', path: '/shop/adapter.cjs' }],
    ['escpos:C:\\shop\\adapter.js', { type: 'escpos', path: 'C:\\shop\\adapter.js' }],
    [
      'serial:usb:0403:6001:A50285BI?baud=9600',
      { type: 'serial', address: 'usb:0403:6001:A50285BI', baudRate: 9600, flow: 'xon-xoff' },
    ],
    [
      'serial:/dev/ttyUSB0?baud=9600&flow=rts-cts',
      { type: 'serial', address: '/dev/ttyUSB0', baudRate: 9600, flow: 'rts-cts' },
    ],
    [
      'serial:COM3?flow=xon-xoff',
      { type: 'serial', address: 'COM3', baudRate: 19_200, flow: 'xon-xoff' },
    ],
  ])('reads %s', (address, value) => {
    expect(parsePrinterAddress(address)).toEqual({ ok: true, value });
  });

  it.each([
    ['usb:lp0', 'usb:04b8:0e15'],
    ['usb:4b8:e15', 'four digits'],
    ['usbprint:/dev/usb/lp0', 'usbprint:04b8:0e15'],
    ['usbprint:\\\\?\\C:\\shop\\important.json', 'usbprint:04b8:0e15'],
    ['spooler:', 'spooler:Receipts'],
    ['spooler:a\nb', 'spooler:Receipts'],
    ['escpos:adapter.cjs', 'whole path'],
    ['escpos://server/share/adapter.cjs', 'whole path'],
    ['escpos:/shop/adapter.exe', '.cjs'],
    ['serial:usb:nonsense', 'serial:/dev/ttyUSB0'],
    ['serial:COM3?baud=99', 'between 300'],
    ['serial:COM3?flow=none', 'neither xon-xoff nor rts-cts'],
    ['serial:COM3?baud=9600&parity=odd', 'serial:/dev/ttyUSB0'],
    ['lpt1', 'tcp://192.0.2.7:9100'],
  ])('refuses %s and shows how it is written', (address, words) => {
    const parsed = parsePrinterAddress(address);
    expect(parsed).toMatchObject({ ok: false, error: { code: 'address-invalid' } });
    if (!parsed.ok) expect(parsed.error.detail).toContain(words);
  });
});

describe('the way to an address', () => {
  function wayTo(address: string, platform: NodeJS.Platform): string {
    const parsed = parsePrinterAddress(address);
    if (!parsed.ok) throw new Error(parsed.error.detail);
    const opened = openTransport(parsed.value, platform, systemTimers);
    return opened.ok ? 'open' : opened.error.detail;
  }

  it.each([
    ['tcp://192.0.2.7', 'open', 'open', 'open'],
    ['serial:COM3', 'open', 'open', 'open'],
    ['spooler:Receipts', 'open', 'open', 'open'],
    ['escpos:/shop/adapter.cjs', 'open', 'open', 'open'],
    ['usb:04b8:0e15', 'open', 'use spooler:', 'use usbprint:'],
    ['usbprint:04b8:0e15', 'use usb:', 'use usb:', 'open'],
  ])('%s on Linux, macOS and Windows', (address, onLinux, onMac, onWindows) => {
    expect(wayTo(address, 'linux')).toContain(onLinux);
    expect(wayTo(address, 'darwin')).toContain(onMac);
    expect(wayTo(address, 'win32')).toContain(onWindows);
  });

  it('tells at the session that this is no Windows', async (context) => {
    if (process.platform === 'win32') context.skip('this is Windows');
    const parsed = parsePrinterAddress('spooler:Receipts');
    if (!parsed.ok) throw new Error(parsed.error.detail);
    const opened = openTransport(parsed.value, 'win32', systemTimers);
    if (!opened.ok) throw new Error(opened.error.detail);
    expect(await opened.value.connect(1000)).toMatchObject({
      ok: false,
      error: { code: 'failure' },
    });
  });
});
