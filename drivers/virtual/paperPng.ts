// Owns the paper as a PNG at printer dots. Apart from the SVG, since it loads a native module.
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import type { Paper } from '#drivers/virtual/paper.ts';
import { paperSvg } from '#drivers/virtual/paperSvg.ts';

/** One pixel a dot; drawn with DejaVu Sans Mono whatever fonts the machine has. */
export function paperPng(paper: Paper): Buffer {
  const { resolve } = createRequire(import.meta.url);
  const fonts = ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf'];
  const drawing = new Resvg(paperSvg(paper), {
    font: {
      loadSystemFonts: false,
      fontFiles: fonts.map((file) => resolve(`dejavu-fonts-ttf/ttf/${file}`)),
      defaultFontFamily: 'DejaVu Sans Mono',
    },
  });
  return drawing.render().asPng();
}
