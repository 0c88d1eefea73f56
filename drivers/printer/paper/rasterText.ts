// Owns text drawn as dots, for characters that a printer has no letter for.
import { createRequire } from 'node:module';
import { columnsOfCharacter } from '#drivers/printer/paper/columnWidths.ts';
import { columnsOf } from '#drivers/printer/paper/plainText.ts';
import { type Bitmap, blacken, blankBitmap, stamp } from '#drivers/printer/paper/raster.ts';
import { type DrawnGlyph, type Face, loadFaces } from '#drivers/printer/paper/rasterFonts.ts';

export interface DrawOptions {
  readonly isBold: boolean;
  /** Times the size of font A (12 by 24 dots). */
  readonly scale: 1 | 2;
  readonly isRightToLeft: boolean;
}

export interface TextDrawer {
  /** True when a font has this character (one code point). */
  canDraw(character: string): boolean;
  /**
   * `columnsOf(text)` cells of 12 by 24 dots, times `scale`. `text` is in reading order. Arabic
   * letters are joined; every other character stands in the middle of its own cells.
   */
  draw(text: string, options: DrawOptions): Bitmap;
}

const CELL_WIDTH_DOTS = 12;
const CELL_HEIGHT_DOTS = 24;
const BASELINE_DOTS = 19;
/** Dots darker than this are printed: thin strokes must not break. */
const BLACK_FROM_ALPHA = 110;
/** Words and signs that are drawn already: about 100 bytes each. */
const CACHE_MAX = 4000;

const arabic = /^[\p{Script=Arabic}\p{Script=Inherited}]+$/u;

type Resvg = typeof import('@resvg/resvg-js').Resvg;

class FontDrawer implements TextDrawer {
  readonly #faces: Face;
  readonly #renderer: Resvg;
  readonly #cache = new Map<string, Bitmap>();

  constructor(faces: Face, renderer: Resvg) {
    this.#faces = faces;
    this.#renderer = renderer;
  }

  canDraw(character: string): boolean {
    return this.#faces.has(character);
  }

  draw(text: string, options: DrawOptions): Bitmap {
    const { isBold, scale, isRightToLeft } = options;
    const key = `${scale}${isBold ? 'b' : 'n'}${isRightToLeft ? 'r' : 'l'}${text}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const isJoined = isRightToLeft && arabic.test(text);
    const isOne = isJoined || [...text].length === 1;
    const drawn = isOne ? this.#render(text, options) : this.#drawEach(text, options);
    if (this.#cache.size >= CACHE_MAX) this.#cache.clear();
    this.#cache.set(key, drawn);
    return drawn;
  }

  /** Every character in cells of its own. */
  #drawEach(text: string, options: DrawOptions): Bitmap {
    const cellDots = CELL_WIDTH_DOTS * options.scale;
    const picture = blankBitmap(columnsOf(text) * cellDots, CELL_HEIGHT_DOTS * options.scale);
    const characters = [...text];
    if (options.isRightToLeft) characters.reverse();
    let left = 0;
    for (const character of characters) {
      if (character !== ' ') stamp(picture, this.draw(character, options), left, 0);
      left += columnsOfCharacter(character) * cellDots;
    }
    return picture;
  }

  #render(text: string, { isBold, scale }: DrawOptions): Bitmap {
    const widthDots = columnsOf(text) * CELL_WIDTH_DOTS * scale;
    const heightDots = CELL_HEIGHT_DOTS * scale;
    const glyphs = this.#faces.shape(text, isBold);
    const advance = glyphs.reduce((sum, glyph) => sum + glyph.advanceDots * scale, 0);
    // A letter that is wider than its cell is made narrower, never cut off.
    const squeeze = advance > widthDots ? widthDots / advance : 1;
    const free = widthDots - advance * squeeze;
    // A word that is read from the right begins at the right; a lone sign stands in the middle.
    let x = [...text].length > 1 ? free : free / 2;
    const parts: string[] = [];
    for (const glyph of glyphs) {
      parts.push(drawGlyph(glyph, x, scale, squeeze));
      x += glyph.advanceDots * scale * squeeze;
    }
    const size = `width="${widthDots}" height="${heightDots}"`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${parts.join('')}</svg>`;
    const { pixels } = new this.#renderer(svg, { font: { loadSystemFonts: false } }).render();
    const bitmap = blankBitmap(widthDots, heightDots);
    for (let index = 0; index < widthDots * heightDots; index += 1) {
      if ((pixels[index * 4 + 3] ?? 0) < BLACK_FROM_ALPHA) continue;
      blacken(bitmap, index % widthDots, Math.floor(index / widthDots));
    }
    return bitmap;
  }
}

function drawGlyph(glyph: DrawnGlyph, x: number, scale: number, squeeze: number): string {
  const dots = glyph.dotsPerUnit * scale;
  const left = x + glyph.leftDots * scale * squeeze;
  const baseline = (BASELINE_DOTS - glyph.upDots) * scale;
  const place = `translate(${left} ${baseline}) scale(${dots * squeeze} ${-dots})`;
  const stroke =
    glyph.strokeUnits === 0 ? '' : ` stroke="#000" stroke-width="${glyph.strokeUnits}"`;
  return `<path transform="${place}"${stroke} d="${glyph.path}"/>`;
}

let loaded: TextDrawer | null | undefined;

/**
 * The drawer of this process; its libraries and fonts are read at the first call, which takes about
 * a quarter of a second. Null where they are not installed: text is then spelled out.
 */
export function loadTextDrawer(): TextDrawer | null {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  try {
    const { Resvg } = require('@resvg/resvg-js') as { readonly Resvg: Resvg };
    loaded = new FontDrawer(loadFaces(require), Resvg);
  } catch {
    loaded = null;
  }
  return loaded;
}
