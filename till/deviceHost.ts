// Owns the devices process: opens what core names, and passes on what the devices say.
import { assertNever } from '#drivers/assert.ts';
import type { DeviceConfiguration, PrinterConfiguration } from '#drivers/configuration.ts';
import { findDevices } from '#drivers/find.ts';
import type { LogLine } from '#drivers/printer/blockFile.ts';
import type { LineDisplay } from '#drivers/printer/lineDisplayDevice.ts';
import type { POSPrinter } from '#drivers/printer/printer.ts';
import { openLineDisplay, openPrinter, openScanner } from '#drivers/registry.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import type { CoreToDevices, DevicesToCore, MessageEnd } from '#till/deviceContract.ts';

type End = MessageEnd<DevicesToCore, CoreToDevices>;

function logToErrorOutput(event: string, detail: string): void {
  process.stderr.write(`devices ${event} ${detail}\n`);
}

/** Serves core until the channel closes; then every device is let go. */
export function startDeviceHost(end: End, log: LogLine = logToErrorOutput): void {
  const host = new DeviceHost(end, log);
  end.onMessage((message) => host.receive(message));
  end.onClose(() => host.close());
}

class DeviceHost {
  readonly #end: End;
  readonly #log: LogLine;
  readonly #mayStart = new Map<number, (maySend: boolean) => void>();
  #scanners: readonly Scanner[] = [];
  #printer: POSPrinter | null = null;
  #display: LineDisplay | null = null;
  #isTracing: boolean = false;
  #isWatching: boolean = false;
  /** Configurations one after the other: a device is let go before it is opened again. */
  #configuring: Promise<void> = Promise.resolve();

  constructor(end: End, log: LogLine) {
    this.#end = end;
    this.#log = log;
  }

  receive(message: CoreToDevices): void {
    switch (message.type) {
      case 'configure':
        this.#configuring = this.#configuring.then(() => this.#configure(message.configuration));
        return;
      case 'print':
        void this.#print(message);
        return;
      case 'print.send':
        this.#mayStart.get(message.outputId)?.(message.maySend);
        return;
      case 'scanner.clear':
        for (const scanner of this.#scanners) scanner.clearInput();
        return;
      case 'scanner.enable':
        for (const scanner of this.#scanners) scanner.setDataEventEnabled(message.isEnabled);
        return;
      case 'scanner.feedback':
        this.#scannerById(message.deviceId)?.feedback(message.outcome);
        return;
      case 'scanner.trace':
        this.#isTracing = message.isOn;
        for (const scanner of this.#scanners) scanner.setTracing(message.isOn);
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
  }

  #scannerById(deviceId: string): Scanner | undefined {
    return this.#scanners.find((scanner) => scanner.deviceId === deviceId);
  }

  #onScanner(scanner: Scanner, event: ScannerEvent): void {
    const { deviceId } = scanner;
    switch (event.type) {
      case 'data':
        // UPOS: one DataEvent is handled before the next is delivered, by whichever scanner.
        for (const other of this.#scanners) other.setDataEventEnabled(false);
        this.#end.post({ type: 'scanner.data', event: event.event });
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
        this.#end.post({ type: 'scanner.overflow' });
        return;
      case 'state': {
        const { state, error } = event;
        this.#end.post({ type: 'scanner.state', deviceId, state, error });
        return;
      }
      default:
        assertNever(event);
    }
  }

  async #releaseAll(): Promise<void> {
    const scanners = this.#scanners;
    const printer = this.#printer;
    const display = this.#display;
    this.#scanners = [];
    this.#printer = null;
    this.#display = null;
    await Promise.all([
      ...scanners.map((scanner) => scanner.release()),
      printer?.close(),
      display?.close(),
    ]);
  }

  async #configure({ scanners, printer, lineDisplay }: DeviceConfiguration): Promise<void> {
    await this.#releaseAll();
    const addresses = scanners.map(({ address }) => address);
    this.#scanners = scanners.map((scanner) => openScanner(scanner, addresses));
    for (const scanner of this.#scanners) {
      scanner.setTracing(this.#isTracing);
      scanner.claim((event) => this.#onScanner(scanner, event));
    }
    const display = lineDisplay === null ? null : openLineDisplay(lineDisplay);
    this.#display = display?.ok === true ? display.value : null;
    if (printer !== null) await this.#openPrinter(printer);
    this.#end.post({ type: 'ready' });
  }

  async #openPrinter(configuration: PrinterConfiguration): Promise<void> {
    const opened = openPrinter(configuration, this.#log);
    if (!opened.ok) {
      this.#end.post({ type: 'printer.status', status: UNUSABLE });
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
    this.#end.post({ type: 'found', ...(await findDevices()) });
  }

  async #probe(): Promise<void> {
    const capabilities = (await this.#printer?.probe()) ?? null;
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
