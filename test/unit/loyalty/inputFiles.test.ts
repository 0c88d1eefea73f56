// Goal: a wrong state or basket file is refused with its place. Method: one fault at a time, and
// the largest amounts that pass.
import { describe, expect, it } from 'vitest';
import { parseBasket, parseState } from '#loyalty/files/inputFiles.ts';
import type { Result } from '#loyalty/result.ts';

const faultsOf = (result: Result<unknown, unknown>) => (result.ok ? [] : result.error);
const basketFaults = (value: unknown) => faultsOf(parseBasket(JSON.stringify(value)));
const sale = (...lines: readonly object[]) => ({ action: 'sale', lines });

describe('a state', () => {
  it('may be empty', () => {
    expect(parseState('{}')).toEqual({ ok: true, value: { members: [], books: {} } });
  });

  it.each([
    ['{', '$', 'write JSON'],
    [{ membrs: [] }, '$.membrs', 'is not a key'],
    [{ members: [{ memberId: 'a' }, { memberId: 'a' }] }, '$.members[1].memberId', 'another value'],
    [
      {
        members: [
          { memberId: 'a', cardNumber: '1' },
          { memberId: 'b', cardNumber: '1' },
        ],
      },
      '$.members[1].cardNumber',
      '$.members[0].cardNumber has "1"',
    ],
    [
      { books: { shop: { x: [{ lotId: 'l', amount: 1.5, fromIso: '2026-01-01T00:00Z' }] } } },
      '$.books.shop.x[0].amount',
      'whole number',
    ],
  ])('%j is refused', (value, path, words) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const [fault, ...others] = faultsOf(parseState(text)) as { path: string; message: string }[];
    expect(fault?.path).toBe(path);
    expect(fault?.message).toContain(words);
    expect(others).toEqual([]);
  });

  it('names at most fifty faults', () => {
    const members = Array.from({ length: 80 }, () => ({ memberId: 'a' }));
    expect(faultsOf(parseState(JSON.stringify({ members })))).toHaveLength(50);
  });
});

describe('a basket', () => {
  const MAX = 9_000_000_000_000;
  const words = { path: '$.lines', message: `write lines of at most ${MAX} minor units together` };

  it.each([
    [sale({ unitPriceMinor: MAX })],
    [sale({ unitPriceMinor: MAX / 2, quantity: 2 })],
    [sale({ unitPriceMinor: MAX / 2, taxRateBasisPoints: 10_000 })],
    [sale({ unitPriceMinor: MAX - 10, fixedTaxMinor: 5, quantity: 1 })],
    [sale({ unitPriceMinor: MAX / 2, quantityMilli: 2_000, quantity: 1 })],
  ])('%j is within bounds', (value) => expect(basketFaults(value)).toEqual([]));

  it.each([
    [sale({ unitPriceMinor: MAX }, { unitPriceMinor: 1 })],
    [sale({ unitPriceMinor: MAX / 2 + 1, quantity: 2 })],
    [sale({ unitPriceMinor: MAX, taxRateBasisPoints: 1 })],
    [sale({ unitPriceMinor: MAX - 10, fixedTaxMinor: 11 })],
    [sale({ unitPriceMinor: 0, fixedTaxMinor: MAX / 2 + 1, quantity: 2 })],
    [sale({ unitPriceMinor: MAX / 2, quantityMilli: 2_001 })],
  ])('%j is too much money', (value) => expect(basketFaults(value)).toEqual([words]));

  it('numbers its lines once each, by themselves or by hand', () => {
    const item = { unitPriceMinor: 1 };
    expect(basketFaults(sale(item, item))).toEqual([]);
    expect(basketFaults(sale({ ...item, line: 2 }, { ...item, line: 1 }))).toEqual([]);
    expect(basketFaults(sale({ ...item, line: 2 }, item))).toEqual([
      { path: '$.lines[1].line', message: 'write another value; $.lines[0].line has "2" already' },
    ]);
  });

  it('is for a member or a card', () => {
    const both = { action: 'enrol', memberId: 'a', cardNumber: '1' };
    expect(basketFaults({ ...both, cardNumber: null })).toEqual([]);
    expect(basketFaults({ ...both, memberId: null })).toEqual([]);
    expect(basketFaults(both)).toEqual([
      { path: '$.cardNumber', message: 'write memberId or cardNumber, not both' },
    ]);
  });

  it('checks the lines of a late claim too', () => {
    const claim = { action: 'late-claim', saleAtIso: '2026-01-01T00:00:00Z' };
    expect(basketFaults({ ...claim, lines: [{ unitPriceMinor: MAX, quantity: 2 }] })).toEqual([
      words,
    ]);
  });

  it('holds 10,000 lines and no more, and no text without end', () => {
    const lines = Array.from({ length: 10_000 }, () => ({
      unitPriceMinor: 1,
      sku: 'x'.repeat(64),
    }));
    expect(basketFaults(sale(...lines))).toEqual([]);
    expect(basketFaults(sale(...lines, { unitPriceMinor: 1 }))).toMatchObject([
      { path: '$.lines' },
    ]);
    expect(faultsOf(parseBasket(' '.repeat(20_000_001)))).toMatchObject([{ path: '$' }]);
  });
});
