// Owns the way from rows of paper to ESC/POS bytes.
import { inflateRawSync } from 'node:zlib';
import { assert, assertNever } from '#drivers/assert.ts';
import { code128Command, code128Modules } from '#drivers/printer/paper/barcode.ts';
import { CommandWriter } from '#drivers/printer/paper/commandWriter.ts';
import type { StoredPicture } from '#drivers/printer/paper/document.ts';
import { RowEncoder } from '#drivers/printer/paper/encodeText.ts';
import type { PaperRow } from '#drivers/printer/paper/layout.ts';
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';
import { type Bitmap, pictureRows } from '#drivers/printer/paper/raster.ts';
import { code128Bitmap, qrBitmap } from '#drivers/printer/paper/rasterSymbols.ts';
import { loadTextDrawer } from '#drivers/printer/paper/rasterText.ts';
import { findRealTimeCommand } from '#drivers/printer/paper/realTime.ts';
import { failure, type Result, success } from '#drivers/result.ts';

export interface EncodedReceipt {
  readonly bytes: Uint8Array;
  /**
   * Distinct characters that this printer cannot say as they are: on paper stands what comes
   * nearest, or ¤. A picture that it cannot print, and the shop's own block without bytes, are here
   * by their names.
   */
  readonly missing: readonly string[];
}

export type EncodeError =
  /** Code 128 takes an even count of digits, at most 40. */
  | { readonly code: 'barcode-invalid' }
  /** A QR code takes 1 to 300 printable ASCII characters. */
  | { readonly code: 'qr-invalid' };

/** Automatic status on; after `ESC @`, which may switch it off (printing.md §3.2). */
const STATUS_ON = [0x1d, 0x61, 0xff];
/** Feed to the cutter and cut, leaving one point (function B). */
const FEED_AND_CUT = [0x1d, 0x56, 0x42, 0x00];
/** Past the tear bar, where there is no cutter: six rows. */
const FEED_TO_TEAR = [0x1b, 0x64, 0x06];
const CENTER = [0x1b, 0x61, 0x01];
const LEFT = [0x1b, 0x61, 0x00];
const BARCODE_HEIGHT_DOTS = 64;

/** Opens the drawer at connector pin 2: 50 ms on, 500 ms off. Never part of a receipt. */
export const drawerPulse: Uint8Array = Uint8Array.from([0x1b, 0x70, 0x00, 0x19, 0xfa]);

/** The end of every job. */
export function cutCommand({ hasCutter }: PrinterProfile): readonly number[] {
  return hasCutter ? FEED_AND_CUT : FEED_TO_TEAR;
}

/** Asks for the paper sensor; answered when the parser gets there. */
export const paperStatusRequest: Uint8Array = Uint8Array.from([0x1d, 0x72, 0x01]);

/**
 * `GS ( H` function 48: answered with `37 22 id 00` once everything before it is on paper (Epson
 * TM-L90 guide p. 429). `id` is four characters from 20h to 7Eh.
 */
export function processIdRequest(id: string): Uint8Array {
  assert(/^[ -~]{4}$/.test(id), `process id ${id}`);
  const characters = [...id].map((character) => character.charCodeAt(0));
  return Uint8Array.from([0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...characters]);
}

/** By file: bytes that blockFile.ts checked, and that leave the printer as they found it. */
export type CustomBytes = ReadonlyMap<string, Uint8Array>;

/**
 * The bytes of one receipt, from `ESC @` to the cut. They hold no real-time command, no byte of a
 * code page that was not selected, and never a silent question mark.
 */
export function encodeReceipt(
  rows: readonly PaperRow[],
  profile: PrinterProfile,
  customBytes: CustomBytes = new Map(),
): Result<EncodedReceipt, EncodeError> {
  const writer = new CommandWriter(profile);
  writer.raw(STATUS_ON);
  const text = new RowEncoder(profile, loadTextDrawer);
  for (const row of rows) {
    switch (row.type) {
      case 'text':
        text.encodeRow(writer, row.runs);
        break;
      case 'qr':
        if (!/^[ -~]{1,300}$/.test(row.data)) return failure({ code: 'qr-invalid' });
        encodeQr(writer, row.data, profile, text);
        break;
      case 'barcode':
        if (!encodeBarcode(writer, row.data, profile, text)) {
          return failure({ code: 'barcode-invalid' });
        }
        break;
      case 'image':
        encodeImage(writer, row, profile, text);
        break;
      case 'custom':
        writer.style(false, 1);
        writer.raw(customBytes.get(row.file) ?? []);
        if (!customBytes.has(row.file)) text.missing.add(row.name);
        break;
      case 'cut':
        writer.raw(cutCommand(profile));
        break;
      default:
        return assertNever(row);
    }
  }
  const bytes = writer.finish();
  assert(findRealTimeCommand(bytes) === -1, 'a receipt with a real-time command inside');
  return success({ bytes, missing: [...text.missing] });
}

function encodePicture(writer: CommandWriter, bitmap: Bitmap, profile: PrinterProfile): void {
  writer.raw(CENTER);
  for (const part of pictureRows(bitmap, profile.graphics)) writer.picture(part);
  writer.raw(LEFT);
}

/** Where nothing else can be printed: the data itself, on as many rows as it needs. */
function encodeAsText(
  writer: CommandWriter,
  data: string,
  profile: PrinterProfile,
  text: RowEncoder,
): void {
  for (let start = 0; start < data.length; start += profile.columns) {
    const part = data.slice(start, start + profile.columns);
    const before = ' '.repeat(Math.floor((profile.columns - part.length) / 2));
    text.encodeRow(writer, [{ text: before + part, bold: false, scale: 1 }]);
  }
}

function encodeQr(
  writer: CommandWriter,
  data: string,
  profile: PrinterProfile,
  text: RowEncoder,
): void {
  const moduleDots = profile.widthDots >= 512 ? 6 : 5;
  if (!profile.hasQr) {
    const bitmap = profile.graphics === 'none' ? null : qrBitmap(data, moduleDots);
    if (bitmap === null) encodeAsText(writer, data, profile, text);
    else encodePicture(writer, bitmap, profile);
    return;
  }
  writer.raw(CENTER);
  const symbol = (code: number, ...parameters: number[]): void => {
    const count = parameters.length + 2;
    writer.raw([0x1d, 0x28, 0x6b, count & 0xff, count >> 8, 0x31, code, ...parameters]);
  };
  symbol(0x41, 0x32, 0x00); // Model 2.
  symbol(0x43, moduleDots);
  symbol(0x45, 0x31); // Error correction M.
  symbol(0x50, 0x30, ...Buffer.from(data, 'latin1'));
  symbol(0x51, 0x30);
  writer.newline();
  writer.raw(LEFT);
}

/** False for data that is no even count of digits. */
function encodeBarcode(
  writer: CommandWriter,
  data: string,
  profile: PrinterProfile,
  text: RowEncoder,
): boolean {
  // The bars of 14 digits need 396 dots at three a module: too wide for 58 mm.
  const moduleDots = [3, 2].find((dots) => code128Modules(data) * dots <= profile.widthDots);
  const size = { moduleDots: moduleDots ?? 2, heightDots: BARCODE_HEIGHT_DOTS };
  const bytes = code128Command(data, size);
  if (bytes === null) return false;
  if (profile.hasCode128 && moduleDots !== undefined) {
    writer.raw([...CENTER, ...bytes]);
    writer.newline();
    writer.raw(LEFT);
    return true;
  }
  const bitmap =
    profile.graphics === 'none' || moduleDots === undefined ? null : code128Bitmap(data, size);
  if (bitmap !== null) encodePicture(writer, bitmap, profile);
  encodeAsText(writer, data, profile, text);
  return true;
}

function encodeImage(
  writer: CommandWriter,
  row: PaperRow & { type: 'image' },
  profile: PrinterProfile,
  text: RowEncoder,
): void {
  const fitting = row.pictures
    .filter((picture) => picture.widthDots <= profile.widthDots)
    .toSorted((a, b) => b.widthDots - a.widthDots)[0];
  const bitmap = fitting === undefined ? null : readPicture(fitting);
  if (bitmap === null || profile.graphics === 'none') text.missing.add(row.name);
  else encodePicture(writer, bitmap, profile);
}

/** Null for a picture that is not what it says: a receipt is not lost for its logo. */
function readPicture({ widthDots, heightDots, deflated }: StoredPicture): Bitmap | null {
  const sizeBytes = Math.ceil(widthDots / 8) * heightDots;
  try {
    const bits = inflateRawSync(Buffer.from(deflated, 'base64'), { maxOutputLength: sizeBytes });
    return bits.length === sizeBytes ? { widthDots, heightDots, bits } : null;
  } catch {
    return null;
  }
}
