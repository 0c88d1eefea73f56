// Goal: the till finds out what a printer answers without printing a dot, then trusts exactly that,
// and a screen sees its status live. Method: virtual printers that know less and less, over TCP.
import { describe, expect, it } from 'vitest';
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import type { PrinterStatus } from '#drivers/printer/printer.ts';
import type { VirtualPrinterOptions } from '#drivers/virtual/printer.ts';
import { nextEvent, virtualOverSerial, virtualOverTcp } from '#test/support/printers.ts';

/** A clone that takes each of these for text. */
const knowsNothing = ['GS (', 'GS I', 'GS r', 'GS a'];

const cases: readonly (readonly [
  string,
  VirtualPrinterOptions,
  Partial<PrinterCapabilities> | null,
])[] = [
  [
    'knows everything',
    {},
    {
      ackLevel: 'processId',
      answersRealTime: true,
      answersAutomatic: true,
      answersPaperSensor: true,
      answersProcessId: true,
      hasNearEndSensor: false,
      modelName: 'epson-80',
    },
  ],
  [
    'speaks in single bytes, with flow control between',
    { splitsReplies: true, hasXoffNoise: true },
    { ackLevel: 'processId', answersAutomatic: true, modelName: 'epson-80' },
  ],
  ['has no process id', { hasNoProcessId: true }, { ackLevel: 'gsR', answersProcessId: false }],
  [
    'answers DLE EOT only, and prints the rest',
    { unknownCommands: knowsNothing },
    { ackLevel: 'asb', answersRealTime: true, answersAutomatic: false, modelName: null },
  ],
  [
    'answers automatic status only',
    { hasNoRealTime: true, hasNoPaperSensor: true, hasNoProcessId: true },
    { ackLevel: 'asb', answersRealTime: false, answersAutomatic: true },
  ],
  [
    'answers the paper sensor only',
    { hasNoRealTime: true, unknownCommands: ['GS (', 'GS I', 'GS a'] },
    { ackLevel: 'gsR', answersRealTime: false, answersAutomatic: false },
  ],
  ['answers nothing', { isSilent: true }, null],
];

describe('probe', () => {
  it.each(cases)(
    '%s: nothing is printed, and the next receipt is whole',
    async (...row) => {
      const [, options, expected] = row;
      const setting = await virtualOverTcp(options);
      const found = await setting.printer.probe();
      if (expected === null) expect(found).toBeNull();
      else expect(found).toMatchObject(expected);
      expect(setting.virtual.paper().items).toEqual([]);
      await setting.close();
      if (found === null) return;
      // What was found is what the printer is then used by.
      const trusted = await virtualOverTcp(options, found);
      const last = (await trusted.print(1)).at(-1);
      expect(last).toEqual({ state: 'confirmed', ackLevel: found.ackLevel });
      expect(trusted.virtual.papers()).toHaveLength(1);
      trusted.virtual.set({ isPaperOut: true });
      expect((await trusted.print(2)).at(-1)?.state).toBe('blocked');
      await trusted.close();
    },
    20_000,
  );

  it('is not believed while the printer stands still', async () => {
    const setting = await virtualOverTcp();
    setting.virtual.set({ isCoverOpen: true });
    expect(await setting.printer.probe()).toBeNull();
    setting.virtual.set({ isCoverOpen: false });
    expect(await setting.printer.probe()).not.toBeNull();
    await setting.close();
  });

  it('is refused while an output is under way', async () => {
    const setting = await virtualOverTcp({ paperEndAtLine: 3 });
    const stopped = nextEvent(setting.virtual, 'stopped');
    const printing = setting.print(1);
    await stopped;
    expect(await setting.printer.probe()).toBeNull();
    setting.virtual.set({ isPaperOut: false });
    expect((await printing).at(-1)?.state).toBe('confirmed');
    expect(setting.virtual.papers()).toHaveLength(1);
    await setting.close();
  });
});

describe('status', () => {
  it('is told live, with its bits; paper near end once it was seen to change', async () => {
    const setting = await virtualOverTcp();
    const seen: PrinterStatus[] = [];
    let look: () => void = () => undefined;
    const until = (isWanted: (status: PrinterStatus) => boolean) =>
      new Promise<void>((resolve) => {
        look = () => {
          const last = seen.at(-1);
          if (last !== undefined && isWanted(last)) resolve();
        };
        look();
      });
    setting.printer.onStatus((status) => {
      seen.push(status);
      look();
    });
    setting.printer.watch(true);
    await until(({ bytes }) => bytes === '12 12 12 12');
    expect(seen.at(-1)?.isPaperNearEnd).toBeNull();
    setting.virtual.set({ isPaperNearEnd: true, isDrawerPinHigh: true });
    await until(({ bytes }) => bytes?.startsWith('16 12 12 1E') ?? false);
    expect(seen.at(-1)).toMatchObject({ isPaperNearEnd: true, isDrawerPinHigh: true });
    setting.virtual.set({ hasCutterError: true });
    await until(({ hasError }) => hasError === true);
    expect(seen.at(-1)?.bytes).toMatch(/^1E 52 1A 1E/);
    // One session for all of it.
    const connections = setting.virtual.events.filter(({ type }) => type === 'connected');
    expect(connections).toHaveLength(1);
    const gone = nextEvent(setting.virtual, 'disconnected');
    setting.printer.watch(false);
    await gone;
    await setting.close();
  });

  it('does not promise paper near end where both only ever came together', async () => {
    const setting = await virtualOverTcp();
    expect((await setting.printer.status()).isPaperNearEnd).toBeNull();
    setting.virtual.set({ isPaperOut: true });
    expect(await setting.printer.status()).toMatchObject({
      isPaperOut: true,
      isPaperNearEnd: null,
    });
    await setting.close();
  });

  it('is not taken from answers that nobody asked for', async () => {
    const setting = await virtualOverTcp({ unaskedAnswers: 3 });
    setting.virtual.set({ isCoverOpen: true });
    const status = await setting.printer.status();
    expect(status).toMatchObject({ isCoverOpen: true });
    await setting.close();
  });
});

describe('test slips', () => {
  it('pulse the drawer, cut, and show the width and the code pages', async () => {
    const setting = await virtualOverTcp();
    expect(await setting.printer.test('drawer')).toMatchObject({ state: 'confirmed' });
    expect(setting.virtual.drawerPulses).toBe(1);
    expect(await setting.printer.test('cut')).toMatchObject({ state: 'confirmed' });
    expect(setting.virtual.papers()).toHaveLength(1);
    expect(await setting.printer.test('ruler')).toMatchObject({ state: 'confirmed' });
    expect(await setting.printer.test('codePages')).toMatchObject({ state: 'confirmed' });
    expect(setting.virtual.papers()).toHaveLength(3);
    setting.virtual.set({ isPaperOut: true });
    expect(await setting.printer.test('cut')).toEqual({ state: 'blocked', reason: 'paper-out' });
    await setting.close();
  });
});

describe('how far a doubtful receipt got', () => {
  it('is told: sent, or the text above the symbols printed', async () => {
    const cut = await virtualOverTcp({ dropAfterBytes: { count: 9_700, how: 'reset' } });
    expect((await cut.print(1)).at(-1)).toMatchObject({
      state: 'unknown',
      reach: expect.stringMatching(/^(?:part|all)-sent$/),
    });
    await cut.close();
    const jammed = await virtualOverTcp({ isCutterJamming: true });
    const told = new Promise<void>((resolve) => {
      jammed.printer.onStatus(({ hasError }) => {
        if (hasError === true) resolve();
      });
    });
    const printing = jammed.print(1);
    await told;
    await jammed.printer.close();
    expect((await printing).at(-1)).toMatchObject({ state: 'unknown', reach: 'text-printed' });
    await jammed.close();
  });

  it('a printer on a serial line that lost its power is not believed at the end', async (c) => {
    const setting = await virtualOverSerial(c, { paperEndAtLine: 3, receiveBufferBytes: 128 });
    const stopped = nextEvent(setting.virtual, 'stopped');
    const printing = setting.print(1);
    await stopped;
    setting.virtual.powerCycle();
    setting.virtual.set({ isPaperOut: false });
    expect((await printing).at(-1)?.state).toBe('unknown');
    expect(setting.virtual.paperText().match(/Ada Market/g) ?? []).toHaveLength(1);
    await setting.close();
  });
});
