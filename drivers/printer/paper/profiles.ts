// Owns what a printer profile is, and finding one by its id.
import type { PageName } from '#drivers/printer/paper/pages.ts';
import { profileFacts } from '#drivers/printer/paper/profilesTable.ts';
import type { AckLevel } from '#drivers/printer/printer.ts';

/**
 * How dots are sent: `GS v 0` puts whole rows of them on paper, `ESC *` puts 24 dots high pieces
 * between characters. Many small printers know the first only.
 */
export type Graphics = 'raster-and-column' | 'raster' | 'column' | 'none';

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
  /** Printable width; 7 to 8 dots are one millimetre. */
  readonly widthDots: number;
  /** The number that `ESC t` wants for each page of this printer. */
  readonly pages: Readonly<Partial<Record<PageName, number>>>;
  /** Pages in the order of trying; the first prints most, so that rows rarely switch. */
  readonly candidates: readonly PageName[];
  readonly hasCutter: boolean;
  /** False: the QR code is drawn and sent as dots. */
  readonly hasQr: boolean;
  /** False: `GS k 73` is not known, and the bars are sent as dots. */
  readonly hasCode128: boolean;
  readonly graphics: Graphics;
  /** The strongest sign of finished paper that this printer is expected to give. */
  readonly ackLevel: AckLevel;
}

/** Makers by name, the printers that we know nothing of last. */
export const printerProfiles: readonly PrinterProfile[] = profileFacts;

export function printerProfileById(profileId: string): PrinterProfile | null {
  return printerProfiles.find((profile) => profile.profileId === profileId) ?? null;
}

/**
 * The profile with `page` under the number that the cashier found on the code-page slip: tried
 * before all others.
 */
export function withPage(profile: PrinterProfile, page: PageName, number: number): PrinterProfile {
  return {
    ...profile,
    pages: { ...profile.pages, [page]: number },
    candidates: [page, ...profile.candidates.filter((candidate) => candidate !== page)],
  };
}
