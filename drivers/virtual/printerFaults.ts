// Owns what can be set wrong with the virtual printer (printing.md §3.7).

/** What a test can do to the printer; each may be set at any moment, and counts from there. */
export interface PrinterFaults {
  /** Paper ends once this many lines were printed. */
  readonly paperEndAtLine: number | null;
  /** The cover opens once this many bytes were parsed. */
  readonly coverOpenAtByte: number | null;
  /** The next cut jams. */
  readonly isCutterJamming: boolean;
  /** The connection ends after this many more bytes; what was received still prints. */
  readonly dropAfterBytes: { readonly count: number; readonly how: 'fin' | 'reset' } | null;
  /** The power fails once this many lines were printed, and is back at once. */
  readonly powerCutAtLine: number | null;
  /** The parser waits this long when the next bytes come. */
  readonly stallMs: number;
  /** Answers nothing at all. */
  readonly isSilent: boolean;
  /** Answers each real-time question with the answer to the one before. */
  readonly isLate: boolean;
  /** So many real-time questions are answered by `12` first, which nobody asked for. */
  readonly unaskedAnswers: number;
  readonly hasNoProcessId: boolean;
  readonly hasNoPaperSensor: boolean;
  readonly hasNoRealTime: boolean;
  /** One byte a packet. */
  readonly splitsReplies: boolean;
  /** XOFF and XON inside automatic status. */
  readonly hasXoffNoise: boolean;
  /**
   * Commands that this printer does not know, by name (`GS (`): their first two bytes do nothing,
   * and what follows is printed.
   */
  readonly unknownCommands: readonly string[];
}

export const noFaults: PrinterFaults = {
  paperEndAtLine: null,
  coverOpenAtByte: null,
  isCutterJamming: false,
  dropAfterBytes: null,
  powerCutAtLine: null,
  stallMs: 0,
  isSilent: false,
  isLate: false,
  unaskedAnswers: 0,
  hasNoProcessId: false,
  hasNoPaperSensor: false,
  hasNoRealTime: false,
  splitsReplies: false,
  hasXoffNoise: false,
  unknownCommands: [],
};
