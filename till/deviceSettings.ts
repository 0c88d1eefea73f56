// Owns which devices this till uses: what was chosen on the device screen, else the shop file's.

import * as z from 'zod/mini';
import type { ReadableDb, WritableDb } from '#db/handle.ts';
import { getSetting, setSetting } from '#db/settings.ts';
import { assertNever } from '#drivers/assert.ts';
import {
  type DeviceConfiguration,
  type ScannerConfiguration,
  serialScannerDefaults,
} from '#drivers/configuration.ts';
import type { WedgeSettings } from '#drivers/scanner/wedge/wedgeSettings.ts';
import {
  deviceConfiguration,
  SCANNERS_MAX,
  type TestResult,
  testResult,
  wedgeSettings,
} from '#till/devicesView.ts';
import type { Shop } from '#till/shop.ts';

const SETTING = 'devices';
const DEFAULT_PROFILE_ID = 'epson-80';

/** What is named at the start of the program, by TILL_SCANNER and TILL_PRINTER. */
export interface NamedDevices {
  readonly scannerPath: string | null;
  readonly printerAddress: string | null;
}

/**
 * Null for what was never stored, and for what another version stored and this one does not
 * understand: a till must open and sell, and devices can be chosen again.
 */
function readSetting<T extends z.ZodMiniType>(
  db: ReadableDb,
  name: string,
  schema: T,
): z.infer<T> | null {
  const stored = getSetting(db, name);
  if (stored === null) return null;
  try {
    return schema.safeParse(JSON.parse(stored)).data ?? null;
  } catch {
    return null;
  }
}

/** The shop file calls an address `path`, and says only what differs from the usual. */
function scannerOfShop({
  path: address,
  ...given
}: Shop['scanners'][number]): ScannerConfiguration {
  switch (given.type) {
    case 'serial':
      return {
        type: 'serial',
        address,
        baudRate: given.baudRate,
        parity: given.parity ?? serialScannerDefaults.parity,
        flowControl: given.flowControl ?? serialScannerDefaults.flowControl,
        isAcknowledged: given.isAcknowledged ?? serialScannerDefaults.isAcknowledged,
        commands: given.commands ?? serialScannerDefaults.commands,
      };
    case 'ssi':
      return { type: 'ssi', address, baudRate: given.baudRate };
    case 'hid':
      return { type: 'hid', address, commands: given.commands ?? 'none' };
    default:
      return assertNever(given);
  }
}

export function devicesOfShop(shop: Shop): DeviceConfiguration {
  return {
    scanners: shop.scanners.map(scannerOfShop),
    printer: shop.printer === null ? null : { ...shop.printer, capabilities: null },
    lineDisplay: null,
  };
}

/** A scanner that was chosen before and is now named as well goes on as it was set. */
function scannerAt(path: string, chosen: readonly ScannerConfiguration[]): ScannerConfiguration {
  const known = chosen.find(({ address }) => address === path);
  return known ?? { ...serialScannerDefaults, address: path };
}

/** What was chosen on screen, else the shop file's; whatever is named at the start. */
export function readStoredDevices(db: ReadableDb, shop: Shop): DeviceConfiguration {
  return readSetting(db, SETTING, deviceConfiguration) ?? devicesOfShop(shop);
}

/** What is in use from the start on: named wins over stored. */
export function devicesInUse(
  stored: DeviceConfiguration,
  { scannerPath, printerAddress }: NamedDevices,
): DeviceConfiguration {
  const { scanners, printer } = stored;
  return {
    ...stored,
    scanners: scannerPath === null ? scanners : [scannerAt(scannerPath, scanners)],
    printer:
      printerAddress === null || printerAddress === printer?.address
        ? printer
        : {
            address: printerAddress,
            profileId: printer?.profileId ?? DEFAULT_PROFILE_ID,
            capabilities: null,
          },
  };
}

/** What a person had on screen, and what it became there. */
export interface DeviceChoice {
  readonly shown: DeviceConfiguration;
  readonly chosen: DeviceConfiguration;
}

/** A printer that was not on screen stays stored, unless another than the named one was chosen. */
function printerToStore(
  stored: DeviceConfiguration['printer'],
  { shown, chosen }: DeviceChoice,
  { printerAddress }: NamedDevices,
): DeviceConfiguration['printer'] {
  if (printerAddress === null || stored?.address === printerAddress) return chosen.printer;
  if (chosen.printer === null) return shown.printer?.address === stored?.address ? null : stored;
  return chosen.printer.address === printerAddress ? stored : chosen.printer;
}

/** A scanner that was not on screen cannot have been taken away there. */
function scannersToStore(
  stored: DeviceConfiguration['scanners'],
  { shown, chosen }: DeviceChoice,
  { scannerPath }: NamedDevices,
): DeviceConfiguration['scanners'] {
  const at = (list: DeviceConfiguration['scanners'], address: string) =>
    list.find((scanner) => scanner.address === address);
  const kept = stored.flatMap((scanner) => {
    const now = at(chosen.scanners, scanner.address);
    if (now !== undefined) return [now];
    return at(shown.scanners, scanner.address) === undefined ? [scanner] : [];
  });
  const added = chosen.scanners.filter(
    ({ address }) => address !== scannerPath && at(stored, address) === undefined,
  );
  // Where they are too many, what was chosen last is worth more than what nobody saw.
  return [...kept, ...added].slice(-SCANNERS_MAX);
}

/**
 * What to keep of a choice: a device that was only named at the start replaces none of the shop's,
 * which are used again once no device is named.
 */
export function devicesToStore(
  stored: DeviceConfiguration,
  choice: DeviceChoice,
  named: NamedDevices,
): DeviceConfiguration {
  return {
    ...choice.chosen,
    scanners: scannersToStore(stored.scanners, choice, named),
    printer: printerToStore(stored.printer, choice, named),
  };
}

function adaptersOf({ printer, lineDisplay }: DeviceConfiguration): readonly string[] {
  const addresses = [printer?.address ?? '', lineDisplay?.address ?? ''];
  return addresses.filter((address) => address.startsWith('escpos:'));
}

/**
 * True for an adapter that none of the known names. It is a file that runs with the till's rights:
 * a page may keep one, and never bring one in.
 */
export function namesNewAdapter(
  chosen: DeviceConfiguration,
  known: readonly DeviceConfiguration[],
): boolean {
  const named = known.flatMap(adaptersOf);
  return adaptersOf(chosen).some((address) => !named.includes(address));
}

export function storeDevices(db: WritableDb, configuration: DeviceConfiguration): void {
  setSetting(db, SETTING, JSON.stringify(configuration));
}

const WEDGE_SETTING = 'wedge';

/** Null before a test scan taught the till how its keyboard scanner types. */
export function readWedge(db: ReadableDb): WedgeSettings | null {
  return readSetting(db, WEDGE_SETTING, z.nullable(wedgeSettings));
}

export function storeWedge(db: WritableDb, settings: WedgeSettings | null): void {
  setSetting(db, WEDGE_SETTING, JSON.stringify(settings));
}

const RESULTS_SETTING = 'deviceTests';
const resultsFile = z.array(testResult);

/** One result a device and test: the newest. */
export function readTestResults(db: ReadableDb): readonly TestResult[] {
  return readSetting(db, RESULTS_SETTING, resultsFile) ?? [];
}

export function storeTestResult(db: WritableDb, result: TestResult): void {
  const others = readTestResults(db).filter(
    ({ kind, address }) => kind !== result.kind || address !== result.address,
  );
  setSetting(db, RESULTS_SETTING, JSON.stringify([result, ...others]));
}
