// Goal: no key of a scan reaches a field, and no key of a person is lost.
// Method: random scans and random typing, each key with its time, on a simulated page.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWedge } from '#drivers/scanner/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedgeKeys.ts';
import { runs } from '#test/support/runs.ts';
import { keysOf, typeOn } from '#test/support/wedgePage.ts';

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
