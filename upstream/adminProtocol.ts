// Owns the schemas of the administration routes: members, adjustments, feeds and the books.

import * as z from 'zod/mini';
import { hashHex, memberProfileWire, memberWire, productWire } from '#sync/protocol.ts';

const count = z.int().check(z.gte(0));
const points = z.int();
const wellFormed = z.regex(/^\P{Cs}*$/u);
export const identifier = z.string().check(z.minLength(1), z.maxLength(64), wellFormed);
/** A till's id is part of addresses and logs. */
export const tillIdentifier = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));

export const memberInput = z.strictObject({
  cardNumber: z.string().check(z.minLength(1), z.maxLength(64), wellFormed),
  displayName: memberWire.shape.displayName,
  isBlocked: z.boolean(),
  /** What rules ask of the member; absent: it stays as it is. */
  profile: z.optional(memberProfileWire),
});
export type MemberInput = z.infer<typeof memberInput>;

/** Always: issued − redeemed + adjusted = avail + rsv. */
export const memberBooks = z.strictObject({
  memberId: identifier,
  cardNumber: z.string(),
  displayName: z.string(),
  isBlocked: z.boolean(),
  profile: z.nullable(memberProfileWire),
  issued: points,
  redeemed: points,
  adjusted: points,
  avail: points,
  rsv: points,
});
export type MemberBooks = z.infer<typeof memberBooks>;

export const adjustmentRequest = z.strictObject({
  /** Made once for each adjustment: the same key with the same content counts once, for ever. */
  key: identifier,
  memberId: identifier,
  /** Below zero takes points away. */
  points: z.int().check(z.gte(-1_000_000_000), z.lte(1_000_000_000)),
  /** `issued` also moves what tiers are measured by; `adjusted` moves the balance alone. */
  account: z.enum(['issued', 'adjusted']),
  reason: z.string().check(z.minLength(1), z.maxLength(64), wellFormed),
});
export type AdjustmentRequest = z.infer<typeof adjustmentRequest>;

export const productsInput = z.strictObject({
  products: z.array(productWire).check(z.maxLength(10_000)),
});
export const programmesInput = z.strictObject({
  documents: z.array(z.string().check(z.maxLength(1_000_000))).check(z.maxLength(100)),
});
export const tillInput = z.strictObject({ tillId: tillIdentifier });
/** The only time that the token is shown. */
export const tillReply = z.strictObject({ tillId: tillIdentifier, token: z.string() });
export const doneReply = z.strictObject({ isDone: z.literal(true) });

export const journalReply = z.strictObject({
  entries: z.array(
    z.strictObject({
      number: count,
      epoch: count,
      seq: count,
      entryId: z.nullable(z.string()),
      hash: hashHex,
      body: z.string(),
      state: z.enum(['applied', 'duplicate', 'parked']),
      reason: z.nullable(z.string()),
    }),
  ),
  cursor: count,
  hasMore: z.boolean(),
});
export type JournalReply = z.infer<typeof journalReply>;

export const totalsReply = z.strictObject({
  memberCount: count,
  /** Distinct entries that were applied. */
  entryCount: count,
  saleCount: count,
  voidedSaleCount: count,
  duplicateCount: count,
  parkedCount: count,
  alarmCount: count,
  /** Reservations that no entry has confirmed or let go. */
  reservedCount: count,
  issued: points,
  redeemed: points,
  adjusted: points,
  avail: points,
  rsv: points,
  /** Each says which sum does not agree; empty when the books are right. */
  problems: z.array(z.string()),
});
export type TotalsReply = z.infer<typeof totalsReply>;

export const healthReply = z.strictObject({ isHealthy: z.literal(true) });
