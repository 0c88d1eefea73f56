// Owns what travels between a till and head office: journal entries, batches, acknowledgements.
import * as z from 'zod/mini';

export const PROTOCOL_VERSION = 1;
/** A batch holds at most this many entries, and at most this many bytes before compression. */
export const BATCH_ENTRIES_MAX = 500;
export const BATCH_BYTES_MAX = 256 * 1024;
/** The longest sale (999 lines with the longest names, many rules) has fewer characters. */
export const ENTRY_CHARACTERS_MAX = 4 * 1024 * 1024;
/** No request is longer than this, after decompression. */
export const REQUEST_BYTES_MAX = 8 * 1024 * 1024;
/** Rows in one page of a feed. */
export const PAGE_ROWS_MAX = 500;
/** The hash before a till's (or an epoch's) first entry. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

const integer = z.int();
const count = z.int().check(z.gte(0));
const points = z.int().check(z.gte(-1_000_000_000), z.lte(1_000_000_000));
const amountMinor = z.int().check(z.gte(-9_000_000_000_000), z.lte(9_000_000_000_000));
/** Half a surrogate pair has no UTF-8 bytes, and so no canonical form that could be hashed. */
const wellFormed = z.regex(/^\P{Cs}*$/u);
const id = z.string().check(z.minLength(1), z.maxLength(64), wellFormed);
const text = z.string().check(z.maxLength(200), wellFormed);
export const hashHex = z.string().check(z.regex(/^[0-9a-f]{64}$/));

export const account = z.enum(['issued', 'avail', 'redeemed', 'adjusted']);

export const ledgerEntryWire = z.strictObject({
  line: count,
  accountDebit: account,
  accountCredit: account,
  memberId: id,
  points: count,
  lot: z.nullable(id),
  kind: z.enum(['accrual', 'redemption', 'reversal', 'expiry', 'adjustment']),
  /** Journal seq of this till that the row undoes. */
  refSeq: z.nullable(count),
  rule: id,
  programmeVersion: id,
  whyKey: id,
  whyArgs: z.readonly(z.record(z.string(), z.union([z.string(), integer]))),
});

const owner = z.string().check(z.minLength(1), z.maxLength(80), wellFormed);
const longName = z.string().check(z.minLength(1), z.maxLength(100), wellFormed);

/**
 * One change of the books as rules made it: a lot of an account of an owner. What moves the points
 * of a member stands in `ledger` too, which is what balances are made of.
 */
export const movementWire = z.strictObject({
  owner,
  account: longName,
  lotId: longName,
  amount: amountMinor,
  fromMs: integer,
  untilMs: z.nullable(integer),
  kind: z.enum(['accrual', 'redemption', 'reversal', 'expiry', 'adjustment', 'transfer', 'tally']),
  rule: longName,
  whyKey: id,
  whyArgs: z.readonly(z.record(z.string(), z.union([z.string(), integer]))),
  /** Shares of the sale's lines, for an exact return. */
  lines: z.exactOptional(z.readonly(z.array(z.strictObject({ line: count, amount: amountMinor })))),
  /** What must still hold after a return. */
  condition: z.exactOptional(
    z.strictObject({
      of: z.enum(['sale-net-minor', 'sale-units', 'account']),
      lines: z.exactOptional(z.readonly(z.array(count))),
      taxes: z.exactOptional(z.enum(['included', 'excluded'])),
      account: z.nullable(longName),
      sinceMs: integer,
      untilMs: z.nullable(integer),
      atLeast: amountMinor,
    }),
  ),
  /** Names what may happen once in a period over all tills: head office undoes the second. */
  onceKey: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(200), wellFormed)),
});
export type MovementWire = z.infer<typeof movementWire>;

/** Absent in the bodies of tills before rules had movements. */
const movements = z.exactOptional(z.readonly(z.array(movementWire)));

const lineFlags = z.readonly(z.array(z.enum(['stored-value', 'deposit', 'excluded'])));
const tags = z.readonly(z.array(id));

const entryHead = {
  /** UUIDv7 of the event: of a sale, its transactionId. Deduplicated for ever. */
  id,
  atMs: count,
  businessDay: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)),
  operatorId: id,
  /** The till's clock stood before an earlier entry. */
  isClockSuspect: z.boolean(),
};

export const saleBody = z.strictObject({
  kind: z.literal('sale'),
  ...entryHead,
  receiptNumber: z.string().check(z.regex(/^[0-9]{14}$/)),
  /** Opaque; at least 64 random bits; under the QR code. */
  receiptToken: id,
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  memberId: z.nullable(id),
  programmeVersion: id,
  lines: z.array(
    z.strictObject({
      line: count,
      kind: z.enum(['product', 'amount']),
      sku: z.nullable(id),
      name: text,
      productType: id,
      quantity: count,
      unitPriceMinor: amountMinor,
      grossMinor: amountMinor,
      discountMinor: amountMinor,
      taxRateBasisPoints: count,
      tags: z.exactOptional(tags),
      flags: z.exactOptional(lineFlags),
      quantityMilli: z.exactOptional(count),
      fixedTaxMinor: z.exactOptional(count),
    }),
  ),
  /** `cash`, `card`, `voucher`, or the account of stored value that paid. */
  tenders: z.array(z.strictObject({ tenderType: id, amountMinor })),
  subtotalMinor: amountMinor,
  discountMinor: amountMinor,
  /** What the rounding of the total added; absent for nothing. */
  roundingMinor: z.exactOptional(amountMinor),
  totalMinor: amountMinor,
  changeMinor: amountMinor,
  taxes: z.array(
    z.strictObject({
      taxRateBasisPoints: count,
      grossMinor: amountMinor,
      netMinor: amountMinor,
      taxMinor: amountMinor,
    }),
  ),
  rewards: z.array(
    z.strictObject({
      rewardId: id,
      points: count,
      amountOffMinor: amountMinor,
      reservationId: id,
      secured: z.enum(['reservation', 'offline-floor']),
      times: z.exactOptional(count),
    }),
  ),
  ledger: z.array(ledgerEntryWire),
  movements,
});

/** Undoes a whole sale by reference; the sale's own rows are never touched. */
export const voidSaleBody = z.strictObject({
  kind: z.literal('void-sale'),
  ...entryHead,
  refId: id,
  refSeq: count,
  memberId: z.nullable(id),
  totalMinor: amountMinor,
  managerId: id,
  ledger: z.array(ledgerEntryWire),
  movements,
});

/**
 * An unknown card in a valid range became a member at its first scan. The id follows from the card
 * alike on every till, so the second till that meets it tells of the same member.
 */
export const memberEnrolledBody = z.strictObject({
  kind: z.literal('member-enrolled'),
  ...entryHead,
  memberId: id,
  cardNumber: z.string().check(z.minLength(1), z.maxLength(64), wellFormed),
  programmeVersion: id,
  ledger: z.array(ledgerEntryWire),
  movements,
});

/** Points that an operator gave: for an event, as goodwill, or for a receipt of a guest. */
export const occasionBody = z.strictObject({
  kind: z.literal('occasion'),
  ...entryHead,
  memberId: id,
  occasion: z.enum(['event', 'goodwill', 'late-claim']),
  /** The event, the reason, or the sale. */
  about: id,
  /** Who allowed more than a rule gives, or null. */
  managerId: z.nullable(id),
  programmeVersion: id,
  ledger: z.array(ledgerEntryWire),
  movements,
});
export type OccasionBody = z.infer<typeof occasionBody>;

/** A card that was refused, for whoever audits: nothing moves. */
export const cardRefusedBody = z.strictObject({
  kind: z.literal('card-refused'),
  ...entryHead,
  memberId: id,
  reason: z.enum(['staff-card']),
});

/** Lets a reservation go: a reward taken out, a basket cancelled, or an answer never heard. */
export const voidReservationBody = z.strictObject({
  kind: z.literal('void-reservation'),
  ...entryHead,
  reservationId: id,
  memberId: id,
  reason: z.enum(['removed', 'cancelled', 'outcome-unknown']),
});

export const journalBody = z.discriminatedUnion('kind', [
  saleBody,
  voidSaleBody,
  voidReservationBody,
  memberEnrolledBody,
  occasionBody,
  cardRefusedBody,
]);
export type SaleBody = z.infer<typeof saleBody>;
export type VoidSaleBody = z.infer<typeof voidSaleBody>;
export type VoidReservationBody = z.infer<typeof voidReservationBody>;
export type MemberEnrolledBody = z.infer<typeof memberEnrolledBody>;
export type JournalBody = z.infer<typeof journalBody>;

/**
 * A body travels as its canonical form (RFC 8785), byte for byte as the till stored it:
 * hash(n) = SHA-256(hash(n−1) ‖ bytes(n)). Position (epoch, seq) is outside the bytes, so that a
 * till that must take a new epoch keeps its entries' identities.
 */
export const pushRequest = z.strictObject({
  protocolVersion: z.literal(PROTOCOL_VERSION),
  epoch: z.int().check(z.gte(1)),
  /** seq of the first entry. */
  from: z.int().check(z.gte(1)),
  prevHash: hashHex,
  entries: z
    .array(z.string().check(z.maxLength(ENTRY_CHARACTERS_MAX)))
    .check(z.maxLength(BATCH_ENTRIES_MAX)),
});
export type PushRequest = z.infer<typeof pushRequest>;

export const memberBalance = z.strictObject({
  memberId: id,
  /**
   * Spendable at this till: what is available and not reserved by another till. What this till
   * itself reserved is still inside, until its sale's entry takes it out.
   */
  balancePoints: points,
  tierPoints: points,
});

/**
 * Everything up to `cursor` is stored at head office, applied or parked. `parked` names those of
 * this batch. Balances are as of (epoch, cursor): the till adds its own later entries.
 */
export const pushReply = z.strictObject({
  epoch: z.int().check(z.gte(1)),
  cursor: count,
  hash: hashHex,
  parked: z.array(z.strictObject({ seq: count, reason: z.string() })),
  balances: z.array(memberBalance),
  serverTimeMs: count,
});
export type PushReply = z.infer<typeof pushReply>;

export const registerRequest = z.strictObject({
  protocolVersion: z.literal(PROTOCOL_VERSION),
  /** The epoch that the till has, or 0 for a till that never spoke to head office. */
  epoch: count,
  /** Asks for a fresh epoch that begins at this seq: after a conflict, or a new installation. */
  newEpochFrom: z.nullable(z.int().check(z.gte(1))),
  /** Made once for each request, so that a repeated request gets the same epoch. */
  requestId: id,
});
export const registerReply = z.strictObject({
  epoch: z.int().check(z.gte(1)),
  cursor: count,
  hash: hashHex,
  serverTimeMs: count,
});
export type RegisterReply = z.infer<typeof registerReply>;

export const reservationRequest = z.strictObject({
  reservationId: id,
  memberId: id,
  points: z.int().check(z.gte(1), z.lte(1_000_000_000)),
});
export const reservationReply = z.strictObject({
  outcome: z.enum(['reserved', 'points-insufficient', 'member-unknown', 'voided']),
  balancePoints: points,
});
export type ReservationReply = z.infer<typeof reservationReply>;

/** What rules ask of a member besides figures. */
export const memberProfileWire = z.strictObject({
  language: z.nullable(z.string().check(z.maxLength(35))),
  enrolledAtMs: z.nullable(count),
  birthday: z.nullable(
    z.strictObject({
      month: z.int().check(z.gte(1), z.lte(12)),
      day: z.int().check(z.gte(1), z.lte(31)),
      changedAtMs: z.nullable(count),
    }),
  ),
  segments: z.array(id),
  flags: z.array(id),
  staffOperatorId: z.nullable(id),
  referrerId: z.nullable(id),
  poolId: z.nullable(id),
  contractId: z.nullable(id),
});
export type MemberProfileWire = z.infer<typeof memberProfileWire>;

/** The lots that an owner holds: the member itself, and its pool. */
export const ownersHoldingsWire = z.strictObject({
  owner,
  holdings: z.array(
    z.strictObject({
      account: longName,
      lotId: longName,
      amount: amountMinor,
      fromMs: integer,
      untilMs: z.nullable(integer),
    }),
  ),
});
export type OwnersHoldingsWire = z.infer<typeof ownersHoldingsWire>;

export const memberWire = z.strictObject({
  memberId: id,
  cardNumber: z.string().check(z.maxLength(64)),
  displayName: text,
  balancePoints: points,
  tierPoints: points,
  isBlocked: z.boolean(),
  profile: z.exactOptional(memberProfileWire),
  holdings: z.exactOptional(z.array(ownersHoldingsWire)),
});
export const membersReply = z.strictObject({
  members: z.array(memberWire),
  /** Give it back as `after`. */
  cursor: count,
  hasMore: z.boolean(),
  /** This till's own position that the balances contain. */
  asOf: z.strictObject({ epoch: count, seq: count }),
  serverTimeMs: count,
});
export type MembersReply = z.infer<typeof membersReply>;

export const productWire = z.strictObject({
  sku: id,
  barcode: z.nullable(z.string().check(z.maxLength(14))),
  name: text,
  productType: id,
  unitPriceMinor: amountMinor,
  taxRateBasisPoints: count,
  isActive: z.boolean(),
  tags: z.exactOptional(tags),
  flags: z.exactOptional(lineFlags),
  /** Tax of a fixed amount a unit; absent for none. */
  fixedTaxMinor: z.exactOptional(count),
});
export type ProductWire = z.infer<typeof productWire>;
export const productsReply = z.strictObject({
  products: z.array(productWire),
  cursor: count,
  hasMore: z.boolean(),
});

export const programmesReply = z.strictObject({
  /** Whole programme files as text, checked by the till itself before use. */
  programmes: z.array(z.string()),
  cursor: count,
  hasMore: z.boolean(),
});

/** Every refusal of head office has this form. */
export const errorReply = z.strictObject({
  code: z.enum([
    'unauthorised',
    'invalid-request',
    'gap',
    'hash-mismatch',
    'conflict',
    'epoch-unknown',
    'version-mismatch',
    'too-large',
    'unavailable',
    'not-found',
  ]),
  message: z.string(),
  /** For `gap`, `hash-mismatch` and `conflict`: the last entry that head office holds. */
  cursor: z.optional(count),
  hash: z.optional(hashHex),
});
export type ErrorReply = z.infer<typeof errorReply>;
