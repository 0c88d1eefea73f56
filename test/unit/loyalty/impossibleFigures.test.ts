// Goal: figures that cannot be are errors by path: a weighed line of five, 31 February, a lot that
// stands twice, deductions beyond the goods. Method: one file each.
import { describe, expect, it } from 'vitest';
import { EMPTY_BOOKS } from '#loyalty/books/books.ts';
import { budgetRoom } from '#loyalty/earn/caps.ts';
import { parseBasket, parseState } from '#loyalty/files/inputFiles.ts';
import { priceFiles } from '#loyalty/files/priceFiles.ts';
import { loadState } from '#loyalty/files/stateFile.ts';
import { localMomentOf } from '#loyalty/pricing/context.ts';
import { compiledOf, memberIdOfCard, programmeOf } from '#test/support/loyaltyShop.ts';

const state = (value: unknown) => {
  const parsed = parseState(JSON.stringify(value));
  return parsed.ok ? [] : parsed.error.map(({ path, message }) => `${path}: ${message}`);
};
const lot = (lotId: string) => ({ lotId, amount: 5, fromIso: '2026-01-01T00:00:00Z' });

describe('a state file', () => {
  it.each([
    [2, 29, 30],
    [4, 30, 31],
  ])('month %i has at most %i days', (month, last, day) => {
    const born = (on: number) => ({ members: [{ memberId: 'a', birthday: { month, day: on } }] });
    expect(state(born(last))).toEqual([]);
    expect(state(born(day))).toEqual([
      `$.members[0].birthday.day: write at most ${last}, the last day of the month`,
    ]);
  });

  it('has each lot once', () => {
    const books = { 'member/a': { points: [lot('x'), lot('x')] } };
    expect(state({ books })).toEqual([
      '$.books["member/a"].points[1].lotId: ' +
        'write another value; $.books["member/a"].points[0].lotId has "x" already',
    ]);
  });

  it('says a figure in one place', () => {
    const books = { 'member/a': { points: [lot('opening')], tier: [lot('gold')] } };
    const member = { memberId: 'a', balances: { points: 5 }, tier: { tierId: 'gold' } };
    expect(state({ members: [member], books })).toEqual([
      '$.members[0].balances.points: remove it: the books have it already',
      '$.members[0].tier: remove it: the books have it already',
    ]);
    expect(state({ members: [{ ...member, balances: { stamps: 5 }, tier: null }], books })).toEqual(
      [],
    );
  });

  it('knows a balance below zero as a debt', () => {
    const parsed = parseState(
      JSON.stringify({ members: [{ memberId: 'a', balances: { points: -5 } }] }),
    );
    expect(parsed.ok && loadState(parsed.value).books.get('member/a')?.get('points')).toEqual([
      { lotId: 'debt', amount: -5, fromMs: 0, untilMs: null },
    ]);
  });
});

describe('a basket file', () => {
  const basketOf = (lines: readonly object[]) =>
    parseBasket(JSON.stringify({ action: 'sale', lines }));

  it('has weighed lines of one unit', () => {
    const line = { unitPriceMinor: 199, quantityMilli: 1250 };
    expect(basketOf([line]).ok).toBe(true);
    expect(basketOf([{ ...line, quantity: 5 }])).toEqual({
      ok: false,
      error: [
        {
          path: '$.lines[0].quantity',
          message: 'write 1, or leave it out: a weighed line is one unit',
        },
      ],
    });
  });

  it('comes to nothing below zero', () => {
    const priced = (minor: number) => {
      const basket = basketOf([
        { unitPriceMinor: 1000 },
        { kind: 'deduction', unitPriceMinor: minor },
      ]);
      const empty = parseState('{}');
      if (!basket.ok || !empty.ok) return null;
      return priceFiles({
        compiled: compiledOf(programmeOf()),
        state: empty.value,
        basket: basket.value,
        atMs: Date.parse('2026-03-06T10:00:00Z'),
        saleDigestHex: '0',
        memberIdOfCard,
        comesBack: null,
      });
    };
    expect(priced(1000)).toMatchObject({ ok: true, value: { pricing: { totalMinor: 0 } } });
    expect(priced(1001)).toEqual({
      ok: false,
      error: [
        { path: '$.lines', message: 'write deductions of at most what the other lines come to' },
      ],
    });
  });
});

it('the largest budget is exact to the point', () => {
  const context = {
    books: EMPTY_BOOKS,
    local: localMomentOf(0, 'UTC', 0),
    moment: { atMs: 0, channel: 'till', operatorId: 'o', saleDigestHex: null },
    memberOwner: 'member/a',
  } as const;
  const budget = { amountMinor: 8_999_999_999_999, costCentre: 'retention' } as const;
  expect(budgetRoom(budget, '0.9999', 'rule', context)).toBe(9_000_900_090_008);
});
