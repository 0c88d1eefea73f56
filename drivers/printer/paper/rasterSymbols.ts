// Owns symbols drawn as dots, for printers that cannot draw them by themselves.
import { createRequire } from 'node:module';
import { type Bitmap, blacken, blankBitmap } from '#drivers/printer/paper/raster.ts';

type BwipJs = typeof import('bwip-js/node');
let loaded: BwipJs | null = null;

/** Over a megabyte of symbologies: read when a printer first needs it. */
function bwip(): BwipJs {
  loaded ??= createRequire(import.meta.url)('bwip-js') as BwipJs;
  return loaded;
}

/** What `raw` tells of a matrix, and of bars: alternating widths, a bar first. */
type Drawn =
  | { readonly pixs: readonly number[]; readonly pixx: number; readonly pixy: number }
  | { readonly sbs: readonly number[] };

/** White modules that a reader needs around the symbol (ISO/IEC 18004). */
const QUIET_MODULES = 4;

/** QR code of error level M with its quiet zone; null when `data` does not fit any. */
export function qrBitmap(data: string, moduleDots: number): Bitmap | null {
  // `eclevel` is BWIPP's own option, which the package's types leave out.
  const options: Parameters<BwipJs['raw']>[0] & { readonly eclevel: string } = {
    bcid: 'qrcode',
    text: data,
    eclevel: 'M',
  };
  const [drawn] = bwip().raw(options) as Drawn[];
  if (drawn === undefined || !('pixs' in drawn)) return null;
  const { pixs, pixx, pixy } = drawn;
  const quiet = QUIET_MODULES * moduleDots;
  const bitmap = blankBitmap(pixx * moduleDots + 2 * quiet, pixy * moduleDots + 2 * quiet);
  for (const [index, module] of pixs.entries()) {
    if (module !== 1) continue;
    const left = quiet + (index % pixx) * moduleDots;
    const top = quiet + Math.floor(index / pixx) * moduleDots;
    for (let y = top; y < top + moduleDots; y += 1) {
      for (let x = left; x < left + moduleDots; x += 1) blacken(bitmap, x, y);
    }
  }
  return bitmap;
}

/** Code 128 of digits, without the digits in words. */
export function code128Bitmap(
  data: string,
  { moduleDots, heightDots }: { readonly moduleDots: number; readonly heightDots: number },
): Bitmap | null {
  const [drawn] = bwip().raw({ bcid: 'code128', text: data }) as Drawn[];
  if (drawn === undefined || !('sbs' in drawn)) return null;
  const modules = drawn.sbs.reduce((sum, width) => sum + width, 0);
  const bitmap = blankBitmap(modules * moduleDots, heightDots);
  let x = 0;
  for (const [index, width] of drawn.sbs.entries()) {
    const end = x + width * moduleDots;
    for (; x < end; x += 1) {
      if (index % 2 === 1) continue;
      for (let y = 0; y < heightDots; y += 1) blacken(bitmap, x, y);
    }
  }
  return bitmap;
}
