// Owns the order in which letters stand on paper where some are written from right to left.
import createBidi from 'bidi-js';

/** Letters that stand side by side and are read in one direction; `text` is in reading order. */
export interface VisualRun {
  readonly text: string;
  readonly isRightToLeft: boolean;
}

/** Marks of the bidirectional algorithm (UAX #9): they take no place on paper. */
export const LEFT_TO_RIGHT_ISOLATE = '\u2066';
export const RIGHT_TO_LEFT_ISOLATE = '\u2067';
export const END_OF_ISOLATE = '\u2069';
/** A letter without a shape: blanks before it stay in the order of the row (UAX #9, L1). */
export const RIGHT_TO_LEFT_MARK = '\u200f';

const marks = /[\u200f\u2066-\u2069]/;
/** Hebrew, Arabic, Syriac, Thaana, NKo and their presentation forms. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const letter = /\p{L}/u;

/** True where the order on paper may differ from the order of reading. */
export function hasRightToLeft(text: string): boolean {
  return rightToLeft.test(text);
}

/** The direction of the first letter; null without one. */
export function firstDirection(text: string): 'rtl' | 'ltr' | null {
  const first = letter.exec(text)?.[0];
  if (first === undefined) return null;
  return rightToLeft.test(first) ? 'rtl' : 'ltr';
}

type Bidi = ReturnType<typeof createBidi>;
let loadedBidi: Bidi | null = null;

/** Built once, and only by a shop that needs it. */
function bidi(): Bidi {
  loadedBidi ??= createBidi();
  return loadedBidi;
}

/**
 * The runs of one row from the left edge of the paper to the right, by UAX #9 with the paper's own
 * direction left to right: a row that is read from the right is an isolate of its own.
 */
export function visualRuns(text: string): VisualRun[] {
  if (!marks.test(text) && !hasRightToLeft(text)) return [{ text, isRightToLeft: false }];
  const { getEmbeddingLevels, getReorderedIndices } = bidi();
  const embedding = getEmbeddingLevels(text, 'ltr');
  const runs: { text: string; isRightToLeft: boolean }[] = [];
  let levelBefore: number | null = null;
  for (const index of getReorderedIndices(text, embedding)) {
    const unit = text.charAt(index);
    if (marks.test(unit)) continue;
    const level = embedding.levels[index] ?? 0;
    const isRightToLeft = level % 2 === 1;
    const last = runs.at(-1);
    // Isolates between two neighbours count as none: they left no gap on paper.
    const isSameRun = levelBefore === level;
    if (last === undefined || !isSameRun) runs.push({ text: unit, isRightToLeft });
    else if (isRightToLeft) last.text = unit + last.text;
    else last.text += unit;
    levelBefore = level;
  }
  return runs;
}

/** The same bracket as it stands in text that is read from the right. */
export function mirrored(character: string): string {
  return bidi().getMirroredCharacter(character) ?? character;
}
