// Goal: no keys, however garbled, are lost, typed twice or kept, and the next scan is whole.
// Method: seeded random keys and damaged scans and typing, with random times and modifiers; each
// held key is followed up to where it went, and after each lot a clean scan is read.
import { expect, it } from 'vitest';
import { createWedge, type Wedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import { wedgeLayouts } from '#drivers/scanner/wedge/wedgeLayouts.ts';
import { wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import type { WedgeOutcome } from '#drivers/scanner/wedge/wedgeState.ts';
import {
  below,
  feed,
  fuzzFrames,
  mustBeAtMost,
  mustEqual,
  pick,
  type Random,
} from '#test/support/fuzz.ts';
import { judgeFrame } from '#test/support/fuzzNumbers.ts';
import { seededRandom } from '#test/support/runs.ts';
import { keysOf } from '#test/support/wedgePage.ts';

interface Key extends WedgeKeyEvent {
  readonly id: number;
}

type Draft = Omit<Key, 'id' | 'timeMs'> & { readonly gapMs: number };

const codes = [
  ...['Enter', 'Tab', 'NumpadEnter', 'Space', 'Escape', 'Backspace', 'F1', 'Dead', 'IntlBackslash'],
  ...['ShiftLeft', 'ControlLeft', 'AltLeft', 'AltRight', 'MetaLeft', 'CapsLock', 'NumLock', ''],
  ...['Digit0', 'Digit9', 'Numpad0', 'Numpad9', 'KeyA', 'KeyI', 'KeyM', 'KeyJ', 'BracketRight'],
];
const texts = ['4006381333931', '2990000000019', ']E04006381333931', '770000000016'];

/** Who presses keys: what, and from and to how many milliseconds between and on them. */
const scannerHand = { texts, gapMs: [0, 12], pressMs: [0, 4] } as const;
const personHand = {
  texts: ['12', 'abc', '4006381333931', '-.'],
  gapMs: [60, 200],
  pressMs: [30, 90],
} as const;

function between(random: Random, [from, to]: readonly [number, number]): number {
  return from + below(random, to - from);
}

/** A scan or a person's typing: down and up of each key, with the time before each. */
function makeKeys(random: Random): Draft[] {
  const hand = random() < 0.6 ? scannerHand : personHand;
  const suffix = pick(random, ['Enter', 'Tab', null]);
  return keysOf(pick<string>(random, hand.texts), suffix).flatMap((key): Draft[] => [
    { ...key, down: true, gapMs: between(random, hand.gapMs) },
    { ...key, down: false, gapMs: between(random, hand.pressMs) },
  ]);
}

function damage(random: Random, keys: readonly Draft[]): Draft[] {
  return keys.flatMap((key): Draft[] => {
    const chance = random();
    if (chance > 0.12) return [key];
    if (chance > 0.1) return [];
    if (chance > 0.08) return [key, key];
    if (chance > 0.06) return [{ ...key, gapMs: below(random, 400) }];
    if (chance > 0.04) return [{ ...key, code: pick(random, codes), key: pick(random, codes) }];
    if (chance > 0.02) return [{ ...key, repeat: true, shift: random() < 0.5 }];
    const flag = pick(random, ['control', 'alt', 'altGraph', 'meta', 'capsLock'] as const);
    return [{ ...key, [flag]: true }];
  });
}

interface Followed {
  readonly held: Map<number, Key>;
  readonly scans: string[];
  /** Keys that were held and have come back. */
  releasedCount: number;
}

function follow(followed: Followed, outcome: WedgeOutcome<Key>): void {
  for (const key of outcome.release) {
    // Given back once, and only if it was held.
    if (!followed.held.delete(key.id)) throw new Error(`${key.code} was given back unasked`);
    followed.releasedCount += 1;
  }
  if (outcome.scan !== null) followed.scans.push(outcome.scan);
}

function settle(wedge: Wedge<Key>, untilMs: number, followed: Followed): void {
  for (let due = wedge.nextTickMs(); due !== null && due <= untilMs; due = wedge.nextTickMs()) {
    follow(followed, wedge.tick(due));
  }
}

function press(wedge: Wedge<Key>, key: Key, followed: Followed): boolean {
  settle(wedge, key.timeMs, followed);
  const outcome = wedge.key(key);
  // A keydown that is given back in its own answer was never kept from the page.
  if (outcome.hold && key.down !== false) followed.held.set(key.id, key);
  follow(followed, outcome);
  return outcome.hold;
}

it(`wedge: ${fuzzFrames} lots of keys, none lost or typed twice`, () => {
  const random = seededRandom('fuzz wedge');
  let timeMs = 1000;
  let id = 0;
  let booked = 0;
  let wedge = createWedge<Key>();
  let lots = 0;
  feed(fuzzFrames, () => {
    lots += 1;
    if (lots % 50 === 0) {
      const layout = pick(random, wedgeLayouts).name;
      wedge = createWedge<Key>({ ...wedgeDefaults, layout, hasAltCodes: random() < 0.5 });
    }
    const followed: Followed = { held: new Map(), scans: [], releasedCount: 0 };
    for (const { gapMs, ...draft } of damage(random, makeKeys(random))) {
      timeMs += gapMs;
      id += 1;
      press(wedge, { ...draft, id, timeMs }, followed);
    }
    settle(wedge, Number.POSITIVE_INFINITY, followed);
    mustEqual(wedge.nextTickMs(), null);
    // What was kept made scans; a character takes one key at least.
    const characters = followed.scans.join('').length;
    mustBeAtMost(characters, followed.held.size);
    if (followed.scans.length === 0) {
      // Alt alone is kept amid quick keys, before it is known whose they are: it opens menus.
      const kept = [...followed.held.values()].filter(({ code }) => !code.startsWith('Alt'));
      mustEqual(kept, []);
    }
    booked += followed.scans.filter(judgeFrame).length;
    timeMs += 1000;
    return 1;
  });
  expect(booked).toBeGreaterThan(fuzzFrames / 40);
});

it('reads a clean scan after any lot of keys', () => {
  const random = seededRandom('fuzz wedge, then a scan');
  let timeMs = 1000;
  let id = 0;
  const wedge = createWedge<Key>();
  feed(fuzzFrames / 10, () => {
    const garbled: Followed = { held: new Map(), scans: [], releasedCount: 0 };
    for (const { gapMs, ...draft } of damage(random, makeKeys(random))) {
      timeMs += gapMs;
      id += 1;
      press(wedge, { ...draft, id, timeMs }, garbled);
    }
    settle(wedge, Number.POSITIVE_INFINITY, garbled);
    timeMs += 1000;
    // A person lets go of what is down.
    for (const code of codes) {
      id += 1;
      press(wedge, { code, key: code, shift: false, down: false, id, timeMs }, garbled);
    }
    timeMs += 1000;
    const clean: Followed = { held: new Map(), scans: [], releasedCount: 0 };
    for (const key of keysOf('4006381333931', 'Enter')) {
      timeMs += 5;
      id += 2;
      mustEqual(press(wedge, { ...key, down: true, id, timeMs }, clean), true);
      press(wedge, { ...key, down: false, id: id + 1, timeMs: timeMs + 2 }, clean);
    }
    settle(wedge, Number.POSITIVE_INFINITY, clean);
    mustEqual([clean.scans, clean.releasedCount], [['4006381333931'], 0]);
    timeMs += 1000;
    return 1;
  });
});
