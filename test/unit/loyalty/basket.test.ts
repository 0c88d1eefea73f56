// Goal: a basket takes what it may and names what it refuses. Method: events, one after another.

import { describe, expect, it } from 'vitest';
import { type BasketEvent, openBasket, reduce } from '#loyalty/pricing/basket.ts';
import {
  makeBasket,
  makeProduct,
  makeReward,
  makeSale,
  TRANSACTION_ID,
} from '#test/support/makeLoyalty.ts';

const empty = openBasket(TRANSACTION_ID, 5);

function added(quantity: number, changes = {}): BasketEvent {
  return { type: 'product.added', product: makeProduct(changes), quantity };
}

function amount(amountMinor: number): BasketEvent {
  const tax = { taxRateBasisPoints: 1900 };
  return { type: 'amount.added', amountMinor, name: '', productType: 'other', ...tax };
}

function refusal(basket: Parameters<typeof reduce>[0], event: BasketEvent) {
  const reduced = reduce(basket, event);
  return reduced.ok ? null : reduced.error;
}

describe('lines', () => {
  it('opens empty', () => {
    expect(empty).toEqual({
      transactionId: TRANSACTION_ID,
      openedAtMs: 5,
      memberId: null,
      lines: [],
      rewards: [],
      nextLine: 1,
    });
  });

  it('raises the quantity of a product that is there, and never changes the basket it got', () => {
    const one = makeBasket([added(2)]);
    const two = reduce(one, added(3));
    expect(two.ok && two.value.lines.map((line) => line.quantity)).toEqual([5]);
    expect(one.lines[0]?.quantity).toBe(2);
  });

  it('opens a line of its own when the price changed meanwhile', () => {
    const basket = makeBasket([added(1), added(1, { unitPriceMinor: 300 })]);
    expect(basket.lines.map((line) => line.unitPriceMinor)).toEqual([250, 300]);
  });

  it('does not use the number of a removed line again', () => {
    const events = [amount(100), amount(200), { type: 'line.removed', line: 2 } as const];
    const basket = makeBasket([...events, amount(300)]);
    expect(basket.lines.map((line) => line.line)).toEqual([1, 3]);
  });

  it('keeps quantities between 1 and 999', () => {
    for (const quantity of [0, -1, 1000, 1.5, Number.NaN]) {
      expect(refusal(empty, added(quantity))).toBe('quantity-out-of-range');
    }
    const full = makeBasket([added(999)]);
    expect(refusal(full, added(1))).toBe('quantity-out-of-range');
    expect(refusal(full, { type: 'quantity.set', line: 1, quantity: 0 })).toBe(
      'quantity-out-of-range',
    );
    expect(refusal(full, { type: 'quantity.set', line: 2, quantity: 1 })).toBe('line-unknown');
    expect(refusal(full, { type: 'line.removed', line: 2 })).toBe('line-unknown');
    const set = makeBasket([added(1), { type: 'quantity.set', line: 1, quantity: 7 }]);
    expect(set.lines[0]?.quantity).toBe(7);
  });

  it('holds 999 lines', () => {
    const full = makeBasket(Array.from({ length: 999 }, () => amount(1)));
    expect(refusal(full, amount(1))).toBe('basket-full');
    expect(refusal(full, added(1))).toBe('basket-full');
  });

  it('keeps amounts and the subtotal within 9e12 minor units', () => {
    for (const amountMinor of [0, -1, 0.5, 9e12 + 1]) {
      expect(refusal(empty, amount(amountMinor))).toBe('amount-out-of-range');
    }
    const rich = makeBasket([amount(9e12)]);
    expect(refusal(rich, amount(1))).toBe('amount-out-of-range');
    expect(refusal(rich, { type: 'quantity.set', line: 1, quantity: 2 })).toBe(
      'amount-out-of-range',
    );
  });

  it('takes a product that costs nothing', () => {
    expect(makeBasket([added(1, { unitPriceMinor: 0 })]).lines).toHaveLength(1);
  });
});

describe('member and rewards', () => {
  const claimed = makeSale([{ productType: 'groceries', unitPriceMinor: 600 }], [makeReward()]);

  it('changes nothing when the same member comes again', () => {
    const reduced = reduce(claimed, { type: 'member.attached', memberId: 'm1' });
    expect(reduced.ok && reduced.value).toBe(claimed);
  });

  it('keeps the member while rewards are claimed', () => {
    expect(refusal(claimed, { type: 'member.removed' })).toBe('rewards-claimed');
    expect(refusal(claimed, { type: 'member.attached', memberId: 'm2' })).toBe('rewards-claimed');
    const reduced = reduce(claimed, { type: 'reward.removed', rewardId: 'off-5' });
    expect(reduced.ok && refusal(reduced.value, { type: 'member.removed' })).toBeNull();
  });

  it('keeps the lines that a reward stands on', () => {
    expect(refusal(claimed, { type: 'line.removed', line: 1 })).toBe('rewards-claimed');
    const twice = reduce(claimed, { type: 'quantity.set', line: 1, quantity: 2 });
    expect(twice.ok).toBe(true);
  });

  it('claims each step once, for a member, within what is to pay', () => {
    const again: BasketEvent = { type: 'reward.claimed', reward: makeReward() };
    expect(refusal(claimed, again)).toBe('reward-already-claimed');
    expect(refusal(empty, again)).toBe('member-missing');
    const other = makeReward({ rewardId: 'off-15', amountOffMinor: 101 });
    expect(refusal(claimed, { type: 'reward.claimed', reward: other })).toBe('basket-too-small');
    expect(refusal(claimed, { type: 'reward.removed', rewardId: 'off-15' })).toBe('reward-unknown');
  });
});
