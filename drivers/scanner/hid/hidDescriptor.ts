// Owns where a HID POS scanner puts its fields, told by its own report descriptor. Pure.

/**
 * Places in one input report as it is read, the report id included where there is one. Real
 * scanners put the same fields at different places (HID Point of Sale Usage Tables 1.02 leave that
 * to the descriptor).
 */
export interface HidLayout {
  /** First byte of each report; null when the device does not number its reports. */
  readonly reportId: number | null;
  /** How many bytes of data are used, little-endian; null when the descriptor has no count. */
  readonly count: { readonly offset: number; readonly sizeBytes: 1 | 2 } | null;
  /** Of the three characters of the AIM identifier; null when the descriptor lacks one. */
  readonly aimOffsets: readonly [number, number, number] | null;
  readonly data: { readonly offset: number; readonly sizeBytes: number };
  /** The bit that says that the next report goes on; null when there is none. */
  readonly continued: { readonly offset: number; readonly mask: number } | null;
}

/** What the descriptor says of the device. */
export interface HidDescriptor {
  /** Usage pages of the application collections: 0x8C for a scanner, 0x01 for a keyboard. */
  readonly usagePages: readonly number[];
  /** Null when no input report holds a scan's data in whole bytes. */
  readonly layout: HidLayout | null;
  /** Sizes of the feature reports in bytes by id, the id not counted; id 0 for no id. */
  readonly featureSizes: ReadonlyMap<number, number>;
}

export const usagePageScanner = 0x8c;

const usageByteCount = 0x0001_003b;
const usageAim1 = 0x008c_00fb;
const usageAim3 = 0x008c_00fd;
const usageDecodedData = 0x008c_00fe;
const usageContinued = 0x008c_00ff;

/** Linux allows a descriptor 4,096 bytes (HID_MAX_DESCRIPTOR_SIZE); reports of scanners have 64. */
const descriptorBytesMax = 4096;
const reportBitsMax = 4096 * 8;
const usagesMax = 1024;
const stackDepthMax = 16;

/** Tags with type, size bits off (Device Class Definition for HID 1.11, §6.2.2). */
const item = {
  input: 0x80,
  output: 0x90,
  feature: 0xb0,
  collection: 0xa0,
  endCollection: 0xc0,
  usagePage: 0x04,
  reportSize: 0x74,
  reportId: 0x84,
  reportCount: 0x94,
  push: 0xa4,
  pop: 0xb4,
  usage: 0x08,
  usageMin: 0x18,
  usageMax: 0x28,
} as const;

const applicationCollection = 1;
const longItem = 0xfe;

interface Globals {
  usagePage: number;
  sizeBits: number;
  count: number;
  reportId: number;
}

interface FoundFields {
  count: HidLayout['count'];
  readonly aimOffsets: [number | null, number | null, number | null];
  data: HidLayout['data'] | null;
  continued: HidLayout['continued'];
}

interface Walk {
  globals: Globals;
  readonly stack: Globals[];
  usages: number[];
  usageMin: number | null;
  /** Bits so far of each input and feature report, the id's byte included for input. */
  readonly inputBits: Map<number, number>;
  readonly featureBits: Map<number, number>;
  readonly fields: Map<number, FoundFields>;
  readonly usagePages: number[];
}

interface Item {
  readonly tag: number;
  readonly value: number;
  readonly sizeBytes: number;
}

/** Null once a report outgrows every real one: the descriptor is then not to be believed. */
function grow(bits: Map<number, number>, globals: Globals, startBits: number): number | null {
  const from = bits.get(globals.reportId) ?? startBits;
  const to = from + globals.sizeBits * globals.count;
  if (to > reportBitsMax) return null;
  bits.set(globals.reportId, to);
  return from;
}

function fieldsOf(walk: Walk, reportId: number): FoundFields {
  const known = walk.fields.get(reportId);
  if (known !== undefined) return known;
  const fields: FoundFields = {
    count: null,
    aimOffsets: [null, null, null],
    data: null,
    continued: null,
  };
  walk.fields.set(reportId, fields);
  return fields;
}

function place(fields: FoundFields, usage: number, bit: number, globals: Globals): void {
  const { sizeBits } = globals;
  const offset = bit >> 3;
  const isByte = sizeBits === 8 && bit % 8 === 0;
  if (usage === usageByteCount && bit % 8 === 0 && (sizeBits === 8 || sizeBits === 16)) {
    fields.count ??= { offset, sizeBytes: sizeBits === 8 ? 1 : 2 };
  } else if (usage >= usageAim1 && usage <= usageAim3 && isByte) {
    fields.aimOffsets[usage - usageAim1] ??= offset;
  } else if (usage === usageContinued) {
    fields.continued ??= { offset, mask: 1 << (bit % 8) };
  }
}

/** One Input item: `count` fields, each with its usage; the last usage holds for the rest. */
function takeInput(walk: Walk, flags: number): boolean {
  const { globals, usages } = walk;
  const startBits = globals.reportId === 0 ? 0 : 8;
  const from = grow(walk.inputBits, globals, startBits);
  if (from === null) return false;
  const isConstant = (flags & 1) !== 0;
  if (isConstant || usages.length === 0 || globals.count === 0) return true;
  const fields = fieldsOf(walk, globals.reportId);
  if (usages[0] === usageDecodedData && globals.sizeBits === 8 && from % 8 === 0) {
    fields.data ??= { offset: from >> 3, sizeBytes: globals.count };
    return true;
  }
  const named = Math.min(usages.length, globals.count);
  for (let index = 0; index < named; index += 1) {
    place(fields, usages[index] ?? 0, from + index * globals.sizeBits, globals);
  }
  return true;
}

function takeGlobal(walk: Walk, { tag, value }: Item): boolean {
  const { globals, stack } = walk;
  if (tag === item.usagePage) globals.usagePage = value;
  else if (tag === item.reportSize) globals.sizeBits = value;
  else if (tag === item.reportCount) globals.count = value;
  else if (tag === item.reportId) globals.reportId = value;
  else if (tag === item.push) {
    if (stack.length === stackDepthMax) return false;
    stack.push({ ...globals });
  } else if (tag === item.pop) {
    const pushed = stack.pop();
    if (pushed === undefined) return false;
    walk.globals = pushed;
  }
  return globals.reportId <= 0xff && globals.sizeBits <= reportBitsMax;
}

function takeLocal(walk: Walk, { tag, value, sizeBytes }: Item): boolean {
  // A usage of four bytes carries its page; a shorter one is on the page of the moment.
  const usage = sizeBytes === 4 ? value : walk.globals.usagePage * 0x1_0000 + value;
  if (tag === item.usage) {
    walk.usages.push(usage);
  } else if (tag === item.usageMin) {
    walk.usageMin = usage;
  } else if (tag === item.usageMax && walk.usageMin !== null) {
    const last = Math.min(usage, walk.usageMin + usagesMax);
    for (let next = walk.usageMin; next <= last; next += 1) walk.usages.push(next);
    walk.usageMin = null;
  }
  return walk.usages.length <= usagesMax;
}

function takeMain(walk: Walk, { tag, value }: Item): boolean {
  let isBelievable = true;
  if (tag === item.input) isBelievable = takeInput(walk, value);
  else if (tag === item.feature) isBelievable = grow(walk.featureBits, walk.globals, 0) !== null;
  else if (tag === item.collection && value === applicationCollection) {
    walk.usagePages.push(Math.floor((walk.usages[0] ?? 0) / 0x1_0000));
  }
  walk.usages = [];
  walk.usageMin = null;
  return isBelievable;
}

function takeItem(walk: Walk, next: Item): boolean {
  const kind = next.tag & 0x0c;
  if (kind === 0x00) return takeMain(walk, next);
  if (kind === 0x04) return takeGlobal(walk, next);
  return kind !== 0x08 || takeLocal(walk, next);
}

/** The item at `at` and where the next one begins; null when it is cut off. */
function itemAt(bytes: Uint8Array, at: number): { item: Item | null; next: number } | null {
  const prefix = bytes[at] ?? 0;
  if (prefix === longItem) {
    const length = bytes[at + 1];
    const next = at + 3 + (length ?? 0);
    return length === undefined || next > bytes.length ? null : { item: null, next };
  }
  const sizeBytes = (prefix & 3) === 3 ? 4 : prefix & 3;
  const next = at + 1 + sizeBytes;
  if (next > bytes.length) return null;
  let value = 0;
  for (let index = next - 1; index > at; index -= 1) value = value * 256 + (bytes[index] ?? 0);
  return { item: { tag: prefix & 0xfc, value, sizeBytes }, next };
}

function layoutOf(walk: Walk): HidLayout | null {
  for (const [id, fields] of walk.fields) {
    const { count, data, continued, aimOffsets } = fields;
    if (data === null) continue;
    const [first, second, third] = aimOffsets;
    const hasAim = first !== null && second !== null && third !== null;
    return {
      reportId: id === 0 ? null : id,
      count,
      aimOffsets: hasAim ? [first, second, third] : null,
      data,
      continued,
    };
  }
  return null;
}

/**
 * Reads a report descriptor of up to 4,096 bytes. Null when it cannot be believed: cut off, too
 * long, reports beyond 4,096 bytes, an unpaired Pop.
 */
export function parseHidDescriptor(bytes: Uint8Array): HidDescriptor | null {
  if (bytes.length === 0 || bytes.length > descriptorBytesMax) return null;
  const walk: Walk = {
    globals: { usagePage: 0, sizeBits: 0, count: 0, reportId: 0 },
    stack: [],
    usages: [],
    usageMin: null,
    inputBits: new Map(),
    featureBits: new Map(),
    fields: new Map(),
    usagePages: [],
  };
  for (let at = 0; at < bytes.length; ) {
    const read = itemAt(bytes, at);
    if (read === null || (read.item !== null && !takeItem(walk, read.item))) return null;
    at = read.next;
  }
  const featureSizes = [...walk.featureBits].map(
    ([id, bits]) => [id, Math.ceil(bits / 8)] as const,
  );
  return {
    usagePages: walk.usagePages,
    layout: layoutOf(walk),
    featureSizes: new Map(featureSizes),
  };
}

/** A scan's places when the system does not show the descriptor: both layouts seen so far. */
const honeywellLayout: HidLayout = {
  reportId: 2,
  count: { offset: 1, sizeBytes: 1 },
  aimOffsets: [2, 3, 4],
  data: { offset: 5, sizeBytes: 56 },
  continued: { offset: 63, mask: 1 },
};
const symbolLayout: HidLayout = {
  reportId: 2,
  // Byte 2 is 0: a pad byte, or the upper half of a count of two bytes.
  count: { offset: 1, sizeBytes: 2 },
  aimOffsets: [3, 4, 5],
  data: { offset: 6, sizeBytes: 56 },
  continued: { offset: 63, mask: 1 },
};

/** Guesses from one report: the `]` of the AIM identifier stands at byte 2 or 3, or it is none. */
export function guessHidLayout(report: Uint8Array): HidLayout | null {
  const bracket = 0x5d;
  if (report[2] === bracket) return honeywellLayout;
  if (report[2] === 0 && report[3] === bracket) return symbolLayout;
  return null;
}
