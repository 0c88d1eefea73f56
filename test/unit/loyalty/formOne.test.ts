// Goal: a programme of form 1 gives after an update what it gave before.
// Method: the worked examples of form 1, priced by the engine of form 2.

import { describe, expect, it } from 'vitest';
import type { Accrual } from '#loyalty/pricing/pricing.ts';
import {
  makeBasket,
  makeCompiled,
  makeMember,
  makeReward,
  makeSale,
  price,
} from '#test/support/makeLoyalty.ts';

const demo = makeCompiled();
const names = { en: 'x', tr: 'x' };
const groceries = (unitPriceMinor: number) => ({ productType: 'groceries', unitPriceMinor });
const coffee = (unitPriceMinor: number) => ({ productType: 'coffee', unitPriceMinor });

function pointsByRule(accruals: readonly Accrual[]) {
  return accruals.map(({ rule, points }) => [rule, points]);
}

describe('accrual', () => {
  it('gives points for each rule, and the lines sum to the total (S12)', () => {
    const pricing = price(demo, makeSale([groceries(2340), coffee(400)]), makeMember());
    expect(pointsByRule(pricing.accruals)).toEqual([
      ['base', 23],
      ['coffee-double', 8],
    ]);
    expect(pricing.earnedPoints).toBe(31);
    expect(pricing.accruals[0]).toMatchObject({
      whyKey: 'why.earn.base.plain',
      whyArgs: { amountMinor: 2340, currency: 'EUR', rate: '1', points: 23 },
    });
    expect(pricing.accruals[1]).toMatchObject({
      whyKey: 'why.earn.productType.plain',
      whyArgs: { amountMinor: 400, rate: '2', points: 8, name_en: 'Coffee', name_tr: 'Kahve' },
    });
  });

  it('pays each product type by its own rate, and an excluded one nothing (S44)', () => {
    const perUnit = { name: names, perMinor: 100 };
    const compiled = makeCompiled({
      earning: {
        base: { ruleId: 'base', points: '1', ...perUnit },
        productTypes: [
          { ruleId: 'electronics', productType: 'electronics', points: '1', ...perUnit },
          { ruleId: 'books', productType: 'books', points: '3', ...perUnit },
          { ruleId: 'gift', productType: 'gift-card', name: names, excluded: true },
        ],
      },
    });
    const basket = makeSale([
      { productType: 'electronics', unitPriceMinor: 19_999 },
      { productType: 'books', unitPriceMinor: 1050 },
      { productType: 'gift-card', unitPriceMinor: 2500 },
    ]);
    const { accruals } = price(compiled, basket, makeMember());
    expect(pointsByRule(accruals)).toEqual([
      ['electronics', 199],
      ['books', 31],
    ]);
  });

  it('floors once per rule and sale, not per line', () => {
    const pricing = price(demo, makeSale([groceries(150), groceries(150)]), makeMember());
    expect(pricing.earnedPoints).toBe(3);
  });

  it('multiplies by the tier before the sale, inside the one floor (S05)', () => {
    const member = makeMember({ tierPoints: 500 });
    const pricing = price(demo, makeSale([groceries(4720)]), member);
    expect(pricing.earnedPoints).toBe(59);
    expect(pricing.accruals[0]?.whyKey).toBe('why.earn.base');
    expect(pricing.accruals[0]?.whyArgs).toEqual({
      amountMinor: 4720,
      currency: 'EUR',
      rate: '1',
      multiplier: '1.25',
      points: 59,
      name_en: 'Shopping',
      name_tr: 'Alışveriş',
      tierName_en: 'Silver',
      tierName_tr: 'Gümüş',
    });
    // The sale that lifts a member into silver still earns at basic.
    const lifted = price(demo, makeSale([groceries(10_000)]), makeMember({ tierPoints: 499 }));
    expect(lifted.earnedPoints).toBe(100);
    expect(lifted.tier).toMatchObject({ tierIdAfter: 'silver', measured: 599 });
  });

  it('says the rate for one currency unit, whatever amount the file counts in', () => {
    const base = { ruleId: 'base', name: names, points: '5', perMinor: 1000 };
    const compiled = makeCompiled({ earning: { base, productTypes: [] } });
    const { accruals } = price(compiled, makeSale([groceries(1999)]), makeMember());
    expect(accruals[0]).toMatchObject({ points: 9, whyArgs: { rate: '0.5' } });
  });

  it('leaves out rules that give nothing, and guests', () => {
    expect(price(demo, makeSale([groceries(99)]), makeMember()).accruals).toEqual([]);
    const guest = price(demo, makeSale([groceries(9900)]), null);
    expect(guest).toMatchObject({ accruals: [], offers: [], tier: null, totalMinor: 9900 });
  });

  it('earns on what is paid after the discount', () => {
    const member = makeMember({ balancePoints: 100 });
    const basket = makeSale([groceries(1000), coffee(1000)], [makeReward()]);
    const pricing = price(demo, basket, member);
    expect(pricing.lines.map((line) => line.discountMinor)).toEqual([250, 250]);
    expect(pointsByRule(pricing.accruals)).toEqual([
      ['base', 7],
      ['coffee-double', 15],
    ]);
  });

  it('never lifts a figure above a billion points', () => {
    const basket = makeSale([groceries(9_000_000_000_000)]);
    expect(price(demo, basket, makeMember()).earnedPoints).toBe(1_000_000_000);
    const rich = makeMember({ balancePoints: 999_999_990, tierPoints: 5 });
    expect(price(demo, basket, rich).earnedPoints).toBe(10);
  });
});

describe('the ladder', () => {
  const steps = [25, 100, 200, 300, 400].map((points) => ({
    rewardId: `stars-${points}`,
    points,
    amountOffMinor: points,
  }));
  const stars = makeCompiled({ rewards: { ladder: steps } });

  it('shows which step is ready and how far the next is (S01)', () => {
    const member = makeMember({ balancePoints: 108 });
    const { offers } = price(stars, makeSale([groceries(750)]), member);
    expect(offers.map(({ state, shortByPoints }) => [state, shortByPoints])).toEqual([
      ['available', 0],
      ['available', 0],
      ['points-short', 92],
      ['points-short', 192],
      ['points-short', 292],
    ]);
  });

  it('counts claimed rewards against balance and basket', () => {
    const member = makeMember({ balancePoints: 349 });
    const basket = makeSale([groceries(1999)], [makeReward()]);
    const pricing = price(demo, basket, member);
    expect(pricing).toMatchObject({
      subtotalMinor: 1999,
      discountMinor: 500,
      totalMinor: 1499,
      redeemedPoints: 100,
    });
    expect(pricing.offers.map(({ state, shortByPoints }) => [state, shortByPoints])).toEqual([
      ['claimed', 0],
      ['basket-too-small', 1],
      ['basket-too-small', 251],
    ]);
    const richer = price(demo, basket, makeMember({ balancePoints: 350 }));
    expect(richer.offers[1]).toMatchObject({ state: 'basket-too-small', shortByPoints: 0 });
  });

  it('spends only the balance before the sale', () => {
    const member = makeMember({ balancePoints: 99 });
    const { offers } = price(demo, makeSale([groceries(50_000)]), member);
    expect(offers[0]).toMatchObject({ state: 'points-short', shortByPoints: 1 });
    const inDebt = price(demo, makeSale([groceries(500)]), makeMember({ balancePoints: -40 }));
    expect(inDebt.offers[0]?.shortByPoints).toBe(140);
  });

  it('explains what was spent', () => {
    const basket = makeSale([groceries(500)], [makeReward({ reservationId: 'r9' })]);
    const pricing = price(demo, basket, makeMember({ balancePoints: 100 }));
    expect(pricing.redemptions).toMatchObject([
      {
        points: 100,
        rewardId: 'off-5',
        amountOffMinor: 500,
        whyArgs: { points: 100, amountOffMinor: 500, currency: 'EUR' },
      },
    ]);
    expect(pricing.totalMinor).toBe(0);
    expect(pricing.accruals).toEqual([]);
  });

  it('gives no reward that is worth more than there is to pay', () => {
    const basket = { ...makeSale([groceries(300)]), rewards: [makeReward()] };
    const pricing = price(demo, basket, makeMember({ balancePoints: 100 }));
    expect(pricing).toMatchObject({ discountMinor: 0, totalMinor: 300, redemptions: [] });
    expect(pricing.refusals).toMatchObject([{ rewardId: 'off-5', reason: 'basket-too-small' }]);
  });
});

describe('tax', () => {
  it('rounds half-up for each rate, on the discounted amounts', () => {
    const basket = makeSale(
      [
        { ...groceries(1070), taxRateBasisPoints: 700 },
        { ...coffee(595), taxRateBasisPoints: 1900, quantity: 2 },
        { ...groceries(530), taxRateBasisPoints: 700 },
      ],
      [makeReward()],
    );
    const pricing = price(demo, basket, makeMember({ balancePoints: 100 }));
    // 500 over 1070, 1190, 530 of 2790: 191.76, 213.26, 94.98.
    expect(pricing.lines.map((line) => line.discountMinor)).toEqual([192, 213, 95]);
    expect(pricing.taxes).toEqual([
      { taxRateBasisPoints: 700, grossMinor: 1313, netMinor: 1227, taxMinor: 86 },
      { taxRateBasisPoints: 1900, grossMinor: 977, netMinor: 821, taxMinor: 156 },
    ]);
  });

  it('prices an empty basket', () => {
    const pricing = price(demo, makeBasket([]), null);
    expect(pricing).toMatchObject({ totalMinor: 0, lines: [], taxes: [] });
  });
});

describe('tiers', () => {
  it('begin at their points, and debt is in the lowest', () => {
    const tierIds = [-10, 0, 499, 500, 1999, 2000].map(
      (tierPoints) => price(demo, makeSale([]), makeMember({ tierPoints })).tier?.tierId,
    );
    expect(tierIds).toEqual(['basic', 'basic', 'basic', 'silver', 'silver', 'gold']);
  });

  it('show the way to the next (S26)', () => {
    const tiers = [
      { tierId: 'one', name: names, fromPoints: 0, multiplier: '1' },
      { tierId: 'two', name: names, fromPoints: 100, multiplier: '2' },
    ];
    const compiled = makeCompiled({ tiers });
    const sale = makeSale([groceries(400)]);
    expect(price(compiled, sale, makeMember({ tierPoints: 60 })).tier).toMatchObject({
      tierIdAfter: 'one',
      nextTierId: 'two',
      measured: 64,
      nextFrom: 100,
    });
    expect(price(compiled, sale, makeMember({ tierPoints: 96 })).tier).toMatchObject({
      tierIdAfter: 'two',
      nextTierId: null,
      measured: 100,
      nextFrom: null,
    });
  });
});
