// Owns how the paper looks: a picture at the printer's own dots, as SVG.
import { toSVG } from 'bwip-js/node';
import {
  CHARACTER_DOTS,
  type Paper,
  type PaperItem,
  type PrintedAlign,
  type PrintedDots,
  type PrintedRun,
  type PrintedText,
  runDots,
} from '#drivers/virtual/paper.ts';

/** White around the print, wide enough for a reader's quiet zone. */
const MARGIN_DOTS = 32;
/** 1/6 inch at 203 dots per inch, less what printers leave out. */
const LINE_DOTS = 30;
/** Advance of DejaVu Sans Mono is 0.602 of its size; a character is 12 dots wide. */
const FONT_SIZE = 19.93;
const BASELINE_DOTS = 19;

interface Drawing {
  readonly svg: string;
  readonly heightDots: number;
}

/** A whole SVG document; characters are drawn one word at a time, each at its own column. */
export function paperSvg(paper: Paper): string {
  const parts: string[] = [];
  let y = MARGIN_DOTS;
  for (const item of paper.items) {
    const drawing = drawItem(item, paper.widthDots);
    parts.push(`<g transform="translate(${MARGIN_DOTS} ${y})">${drawing.svg}</g>`);
    y += drawing.heightDots;
  }
  const width = paper.widthDots + 2 * MARGIN_DOTS;
  const height = y + MARGIN_DOTS;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`,
    ` viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans Mono, monospace"`,
    ` font-size="${FONT_SIZE}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('');
}

function drawItem(item: PaperItem, widthDots: number): Drawing {
  switch (item.type) {
    case 'line':
      return drawLine(item, widthDots);
    case 'feed':
      return { svg: '', heightDots: item.dots };
    case 'cut':
      return drawCut(widthDots, item.isPartial);
    case 'raster':
      return drawRaster(item, widthDots);
    case 'qr':
      return drawQr(item, widthDots);
    case 'barcode':
      return drawBarcode(item, widthDots);
  }
}

function startX(align: PrintedAlign, width: number, widthDots: number): number {
  const free = Math.max(0, widthDots - width);
  return align === 'left' ? 0 : align === 'right' ? free : Math.floor(free / 2);
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function drawLine(item: PaperItem & { type: 'line' }, widthDots: number): Drawing {
  const { runs, align, spacingDots } = item;
  const width = runs.reduce((sum, run) => sum + runDots(run), 0);
  const inkDots = Math.max(0, ...runs.map(runHeight));
  let x = startX(align, width, widthDots);
  const parts: string[] = [];
  for (const run of runs) {
    // Characters of all sizes, and dots, stand on one base line.
    const top = inkDots - runHeight(run);
    parts.push(run.type === 'dots' ? drawDots(run, x, top) : drawRun(run, x, top));
    x += runDots(run);
  }
  // High characters keep the white that normal ones have between lines.
  const whiteDots = Math.max(0, spacingDots - CHARACTER_DOTS.height);
  return { svg: parts.join(''), heightDots: Math.max(spacingDots, inkDots + whiteDots) };
}

function runHeight(run: PrintedRun): number {
  const dots = run.type === 'dots' ? run.heightDots : CHARACTER_DOTS.height;
  return dots * run.heightScale;
}

function drawRun(run: PrintedText, x: number, top: number): string {
  const columns = [...run.text].length;
  const width = columns * CHARACTER_DOTS.width;
  const parts: string[] = [];
  const ink = run.isInverted ? '#fff' : '#000';
  if (run.isInverted) {
    parts.push(`<rect width="${width}" height="${CHARACTER_DOTS.height}" fill="#000"/>`);
  }
  if (run.isUnderlined) parts.push(`<rect y="22" width="${width}" height="1" fill="${ink}"/>`);
  for (const word of run.text.matchAll(/\S+/gu)) {
    const column = [...run.text.slice(0, word.index)].length;
    const weight = run.isBold ? ' font-weight="bold"' : '';
    parts.push(
      `<text x="${column * CHARACTER_DOTS.width}" y="${BASELINE_DOTS}"${weight} fill="${ink}">`,
      `${escapeText(word[0])}</text>`,
    );
  }
  const place = `translate(${x} ${top}) scale(${run.widthScale} ${run.heightScale})`;
  return `<g transform="${place}">${parts.join('')}</g>`;
}

function drawCut(widthDots: number, isPartial: boolean): Drawing {
  const from = -MARGIN_DOTS;
  const to = widthDots + MARGIN_DOTS;
  const dash = isPartial ? '14 6' : '2 4';
  const svg = `<path d="M${from} 20H${to}" stroke="#888" stroke-dasharray="${dash}"/>`;
  return { svg, heightDots: 40 };
}

function drawRaster(item: PaperItem & { type: 'raster' }, widthDots: number): Drawing {
  const { dots, align } = item;
  const x = startX(align, runDots(dots), widthDots);
  return { svg: drawDots(dots, x, 0), heightDots: runHeight(dots) };
}

function drawDots(dots: PrintedDots, x: number, y: number): string {
  const rowBytes = Math.ceil(dots.widthDots / 8);
  const path: string[] = [];
  for (let row = 0; row < dots.heightDots; row += 1) {
    let runStart: number | null = null;
    for (let column = 0; column <= dots.widthDots; column += 1) {
      const byte = dots.bits[row * rowBytes + (column >> 3)] ?? 0;
      const isBlack = column < dots.widthDots && (byte & (0x80 >> (column & 7))) !== 0;
      if (isBlack) runStart ??= column;
      else if (runStart !== null) {
        path.push(`M${runStart} ${row}h${column - runStart}v1h${runStart - column}z`);
        runStart = null;
      }
    }
  }
  const place = `translate(${x} ${y}) scale(${dots.widthScale} ${dots.heightScale})`;
  return `<path transform="${place}" shape-rendering="crispEdges" d="${path.join('')}"/>`;
}

/** Takes the drawing out of bwip-js's own document: its size in units, and what is inside. */
function openSvg(svg: string): { width: number; height: number; inside: string } {
  const size = /viewBox="0 0 ([0-9]+) ([0-9]+)"/.exec(svg);
  const inside = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
  return { width: Number(size?.[1] ?? '1'), height: Number(size?.[2] ?? '1'), inside };
}

/** bwip-js draws a QR module two units wide. */
const QR_UNITS = 2;

function drawQr(item: PaperItem & { type: 'qr' }, widthDots: number): Drawing {
  const options = { bcid: 'qrcode', text: item.data, eclevel: item.errorLevel, scale: 1 };
  const { width, inside } = openSvg(toSVG(options));
  const scale = item.moduleDots / QR_UNITS;
  const size = width * scale;
  const x = startX(item.align, size, widthDots);
  const place = `translate(${x} ${LINE_DOTS / 2}) scale(${scale})`;
  return {
    svg: `<g transform="${place}" shape-rendering="crispEdges">${inside}</g>`,
    heightDots: size + LINE_DOTS,
  };
}

function drawBarcode(item: PaperItem & { type: 'barcode' }, widthDots: number): Drawing {
  let drawn: ReturnType<typeof openSvg>;
  try {
    // `raw` is BWIPP's own option, which the package's types leave out: code words as they are.
    const options: Parameters<typeof toSVG>[0] & { raw: boolean } = {
      bcid: item.symbology,
      text: item.drawn,
      scale: 1,
      height: 10,
      raw: item.symbology === 'code128',
    };
    drawn = openSvg(toSVG(options));
  } catch {
    // bwip-js refuses a wrong check digit; a printer prints nothing then.
    return { svg: '', heightDots: 0 };
  }
  const width = drawn.width * item.moduleDots;
  const x = startX(item.align, width, widthDots);
  const hasAbove = item.text === 'above' || item.text === 'both';
  const hasBelow = item.text === 'below' || item.text === 'both';
  const top = hasAbove ? LINE_DOTS : 4;
  const scale = `scale(${item.moduleDots} ${item.heightDots / drawn.height})`;
  const bars = `<g transform="translate(${x} ${top}) ${scale}" shape-rendering="crispEdges">`;
  const textX = startX(item.align, [...item.data].length * CHARACTER_DOTS.width, widthDots);
  const text = (y: number) => `<text x="${textX}" y="${y}">${escapeText(item.data)}</text>`;
  const belowY = top + item.heightDots + BASELINE_DOTS + 2;
  return {
    svg: [
      hasAbove ? text(BASELINE_DOTS) : '',
      `${bars}${drawn.inside}</g>`,
      hasBelow ? text(belowY) : '',
    ].join(''),
    heightDots: top + item.heightDots + (hasBelow ? LINE_DOTS : 4),
  };
}
