// Owns learning how a keyboard scanner is set, from one scan of a known code.
import { failure, type Result, success } from '#drivers/result.ts';
import {
  altMeaning,
  holdModifier,
  isModifier,
  meaningOf,
  newModifiers,
  type WedgeKeyEvent,
  type WedgeMeaning,
} from '#drivers/scanner/wedge/wedgeKeys.ts';
import {
  type WedgeLayout,
  type WedgeLayoutName,
  wedgeLayout,
  wedgeLayouts,
} from '#drivers/scanner/wedge/wedgeLayouts.ts';
import {
  type WedgeSettings,
  type WedgeStroke,
  wedgeDefaults,
} from '#drivers/scanner/wedge/wedgeSettings.ts';

/**
 * The code to scan, as QR or Code 128 without any prefix of its own. No two layouts type it with
 * the same keys: q, y and the digits tell French and German, i Turkish Q, @ the British one.
 */
export const wedgeTestCode = 'PUAN-qyi]/:.@0149';

export type WedgeProblem =
  | { readonly reason: 'nothing-typed' }
  /** Another code, or a keyboard that is not ours; `typed` is how a US keyboard reads it. */
  | { readonly reason: 'code-not-found'; readonly typed: string }
  | { readonly reason: 'scanned-twice' }
  /** Its keys fit several; a person has to say which. */
  | { readonly reason: 'layout-ambiguous'; readonly layouts: readonly WedgeLayoutName[] }
  /** The scanner makes all letters small, or all capital. */
  | { readonly reason: 'letter-case-changed' }
  /** Letters came inverted, which Caps Lock may explain: to be scanned again without. */
  | { readonly reason: 'caps-lock-on' }
  | { readonly reason: 'num-lock-off' }
  /** What comes before the code is what a person types too, or differs from code to code. */
  | { readonly reason: 'prefix-ambiguous'; readonly prefix: readonly WedgeStroke[] }
  | { readonly reason: 'suffix-unknown'; readonly suffix: readonly WedgeStroke[] }
  /** No slower than a quick typist: its key delay has to be made shorter. */
  | { readonly reason: 'too-slow'; readonly averageMs: number };

/** What is known besides the scan. */
export interface WedgeHints {
  /** Chosen by a person after `layout-ambiguous`. */
  readonly layout: WedgeLayoutName | null;
  /** Learnt from this scanner before, with Caps Lock as it then was. */
  readonly before: WedgeSettings | null;
}

interface Stroke {
  readonly name: WedgeStroke;
  readonly type: WedgeMeaning['type'];
  /** One character; a space for what types none. */
  readonly text: string;
  readonly isDead: boolean;
  readonly code: string;
  /** Alt and Meta chords have no name of their own. */
  readonly isNamed: boolean;
}

type LetterCase = 'as-is' | 'inverted';

function strokeOf(meaning: WedgeMeaning, event: WedgeKeyEvent): Stroke {
  const isCharacter = meaning.type === 'character';
  return {
    name: meaning.type === 'alt-digit' ? '' : meaning.stroke,
    type: meaning.type,
    text: isCharacter ? meaning.typed.text : ' ',
    isDead: isCharacter && meaning.typed.isDead,
    code: event.code,
    isNamed: meaning.type !== 'other' || (event.alt !== true && event.meta !== true),
  };
}

/** What the keys are to a scanner with this layout; the Space after a dead key is part of it. */
function readStrokes(
  keys: readonly WedgeKeyEvent[],
  layout: WedgeLayout,
  letterCase: LetterCase,
): readonly Stroke[] {
  const settings = { ...wedgeDefaults, letterCase };
  const held = newModifiers();
  const strokes: Stroke[] = [];
  let digits = '';
  const add = (meaning: WedgeMeaning, event: WedgeKeyEvent): void => {
    const stroke = strokeOf(meaning, event);
    if (strokes.at(-1)?.isDead !== true || stroke.name !== 'Space') strokes.push(stroke);
  };
  for (const event of keys) {
    if (isModifier(event.code)) {
      holdModifier(held, event);
      if (!event.code.startsWith('Alt') || event.down !== false || digits === '') continue;
      add(altMeaning(digits), event);
      digits = '';
    } else if (event.down !== false) {
      const meaning = meaningOf(event, held, layout, settings, event.shift);
      if (meaning.type === 'alt-digit') digits += meaning.digit;
      else add(meaning, event);
    }
  }
  return strokes;
}

interface Reading {
  readonly layout: WedgeLayout;
  readonly letterCase: LetterCase;
  readonly strokes: readonly Stroke[];
  readonly startAt: number;
  readonly isTwice: boolean;
}

function textOf(strokes: readonly Stroke[]): string {
  return strokes.map(({ text }) => text).join('');
}

function readAs(
  keys: readonly WedgeKeyEvent[],
  layout: WedgeLayout,
  letterCase: LetterCase,
): Reading | null {
  const strokes = readStrokes(keys, layout, letterCase);
  const text = textOf(strokes);
  const startAt = text.indexOf(wedgeTestCode);
  if (startAt < 0) return null;
  const isTwice = text.indexOf(wedgeTestCode, startAt + 1) >= 0;
  return { layout, letterCase, strokes, startAt, isTwice };
}

/** As it is, where that fits; letters that came as Alt codes fit both ways. */
function readingsOf(keys: readonly WedgeKeyEvent[]): readonly Reading[] {
  return wedgeLayouts.flatMap((layout) => {
    const reading = readAs(keys, layout, 'as-is') ?? readAs(keys, layout, 'inverted');
    return reading === null ? [] : [reading];
  });
}

function codeOf({ strokes, startAt }: Reading): readonly Stroke[] {
  return strokes.slice(startAt, startAt + wedgeTestCode.length);
}

function isAlt({ name }: Stroke): boolean {
  return name.startsWith('Alt+');
}

function notFound(keys: readonly WedgeKeyEvent[]): WedgeProblem {
  const isOtherCase = wedgeLayouts.some((layout) => {
    const text = textOf(readStrokes(keys, layout, 'as-is'));
    return text.toLowerCase().includes(wedgeTestCode.toLowerCase());
  });
  if (isOtherCase) return { reason: 'letter-case-changed' };
  const typed = textOf(readStrokes(keys, wedgeLayout('us'), 'as-is')).trim();
  return { reason: 'code-not-found', typed };
}

function chooseReading(
  keys: readonly WedgeKeyEvent[],
  hints: WedgeHints,
): Result<Reading, WedgeProblem> {
  const isTyped = keys.some(({ code, down }) => down !== false && !isModifier(code));
  if (!isTyped) return failure({ reason: 'nothing-typed' });
  const isPadOff = keys.some(
    ({ code, key, alt }) => /^Numpad[0-9]$/.test(code) && alt !== true && key.length > 1,
  );
  if (isPadOff) return failure({ reason: 'num-lock-off' });
  const readings = readingsOf(keys);
  const [first] = readings;
  if (first === undefined) return failure(notFound(keys));
  if (readings.some(({ isTwice }) => isTwice)) return failure({ reason: 'scanned-twice' });
  if (readings.length === 1) return success(first);
  const chosen = readings.find(({ layout }) => layout.name === hints.layout);
  if (chosen !== undefined) return success(chosen);
  // Where every character is an Alt code the layout says nothing, and does nothing.
  const isByNumber = codeOf(first).every((stroke) => isAlt(stroke));
  if (isByNumber) return success(first);
  const layouts = readings.map(({ layout }) => layout.name);
  return failure({ reason: 'layout-ambiguous', layouts });
}

/** An AIM identifier belongs to the code, not to the scanner: it differs from code to code. */
function prefixOf({ strokes, startAt }: Reading): Result<readonly WedgeStroke[], WedgeProblem> {
  const before = strokes.slice(0, startAt);
  const hasAim = /\][A-Za-z][0-9A-Za-z]$/.test(textOf(before));
  const own = hasAim ? before.slice(0, -3) : before;
  const prefix = own.map(({ name }) => name);
  const [first] = own;
  if (first === undefined) return success(prefix);
  const isTypedByPersons = first.type === 'character' && /^[\p{L}\p{N}\] ]$/u.test(first.text);
  const isUsable = own.every(({ type, isNamed }) => type !== 'end' && isNamed);
  if (isTypedByPersons || !isUsable) return failure({ reason: 'prefix-ambiguous', prefix });
  return success(prefix);
}

function suffixOf({ strokes, startAt }: Reading): Result<readonly WedgeStroke[], WedgeProblem> {
  const after = strokes.slice(startAt + wedgeTestCode.length);
  const suffix = after.map(({ name }) => name);
  const firstEnd = after.findIndex(({ type }) => type === 'end');
  const characters = firstEnd < 0 ? after : after.slice(0, firstEnd);
  const ends = firstEnd < 0 ? [] : after.slice(firstEnd);
  const isKnown =
    characters.every(({ type, text }) => type === 'character' && !/[\p{L}\p{N}]/u.test(text)) &&
    ends.every(({ type }) => type === 'end');
  return isKnown ? success(suffix) : failure({ reason: 'suffix-unknown', suffix });
}

function digitsOf(reading: Reading): WedgeSettings['digits'] {
  const digits = codeOf(reading).filter(({ text }) => /[0-9]/.test(text));
  if (digits.some(isAlt)) return 'any';
  if (digits.every(({ code }) => code.startsWith('Numpad'))) return 'number-pad';
  return digits.every(({ code }) => code.startsWith('Digit')) ? 'row' : 'any';
}

function letterCaseOf(
  reading: Reading,
  keys: readonly WedgeKeyEvent[],
  before: WedgeSettings | null,
): Result<WedgeSettings['letterCase'], WedgeProblem> {
  const isCapsLockOn = keys.some(({ capsLock }) => capsLock === true);
  if (reading.letterCase === 'as-is') {
    const isByCapsLock = before?.letterCase === 'inverted-by-caps-lock' && !isCapsLockOn;
    return success(isByCapsLock ? 'inverted-by-caps-lock' : 'as-is');
  }
  if (!isCapsLockOn) return success('inverted');
  // Inverted always, or only because of Caps Lock: what was learnt without it tells.
  if (before === null) return failure({ reason: 'caps-lock-on' });
  return success(before.letterCase === 'inverted' ? 'inverted' : 'inverted-by-caps-lock');
}

type Pace = Pick<WedgeSettings, 'loneHoldMs' | 'idleMs' | 'averageMsMax'>;

/** A quick typist's keys are 60 ms apart: margins stay below, and a slow scanner is refused. */
const averageMsMost = 35;
const gapMsMost = 45;

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, Math.ceil(value)));
}

function paceOf(keys: readonly WedgeKeyEvent[]): Result<Pace, WedgeProblem> {
  const times = keys.flatMap(({ code, down, timeMs }) =>
    down === false || isModifier(code) ? [] : [timeMs],
  );
  const gaps = times.slice(1).map((timeMs, index) => timeMs - (times[index] ?? timeMs));
  const averageMs = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);
  const longestMs = Math.max(0, ...gaps);
  if (averageMs > averageMsMost || longestMs > gapMsMost) {
    return failure({ reason: 'too-slow', averageMs: Math.round(averageMs) });
  }
  const loneHoldMs = between(20, longestMs * 2 + 8, 50);
  return success({
    loneHoldMs,
    idleMs: between(60, loneHoldMs * 2, 100),
    averageMsMax: between(15, averageMs * 2 + 8, 40),
  });
}

/**
 * Learns from the keys of one scan of `wedgeTestCode`, keydowns and keyups, in order. What the scan
 * leaves open is a problem to be said, never a guess.
 */
export function learnWedge(
  keys: readonly WedgeKeyEvent[],
  hints: WedgeHints = { layout: null, before: null },
): Result<WedgeSettings, WedgeProblem> {
  const chosen = chooseReading(keys, hints);
  if (!chosen.ok) return chosen;
  const reading = chosen.value;
  const prefix = prefixOf(reading);
  if (!prefix.ok) return prefix;
  const suffix = suffixOf(reading);
  if (!suffix.ok) return suffix;
  const letterCase = letterCaseOf(reading, keys, hints.before);
  if (!letterCase.ok) return letterCase;
  const pace = paceOf(keys);
  if (!pace.ok) return pace;
  const hasPrefix = prefix.value.length > 0;
  const hasEnd = reading.strokes.at(-1)?.type === 'end';
  return success({
    layout: reading.layout.name,
    letterCase: letterCase.value,
    prefix: prefix.value,
    suffix: suffix.value,
    digits: digitsOf(reading),
    hasAltCodes: reading.strokes.some((stroke) => isAlt(stroke)),
    ...pace.value,
    // Between a known prefix and suffix nothing is a person's, however short.
    charactersMin: hasPrefix ? 3 : 6,
    charactersMinEnded: hasPrefix ? 1 : hasEnd ? 4 : 6,
  });
}

/** A learnt setting as facts for a screen, which puts them into words. */
export interface WedgeDescription {
  readonly layout: WedgeLayoutName;
  readonly letterCase: WedgeSettings['letterCase'];
  readonly prefix: readonly WedgeStroke[];
  /** `any` before anything was learnt; `other` where it is more than one of these. */
  readonly ending: 'any' | 'none' | 'enter' | 'enter-twice' | 'tab' | 'other';
  readonly suffix: readonly WedgeStroke[];
  readonly digits: WedgeSettings['digits'];
  readonly hasAltCodes: boolean;
  /** How late a person's key is typed, at most; 0 where a prefix tells the scanner. */
  readonly personsDelayMs: number;
  /** Codes shorter than this are taken for typing. */
  readonly charactersMin: number;
}

const endings: Readonly<Record<string, WedgeDescription['ending']>> = {
  '': 'none',
  Enter: 'enter',
  NumpadEnter: 'enter',
  'Control+KeyM': 'enter',
  'Enter Enter': 'enter-twice',
  'Enter Control+KeyJ': 'enter-twice',
  'Control+KeyM Control+KeyJ': 'enter-twice',
  Tab: 'tab',
  'Control+KeyI': 'tab',
};

export function describeWedge(settings: WedgeSettings): WedgeDescription {
  const { layout, letterCase, prefix, suffix, digits, hasAltCodes } = settings;
  const ending = suffix === null ? 'any' : (endings[suffix.join(' ')] ?? 'other');
  return {
    layout,
    letterCase,
    prefix,
    ending,
    suffix: suffix ?? [],
    digits,
    hasAltCodes,
    personsDelayMs: prefix.length > 0 ? 0 : settings.loneHoldMs,
    charactersMin: settings.charactersMinEnded,
  };
}
