// Owns Zebra's Simple Serial Interface: packets answered, joined and booked once. Pure.

import {
  type ProtocolEvent,
  type RawRead,
  rawBytesMax,
  type ScanProtocol,
} from '#drivers/scanner/protocol.ts';
import { type Framed, frameBytesMax } from '#drivers/scanner/serial/framer.ts';
import {
  createSsiReader,
  type SsiItem,
  type SsiPacket,
  ssiCommand,
  ssiOpcodes,
  ssiStatus,
} from '#drivers/scanner/serial/ssiPackets.ts';
import { decodeChecked } from '#drivers/scanner/text.ts';

/** A continued message whose next packet does not come is dropped (scanners.md §4, row 9). */
const continuationMs = 500;

/** Cause RESEND of a NAK. */
const resend = 0x01;
/** Beep codes: one short high beep; two long low ones (SSI programmer's guide). */
const beepGood = 0x00;
const beepBad = 0x10;

/**
 * AIM identifiers of the bar code types (table of code types; also in Symbol's PDT 6800 and CS3000
 * guides). What the type does not tell, a check digit or a FNC1, stays at modifier 0.
 */
const aimByType: ReadonlyMap<number, string> = new Map([
  [0x01, ']A0'], // Code 39
  [0x02, ']F0'], // Codabar
  [0x03, ']C0'], // Code 128
  [0x04, ']S0'], // Discrete 2 of 5
  [0x05, ']R0'], // IATA 2 of 5
  [0x06, ']I0'], // Interleaved 2 of 5
  [0x07, ']G0'], // Code 93
  [0x08, ']E0'], // UPC-A
  [0x09, ']E0'], // UPC-E0
  [0x0a, ']E4'], // EAN-8
  [0x0b, ']E0'], // EAN-13
  [0x0c, ']H0'], // Code 11
  [0x0e, ']M0'], // MSI
  [0x0f, ']C1'], // GS1-128
  [0x10, ']E0'], // UPC-E1
  [0x11, ']L0'], // PDF417
  [0x13, ']A4'], // Code 39, full ASCII
  [0x1a, ']L0'], // MicroPDF417
  [0x1b, ']d0'], // Data Matrix
  [0x1c, ']Q0'], // QR
  [0x2d, ']z0'], // Aztec
  [0x30, ']e0'], // GS1 DataBar
  [0x31, ']e0'], // GS1 DataBar Limited
  [0x32, ']e0'], // GS1 DataBar Expanded
  ...[0x48, 0x49, 0x4a, 0x4b, 0x50].map((type) => [type, ']E3'] as const), // with 2 digits
  ...[0x88, 0x89, 0x8a, 0x8b, 0x90].map((type) => [type, ']E3'] as const), // with 5 digits
]);

interface Message {
  readonly codeType: number;
  readonly data: number[];
  readonly startedAtMs: number;
  endedAtMs: number;
  /** More came than is kept: it is dropped to its last packet. */
  isTooLong: boolean;
  readonly raw: number[];
  byteCount: number;
}

interface State {
  message: Message | null;
  /** Data of the packet that was taken last: what is sent again must be the same. */
  taken: Uint8Array | null;
  /** A packet was broken since: what is sent again may be that one, and is no repeat. */
  isOwed: boolean;
  /** Of no packet, since data was last taken: enough of them may have been one. */
  garbageBytes: number;
}

/** A packet may have lost so many bytes, its head among them, and still be what came. */
const lostBytesMax = 2;

const acknowledge: ProtocolEvent = {
  type: 'reply',
  bytes: ssiCommand(ssiOpcodes.acknowledge, []),
};
const refuse: ProtocolEvent = {
  type: 'reply',
  bytes: ssiCommand(ssiOpcodes.refuse, [resend]),
};

function unreadable(reason: 'too-long' | 'noise' | 'incomplete'): ProtocolEvent {
  return { type: 'unreadable', reason };
}

function isSameData(a: Uint8Array | null, b: Uint8Array): boolean {
  return a?.length === b.length && b.every((byte, index) => byte === a[index]);
}

function dropMessage(state: State): ProtocolEvent[] {
  const { message } = state;
  state.message = null;
  return message === null || message.isTooLong ? [] : [unreadable('incomplete')];
}

function toFrame({ codeType, data, startedAtMs, endedAtMs }: Message): Framed {
  const text = decodeChecked(Uint8Array.from(data));
  if (text === null || text === '') return { type: 'unreadable', reason: 'noise' };
  const aim = aimByType.get(codeType);
  // The scanner may send the identifier itself, where it was set to.
  const hasAim = /^\][A-Za-z][0-9A-Za-z]/.test(text);
  const frame = aim === undefined || hasAim ? text : `${aim}${text}`;
  return { type: 'frame', text: frame, startedAtMs, endedAtMs };
}

function toRead(message: Message): RawRead {
  return {
    bytes: Uint8Array.from(message.raw),
    byteCount: message.byteCount,
    durationMs: message.endedAtMs - message.startedAtMs,
    ending: 'packet',
  };
}

function startMessage(codeType: number, startedAtMs: number): Message {
  const common = { codeType, data: [], raw: [], startedAtMs, endedAtMs: startedAtMs };
  return { ...common, isTooLong: false, byteCount: 0 };
}

/** Joins the packet's data; the code type stands in each packet, or in the first alone. */
function join(state: State, packet: SsiPacket, output: ProtocolEvent[]): Message {
  const [codeType = 0] = packet.data;
  // What may be text is the rest of what goes on: a few types are digits and letters as well.
  const isText = codeType >= 0x20;
  const isNext = state.message !== null && (state.message.codeType === codeType || isText);
  if (!isNext) output.push(...dropMessage(state));
  const message = state.message ?? startMessage(codeType, packet.startedAtMs);
  state.message = message;
  const data = message.codeType === codeType ? packet.data.subarray(1) : packet.data;
  message.endedAtMs = packet.endedAtMs;
  message.byteCount += packet.bytes.length;
  message.raw.push(...packet.bytes.subarray(0, rawBytesMax - message.raw.length));
  if (message.isTooLong) return message;
  if (message.data.length + data.length > frameBytesMax) {
    message.isTooLong = true;
    message.data.length = 0;
    output.push(unreadable('too-long'));
  } else {
    message.data.push(...data);
  }
  return message;
}

function takeData(state: State, packet: SsiPacket, output: ProtocolEvent[]): void {
  output.push(acknowledge);
  const isAgain = (packet.status & ssiStatus.isRetransmitted) !== 0;
  const mayHaveBroken = state.garbageBytes >= packet.bytes.length - lostBytesMax;
  const isOwed = state.isOwed || mayHaveBroken;
  state.garbageBytes = 0;
  if (isAgain && !isOwed && isSameData(state.taken, packet.data)) {
    output.push({ type: 'retransmit' });
    return;
  }
  state.taken = packet.data;
  state.isOwed = false;
  const message = join(state, packet, output);
  if ((packet.status & ssiStatus.isContinued) !== 0) return;
  state.message = null;
  output.push({ type: 'read', read: toRead(message) });
  if (!message.isTooLong) output.push(toFrame(message));
}

function take(state: State, items: readonly SsiItem[], output: ProtocolEvent[]): void {
  for (const item of items) {
    if (item.type === 'garbage') {
      state.isOwed ||= item.hasHead;
      output.push(...(item.hasHead ? [refuse] : []), unreadable('noise'));
      continue;
    }
    state.garbageBytes += item.packet.garbageBytes;
    if (item.packet.opcode === ssiOpcodes.decodeData) {
      takeData(state, item.packet, output);
    } else if (item.packet.opcode === ssiOpcodes.event) {
      output.push(acknowledge);
    }
    // The rest are the scanner's answers to what it was told.
  }
}

function expire(state: State, timeMs: number, output: ProtocolEvent[]): void {
  const { message } = state;
  if (message === null || timeMs - message.endedAtMs < continuationMs) return;
  output.push(...dropMessage(state));
}

export function createSsiProtocol(): ScanProtocol {
  const reader = createSsiReader();
  const state: State = { message: null, taken: null, isOwed: false, garbageBytes: 0 };
  return {
    push(bytes, timeMs) {
      const output: ProtocolEvent[] = [];
      // Byte by byte, so that nothing depends on how the system cut the stream.
      for (const byte of bytes) {
        expire(state, timeMs, output);
        take(state, reader.push(Uint8Array.of(byte), timeMs), output);
      }
      return output;
    },
    tick(timeMs) {
      const output: ProtocolEvent[] = [];
      take(state, reader.tick(timeMs), output);
      expire(state, timeMs, output);
      return output;
    },
    end() {
      const isHalf = reader.end();
      const dropped = dropMessage(state);
      return isHalf && dropped.length === 0 ? [unreadable('incomplete')] : dropped;
    },
    expiresAtMs() {
      const packetMs = reader.expiresAtMs();
      const messageMs = state.message === null ? null : state.message.endedAtMs + continuationMs;
      return packetMs === null || messageMs === null
        ? (packetMs ?? messageMs)
        : Math.min(packetMs, messageMs);
    },
    heldBytes: () => reader.heldBytes() + (state.message?.data.length ?? 0),
    feedback: (outcome) => [ssiCommand(ssiOpcodes.beep, [outcome === 'good' ? beepGood : beepBad])],
  };
}
