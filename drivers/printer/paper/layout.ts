// Owns the way from a document to rows of paper: what the preview draws and the printer prints.

import { assert, assertNever } from '#drivers/assert.ts';
import { columnsOfCharacter } from '#drivers/printer/paper/columnWidths.ts';
import type {
  Align,
  Block,
  ReceiptDocument,
  StoredPicture,
  TableBlock,
} from '#drivers/printer/paper/document.ts';
import { columnsOf, toColumns } from '#drivers/printer/paper/plainText.ts';
import {
  END_OF_ISOLATE,
  firstDirection,
  hasRightToLeft,
  LEFT_TO_RIGHT_ISOLATE,
  RIGHT_TO_LEFT_ISOLATE,
  RIGHT_TO_LEFT_MARK,
} from '#drivers/printer/paper/visualOrder.ts';

export interface TextRun {
  readonly text: string;
  readonly bold: boolean;
  /** Width and height in characters: 1 or 2. */
  readonly scale: 1 | 2;
}

/**
 * Runs of a text row fill the paper exactly; symbols stand in the middle. Text is in reading order;
 * where some of it is read from the right, isolates (UAX #9) keep each cell in its place, for the
 * printer as for a browser.
 */
export type PaperRow =
  | { readonly type: 'text'; readonly runs: TextRun[] }
  | { readonly type: 'barcode'; readonly symbology: 'code128'; readonly data: string }
  | { readonly type: 'qr'; readonly data: string }
  | {
      readonly type: 'image';
      readonly name: string;
      readonly pictures: readonly StoredPicture[];
    }
  | { readonly type: 'custom'; readonly name: string; readonly file: string }
  | { readonly type: 'cut' };

/** What a screen shows: one picture of a logo, the shop's own rows by their file's name. */
export type PreviewRow =
  | Exclude<PaperRow, { type: 'image' | 'custom' }>
  | {
      readonly type: 'image';
      readonly name: string;
      /** Its width among the letters. */
      readonly columns: number;
      readonly picture: StoredPicture;
    };

/** Of font A on most printers: a screen does not know the printer, only its columns. */
const DOTS_PER_COLUMN = 12;

/** Narrower text beside a price is unreadable: the price takes a row of its own instead. */
const LEFT_COLUMNS_MIN = 8;

/** Languages that are read from the right. */
const rightToLeftLanguages = /^(?:ar|arc|ckb|dv|fa|he|iw|ps|sd|syr|ug|ur|yi)(?:-|$)/i;

/** Where rows are laid out: how wide, and from which side they are read. */
interface Paper {
  readonly columns: number;
  readonly isRightToLeft: boolean;
}

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly align: 'left' | 'right';
}

/**
 * Rows of exactly `columns` characters (16 to 96), ending with one cut. Text wraps on words; a
 * right-hand column (a price) is never split while it fits the paper at all.
 */
export function layoutReceipt(document: ReceiptDocument, columns: number): PaperRow[] {
  assert(columns >= 16 && columns <= 96, `paper of ${columns} columns`);
  const paper = { columns, isRightToLeft: rightToLeftLanguages.test(document.language) };
  const rows: PaperRow[] = [];
  for (const block of document.blocks) rows.push(...layoutBlock(block, paper));
  rows.push({ type: 'cut' });
  return rows;
}

/** The same rows, for a screen. */
export function previewReceipt(document: ReceiptDocument, columns: number): PreviewRow[] {
  return layoutReceipt(document, columns).map((row) => {
    if (row.type !== 'image' && row.type !== 'custom') return row;
    const { name } = row;
    const pictures = row.type === 'image' ? row.pictures : [];
    const picture = pictures
      .filter(({ widthDots }) => widthDots <= columns * DOTS_PER_COLUMN)
      .reduce<StoredPicture | null>(
        (widest, one) => (one.widthDots > (widest?.widthDots ?? 0) ? one : widest),
        null,
      );
    if (picture === null) return namedRow(name, columns);
    return { type: 'image', name, columns: picture.widthDots / DOTS_PER_COLUMN, picture };
  });
}

/** What cannot be shown, by its name. */
function namedRow(name: string, columns: number): PreviewRow {
  const shown = Array.from(toColumns(`[${name}]`))
    .slice(0, columns / 2)
    .join('');
  const text = alignText(shown, columns, 'center');
  return { type: 'text', runs: [{ text, bold: false, scale: 1 }] };
}

function layoutBlock(block: Block, paper: Paper): PaperRow[] {
  const { columns } = paper;
  switch (block.type) {
    case 'text':
      return wrapCell(block.text, Math.floor(columns / block.scale), paper).map((text) =>
        alignedRow(text, block.align, block.bold, block.scale, paper),
      );
    case 'columns':
      return layoutColumns(block.left, block.right, paper).map((text) =>
        plainRow(text, block.bold, paper),
      );
    case 'table':
      return layoutTable(block, paper).map((text) => plainRow(text, block.bold, paper));
    case 'rule':
      return [plainRow('-'.repeat(columns), false, paper)];
    case 'space':
      return [plainRow('', false, paper)];
    case 'barcode':
      return [{ type: 'barcode', symbology: block.symbology, data: block.data }];
    case 'qr':
      return [{ type: 'qr', data: block.data }];
    case 'custom': {
      const name = block.file.split(/[/\\]/).at(-1) ?? '';
      return [{ type: 'custom', name, file: block.file }];
    }
    case 'image':
      return [{ type: 'image', name: block.name, pictures: block.pictures }];
    default:
      return assertNever(block);
  }
}

/** Lines of one cell, each kept apart from its neighbours where directions may mix. */
function wrapCell(text: string, width: number, paper: Paper): string[] {
  const lines = wrapWords(text, width);
  if (!paper.isRightToLeft && !hasRightToLeft(text)) return lines;
  // By the whole text: a line that happens to begin with a foreign word is read as the others.
  const start = firstDirection(text) === 'rtl' ? RIGHT_TO_LEFT_ISOLATE : LEFT_TO_RIGHT_ISOLATE;
  return lines.map((line) => (line === '' ? '' : `${start}${line}${END_OF_ISOLATE}`));
}

/** At least one line; words longer than the width are split, all others stay whole. */
export function wrapWords(text: string, width: number): string[] {
  assert(width >= 1, 'no room for text');
  return text.split(/\r\n|\r|\n/).flatMap((line) => wrapLine(toColumns(line).trimEnd(), width));
}

function wrapLine(line: string, width: number): string[] {
  // Spaces inside a line that fits are the document's own drawing and stay as they are.
  if (columnsOf(line) <= width) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ').filter((part) => part !== '')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (columnsOf(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    const pieces = splitWord(word, width);
    lines.push(...pieces.slice(0, -1));
    current = pieces.at(-1) ?? '';
  }
  lines.push(current);
  return lines;
}

function splitWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const needed = columnsOfCharacter(character);
    if (used + needed > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    // In one column there is no room for a character of two.
    piece += needed <= width ? character : '#';
    used += Math.min(needed, width);
  }
  return piece === '' ? pieces : [...pieces, piece];
}

function layoutColumns(left: string, right: string, paper: Paper): string[] {
  const { columns } = paper;
  const number = toColumns(right).trim();
  const priceColumns = columnsOf(number);
  if (priceColumns === 0) return wrapCell(left, columns, paper);
  const room = columns - priceColumns - 1;
  const lines = wrapCell(left, Math.max(1, room), paper);
  const isBesideText = room >= LEFT_COLUMNS_MIN || (room >= 1 && lines.length === 1);
  if (isBesideText) {
    const last = lines.at(-1) ?? '';
    const [price = ''] = wrapCell(number, columns, paper);
    return [...lines.slice(0, -1), last + pad(columns - columnsOf(last) - priceColumns) + price];
  }
  const own = wrapCell(number, columns, paper).map((line) => alignText(line, columns, 'right'));
  return left.trim() === '' ? own : [...wrapCell(left, columns, paper), ...own];
}

function layoutTable(table: TableBlock, paper: Paper): string[] {
  const cells = sizeCells(table, paper.columns);
  if (cells === null) return stackTable(table, paper);
  const texts = cells.map((cell, index) => {
    // One blank column keeps a full left cell apart from the number beside it.
    const isLast = index === cells.length - 1;
    const room = cell.align === 'left' && !isLast ? Math.max(1, cell.width - 1) : cell.width;
    return wrapCell(cell.text, room, paper);
  });
  const height = Math.max(1, ...texts.map((lines) => lines.length));
  const rows: string[] = [];
  for (let row = 0; row < height; row += 1) {
    const parts = cells.map((cell, index) => {
      const lines = texts[index] ?? [];
      // Numbers stand on the last row of a wrapped name, as a price does.
      const line = cell.align === 'right' ? lines[row - (height - lines.length)] : lines[row];
      return alignText(line ?? '', cell.width, cell.align);
    });
    rows.push(parts.join(''));
  }
  return rows;
}

/** Null when the numbers and a readable text do not fit side by side. */
function sizeCells(table: TableBlock, columns: number): Cell[] | null {
  const widths = table.cells.map((cell, index) => {
    if (cell.width === 'flex') return null;
    if (cell.align !== 'right') return cell.width;
    // A number wider than its cell takes room from the text, never a second row.
    const gap = index === 0 ? 0 : 1;
    return Math.max(cell.width, columnsOf(toColumns(cell.text).trim()) + gap);
  });
  const fixed = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  const flexCount = widths.filter((width) => width === null).length;
  const rest = columns - fixed;
  if (rest < flexCount * LEFT_COLUMNS_MIN) return null;
  let flexIndex = 0;
  return table.cells.map((cell, index) => {
    let width = widths[index] ?? null;
    if (width === null) {
      const extra = flexIndex < rest % flexCount ? 1 : 0;
      width = Math.floor(rest / flexCount) + extra;
      flexIndex += 1;
    }
    return { text: cell.text, width, align: cell.align };
  });
}

/** Text on rows of its own, then the numbers: on one row if they fit, else one below the other. */
function stackTable(table: TableBlock, paper: Paper): string[] {
  const { columns } = paper;
  const texts = table.cells.filter((cell) => cell.align === 'left' && cell.text.trim() !== '');
  const numbers = table.cells
    .filter((cell) => cell.align === 'right')
    .map((cell) => toColumns(cell.text).trim())
    .filter((text) => text !== '');
  const rows = texts.flatMap((cell) => wrapCell(cell.text, columns, paper));
  const joined = numbers.join('  ');
  const lines = columnsOf(joined) <= columns ? [joined] : numbers;
  for (const line of lines) {
    rows.push(...wrapCell(line, columns, paper).map((part) => alignText(part, columns, 'right')));
  }
  return rows;
}

function pad(count: number): string {
  return ' '.repeat(Math.max(0, count));
}

function alignText(text: string, width: number, align: Align): string {
  const free = width - columnsOf(text);
  const before = align === 'left' ? 0 : align === 'right' ? free : Math.floor(free / 2);
  return pad(before) + text + pad(free - before);
}

/** A row that is read from the right is so as a whole, whatever stands in it. */
function directed(text: string, { isRightToLeft }: Paper): string {
  if (!isRightToLeft) return text;
  return `${RIGHT_TO_LEFT_ISOLATE}${text}${RIGHT_TO_LEFT_MARK}${END_OF_ISOLATE}`;
}

function plainRow(text: string, bold: boolean, paper: Paper): PaperRow {
  const whole = directed(alignText(text, paper.columns, 'left'), paper);
  return { type: 'text', runs: [{ text: whole, bold, scale: 1 }] };
}

/** Padding is of single width, so that large text stands in the middle to half a character. */
function alignedRow(
  text: string,
  align: Align,
  bold: boolean,
  scale: 1 | 2,
  paper: Paper,
): PaperRow {
  const { columns, isRightToLeft } = paper;
  if (scale === 1) return plainRow(alignText(text, columns, align), bold, paper);
  const free = columns - columnsOf(text) * scale;
  const isAtStart = align === (isRightToLeft ? 'right' : 'left');
  const before = align === 'center' ? Math.floor(free / 2) : isAtStart ? 0 : free;
  const runs: TextRun[] = [
    { text: pad(before), bold: false, scale: 1 },
    { text, bold, scale },
    { text: pad(free - before), bold: false, scale: 1 },
  ];
  return { type: 'text', runs: runs.filter((run) => run.text !== '') };
}
