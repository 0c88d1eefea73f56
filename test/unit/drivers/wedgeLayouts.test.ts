// Goal: every layout types what the system's own keyboard tables say.
// Method: xkbcomp compiles the system's tables; each of our characters is looked up there.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  controlCharacter,
  type WedgeLayoutName,
  type WedgeLevel,
  wedgeLayout,
  wedgeLayouts,
} from '#drivers/scanner/wedge/wedgeLayouts.ts';

const systemNames: Readonly<Record<WedgeLayoutName, string>> = {
  us: 'us',
  uk: 'gb',
  german: 'de(nodeadkeys)',
  french: 'fr(nodeadkeys)',
  'turkish-q': 'tr',
  'turkish-f': 'tr(f)',
};

/** Names of X11 for what is not its own name (keysymdef.h), as far as our tables need them. */
const characterNames: Readonly<Record<string, string>> = {
  grave: '`',
  asciitilde: '~',
  exclam: '!',
  at: '@',
  numbersign: '#',
  dollar: '$',
  percent: '%',
  asciicircum: '^',
  ampersand: '&',
  asterisk: '*',
  parenleft: '(',
  parenright: ')',
  minus: '-',
  underscore: '_',
  equal: '=',
  plus: '+',
  bracketleft: '[',
  braceleft: '{',
  bracketright: ']',
  braceright: '}',
  semicolon: ';',
  colon: ':',
  apostrophe: "'",
  quotedbl: '"',
  backslash: '\\',
  bar: '|',
  comma: ',',
  less: '<',
  period: '.',
  greater: '>',
  slash: '/',
  question: '?',
  notsign: '¬',
  sterling: '£',
  EuroSign: '€',
  section: '§',
  degree: '°',
  ssharp: 'ß',
  acute: '´',
  udiaeresis: 'ü',
  Udiaeresis: 'Ü',
  odiaeresis: 'ö',
  Odiaeresis: 'Ö',
  adiaeresis: 'ä',
  Adiaeresis: 'Ä',
  twosuperior: '²',
  threesuperior: '³',
  mu: 'µ',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ugrave: 'ù',
  ccedilla: 'ç',
  Ccedilla: 'Ç',
  diaeresis: '¨',
  currency: '¤',
  idotless: 'ı',
  Iabovedot: 'İ',
  gbreve: 'ğ',
  Gbreve: 'Ğ',
  scedilla: 'ş',
  Scedilla: 'Ş',
  onehalf: '½',
  U20BA: '₺',
};

const systemRows = [
  ['AE', ['Backquote', ...[...'1234567890'].map((digit) => `Digit${digit}`), 'Minus', 'Equal']],
  ['AD', [...[...'QWERTYUIOP'].map((letter) => `Key${letter}`), 'BracketLeft', 'BracketRight']],
  ['AC', [...[...'ASDFGHJKL'].map((letter) => `Key${letter}`), 'Semicolon', 'Quote']],
  ['AB', [...[...'ZXCVBNM'].map((letter) => `Key${letter}`), 'Comma', 'Period', 'Slash']],
] as const;

function systemKeys(): ReadonlyMap<string, string> {
  const keys = new Map([
    ['BKSL', 'Backslash'],
    ['LSGT', 'IntlBackslash'],
    ['TLDE', 'Backquote'],
  ]);
  for (const [row, codes] of systemRows) {
    codes.forEach((code, index) => {
      // The row of digits begins with TLDE.
      const number = row === 'AE' ? index : index + 1;
      if (number > 0) keys.set(`${row}${String(number).padStart(2, '0')}`, code);
    });
  }
  return keys;
}

/** `code` to the characters of its first three levels, from the system's tables. */
function systemTable(name: string): ReadonlyMap<string, readonly string[]> | null {
  const keymap =
    'xkb_keymap { xkb_keycodes { include "evdev+aliases(qwerty)" }; ' +
    'xkb_types { include "complete" }; xkb_compat { include "complete" }; ' +
    `xkb_symbols { include "pc+${name}+inet(evdev)" }; };`;
  const compiled = spawnSync('xkbcomp', ['-xkb', '-w0', '-', '-'], { input: keymap });
  if (compiled.status !== 0) return null;
  const keys = systemKeys();
  const table = new Map<string, readonly string[]>();
  for (const match of String(compiled.stdout).matchAll(/key\s*<(\w+)>\s*\{([^}]*)\}/g)) {
    const code = keys.get(match[1] ?? '');
    const symbols = /\[([^\]]*)\]\s*(?:,|$)/.exec((match[2] ?? '').replace(/\w+\[\w+\]=/g, ''));
    if (code === undefined || symbols === null) continue;
    const names = (symbols[1] ?? '').split(',').map((symbol) => symbol.trim());
    table.set(
      code,
      names.map((symbol) => characterNames[symbol] ?? symbol),
    );
  }
  return table;
}

describe('wedge layouts', () => {
  for (const layout of wedgeLayouts) {
    it(`${layout.name} is as the system has it`, (context) => {
      const table = systemTable(systemNames[layout.name]);
      if (table === null) return context.skip('xkbcomp is missing');
      expect(table.size).toBe(48);
      let count = 0;
      for (const [code, characters] of table) {
        for (const level of [0, 1, 2] satisfies WedgeLevel[]) {
          const typed = layout.typed(code, level);
          // AltGr is written down only as far as a code may hold it.
          if (typed === null) continue;
          count += 1;
          expect(`${code} ${level} ${typed.character}`).toBe(
            `${code} ${level} ${characters[level]}`,
          );
        }
      }
      expect(count).toBeGreaterThanOrEqual(94);
    });
  }

  it('every layout types every character of ASCII', () => {
    const ascii = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
    for (const layout of wedgeLayouts) {
      const typed = new Set<string>();
      for (const code of systemKeys().values()) {
        for (const level of [0, 1, 2] satisfies WedgeLevel[]) {
          typed.add(layout.typed(code, level)?.character ?? '');
        }
      }
      expect(
        ascii.filter((character) => !typed.has(character)),
        layout.name,
      ).toEqual([]);
    }
  });

  it('knows GS where the layout has `]`, and where a US keyboard has it', () => {
    expect(controlCharacter(wedgeLayout('us'), 'BracketRight', 0)).toBe('\u001d');
    expect(controlCharacter(wedgeLayout('turkish-q'), 'BracketRight', 0)).toBe('\u001d');
    expect(controlCharacter(wedgeLayout('french'), 'Minus', 2)).toBe('\u001d');
    expect(controlCharacter(wedgeLayout('turkish-f'), 'KeyK', 0)).toBe('\r');
    // Its own letter there is no ASCII one.
    expect(controlCharacter(wedgeLayout('turkish-q'), 'KeyI', 0)).toBe('\t');
    expect(controlCharacter(wedgeLayout('us'), 'Digit1', 0)).toBeNull();
  });
});
