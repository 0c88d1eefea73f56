// Owns the seam between a scanner's life and its language: bytes or reports in, frames out.

import type { ScanTrace } from '#drivers/scanner/scanner.ts';
import type { Framed } from '#drivers/scanner/serial/framer.ts';

export type ProtocolEvent =
  | Framed
  /** The scanner says that it sent this before: left out and counted, whatever it holds. */
  | { readonly type: 'retransmit' }
  /** To be written back at once: ACK, NAK. Comes before the frame that it acknowledges. */
  | { readonly type: 'reply'; readonly bytes: Uint8Array }
  /** The bytes of one read, scan or not, for the device screen. Need not come without tracing. */
  | { readonly type: 'read'; readonly read: RawRead };

/** A read as it came over the wire. */
export type RawRead = Omit<ScanTrace, 'deviceId'>;

/** How many bytes of a read are kept for the device screen. */
export const rawBytesMax = 256;

/** One open device's language; a new one is made each time the device is opened. Pure. */
export interface ScanProtocol {
  /** A chunk of a serial stream, or exactly one HID report. `timeMs` is monotonic. */
  push(bytes: Uint8Array, timeMs: number): readonly ProtocolEvent[];
  /** Lets time pass; does nothing before `expiresAtMs()`. */
  tick(timeMs: number): readonly ProtocolEvent[];
  /** The device went away: what is not finished will not be. */
  end(): readonly ProtocolEvent[];
  /** When silence will end or drop what has come so far; null while nothing has. */
  expiresAtMs(): number | null;
  /** Bytes held of an unfinished scan; bounded. */
  heldBytes(): number;
  /**
   * What to write for a good or a bad read, or null where this scanner has no such command. Each
   * item is one write (one HID output report), so what must go together is one item.
   */
  feedback(outcome: ReadOutcome, timeMs: number): readonly Uint8Array[] | null;
  /** The scanner stands still until each of its frames got feedback, also one that is no scan. */
  readonly awaitsFeedback?: boolean;
}

/**
 * Makes the language of the device at `path`, just before it is opened: an HID device's report
 * descriptor is read here. Never rejects. `isTracing` says whether `read` events are wanted now.
 */
export type MakeProtocol = (
  path: string,
  isTracing: () => boolean,
) => ScanProtocol | Promise<ScanProtocol>;

/** What the till made of a read: taken, or not on file. */
export type ReadOutcome = 'good' | 'bad';
