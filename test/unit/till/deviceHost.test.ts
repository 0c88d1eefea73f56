// Goal: what is scanned on several scanners reaches core in order, one by one, at most 16 waiting,
// and setting one scanner disturbs no other. Method: the shipped host and drivers on fake ports.
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type DeviceConfiguration,
  type ScannerConfiguration,
  serialScannerDefaults,
} from '#drivers/configuration.ts';
import { createFakePorts } from '#drivers/fake/port.ts';
import { thisComputer } from '#drivers/registry.ts';
import { waitingScansMax } from '#drivers/scanner/scanQueue.ts';
import { createManualTimers } from '#test/support/manualTimers.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { startDeviceHost } from '#till/deviceHost.ts';

const A = '/dev/ttyS0';
const B = '/dev/ttyS1';
/** No system has as many: what a printer opens is not faked. */
const USB_OWN = '/dev/ttyACM901';
const USB_OTHER = '/dev/ttyACM902';
/** As udev names what it may not rename. */
const LINK = '/dev/serial/by-id/usb-0c2e_1007_1-if00';
const serial = (address: string, changes: Partial<ScannerConfiguration> = {}) =>
  ({ ...serialScannerDefaults, address, ...changes }) as ScannerConfiguration;

type Lines = Partial<Pick<DeviceConfiguration, 'printer' | 'lineDisplay'>>;

async function newHost(scanners: readonly ScannerConfiguration[], firstLines: Lines = {}) {
  const timers = createManualTimers();
  const ports = createFakePorts(timers);
  for (const path of [A, B]) ports.plug(path);
  const usb = { serialNumber: '1', usbPlace: null, name: null };
  ports.plug(USB_OWN, { ...usb, vendorId: '0c2e', productId: '1007' });
  ports.plug(USB_OTHER, { ...usb, vendorId: '05f9', productId: '4204' });
  ports.link(LINK, USB_OWN);
  const opened: string[] = [];
  const serialSystem: typeof ports = {
    ...ports,
    open: (path, settings, listener) => {
      opened.push(path);
      return ports.open(path, settings, listener);
    },
  };
  const said: DevicesToCore[] = [];
  let send: (message: CoreToDevices) => void = () => undefined;
  let close: () => void = () => undefined;
  const end = {
    post: (message: DevicesToCore) => void said.push(message),
    onMessage: (listener: typeof send) => {
      send = listener;
    },
    onClose: (listener: () => void) => {
      close = listener;
    },
    close: () => undefined,
  };
  const logged: string[] = [];
  const log = (event: string, detail: string) => void logged.push(`${event} ${detail}`);
  startDeviceHost(end, log, { ...thisComputer, serial: serialSystem });
  onTestFinished(() => close());
  const configure = async (wanted: readonly ScannerConfiguration[], lines: Lines = {}) => {
    const configuration = { scanners: wanted, printer: null, lineDisplay: null, ...lines };
    send({ type: 'configure', configuration });
    for (let turn = 0; turn < 5; turn += 1) await timers.advance(10);
  };
  await configure(scanners, firstLines);
  return {
    configure,
    send: (message: CoreToDevices) => send(message),
    letTimePass: () => timers.advance(100),
    scan: async (path: string, text: string) => {
      ports.send(path, Buffer.from(`${text}\r`));
      await timers.advance(100);
    },
    /** As core does after each read: the labels that come, one by one. */
    takeAll: () => {
      const labels: string[] = [];
      for (let turn = 0; turn < 100; turn += 1) {
        said.length = 0;
        send({ type: 'scanner.enable', isEnabled: true });
        const reads = said.filter((message) => message.type === 'scanner.data');
        expect(reads.length).toBeLessThanOrEqual(1);
        labels.push(...reads.map(({ event }) => event.scanDataLabel));
      }
      send({ type: 'scanner.enable', isEnabled: false });
      return labels;
    },
    count: (type: DevicesToCore['type']) => said.filter((one) => one.type === type).length,
    hear: (path: string) => {
      const heard: string[] = [];
      ports.onWritten(path, (bytes) => heard.push(Buffer.from(bytes).toString('latin1')));
      return heard;
    },
    opened,
    said,
    logged,
  };
}

describe('reads of two scanners', () => {
  it('wait in one queue of 16, in the order in which they came', async () => {
    const commands = 'datalogic';
    const host = await newHost([serial(A, { commands }), serial(B, { commands })]);
    const heardA = host.hear(A);
    const heardB = host.hear(B);
    const scanned: string[] = [];
    for (let index = 1; index <= waitingScansMax / 2 + 1; index += 1) {
      await host.scan(B, `B${index}`);
      await host.scan(A, `A${index}`);
      scanned.push(`B${index}`, `A${index}`);
    }
    expect(host.count('scanner.overflow')).toBe(2);
    // Whoever scanned what was dropped hears it.
    expect([heardA, heardB]).toEqual([['FE'], ['FE']]);
    expect(host.takeAll()).toEqual(scanned.slice(0, waitingScansMax));
  });

  it('are delivered one at a time, each after the one before was handled', async () => {
    const host = await newHost([serial(A), serial(B)]);
    host.send({ type: 'scanner.enable', isEnabled: true });
    await host.scan(A, '111');
    await host.scan(B, '222');
    await host.scan(A, '333');
    expect(host.count('scanner.data')).toBe(1);
    expect(host.takeAll()).toEqual(['222', '333']);
    // Nothing waits any more: the next is not held back.
    host.send({ type: 'scanner.enable', isEnabled: true });
    await host.scan(B, '444');
    expect(host.said.at(-1)).toMatchObject({ event: { scanDataLabel: '444' } });
  });

  it('are dropped while the till is locked, and each scanner says so', async () => {
    const commands = 'datalogic';
    const host = await newHost([serial(A, { commands }), serial(B, { commands })]);
    const heard = [host.hear(A), host.hear(B)];
    await host.scan(A, '111');
    await host.scan(B, '222');
    host.send({ type: 'scanner.clear' });
    await host.letTimePass();
    expect(heard).toEqual([['FE'], ['FE']]);
    expect(host.takeAll()).toEqual([]);
  });
});

describe('setting one scanner', () => {
  it('leaves the other open, and keeps what waits', async () => {
    const host = await newHost([serial(A), serial(B)]);
    expect(host.opened).toEqual([A, B]);
    await host.scan(A, 'KEEP');
    await host.configure([serial(A), serial(B, { baudRate: 19_200 })]);
    expect(host.opened).toEqual([A, B, B]);
    expect(host.count('ready')).toBe(2);
    const { said } = host;
    const states = said.slice(said.findIndex(({ type }) => type === 'ready') + 1);
    expect(states.filter(({ type }) => type === 'scanner.state')).toMatchObject([
      { deviceId: `serial:${A}`, state: 'ready' },
      { deviceId: `serial:${B}`, state: 'opening' },
      { deviceId: `serial:${B}`, state: 'ready' },
    ]);
    expect(host.takeAll()).toEqual(['KEEP']);
    await host.scan(B, 'AGAIN');
    expect(host.takeAll()).toEqual(['AGAIN']);
  });

  it('makes no new one of the same settings in another order', async () => {
    const { address, ...rest } = serial(A);
    const host = await newHost([serial(A)]);
    await host.configure([{ address, ...rest } as ScannerConfiguration]);
    expect(host.opened).toEqual([A]);
  });

  it('opens a scanner again that has got a twin, and no other', async () => {
    const own = serial('usb:0c2e:1007:1');
    const other = serial('usb:05f9:4204:1');
    const host = await newHost([own, other]);
    expect(host.opened).toEqual([USB_OWN, USB_OTHER]);
    await host.configure([own, other, serial('usb:0c2e:1007:2')]);
    expect(host.opened).toEqual([USB_OWN, USB_OTHER, USB_OWN]);
  });
});

describe('a question that got no answer', () => {
  it('is in the log, with what this computer could not be asked', async () => {
    const host = await newHost([]);
    host.send({ type: 'printer.probe' });
    host.send({ type: 'find' });
    await expect.poll(() => host.count('found')).toBe(1);
    const [found] = host.said.filter((message) => message.type === 'found');
    const missing = found?.detail === null ? [] : ['find.incomplete'];
    const events = host.logged.map((line) => line.split(' ')[0]);
    expect(events).toEqual(['printer.unprobed', ...missing]);
  });
});

it('a printer that is away does not take the port of a scanner', async () => {
  const address = 'serial:usb:0c2e:1007@1-3';
  const printer = { address, profileId: 'epson-80', capabilities: null };
  const host = await newHost([], { printer });
  // Nobody else means the only one of its model.
  await expect.poll(() => host.logged.at(-1) ?? '').toContain(USB_OWN);
  await host.configure([serial('usb:0c2e:1007:1')], { printer });
  await expect
    .poll(() => host.logged.at(-1) ?? '')
    .toMatch(/no serial port 0c2e:1007 is plugged in/);
  expect(host.opened).toEqual([USB_OWN]);
});

describe('a scanner that is away', () => {
  const away = serial('usb:0c2e:1007@1-3');
  /** Its adapter is of the scanner's model, and the only one that is plugged in. */
  const address = 'serial:usb:0c2e:1007:1';
  const printer = { address, profileId: 'epson-80', capabilities: null };

  it.each<[string, Lines]>([
    ['printer', { printer }],
    ['printer at a link', { printer: { ...printer, address: `serial:${LINK}` } }],
    ['customer display', { lineDisplay: { address, columns: 20 } }],
  ])('does not take the port of the %s', async (_what, lines) => {
    const host = await newHost([away], lines);
    expect(host.opened).toEqual([]);
    const states = host.said.filter((message) => message.type === 'scanner.state');
    expect(states.at(-1)).toMatchObject({ state: 'absent', error: { code: 'no-hardware' } });
  });

  it('gives it back once it becomes theirs', async () => {
    const host = await newHost([away]);
    expect(host.opened).toEqual([USB_OWN]);
    host.said.length = 0;
    await host.configure([away], { printer });
    expect(host.opened).toEqual([USB_OWN]);
    const states = host.said.filter((message) => message.type === 'scanner.state');
    expect(states.at(-1)).toMatchObject({ state: 'absent' });
  });
});
