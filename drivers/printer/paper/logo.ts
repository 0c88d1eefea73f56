// Owns the way from a shop's picture to the dots of a logo.
import { createRequire } from 'node:module';
import { deflateRawSync } from 'node:zlib';
import type { ImageBlock, StoredPicture } from '#drivers/printer/paper/document.ts';
import { type Bitmap, blacken, blankBitmap } from '#drivers/printer/paper/raster.ts';
import { failure, type Result, success } from '#drivers/result.ts';

export type LogoError =
  /** Larger than 2 MB. */
  | { readonly code: 'logo-too-large' }
  /** Neither PNG nor SVG. */
  | { readonly code: 'logo-format-unknown' }
  /**
   * Damaged, empty, over 2048 pixels wide or high, or an SVG that points outside itself, holds
   * another picture, or would take long to draw.
   */
  | { readonly code: 'logo-unreadable' };

const FILE_BYTES_MAX = 2 * 1024 * 1024;
const SIDE_PIXELS_MAX = 2048;
/** 4 cm of paper: a taller one is a poster. */
const HEIGHT_DOTS_MAX = 320;
/** Of 80 mm and 58 mm paper; printers of another width take the one that fits. */
const PAPER_DOTS = [576, 384] as const;

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** An entity may grow without end; a reference may read a file of the till, or a huge picture. */
const reachesOut = /<!(?:ENTITY|DOCTYPE)|@import|\bhref\s*=\s*["'](?!#)|url\(\s*["']?(?!#)/i;
/** Drawing these may take the till minutes, and black dots gain nothing by them. */
const drawsLong = /<(?:\w+:)?(?:filter|marker|pattern)\b/i;
/** Each copy may hold copies: ten of them in each of six makes a million. */
const COPIES_MAX = 8;

type Resvg = typeof import('@resvg/resvg-js').Resvg;

interface Source {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** A picture of pixels is never enlarged. */
  readonly widthDotsMax: number;
}

/** Dots for every paper width, at most 320 high; `name` is said where dots cannot be shown. */
export function makeLogo(file: Uint8Array, name: string): Result<ImageBlock, LogoError> {
  if (file.length > FILE_BYTES_MAX) return failure({ code: 'logo-too-large' });
  const { Resvg } = createRequire(import.meta.url)('@resvg/resvg-js') as { readonly Resvg: Resvg };
  const isPng = PNG_SIGNATURE.equals(file.subarray(0, PNG_SIGNATURE.length));
  const text = isPng ? '' : Buffer.from(file).toString('utf8');
  if (!isPng && !/<svg[\s>]/.test(text.slice(0, 4096))) {
    return failure({ code: 'logo-format-unknown' });
  }
  try {
    const source = isPng ? readPng(Buffer.from(file)) : readSvg(text, Resvg);
    if (source === null) return failure({ code: 'logo-unreadable' });
    const pictures = PAPER_DOTS.map((paperDots) => drawPicture(source, paperDots, Resvg));
    if (pictures.includes(null)) return failure({ code: 'logo-unreadable' });
    return success({
      type: 'image',
      name,
      pictures: pictures.filter((picture) => picture !== null),
    });
  } catch {
    // The renderer throws for damaged files, with words that no shop understands.
    return failure({ code: 'logo-unreadable' });
  }
}

function isSize(width: number, height: number): boolean {
  return width >= 1 && height >= 1 && width <= SIDE_PIXELS_MAX && height <= SIDE_PIXELS_MAX;
}

/** The size stands in the first chunk (PNG specification, 11.2.2). */
function readPng(file: Buffer): Source | null {
  if (file.length < 33) return null;
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  if (!isSize(width, height)) return null;
  const size = `width="${width}" height="${height}"`;
  const data = `data:image/png;base64,${file.toString('base64')}`;
  const image = `<image ${size} href="${data}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${image}</svg>`;
  return { svg, width, height, widthDotsMax: width };
}

function readSvg(svg: string, renderer: Resvg): Source | null {
  const copyCount = svg.match(/<(?:\w+:)?use\b/gi)?.length ?? 0;
  if (reachesOut.test(svg) || drawsLong.test(svg) || copyCount > COPIES_MAX) return null;
  const { width, height } = new renderer(svg, { font: { loadSystemFonts: false } });
  if (!isSize(width, height)) return null;
  return { svg, width, height, widthDotsMax: Number.POSITIVE_INFINITY };
}

/** Null where nothing can be seen. */
function drawPicture(source: Source, paperDots: number, renderer: Resvg): StoredPicture | null {
  const highest = Math.floor((HEIGHT_DOTS_MAX * source.width) / source.height);
  // A line that is 400 times as high as it is wide would run down the paper.
  if (highest < 1) return null;
  const value = Math.min(paperDots, source.widthDotsMax, highest);
  const { resolve } = createRequire(import.meta.url);
  const drawn = new renderer(source.svg, {
    fitTo: { mode: 'width', value },
    // The same letters on every machine.
    font: {
      loadSystemFonts: false,
      fontFiles: [resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')],
      defaultFontFamily: 'DejaVu Sans',
    },
  }).render();
  const { width, height, pixels } = drawn;
  const grey = new Float64Array(width * height);
  let hasInk = false;
  for (let index = 0; index < grey.length; index += 1) {
    const at = index * 4;
    const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray(at, at + 4);
    // Pixels are premultiplied; paper is white. Weights of Rec. 709.
    grey[index] = 255 - alpha + 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    if (alpha > 0) hasInk = true;
  }
  if (!hasInk) return null;
  const bitmap = dither(grey, width);
  return {
    widthDots: width,
    heightDots: height,
    deflated: deflateRawSync(bitmap.bits).toString('base64'),
  };
}

/**
 * Black dots so that the eye sees the grey (0 black, 255 white), rows of `widthDots`: what a dot is
 * too dark or too light goes on to its neighbours (Floyd and Steinberg, 1976).
 */
export function dither(grey: Float64Array, widthDots: number): Bitmap {
  const heightDots = grey.length / widthDots;
  const bitmap = blankBitmap(widthDots, heightDots);
  const left = Float64Array.from(grey);
  const spread = (x: number, y: number, error: number): void => {
    if (x < 0 || x >= widthDots || y >= heightDots) return;
    const at = y * widthDots + x;
    left[at] = (left[at] ?? 0) + error;
  };
  for (let y = 0; y < heightDots; y += 1) {
    for (let x = 0; x < widthDots; x += 1) {
      const wanted = left[y * widthDots + x] ?? 255;
      const isBlack = wanted < 128;
      if (isBlack) blacken(bitmap, x, y);
      const error = (wanted - (isBlack ? 0 : 255)) / 16;
      spread(x + 1, y, error * 7);
      spread(x - 1, y + 1, error * 3);
      spread(x, y + 1, error * 5);
      spread(x + 1, y + 1, error);
    }
  }
  return bitmap;
}
