// Owns a process with nothing but a serial scanner in it, and the hand that plugs it: what a
// scanner costs and holds, told to the parent once all was done.
import { readdirSync } from 'node:fs';
import { setTimeout as waitMs } from 'node:timers/promises';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import { openScanner } from '#drivers/registry.ts';
import type { ScannerEvent } from '#drivers/scanner/scanner.ts';
import { openPtyScanner } from '#drivers/virtual/scanner.ts';

export interface ScannerCost {
  /** CPU time of this process over the measured time, with the scanner open and idle. */
  readonly idleMs: number;
  /** The same from the moment of an unplug. */
  readonly unpluggedMs: number;
  readonly openFilesBefore: number;
  readonly openFilesAfter: number;
  /** Codes that were read after a replug. */
  readonly readCount: number;
}

export type ScannerCostAnswer = ScannerCost | { readonly missing: string };

const [directory = '', measureMs = '0', replugs = '0'] = process.argv.slice(2);
const unplugAfterMs = [0, 5, 20, 200];

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function costOf(durationMs: number, begin: () => Promise<void>): Promise<number> {
  const beforeMs = cpuMs();
  await begin();
  await waitMs(durationMs);
  return cpuMs() - beforeMs;
}

async function run(): Promise<ScannerCostAnswer> {
  const opened = await openPtyScanner(directory);
  if (!opened.ok) return { missing: opened.error.detail };
  const hand = opened.value;
  const scanner = openScanner({ ...serialScannerDefaults, address: hand.path });
  let heard: (event: ScannerEvent) => void = () => undefined;
  const next = (isWanted: (event: ScannerEvent) => boolean): Promise<void> =>
    new Promise((resolve) => {
      heard = (event) => {
        if (isWanted(event)) resolve();
      };
    });
  const reach = (state: string) => next((event) => event.type === 'state' && event.state === state);
  const ready = reach('ready');
  scanner.claim((event) => {
    heard(event);
    if (event.type === 'data') scanner.setDataEventEnabled(true);
  });
  scanner.setDataEventEnabled(true);
  await ready;

  // The device goes in the very turn in which it was read: no wait is there to tell of it.
  async function scanAndUnplug(): Promise<void> {
    const read = next((event) => event.type === 'data');
    await hand.scan('4006381333931');
    await read;
    const lost = reach('lost');
    await hand.unplug();
    await lost;
  }
  async function replug(count: number): Promise<void> {
    const again = reach('ready');
    await hand.replug(`ttyACM${(count % 3) + 1}`);
    await again;
  }

  await waitMs(500);
  const openFilesBefore = readdirSync('/proc/self/fd').length;
  const idleMs = await costOf(Number(measureMs), async () => undefined);
  const unpluggedMs = await costOf(Number(measureMs), scanAndUnplug);
  let readCount = 0;
  for (let count = 0; count < Number(replugs); count += 1) {
    await replug(count);
    await waitMs(unplugAfterMs[count % unplugAfterMs.length]);
    await scanAndUnplug();
    readCount += 1;
  }
  await replug(0);
  const openFilesAfter = readdirSync('/proc/self/fd').length;
  await scanner.release();
  await hand.close();
  return { idleMs, unpluggedMs, openFilesBefore, openFilesAfter, readCount };
}

process.send?.(await run());
process.disconnect();
