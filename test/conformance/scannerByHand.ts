// Owns the part of the scanner's suite that a person with one scanner can do: whoever holds it is
// asked for each step. A line without hardware does the same steps by itself.
import { setTimeout as waitMs } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import { createInbox } from '#test/conformance/scanner.ts';

/** A is any code, always the same one; B is another. */
export type Step = 'scan A' | 'scan B' | 'unplug' | 'plug in';

export interface HeldScanner {
  readonly scanner: Scanner;
  /** False on a plain port, which stays when its scanner is pulled out. */
  readonly isUnplugSeen: boolean;
  /** How long nothing must come, once nothing may. */
  readonly quietMs: number;
  /** Does these steps, or asks for them and returns at once. */
  ask(...steps: readonly Step[]): Promise<void>;
  see(event: ScannerEvent): void;
}

/** The scanner, or why there is none. */
type MakeHeld = () => Promise<HeldScanner | string>;

export function describeScannerByHand(name: string, make: MakeHeld, timeoutMs: number): void {
  describe(`a scanner held by a hand: ${name}`, { timeout: timeoutMs }, () => {
    let held: HeldScanner | string = 'not made';
    let inbox = createInbox();

    async function ready(context: TestContext): Promise<HeldScanner> {
      if (typeof held === 'string') return context.skip(held);
      const { scanner, see } = held;
      scanner.claim((event) => {
        see(event);
        inbox.put(event);
      });
      await inbox.take('state', ({ state }) => state === 'ready');
      scanner.setDataEventEnabled(true);
      return held;
    }

    async function label(): Promise<string> {
      return (await inbox.take('data')).event.scanDataLabel;
    }

    beforeEach(async () => {
      inbox = createInbox();
      held = await make();
    });
    afterEach(async () => {
      if (typeof held !== 'string') await held.scanner.release();
    });

    describeReads(ready, label, () => inbox);
    describeUnplug(ready, label, () => inbox);
  });
}

type Ready = (context: TestContext) => Promise<HeldScanner>;
type Label = () => Promise<string>;
type GetInbox = () => ReturnType<typeof createInbox>;

function describeReads(ready: Ready, label: Label, inbox: GetInbox): void {
  it('reads one code alike each time, and shows its bytes while tracing', async (context) => {
    const { scanner, ask } = await ready(context);
    scanner.setTracing(true);
    await ask('scan A');
    const first = await label();
    expect(first).not.toBe('');
    const { trace } = await inbox().take('trace');
    expect(Buffer.from(trace.bytes).toString('latin1')).toContain(first);
    scanner.feedback('good');
    scanner.setTracing(false);
    scanner.setDataEventEnabled(true);
    await ask('scan A');
    expect(await label()).toBe(first);
    expect(inbox().countOf('trace')).toBe(1);
    expect(scanner.suppressedCount()).toBe(0);
  });

  it('delivers one at a time, and keeps what waits in order', async (context) => {
    const { scanner, ask } = await ready(context);
    await ask('scan A', 'scan B', 'scan A');
    const labels = [await label()];
    for (let count = 0; count < 2; count += 1) {
      scanner.setDataEventEnabled(true);
      labels.push(await label());
    }
    const [first, second, third] = labels;
    expect(second).not.toBe(first);
    expect(third).toBe(first);
  });

  it('says nothing more once released', async (context) => {
    const { scanner, ask, quietMs } = await ready(context);
    await scanner.release();
    await ask('scan A');
    // In real time: nothing tells that a scanner has said nothing.
    await waitMs(quietMs);
    expect(inbox().countOf('data')).toBe(0);
  });
}

function describeUnplug(ready: Ready, label: Label, inbox: GetInbox): void {
  it('says the loss of its device, keeps what waits, and is found again', async (context) => {
    const { scanner, ask, isUnplugSeen } = await ready(context);
    if (!isUnplugSeen) return context.skip('a plain port stays when its scanner is pulled out');
    await ask('scan A');
    const first = await label();
    scanner.setTracing(true);
    await ask('scan B');
    await inbox().take('trace');
    await ask('unplug');
    const lost = await inbox().take('state', ({ state }) => state === 'lost');
    expect(lost.error?.code).toBe('offline');
    scanner.setDataEventEnabled(true);
    expect(await label()).not.toBe(first);
    await ask('plug in');
    await inbox().take('state', ({ state }) => state === 'ready');
    scanner.setDataEventEnabled(true);
    await ask('scan A');
    const { event } = await inbox().take('data');
    expect(event).toMatchObject({ scanDataLabel: first, deviceId: scanner.deviceId });
  });
}
