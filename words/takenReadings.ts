// Owns which sentences about a read say that a sale takes it: for the page, and for the beep.
import type { Key } from '#words/en.ts';

/** Whatever else a read means, the till refuses it. */
export const takenReadings: ReadonlySet<string> = new Set<Key>([
  'reading.member',
  'reading.product',
  'reading.scale-label',
  'reading.code',
  'reading.partner',
  'reading.receipt',
]);
