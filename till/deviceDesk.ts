// Owns the device screen's side in core: what is chosen, found, read, tested and kept.
import {
  type ConfirmedPage,
  type DeviceConfiguration,
  serialScannerDefaults,
} from '#drivers/configuration.ts';
import { printerProfiles } from '#drivers/printer/paper/profiles.ts';
import { codePageRows } from '#drivers/printer/paper/testSlip.ts';
import type { PrinterStatus } from '#drivers/printer/printer.ts';
import { parsePrinterAddress } from '#drivers/printer/wire/address.ts';
import { commandsFor } from '#drivers/scanner/feedback.ts';
import type { ReadOutcome } from '#drivers/scanner/protocol.ts';
import type { DataEvent } from '#drivers/scanner/scanner.ts';
import { parseFrame } from '#drivers/scanner/symbology.ts';
import type { WedgeSettings } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { TillError } from '#till/contract.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { DeviceQuestions } from '#till/deviceQuestions.ts';
import {
  devicesInUse,
  devicesOfShop,
  devicesToStore,
  type NamedDevices,
  namesNewAdapter,
  readStoredDevices,
  readTestResults,
  readWedge,
  storeDevices,
  storeTestResult,
  storeWedge,
} from '#till/deviceSettings.ts';
import { type DevicesView, type TestResult, viewOfStatus } from '#till/devicesView.ts';
import { DisplayDesk } from '#till/displayDesk.ts';
import { recordDrawerOpening } from '#till/drawer.ts';
import { LiveReads } from '#till/liveReads.ts';
import type { TypedScan } from '#till/scanInput.ts';
import { meaningOf } from '#till/scanMeaning.ts';
import { SeenScanners } from '#till/seenScanners.ts';
import { atomically, type Workstation } from '#till/workstation.ts';
import { takenReadings } from '#words/takenReadings.ts';

/** A page that went away without a word: its watch ends after this. */
export const WATCH_MS = 15_000;
/** Keyboard scanners are one: the page cannot tell them apart. */
const KEYBOARD = 'keyboard';

const pageRows = codePageRows();

export interface DeviceDeskOptions {
  readonly workstation: Workstation;
  readonly named: NamedDevices;
  /** Posts to the devices process; false when there is none at this moment. */
  readonly post: (message: CoreToDevices) => boolean;
  readonly setTimer: (task: () => void, delayMs: number) => { cancel(): void };
  readonly onChange: () => void;
  /** What the customer display shows in a test is replaced by what it would show. */
  readonly redrawDisplay: () => void;
}

type Done = Record<string, never>;
type Test = NonNullable<DevicesView['lastTest']>['test'];

const WRONG_ADDRESS = failure({ code: 'address-invalid' } as const);

/** What is there already stays, whoever wrote it. */
function hasWrongAddress(
  wanted: { readonly address: string } | null,
  before: { readonly address: string } | null,
): boolean {
  if (wanted === null || wanted.address === before?.address) return false;
  return !parsePrinterAddress(wanted.address).ok;
}

export class DeviceDesk {
  readonly #options: DeviceDeskOptions;
  #configuration: DeviceConfiguration;
  #wedge: WedgeSettings | null;
  readonly #scanners = new SeenScanners();
  #watch: { cancel(): void } | null = null;
  #takesScans: boolean = false;
  readonly #questions: DeviceQuestions;
  readonly #reads = new LiveReads();
  /** Reads that a keyboard scanner typed twice, since the till was started. */
  #keyboardRepeats: number = 0;
  #status: PrinterStatus | null = null;
  readonly #display: DisplayDesk;
  #lastTest: DevicesView['lastTest'] = null;

  constructor(options: DeviceDeskOptions) {
    this.#options = options;
    this.#questions = new DeviceQuestions(options.post);
    const { db, shop } = options.workstation;
    this.#configuration = devicesInUse(readStoredDevices(db, shop), options.named);
    this.#wedge = readWedge(db);
    this.#display = new DisplayDesk(options.post);
  }

  configuration(): DeviceConfiguration {
    return this.#configuration;
  }

  /** True while a live test is on: a read is shown there, and nothing is sold by it. */
  takesScans(): boolean {
    return this.#takesScans;
  }

  /** True while a page looks on: no other page has a use for what this one shows. */
  isWatched(): boolean {
    return this.#watch !== null;
  }

  suppressedCount(): number {
    return this.#scanners.suppressedCount() + this.#keyboardRepeats;
  }

  /** `ready` when every scanner that was chosen has said that it is. */
  scannerState(): 'none' | 'ready' | 'lost' {
    return this.#scanners.stateOf(this.#configuration.scanners);
  }

  /** The devices process is gone, or another one has begun: nothing is known any more. */
  forget(): void {
    this.#scanners.forget();
    this.#status = null;
    this.#display.forget();
    this.#questions.forget();
    // The slip may be out, or not: only a person can tell.
    if (this.#lastTest?.state === 'running')
      this.#lastTest = { ...this.#lastTest, state: 'unknown' };
  }

  /** Begins or goes on with the live view; ends by itself after 15 s without another call. */
  watch(takesScans: boolean): DevicesView {
    const wasOn = this.#watch !== null;
    this.#watch?.cancel();
    this.#watch = this.#options.setTimer(() => this.endWatch(), WATCH_MS);
    this.#takesScans = takesScans;
    if (!wasOn) this.#post(true);
    return this.view();
  }

  /** Whole card numbers stand in the reads: they are not kept for who looks on next. */
  endWatch(): void {
    this.#watch?.cancel();
    this.#watch = null;
    this.#takesScans = false;
    this.#reads.clear();
    this.#post(false);
    if (this.#display.endTest()) this.#options.redrawDisplay();
  }

  find(): Result<Done, TillError> {
    const asked = this.#questions.find();
    this.#options.onChange();
    return asked;
  }

  probe(): Result<Done, TillError> {
    const { printer } = this.#configuration;
    if (printer === null) return failure({ code: 'devices-unavailable' });
    const asked = this.#questions.probe(printer.address);
    this.#options.onChange();
    return asked;
  }

  test(test: Test | 'display'): Result<Done, TillError> {
    if (test === 'display') return this.#testDisplay();
    if (this.#lastTest?.state === 'running') return failure({ code: 'busy' });
    if (this.#configuration.printer === null) return failure({ code: 'devices-unavailable' });
    if (test === 'drawer') {
      // The till is open afterwards as by F4: it counts before the pulse leaves.
      const recorded = this.#recordDrawer();
      if (!recorded.ok) return recorded;
    }
    if (!this.#options.post({ type: 'printer.test', test })) {
      return failure({ code: 'devices-unavailable' });
    }
    this.#lastTest = { test, state: 'running' };
    this.#options.onChange();
    return success({});
  }

  #testDisplay(): Result<Done, TillError> {
    const { language } = this.#options.workstation.shop;
    const isShown = this.#configuration.lineDisplay !== null && this.#display.test(language);
    return isShown ? success({}) : failure({ code: 'devices-unavailable' });
  }

  /** Stores the choice and opens the devices anew; what waits to be printed stays in the queue. */
  save(configuration: DeviceConfiguration): Result<Done, TillError> {
    const { workstation, named } = this.#options;
    const { db, shop } = workstation;
    const shown = this.#configuration;
    const choice = { shown, chosen: configuration };
    if (hasWrongAddress(configuration.printer, shown.printer)) return WRONG_ADDRESS;
    if (hasWrongAddress(configuration.lineDisplay, shown.lineDisplay)) return WRONG_ADDRESS;
    const stored = atomically(workstation, () => {
      const before = readStoredDevices(db, shop);
      if (namesNewAdapter(configuration, [shown, before, devicesOfShop(shop)])) {
        return failure({ code: 'adapter-not-named' });
      }
      storeDevices(db, devicesToStore(before, choice, named));
      return success({});
    });
    if (!stored.ok) return stored;
    this.#scanners.keepCounts(configuration.scanners);
    this.#configuration = configuration;
    this.#status = null;
    if (configuration.lineDisplay?.address !== shown.lineDisplay?.address) this.#display.forget();
    this.#lastTest = null;
    this.#options.post({ type: 'configure', configuration });
    this.#options.onChange();
    return success({});
  }

  /** As a test scan taught it; the pages are told with the next snapshot. */
  wedge(): WedgeSettings | null {
    return this.#wedge;
  }

  saveWedge(settings: WedgeSettings | null): Result<Done, TillError> {
    const { workstation } = this.#options;
    const stored = atomically(workstation, () => {
      storeWedge(workstation.db, settings);
      return success({});
    });
    if (stored.ok) this.#wedge = settings;
    this.#options.onChange();
    return stored;
  }

  confirm(result: Pick<TestResult, 'kind' | 'isPassed' | 'address'>): Result<Done, TillError> {
    const { workstation } = this.#options;
    const stored = atomically(workstation, () => {
      storeTestResult(workstation.db, { ...result, atMs: workstation.nowMs() });
      return success({});
    });
    this.#options.onChange();
    return stored;
  }

  /**
   * Prints by this page from now on, without what was found out before where it is null; the slip
   * stays on screen, so that it can be answered otherwise.
   */
  confirmPage(confirmedPage: ConfirmedPage | null): Result<Done, TillError> {
    const { printer } = this.#configuration;
    if (printer === null) return failure({ code: 'devices-unavailable' });
    const slip = this.#lastTest;
    const saved = this.save({ ...this.#configuration, printer: { ...printer, confirmedPage } });
    if (!saved.ok) return saved;
    this.#lastTest = slip;
    const { address } = printer;
    return this.confirm({ kind: 'codePages', isPassed: confirmedPage !== null, address });
  }

  /** A read while a live test takes the scans; `bad` where a sale would refuse it. */
  read(event: DataEvent): ReadOutcome {
    const meaning = meaningOf(this.#options.workstation, {
      label: event.scanDataLabel,
      aim: event.scanDataType,
    });
    const { deviceId, scanDataLabel: label, scanDataType } = event;
    this.#reads.means({ deviceId, label, scanDataType, meaning });
    this.#options.onChange();
    return takenReadings.has(meaning.key) ? 'good' : 'bad';
  }

  /** A keyboard scanner typed the read before once more by itself. */
  leftOut(): void {
    this.#keyboardRepeats += 1;
    this.#options.onChange();
  }

  /** A read that a keyboard scanner typed while a live test takes the scans. */
  typed(scanData: string, how: TypedScan | null): void {
    this.#reads.typed(KEYBOARD, scanData, how);
    const parsed = parseFrame(scanData);
    if (parsed.type === 'scan') {
      this.read({ ...parsed.data, deviceId: KEYBOARD, readAtMs: 0 });
    } else {
      this.#options.onChange();
    }
  }

  /** What the devices process says; the state before it is answered, for who wants to tell. */
  receive(message: DevicesToCore): void {
    if (message.type === 'ready') {
      // Another devices process knows nothing of the screen that looks on.
      if (this.#watch !== null) this.#post(true);
    } else if (message.type === 'scanner.state') {
      this.#scanners.told(message);
    } else if (message.type === 'scanner.suppressed') {
      this.#scanners.repeated(message.deviceId);
    } else if (message.type === 'scanner.traced') {
      // One that was on its way when the watch ended is nobody's any more.
      if (this.isWatched()) this.#reads.traced(message.trace);
    } else if (message.type === 'found') {
      this.#questions.found(message);
    } else if (message.type === 'display.told') {
      this.#display.told(message.problem);
    } else if (message.type === 'printer.status') {
      this.#status = message.status;
    } else if (message.type === 'printer.probed') {
      this.#probed(message.capabilities);
    } else if (message.type === 'printer.tested') {
      const { state } = message.progress;
      const ended = state === 'confirmed' || state === 'blocked' ? state : 'unknown';
      this.#lastTest = { test: message.test, state: ended };
    } else {
      return;
    }
    this.#options.onChange();
  }

  view(): DevicesView {
    const { named, workstation } = this.#options;
    return {
      configuration: this.#configuration as DevicesView['configuration'],
      isNamedAtStart: named.scannerPath !== null || named.printerAddress !== null,
      usualLine: serialScannerDefaults,
      makers: { serial: [...commandsFor('serial')], hid: [...commandsFor('hid')] },
      profiles: printerProfiles.map(({ profileId, name, columns }) => ({
        profileId,
        name,
        columns,
      })),
      ...this.#questions.view(this.#configuration.printer?.address ?? null),
      scanners: this.#scanners.view(),
      keyboardRepeats: this.#keyboardRepeats,
      reads: [...this.#reads.list()],
      display: this.#display.view(this.#configuration.lineDisplay !== null),
      printer: viewOfStatus(this.#configuration.printer === null ? null : this.#status),
      lastTest: this.#lastTest,
      results: [...readTestResults(workstation.db)],
      pageRows,
    };
  }

  #recordDrawer(): Result<Done, TillError> {
    const { workstation } = this.#options;
    return atomically(workstation, () => {
      recordDrawerOpening(workstation);
      return success({});
    });
  }

  #probed(capabilities: (DevicesToCore & { type: 'printer.probed' })['capabilities']): void {
    const { printer } = this.#configuration;
    const isOurs = this.#questions.probed(printer?.address ?? null, capabilities);
    if (printer === null || !isOurs) return;
    this.save({ ...this.#configuration, printer: { ...printer, capabilities } });
  }

  #post(isOn: boolean): void {
    this.#options.post({ type: 'scanner.trace', isOn });
    this.#options.post({ type: 'printer.watch', isOn });
  }
}
