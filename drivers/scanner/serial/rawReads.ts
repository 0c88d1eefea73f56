// Owns cutting a serial stream into reads for the device screen: every byte as it came. Pure.
import { type RawRead, rawBytesMax } from '#drivers/scanner/protocol.ts';

/** What stands between two reads: line ends of one read come this close together, in ms. */
const endingMs = 50;
const silenceMs = 300;

const etx = 0x03;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const terminators: readonly number[] = [etx, tab, lineFeed, carriageReturn];

interface State {
  bytes: number[];
  byteCount: number;
  startedAtMs: number;
  lastByteMs: number;
  /** The terminators so far at its end; a byte that is none begins another read. */
  tail: number[];
}

export interface RawReads {
  push(bytes: Uint8Array, timeMs: number): readonly RawRead[];
  tick(timeMs: number): readonly RawRead[];
  /** When what has come so far becomes a read by itself; null while nothing has. */
  expiresAtMs(): number | null;
}

function endingOf(tail: readonly number[]): RawRead['ending'] {
  if (tail.includes(etx)) return 'etx';
  if (tail.includes(carriageReturn) && tail.includes(lineFeed)) return 'cr-lf';
  const last = tail.at(-1);
  if (last === carriageReturn || last === lineFeed) return last === lineFeed ? 'lf' : 'cr';
  return last === tab ? 'tab' : 'none';
}

function expiresAtMs(state: State): number | null {
  if (state.byteCount === 0) return null;
  return state.lastByteMs + (state.tail.length > 0 ? endingMs : silenceMs);
}

function flush(state: State, output: RawRead[]): void {
  if (state.byteCount === 0) return;
  output.push({
    bytes: Uint8Array.from(state.bytes),
    byteCount: state.byteCount,
    durationMs: state.lastByteMs - state.startedAtMs,
    ending: endingOf(state.tail),
  });
  state.bytes = [];
  state.byteCount = 0;
  state.tail = [];
}

function tick(state: State, timeMs: number, output: RawRead[]): void {
  const dueMs = expiresAtMs(state);
  if (dueMs !== null && timeMs >= dueMs) flush(state, output);
}

function takeByte(state: State, byte: number, timeMs: number, output: RawRead[]): void {
  const isTerminator = terminators.includes(byte);
  if (!isTerminator && state.tail.length > 0) flush(state, output);
  if (state.byteCount === 0) state.startedAtMs = timeMs;
  state.byteCount += 1;
  state.lastByteMs = timeMs;
  if (state.bytes.length < rawBytesMax) state.bytes.push(byte);
  if (isTerminator && state.tail.length < rawBytesMax) state.tail.push(byte);
}

export function createRawReads(): RawReads {
  const state: State = { bytes: [], byteCount: 0, startedAtMs: 0, lastByteMs: 0, tail: [] };
  return {
    push(bytes, timeMs) {
      const output: RawRead[] = [];
      tick(state, timeMs, output);
      for (const byte of bytes) takeByte(state, byte, timeMs, output);
      return output;
    },
    tick(timeMs) {
      const output: RawRead[] = [];
      tick(state, timeMs, output);
      return output;
    },
    expiresAtMs: () => expiresAtMs(state),
  };
}
