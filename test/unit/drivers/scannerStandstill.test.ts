// Goal: a code whose bytes lay ready while the process stood still is one read, whole.
// Method: the shipped driver of every port under a clock that moves on without ringing, its late
// alarm before the bytes and behind them; and on a pseudo-terminal, with the process truly blocked.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ScannerConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
import { createFakeHid } from '#drivers/fake/hid.ts';
import { createFakePorts } from '#drivers/fake/port.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import { createFakeHidScanner, encodeHidScan } from '#drivers/virtual/hidScanner.ts';
import { openPtyPair } from '#drivers/virtual/ptyPair.ts';
import { encodeSsiScan } from '#drivers/virtual/ssiScanner.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';
import { claimReady, openForTest } from '#test/support/scannerBenches.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

const ean = '4006381333931';
/** Longer than one HID report and than one SSI packet. */
const long = `https://example.com/01/04006381333931?${'x'.repeat(250)}`;

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

interface Port {
  readonly configuration: ScannerConfiguration;
  readonly code: string;
  /** The code as it comes over the wire, cut somewhere. */
  readonly parts: readonly Uint8Array[];
}

const [ssiPacket = new Uint8Array()] = encodeSsiScan(bytesOf(ean));
const serialPath = '/dev/ttyACM0';
const ports: Readonly<Record<string, Port>> = {
  serial: {
    configuration: { ...serialScannerDefaults, address: serialPath },
    code: ean,
    parts: [bytesOf('400638'), bytesOf('1333931\r')],
  },
  'serial without an end': {
    configuration: { ...serialScannerDefaults, address: serialPath },
    code: ean,
    parts: [bytesOf('400638'), bytesOf('1333931')],
  },
  SSI: {
    configuration: { type: 'ssi', baudRate: 9600, address: serialPath },
    code: ean,
    parts: [ssiPacket.subarray(0, 9), ssiPacket.subarray(9)],
  },
  'SSI in two packets': {
    configuration: { type: 'ssi', baudRate: 9600, address: serialPath },
    code: long,
    parts: encodeSsiScan(bytesOf(long)),
  },
  'HID POS': {
    configuration: { type: 'hid', address: '/dev/hidraw0', commands: 'none' },
    code: long,
    parts: encodeHidScan('honeywell', bytesOf(long)),
  },
};

function listen(seen: string[], scanner: Scanner): (event: ScannerEvent) => void {
  return (event) => {
    if (event.type === 'data') {
      seen.push(event.event.scanDataLabel);
      scanner.setDataEventEnabled(true);
    } else if (event.type !== 'state') {
      seen.push(event.type);
    }
  };
}

async function open({ configuration }: Port) {
  const timers = createManualTimers();
  const serial = createFakePorts(timers);
  const hid = createFakeHid(timers);
  serial.plug(serialPath);
  const identity = { vendorId: '0c2e', productId: '1007', serialNumber: 'A1' };
  createFakeHidScanner(hid, 'honeywell', { ...identity, usbPlace: null, name: null });
  const scanner = openScanner(configuration, undefined, { ...thisComputer, serial, hid });
  const seen: string[] = [];
  scanner.claim(listen(seen, scanner));
  scanner.setDataEventEnabled(true);
  await timers.advance(0);
  const send = (bytes: Uint8Array): void => {
    if (configuration.type === 'hid') hid.send('/dev/hidraw0', bytes);
    else serial.send(serialPath, bytes);
  };
  return { timers, seen, send };
}

describe.each(Object.entries(ports))('on %s', (_name, port) => {
  it.each([
    ['before the late alarm', 0],
    ['behind it', 1],
  ])('a code is whole when its rest is read %s', async (_order, ringMs) => {
    const { timers, seen, send } = await open(port);
    const [first = new Uint8Array(), ...rest] = port.parts;
    send(first);
    timers.standStill(800);
    if (ringMs > 0) await timers.advance(ringMs);
    for (const part of rest) send(part);
    await timers.advance(1000);
    expect(seen).toEqual([port.code]);
  });

  it('a rest that truly came too late is none', async () => {
    const { timers, seen, send } = await open(port);
    const [first = new Uint8Array(), ...rest] = port.parts;
    send(first);
    await timers.advance(800);
    for (const part of rest) send(part);
    await timers.advance(1000);
    expect(seen).not.toContain(port.code);
  });
});

it('drops the first half alone when nothing lay ready', async () => {
  const { timers, seen, send } = await open(ports['HID POS'] as Port);
  send(encodeHidScan('honeywell', bytesOf(long))[0] ?? new Uint8Array());
  timers.standStill(800);
  await timers.advance(50);
  expect(seen).toEqual(['unreadable']);
});

it('takes two same reads out of one standstill for one, and says so', async () => {
  const { timers, seen, send } = await open(ports['serial'] as Port);
  timers.standStill(400);
  send(bytesOf(`${ean}\r${ean}\r`));
  await timers.advance(1000);
  expect(seen).toEqual([ean, 'suppressed']);
});

it('is whole on a real line, with the process blocked', async (context) => {
  const folder = temporaryFolder();
  const pair = await openPtyPair(join(folder, 'near'), join(folder, 'far'));
  if (!pair.ok) return context.skip(pair.error.detail);
  const { nearPath, farPath, close } = pair.value;
  onTestFinished(close);
  const scanner = openForTest({ ...serialScannerDefaults, address: nearPath });
  const seen: string[] = [];
  await claimReady(scanner, listen(seen, scanner));
  scanner.setDataEventEnabled(true);
  const run = (script: string) => execFileSync('sh', ['-c', script, 'sh', farPath]);
  run('printf 400638 > "$1"');
  await sleep(50);
  run('sleep 0.05; printf "1333931\\r" > "$1"; sleep 0.4');
  await sleep(600);
  expect(seen).toEqual([ean]);
});
