// Owns what each command does to the paper: the print head of the virtual printer.

import { decodeByte, type PageName, pageNames } from '#drivers/printer/paper/pages.ts';
import { readBarcode } from '#drivers/virtual/barcodeData.ts';
import type { PrinterToken } from '#drivers/virtual/commands.ts';
import {
  CHARACTER_DOTS,
  type Paper,
  type PaperItem,
  type PrintedAlign,
  type PrintedDots,
  type PrintedRun,
  type PrintedText,
  runDots,
  runText,
} from '#drivers/virtual/paper.ts';
import { createPictures } from '#drivers/virtual/pictures.ts';

export type HeadEvent =
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'cut' }
  | { readonly type: 'drawer'; readonly onMs: number }
  | { readonly type: 'rejected'; readonly bytes: readonly number[] };

export interface PrintHead {
  accept(token: PrinterToken): void;
  paper(): Paper;
  /** Power off and on: styles and the line not printed yet are gone, the paper stays. */
  reset(): void;
}

export interface HeadOptions {
  readonly widthDots: number;
  /** The number of `ESC t` for each page of this printer. */
  readonly pages: Readonly<Partial<Record<PageName, number>>>;
  readonly onEvent: (event: HeadEvent) => void;
}

interface Style {
  page: PageName | null;
  isBold: boolean;
  isUnderlined: boolean;
  isInverted: boolean;
  widthScale: number;
  heightScale: number;
  align: PrintedAlign;
  spacingDots: number;
  barcodeHeightDots: number;
  barcodeModuleDots: number;
  barcodeText: 'none' | 'above' | 'below' | 'both';
  qrModuleDots: number;
  qrErrorLevel: 'L' | 'M' | 'Q' | 'H';
  qrData: string;
}

const alignments: readonly PrintedAlign[] = ['left', 'center', 'right'];
const textPlaces = ['none', 'above', 'below', 'both'] as const;
const errorLevels = ['L', 'M', 'Q', 'H'] as const;
/** Drawn for a byte that the selected page does not define. */
const UNDEFINED_CHARACTER = '\uFFFD';
const TAB_COLUMNS = 8;
/** 1/6 inch at 203 dots per inch, less what printers leave out. */
const LINE_SPACING_DOTS = 30;
const partialCutModes: ReadonlySet<number> = new Set([1, 49, 66, 98, 104]);

function freshStyle(firstPage: PageName | null): Style {
  return {
    page: firstPage,
    isBold: false,
    isUnderlined: false,
    isInverted: false,
    widthScale: 1,
    heightScale: 1,
    align: 'left',
    spacingDots: LINE_SPACING_DOTS,
    barcodeHeightDots: 162,
    barcodeModuleDots: 3,
    barcodeText: 'none',
    qrModuleDots: 3,
    qrErrorLevel: 'L',
    qrData: '',
  };
}

type Handler = (head: Carriage, bytes: readonly number[], argument: number) => void;

/** What the handlers below work on; `createPrintHead` shows less of it. */
class Carriage {
  readonly widthDots: number;
  readonly pagesByNumber: ReadonlyMap<number, PageName>;
  readonly firstPage: PageName | null;
  readonly onEvent: (event: HeadEvent) => void;
  readonly items: PaperItem[] = [];
  readonly pictures = createPictures();
  style: Style;
  line: PrintedRun[] = [];
  usedDots = 0;
  hasPictureOnLine: boolean = false;
  /** `ESC = 2` turns to a customer display on the same cable, until `ESC = 1`. */
  isSelected: boolean = true;

  constructor(options: HeadOptions) {
    this.widthDots = options.widthDots;
    this.pagesByNumber = invertPages(options.pages);
    this.firstPage = this.pagesByNumber.get(0) ?? null;
    this.onEvent = options.onEvent;
    this.style = freshStyle(this.firstPage);
  }

  reset(): void {
    this.style = freshStyle(this.firstPage);
    this.line = [];
    this.usedDots = 0;
    this.isSelected = true;
  }

  endLine(): void {
    if (this.hasPictureOnLine && this.line.length === 0) {
      this.hasPictureOnLine = false;
      return;
    }
    const { align, spacingDots } = this.style;
    this.items.push({ type: 'line', runs: this.line, align, spacingDots });
    const text = this.line.map(runText).join('');
    this.line = [];
    this.usedDots = 0;
    this.hasPictureOnLine = false;
    this.onEvent({ type: 'line', text });
  }

  endLineIfBegun(): boolean {
    const hasBegun = this.line.length > 0;
    if (hasBegun) this.endLine();
    return hasBegun;
  }

  put(character: string): void {
    const { isBold, isUnderlined, isInverted, widthScale, heightScale } = this.style;
    this.takeDots(CHARACTER_DOTS.width * widthScale);
    const last = this.line.at(-1);
    const style = { isBold, isUnderlined, isInverted, widthScale, heightScale };
    const run: PrintedText = { type: 'text', text: character, ...style };
    if (last?.type === 'text' && isSameStyle(last, run)) {
      this.line[this.line.length - 1] = { ...run, text: last.text + character };
    } else this.line.push(run);
  }

  /** A new line where this one has no room left. */
  takeDots(neededDots: number): void {
    if (this.usedDots > 0 && this.usedDots + neededDots > this.widthDots) this.endLine();
    this.usedDots += neededDots;
  }

  /** `ESC *`: stands in the line like characters, and comes out with it. */
  putDots(dots: PrintedDots): void {
    this.takeDots(runDots(dots));
    this.line.push(dots);
  }

  feedLines(count: number): void {
    const left = this.endLineIfBegun() ? count - 1 : count;
    for (let index = 0; index < left; index += 1) this.endLine();
  }

  cut(isPartial: boolean): void {
    this.endLineIfBegun();
    this.items.push({ type: 'cut', isPartial });
    this.onEvent({ type: 'cut' });
  }

  setSize(byte: number): void {
    this.style.widthScale = ((byte >> 4) & 7) + 1;
    this.style.heightScale = (byte & 7) + 1;
  }

  setMode(byte: number): void {
    this.style.isBold = (byte & 0x08) !== 0;
    this.style.heightScale = (byte & 0x10) === 0 ? 1 : 2;
    this.style.widthScale = (byte & 0x20) === 0 ? 1 : 2;
    this.style.isUnderlined = (byte & 0x80) !== 0;
  }

  putBarcode(bytes: readonly number[]): void {
    const symbol = readBarcode(bytes);
    if (symbol === null) {
      this.onEvent({ type: 'rejected', bytes });
      return;
    }
    this.endLineIfBegun();
    this.items.push({
      type: 'barcode',
      ...symbol,
      moduleDots: this.style.barcodeModuleDots,
      heightDots: this.style.barcodeHeightDots,
      text: this.style.barcodeText,
      align: this.style.align,
    });
    this.hasPictureOnLine = true;
    this.onEvent({ type: 'line', text: `[${symbol.symbology} ${symbol.data}]` });
  }

  /** `GS ( k`: store, then print; function numbers 65 to 81 of symbol 49 (QR). */
  qr(bytes: readonly number[]): void {
    const [, , , , , symbol, code, parameter] = bytes;
    if (symbol !== 0x31) return;
    if (code === 67) this.style.qrModuleDots = parameter ?? 3;
    else if (code === 69) this.style.qrErrorLevel = errorLevels[(parameter ?? 48) - 48] ?? 'L';
    else if (code === 80) this.style.qrData = String.fromCharCode(...bytes.slice(8));
    else if (code === 81 && this.style.qrData !== '') {
      this.endLineIfBegun();
      const { qrData, qrModuleDots, qrErrorLevel, align } = this.style;
      this.items.push({
        type: 'qr',
        data: qrData,
        moduleDots: qrModuleDots,
        errorLevel: qrErrorLevel,
        align,
      });
      this.hasPictureOnLine = true;
      this.onEvent({ type: 'line', text: `[qr ${qrData}]` });
    }
  }

  putPicture(name: string, bytes: readonly number[]): void {
    const dots = this.pictures.read(name, bytes);
    if (dots === null) return;
    this.endLineIfBegun();
    this.items.push({ type: 'raster', dots, align: this.style.align });
    // A raster image has moved the paper by itself.
    this.hasPictureOnLine = false;
    this.onEvent({ type: 'line', text: '[picture]' });
  }
}

const handlers: Readonly<Record<string, Handler>> = {
  LF: (head) => head.endLine(),
  FF: (head) => head.endLine(),
  HT: (head) => {
    const columns = Math.floor(head.usedDots / CHARACTER_DOTS.width);
    for (let left = TAB_COLUMNS - (columns % TAB_COLUMNS); left > 0; left -= 1) head.put(' ');
  },
  'ESC @': (head) => head.reset(),
  'ESC =': (head, _, device) => {
    head.isSelected = (device & 1) === 1;
  },
  'ESC !': (head, _, mode) => head.setMode(mode),
  'ESC E': (head, _, value) => {
    head.style.isBold = (value & 1) === 1;
  },
  'ESC G': (head, _, value) => {
    head.style.isBold = (value & 1) === 1;
  },
  'ESC -': (head, _, value) => {
    head.style.isUnderlined = value % 48 !== 0;
  },
  'ESC a': (head, _, value) => {
    // Obeyed at the start of a line only, as printers do.
    if (head.line.length === 0) head.style.align = alignments[value % 48] ?? 'left';
  },
  'ESC t': (head, _, value) => {
    head.style.page = head.pagesByNumber.get(value) ?? null;
  },
  'ESC 2': (head) => {
    head.style.spacingDots = LINE_SPACING_DOTS;
  },
  'ESC 3': (head, _, dots) => {
    head.style.spacingDots = dots;
  },
  'ESC d': (head, _, count) => head.feedLines(count),
  'ESC e': (head) => head.endLineIfBegun(),
  'ESC J': (head, _, dots) => {
    head.endLineIfBegun();
    head.items.push({ type: 'feed', dots });
  },
  'ESC K': (head) => head.endLineIfBegun(),
  'ESC i': (head) => head.cut(true),
  'ESC m': (head) => head.cut(true),
  'ESC p': (head, bytes) => head.onEvent({ type: 'drawer', onMs: (bytes[3] ?? 0) * 2 }),
  'GS !': (head, _, size) => head.setSize(size),
  'GS B': (head, _, value) => {
    head.style.isInverted = (value & 1) === 1;
  },
  'GS V': (head, bytes, mode) => {
    if (bytes.length === 4) {
      head.endLineIfBegun();
      head.items.push({ type: 'feed', dots: bytes[3] ?? 0 });
    }
    head.cut(partialCutModes.has(mode));
  },
  'GS h': (head, _, dots) => {
    head.style.barcodeHeightDots = dots;
  },
  'GS w': (head, _, dots) => {
    head.style.barcodeModuleDots = dots;
  },
  'GS H': (head, _, place) => {
    head.style.barcodeText = textPlaces[place % 48] ?? 'none';
  },
  'GS k': (head, bytes) => head.putBarcode(bytes),
  'GS (': (head, bytes) => {
    if (bytes[2] === 0x6b) head.qr(bytes);
    else if (bytes[2] === 0x4c) head.putPicture('GS ( L', bytes);
  },
  'ESC *': (head, bytes) => {
    const dots = head.pictures.read('ESC *', bytes);
    if (dots !== null) head.putDots(dots);
  },
  'GS v 0': (head, bytes) => head.putPicture('GS v 0', bytes),
  'GS 8 L': (head, bytes) => head.putPicture('GS 8 L', bytes),
  'GS *': (head, bytes) => head.putPicture('GS *', bytes),
  'GS /': (head, bytes) => head.putPicture('GS /', bytes),
};

export function createPrintHead(options: HeadOptions): PrintHead {
  const head = new Carriage(options);
  return {
    accept(token) {
      const isSelection = token.type === 'command' && token.name === 'ESC =';
      if (!head.isSelected && !isSelection) return;
      if (token.type === 'text') {
        // The lower half is ASCII whatever page was asked for.
        const page = token.byte < 0x80 ? 'cp437' : head.style.page;
        head.put((page === null ? null : decodeByte(page, token.byte)) ?? UNDEFINED_CHARACTER);
      } else if (token.type === 'command') {
        handlers[token.name]?.(head, token.bytes, token.bytes[2] ?? 0);
      } else {
        options.onEvent({ type: 'rejected', bytes: token.bytes });
      }
    },
    paper: () => ({ widthDots: options.widthDots, items: [...head.items] }),
    reset: () => head.reset(),
  };
}

function invertPages(pages: HeadOptions['pages']): ReadonlyMap<number, PageName> {
  const entries = pageNames.map((name) => [pages[name], name] as const);
  return new Map(
    entries.flatMap(([number, name]) => (number === undefined ? [] : [[number, name]])),
  );
}

function isSameStyle(a: PrintedText, b: PrintedText): boolean {
  return (
    a.isBold === b.isBold &&
    a.isUnderlined === b.isUnderlined &&
    a.isInverted === b.isInverted &&
    a.widthScale === b.widthScale &&
    a.heightScale === b.heightScale
  );
}
