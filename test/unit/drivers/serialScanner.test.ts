// Goal: a serial scanner's life, from absent to found again, and what it says at each step.
// Method: the shipped driver on the fake ports, under a clock that only the test moves.
import { describe, expect, it } from 'vitest';
import { serialScannerDefaults } from '#drivers/configuration.ts';
import { createFakePorts, type FakePorts } from '#drivers/fake/port.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import { waitingScansMax } from '#drivers/scanner/scanQueue.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';

const path = '/dev/ttyACM0';
const honeywell = {
  vendorId: '0c2e',
  productId: '1007',
  serialNumber: 'A1',
  usbPlace: null,
  name: null,
};

function openOn(ports: FakePorts): Scanner {
  const systems = { ...thisComputer, serial: ports };
  return openScanner({ ...serialScannerDefaults, address: path }, undefined, systems);
}

function setUp(isPlugged = true, identity = honeywell as typeof honeywell | undefined) {
  const timers = createManualTimers();
  const ports = createFakePorts(timers);
  if (isPlugged) ports.plug(path, identity);
  const scanner: Scanner = openOn(ports);
  const events: ScannerEvent[] = [];
  scanner.claim((event) => events.push(event));
  const said = (): string[] => events.splice(0).map(describeEvent);
  const send = (text: string, to = path): void => ports.send(to, Buffer.from(text, 'latin1'));
  return { timers, ports, scanner, said, send };
}

function describeEvent(event: ScannerEvent): string {
  if (event.type === 'data') return event.event.scanDataLabel;
  if (event.type === 'unreadable') return event.reason;
  if (event.type === 'suppressed' || event.type === 'trace') return event.type;
  if (event.type === 'overflow') return 'overflow';
  return event.error === null ? event.state : `${event.state}: ${event.error.code}`;
}

describe('coming and going', () => {
  it('is absent until it is plugged in, looking ever less often', async () => {
    const { timers, ports, said } = setUp(false);
    let lookCount = 0;
    const { node } = ports;
    ports.node = (asked) => {
      lookCount += 1;
      return node(asked);
    };
    await timers.advance(0);
    expect(said()).toEqual(['absent: no-hardware']);
    const seen: number[] = [];
    for (let index = 0; index < 36; index += 1) {
      await timers.advance(500);
      seen.push(lookCount);
      lookCount = 0;
    }
    const looksAtMs = seen.flatMap((count, index) => (count > 0 ? [(index + 1) * 500] : []));
    expect(looksAtMs).toEqual([500, 1500, 3500, 7500, 12_500, 17_500]);
    ports.plug(path);
    await timers.advance(5000);
    expect(said()).toEqual(['opening', 'ready']);
  });

  it('is lost with half a frame, and found under the same name', async () => {
    const { timers, ports, said, send } = setUp();
    await timers.advance(0);
    send('40063');
    ports.unplug(path);
    await timers.advance(100);
    expect(said()).toEqual(['opening', 'ready', 'incomplete', 'lost: offline']);
    await timers.advance(60_000);
    expect(said()).toEqual(['lost: no-hardware']);
    ports.plug(path, honeywell);
    await timers.advance(5000);
    expect(said()).toEqual(['opening', 'ready']);
  });

  it('notices within 1 s a port that never says that its device is gone', async () => {
    const { timers, ports, said, send } = setUp();
    await timers.advance(0);
    ports.unplug(path, true);
    expect(ports.openCount()).toBe(1);
    await timers.advance(1000);
    expect(ports.openCount()).toBe(0);
    expect(said()).toEqual(['opening', 'ready', 'lost: offline']);
    send('nobody');
    expect(said()).toEqual([]);
  });

  it('notices another device under the same name', async () => {
    const { timers, ports, said } = setUp();
    await timers.advance(0);
    ports.unplug(path, true);
    ports.plug(path, honeywell);
    await timers.advance(1500);
    expect(said()).toEqual(['opening', 'ready', 'lost: offline', 'opening', 'ready']);
  });

  it('takes the silence after a silent unplug for half a frame, not for an end', async () => {
    const { timers, ports, said, send } = setUp();
    await timers.advance(500);
    send('40063813');
    ports.unplug(path, true);
    await timers.advance(300);
    expect(said()).toEqual(['opening', 'ready', 'incomplete', 'lost: offline']);
  });

  it('says once that another program has the port', async () => {
    const { timers, ports, said } = setUp();
    ports.refuse(path, { code: 'claimed-elsewhere', detail: 'Cannot lock port' });
    await timers.advance(30_000);
    expect(said()).toEqual(['opening', 'absent: claimed-elsewhere']);
    ports.refuse(path, null);
    await timers.advance(5000);
    expect(said()).toEqual(['ready']);
  });

  it('lets the port go, and sets no more alarms', async () => {
    const { timers, ports, scanner, said } = setUp();
    await timers.advance(0);
    await scanner.release();
    expect(ports.openCount()).toBe(0);
    expect(timers.pendingCount()).toBe(0);
    expect(said()).toEqual(['opening', 'ready']);
  });

  it('can be released while it waits, and while it opens', async () => {
    const waiting = setUp(false);
    await waiting.timers.advance(100);
    await waiting.scanner.release();
    expect(waiting.timers.pendingCount()).toBe(0);
    const opening = setUp();
    await opening.scanner.release();
    expect(opening.ports.openCount()).toBe(0);
    expect(opening.timers.pendingCount()).toBe(0);
  });
});

describe('found again', () => {
  async function lose(identity?: typeof honeywell | undefined) {
    const set = setUp(true, identity);
    await set.timers.advance(0);
    set.ports.unplug(path);
    set.said();
    return set;
  }

  it('by its serial number under another name, though another device took its own', async () => {
    const { timers, ports, said, send, scanner } = await lose(honeywell);
    ports.plug(path, {
      vendorId: '04b8',
      productId: '0202',
      serialNumber: 'P',
      usbPlace: null,
      name: null,
    });
    ports.plug('/dev/ttyACM3', honeywell);
    await timers.advance(5000);
    expect(said()).toEqual(['lost: offline', 'opening', 'ready']);
    scanner.setDataEventEnabled(true);
    send('4006381333931\r', '/dev/ttyACM3');
    expect(said()).toEqual(['4006381333931']);
    expect(scanner.deviceId).toBe(`serial:${path}`);
  });

  it('never in another device that took its name', async () => {
    const { timers, ports, said } = await lose(honeywell);
    ports.plug(path, {
      vendorId: '04b8',
      productId: '0202',
      serialNumber: 'P',
      usbPlace: null,
      name: null,
    });
    await timers.advance(20_000);
    expect(said()).toEqual(['lost: offline', 'lost: no-hardware']);
    expect(ports.openCount()).toBe(0);
  });

  it('in a replacement of its model at its place', async () => {
    const { timers, ports, said } = await lose(honeywell);
    ports.plug(path, { ...honeywell, serialNumber: 'B2', usbPlace: null, name: null });
    await timers.advance(5000);
    expect(said()).toEqual(['lost: offline', 'opening', 'ready']);
  });

  it('without a serial number only when no other could be it', async () => {
    const nameless = { ...honeywell, serialNumber: null, usbPlace: null, name: null };
    const timers = createManualTimers();
    const ports = createFakePorts(timers);
    ports.plug(path, nameless);
    const scanner = openOn(ports);
    scanner.claim(() => undefined);
    await timers.advance(0);
    ports.unplug(path);
    ports.plug('/dev/ttyACM1', nameless);
    ports.plug('/dev/ttyACM2', nameless);
    await timers.advance(20_000);
    expect(ports.openCount()).toBe(0);
    ports.unplug('/dev/ttyACM2');
    await timers.advance(5000);
    expect(ports.openCount()).toBe(1);
  });
});

describe('data events', () => {
  it('come one at a time, wait up to 16, and overflow is said', async () => {
    const { timers, scanner, said, send } = setUp();
    await timers.advance(0);
    said();
    for (let index = 0; index < waitingScansMax + 2; index += 1) send(`${1000 + index}\r`);
    expect(said()).toEqual(['overflow', 'overflow']);
    for (let index = 0; index < waitingScansMax; index += 1) {
      scanner.setDataEventEnabled(true);
      expect(said()).toEqual([`${1000 + index}`]);
    }
    scanner.setDataEventEnabled(true);
    expect(said()).toEqual([]);
    send('2000\r2001\r');
    expect(said()).toEqual(['2000']);
  });

  it('wait no more after clearInput, and a frame that is coming in stays whole', async () => {
    const { timers, scanner, said, send } = setUp();
    await timers.advance(0);
    said();
    send('1\r2\r400638');
    scanner.clearInput();
    scanner.setDataEventEnabled(true);
    expect(said()).toEqual([]);
    send('1333931\r');
    expect(said()).toEqual(['4006381333931']);
  });

  it('come after silence even when the alarm rings early', async () => {
    const timers = createManualTimers();
    const early = {
      ...timers,
      after: (ms: number, ring: () => void) => timers.after(Math.max(1, ms - 2), ring),
    };
    const ports = createFakePorts(early);
    ports.plug(path);
    const scanner = openOn(ports);
    const labels: string[] = [];
    scanner.claim((event) => {
      if (event.type === 'data') labels.push(event.event.scanDataLabel);
    });
    await timers.advance(0);
    scanner.setDataEventEnabled(true);
    ports.send(path, Buffer.from('4006381333931'));
    await timers.advance(299);
    expect(labels).toEqual([]);
    await timers.advance(10);
    expect(labels).toEqual(['4006381333931']);
  });

  it('leave out answers and protocol repeats, and count the repeats', async () => {
    const { timers, scanner, said, send } = setUp();
    await timers.advance(0);
    said();
    send(']Z6PREBK\r]E04006381333931\r]E04006381333931\r]E0\r');
    expect(said()).toEqual(['suppressed', 'incomplete']);
    scanner.setDataEventEnabled(true);
    scanner.setDataEventEnabled(true);
    expect(said()).toEqual(['4006381333931']);
    expect(scanner.suppressedCount()).toBe(1);
  });
});

describe('the same code again', () => {
  async function opened() {
    const set = setUp();
    await set.timers.advance(0);
    set.said();
    const read = (text: string): string[] => {
      set.send(text);
      set.scanner.setDataEventEnabled(true);
      return set.said();
    };
    return { ...set, read };
  }

  it('is left out up to 80 ms after the end, and a second read later', async () => {
    const { timers, read, scanner } = await opened();
    expect(read('4006381333931\r')).toEqual(['4006381333931']);
    await timers.advance(80);
    expect(read('4006381333931\r')).toEqual(['suppressed']);
    await timers.advance(81);
    expect(read('4006381333931\r')).toEqual(['4006381333931']);
    await timers.advance(1);
    expect(read('4006381333932\r4006381333931\r')).toEqual(['4006381333932', '4006381333931']);
    expect(scanner.suppressedCount()).toBe(1);
  });

  it('counts by its start, not by its end', async () => {
    const { timers, read } = await opened();
    read('111\r');
    await timers.advance(60);
    read('1');
    await timers.advance(140);
    expect(read('11\r')).toEqual(['suppressed']);
  });

  it('every 120 ms is as many articles, and another code is never delayed', async () => {
    const { timers, read, scanner } = await opened();
    const labels: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      labels.push(...read('4006381333931\r'));
      await timers.advance(120);
    }
    expect(labels).toEqual(Array.from({ length: 10 }, () => '4006381333931'));
    expect(read('1\r')).toEqual(['1']);
    expect(read('2\r')).toEqual(['2']);
    expect(scanner.suppressedCount()).toBe(0);
  });

  it('is a read of its own after a replug', async () => {
    const { timers, ports, read, said } = await opened();
    read('111\r');
    ports.unplug(path);
    ports.plug(path, honeywell);
    await timers.advance(500);
    said();
    expect(read('111\r')).toEqual(['111']);
  });
});
