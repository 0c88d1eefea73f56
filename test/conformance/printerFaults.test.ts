// Goal: a fault never prints twice, never claims paper that did not come, and says which it was.
// Method: the virtual printer breaks in each known way while the driver prints over real sockets.
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it, type TestContext } from 'vitest';
import { EscPosPrinter } from '#drivers/printer/escpos.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { flushBytes } from '#drivers/printer/prepare.ts';
import type { PrintProgress } from '#drivers/printer/printer.ts';
import { networkTransport } from '#drivers/printer/wire/network.ts';
import { openPrinter } from '#drivers/registry.ts';
import { systemTimers } from '#drivers/timers.ts';
import { nextEvent, quickTiming, virtualOverTcp } from '#test/support/printers.ts';
import { sampleReceipt } from '#test/support/receipts.ts';

const states = (progress: readonly { state: string }[]) => progress.map(({ state }) => state);

describe('before the first byte', () => {
  it.each([
    ['paper-out', { isPaperOut: true }],
    ['cover-open', { isCoverOpen: true }],
    ['error', { hasCutterError: true }],
  ] as const)('blocks for %s and sends nothing', async (reason, condition) => {
    const setting = await virtualOverTcp();
    setting.virtual.set(condition);
    expect((await setting.print(1)).at(-1)).toEqual({ state: 'blocked', reason });
    expect(setting.virtual.paperText()).toBe('');
    await setting.close();
  });

  it('blocks for a printer that answers nothing', async () => {
    const setting = await virtualOverTcp({ isSilent: true });
    expect((await setting.print(1)).at(-1)).toEqual({ state: 'blocked', reason: 'offline' });
    expect(setting.virtual.paperText()).toBe('');
    await setting.close();
  });

  it('blocks when nobody listens', async () => {
    const setting = await virtualOverTcp();
    await setting.virtual.close();
    expect((await setting.print(1)).at(-1)).toEqual({ state: 'blocked', reason: 'offline' });
    await setting.printer.close();
  });

  it('believes the second answer of a printer that answers late', async () => {
    const setting = await virtualOverTcp({ isLate: true });
    setting.virtual.set({ isPaperOut: true });
    const blocked = { state: 'blocked', reason: 'paper-out' };
    expect((await setting.print(1)).at(-1)).toEqual(blocked);
    setting.virtual.set({ isPaperOut: false });
    expect((await setting.print(2)).at(-1)?.state).toBe('confirmed');
    await setting.close();
  });
});

describe('after the first byte', () => {
  it('waits for paper in mid-receipt and prints it once', async () => {
    const setting = await virtualOverTcp({ paperEndAtLine: 4 });
    const stopped = nextEvent(setting.virtual, 'stopped');
    const printing = setting.print(1);
    await stopped;
    // Refilled once the till has said that it waits.
    await new Promise<void>((resolve) => {
      setting.printer.onStatus((status) => {
        if (status.isPaperOut === true) resolve();
      });
    });
    setting.virtual.set({ isPaperOut: false });
    const progress = await printing;
    expect(progress).toContainEqual({ state: 'waiting', reason: 'paper-out' });
    expect(progress.at(-1)).toEqual({ state: 'confirmed', ackLevel: 'processId' });
    expect(setting.virtual.papers()).toHaveLength(1);
    expect(setting.virtual.paperText().match(/Ada Market/g)).toHaveLength(1);
    await setting.close();
  });

  it('waits for an open cover while the buffer is full, and goes on', async () => {
    const setting = await virtualOverTcp({ coverOpenAtByte: 9_600, receiveBufferBytes: 128 });
    const stopped = nextEvent(setting.virtual, 'stopped');
    const printing = setting.print(1);
    await stopped;
    setting.virtual.set({ isCoverOpen: false });
    expect((await printing).at(-1)?.state).toBe('confirmed');
    expect(setting.virtual.papers()).toHaveLength(1);
    await setting.close();
  });

  it('confirms more weakly where the printer knows no process id', async () => {
    const setting = await virtualOverTcp({ hasNoProcessId: true });
    const last = (await setting.print(1)).at(-1);
    expect(last).toEqual({ state: 'confirmed', ackLevel: 'gsR' });
    await setting.close();
  });

  it.each(['fin', 'reset'] as const)('does not know after a %s in mid-receipt', async (how) => {
    const setting = await virtualOverTcp({ dropAfterBytes: { count: 9_700, how } });
    expect((await setting.print(1)).at(-1)?.state).toBe('unknown');
    // The next receipt is whole: half a command of the broken one does not eat its head.
    expect((await setting.print(2)).at(-1)?.state).toBe('confirmed');
    expect(setting.virtual.papers().at(-1)).toContain('Ada Market');
    await setting.close();
  });

  it('does not know after a power cut', async () => {
    const setting = await virtualOverTcp({ paperEndAtLine: 3 });
    const stopped = nextEvent(setting.virtual, 'stopped');
    const printing = setting.print(1);
    await stopped;
    setting.virtual.powerCycle();
    const progress = await printing;
    expect(progress.at(-1)?.state).toBe('unknown');
    expect(setting.virtual.papers()).toHaveLength(0);
    await setting.close();
  });

  it('does not know when the printer falls silent', async () => {
    const setting = await virtualOverTcp({ linesPerSecond: 200 });
    const printed = nextEvent(setting.virtual, 'line');
    const printing = setting.print(1);
    await printed;
    setting.virtual.set({ isSilent: true });
    const last = (await printing).at(-1);
    expect(last).toMatchObject({ state: 'unknown', error: { code: 'timeout' } });
    await setting.close();
  });

  it('does not claim paper when the cutter jams', async () => {
    const setting = await virtualOverTcp({ isCutterJamming: true });
    const stopped = nextEvent(setting.virtual, 'stopped');
    const printing = setting.print(1);
    await stopped;
    await setting.printer.close();
    expect((await printing).at(-1)?.state).toBe('unknown');
    await setting.close();
  });

  it('gets through a slow printer with a small buffer', async () => {
    const setting = await virtualOverTcp({
      receiveBufferBytes: 64,
      linesPerSecond: 200,
      stallMs: 100,
    });
    expect((await setting.print(1)).at(-1)?.state).toBe('confirmed');
    expect(setting.virtual.papers()).toHaveLength(1);
    await setting.close();
  });
});

describe('drawer', () => {
  it('is blocked, not held back, while the printer stands still', async () => {
    const setting = await virtualOverTcp();
    setting.virtual.set({ isPaperOut: true });
    const last = (await setting.print(1, { kind: 'drawer' })).at(-1);
    expect(last).toEqual({ state: 'blocked', reason: 'paper-out' });
    setting.virtual.set({ isPaperOut: false });
    expect(setting.virtual.drawerPulses).toBe(0);
    await setting.close();
  });

  it('is never pulsed twice: any doubt ends as unknown', async () => {
    const profile = printerProfileById('epson-80');
    if (profile === null) throw new Error('epson-80');
    // In the middle of the pulse's five bytes.
    const setting = await virtualOverTcp({ coverOpenAtByte: flushBytes(profile) + 2 });
    const progress = await setting.print(1, { kind: 'drawer' });
    expect(states(progress)).not.toContain('waiting');
    expect(progress.at(-1)?.state).toBe('unknown');
    expect(setting.virtual.drawerPulses).toBeLessThanOrEqual(1);
    await setting.close();
  });
});

describe('a printer behind a box that says nothing but goodbye', () => {
  /** Closes when it has printed; null: never. */
  async function startBox(context: TestContext, goodbyeMs: number | null, ackMs = 2000) {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.resume();
      socket.on('error', () => undefined);
      socket.on('end', () => {
        if (goodbyeMs !== null) systemTimers.after(goodbyeMs, () => void socket.end());
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.onTestFinished(() => void server.close());
    const address = server.address();
    const profile = printerProfileById('generic-80-mute');
    if (address === null || typeof address === 'string' || profile === null) throw new Error('box');
    const transport = networkTransport('127.0.0.1', address.port, systemTimers);
    const timing = { ...quickTiming, ackMs, endMs: 100 };
    const given = { transport, profile, capabilities: null, timers: systemTimers, timing };
    const printer = new EscPosPrinter(given);
    const document = { kind: 'document', document: sampleReceipt('de') } as const;
    let nowSent = (): void => undefined;
    const sent = new Promise<void>((resolve) => {
      nowSent = resolve;
    });
    const onProgress = ({ state }: PrintProgress) => {
      if (state === 'sent') nowSent();
    };
    const printing = printer.print(1, document, onProgress, () => Promise.resolve(true));
    return { printer, printing, sent };
  }

  it('confirms by it, however slow it prints', async (context) => {
    const { printer, printing } = await startBox(context, 600, 15_000);
    expect(await printing).toEqual({ state: 'confirmed', ackLevel: 'none' });
    await printer.close();
  });

  it('does not know without it', async (context) => {
    const { printer, printing } = await startBox(context, null);
    expect(await printing).toMatchObject({ state: 'unknown', reach: 'all-sent' });
    await printer.close();
  });

  it('keeps no till that closes from its end', async (context) => {
    const { printer, printing, sent } = await startBox(context, null, 15_000);
    await sent;
    const startedAtMs = performance.now();
    await printer.close();
    expect(performance.now() - startedAtMs).toBeLessThan(1500);
    expect(await printing).toMatchObject({ state: 'unknown', error: { code: 'closed' } });
  });
});

describe('one printer, several tills', () => {
  it('lets the second till wait for its turn', async () => {
    const setting = await virtualOverTcp({ linesPerSecond: 2000 });
    const opened = openPrinter({
      address: setting.virtual.address,
      profileId: 'epson-80',
      capabilities: null,
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    const other = opened.value;
    const printing = setting.print(1);
    expect((await other.status()).state).toBe('ready');
    expect((await printing).at(-1)?.state).toBe('confirmed');
    const last = await other.print(
      2,
      { kind: 'document', document: sampleReceipt('de') },
      () => undefined,
      () => Promise.resolve(true),
    );
    expect(last.state).toBe('confirmed');
    expect(setting.virtual.papers()).toHaveLength(2);
    await other.close();
    await setting.close();
  });
});
