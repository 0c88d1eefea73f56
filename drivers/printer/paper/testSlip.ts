// Owns the slips that show a cashier what a printer does: its width, its code pages, its cutter.
import { CommandWriter } from '#drivers/printer/paper/commandWriter.ts';
import { cutCommand } from '#drivers/printer/paper/encode.ts';
import { RowEncoder } from '#drivers/printer/paper/encodeText.ts';
import { charactersOf, type PageName } from '#drivers/printer/paper/pages.ts';
import { type PrinterProfile, printerProfiles } from '#drivers/printer/paper/profiles.ts';
import { loadTextDrawer } from '#drivers/printer/paper/rasterText.ts';
import type { PrinterTest } from '#drivers/printer/printer.ts';

/** One row of the code-page slip; `label` is what the cashier reads off the row that is right. */
export interface CodePageRow {
  readonly label: string;
  readonly page: PageName;
  readonly number: number;
}

/** What tells pages apart: Turkish, the euro, Western. */
const SAMPLE = [...'ğşıİ€éß'];
/** No page has these: they show whether the printer takes dots inside a row. */
const DRAWN_SAMPLE = '₺ ≈ 茶';
const SAMPLE_PAGES: readonly PageName[] = [
  'windows1254',
  'cp857',
  'iso8859_9',
  'windows1252',
  'cp858',
];
/** Stands for a character that the page of the row does not have. */
const ABSENT = '-';

/**
 * Every number that some maker gives to a page with Turkish letters or the euro: A, B, C… A row is
 * right where its letters read `ğ ş ı İ € é ß` (`-` for those that its page lacks).
 */
export function codePageRows(): CodePageRow[] {
  const rows = SAMPLE_PAGES.flatMap((page) => {
    const numbers = printerProfiles.flatMap((profile) => profile.pages[page] ?? []);
    return [...new Set(numbers)].map((number) => ({ page, number }));
  });
  const letterA = 'A'.charCodeAt(0);
  return rows.map((row, index) => ({ ...row, label: String.fromCharCode(letterA + index) }));
}

/** The bytes of a test slip, from `ESC @` to the cut; the drawer has its pulse (encode.ts). */
export function testSlip(
  test: Exclude<PrinterTest, 'drawer'>,
  profile: PrinterProfile,
): Uint8Array {
  const writer = new CommandWriter(profile);
  const encoder = new RowEncoder(profile, loadTextDrawer);
  const print = (text: string): void =>
    encoder.encodeRow(writer, [{ text, bold: false, scale: 1 }]);
  if (test === 'ruler') for (const row of ruler(profile.columns)) print(row);
  else if (test === 'codePages') {
    for (const row of codePageRows()) printPage(writer, row, profile);
    print(`*  ${DRAWN_SAMPLE}`);
  } else print('-'.repeat(profile.columns));
  writer.raw(cutCommand(profile));
  return writer.finish();
}

/** Its last column is the paper's: a row that wraps, or leaves a margin, shows a wrong width. */
function ruler(columns: number): string[] {
  const numbers = Array.from({ length: columns }, (_, index) => index + 1);
  return [
    `<${'-'.repeat(columns - 2)}>`,
    numbers.map((number) => (number % 10 === 0 ? String(number / 10) : ' ')).join(''),
    numbers.map((number) => String(number % 10)).join(''),
    `${columns}`.padStart(columns, '.'),
  ];
}

/** `A windows1254  48* ğ ş ı İ € é ß`; the star marks what the profile believes in. */
function printPage(writer: CommandWriter, row: CodePageRow, profile: PrinterProfile): void {
  const mark = profile.pages[row.page] === row.number ? '*' : ' ';
  const number = String(row.number).padStart(4);
  // With the sample just 32 columns: 58 mm paper.
  const head = `${row.label} ${row.page.padEnd(11)}${number}${mark} `;
  writer.raw(Buffer.from(head, 'ascii'));
  writer.usePageNumber(row.number);
  const characters = charactersOf(row.page);
  for (const [index, character] of SAMPLE.entries()) {
    if (index > 0) writer.byte(0x20);
    writer.byte(characters.get(character) ?? ABSENT.charCodeAt(0));
  }
  writer.newline();
}
