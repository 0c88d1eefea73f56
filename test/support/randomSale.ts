// Owns random sales for properties: baskets, members with books, and moments.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { applyMovements, type Books } from '#loyalty/books/books.ts';
import { nowOf } from '#loyalty/books/lots.ts';
import type { MemberProfile, State } from '#loyalty/books/state.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type {
  Claim,
  LineFlag,
  Moment,
  PlannedTender,
  Sale,
  SaleLine,
} from '#loyalty/pricing/sale.ts';
import { type CompiledProgramme, compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { type ReturnOutcome, returnLines, wholeOf } from '#loyalty/returns/returnLines.ts';
import { type StoredSale, storedSaleOf } from '#loyalty/returns/storedSale.ts';
import type { ProgrammeForm } from '#test/support/loyaltyShop.ts';
import {
  CODE,
  int,
  PRODUCT_TYPES,
  REWARDS_MAX,
  SEGMENT,
  SKUS,
  TAGS,
} from '#test/support/randomRules.ts';

const FIRST_MS = Date.parse('2026-01-01T00:00:00Z');
const MINUTES_OF_TWO_YEARS = 2 * 365 * 24 * 60;

const flags: fc.Arbitrary<readonly LineFlag[]> = fc.oneof(
  { weight: 8, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constantFrom(['stored-value'], ['deposit'], ['excluded']) },
);

/** What a line is, without its number. */
type Goods = Omit<SaleLine, 'line'>;

const goods: fc.Arbitrary<Goods> = fc
  .record({
    kind: fc.constantFrom(
      'product' as const,
      'product' as const,
      'product' as const,
      'amount' as const,
    ),
    sku: fc.constantFrom(...SKUS, null),
    productType: fc.constantFrom(...PRODUCT_TYPES),
    tags: fc.subarray([...TAGS]),
    flags,
    quantity: int(1, 5),
    unitPriceMinor: fc.oneof(fc.constant(0), int(1, 4000), int(1, 4000)),
    taxRateBasisPoints: fc.constantFrom(0, 700, 1900),
    milli: fc.oneof(fc.constant(null), fc.constant(null), fc.constant(null), int(1, 4000)),
    fixedTaxMinor: fc.constantFrom(0, 0, 0, 25),
  })
  .map(({ milli, fixedTaxMinor, ...line }) => ({
    ...line,
    ...(milli === null ? {} : { quantity: 1, quantityMilli: milli }),
    ...(fixedTaxMinor === 0 ? {} : { fixedTaxMinor }),
  }));

const deduction: fc.Arbitrary<Goods> = int(1, 300).map((unitPriceMinor) => ({
  kind: 'deduction',
  sku: null,
  productType: 'other',
  quantity: 1,
  unitPriceMinor,
  taxRateBasisPoints: 1900,
}));

const claims: fc.Arbitrary<readonly Claim[]> = fc.array(
  fc.record({
    rewardId: int(0, REWARDS_MAX).map((index) => `w${index}`),
    times: int(1, 3),
    line: fc.oneof(fc.constant(null), fc.constant(null), int(1, 12)),
  }),
  { maxLength: 4 },
);

const tenders: fc.Arbitrary<readonly PlannedTender[]> = fc.oneof(
  fc.constant([]),
  fc.array(
    fc.record({
      tenderType: fc.constantFrom('cash', 'card', 'voucher', 'wallet'),
      amountMinor: int(0, 6000),
    }),
    { maxLength: 3 },
  ),
);

function numbered(lines: readonly Goods[]): readonly SaleLine[] {
  return lines.map((line, index) => ({ ...line, line: index + 1 }));
}

/** A basket of 0 to 12 lines; `withDeductions` puts manual ones among them. */
export function randomLines(withDeductions = true): fc.Arbitrary<readonly SaleLine[]> {
  const line = withDeductions
    ? fc.oneof({ weight: 9, arbitrary: goods }, { weight: 1, arbitrary: deduction })
    : goods;
  return fc.array(line, { maxLength: 12 }).map(numbered);
}

export const saleParts = {
  transactionId: fc.uuid(),
  lines: randomLines(),
  claims,
  codes: fc.constantFrom([], [], [CODE]),
  tenders,
  partnerId: fc.constantFrom(null, null, 'air'),
};

export const randomSale: fc.Arbitrary<Sale> = fc.record(saleParts);

/** A moment of two years; the digest is the sale's. */
export const randomMoment: fc.Arbitrary<Omit<Moment, 'saleDigestHex'>> = fc.record({
  atMs: int(0, MINUTES_OF_TWO_YEARS).map((minutes) => FIRST_MS + minutes * 60_000),
  channel: fc.constantFrom('till' as const, 'till' as const, 'web' as const),
  operatorId: fc.constantFrom('op-1', 'op-2'),
});

const member: fc.Arbitrary<MemberProfile> = fc.record({
  memberId: fc.constant('m1'),
  language: fc.constant(null),
  enrolledAtMs: fc.oneof(
    fc.constant(null),
    int(-400, 0).map((days) => FIRST_MS + days * DAY_MS),
  ),
  birthday: fc.oneof(
    fc.constant(null),
    fc.record({ month: int(1, 12), day: int(1, 29), changedAtMs: fc.constant(null) }),
  ),
  segments: fc.constantFrom([], [SEGMENT]),
  flags: fc.constantFrom([], ['no-lucky']),
  staffOperatorId: fc.constantFrom(null, null, null, 'op-2'),
  referrerId: fc.constantFrom(null, 'm2', 'm1'),
  poolId: fc.constantFrom(null, null, 'family'),
  contractId: fc.constantFrom(null, null, 'firm'),
  recentBaskets: fc.constant([]),
});

const lots = fc
  .array(fc.record({ amount: int(1, 400), days: fc.oneof(fc.constant(null), int(1, 900)) }), {
    maxLength: 3,
  })
  .map((list) =>
    list.map(({ amount, days }, index) => ({
      lotId: `lot-${index}`,
      amount,
      fromMs: FIRST_MS - (index + 1) * DAY_MS,
      untilMs: days === null ? null : FIRST_MS + days * DAY_MS,
    })),
  );

/** Holdings of the member and its pool; now and then a debt, which the next points pay. */
const books: fc.Arbitrary<Books> = fc
  .record({ points: lots, stamps: lots, wallet: lots, debt: fc.constantFrom(0, 0, 0, 30) })
  .map(({ debt, ...held }): Books => {
    const owed = { lotId: 'debt', amount: -debt, fromMs: 0, untilMs: null };
    const all = debt === 0 ? held : { ...held, points: [owed] };
    const accounts = new Map(Object.entries(all).filter(([, list]) => list.length > 0));
    return accounts.size === 0
      ? new Map()
      : new Map([
          ['member/m1', accounts],
          ['pool/family', accounts],
        ]);
  });

/** A guest, or a member with what it holds. */
export const randomState: fc.Arbitrary<State> = fc.record({
  member: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 7, arbitrary: member }),
  books,
});

export function digested(moment: Omit<Moment, 'saleDigestHex'>, sale: Sale): Moment {
  const saleDigestHex = createHash('sha256').update(sale.transactionId).digest('hex');
  return { ...moment, saleDigestHex };
}

export function checkedProgramme(form: ProgrammeForm): CompiledProgramme {
  const parsed = parseProgramme(JSON.stringify(form));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return compile(parsed.value);
}

/** A sale that was made: its price, the books after it, and what it left for a return. */
export interface Made {
  readonly pricing: Pricing;
  readonly before: Books;
  readonly after: Books;
  readonly stored: StoredSale;
}

export function make(
  compiled: CompiledProgramme,
  sale: Sale,
  state: State,
  moment: Omit<Moment, 'saleDigestHex'>,
): Made {
  const pricing = priceSale(compiled, sale, state, digested(moment, sale));
  const { programme } = compiled;
  const memberId = state.member?.memberId ?? null;
  const stored = storedSaleOf({ sale, pricing, atMs: moment.atMs, memberId, programme });
  const after = applyMovements(state.books, pricing.movements);
  return { pricing, before: state.books, after, stored };
}

/** Everything of a sale comes back, so many days later. */
export function takenBack(
  compiled: CompiledProgramme,
  { stored, after }: Made,
  days: number,
  others: readonly StoredSale[] = [],
): ReturnOutcome {
  const { timeZone, cutOverMinutes } = compiled;
  const now = nowOf(stored.atMs + days * DAY_MS, timeZone, cutOverMinutes);
  const request = { lines: wholeOf(stored), isApprovedByManager: true };
  const returned = returnLines(stored, request, after, now, others);
  if (!returned.ok) throw new Error(JSON.stringify(returned.error));
  return returned.value;
}
