// Owns a page's part in reading a keyboard scanner, without a page: keys, timers and a field.
import type { Wedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import type { WedgeOutcome } from '#drivers/scanner/wedge/wedgeState.ts';

type PlayedWedge<Key extends WedgeKeyEvent> = Pick<Wedge<Key>, 'key' | 'tick' | 'nextTickMs'>;

export type TimelessKey = Omit<WedgeKeyEvent, 'timeMs'>;

/** A key with its time and the hand that pressed it. */
export interface DeviceKey extends WedgeKeyEvent {
  readonly down: boolean;
  readonly by: 'person' | 'scanner';
}

export interface PageRecord {
  /** What the page's field and handlers got, in order. */
  readonly typed: string[];
  readonly scans: string[];
  /** Keys that were kept from the page and are part of no text: suffixes. */
  suffixCount: number;
}

export interface DeskRecord {
  /** What the page got, in order: no more and no less than a person's keys. */
  readonly typed: string[];
  readonly scans: string[];
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

export function keyOf(character: string): TimelessKey {
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

function tickUntil<Key extends WedgeKeyEvent>(
  wedge: PlayedWedge<Key>,
  untilMs: number,
  take: (outcome: WedgeOutcome<Key>) => void,
): void {
  for (let due = wedge.nextTickMs(); due !== null && due < untilMs; due = wedge.nextTickMs()) {
    take(wedge.tick(due));
  }
}

/** Presses the keys, each `gapsMs[i]` after the one before, with every timer on time. */
export function typeOn(
  wedge: PlayedWedge<WedgeKeyEvent>,
  keys: readonly TimelessKey[],
  gapsMs: readonly number[],
): PageRecord {
  const page: PageRecord = { typed: [], scans: [], suffixCount: 0 };
  let timeMs = 1000;
  const take = (outcome: WedgeOutcome<WedgeKeyEvent>): void => {
    for (const { key, code } of outcome.release) {
      page.typed.push(key);
      if (isSuffix(code)) page.suffixCount -= 1;
    }
    if (outcome.scan !== null) page.scans.push(outcome.scan);
  };
  keys.forEach((key, index) => {
    timeMs += gapsMs[index] ?? 0;
    tickUntil(wedge, timeMs, take);
    const outcome = wedge.key({ ...key, timeMs });
    take(outcome);
    if (!outcome.hold) page.typed.push(key.key);
    else if (isSuffix(key.code)) page.suffixCount += 1;
    const lifted = wedge.key({ ...key, timeMs, down: false });
    if (lifted.hold !== outcome.hold) {
      throw new Error(`${key.code}: keyup and keydown were treated differently`);
    }
    take(lifted);
  });
  tickUntil(wedge, Number.POSITIVE_INFINITY, take);
  return page;
}

function isSuffix(code: string): boolean {
  return ['Enter', 'NumpadEnter', 'Tab', 'KeyM', 'KeyJ', 'KeyI'].includes(code);
}

const modifierKeys: readonly string[] = ['Shift', 'Control', 'Alt', 'AltGraph', 'CapsLock'];

/**
 * One desk: a person's keyboard and a scanner on one computer, which merges them by time. Modifiers
 * of either hold for both, as they do on every system. `hasAltGr` is the computer's own keyboard.
 */
export function playOn(
  wedge: PlayedWedge<DeviceKey>,
  keys: readonly DeviceKey[],
  computer: { readonly hasAltGr: boolean; readonly isCapsLockOn: boolean },
): DeskRecord {
  const desk: DeskRecord = { typed: [], scans: [] };
  const down = new Set<string>();
  const isDown = (code: string) => down.has(code);
  const got = ({ by, key, control, alt }: DeviceKey): void => {
    // A chord that was held and released types nothing.
    if (by === 'scanner' && (control === true || alt === true)) return;
    desk.typed.push(key);
  };
  const take = (outcome: WedgeOutcome<DeviceKey>): void => {
    outcome.release.forEach(got);
    if (outcome.scan !== null) desk.scans.push(outcome.scan);
  };
  for (const key of keys.toSorted((one, other) => one.timeMs - other.timeMs)) {
    tickUntil(wedge, key.timeMs, take);
    if (key.down) down.add(key.code);
    else down.delete(key.code);
    const isAltRight = isDown('AltRight');
    const event: DeviceKey = {
      ...key,
      shift: isDown('ShiftLeft') || isDown('ShiftRight'),
      control: isDown('ControlLeft'),
      alt: isDown('AltLeft') || (isAltRight && !computer.hasAltGr),
      altGraph: isAltRight && computer.hasAltGr,
      capsLock: computer.isCapsLockOn,
    };
    const outcome = wedge.key(event);
    take(outcome);
    if (!outcome.hold && key.down && !modifierKeys.includes(key.key)) got(event);
  }
  tickUntil(wedge, Number.POSITIVE_INFINITY, take);
  return desk;
}
