// Owns what the bytes mean that a printer sends back (printing.md §3.1 to §3.4). Pure.

/** What a printer can be stopped by. */
export interface PrinterCondition {
  readonly isOffline: boolean;
  readonly isCoverOpen: boolean;
  readonly isPaperOut: boolean;
  readonly hasError: boolean;
}

export type PrinterReply =
  /** One byte that answers DLE EOT; which of them, only the order tells. */
  | { readonly type: 'realTime'; readonly byte: number }
  | { readonly type: 'automatic'; readonly bytes: readonly [number, number, number, number] }
  /** Everything before the id of `GS ( H` is on paper. */
  | { readonly type: 'processId'; readonly id: string }
  /** One byte that answers GS r. */
  | { readonly type: 'transmitted'; readonly byte: number };

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

/** Reads the answers to DLE EOT 1, 2 and 4 together (TM-T88III specification p. 74). */
export function decodeRealTime(answers: {
  readonly printer: number;
  readonly offlineCause: number;
  readonly paper: number;
}): PrinterCondition {
  const { printer, offlineCause, paper } = answers;
  return {
    isOffline: (printer & 0x08) !== 0,
    isCoverOpen: (offlineCause & 0x04) !== 0,
    isPaperOut: (offlineCause & 0x20) !== 0 || (paper & 0x60) === 0x60,
    hasError: (offlineCause & 0x40) !== 0,
  };
}

/** Reads four bytes of automatic status (TM-T88III programming guide p. 318). */
export function decodeAutomatic(bytes: readonly [number, number, number, number]) {
  const [printer, errors, paper] = bytes;
  return {
    isOffline: (printer & 0x08) !== 0,
    isCoverOpen: (printer & 0x20) !== 0,
    isPaperOut: (paper & 0x0c) === 0x0c,
    hasError: (errors & 0x6c) !== 0,
  } satisfies PrinterCondition;
}

/** True when the answer to GS r 1 says that there is paper. */
export function isPaperPresent(byte: number): boolean {
  return (byte & 0x0c) !== 0x0c;
}

const XON = 0x11;
const XOFF = 0x13;
/** Printers send names and counters as such blocks, up to a NUL. */
const blockHeaders: ReadonlySet<number> = new Set([0x35, 0x37, 0x3b, 0x3d, 0x5f]);
const BLOCK_BYTES_MAX = 96;

/**
 * Cuts a printer's bytes, in pieces of any size, into replies: told apart by their first byte
 * (Epson's appendix G, Citizen's appendix). XON and XOFF are skipped wherever they stand. A reply
 * that breaks off is dropped when the next one starts. Never holds more than 96 bytes.
 */
export function createReplyReader(): { push(chunk: Uint8Array): PrinterReply[] } {
  let block: number[] | null = null;
  let automatic: number[] | null = null;

  function endBlock(bytes: readonly number[]): PrinterReply | null {
    // 37h 22h d1 d2 d3 d4: the answer to GS ( H function 48.
    if (bytes[0] !== 0x37 || bytes[1] !== 0x22 || bytes.length !== 6) return null;
    return { type: 'processId', id: String.fromCharCode(...bytes.slice(2)) };
  }

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
      if (byte === 0) {
        const bytes = block;
        block = null;
        return endBlock(bytes);
      }
      block.push(byte);
      if (block.length > BLOCK_BYTES_MAX) block = null;
      return null;
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
