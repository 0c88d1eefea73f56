// Owns a logo on screen: the very dots that the printer burns.
import { useEffect, useRef } from 'react';
import type { MethodOutput } from '#till/contract.ts';

type PictureRow = Extract<MethodOutput<'receipt.preview'>['rows'][number], { type: 'image' }>;
type Picture = PictureRow['picture'];

/** One bit a dot, rows of whole bytes; null for damaged dots, which a printer leaves out too. */
async function bitsOf({ deflated, widthDots, heightDots }: Picture): Promise<Uint8Array | null> {
  try {
    const stored = Uint8Array.from(atob(deflated), (character) => character.charCodeAt(0));
    const inflated = new Blob([stored])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    const bits = new Uint8Array(await new Response(inflated).arrayBuffer());
    return bits.length === Math.ceil(widthDots / 8) * heightDots ? bits : null;
  } catch {
    return null;
  }
}

function draw(canvas: HTMLCanvasElement, bits: Uint8Array): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  const rowBytes = Math.ceil(width / 8);
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const byte = bits[y * rowBytes + (x >> 3)] ?? 0;
      if ((byte >> (7 - (x & 7))) & 1) context.fillRect(x, y, 1, 1);
    }
  }
}

export function PaperPicture({ row }: { readonly row: PictureRow }) {
  const { name, columns, picture } = row;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { widthDots, heightDots } = picture;
  useEffect(() => {
    let isCurrent = true;
    void bitsOf(picture).then((bits) => {
      if (isCurrent && bits !== null && canvas.current !== null) draw(canvas.current, bits);
    });
    return () => {
      isCurrent = false;
    };
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={name}
      width={widthDots}
      height={heightDots}
      className="mx-auto block max-w-full"
      style={{ width: `${columns}ch` }}
      data-testid="paper-picture"
    />
  );
}
