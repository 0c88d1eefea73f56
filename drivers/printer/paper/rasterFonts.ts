// Owns the fonts that text is drawn with: which has a character, and the outlines of its glyphs.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Font } from 'fontkit';

export interface DrawnGlyph {
  /** SVG path in the font's units, upwards. */
  readonly path: string;
  readonly dotsPerUnit: number;
  readonly advanceDots: number;
  /** Moves the glyph from its place on the base line. */
  readonly leftDots: number;
  readonly upDots: number;
  /** Width of an outline that makes it bolder, in the font's units; 0 for none. */
  readonly strokeUnits: number;
}

/** Several fonts that look like one. */
export interface Face {
  has(character: string): boolean;
  /** The glyphs of `text` from left to right; Arabic letters are joined. */
  shape(text: string, isBold: boolean): DrawnGlyph[];
}

type Fontkit = typeof import('fontkit');

interface Sized {
  /** Opened when it is first needed. */
  readonly regular: () => Font;
  readonly bold: () => Font;
  /** Dots of one em. */
  readonly sizeDots: number;
  readonly upDots: number;
  readonly regularStrokeUnits: number;
  readonly boldStrokeUnits: number;
}

/** Makes the letters of DejaVu Sans Mono 12 dots wide: its advance is 1233 of 2048 units. */
const MONO_DOTS = (12 * 2048) / 1233;
/** DejaVu Sans is wider; drawn smaller so that most letters fit a cell. */
const SANS_DOTS = 17;
/** Chinese fills 24 by 24 dots but for a little space; its base line is higher. */
const CHINESE_DOTS = 22;
const CHINESE_UP_DOTS = -0.5;
/** The files hold the thinnest weight of a variable font; an outline brings it to the usual one. */
const CHINESE_STROKES = { regular: 50, bold: 90 } as const;

/** `U+4e00-4e05,U+9fff` as pairs. */
function readRanges(text: string): [number, number][] {
  return text.split(',').map((part) => {
    const [from = '', to = from] = part.slice(2).split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
  });
}

class ChineseFont {
  readonly #fontkit: Fontkit;
  readonly #folder: string;
  readonly #files: readonly { readonly name: string; readonly ranges: [number, number][] }[];
  readonly #fonts = new Map<string, Sized>();

  constructor(fontkit: Fontkit, folder: string) {
    this.#fontkit = fontkit;
    this.#folder = folder;
    const ranges = JSON.parse(readFileSync(path.join(folder, 'unicode.json'), 'utf8')) as Record<
      string,
      string
    >;
    this.#files = Object.entries(ranges).map(([name, text]) => ({
      name: name.replaceAll(/[[\]]/g, ''),
      ranges: readRanges(text),
    }));
  }

  /** One of a hundred files: the one with this character is read when it is first needed. */
  fontFor(codePoint: number): Sized | null {
    const file = this.#files.find(({ ranges }) =>
      ranges.some(([from, to]) => codePoint >= from && codePoint <= to),
    );
    if (file === undefined) return null;
    const known = this.#fonts.get(file.name);
    if (known !== undefined) return known;
    const font = this.#fontkit.openSync(
      path.join(this.#folder, `files/noto-sans-sc-${file.name}-wght-normal.woff2`),
    ) as Font;
    const sized: Sized = {
      regular: () => font,
      bold: () => font,
      sizeDots: CHINESE_DOTS,
      upDots: CHINESE_UP_DOTS,
      regularStrokeUnits: CHINESE_STROKES.regular,
      boldStrokeUnits: CHINESE_STROKES.bold,
    };
    this.#fonts.set(file.name, sized);
    return sized;
  }
}

class ShopFace implements Face {
  readonly #fonts: readonly Sized[];
  readonly #chinese: ChineseFont;

  constructor(fonts: readonly Sized[], chinese: ChineseFont) {
    this.#fonts = fonts;
    this.#chinese = chinese;
  }

  has(character: string): boolean {
    return this.#fontFor(character) !== null;
  }

  #fontFor(character: string): Sized | null {
    const codePoint = character.codePointAt(0) ?? 0;
    const found = this.#fonts.find(({ regular }) => regular().hasGlyphForCodePoint(codePoint));
    if (found !== undefined) return found;
    const chinese = this.#chinese.fontFor(codePoint);
    return chinese?.regular().hasGlyphForCodePoint(codePoint) ? chinese : null;
  }

  shape(text: string, isBold: boolean): DrawnGlyph[] {
    const sized = this.#fontFor([...text][0] ?? ' ');
    if (sized === null) return [];
    const font = isBold ? sized.bold() : sized.regular();
    const strokeUnits = isBold ? sized.boldStrokeUnits : sized.regularStrokeUnits;
    const dotsPerUnit = sized.sizeDots / font.unitsPerEm;
    const { glyphs, positions } = font.layout(text);
    return glyphs.map((glyph, index) => {
      const position = positions[index];
      return {
        path: glyph.path.toSVG(),
        dotsPerUnit,
        advanceDots: (position?.xAdvance ?? glyph.advanceWidth) * dotsPerUnit,
        leftDots: (position?.xOffset ?? 0) * dotsPerUnit,
        upDots: (position?.yOffset ?? 0) * dotsPerUnit + sized.upDots,
        strokeUnits,
      };
    });
  }
}

/** Throws when a font or the library is not there. */
export function loadFaces(require: NodeJS.Require): Face {
  const fontkit = require('fontkit') as Fontkit;
  const open = (name: string) => {
    const file = require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
    let font: Font | null = null;
    return (): Font => {
      font ??= fontkit.openSync(file) as Font;
      return font;
    };
  };
  const sized = (regular: string, bold: string, sizeDots: number): Sized => ({
    regular: open(regular),
    bold: open(bold),
    sizeDots,
    upDots: 0,
    regularStrokeUnits: 0,
    boldStrokeUnits: 0,
  });
  const folder = path.dirname(require.resolve('@fontsource-variable/noto-sans-sc/unicode.json'));
  return new ShopFace(
    [
      sized('DejaVuSansMono', 'DejaVuSansMono-Bold', MONO_DOTS),
      sized('DejaVuSans', 'DejaVuSans-Bold', SANS_DOTS),
    ],
    new ChineseFont(fontkit, folder),
  );
}
