// Owns what is known of each kind of printer: data only, few and honest.
import type { PageName } from '#drivers/printer/pages.ts';
import type { AckLevel } from '#drivers/printer/printer.ts';

/**
 * Page numbers, columns and dots are facts of escpos-printer-db (CC BY 4.0, see NOTICE); reply
 * levels are from the vendors' manuals.
 */
export interface PrinterProfile {
  readonly profileId: string;
  /** For the settings screen: the models that these facts are from. */
  readonly name: string;
  /** Characters of font A in one row. */
  readonly columns: number;
  /** Printable width; 8 dots are one millimetre. */
  readonly widthDots: number;
  /** The number that `ESC t` wants for each page of this printer. */
  readonly pages: Readonly<Partial<Record<PageName, number>>>;
  /** Pages in the order of trying; the first prints most, so that rows rarely switch. */
  readonly candidates: readonly PageName[];
  readonly hasCutter: boolean;
  /** The strongest sign of finished paper that this printer is expected to give. */
  readonly ackLevel: AckLevel;
}

const epsonPages = { windows1254: 48, cp857: 13, windows1252: 16, cp858: 19, cp437: 0 } as const;

export const printerProfiles: readonly PrinterProfile[] = [
  {
    profileId: 'epson-80',
    name: 'Epson TM-T20II/III, TM-m30III and alike, 80 mm',
    columns: 48,
    widthDots: 576,
    pages: epsonPages,
    candidates: ['windows1254', 'cp857', 'cp437'],
    hasCutter: true,
    ackLevel: 'processId',
  },
  {
    profileId: 'epson-58',
    name: 'Epson and alike, 58 mm',
    columns: 32,
    widthDots: 384,
    pages: epsonPages,
    candidates: ['windows1254', 'cp857', 'cp437'],
    hasCutter: true,
    ackLevel: 'processId',
  },
  {
    profileId: 'rongta-80',
    name: 'Rongta RP326, RP332, 80 mm',
    columns: 48,
    widthDots: 576,
    pages: { windows1254: 32, cp857: 29, windows1252: 16, cp858: 19, cp437: 0 },
    candidates: ['windows1254', 'cp857', 'cp437'],
    hasCutter: true,
    ackLevel: 'gsR',
  },
  {
    profileId: 'generic-80',
    name: 'Other ESC/POS printers, 80 mm',
    columns: 48,
    widthDots: 576,
    pages: { cp857: 13, windows1252: 16, cp858: 19, cp437: 0 },
    candidates: ['cp857', 'windows1252'],
    hasCutter: true,
    ackLevel: 'gsR',
  },
  {
    profileId: 'generic-58',
    name: 'Other ESC/POS printers, 58 mm',
    columns: 32,
    widthDots: 384,
    pages: { cp857: 13, windows1252: 16, cp858: 19, cp437: 0 },
    candidates: ['cp857', 'windows1252'],
    // POS-5890, ZJ-5870 and alike have a tear bar only.
    hasCutter: false,
    ackLevel: 'gsR',
  },
  {
    profileId: 'generic-80-mute',
    name: 'ESC/POS printers behind a box that answers nothing, 80 mm',
    columns: 48,
    widthDots: 576,
    pages: { cp857: 13, windows1252: 16, cp858: 19, cp437: 0 },
    candidates: ['cp857', 'windows1252'],
    hasCutter: true,
    ackLevel: 'none',
  },
];

export function printerProfileById(profileId: string): PrinterProfile | null {
  return printerProfiles.find((profile) => profile.profileId === profileId) ?? null;
}
