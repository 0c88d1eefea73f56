// Goal: addresses, replies, code pages and bar codes mean exactly what the manuals say. Method:
// bytes from the manuals (printing.md §3) and the encoder's own tables against ours.
import { describe, expect, it } from 'vitest';
import { parsePrinterAddress } from '#drivers/printer/address.ts';
import { code128Command } from '#drivers/printer/barcode.ts';
import { encodeReceipt, processIdRequest } from '#drivers/printer/encode.ts';
import { charactersOf, type PageName } from '#drivers/printer/pages.ts';
import { printerProfileById } from '#drivers/printer/profiles.ts';
import { findRealTimeCommand } from '#drivers/printer/realTime.ts';
import {
  createReplyReader,
  decodeAutomatic,
  decodeRealTime,
  stopReason,
} from '#drivers/printer/status.ts';
import { readBarcode } from '#drivers/virtual/barcodeData.ts';

describe('address', () => {
  it.each([
    ['tcp://192.0.2.7:9100', { type: 'tcp', host: '192.0.2.7', port: 9100 }],
    ['tcp://printer.shop', { type: 'tcp', host: 'printer.shop', port: 9100 }],
    ['tcp://[::1]:4000', { type: 'tcp', host: '::1', port: 4000 }],
    ['serial:/dev/ttyUSB0?baud=9600', { type: 'serial', path: '/dev/ttyUSB0', baudRate: 9600 }],
    ['serial:COM3', { type: 'serial', path: 'COM3', baudRate: 19200 }],
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

describe('status', () => {
  it.each([
    [{ printer: 0x12, offlineCause: 0x12, paper: 0x12 }, null],
    [{ printer: 0x16, offlineCause: 0x12, paper: 0x12 }, null],
    [{ printer: 0x12, offlineCause: 0x12, paper: 0x1e }, null],
    [{ printer: 0x1a, offlineCause: 0x32, paper: 0x7e }, 'paper-out'],
    [{ printer: 0x1a, offlineCause: 0x16, paper: 0x12 }, 'cover-open'],
    [{ printer: 0x1a, offlineCause: 0x36, paper: 0x7e }, 'cover-open'],
    [{ printer: 0x1a, offlineCause: 0x52, paper: 0x12 }, 'error'],
    [{ printer: 0x1a, offlineCause: 0x12, paper: 0x12 }, 'offline'],
  ] as const)('reads real-time answers %j as %s', (answers, reason) => {
    expect(stopReason(decodeRealTime(answers))).toBe(reason);
  });

  it.each([
    [[0x10, 0, 0, 0], null],
    [[0x14, 0, 3, 0], null],
    [[0x18, 0, 0x0f, 0], 'paper-out'],
    [[0x38, 0, 0, 0], 'cover-open'],
    [[0x18, 0x08, 0, 0], 'error'],
  ] as const)('reads automatic status %j as %s', (bytes, reason) => {
    expect(stopReason(decodeAutomatic(bytes))).toBe(reason);
  });

  const stream = [
    ...[0x12, 0x13, 0x18, 0x13, 0x00, 0x11, 0x0f, 0x00],
    ...[0x37, 0x22, 0x30, 0x30, 0x30, 0x37, 0x00, 0x00],
    ...[0x37, 0x25, 0x00, 0x5f, 0x54, 0x4d, 0x00, 0x7e],
  ];
  const replies = [
    { type: 'realTime', byte: 0x12 },
    { type: 'automatic', bytes: [0x18, 0, 0x0f, 0] },
    { type: 'processId', id: '0007' },
    { type: 'transmitted', byte: 0 },
    { type: 'realTime', byte: 0x7e },
  ];

  it('tells replies apart in one piece and byte by byte', () => {
    expect(createReplyReader().push(Uint8Array.from(stream))).toEqual(replies);
    const reader = createReplyReader();
    expect(stream.flatMap((byte) => reader.push(Uint8Array.of(byte)))).toEqual(replies);
  });

  it('drops a reply that breaks off and a block without end', () => {
    const reader = createReplyReader();
    const broken = [0x10, 0x00, 0x12, ...[0x37, ...new Array<number>(200).fill(0x41)], 0x16];
    const types = reader.push(Uint8Array.from(broken)).map((reply) => reply.type);
    expect(types[0]).toBe('realTime');
    expect(types.at(-1)).toBe('realTime');
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
