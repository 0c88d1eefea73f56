// Owns the AIM identifier before a symbol's characters (ISO/IEC 15424: `]`, letter, modifier).
import type { ScanData } from '#drivers/scanner/scanner.ts';

export type ParsedFrame =
  | { readonly type: 'scan'; readonly data: ScanData }
  /** The scanner's answer to a command comes under `]Z6`; it is nobody's number. */
  | { readonly type: 'answer' }
  /** An identifier without a symbol. */
  | { readonly type: 'empty' };

// Makers send letters as modifier too: a UPC-A is `]E0` from one and `]Xg` from another.
const identifier = /^\][A-Za-z][0-9A-Za-z]/;

/** Takes the AIM identifier off a frame, from a serial port or a keyboard alike. */
export function parseFrame(frame: string): ParsedFrame {
  const scanDataType = identifier.exec(frame)?.[0] ?? null;
  if (scanDataType === ']Z6') return { type: 'answer' };
  const scanDataLabel = scanDataType === null ? frame : frame.slice(scanDataType.length);
  if (scanDataLabel === '') return { type: 'empty' };
  return { type: 'scan', data: { scanData: frame, scanDataLabel, scanDataType } };
}
