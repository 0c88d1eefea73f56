// Goal: the worked examples S01–S05 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { printerProfiles } from '#drivers/printer/paper/profiles.ts';
import { lotsOf, memberOwner } from '#loyalty/books/books.ts';
import { countedName, logoWidthDots } from '#loyalty/display/brand.ts';
import { drawOf } from '#loyalty/earn/others.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import {
  accountOf,
  compiledOf,
  digestOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  pointsAccount,
  programmeOf,
} from '#test/support/loyaltyShop.ts';

const NOON = '2026-03-10T12:00:00Z';

describe('mechanisms S01 to S05', () => {
  it('S01 Starbucks Rewards: the tender chooses the rate, the ladder shows the next step', () => {
    const stars = (ruleId: string, points: string, tenderTypes: string[]) =>
      ({
        kind: 'money',
        ruleId,
        name: named('Stars'),
        points,
        perMinor: 100,
        when: { tenderTypes },
      }) as const;
    const step = (points: number) =>
      ({
        kind: 'free-units',
        rewardId: `drink-${points}`,
        name: named(`${points} stars`),
        cost: { points },
      }) as const;
    const shop = loyaltyShop(
      programmeOf({
        accounts: [
          pointsAccount({ expiry: { kind: 'month-end', months: 6 } }),
          accountOf('preloaded', 'money'),
        ],
        earning: {
          rules: [stars('preloaded', '2', ['preloaded']), stars('other', '1', ['cash', 'card'])],
        },
        rewards: { list: [25, 100, 200, 300, 400].map(step) },
      }),
      { members: [{ memberId: 'ada', balances: { points: 96, preloaded: 2000 } }] },
    );
    const at = '2026-01-22T09:00:00Z';
    const coffee = { sku: 'latte', unitPriceMinor: 750 };
    const pricing = shop.sell(
      {
        transactionId: 'first',
        memberId: 'ada',
        lines: [coffee],
        tenders: [
          { tenderType: 'preloaded', amountMinor: 500 },
          { tenderType: 'cash', amountMinor: 250 },
        ],
      },
      at,
    );
    expect(pricing.accruals.map(({ points }) => points)).toEqual([10, 2]);
    expect(pricing.earnedPoints).toBe(12);
    expect(shop.balance('ada')).toBe(108);

    const { offers } = shop.quote({ memberId: 'ada', lines: [coffee] }, at);
    const ready = offers.filter(({ state }) => state === 'available').map(({ points }) => points);
    expect(Math.max(...ready)).toBe(100);
    const next = offers.find(({ state }) => state === 'points-short');
    expect(next).toMatchObject({ points: 200, shortByPoints: 92 });

    const lots = lotsOf(shop.books(), memberOwner('ada'), 'points');
    const untilMs = lots.filter(({ lotId }) => lotId.startsWith('first')).map((lot) => lot.untilMs);
    expect(new Set(untilMs)).toEqual(new Set([parseInstantIso('2026-08-01T00:00:00Z')]));
  });

  it('S02 rewards that are no money: numbered slips, as many as there are books', () => {
    const shop = loyaltyShop(
      programmeOf({
        rewards: {
          list: [
            {
              kind: 'slip',
              rewardId: 'book',
              name: named('Buy a book on us'),
              cost: { points: 250 },
              stock: 2,
              validDays: 90,
              issuedBy: 'The book shop next door',
            },
          ],
        },
      }),
      {
        members: [
          { memberId: 'ada', balances: { points: 600 } },
          { memberId: 'ben', balances: { points: 900 } },
        ],
      },
    );
    const claim = (memberId: string) =>
      shop.sell(
        { memberId, lines: [{ unitPriceMinor: 300 }], claims: [{ rewardId: 'book' }] },
        NOON,
      );
    const slips = [claim('ada'), claim('ada')].flatMap((pricing) => pricing.slips);
    expect(shop.balance('ada')).toBe(100);
    expect(new Set(slips.map(({ slipId }) => slipId)).size).toBe(2);
    expect(slips[0]).toMatchObject({
      issuedBy: 'The book shop next door',
      untilMs: parseInstantIso('2026-06-09T00:00:00Z'),
    });

    const third = claim('ben');
    expect(third.refusals).toEqual([{ rewardId: 'book', reason: 'out-of-stock', missing: 0 }]);
    expect(third.slips).toEqual([]);
    expect(third.totalMinor, 'no effect on the basket').toBe(300);
    expect(shop.balance('ben')).toBe(900);
  });

  it('S03 white label: names of points in one and many, the logo as wide as the paper', () => {
    const pointsName = {
      one: { en: 'Stamp', tr: 'Damga' },
      other: { en: 'Stamps', tr: 'damga' },
    };
    const programme = compiledOf(programmeOf({ pointsName })).programme;
    const spoken = (points: number) => countedName(programme.pointsName, 'en', points);
    expect([1, 2].map(spoken)).toEqual(['1 Stamp', '2 Stamps']);
    const widths = printerProfiles.filter(({ profileId }) =>
      ['epson-80', 'epson-58'].includes(profileId),
    );
    expect(widths.map(({ widthDots }) => logoWidthDots(800, widthDots))).toEqual([576, 384]);
    expect(logoWidthDots(200, 576), 'a small logo stays').toBe(200);
  });

  it('S04 variable-ratio rewards: the sale id draws, alike on every till', () => {
    const lucky = {
      kind: 'lucky',
      ruleId: 'lucky',
      name: named('Lucky basket'),
      oneIn: 10,
      points: 50,
    } as const;
    const member = { members: [{ memberId: 'ada' }, { memberId: 'ben', flags: ['no-lucky'] }] };
    const free = loyaltyShop(programmeOf({ earning: { rules: [lucky] } }), member);
    const lines = [{ unitPriceMinor: 500 }];
    const draws = (transactionId: string) =>
      free.quote({ transactionId, memberId: 'ada', lines }, NOON).earnedPoints;
    const ids = Array.from({ length: 10_000 }, (_, index) => `s${index}`);
    const wins = ids.filter((id) => draws(id) === 50);
    expect(wins.length).toBe(1030);
    expect(wins).toEqual(ids.filter((id) => drawOf(digestOf(id), 10) === 0));

    const capped = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              ...lucky,
              caps: [{ period: 'day', per: 'programme', times: 3 }],
              when: { exceptFlags: ['no-lucky'] },
            },
          ],
        },
      }),
      member,
    );
    const [first = '', second = '', third = '', fourth = ''] = wins;
    const sell = (transactionId: string) =>
      capped.sell({ transactionId, memberId: 'ada', lines }, NOON);
    expect([first, second, third, fourth].map((id) => sell(id).earnedPoints)).toEqual([
      50, 50, 50, 0,
    ]);
    // Replayed, the same sale gives the same answer and moves nothing again.
    expect(sell(first).earnedPoints).toBe(50);
    expect(capped.balance('ada')).toBe(150);
    const accrual = capped.sold(first).pricing.movements.find(({ kind }) => kind === 'accrual');
    expect(accrual?.whyArgs['seed']).toBe(first);

    const fifth = { transactionId: wins[4] ?? '', memberId: 'ben', lines };
    expect(capped.quote(fifth, '2026-03-11T12:00:00Z').earnedPoints, 'opted out').toBe(0);
  });

  it('S05 Sephora Beauty Insider: tiers by spend of the year, steps of 500 points', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [pointsAccount({ expiry: { kind: 'inactivity', months: 12 } })],
        earning: { rules: [{ ...ONE_PER_UNIT, isMultipliedByTier: true }] },
        tiers: {
          measure: 'spend',
          period: 'calendar-year',
          valid: 'end-of-next-year',
          levels: [
            { tierId: 'insider', name: named('Insider'), from: 0 },
            { tierId: 'vib', name: named('VIB'), from: 35_000, multiplier: '1.25' },
            { tierId: 'rouge', name: named('Rouge'), from: 100_000, multiplier: '1.5' },
          ],
        },
        rewards: {
          list: [
            {
              kind: 'amount-off',
              rewardId: 'ten-off',
              name: named('10.00 off'),
              amountOffMinor: 1000,
              cost: { points: 500 },
              timesMax: 99,
              when: { basketAtLeastMinor: 1000 },
            },
          ],
        },
      }),
      {
        members: [
          { memberId: 'ada', balances: { points: 1130 } },
          { memberId: 'ben' },
          { memberId: 'vic', tier: { tierId: 'vib', untilIso: '2027-01-01T00:00:00Z' } },
        ],
      },
    );
    const basket = (memberId: string, unitPriceMinor: number, times = 0) => ({
      memberId,
      lines: [{ unitPriceMinor }],
      claims: times === 0 ? [] : [{ rewardId: 'ten-off', times }],
    });
    expect(shop.quote(basket('vic', 4720), NOON).earnedPoints).toBe(59);

    const small = shop.quote(basket('ada', 999, 1), NOON);
    expect(small.refusals[0]?.reason).toBe('basket-too-small');
    expect(small.discountMinor).toBe(0);
    const [offer] = shop.quote(basket('ada', 2500), NOON).offers;
    expect(offer?.timesMax).toBe(2);
    const large = shop.quote(basket('ada', 2500, 2), NOON);
    expect([large.discountMinor, large.redeemedPoints]).toEqual([2000, 1000]);

    shop.sell(basket('ben', 34_000), '2025-12-05T12:00:00Z');
    expect(shop.tier('ben', '2025-12-06T12:00:00Z')).toBe('insider');
    shop.sell(basket('ben', 1500), '2025-12-20T12:00:00Z');
    expect(shop.tier('ben', '2026-12-31T23:59:59Z')).toBe('vib');
    expect(shop.tier('ben', '2027-01-01T00:00:00Z')).toBe('insider');

    expect(shop.balance('ben', 'points', '2026-12-19T12:00:00Z')).toBe(355);
    expect(shop.balance('ben', 'points', '2026-12-20T00:00:00Z'), 'a year idle').toBe(0);
  });
});
