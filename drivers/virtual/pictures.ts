// Owns how the bytes of picture commands become dots.

import type { PrintedDots } from '#drivers/virtual/paper.ts';

type Picture = PrintedDots;

export interface Pictures {
  /** The picture that a command puts on paper; null for one that only stores. */
  read(name: string, bytes: readonly number[]): Picture | null;
}

function word(bytes: readonly number[], at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

/** Column format: each column is `heightBytes` bytes from the top down. */
function fromColumns(data: readonly number[], widthDots: number, heightBytes: number): Picture {
  const rowBytes = Math.ceil(widthDots / 8);
  const bits = new Uint8Array(rowBytes * heightBytes * 8);
  for (let x = 0; x < widthDots; x += 1) {
    for (let y = 0; y < heightBytes * 8; y += 1) {
      const byte = data[x * heightBytes + (y >> 3)] ?? 0;
      if ((byte & (0x80 >> (y & 7))) === 0) continue;
      const at = y * rowBytes + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const heightDots = heightBytes * 8;
  return { type: 'dots', widthDots, heightDots, bits, widthScale: 1, heightScale: 1 };
}

function rasterPicture(bytes: readonly number[]): Picture {
  const mode = (bytes[3] ?? 0) % 48;
  return {
    type: 'dots',
    widthDots: word(bytes, 4) * 8,
    heightDots: word(bytes, 6),
    bits: Uint8Array.from(bytes.slice(8)),
    widthScale: (mode & 1) + 1,
    heightScale: ((mode >> 1) & 1) + 1,
  };
}

function columnPicture(bytes: readonly number[]): Picture {
  const mode = bytes[2] ?? 0;
  const picture = fromColumns(bytes.slice(5), word(bytes, 3), mode >= 32 ? 3 : 1);
  const isSingleDensity = mode === 0 || mode === 32;
  return {
    ...picture,
    widthScale: isSingleDensity ? 2 : 1,
    heightScale: mode >= 32 ? 1 : 3,
  };
}

export function createPictures(): Pictures {
  let downloaded: Picture | null = null;
  let stored: Picture | null = null;

  /** Functions 112 (store raster) and 50 (print) of `GS ( L` and `GS 8 L`. */
  function graphics(bytes: readonly number[], at: number): Picture | null {
    const code = bytes[at + 1];
    if (code === 112) {
      stored = {
        type: 'dots',
        widthDots: word(bytes, at + 6),
        heightDots: word(bytes, at + 8),
        bits: Uint8Array.from(bytes.slice(at + 10)),
        widthScale: bytes[at + 3] ?? 1,
        heightScale: bytes[at + 4] ?? 1,
      };
      return null;
    }
    if (code !== 50 && code !== 2) return null;
    const printed = stored;
    stored = null;
    return printed;
  }

  return {
    read(name, bytes) {
      if (name === 'GS v 0') return rasterPicture(bytes);
      if (name === 'ESC *') return columnPicture(bytes);
      if (name === 'GS ( L') return graphics(bytes, 5);
      if (name === 'GS 8 L') return graphics(bytes, 7);
      if (name === 'GS *') {
        downloaded = fromColumns(bytes.slice(4), (bytes[2] ?? 0) * 8, bytes[3] ?? 0);
        return null;
      }
      return downloaded;
    },
  };
}
