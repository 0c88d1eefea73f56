// Goal: docs/printing.md lists every printer that can be chosen, with what it can do. Method: its
// table is held against the table of profiles, row by row.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type PrinterProfile, printerProfiles } from '#drivers/printer/paper/profiles.ts';
import type { AckLevel } from '#drivers/printer/printer.ts';

const page = readFileSync(new URL('../../../../docs/printing.md', import.meta.url), 'utf8');

const signs: Readonly<Record<AckLevel, string>> = {
  processId: 'process id',
  gsR: 'GS r',
  asb: 'only what is wrong',
  none: 'not at all',
};

function turkish({ candidates, graphics }: PrinterProfile): string {
  if (candidates.includes('windows1254')) return 'one page (1254)';
  if (candidates.includes('cp857')) return '857, € by 1252';
  return graphics === 'none' ? 'partly without marks' : 'partly drawn in dots';
}

function row(profile: PrinterProfile): string {
  const { profileId, name, columns, widthDots, ackLevel } = profile;
  const cells = [`\`${profileId}\``, name, columns, widthDots, turkish(profile), signs[ackLevel]];
  return `| ${cells.join(' | ')} |`;
}

it('docs/printing.md has each profile as it is', () => {
  const rows = page.split('\n').filter((line) => /^\| `[a-z0-9-]+` \|/.test(line));
  expect(rows).toEqual(printerProfiles.map(row));
});
