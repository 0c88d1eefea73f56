// Owns the way from any Unicode text to characters that each fill one column of paper.

/** Replacements that change the width: made before measuring, so that columns stay right. */
const wideReplacements: ReadonlyMap<string, string> = new Map([
  // No printer page has the lira sign (Unicode 6.2, 2012).
  ['₺', 'TL'],
  ['…', '...'],
  ['ﬁ', 'fi'],
  ['ﬂ', 'fl'],
  ['№', 'No'],
  ['™', 'TM'],
  ['ẞ', 'SS'],
]);

/** Replacements of one column, tried only where the printer's pages lack the character. */
const narrowReplacements: ReadonlyMap<string, string> = new Map([
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
  ['→', '>'],
  ['←', '<'],
  ['█', '#'],
  ['▓', '#'],
  ['▒', '+'],
  ['░', '.'],
  ['■', '#'],
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

/**
 * Text whose every code point is one column wide: composed letters, plain spaces, no control, no
 * joiner, no loose mark. No-break and narrow no-break spaces become spaces. Line breaks are the
 * caller's: a line feed becomes a space here.
 */
export function toColumns(text: string): string {
  let plain = text.normalize('NFC').replace(invisible, '');
  plain = plain.replace(spaces, ' ').replace(controls, ' ').replace(marks, '');
  for (const [from, to] of wideReplacements) plain = plain.replaceAll(from, to);
  return plain;
}

/** Columns taken by text that `toColumns` made. */
export function columnsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * The nearest character that `canPrint`, for one that cannot be printed: a plain twin of the same
 * width, or the letter without its marks. Null when there is none.
 */
export function nearestCharacter(
  character: string,
  canPrint: (candidate: string) => boolean,
): string | null {
  const twin = narrowReplacements.get(character);
  if (twin !== undefined && canPrint(twin)) return twin;
  const bare = character.normalize('NFD').replace(marks, '');
  if (columnsOf(bare) === 1 && canPrint(bare)) return bare;
  return null;
}
