// Owns a keyboard scanner and a typist for tests: the keys they press, each with its time.
import { assert } from '#drivers/assert.ts';
import {
  type WedgeLayout,
  type WedgeLayoutName,
  type WedgeLevel,
  wedgeLayout,
} from '#drivers/scanner/wedge/wedgeLayouts.ts';
import type { WedgeStroke } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { type DeviceKey, keyOf } from '#test/support/wedgePage.ts';

export interface ScannerStyle {
  readonly layout: WedgeLayoutName;
  readonly prefix: readonly WedgeStroke[];
  readonly suffix: readonly WedgeStroke[];
  readonly digits: 'row' | 'number-pad';
  /** `others` sends what is neither letter nor digit as an Alt code, `all` everything. */
  readonly altCodes: 'none' | 'others' | 'all';
  readonly hasLeadingZero: boolean;
  /** Types a for A: what a scanner does to make up for Caps Lock. */
  readonly isCaseInverted: boolean;
  /** From one key down to the next. */
  readonly gapMs: number;
  /** How long each of its keys is down; less than `gapMs`. */
  readonly pressMs: number;
}

export const plainScanner: ScannerStyle = {
  layout: 'us',
  prefix: [],
  suffix: ['Enter'],
  digits: 'row',
  altCodes: 'none',
  hasLeadingZero: true,
  isCaseInverted: false,
  gapMs: 6,
  pressMs: 3,
};

const codes: readonly string[] = [
  'Backquote',
  ...[...'1234567890'].map((digit) => `Digit${digit}`),
  ...[...'QWERTYUIOPASDFGHJKLZXCVBNM'].map((letter) => `Key${letter}`),
  ...['Minus', 'Equal', 'BracketLeft', 'BracketRight', 'Semicolon', 'Quote', 'Backslash'],
  ...['IntlBackslash', 'Comma', 'Period', 'Slash', 'Space'],
];

const levelNames = ['', 'Shift+', 'AltGr+'] as const;

/** The stroke that types a character on a layout, or null. */
export function strokeFor(layout: WedgeLayout, character: string): WedgeStroke | null {
  for (const level of [0, 1, 2] satisfies WedgeLevel[]) {
    const code = codes.find((one) => layout.typed(one, level)?.character === character);
    if (code !== undefined) return `${levelNames[level]}${code}`;
  }
  return null;
}

function inverted(character: string): string {
  const upper = character.toUpperCase();
  return character === upper ? character.toLowerCase() : upper;
}

function strokesOf(text: string, style: ScannerStyle): WedgeStroke[] {
  const layout = wedgeLayout(style.layout);
  return [...text].flatMap((character): WedgeStroke[] => {
    if (character === '\u001d' && style.altCodes === 'none') return ['Control+BracketRight'];
    const isPlain = /[0-9A-Za-z]/.test(character);
    if (style.altCodes === 'all' || (style.altCodes === 'others' && !isPlain)) {
      const number = String(character.charCodeAt(0)).padStart(3, '0');
      return [`Alt+${style.hasLeadingZero ? '0' : ''}${number}`];
    }
    if (/[0-9]/.test(character) && style.digits === 'number-pad') return [`Numpad${character}`];
    const sent =
      style.isCaseInverted && /[A-Za-z]/.test(character) ? inverted(character) : character;
    const stroke = strokeFor(layout, sent);
    assert(stroke !== null, `${style.layout} types ${character}`);
    const parts = stroke.split('+');
    const level: WedgeLevel = parts[0] === 'Shift' ? 1 : 0;
    const isDead = parts[0] !== 'AltGr' && layout.typed(parts.at(-1) ?? '', level)?.isDead === true;
    return isDead ? [stroke, 'Space'] : [stroke];
  });
}

const modifierCodes: Readonly<Record<string, string>> = {
  Control: 'ControlLeft',
  Shift: 'ShiftLeft',
  AltGr: 'AltRight',
  Alt: 'AltLeft',
};

/** What a US keyboard would show for a position: enough for `key`, which only has to be typable. */
function shownKey(code: string, shift: boolean): string {
  const level: WedgeLevel = shift ? 1 : 0;
  return (
    wedgeLayout('us').typed(code, level)?.character ?? (code.startsWith('Numpad') ? '1' : code)
  );
}

function press(code: string, key: string, downMs: number, upMs: number): DeviceKey[] {
  const base = { code, key, shift: false, by: 'scanner' } as const;
  return [
    { ...base, timeMs: downMs, down: true },
    { ...base, timeMs: upMs, down: false },
  ];
}

/** The keys of one scan from `startMs`; modifiers go down just before their key, and up after. */
export function scanKeys(text: string, style: ScannerStyle, startMs: number): DeviceKey[] {
  const keys: DeviceKey[] = [];
  let timeMs = startMs;
  for (const stroke of [...style.prefix, ...strokesOf(text, style), ...style.suffix]) {
    const parts = stroke.split('+');
    const code = parts.at(-1) ?? '';
    const modifiers = parts.slice(0, -1);
    const pressed = modifiers.includes('Alt') ? [...code].map((digit) => `Numpad${digit}`) : [code];
    const endMs = timeMs + (pressed.length - 1) * style.gapMs + style.pressMs;
    for (const modifier of modifiers) {
      const held = modifierCodes[modifier];
      assert(held !== undefined, `${modifier} is a modifier`);
      const name = modifier === 'AltGr' ? 'AltGraph' : modifier;
      keys.push(...press(held, name, timeMs - 0.5, endMs + 0.5));
    }
    pressed.forEach((one, index) => {
      const downMs = timeMs + index * style.gapMs;
      const shown = shownKey(one, modifiers.includes('Shift'));
      keys.push(...press(one, shown, downMs, downMs + style.pressMs));
    });
    timeMs += pressed.length * style.gapMs;
  }
  return keys;
}

/** When the last key of a scan came up. */
export function endOf(keys: readonly DeviceKey[]): number {
  return Math.max(...keys.map(({ timeMs }) => timeMs));
}

export interface Touch {
  readonly gapMs: number;
  readonly holdMs: number;
}

/** A person types a text, one touch a character; Shift is not pressed, but shown in `key`. */
export function personKeys(
  text: readonly string[],
  touches: readonly Touch[],
  startMs: number,
): DeviceKey[] {
  let timeMs = startMs;
  const upMs = new Map<string, number>();
  return text.flatMap((key, index): DeviceKey[] => {
    const { gapMs, holdMs } = touches[index] ?? { gapMs: 100, holdMs: 70 };
    const code = key.length > 1 ? key : keyOf(key).code;
    // Nobody presses a key that is still down.
    timeMs = Math.max(timeMs + gapMs, (upMs.get(code) ?? 0) + 25);
    upMs.set(code, timeMs + holdMs);
    const base = { code, key, shift: false, by: 'person' } as const;
    return [
      { ...base, timeMs, down: true },
      { ...base, timeMs: timeMs + holdMs, down: false },
    ];
  });
}

/**
 * Whether no page could tell the hands apart: both at one key at once, or a person's key while the
 * scanner holds Alt or Ctrl, which every system takes for a chord.
 */
export function areMixedUp(keys: readonly DeviceKey[]): boolean {
  const personsDown = new Set<string>();
  const scannersDown = new Set<string>();
  return keys
    .toSorted((one, other) => one.timeMs - other.timeMs)
    .some(({ by, code, down }) => {
      const own = by === 'person' ? personsDown : scannersDown;
      const other = by === 'person' ? scannersDown : personsDown;
      if (down) own.add(code);
      else own.delete(code);
      if (!down) return false;
      const isChord = ['AltLeft', 'AltRight', 'ControlLeft'].some((one) => scannersDown.has(one));
      return other.has(code) || (by === 'person' && isChord);
    });
}
