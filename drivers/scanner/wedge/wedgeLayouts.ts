// Owns which character each key position types, for the keyboards a scanner can be set to.

/**
 * The keyboard a scanner is set to. What it types depends on this alone: it sends positions, and
 * the computer's own keyboard setting changes only what a page is shown as `key`.
 */
export type WedgeLayoutName = 'us' | 'uk' | 'german' | 'french' | 'turkish-q' | 'turkish-f';

/** Plain, with Shift, with AltGr. */
export type WedgeLevel = 0 | 1 | 2;

export interface WedgeTyped {
  readonly character: string;
  /** Waits for the next key; a scanner types Space after it to get the character itself. */
  readonly isDead: boolean;
}

export interface WedgeLayout {
  readonly name: WedgeLayoutName;
  /** Null where the position types nothing on this level. */
  typed(code: string, level: WedgeLevel): WedgeTyped | null;
}

/** Four rows of a keyboard with 105 keys, left to right, as KeyboardEvent.code has them. */
const rowCodes: readonly (readonly string[])[] = [
  ['Backquote', ...[...'1234567890'].map((digit) => `Digit${digit}`), 'Minus', 'Equal'],
  [...[...'QWERTYUIOP'].map((letter) => `Key${letter}`), 'BracketLeft', 'BracketRight'],
  [...[...'ASDFGHJKL'].map((letter) => `Key${letter}`), 'Semicolon', 'Quote', 'Backslash'],
  ['IntlBackslash', ...[...'ZXCVBNM'].map((letter) => `Key${letter}`), 'Comma', 'Period', 'Slash'],
];

type Rows = readonly [string, string, string, string];

/** A dot in the middle stands for a position without a character. */
const NONE = '·';
const noLevel: Rows = ['', '', '', ''];

interface Table {
  readonly plain: Rows;
  readonly shift: Rows;
  readonly altGr: Rows;
  /** Of the number pad. */
  readonly decimal: '.' | ',';
  /** `code` or `Shift+code` of the dead keys. */
  readonly dead: readonly string[];
}

/**
 * Facts from xkb-data 2.35.1, files us(basic), gb(basic), de(basic), fr(basic), tr(basic) and
 * tr(f); of AltGr only what a code may hold. The characters of dead keys are those of `nodeadkeys`.
 */
const tables: Readonly<Record<WedgeLayoutName, Table>> = {
  us: {
    plain: ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'\\", '·zxcvbnm,./'],
    shift: ['~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"|', '·ZXCVBNM<>?'],
    altGr: noLevel,
    decimal: '.',
    dead: [],
  },
  uk: {
    plain: ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'#", '\\zxcvbnm,./'],
    shift: ['¬!"£$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:@~', '|ZXCVBNM<>?'],
    altGr: ['|···€········', '', '', ''],
    decimal: '.',
    dead: [],
  },
  german: {
    plain: ['^1234567890ß´', 'qwertzuiopü+', 'asdfghjklöä#', '<yxcvbnm,.-'],
    shift: ['°!"§$%&/()=?`', 'QWERTZUIOPÜ*', "ASDFGHJKLÖÄ'", '>YXCVBNM;:_'],
    altGr: ['··²³···{[]}\\·', '@·€········~', '', '|······µ···'],
    decimal: ',',
    dead: ['Backquote', 'Equal', 'Shift+Equal'],
  },
  french: {
    plain: ['²&é"\'(-è_çà)=', 'azertyuiop^$', 'qsdfghjklmù*', '<wxcvbn,;:!'],
    shift: ['~1234567890°+', 'AZERTYUIOP¨£', 'QSDFGHJKLM%µ', '>WXCVBN?./§'],
    altGr: ['··~#{[|`\\^@]}', '··€········¤', '', ''],
    decimal: '.',
    dead: ['BracketLeft', 'Shift+BracketLeft'],
  },
  'turkish-q': {
    plain: ['"1234567890*-', 'qwertyuıopğü', 'asdfghjklşi,', '<zxcvbnmöç.'],
    shift: ["é!'^+%&/()=?_", 'QWERTYUIOPĞÜ', 'ASDFGHJKLŞİ;', '>ZXCVBNMÖÇ:'],
    altGr: ['<>£#$½·{[]}\\|', '@·€·₺······~', "··········'`", '|··········'],
    decimal: ',',
    dead: [],
  },
  'turkish-f': {
    plain: ['+1234567890/-', 'fgğıodrnhpqw', 'uieaütkmlyşx', '<jövcçzsb.,'],
    shift: ['*!"^$%&\'()=?_', 'FGĞIODRNHPQW', 'UİEAÜTKMLYŞX', '>JÖVCÇZSB:;'],
    altGr: ['···#···{[]}\\|', '@··········~', '··€··₺····#`', '|··········'],
    decimal: ',',
    dead: [],
  },
};

/** The number pad types the same on every level. */
const numberPad: readonly (readonly [string, string])[] = [
  ...[...'0123456789'].map((digit): [string, string] => [`Numpad${digit}`, digit]),
  ['NumpadDivide', '/'],
  ['NumpadMultiply', '*'],
  ['NumpadSubtract', '-'],
  ['NumpadAdd', '+'],
  ['Space', ' '],
];

function layoutOf(name: WedgeLayoutName): WedgeLayout {
  const table = tables[name];
  const levels = [table.plain, table.shift, table.altGr].map((rows, level) => {
    const typed = new Map<string, WedgeTyped>();
    rows.forEach((row, rowIndex) => {
      [...row].forEach((character, index) => {
        const code = rowCodes[rowIndex]?.[index];
        if (code === undefined || character === NONE) return;
        const isDead = table.dead.includes(level === 1 ? `Shift+${code}` : code) && level < 2;
        typed.set(code, { character, isDead });
      });
    });
    if (level === 2) return typed;
    const pad = [...numberPad, ['NumpadDecimal', table.decimal] as const];
    for (const [code, character] of pad) typed.set(code, { character, isDead: false });
    return typed;
  });
  return { name, typed: (code, level) => levels[level]?.get(code) ?? null };
}

export const wedgeLayouts: readonly WedgeLayout[] = [
  layoutOf('us'),
  layoutOf('uk'),
  layoutOf('german'),
  layoutOf('french'),
  layoutOf('turkish-q'),
  layoutOf('turkish-f'),
];

export function wedgeLayout(name: WedgeLayoutName): WedgeLayout {
  return wedgeLayouts.find((layout) => layout.name === name) ?? layoutOf(name);
}

/** Where a US keyboard has the characters whose Ctrl chord is a control character above Z. */
const usControls: Readonly<Record<string, number>> = {
  BracketLeft: 27,
  Backslash: 28,
  BracketRight: 29,
  Digit6: 30,
  Minus: 31,
};

/**
 * The control character that a scanner means by a Ctrl chord, or null: Ctrl+A to Ctrl+Z are 1 to
 * 26; Ctrl+] is GS, at the layout's own `]` or where a US keyboard has it. (Turkish F has a letter
 * there: no code holds its control character.)
 */
export function controlCharacter(
  layout: WedgeLayout,
  code: string,
  level: WedgeLevel,
): string | null {
  const character = layout.typed(code, level)?.character ?? '';
  if (/^[[\\\]^_]$/.test(character)) return String.fromCharCode(character.charCodeAt(0) & 31);
  const own = /^[a-z]$/i.test(character) ? character : /^Key([A-Z])$/.exec(code)?.[1];
  const control = usControls[code] ?? (own === undefined ? null : own.charCodeAt(0) & 31);
  return control === null ? null : String.fromCharCode(control);
}
