// Goal: the shipped scanner driver keeps its contract on a fake port and on a real one.
// Method: one suite (scanner.ts) over ports of this process, over a pseudo-terminal that serialport
// opens; what a hand can do (scannerByHand.ts) on a pseudo-terminal, and on the device that
// TILL_TEST_SCANNER names, where a person is asked for each step.
import { readdir, readlink, realpath } from 'node:fs/promises';
import { setTimeout as waitMs } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type ScannerConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import { openPtyPair } from '#drivers/virtual/ptyPair.ts';
import { describeScanner } from '#test/conformance/scanner.ts';
import { describeScannerByHand, type Step } from '#test/conformance/scannerByHand.ts';
import {
  benchOnFakePorts,
  benchOnPty,
  claimReady,
  listenAt,
  openForTest,
  openPty,
  ptyOrSkip,
} from '#test/support/scannerBenches.ts';

/** For steps that a person does between looking at scanner and screen. */
const HAND_MS = 180_000;
const SECONDS_MS = 20_000;
/** Slower than a scanner's own repeat of a code, which would be left out. */
const HAND_PACE_MS = 150;

function serialAt(address: string): ScannerConfiguration {
  return { ...serialScannerDefaults, address };
}

describeScanner('ports of this process', benchOnFakePorts(serialAt));

describeScanner(
  'a pseudo-terminal through serialport',
  benchOnPty((address) => ({ ...serialScannerDefaults, address, baudRate: 115_200 })),
);

it('leaves no port open behind an unplug, told of it or not', async (context) => {
  if (process.platform !== 'linux') return context.skip('open files can be listed on Linux only');
  const hand = await ptyOrSkip(context);
  const terminal = await realpath(hand.path);
  const scanner = openForTest(serialAt(hand.path));
  await new Promise<void>((resolve) => {
    scanner.claim((event) => {
      if (event.type !== 'state') return;
      if (event.state === 'ready') void hand.send(Buffer.from('4006')).then(() => hand.unplug());
      if (event.state === 'lost') resolve();
    });
  });
  const files = await readdir('/proc/self/fd');
  const targets = await Promise.all(
    files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => '')),
  );
  expect(targets.filter((target) => target.startsWith(terminal))).toEqual([]);
});

it('refuses a port that another program has open, and says so', async (context) => {
  const { path } = await ptyOrSkip(context);
  // Not by a second driver: that would not even try a port that the till has open.
  const line = { baudRate: 9600, parity: 'none', flowControl: 'none' } as const;
  const deaf = { onData: () => undefined, onClosed: () => undefined };
  const other = await thisComputer.serial.open(path, line, deaf);
  if (!other.ok) throw new Error(other.error.detail);
  onTestFinished(() => other.value.close());
  const second = openForTest(serialAt(path));
  const code = await new Promise((resolve) => {
    second.claim((event) => {
      if (event.type === 'state' && event.error !== null) resolve(event.error.code);
    });
  });
  expect(code).toBe('claimed-elsewhere');
});

it('makes no pair where its links cannot be', async (context) => {
  const made = await openPtyPair('/nonexistent/near', '/nonexistent/far');
  if (!made.ok && made.error.code === 'socat-missing') return context.skip('no socat');
  expect(made).toMatchObject({ ok: false, error: { code: 'socat-failed' } });
});

it('answers on the line, and holds its tongue between XOFF and XON', async (context) => {
  const hand = await ptyOrSkip(context);
  const { heard, hear } = await listenAt(hand);
  const scanner = openForTest({
    ...serialScannerDefaults,
    address: hand.path,
    flowControl: 'xon-xoff',
    isAcknowledged: true,
    commands: 'datalogic',
  });
  const labels: string[] = [];
  let read = (): void => undefined;
  await claimReady(scanner, (event) => {
    if (event.type !== 'data') return;
    labels.push(event.event.scanDataLabel);
    scanner.setDataEventEnabled(true);
    read();
  });
  scanner.setDataEventEnabled(true);
  await hand.scan('1111');
  expect(await hear(1)).toEqual([0x06]);
  await hand.send(Buffer.from([0x13]));
  for (const number of ['2222', '3333']) {
    const done = new Promise<void>((resolve) => {
      read = resolve;
    });
    await hand.scan(number);
    await done;
  }
  scanner.feedback('bad');
  expect(heard).toEqual([]);
  await hand.send(Buffer.from([0x11]));
  expect(await hear(4)).toEqual([0x06, 0x06, 0x46, 0x45]);
  expect(labels).toEqual(['1111', '2222', '3333']);
});

/** How the device of TILL_TEST_SCANNER is set: TILL_TEST_SCANNER_TYPE is serial, ssi or hid. */
function configurationOf(address: string, type: string): ScannerConfiguration {
  if (type === 'ssi') return { type, address, baudRate: serialScannerDefaults.baudRate };
  if (type === 'hid') return { type, address, commands: 'none' };
  return serialAt(address);
}

describeScannerByHand(
  'a pseudo-terminal through serialport',
  async () => {
    const hand = await openPty();
    if (typeof hand === 'string') return hand;
    const steps: Readonly<Record<Step, () => Promise<unknown>>> = {
      'scan A': () => hand.scan('4006381333931'),
      'scan B': () => hand.scan('2990000000017'),
      unplug: () => hand.unplug(),
      'plug in': () => hand.replug('ttyACM7'),
    };
    return {
      scanner: openScanner(serialAt(hand.path)),
      isUnplugSeen: true,
      quietMs: 200,
      async ask(...wanted) {
        for (const step of wanted) {
          await waitMs(HAND_PACE_MS);
          await steps[step]();
        }
      },
      see: () => undefined,
    };
  },
  SECONDS_MS,
);

describeScannerByHand(
  'the one that TILL_TEST_SCANNER names',
  async () => {
    const address = process.env['TILL_TEST_SCANNER'];
    if (address === undefined) return 'TILL_TEST_SCANNER names no device';
    const type = process.env['TILL_TEST_SCANNER_TYPE'] ?? 'serial';
    return {
      scanner: openScanner(configurationOf(address, type)),
      isUnplugSeen: !/^(\/dev\/ttyS|COM)/.test(address),
      quietMs: 10_000,
      async ask(...wanted) {
        process.stderr.write(`${address}: ${wanted.join(', then ')}\n`);
      },
      see(event) {
        if (event.type === 'state') process.stderr.write(`${event.state}\n`);
        if (event.type !== 'trace') return;
        const { bytes, ending } = event.trace;
        process.stderr.write(`${Buffer.from(bytes).toString('hex')} ${ending}\n`);
      },
    };
  },
  HAND_MS,
);
