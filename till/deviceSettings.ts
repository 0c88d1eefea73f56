// Owns which devices this till uses: what was chosen on the device screen, else the shop file's.

import * as z from 'zod/mini';
import type { ReadableDb, WritableDb } from '#db/handle.ts';
import { getSetting, setSetting } from '#db/settings.ts';
import { type DeviceConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
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

function ofShop(shop: Shop): DeviceConfiguration {
  return {
    scanners: shop.scanners.map(({ path, baudRate: rate }) => ({
      ...serialScannerDefaults,
      address: path,
      baudRate: rate,
    })),
    printer: shop.printer === null ? null : { ...shop.printer, capabilities: null },
    lineDisplay: null,
  };
}

/** Named at the start wins, then what was chosen on screen, then the shop file. */
export function readDevices(db: ReadableDb, shop: Shop, named: NamedDevices): DeviceConfiguration {
  const chosen = readSetting(db, SETTING, deviceConfiguration) ?? ofShop(shop);
  const { scannerPath, printerAddress } = named;
  const isSamePrinter = chosen.printer?.address === printerAddress;
  return {
    ...chosen,
    scanners:
      scannerPath === null ? chosen.scanners : [{ ...serialScannerDefaults, address: scannerPath }],
    printer:
      printerAddress === null
        ? chosen.printer
        : {
            address: printerAddress,
            profileId: chosen.printer?.profileId ?? DEFAULT_PROFILE_ID,
            capabilities: null,
            confirmedPage: isSamePrinter ? chosen.printer?.confirmedPage : null,
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
