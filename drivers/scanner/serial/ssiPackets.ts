// Owns the packets of Zebra's Simple Serial Interface, in both directions. Pure.

/**
 * Length (of all but the checksum), opcode, source, status, data, and a checksum of two bytes:
 * the two's complement of the sum of all bytes before it, high byte first (SSI programmer's guide).
 */
export interface SsiPacket {
  readonly opcode: number;
  readonly status: number;
  readonly data: Uint8Array;
  /** Of the first byte and of the last. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** As it came, checksum and all. */
  readonly bytes: Uint8Array;
  /** How many bytes since the packet before were none. */
  readonly garbageBytes: number;
}

export const ssiOpcodes = {
  acknowledge: 0xd0,
  refuse: 0xd1,
  beep: 0xe6,
  decodeData: 0xf3,
  event: 0xf6,
} as const;

/** Bits of the status byte. */
export const ssiStatus = { isRetransmitted: 0x01, isContinued: 0x02 } as const;

const headBytes = 4;
const checksumBytes = 2;
const fromScanner = 0;
const fromHost = 4;
/** A packet that has not come whole by then has lost a byte. */
const silenceMs = 300;
/** A scanner that was refused does not send again sooner. */
const turnaroundMs = 10;

/** What scanners send; anything else at a packet's head is no head. */
const opcodesOfScanner = new Set([0x81, 0xa4, 0xa6, 0xc6, 0xd0, 0xd1, 0xd4, 0xf3, 0xf6]);

function checksumOf(bytes: Uint8Array): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xffff;
}

/** A packet from the till to the scanner. */
export function ssiCommand(opcode: number, data: readonly number[]): Uint8Array {
  const packet = Uint8Array.of(headBytes + data.length, opcode, fromHost, 0, ...data);
  const checksum = checksumOf(packet);
  return Uint8Array.of(...packet, checksum >> 8, checksum & 0xff);
}

export type SsiItem =
  | { readonly type: 'packet'; readonly packet: SsiPacket }
  /** Bytes that were no packet; `hasHead` when they began like one, and so may want an answer. */
  | { readonly type: 'garbage'; readonly hasHead: boolean };

export interface SsiReader {
  push(bytes: Uint8Array, timeMs: number): readonly SsiItem[];
  tick(timeMs: number): readonly SsiItem[];
  /** True when something unfinished was dropped. */
  end(): boolean;
  expiresAtMs(): number | null;
  /** At most 257. */
  heldBytes(): number;
}

interface HeldByte {
  readonly value: number;
  readonly timeMs: number;
}

interface State {
  held: HeldByte[];
  lastByteMs: number;
  /** What was reported of this burst of garbage: it is not reported twice. */
  isNoisy: boolean;
  hasBrokenPacket: boolean;
  garbageBytes: number;
}

/** False as soon as what is held cannot become a packet. */
function mayBeHead(held: readonly HeldByte[]): boolean {
  const [length, opcode, source] = held;
  if (length !== undefined && length.value < headBytes) return false;
  if (opcode !== undefined && !opcodesOfScanner.has(opcode.value)) return false;
  return source === undefined || source.value === fromScanner;
}

function isWholeHead(held: readonly HeldByte[]): boolean {
  return held.length >= headBytes && mayBeHead(held);
}

/** Of a byte that was dropped; once for one burst. */
function reportGarbage(state: State, hasHead: boolean, output: SsiItem[]): void {
  state.garbageBytes += 1;
  const isNew = hasHead ? !state.hasBrokenPacket : !state.isNoisy;
  state.isNoisy = true;
  state.hasBrokenPacket ||= hasHead;
  if (isNew) output.push({ type: 'garbage', hasHead });
}

function endBurst(state: State): void {
  state.isNoisy = false;
  state.hasBrokenPacket = false;
}

/** Takes off the front what is a packet or garbage; the rest may become a packet. */
function settle(state: State, output: SsiItem[]): void {
  for (;;) {
    const [first] = state.held;
    if (first === undefined) return;
    if (!mayBeHead(state.held)) {
      state.held.shift();
      reportGarbage(state, false, output);
      continue;
    }
    const sizeBytes = first.value + checksumBytes;
    const last = state.held[sizeBytes - 1];
    if (last === undefined) return;
    const bytes = Uint8Array.from(state.held.slice(0, sizeBytes), ({ value }) => value);
    const body = bytes.subarray(0, first.value);
    const sent = ((bytes.at(-2) ?? 0) << 8) | (bytes.at(-1) ?? 0);
    if (checksumOf(body) !== sent) {
      // The length may be what is wrong: the next packet may stand anywhere behind it.
      state.held.shift();
      reportGarbage(state, true, output);
      continue;
    }
    state.held.splice(0, sizeBytes);
    endBurst(state);
    const [, opcode = 0, , status = 0] = body;
    const data = body.subarray(headBytes);
    const times = { startedAtMs: first.timeMs, endedAtMs: last.timeMs };
    const { garbageBytes } = state;
    state.garbageBytes = 0;
    output.push({
      type: 'packet',
      packet: { opcode, status, data, ...times, bytes, garbageBytes },
    });
  }
}

function endBySilence(state: State, timeMs: number, output: SsiItem[]): void {
  const last = state.held.at(-1);
  if (last === undefined || timeMs - last.timeMs < silenceMs) return;
  const hasHead = isWholeHead(state.held);
  state.held.shift();
  reportGarbage(state, hasHead, output);
  settle(state, output);
  if (state.held.length > 0) endBySilence(state, timeMs, output);
}

export function createSsiReader(): SsiReader {
  const state: State = {
    held: [],
    lastByteMs: Number.NEGATIVE_INFINITY,
    isNoisy: false,
    hasBrokenPacket: false,
    garbageBytes: 0,
  };
  return {
    push(bytes, timeMs) {
      const output: SsiItem[] = [];
      endBySilence(state, timeMs, output);
      const pauseMs = timeMs - state.lastByteMs;
      if (pauseMs >= turnaroundMs) state.hasBrokenPacket = false;
      if (pauseMs >= silenceMs) endBurst(state);
      if (bytes.length > 0) state.lastByteMs = timeMs;
      for (const value of bytes) {
        state.held.push({ value, timeMs });
        settle(state, output);
      }
      return output;
    },
    tick(timeMs) {
      const output: SsiItem[] = [];
      endBySilence(state, timeMs, output);
      return output;
    },
    end() {
      const isHalf = state.held.length > 0;
      state.held = [];
      endBurst(state);
      return isHalf;
    },
    expiresAtMs() {
      const last = state.held.at(-1);
      return last === undefined ? null : last.timeMs + silenceMs;
    },
    heldBytes: () => state.held.length,
  };
}
