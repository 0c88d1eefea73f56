// Owns what the bytes mean that a printer sends back (printing.md §3.1 to §3.4). Pure.

/**
 * What hurts a printer: `cutter` is a jam to be cleared by hand, `unrecoverable` needs a power
 * cycle or repair, `auto-recoverable` passes by itself (a hot head), `other` was not explained.
 */
export type PrinterErrorCause = 'cutter' | 'unrecoverable' | 'auto-recoverable' | 'other';

/** What a printer says of itself. */
export interface PrinterCondition {
  readonly isOffline: boolean;
  readonly isCoverOpen: boolean;
  readonly isPaperOut: boolean;
  readonly hasError: boolean;
  readonly errorCause: PrinterErrorCause | null;
  /** The bits of the near-end sensor, which a printer without one keeps constant. */
  readonly isPaperNearEnd: boolean;
  /** Null where this kind of answer does not tell. */
  readonly isDrawerPinHigh: boolean | null;
}

export type PrinterReply =
  /** One byte that answers DLE EOT; which of them, only the order tells. */
  | { readonly type: 'realTime'; readonly byte: number }
  | { readonly type: 'automatic'; readonly bytes: readonly [number, number, number, number] }
  /** Everything before the id of `GS ( H` is on paper. */
  | { readonly type: 'processId'; readonly id: string }
  /** One byte that answers GS r. */
  | { readonly type: 'transmitted'; readonly byte: number }
  /** Any other block: `_` and a name for GS I, `7#` and causes for GS ( H function 49. */
  | { readonly type: 'block'; readonly text: string };

export type StopReason = 'cover-open' | 'paper-out' | 'error' | 'offline';

/**
 * Why the printer does not print, or null. The cover comes first: while it is open, the paper
 * bits may be wrong (Epson's note).
 */
export function stopReason(condition: PrinterCondition): StopReason | null {
  if (condition.isCoverOpen) return 'cover-open';
  if (condition.isPaperOut) return 'paper-out';
  if (condition.hasError) return 'error';
  return condition.isOffline ? 'offline' : null;
}

function errorCauseOf(bits: {
  readonly hasCutterError: boolean;
  readonly isUnrecoverable: boolean;
  readonly isAutoRecoverable: boolean;
}): PrinterErrorCause {
  if (bits.isUnrecoverable) return 'unrecoverable';
  if (bits.hasCutterError) return 'cutter';
  return bits.isAutoRecoverable ? 'auto-recoverable' : 'other';
}

/**
 * Reads the answers to DLE EOT 1, 2, 3 and 4 together (TM-T88III specification p. 74). `error` is
 * null where it was not asked or not answered: the cause is then `other`.
 */
export function decodeRealTime(answers: {
  readonly printer: number;
  readonly offlineCause: number;
  readonly error: number | null;
  readonly paper: number;
}): PrinterCondition {
  const { printer, offlineCause, paper } = answers;
  const error = answers.error ?? 0;
  const hasError = (offlineCause & 0x40) !== 0;
  const cause = errorCauseOf({
    hasCutterError: (error & 0x08) !== 0,
    isUnrecoverable: (error & 0x20) !== 0,
    isAutoRecoverable: (error & 0x40) !== 0,
  });
  return {
    isOffline: (printer & 0x08) !== 0,
    isCoverOpen: (offlineCause & 0x04) !== 0,
    isPaperOut: (offlineCause & 0x20) !== 0 || (paper & 0x60) === 0x60,
    hasError,
    errorCause: hasError ? cause : null,
    isPaperNearEnd: (paper & 0x0c) === 0x0c,
    isDrawerPinHigh: (printer & 0x04) !== 0,
  };
}

/** Reads four bytes of automatic status (TM-T88III programming guide p. 318). */
export function decodeAutomatic(
  bytes: readonly [number, number, number, number],
): PrinterCondition {
  const [printer, errors, paper] = bytes;
  const hasError = (errors & 0x6c) !== 0;
  const cause = errorCauseOf({
    hasCutterError: (errors & 0x08) !== 0,
    isUnrecoverable: (errors & 0x20) !== 0,
    isAutoRecoverable: (errors & 0x40) !== 0,
  });
  return {
    isOffline: (printer & 0x08) !== 0,
    isCoverOpen: (printer & 0x20) !== 0,
    isPaperOut: (paper & 0x0c) === 0x0c,
    hasError,
    errorCause: hasError ? cause : null,
    isPaperNearEnd: (paper & 0x03) === 0x03,
    isDrawerPinHigh: (printer & 0x04) !== 0,
  };
}

/**
 * Reads the answer to GS r 1, the only one that some printers give. It comes from the parser, so
 * a printer that answers is on line.
 */
export function decodePaperSensor(byte: number): PrinterCondition {
  return {
    isOffline: false,
    isCoverOpen: false,
    isPaperOut: (byte & 0x0c) === 0x0c,
    hasError: false,
    errorCause: null,
    isPaperNearEnd: (byte & 0x03) === 0x03,
    isDrawerPinHigh: null,
  };
}

/** True when the answer to GS r 1 says that there is paper. */
export function isPaperPresent(byte: number): boolean {
  return (byte & 0x0c) !== 0x0c;
}

const XON = 0x11;
const XOFF = 0x13;
/** Printers send names, ids and counters as such blocks, up to a NUL. */
const blockHeaders: ReadonlySet<number> = new Set([0x35, 0x37, 0x3b, 0x3d, 0x5f]);
/** Names of GS I have at most 80 characters (Epson's reference). */
const BLOCK_BYTES_MAX = 82;
/** 37h 22h and the four bytes of the id. */
const PROCESS_ID_BYTES = 6;

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}

/** The longest that a block with these first bytes may grow. */
function longestBlock(block: readonly number[]): number {
  return block[0] === 0x37 && block[1] === 0x22 ? PROCESS_ID_BYTES : BLOCK_BYTES_MAX;
}

function replyOfBlock(bytes: readonly number[]): PrinterReply | null {
  const text = String.fromCharCode(...bytes);
  if (!text.startsWith('7"')) return { type: 'block', text };
  return bytes.length === PROCESS_ID_BYTES ? { type: 'processId', id: text.slice(2) } : null;
}

/**
 * Cuts a printer's bytes, in pieces of any size, into replies: told apart by their first byte
 * (Epson's appendix G, Citizen's appendix). XON and XOFF are skipped wherever they stand. A reply
 * that breaks off is dropped, and the byte that broke it starts the next. Never holds more than
 * 82 bytes.
 */
export function createReplyReader(): { push(chunk: Uint8Array): PrinterReply[] } {
  let block: number[] | null = null;
  let automatic: number[] | null = null;

  function start(byte: number): PrinterReply | null {
    if (blockHeaders.has(byte)) block = [byte];
    else if ((byte & 0x93) === 0x12) return { type: 'realTime', byte };
    else if ((byte & 0x93) === 0x10) automatic = [byte];
    else if ((byte & 0x90) === 0) return { type: 'transmitted', byte };
    return null;
  }

  function accept(byte: number): PrinterReply | null {
    if (byte === XON || byte === XOFF) return null;
    if (block !== null) {
      const open = block;
      block = null;
      if (byte === 0) return replyOfBlock(open);
      if (isPrintable(byte) && open.length < longestBlock(open)) {
        block = [...open, byte];
        return null;
      }
      return start(byte);
    }
    if (automatic !== null && (byte & 0x90) === 0) {
      automatic.push(byte);
      const [printer, errors, paper, reserved] = automatic;
      if (printer === undefined || errors === undefined) return null;
      if (paper === undefined || reserved === undefined) return null;
      automatic = null;
      return { type: 'automatic', bytes: [printer, errors, paper, reserved] };
    }
    automatic = null;
    return start(byte);
  }

  return {
    push(chunk) {
      const replies: PrinterReply[] = [];
      for (const byte of chunk) {
        const reply = accept(byte);
        if (reply !== null) replies.push(reply);
      }
      return replies;
    },
  };
}
