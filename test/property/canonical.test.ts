// Goal: the till's canonical form is RFC 8785 to the byte. Method: fast-check over bodies with any
// text and whyArgs, compared with the `canonicalize` package; what has no such form is refused.
import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBody } from '#sync/journal.ts';
import type { JournalBody, SaleBody } from '#sync/protocol.ts';
import { runs } from '#test/support/runs.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
const textOrNull = fc.option(text);
const integer = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }));
const whyKey = text.map((end) => `k${end}`);

const line: fc.Arbitrary<SaleBody['lines'][number]> = fc.record({
  line: integer,
  kind: fc.constantFrom('product', 'amount'),
  sku: textOrNull,
  name: text,
  productType: text,
  quantity: integer,
  unitPriceMinor: integer,
  grossMinor: integer,
  discountMinor: integer,
  taxRateBasisPoints: integer,
});

const ledgerEntry: fc.Arbitrary<SaleBody['ledger'][number]> = fc.record({
  line: integer,
  accountDebit: fc.constantFrom('issued', 'avail'),
  accountCredit: fc.constantFrom('avail', 'redeemed'),
  memberId: text,
  points: integer,
  lot: textOrNull,
  kind: fc.constantFrom('accrual', 'redemption'),
  refSeq: fc.option(integer),
  rule: text,
  programmeVersion: text,
  whyKey: text,
  whyArgs: fc.dictionary(whyKey, fc.oneof(text, integer)),
});

const body: fc.Arbitrary<JournalBody> = fc.record({
  kind: fc.constant('sale' as const),
  id: text,
  atMs: integer,
  businessDay: text,
  operatorId: text,
  isClockSuspect: fc.boolean(),
  receiptNumber: text,
  receiptToken: text,
  currency: text,
  memberId: textOrNull,
  programmeVersion: text,
  lines: fc.array(line, { maxLength: 4 }),
  tenders: fc.constant<SaleBody['tenders']>([{ tenderType: 'cash', amountMinor: 5 }]),
  subtotalMinor: integer,
  discountMinor: integer,
  totalMinor: integer,
  changeMinor: integer,
  taxes: fc.constant<SaleBody['taxes']>([]),
  rewards: fc.constant<SaleBody['rewards']>([]),
  ledger: fc.array(ledgerEntry, { maxLength: 3 }),
});

const reservation: JournalBody = {
  kind: 'void-reservation',
  id: 'x',
  atMs: 1,
  businessDay: '2026-11-27',
  operatorId: 'system',
  isClockSuspect: false,
  reservationId: 'r',
  memberId: 'm',
  reason: 'removed',
};

describe('canonicalBody', () => {
  it('writes what RFC 8785 asks', () => {
    const property = fc.property(body, (made) => {
      expect(canonicalBody(made)).toBe(canonicalize(made));
    });
    // Returned, because the linter takes what `fc.assert` gives for a promise.
    return fc.assert(property, runs(50));
  });

  it('refuses what has no canonical form', () => {
    expect(canonicalBody(reservation)).toBe(canonicalize(reservation));
    for (const change of [{ id: 'a\ud800' }, { atMs: 1.5 }, { atMs: Number.NaN }, { '10': 1 }]) {
      expect(() => canonicalBody({ ...reservation, ...change })).toThrow('assertion failed');
    }
  });
});
