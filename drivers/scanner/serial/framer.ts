// Owns cutting a stream of bytes into frames, one frame a read of the scanner. Pure.
import { decodeUtf8, isReadableByte } from '#drivers/scanner/text.ts';

/**
 * What the bytes were. Times are the caller's monotonic milliseconds: of the frame's first byte,
 * and of its last, suffix included.
 */
export type Framed =
  | {
      readonly type: 'frame';
      readonly text: string;
      readonly startedAtMs: number;
      readonly endedAtMs: number;
    }
  | { readonly type: 'unreadable'; readonly reason: 'too-long' | 'noise' | 'incomplete' };

/** The end of a frame that could not be read: once for each, and not once for a burst of them. */
export interface Spoilt {
  readonly type: 'spoilt';
}

/**
 * A frame ends with CR, LF, TAB or ETX, or with 300 ms of silence. It begins after that, or with
 * STX, whatever came before; then only ETX or silence ends it. An empty frame is none, so CR LF
 * and a doubled CR end one frame. Inside are printable characters (UTF-8) and GS; any other byte
 * spoils the frame up to its end. A scanner that names the symbology names it each time: what
 * follows at once without an identifier is the rest of a symbol with a line end in it.
 */
export interface Framer {
  push(bytes: Uint8Array, timeMs: number): readonly (Framed | Spoilt)[];
  /** Lets time pass; does nothing before `expiresAtMs()`. */
  tick(timeMs: number): readonly (Framed | Spoilt)[];
  /** The device went away: what is not finished will not be, however long it has been silent. */
  end(): readonly Framed[];
  /** When silence will end what has come so far; null while nothing has. */
  expiresAtMs(): number | null;
  /** Bytes held of an unfinished frame, 0 to 4,096. */
  heldBytes(): number;
}

export const frameBytesMax = 4096;
const silenceMs = 300;
/** One read comes without such a pause, whatever carries it; no hand scans twice within it. */
const restMs = 20;

const stx = 0x02;
const etx = 0x03;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** As symbology.ts takes it off. */
const identifier = /^\][A-Za-z][0-9A-Za-z]/;

interface State {
  readonly held: Uint8Array;
  length: number;
  /** STX came: silence is then no end, but half a frame, unless a line end came before it. */
  hasStart: boolean;
  /** Since STX, and behind text: more text spoils the frame. */
  hasLineEnd: boolean;
  /** Something unreadable was reported; the rest of it is dropped. */
  isSkipping: boolean;
  /** Noise was reported, and neither silence nor a frame has come since. */
  isNoisy: boolean;
  startedAtMs: number;
  lastByteMs: number;
  /** The last byte of a frame with an AIM identifier, or of what was taken for its rest. */
  identifiedMs: number;
}

type Output = (Framed | Spoilt)[];

function isTerminator(byte: number): boolean {
  return byte === carriageReturn || byte === lineFeed || byte === tab || byte === etx;
}

function reset(state: State): void {
  state.length = 0;
  state.hasStart = false;
  state.hasLineEnd = false;
  state.isSkipping = false;
}

/** One burst of noise is one report, however many line ends the noise holds. */
function reportNoise(state: State, output: Output): void {
  if (!state.isNoisy) output.push({ type: 'unreadable', reason: 'noise' });
  state.isNoisy = true;
}

/** Spoils the frame; what is left of it is dropped. */
function skip(state: State, timeMs: number): void {
  if (state.length === 0 && !state.hasStart) state.startedAtMs = timeMs;
  state.length = 0;
  state.isSkipping = true;
}

function isRestOfRead({ hasStart, startedAtMs, identifiedMs }: State, text: string): boolean {
  return !hasStart && startedAtMs - identifiedMs < restMs && !identifier.test(text);
}

function finish(state: State, output: Output): void {
  const { length, isSkipping, startedAtMs, lastByteMs: endedAtMs } = state;
  const text = decodeUtf8(state.held.subarray(0, length));
  const isRest = isRestOfRead(state, text ?? '');
  reset(state);
  if (length === 0 && !isSkipping) return;
  if (isRest || identifier.test(text ?? '')) state.identifiedMs = endedAtMs;
  if (isRest || isSkipping || text === null) {
    if (!isSkipping) reportNoise(state, output);
    // A rest is of a read that has ended, and was answered.
    if (!isRest) output.push({ type: 'spoilt' });
    return;
  }
  state.isNoisy = false;
  output.push({ type: 'frame', text, startedAtMs, endedAtMs });
}

function isBusy(state: State): boolean {
  return state.length > 0 || state.hasStart || state.isSkipping || state.isNoisy;
}

/** A line end behind STX ends the frame, unless more of the same read comes at once. */
function waitMs({ hasLineEnd, isSkipping }: State): number {
  return hasLineEnd && !isSkipping ? restMs : silenceMs;
}

function endBySilence(state: State, timeMs: number, output: Output): void {
  if (!isBusy(state) || timeMs - state.lastByteMs < waitMs(state)) return;
  if (state.hasStart && !state.hasLineEnd && !state.isSkipping) {
    reset(state);
    output.push({ type: 'unreadable', reason: 'incomplete' }, { type: 'spoilt' });
  } else {
    finish(state, output);
  }
  state.isNoisy = false;
}

function start(state: State, timeMs: number, output: Output): void {
  // A scanner set to STX and CR has ended its frame; it only did not say so with ETX.
  if (state.hasLineEnd && !state.isSkipping) finish(state, output);
  else if (state.length > 0) output.push({ type: 'unreadable', reason: 'incomplete' });
  reset(state);
  state.hasStart = true;
  state.startedAtMs = timeMs;
  state.lastByteMs = timeMs;
}

function takeText(state: State, byte: number, timeMs: number, output: Output): void {
  if (!isReadableByte(byte) || state.hasLineEnd) {
    skip(state, timeMs);
    reportNoise(state, output);
  } else if (state.length === frameBytesMax) {
    skip(state, timeMs);
    output.push({ type: 'unreadable', reason: 'too-long' });
  } else {
    if (state.length === 0 && !state.hasStart) state.startedAtMs = timeMs;
    state.held[state.length] = byte;
    state.length += 1;
  }
}

function takeByte(state: State, byte: number, timeMs: number, output: Output): void {
  if (byte === stx) {
    start(state, timeMs, output);
    return;
  }
  state.lastByteMs = timeMs;
  if (isTerminator(byte) && (byte === etx || !state.hasStart)) finish(state, output);
  else if (isTerminator(byte)) state.hasLineEnd ||= state.length > 0;
  else if (!state.isSkipping) takeText(state, byte, timeMs, output);
}

export function createFramer(): Framer {
  const state: State = {
    held: new Uint8Array(frameBytesMax),
    length: 0,
    hasStart: false,
    hasLineEnd: false,
    isSkipping: false,
    isNoisy: false,
    startedAtMs: 0,
    lastByteMs: 0,
    identifiedMs: Number.NEGATIVE_INFINITY,
  };
  return {
    push(bytes, timeMs) {
      const output: Output = [];
      endBySilence(state, timeMs, output);
      for (const byte of bytes) takeByte(state, byte, timeMs, output);
      return output;
    },
    tick(timeMs) {
      const output: Output = [];
      endBySilence(state, timeMs, output);
      return output;
    },
    end() {
      const isHalf = (state.length > 0 || state.hasStart) && !state.isSkipping;
      reset(state);
      state.isNoisy = false;
      return isHalf ? [{ type: 'unreadable', reason: 'incomplete' }] : [];
    },
    expiresAtMs: () => (isBusy(state) ? state.lastByteMs + waitMs(state) : null),
    heldBytes: () => state.length,
  };
}
