// Owns how a row of text becomes bytes: letters by code page, what no page has as dots.
import { assert } from '#drivers/assert.ts';
import { columnsOfCharacter } from '#drivers/printer/paper/columnWidths.ts';
import type { CommandWriter } from '#drivers/printer/paper/commandWriter.ts';
import type { TextRun } from '#drivers/printer/paper/layout.ts';
import { charactersOf, isPrintable, type PageName } from '#drivers/printer/paper/pages.ts';
import { columnsOf, nearestText, twinOf } from '#drivers/printer/paper/plainText.ts';
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';
import {
  blankBitmap,
  COLUMN_DOTS,
  columnPicture,
  pictureRows,
  stamp,
} from '#drivers/printer/paper/raster.ts';
import type { TextDrawer } from '#drivers/printer/paper/rasterText.ts';
import { mirrored, visualRuns } from '#drivers/printer/paper/visualOrder.ts';

/** Visible, and in every page that we select but cp437. */
const REPLACEMENT = '¤';
/** For pages with no better mark: what stands for a character that cannot be said at all. */
const LAST_REPLACEMENT = '#';
const CHARACTER_DOTS = 12;
/** One sixth of an inch, as a line of characters takes: a drawn row must not stand closer. */
const LINE_DOTS = 30;

/** Neighbours that go the same way to the printer; `text` is as they stand, left to right. */
interface Piece {
  readonly run: TextRun;
  readonly isDrawn: boolean;
  readonly isRightToLeft: boolean;
  /** In reading order where drawn, else in the order of the paper. */
  readonly text: string;
}

interface Spelling {
  readonly text: string;
  readonly isDrawn: boolean;
}

/** What decides how text is said. */
type TextProfile = Pick<PrinterProfile, 'pages' | 'candidates' | 'graphics'>;

/** Knows for one printer how each character is said; remembers what it could not say. */
export class RowEncoder {
  /** Characters that this printer cannot say as they are. */
  readonly missing = new Set<string>();
  readonly #profile: TextProfile;
  readonly #loadDrawer: () => TextDrawer | null;
  readonly #spellings = new Map<string, Spelling>();

  /** `loadDrawer` is called for the first character that no page has; null: nothing is drawn. */
  constructor(profile: TextProfile, loadDrawer: () => TextDrawer | null) {
    this.#profile = profile;
    this.#loadDrawer = loadDrawer;
  }

  /** Without the line feed where the row was sent as a picture, which moves the paper itself. */
  encodeRow(writer: CommandWriter, runs: readonly TextRun[]): void {
    const pieces = trimEnd(runs.flatMap((run) => this.#piecesOf(run)));
    const hasDrawn = pieces.some((piece) => piece.isDrawn);
    const isPlainHeight = pieces.every((piece) => piece.run.scale === 1);
    const { graphics } = this.#profile;
    const isInline = isPlainHeight && (graphics === 'column' || graphics === 'raster-and-column');
    if (hasDrawn && !isInline) {
      writer.style(false, 1);
      for (const part of pictureRows(this.#drawRow(pieces), graphics)) writer.picture(part);
      return;
    }
    for (const piece of pieces) {
      if (piece.isDrawn) writer.picture(columnPicture(this.#draw(piece)));
      else this.#write(writer, piece);
    }
    writer.style(false, 1);
    writer.newline();
  }

  /** Text of no style and no end of a row, for a device that draws nothing. */
  encodeText(writer: CommandWriter, text: string): void {
    const pieces = this.#piecesOf({ text, bold: false, scale: 1 });
    for (const piece of pieces) this.#write(writer, piece);
  }

  #piecesOf(run: TextRun): Piece[] {
    return visualRuns(run.text).flatMap(({ text, isRightToLeft }) => {
      const pieces: { run: TextRun; isDrawn: boolean; isRightToLeft: boolean; text: string }[] = [];
      for (const written of text) {
        const character = isRightToLeft ? mirrored(written) : written;
        const said = this.#spell(character);
        const last = pieces.at(-1);
        if (last === undefined || last.isDrawn !== said.isDrawn) {
          pieces.push({ run, isDrawn: said.isDrawn, isRightToLeft, text: said.text });
        } else if (isRightToLeft && !said.isDrawn) last.text = said.text + last.text;
        else last.text += said.text;
      }
      return isRightToLeft ? pieces.reverse() : pieces;
    });
  }

  #spell(character: string): Spelling {
    const known = this.#spellings.get(character);
    if (known !== undefined) return known;
    const found = this.#findSpelling(character);
    this.#spellings.set(character, found);
    return found;
  }

  #findSpelling(character: string): Spelling {
    const canPrint = (wanted: string) => this.#pageFor(wanted, null) !== null;
    if (canPrint(character)) return { text: character, isDrawn: false };
    const twin = twinOf(character, canPrint);
    if (twin !== null) return { text: twin, isDrawn: false };
    const drawer = this.#profile.graphics === 'none' ? null : this.#loadDrawer();
    if (drawer?.canDraw(character)) return { text: character, isDrawn: true };
    this.missing.add(character);
    const mark = canPrint(REPLACEMENT) ? REPLACEMENT : LAST_REPLACEMENT;
    const near = nearestText(character, canPrint);
    return { text: near ?? mark.repeat(columnsOfCharacter(character)), isDrawn: false };
  }

  #pageFor(character: string, current: PageName | null): PageName | null {
    if (current !== null && isPrintable(current, character)) return current;
    return this.#profile.candidates.find((page) => isPrintable(page, character)) ?? null;
  }

  /** Stays on the page of the moment as long as it can: each switch is three bytes. */
  #write(writer: CommandWriter, { text, run }: Piece): void {
    writer.style(run.bold, run.scale);
    for (const character of text) {
      const page = this.#pageFor(character, writer.page);
      const byte = page === null ? undefined : charactersOf(page).get(character);
      assert(page !== null && byte !== undefined, 'a piece holds only what a page prints');
      writer.selectPage(page);
      writer.byte(byte);
    }
  }

  #draw({ text, run, isRightToLeft }: Piece) {
    const drawer = this.#loadDrawer();
    assert(drawer !== null, 'drawn pieces are found by the drawer');
    return drawer.draw(text, { isBold: run.bold, scale: run.scale, isRightToLeft });
  }

  #drawRow(pieces: readonly Piece[]) {
    const scale = Math.max(...pieces.map((piece) => piece.run.scale));
    const columns = pieces.reduce((sum, { text, run }) => sum + columnsOf(text) * run.scale, 0);
    const heightDots = Math.max(LINE_DOTS, COLUMN_DOTS * scale);
    const row = blankBitmap(columns * CHARACTER_DOTS, heightDots);
    let left = 0;
    for (const piece of pieces) {
      // What a page prints stands in the order of the paper already.
      const drawn = piece.isDrawn ? piece : { ...piece, isRightToLeft: false };
      if (piece.text.trim() !== '') {
        stamp(row, this.#draw(drawn), left, (scale - piece.run.scale) * COLUMN_DOTS);
      }
      left += columnsOf(piece.text) * piece.run.scale * CHARACTER_DOTS;
    }
    return row;
  }
}

/** Blanks at the end of a row are bytes that print nothing. */
function trimEnd(pieces: readonly Piece[]): Piece[] {
  const kept = [...pieces];
  for (let last = kept.pop(); last !== undefined; last = kept.pop()) {
    const text = last.isDrawn ? last.text : last.text.trimEnd();
    if (text !== '') return [...kept, { ...last, text }];
  }
  return [];
}
