// Goal: two scanners of one model on one till are told apart, over any unplug and any name.
// Method: two of the shipped driver on the fake ports, under a clock that only the test moves.
import { describe, expect, it } from 'vitest';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import { createFakePorts } from '#drivers/fake/port.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
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
