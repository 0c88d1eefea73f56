// Owns what can be done on the device screen: watch, find, choose, test and keep what was seen.
import { call } from '#renderer/state/connection.ts';
import { change, page } from '#renderer/state/store.ts';
import type { DevicesView, MethodInput } from '#till/contract.ts';

type Configuration = DevicesView['configuration'];
type Found = NonNullable<DevicesView['found']>[number];
type Scanner = Configuration['scanners'][number];
type PrinterTest = MethodInput<'devices.test'>['test'];

/** Shorter than the till's patience of 15 s, so that one lost call ends nothing. */
export const WATCH_EVERY_MS = 5_000;

export function showDevices(): void {
  change({ view: 'devices', question: null, isTypingCard: false, searchText: '' });
}

export async function watchDevices(): Promise<void> {
  const devices = await call('devices.watch', { takesScans: page().takesTestScans });
  if (devices !== null) change({ devices });
}

export function endWatch(): void {
  void call('devices.endWatch', {});
}

export function setTakesTestScans(takesTestScans: boolean): void {
  change({ takesTestScans });
  void watchDevices();
}

export function findDevices(): void {
  void call('devices.find', {});
}

/** False when it was refused; the page then says why. */
async function save(patch: Partial<Configuration>): Promise<boolean> {
  const { devices } = page();
  if (devices === null) return false;
  const configuration = { ...devices.configuration, ...patch };
  return (await call('devices.save', { configuration })) !== null;
}

/** How a scanner is set when it was only just found; each can be changed afterwards. */
function scannerOf({ kind, name, address }: Found, { usualLine }: DevicesView): Scanner {
  if (kind === 'scanner-hid') return { type: 'hid', name, address, commands: 'none' };
  return { ...usualLine, name, address };
}

/** Whether the till uses this device already. */
export function isChosen({ configuration }: DevicesView, address: string): boolean {
  const { scanners, printer } = configuration;
  return printer?.address === address || scanners.some((scanner) => scanner.address === address);
}

export function chooseDevice(found: Found): void {
  const { devices } = page();
  if (devices === null) return;
  if (found.kind === 'printer-usb' || found.kind === 'printer-spooler') {
    void choosePrinter(found.address, found.name);
  } else {
    void save({ scanners: [...devices.configuration.scanners, scannerOf(found, devices)] });
  }
}

/** What people type: a host is a network device, a port's own name a serial one. */
export function addressOf(typed: string): string {
  if (/^(tcp|serial|usb|usbprint|spooler|escpos):/.test(typed)) return typed;
  return /^(\/|COM[0-9])/.test(typed) ? `serial:${typed}` : `tcp://${typed}`;
}

/** A typed address has no name. */
export function choosePrinter(address: string, name: string | null = null): Promise<boolean> {
  const printer = page().devices?.configuration.printer;
  const profileId = printer?.profileId ?? 'generic-80';
  return save({ printer: { name, address, profileId, capabilities: null } });
}

export function chooseProfile(profileId: string): void {
  const printer = page().devices?.configuration.printer;
  if (printer != null) void save({ printer: { ...printer, profileId } });
}

export function removeScanner(address: string): void {
  const scanners = page().devices?.configuration.scanners ?? [];
  void save({ scanners: scanners.filter((scanner) => scanner.address !== address) });
}

export function changeScanner(scanner: Scanner): void {
  const scanners = page().devices?.configuration.scanners ?? [];
  void save({ scanners: scanners.map((one) => (one.address === scanner.address ? scanner : one)) });
}

export function removePrinter(): void {
  void save({ printer: null });
}

export function setLineDisplay(lineDisplay: Configuration['lineDisplay']): Promise<boolean> {
  return save({ lineDisplay });
}

/** Shows a text until this screen is left. */
export function testDisplay(): void {
  void call('devices.test', { test: 'display' });
}

export function probePrinter(): void {
  void call('devices.probe', {});
}

export function testPrinter(test: PrinterTest): void {
  void call('devices.test', { test });
}

/** Keeps what a person saw, with its time. */
export function confirmTest(
  kind: MethodInput<'devices.confirm'>['kind'],
  address: string,
  isPassed: boolean,
): void {
  void call('devices.confirm', { kind, address, isPassed });
}

/** Null: no row of the slip reads right. */
export function confirmPage(
  confirmedPage: MethodInput<'devices.confirmPage'>['confirmedPage'],
): void {
  void call('devices.confirmPage', { confirmedPage });
}
