// Owns which devices this till uses: what was chosen on the device screen, else the shop file's.
import * as z from 'zod/mini';
import type { ReadableDb, WritableDb } from '#db/handle.ts';
import { getSetting, setSetting } from '#db/settings.ts';
import { type DeviceConfiguration, serialScannerDefaults } from '#drivers/configuration.ts';
import type { Shop } from '#till/shop.ts';

const SETTING = 'devices';
const DEFAULT_PROFILE_ID = 'epson-80';

const address = z.string().check(z.minLength(1), z.maxLength(200));
const baudRate = z.int().check(z.gte(300), z.lte(921_600));
const commands = z.enum(['none', 'honeywell', 'datalogic', 'cipherlab']);
const ackLevel = z.enum(['processId', 'gsR', 'asb', 'none']);

export const scannerConfiguration = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('serial'),
    address,
    baudRate,
    parity: z.enum(['none', 'even', 'odd']),
    flowControl: z.enum(['none', 'xon-xoff']),
    isAcknowledged: z.boolean(),
    commands,
  }),
  z.strictObject({ type: z.literal('ssi'), address, baudRate }),
  z.strictObject({ type: z.literal('hid'), address, commands }),
]);

export const printerCapabilities = z.strictObject({
  ackLevel,
  answersRealTime: z.boolean(),
  answersAutomatic: z.boolean(),
  answersPaperSensor: z.boolean(),
  answersProcessId: z.boolean(),
  hasNearEndSensor: z.boolean(),
  modelName: z.nullable(z.string().check(z.maxLength(64))),
});

export const deviceConfiguration = z.strictObject({
  /** At most four: more would not be found again by a person. */
  scanners: z.array(scannerConfiguration).check(z.maxLength(4)),
  printer: z.nullable(
    z.strictObject({
      address,
      profileId: z.string().check(z.minLength(1), z.maxLength(60)),
      capabilities: z.nullable(printerCapabilities),
    }),
  ),
  lineDisplay: z.nullable(z.strictObject({ address, columns: z.int().check(z.gte(8), z.lte(40)) })),
});

/** What is named at the start of the program, by TILL_SCANNER and TILL_PRINTER. */
export interface NamedDevices {
  readonly scannerPath: string | null;
  readonly printerAddress: string | null;
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
  const stored = getSetting(db, SETTING);
  const chosen = stored === null ? ofShop(shop) : deviceConfiguration.parse(JSON.parse(stored));
  const { scannerPath, printerAddress } = named;
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
          },
  };
}

export function storeDevices(db: WritableDb, configuration: DeviceConfiguration): void {
  setSetting(db, SETTING, JSON.stringify(configuration));
}
