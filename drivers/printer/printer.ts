// Owns the POSPrinter interface: asynchronous output, first in first out, as UnifiedPOS has it.
import type { PrinterCapabilities } from '#drivers/configuration.ts';
import type { DeviceError, DeviceState } from '#drivers/device.ts';
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import type { PrinterErrorCause } from '#drivers/printer/status.ts';

/** What the printer says of itself; null where it does not answer. */
export interface PrinterStatus {
  readonly state: DeviceState;
  /** Why the printer cannot be reached; null while it can be, or was not tried yet. */
  readonly problem: DeviceError['code'] | null;
  readonly isPaperOut: boolean | null;
  readonly isCoverOpen: boolean | null;
  readonly hasError: boolean | null;
  /** What the error is; null without one, or where the printer does not tell. */
  readonly errorCause: PrinterErrorCause | null;
  /** Null until the sensor was seen to change: many printers have none (printing.md §3.2). */
  readonly isPaperNearEnd: boolean | null;
  /** Level of the drawer connector's pin 3; what it means depends on the drawer. */
  readonly isDrawerPinHigh: boolean | null;
  /** The status bytes as two hexadecimal digits each, for the device screen. */
  readonly bytes: string | null;
}

/**
 * How far an output got that nobody can say the end of. `text-printed`: everything above the first
 * QR or bar code is on paper, by the printer's own word.
 */
export type PrintReach = 'part-sent' | 'all-sent' | 'text-printed';

/** How strongly this printer can say that paper came out (printing.md §3.5). */
export type AckLevel = 'processId' | 'gsR' | 'asb' | 'none';

/** `ruler` shows the width, `codePages` every character that the till relies on. */
export type PrinterTest = 'ruler' | 'codePages' | 'cut' | 'drawer';

/** One piece of output. The drawer pulse is a job of its own and is never retried. */
export type PrintOutput =
  | { readonly kind: 'document'; readonly document: ReceiptDocument }
  | { readonly kind: 'drawer' };

/**
 * The life of one output (printing.md §3.6). `blocked` means that nothing was sent and a retry is
 * safe; `unknown` means that some bytes may have left, and only a person can tell.
 */
export type PrintProgress =
  | { readonly state: 'checking' }
  | { readonly state: 'blocked'; readonly reason: 'paper-out' | 'cover-open' | 'error' | 'offline' }
  | { readonly state: 'sending' }
  | { readonly state: 'waiting'; readonly reason: 'paper-out' | 'cover-open' | 'error' | 'offline' }
  | { readonly state: 'sent' }
  | { readonly state: 'confirmed'; readonly ackLevel: AckLevel }
  | { readonly state: 'unknown'; readonly error: DeviceError; readonly reach: PrintReach };

export interface POSPrinter {
  /**
   * Prints one output and reports each state once. Resolves with the last: `confirmed`, `blocked`
   * (nothing was sent) or `unknown` (something may have been). Never rejects. One at a time: a
   * second call while one runs is a bug of the caller.
   */
  print(
    outputId: number,
    output: PrintOutput,
    onProgress: (progress: PrintProgress) => void,
    /**
     * Awaited after the pre-flight and before the first byte: the till writes `sending` down, so
     * that a crash can never make it print a second unmarked receipt. False: print nothing and
     * end as `blocked` (offline).
     */
    beforeSending: () => Promise<boolean>,
  ): Promise<PrintProgress>;
  /** Asks for the status as soon as the wire is free; the asking is bounded by 3 s. */
  status(): Promise<PrinterStatus>;
  /**
   * Prints a test slip or pulses the drawer; never retried. `blocked` at once while an output or
   * another test is under way: a pulse must not come when somebody has long turned away. Never
   * rejects.
   */
  test(test: PrinterTest): Promise<PrintProgress>;
  /**
   * Asks what the printer can answer and prints nothing; up to about 8 s. Null when it answers
   * nothing at all, cannot be reached, or is printing.
   */
  probe(): Promise<PrinterCapabilities | null>;
  /** While on, the status is asked for twice a second: for the device screen. */
  watch(isOn: boolean): void;
  onStatus(listener: (status: PrinterStatus) => void): void;
  close(): Promise<void>;
}
