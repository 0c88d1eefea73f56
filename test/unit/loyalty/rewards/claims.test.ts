// Goal: free items, gifts, slips, limits, costs and offers give the numbers of the design.
// Method: worked numbers (C02, C10, C23, C40, C59, C73, S02, S05, S24) on baskets built by hand.
import { describe, expect, it } from 'vitest';
import type { Books } from '#loyalty/books/books.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import { daysFromEpoch } from '#loyalty/instant.ts';
import {
  automatic,
  byCode,
  head,
  type LineForm,
  priced,
  type RewardForm,
} from '#test/unit/loyalty/rewards/basketOfRewards.ts';

/** What a counter remembers of a day. */
function counted(owner: string, account: string, amount: number, day = '2026-02-01'): Books {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const fromMs = daysFromEpoch(year, month, date) * DAY_MS;
  return new Map([[owner, new Map([[account, [{ lotId: day, amount, fromMs, untilMs: null }]]])]]);
}

describe('free units', () => {
  const free = (buy: number, get: number, quantity: number) =>
    priced({
      rewards: [{ kind: 'free-units', ...automatic('f'), buyGet: { buy, get } }],
      lines: [{ quantity }],
    }).freeUnits[0];
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('C59: buy some, take some', () => {
    expect(upTo(10).map((units) => free(2, 1, units))).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3, 3]);
    expect(upTo(10).map((units) => free(2, 3, units))).toEqual([0, 0, 1, 2, 3, 3, 3, 4, 5, 6]);
    expect(upTo(14).map((units) => free(10, 3, units))).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3,
    ]);
  });

  it('takes the cheapest of the lines, whatever their order', () => {
    const rewards: RewardForm[] = [
      { kind: 'free-units', ...automatic('f'), buyGet: { buy: 2, get: 1 } },
    ];
    const lines: LineForm[] = [
      { sku: 'B', unitPriceMinor: 500, quantity: 2 },
      { sku: 'A', unitPriceMinor: 300, quantity: 2 },
      { sku: 'C', unitPriceMinor: 200, quantity: 2 },
    ];
    expect(priced({ rewards, lines }).freeUnits).toEqual([0, 0, 2]);
    expect(priced({ rewards, lines: lines.toReversed() }).totalMinor).toBe(1600);
  });

  it('C02: one pen of three, claimed; C10: too few points', () => {
    const rewards: RewardForm[] = [
      { kind: 'free-units', ...head('pen'), cost: { points: 4 }, lines: { skus: ['pen'] } },
    ];
    const lines: LineForm[] = [{ sku: 'pen', unitPriceMinor: 320, quantity: 3 }];
    const claims = [{ rewardId: 'pen' }];
    const sale = priced({ rewards, lines, claims, points: 4 });
    expect([sale.totalMinor, sale.freeUnits]).toEqual([640, [1]]);
    expect(sale.applied[0]?.cost).toEqual({ account: 'points', points: 4 });
    const short = priced({ rewards, lines, claims, points: 3 });
    expect(short.totalMinor).toBe(960);
    expect(short.refusals).toEqual([{ rewardId: 'pen', reason: 'points-short', missing: 1 }]);
    const guest = priced({ rewards, lines, claims, isGuest: true });
    expect(guest.refusals).toEqual([{ rewardId: 'pen', reason: 'member-missing', missing: 0 }]);
  });

  it('C23: 100 % of the cheapest frees a unit, and says that a percentage did', () => {
    const sale = priced({
      rewards: [
        {
          kind: 'percent-off',
          ...head('p'),
          percent: '100',
          ofUnit: 'cheapest',
          cost: { points: 2 },
        },
      ],
      lines: [
        { sku: 'organizer', unitPriceMinor: 510 },
        { sku: 'pen', unitPriceMinor: 320 },
      ],
      claims: [{ rewardId: 'p' }],
      points: 2,
    });
    expect(sale.totalMinor).toBe(510);
    expect([sale.freeUnits, sale.freeUnitsByPercent]).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it('asks for the line that was tapped', () => {
    const rewards: RewardForm[] = [{ kind: 'free-units', ...head('f') }];
    const lines: LineForm[] = [{ unitPriceMinor: 100 }, { unitPriceMinor: 900 }];
    const claims = [{ rewardId: 'f', line: 2 }];
    expect(priced({ rewards, lines, claims }).totalMinor).toBe(100);
  });

  it('S24: two a visit, twelve a year, as many as are left', () => {
    const rewards: RewardForm[] = [
      {
        kind: 'free-units',
        ...automatic('wrap'),
        lines: { skus: ['wrap'] },
        when: { tierIds: ['gold'] },
        limits: [
          { period: 'sale', times: 2 },
          { period: 'year', times: 12 },
        ],
      },
    ];
    const lines: LineForm[] = [{ sku: 'wrap', unitPriceMinor: 250, quantity: 3 }];
    const gold = priced({ rewards, lines, tierId: 'gold' });
    expect([gold.totalMinor, gold.applied[0]?.times]).toEqual([250, 2]);
    expect(gold.entitlements).toEqual([
      { rewardId: 'wrap', name: { en: 'wrap', tr: 'wrap' }, left: 10, of: 12 },
    ]);
    const used = counted('member/m', 'used/wrap', 11);
    const last = priced({ rewards, lines, tierId: 'gold', books: used });
    expect([last.totalMinor, last.entitlements[0]?.left]).toEqual([500, 0]);
    const lastYear = counted('member/m', 'used/wrap', 12, '2025-12-31');
    expect(priced({ rewards, lines, tierId: 'gold', books: lastYear }).totalMinor).toBe(250);
    expect(priced({ rewards, lines }).totalMinor).toBe(750);
    expect(priced({ rewards, lines }).entitlements).toEqual([]);
  });
});

describe('gifts and slips', () => {
  it('C40: one on top for each three, then 10 %', () => {
    const rewards: RewardForm[] = [
      { kind: 'gift', ...automatic('g'), lines: { skus: ['A'] }, sku: 'A', buy: 3, get: 1 },
      { kind: 'percent-off', ...byCode('ten'), percent: '10' },
    ];
    const sale = (quantity: number) =>
      priced({ rewards, codes: ['TEN'], lines: [{ unitPriceMinor: 32_000, quantity }] });
    expect(sale(3).totalMinor).toBe(86_400);
    expect(sale(2).gifts).toEqual([]);
    expect([3, 75, 6].map((units) => sale(units).gifts[0]?.units)).toEqual([1, 25, 2]);
  });

  it('S02: numbered slips until the stock is gone', () => {
    const rewards: RewardForm[] = [
      {
        kind: 'slip',
        ...head('book'),
        cost: { points: 250 },
        stock: 2,
        timesMax: 5,
        validDays: 30,
        issuedBy: 'desk',
      },
    ];
    const claim = { rewardId: 'book' };
    const sale = priced({ rewards, lines: [{}], claims: [claim, claim, claim], points: 900 });
    expect(sale.slips.map(({ slipId }) => slipId)).toEqual(['t1/book/1', 't1/book/2']);
    expect(sale.slips[0]?.untilMs).toBe(Date.UTC(2026, 3, 10));
    expect(sale.refusals).toEqual([{ rewardId: 'book', reason: 'out-of-stock', missing: 0 }]);
    expect([sale.totalMinor, sale.applied[0]?.cost?.points]).toEqual([100, 500]);
    const books = counted('shop', 'used/book', 2);
    const [offer] = priced({ rewards, lines: [{}], points: 900, books }).offers;
    expect([offer?.state, offer?.timesMax]).toEqual(['out-of-stock', 0]);
  });
});

describe('blocks of points', () => {
  const tenOff: RewardForm = {
    kind: 'amount-off',
    ...head('ten'),
    amountOffMinor: 1000,
    cost: { points: 500 },
    timesMax: 20,
    when: { basketAtLeastMinor: 1000 },
  };
  const claim = (unitPriceMinor: number, times: number, points: number) =>
    priced({
      rewards: [tenOff],
      lines: [{ unitPriceMinor }],
      claims: [{ rewardId: 'ten', times }],
      points,
    });

  it('S05: refused below 10.00; 25.00 and 1,130 points allow two steps', () => {
    expect(claim(999, 1, 1130).refusals).toEqual([
      { rewardId: 'ten', reason: 'basket-too-small', missing: 1 },
    ]);
    const offered = priced({ rewards: [tenOff], lines: [{ unitPriceMinor: 2500 }], points: 1130 });
    expect(offered.offers[0]).toMatchObject({ state: 'available', timesMax: 2, shortByPoints: 0 });
    const two = claim(2500, 2, 1130);
    expect([two.totalMinor, two.applied[0]?.cost?.points]).toEqual([500, 1000]);
    expect(claim(2500, 3, 1130).refusals).toEqual([
      { rewardId: 'ten', reason: 'points-short', missing: 370 },
    ]);
  });

  it('takes no points for nothing: the last block must find something to pay', () => {
    expect(claim(2500, 3, 9000).totalMinor).toBe(0);
    expect(claim(2500, 4, 9000).refusals).toEqual([
      { rewardId: 'ten', reason: 'basket-too-small', missing: 501 },
    ]);
    const offered = priced({ rewards: [tenOff], lines: [{ unitPriceMinor: 2500 }], points: 9000 });
    expect(offered.offers[0]?.timesMax).toBe(3);
    expect(claim(2500, 2, 9000).offers[0]).toMatchObject({ state: 'claimed', timesMax: 1 });
  });

  it('does not lower its own threshold, and counts points over claims', () => {
    const one = { rewardId: 'ten', times: 1 };
    const lines: LineForm[] = [{ unitPriceMinor: 1500 }];
    const sale = priced({ rewards: [tenOff], lines, claims: [one, one], points: 1000 });
    expect([sale.totalMinor, sale.refusals]).toEqual([0, []]);
    const short = priced({ rewards: [tenOff], lines, claims: [one, one], points: 900 });
    expect(short.refusals).toEqual([{ rewardId: 'ten', reason: 'points-short', missing: 100 }]);
  });

  it('C73: the total is rounded before points pay it, and points pay all of it', () => {
    const rewards: RewardForm[] = [
      {
        kind: 'amount-off',
        ...head('cent'),
        amountOffMinor: 10,
        cost: { points: 1 },
        timesMax: 999,
      },
      { kind: 'amount-off', ...head('all'), amountOffMinor: 10_100, cost: { points: 1010 } },
    ];
    const sale = (claims: { rewardId: string; times: number }[], unitPriceMinor = 10_060) =>
      priced({ rewards, lines: [{ unitPriceMinor }], claims, points: 1010, roundsToMinor: 100 });
    const none = sale([]);
    expect([none.totalMinor, none.roundingMinor]).toEqual([10_100, 40]);
    const all = sale([{ rewardId: 'all', times: 1 }]);
    expect([all.totalMinor, all.roundingMinor, all.netMinor]).toEqual([0, 0, [0]]);
    expect(all.applied[0]).toMatchObject({ amountOffMinor: 10_100, roundingMinor: 40 });
    expect(all.off).toEqual([['all', 10_060]]);
    const some = sale([{ rewardId: 'cent', times: 999 }]);
    expect([some.totalMinor, some.roundingMinor]).toEqual([110, 40]);
    const down = sale([{ rewardId: 'all', times: 1 }], 10_040);
    expect([down.totalMinor, down.roundingMinor, down.netMinor]).toEqual([0, -40, [40]]);
  });
});

describe('limits', () => {
  const limited = (limit: NonNullable<RewardForm['limits']>[number]): RewardForm => ({
    kind: 'amount-off',
    ...head('off'),
    amountOffMinor: 10,
    timesMax: 9,
    limits: [limit],
  });
  const refusals = (reward: RewardForm, books: Books, times = 1) =>
    priced({ rewards: [reward], lines: [{}], claims: [{ rewardId: 'off', times }], books })
      .refusals;

  it('counts by day, week, month, year and ever', () => {
    const used = (day: string) => counted('member/m', 'used/off', 1, day);
    // The sale is on Tuesday 10 March 2026; each pair is the last day inside and the first outside.
    const days = {
      day: ['2026-03-10', '2026-03-09'],
      week: ['2026-03-09', '2026-03-08'],
      month: ['2026-03-01', '2026-02-28'],
      year: ['2026-01-01', '2025-12-31'],
    } as const;
    for (const period of ['day', 'week', 'month', 'year'] as const) {
      const reward = limited({ period, times: 1 });
      const [inside, outside] = days[period];
      expect(refusals(reward, used(inside))[0]?.reason, period).toBe('limit-reached');
      expect(refusals(reward, used(outside)), period).toEqual([]);
    }
    expect(refusals(limited({ period: 'ever', times: 1 }), used('2020-01-01'))).toHaveLength(1);
  });

  it('counts for the cashier and for the shop, and within the sale', () => {
    const byOperator = limited({ period: 'day', per: 'operator', times: 2 });
    const operator = counted('operator/o', 'used/off', 1, '2026-03-10');
    expect(refusals(byOperator, operator)).toEqual([]);
    expect(refusals(byOperator, operator, 2)[0]?.reason).toBe('limit-reached');
    const ofShop = limited({ period: 'ever', per: 'programme', times: 1 });
    expect(refusals(ofShop, counted('shop', 'used/off', 1))).toHaveLength(1);
    const once = limited({ period: 'sale', times: 1 });
    expect(refusals(once, new Map(), 2)[0]?.reason).toBe('limit-reached');
  });

  it('takes times in one sale from a limit of the sale, else from `timesMax`', () => {
    const wraps = (changes: Partial<RewardForm>) =>
      priced({
        rewards: [{ kind: 'free-units', ...automatic('f'), ...changes } as RewardForm],
        lines: [{ quantity: 4 }],
      }).freeUnits[0];
    expect(wraps({})).toBe(1);
    expect(wraps({ timesMax: 2, limits: [{ period: 'year', times: 12 }] })).toBe(2);
    expect(wraps({ limits: [{ period: 'sale', times: 3 }] })).toBe(3);
    const claimed = limited({ period: 'sale', times: 12 });
    expect(refusals(claimed, new Map(), 10)).toEqual([]);
  });

  it('refuses what nobody knows, and what comes by itself', () => {
    const rewards: RewardForm[] = [
      { kind: 'percent-off', ...automatic('auto'), percent: '10' },
      {
        kind: 'percent-off',
        ...head('monday'),
        percent: '10',
        when: { weekdays: [1] },
      },
    ];
    const claims = ['auto', 'none', 'monday'].map((rewardId) => ({ rewardId }));
    expect(priced({ rewards, lines: [{}], claims }).refusals).toEqual([
      { rewardId: 'auto', reason: 'reward-unknown', missing: 0 },
      { rewardId: 'none', reason: 'reward-unknown', missing: 0 },
      { rewardId: 'monday', reason: 'condition-unmet', missing: 0 },
    ]);
  });

  it('passes conversions on without taking their points yet', () => {
    const rewards: RewardForm[] = [
      { kind: 'convert', ...head('give'), cost: { points: 100 }, to: 'charity', amount: 1000 },
    ];
    const claims = [{ rewardId: 'give' }, { rewardId: 'give' }];
    const sale = priced({ rewards, lines: [{}], claims });
    expect(sale.conversions.map(({ times }) => times)).toEqual([1]);
    expect(sale.refusals).toEqual([{ rewardId: 'give', reason: 'limit-reached', missing: 0 }]);
    expect(sale.applied).toEqual([]);
  });
});

describe('offers', () => {
  it('says what each reward would give, and what is missing', () => {
    const rewards: RewardForm[] = [
      { kind: 'percent-off', ...head('p'), percent: '10', cost: { points: 50 } },
      { kind: 'free-units', ...head('f'), timesMax: 5, lines: { skus: ['A'] } },
      { kind: 'free-units', ...head('none'), lines: { skus: ['Z'] } },
      {
        kind: 'amount-off',
        ...head('big'),
        amountOffMinor: 500,
        when: { basketAtLeastMinor: 900 },
      },
      { kind: 'percent-off', ...automatic('auto'), percent: '0.0001' },
    ];
    const sale = priced({ rewards, lines: [{ quantity: 3 }], points: 20 });
    const seen = sale.offers.map((offer) => [
      offer.rewardId,
      offer.state,
      offer.amountOffMinor,
      offer.timesMax,
      offer.shortByPoints,
    ]);
    expect(seen).toEqual([
      ['p', 'points-short', 30, 0, 30],
      ['f', 'available', 100, 3, 0],
      ['none', 'basket-too-small', 0, 0, 0],
      ['big', 'basket-too-small', 500, 0, 0],
    ]);
  });
});
