// Goal: no key of a scan reaches a field, and no key of a person is lost.
// Method: random scans and random typing, each key with its time, on a simulated page.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import { wedgeLayouts } from '#drivers/scanner/wedge/wedgeLayouts.ts';
import { learnWedge, wedgeTestCode } from '#drivers/scanner/wedge/wedgeLearning.ts';
import { type WedgeSettings, wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { runs } from '#test/support/runs.ts';
import { keysOf, playOn, typeOn } from '#test/support/wedgePage.ts';
import {
  areMixedUp,
  endOf,
  personKeys,
  plainScanner,
  type ScannerStyle,
  scanKeys,
  type Touch,
} from '#test/support/wedgeScanner.ts';

const scanText = fc
  .string({
    unit: fc.constantFrom(...'0123456789ABCxyz-./%+$]:'),
    minLength: 6,
    maxLength: 40,
  })
  .filter((text) => !text.startsWith(' '));
const suffix = fc.constantFrom('Enter', 'NumpadEnter', 'Tab', null);
const personText = fc.string({ unit: fc.constantFrom(...'0123456789abğz.-'), maxLength: 20 });
const personGapMs = fc.integer({ min: 60, max: 150 });

function gaps(gap: fc.Arbitrary<number>): fc.Arbitrary<number[]> {
  return fc.array(gap, { minLength: 41, maxLength: 41 });
}

describe('wedge', () => {
  it('takes every scan of up to 35 ms a key whole, and lets none of it through', () => {
    const gap = fc.integer({ min: 0, max: 35 });
    fc.assert(
      fc.property(scanText, suffix, gaps(gap), (text, end, gapsMs) => {
        const page = typeOn(createWedge(), keysOf(text, end), gapsMs);
        expect(page.scans).toEqual([text]);
        expect(page.typed).toEqual([]);
      }),
      runs(300),
    );
  });

  it('gives a person every key, in order', () => {
    fc.assert(
      fc.property(
        personText,
        fc.option(fc.constant('Enter')),
        gaps(personGapMs),
        (text, end, g) => {
          const page = typeOn(createWedge(), keysOf(text, end), g);
          expect(page.scans).toEqual([]);
          expect(page.typed).toEqual([...text, ...(end === null ? [] : [end])]);
        },
      ),
      runs(300),
    );
  });

  it('keeps the two apart when a scan comes amid typing', () => {
    fc.assert(
      fc.property(personText, scanText, personText, gaps(personGapMs), (before, text, after, g) => {
        const wedge = createWedge();
        const all = [
          ...keysOf(before, null).map((key, index) => ({ key, gapMs: g[index] ?? 60 })),
          ...keysOf(text, 'Enter').map((key, index) => ({ key, gapMs: index === 0 ? 60 : 4 })),
          ...keysOf(after, null).map((key, index) => ({ key, gapMs: g[index] ?? 60 })),
        ];
        const page = typeOn(
          wedge,
          all.map(({ key }) => key),
          all.map(({ gapMs }) => gapMs),
        );
        expect(page.scans).toEqual([text]);
        expect(page.typed).toEqual([...before, ...after]);
      }),
      runs(300),
    );
  });

  it('neither loses nor doubles a key, whatever comes', () => {
    const code = fc.constantFrom('Digit1', 'KeyA', 'Space', 'Enter', 'Tab', 'F2', 'ShiftLeft');
    const event = fc.record({
      code,
      gapMs: fc.constantFrom(0, 3, 20, 40, 46, 70, 99, 100, 250),
      repeat: fc.boolean(),
      chord: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const keys = events.map(({ code: position, repeat, chord }) => ({
          code: position,
          key: position.length === 4 ? 'a' : position === 'Digit1' ? '1' : position,
          shift: false,
          repeat,
          control: chord,
        }));
        const page = typeOn(
          createWedge<WedgeKeyEvent>(),
          keys,
          events.map(({ gapMs }) => gapMs),
        );
        const scanned = page.scans.reduce((sum, text) => sum + text.length, 0);
        expect(page.typed.length + scanned + page.suffixCount).toBe(keys.length);
      }),
      runs(500),
    );
  });
});

const layoutNames = wedgeLayouts.map(({ name }) => name);
const suffixes = [
  ['Enter'],
  ['NumpadEnter'],
  ['Tab'],
  ['Enter', 'Enter'],
  ['Enter', 'Control+KeyJ'],
  ['Control+KeyM'],
  [],
] as const;

const style: fc.Arbitrary<ScannerStyle> = fc
  .record({
    layout: fc.constantFrom(...layoutNames),
    prefix: fc.constantFrom([], [], ['Control+KeyB'], ['Shift+Slash'], ['F13']),
    suffix: fc.constantFrom(...suffixes),
    digits: fc.constantFrom('row', 'number-pad'),
    altCodes: fc.constantFrom('none', 'none', 'others', 'all'),
    hasLeadingZero: fc.boolean(),
    gapMs: fc.integer({ min: 2, max: 30 }),
    pressShare: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
  })
  .map(({ pressShare, ...rest }): ScannerStyle => {
    // An Alt code has four keys: at 20 ms each a scanner would be unusable.
    const gapMs = rest.altCodes === 'none' ? rest.gapMs : Math.min(rest.gapMs, 12);
    const pressMs = Math.max(0.6, gapMs * pressShare - 1);
    return { ...plainScanner, ...rest, gapMs, pressMs };
  });

const code = fc.string({
  unit: fc.constantFrom(...'0123456789ABCxyzqi-./%+$]:@#'),
  minLength: 6,
  maxLength: 40,
});

/** A person's touch: 60 to 150 ms apart, with a quick rollover now and then. */
const touch = fc.record({
  gapMs: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 60, max: 150 }) },
    { weight: 1, arbitrary: fc.integer({ min: 36, max: 60 }) },
  ),
  holdMs: fc.integer({ min: 55, max: 120 }),
});
/** Keys that type nothing come at a calmer pace: one is not held, and overtakes what is. */
const calmTouch = fc.record({
  gapMs: fc.integer({ min: 60, max: 150 }),
  holdMs: fc.integer({ min: 55, max: 120 }),
});
const characterKey = fc.constantFrom(...'0123456789abxz.-');
const anyKey = fc.oneof(characterKey, fc.constantFrom('ArrowDown', 'Backspace', 'Enter', 'F2'));
/** What a person types, at most 40 keys, and each one's touch. */
const typing = fc.oneof(
  fc.array(fc.record({ key: characterKey, touch }), { maxLength: 40 }),
  fc.array(fc.record({ key: anyKey, touch: calmTouch }), { maxLength: 40 }),
);
type Typing = readonly { readonly key: string; readonly touch: Touch }[];
const onlyCharacters = (typed: Typing) => typed.filter(({ key }) => key.length === 1);
const withoutEnds = (typed: Typing) => typed.filter(({ key }) => key !== 'Enter');
const withoutAltCodes = (one: ScannerStyle): ScannerStyle => ({ ...one, altCodes: 'none' });
const computer = fc.record({ hasAltGr: fc.boolean(), isCapsLockOn: fc.boolean() });

/** What the test scan of this scanner teaches, where it can be learnt; else null. */
function learntFrom(from: ScannerStyle): WedgeSettings | null {
  const events: WedgeKeyEvent[] = [];
  const recorder = {
    key: (event: WedgeKeyEvent) => {
      events.push(event);
      return { hold: true, release: [], scan: null };
    },
    tick: () => ({ release: [], scan: null }),
    nextTickMs: () => null,
  };
  playOn(recorder, scanKeys(wedgeTestCode, from, 0), { hasAltGr: false, isCapsLockOn: false });
  const layout = from.layout;
  const learnt = learnWedge(events, { layout, before: null });
  return learnt.ok ? learnt.value : null;
}

describe('a learnt wedge', () => {
  it('reads every scanner, whatever its layout, prefix, suffix and pace', () => {
    fc.assert(
      fc.property(style, code, computer, (scanner, text, on) => {
        const settings = learntFrom(scanner);
        fc.pre(settings !== null);
        const desk = playOn(createWedge(settings ?? wedgeDefaults), scanKeys(text, scanner, 0), on);
        expect(desk).toEqual({ typed: [], scans: [text] });
      }),
      runs(100),
    );
  });

  it('keeps a person and a scanner apart, however their keys fall together', () => {
    const desk = fc.record({
      scanner: style,
      codes: fc.array(code, { minLength: 1, maxLength: 4 }),
      typing,
      pausesMs: fc.array(fc.integer({ min: 150, max: 700 }), { minLength: 4, maxLength: 4 }),
      on: computer,
    });
    fc.assert(
      fc.property(desk, ({ scanner, codes, typing: typed, pausesMs, on }) => {
        const settings = learntFrom(scanner);
        fc.pre(settings !== null);
        let timeMs = 500;
        // Without a suffix only a pause ends a scan, and a person's key may fall into it.
        const leastMs = scanner.suffix.length === 0 ? 150 : 0;
        const scans = codes.flatMap((one, index) => {
          const keys = scanKeys(one, scanner, timeMs + leastMs + (pausesMs[index] ?? 150));
          timeMs = endOf(keys);
          return keys;
        });
        const text = typed.map(({ key }) => key);
        const touches = typed.map((one) => one.touch);
        const keys = [...scans, ...personKeys(text, touches, 0)];
        fc.pre(!areMixedUp(keys));
        const seen = playOn(createWedge(settings ?? wedgeDefaults), keys, on);
        expect(seen).toEqual({ typed: text, scans: codes });
      }),
      runs(100),
    );
  });
});

describe('a code of several lines', () => {
  it('is read line by line, down to a line of one character', () => {
    const unit = fc.constantFrom(...'0123456789ABxz:.-');
    const first = fc.string({ unit, minLength: 6, maxLength: 20 });
    const others = fc.array(fc.string({ unit, minLength: 1, maxLength: 8 }), { maxLength: 6 });
    const pace = fc.record({
      gapMs: fc.integer({ min: 2, max: 30 }),
      pressShare: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    });
    fc.assert(
      fc.property(first, others, pace, (start, rest, { gapMs, pressShare }) => {
        // Longer than 20 ms a key could be a person's, where it is the only one of its line.
        const pressMs = Math.min(20, Math.max(0.6, gapMs * pressShare - 1));
        const lines = [start, ...rest];
        let timeMs = 500;
        const keys = lines.flatMap((line) => {
          const typed = scanKeys(line, { ...plainScanner, gapMs, pressMs }, timeMs);
          timeMs = endOf(typed) - pressMs + gapMs;
          return typed;
        });
        const on = { hasAltGr: false, isCapsLockOn: false };
        expect(playOn(createWedge(), keys, on)).toEqual({ typed: [], scans: lines });
      }),
      runs(200),
    );
  });
});

describe('a wedge that has learnt nothing', () => {
  it('keeps a person apart from any scanner set to a US keyboard', () => {
    const usual = style.filter(({ prefix }) => prefix.length === 0);
    // An end or an Alt code that nobody taught may swap places with a person's keys beside it.
    const untaught = fc.oneof(
      fc.tuple(usual, code, typing.map(onlyCharacters)),
      fc.tuple(usual.map(withoutAltCodes), code, typing.map(withoutEnds)),
    );
    fc.assert(
      fc.property(untaught, computer, ([scanner, text, typed], on) => {
        const us: ScannerStyle = { ...scanner, layout: 'us' };
        const keysTyped = typed.map(({ key }) => key);
        const touches = typed.map((one) => one.touch);
        const keys = [...scanKeys(text, us, 700), ...personKeys(keysTyped, touches, 0)];
        fc.pre(!areMixedUp(keys));
        const seen = playOn(createWedge(), keys, on);
        expect(seen).toEqual({ typed: keysTyped, scans: [text] });
      }),
      runs(100),
    );
  });
});
