// Owns a strict reading of print jobs: every byte is a known command with right arguments, or
// text of the selected page. Its table is from the makers' manuals; neither the encoder's nor the
// virtual printer's is asked, so that a mistake of either shows.
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';

export interface WalkFault {
  /** Of the first byte that is wrong. */
  readonly offset: number;
  readonly reason: string;
}

/** What a printer remembers between commands, as far as later ones depend on it. */
interface State {
  readonly pages: ReadonlyMap<number, string>;
  page: string | null;
  widthScale: number;
  lineDots: number;
  hasStoredQr: boolean;
  hasStoredGraphics: boolean;
  isCut: boolean;
}

/** The arguments of a command, from the byte after its name. */
type Arguments = (at: number) => number;

interface Command {
  readonly name: string;
  readonly lead: readonly number[];
  /** Bytes after the lead. */
  readonly count: (arg: Arguments) => number;
  /** Null when all is well. */
  readonly check: (arg: Arguments, state: State, profile: PrinterProfile) => string | null;
}

const FONT_A_DOTS = 12;
/** Symbols and pictures of these are wrong whatever the printer. */
const QR_BYTES_MAX = 7089;

const ok = (): null => null;
const oneOf =
  (...values: readonly number[]) =>
  (arg: Arguments): string | null =>
    values.includes(arg(0)) ? null : `argument ${arg(0)} is none of ${values.join(', ')}`;
const between =
  (low: number, high: number) =>
  (arg: Arguments): string | null =>
    arg(0) >= low && arg(0) <= high ? null : `argument ${arg(0)} is not in ${low}…${high}`;
const size = (count: number) => () => count;
const little = (arg: Arguments, at: number): number => arg(at) + arg(at + 1) * 256;

function atLineStart(check: Command['check']): Command['check'] {
  return (arg, state, profile) =>
    state.lineDots > 0 ? 'obeyed at the start of a line only' : check(arg, state, profile);
}

function addDots(dots: number, state: State, profile: PrinterProfile): string | null {
  state.lineDots += dots;
  return state.lineDots > profile.widthDots
    ? `${state.lineDots} dots on a line of ${profile.widthDots}`
    : null;
}

function reset(state: State): null {
  state.page = null;
  state.widthScale = 1;
  state.lineDots = 0;
  state.hasStoredQr = false;
  return null;
}

function endLine(state: State): null {
  state.lineDots = 0;
  return null;
}

function selectPage(arg: Arguments, state: State): string | null {
  const page = state.pages.get(arg(0));
  if (page === undefined) return `page ${arg(0)} is none of this printer's`;
  state.page = page;
  return null;
}

function pagesOf(profile: PrinterProfile): ReadonlyMap<number, string> {
  return new Map(Object.entries(profile.pages).map(([page, number]) => [number, page]));
}

/** `GS ( k`: pL pH cn fn and what the function takes. */
function checkSymbol(arg: Arguments, state: State): string | null {
  const length = little(arg, 0);
  const [symbol, code] = [arg(2), arg(3)];
  if (symbol !== 0x31) return `symbol ${symbol} is not QR`;
  switch (code) {
    case 65:
      if (length !== 4 || ![49, 50, 51].includes(arg(4)) || arg(5) !== 0) return 'a wrong model';
      return null;
    case 67:
      return length === 3 && arg(4) >= 1 && arg(4) <= 16 ? null : 'a wrong module size';
    case 69:
      return length === 3 && arg(4) >= 48 && arg(4) <= 51 ? null : 'a wrong error level';
    case 80:
      state.hasStoredQr = true;
      return length >= 4 && length <= QR_BYTES_MAX + 3 && arg(4) === 48 ? null : 'wrong data';
    case 81:
      if (!state.hasStoredQr) return 'prints a symbol that was not stored';
      if (state.lineDots > 0) return 'a symbol in the middle of a line';
      return length === 3 && arg(4) === 48 ? null : 'a wrong print function';
    default:
      return `function ${code} of QR`;
  }
}

/** `GS ( H`: the process id. */
function checkResponse(arg: Arguments): string | null {
  if (little(arg, 0) !== 6 || arg(2) !== 48 || arg(3) !== 48) return 'not function 48';
  const isId = [4, 5, 6, 7].every((at) => arg(at) >= 0x20 && arg(at) <= 0x7e);
  return isId ? null : 'an id with bytes outside 20h to 7Eh';
}

/** Functions 112 (store a raster) and 50 (print it) of `GS ( L`; `arg(at)` is m. */
function checkGraphics(
  arg: Arguments,
  at: number,
  length: number,
  state: State,
  profile: PrinterProfile,
): string | null {
  if (arg(at) !== 48) return 'm is 48 always';
  if (arg(at + 1) === 50) {
    if (!state.hasStoredGraphics) return 'prints a picture that was not stored';
    state.hasStoredGraphics = false;
    return length === 2 ? null : 'a wrong length';
  }
  if (arg(at + 1) !== 112) return `function ${arg(at + 1)} of graphics`;
  const [width, height] = [little(arg, at + 6), little(arg, at + 8)];
  if (arg(at + 2) !== 48 || arg(at + 5) !== 49) return 'not one colour of black';
  if (![1, 2].includes(arg(at + 3)) || ![1, 2].includes(arg(at + 4))) return 'a wrong scale';
  if (width * arg(at + 3) > profile.widthDots) return `${width} dots are wider than the paper`;
  state.hasStoredGraphics = true;
  return length === 10 + Math.ceil(width / 8) * height ? null : 'a wrong length';
}

/** `GS k 73 n`: code set first, then only what a set can hold. */
function checkCode128(arg: Arguments): string | null {
  const count = arg(1);
  if (arg(0) !== 73) return `bar code ${arg(0)}`;
  if (count < 2) return 'no code set';
  let set = '';
  for (let at = 2; at < 2 + count; at += 1) {
    const byte = arg(at);
    if (byte === 0x7b) {
      set = String.fromCharCode(arg(at + 1));
      if (!'ABC'.includes(set)) return `code set ${set}`;
      at += 1;
    } else if (set === '') return 'no code set at the start';
    else if (set === 'C' ? byte > 99 : byte < 0x20 || byte > 0x7e) {
      return `byte ${byte} in code set ${set}`;
    }
  }
  return null;
}

function checkRaster(arg: Arguments, state: State, profile: PrinterProfile): string | null {
  if (state.lineDots > 0) return 'a picture in the middle of a line';
  const width = little(arg, 1) * 8 * (arg(0) % 2 === 1 ? 2 : 1);
  const height = little(arg, 3);
  if (arg(0) > 3) return `mode ${arg(0)}`;
  if (width > profile.widthDots) return `${width} dots are wider than the paper`;
  return width > 0 && height > 0 && height <= 2303 ? null : `a picture of ${width} by ${height}`;
}

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const named = (lead: number, letter: string) => [lead, letter.charCodeAt(0)];

/** Epson's reference, unless another is named. */
const commands: readonly Command[] = [
  { name: 'LF', lead: [0x0a], count: size(0), check: (_, state) => endLine(state) },
  { name: 'ESC @', lead: named(ESC, '@'), count: size(0), check: (_, state) => reset(state) },
  { name: 'FS .', lead: named(FS, '.'), count: size(0), check: ok },
  { name: 'ESC M', lead: named(ESC, 'M'), count: size(1), check: oneOf(0) },
  { name: 'ESC t', lead: named(ESC, 't'), count: size(1), check: selectPage },
  { name: 'ESC R', lead: named(ESC, 'R'), count: size(1), check: between(0, 17) },
  { name: 'ESC E', lead: named(ESC, 'E'), count: size(1), check: oneOf(0, 1) },
  {
    name: 'GS !',
    lead: named(GS, '!'),
    count: size(1),
    check: (arg, state) => {
      state.widthScale = (arg(0) >> 4) + 1;
      return (arg(0) & 0x88) === 0 ? null : 'a size above 8';
    },
  },
  {
    name: 'ESC a',
    lead: named(ESC, 'a'),
    count: size(1),
    check: atLineStart(oneOf(0, 1, 2)),
  },
  { name: 'ESC 2', lead: named(ESC, '2'), count: size(0), check: ok },
  { name: 'ESC 3', lead: named(ESC, '3'), count: size(1), check: ok },
  { name: 'ESC d', lead: named(ESC, 'd'), count: size(1), check: (_, state) => endLine(state) },
  { name: 'ESC J', lead: named(ESC, 'J'), count: size(1), check: (_, state) => endLine(state) },
  {
    name: 'ESC *',
    lead: named(ESC, '*'),
    count: (arg) => 3 + little(arg, 1) * (arg(0) >= 32 ? 3 : 1),
    check: (arg, state, profile) => {
      if (![0, 1, 32, 33].includes(arg(0))) return `mode ${arg(0)}`;
      const scale = arg(0) === 0 || arg(0) === 32 ? 2 : 1;
      return addDots(little(arg, 1) * scale, state, profile);
    },
  },
  {
    name: 'GS v 0',
    lead: [...named(GS, 'v'), 0x30],
    count: (arg) => 5 + little(arg, 1) * little(arg, 3),
    check: checkRaster,
  },
  {
    name: 'GS ( L',
    lead: [...named(GS, '('), 0x4c],
    count: (arg) => 2 + little(arg, 0),
    check: (arg, state, profile) => checkGraphics(arg, 2, little(arg, 0), state, profile),
  },
  {
    name: 'GS 8 L',
    lead: [...named(GS, '8'), 0x4c],
    count: (arg) => 4 + little(arg, 0) + little(arg, 2) * 65_536,
    check: (arg, state, profile) =>
      checkGraphics(arg, 4, little(arg, 0) + little(arg, 2) * 65_536, state, profile),
  },
  {
    name: 'GS ( k',
    lead: [...named(GS, '('), 0x6b],
    count: (arg) => 2 + little(arg, 0),
    check: checkSymbol,
  },
  {
    name: 'GS ( H',
    lead: [...named(GS, '('), 0x48],
    count: (arg) => 2 + little(arg, 0),
    check: checkResponse,
  },
  { name: 'GS h', lead: named(GS, 'h'), count: size(1), check: between(1, 255) },
  { name: 'GS w', lead: named(GS, 'w'), count: size(1), check: between(2, 6) },
  { name: 'GS H', lead: named(GS, 'H'), count: size(1), check: between(0, 3) },
  { name: 'GS f', lead: named(GS, 'f'), count: size(1), check: between(0, 1) },
  {
    name: 'GS k',
    lead: named(GS, 'k'),
    count: (arg) => 2 + arg(1),
    check: (arg, state) => (state.lineDots > 0 ? 'inside a line' : checkCode128(arg)),
  },
  { name: 'GS a', lead: named(GS, 'a'), count: size(1), check: oneOf(0xff) },
  { name: 'GS r', lead: named(GS, 'r'), count: size(1), check: oneOf(1, 2, 49, 50) },
  {
    name: 'GS V',
    lead: named(GS, 'V'),
    count: (arg) => (arg(0) === 65 || arg(0) === 66 ? 2 : 1),
    check: (arg, state) => {
      state.isCut = true;
      if (state.lineDots > 0) return 'cuts in the middle of a line';
      return oneOf(0, 1, 48, 49, 65, 66)(arg);
    },
  },
  {
    name: 'ESC p',
    lead: named(ESC, 'p'),
    count: size(3),
    // Off for no shorter than on: a coil that is driven too long burns.
    check: (arg) => (arg(0) <= 1 && arg(1) > 0 && arg(1) <= arg(2) ? null : 'a wrong pulse'),
  },
];

const decoders: Readonly<Record<string, string>> = {
  windows1250: 'windows-1250',
  windows1251: 'windows-1251',
  windows1252: 'windows-1252',
  windows1254: 'windows-1254',
  cp866: 'ibm866',
  iso8859_9: 'iso-8859-9',
};
/** Bytes that IBM's pages leave open; the others have a letter for every byte. */
const openBytes: Readonly<Record<string, readonly number[]>> = { cp857: [0xd5, 0xe7, 0xf2] };

function isLetter(page: string, byte: number): boolean {
  if (byte < 0x7f) return byte >= 0x20;
  if (byte === 0x7f) return false;
  const label = decoders[page];
  if (label === undefined) return !(openBytes[page] ?? []).includes(byte);
  const character = new TextDecoder(label).decode(Uint8Array.of(byte));
  // What these tables leave open, a browser reads as a control character.
  return character.charCodeAt(0) >= 0xa0;
}

/** Real-time commands that a printer obeys wherever they stand (printing.md §3.4). */
function findRealTime(bytes: Uint8Array): number {
  for (let at = 0; at + 2 < bytes.length; at += 1) {
    const [lead, kind, argument] = [bytes[at], bytes[at + 1], bytes[at + 2] ?? 0];
    if (lead !== 0x10) continue;
    if (kind === 0x04 && argument >= 1 && argument <= 8) return at;
    if (kind === 0x05 && argument <= 2) return at;
    if (kind === 0x14 && [1, 2, 3, 7, 8].includes(argument)) return at;
  }
  return -1;
}

function commandAt(bytes: Uint8Array, at: number): Command | undefined {
  return commands.find(({ lead }) => lead.every((byte, index) => bytes[at + index] === byte));
}

/**
 * Reads a whole job; null when nothing is wrong with it. NULs are taken at its very start only,
 * where they end what an earlier job left half said.
 */
export function walkJob(
  bytes: Uint8Array,
  profile: PrinterProfile,
  pages: ReadonlyMap<number, string> = pagesOf(profile),
): WalkFault | null {
  const state: State = {
    pages,
    page: null,
    widthScale: 1,
    lineDots: 0,
    hasStoredQr: false,
    hasStoredGraphics: false,
    isCut: false,
  };
  const realTime = findRealTime(bytes);
  if (realTime !== -1) return { offset: realTime, reason: 'a real-time command' };
  let at = 0;
  while (bytes[at] === 0) at += 1;
  while (at < bytes.length) {
    const start = at;
    const byte = bytes[at] ?? 0;
    const command = commandAt(bytes, at);
    let reason: string | null;
    if (command !== undefined) {
      const first = at + command.lead.length;
      const arg: Arguments = (index) => bytes[first + index] ?? 0;
      at = first + command.count(arg);
      reason = at > bytes.length ? 'ends too early' : command.check(arg, state, profile);
      if (reason !== null) reason = `${command.name}: ${reason}`;
    } else {
      at += 1;
      reason = textFault(byte, state, profile);
    }
    if (reason !== null) return { offset: start, reason };
  }
  return state.lineDots > 0 ? { offset: at, reason: 'ends in the middle of a line' } : null;
}

function textFault(byte: number, state: State, profile: PrinterProfile): string | null {
  if (byte < 0x20) return `byte ${byte.toString(16)} starts no known command`;
  // Before a page is chosen, only what every page has.
  if (state.page === null && byte > 0x7e) return 'a letter before any page was selected';
  if (!isLetter(state.page ?? 'cp437', byte)) return `byte ${byte} is open on ${state.page}`;
  return addDots(FONT_A_DOTS * state.widthScale, state, profile);
}
