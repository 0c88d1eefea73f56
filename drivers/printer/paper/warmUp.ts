// Owns what printing loads and compiles once: done before anything waits for it.
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { testSlip } from '#drivers/printer/paper/testSlip.ts';

/**
 * Reads the fonts and draws a character of each: a quarter of a second and more on a slow till, for
 * which the process stands still. A receipt that had to do it would hold up reads of scanners.
 */
export function warmUpPrinting(profileId: string): void {
  const profile = printerProfileById(profileId);
  if (profile !== null) testSlip('codePages', profile);
}
