// Goal: the worked examples S44–S48 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { wishesOf } from '#loyalty/display/hints.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
} from '#test/support/loyaltyShop.ts';
import { say } from '#words/say.ts';

const NOON = '2026-03-10T12:00:00Z';

describe('mechanisms S44 to S48', () => {
  it('S44 points by product type: the most specific row wins, floored per line', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'table',
              ruleId: 'types',
              name: named('Shopping'),
              floor: 'line',
              rows: [
                {
                  ruleId: 'electronics',
                  name: named('Electronics'),
                  productTypes: ['electronics'],
                  points: '1',
                  perMinor: 100,
                },
                {
                  ruleId: 'books',
                  name: named('Books'),
                  productTypes: ['book'],
                  points: '3',
                  perMinor: 100,
                },
                {
                  ruleId: 'gift-cards',
                  name: named('Gift cards'),
                  productTypes: ['gift-card'],
                  isExcluded: true,
                },
                { ruleId: 'sku-4021', name: named('4021'), skus: ['4021'], pointsPerUnit: '10' },
              ],
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const lines = [
      { sku: 'tv', productType: 'electronics', unitPriceMinor: 19_999 },
      { sku: 'book', productType: 'book', unitPriceMinor: 1050 },
      { sku: 'card', productType: 'gift-card', unitPriceMinor: 2500 },
      { sku: '4021', productType: 'electronics', unitPriceMinor: 300 },
    ];
    const pricing = shop.quote({ memberId: 'ada', lines }, NOON);
    const byRule = new Map(pricing.accruals.map(({ rule, points }) => [rule, points]));
    expect(Object.fromEntries(byRule)).toEqual({ electronics: 199, books: 31, 'sku-4021': 10 });
    expect(pricing.earnedPoints).toBe(240);
  });

  it('S45 tailored visits: wishes of a member become hints and the way of the receipt', () => {
    const shop = loyaltyShop(programmeOf(), {
      members: [
        { memberId: 'ada', flags: ['no-paper', 'no-bag'] },
        { memberId: 'ben', flags: ['no-lucky'] },
      ],
    });
    const ada = wishesOf(shop.member('ada'));
    expect(ada.isPaperWanted, 'the receipt goes by mail').toBe(false);
    expect(ada.hints.map((hint) => say('en', `wish.${hint}`, {}))).toEqual([
      'Needs no bag',
      'Wants the receipt by mail, not on paper',
    ]);
    expect(wishesOf(shop.member('ben'))).toEqual({ hints: [], isPaperWanted: true });
  });

  it('S46 upsell: what a little more would bring, and silence where it is much', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'fixed',
              ruleId: 'fifty',
              name: named('Bonus'),
              points: 50,
              when: { basketAtLeastMinor: 2500 },
              nudgeWithinMinor: 500,
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const at = (unitPriceMinor: number) => {
      const pricing = shop.quote({ memberId: 'ada', lines: [{ unitPriceMinor }] }, NOON);
      const nudges = pricing.messages.filter(({ kind }) => kind === 'nudge');
      return {
        missing: nudges.map(({ missingMinor, points }) => [missingMinor, points]),
        said: nudges.map(({ whyKey, whyArgs }) => say('en', whyKey, whyArgs)),
        earned: pricing.earnedPoints,
      };
    };
    const near = at(2340);
    expect([near.missing, near.earned]).toEqual([[[160, 50]], 0]);
    expect(near.said[0]).toContain('€1.60');
    expect(near.said[0]).toContain('50');
    expect(at(2500)).toEqual({ missing: [], said: [], earned: 50 });
    expect(at(1200).missing, 'the gap is more than 5.00').toEqual([]);
    expect(at(2000).missing, 'the gap is exactly 5.00').toEqual([[500, 50]]);
  });

  it('S47 store credit pays and changes no tax; points are a discount and do', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('credit', 'money')],
        earning: { rules: [] },
        rewards: {
          list: [
            {
              kind: 'amount-off',
              rewardId: 'fifty-off',
              name: named('50.00 off'),
              cost: { points: 50 },
              amountOffMinor: 5000,
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada', balances: { points: 50, credit: 8000 } }] },
    );
    const basket = {
      memberId: 'ada',
      lines: [{ unitPriceMinor: 11_500, taxRateBasisPoints: 1500 }],
    };
    const credit = shop.quote(
      { ...basket, tenders: [{ tenderType: 'credit', amountMinor: 5000 }] },
      NOON,
    );
    expect([credit.totalMinor, credit.dueMinor]).toEqual([11_500, 6500]);
    expect(credit.taxes.map(({ taxMinor }) => taxMinor)).toEqual([1500]);
    expect(credit.tenderEffects).toMatchObject([{ account: 'credit', amountMinor: 5000 }]);

    const points = shop.quote({ ...basket, claims: [{ rewardId: 'fifty-off' }] }, NOON);
    expect([points.totalMinor, points.dueMinor]).toEqual([6500, 6500]);
    expect(points.taxes.map(({ taxMinor }) => taxMinor)).toEqual([848]);
    expect(shop.balance('ada', 'credit')).toBe(8000);
  });

  it('S48 exclusivity: an item for some members until a day, decided offline', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: { rules: [ONE_PER_UNIT] },
        tiers: {
          levels: [
            { tierId: 'silver', name: named('Silver'), from: 0 },
            { tierId: 'gold', name: named('Gold'), from: 1000 },
            { tierId: 'platinum', name: named('Platinum'), from: 5000 },
          ],
        },
        gates: [
          {
            gateId: 'first-look',
            name: named('First look for Gold'),
            lines: { skus: ['x'] },
            tierIds: ['gold', 'platinum'],
            toIso: '2026-12-11T00:00:00Z',
          },
        ],
      }),
      {
        members: [
          { memberId: 'sil' },
          { memberId: 'gol', tier: { tierId: 'gold' } },
          { memberId: 'pla', tier: { tierId: 'platinum' } },
        ],
      },
    );
    const gates = (memberId: string | null, day: string) => {
      const lines = [
        { sku: 'y', unitPriceMinor: 100 },
        { sku: 'x', unitPriceMinor: 5000 },
      ];
      const { messages } = shop.quote({ memberId, lines }, `2026-12-${day}T23:59:59Z`);
      return messages.filter(({ kind }) => kind === 'gate');
    };
    const [gate] = gates('sil', '10');
    expect(gate?.lines).toEqual([2]);
    expect(say('en', gate?.whyKey ?? '', gate?.whyArgs ?? {})).toContain('First look for Gold');
    expect(gates(null, '10').length).toBe(1);
    expect([gates('gol', '10'), gates('pla', '10')]).toEqual([[], []]);
    expect([gates('sil', '11'), gates(null, '11')]).toEqual([[], []]);
  });
});
