// Owns printers at Linux's usblp nodes: found by what they are, not by the node of the moment.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DeviceError } from '#drivers/device.ts';
import { choosePort, type ParsedAddress } from '#drivers/deviceAddress.ts';
import type { DeviceFiles } from '#drivers/printer/wire/deviceFiles.ts';
import { connectNode } from '#drivers/printer/wire/nodeTransport.ts';
import type { Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { PortIdentity } from '#drivers/scanner/ports.ts';
import type { Timers } from '#drivers/timers.ts';

/** Where the system shows its devices: `/sys` and `/dev` but in tests. */
export interface DeviceFolders {
  readonly sysFolder: string;
  readonly devFolder: string;
}

export const systemFolders: DeviceFolders = { sysFolder: '/sys', devFolder: '/dev' };

async function textOf(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return text === '' ? null : text;
  } catch {
    // Not every device has every description, and an unplug may be under way.
    return null;
  }
}

async function printerAt(folder: string, devFolder: string): Promise<PortIdentity | null> {
  const event = await textOf(join(folder, 'uevent'));
  const node = /^DEVNAME=(.+)$/m.exec(event ?? '')?.[1];
  // `device` is the printer interface; the device that has it is one folder up.
  const usbFolder = await realpath(join(folder, 'device')).then(dirname, () => null);
  if (node === undefined || usbFolder === null) return null;
  const vendorId = await textOf(join(usbFolder, 'idVendor'));
  const productId = await textOf(join(usbFolder, 'idProduct'));
  if (vendorId === null || productId === null) return null;
  const maker = await textOf(join(usbFolder, 'manufacturer'));
  const product = await textOf(join(usbFolder, 'product'));
  return {
    path: join(devFolder, node),
    vendorId,
    productId,
    serialNumber: await textOf(join(usbFolder, 'serial')),
    usbPlace: basename(usbFolder),
    name: [maker, product].filter((part) => part !== null).join(' ') || null,
  };
}

/** Every printer that usblp serves now, by node; none where there is no usblp. Never rejects. */
export async function listUsbPrinters(folders: DeviceFolders): Promise<readonly PortIdentity[]> {
  const classFolder = join(folders.sysFolder, 'class/usbmisc');
  const names = await readdir(classFolder).catch(() => []);
  const nodes = names.filter((name) => /^lp[0-9]+$/.test(name)).sort();
  const found = await Promise.all(
    nodes.map((name) => printerAt(join(classFolder, name), folders.devFolder)),
  );
  return found.filter((printer) => printer !== null);
}

/** The node where the printer is plugged in now. */
async function nodeOf(
  place: ParsedAddress,
  folders: DeviceFolders,
): Promise<Result<string, DeviceError>> {
  if (place.type === 'path') return success(place.path);
  const { wanted } = place;
  const listed = await listUsbPrinters(folders);
  const path = choosePort(wanted, listed);
  if (path !== null) return success(path);
  const model = `${wanted.vendorId}:${wanted.productId}`;
  const places = listed
    .filter(({ vendorId, productId }) => `${vendorId}:${productId}` === model)
    .map((printer) => `${printer.path} at ${printer.usbPlace}`);
  const detail =
    places.length === 0
      ? `no USB printer ${model} is plugged in`
      : `this USB printer ${model} is not plugged in, or cannot be told from ${places.join(', ')}`;
  return failure({ code: 'no-hardware', detail });
}

/**
 * A session is opened for each job: the node is free for others in between, and a printer that was
 * plugged in again is found under its new name.
 */
export function usbLpTransport(
  place: ParsedAddress,
  files: DeviceFiles,
  folders: DeviceFolders,
  timers: Timers,
): Transport {
  return {
    keepsSession: false,
    isOneWay: false,
    async connect(deadlineMs) {
      const startedAtMs = timers.nowMs();
      const node = await nodeOf(place, folders);
      if (!node.ok) return node;
      const leftMs = Math.max(1, deadlineMs - (timers.nowMs() - startedAtMs));
      return connectNode(files, node.value, timers, leftMs);
    },
  };
}
