// Owns the benches on which the shipped scanner driver is tried without hardware: ports of this
// process or a pseudo-terminal, and an ear at its far end.
import { onTestFinished, type TestContext } from 'vitest';
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import { createFakePorts } from '#drivers/fake/port.ts';
import { openScanner, type ScannerSystems, thisComputer } from '#drivers/registry.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import { systemTimers } from '#drivers/timers.ts';
import {
  createFakeScanner,
  openPtyScanner,
  type PtyScanner,
  type VirtualScanner,
} from '#drivers/virtual/scanner.ts';
import type { MakeBench, ScannerBench, ScannerHand } from '#test/conformance/scanner.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

type Configure = (address: string) => ScannerConfiguration;

/** What the hand speaks over its line; a plain serial scanner when absent. */
type Speak = (line: VirtualScanner) => ScannerHand;

/** The driver over `systems`, and the hand that holds what it opens. */
export function scannerBench(
  configuration: ScannerConfiguration,
  hand: ScannerHand,
  systems: Partial<ScannerSystems> = {},
): ScannerBench {
  const scanner = openScanner(configuration, undefined, { ...thisComputer, ...systems });
  return { scanner, hand, close: () => scanner.release() };
}

export function benchOnFakePorts(configure: Configure, speak: Speak = (line) => line): MakeBench {
  return async () => {
    const serial = createFakePorts(systemTimers);
    const line = createFakeScanner(serial);
    return scannerBench(configure(line.path), speak(line), { serial });
  };
}

export function benchOnPty(configure: Configure, speak: Speak = (line) => line): MakeBench {
  return async () => {
    const line = await openPty();
    return typeof line === 'string' ? line : scannerBench(configure(line.path), speak(line));
  };
}

/** Closed after the test; the reason where this computer has no pseudo-terminals. */
export async function openPty(): Promise<PtyScanner | string> {
  const opened = await openPtyScanner(temporaryFolder());
  if (!opened.ok) return `no pseudo-terminal: ${opened.error.code} ${opened.error.detail}`;
  onTestFinished(() => opened.value.close());
  return opened.value;
}

export async function ptyOrSkip(context: TestContext): Promise<PtyScanner> {
  const line = await openPty();
  return typeof line === 'string' ? context.skip(line) : line;
}

/** Opens a scanner that is released after the test. */
export function openForTest(configuration: ScannerConfiguration): Scanner {
  const scanner = openScanner(configuration);
  onTestFinished(() => scanner.release());
  return scanner;
}

/** Claims it for `listener`, and resolves once it is ready. */
export function claimReady(
  scanner: Scanner,
  listener: (event: ScannerEvent) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve) => {
    scanner.claim((event) => {
      if (event.type === 'state' && event.state === 'ready') resolve();
      listener(event);
    });
  });
}

/** Hears what the till writes, from now on. */
export async function listenAt(line: PtyScanner) {
  const heard: number[] = [];
  let wake = (): void => undefined;
  await line.listen((bytes) => {
    heard.push(...bytes);
    wake();
  });
  return {
    heard,
    /** Takes all that was heard once it is as many bytes as `count`. */
    async hear(count: number): Promise<number[]> {
      while (heard.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return heard.splice(0);
    },
  };
}
