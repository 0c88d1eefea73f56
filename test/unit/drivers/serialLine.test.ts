// Goal: a serial scanner gets the line, the answers and the beeps that it is set for, in time.
// Method: the shipped driver on the fake ports, which hear what is written and can take nothing;
// the pure protocol for what the bytes alone decide.
import { describe, expect, it } from 'vitest';
import { type ScannerConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
import { createFakePorts } from '#drivers/fake/port.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import { commandsFor, feedbackCommand } from '#drivers/scanner/feedback.ts';
import type { ScannerEvent } from '#drivers/scanner/scanner.ts';
import { createSerialProtocol } from '#drivers/scanner/serial/serial.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';

const path = '/dev/ttyS0';
const ean = '4006381333931';

type Serial = Partial<ScannerConfiguration & { type: 'serial' }>;

async function opened(settings: Serial = {}) {
  const timers = createManualTimers();
  const ports = createFakePorts(timers);
  ports.plug(path);
  const heard: string[] = [];
  ports.onWritten(path, (bytes) => heard.push(Buffer.from(bytes).toString('latin1')));
  const configuration = { ...serialScannerDefaults, address: path, ...settings };
  const scanner = openScanner(configuration, undefined, { ...thisComputer, serial: ports });
  const events: ScannerEvent[] = [];
  scanner.claim((event) => {
    events.push(event);
    if (event.type === 'data') scanner.setDataEventEnabled(true);
  });
  scanner.setDataEventEnabled(true);
  await timers.advance(0);
  events.length = 0;
  const send = async (text: string): Promise<void> => {
    ports.send(path, Buffer.from(text, 'latin1'));
    await timers.advance(0);
  };
  const said = (): string[] =>
    events.splice(0).map((event) => {
      if (event.type === 'data') return event.event.scanDataLabel;
      return event.type === 'unreadable' ? event.reason : event.type;
    });
  return { timers, ports, scanner, send, said, heard: () => heard.splice(0), events };
}

it('opens the line as it is set', async () => {
  const { ports } = await opened({ baudRate: 115_200, parity: 'even', flowControl: 'xon-xoff' });
  expect(ports.settingsOf(path)).toEqual({
    baudRate: 115_200,
    parity: 'even',
    flowControl: 'xon-xoff',
  });
});

describe('a scanner that waits for answers', () => {
  it('gets ACK for a frame and NAK for what cannot be read, once for each', async () => {
    const { send, said, heard } = await opened({ isAcknowledged: true });
    await send(`${ean}\r\r`);
    expect(heard()).toEqual(['\u0006']);
    await send('400\0');
    expect(heard()).toEqual([]);
    await send('6381\r\r');
    expect(heard()).toEqual(['\u0015']);
    expect(said()).toEqual([ean, 'noise']);
  });

  it('gets an answer for each that is spoilt, and the cashier one word for the burst', async () => {
    const { timers, send, said, heard } = await opened({ isAcknowledged: true });
    for (let count = 0; count < 3; count += 1) {
      await send('40063\xb81333931\r');
      expect(heard()).toEqual(['\u0015']);
      await timers.advance(50);
    }
    await send('400\0');
    expect(heard()).toEqual([]);
    await timers.advance(300);
    expect(heard()).toEqual(['\u0015']);
    expect(said()).toEqual(['noise']);
  });

  it('gets one answer for one read, though the symbol holds a line end', async () => {
    const { send, said, heard } = await opened({ isAcknowledged: true });
    await send(']Q1hello\r4006381333931\r');
    expect(heard()).toEqual(['\u0006']);
    expect(said()).toEqual(['hello', 'noise']);
  });

  it('is booked once for what it sends again', async () => {
    const { timers, send, said, heard } = await opened({ isAcknowledged: true });
    await send('40063\xb81333931\r');
    await timers.advance(20);
    await send(`${ean}\r`);
    await timers.advance(60);
    await send(`${ean}\r`);
    expect(heard()).toEqual(['\u0015', '\u0006', '\u0006']);
    expect(said()).toEqual(['noise', ean, 'suppressed']);
    await timers.advance(200);
    await send(`${ean}\r`);
    expect(said()).toEqual([ean]);
  });

  it('reads on when it hears no answers', async () => {
    const { ports, send, said, timers } = await opened({ isAcknowledged: true });
    ports.stall(path, true);
    await send('1111\r');
    await send('2222\r');
    expect(said()).toEqual(['1111', '2222']);
    ports.unplug(path);
    await timers.advance(0);
    expect(said()).toEqual(['state']);
  });
});

describe('a scanner in host ACK mode stands still until it is told', () => {
  const good = '\u001b7,';
  const bad = '\u001b8,\u001b8,';
  const settings = { isAcknowledged: true, commands: 'honeywell' } as const;
  /** Of each answer what host ACK mode knows. */
  const toldOf = (heard: readonly string[]): string[] =>
    heard
      .map((bytes) => (['\u0006', '\u0015'].includes(bytes.charAt(0)) ? bytes.slice(1) : bytes))
      .filter((rest) => rest !== '');

  it('what became of a scan, once, and of the scanner’s repeat', async () => {
    const { scanner, timers, send, said, heard } = await opened(settings);
    await send(`${ean}\r`);
    scanner.feedback('bad');
    await timers.advance(0);
    expect(toldOf(heard())).toEqual([bad]);
    await timers.advance(30);
    await send(`${ean}\r`);
    expect(said()).toEqual([ean, 'suppressed']);
    expect(toldOf(heard())).toEqual([good]);
  });

  it.each([
    ['noise', '40\0'],
    ['too-long', '7'.repeat(5000)],
    ['incomplete', ']E0'],
  ])('that a read is none: %s', async (reason, sent) => {
    const { send, said, heard } = await opened(settings);
    await send(`${sent}\r`);
    expect(said()).toEqual([reason]);
    expect(toldOf(heard())).toEqual([bad]);
  });

  it('that a scan is dropped, by a queue that is full or by a till that is locked', async () => {
    const { scanner, send, said, heard } = await opened(settings);
    scanner.setDataEventEnabled(false);
    for (let count = 1; count <= 16; count += 1) await send(`${count}\r`);
    expect(toldOf(heard())).toEqual([]);
    await send('17\r');
    expect(said()).toEqual(['overflow']);
    expect(toldOf(heard())).toEqual([bad]);
    scanner.clearInput();
    scanner.setDataEventEnabled(true);
    await send('');
    expect(toldOf(heard())).toEqual(Array.from({ length: 16 }, () => bad));
    expect(said()).toEqual([]);
  });

  it('and in no other mode', async () => {
    for (const mode of [{ ...settings, isAcknowledged: false }, { isAcknowledged: true }]) {
      const { send, heard } = await opened(mode);
      await send('1\r1\r40\0\r');
      expect(toldOf(heard())).toEqual([]);
    }
  });
});

describe('what is no scan', () => {
  it.each(['AT', 'ATE1 E0', 'ATI', 'ATZ', 'AT+CGMI', 'AT+GMI', 'AT^CURC=0', 'AT*NAME', 'AT$Q'])(
    'is a modem’s probe that comes back: %s',
    async (probe) => {
      const { send, said, heard } = await opened({ isAcknowledged: true });
      await send(`${probe}\r`);
      expect(said()).toEqual(['noise']);
      expect(heard()).toEqual([]);
    },
  );

  it.each(['ATLAS-12', 'AT4006', 'ATX12345', ']C0AT'])('but %s is one', async (code) => {
    const { send, said } = await opened();
    await send(`${code}\r`);
    expect(said()).toEqual([code.replace(']C0', '')]);
  });

  it.each([
    ['even', 0],
    ['odd', 1],
  ] as const)('is a number sent with %s parity to a line without', (_name, wanted) => {
    const withParity = (text: string): Uint8Array =>
      Buffer.from(text).map((byte) => {
        const ones = byte.toString(2).replaceAll('0', '').length;
        return ones % 2 === wanted ? byte : byte | 0x80;
      });
    const language = { isAcknowledged: false, commands: 'none' } as const;
    for (let number = 1_000_000; number < 1_000_500; number += 1) {
      const protocol = createSerialProtocol(language, () => false);
      const events = [...protocol.push(withParity(`${number * 7}\r`), 0), ...protocol.tick(300)];
      for (const event of events) {
        if (event.type === 'frame') expect(event.text).toBe(`${number * 7}`);
        else expect(event).toEqual({ type: 'unreadable', reason: 'noise' });
      }
      expect(events).toHaveLength(1);
    }
  });
});

describe('feedback', () => {
  const words = (...parts: Parameters<typeof feedbackCommand>): string | null => {
    const command = feedbackCommand(...parts);
    return command === null ? null : Buffer.from(command).toString('latin1');
  };

  it('is each maker’s command, or none', () => {
    expect(words('none', 'good', false)).toBeNull();
    expect(words('honeywell', 'good', false)).toBe('\u0016\u0007\r');
    expect(words('honeywell', 'bad', false)).toBeNull();
    expect(words('honeywell', 'good', true)).toBe('\u001b7,');
    expect(words('honeywell', 'bad', true)).toBe('\u001b8,\u001b8,');
    expect(words('datalogic', 'good', false)).toBe('B');
    expect(words('datalogic', 'bad', false)).toBe('FE');
    expect(words('cipherlab', 'good', false)).toBe('#@////\r');
    expect(words('cipherlab', 'bad', false)).toBeNull();
  });

  it('can be chosen where the kind of scanner has a way for it', () => {
    expect(commandsFor('serial')).toEqual(['none', 'honeywell', 'datalogic', 'cipherlab']);
    expect(commandsFor('hid')).toEqual(['none', 'honeywell']);
    expect(commandsFor('ssi')).toEqual(['none']);
  });

  it('never leaves a scanner of Datalogic off: what turns it on goes with it', async () => {
    const { scanner, timers, heard } = await opened({ commands: 'datalogic' });
    scanner.feedback('bad');
    await timers.advance(0);
    expect(heard()).toEqual(['FE']);
    expect(timers.pendingCount()).toBe(1);
  });

  it('waits for an answer that is under way, and no longer than 250 ms', async () => {
    const settings = { commands: 'datalogic', isAcknowledged: true } as const;
    const { ports, scanner, timers, send, heard } = await opened(settings);
    ports.stall(path, true);
    await send(`${ean}\r`);
    scanner.feedback('good');
    await timers.advance(249);
    ports.stall(path, false);
    await timers.advance(0);
    expect(heard()).toEqual(['\u0006', 'B']);
    ports.stall(path, true);
    await send('1111\r');
    scanner.feedback('good');
    await timers.advance(250);
    ports.stall(path, false);
    await timers.advance(1000);
    expect(heard()).toEqual(['\u0006']);
  });

  it('does not queue behind a write that is stuck, and works again after it', async () => {
    const { ports, scanner, timers, heard } = await opened({ commands: 'datalogic' });
    ports.stall(path, true);
    for (let count = 0; count < 50; count += 1) {
      scanner.feedback('good');
      await timers.advance(100);
    }
    await timers.advance(250);
    ports.stall(path, false);
    await timers.advance(0);
    expect(heard()).toEqual(['B']);
    scanner.feedback('bad');
    await timers.advance(0);
    expect(heard()).toEqual(['FE']);
  });

  it('is nothing while no device is open, and sets no alarm that outlives it', async () => {
    const { ports, scanner, timers, send, heard } = await opened({
      commands: 'datalogic',
      isAcknowledged: true,
    });
    ports.stall(path, true);
    await send('1\r');
    scanner.feedback('good');
    ports.unplug(path);
    await timers.advance(0);
    scanner.feedback('good');
    ports.stall(path, false);
    await scanner.release();
    expect(timers.pendingCount()).toBe(0);
    expect(heard()).toEqual([]);
  });
});

describe('traced', () => {
  it.each([
    ['cr', `${ean}\r`],
    ['cr', `${ean}\r\r`],
    ['lf', `${ean}\n`],
    ['cr-lf', `${ean}\r\n`],
    ['tab', `${ean}\t`],
    ['etx', `\u0002${ean}\u0003`],
    ['none', ean],
  ])('a read ends with %s', async (ending, sent) => {
    const { scanner, timers, send, events } = await opened();
    scanner.setTracing(true);
    await send(sent.slice(0, 4));
    await timers.advance(20);
    await send(sent.slice(4, -1));
    await timers.advance(10);
    await send(sent.slice(-1));
    await timers.advance(300);
    const traces = events.filter((event) => event.type === 'trace');
    expect(traces.map(({ trace }) => trace)).toEqual([
      {
        deviceId: `serial:${path}`,
        bytes: Uint8Array.from(Buffer.from(sent)),
        byteCount: sent.length,
        durationMs: 30,
        ending,
      },
    ]);
  });

  it('reads are two, whole or not, and a long one is cut to 256 bytes', async () => {
    const { scanner, timers, send, events } = await opened();
    scanner.setTracing(true);
    await send(`1111\r\n${'\0'.repeat(5000)}\r`);
    await timers.advance(300);
    const traces = events.flatMap((event) => (event.type === 'trace' ? [event.trace] : []));
    expect(traces.map(({ byteCount, bytes }) => [byteCount, bytes.length])).toEqual([
      [6, 6],
      [5001, 256],
    ]);
  });
});
