// Owns what the device screen sees, and the schema of the devices that a shop has chosen.
import * as z from 'zod/mini';
import { pageNames } from '#drivers/printer/paper/pages.ts';
import type { PrinterStatus } from '#drivers/printer/printer.ts';
import { count, epochMs, shortText, words } from '#till/basketView.ts';

const address = z.string().check(z.minLength(1), z.maxLength(200));
/** Absent in what was stored before names were, and for what has none. */
const name = z.optional(z.nullable(shortText));
const baudRate = z.int().check(z.gte(300), z.lte(921_600));
const commands = z.enum(['none', 'honeywell', 'datalogic', 'cipherlab']);
const flag = z.nullable(z.boolean());

/** What can be set on a serial scanner besides its speed. */
export const serialScannerSettings = z.strictObject({
  parity: z.enum(['none', 'even', 'odd']),
  flowControl: z.enum(['none', 'xon-xoff']),
  isAcknowledged: z.boolean(),
  commands,
});

export const scannerConfiguration = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('serial'),
    name,
    address,
    baudRate,
    ...serialScannerSettings.shape,
  }),
  z.strictObject({ type: z.literal('ssi'), name, address, baudRate }),
  z.strictObject({ type: z.literal('hid'), name, address, commands }),
]);

export const printerCapabilities = z.strictObject({
  ackLevel: z.enum(['processId', 'gsR', 'asb', 'none']),
  answersRealTime: z.boolean(),
  answersAutomatic: z.boolean(),
  answersPaperSensor: z.boolean(),
  answersProcessId: z.boolean(),
  hasNearEndSensor: z.boolean(),
  modelName: z.nullable(z.string().check(z.maxLength(64))),
});

/** What `ESC t` wants for a code page, as read off the slip of letters. */
export const confirmedPage = z.strictObject({
  page: z.enum(pageNames),
  number: z.int().check(z.gte(0), z.lte(255)),
});

/** A person could not tell more apart. */
export const SCANNERS_MAX = 4;

export const deviceConfiguration = z.strictObject({
  scanners: z.array(scannerConfiguration).check(z.maxLength(SCANNERS_MAX)),
  printer: z.nullable(
    z.strictObject({
      name,
      address,
      profileId: z.string().check(z.minLength(1), z.maxLength(60)),
      capabilities: z.nullable(printerCapabilities),
      /** Absent in what was stored before the till asked about it. */
      confirmedPage: z.optional(z.nullable(confirmedPage)),
    }),
  ),
  lineDisplay: z.nullable(z.strictObject({ address, columns: z.int().check(z.gte(8), z.lte(40)) })),
});

const stroke = z.string().check(z.regex(/^[A-Za-z0-9+]{1,40}$/));
const paceMs = z.int().check(z.gte(1), z.lte(1000));

/** How the keyboard scanner is set: drivers/scanner/wedge/wedgeSettings.ts says what each is. */
export const wedgeSettings = z.strictObject({
  layout: z.enum(['us', 'uk', 'german', 'french', 'turkish-q', 'turkish-f']),
  letterCase: z.enum(['as-is', 'inverted', 'inverted-by-caps-lock']),
  prefix: z.array(stroke).check(z.maxLength(8)),
  suffix: z.nullable(z.array(stroke).check(z.maxLength(8))),
  digits: z.enum(['any', 'row', 'number-pad']),
  hasAltCodes: z.boolean(),
  loneHoldMs: paceMs,
  idleMs: paceMs,
  averageMsMax: paceMs,
  charactersMin: z.int().check(z.gte(1), z.lte(64)),
  charactersMinEnded: z.int().check(z.gte(1), z.lte(64)),
});

export const foundDevice = z.strictObject({
  kind: z.enum(['scanner-hid', 'scanner-serial', 'printer-usb', 'printer-spooler']),
  address,
  name: shortText,
  path: z.nullable(shortText),
  vendorId: z.nullable(shortText),
  productId: z.nullable(shortText),
  serialNumber: z.nullable(shortText),
  problem: z.nullable(z.enum(['permission', 'claimed-elsewhere', 'not-hid-pos'])),
});

/** One read, as it came over the wire and as the till would take it. */
export const scannerRead = z.strictObject({
  readId: count,
  deviceId: z.string(),
  /** Two digits a byte, at most 256 bytes. */
  hex: z.string(),
  byteCount: count,
  ending: z.enum(['cr', 'lf', 'cr-lf', 'tab', 'etx', 'none', 'packet']),
  durationMs: z.number(),
  /** AIM identifier, or null where the scanner sends none. */
  scanDataType: z.nullable(z.string()),
  /** What it means; a card's number is masked in it. Null: no scan, but noise or an answer. */
  meaning: z.nullable(words),
});
export type ScannerRead = z.infer<typeof scannerRead>;

/** `wedge` is the keyboard scanner; `paper` is the sensor, seen while paper was taken out. */
export const testKind = z.enum([
  'scanner',
  'wedge',
  'ruler',
  'codePages',
  'cut',
  'drawer',
  'paper',
]);

/** What somebody saw, kept with its time. */
export const testResult = z.strictObject({
  kind: testKind,
  isPassed: z.boolean(),
  atMs: epochMs,
  /** Which device: the address of the configuration. */
  address: z.string(),
});
export type TestResult = z.infer<typeof testResult>;

/** `drivers/printer/status.ts` says what each means. */
export const printerErrorCause = z.nullable(
  z.enum(['cutter', 'unrecoverable', 'auto-recoverable', 'other']),
);

export const printerStatusView = z.strictObject({
  state: z.enum(['none', 'absent', 'opening', 'ready', 'lost']),
  /** Why it cannot be reached, with the cure. */
  problem: z.nullable(words),
  isPaperOut: flag,
  /** Null until the sensor was seen to change: many printers have none. */
  isPaperNearEnd: flag,
  isCoverOpen: flag,
  hasError: flag,
  /** Null without an error, or where the printer does not tell. */
  errorCause: printerErrorCause,
  /** Level of the drawer connector's pin 3; what it means depends on the drawer. */
  isDrawerPinHigh: flag,
  /** The printer's own bytes as hexadecimal digits; null where it does not answer. */
  bytes: z.nullable(z.string()),
});

/** Null where there is no printer, or nothing was heard of it yet. */
export function viewOfStatus(status: PrinterStatus | null): z.infer<typeof printerStatusView> {
  return {
    state: status?.state ?? 'none',
    problem: status?.problem == null ? null : { key: `device.${status.problem}`, args: {} },
    isPaperOut: status?.isPaperOut ?? null,
    isPaperNearEnd: status?.isPaperNearEnd ?? null,
    isCoverOpen: status?.isCoverOpen ?? null,
    hasError: status?.hasError ?? null,
    errorCause: status?.errorCause ?? null,
    isDrawerPinHigh: status?.isDrawerPinHigh ?? null,
    bytes: status?.bytes ?? null,
  };
}

export const devicesView = z.strictObject({
  configuration: deviceConfiguration,
  /** Named by TILL_SCANNER or TILL_PRINTER: what is chosen here holds until the next such start. */
  isNamedAtStart: z.boolean(),
  /** How nearly every serial scanner is set by its maker. */
  usualLine: z.strictObject({
    type: z.literal('serial'),
    baudRate,
    ...serialScannerSettings.shape,
  }),
  /** Whose commands each kind of scanner can be given. */
  makers: z.strictObject({ serial: z.array(commands), hid: z.array(commands) }),
  profiles: z.array(z.strictObject({ profileId: z.string(), name: z.string(), columns: count })),
  isFinding: z.boolean(),
  /** Null before the first search. */
  found: z.nullable(z.array(foundDevice)),
  /** Not everything could be searched; the log says what. */
  findProblem: z.nullable(words),
  scanners: z.array(
    z.strictObject({
      deviceId: z.string(),
      state: z.enum(['none', 'absent', 'opening', 'ready', 'lost']),
      problem: z.nullable(words),
      suppressedCount: count,
    }),
  ),
  /** Reads that a keyboard scanner typed twice by itself, since the till was started. */
  keyboardRepeats: count,
  /** Newest first, at most 20. */
  reads: z.array(scannerRead),
  printer: printerStatusView,
  /** Displays do not answer: `ready` is one that takes what is sent. */
  display: z.strictObject({
    state: z.enum(['none', 'absent', 'opening', 'ready']),
    problem: z.nullable(words),
  }),
  isProbing: z.boolean(),
  /** This printer was asked what it can do, and nothing came back. */
  probeProblem: z.nullable(words),
  /** The test slip that was sent last, and what became of it. */
  lastTest: z.nullable(
    z.strictObject({
      test: z.enum(['ruler', 'codePages', 'cut', 'drawer']),
      state: z.enum(['running', 'confirmed', 'blocked', 'unknown']),
    }),
  ),
  results: z.array(testResult),
  /** The rows of the slip of letters: `label` stands at the head of each. */
  pageRows: z.array(z.strictObject({ ...confirmedPage.shape, label: z.string() })),
});
export type DevicesView = z.infer<typeof devicesView>;
