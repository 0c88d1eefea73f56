// Goal: what one printer is told and believed where a real wire cannot be brought to: lost ids, a
// full buffer, slow answers. Method: a printer in code that answers as a test says, and a clock
// that only the test moves.
import { describe, expect, it } from 'vitest';
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import type { EscPosPrinter } from '#drivers/printer/escpos.ts';
import type { Block } from '#drivers/printer/paper/document.ts';
import type { PrintOutput, PrintProgress } from '#drivers/printer/printer.ts';
import { good, isWell, ScriptedPrinter } from '#test/support/scriptedPrinter.ts';

const known: PrinterCapabilities = {
  ackLevel: 'processId',
  answersRealTime: true,
  answersAutomatic: true,
  answersPaperSensor: true,
  answersProcessId: true,
  hasNearEndSensor: false,
  modelName: null,
};
const coverOpen = { 1: 0x1a, 2: 0x16, 3: 0x12, 4: 0x1e } as const;
const isOut = [0x18, 0, 0x0c, 0] as const;
const pulse = Buffer.from([0x1b, 0x70, 0x00]);

const line = (text: string): Block => ({
  type: 'text',
  text,
  align: 'left',
  bold: false,
  scale: 1,
});
const paper = (...blocks: readonly Block[]): PrintOutput => ({
  kind: 'document',
  document: { version: 1, language: 'en', blocks },
});
const receipt = paper(line('Tea'), { type: 'qr', data: 'HELLO' });

function print(
  driver: EscPosPrinter,
  output: PrintOutput,
  onProgress: (progress: PrintProgress) => void = () => undefined,
): Promise<PrintProgress> {
  return driver.print(7, output, onProgress, () => Promise.resolve(true));
}

/** A receipt that is sent whole when paper ends and nothing more is heard. */
async function waiting(printer: ScriptedPrinter, driver: EscPosPrinter) {
  printer.onId = (id) => {
    if (id.startsWith('m')) return;
    printer.isMute = true;
    queueMicrotask(() => printer.say(...isOut));
  };
  const seen: PrintProgress[] = [];
  const printing = print(driver, receipt, (progress) => seen.push(progress));
  await printer.timers.advance(3000);
  expect(seen).toContainEqual({ state: 'waiting', reason: 'paper-out' });
  return {
    printing,
    refill() {
      printer.isMute = false;
      printer.say(...isWell);
      printer.answerId('m007');
      printer.answerId('0007');
    },
  };
}

describe('a process id that stays away', () => {
  it.each([
    ['after the one in the middle came', null, receipt],
    ['of a printer that is known to have ids', known, paper(line('Tea'))],
  ])('%s is no weaker confirmation: the power may be gone', async (_what, capabilities, output) => {
    const printer = new ScriptedPrinter();
    printer.onId = (id) => {
      if (id.startsWith('m')) printer.answerId(id);
      else printer.timers.after(50, () => printer.loseVoice());
    };
    const last = await printer.settle(print(printer.driver(capabilities), output));
    expect(last).toMatchObject({ state: 'unknown', error: { code: 'timeout' } });
  });

  it('is one where the printer may have none', async () => {
    const printer = new ScriptedPrinter();
    printer.onId = () => undefined;
    const last = await printer.settle(print(printer.driver(), receipt));
    expect(last).toEqual({ state: 'confirmed', ackLevel: 'gsR' });
  });
});

describe('while a receipt waits for paper', () => {
  it('a printer whose buffer is full may be silent for as long as it takes', async () => {
    const printer = new ScriptedPrinter();
    const { printing, refill } = await waiting(printer, printer.driver());
    await printer.timers.advance(10 * 60_000);
    refill();
    const last = await printer.settle(printing);
    expect(last).toEqual({ state: 'confirmed', ackLevel: 'processId' });
  });

  it('a test is refused at once, and no drawer opens later', async () => {
    const printer = new ScriptedPrinter();
    const driver = printer.driver();
    const { printing, refill } = await waiting(printer, driver);
    expect(await driver.test('drawer')).toEqual({ state: 'blocked', reason: 'paper-out' });
    refill();
    expect(await printer.settle(printing)).toMatchObject({ state: 'confirmed' });
    await printer.timers.advance(60_000);
    expect(printer.hasWritten(pulse)).toBe(false);
    printer.onId = (id) => printer.answerId(id);
    const [first, second] = [driver.test('drawer'), driver.test('drawer')];
    expect(await second).toEqual({ state: 'blocked', reason: 'offline' });
    expect(await printer.settle(first)).toMatchObject({ state: 'confirmed' });
    printer.written.length = 0;
    const probing = driver.probe();
    expect(await driver.test('drawer')).toEqual({ state: 'blocked', reason: 'offline' });
    expect(await driver.probe()).toBeNull();
    await printer.settle(probing);
    await printer.timers.advance(60_000);
    expect(printer.hasWritten(pulse)).toBe(false);
    await driver.close();
    expect(await driver.test('drawer')).toEqual({ state: 'blocked', reason: 'offline' });
  });
});

describe('status', () => {
  it('tells why the printer cannot be opened, and the log once for each reason', async () => {
    const printer = new ScriptedPrinter();
    const driver = printer.driver();
    printer.refusal = { code: 'not-permitted', detail: 'EACCES /dev/usb/lp0' };
    for (const _look of [1, 2]) {
      expect(await driver.status()).toMatchObject({ state: 'absent', problem: 'not-permitted' });
    }
    printer.refusal = { code: 'no-hardware', detail: 'ENOENT' };
    expect(await print(driver, receipt)).toEqual({ state: 'blocked', reason: 'offline' });
    expect((await driver.status()).problem).toBe('no-hardware');
    printer.refusal = null;
    expect(await printer.settle(driver.status())).toMatchObject({ state: 'ready', problem: null });
    printer.isMute = true;
    const silent = await printer.settle(driver.status());
    expect(silent).toMatchObject({ state: 'lost', problem: 'timeout' });
    expect(printer.log).toEqual([
      'printer.unreachable not-permitted: EACCES /dev/usb/lp0',
      'printer.unreachable no-hardware: ENOENT',
      'printer.unreachable timeout: the printer answers no question',
    ]);
  });

  it('does not take an open cover for a sensor of paper near end', async () => {
    const printer = new ScriptedPrinter();
    const driver = printer.driver();
    for (const realTime of [good, coverOpen, good]) {
      printer.realTime = realTime;
      const status = await printer.settle(driver.status());
      expect(status.isCoverOpen).toBe(realTime === coverOpen);
      expect(status.isPaperNearEnd).toBeNull();
    }
  });

  it('of one that holds the line is what it said before, until it answers again', async () => {
    const printer = new ScriptedPrinter();
    const driver = printer.driver();
    expect(await printer.settle(driver.status())).toMatchObject({ state: 'ready' });
    printer.say(...isOut);
    printer.isMute = true;
    const held = await printer.settle(driver.status());
    expect(held).toMatchObject({ isPaperOut: true, problem: null });
    const blocked = await printer.settle(print(driver, receipt));
    expect(blocked).toEqual({ state: 'blocked', reason: 'paper-out' });
    printer.say(...isWell);
    printer.isMute = false;
    expect(await printer.settle(driver.status())).toMatchObject({ state: 'ready', problem: null });
    // Nothing was said before this silence.
    printer.isMute = true;
    expect((await printer.settle(driver.status())).problem).toBe('timeout');
  });

  it('is bounded as a whole, not for each question', async () => {
    const printer = new ScriptedPrinter();
    printer.delayMs = 800;
    const asked = printer.driver().status();
    await printer.timers.advance(3000);
    expect(await Promise.race([asked, Promise.resolve(null)])).toMatchObject({ problem: null });
  });

  it('of a slow printer is not that of a silent one', async () => {
    const printer = new ScriptedPrinter();
    const driver = printer.driver();
    printer.delayMs = 300;
    expect(await printer.settle(driver.status())).toMatchObject({ state: 'ready' });
    printer.delayMs = 800;
    expect(await printer.settle(driver.status())).toMatchObject({ state: 'ready', problem: null });
  });
});

describe('an output that goes wrong by itself', () => {
  it('that cannot be encoded ends: retries would block all papers behind', async () => {
    const printer = new ScriptedPrinter();
    const driver = printer.driver();
    const broken = paper(line('Tea'), { type: 'barcode', symbology: 'code128', data: '123' });
    const last = await printer.settle(print(driver, broken));
    expect(last).toMatchObject({ state: 'unknown', error: { code: 'failure' } });
    expect(printer.hasWritten(Buffer.from('Tea'))).toBe(false);
    expect(printer.log).toEqual([
      'print.unprintable a bar or QR code has data that it cannot hold',
    ]);
    expect(await printer.settle(print(driver, receipt))).toMatchObject({ state: 'confirmed' });
  });

  it('takes no later one along', async () => {
    const printer = new ScriptedPrinter();
    const driver = printer.driver();
    const thrown = print(driver, receipt, () => {
      throw new Error('a listener’s own fault');
    });
    await expect(printer.settle(thrown)).rejects.toThrow('a listener');
    expect(await printer.settle(print(driver, receipt))).toMatchObject({ state: 'confirmed' });
    expect(await printer.settle(driver.test('cut'))).toMatchObject({ state: 'confirmed' });
  });

  it('tells the log what is missing on paper', async () => {
    const printer = new ScriptedPrinter();
    const korean = paper(line('Tea 한국'));
    const last = await printer.settle(print(printer.driver(), korean));
    expect(last).toMatchObject({ state: 'confirmed' });
    expect(printer.log).toEqual(['print.missing 한 국']);
  });
});

describe('on a line of 9600 baud', () => {
  const wholeFlush = Buffer.alloc(9224);

  async function started() {
    const printer = new ScriptedPrinter();
    printer.byteMs = 1000 / 960;
    const driver = printer.driver();
    expect(await printer.settle(driver.status())).toMatchObject({ state: 'ready' });
    return { printer, driver };
  }

  it.each([
    ['at once after the start', 0, 'drawer'],
    ['while the line is flushed', 3000, 'drawer'],
    ['tried from the device screen, while the line is flushed', 3000, 'test'],
  ])('a drawer opens within half a second: %s', async (_when, idleMs, how) => {
    const { printer, driver } = await started();
    await printer.timers.advance(idleMs);
    const opening = how === 'test' ? driver.test('drawer') : print(driver, { kind: 'drawer' });
    await printer.timers.advance(500);
    expect(printer.hasWritten(pulse)).toBe(true);
    expect(await printer.settle(opening)).toMatchObject({ state: 'confirmed' });
    // What the pulse could not wait for comes before the next receipt.
    expect(printer.hasWritten(wholeFlush)).toBe(false);
    await printer.settle(print(driver, receipt));
    expect(printer.hasWritten(wholeFlush)).toBe(true);
  });

  it('the first receipt finds the line flushed, and one after a doubt is flushed', async () => {
    const { printer, driver } = await started();
    await printer.timers.advance(11_000);
    expect(printer.hasWritten(wholeFlush)).toBe(true);
    printer.written.length = 0;
    expect(await printer.settle(print(driver, receipt))).toMatchObject({ state: 'confirmed' });
    expect(printer.hasWritten(wholeFlush)).toBe(false);
    printer.onId = () => printer.loseVoice();
    expect(await printer.settle(print(driver, receipt))).toMatchObject({ state: 'unknown' });
    printer.isMute = false;
    printer.onId = (id) => printer.answerId(id);
    expect(await printer.settle(print(driver, receipt))).toMatchObject({ state: 'confirmed' });
    expect(printer.hasWritten(wholeFlush)).toBe(true);
  });

  it('a printer that is not well is not flushed', async () => {
    const printer = new ScriptedPrinter();
    printer.realTime = coverOpen;
    await printer.settle(printer.driver().status());
    await printer.timers.advance(11_000);
    expect(printer.hasWritten(Buffer.alloc(9))).toBe(false);
  });
});

describe('a printer that never answers', () => {
  it('prints one after the other while a screen watches', async () => {
    const printer = new ScriptedPrinter();
    printer.isOneWay = true;
    const driver = printer.driver();
    driver.watch(true);
    for (const _paper of [1, 2]) {
      const last = await printer.settle(print(driver, receipt));
      expect(last).toEqual({ state: 'confirmed', ackLevel: 'none' });
    }
    await driver.close();
  });
});
