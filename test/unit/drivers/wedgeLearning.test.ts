// Goal: one scan of the test code tells how a scanner is set, or says what it leaves open.
// Method: the keys that a scanner of each kind types, on a computer with and without AltGr; what is
// learnt is then used to read other codes.
import { describe, expect, it } from 'vitest';
import { createWedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import { wedgeLayouts } from '#drivers/scanner/wedge/wedgeLayouts.ts';
import {
  describeWedge,
  learnWedge,
  type WedgeHints,
  wedgeTestCode,
} from '#drivers/scanner/wedge/wedgeLearning.ts';
import { type WedgeSettings, wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { playOn } from '#test/support/wedgePage.ts';
import { plainScanner, type ScannerStyle, scanKeys } from '#test/support/wedgeScanner.ts';

const computer = { hasAltGr: false, isCapsLockOn: false };

/** What a page records of a scan: the keys as `playOn` shows them. */
function recorded(
  text: string,
  style: Partial<ScannerStyle>,
  on = computer,
): readonly WedgeKeyEvent[] {
  const events: WedgeKeyEvent[] = [];
  const recorder = {
    key: (event: WedgeKeyEvent) => {
      events.push(event);
      return { hold: true, release: [], scan: null };
    },
    tick: () => ({ release: [], scan: null }),
    nextTickMs: () => null,
  };
  playOn(recorder, scanKeys(text, { ...plainScanner, ...style }, 1000), on);
  return events;
}

function learnt(style: Partial<ScannerStyle>, on = computer, hints?: WedgeHints): WedgeSettings {
  const result = learnWedge(recorded(wedgeTestCode, style, on), hints);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function problem(text: string, style: Partial<ScannerStyle>, on = computer): unknown {
  const result = learnWedge(recorded(text, style, on));
  return result.ok ? result.value : result.error;
}

function reads(settings: WedgeSettings, style: Partial<ScannerStyle>, text: string, on = computer) {
  const keys = scanKeys(text, { ...plainScanner, ...style }, 1000);
  return playOn(createWedge(settings), keys, on);
}

describe('a test scan', () => {
  for (const { name: layout } of wedgeLayouts) {
    it(`tells ${layout}, and other codes are then read right`, () => {
      for (const hasAltGr of [false, true]) {
        const on = { ...computer, hasAltGr };
        const settings = learnt({ layout }, on);
        expect(settings).toMatchObject({ layout, letterCase: 'as-is', prefix: [], digits: 'row' });
        for (const text of [
          ']E04006381333931',
          'https://x.co/8018/95?a={1}&b=[2]~@^#',
          'aZ\u001d109',
        ]) {
          expect(reads(settings, { layout }, text, on)).toEqual({
            typed: [],

            scans: [text],
          });
        }
      }
    });
  }

  it('tells every suffix', () => {
    const suffixes = [
      ['enter', ['Enter']],
      ['enter', ['NumpadEnter']],
      ['enter', ['Control+KeyM']],
      ['enter-twice', ['Enter', 'Enter']],
      ['enter-twice', ['Enter', 'Control+KeyJ']],
      ['tab', ['Tab']],
      ['none', []],
      ['other', ['Shift+Backquote', 'Enter']],
      ['other', ['Enter', 'Tab']],
    ] as const;
    for (const [ending, suffix] of suffixes) {
      const settings = learnt({ suffix });
      expect(settings.suffix, ending).toEqual(suffix);
      expect(describeWedge(settings).ending).toBe(ending);
      expect(reads(settings, { suffix }, '4006381333931')).toEqual({
        typed: [],

        scans: ['4006381333931'],
      });
    }
  });

  it('tells a prefix, which is then held at once and delays no person', () => {
    for (const prefix of [
      ['Control+KeyB'],
      ['Shift+Backquote'],
      ['F13'],
      ['Alt+002'],
      ['F9', 'Slash'],
    ]) {
      const settings = learnt({ prefix });
      expect(settings.prefix).toEqual(prefix);
      expect(describeWedge(settings).personsDelayMs).toBe(0);
      expect(reads(settings, { prefix }, '12')).toEqual({ typed: [], scans: ['12'] });
      const wedge = createWedge<WedgeKeyEvent>(settings);
      const key = { code: 'Digit5', key: '5', shift: false, timeMs: 0 };
      expect(wedge.key(key)).toEqual({ hold: false, release: [], scan: null });
    }
  });

  it('takes an AIM identifier for the code’s own', () => {
    const keys = recorded(`]Q1${wedgeTestCode}`, {});
    expect(learnWedge(keys)).toMatchObject({ ok: true, value: { prefix: [] } });
  });

  it('tells number pad and Alt codes, with leading zero and without', () => {
    expect(learnt({ digits: 'number-pad' }).digits).toBe('number-pad');
    for (const hasLeadingZero of [false, true]) {
      const style = { altCodes: 'all', hasLeadingZero, gapMs: 2, pressMs: 1 } as const;
      const settings = learnt(style);
      expect(settings).toMatchObject({ layout: 'us', hasAltCodes: true, digits: 'any' });
      expect(reads(settings, style, ']E0x\u001d12')).toEqual({
        typed: [],

        scans: [']E0x\u001d12'],
      });
    }
  });

  it('learns the pace with a margin', () => {
    expect(learnt({ gapMs: 4, pressMs: 2 })).toMatchObject({ loneHoldMs: 20, averageMsMax: 16 });
    expect(learnt({ gapMs: 30, pressMs: 15 })).toMatchObject({ loneHoldMs: 50, averageMsMax: 40 });
  });

  it('tells what a scanner makes of Caps Lock, by a scan with it and one without', () => {
    const capsLock = { hasAltGr: false, isCapsLockOn: true };
    expect(learnt({}, capsLock).letterCase).toBe('as-is');
    expect(learnt({ isCaseInverted: true }).letterCase).toBe('inverted');
    expect(problem(wedgeTestCode, { isCaseInverted: true }, capsLock)).toEqual({
      reason: 'caps-lock-on',
    });
    const before = learnt({});
    const settings = learnt({ isCaseInverted: true }, capsLock, { layout: null, before });
    expect(settings.letterCase).toBe('inverted-by-caps-lock');
    expect(reads(settings, { isCaseInverted: true }, 'aBcDeF', capsLock).scans).toEqual(['aBcDeF']);
    expect(reads(settings, {}, 'aBcDeF').scans).toEqual(['aBcDeF']);
  });
});

describe('what a test scan leaves open', () => {
  it('is said', () => {
    expect(learnWedge([])).toEqual({ ok: false, error: { reason: 'nothing-typed' } });
    expect(problem('4006381333931', {})).toEqual({
      reason: 'code-not-found',
      typed: '4006381333931',
    });
    expect(problem(wedgeTestCode + wedgeTestCode, {})).toEqual({ reason: 'scanned-twice' });
    expect(problem(wedgeTestCode.toLowerCase(), {})).toEqual({ reason: 'letter-case-changed' });
    expect(problem(`j${wedgeTestCode}`, {})).toEqual({
      reason: 'prefix-ambiguous',
      prefix: ['KeyJ'],
    });
    expect(problem(`${wedgeTestCode}7`, {})).toEqual({
      reason: 'suffix-unknown',
      suffix: ['Digit7', 'Enter'],
    });
    expect(problem(wedgeTestCode, { gapMs: 40 })).toEqual({ reason: 'too-slow', averageMs: 40 });
  });

  it('may be the layout, where all but letters and digits are Alt codes; a person chooses', () => {
    const style = { altCodes: 'others', gapMs: 2, pressMs: 1 } as const;
    expect(problem(wedgeTestCode, style)).toEqual({
      reason: 'layout-ambiguous',
      layouts: ['us', 'uk'],
    });
    expect(learnt(style, computer, { layout: 'uk', before: null }).layout).toBe('uk');
  });

  it('is Num Lock, when the number pad moves the caret', () => {
    const keys = recorded(wedgeTestCode, { digits: 'number-pad' }).map((event) =>
      event.code.startsWith('Numpad') ? { ...event, key: 'ArrowLeft' } : event,
    );
    expect(learnWedge(keys)).toEqual({ ok: false, error: { reason: 'num-lock-off' } });
  });
});

describe('a learnt setting', () => {
  it('is a plain value', () => {
    const settings = learnt({ layout: 'turkish-q', prefix: ['Control+KeyB'], suffix: ['Tab'] });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  it('is described in facts, the defaults too', () => {
    expect(describeWedge(wedgeDefaults)).toEqual({
      layout: 'us',
      letterCase: 'as-is',
      prefix: [],
      ending: 'any',
      suffix: [],
      digits: 'any',
      hasAltCodes: true,
      personsDelayMs: 45,
      charactersMin: 6,
    });
  });
});
