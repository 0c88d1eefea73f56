// Owns the way from any Unicode text to characters that each fill whole columns of paper.
import { columnsOfCharacter, spellings } from '#drivers/printer/paper/columnWidths.ts';
import { nameEmoji } from '#drivers/printer/paper/emoji.ts';

/** Replacements that change the width: made before measuring, so that columns stay right. */
const wideReplacements: ReadonlyMap<string, string> = new Map([
  ['…', '...'],
  ['ﬁ', 'fi'],
  ['ﬂ', 'fl'],
  ['№', 'No'],
  ['™', 'TM'],
  ['ẞ', 'SS'],
]);

/** The same mark in plainer type: says the same, so it is not worth a drawing. */
const twins: ReadonlyMap<string, string> = new Map([
  ['‘', "'"],
  ['’', "'"],
  ['‚', ','],
  ['‛', "'"],
  ['“', '"'],
  ['”', '"'],
  ['„', '"'],
  ['‹', '<'],
  ['›', '>'],
  ['«', '"'],
  ['»', '"'],
  ['‐', '-'],
  ['‑', '-'],
  ['‒', '-'],
  ['–', '-'],
  ['—', '-'],
  ['―', '-'],
  ['−', '-'],
  ['─', '-'],
  ['═', '='],
  ['│', '|'],
  ['•', '*'],
  ['·', '.'],
  ['×', 'x'],
  ['÷', '/'],
  ['⁄', '/'],
  ['█', '#'],
  ['▓', '#'],
  ['▒', '+'],
  ['░', '.'],
  ['■', '#'],
]);

/** What comes near a character that can be neither printed nor drawn. */
const nearest: ReadonlyMap<string, string> = new Map([
  ['→', '>'],
  ['←', '<'],
  ['□', '.'],
  ['●', '*'],
  ['○', 'o'],
  ['★', '*'],
  ['☆', '*'],
  ['✓', 'v'],
  ['ı', 'i'],
  ['ł', 'l'],
  ['Ł', 'L'],
  ['đ', 'd'],
  ['Đ', 'D'],
  ['ø', 'o'],
  ['Ø', 'O'],
]);

const invisible = /[\p{Cf}\p{Cs}\p{Variation_Selector}]/gu;
const spaces = /[\p{Zs}\t]/gu;
const marks = /\p{M}/gu;
// A control byte inside a product name would be a command to the printer.
const controls = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const plain = /^[ -~]*$/;
/**
 * Text whose every code point fills whole columns: composed letters, plain spaces, no control, no
 * joiner, no loose mark (vowel signs of Arabic are among them), emoji by name. No-break and narrow
 * no-break spaces become spaces. Line breaks are the caller's: a line feed becomes a space here.
 */
export function toColumns(text: string): string {
  if (plain.test(text)) return text;
  let columns = nameEmoji(text).normalize('NFC').replace(invisible, '');
  columns = columns.replace(spaces, ' ').replace(controls, ' ').replace(marks, '');
  for (const [from, to] of wideReplacements) columns = columns.replaceAll(from, to);
  return columns;
}

/** Columns taken by text that `toColumns` made, with or without isolates around its parts. */
export function columnsOf(text: string): number {
  if (plain.test(text)) return text.length;
  let count = 0;
  for (const character of text) count += columnsOfCharacter(character);
  return count;
}

type CanPrint = (candidate: string) => boolean;

/** The same mark in a type that `canPrint`; null when there is none. */
export function twinOf(character: string, canPrint: CanPrint): string | null {
  const twin = twins.get(character);
  return twin !== undefined && canPrint(twin) ? twin : null;
}

/**
 * What says nearly the same in as many columns, for a character that is neither printed nor drawn:
 * its spelling, what looks like it, or the letter without its marks. Null when there is none.
 */
export function nearestText(character: string, canPrint: CanPrint): string | null {
  const near = spellings.get(character) ?? nearest.get(character);
  if (near !== undefined && [...near].every(canPrint)) return near;
  const bare = character.normalize('NFD').replace(marks, '');
  return columnsOf(bare) === 1 && bare !== character && canPrint(bare) ? bare : null;
}
