// Owns HID POS scanners without hardware: descriptor and reports of each layout that was captured.
import type { FakeHid, FakeHidIdentity } from '#drivers/fake/hid.ts';
import { success } from '#drivers/result.ts';
import { type ScanSuffix, scanSuffixes, type VirtualScanner } from '#drivers/virtual/scanner.ts';

/**
 * - `honeywell`: id, count, AIM 1–3, 56 bytes, code id, vendor's byte, flags (0c2e:1007).
 * - `symbol`: id, count of two bytes, AIM 1–3, 56 bytes, code id, flags (05e0:2100).
 * - `unnumbered`: as Honeywell's, but the only report, and so without an id.
 */
export type HidModel = 'honeywell' | 'symbol' | 'unnumbered';

export interface HidScanOptions {
  /** AIM identifier; `]E0` when absent. */
  readonly aim?: string;
  /** True leaves the last report with the mark that another follows. */
  readonly isUnfinished?: boolean;
}

export const hidModels: readonly HidModel[] = ['honeywell', 'symbol', 'unnumbered'];
export const hidReportBytes: Readonly<Record<HidModel, number>> = {
  honeywell: 64,
  symbol: 64,
  unnumbered: 63,
};
/** Bytes of a scan in one report. */
export const hidDataBytes = 56;

const reportId = 2;
const enableReportId = 254;
const commandReportId = 253;

/** One item of a descriptor with a value of one or two bytes (HID 1.11, §6.2.2.2). */
function item(tag: number, value: number): number[] {
  return value < 0x100 ? [tag | 1, value] : [tag | 2, value & 0xff, value >> 8];
}

const usagePage = (page: number) => item(0x04, page);
const usage = (id: number) => item(0x08, id);
const field = (sizeBits: number, count: number) => [...item(0x74, sizeBits), ...item(0x94, count)];
const input = (flags: number) => item(0x80, flags);
const collection = (kind: number) => item(0xa0, kind);
const endCollection = [0xc0];
const variable = 0x02;
const constant = 0x03;

const pageDesktop = 0x01;
const pageScanner = 0x8c;
const pageVendor = 0xff66;

/** What each model's driver sees first: its fields, in the order in which they are sent. */
export function hidDescriptorOf(model: HidModel): Uint8Array {
  const isNumbered = model !== 'unnumbered';
  const vendorBytes = model === 'symbol' ? 1 : 2;
  const scannedData = [
    ...(isNumbered ? item(0x84, reportId) : []),
    ...usage(0x12),
    ...collection(0x02),
    ...[...item(0x14, 0), ...item(0x24, 0xff)],
    ...[...usagePage(pageDesktop), ...usage(0x3b), ...field(model === 'symbol' ? 16 : 8, 1)],
    ...input(variable),
    ...[...usagePage(pageScanner), ...field(8, 3), ...usage(0xfb), ...usage(0xfc), ...usage(0xfd)],
    ...input(variable),
    ...[...field(8, hidDataBytes), ...usage(0xfe), ...input(0x0102)],
    ...[...usagePage(pageVendor), ...field(8, vendorBytes), ...usage(0x04), ...input(variable)],
    ...[...usagePage(pageScanner), ...field(1, 1), ...usage(0xff), ...input(variable)],
    ...[...field(7, 1), ...input(constant)],
    ...endCollection,
  ];
  const commands = [
    ...[...item(0x84, enableReportId), ...usagePage(pageVendor), ...usage(0x10), ...field(8, 1)],
    ...item(0xb0, variable),
    ...[...item(0x84, commandReportId), ...usage(0x11), ...field(8, 63), ...item(0x90, variable)],
  ];
  return Uint8Array.from([
    ...[...usagePage(pageScanner), ...usage(0x02), ...collection(0x01)],
    ...scannedData,
    ...(model === 'honeywell' ? commands : []),
    ...endCollection,
  ]);
}

/** The reports of one scan, each as the driver reads it: with its id, where it has one. */
export function encodeHidScan(
  model: HidModel,
  bytes: Uint8Array,
  options: HidScanOptions = {},
): readonly Uint8Array[] {
  const shift = { honeywell: 0, symbol: 1, unnumbered: -1 }[model];
  const reports: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += hidDataBytes) {
    const part = bytes.subarray(from, from + hidDataBytes);
    const isContinued = options.isUnfinished === true || from + hidDataBytes < bytes.length;
    const report = new Uint8Array(hidReportBytes[model]);
    if (model !== 'unnumbered') report[0] = reportId;
    report[model === 'unnumbered' ? 0 : 1] = part.length;
    report.set(new TextEncoder().encode(options.aim ?? ']E0'), 2 + shift);
    report.set(part, 5 + shift);
    report[61 + shift] = 0x64;
    report[report.length - 1] = isContinued ? 1 : 0;
    reports.push(report);
  }
  return reports;
}

/** One symbol after the other, as CR parts them; what follows the last CR is still going on. */
function splitReads(bytes: Uint8Array): {
  readonly whole: Uint8Array[];
  readonly rest: Uint8Array;
} {
  const whole: Uint8Array[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0x0d); at >= 0; at = bytes.indexOf(0x0d, from)) {
    whole.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return { whole, rest: bytes.subarray(from) };
}

/** What a scanner of `model` sends for what a hand does with it, whatever carries its reports. */
export function createHidHand(model: HidModel, sendReport: (report: Uint8Array) => Promise<void>) {
  let isUnfinished = false;
  async function sendAll(reports: readonly Uint8Array[]): Promise<void> {
    for (const report of reports) await sendReport(report);
  }
  return {
    /** The suffix is data here, as a scanner sends it that is set to add one. */
    async scan(text: string, aim: string | undefined, suffix: ScanSuffix): Promise<void> {
      const [start, end] = scanSuffixes[suffix];
      const bytes = new TextEncoder().encode(start + text + end);
      await sendAll(encodeHidScan(model, bytes, aim === undefined ? {} : { aim }));
    },
    /** Bytes of symbols, each ended by CR; without a CR the symbol is not finished yet. */
    async send(bytes: Uint8Array): Promise<void> {
      const { whole, rest } = splitReads(bytes);
      for (const read of whole) {
        // The end of a symbol that began before may hold nothing more.
        if (read.length > 0 || isUnfinished) await sendAll(encodeHidScan(model, read));
        isUnfinished = false;
      }
      if (rest.length === 0) return;
      await sendAll(encodeHidScan(model, rest, { isUnfinished: true }));
      isUnfinished = true;
    },
    /** A scanner that was unplugged has forgotten what it was sending. */
    forget(): void {
      isUnfinished = false;
    },
  };
}

/** A HID POS scanner on the HID devices of this process. */
export function createFakeHidScanner(
  system: FakeHid,
  model: HidModel,
  identity: FakeHidIdentity,
): VirtualScanner {
  let node = '/dev/hidraw0';
  const hand = createHidHand(model, async (report) => system.send(node, report));
  const plug = (): void => system.plugHid(node, identity, hidDescriptorOf(model));
  const unplug = async (): Promise<void> => {
    hand.forget();
    system.unplug(node);
  };
  plug();
  return {
    path: node,
    send: (bytes) => hand.send(bytes),
    scan: (text, options = {}) => hand.scan(text, options.aim, options.suffix ?? 'none'),
    unplug,
    async replug(nodeName) {
      node = `/dev/${nodeName}`;
      plug();
      return success(null);
    },
    close: unplug,
  };
}
