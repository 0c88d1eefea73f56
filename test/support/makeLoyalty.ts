// Owns builders of programmes, baskets and members for tests.

import { readFileSync } from 'node:fs';
import { assert } from '#loyalty/assert.ts';
import { type Books, type Lot, memberOwner } from '#loyalty/books/books.ts';
import type { Member } from '#loyalty/books/member.ts';
import { newMember } from '#loyalty/books/state.ts';
import {
  type Basket,
  type BasketEvent,
  type ClaimedReward,
  openBasket,
  type Product,
  reduce,
} from '#loyalty/pricing/basket.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import { type CompiledProgramme, compile } from '#loyalty/programme/compile.ts';
import { type Programme, parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { saleOf } from '#till/served.ts';

export const TRANSACTION_ID = '019a0000-0000-7000-8000-000000000001';

/** The demo programme as it was written before form 2. */
export function demoText(): string {
  return readFileSync(new URL('./demoForm1.json', import.meta.url), 'utf8');
}

/** The same as a fresh plain value, to be changed at will. */
export function demoFile(): Record<string, unknown> {
  return JSON.parse(demoText());
}

/** The demo programme with some keys of the file replaced. It must be a valid one. */
export function makeProgramme(changes: Record<string, unknown> = {}): Programme {
  const parsed = parseProgramme(JSON.stringify({ ...demoFile(), ...changes }));
  assert(parsed.ok, `programme: ${JSON.stringify(parsed)}`);
  return parsed.value;
}

export function makeCompiled(changes: Record<string, unknown> = {}): CompiledProgramme {
  return compile(makeProgramme(changes));
}

export function makeProduct(changes: Partial<Product> = {}): Product {
  return {
    sku: 'bread',
    barcode: null,
    name: 'Bread',
    productType: 'groceries',
    unitPriceMinor: 250,
    taxRateBasisPoints: 700,
    ...changes,
  };
}

export function makeMember(changes: Partial<Member> = {}): Member {
  return {
    memberId: 'm1',
    cardNumber: '2990000000019',
    displayName: 'Ada',
    balancePoints: 0,
    tierPoints: 0,
    isBlocked: false,
    ...changes,
  };
}

export function makeReward(changes: Partial<ClaimedReward> = {}): ClaimedReward {
  return {
    rewardId: 'off-5',
    points: 100,
    amountOffMinor: 500,
    secured: 'reservation',
    reservationId: 'r1',
    ...changes,
  };
}

/** A basket after events that must all be accepted. */
export function makeBasket(events: readonly BasketEvent[]): Basket {
  return events.reduce(
    (basket, event) => {
      const reduced = reduce(basket, event);
      assert(reduced.ok, `event refused: ${JSON.stringify([event, reduced])}`);
      return reduced.value;
    },
    openBasket(TRANSACTION_ID, 1_700_000_000_000),
  );
}

export interface PlainLine {
  readonly productType: string;
  readonly unitPriceMinor: number;
  readonly quantity?: number;
  readonly taxRateBasisPoints?: number;
}

/** A member's basket of products, one line each, with claimed rewards. */
export function makeSale(
  lines: readonly PlainLine[],
  rewards: readonly ClaimedReward[] = [],
): Basket {
  return makeBasket([
    { type: 'member.attached', memberId: 'm1' },
    ...lines.map(({ quantity = 1, ...line }, index): BasketEvent => {
      const product = makeProduct({ ...line, sku: `sku-${index}` });
      return { type: 'product.added', product, quantity };
    }),
    ...rewards.map((reward): BasketEvent => ({ type: 'reward.claimed', reward })),
  ]);
}

/** Prices a basket for a member of whom head office told two figures, or for a guest. */
export function price(compiled: CompiledProgramme, basket: Basket, member: Member | null): Pricing {
  const moment = { atMs: basket.openedAtMs, channel: 'till', operatorId: 'o' } as const;
  const sale = saleOf(basket);
  const at = { ...moment, saleDigestHex: null };
  if (member === null) return priceSale(compiled, sale, { member: null, books: new Map() }, at);
  const { memberId, balancePoints, tierPoints } = member;
  const lots = (amount: number): readonly Lot[] => [
    { lotId: amount < 0 ? 'debt' : 'elsewhere', amount, fromMs: 0, untilMs: null },
  ];
  const accounts = new Map([
    ['points', lots(balancePoints)],
    ['issued/points', lots(tierPoints)],
  ]);
  const books: Books = new Map([[memberOwner(memberId), accounts]]);
  const profile = newMember(memberId, null);
  return priceSale(compiled, sale, { member: profile, books }, at);
}
