// Owns what a page says of a scan: its text, and how a keyboard scanner typed it.
import * as z from 'zod/mini';

/** Of `lastScan` in `drivers/scanner/wedge/wedge.ts`. */
const typedScan = z.strictObject({
  ending: z.enum(['none', 'cr', 'lf', 'tab']),
  durationMs: z.int().check(z.gte(0), z.lte(600_000)),
  /** The scanner typed the scan before once more by itself: it is counted, and left out. */
  isRepeat: z.boolean(),
});

export const scanInput = z.strictObject({
  scanData: z.string().check(z.maxLength(4096)),
  /** Absent where the page cannot tell. */
  typed: z.optional(typedScan),
});

export type TypedScan = z.infer<typeof typedScan>;
