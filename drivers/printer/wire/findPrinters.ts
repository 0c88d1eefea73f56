// Owns the list of printers that this computer has: those on USB, and those of its spooler.
import { access, constants } from 'node:fs/promises';
import type { FoundDevice } from '#drivers/configuration.ts';
import { formatAddress } from '#drivers/deviceAddress.ts';
import { type Commands, systemCommands } from '#drivers/printer/wire/commands.ts';
import { finishWithin } from '#drivers/printer/wire/cups.ts';
import { type DeviceFolders, listUsbPrinters, systemFolders } from '#drivers/printer/wire/usbLp.ts';
import type { PortIdentity } from '#drivers/scanner/ports.ts';
import { systemTimers, type Timers } from '#drivers/timers.ts';

/** What the search asks; tests answer for it. */
export interface PrinterSearch {
  readonly platform: NodeJS.Platform;
  readonly commands: Commands;
  readonly folders: DeviceFolders;
  /** False when this user may not read and write it; nothing is opened. */
  mayOpen(path: string): Promise<boolean>;
  readonly timers: Timers;
}

export const systemSearch: PrinterSearch = {
  platform: process.platform,
  commands: systemCommands,
  folders: systemFolders,
  mayOpen: (path) =>
    access(path, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ),
  timers: systemTimers,
};

const LIST_LIMIT_MS = 2000;

/** Both lists of Windows in one start of PowerShell, which takes most of a second. */
const windowsQuestion = [
  '[Console]::OutputEncoding=[Text.Encoding]::UTF8;',
  '@{printers=@(Get-Printer|Select-Object Name,DriverName);',
  "usb=@(Get-PnpDevice -PresentOnly|Where-Object Service -eq 'usbprint'",
  '|Select-Object FriendlyName,InstanceId)}|ConvertTo-Json -Depth 3 -Compress',
].join('');

async function ask(
  search: PrinterSearch,
  program: string,
  args: readonly string[],
): Promise<string | null> {
  const command = search.commands.start(program, args);
  command.endInput();
  const outcome = await finishWithin(command, search.timers, LIST_LIMIT_MS);
  return outcome === null || outcome.exitCode === null ? null : outcome.output;
}

function usbPrinter(
  kind: 'usb' | 'usbprint',
  port: PortIdentity,
  listed: readonly PortIdentity[],
  mayOpen: boolean,
): FoundDevice {
  const { path, vendorId, productId, serialNumber, name } = port;
  const address = formatAddress(port, listed);
  const isIdentity = address.startsWith('usb:');
  return {
    kind: 'printer-usb',
    address: isIdentity ? address.replace('usb:', `${kind}:`) : `${kind}:${address}`,
    name: name ?? `${vendorId}:${productId}`,
    path,
    vendorId,
    productId,
    serialNumber,
    problem: mayOpen ? null : 'permission',
  };
}

function spoolerPrinter(queue: string, name: string): FoundDevice {
  return {
    kind: 'printer-spooler',
    address: `spooler:${queue}`,
    name,
    path: null,
    vendorId: null,
    productId: null,
    serialNumber: null,
    problem: null,
  };
}

/** `lpstat -a`: a line a queue, its name first; one that takes no jobs says "not accepting". */
function parseQueues(output: string): readonly FoundDevice[] {
  return output.split('\n').flatMap((line) => {
    const queue = /^(\S+) accepting requests/.exec(line)?.[1];
    return queue === undefined ? [] : [spoolerPrinter(queue, queue)];
  });
}

function textsOf(list: unknown, ...names: readonly string[]): string[][] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => names.map((name) => String(Reflect.get(Object(item), name) ?? '')));
}

/** `USB\VID_04B8&PID_0E15\J5AF01`; an instance with `&` in it stands for a place. */
function portOf(name: string, instanceId: string): PortIdentity | null {
  const match = /^USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})[^\\]*\\(.+)$/i.exec(instanceId);
  if (match === null) return null;
  const [, vendorId = '', productId = '', instance = ''] = match;
  const isPlace = instance.includes('&');
  return {
    path: instanceId,
    vendorId: vendorId.toLowerCase(),
    productId: productId.toLowerCase(),
    serialNumber: isPlace ? null : instance,
    usbPlace: isPlace ? instance : null,
    name: name === '' ? null : name,
  };
}

function parseWindows(output: string): readonly FoundDevice[] | null {
  let answer: object;
  try {
    answer = Object(JSON.parse(output));
  } catch {
    return null;
  }
  const spooled = textsOf(Reflect.get(answer, 'printers'), 'Name', 'DriverName');
  const usb = textsOf(Reflect.get(answer, 'usb'), 'FriendlyName', 'InstanceId');
  const ports = usb.flatMap(([name = '', id = '']) => portOf(name, id) ?? []);
  return [
    ...ports.map((port) => usbPrinter('usbprint', port, ports, true)),
    ...spooled.map(([name = '', driver = '']) => spoolerPrinter(name, `${name} (${driver})`)),
  ];
}

/**
 * Every printer that can be named by an address; one on the network cannot be found. Null when the
 * system could not be asked. Takes up to two seconds; opens nothing. Never rejects.
 */
export async function findPrinters(search: PrinterSearch): Promise<readonly FoundDevice[] | null> {
  if (search.platform === 'win32') {
    const args = ['-NoProfile', '-NonInteractive', '-Command', windowsQuestion];
    const answer = await ask(search, 'powershell', args);
    return answer === null ? null : parseWindows(answer);
  }
  const [listed, queues] = await Promise.all([
    search.platform === 'linux' ? listUsbPrinters(search.folders) : [],
    ask(search, 'lpstat', ['-a']),
  ]);
  const usb = await Promise.all(
    listed.map(async (port) => usbPrinter('usb', port, listed, await search.mayOpen(port.path))),
  );
  // A computer without CUPS has no queues, and that is no fault.
  return [...usb, ...parseQueues(queues ?? '')];
}
