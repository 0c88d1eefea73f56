// Owns the shop file: who the shop is, and which devices and head office its till uses.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { failure, type Result, success } from '#loyalty/result.ts';
import { serialScannerSettings } from '#till/devicesView.ts';

const text = z.string().check(z.minLength(1), z.maxLength(100));
const baudRate = z.int().check(z.gte(300));

/** `path` is an address as the device screen writes it; what is left out is as usual. */
const shopScanner = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('serial'),
    path: text,
    baudRate,
    ...z.partial(serialScannerSettings).shape,
  }),
  z.strictObject({ type: z.literal('ssi'), path: text, baudRate }),
  z.strictObject({
    type: z.literal('hid'),
    path: text,
    commands: z.optional(serialScannerSettings.shape.commands),
  }),
]);

/** `shop.json` in the data folder. An unknown key is an error. */
export const shopFile = z.strictObject({
  storeName: text,
  addressLines: z.array(text).check(z.maxLength(4)),
  /** As it must stand on the receipt, with its own label. */
  taxNumber: z.string().check(z.maxLength(60)),
  /** 0 … 999: the first three digits of each receipt number. */
  storeNumber: z.int().check(z.gte(0), z.lte(999)),
  /** 0 … 999: the next three. */
  tillNumber: z.int().check(z.gte(0), z.lte(999)),
  /** ISO 4217. */
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  /** Of the receipts. */
  language: z.enum(['en', 'tr']),
  footerLines: z.array(text).check(z.maxLength(4)),
  /** Null sells by itself for ever. The token stands in the file `head-office.token`. */
  headOffice: z.nullable(z.strictObject({ url: z.string().check(z.regex(/^https?:\/\//)) })),
  scanners: z.array(shopScanner),
  printer: z.nullable(z.strictObject({ address: text, profileId: text })),
  isDemo: z.boolean(),
});
export type Shop = z.infer<typeof shopFile>;

/** Three digits each, as head office knows this till: `001-002`. */
export function tillIdOf(shop: Pick<Shop, 'storeNumber' | 'tillNumber'>): string {
  const digits = (value: number) => String(value).padStart(3, '0');
  return `${digits(shop.storeNumber)}-${digits(shop.tillNumber)}`;
}

export interface ShopFault {
  readonly path: string;
  /** One line a fault: where in the file, and what is wrong there. */
  readonly problems: readonly string[];
}

export function readShop(dataFolder: string): Result<Shop, ShopFault> {
  const file = path.join(dataFolder, 'shop.json');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return failure({ path: file, problems: [String(error)] });
  }
  const parsed = shopFile.safeParse(value);
  if (parsed.success) return success(parsed.data);
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`,
  );
  return failure({ path: file, problems });
}

/** The bearer token of this till at head office, or null where none was given. */
export function readHeadOfficeToken(dataFolder: string): string | null {
  try {
    return readFileSync(path.join(dataFolder, 'head-office.token'), 'utf8').trim();
  } catch {
    return null;
  }
}
