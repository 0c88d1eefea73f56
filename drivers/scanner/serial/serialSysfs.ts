// Owns what Linux tells of its serial ports in sysfs; no program need list all devices.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { PortIdentity } from '#drivers/scanner/ports.ts';
import { usbPlaceOfSysfs } from '#drivers/scanner/serial/serialList.ts';

/** Chips, USB adapters and modems, boards' own ports, Bluetooth; no virtual consoles. */
const serialNames = /^(?:tty(?:S|USB|ACM|AMA|MFD|O|XRUSB|WCH)|rfcomm)\d+$/;

async function textOf(file: string): Promise<string | null> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
}

/** As udev writes a serial number into the names of its links (systemd, util_replace_chars). */
function serialAsUdev(serial: string | null): string | null {
  return serial?.replace(/\s+/g, '_').replace(/[^0-9A-Za-z#+\-.:=@_\u0080-\uffff]/g, '_') ?? null;
}

/** The folder of the USB device that a port belongs to: its place is a part of the path. */
function usbFolderOf(folder: string, usbPlace: string): string {
  const parts = folder.split('/');
  return parts.slice(0, parts.lastIndexOf(usbPlace) + 1).join('/');
}

async function readPort(tty: string, name: string): Promise<PortIdentity> {
  const path = `/dev/${name}`;
  const unknown = { vendorId: null, productId: null, serialNumber: null, usbPlace: null };
  const folder = await realpath(join(tty, name, 'device')).catch(() => null);
  const usbPlace = folder === null ? null : usbPlaceOfSysfs(folder);
  if (folder === null || usbPlace === null) return { path, ...unknown, name: null };
  const usb = usbFolderOf(folder, usbPlace);
  const [vendorId, productId, serial, manufacturer] = await Promise.all(
    ['idVendor', 'idProduct', 'serial', 'manufacturer'].map((file) => textOf(join(usb, file))),
  );
  return {
    path,
    vendorId: vendorId?.toLowerCase() ?? null,
    productId: productId?.toLowerCase() ?? null,
    serialNumber: serialAsUdev(serial ?? null),
    usbPlace,
    name: manufacturer ?? null,
  };
}

/** Null where there is no such folder: ports are then known by path alone. */
export async function listSerialPorts(sysFolder = '/sys'): Promise<readonly PortIdentity[] | null> {
  const tty = join(sysFolder, 'class', 'tty');
  try {
    const names = (await readdir(tty)).filter((name) => serialNames.test(name)).sort();
    return await Promise.all(names.map((name) => readPort(tty, name)));
  } catch {
    return null;
  }
}
