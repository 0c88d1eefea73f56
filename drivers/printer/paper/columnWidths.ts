// Owns how many columns of paper a character takes: known without a font, by printer and page.

/**
 * Drawn where the printer can, else spelled out. It takes the columns of its spelling either way,
 * so that a row is as wide on every printer. No printer page has the lira sign (Unicode 6.2, 2012).
 */
export const spellings: ReadonlyMap<string, string> = new Map([['₺', 'TL']]);

/** What layout puts around text of either direction. */
const directions = /[\u200f\u2066-\u2069]/u;
/** East Asian Width W and F, by block: Hangul, CJK, Kana, Yi, full-width forms. */
const wide = new RegExp(
  '[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff' +
    '\\ua000-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f' +
    '\\uff00-\\uff60\\uffe0-\\uffe6\\u{20000}-\\u{3fffd}]',
  'u',
);

/**
 * One for nearly all; two for Chinese and its neighbours; an Arabic letter takes one, as in the
 * fixed-width font that draws it. Known without a font, so that preview and paper agree.
 */
export function columnsOfCharacter(character: string): number {
  if (directions.test(character)) return 0;
  return spellings.get(character)?.length ?? (wide.test(character) ? 2 : 1);
}
