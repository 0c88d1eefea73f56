// Owns what one key of a keyboard scanner means: a character, an end, part of an Alt code, or none.
import { assert } from '#drivers/assert.ts';
import {
  controlCharacter,
  type WedgeLayout,
  type WedgeLevel,
} from '#drivers/scanner/wedge/wedgeLayouts.ts';
import type { WedgeSettings, WedgeStroke } from '#drivers/scanner/wedge/wedgeSettings.ts';

/** A key as the page saw it. Extra fields come back untouched with `release`. */
export interface WedgeKeyEvent {
  /** KeyboardEvent.code: the key's position, which no keyboard layout changes. */
  readonly code: string;
  /** KeyboardEvent.key: what it types for a person; used for nothing but to see that it types. */
  readonly key: string;
  readonly shift: boolean;
  /** KeyboardEvent.timeStamp, monotonic milliseconds. */
  readonly timeMs: number;
  /** False for keyup; absent means keydown. */
  readonly down?: boolean;
  /** KeyboardEvent.repeat: a key held down by a person. */
  readonly repeat?: boolean;
  readonly control?: boolean;
  readonly alt?: boolean;
  /** getModifierState('AltGraph'): the computer's own layout has AltGr, and it is held. */
  readonly altGraph?: boolean;
  readonly meta?: boolean;
  readonly capsLock?: boolean;
}

/** Which modifiers are down by their own keys, whatever the computer makes of them. */
export interface HeldModifiers {
  /** When Shift went down, or null while it is up. */
  shiftMs: number | null;
  /** On a computer without AltGr it is an Alt; a scanner may type AltGr characters all the same. */
  isAltRightDown: boolean;
}

export type WedgeMeaning =
  | { readonly type: 'character'; readonly stroke: WedgeStroke; readonly typed: TypedCharacter }
  /** Enter, Tab, or a control character that stands for one of them. */
  | { readonly type: 'end'; readonly stroke: WedgeStroke }
  | { readonly type: 'alt-digit'; readonly digit: string }
  /** Nothing that a scanner types. */
  | { readonly type: 'other'; readonly stroke: WedgeStroke };

export interface TypedCharacter {
  readonly text: string;
  readonly isDead: boolean;
  /** Typed as a Ctrl chord, which types nothing for a person. */
  readonly isControl: boolean;
}

const modifierCodes: ReadonlySet<string> = new Set([
  'ShiftLeft',
  'ShiftRight',
  'ControlLeft',
  'ControlRight',
  'AltLeft',
  'AltRight',
  'MetaLeft',
  'MetaRight',
  'CapsLock',
  'NumLock',
]);

const endCodes: ReadonlySet<string> = new Set(['Enter', 'NumpadEnter', 'Tab']);

/** HT, LF and CR. */
const endCharacters: ReadonlySet<string> = new Set(['\t', '\n', '\r']);

export function isModifier(code: string): boolean {
  return modifierCodes.has(code);
}

export function newModifiers(): HeldModifiers {
  return { shiftMs: null, isAltRightDown: false };
}

/** Takes the key of a modifier, down or up. */
export function holdModifier(held: HeldModifiers, event: WedgeKeyEvent): void {
  const isDown = event.down !== false;
  if (event.code.startsWith('Shift')) {
    if (!isDown) held.shiftMs = null;
    else held.shiftMs ??= event.timeMs;
  }
  if (event.code === 'AltRight') held.isAltRightDown = isDown;
}

function isLetter(text: string): boolean {
  return text.toLowerCase() !== text.toUpperCase();
}

function isInverted(settings: WedgeSettings, event: WedgeKeyEvent): boolean {
  const { letterCase } = settings;
  if (letterCase === 'inverted-by-caps-lock') return event.capsLock === true;
  return letterCase === 'inverted';
}

/** The name of a key with what is held with it. */
function strokeOf(event: WedgeKeyEvent, isAltGr: boolean, shift: boolean): WedgeStroke {
  const control = event.control === true && !isAltGr ? 'Control+' : '';
  return `${control}${isAltGr ? 'AltGr+' : ''}${shift ? 'Shift+' : ''}${event.code}`;
}

/**
 * What a keydown means when a scanner types it. `shift` is false where it is a person who holds
 * Shift, not the scanner.
 */
export function meaningOf(
  event: WedgeKeyEvent,
  held: HeldModifiers,
  layout: WedgeLayout,
  settings: WedgeSettings,
  shift: boolean,
): WedgeMeaning {
  const { code } = event;
  const isThirdLevel = event.altGraph === true || (event.alt === true && held.isAltRightDown);
  const isAltGr = isThirdLevel && layout.typed(code, 2) !== null;
  const stroke = strokeOf(event, isAltGr, shift);
  if (!isAltGr && event.meta === true) return { type: 'other', stroke };
  if (!isAltGr && event.alt === true) {
    const digit = /^Numpad([0-9])$/.exec(code)?.[1];
    if (digit === undefined || event.control === true) return { type: 'other', stroke };
    return { type: 'alt-digit', digit };
  }
  const level: WedgeLevel = isAltGr ? 2 : shift ? 1 : 0;
  if (!isAltGr && event.control === true) {
    const text = controlCharacter(layout, code, level);
    if (text === null) return { type: 'other', stroke };
    if (endCharacters.has(text)) return { type: 'end', stroke };
    return { type: 'character', stroke, typed: { text, isDead: false, isControl: true } };
  }
  if (endCodes.has(code)) return { type: 'end', stroke };
  const plain = layout.typed(code, level);
  if (plain === null) return { type: 'other', stroke };
  const isSwapped = level < 2 && isInverted(settings, event) && isLetter(plain.character);
  const typed = isSwapped ? (layout.typed(code, level === 0 ? 1 : 0) ?? plain) : plain;
  const { character: text, isDead } = typed;
  return { type: 'character', stroke, typed: { text, isDead, isControl: false } };
}

/** Code page 437, 128 to 255: what Alt and a number without leading zero type (Microsoft). */
const oemCharacters =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Code page 1252, 128 to 159; from 160 on it is Latin-1. Unused places keep their control code. */
const ansiCharacters = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * The character of an Alt code. Windows takes a leading zero for the ANSI code page and none for
 * the OEM one. Below 32 it is the control character either way: a scanner means GS by 29.
 */
export function altCharacter(digits: string): string {
  assert(/^[0-9]+$/.test(digits), 'an Alt code is digits');
  const code = Number(digits) % 256;
  if (code < 128) return String.fromCharCode(code);
  if (!digits.startsWith('0')) return oemCharacters.charAt(code - 128);
  return code < 160 ? ansiCharacters.charAt(code - 128) : String.fromCharCode(code);
}

export function altMeaning(digits: string): WedgeMeaning {
  const text = altCharacter(digits);
  const stroke = `Alt+${digits}`;
  if (endCharacters.has(text)) return { type: 'end', stroke };
  return { type: 'character', stroke, typed: { text, isDead: false, isControl: false } };
}

/** Whether a stroke ends a code: Enter, Tab, or a control character that stands for them. */
export function isEndStroke(stroke: WedgeStroke, layout: WedgeLayout): boolean {
  const parts = stroke.split('+');
  const code = parts.at(-1) ?? '';
  if (parts[0] === 'Alt') return endCharacters.has(altCharacter(code));
  if (parts[0] !== 'Control') return endCodes.has(code);
  const level: WedgeLevel = parts.includes('Shift') ? 1 : 0;
  return endCharacters.has(controlCharacter(layout, code, level) ?? '');
}
