// Owns what stands on the virtual printer's paper, and how it reads as text.
import { assertNever } from '#drivers/assert.ts';

/** Characters of one style, as the print head sets them. */
export interface PrintedText {
  readonly type: 'text';
  readonly text: string;
  readonly isBold: boolean;
  readonly isUnderlined: boolean;
  readonly isInverted: boolean;
  /** Times the normal width and height: 1 to 8. */
  readonly widthScale: number;
  readonly heightScale: number;
}

/** Dots that stand in a line like characters: `ESC *`. */
export interface PrintedDots {
  readonly type: 'dots';
  readonly widthDots: number;
  readonly heightDots: number;
  /** Rows of whole bytes, the highest bit leftmost; 1 is black. */
  readonly bits: Uint8Array;
  /** How often each dot is repeated. */
  readonly widthScale: number;
  readonly heightScale: number;
}

export type PrintedRun = PrintedText | PrintedDots;

export type PrintedAlign = 'left' | 'center' | 'right';

/** Everything that came out, top to bottom. */
export type PaperItem =
  | {
      readonly type: 'line';
      readonly runs: readonly PrintedRun[];
      readonly align: PrintedAlign;
      /** From this line to the next; more where something on the line is higher. */
      readonly spacingDots: number;
    }
  | { readonly type: 'feed'; readonly dots: number }
  | { readonly type: 'raster'; readonly dots: PrintedDots; readonly align: PrintedAlign }
  | {
      readonly type: 'qr';
      readonly data: string;
      readonly moduleDots: number;
      readonly errorLevel: 'L' | 'M' | 'Q' | 'H';
      readonly align: PrintedAlign;
    }
  | {
      readonly type: 'barcode';
      /** As bwip-js names it. */
      readonly symbology: string;
      /** What the symbol is drawn from: code words for Code 128. */
      readonly drawn: string;
      /** What a reader reads. */
      readonly data: string;
      readonly moduleDots: number;
      readonly heightDots: number;
      readonly text: 'none' | 'above' | 'below' | 'both';
      readonly align: PrintedAlign;
    }
  | { readonly type: 'cut'; readonly isPartial: boolean };

export interface Paper {
  readonly widthDots: number;
  readonly items: readonly PaperItem[];
}

/** Stands in text for dots that no page of characters says. */
const DRAWN_COLUMN = '▒';

/** Font A. */
export const CHARACTER_DOTS = { width: 12, height: 24 } as const;

export function runDots(run: PrintedRun): number {
  if (run.type === 'dots') return run.widthDots * run.widthScale;
  return [...run.text].length * run.widthScale * CHARACTER_DOTS.width;
}

/** Text as it is; what was drawn as dots is a block for each column that it fills. */
export function runText(run: PrintedRun): string {
  if (run.type === 'text') return run.text;
  return DRAWN_COLUMN.repeat(Math.max(1, Math.round(runDots(run) / CHARACTER_DOTS.width)));
}

/** One line of text a printed line; symbols, pictures and cuts in brackets. */
export function paperText(paper: Paper): string {
  const columns = Math.floor(paper.widthDots / CHARACTER_DOTS.width);
  return paper.items
    .map((item) => itemText(item, columns))
    .filter((line) => line !== null)
    .map((line) => `${line}\n`)
    .join('');
}

function itemText(item: PaperItem, columns: number): string | null {
  switch (item.type) {
    case 'line': {
      const text = item.runs.map(runText).join('');
      const dots = item.runs.reduce((sum, run) => sum + runDots(run), 0);
      const width = Math.ceil(dots / CHARACTER_DOTS.width);
      return alignText(text, width, columns, item.align).trimEnd();
    }
    case 'feed':
      return null;
    case 'raster':
      return `[picture ${item.dots.widthDots}x${item.dots.heightDots}]`;
    case 'qr':
      return `[qr ${item.data}]`;
    case 'barcode':
      return `[${item.symbology} ${item.data}]`;
    case 'cut':
      return `[${item.isPartial ? 'partial cut' : 'cut'}]`;
    default:
      return assertNever(item);
  }
}

function alignText(text: string, width: number, columns: number, align: PrintedAlign): string {
  const free = Math.max(0, columns - width);
  const before = align === 'left' ? 0 : align === 'right' ? free : Math.floor(free / 2);
  return ' '.repeat(before) + text;
}

/** The sheets that were cut off, oldest first; what still hangs in the printer is not there. */
export function cutSheets(paper: Paper): Paper[] {
  const sheets: Paper[] = [];
  let items: PaperItem[] = [];
  for (const item of paper.items) {
    items.push(item);
    if (item.type !== 'cut') continue;
    sheets.push({ widthDots: paper.widthDots, items });
    items = [];
  }
  return sheets;
}
