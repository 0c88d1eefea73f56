// Owns the Scanner interface: one DataEvent at a time, as UnifiedPOS has it.
import type { DeviceError, DeviceState } from '#drivers/device.ts';
import type { ReadOutcome } from '#drivers/scanner/protocol.ts';

/** What one read of the scanner was, after the frame and the AIM prefix were taken off. */
export interface ScanData {
  /** The whole frame as text, without suffix: what the scanner sent. */
  readonly scanData: string;
  /** The symbol's own characters. */
  readonly scanDataLabel: string;
  /** AIM symbology identifier with its bracket, such as `]E0`, or null when none was sent. */
  readonly scanDataType: string | null;
}

export interface DataEvent extends ScanData {
  /** Names the device, not the node: stable across a replug. */
  readonly deviceId: string;
  /** Monotonic milliseconds of the last byte. */
  readonly readAtMs: number;
}

/** A read as it came over the wire, for the live test on the device screen. */
export interface ScanTrace {
  readonly deviceId: string;
  /** Suffix, packet head and all; at most the first 256 bytes. */
  readonly bytes: Uint8Array;
  readonly byteCount: number;
  /** From the first to the last byte; 0 where they came in one piece. */
  readonly durationMs: number;
  /** `none` when silence ended it. */
  readonly ending: 'cr' | 'lf' | 'cr-lf' | 'tab' | 'etx' | 'none' | 'packet';
}

export type ScannerEvent =
  | { readonly type: 'data'; readonly event: DataEvent }
  /** A frame that is not a scan: too long, noise, half a frame when the device went away. */
  | { readonly type: 'unreadable'; readonly reason: 'too-long' | 'noise' | 'incomplete' }
  /** The scanner itself sent the same read twice; it was left out, and counted. */
  | { readonly type: 'suppressed' }
  /** Every read, scan or not, while tracing is on. */
  | { readonly type: 'trace'; readonly trace: ScanTrace }
  /** More than 16 scans waited while DataEvent was disabled; the newest was dropped. */
  | { readonly type: 'overflow' }
  | { readonly type: 'state'; readonly state: DeviceState; readonly error: DeviceError | null };

export interface Scanner {
  readonly deviceId: string;
  /** Starts; the state follows by event. Opens again by itself after an unplug. */
  claim(listener: (event: ScannerEvent) => void): void;
  /**
   * UPOS DataEventEnabled: set false by the scanner when it delivers one DataEvent, and true by
   * the till once that one is handled. At most 16 scans wait meanwhile.
   */
  setDataEventEnabled(isEnabled: boolean): void;
  /**
   * Drops what waits: while the till is locked no scan is kept. A frame that is still coming in is
   * not cut in half.
   */
  clearInput(): void;
  /**
   * Tells the scanner what became of its last read, where its maker has a command for it. Never
   * waits, never rejects; given up after 250 ms (scanners.md §2.4).
   */
  feedback(outcome: ReadOutcome): void;
  /** Turns `trace` events on or off. */
  setTracing(isOn: boolean): void;
  /** How many repeats by the scanner itself were left out since `claim`. */
  suppressedCount(): number;
  release(): Promise<void>;
}
