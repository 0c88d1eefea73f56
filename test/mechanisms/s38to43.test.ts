// Goal: the worked examples S38–S43 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { lotsOf, memberOwner } from '#loyalty/books/books.ts';
import { dateOfDayNumber } from '#loyalty/calendar.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { localMomentOf } from '#loyalty/pricing/context.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  type ProgrammeForm,
  programmeOf,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

const NOON = '2026-03-10T12:00:00Z';

/** Tiers by the spend of a calendar year, kept to the end of the next one. */
function spendTiers(levels: readonly (readonly [string, number])[]): ProgrammeForm['tiers'] {
  return {
    measure: 'spend',
    period: 'calendar-year',
    valid: 'end-of-next-year',
    levels: levels.map(([tierId, from]) => ({ tierId, name: named(tierId), from })),
  };
}

describe('mechanisms S38 to S43', () => {
  it('S38 YNAP EIP: a tier by net spend, only when returns are over; no price moves', () => {
    const tiers = spendTiers([
      ['bronze', 0],
      ['silver', 300_000],
      ['gold', 1_000_000],
    ]);
    const silver = { perks: [{ perkId: 'shopper', name: named('Offer a personal shopper') }] };
    const programme = programmeOf({
      earning: { rules: [ONE_PER_UNIT] },
      tiers: {
        ...tiers,
        upgradeDelayDays: 14,
        levels: tiers.levels.map((level) =>
          level.tierId === 'silver' ? { ...level, ...silver } : level,
        ),
      },
    });
    const state = { members: [{ memberId: 'ada' }, { memberId: 'ben' }] };
    const shop = loyaltyShop(programme, state);
    const buys = (memberId: string) => {
      shop.sell({ memberId, lines: [{ unitPriceMinor: 295_000 }] }, '2026-03-01T12:00:00Z');
      // Five pieces at 20.00 on day 0.
      const pieces = [{ sku: 'scarf', quantity: 5, unitPriceMinor: 2000 }];
      shop.sell({ transactionId: memberId, memberId, lines: pieces }, NOON);
    };
    buys('ada');
    expect(shop.tier('ada', '2026-03-23T23:59:59Z')).toBe('bronze');
    expect(shop.tier('ada', '2026-03-24T00:00:00Z'), 'day 14').toBe('silver');

    buys('ben');
    expect(shop.returns('ben', [[1, 3]], '2026-03-15T12:00:00Z').ok, '60.00 on day 5').toBe(true);
    expect(shop.held(memberOwner('ben'), 'spend')).toBe(299_000);
    expect(shop.tier('ben', '2026-03-24T00:00:00Z')).toBe('bronze');

    const { messages, discountMinor } = shop.quote(
      { memberId: 'ada', lines: [{ unitPriceMinor: 10_000 }] },
      '2026-04-01T12:00:00Z',
    );
    expect(messages.map(({ kind, whyArgs }) => [kind, whyArgs['name_en']])).toEqual([
      ['perk', 'Offer a personal shopper'],
    ]);
    expect(discountMinor).toBe(0);
    expect(shop.tier('ada', '2027-12-31T23:59:59Z')).toBe('silver');
    expect(shop.tier('ada', '2028-01-01T00:00:00Z')).toBe('bronze');
  });

  it('S39 online and offline: one schema of sales, rules by channel, one tier', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            ONE_PER_UNIT,
            {
              kind: 'multiplier',
              ruleId: 'web-double',
              name: named('Web 2x'),
              factor: '2',
              when: { channels: ['web'] },
            },
          ],
        },
        tiers: spendTiers([['base', 0]]),
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const sell = (channel: 'web' | 'till') =>
      shop.sell({ memberId: 'ada', channel, lines: [{ unitPriceMinor: 2000 }] }, NOON);
    expect([sell('web').earnedPoints, sell('till').earnedPoints]).toEqual([40, 20]);
    const { tier } = shop.quote({ memberId: 'ada', lines: [] }, NOON);
    expect(tier?.measured).toBe(4000);
  });

  it('S40 grandfathering: the version in force at the time of the sale decides', () => {
    const version = (number: number, effectiveFromIso: string, levels: [string, number][]) =>
      programmeOf({ version: number, effectiveFromIso, tiers: spendTiers(levels) });
    const shop = loyaltyShop(
      [
        version(1, '2026-01-01T00:00:00Z', [
          ['base', 0],
          ['gold', 50_000],
        ]),
        version(2, '2026-07-01T00:00:00Z', [
          ['base', 0],
          ['silver', 30_000],
          ['gold', 80_000],
        ]),
      ],
      { members: ['ada', 'ben', 'cem'].map((memberId) => ({ memberId })) },
    );
    const reaches = (memberId: string, atIso: string) =>
      shop.sell({ memberId, lines: [{ unitPriceMinor: 52_000 }] }, atIso).programmeVersion;
    expect(reaches('ada', '2026-03-10T12:00:00Z')).toBe('test@1');
    expect(shop.tier('ada', '2026-03-10T13:00:00Z')).toBe('gold');
    expect(shop.tier('ada', '2027-12-31T23:59:59Z')).toBe('gold');
    expect(shop.tier('ada', '2028-01-01T00:00:00Z')).toBe('base');

    // Priced when it is synced, by the time when it was sold.
    reaches('cem', '2026-07-02T12:00:00Z');
    expect(reaches('ben', '2026-06-30T23:59:00Z')).toBe('test@1');
    expect(shop.tier('ben', '2026-07-02T12:00:00Z')).toBe('gold');
    expect(shop.tier('ben', '2027-12-31T23:59:59Z')).toBe('gold');
    expect(shop.tier('cem', '2026-07-02T13:00:00Z')).toBe('silver');
  });

  it('S41 stand-alone: an amount and a card are enough', () => {
    const shop = loyaltyShop(programmeOf({ earning: { rules: [ONE_PER_UNIT] } }));
    const sale = {
      cardNumber: '2990000000019',
      lines: [{ kind: 'amount' as const, unitPriceMinor: 2375 }],
    };
    const pricing = shop.sell(sale, NOON);
    expect([pricing.earnedPoints, pricing.dueMinor]).toEqual([23, 2375]);
    expect(shop.balance(shop.memberIdByCard('2990000000019') ?? '')).toBe(23);
  });

  it('S42 away from earn and burn: status points stay when the others are spent', () => {
    const status: RuleForm = {
      kind: 'money',
      ruleId: 'status',
      name: named('Status'),
      account: 'status',
      points: '1',
      perMinor: 100,
    };
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('status', 'status')],
        earning: { rules: [ONE_PER_UNIT, status] },
        tiers: {
          measure: 'status',
          levels: [
            { tierId: 'base', name: named('Base'), from: 0 },
            { tierId: 'gold', name: named('Gold'), from: 50 },
          ],
        },
        rewards: {
          list: [
            {
              kind: 'slip',
              rewardId: 'mug',
              name: named('Mug'),
              cost: { points: 40 },
              validDays: 30,
              issuedBy: 'The counter',
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    shop.sell({ memberId: 'ada', lines: [{ unitPriceMinor: 5000 }] }, NOON);
    const figures = () => [
      shop.balance('ada'),
      shop.balance('ada', 'status'),
      shop.tier('ada', NOON),
    ];
    expect(figures()).toEqual([50, 50, 'gold']);
    const free = [{ flags: ['excluded' as const], unitPriceMinor: 100 }];
    shop.sell({ memberId: 'ada', lines: free, claims: [{ rewardId: 'mug' }] }, NOON);
    expect(figures()).toEqual([10, 50, 'gold']);
  });

  it('S43 purchase class: type, amount and date, also in the night when clocks change', () => {
    const atIso = '2026-03-29T01:30+01:00';
    const local = localMomentOf(parseInstantIso(atIso) ?? 0, 'Europe/Berlin', 4 * 60);
    expect(dateOfDayNumber(local.calendarDayNumber)).toEqual({ year: 2026, month: 3, day: 29 });
    expect(local.day).toBe('2026-03-28');

    const shop = loyaltyShop(
      programmeOf({
        timeZone: 'Europe/Berlin',
        businessDayCutOver: '04:00',
        earning: { rules: [ONE_PER_UNIT] },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const line = { productType: 'book', unitPriceMinor: 1999, taxRateBasisPoints: 700 };
    const pricing = shop.sell({ memberId: 'ada', lines: [line] }, atIso);
    expect(pricing.lines[0]?.netMinor).toBe(1999);
    expect([pricing.earnedPoints, pricing.dueMinor]).toEqual([19, 1999]);
    const days = lotsOf(shop.books(), memberOwner('ada'), 'visits').map(({ lotId }) => lotId);
    expect(days).toEqual(['2026-03-28']);
    const numbers = JSON.stringify(pricing).match(/-?[0-9]+\.[0-9]+(?=[,}\]])/g);
    expect(numbers, 'no fraction anywhere').toBeNull();
  });
});
