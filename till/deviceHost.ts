// Owns the devices process: opens what core names, and passes on what the devices say.

import { isDeepStrictEqual } from 'node:util';
import { assertNever } from '#drivers/assert.ts';
import type {
  DeviceAddress,
  DeviceConfiguration,
  LineDisplayConfiguration,
  PrinterConfiguration,
  ScannerConfiguration,
} from '#drivers/configuration.ts';
import type { DeviceError, DeviceErrorCode } from '#drivers/device.ts';
import { parseAddress } from '#drivers/deviceAddress.ts';
import type { LineDisplay } from '#drivers/display/lineDisplayDevice.ts';
import { findDevices } from '#drivers/find.ts';
import type { LogLine } from '#drivers/printer/bridge/blockFile.ts';
import { warmUpPrinting } from '#drivers/printer/paper/warmUp.ts';
import type { POSPrinter } from '#drivers/printer/printer.ts';
import { serialPortOf } from '#drivers/printer/wire/address.ts';
import type { PortChoice } from '#drivers/printer/wire/serial.ts';
import {
  openLineDisplay,
  openPrinter,
  openScanner,
  type ScannerSystems,
  thisComputer,
} from '#drivers/registry.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import { ScanQueue } from '#drivers/scanner/scanQueue.ts';
import { settlesWithin, systemTimers } from '#drivers/timers.ts';
import type { CoreToDevices, DevicesToCore, MessageEnd } from '#till/deviceContract.ts';

type End = MessageEnd<DevicesToCore, CoreToDevices>;

/** Longer than any receipt takes; a printer that waits for paper is not waited for. */
const PRINTING_MS_MAX = 20_000;

/** Configurations are plain values in a fixed order of keys. */
function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function logToErrorOutput(event: string, detail: string): void {
  process.stderr.write(`devices ${event} ${detail}\n`);
}

/** Serves core until the channel closes; then every device is let go. */
export function startDeviceHost(
  end: End,
  log: LogLine = logToErrorOutput,
  systems: ScannerSystems = thisComputer,
): void {
  const host = new DeviceHost(end, log, systems);
  end.onMessage((message) => host.receive(message));
  end.onClose(() => host.close());
}

/** All that a scanner was made of: another one is needed only where some of it differs. */
interface Making {
  readonly configuration: ScannerConfiguration;
  /** Which others it must not pass for. */
  readonly twins: readonly DeviceAddress[];
}

interface OpenScanner {
  readonly making: Making;
  readonly scanner: Scanner;
}

/** What is chosen by its path may turn out to be of any model. */
function mayBeOfOneModel(a: DeviceAddress, b: DeviceAddress): boolean {
  const [first, second] = [parseAddress(a), parseAddress(b)];
  if (first.type === 'path' || second.type === 'path') return true;
  const { vendorId, productId } = first.wanted;
  return vendorId === second.wanted.vendorId && productId === second.wanted.productId;
}

/** All ports that devices of this till mean: an adapter of one model may be any of theirs. */
function portsOf(configuration: DeviceConfiguration): DeviceAddress[] {
  const { scanners, printer, lineDisplay } = configuration;
  const lines = [printer, lineDisplay].map((one) => one && serialPortOf(one.address));
  return [...scanners.map(({ address }) => address), ...lines.filter((port) => port !== null)];
}

function makingsOf(wanted: DeviceConfiguration): Making[] {
  const addresses: readonly string[] = portsOf(wanted);
  return wanted.scanners.map((configuration) => ({
    configuration,
    twins: addresses.filter((other) => mayBeOfOneModel(other, configuration.address)).toSorted(),
  }));
}

class DeviceHost {
  readonly #end: End;
  readonly #log: LogLine;
  readonly #systems: ScannerSystems;
  readonly #reads: ScanQueue;
  readonly #mayStart = new Map<number, (maySend: boolean) => void>();
  #scanners: readonly OpenScanner[] = [];
  #printer: POSPrinter | null = null;
  #display: LineDisplay | null = null;
  #configuration: DeviceConfiguration | null = null;
  /** The last that each scanner said of itself. */
  readonly #states = new Map<string, DevicesToCore & { type: 'scanner.state' }>();
  #printing: Promise<void> = Promise.resolve();
  #isTracing: boolean = false;
  #isWatching: boolean = false;
  /** Configurations one after the other: a device is let go before it is opened again. */
  #configuring: Promise<void> = Promise.resolve();

  constructor(end: End, log: LogLine, systems: ScannerSystems) {
    this.#end = end;
    this.#log = log;
    this.#systems = systems;
    this.#reads = new ScanQueue((event) => end.post({ type: 'scanner.data', event }));
  }

  receive(message: CoreToDevices): void {
    switch (message.type) {
      case 'configure':
        this.#configuring = this.#configuring.then(() => this.#configure(message.configuration));
        return;
      case 'print':
        this.#printing = this.#print(message);
        return;
      case 'print.send':
        this.#mayStart.get(message.outputId)?.(message.maySend);
        return;
      case 'scanner.clear':
        for (const { deviceId } of this.#reads.clear()) {
          this.#scannerById(deviceId)?.feedback('bad');
        }
        for (const { scanner } of this.#scanners) scanner.clearInput();
        return;
      case 'scanner.enable':
        this.#reads.setEnabled(message.isEnabled);
        return;
      case 'scanner.feedback':
        this.#scannerById(message.deviceId)?.feedback(message.outcome);
        return;
      case 'scanner.trace':
        this.#isTracing = message.isOn;
        for (const { scanner } of this.#scanners) scanner.setTracing(message.isOn);
        return;
      case 'printer.watch':
        this.#isWatching = message.isOn;
        this.#printer?.watch(message.isOn);
        return;
      case 'find':
        void this.#find();
        return;
      case 'printer.probe':
        void this.#probe();
        return;
      case 'printer.test':
        void this.#test(message);
        return;
      case 'display.show':
        this.#display?.show(message.rows);
        return;
      default:
        assertNever(message);
    }
  }

  close(): void {
    for (const resolve of this.#mayStart.values()) resolve(false);
    this.#mayStart.clear();
    void this.#releaseAll();
    // What was being opened just then is let go as well, or this process would never end.
    void this.#configuring.then(() => this.#releaseAll());
  }

  #scannerById(deviceId: string): Scanner | undefined {
    return this.#scanners.find(({ scanner }) => scanner.deviceId === deviceId)?.scanner;
  }

  #onScanner(scanner: Scanner, event: ScannerEvent): void {
    const { deviceId } = scanner;
    switch (event.type) {
      case 'data':
        // It keeps nothing back itself: reads of two scanners wait in one queue, by arrival.
        scanner.setDataEventEnabled(true);
        if (!this.#reads.add(event.event)) this.#dropped(scanner);
        return;
      case 'unreadable':
        this.#end.post({ type: 'scanner.unreadable', reason: event.reason });
        return;
      case 'suppressed':
        this.#end.post({ type: 'scanner.suppressed', deviceId });
        return;
      case 'trace':
        this.#end.post({ type: 'scanner.traced', trace: event.trace });
        return;
      case 'overflow':
        this.#dropped(scanner);
        return;
      case 'state': {
        const { state, error } = event;
        const message = { type: 'scanner.state', deviceId, state, error } as const;
        this.#states.set(deviceId, message);
        this.#end.post(message);
        return;
      }
      default:
        assertNever(event);
    }
  }

  /** Too many wait. Whoever scanned looks at the goods, so the scanner says it as well. */
  #dropped(scanner: Scanner): void {
    scanner.feedback('bad');
    this.#end.post({ type: 'scanner.overflow' });
  }

  async #releaseAll(): Promise<void> {
    await Promise.all([this.#releaseScanners(), this.#releasePrinter(), this.#releaseDisplay()]);
  }

  async #releaseScanners(): Promise<void> {
    const scanners = this.#scanners;
    this.#scanners = [];
    this.#states.clear();
    await Promise.all(scanners.map(({ scanner }) => scanner.release()));
  }

  async #releasePrinter(): Promise<void> {
    const printer = this.#printer;
    this.#printer = null;
    await printer?.close();
  }

  async #releaseDisplay(): Promise<void> {
    const display = this.#display;
    this.#display = null;
    await display?.close();
  }

  /** What stays as it is stays open: no read and no receipt is lost to another device's choice. */
  async #configure(wanted: DeviceConfiguration): Promise<void> {
    const { printer, lineDisplay } = wanted;
    const before = this.#configuration;
    this.#configuration = wanted;
    // Scanners wait for it; a read of an open one would.
    if (printer !== null && before?.printer == null) warmUpPrinting(printer.profileId);
    await this.#configureScanners(wanted);
    if (!isEqual(before?.lineDisplay, lineDisplay)) {
      await this.#releaseDisplay();
      if (lineDisplay !== null) this.#openDisplay(lineDisplay);
    }
    if (isEqual(before?.printer, printer)) {
      const status = await this.#printer?.status();
      if (status !== undefined) this.#end.post({ type: 'printer.status', status });
    } else {
      // A receipt that is coming out comes out, unless its printer waits for somebody.
      await settlesWithin(this.#printing, PRINTING_MS_MAX, systemTimers);
      await this.#releasePrinter();
      if (printer !== null) await this.#openPrinter(printer);
    }
    this.#end.post({ type: 'ready' });
  }

  #openDisplay(configuration: LineDisplayConfiguration): void {
    let codeBefore: DeviceErrorCode | null | undefined;
    // Rows change with every scan, and one that is missing is missing for all of them.
    const tell = (problem: DeviceError | null) => {
      const code = problem?.code ?? null;
      if (code === codeBefore) return;
      codeBefore = code;
      if (problem !== null) this.#log('display.unusable', `${problem.code}: ${problem.detail}`);
      this.#end.post({ type: 'display.told', problem: code });
    };
    const opened = openLineDisplay(configuration, tell, this.#portsFor(configuration));
    if (opened.ok) this.#display = opened.value;
    else tell(opened.error);
  }

  /** Lets go of the scanners that nothing asks for any more, then opens those that are new. */
  async #configureScanners(wanted: DeviceConfiguration): Promise<void> {
    const makings = makingsOf(wanted);
    const dropped = [...this.#scanners];
    const kept = makings.map((making) => {
      const at = dropped.findIndex((open) => isDeepStrictEqual(open.making, making));
      return at < 0 ? null : (dropped.splice(at, 1)[0] ?? null);
    });
    this.#scanners = kept.filter((open) => open !== null);
    for (const { scanner } of dropped) this.#states.delete(scanner.deviceId);
    for (const message of this.#states.values()) this.#end.post(message);
    await Promise.all(dropped.map(({ scanner }) => scanner.release()));
    const addresses = portsOf(wanted);
    this.#scanners = makings.map((making, index) => {
      return kept[index] ?? this.#openScanner(making, addresses);
    });
  }

  /** By what is configured when a port is looked for: the device itself may be kept for longer. */
  #portsFor({ address }: { readonly address: string }): PortChoice {
    const own = serialPortOf(address);
    return {
      ports: this.#systems.serial,
      othersNow: () => {
        const ports = this.#configuration === null ? [] : portsOf(this.#configuration);
        return ports.filter((port) => port !== own);
      },
    };
  }

  #openScanner(making: Making, addresses: readonly DeviceAddress[]): OpenScanner {
    const scanner = openScanner(making.configuration, addresses, this.#systems);
    scanner.setTracing(this.#isTracing);
    scanner.claim((event) => this.#onScanner(scanner, event));
    scanner.setDataEventEnabled(true);
    return { making, scanner };
  }

  async #openPrinter(configuration: PrinterConfiguration): Promise<void> {
    const opened = openPrinter(configuration, this.#log, this.#portsFor(configuration));
    if (!opened.ok) {
      const { code, detail } = opened.error;
      this.#log('printer.unusable', detail);
      this.#end.post({ type: 'printer.status', status: { ...UNUSABLE, problem: code } });
      return;
    }
    const printer = opened.value;
    this.#printer = printer;
    printer.onStatus((status) => this.#end.post({ type: 'printer.status', status }));
    printer.watch(this.#isWatching);
    this.#end.post({ type: 'printer.status', status: await printer.status() });
  }

  async #print({ outputId, output }: CoreToDevices & { type: 'print' }): Promise<void> {
    const printer = this.#printer;
    if (printer === null) {
      const progress = { state: 'blocked', reason: 'offline' } as const;
      this.#end.post({ type: 'print.progress', outputId, progress });
      return;
    }
    const last = await printer.print(
      outputId,
      output,
      (progress) => {
        if (progress.state !== 'confirmed' && progress.state !== 'blocked') {
          this.#end.post({ type: 'print.progress', outputId, progress });
        }
      },
      () =>
        new Promise((resolve) => {
          this.#mayStart.set(outputId, resolve);
          this.#end.post({ type: 'print.ready', outputId });
        }),
    );
    this.#mayStart.delete(outputId);
    this.#end.post({ type: 'print.progress', outputId, progress: last });
  }

  async #find(): Promise<void> {
    const found = await findDevices();
    if (found.detail !== null) this.#log('find.incomplete', found.detail);
    this.#end.post({ type: 'found', ...found });
  }

  async #probe(): Promise<void> {
    const capabilities = (await this.#printer?.probe()) ?? null;
    if (capabilities === null) this.#log('printer.unprobed', 'no answer, not reached, or busy');
    this.#end.post({ type: 'printer.probed', capabilities });
  }

  async #test({ test }: CoreToDevices & { type: 'printer.test' }): Promise<void> {
    const nobody = { state: 'blocked', reason: 'offline' } as const;
    const progress = (await this.#printer?.test(test)) ?? nobody;
    this.#end.post({ type: 'printer.tested', test, progress });
  }
}

/** An address or profile that cannot be understood. */
const UNUSABLE = {
  state: 'absent',
  isPaperOut: null,
  isCoverOpen: null,
  hasError: true,
  errorCause: null,
  isPaperNearEnd: null,
  isDrawerPinHigh: null,
  bytes: null,
} as const;
