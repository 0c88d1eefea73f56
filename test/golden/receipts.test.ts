// Goal: a reviewer sees in a diff what a change does to paper. Method: for each paper width and
// language, the job's bytes as hex and the paper they make, side by side; UPDATE_GOLDEN=1 rewrites.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeReceipt } from '#drivers/printer/encode.ts';
import { layoutReceipt } from '#drivers/printer/layout.ts';
import { type PrinterProfile, printerProfiles } from '#drivers/printer/profiles.ts';
import { nextToken } from '#drivers/virtual/commands.ts';
import { type Paper, paperText } from '#drivers/virtual/paper.ts';
import { paperPng } from '#drivers/virtual/paperPng.ts';
import { createPrintHead } from '#drivers/virtual/printerHead.ts';
import { receiptNumber, receiptToken, sampleReceipt } from '#test/support/receipts.ts';

interface Printed {
  readonly paper: Paper;
  readonly missing: readonly string[];
  /** One row a printed thing: the bytes since the row before, and what they put on paper. */
  readonly sideBySide: string;
}

function printOn(profile: PrinterProfile, language: 'tr' | 'de' | 'en'): Printed {
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

const cases = printerProfiles
  .filter((profile) => profile.profileId !== 'generic-80-mute')
  .flatMap((profile) => (['tr', 'de', 'en'] as const).map((language) => ({ profile, language })));

describe.each(cases)('$profile.profileId, $language', ({ profile, language }) => {
  it('prints what the golden file says', () => {
    const { paper, sideBySide, missing } = printOn(profile, language);
    const golden = `${paperText(paper)}\nmissing: ${missing.join(' ')}\n\n${sideBySide}`;
    const path = new URL(`receipt-${profile.profileId}-${language}.txt`, import.meta.url);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, golden);
    expect(golden).toBe(readFileSync(path, 'utf8'));
  });

  it('prints every Turkish and German letter and the euro sign as they are', () => {
    const { paper } = printOn(profile, language);
    const text = paperText(paper);
    const wanted = { tr: 'Çay Rize|ŞĞÜÖÇİı|41,80 €|TL', de: 'Bäckerei|Weißbrot|14,20 €', en: '€' };
    for (const word of wanted[language].split('|')) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain(word);
    }
    expect(text).not.toContain('?');
  });

  it('draws symbols that a reader reads', (context) => {
    if (spawnSync('zbarimg', ['--version']).error) context.skip('zbarimg is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'puan-paper-'));
    const file = join(folder, 'paper.png');
    writeFileSync(file, paperPng(printOn(profile, language).paper));
    const read = execFileSync('zbarimg', ['-q', file], { encoding: 'utf8', stdio: 'pipe' });
    rmSync(folder, { recursive: true });
    expect(read).toContain(`QR-Code:${receiptToken}`);
    expect(read).toContain(`CODE-128:${receiptNumber}`);
  });
});
