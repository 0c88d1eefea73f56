// Owns receipt blocks that a shop writes with the commands of `escpos`: what is broken there is
// refused, by name before it runs and again by the bytes that came out.
import { failure, type Result, success } from '#drivers/result.ts';

/** What of escpos's `Printer` does what it says on every printer (printing.md §1.2–1.3). */
export interface BlockPrinter {
  /** ASCII; ends the row. */
  text(content: string): BlockPrinter;
  /** ASCII; the row goes on. */
  pureText(content: string): BlockPrinter;
  /** Bytes as they are, such as `\x1bE\x01` for bold. */
  print(content: string | Uint8Array): BlockPrinter;
  println(content: string): BlockPrinter;
  newLine(): BlockPrinter;
  feed(rows?: number): BlockPrinter;
  align(side: 'LT' | 'CT' | 'RT'): BlockPrinter;
  font(family: 'A' | 'B'): BlockPrinter;
  /** Dots between characters; none for the printer's own. */
  spacing(dots?: number): BlockPrinter;
  /** Dots from row to row; none for the printer's own. */
  lineSpace(dots?: number): BlockPrinter;
  setReverseColors(isReverse: boolean): BlockPrinter;
}

export interface BlockFault {
  /** `refused`: see `command` and `instead`. `failed`: the shop's own code threw. */
  readonly code: 'refused' | 'failed';
  /** A method of escpos, or the bytes in hexadecimal. */
  readonly command: string;
  /** What to use in its place, or what was thrown. */
  readonly instead: string;
}

const allowed: ReadonlySet<string> = new Set([
  'text',
  'pureText',
  'print',
  'println',
  'newLine',
  'feed',
  'align',
  'font',
  'spacing',
  'lineSpace',
  'setReverseColors',
]);

const documentTable = 'a table block of the receipt: it knows the paper and wraps on words';
const documentText = 'a text block of the receipt: it chooses the code page of each letter';
const ownEnd = 'nothing: the receipt sends the block by itself';
const noMargin = 'align, or a text block of the receipt: ESC/POS has no such margin';

/** Each method of escpos that is refused, and what does the same rightly. */
export const refusedMethods: Readonly<Record<string, string>> = {
  qrcode: 'a QR block of the receipt: escpos sends an old command, which prints as text',
  qrimage: 'a QR block of the receipt',
  barcode: 'a bar code block of the receipt: escpos leaves out the length and swallows the rest',
  image: "the receipt's logo: escpos sends pictures later than the block",
  raster: "the receipt's logo: it is dithered, and no command hides in it",
  cashdraw: 'the drawer, which is an output of its own: escpos swallows the next two bytes',
  cut: 'nothing: the receipt cuts itself at its end',
  table: documentTable,
  tableCustom: documentTable,
  drawLine: 'a rule block of the receipt: escpos counts on 48 columns',
  size: "print('\\x1d!\\x11') for double size, '\\x1d!\\x00' for normal: escpos wipes bold",
  style: "print('\\x1bE\\x01') for bold, print('\\x1b-\\x01') underlined: escpos sends ESC 5",
  encode: documentText,
  hardware: 'nothing: the receipt starts the printer itself',
  control: 'feed or newLine',
  color: 'setReverseColors: few printers have a second colour',
  beep: 'nothing: the bytes print on most printers',
  marginBottom: 'feed',
  marginLeft: noMargin,
  marginRight: noMargin,
  model: 'nothing: the printer is known by its profile',
  flush: ownEnd,
  close: ownEnd,
};

/** Bold, underline, size, reverse, side, spacing and font as the receipt expects them. */
export const restoreBytes = Uint8Array.from(
  [
    [0x1b, 0x45, 0],
    [0x1b, 0x2d, 0],
    [0x1d, 0x21, 0],
    [0x1d, 0x42, 0],
    [0x1b, 0x61, 0],
    [0x1b, 0x20, 0],
    [0x1b, 0x32],
    [0x1b, 0x4d, 0],
  ].flat(),
);

/** A block is a few rows; more would hold up the receipts behind it. */
const BLOCK_BYTES_MAX = 16_384;

/** Commands that may stand in a block, by their first two bytes: how many bytes follow them. */
const commandLengths: ReadonlyMap<number, number> = new Map([
  [0x1b20, 1], // ESC SP: character spacing
  [0x1b2d, 1], // ESC -: underline
  [0x1b32, 0], // ESC 2: line spacing as it was
  [0x1b33, 1], // ESC 3: line spacing
  [0x1b45, 1], // ESC E: bold
  [0x1b4d, 1], // ESC M: font
  [0x1b61, 1], // ESC a: side
  [0x1b64, 1], // ESC d: feed
  [0x1d21, 1], // GS !: size
  [0x1d42, 1], // GS B: reverse
]);

/** ESC d prints what waits, too. */
const FEED_ROWS = 0x1b64;
const LINE_FEED = 0x0a;
const ESCAPE = 0x1b;
const GROUP = 0x1d;

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function refusal(command: string, instead: string): BlockFault {
  return { code: 'refused', command, instead };
}

/** The first byte that may not stand in a block, or null. */
function findFault(bytes: Uint8Array): BlockFault | null {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === LINE_FEED || (byte >= 0x20 && byte < 0x7f)) continue;
    if (byte >= 0x7f) return refusal(hexOf(bytes.subarray(at, at + 1)), documentText);
    const length = commandLengths.get(byte * 256 + (bytes[at + 1] ?? 0));
    const isCommand = byte === ESCAPE || byte === GROUP;
    if (!isCommand || length === undefined || at + 1 + length >= bytes.length) {
      return refusal(hexOf(bytes.subarray(at, at + 3)), 'a block of the receipt');
    }
    at += 1 + length;
  }
  return null;
}

/** True where the last letters still wait for the end of their row. */
function isRowOpen(bytes: Uint8Array): boolean {
  let isOpen = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte !== ESCAPE && byte !== GROUP) {
      isOpen = byte !== LINE_FEED;
      continue;
    }
    const command = byte * 256 + (bytes[at + 1] ?? 0);
    if (command === FEED_ROWS) isOpen = false;
    at += 1 + (commandLengths.get(command) ?? 0);
  }
  return isOpen;
}

/** Ends the shop's code at the first refused command. */
class Refusal extends Error {
  readonly fault: BlockFault;

  constructor(fault: BlockFault) {
    super(`${fault.command} is refused; use ${fault.instead}`);
    this.fault = fault;
  }
}

/** escpos's printer with the broken methods taken out. */
function guarded(printer: object, onRefused: (fault: BlockFault) => void): BlockPrinter {
  const guard: object = new Proxy(printer, {
    get(target, name) {
      if (typeof name === 'string' && allowed.has(name)) {
        const method: unknown = Reflect.get(target, name);
        return (...args: readonly unknown[]): unknown => {
          refuseEncoding(name, args);
          if (typeof method === 'function') Reflect.apply(method, target, args);
          return guard;
        };
      }
      return () => refuse(String(name));
    },
  });

  function refuse(name: string): never {
    const fault = refusal(name, refusedMethods[name] ?? 'a block of the receipt');
    onRefused(fault);
    throw new Refusal(fault);
  }

  /** `text(content, encoding)` encodes and never tells the printer which page that is. */
  function refuseEncoding(name: string, args: readonly unknown[]): void {
    if ((name === 'text' || name === 'pureText') && args.length > 1) refuse('encode');
  }

  return guard as BlockPrinter;
}

/** Takes a tenth of a second the first time, which is not the shop's code's. */
export const loadEscpos = () => import('escpos');

/**
 * Runs `build` against escpos's own `Printer` and gives the bytes, which leave the printer's state
 * as a receipt expects it. Everything is refused that escpos gets wrong, with what to use instead;
 * letters beyond ASCII too, since escpos never selects a code page. The package is loaded at the
 * first call.
 */
export async function customBlock(
  build: (printer: BlockPrinter) => void,
): Promise<Result<Uint8Array, BlockFault>> {
  const { Printer } = await loadEscpos();
  const chunks: Uint8Array[] = [];
  const refused: BlockFault[] = [];
  const printer = new Printer(
    {
      write(data, callback) {
        chunks.push(data);
        callback?.();
      },
    },
    // What is not ASCII then shows in the bytes, instead of becoming a silent `?`.
    { encoding: 'utf8' },
  );
  try {
    build(guarded(printer, (fault) => refused.push(fault)));
    printer.flush(() => undefined);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      const instead = error instanceof Error ? error.message : String(error);
      return failure({ code: 'failed', command: 'build', instead });
    }
  }
  // The shop's code may have caught the refusal: the block is refused all the same.
  const bytes = Buffer.concat(chunks);
  const fault = refused[0] ?? findFault(bytes);
  if (fault !== null) return failure(fault);
  if (bytes.length > BLOCK_BYTES_MAX) {
    return failure(refusal(`${bytes.length} bytes`, `at most ${BLOCK_BYTES_MAX} bytes a block`));
  }
  // Else the next row of the receipt would stand behind it, on the block's side.
  const rowEnd = isRowOpen(bytes) ? [LINE_FEED] : [];
  return success(Uint8Array.from([...bytes, ...rowEnd, ...restoreBytes]));
}
