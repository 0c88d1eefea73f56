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

/**
 * A frame ends with CR, LF, TAB or ETX, or with 300 ms of silence. It begins after that, or with
 * STX. An empty frame is none, so CR LF and a doubled CR end one frame. Inside are printable
 * characters (UTF-8) and GS; any other byte spoils the frame up to its end.
 */
export interface Framer {
  push(bytes: Uint8Array, timeMs: number): readonly Framed[];
  /** Lets time pass; does nothing before `expiresAtMs()`. */
  tick(timeMs: number): readonly Framed[];
  /** The device went away: what is not finished will not be, however long it has been silent. */
  end(): readonly Framed[];
  /** When silence will end what has come so far; null while nothing has. */
  expiresAtMs(): number | null;
  /** Bytes held of an unfinished frame, 0 to 4,096. */
  heldBytes(): number;
}

export const frameBytesMax = 4096;
const silenceMs = 300;

const stx = 0x02;
const etx = 0x03;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

interface State {
  readonly held: Uint8Array;
  length: number;
  /** STX came: silence is then no end, but half a frame. */
  hasStart: boolean;
  /** Something unreadable was reported; the rest of it is dropped. */
  isSkipping: boolean;
  /** Noise was reported, and neither silence nor a frame has come since. */
  isNoisy: boolean;
  startedAtMs: number;
  lastByteMs: number;
}

function isTerminator(byte: number): boolean {
  return byte === carriageReturn || byte === lineFeed || byte === tab || byte === etx;
}

function reset(state: State): void {
  state.length = 0;
  state.hasStart = false;
  state.isSkipping = false;
}

/** One burst of noise is one report, however many line ends the noise holds. */
function reportNoise(state: State, output: Framed[]): void {
  if (!state.isNoisy) output.push({ type: 'unreadable', reason: 'noise' });
  state.isNoisy = true;
}

function finish(state: State, output: Framed[]): void {
  const isEmpty = state.length === 0;
  const text = decodeUtf8(state.held.subarray(0, state.length));
  reset(state);
  if (isEmpty) return;
  if (text === null) {
    reportNoise(state, output);
    return;
  }
  state.isNoisy = false;
  const { startedAtMs, lastByteMs: endedAtMs } = state;
  output.push({ type: 'frame', text, startedAtMs, endedAtMs });
}

function isBusy(state: State): boolean {
  return state.length > 0 || state.hasStart || state.isSkipping || state.isNoisy;
}

function endBySilence(state: State, timeMs: number, output: Framed[]): void {
  if (!isBusy(state) || timeMs - state.lastByteMs < silenceMs) return;
  if (state.hasStart) {
    reset(state);
    output.push({ type: 'unreadable', reason: 'incomplete' });
  } else {
    finish(state, output);
  }
  state.isNoisy = false;
}

function takeByte(state: State, byte: number, timeMs: number, output: Framed[]): void {
  state.lastByteMs = timeMs;
  if (isTerminator(byte)) {
    finish(state, output);
  } else if (state.isSkipping) {
    return;
  } else if (byte === stx) {
    if (state.length > 0) output.push({ type: 'unreadable', reason: 'incomplete' });
    reset(state);
    state.hasStart = true;
    state.startedAtMs = timeMs;
  } else if (!isReadableByte(byte)) {
    reset(state);
    state.isSkipping = true;
    reportNoise(state, output);
  } else if (state.length === frameBytesMax) {
    reset(state);
    state.isSkipping = true;
    output.push({ type: 'unreadable', reason: 'too-long' });
  } else {
    if (state.length === 0 && !state.hasStart) state.startedAtMs = timeMs;
    state.held[state.length] = byte;
    state.length += 1;
  }
}

export function createFramer(): Framer {
  const state: State = {
    held: new Uint8Array(frameBytesMax),
    length: 0,
    hasStart: false,
    isSkipping: false,
    isNoisy: false,
    startedAtMs: 0,
    lastByteMs: 0,
  };
  return {
    push(bytes, timeMs) {
      const output: Framed[] = [];
      endBySilence(state, timeMs, output);
      for (const byte of bytes) takeByte(state, byte, timeMs, output);
      return output;
    },
    tick(timeMs) {
      const output: Framed[] = [];
      endBySilence(state, timeMs, output);
      return output;
    },
    end() {
      const isHalf = state.length > 0 || state.hasStart;
      reset(state);
      state.isNoisy = false;
      return isHalf ? [{ type: 'unreadable', reason: 'incomplete' }] : [];
    },
    expiresAtMs: () => (isBusy(state) ? state.lastByteMs + silenceMs : null),
    heldBytes: () => state.length,
  };
}
