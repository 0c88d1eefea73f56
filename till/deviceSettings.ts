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

function ofShop(shop: Shop): DeviceConfiguration {
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

/** Named at the start wins, then what was chosen on screen, then the shop file. */
export function readDevices(db: ReadableDb, shop: Shop, named: NamedDevices): DeviceConfiguration {
  const chosen = readSetting(db, SETTING, deviceConfiguration) ?? ofShop(shop);
  const { scannerPath, printerAddress } = named;
  const { printer } = chosen;
  return {
    ...chosen,
    scanners: scannerPath === null ? chosen.scanners : [scannerAt(scannerPath, chosen.scanners)],
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
