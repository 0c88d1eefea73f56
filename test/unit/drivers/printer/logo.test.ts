// Goal: a shop's picture becomes dots, or a reason; never a crash, never a file of the till.
// Method: real SVG and PNG (drawn by the same renderer as a picture), and files that lie.
import { inflateRawSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { encodeReceipt } from '#drivers/printer/paper/encode.ts';
import { layoutReceipt, previewReceipt } from '#drivers/printer/paper/layout.ts';
import { makeLogo } from '#drivers/printer/paper/logo.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { nextToken } from '#drivers/virtual/commands.ts';

const svgOf = (inside: string, size = 'width="600" height="150"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${inside}</svg>`);
const square = '<rect width="300" height="150" fill="black"/>';
const tenTimes = (id: string, inside: string) =>
  `<g id="${id}">${inside}</g>${`<use href="#${id}"/>`.repeat(9)}`;
const pngOf = (widthPixels: number) =>
  new Resvg(svgOf(square).toString(), { fitTo: { mode: 'width', value: widthPixels } })
    .render()
    .asPng();

const pngAddress = `data:image/png;base64,${pngOf(9).toString('base64')}`;

function logoOf(file: Uint8Array) {
  const made = makeLogo(file, 'Ada Market');
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

function blackShare(picture: { widthDots: number; heightDots: number; deflated: string }): number {
  const bits = inflateRawSync(Buffer.from(picture.deflated, 'base64'));
  let black = 0;
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) black += 1;
  return black / (picture.widthDots * picture.heightDots);
}

describe('a logo', () => {
  it('fills the paper from an SVG, at each width', () => {
    const { pictures } = logoOf(svgOf(square));
    expect(pictures.map(({ widthDots, heightDots }) => [widthDots, heightDots])).toEqual([
      [576, 144],
      [384, 96],
    ]);
    for (const picture of pictures) expect(blackShare(picture)).toBeCloseTo(0.5, 1);
  });

  it('is as grey as the picture', () => {
    const grey = logoOf(svgOf('<rect width="600" height="150" fill="#808080"/>'));
    for (const picture of grey.pictures) expect(blackShare(picture)).toBeCloseTo(0.5, 1);
    const light = logoOf(svgOf('<rect width="600" height="150" fill="#000" opacity="0.25"/>'));
    for (const picture of light.pictures) expect(blackShare(picture)).toBeCloseTo(0.25, 1);
  });

  it('never enlarges a PNG, and makes a wide one smaller', () => {
    expect(logoOf(pngOf(200)).pictures.map(({ widthDots }) => widthDots)).toEqual([200, 200]);
    expect(logoOf(pngOf(1000)).pictures.map(({ widthDots }) => widthDots)).toEqual([576, 384]);
  });

  it('is at most 320 dots high', () => {
    const tall = logoOf(svgOf(square, 'width="300" height="1500"'));
    for (const { heightDots } of tall.pictures) expect(heightDots).toBeLessThanOrEqual(320);
  });

  it.each([
    ['logo-format-unknown', Buffer.from('GIF89a')],
    ['logo-format-unknown', Buffer.alloc(0)],
    ['logo-too-large', Buffer.alloc(3 * 1024 * 1024)],
    ['logo-unreadable', pngOf(100).subarray(0, 60)],
    ['logo-unreadable', svgOf('')],
    ['logo-unreadable', svgOf('<rect')],
    ['logo-unreadable', svgOf(square, 'width="9000" height="10"')],
    ['logo-unreadable', svgOf('<image width="9" height="9" href="/etc/logo.png"/>')],
    ['logo-unreadable', svgOf('<image width="9" height="9" xlink:href="file:///a.png"/>')],
    ['logo-unreadable', svgOf('<style>@import "a.css"</style><rect width="9" height="9"/>')],
    ['logo-unreadable', svgOf(`<image width="9" height="9" href="${pngAddress}"/>`)],
    ['logo-unreadable', svgOf(tenTimes('a', tenTimes('b', tenTimes('c', square))))],
    ['logo-unreadable', svgOf(`<filter id="a"><feTurbulence/></filter>${square}`)],
    ['logo-unreadable', svgOf(square, 'width="1" height="4096"')],
  ] as const)('answers %s for a file that is none', (code, file) => {
    const made = makeLogo(file, 'x');
    expect(made.ok ? null : made.error.code).toBe(code);
  });

  it('is printed as wide as the paper, and stands by its name where it cannot be', () => {
    const blocks = [logoOf(svgOf(square))];
    const document = { version: 1 as const, language: 'tr', blocks };
    const printed = (profileId: string) => {
      const profile = printerProfileById(profileId);
      if (profile === null) throw new Error(profileId);
      const encoded = encodeReceipt(layoutReceipt(document, profile.columns), profile);
      if (!encoded.ok) throw new Error(encoded.error.code);
      const { bytes, missing } = encoded.value;
      const widths: number[] = [];
      for (let at = 0; at < bytes.length; ) {
        const token = nextToken(bytes, at);
        if (token === null) throw new Error('a job that ends inside a command');
        if (token.type === 'command' && token.name === 'GS v 0') widths.push(token.bytes[4] ?? 0);
        at += token.type === 'text' ? 1 : token.bytes.length;
      }
      return { widths: [...new Set(widths)], missing };
    };
    expect(printed('epson-80')).toEqual({ widths: [72], missing: [] });
    expect(printed('epson-58')).toEqual({ widths: [48], missing: [] });
    expect(printed('epson-t88')).toEqual({ widths: [48], missing: [] });
    expect(printed('epson-u220')).toEqual({ widths: [], missing: ['Ada Market'] });
    const shown = (columns: number) => previewReceipt(document, columns)[0];
    expect(shown(48)).toMatchObject({ type: 'image', columns: 48, picture: { widthDots: 576 } });
    expect(shown(42)).toMatchObject({ type: 'image', columns: 32, picture: { widthDots: 384 } });
    const row = shown(24);
    expect(row?.type === 'text' ? row.runs[0]?.text.trim() : null).toBe('[Ada Market]');
  });

  it('never costs a receipt: damaged dots are left out', () => {
    const profile = printerProfileById('epson-80');
    if (profile === null) throw new Error('the profile is there');
    const pictures = [{ widthDots: 576, heightDots: 10, deflated: 'AAAA' }];
    const encoded = encodeReceipt([{ type: 'image', name: 'Logo', pictures }], profile);
    expect(encoded.ok ? encoded.value.missing : null).toEqual(['Logo']);
  });
});
