// Owns a page's part in reading a keyboard scanner, without a page: keys, timers and a field.
import type { Wedge, WedgeKeyEvent, WedgeOutcome } from '#drivers/scanner/wedge.ts';

export type TimelessKey = Omit<WedgeKeyEvent, 'timeMs'>;

export interface PageRecord {
  /** What the page's field and handlers got, in order. */
  readonly typed: string[];
  readonly scans: string[];
  /** Keys that were kept from the page and are part of no text: suffixes. */
  suffixCount: number;
}

const named: Readonly<Record<string, readonly [string, boolean]>> = {
  '-': ['Minus', false],
  '.': ['Period', false],
  '/': ['Slash', false],
  '%': ['Digit5', true],
  '+': ['Equal', true],
  $: ['Digit4', true],
  ']': ['BracketRight', false],
  ':': ['Semicolon', true],
  // What a Turkish keyboard types at the place of `[`.
  ğ: ['BracketLeft', false],
};

function keyOf(character: string): TimelessKey {
  const known = named[character];
  if (known !== undefined) return { code: known[0], key: character, shift: known[1] };
  if (/[0-9]/.test(character)) return { code: `Digit${character}`, key: character, shift: false };
  const shift = character !== character.toLowerCase();
  return { code: `Key${character.toUpperCase()}`, key: character, shift };
}

/** The keys of a text, and of its suffix when there is one. */
export function keysOf(text: string, suffix: string | null): TimelessKey[] {
  const keys = [...text].map(keyOf);
  if (suffix !== null) keys.push({ code: suffix, key: suffix, shift: false });
  return keys;
}

/** Presses the keys, each `gapsMs[i]` after the one before, with every timer on time. */
export function typeOn(
  wedge: Wedge<WedgeKeyEvent>,
  keys: readonly TimelessKey[],
  gapsMs: readonly number[],
): PageRecord {
  const page: PageRecord = { typed: [], scans: [], suffixCount: 0 };
  let timeMs = 1000;
  function take(outcome: WedgeOutcome<WedgeKeyEvent>): void {
    for (const key of outcome.release) page.typed.push(key.key);
    if (outcome.scan !== null) page.scans.push(outcome.scan);
  }
  function tickUntil(untilMs: number): void {
    for (let due = wedge.nextTickMs(); due !== null && due < untilMs; due = wedge.nextTickMs()) {
      take(wedge.tick(due));
    }
  }
  keys.forEach((key, index) => {
    timeMs += gapsMs[index] ?? 0;
    tickUntil(timeMs);
    const outcome = wedge.key({ ...key, timeMs });
    take(outcome);
    if (!outcome.hold) page.typed.push(key.key);
    else if (isSuffix(key)) page.suffixCount += 1;
    if (wedge.key({ ...key, timeMs, down: false }).hold !== outcome.hold) {
      throw new Error(`${key.code}: keyup and keydown were treated differently`);
    }
  });
  tickUntil(Number.POSITIVE_INFINITY);
  return page;
}

function isSuffix(key: TimelessKey): boolean {
  return ['Enter', 'NumpadEnter', 'Tab', 'KeyM', 'KeyJ', 'KeyI'].includes(key.code);
}
