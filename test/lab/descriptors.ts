// Owns the report descriptors of the lab's HID devices, and the reports that they send. The fields
// stand where captured reports have them; a descriptor's own order of items is ours.

/** How a scanner lays out its reports; real ones differ under one report id. */
export type HidLayout = 'honeywell' | 'symbol' | 'unnumbered';

/** Bytes of decoded data in one report. */
export const DATA_BYTES = 56;

const posPage = [0x05, 0x8c];
const vendorPage = [0x06, 0x8c, 0xff];
const reportTwo = [0x85, 0x02];
const scannedData = [0x09, 0x12, 0xa1, 0x02, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08];
const byteCount8 = [0x05, 0x01, 0x09, 0x3b, 0x95, 0x01, 0x81, 0x02];
const byteCount16 = [
  ...[0x05, 0x01, 0x09, 0x3b, 0x75, 0x10, 0x95, 0x01, 0x27, 0xff, 0xff, 0x00, 0x00, 0x81, 0x02],
  ...[0x26, 0xff, 0x00, 0x75, 0x08],
];
const symbology = [0x05, 0x8c, 0x95, 0x03, 0x09, 0xfb, 0x09, 0xfc, 0x09, 0xfd, 0x81, 0x02];
const decodedData = [0x95, DATA_BYTES, 0x09, 0xfe, 0x82, 0x02, 0x01];
const codeId = [0x06, 0x66, 0xff, 0x95, 0x01, 0x09, 0x04, 0x81, 0x02];
const vendorByte = [0x95, 0x01, 0x09, 0x00, 0x81, 0x02];
const continued = [
  ...[0x05, 0x8c, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x09, 0xff, 0x81, 0x02],
  ...[0x75, 0x07, 0x81, 0x03],
];
const featureReport254 = [
  ...[0x85, 0xfe, 0x06, 0x66, 0xff, 0x09, 0x10, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x01],
  ...[0xb1, 0x02],
];
/** Honeywell's commands: report 253, a length and up to 61 bytes. */
const outputReport253 = [
  ...[0x85, 0xfd, 0x06, 0x66, 0xff, 0x09, 0x11, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x3f],
  ...[0x91, 0x02],
];
const end = [0xc0];

/** A scanner's collection with its one input report; what else it has, and `end`, follow. */
const inputReport = (
  page: readonly number[],
  id: readonly number[],
  byteCount: readonly number[],
  vendor: readonly number[],
) => [
  ...[...page, 0x09, 0x02, 0xa1, 0x01], // Usage page and usage: bar code scanner, a collection
  ...id,
  ...scannedData,
  ...byteCount,
  ...symbology,
  ...decodedData,
  ...codeId,
  ...vendor,
  ...continued,
  ...end,
];

export const hidDescriptors: Readonly<Record<HidLayout, readonly number[]>> = {
  honeywell: [
    ...inputReport(posPage, reportTwo, byteCount8, vendorByte),
    ...featureReport254,
    ...outputReport253,
    ...end,
  ],
  symbol: [...inputReport(posPage, reportTwo, byteCount16, []), ...end],
  unnumbered: [...inputReport(posPage, [], byteCount8, vendorByte), ...end],
};

/** Honeywell's second collection: looks the same but for its page, 0xFF8C. */
export const twinDescriptor: readonly number[] = [
  ...inputReport(vendorPage, reportTwo, byteCount8, vendorByte),
  ...end,
];

export const reportBytes: Readonly<Record<HidLayout, number>> = {
  honeywell: 64,
  symbol: 64,
  unnumbered: 63,
};

export interface ReportOptions {
  /** Three characters; `]E0` when absent. */
  readonly aim?: string;
  /** In the count's field instead of the true one. */
  readonly count?: number;
  /** The continued flag of the last report. */
  readonly isContinued?: boolean;
}

/** Where each field of a report stands, in bytes. */
export function fieldsOf(layout: HidLayout): {
  readonly count: number;
  readonly aim: number;
  readonly data: number;
  readonly codeId: number;
  readonly flags: number;
} {
  const count = layout === 'unnumbered' ? 0 : 1;
  const aim = count + (layout === 'symbol' ? 2 : 1);
  const data = aim + 3;
  return { count, aim, data, codeId: data + DATA_BYTES, flags: reportBytes[layout] - 1 };
}

/** The reports of one scan, 56 bytes of it in each. */
export function scanReports(
  layout: HidLayout,
  text: string | Uint8Array,
  options: ReportOptions = {},
): readonly Uint8Array[] {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const at = fieldsOf(layout);
  const reports: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += DATA_BYTES) {
    const part = bytes.subarray(from, from + DATA_BYTES);
    const isLast = from + DATA_BYTES >= bytes.length;
    const report = Buffer.alloc(reportBytes[layout]);
    if (layout !== 'unnumbered') report[0] = 2;
    report[at.count] = options.count ?? part.length;
    report.write(options.aim ?? ']E0', at.aim, 'latin1');
    report.set(part, at.data);
    report[at.codeId] = 0x64;
    report[at.flags] = !isLast || options.isContinued === true ? 1 : 0;
    reports.push(report);
  }
  return reports;
}

/** A boot keyboard: what a scanner is in keyboard mode. */
export const keyboardDescriptor: readonly number[] = [
  ...[0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00],
  ...[0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x03],
  ...[0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91, 0x02, 0x95, 0x01],
  ...[0x75, 0x03, 0x91, 0x03, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07],
  ...[0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0],
];
export const KEYBOARD_REPORT_BYTES = 8;

const SHIFT = 0x02;
const LEFT_ALT = 0x04;

/** Usage ids of the HID keyboard page of a US keyboard: the plain and the shifted character. */
const usOrder: readonly (readonly [number, string])[] = [
  ...[...'abcdefghijklmnopqrstuvwxyz'].map((letter, index): [number, string] => [
    0x04 + index,
    letter + letter.toUpperCase(),
  ]),
  ...[...'1234567890'].map((digit, index): [number, string] => [
    0x1e + index,
    digit + '!@#$%^&*()'.charAt(index),
  ]),
  [0x28, '\r\r'],
  [0x2b, '\t\t'],
  [0x2c, '  '],
  [0x2d, '-_'],
  [0x2e, '=+'],
  [0x2f, '[{'],
  [0x30, ']}'],
  [0x33, ';:'],
  [0x34, `'"`],
  [0x36, ',<'],
  [0x37, '.>'],
  [0x38, '/?'],
];

function keyReport(modifiers: number, usage: number): Uint8Array {
  return Uint8Array.of(modifiers, 0, usage, 0, 0, 0, 0, 0);
}

function stroke(usage: number, modifiers = 0): readonly Uint8Array[] {
  return [keyReport(modifiers, usage), keyReport(0, 0)];
}

/** Press and release of each character, as a scanner set to a US keyboard sends them. */
export function keystrokes(text: string): readonly Uint8Array[] {
  return [...text].flatMap((character) => {
    const found = usOrder.find(([, pair]) => pair.includes(character));
    if (found === undefined) throw new Error(`no key for ${JSON.stringify(character)}`);
    const [usage, pair] = found;
    const isShifted = pair.charAt(0) !== character;
    return stroke(usage, isShifted ? SHIFT : 0);
  });
}

const NUMPAD_ONE = 0x59;
const NUMPAD_ZERO = 0x62;

const numpadUsage = (digit: string): number =>
  digit === '0' ? NUMPAD_ZERO : NUMPAD_ONE + Number(digit) - 1;

/** Digits on the number pad, then Enter. */
export function numpadStrokes(digits: string): readonly Uint8Array[] {
  return [...[...digits].flatMap((digit) => stroke(numpadUsage(digit))), ...keystrokes('\r')];
}

/** Alt held, the character's decimal code on the number pad, Alt let go. */
export function altCodeStrokes(text: string): readonly Uint8Array[] {
  return [...text].flatMap((character) => [
    keyReport(LEFT_ALT, 0),
    ...[...String(character.charCodeAt(0)).padStart(3, '0')].flatMap((digit) => [
      keyReport(LEFT_ALT, numpadUsage(digit)),
      keyReport(LEFT_ALT, 0),
    ]),
    keyReport(0, 0),
  ]);
}

/** Press and release of Caps Lock. */
export function capsLockStroke(): readonly Uint8Array[] {
  return stroke(0x39);
}
