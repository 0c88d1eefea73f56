// Owns the seam between a scanner's life and its language: bytes or reports in, frames out.
import type { Framed } from '#drivers/scanner/framer.ts';

export type ProtocolEvent =
  | Framed
  /** To be written back at once: ACK, NAK. Comes before the frame that it acknowledges. */
  | { readonly type: 'reply'; readonly bytes: Uint8Array };

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
  /** What to write for a good or a bad read, or null where this scanner has no such command. */
  feedback(outcome: ReadOutcome): readonly Uint8Array[] | null;
}

/** What the till made of a read: taken, or not on file. */
export type ReadOutcome = 'good' | 'bad';
