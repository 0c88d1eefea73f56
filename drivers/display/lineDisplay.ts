// Owns the bytes for a customer display of two rows (ESC/POS: Epson DM-D and those who follow it).
import { assert } from '#drivers/assert.ts';
import { columnsOfCharacter } from '#drivers/printer/paper/columnWidths.ts';
import { CommandWriter } from '#drivers/printer/paper/commandWriter.ts';
import { RowEncoder } from '#drivers/printer/paper/encodeText.ts';
import { columnsOf, toColumns } from '#drivers/printer/paper/plainText.ts';

/** `ESC @` forgets what an earlier program left; `CLR` blanks both rows. Once, after opening. */
export const lineDisplayStart: Uint8Array = Uint8Array.from([0x1b, 0x40, 0x0c]);

/** Page numbers of Epson's DM-D family and of Aures' OCD (escpos-printer-db, see NOTICE). */
const displayPages = {
  pages: { windows1252: 16, cp858: 19, cp850: 2, cp437: 0 },
  candidates: ['windows1252', 'cp858', 'cp850', 'cp437'],
  graphics: 'none',
} as const;

/**
 * Both rows, each filled to `columns` (8 to 40, as the display has): what stood there is written
 * over, so that nothing flickers. Text that is too long is cut. A display draws nothing: Turkish
 * letters that its pages lack lose their marks.
 */
export function lineDisplayBytes(rows: readonly [string, string], columns: number): Uint8Array {
  assert(columns >= 8 && columns <= 40, `a display of ${columns} columns`);
  const writer = new CommandWriter(displayPages, []);
  const encoder = new RowEncoder(displayPages, () => null);
  for (const [index, row] of rows.entries()) {
    // `US $`: column and row, both from 1.
    writer.raw([0x1f, 0x24, 1, index + 1]);
    encoder.encodeText(writer, fill(row, columns));
  }
  return writer.finish();
}

function fill(text: string, columns: number): string {
  let kept = '';
  let used = 0;
  for (const character of toColumns(text)) {
    used += columnsOfCharacter(character);
    if (used > columns) break;
    kept += character;
  }
  return kept + ' '.repeat(columns - columnsOf(kept));
}
