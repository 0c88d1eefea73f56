// Goal: a scanner that speaks SSI keeps the contract of every scanner, and gets its answers.
// Method: the suite of scanner.ts over the shipped driver, on ports of this process and on a
// pseudo-terminal that serialport opens; there the far end also reads what the till answers.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFakePorts } from '#drivers/fake/port.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import { systemTimers } from '#drivers/timers.ts';
import { createFakeScanner, openPtyScanner } from '#drivers/virtual/scanner.ts';
import { encodeSsiScan, speakSsi } from '#drivers/virtual/ssiScanner.ts';
import { describeScanner } from '#test/conformance/scanner.ts';

const ssi = { type: 'ssi', baudRate: 9600 } as const;

describeScanner('SSI on ports of this process', async () => {
  const ports = createFakePorts(systemTimers);
  const hand = speakSsi(createFakeScanner(ports));
  const systems = { ...thisComputer, serial: ports };
  const scanner = openScanner({ ...ssi, address: hand.path }, undefined, systems);
  return { scanner, hand, close: () => scanner.release() };
});

describeScanner('SSI on a pseudo-terminal', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'puan-scanner-'));
  const opened = await openPtyScanner(directory);
  if (!opened.ok) {
    await rm(directory, { recursive: true });
    return `no pseudo-terminal: ${opened.error.code} ${opened.error.detail}`;
  }
  const hand = speakSsi(opened.value);
  const scanner = openScanner({ ...ssi, address: hand.path });
  return {
    scanner,
    hand,
    async close() {
      await scanner.release();
      await hand.close();
      await rm(directory, { recursive: true });
    },
  };
});

it('answers each packet on the line, and beeps when it is told to', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'puan-scanner-'));
  const opened = await openPtyScanner(directory);
  if (!opened.ok) return context.skip(`no pseudo-terminal: ${opened.error.code}`);
  const hand = opened.value;
  const heard: number[] = [];
  let wake = (): void => undefined;
  await hand.listen((bytes) => {
    heard.push(...bytes);
    wake();
  });
  const hear = async (...expected: number[]): Promise<void> => {
    while (heard.length < expected.length) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    expect(heard.splice(0)).toEqual(expected);
  };
  const scanner = openScanner({ ...ssi, address: hand.path });
  const labels: string[] = [];
  await new Promise<void>((ready) => {
    scanner.claim((event) => {
      if (event.type === 'state' && event.state === 'ready') ready();
      if (event.type === 'data') labels.push(event.event.scanDataLabel);
    });
  });
  const [packet = new Uint8Array()] = encodeSsiScan(Buffer.from('4006381333931'));
  const broken = packet.with(8, 0x39);
  await hand.send(broken);
  await hear(0x05, 0xd1, 0x04, 0x00, 0x01, 0xff, 0x25);
  scanner.setDataEventEnabled(true);
  await hand.send(packet);
  await hear(0x04, 0xd0, 0x04, 0x00, 0xff, 0x28);
  expect(labels).toEqual(['4006381333931']);
  scanner.feedback('bad');
  await hear(0x05, 0xe6, 0x04, 0x00, 0x10, 0xff, 0x01);
  await scanner.release();
  await hand.close();
  await rm(directory, { recursive: true });
});
