// Goal: a reviewer sees in a diff what a change does to paper. Method: for each paper width and
// language, the job's bytes as hex and the paper they make, side by side; UPDATE_GOLDEN=1 rewrites.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeReceipt } from '#drivers/printer/paper/encode.ts';
import { layoutReceipt } from '#drivers/printer/paper/layout.ts';
import { type PrinterProfile, printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { nextToken } from '#drivers/virtual/commands.ts';
import { type Paper, paperText } from '#drivers/virtual/paper.ts';
import { paperPng } from '#drivers/virtual/paperPng.ts';
import { createPrintHead } from '#drivers/virtual/printerHead.ts';
import {
  type Language,
  receiptNumber,
  receiptToken,
  sampleReceipt,
} from '#test/support/receipts.ts';

interface Printed {
  readonly paper: Paper;
  readonly missing: readonly string[];
  /** One row a printed thing: the bytes since the row before, and what they put on paper. */
  readonly sideBySide: string;
}

function printOn(profile: PrinterProfile, language: Language): Printed {
  const rows = layoutReceipt(sampleReceipt(language), profile.columns);
  const encoded = encodeReceipt(rows, profile);
  if (!encoded.ok) throw new Error(encoded.error.code);
  const { bytes, missing } = encoded.value;
  const lines: string[] = [];
  let start = 0;
  let end = 0;
  const head = createPrintHead({
    widthDots: profile.widthDots,
    pages: profile.pages,
    onEvent: (event) => {
      if (event.type === 'rejected') throw new Error(`refused at ${end}`);
      const said = event.type === 'line' ? event.text.trimEnd() : `[${event.type}]`;
      const hex =
        Buffer.from(bytes.subarray(start, end))
          .toString('hex')
          .match(/.{1,64}/g) ?? [];
      lines.push(`${said}\n    ${hex.join('\n    ')}\n`);
      start = end;
    },
  });
  while (end < bytes.length) {
    const token = nextToken(bytes, end);
    if (token === null) throw new Error('a job that ends inside a command');
    end += token.type === 'text' ? 1 : token.bytes.length;
    head.accept(token);
  }
  return { paper: head.paper(), missing, sideBySide: lines.join('') };
}

function printerFor(profileId: string): PrinterProfile {
  const profile = printerProfileById(profileId);
  if (profile === null) throw new Error(profileId);
  return profile;
}

const languages = ['tr', 'de', 'en', 'ar'] as const;
/** Both widths, every way to draw, and a printer that draws nothing. */
const cases = [
  'epson-80',
  'epson-58',
  'rongta-80',
  'generic-80',
  'generic-58',
  'wincor-80-plain',
  'zijiang-58',
  'epson-u220',
].flatMap((profileId) =>
  languages.map((language) => ({ profileId, profile: printerFor(profileId), language })),
);
const withTurkishPage = cases.filter(
  ({ profileId, language }) => profileId !== 'epson-u220' && language !== 'ar',
);
const withSymbols = cases.filter(({ profileId }) => profileId !== 'epson-u220');

describe('receipts', () => {
  it.each(cases)(
    'prints on $profileId in $language what the golden file says',
    ({ profile, language }) => {
      const { paper, sideBySide, missing } = printOn(profile, language);
      const golden = `${paperText(paper)}\nmissing: ${missing.join(' ')}\n\n${sideBySide}`;
      const path = new URL(`receipt-${profile.profileId}-${language}.txt`, import.meta.url);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, golden);
      expect(golden).toBe(readFileSync(path, 'utf8'));
    },
  );

  it.each(withTurkishPage)(
    'prints on $profileId in $language every letter as it is',
    ({ profile, language }) => {
      const { paper, missing } = printOn(profile, language);
      const text = paperText(paper).replaceAll(/\s+/g, ' ');
      const wanted = { tr: 'Çay Rize|ŞĞÜÖÇİı', de: 'Bäckerei|Weißbrot|14,20 €', en: '€' };
      for (const word of wanted[language as 'tr' | 'de' | 'en'].split('|')) {
        expect(text).toContain(word);
      }
      expect(text).not.toMatch(/[?¤]/);
      expect(missing).toEqual([]);
    },
  );

  it('spells out what a printer without dots cannot say, and says that it did', () => {
    const { paper, missing } = printOn(printerFor('epson-u220'), 'tr');
    expect(paperText(paper)).toContain('1.780,50 TL');
    expect(missing).toEqual(expect.arrayContaining(['₺', 'ğ', 'ş']));
  });

  it.for(withSymbols)(
    'draws symbols on $profileId in $language that a reader reads',
    ({ profile, language }, context) => {
      if (spawnSync('zbarimg', ['--version']).error) context.skip('zbarimg is not installed');
      const folder = mkdtempSync(join(tmpdir(), 'puan-paper-'));
      const file = join(folder, 'paper.png');
      writeFileSync(file, paperPng(printOn(profile, language).paper));
      const read = execFileSync('zbarimg', ['-q', file], { encoding: 'utf8', stdio: 'pipe' });
      rmSync(folder, { recursive: true });
      expect(read).toContain(`QR-Code:${receiptToken}`);
      expect(read).toContain(`CODE-128:${receiptNumber}`);
    },
  );
});
