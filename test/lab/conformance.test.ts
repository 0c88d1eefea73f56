// Goal: the shipped drivers keep their contracts on real kernel devices. Method: the suites of
// test/conformance over a hidraw, a ttyACM and a usblp node inside the lab's guest; elsewhere each
// test is left out.
import { afterAll, type TestContext } from 'vitest';
import { type ScannerConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
import { openPrinter, openScanner } from '#drivers/registry.ts';
import { systemTimers } from '#drivers/timers.ts';
import { createHidHand, hidDescriptorOf, hidReportBytes } from '#drivers/virtual/hidScanner.ts';
import type { VirtualPrinterOptions } from '#drivers/virtual/printer.ts';
import { sendScan } from '#drivers/virtual/scanner.ts';
import { describePrinter, type PrinterUnderTest } from '#test/conformance/printer.ts';
import { describeScanner, type MakeBench, type ScannerHand } from '#test/conformance/scanner.ts';
import {
  type DeviceSpec,
  type LabDevice,
  type LabDevices,
  plugIn,
  pullOut,
  startLabDevices,
} from '#test/lab/devices.ts';
import type { UsbIdentity } from '#test/lab/gadgets.ts';
import { datalogic, epson, honeywell, symbol, youjie } from '#test/lab/identities.ts';
import { addressOf, type NodeClass } from '#test/lab/system.ts';
import { pause } from '#test/lab/until.ts';

const isLab = process.env['PUAN_LAB'] === '1';
const ON_ITS_WAY_MS = 200;
const WHY_NOT = 'runs inside the lab: npm run lab';

let started: LabDevices | null = null;
afterAll(() => started?.close());

function device(name: string, spec: DeviceSpec): Promise<LabDevice> {
  started ??= startLabDevices();
  return started.make(name, spec);
}

/** Plugged in now; a hand that says `forget` begins anew after an unplug. */
async function bench(
  nodeClass: NodeClass,
  identity: UsbIdentity,
  configuration: ScannerConfiguration,
  plugged: LabDevice,
  reads: Pick<ScannerHand, 'scan' | 'send'> & { forget(): void },
) {
  const plug = () => plugIn(plugged, nodeClass, identity);
  async function unplug(): Promise<void> {
    reads.forget();
    // What is still on its way when the plug is pulled is lost, with any driver.
    await pause(ON_ITS_WAY_MS);
    await pullOut(plugged, nodeClass, identity);
  }
  await plug();
  const scanner = openScanner(configuration);
  return {
    scanner,
    hand: { scan: reads.scan, send: reads.send, unplug, replug: plug },
    async close() {
      await scanner.release();
      await unplug();
    },
  };
}

function hidBench(model: 'honeywell' | 'symbol' | 'unnumbered', identity: UsbIdentity): MakeBench {
  return async () => {
    if (!isLab) return WHY_NOT;
    const descriptor = [...hidDescriptorOf(model)];
    const interfaces = [{ descriptor, reportBytes: hidReportBytes[model], isKeyboard: false }];
    const plugged = await device(`hid${model}`, { kind: 'hid', identity, interfaces });
    const hand = createHidHand(model, (report) => plugged.send(report));
    const configuration = { type: 'hid', address: addressOf(identity), commands: 'none' } as const;
    return bench('hidraw', identity, configuration, plugged, {
      scan: (text, options = {}) => hand.scan(text, options.aim, options.suffix ?? 'none'),
      send: (bytes) => hand.send(bytes),
      forget: () => hand.forget(),
    });
  };
}

const serialBench: MakeBench = async () => {
  if (!isLab) return WHY_NOT;
  const plugged = await device('serial', { kind: 'serial', identity: datalogic });
  const configuration = { ...serialScannerDefaults, address: addressOf(datalogic) };
  const send = (bytes: Uint8Array) => plugged.send(bytes);
  return bench('tty', datalogic, configuration, plugged, {
    send,
    scan: (text, options = {}) => sendScan(send, systemTimers, text, options),
    forget: () => undefined,
  });
};

describeScanner('a HID POS scanner, Honeywell', hidBench('honeywell', honeywell));
describeScanner('a HID POS scanner, Symbol', hidBench('symbol', symbol));
describeScanner('a HID POS scanner without report numbers', hidBench('unnumbered', youjie));
describeScanner('a serial scanner on USB', serialBench);

async function usbPrinter(
  context: TestContext,
  name: string,
  virtual: VirtualPrinterOptions,
): Promise<PrinterUnderTest> {
  if (!isLab) return context.skip(WHY_NOT);
  const identity = { ...epson, serialNumber: name };
  const plugged = await device(name, { kind: 'printer', identity, virtual });
  await plugIn(plugged, 'usbmisc', identity);
  const opened = openPrinter({
    address: addressOf(identity),
    profileId: virtual.profileId ?? 'epson-80',
    capabilities: null,
  });
  if (!opened.ok) throw new Error(opened.error.detail);
  const printer = opened.value;
  return {
    printer,
    async close() {
      await printer.close();
      await pullOut(plugged, 'usbmisc', identity);
    },
  };
}

describePrinter('usblp', (context) => usbPrinter(context, 'whole', {}));
describePrinter('usblp, no process id', (context) =>
  usbPrinter(context, 'plain', { hasNoProcessId: true, splitsReplies: true }),
);
describePrinter('usblp, a mute clone', (context) =>
  usbPrinter(context, 'mute', { profileId: 'generic-80-mute', isSilent: true }),
);
