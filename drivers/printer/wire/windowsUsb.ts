// Owns printers that Windows' usbprint.sys serves, without a spooler: found by USB identity, read
// and written like a node.
import type { DeviceError } from '#drivers/device.ts';
import { choosePort, type ParsedAddress } from '#drivers/deviceAddress.ts';
import type { Commands } from '#drivers/printer/wire/commands.ts';
import { finishWithin } from '#drivers/printer/wire/cups.ts';
import type { DeviceFile, DeviceFiles, FileFault } from '#drivers/printer/wire/deviceFiles.ts';
import { connectNode } from '#drivers/printer/wire/nodeTransport.ts';
import type { Transport } from '#drivers/printer/wire/transport.ts';
import {
  type Handle,
  type Transfer,
  type UsbPrintCalls,
  type WindowsFault,
  windowsErrors,
} from '#drivers/printer/wire/windowsCalls.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { PortIdentity } from '#drivers/scanner/ports.ts';
import type { Timers } from '#drivers/timers.ts';

/** GUID_DEVINTERFACE_USBPRINT: the interface class of every printer of usbprint.sys. */
const INTERFACE_CLASS = '{28d78fad-5a12-11d1-ae5b-0000f803a8c2}';
const CLASSES_KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\DeviceClasses';
const LIST_LIMIT_MS = 2000;

/**
 * Reads what `reg query` says of the class: one key a printer that was ever plugged in, named as
 * its path is, with `#` for `\`.
 */
export function parseUsbPrintKeys(text: string): readonly PortIdentity[] {
  const keys = /##\?#(USB#VID_([0-9a-f]{4})&PID_([0-9a-f]{4})[^#\s]*#([^#\s]+)#\{[-0-9a-f]+\})$/i;
  return text.split(/\r?\n/).flatMap((line): PortIdentity[] => {
    const match = keys.exec(line.trim());
    if (match === null) return [];
    const [, key = '', vendorId = '', productId = '', instance = ''] = match;
    // Windows makes up an instance with `&` for a device that has no serial number: its place.
    const isPlace = instance.includes('&');
    return [
      {
        path: `\\\\?\\${key}`,
        vendorId: vendorId.toLowerCase(),
        productId: productId.toLowerCase(),
        serialNumber: isPlace ? null : instance,
        usbPlace: isPlace ? instance : null,
        name: null,
      },
    ];
  });
}

/** Every printer of usbprint.sys, those that are unplugged now too. Null: could not be asked. */
export async function listUsbPrint(
  commands: Commands,
  timers: Timers,
): Promise<readonly PortIdentity[] | null> {
  const asked = commands.start('reg', ['query', `${CLASSES_KEY}\\${INTERFACE_CLASS}`]);
  asked.endInput();
  const outcome = await finishWithin(asked, timers, LIST_LIMIT_MS);
  // The key is not there before the first printer was.
  if (outcome === null || outcome.exitCode === null) return null;
  return parseUsbPrintKeys(outcome.output);
}

const codes: ReadonlyMap<number, string> = new Map([
  [windowsErrors.fileNotFound, 'ENOENT'],
  [windowsErrors.pathNotFound, 'ENOENT'],
  [windowsErrors.accessDenied, 'EBUSY'],
  [windowsErrors.sharingViolation, 'EBUSY'],
  [windowsErrors.deviceNotConnected, 'ENODEV'],
  [windowsErrors.generalFailure, 'EIO'],
]);

function faultOf({ call, code }: WindowsFault): FileFault {
  return {
    code: codes.get(code) ?? 'EIO',
    detail: `${call} failed: Windows error ${code}`,
  };
}

const busy = failure({ code: 'EAGAIN', detail: 'the printer is not ready yet' });
const cutShort = failure({ code: 'EIO', detail: 'the printer took a part of a block only' });

class UsbPrintFile implements DeviceFile {
  readonly #device: Handle;
  readonly #calls: UsbPrintCalls;
  #reading: Transfer | null = null;
  #writing: { readonly transfer: Transfer; readonly sizeBytes: number } | null = null;

  constructor(device: Handle, calls: UsbPrintCalls) {
    this.#device = device;
    this.#calls = calls;
  }

  async read(sizeBytes: number): Promise<Result<Uint8Array, FileFault>> {
    if (this.#reading === null) {
      const started = await this.#calls.startRead(this.#device, sizeBytes);
      if (!started.ok) return failure(faultOf(started.error));
      this.#reading = started.value;
    }
    const finished = await this.#calls.finish(this.#device, this.#reading);
    if (finished.ok && finished.value === null) return busy;
    this.#reading = null;
    return finished.ok
      ? success(finished.value?.bytes ?? new Uint8Array(0))
      : failure(faultOf(finished.error));
  }

  /** One transfer at a time, as usblp has it: the next waits for the one before. */
  async write(bytes: Uint8Array): Promise<Result<number, FileFault>> {
    if (this.#writing !== null) {
      const { transfer, sizeBytes } = this.#writing;
      const finished = await this.#calls.finish(this.#device, transfer);
      if (finished.ok && finished.value === null) return busy;
      this.#writing = null;
      if (!finished.ok) return failure(faultOf(finished.error));
      if (finished.value?.count !== sizeBytes) return cutShort;
    }
    if (bytes.length === 0) return success(0);
    const started = await this.#calls.startWrite(this.#device, bytes);
    if (!started.ok) return failure(faultOf(started.error));
    this.#writing = { transfer: started.value, sizeBytes: bytes.length };
    return success(bytes.length);
  }

  async close(): Promise<Result<null, FileFault>> {
    await this.#calls.cancel(this.#device);
    // The system writes into a transfer's memory until it is finished.
    for (const transfer of [this.#reading, this.#writing?.transfer]) {
      if (transfer) await this.#settle(transfer);
    }
    const closed = await this.#calls.closeDevice(this.#device);
    return closed.ok ? success(null) : failure(faultOf(closed.error));
  }

  async #settle(transfer: Transfer): Promise<void> {
    for (;;) {
      const finished = await this.#calls.finish(this.#device, transfer);
      if (!finished.ok || finished.value !== null) return;
    }
  }
}

export function usbPrintFiles(calls: UsbPrintCalls): DeviceFiles {
  return {
    async open(path) {
      const opened = await calls.openDevice(path);
      return opened.ok
        ? success(new UsbPrintFile(opened.value, calls))
        : failure(faultOf(opened.error));
    },
  };
}

async function pathOf(
  place: ParsedAddress,
  commands: Commands,
  timers: Timers,
): Promise<Result<string, DeviceError>> {
  if (place.type === 'path') return success(place.path);
  const { vendorId, productId } = place.wanted;
  const listed = await listUsbPrint(commands, timers);
  if (listed === null) return failure({ code: 'failure', detail: 'the registry did not answer' });
  const path = choosePort(place.wanted, listed);
  if (path !== null) return success(path);
  const detail = `usbprint knows no printer ${vendorId}:${productId}, or cannot tell two apart`;
  return failure({ code: 'no-hardware', detail });
}

/** As `usbLpTransport`, for Windows. */
export function usbPrintTransport(
  place: ParsedAddress,
  calls: UsbPrintCalls,
  commands: Commands,
  timers: Timers,
): Transport {
  const files = usbPrintFiles(calls);
  return {
    keepsSession: false,
    isOneWay: false,
    async connect(deadlineMs) {
      const startedAtMs = timers.nowMs();
      const path = await pathOf(place, commands, timers);
      if (!path.ok) return path;
      const leftMs = Math.max(1, deadlineMs - (timers.nowMs() - startedAtMs));
      return connectNode(files, path.value, timers, leftMs);
    },
  };
}
