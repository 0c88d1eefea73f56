// Owns the form of a basket file: a sale, or another occasion that moves points.
import * as z from 'zod/mini';
import { AMOUNT_MAX_MINOR } from '#loyalty/money.ts';
import type { Moment, Sale, SaleLine } from '#loyalty/pricing/sale.ts';
import {
  closedObject,
  identifier,
  instantIso,
  integerOf,
  listOf,
  productType,
  rewardId,
  sku,
  tag,
  textOf,
} from '#loyalty/programme/fields.ts';

const id = textOf(64, 'the id');
const memberId = z._default(z.nullable(id), null);
const price = integerOf(0, AMOUNT_MAX_MINOR, 'the price in minor units, 0 or more,');
const points = integerOf(1, 1_000_000_000, 'the points');
const KIND_WORDS = 'write "product", "amount" or "deduction"';
const FLAG_WORDS = 'write "stored-value", "deposit" or "excluded"';

const saleLine = closedObject({
  /** Absent: its place in the list, from 1. */
  line: z.optional(integerOf(1, 100_000, 'the line')),
  kind: z._default(z.enum(['product', 'amount', 'deduction'], KIND_WORDS), 'product'),
  sku: z._default(z.nullable(sku), null),
  productType: z._default(productType, 'other'),
  tags: z._default(listOf(tag, 0, 50), []),
  flags: z._default(listOf(z.enum(['stored-value', 'deposit', 'excluded'], FLAG_WORDS), 0, 3), []),
  quantity: z._default(integerOf(1, 999, 'the quantity'), 1),
  quantityMilli: z.optional(integerOf(1, 1_000_000_000, 'the thousandths of a unit of measure')),
  unitPriceMinor: price,
  taxRateBasisPoints: z._default(integerOf(0, 10_000, 'the tax rate in basis points'), 0),
  fixedTaxMinor: z.optional(price),
});

const claim = closedObject({
  rewardId,
  times: z._default(integerOf(1, 999, 'the times'), 1),
  line: z._default(z.nullable(integerOf(1, 100_000, 'the line')), null),
});

const tender = closedObject({ tenderType: identifier, amountMinor: price });

const head = {
  transactionId: z._default(id, 'sale'),
  memberId,
  /** A card that the state does not know becomes a member where the programme says so. */
  cardNumber: z._default(z.nullable(id), null),
  channel: z._default(z.enum(['till', 'web'], 'write "till" or "web"'), 'till'),
  operatorId: z._default(id, 'operator'),
};

const ACTION_WORDS =
  'write an "action": sale, enrol, event, goodwill, transfer, late-claim, close-window, ' +
  'close-period or expire';

/** `--basket` of `npm run price`: what happens. */
export const basketFile = z.discriminatedUnion(
  'action',
  [
    closedObject({
      action: z.literal('sale'),
      ...head,
      lines: listOf(saleLine, 0, 10_000),
      claims: z._default(listOf(claim, 0, 999), []),
      codes: z._default(listOf(textOf(40, 'the code'), 0, 20), []),
      tenders: z._default(listOf(tender, 0, 20), []),
    }),
    closedObject({ action: z.literal('enrol'), ...head }),
    closedObject({
      action: z.literal('event'),
      ...head,
      eventId: identifier,
      /** Upstream's own key: the same key twice moves points once. */
      key: z._default(z.nullable(id), null),
      isApprovedByManager: z._default(z.boolean('write true or false'), false),
    }),
    closedObject({ action: z.literal('goodwill'), ...head, points, reasonId: identifier }),
    closedObject({ action: z.literal('transfer'), ...head, toMemberId: id, points }),
    /** A guest's sale, credited by its receipt code. */
    closedObject({
      action: z.literal('late-claim'),
      ...head,
      saleAtIso: instantIso,
      lines: listOf(saleLine, 0, 10_000),
    }),
    closedObject({ action: z.literal('close-window'), ...head, windowId: identifier }),
    closedObject({ action: z.literal('close-period'), ...head }),
    closedObject({ action: z.literal('expire'), ...head }),
  ],
  ACTION_WORDS,
);
export type BasketFile = z.infer<typeof basketFile>;
export type BasketFileOf<Action extends BasketFile['action']> = Extract<
  BasketFile,
  { action: Action }
>;

/** Lines of a basket file, numbered. */
export function saleLinesOf(lines: BasketFileOf<'sale'>['lines']): SaleLine[] {
  return lines.map(({ line, quantityMilli, fixedTaxMinor, ...rest }, index) => ({
    ...rest,
    line: line ?? index + 1,
    ...(quantityMilli === undefined ? {} : { quantityMilli }),
    ...(fixedTaxMinor === undefined ? {} : { fixedTaxMinor }),
  }));
}

export function saleOf(file: BasketFileOf<'sale'>): Sale {
  const { transactionId, claims, codes, tenders } = file;
  return { transactionId, lines: saleLinesOf(file.lines), claims, codes, tenders };
}

/** The moment of a basket file; the digest is the caller's to make. */
export function momentOf(file: BasketFile, atMs: number, saleDigestHex: string | null): Moment {
  return { atMs, channel: file.channel, operatorId: file.operatorId, saleDigestHex };
}
