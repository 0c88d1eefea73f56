// Goal: the worked examples S27–S32 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { ELSEWHERE_LOT, lotsOf, type Movement, memberOwner } from '#loyalty/books/books.ts';
import { nowOf } from '#loyalty/books/lots.ts';
import { settle } from '#loyalty/books/settle.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
  type RewardForm,
} from '#test/support/loyaltyShop.ts';

const GOODS = [{ unitPriceMinor: 1000 }];

describe('mechanisms S27 to S32', () => {
  it('S27 birthday: once in a window of days, also of 29 February, over all tills', () => {
    const programme = programmeOf({
      earning: {
        rules: [
          {
            kind: 'fixed',
            ruleId: 'birthday',
            name: named('Birthday'),
            points: 100,
            when: { birthday: { window: 'days', daysBefore: 3, daysAfter: 3 } },
            caps: [{ period: 'year', times: 1 }],
          },
        ],
      },
    });
    const birthday = { month: 2, day: 29 };
    const state = {
      members: [
        { memberId: 'ada', birthday },
        {
          memberId: 'edited',
          birthday: { ...birthday, changedAtIso: '2027-02-10T12:00:00Z' },
        },
      ],
    };
    const shop = loyaltyShop(programme, state);
    const on = (memberId: string, day: string) =>
      shop.quote({ memberId, lines: GOODS }, `2027-${day}T12:00:00Z`).earnedPoints;
    const days = ['02-24', '02-25', '03-03', '03-04'].map((day) => on('ada', day));
    expect(days, '25 February to 3 March').toEqual([0, 100, 100, 0]);
    expect(on('edited', '03-01'), 'edited within 30 days').toBe(0);

    const sell = (day: string) =>
      shop.sell({ memberId: 'ada', lines: GOODS }, `2027-${day}T12:00:00Z`).earnedPoints;
    expect([sell('03-01'), sell('03-02'), sell('03-04')]).toEqual([100, 0, 0]);

    // Two tills that do not know of each other both grant; head office undoes the second.
    const tills = ['till-1', 'till-2'].map((transactionId) => {
      const till = loyaltyShop(programme, state);
      till.sell({ transactionId, memberId: 'ada', lines: GOODS }, '2027-03-01T12:00:00Z');
      return till;
    });
    const rows = tills.flatMap((till, index) => {
      const transactionId = `till-${index + 1}`;
      const { pricing, stored } = till.sold(transactionId);
      return pricing.movements.map((movement) => ({ transactionId, atMs: stored.atMs, movement }));
    });
    const office = loyaltyShop(programme, state);
    office.apply(rows.map(({ movement }) => movement));
    expect(office.balance('ada')).toBe(200);
    const now = nowOf(tills[0]?.sold('till-1').stored.atMs ?? 0, 'UTC', 0);
    const undone = settle(office.books(), rows, now);
    office.apply(undone);
    expect(undone.map(({ account, amount }) => [account, amount])).toContainEqual(['points', -100]);
    expect(office.balance('ada')).toBe(100);
  });

  it('S28 Love Your Body Club: a voucher at each 100, kept or donated', () => {
    const convert = (reward: Pick<RewardForm, 'rewardId' | 'trigger' | 'cost'>, to: string) =>
      ({ kind: 'convert', name: named(to), to, amount: 1000, timesMax: 99, ...reward }) as const;
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('voucher', 'money'), accountOf('charity-b', 'charity')],
        charities: [{ charityId: 'charity-b', name: named('Charity B') }],
        earning: { rules: [ONE_PER_UNIT] },
        rewards: {
          list: [
            convert(
              { rewardId: 'voucher', trigger: 'automatic', cost: { points: 100 } },
              'voucher',
            ),
            convert(
              { rewardId: 'donate', trigger: 'claim', cost: { account: 'voucher', points: 1000 } },
              'charity-b',
            ),
          ],
        },
      }),
      { members: [{ memberId: 'ada', balances: { points: 92 } }] },
    );
    const at = '2026-03-10T12:00:00Z';
    const sale = { transactionId: 'first', memberId: 'ada', lines: [{ unitPriceMinor: 1840 }] };
    const first = shop.sell(sale, at);
    expect(first.earnedPoints).toBe(18);
    expect([shop.balance('ada'), shop.balance('ada', 'voucher')]).toEqual([10, 1000]);

    const donation = shop.sell(
      { memberId: 'ada', lines: [{ unitPriceMinor: 50 }], claims: [{ rewardId: 'donate' }] },
      at,
    );
    expect([first.dueMinor, donation.dueMinor, donation.discountMinor]).toEqual([1840, 50, 0]);
    expect(shop.held('charity/charity-b', 'charity-b')).toBe(1000);
    expect(shop.balance('ada', 'voucher')).toBe(0);
  });

  it('S28 in the sale itself: its points are donated before they are a voucher', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('charity-b', 'charity')],
        charities: [{ charityId: 'charity-b', name: named('Charity B') }],
        earning: { base: { spendPointsOfThisSale: 'yes' }, rules: [ONE_PER_UNIT] },
        rewards: {
          list: [
            {
              kind: 'convert',
              rewardId: 'donate',
              name: named('Donate'),
              cost: { points: 100 },
              to: 'charity-b',
              amount: 1000,
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada', balances: { points: 92 } }] },
    );
    const sale = shop.sell(
      { memberId: 'ada', lines: [{ unitPriceMinor: 1840 }], claims: [{ rewardId: 'donate' }] },
      '2026-03-10T12:00:00Z',
    );
    expect([sale.dueMinor, sale.discountMinor, sale.earnedPoints]).toEqual([1840, 0, 18]);
    expect(shop.balance('ada')).toBe(10);
    expect(shop.held('charity/charity-b', 'charity-b')).toBe(1000);
  });

  it('S28 as in Cyprus: 1 % of each purchase is donated', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('charity-b', 'charity')],
        charities: [{ charityId: 'charity-b', name: named('Charity B') }],
        earning: {
          rules: [
            {
              kind: 'share',
              ruleId: 'one-percent',
              name: named('1 % for charity B'),
              account: 'charity-b',
              to: 'charity-b',
              points: '1',
              perMinor: 100,
            },
          ],
        },
      }),
    );
    const sale = shop.sell({ lines: [{ unitPriceMinor: 1840 }] }, '2026-03-10T12:00:00Z');
    expect([sale.dueMinor, shop.held('charity/charity-b', 'charity-b')]).toEqual([1840, 18]);
  });

  it('S29 social sharing: once a day a member, twenty a day a cashier without a manager', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'event',
              ruleId: 'post',
              name: named('Saw the post'),
              eventId: 'post',
              givenBy: 'operator',
              points: 25,
              caps: [
                { period: 'day', times: 1 },
                { period: 'day', per: 'operator', times: 20, isLiftedByManager: true },
              ],
            },
          ],
        },
      }),
      { members: Array.from({ length: 22 }, (_, index) => ({ memberId: `m${index}` })) },
    );
    const saw = (memberId: string, atIso: string, isApprovedByManager = false) => {
      const given = shop.occasion(
        { action: 'event', eventId: 'post', memberId, operatorId: 'op7', isApprovedByManager },
        atIso,
      );
      return given.ok ? 'given' : given.error.reason;
    };
    expect(saw('m0', '2026-03-10T10:00:00Z')).toBe('given');
    expect(saw('m0', '2026-03-10T15:00:00Z')).toBe('limit-reached');
    expect(saw('m0', '2026-03-11T10:00:00Z')).toBe('given');
    expect(shop.balance('m0')).toBe(50);

    const day = '2026-03-12T10:00:00Z';
    const first = Array.from({ length: 20 }, (_, index) => saw(`m${index}`, day));
    expect(first).toEqual(first.map(() => 'given'));
    expect(saw('m20', day)).toBe('limit-reached');
    expect(saw('m20', day, true)).toBe('given');
  });

  it('S30 contract customers: a certain price, and no points on top', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: { rules: [ONE_PER_UNIT] },
        contracts: [
          {
            contractId: 'school',
            name: named('School'),
            toIso: '2027-01-01T00:00:00Z',
            prices: [{ sku: 'paint', unitPriceMinor: 900 }],
          },
        ],
      }),
      { members: [{ memberId: 'ada', contractId: 'school' }] },
    );
    const on = (atIso: string) => {
      const lines = [{ sku: 'paint', quantity: 10, unitPriceMinor: 1000 }];
      const { totalMinor, earnedPoints } = shop.quote({ memberId: 'ada', lines }, atIso);
      return [totalMinor, earnedPoints];
    };
    expect(on('2026-12-31T12:00:00Z')).toEqual([9000, 0]);
    expect(on('2027-01-01T12:00:00Z')).toEqual([10_000, 100]);
  });

  it('S31 one balance online and in stores: events are merged, no balance is overwritten', () => {
    const shop = loyaltyShop(programmeOf({ earning: { rules: [ONE_PER_UNIT] } }), {
      members: [{ memberId: 'ada', balances: { points: 300 } }],
    });
    shop.sell({ memberId: 'ada', lines: [{ unitPriceMinor: 4000 }] }, '2026-03-10T10:00:00Z');
    expect(shop.balance('ada'), 'of this till, offline').toBe(340);
    const web: Movement = {
      owner: memberOwner('ada'),
      account: 'points',
      lotId: ELSEWHERE_LOT,
      amount: -250,
      fromMs: 0,
      untilMs: null,
      kind: 'redemption',
      rule: 'web',
      whyKey: 'why.adjustment',
      whyArgs: {},
    };
    shop.apply([web]);
    expect(shop.balance('ada'), 'synced').toBe(90);
    expect(shop.balance('ada', 'points', '2026-03-10T11:00:00Z')).toBe(90);
  });

  it('S32 gamification: a badge for five weeks in a row, once; a gap begins anew', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'streak',
              ruleId: 'weeks',
              name: named('Five weeks'),
              weeks: 5,
              badgeId: 'regular',
              points: 50,
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }, { memberId: 'ben' }] },
    );
    // 28 September 2026 is the Monday of W40.
    const days: Record<string, string> = {
      W40: '2026-09-28',
      W41: '2026-10-06',
      W41b: '2026-10-09',
      W42: '2026-10-12',
      W43: '2026-10-25',
      W44: '2026-10-30',
      W45: '2026-11-03',
      W46: '2026-11-10',
      W47: '2026-11-17',
    };
    const visits = (memberId: string, weeks: readonly string[]) =>
      weeks.map(
        (week) => shop.sell({ memberId, lines: GOODS }, `${days[week]}T12:00:00Z`).earnedPoints,
      );
    const badges = (memberId: string) =>
      lotsOf(shop.books(), memberOwner(memberId), 'badge').map(({ lotId }) => lotId);
    expect(visits('ada', ['W40', 'W41', 'W41b', 'W42', 'W43'])).toEqual([0, 0, 0, 0, 0]);
    expect(badges('ada')).toEqual([]);
    expect(visits('ada', ['W44', 'W45', 'W46'])).toEqual([50, 0, 0]);
    expect(badges('ada')).toEqual(['regular']);

    expect(visits('ben', ['W40', 'W41', 'W43', 'W44', 'W45', 'W46', 'W47'])).toEqual([
      0, 0, 0, 0, 0, 0, 50,
    ]);
  });

  it('S32 challenge: five of a category within 30 days', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'challenge',
              ruleId: 'teas',
              name: named('Five teas'),
              units: 5,
              withinDays: 30,
              points: 20,
              when: { lines: { productTypes: ['tea'] } },
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }, { memberId: 'ben' }] },
    );
    const buys = (memberId: string, quantity: number, day: string) => {
      const lines = [{ sku: 'tea', productType: 'tea', quantity, unitPriceMinor: 300 }];
      return shop.sell({ memberId, lines }, `${day}T12:00:00Z`).earnedPoints;
    };
    expect([buys('ada', 2, '2026-03-01'), buys('ada', 3, '2026-03-30')]).toEqual([0, 20]);
    expect([buys('ben', 2, '2026-03-01'), buys('ben', 3, '2026-03-31')]).toEqual([0, 0]);
    expect(buys('ben', 2, '2026-04-01'), 'the first two are too old').toBe(20);
  });
});
