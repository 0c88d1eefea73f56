// Goal: whatever a document says, every row fills the paper exactly and no word is lost, and its
// bytes carry no command of their own. Method: random documents on each width, seeds printed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '#drivers/printer/paper/document.ts';
import { encodeReceipt } from '#drivers/printer/paper/encode.ts';
import { layoutReceipt, type PaperRow, wrapWords } from '#drivers/printer/paper/layout.ts';
import { columnsOf, toColumns } from '#drivers/printer/paper/plainText.ts';
import { printerProfiles } from '#drivers/printer/paper/profiles.ts';
import { findRealTimeCommand } from '#drivers/printer/paper/realTime.ts';
import { nextToken } from '#drivers/virtual/commands.ts';
import { runs } from '#test/support/runs.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(...'abc ğşıİŞĞ€₺ 12,.-\u0010\u0004\u001b'), maxLength: 120 }),
  fc.string({ unit: fc.constantFrom(...'ab حليب(12,5)茶叶שלום₺🎉'), maxLength: 60 }),
);
const align = fc.constantFrom('left' as const, 'right' as const);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({
    type: fc.constant('text' as const),
    text: anyText,
    align: fc.constantFrom('left' as const, 'center' as const, 'right' as const),
    bold: fc.boolean(),
    scale: fc.constantFrom(1 as const, 2 as const),
  }),
  fc.record({
    type: fc.constant('columns' as const),
    left: anyText,
    right: anyText,
    bold: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('table' as const),
    cells: fc.array(
      fc.record({
        text: anyText,
        width: fc.oneof(fc.constant('flex' as const), fc.integer({ min: 1, max: 40 })),
        align,
      }),
      { minLength: 1, maxLength: 5 },
    ),
    bold: fc.boolean(),
  }),
  fc.constant({ type: 'rule' as const }),
  fc.constant({ type: 'space' as const }),
  fc.record({
    type: fc.constant('barcode' as const),
    symbology: fc.constant('code128' as const),
    data: fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 14, maxLength: 14 }),
  }),
);
const document = fc
  .array(block, { maxLength: 6 })
  .chain((blocks) =>
    fc
      .constantFrom('tr', 'ar')
      .map((language) => ({ version: 1 as const, language, blocks: [...blocks] })),
  );

function widthOf(row: PaperRow & { type: 'text' }): number {
  return row.runs.reduce((sum, run) => sum + columnsOf(run.text) * run.scale, 0);
}

const endsWith = (text: string, amount: string) =>
  text.replaceAll(/[\u2066-\u2069]/g, '').endsWith(amount);
const letters = (text: string) => text.replaceAll(' ', '');

describe('layout', () => {
  it('fills every row exactly', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 16, max: 96 }), (receipt, columns) => {
        const rows = layoutReceipt(receipt, columns);
        for (const row of rows) if (row.type === 'text') expect(widthOf(row)).toBe(columns);
        expect(rows.filter((row) => row.type === 'cut')).toHaveLength(1);
      }),
      runs(300),
    );
  });

  it('loses no letter of wrapped text and splits only words longer than the row', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 48 }), (text, width) => {
        const lines = wrapWords(text, width);
        expect(letters(lines.join(''))).toBe(letters(toColumns(text)));
        const words = new Set(lines.flatMap((line) => line.split(' ')));
        for (const word of toColumns(text).split(' ')) {
          if (word !== '' && columnsOf(word) <= width) expect(words).toContain(word);
        }
      }),
      runs(300),
    );
  });

  it('never splits a price', () => {
    const price = fc.integer({ min: 0, max: 9_999_999 }).map((minor) => `${minor},00 €`);
    fc.assert(
      fc.property(anyText, price, fc.constantFrom(32, 48), (name, amount, columns) => {
        const blocks: Block[] = [
          { type: 'columns', left: name, right: amount, bold: false },
          {
            type: 'table',
            bold: false,
            cells: [
              { text: name, width: 'flex', align: 'left' },
              { text: amount, width: 8, align: 'right' },
            ],
          },
        ];
        const rows = layoutReceipt({ version: 1, language: 'de', blocks }, columns);
        const whole = rows.filter(
          (row) => row.type === 'text' && row.runs.some((run) => endsWith(run.text, amount)),
        );
        expect(whole).toHaveLength(2);
      }),
      runs(300),
    );
  });
});

describe('encode', () => {
  it('makes bytes that hold only the commands that we send', () => {
    const allowed = /^(ESC [@MtEad23*]|FS \.|GS [a!hwHkV]|GS v 0|LF)$/;
    fc.assert(
      fc.property(document, fc.constantFrom(...printerProfiles), (receipt, profile) => {
        const encoded = encodeReceipt(layoutReceipt(receipt, profile.columns), profile);
        if (!encoded.ok) throw new Error(encoded.error.code);
        const { bytes } = encoded.value;
        expect(findRealTimeCommand(bytes)).toBe(-1);
        for (let at = 0; at < bytes.length; ) {
          const token = nextToken(bytes, at);
          if (token === null || token.type === 'unknown') throw new Error(`unknown at ${at}`);
          if (token.type === 'command') expect(token.name).toMatch(allowed);
          at += token.type === 'text' ? 1 : token.bytes.length;
        }
      }),
      runs(100),
    );
  });
});
