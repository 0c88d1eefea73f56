// Owns this computer's HID devices, through the `node-hid` package.
import { realpath, stat } from 'node:fs/promises';
import type { DeviceError, DeviceErrorCode } from '#drivers/device.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { parseHidDescriptor, usagePageScanner } from '#drivers/scanner/hid/hidDescriptor.ts';
import {
  type LinuxFolders,
  linuxFolders,
  listHidraw,
  readHidDescriptor,
} from '#drivers/scanner/hid/hidSysfs.ts';
import type { HidDevice, HidSystem } from '#drivers/scanner/hid/hidSystem.ts';
import type { OpenPort, PortListener, PortNode } from '#drivers/scanner/ports.ts';
import { systemTimers } from '#drivers/timers.ts';

/** What is used of an open `HIDAsync`. Its errors are plain strings. */
export interface HidHandle {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  write(bytes: number[]): Promise<unknown>;
  sendFeatureReport(bytes: number[]): Promise<unknown>;
  close(): Promise<void>;
}

/** What is used of `node-hid`. */
export interface HidLibrary {
  readonly HIDAsync: { open(path: string): Promise<HidHandle> };
  devicesAsync(): Promise<
    readonly {
      readonly path?: string | undefined;
      readonly vendorId: number;
      readonly productId: number;
      readonly serialNumber?: string | undefined;
      readonly product?: string | undefined;
      readonly usagePage?: number | undefined;
    }[]
  >;
}

export interface HidParts {
  /**
   * Loads the library when a HID device is first opened: a computer without libudev starts all
   * the same, and says what is missing when a HID scanner is wanted.
   */
  readonly load: () => Promise<HidLibrary>;
  /** Linux lists its devices in files; null asks the library, as on Windows and macOS. */
  readonly folders: LinuxFolders | null;
}

/** A file costs a stat to look at; elsewhere all devices are listed for it. */
const watchPeriodMsOfFiles = 1000;
const watchPeriodMsOfLists = 3000;
/** More writes than this wait only behind a device that takes nothing. */
const unwrittenMax = 8;

/** Some of Honeywell's send nothing before this feature report (WebHidBarcodeScanner). */
const enableReportId = 254;
const enableReport = [enableReportId, 1];
const honeywellVendorIds: readonly (string | null)[] = ['0c2e', '23d0'];

/** Words of hidapi and of the C library behind it. */
const errorWords: readonly (readonly [RegExp, DeviceErrorCode])[] = [
  [/permission denied|operation not permitted|not permitted/i, 'not-permitted'],
  [/no such (file|device)|not found/i, 'no-hardware'],
  [/resource busy|exclusive|access is denied|sharing violation/i, 'claimed-elsewhere'],
];

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toDeviceError(error: unknown): DeviceError {
  const detail = wordsOf(error);
  const code = errorWords.find(([words]) => words.test(detail))?.[1] ?? 'failure';
  return { code, detail };
}

function hexId(id: number): string {
  return id.toString(16).padStart(4, '0');
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

async function listByLibrary(load: HidParts['load']): Promise<readonly HidDevice[] | null> {
  try {
    const listed = await (await load()).devicesAsync();
    return listed.flatMap((device): HidDevice[] => {
      if (device.path === undefined) return [];
      return [
        {
          path: device.path,
          vendorId: hexId(device.vendorId),
          productId: hexId(device.productId),
          serialNumber: orNull(device.serialNumber),
          usbPlace: null,
          name: orNull(device.product),
          usagePages: device.usagePage === undefined ? [] : [device.usagePage],
          isPermitted: true,
        },
      ];
    });
  } catch {
    return null;
  }
}

async function nodeOfFile(path: string): Promise<PortNode | null> {
  try {
    const realPath = await realpath(path);
    const { dev, ino, rdev } = await stat(realPath);
    return { realPath, key: `${dev} ${ino} ${rdev}` };
  } catch {
    return null;
  }
}

interface Writing {
  unwritten: number;
}

async function write(
  handle: HidHandle,
  state: Writing,
  bytes: Uint8Array,
): Promise<DeviceError | null> {
  if (state.unwritten >= unwrittenMax) {
    return { code: 'busy', detail: `${state.unwritten} reports wait to be written` };
  }
  state.unwritten += 1;
  try {
    await handle.write([...bytes]);
    return null;
  } catch (error) {
    return toDeviceError(error);
  } finally {
    state.unwritten -= 1;
  }
}

/** Serves an open device. Resolves once its reader runs. */
async function serve(handle: HidHandle, listener: PortListener): Promise<OpenPort> {
  const state: Writing & { isClosed: boolean } = { unwritten: 0, isClosed: false };
  let closing: Promise<void> | null = null;
  function close(): Promise<void> {
    state.isClosed = true;
    closing ??= handle.close().catch(() => undefined);
    return closing;
  }
  // Before the reader: an error without a listener ends the process (node-hid#520).
  handle.on('error', (error) => {
    if (state.isClosed) return;
    void close().then(() => listener.onClosed({ code: 'offline', detail: wordsOf(error) }));
  });
  handle.on('data', (report) => {
    if (!state.isClosed) listener.onData(report);
  });
  // The library begins to read on the next tick, and throws there if it was closed before.
  await new Promise<void>((resolve) => void setImmediate(resolve));
  return { close, write: (bytes) => write(handle, state, bytes) };
}

/** Whether this device may be silent before it is enabled: it has the report, or may have it. */
function wantsEnabling(descriptor: Uint8Array | null, vendorId: string | null): boolean {
  const parsed = descriptor === null ? null : parseHidDescriptor(descriptor);
  if (parsed === null) return honeywellVendorIds.includes(vendorId);
  return parsed.featureSizes.has(enableReportId);
}

/** HID devices by `node-hid`, which reads, writes and asks on threads of its own. */
export function createHidSystem({ load, folders }: HidParts): HidSystem {
  const devices = () => (folders === null ? listByLibrary(load) : listHidraw(folders));
  const descriptor = async (path: string) =>
    folders === null ? null : readHidDescriptor(folders, path);

  /** What was listed last: a list that fails once is no unplug. */
  let lastListed: readonly HidDevice[] = [];
  async function nodeOfList(path: string): Promise<PortNode | null> {
    lastListed = (await devices()) ?? lastListed;
    const device = lastListed.find((candidate) => candidate.path === path);
    return device === undefined ? null : { realPath: path, key: `${device.serialNumber}` };
  }

  /** Not waited for: one that does not answer takes five seconds to fail (scanners.md §1). */
  async function enable(handle: HidHandle, path: string): Promise<void> {
    const vendorId = (await devices())?.find((device) => device.path === path)?.vendorId ?? null;
    if (!wantsEnabling(await descriptor(path), vendorId)) return;
    await handle.sendFeatureReport(enableReport);
  }

  async function open(
    path: string,
    _settings: null,
    listener: PortListener,
  ): Promise<Result<OpenPort, DeviceError>> {
    let handle: HidHandle;
    try {
      handle = await (await load()).HIDAsync.open(path);
    } catch (error) {
      return failure(toDeviceError(error));
    }
    const port = await serve(handle, listener);
    // Most scanners send without it, and then it matters to nobody that they refuse it.
    enable(handle, path).catch(() => undefined);
    return success(port);
  }

  return {
    timers: systemTimers,
    watchPeriodMs: folders === null ? watchPeriodMsOfLists : watchPeriodMsOfFiles,
    open,
    devices,
    descriptor,
    async list() {
      const all = await devices();
      return all?.filter((device) => device.usagePages.includes(usagePageScanner)) ?? null;
    },
    node: folders === null ? nodeOfList : nodeOfFile,
  };
}

export const systemHid: HidSystem = createHidSystem({
  load: () => import('node-hid'),
  folders: process.platform === 'linux' ? linuxFolders : null,
});
