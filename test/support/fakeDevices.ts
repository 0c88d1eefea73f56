// Owns what the device screen shows in a till that lives in the page.
import { serialScannerDefaults } from '#drivers/configuration.ts';
import type { DevicesView } from '#till/contract.ts';

/** As many as the slip has: the letters must all be in reach. */
const pageNumbers = [
  { page: 'windows1254', numbers: [48, 91, 32, 16] },
  { page: 'cp857', numbers: [13, 8, 39, 61, 29, 12, 24] },
  { page: 'iso8859_9', numbers: [43] },
  { page: 'windows1252', numbers: [16, 49, 71, 32, 8, 11] },
  { page: 'cp858', numbers: [19, 31, 53, 4, 6, 14] },
] as const;

const pageRows: DevicesView['pageRows'] = pageNumbers
  .flatMap(({ page, numbers }) => numbers.map((number) => ({ page, number })))
  .map((row, index) => ({ ...row, label: String.fromCharCode('A'.charCodeAt(0) + index) }));

export const devices: DevicesView = {
  configuration: {
    scanners: [
      { type: 'hid', address: 'usb:0c2e:1007:19270B4C33', commands: 'honeywell' },
      {
        type: 'serial',
        name: 'Datalogic Gryphon GD4200',
        address: 'usb:05f9:4204@1-2.3',
        baudRate: 9600,
        parity: 'none',
        flowControl: 'none',
        isAcknowledged: false,
        commands: 'datalogic',
      },
    ],
    printer: {
      address: 'tcp://192.168.1.50:9100',
      profileId: 'epson-80',
      capabilities: {
        ackLevel: 'processId',
        answersRealTime: true,
        answersAutomatic: true,
        answersPaperSensor: true,
        answersProcessId: true,
        hasNearEndSensor: false,
        modelName: 'TM-T20III',
      },
    },
    lineDisplay: null,
  },
  isNamedAtStart: false,
  usualLine: serialScannerDefaults,
  makers: {
    serial: ['none', 'honeywell', 'datalogic', 'cipherlab'],
    hid: ['none', 'honeywell'],
  },
  profiles: [
    { profileId: 'epson-80', name: 'Epson TM-T20II/III, TM-m30III and alike, 80 mm', columns: 48 },
    { profileId: 'generic-58', name: 'Other ESC/POS printers, 58 mm', columns: 32 },
  ],
  isFinding: false,
  findProblem: null,
  found: [
    {
      kind: 'scanner-hid',
      address: 'usb:0c2e:1007:19270B4C33',
      name: 'Honeywell Voyager 1470g',
      path: '/dev/hidraw2',
      vendorId: '0c2e',
      productId: '1007',
      serialNumber: '19270B4C33',
      problem: null,
    },
    {
      kind: 'printer-usb',
      address: 'usb:0416:5011@1-4',
      name: 'POS58 USB printer',
      path: '/dev/usb/lp1',
      vendorId: '0416',
      productId: '5011',
      serialNumber: null,
      problem: 'permission',
    },
  ],
  scanners: [
    { deviceId: 'usb:0c2e:1007:19270B4C33', state: 'ready', problem: null, suppressedCount: 2 },
    {
      deviceId: 'usb:05f9:4204@1-2.3',
      state: 'absent',
      problem: { key: 'device.no-hardware', args: {} },
      suppressedCount: 0,
    },
  ],
  reads: [
    {
      readId: 2,
      deviceId: 'usb:05f9:4204@1-2.3',
      hex: '5d 45 30 34 30 30 36 33 38 31 33 33 33 39 33 31 0d',
      byteCount: 17,
      ending: 'cr',
      durationMs: 16,
      scanDataType: ']E0',
      meaning: {
        key: 'reading.product',
        args: { name: 'Filter coffee', barcode: '4006381333931' },
      },
    },
    {
      readId: 1,
      deviceId: 'usb:05f9:4204@1-2.3',
      hex: '00 ff 34',
      byteCount: 3,
      ending: 'none',
      durationMs: 0,
      scanDataType: null,
      meaning: null,
    },
  ],
  keyboardRepeats: 1,
  printer: {
    state: 'ready',
    problem: null,
    isPaperOut: false,
    isPaperNearEnd: null,
    isCoverOpen: false,
    hasError: false,
    errorCause: null,
    isDrawerPinHigh: false,
    bytes: '12 12 12 12',
  },
  display: { state: 'none', problem: null },
  isProbing: false,
  probeProblem: null,
  lastTest: { test: 'ruler', state: 'confirmed' },
  results: [
    {
      kind: 'ruler',
      isPassed: true,
      atMs: 1_790_000_000_000,
      address: 'tcp://192.168.1.50:9100',
    },
    {
      kind: 'scanner',
      isPassed: false,
      atMs: 1_790_000_000_000,
      address: 'usb:05f9:4204@1-2.3',
    },
  ],
  pageRows,
};
