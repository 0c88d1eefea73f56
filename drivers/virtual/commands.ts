// Owns the virtual printer's own table of ESC/POS commands and their lengths. Never the encoder's.

/** Where a command's bytes are looked at; undefined past the end of what has arrived. */
type ByteAt = (offset: number) => number | undefined;

interface CommandRule {
  /** The bytes that start it. */
  readonly lead: readonly number[];
  /** As the manuals write it: `GS v 0`. */
  readonly name: string;
  /** Whole length in bytes, or null while more must arrive to know it. */
  readonly lengthOf: (byteAt: ByteAt) => number | null;
}

export type PrinterToken =
  | { readonly type: 'text'; readonly byte: number }
  | { readonly type: 'command'; readonly name: string; readonly bytes: readonly number[] }
  | { readonly type: 'unknown'; readonly bytes: readonly number[] };

const DLE = 0x10;
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const US = 0x1f;
/** A list that ends with NUL, or a symbol's data, is never longer on a real printer. */
const LIST_BYTES_MAX = 4096;

function fixed(length: number) {
  return () => length;
}

/** `pL pH` at `offset` count the bytes that follow them, `unit` at a time. */
function counted(offset: number, unit = 1) {
  return (byteAt: ByteAt): number | null => {
    const low = byteAt(offset);
    const high = byteAt(offset + 1);
    return low === undefined || high === undefined ? null : offset + 2 + (low + high * 256) * unit;
  };
}

function untilNul(offset: number) {
  return (byteAt: ByteAt): number | null => {
    for (let at = offset; at < offset + LIST_BYTES_MAX; at += 1) {
      const byte = byteAt(at);
      if (byte === undefined) return null;
      if (byte === 0) return at + 1;
    }
    return offset + LIST_BYTES_MAX;
  };
}

function columnImage(byteAt: ByteAt): number | null {
  const mode = byteAt(2);
  const low = byteAt(3);
  const high = byteAt(4);
  if (mode === undefined || low === undefined || high === undefined) return null;
  return 5 + (low + high * 256) * (mode >= 32 ? 3 : 1);
}

function rasterImage(byteAt: ByteAt): number | null {
  const sizes = [4, 5, 6, 7].map(byteAt);
  const [widthLow, widthHigh, heightLow, heightHigh] = sizes;
  if (widthLow === undefined || widthHigh === undefined) return null;
  if (heightLow === undefined || heightHigh === undefined) return null;
  return 8 + (widthLow + widthHigh * 256) * (heightLow + heightHigh * 256);
}

function downloadedImage(byteAt: ByteAt): number | null {
  const width = byteAt(2);
  const height = byteAt(3);
  return width === undefined || height === undefined ? null : 4 + width * height * 8;
}

function userCharacters(byteAt: ByteAt): number | null {
  const height = byteAt(2);
  const first = byteAt(3);
  const last = byteAt(4);
  if (height === undefined || first === undefined || last === undefined) return null;
  let length = 5;
  for (let code = first; code <= last; code += 1) {
    const width = byteAt(length);
    if (width === undefined) return null;
    length += 1 + height * width;
  }
  return length;
}

function barcode(byteAt: ByteAt): number | null {
  const symbology = byteAt(2);
  if (symbology === undefined) return null;
  if (symbology <= 6) return untilNul(3)(byteAt);
  const count = byteAt(3);
  return count === undefined ? null : 4 + count;
}

function cut(byteAt: ByteAt): number | null {
  const mode = byteAt(2);
  if (mode === undefined) return null;
  return mode === 0 || mode === 1 || mode === 48 || mode === 49 ? 3 : 4;
}

function largeGraphics(byteAt: ByteAt): number | null {
  let count = 0;
  for (const offset of [6, 5, 4, 3]) {
    const byte = byteAt(offset);
    if (byte === undefined) return null;
    count = count * 256 + byte;
  }
  return 7 + count;
}

function realTimeStatus(byteAt: ByteAt): number | null {
  const query = byteAt(2);
  if (query === undefined) return null;
  return query === 7 || query === 8 || query === 18 ? 4 : 3;
}

const realTimeLengths: Readonly<Record<number, number>> = { 1: 5, 2: 5, 3: 8, 7: 4, 8: 10 };

function realTimeRequest(byteAt: ByteAt): number | null {
  const kind = byteAt(2);
  return kind === undefined ? null : (realTimeLengths[kind] ?? 3);
}

/** Rules from `c n`: the letter, and how many bytes follow it. */
function simple(lead: number, leadName: string, entries: readonly (readonly [string, number])[]) {
  return entries.map(([letter, argumentCount]): CommandRule => {
    const code = letter.charCodeAt(0);
    const name = `${leadName} ${letter === ' ' ? 'SP' : letter}`;
    return { lead: [lead, code], name, lengthOf: fixed(2 + argumentCount) };
  });
}

function rule(
  lead: readonly number[],
  name: string,
  lengthOf: CommandRule['lengthOf'],
): CommandRule {
  return { lead, name, lengthOf };
}

/** From the Epson, Citizen and Bixolon command references named in docs/printing.md. */
export const commandRules: readonly CommandRule[] = [
  rule([0x00], 'NUL', fixed(1)),
  rule([0x09], 'HT', fixed(1)),
  rule([0x0a], 'LF', fixed(1)),
  rule([0x0c], 'FF', fixed(1)),
  rule([0x0d], 'CR', fixed(1)),
  rule([0x18], 'CAN', fixed(1)),
  // Of a customer display on the same cable; a printer that is not turned to lets them pass.
  rule([0x08], 'BS', fixed(1)),
  rule([0x0b], 'HOM', fixed(1)),
  ...simple(US, 'US', [
    ['\n', 0],
    ['\r', 0],
    ['B', 0],
    ['@', 0],
    ['$', 2],
    ['C', 1],
    ['E', 1],
    ['T', 2],
    ['U', 0],
    ['X', 1],
    ['r', 1],
    ['v', 1],
    ['#', 2],
    [',', 1],
    ['.', 1],
    [';', 1],
    ['^', 2],
  ]),
  ...[0x01, 0x02, 0x03].map((mode) => rule([US, mode], `US MD${mode}`, fixed(2))),
  rule([DLE, 0x04], 'DLE EOT', realTimeStatus),
  rule([DLE, 0x05], 'DLE ENQ', fixed(3)),
  rule([DLE, 0x14], 'DLE DC4', realTimeRequest),
  rule([ESC, 0x0c], 'ESC FF', fixed(2)),
  ...simple(ESC, 'ESC', [
    ...[...' !%-3=?EGJKMRTVadertu{'].map((letter) => [letter, 1] as const),
    ...[...'2<@LSimv'].map((letter) => [letter, 0] as const),
    ['$', 2],
    ['\\', 2],
    ['c', 2],
    ['p', 3],
    ['W', 8],
  ]),
  rule([ESC, 0x26], 'ESC &', userCharacters),
  rule([ESC, 0x28], 'ESC (', counted(3)),
  rule([ESC, 0x2a], 'ESC *', columnImage),
  rule([ESC, 0x44], 'ESC D', untilNul(2)),
  ...simple(FS, 'FS', [
    ['!', 1],
    ['&', 0],
    ['-', 1],
    ['.', 0],
    ['C', 1],
    ['S', 2],
    ['W', 1],
    ['p', 2],
  ]),
  rule([FS, 0x28], 'FS (', counted(3)),
  ...simple(GS, 'GS', [
    ...[...'!/BEHITabfhrwj'].map((letter) => [letter, 1] as const),
    [':', 0],
    ['$', 2],
    ['L', 2],
    ['P', 2],
    ['W', 2],
    ['\\', 2],
    ['^', 3],
  ]),
  rule([GS, 0x28], 'GS (', counted(3)),
  rule([GS, 0x38, 0x4c], 'GS 8 L', largeGraphics),
  rule([GS, 0x2a], 'GS *', downloadedImage),
  rule([GS, 0x56], 'GS V', cut),
  rule([GS, 0x6b], 'GS k', barcode),
  rule([GS, 0x76, 0x30], 'GS v 0', rasterImage),
  rule([GS, 0x7a, 0x30], 'GS z 0', fixed(5)),
  rule([GS, 0x67, 0x30], 'GS g 0', fixed(6)),
  rule([GS, 0x67, 0x32], 'GS g 2', fixed(6)),
];

const rulesByLead = new Map<string, CommandRule>(
  commandRules.map((entry) => [entry.lead.join(' '), entry]),
);

/**
 * The next thing that a printer's parser would take from `bytes` at `start`, or null while more
 * must arrive. An unknown command is its lead byte and the one after it: what follows is printed.
 */
export function nextToken(bytes: ArrayLike<number>, start: number): PrinterToken | null {
  const byteAt: ByteAt = (offset) => bytes[start + offset];
  const first = byteAt(0);
  if (first === undefined) return null;
  if (first >= 0x20 && first !== 0x7f) return { type: 'text', byte: first };
  const lead: number[] = [];
  for (let depth = 0; depth < 3; depth += 1) {
    const byte = byteAt(depth);
    if (byte === undefined) return isPrefix(lead) ? null : unknown(lead);
    lead.push(byte);
    const found = rulesByLead.get(lead.join(' '));
    if (found !== undefined) return readCommand(found, bytes, start);
    if (!isPrefix(lead)) return unknown(lead.slice(0, 2));
  }
  return unknown(lead.slice(0, 2));
}

const prefixes: ReadonlySet<string> = new Set(
  commandRules.flatMap(({ lead }) => lead.map((_, index) => lead.slice(0, index).join(' '))),
);

function isPrefix(lead: readonly number[]): boolean {
  return prefixes.has(lead.join(' '));
}

function unknown(bytes: readonly number[]): PrinterToken {
  return { type: 'unknown', bytes };
}

function readCommand(
  found: CommandRule,
  bytes: ArrayLike<number>,
  start: number,
): PrinterToken | null {
  const length = found.lengthOf((offset) => bytes[start + offset]);
  if (length === null || start + length > bytes.length) return null;
  const taken: number[] = [];
  for (let index = start; index < start + length; index += 1) taken.push(bytes[index] ?? 0);
  return { type: 'command', name: found.name, bytes: taken };
}
