// Goal: addresses, code pages and bar codes mean exactly what the manuals say. Method:
// bytes from the manuals (printing.md §3) and the encoder's own tables against ours.
import { describe, expect, it } from 'vitest';
import { code128Command } from '#drivers/printer/paper/barcode.ts';
import { encodeReceipt, processIdRequest } from '#drivers/printer/paper/encode.ts';
import { charactersOf, type PageName } from '#drivers/printer/paper/pages.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { findRealTimeCommand } from '#drivers/printer/paper/realTime.ts';
import { parsePrinterAddress } from '#drivers/printer/wire/address.ts';
import { readBarcode } from '#drivers/virtual/barcodeData.ts';

describe('address', () => {
  it.each([
    ['tcp://192.0.2.7:9100', { type: 'tcp', host: '192.0.2.7', port: 9100 }],
    ['tcp://printer.shop', { type: 'tcp', host: 'printer.shop', port: 9100 }],
    ['tcp://[::1]:4000', { type: 'tcp', host: '::1', port: 4000 }],
    [
      'serial:/dev/ttyUSB0?baud=9600',
      { type: 'serial', address: '/dev/ttyUSB0', baudRate: 9600, flow: 'xon-xoff' },
    ],
    ['serial:COM3', { type: 'serial', address: 'COM3', baudRate: 19200, flow: 'xon-xoff' }],
  ])('reads %s', (address, value) => {
    expect(parsePrinterAddress(address)).toEqual({ ok: true, value });
  });

  it.each([
    '',
    'tcp://',
    'tcp://host:0',
    'tcp://host:70000',
    'http://host:9100',
    'serial:ttyUSB0',
    'serial:/dev/ttyUSB0?baud=0',
    'serial:/dev/ttyUSB0?parity=odd',
  ])('refuses "%s" with a reason', (address) => {
    const parsed = parsePrinterAddress(address);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error.detail).not.toBe('');
  });
});

describe('bytes', () => {
  it('asks for a process id as the manual writes it', () => {
    expect([...processIdRequest('0007')]).toEqual([
      ...[0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30],
      ...[0x30, 0x30, 0x30, 0x37],
    ]);
  });

  it('says a pair of digits as one byte, but never as a real-time command', () => {
    const size = { moduleDots: 2, heightDots: 64 };
    for (const digits of ['00100100160401', '00100100160502', '16200816200816', '00100700000183']) {
      const bytes = code128Command(digits, size);
      if (bytes === null) throw new Error(digits);
      expect(findRealTimeCommand(bytes)).toBe(-1);
      expect(readBarcode([...bytes.slice(9)])?.data).toBe(digits);
    }
    expect(code128Command('123', size)).toBeNull();
    expect(code128Command('ABCD', size)).toBeNull();
  });

  it.each([
    [['epson-80', 'windows1254', 48]],
    [['rongta-80', 'windows1254', 32]],
    [['generic-80', 'cp857', 13]],
    [['generic-80', 'windows1252', 16]],
  ] as const)('agrees with the encoder on every character of %j', ([profileId, page, number]) => {
    const profile = printerProfileById(profileId);
    if (profile === null) throw new Error(profileId);
    for (const [character, byte] of charactersOf(page as PageName)) {
      if (character === ' ') continue;
      const only = { ...profile, candidates: [page] };
      const runs = [{ text: character, bold: false, scale: 1 as const }];
      const encoded = encodeReceipt([{ type: 'text', runs }], only);
      if (!encoded.ok) throw new Error(encoded.error.code);
      const bytes = [...encoded.value.bytes];
      expect(bytes.slice(-2)).toEqual([byte, 0x0a]);
      expect(bytes.slice(-5, -2)).toEqual([0x1b, 0x74, number]);
    }
  });
});
