// Owns the serial row of the lab's matrix: the shipped driver on a real /dev/ttyACM.
import assert from 'node:assert/strict';
import { type ScannerConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import { type LabDevice, plugIn, pullOut } from '#test/lab/devices.ts';
import type { UsbIdentity } from '#test/lab/gadgets.ts';
import { datalogic } from '#test/lab/identities.ts';
import { openAsOther, openForCheck } from '#test/lab/scannerUnderTest.ts';
import { addressOf, nodeOf } from '#test/lab/system.ts';
import { pause } from '#test/lab/until.ts';

const EAN = '4006381333931';
/** A till that does nothing else uses a few percent even in emulation; a spin uses all. */
const IDLE_SHARE_MAX = 0.5;

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Plugged in by the check; unplugged after it. */
export async function serialDevice(lab: Lab, identity: UsbIdentity): Promise<LabDevice> {
  const name = `serial${identity.serialNumber}`;
  const device = await lab.devices.make(name, { kind: 'serial', identity });
  lab.after(() => pullOut(device, 'tty', identity));
  return device;
}

function configurationOf(address: string): ScannerConfiguration {
  return { ...serialScannerDefaults, address };
}

async function opened(lab: Lab) {
  const device = await serialDevice(lab, datalogic);
  await plugIn(device, 'tty', datalogic);
  const till = openForCheck(lab, configurationOf(addressOf(datalogic)));
  await till.ready();
  return { device, till };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** Sent as they are; then a good scan must be read, and nothing else but `also`. */
function bad(what: string, parts: readonly string[], also: readonly string[] = []): Check {
  return {
    id: `serial: ${what}`,
    async run(lab) {
      const { device, till } = await opened(lab);
      for (const part of parts) {
        await device.send(bytes(part));
        await pause(400);
      }
      await device.send(bytes(`${EAN}\r`));
      await till.take('data', ({ event }) => event.scanDataLabel === EAN);
      assert.deepEqual(till.labels(), [...also, EAN]);
    },
  };
}

function reads(what: string, sent: string): Check {
  return {
    id: `serial: ${what}`,
    async run(lab) {
      const { device, till } = await opened(lab);
      await device.send(bytes(sent));
      const { event } = await till.take('data');
      assert.equal(event.scanDataLabel, EAN);
      if (sent.includes(']E0')) assert.equal(event.scanDataType, ']E0');
      await pause(400);
      assert.deepEqual(till.labels(), [EAN]);
    },
  };
}

/** The share of one core that this process uses over the next time. */
async function cpuShare(overMs: number): Promise<number> {
  const before = process.cpuUsage();
  await pause(overMs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / overMs;
}

/**
 * The lowest share of five times: a spin never ends, while an emulated processor that has to wait
 * for its own computer counts the wait as work.
 */
async function lowestShare(): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 5 && lowest >= IDLE_SHARE_MAX; time += 1) {
    lowest = Math.min(lowest, await cpuShare(2000));
  }
  return lowest;
}

/** What must follow an unplug: no spin, and a read after the replug. */
async function idlesAndComesBack(lab: Lab, { device, till }: Opened): Promise<void> {
  const share = await lowestShare();
  lab.say(`${Math.round(share * 100)} % of a core after the unplug`);
  assert.ok(share < IDLE_SHARE_MAX, 'the process spins');
  await device.plug();
  await till.ready();
  await device.send(bytes(`${EAN}\r`));
  assert.equal(await till.label(), EAN);
}

function unplugAfter(delayMs: number): Check {
  return {
    id: `serial: unplugged ${delayMs} ms after it opened`,
    async run(lab) {
      const { device, till } = await opened(lab);
      await pause(delayMs);
      await device.unplug();
      await till.lost();
      await idlesAndComesBack(lab, { device, till });
    },
  };
}

/** Stops this whole process, as a long computation would: no port of it is being read. */
function block(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

const notReading: Check = {
  id: 'serial: unplugged while the till does not read',
  async run(lab) {
    const { device, till } = await opened(lab);
    const unplugged = device.unplug();
    block(3000);
    await unplugged;
    await till.lost();
    await idlesAndComesBack(lab, { device, till });
  },
};

const anotherNode: Check = {
  id: 'serial: back as another node, its own taken by another device',
  async run(lab) {
    const { device, till } = await opened(lab);
    const other = await serialDevice(lab, { ...datalogic, serialNumber: 'D2' });
    const before = await nodeOf('tty', datalogic);
    await device.unplug();
    await till.lost();
    const taken = await plugIn(other, 'tty', { ...datalogic, serialNumber: 'D2' });
    assert.equal(taken, before, 'the other device has the name');
    await pause(3000);
    const after = await plugIn(device, 'tty', datalogic);
    assert.notEqual(after, before);
    lab.say(`${before} -> ${after}`);
    await till.ready();
    await other.send(bytes('999999\r'));
    await device.send(bytes(`${EAN}\r`));
    assert.equal(await till.label(), EAN);
    assert.deepEqual(till.labels(), [EAN], 'nothing of the other device');
  },
};

const locked: Check = {
  id: 'serial: another program has the port',
  async run(lab) {
    const { till } = await opened(lab);
    const second = openAsOther(lab, configurationOf(addressOf(datalogic)));
    const { error } = await second.take('state', (event) => event.error !== null);
    assert.equal(error?.code, 'claimed-elsewhere');
    await till.scanner.release();
    await second.ready();
  },
};

/** Seven data bits and even parity, read as eight bits. */
function withParity(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.charCodeAt(0);
      const isOdd = [...code.toString(2)].filter((bit) => bit === '1').length % 2 === 1;
      return String.fromCharCode(isOdd ? code | 0x80 : code);
    })
    .join('');
}

export const serialChecks: readonly Check[] = [
  reads('ends with CR', `${EAN}\r`),
  reads('ends with CR LF', `${EAN}\r\n`),
  reads('ends with TAB', `${EAN}\t`),
  reads('between STX and ETX', `\u0002${EAN}\u0003`),
  reads('ends with silence', EAN),
  reads('begins with an AIM identifier', `]E0${EAN}\r`),
  {
    id: 'serial: half a frame, a pause, the rest',
    async run(lab) {
      const { device, till } = await opened(lab);
      await device.send(bytes('40063'));
      await pause(100);
      await device.send(bytes('81333931\r'));
      assert.equal(await till.label(), EAN);
    },
  },
  {
    id: 'serial: two scans in one chunk',
    async run(lab) {
      const { device, till } = await opened(lab);
      await device.send(bytes(`111111\r${EAN}\r`));
      assert.equal(await till.label(), '111111');
      assert.equal(await till.label(), EAN);
    },
  },
  bad('10 kB without a suffix', ['7'.repeat(10_000), '\r']),
  bad('NUL and 0xFF', ['\0\0\u00ff40\0\r']),
  bad('CR twice', ['111111\r\r'], ['111111']),
  bad('read without its parity', [withParity(`${EAN}\r`), '\r']),
  // A modem's answer is a frame like any other: it must spoil nothing but itself.
  {
    id: 'serial: the echo of a modem probe',
    async run(lab) {
      const { device, till } = await opened(lab);
      await device.send(bytes('AT\r\r\nERROR\r\n'));
      await pause(400);
      await device.send(bytes(`${EAN}\r`));
      await till.take('data', ({ event }) => event.scanDataLabel === EAN);
      assert.ok(till.labels().every((label) => ['AT', 'ERROR', EAN].includes(label)));
    },
  },
  ...[0, 5, 20, 200].map(unplugAfter),
  notReading,
  anotherNode,
  locked,
];
