// Owns what every Scanner does, whatever it is made of: one suite for the fake and the real.
import { setTimeout as waitMs } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import type { ScanOptions, ScanSuffix } from '#drivers/virtual/scanner.ts';

/** What is done with a scanner, whatever it speaks: each encodes a read in its own way. */
export interface ScannerHand {
  scan(text: string, options?: ScanOptions): Promise<void>;
  /** Reads, each ended by CR; what follows the last CR is half a read. */
  send(bytes: Uint8Array): Promise<void>;
  unplug(): Promise<void>;
  /** Comes back as another node, such as `ttyACM7`. Only after `unplug`. */
  replug(nodeName: string): Promise<unknown>;
}

/** A scanner under test, and the hand that holds it. */
export interface ScannerBench {
  readonly scanner: Scanner;
  readonly hand: ScannerHand;
  close(): Promise<void>;
}

/** The bench, or why there is none on this computer. */
export type MakeBench = () => Promise<ScannerBench | string>;

const ean = '4006381333931';
const suffixes: readonly ScanSuffix[] = ['cr', 'lf', 'crlf', 'tab', 'crcr', 'stx-etx', 'none'];

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Events as they came, to be awaited one by one. */
export function createInbox() {
  const events: ScannerEvent[] = [];
  const counts = new Map<ScannerEvent['type'], number>();
  let wake = (): void => undefined;
  return {
    events,
    /** How many of them came in all, taken or not. */
    countOf: (type: ScannerEvent['type']): number => counts.get(type) ?? 0,
    put(event: ScannerEvent): void {
      counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
      events.push(event);
      wake();
    },
    /** Takes the first event that matches, and drops what came before it. */
    async take<Type extends ScannerEvent['type']>(
      type: Type,
      matches: (event: ScannerEvent & { type: Type }) => boolean = () => true,
    ): Promise<ScannerEvent & { type: Type }> {
      for (;;) {
        const event = events.shift();
        if (event === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (isType(event, type) && matches(event)) {
          return event;
        }
      }
    },
  };
}

function isType<Type extends ScannerEvent['type']>(
  event: ScannerEvent,
  type: Type,
): event is ScannerEvent & { type: Type } {
  return event.type === type;
}

export function describeScanner(name: string, make: MakeBench): void {
  describe(`a scanner: ${name}`, () => {
    let bench: ScannerBench | string = 'not made';
    let inbox = createInbox();

    /** The ready bench, with DataEvents on; skips with the reason where there is none. */
    async function ready(context: TestContext): Promise<ScannerBench> {
      if (typeof bench === 'string') return context.skip(bench);
      bench.scanner.claim(inbox.put);
      await inbox.take('state', ({ state }) => state === 'ready');
      bench.scanner.setDataEventEnabled(true);
      return bench;
    }

    async function label(): Promise<string> {
      return (await inbox.take('data')).event.scanDataLabel;
    }

    beforeEach(async () => {
      inbox = createInbox();
      bench = await make();
    });
    afterEach(async () => {
      if (typeof bench !== 'string') await bench.close();
    });

    describeReads(ready, label, () => inbox);
    describeRepeats(ready, label, () => inbox);
    describeDeviceScreen(ready, label, () => inbox);
    describeFaults(ready, label, () => inbox);
    describeUnplug(ready, label, () => inbox);
  });
}

type Ready = (context: TestContext) => Promise<ScannerBench>;
type Label = () => Promise<string>;
type GetInbox = () => ReturnType<typeof createInbox>;

function describeReads(ready: Ready, label: Label, inbox: GetInbox): void {
  it.for(suffixes)('reads with the suffix %s', async (suffix, context) => {
    const { scanner, hand } = await ready(context);
    for (const number of [ean, '2990000000017']) {
      await hand.scan(number, { suffix });
      expect(await label()).toBe(number);
      scanner.setDataEventEnabled(true);
    }
  });

  it('takes the AIM identifier off, and names device and time', async (context) => {
    const { scanner, hand } = await ready(context);
    await hand.scan(ean, { aim: ']E0' });
    const { event } = await inbox().take('data');
    expect(event).toMatchObject({
      scanData: `]E0${ean}`,
      scanDataLabel: ean,
      scanDataType: ']E0',
      deviceId: scanner.deviceId,
    });
    expect(event.readAtMs).toBeGreaterThan(0);
  });

  it('reads what comes in pieces, and two scans of one piece as two', async (context) => {
    const { scanner, hand } = await ready(context);
    await hand.scan(ean, { chunkSizes: [1, 5, 2], delayMs: 5 });
    expect(await label()).toBe(ean);
    await hand.send(bytes('111111\r222222\r'));
    scanner.setDataEventEnabled(true);
    expect(await label()).toBe('111111');
    scanner.setDataEventEnabled(true);
    expect(await label()).toBe('222222');
  });

  it('delivers one at a time, keeps 16 waiting in order, and says overflow', async (context) => {
    const { scanner, hand } = await ready(context);
    const numbers = Array.from({ length: 18 }, (_item, index) => `${100_000 + index}`);
    for (const number of numbers) await hand.scan(number);
    expect(await label()).toBe(numbers[0]);
    await inbox().take('overflow');
    for (const number of numbers.slice(1, 17)) {
      scanner.setDataEventEnabled(true);
      expect(await label()).toBe(number);
    }
    expect(inbox().events).toEqual([]);
  });
}

function describeRepeats(ready: Ready, label: Label, inbox: GetInbox): void {
  it('leaves out what the scanner sends twice', async (context) => {
    const { scanner, hand } = await ready(context);
    await hand.send(bytes(`${ean}\r${ean}\r222222\r`));
    expect(await label()).toBe(ean);
    scanner.setDataEventEnabled(true);
    expect(await label()).toBe('222222');
    expect(scanner.suppressedCount()).toBe(1);
  });

  it('counts the second article of a kind, 120 ms later', async (context) => {
    const { scanner, hand } = await ready(context);
    for (let count = 0; count < 3; count += 1) {
      await hand.scan(ean);
      expect(await label()).toBe(ean);
      scanner.setDataEventEnabled(true);
      // In real time: these scanners are read by the process's own clock.
      await waitMs(120);
    }
    expect(scanner.suppressedCount()).toBe(0);
    expect(inbox().events).toEqual([]);
  });
}

function describeDeviceScreen(ready: Ready, label: Label, inbox: GetInbox): void {
  it('shows each read as it came while tracing, and only then', async (context) => {
    const { scanner, hand } = await ready(context);
    scanner.setTracing(true);
    await hand.scan(ean);
    const { trace } = await inbox().take('trace');
    expect(trace.deviceId).toBe(scanner.deviceId);
    expect(trace.byteCount).toBeGreaterThanOrEqual(ean.length);
    expect(Buffer.from(trace.bytes).toString('latin1')).toContain(ean);
    scanner.setTracing(false);
    scanner.setDataEventEnabled(true);
    await hand.scan('222222');
    await inbox().take('data', ({ event }) => event.scanDataLabel === '222222');
    expect(inbox().countOf('trace')).toBe(1);
  });

  it('reads on whatever it is told of a read, at the loss of its device too', async (context) => {
    const { scanner, hand } = await ready(context);
    for (const outcome of ['good', 'bad', 'good'] as const) scanner.feedback(outcome);
    await hand.scan(ean);
    expect(await label()).toBe(ean);
    scanner.feedback('bad');
    await hand.unplug();
    await inbox().take('state', ({ state }) => state === 'lost');
    scanner.feedback('good');
  });
}

function describeFaults(ready: Ready, label: Label, inbox: GetInbox): void {
  it('says too-long once for 10 kB without a suffix, then reads on', async (context) => {
    const { hand } = await ready(context);
    await hand.send(bytes('7'.repeat(10_000)));
    expect(await inbox().take('unreadable')).toEqual({ type: 'unreadable', reason: 'too-long' });
    await hand.send(bytes(`\r${ean}\r`));
    expect(await label()).toBe(ean);
  });

  it('says noise for NUL and 0xFF, then reads on', async (context) => {
    const { hand } = await ready(context);
    await hand.send(bytes(`\0\0\xff40\0\r${ean}\r`));
    expect(await inbox().take('unreadable')).toEqual({ type: 'unreadable', reason: 'noise' });
    expect(await label()).toBe(ean);
    expect(inbox().events).toEqual([]);
  });
}

function describeUnplug(ready: Ready, label: Label, inbox: GetInbox): void {
  it('loses half a frame at an unplug, and comes back as another node', async (context) => {
    const { scanner, hand } = await ready(context);
    await hand.send(bytes('111111\r40063'));
    expect(await label()).toBe('111111');
    await hand.unplug();
    expect(await inbox().take('unreadable')).toEqual({ type: 'unreadable', reason: 'incomplete' });
    const lost = await inbox().take('state');
    expect(lost.state).toBe('lost');
    expect(lost.error?.code).toBe('offline');
    await hand.replug('ttyACM7');
    await inbox().take('state', ({ state }) => state === 'ready');
    scanner.setDataEventEnabled(true);
    await hand.scan(ean);
    const { event } = await inbox().take('data');
    expect(event).toMatchObject({ scanDataLabel: ean, deviceId: scanner.deviceId });
  });

  it('keeps what waits over an unplug', async (context) => {
    const { scanner, hand } = await ready(context);
    await hand.send(bytes('111111\r222222\r'));
    expect(await label()).toBe('111111');
    await hand.unplug();
    await inbox().take('state', ({ state }) => state === 'lost');
    scanner.setDataEventEnabled(true);
    expect(await label()).toBe('222222');
  });

  it('says nothing more once released', async (context) => {
    const { scanner, hand } = await ready(context);
    await scanner.release();
    await hand.scan(ean);
    await hand.unplug();
    expect(inbox().events).toEqual([]);
  });
}
