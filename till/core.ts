// Owns the core of the till: the one place where session, print queue, sync and devices meet.

import path from 'node:path';
import { backupDaily } from '#db/backup.ts';
import { checkpoint, storeFault, type WritableDb } from '#db/handle.ts';
import { memberByKey } from '#db/members.ts';
import { closeDatabase } from '#db/open.ts';
import type { PrintJob } from '#db/printJobs.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import type { ReadOutcome } from '#drivers/scanner/protocol.ts';
import type { DataEvent } from '#drivers/scanner/scanner.ts';
import { assertNever } from '#loyalty/assert.ts';
import { serve as serveMember } from '#till/basketFlow.ts';
import type { ToPage, ToTill } from '#till/channel.ts';
import type { DevicesView, SessionSnapshot, TillError } from '#till/contract.ts';
import { CustomerDisplay } from '#till/customerDisplay.ts';
import type { CoreToDevices, DevicesToCore, MessageEnd } from '#till/deviceContract.ts';
import { DeviceDesk } from '#till/deviceDesk.ts';
import { openWorkstation } from '#till/openWorkstation.ts';
import { createPrintQueue, type PrintQueue } from '#till/printQueue.ts';
import { handleScan } from '#till/scanRouting.ts';
import { refuseAll, type ServedTill, serve } from '#till/serve.ts';
import { createHandlers, receiptNumberOf, type SyncDesk } from '#till/service.ts';
import { BACKUP_FOLDER } from '#till/setUp.ts';
import { snapshot } from '#till/snapshot.ts';
import { createSyncDesk } from '#till/syncDesk.ts';
import { tellCashier, type Workstation } from '#till/workstation.ts';

export interface CoreOptions {
  readonly dataFolder: string;
  readonly nowMs: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly fetch: typeof globalThis.fetch;
  readonly setTimer: (task: () => void, delayMs: number) => { cancel(): void };
  /** A serial path named at the start (TILL_SCANNER) instead of the shop file's, or null. */
  readonly scannerPath: string | null;
  /** A printer address named at the start (TILL_PRINTER), or null. */
  readonly printerAddress: string | null;
}

export interface Core {
  /** Why there is no till to serve, or null. Pages are told; nothing is deleted or replaced. */
  readonly fault: TillError | null;
  attachPage(end: MessageEnd<ToPage, ToTill>): void;
  /** Also after the devices process was started again. */
  attachDevices(end: MessageEnd<CoreToDevices, DevicesToCore>): void;
  /** For tests and an orderly end; nothing committed depends on it. */
  close(): Promise<void>;
}

/** Columns of paper where the shop has no printer: the preview still needs a width. */
const DEFAULT_COLUMNS = 48;
/** Nothing was touched for this long: the cashier waits for the next customer. */
const IDLE_MS = 2_000;

type DevicesEnd = MessageEnd<CoreToDevices, DevicesToCore>;

/** Starts the till on a data folder. */
export function startCore(options: CoreOptions): Core {
  let publish = (): void => {};
  const opened = openWorkstation({ ...options, onChange: () => publish() });
  if (!opened.ok) {
    const fault = opened.error;
    return {
      fault,
      attachPage: (end) => refuseAll(end, fault),
      attachDevices: () => {},
      close: () => Promise.resolve(),
    };
  }
  const running = new RunningCore(opened.value, options);
  publish = () => running.publish();
  running.begin();
  return running;
}

/** A store that cannot do it now does it later: what is committed is safe in the log. */
function moveLog(db: WritableDb): void {
  try {
    checkpoint(db);
  } catch (error) {
    if (storeFault(error) === null) throw error;
  }
}

/** The only object with a life of its own: listeners, the devices' end, and a revision. */
class RunningCore implements Core {
  readonly fault = null;
  readonly #workstation: Workstation;
  readonly #devices: DeviceDesk;
  readonly #printQueue: PrintQueue;
  readonly #sync: SyncDesk & { close(): Promise<void> };
  readonly #till: ServedTill;
  readonly #setTimer: CoreOptions['setTimer'];
  readonly #listeners = new Set<(snapshot: SessionSnapshot) => void>();
  readonly #deviceListeners = new Set<(view: DevicesView) => void>();
  #devicesEnd: DevicesEnd | null = null;
  #revision = 0;
  /** A scanner that was ready went away and is not back. */
  #wasScannerLost: boolean = false;
  readonly #display: CustomerDisplay;
  #isPublishing: boolean = false;
  #isClosed: boolean = false;
  #idle: { cancel(): void } | null = null;

  constructor(workstation: Workstation, options: CoreOptions) {
    this.#workstation = workstation;
    this.#setTimer = options.setTimer;
    this.#devices = new DeviceDesk({
      workstation,
      named: options,
      post: (message) => this.#post(message),
      setTimer: options.setTimer,
      onChange: () => this.#devicesChanged(),
      redrawDisplay: () => {
        this.#display.forget();
        this.publish();
      },
    });
    this.#display = new CustomerDisplay((message) => this.#post(message));
    this.#printQueue = createPrintQueue({
      db: workstation.db,
      nowMs: options.nowMs,
      post: (message) => this.#post(message),
      hasPrinter: () => this.#devices.configuration().printer !== null,
      receiptNumberOf: (job) => receiptNumberOf(workstation.db, job.seq),
      onChange: () => this.publish(),
      onDrawerUnknown: () => this.#tell('warn', 'notice.drawer-unknown'),
      onUnprintable: (job) => this.#unprintable(job),
      onStoreFault: (fault) => this.#tell('bad', 'error.store-unavailable', { fault }),
      setTimer: (task, delayMs) => options.setTimer(() => this.#isClosed || task(), delayMs),
    });
    this.#sync = createSyncDesk({
      workstation,
      dataFolder: options.dataFolder,
      fetch: options.fetch,
      setTimer: options.setTimer,
      onChange: () => this.#syncChanged(),
    });
    const handlers = createHandlers(
      {
        workstation,
        printQueue: this.#printQueue,
        sync: this.#sync,
        devices: this.#devices,
        paperColumns: () => this.#paperColumns(),
        backUp: () => void this.#backUp(path.join(options.dataFolder, BACKUP_FOLDER)),
      },
      () => this.#snapshot(),
    );
    this.#till = {
      handlers,
      role: () => workstation.state.operator?.role ?? 'anyone',
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      onDevices: (listener) => {
        this.#deviceListeners.add(listener);
        return () => this.#deviceListeners.delete(listener);
      },
    };
  }

  begin(): void {
    this.#printQueue.nudge();
    this.#sync.nudge();
  }

  attachPage(end: MessageEnd<ToPage, ToTill>): void {
    serve(end, this.#till);
  }

  attachDevices(end: DevicesEnd): void {
    this.#devicesEnd = end;
    this.#devices.forget();
    end.onMessage((message) => this.#receive(message));
    end.onClose(() => {
      if (this.#devicesEnd !== end) return;
      this.#devicesEnd = null;
      this.#devices.forget();
      this.#printQueue.devicesLost();
      this.publish();
    });
    end.post({ type: 'configure', configuration: this.#devices.configuration() });
  }

  async close(): Promise<void> {
    await this.#sync.close();
    this.#idle?.cancel();
    this.#devices.endWatch();
    this.#devicesEnd?.close();
    // What is still on its way, a change to publish or a retry, finds no store any more.
    this.#isClosed = true;
    closeDatabase(this.#workstation.db);
  }

  /** Every page gets the whole state, once for each turn of the event loop. */
  publish(): void {
    if (this.#isPublishing || this.#isClosed) return;
    this.#isPublishing = true;
    queueMicrotask(() => {
      this.#isPublishing = false;
      if (this.#isClosed) return;
      this.#revision += 1;
      const current = this.#snapshot();
      if (this.#devices.configuration().lineDisplay !== null) {
        this.#display.show(current, this.#workstation.shop.language);
      }
      for (const listener of this.#listeners) listener(current);
      // Between two customers the write-ahead log is moved, so that no sale has to wait for it.
      this.#idle?.cancel();
      this.#idle = this.#setTimer(() => moveLog(this.#workstation.db), IDLE_MS);
    });
  }

  #snapshot(): SessionSnapshot {
    return snapshot(this.#workstation, this.#revision, {
      sync: this.#sync.view(),
      printer: this.#printQueue.view(),
      scanner: {
        state: this.#devices.scannerState(),
        suppressedCount: this.#devices.suppressedCount(),
        isTested: this.#devices.takesScans(),
      },
      wedge: this.#devices.wedge() as SessionSnapshot['wedge'],
    });
  }

  #paperColumns(): number {
    const { printer } = this.#devices.configuration();
    return printerProfileById(printer?.profileId ?? '')?.columns ?? DEFAULT_COLUMNS;
  }

  /** Live reads hold whole card numbers: only who may watch, and does, is sent them. */
  #devicesChanged(): void {
    if (this.#workstation.state.operator !== null && this.#devices.isWatched()) {
      const view = this.#devices.view();
      for (const listener of this.#deviceListeners) listener(view);
    }
    this.publish();
  }

  #tell(
    tone: 'good' | 'warn' | 'bad',
    key: string,
    args: Readonly<Record<string, string | number>> = {},
  ): void {
    tellCashier(this.#workstation, tone, key, args);
    this.publish();
  }

  /** A report has no number to name. */
  #unprintable({ seq }: PrintJob): void {
    if (seq === null) {
      this.#tell('bad', 'notice.report-unprintable');
      return;
    }
    const receiptNumber = receiptNumberOf(this.#workstation.db, seq);
    this.#tell('bad', 'notice.receipt-unprintable', { receiptNumber });
  }

  async #backUp(folder: string): Promise<void> {
    const { db, nowMs } = this.#workstation;
    const made = await backupDaily(db, { folder, nowMs: nowMs() });
    if (!made.ok) this.#tell('warn', 'notice.backup-failed');
  }

  #post(message: CoreToDevices): boolean {
    if (this.#devicesEnd === null) return false;
    this.#devicesEnd.post(message);
    return true;
  }

  #receive(message: DevicesToCore): void {
    if (this.#isClosed) return;
    const stateBefore = this.#devices.scannerState();
    this.#devices.receive(message);
    switch (message.type) {
      case 'scanner.data':
        this.#scanned(message.event);
        return;
      case 'scanner.unreadable':
        this.#tell(
          'bad',
          message.reason === 'too-long' ? 'notice.scan-too-long' : 'notice.card-unreadable',
        );
        return;
      case 'scanner.overflow':
        this.#tell('bad', 'notice.scan-overflow');
        return;
      case 'scanner.suppressed':
        this.#tell('good', 'notice.scan-repeated');
        return;
      case 'scanner.state':
        this.#scannerChanged(stateBefore);
        return;
      case 'ready':
        this.#display.forget();
        this.#post({ type: 'scanner.enable', isEnabled: true });
        this.#printQueue.nudge();
        this.publish();
        return;
      case 'printer.status':
      case 'print.ready':
      case 'print.progress':
        this.#printQueue.receive(message);
        return;
      case 'scanner.traced':
      case 'found':
      case 'printer.probed':
      case 'printer.tested':
      case 'display.told':
        return;
      default:
        assertNever(message);
    }
  }

  /** One read, handled to its end before the next is delivered. */
  #scanned(event: DataEvent): void {
    const outcome = this.#devices.takesScans() ? this.#devices.read(event) : this.#sell(event);
    this.#post({ type: 'scanner.feedback', deviceId: event.deviceId, outcome });
    // While the till is locked no scan is kept for whoever signs in next.
    if (this.#workstation.state.operator === null) this.#post({ type: 'scanner.clear' });
    this.#post({ type: 'scanner.enable', isEnabled: true });
  }

  #sell({ scanDataLabel: label, scanDataType: aim }: DataEvent): ReadOutcome {
    const { state } = this.#workstation;
    const noticesBefore = state.noticeCount;
    handleScan(this.#workstation, { label, aim });
    const isRefused = state.noticeCount > noticesBefore && state.notice?.tone !== 'good';
    return isRefused ? 'bad' : 'good';
  }

  #scannerChanged(before: 'none' | 'ready' | 'lost'): void {
    const now = this.#devices.scannerState();
    if (before === 'ready' && now === 'lost') this.#tell('warn', 'notice.scanner-lost');
    else if (before === 'lost' && now === 'ready' && this.#wasScannerLost) {
      this.#tell('good', 'notice.scanner-back');
    }
    this.#wasScannerLost = now === 'lost' && (this.#wasScannerLost || before === 'ready');
  }

  /** Head office answered: the member on screen may have another balance now. */
  #syncChanged(): void {
    const { state, db } = this.#workstation;
    if (state.member !== null) {
      serveMember(this.#workstation, memberByKey(db, state.member.memberKey) ?? state.member);
    }
    this.publish();
  }
}
