// Owns the way from rows of paper to ESC/POS bytes. The one file that knows the encoder package.
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import { assert } from '#drivers/assert.ts';
import { code128Command } from '#drivers/printer/barcode.ts';
import type { PaperRow, TextRun } from '#drivers/printer/layout.ts';
import { isPrintable, type PageName } from '#drivers/printer/pages.ts';
import { nearestCharacter } from '#drivers/printer/plainText.ts';
import type { PrinterProfile } from '#drivers/printer/profiles.ts';
import { findRealTimeCommand } from '#drivers/printer/realTime.ts';
import { failure, type Result, success } from '#drivers/result.ts';

export interface EncodedReceipt {
  readonly bytes: Uint8Array;
  /** Distinct characters that this printer cannot say at all; each stands on paper as ¤. */
  readonly missing: readonly string[];
}

export type EncodeError =
  /** Code 128 takes an even count of digits, at most 40. */
  | { readonly code: 'barcode-invalid' }
  /** A QR code takes 1 to 300 printable ASCII characters. */
  | { readonly code: 'qr-invalid' };

/** Visible, and in every page that we select but cp437. */
const REPLACEMENT = '¤';
/** Automatic status on; after `ESC @`, which may switch it off (printing.md §3.2). */
const STATUS_ON = [0x1d, 0x61, 0xff];
/** Feed to the cutter and cut, leaving one point (function B). */
const FEED_AND_CUT = [0x1d, 0x56, 0x42, 0x00];
/** Past the tear bar, where there is no cutter: six rows. */
const FEED_TO_TEAR = [0x1b, 0x64, 0x06];

/** Opens the drawer at connector pin 2: 50 ms on, 500 ms off. Never part of a receipt. */
export const drawerPulse: Uint8Array = Uint8Array.from([0x1b, 0x70, 0x00, 0x19, 0xfa]);

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

/**
 * The bytes of one receipt, from `ESC @` to the cut. They hold no real-time command, no byte of a
 * code page that was not selected, and never the encoder's silent question mark.
 */
export function encodeReceipt(
  rows: readonly PaperRow[],
  profile: PrinterProfile,
): Result<EncodedReceipt, EncodeError> {
  const encoder = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns: profile.columns,
    imageMode: 'raster',
    newline: '\n',
    feedBeforeCut: 0,
    codepageMapping: profile.pages,
    codepageCandidates: [...profile.candidates],
    errors: 'strict',
  });
  encoder.initialize().raw(STATUS_ON);
  const missing = new Set<string>();
  for (const row of rows) {
    if (row.type === 'text') {
      encodeText(encoder, row.runs, profile, missing);
    } else if (row.type === 'qr') {
      if (!/^[ -~]{1,300}$/.test(row.data)) return failure({ code: 'qr-invalid' });
      const size = profile.widthDots >= 512 ? 6 : 5;
      encoder.align('center').qrcode(row.data, { model: 2, size, errorlevel: 'm' }).align('left');
    } else if (row.type === 'barcode') {
      // Three dots a module need 396 with the quiet zones: too wide for 58 mm.
      const moduleDots = profile.widthDots >= 512 ? 3 : 2;
      const bytes = code128Command(row.data, { moduleDots, heightDots: 64 });
      if (bytes === null) return failure({ code: 'barcode-invalid' });
      encoder.raw([0x1b, 0x61, 0x01, ...bytes, 0x0a, 0x1b, 0x61, 0x00]);
    } else {
      encoder.raw(profile.hasCutter ? FEED_AND_CUT : FEED_TO_TEAR);
    }
  }
  const bytes = encoder.encode();
  assert(findRealTimeCommand(bytes) === -1, 'a receipt with a real-time command inside');
  return success({ bytes, missing: [...missing] });
}

function encodeText(
  encoder: ReceiptPrinterEncoder,
  runs: readonly TextRun[],
  profile: PrinterProfile,
  missing: Set<string>,
): void {
  let page = profile.candidates[0];
  assert(page !== undefined, `profile ${profile.profileId} has no page`);
  // Blanks at the end of a row are bytes that print nothing.
  for (const run of trimEnd(runs)) {
    encoder.bold(run.bold).size(run.scale, run.scale);
    for (const part of splitByPage(run.text, page, profile, missing)) {
      page = part.page;
      encoder.codepage(part.page).text(part.text);
    }
  }
  encoder.bold(false).size(1, 1).newline();
}

function trimEnd(runs: readonly TextRun[]): TextRun[] {
  const kept = [...runs];
  for (let last = kept.pop(); last !== undefined; last = kept.pop()) {
    const text = last.text.trimEnd();
    if (text !== '') return [...kept, { ...last, text }];
  }
  return [];
}

/** Stays on the page of the moment as long as it can: each switch is three bytes. */
function splitByPage(
  text: string,
  startPage: PageName,
  profile: PrinterProfile,
  missing: Set<string>,
): { page: PageName; text: string }[] {
  const parts: { page: PageName; text: string }[] = [];
  let page = startPage;
  for (const character of text) {
    const found = choosePage(character, page, profile.candidates);
    if (found.isMissing) missing.add(character);
    const part = parts.at(-1);
    if (part !== undefined && part.page === found.page) part.text += found.character;
    else parts.push({ page: found.page, text: found.character });
    page = found.page;
  }
  return parts;
}

function choosePage(
  character: string,
  current: PageName,
  candidates: readonly PageName[],
): { page: PageName; character: string; isMissing: boolean } {
  const pages = [current, ...candidates];
  const pageFor = (wanted: string) => pages.find((page) => isPrintable(page, wanted));
  const exact = pageFor(character);
  if (exact !== undefined) return { page: exact, character, isMissing: false };
  const near = nearestCharacter(character, (candidate) => pageFor(candidate) !== undefined);
  const replacement = near ?? REPLACEMENT;
  const page = pageFor(replacement);
  assert(page !== undefined, 'no page of the profile prints the replacement');
  return { page, character: replacement, isMissing: near === null };
}
