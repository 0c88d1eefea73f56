// Goal: text in any script stands on paper as it is written, or is named as missing.
// Method: real fonts; letters in known places, joined or not, and every profile's facts checked.
import { describe, expect, it } from 'vitest';
import { CommandWriter } from '#drivers/printer/paper/commandWriter.ts';
import { nameEmoji } from '#drivers/printer/paper/emoji.ts';
import { encodeReceipt } from '#drivers/printer/paper/encode.ts';
import { RowEncoder } from '#drivers/printer/paper/encodeText.ts';
import { layoutReceipt, type PaperRow } from '#drivers/printer/paper/layout.ts';
import { charactersOf, pageNames } from '#drivers/printer/paper/pages.ts';
import { columnsOf, toColumns } from '#drivers/printer/paper/plainText.ts';
import {
  type PrinterProfile,
  printerProfileById,
  printerProfiles,
} from '#drivers/printer/paper/profiles.ts';
import { type Bitmap, isBlack } from '#drivers/printer/paper/raster.ts';
import { loadTextDrawer } from '#drivers/printer/paper/rasterText.ts';
import { visualRuns } from '#drivers/printer/paper/visualOrder.ts';

function profileOf(profileId: string): PrinterProfile {
  const profile = printerProfileById(profileId);
  if (profile === null) throw new Error(profileId);
  return profile;
}

function draw(text: string, isRightToLeft = false, isBold = false, scale: 1 | 2 = 1): Bitmap {
  const drawer = loadTextDrawer();
  if (drawer === null) throw new Error('the fonts are installed');
  return drawer.draw(text, { isBold, scale, isRightToLeft });
}

/** Black dots in each cell of 12 dots, from the left. */
function inkByCell(picture: Bitmap): number[] {
  const ink = new Array<number>(picture.widthDots / 12).fill(0);
  for (let y = 0; y < picture.heightDots; y += 1) {
    for (let x = 0; x < picture.widthDots; x += 1) {
      if (isBlack(picture, x, y)) ink[Math.floor(x / 12)] = (ink[Math.floor(x / 12)] ?? 0) + 1;
    }
  }
  return ink;
}

const total = (picture: Bitmap) => inkByCell(picture).reduce((sum, ink) => sum + ink, 0);

describe('drawn text', () => {
  it('fills the cells that layout measured', () => {
    for (const text of ['₺', '茶叶', 'λ', 'Ж']) {
      const picture = draw(text);
      expect(picture.widthDots, text).toBe(columnsOf(text) * 12);
      expect(picture.heightDots).toBe(24);
      expect(total(picture), text).toBeGreaterThan(20);
    }
    expect(draw('茶', false, false, 2)).toMatchObject({ widthDots: 48, heightDots: 48 });
    expect(total(draw('茶', false, true))).toBeGreaterThan(total(draw('茶')));
  });

  it('joins Arabic letters and begins at the right', () => {
    const word = draw('حليب', true);
    const apart = [...'حليب'].reduce((sum, letter) => sum + total(draw(letter, true)), 0);
    expect(total(word)).not.toBe(apart);
    // All four cells have ink, and neighbours touch: a line goes through the edge of the cells.
    expect(inkByCell(word).every((ink) => ink > 0)).toBe(true);
    for (const edge of [12, 24, 36]) {
      const rows = Array.from({ length: 24 }, (_, y) => y);
      expect(
        rows.some((y) => isBlack(word, edge - 1, y) && isBlack(word, edge, y)),
        `joined at ${edge}`,
      ).toBe(true);
    }
    // Lam and alef share one glyph: the free cell is at the left, where the word ends.
    expect(inkByCell(draw('لا', true))[0]).toBeLessThan(inkByCell(draw('لا', true))[1] ?? 0);
  });

  it('has the characters of its scripts and says so of others', () => {
    const drawer = loadTextDrawer();
    for (const character of 'ğşıİ₺€ЖλشבaÅ茶あ☎') expect(drawer?.canDraw(character)).toBe(true);
    for (const character of 'ก한𓀀') expect(drawer?.canDraw(character)).toBe(false);
  });
});

describe('the order on paper', () => {
  const order = (text: string) => visualRuns(text).map((run) => run.text);

  it('is that of reading where nothing is read from the right', () => {
    expect(order('abc 12')).toEqual(['abc 12']);
  });

  it('turns Arabic round its numbers', () => {
    expect(order('سعر 12 ريال')).toEqual([' ريال', '12', 'سعر ']);
    expect(order('abc سعر')).toEqual(['abc ', 'سعر']);
  });

  it('mirrors brackets that are read from the right', () => {
    const writer = new CommandWriter(profileOf('epson-58'), []);
    const runs = [{ text: '\u2067(حليب)\u2069', bold: false, scale: 1 as const }];
    new RowEncoder(profileOf('epson-58'), loadTextDrawer).encodeRow(writer, runs);
    // ESC t 48, then the word between brackets that open to the right on paper.
    const bytes = [...writer.finish()];
    expect(bytes.slice(0, 7)).toEqual([0x1b, 0x74, 48, 0x28, 0x1b, 0x2a, 33]);
    expect(bytes.slice(-2)).toEqual([0x29, 0x0a]);
  });

  it('keeps columns apart in a row read from the right', () => {
    const rows = (language: string, left: string) =>
      layoutReceipt(
        {
          version: 1,
          language,
          blocks: [{ type: 'columns', left, right: '3.50', bold: false }],
        },
        32,
      );
    const shown = (row: PaperRow | undefined) =>
      row?.type === 'text' ? order(row.runs[0]?.text ?? '').join('') : '';
    expect(shown(rows('ar', 'Cola (330)')[0])).toBe('3.50                  Cola (330)');
    expect(shown(rows('ar', 'حليب')[0])).toBe('3.50                        حليب');
    expect(shown(rows('en', 'حليب')[0])).toBe('حليب                        3.50');
  });

  it('ends a row read from the right at the left edge, with its number', () => {
    const rows = layoutReceipt(
      {
        version: 1,
        language: 'ar',
        blocks: [{ type: 'text', text: 'شكرا', align: 'left', bold: false, scale: 1 }],
      },
      32,
    );
    const runs = rows[0]?.type === 'text' ? rows[0].runs : [];
    const writer = new CommandWriter(profileOf('epson-58'));
    new RowEncoder(profileOf('epson-58'), loadTextDrawer).encodeRow(writer, runs);
    const bytes = Buffer.from(writer.finish());
    // 28 blanks, then the word as 48 columns of dots.
    expect(bytes.includes(Buffer.from(`${' '.repeat(28)}\x1b*!\x30\x00`, 'latin1'))).toBe(true);
  });
});

describe('emoji', () => {
  it.each([
    ['🎉', '(party popper)'],
    ['👍🏽', '(thumbs up)'],
    ['👨‍👩‍👧', '(family man, woman, girl)'],
    ['🇹🇷', '(flag Türkiye)'],
    ['☕', '(hot beverage)'],
    ['©', '©'],
    ['★ 12 #', '★ 12 #'],
  ])('%s is printed as %s', (emoji, name) => {
    expect(nameEmoji(emoji)).toBe(name);
  });
});

describe('pages and profiles', () => {
  it('never prints the euro sign by cp857, nor by a byte below 80h', () => {
    expect(charactersOf('cp857').has('€')).toBe(false);
    for (const page of pageNames) {
      for (const [character, byte] of charactersOf(page)) {
        expect(byte >= 0x80 || character.charCodeAt(0) === byte).toBe(true);
      }
    }
  });

  it.each(printerProfiles)('$profileId holds together', (profile) => {
    expect(profile.columns * 12).toBeLessThanOrEqual(profile.widthDots);
    expect(profile.candidates.length).toBeGreaterThan(0);
    for (const page of profile.candidates) expect(profile.pages[page]).toBeTypeOf('number');
    const numbers = Object.values(profile.pages);
    expect(new Set(numbers).size, 'a number stands for one page').toBe(numbers.length);
    expect(printerProfiles.filter(({ profileId }) => profileId === profile.profileId)).toHaveLength(
      1,
    );
  });

  it.each(printerProfiles)('$profileId says every Turkish letter or names it', (profile) => {
    const runs = [{ text: toColumns('ĞÜŞİÖÇğüşıöç € ₺'), bold: false, scale: 1 as const }];
    const encoded = encodeReceipt([{ type: 'text', runs }], profile);
    const missing = encoded.ok ? encoded.value.missing : ['?'];
    const isMute = profile.graphics === 'none';
    expect(missing).toEqual(isMute ? expect.arrayContaining(['₺']) : []);
  });
});
