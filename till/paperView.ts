// Owns paper as a page sees it: rows of a preview, and the editor of the receipt's template.
import * as z from 'zod/mini';
import { count, shortText, words } from '#till/basketView.ts';

/** One row of paper, as the printer prints it: `drivers/printer/paper/layout.ts` makes both. */
const paperRow = z.union([
  z.strictObject({
    type: z.literal('text'),
    runs: z.array(z.strictObject({ text: z.string(), bold: z.boolean(), scale: z.int() })),
  }),
  z.strictObject({ type: z.literal('barcode'), symbology: z.literal('code128'), data: z.string() }),
  z.strictObject({ type: z.literal('qr'), data: z.string() }),
  z.strictObject({
    type: z.literal('image'),
    name: z.string(),
    columns: z.number(),
    /** Dots, as `drivers/printer/paper/document.ts` stores them. */
    picture: z.strictObject({ widthDots: count, heightDots: count, deflated: z.string() }),
  }),
  z.strictObject({ type: z.literal('cut') }),
]);

export const paperPreview = z.strictObject({ columns: count, rows: z.array(paperRow) });

/** Far more than a template may have: what is too long is said in words, not refused unread. */
export const templateText = z.string().check(z.maxLength(20_000));

export const templateInput = z.strictObject({
  text: templateText,
  /** Of the paper that is shown. */
  language: z.string().check(z.regex(/^[a-z]{2,3}$/)),
  isGuest: z.boolean(),
});

export const templateView = z.strictObject({
  text: z.string(),
  /** True where the shop has none of its own. */
  isDefault: z.boolean(),
  /** What may stand in brackets, in braces, and in brackets before a line of text. */
  blocks: z.array(z.string()),
  variables: z.array(z.string()),
  languages: z.array(z.string()),
  logoName: z.nullable(z.string()),
});

export const templateCheck = z.strictObject({
  /** `line` counts from 1; 0 is the template as a whole. */
  faults: z.array(z.strictObject({ line: count, words })),
  /** Null where there are faults. */
  preview: z.nullable(paperPreview),
});

/** A PNG or SVG of at most 44 kB: a page makes a larger picture as narrow as paper (576) first. */
export const logoFile = z.strictObject({
  name: shortText.check(z.minLength(1)),
  fileBase64: z.string().check(z.maxLength(60_000), z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
});
