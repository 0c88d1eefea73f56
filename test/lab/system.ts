// Owns what the lab reads of the system: which node is whose, and what a process uses.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { UsbIdentity } from '#test/lab/gadgets.ts';
import { until } from '#test/lab/until.ts';

/** Kernel classes and where their nodes stand. */
const NODE_FOLDERS = {
  hidraw: '/dev',
  tty: '/dev',
  usbmisc: '/dev/usb',
  input: '/dev/input',
} as const;

export type NodeClass = keyof typeof NODE_FOLDERS;

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // It went away meanwhile.
    return '';
  }
}

function usbFolderOf(entry: string): string | null {
  let folder = '';
  try {
    folder = realpathSync(`${entry}/device`);
  } catch {
    return null;
  }
  while (folder.length > '/sys'.length && !existsSync(`${folder}/idVendor`)) {
    folder = path.dirname(folder);
  }
  return folder.length > '/sys'.length ? folder : null;
}

const hex = (value: number): string => value.toString(16).padStart(4, '0');

/** Every node of this class that belongs to the USB device, such as /dev/hidraw0. */
export function nodesOf(nodeClass: NodeClass, identity: UsbIdentity): readonly string[] {
  const base = `/sys/class/${nodeClass}`;
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .filter((name) => nodeClass !== 'input' || name.startsWith('event'))
    .filter((name) => {
      const folder = usbFolderOf(`${base}/${name}`);
      return (
        folder !== null &&
        readOrEmpty(`${folder}/idVendor`) === hex(identity.vendorId) &&
        readOrEmpty(`${folder}/idProduct`) === hex(identity.productId) &&
        readOrEmpty(`${folder}/serial`) === identity.serialNumber
      );
    })
    .map((name) => `${NODE_FOLDERS[nodeClass]}/${name}`)
    .sort();
}

/** The first such node, once udev has done its work on it. */
export async function nodeOf(nodeClass: NodeClass, identity: UsbIdentity): Promise<string> {
  const node = await until(() => nodesOf(nodeClass, identity)[0], `a node of ${nodeClass}`);
  settle();
  return node;
}

export async function nodeGone(nodeClass: NodeClass, identity: UsbIdentity): Promise<void> {
  await until(() => nodesOf(nodeClass, identity).length === 0, `no node of ${nodeClass}`);
}

/** Waits until udev has handled all that happened so far. */
export function settle(): void {
  execFileSync('udevadm', ['settle']);
}

/** `usb:0c2e:1007:SN1234`, as a till's settings name the device. */
export function addressOf(identity: UsbIdentity): string {
  return `usb:${hex(identity.vendorId)}:${hex(identity.productId)}:${identity.serialNumber}`;
}

/** Milliseconds of processor time of a process, all its threads together. */
export function cpuMs(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map((thread) =>
    Number(readOrEmpty(`${folder}/${thread}/schedstat`).split(' ')[0] ?? 0),
  );
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e6;
}

/** How many files a process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
