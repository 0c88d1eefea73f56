// Goal: two scanners of one model on one till are told apart, over any unplug and any name.
// Method: two of the shipped driver on the fake ports, and on HID that lets both in, under a clock
// that only the test moves.
import { describe, expect, it } from 'vitest';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import { createFakePorts, type FakeIdentity } from '#drivers/fake/port.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import { failure, success } from '#drivers/result.ts';
import type { HidSystem } from '#drivers/scanner/hid/hidSystem.ts';
import type { PortListener } from '#drivers/scanner/ports.ts';
import type { Timers } from '#drivers/timers.ts';
import { encodeHidScan } from '#drivers/virtual/hidScanner.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';

const model = { vendorId: '0c2e', productId: '1007', serialNumber: null, usbPlace: null };

function setUp(addresses: readonly string[]) {
  const timers = createManualTimers();
  const ports = createFakePorts(timers);
  const systems = { ...thisComputer, serial: ports };
  const reads: string[] = [];
  const scanners = addresses.map((address) => {
    const scanner = openScanner({ ...serialScannerDefaults, address }, addresses, systems);
    scanner.claim((event) => {
      if (event.type !== 'data') return;
      reads.push(`${event.event.deviceId} ${event.event.scanDataLabel}`);
      scanner.setDataEventEnabled(true);
    });
    scanner.setDataEventEnabled(true);
    return scanner;
  });
  const scan = (path: string, text: string): void => ports.send(path, Buffer.from(`${text}\r`));
  return { timers, ports, scanners, scan, said: () => reads.splice(0) };
}

describe.each([
  ['serial number', ':A', ':B', { serialNumber: 'A' }, { serialNumber: 'B' }],
  ['place', '@1-1', '@1-2.4', { usbPlace: '1-1' }, { usbPlace: '1-2.4' }],
] as const)('two of a model by %s', (_name, endA, endB, a, b) => {
  const addresses = [`usb:0c2e:1007${endA}`, `usb:0c2e:1007${endB}`] as const;
  const first = { ...model, name: null, ...a };
  const second = { ...model, name: null, ...b };

  it('keep their names when they come back under each other’s', async () => {
    const { timers, ports, scan, said } = setUp(addresses);
    ports.plug('/dev/ttyACM0', first);
    ports.plug('/dev/ttyACM1', second);
    await timers.advance(1000);
    scan('/dev/ttyACM0', '111');
    scan('/dev/ttyACM1', '222');
    ports.unplug('/dev/ttyACM0');
    ports.unplug('/dev/ttyACM1');
    ports.plug('/dev/ttyACM0', second);
    ports.plug('/dev/ttyACM1', first);
    await timers.advance(5000);
    scan('/dev/ttyACM0', '222');
    scan('/dev/ttyACM1', '111');
    expect(said()).toEqual([
      `serial:${addresses[0]} 111`,
      `serial:${addresses[1]} 222`,
      `serial:${addresses[1]} 222`,
      `serial:${addresses[0]} 111`,
    ]);
  });

  it('never pass for each other when one is gone', async () => {
    const { timers, ports, scan, said } = setUp(addresses);
    ports.plug('/dev/ttyACM0', second);
    await timers.advance(60_000);
    expect(ports.openCount()).toBe(1);
    scan('/dev/ttyACM0', '222');
    expect(said()).toEqual([`serial:${addresses[1]} 222`]);
  });
});

describe('one scanner', () => {
  it('named by its place is found at another, as the only one of its model', async () => {
    const { timers, ports, scan, said } = setUp(['usb:0c2e:1007@1-1', '/dev/ttyS0']);
    ports.plug('/dev/ttyACM5', { ...model, name: null, usbPlace: '1-9' });
    await timers.advance(1000);
    scan('/dev/ttyACM5', '111');
    expect(said()).toEqual(['serial:usb:0c2e:1007@1-1 111']);
  });

  it('named by its path is opened as it stands, identity or not', async () => {
    const { timers, ports, scan, said } = setUp(['/dev/ttyS0']);
    ports.plug('/dev/ttyS0');
    await timers.advance(1000);
    scan('/dev/ttyS0', '111');
    expect(said()).toEqual(['serial:/dev/ttyS0 111']);
  });

  it('is not there where the computer cannot list its ports', async () => {
    const { timers, ports } = setUp(['usb:0c2e:1007:A']);
    ports.list = async () => null;
    ports.plug('/dev/ttyACM0', { ...model, name: null, serialNumber: 'A' });
    await timers.advance(5000);
    expect(ports.openCount()).toBe(0);
  });
});

/** HID as Linux has it: nothing keeps a second program, or a second driver, from opening a node. */
function createSharedHid(timers: Timers) {
  interface Device {
    readonly identity: FakeIdentity;
    readonly key: string;
    readonly listeners: Set<PortListener>;
  }
  const plugged = new Map<string, Device>();
  let plugCount = 0;
  const list = async () => [...plugged].map(([path, { identity }]) => ({ ...identity, path }));
  const system: HidSystem = {
    timers,
    watchPeriodMs: 1000,
    list,
    devices: async () =>
      (await list()).map((port) => ({ ...port, usagePages: [0x8c], isPermitted: true })),
    descriptor: async () => null,
    async node(path) {
      const device = plugged.get(path);
      return device === undefined ? null : { realPath: path, key: device.key };
    },
    async open(path, _settings, listener) {
      const device = plugged.get(path);
      if (device === undefined) return failure({ code: 'no-hardware', detail: path });
      device.listeners.add(listener);
      return success({
        write: async () => null,
        close: async () => void device.listeners.delete(listener),
      });
    },
  };
  return {
    system,
    plug(path: string, identity: FakeIdentity) {
      plugCount += 1;
      plugged.set(path, { identity, key: `${plugCount}`, listeners: new Set() });
    },
    unplug(path: string) {
      const device = plugged.get(path);
      plugged.delete(path);
      for (const listener of device?.listeners ?? []) {
        listener.onClosed({ code: 'offline', detail: path });
      }
    },
    scan(path: string, text: string) {
      const [report = new Uint8Array()] = encodeHidScan('honeywell', Buffer.from(text));
      for (const listener of plugged.get(path)?.listeners ?? []) listener.onData(report);
    },
  };
}

describe('two HID scanners of a model', () => {
  const [first, second] = ['/dev/hidraw0', '/dev/hidraw1'];
  const clone = { ...model, name: null, serialNumber: 'S0000' };
  const nameless = { ...model, name: null };

  function setUpHid(addresses: readonly string[]) {
    const timers = createManualTimers();
    const hid = createSharedHid(timers);
    const reads: string[] = [];
    for (const address of addresses) {
      const configuration = { type: 'hid', address, commands: 'none' } as const;
      const systems = { ...thisComputer, hid: hid.system };
      const scanner = openScanner(configuration, addresses, systems);
      scanner.claim((event) => {
        if (event.type !== 'data') return;
        reads.push(`${address} ${event.event.scanDataLabel}`);
        scanner.setDataEventEnabled(true);
      });
      scanner.setDataEventEnabled(true);
    }
    return { timers, hid, said: () => reads.splice(0) };
  }

  it.each([
    [
      'with one serial number',
      ['usb:0c2e:1007:S0000', 'usb:0c2e:1007@1-2'],
      { ...clone, usbPlace: '1-1' },
      { ...clone, usbPlace: '1-2' },
    ],
    ['without serial number and place', [first, second], nameless, nameless],
    [
      'named by their paths',
      [first, second],
      { ...nameless, usbPlace: '1-1' },
      { ...nameless, usbPlace: '1-2' },
    ],
  ] as const)('%s never give one scan twice', async (_name, addresses, one, other) => {
    const { timers, hid, said } = setUpHid(addresses);
    hid.plug(first, one);
    hid.plug(second, other);
    await timers.advance(3000);
    hid.scan(first, '111');
    hid.scan(second, '222');
    hid.unplug(first);
    await timers.advance(20_000);
    hid.scan(second, '222');
    hid.unplug(second);
    await timers.advance(20_000);
    hid.plug(second, other);
    await timers.advance(10_000);
    hid.scan(second, '222');
    hid.plug(first, one);
    await timers.advance(10_000);
    hid.scan(first, '111');
    hid.scan(second, '222');
    const [a, b] = addresses;
    const [reads, later] = [said(), [`${a} 111`, `${b} 222`]];
    expect(reads).toEqual([...later, `${b} 222`, `${b} 222`, ...later]);
  });

  it('are one, where both are configured as the same node', async () => {
    const { timers, hid, said } = setUpHid([first, first]);
    hid.plug(first, nameless);
    await timers.advance(20_000);
    hid.scan(first, '111');
    expect(said()).toEqual([`${first} 111`]);
  });

  it('leave the node to the other as soon as one is released', async () => {
    const timers = createManualTimers();
    const hid = createSharedHid(timers);
    const states: string[] = [];
    const scanners = [1, 2].map((number) => {
      const configuration = { type: 'hid', address: first, commands: 'none' } as const;
      const scanner = openScanner(configuration, [first], { ...thisComputer, hid: hid.system });
      scanner.claim((event) => {
        if (event.type === 'state') states.push(`${number} ${event.error?.code ?? event.state}`);
      });
      return scanner;
    });
    hid.plug(first, nameless);
    await timers.advance(10_000);
    expect(states).toContain('2 claimed-elsewhere');
    states.length = 0;
    await scanners[0]?.release();
    await timers.advance(10_000);
    expect(states).toContain('2 ready');
  });
});

describe('two serial scanners named by their paths', () => {
  it('are not swapped when their serial numbers come back under each other’s path', async () => {
    const [first, second] = ['/dev/ttyACM0', '/dev/ttyACM1'];
    const { timers, ports, scan, said } = setUp([first, second]);
    const [a, b] = ['A', 'B'].map((serialNumber) => ({ ...model, name: null, serialNumber }));
    ports.plug(first, a);
    ports.plug(second, b);
    await timers.advance(3000);
    ports.unplug(first);
    ports.unplug(second);
    await timers.advance(100);
    ports.plug(first, b);
    await timers.advance(3000);
    ports.plug(second, a);
    await timers.advance(20_000);
    scan(second, '111');
    scan(first, '222');
    expect(said()).toEqual([`serial:${first} 111`, `serial:${second} 222`]);
  });

  it('may be replaced: one alone takes a new one at its path', async () => {
    const { timers, ports, scan, said } = setUp(['/dev/ttyACM0']);
    ports.plug('/dev/ttyACM0', { ...model, name: null, serialNumber: 'A' });
    await timers.advance(3000);
    ports.unplug('/dev/ttyACM0');
    ports.plug('/dev/ttyACM0', { ...model, name: null, serialNumber: 'B' });
    await timers.advance(3000);
    scan('/dev/ttyACM0', '111');
    expect(said()).toEqual(['serial:/dev/ttyACM0 111']);
  });
});
