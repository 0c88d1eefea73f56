// Owns the HID POS rows of the lab's matrix: the shipped driver over node-hid on a real hidraw.
import assert from 'node:assert/strict';
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import type { Check, Lab } from '#test/lab/check.ts';
import {
  DATA_BYTES,
  fieldsOf,
  type HidLayout,
  hidDescriptors,
  reportBytes,
  scanReports,
  twinDescriptor,
} from '#test/lab/descriptors.ts';
import { type LabDevice, plugIn, pullOut } from '#test/lab/devices.ts';
import type { HidInterface, UsbIdentity } from '#test/lab/gadgets.ts';
import { exitChecks } from '#test/lab/hidExitChecks.ts';
import { honeywell, symbol, twinned, youjie } from '#test/lab/identities.ts';
import { openAsOther, openForCheck } from '#test/lab/scannerUnderTest.ts';
import { addressOf } from '#test/lab/system.ts';
import { pause, until } from '#test/lab/until.ts';

/** `twin` has Honeywell's layout, and the vendor's collection beside it. */
export type HidRow = 'honeywell' | 'symbol' | 'unnumbered' | 'twin';

const GOOD = '4006381333931';
const CONTINUATION_MS = 500;

const identities: Readonly<Record<HidRow, UsbIdentity>> = {
  honeywell,
  symbol,
  unnumbered: youjie,
  twin: twinned,
};
const layoutOf = (row: HidRow): HidLayout => (row === 'twin' ? 'honeywell' : row);

function interfacesOf(row: HidRow): readonly HidInterface[] {
  const layout = layoutOf(row);
  const scanner = {
    descriptor: hidDescriptors[layout],
    reportBytes: reportBytes[layout],
    isKeyboard: false,
  };
  const twin = { ...scanner, descriptor: twinDescriptor };
  return row === 'twin' ? [scanner, twin] : [scanner];
}

/** Unplugged after the check. */
export async function hidDevice(
  lab: Lab,
  row: HidRow,
  identity: UsbIdentity = identities[row],
): Promise<LabDevice> {
  const spec = { kind: 'hid', identity, interfaces: interfacesOf(row) } as const;
  const device = await lab.devices.make(`hid${identity.serialNumber}`, spec);
  lab.after(() => pullOut(device, 'hidraw', identity));
  return device;
}

function configurationOf(identity: UsbIdentity): ScannerConfiguration {
  return { type: 'hid', address: addressOf(identity), commands: 'honeywell' };
}

function till(lab: Lab, row: HidRow, identity = identities[row]) {
  return openForCheck(lab, configurationOf(identity));
}

async function opened(lab: Lab, row: HidRow) {
  const device = await hidDevice(lab, row);
  await plugIn(device, 'hidraw', identities[row]);
  const under = till(lab, row);
  await under.ready();
  return { device, under };
}

type Opened = Awaited<ReturnType<typeof opened>>;

function reads(row: HidRow, what: string, texts: readonly string[], aim = ']E0'): Check {
  return {
    id: `hid ${row}: ${what}`,
    async run(lab) {
      const { device, under } = await opened(lab, row);
      for (const text of texts) {
        await device.send(scanReports(layoutOf(row), text, { aim }));
        const { event } = await under.take('data');
        assert.equal(event.scanDataLabel, text);
        assert.equal(event.scanDataType, aim);
      }
      assert.equal(under.labels().length, texts.length);
    },
  };
}

/** Whatever is sent, nothing of it is read, and the good scan after it is. */
function bad(row: HidRow, what: string, send: (opened: Opened) => Promise<void>): Check {
  return {
    id: `hid ${row}: ${what}`,
    async run(lab) {
      const { device, under } = await opened(lab, row);
      await send({ device, under });
      await device.send(scanReports(layoutOf(row), GOOD));
      await under.take('data', ({ event }) => event.scanDataLabel === GOOD);
      assert.deepEqual(under.labels(), [GOOD]);
    },
  };
}

const digits = (count: number): string => '1234567890'.repeat(500).slice(0, count);

function normalChecks(row: HidRow): readonly Check[] {
  return [
    reads(row, 'reads 8, 12, 13 and 18 digits', [8, 12, 13, 18].map(digits)),
    reads(row, 'reads 56, 57 and 140 bytes', [DATA_BYTES, DATA_BYTES + 1, 140].map(digits), ']Q1'),
    reads(row, 'reads 4,000 bytes', [digits(4000)], ']Q1'),
  ];
}

function badChecks(row: HidRow): readonly Check[] {
  const layout = layoutOf(row);
  const at = fieldsOf(layout);
  const changed = (change: (report: Uint8Array) => void): readonly Uint8Array[] =>
    scanReports(layout, '99999999').map((report) => {
      change(report);
      return report;
    });
  const aimChange = [
    ...scanReports(layout, digits(DATA_BYTES), { aim: ']Q1', isContinued: true }),
    ...scanReports(layout, GOOD),
  ];
  return [
    // Where reports have no number, the same byte is a count that cannot be.
    bad(row, 'a report of another id', ({ device }) =>
      device.send(
        changed((report) => {
          report[0] = layout === 'unnumbered' ? 99 : 9;
        }),
      ),
    ),
    bad(row, 'counts of 57 to 255', async ({ device }) => {
      for (let count = DATA_BYTES + 1; count <= 255; count += 1) {
        await device.send(scanReports(layout, '99999999', { count }));
      }
    }),
    bad(row, 'a count of 0', ({ device }) => device.send(scanReports(layout, '', { count: 0 }))),
    // Newland's answer, byte by byte (scanners.md §2.2).
    bad(row, 'no AIM identifier', ({ device }) =>
      device.send(
        changed((report) => {
          report.set([0x00, 0x00, 0x08], at.aim);
          report[at.count] = 0x0e;
        }),
      ),
    ),
    bad(row, 'a short report', ({ device }) =>
      device.send(scanReports(layout, '99999999').map((report) => report.subarray(0, 8))),
    ),
    bad(row, 'NUL within the data', ({ device }) =>
      device.send(scanReports(layout, '9999\x009999')),
    ),
    bad(row, 'continued without an end', async ({ device }) => {
      await device.send(scanReports(layout, digits(DATA_BYTES), { isContinued: true }));
      await pause(CONTINUATION_MS * 2);
    }),
    {
      id: `hid ${row}: the AIM identifier changes midway`,
      async run(lab) {
        const { device, under } = await opened(lab, row);
        await device.send(aimChange);
        await under.take('data', ({ event }) => event.scanDataLabel === GOOD);
        assert.deepEqual(under.labels(), [GOOD]);
      },
    },
    bad(row, 'the answer to a command', ({ device }) =>
      device.send(scanReports(layout, '\x06', { aim: ']Z6' })),
    ),
  ];
}

async function readsOn({ device, under }: Opened, row: HidRow, text: string): Promise<void> {
  await device.send(scanReports(layoutOf(row), text));
  assert.equal(await under.label(), text);
}

async function comesBack({ device, under }: Opened, row: HidRow, text: string): Promise<void> {
  await device.plug();
  await under.ready();
  await readsOn({ device, under }, row, text);
}

function comesAndGoesChecks(row: HidRow): readonly Check[] {
  return [
    {
      id: `hid ${row}: absent at the start`,
      async run(lab) {
        const device = await hidDevice(lab, row);
        const under = till(lab, row);
        const { state, error } = await under.take('state');
        assert.deepEqual([state, error?.code], ['absent', 'no-hardware']);
        await comesBack({ device, under }, row, GOOD);
      },
    },
    {
      id: `hid ${row}: unplugged while idle, and plugged in again`,
      async run(lab) {
        const { device, under } = await opened(lab, row);
        const before = performance.now();
        await device.unplug();
        const { error } = await under.take('state', ({ state }) => state === 'lost');
        lab.say(`seen after ${Math.round(performance.now() - before)} ms: ${error?.detail}`);
        assert.equal(error?.code, 'offline');
        await comesBack({ device, under }, row, GOOD);
      },
    },
    {
      id: `hid ${row}: unplugged in the middle of a scan`,
      async run(lab) {
        const { device, under } = await opened(lab, row);
        await device.send(scanReports(layoutOf(row), digits(DATA_BYTES), { isContinued: true }));
        await pause(100);
        await device.unplug();
        await under.lost();
        assert.deepEqual(under.labels(), []);
        await comesBack({ device, under }, row, GOOD);
      },
    },
    {
      id: `hid ${row}: unplugged during the first commands`,
      async run(lab) {
        const device = await hidDevice(lab, row);
        const under = till(lab, row);
        for (const delayMs of [0, 3, 10, 30, 100]) {
          await device.plug();
          await pause(delayMs);
          await device.unplug();
        }
        await plugIn(device, 'hidraw', identities[row]);
        await under.ready();
        under.scanner.feedback('good');
        await device.unplug();
        await under.lost();
        await comesBack({ device, under }, row, GOOD);
      },
    },
    {
      id: `hid ${row}: unplugged and plugged in ten times`,
      async run(lab) {
        const { device, under } = await opened(lab, row);
        for (let round = 0; round < 10; round += 1) {
          await device.unplug();
          await under.lost();
          await comesBack({ device, under }, row, `77000${round}`);
        }
      },
    },
  ];
}

function companyChecks(row: HidRow): readonly Check[] {
  return [
    {
      id: `hid ${row}: a second device of the same model`,
      async run(lab) {
        const { device, under } = await opened(lab, row);
        const other: UsbIdentity = { ...identities[row], serialNumber: `${row}2` };
        const second = await hidDevice(lab, row, other);
        await plugIn(second, 'hidraw', other);
        const beside = till(lab, row, other);
        await beside.ready();
        await second.send(scanReports(layoutOf(row), '22222222'));
        assert.equal(await beside.label(), '22222222');
        await readsOn({ device, under }, row, '11111111');
        assert.deepEqual([under.labels(), beside.labels()], [['11111111'], ['22222222']]);
        // The first goes: its reads must not come from the other one.
        await device.unplug();
        await under.lost();
        await second.send(scanReports(layoutOf(row), '33333333'));
        assert.equal(await beside.label(), '33333333');
        await comesBack({ device, under }, row, GOOD);
        assert.deepEqual(under.labels(), ['11111111', GOOD]);
      },
    },
    {
      id: `hid ${row}: a second program reads the same device`,
      async run(lab) {
        const { device, under } = await opened(lab, row);
        const second = openAsOther(lab, configurationOf(identities[row]));
        await second.ready();
        await device.send(scanReports(layoutOf(row), GOOD));
        await until(() => under.labels().length > 0 && second.labels().length > 0, 'both to read');
        await second.scanner.release();
        await device.send(scanReports(layoutOf(row), '55555555'));
        await until(() => under.labels().length > 1, 'the first to read on');
        assert.deepEqual([under.labels(), second.labels()], [[GOOD, '55555555'], [GOOD]]);
      },
    },
  ];
}

const twinChecks: readonly Check[] = [
  {
    id: "hid twin: what the vendor's collection sends is not read",
    async run(lab) {
      const { device, under } = await opened(lab, 'twin');
      // Nobody has opened it: the kernel keeps the first report for whoever will.
      await device.send(scanReports('honeywell', '99999999'), 1);
      await readsOn({ device, under }, 'twin', GOOD);
      assert.deepEqual(under.labels(), [GOOD]);
    },
  },
];

function rowChecks(row: HidRow): readonly Check[] {
  return [
    ...normalChecks(row),
    ...badChecks(row),
    ...comesAndGoesChecks(row),
    ...companyChecks(row),
    ...exitChecks(row, (lab) => opened(lab, row).then(({ under }) => under.scanner.release()), {
      type: 'hid',
      address: addressOf(identities[row]),
      commands: 'none',
    }),
  ];
}

const commandCheck: Check = {
  id: 'hid honeywell: a good read is told to the scanner, and report 254 wakes it',
  async run(lab) {
    const { device, under } = await opened(lab, 'honeywell');
    const hears = (bytes: Buffer, what: string) =>
      until(async () => Buffer.from(await device.received()).includes(bytes), what);
    // Sent as soon as it is open, and nothing waits for it.
    await hears(Buffer.from([254, 1]), 'feature report 254');
    await readsOn({ device, under }, 'honeywell', GOOD);
    under.scanner.feedback('good');
    await hears(Buffer.from('fd0316070d', 'hex'), 'the beep');
  },
};

export const hidChecks: readonly Check[] = [
  ...(['honeywell', 'symbol', 'unnumbered', 'twin'] as const).flatMap(rowChecks),
  ...twinChecks,
  commandCheck,
];
