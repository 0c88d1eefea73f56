// Goal: a cashier sees a printer's width, pages and cutter, and a customer the display's two rows.
// Method: slips through the virtual print head with each maker's page numbers; display bytes read.
import { describe, expect, it } from 'vitest';
import { lineDisplayBytes, lineDisplayStart } from '#drivers/display/lineDisplay.ts';
import {
  type PrinterProfile,
  printerProfileById,
  withPage,
} from '#drivers/printer/paper/profiles.ts';
import { codePageRows, testSlip } from '#drivers/printer/paper/testSlip.ts';
import { nextToken } from '#drivers/virtual/commands.ts';
import { paperText } from '#drivers/virtual/paper.ts';
import { createPrintHead } from '#drivers/virtual/printerHead.ts';

function profileOf(profileId: string): PrinterProfile {
  const profile = printerProfileById(profileId);
  if (profile === null) throw new Error(profileId);
  return profile;
}

/** What the paper of `printer` says after the slip that the till made for `believed`. */
function paperOf(
  test: 'ruler' | 'codePages' | 'cut',
  believed: PrinterProfile,
  printer = believed,
): string[] {
  const bytes = testSlip(test, believed);
  const head = createPrintHead({
    widthDots: printer.widthDots,
    pages: printer.pages,
    onEvent: (event) => {
      if (event.type === 'rejected') throw new Error(`refused: ${event.bytes.join(' ')}`);
    },
  });
  for (let at = 0; at < bytes.length; ) {
    const token = nextToken(bytes, at);
    if (token === null) throw new Error('a slip that ends inside a command');
    head.accept(token);
    at += token.type === 'text' ? 1 : token.bytes.length;
  }
  return paperText(head.paper()).split('\n');
}

describe('test slips', () => {
  it.each(['epson-80', 'generic-58', 'epson-u220', 'wincor-80'])(
    'rules the whole width of %s',
    (profileId) => {
      const { columns } = profileOf(profileId);
      const rows = paperOf('ruler', profileOf(profileId));
      expect(rows[0]).toBe(`<${'-'.repeat(columns - 2)}>`);
      expect(rows[2]).toHaveLength(columns);
      expect(rows[2]?.endsWith(String(columns % 10))).toBe(true);
      expect(rows[3]?.endsWith(String(columns))).toBe(true);
    },
  );

  it.each([
    ['epson-80', 'windows1254', 'ğ ş ı İ € é ß'],
    ['rongta-80', 'windows1254', 'ğ ş ı İ € é ß'],
    ['rongta-80', 'iso8859_9', 'ğ ş ı İ - é ß'],
    ['citizen-80', 'cp857', 'ğ ş ı İ - é ß'],
    ['zijiang-58', 'cp857', 'ğ ş ı İ - é ß'],
    ['kefar-80', 'cp858', '- - - - € é ß'],
    ['wincor-80', 'windows1254', 'ğ ş ı İ € é ß'],
  ] as const)('shows on %s which row of %s is right, whatever is believed', (id, page, letters) => {
    const printer = profileOf(id);
    const row = codePageRows().find(
      (one) => one.page === page && one.number === printer.pages[page],
    );
    const paper = paperOf('codePages', profileOf('generic-80'), printer);
    const line = paper.find((text) => text.startsWith(`${row?.label} `));
    expect(line).toContain(page);
    expect(line?.endsWith(letters)).toBe(true);
  });

  it('marks the rows that the profile believes in, and draws where it can', () => {
    const rows = paperOf('codePages', profileOf('epson-80'));
    expect(rows.find((row) => row.startsWith('A'))).toMatch(/windows1254 +48\*/);
    expect(rows.filter((row) => /\d\* /.test(row))).toHaveLength(4);
    expect(new Set(codePageRows().map(({ label }) => label)).size).toBe(codePageRows().length);
    expect(codePageRows().length).toBeLessThanOrEqual(26);
  });

  it('takes the page that the cashier confirmed before all others', () => {
    const found = withPage(profileOf('generic-80'), 'windows1254', 91);
    expect(found.candidates[0]).toBe('windows1254');
    expect(found.pages.windows1254).toBe(91);
  });

  it('cuts where there is a cutter', () => {
    expect(paperOf('cut', profileOf('epson-80'))).toContain('[partial cut]');
    expect(paperOf('cut', profileOf('zijiang-58')).join('')).not.toContain('cut');
  });
});

describe('the line display', () => {
  it('fills both rows of its columns, each from its start', () => {
    const bytes = [...lineDisplayBytes(['TOPLAM 84,00 €', 'Puan: +8'], 20)];
    expect(bytes.slice(0, 4)).toEqual([0x1f, 0x24, 1, 1]);
    const text = Buffer.from(bytes).toString('latin1').replaceAll('\x1bt\x10', '');
    expect(text).toBe(`\x1f$\x01\x01TOPLAM 84,00 \x80      \x1f$\x01\x02Puan: +8${' '.repeat(12)}`);
    expect([...lineDisplayStart]).toEqual([0x1b, 0x40, 0x0c]);
  });

  it('cuts what is too long and says Turkish without the marks that it lacks', () => {
    const text = Buffer.from(lineDisplayBytes(['Değişmiş ekmek ₺ 茶', ''], 20)).toString('latin1');
    expect(text).toContain('Degismis ekmek TL \xa4\xa4');
    const cut = Buffer.from(lineDisplayBytes(['x'.repeat(50), ''], 20)).toString('latin1');
    expect(cut.match(/x+/)?.[0]).toHaveLength(20);
  });
});
