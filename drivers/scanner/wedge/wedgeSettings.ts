// Owns how a keyboard scanner is set, as a plain value that can be kept as JSON.
import type { WedgeLayoutName } from '#drivers/scanner/wedge/wedgeLayouts.ts';

/**
 * Keys that a scanner types around every code, each named by position and what is held with it:
 * `Enter`, `Control+KeyB`, `Shift+Backquote`, `AltGr+KeyQ`, `Alt+029` (an Alt code).
 */
export type WedgeStroke = string;

/** All in milliseconds but the counts. `wedgeDefaults` suits every scanner tried. */
export interface WedgeSettings {
  readonly layout: WedgeLayoutName;
  /**
   * Whether the scanner's letters are what its keys say: `inverted` types a for A always
   * ("simulated Caps Lock"), `inverted-by-caps-lock` only while Caps Lock is on, to make up for it.
   */
  readonly letterCase: 'as-is' | 'inverted' | 'inverted-by-caps-lock';
  /** Keys before every code; empty where any key may begin one. */
  readonly prefix: readonly WedgeStroke[];
  /**
   * Keys after every code; null where any of Enter, Tab and their control chords may end one. Where
   * one of those is named, a code that comes without it is half a code, and is dropped.
   */
  readonly suffix: readonly WedgeStroke[] | null;
  /** Which keys type its digits: a person's on the other ones are never held. */
  readonly digits: 'any' | 'row' | 'number-pad';
  /** Whether it types characters as Alt and a number on the number pad. */
  readonly hasAltCodes: boolean;
  /** How long one lone key waits to be followed. A person's typing is late by this. */
  readonly loneHoldMs: number;
  /** This much silence ends a scan without a suffix, and a burst that may be a person's. */
  readonly idleMs: number;
  /** A burst is a scan when its keys came at most this far apart on average. */
  readonly averageMsMax: number;
  /** A burst that ends without suffix is a scan when it has at least this many characters. */
  readonly charactersMin: number;
  /** The same, when it ends with the suffix. */
  readonly charactersMinEnded: number;
}

/** Pace and length from onscan.js (30 ms, 6 characters, 100 ms), slow radio readers allowed for. */
export const wedgeDefaults: WedgeSettings = {
  layout: 'us',
  letterCase: 'as-is',
  prefix: [],
  suffix: null,
  digits: 'any',
  hasAltCodes: true,
  loneHoldMs: 45,
  idleMs: 100,
  averageMsMax: 35,
  charactersMin: 6,
  charactersMinEnded: 6,
};
