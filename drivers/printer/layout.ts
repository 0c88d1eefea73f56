// Owns the way from a document to rows of paper: what the preview draws and the printer prints.

import { assert, assertNever } from '#drivers/assert.ts';
import type { Align, Block, ReceiptDocument, TableBlock } from '#drivers/printer/document.ts';
import { columnsOf, toColumns } from '#drivers/printer/plainText.ts';

export interface TextRun {
  readonly text: string;
  readonly bold: boolean;
  /** Width and height in characters: 1 or 2. */
  readonly scale: 1 | 2;
}

/** Runs of a text row fill the paper exactly; symbols stand in the middle. */
export type PaperRow =
  | { readonly type: 'text'; readonly runs: TextRun[] }
  | { readonly type: 'barcode'; readonly symbology: 'code128'; readonly data: string }
  | { readonly type: 'qr'; readonly data: string }
  | { readonly type: 'cut' };

/** Narrower text beside a price is unreadable: the price takes a row of its own instead. */
const LEFT_COLUMNS_MIN = 8;

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
  const rows: PaperRow[] = [];
  for (const block of document.blocks) rows.push(...layoutBlock(block, columns));
  rows.push({ type: 'cut' });
  return rows;
}

function layoutBlock(block: Block, columns: number): PaperRow[] {
  switch (block.type) {
    case 'text':
      return wrapWords(block.text, Math.floor(columns / block.scale)).map((text) =>
        alignedRow(text, block.align, block.bold, block.scale, columns),
      );
    case 'columns':
      return layoutColumns(block.left, block.right, columns).map((text) =>
        plainRow(text, block.bold, columns),
      );
    case 'table':
      return layoutTable(block, columns).map((text) => plainRow(text, block.bold, columns));
    case 'rule':
      return [plainRow('-'.repeat(columns), false, columns)];
    case 'space':
      return [plainRow('', false, columns)];
    case 'barcode':
      return [{ type: 'barcode', symbology: block.symbology, data: block.data }];
    case 'qr':
      return [{ type: 'qr', data: block.data }];
    default:
      return assertNever(block);
  }
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
  const characters = [...word];
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += width) {
    pieces.push(characters.slice(start, start + width).join(''));
  }
  return pieces;
}

function layoutColumns(left: string, right: string, columns: number): string[] {
  const price = toColumns(right).trim();
  const priceColumns = columnsOf(price);
  const room = columns - priceColumns - 1;
  const lines = wrapWords(left, Math.max(1, room));
  if (priceColumns === 0) return wrapWords(left, columns);
  const isBesideText = room >= LEFT_COLUMNS_MIN || (room >= 1 && lines.length === 1);
  if (isBesideText) {
    const last = lines.at(-1) ?? '';
    return [...lines.slice(0, -1), last + pad(columns - columnsOf(last) - priceColumns) + price];
  }
  const own = wrapWords(price, columns).map((line) => alignText(line, columns, 'right'));
  return left.trim() === '' ? own : [...wrapWords(left, columns), ...own];
}

function layoutTable(table: TableBlock, columns: number): string[] {
  const cells = sizeCells(table, columns);
  if (cells === null) return stackTable(table, columns);
  const texts = cells.map((cell, index) => {
    // One blank column keeps a full left cell apart from the number beside it.
    const isLast = index === cells.length - 1;
    const room = cell.align === 'left' && !isLast ? Math.max(1, cell.width - 1) : cell.width;
    return wrapWords(cell.text, room);
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
function stackTable(table: TableBlock, columns: number): string[] {
  const texts = table.cells.filter((cell) => cell.align === 'left' && cell.text.trim() !== '');
  const numbers = table.cells
    .filter((cell) => cell.align === 'right')
    .map((cell) => toColumns(cell.text).trim())
    .filter((text) => text !== '');
  const rows = texts.flatMap((cell) => wrapWords(cell.text, columns));
  const joined = numbers.join('  ');
  const lines = columnsOf(joined) <= columns ? [joined] : numbers;
  for (const line of lines) {
    rows.push(...wrapWords(line, columns).map((part) => alignText(part, columns, 'right')));
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

function plainRow(text: string, bold: boolean, columns: number): PaperRow {
  return { type: 'text', runs: [{ text: alignText(text, columns, 'left'), bold, scale: 1 }] };
}

/** Padding is of single width, so that large text stands in the middle to half a character. */
function alignedRow(
  text: string,
  align: Align,
  bold: boolean,
  scale: 1 | 2,
  columns: number,
): PaperRow {
  if (scale === 1) return plainRow(alignText(text, columns, align), bold, columns);
  const free = columns - columnsOf(text) * scale;
  const before = align === 'left' ? 0 : align === 'right' ? free : Math.floor(free / 2);
  const runs: TextRun[] = [
    { text: pad(before), bold: false, scale: 1 },
    { text, bold, scale },
    { text: pad(free - before), bold: false, scale: 1 },
  ];
  return { type: 'text', runs: runs.filter((run) => run.text !== '') };
}
