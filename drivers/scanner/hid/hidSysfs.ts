// Owns what Linux tells of its HID devices in sysfs; no library is needed to read it.
import { access, constants, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseHidDescriptor } from '#drivers/scanner/hid/hidDescriptor.ts';
import type { HidDevice } from '#drivers/scanner/hid/hidSystem.ts';
import { usbPlaceOfSysfs } from '#drivers/scanner/serial/serialList.ts';

/** Where the kernel shows its devices, and where udev puts their nodes. */
export interface LinuxFolders {
  readonly sys: string;
  readonly dev: string;
}

export const linuxFolders: LinuxFolders = { sys: '/sys', dev: '/dev' };

/** `HID_ID=0003:00000C2E:00001007`: bus, maker, product. */
const identity = /^HID_ID=[0-9A-F]{4}:0000([0-9A-F]{4}):0000([0-9A-F]{4})$/im;

function lineOf(uevent: string, key: string): string | null {
  const line = uevent.split('\n').find((candidate) => candidate.startsWith(`${key}=`));
  const value = line?.slice(key.length + 1).trim() ?? '';
  return value === '' ? null : value;
}

function classFolder(folders: LinuxFolders, name: string): string {
  return join(folders.sys, 'class', 'hidraw', name, 'device');
}

async function mayOpen(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Null for a device that went away meanwhile. */
async function readDevice(folders: LinuxFolders, name: string): Promise<HidDevice | null> {
  const folder = classFolder(folders, name);
  const path = join(folders.dev, name);
  try {
    const uevent = await readFile(join(folder, 'uevent'), 'utf8');
    const descriptor = parseHidDescriptor(await readFile(join(folder, 'report_descriptor')));
    const [, vendorId = null, productId = null] = identity.exec(uevent) ?? [];
    return {
      path,
      vendorId: vendorId?.toLowerCase() ?? null,
      productId: productId?.toLowerCase() ?? null,
      serialNumber: lineOf(uevent, 'HID_UNIQ'),
      usbPlace: usbPlaceOfSysfs(await realpath(folder)),
      name: lineOf(uevent, 'HID_NAME'),
      usagePages: descriptor?.usagePages ?? [],
      isPermitted: await mayOpen(path),
    };
  } catch {
    return null;
  }
}

/** Null when this kernel has no hidraw. */
export async function listHidraw(folders: LinuxFolders): Promise<readonly HidDevice[] | null> {
  try {
    const names = await readdir(join(folders.sys, 'class', 'hidraw'));
    const read = await Promise.all(names.map((name) => readDevice(folders, name)));
    return read.filter((device) => device !== null);
  } catch {
    return null;
  }
}

/** The report descriptor of the device at `path`, such as `/dev/hidraw0` or a link to it. */
export async function readHidDescriptor(
  folders: LinuxFolders,
  path: string,
): Promise<Uint8Array | null> {
  try {
    const folder = classFolder(folders, basename(await realpath(path)));
    return await readFile(join(folder, 'report_descriptor'));
  } catch {
    return null;
  }
}
