// Goal: the worked examples S11–S15 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { daysSinceVisit, paperLanguage, usualSku } from '#loyalty/display/hints.ts';
import { daysFromEpoch } from '#loyalty/instant.ts';
import { settlementOf } from '#loyalty/reporting/liability.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';
import { say } from '#words/say.ts';

const NOON = '2026-03-10T12:00:00Z';

describe('mechanisms S11 to S15', () => {
  it('S11 peer to peer: goodwill within a budget, gifts between members, no own card', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: { rules: [ONE_PER_UNIT] },
        gifts: {
          goodwillPerOperatorPerDay: 100,
          reasons: [{ reasonId: 'late', name: named('Had to wait') }],
          transferPerMemberPerDay: 200,
        },
      }),
      {
        members: [
          { memberId: 'ada', balances: { points: 300 } },
          { memberId: 'ben', balances: { points: 0 } },
          { memberId: 'sal', staffOperatorId: 'op7' },
        ],
      },
    );
    const goodwill = (points: number) =>
      shop.occasion(
        { action: 'goodwill', memberId: 'ben', operatorId: 'op7', points, reasonId: 'late' },
        NOON,
      );
    expect(goodwill(60).ok).toBe(true);
    expect(goodwill(50)).toEqual({ ok: false, error: { reason: 'limit-reached', left: 40 } });
    expect(shop.balance('ben')).toBe(60);

    const transfer = shop.occasion(
      { action: 'transfer', memberId: 'ada', toMemberId: 'ben', points: 120 },
      NOON,
    );
    expect([shop.balance('ada'), shop.balance('ben')]).toEqual([180, 60 + 120]);
    const rows = transfer.ok
      ? transfer.value.movements.filter(({ kind }) => kind === 'transfer')
      : [];
    expect(rows.length).toBe(2);
    expect(rows.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);

    const own = { memberId: 'sal', operatorId: 'op7', lines: [{ unitPriceMinor: 2000 }] };
    const pricing = shop.sell(own, NOON);
    expect(pricing.earnedPoints).toBe(0);
    expect(pricing.messages.map(({ whyKey }) => whyKey)).toContain('notice.staff-card');
    const audit = pricing.movements.filter(({ owner }) => owner === 'operator/op7');
    expect(
      audit.map(({ rule }) => rule),
      'one row for the audit',
    ).toEqual(['staff-card']);
    expect(shop.quote({ ...own, operatorId: 'op8' }, NOON).earnedPoints).toBe(20);
  });

  it('S12 why this number: each printed line says where its points are from', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'table',
              ruleId: 'base',
              name: named('Shopping'),
              rows: [
                {
                  ruleId: 'groceries',
                  name: { en: 'Groceries', tr: 'Market' },
                  productTypes: ['groceries'],
                  points: '1',
                  perMinor: 100,
                },
                {
                  ruleId: 'coffee',
                  name: { en: 'Coffee', tr: 'Kahve' },
                  productTypes: ['coffee'],
                  points: '2',
                  perMinor: 100,
                },
              ],
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const { explanation, earnedPoints } = shop.quote(
      {
        memberId: 'ada',
        lines: [
          { productType: 'groceries', unitPriceMinor: 2340 },
          { productType: 'coffee', unitPriceMinor: 400 },
        ],
      },
      NOON,
    );
    const said = (language: string) =>
      explanation.map(({ whyKey, whyArgs, points }) => [say(language, whyKey, whyArgs), points]);
    expect(said('en')).toEqual([
      ['Groceries: €23.40 × 1', 23],
      ['Coffee: €4.00 × 2', 8],
    ]);
    expect(said('tr')).toEqual([
      ['Market: €23,40 × 1', 23],
      ['Kahve: €4,00 × 2', 8],
    ]);
    expect(explanation.reduce((sum, { points }) => sum + points, 0)).toBe(31);
    expect(earnedPoints).toBe(31);
  });

  it('S13 purchases, engagement, advocacy: three sources and three rewards in one ledger', () => {
    const event: RuleForm = {
      kind: 'event',
      ruleId: 'survey',
      name: named('Survey'),
      eventId: 'survey',
      givenBy: 'operator',
      points: 25,
    };
    const referral: RuleForm = {
      kind: 'referral',
      ruleId: 'friends',
      name: named('Friends'),
      on: 'first-sale',
      referrerPoints: 100,
    };
    const shop = loyaltyShop(
      programmeOf({
        earning: { rules: [ONE_PER_UNIT, event, referral] },
        rewards: {
          list: [
            {
              kind: 'free-units',
              rewardId: 'coffee',
              name: named('Free coffee'),
              cost: { points: 120 },
              lines: { productTypes: ['coffee'] },
            },
            {
              kind: 'amount-off',
              rewardId: 'five',
              name: named('5.00 off'),
              cost: { points: 100 },
              amountOffMinor: 500,
            },
            {
              kind: 'slip',
              rewardId: 'class',
              name: named('Yoga class'),
              cost: { points: 150 },
              validDays: 30,
              issuedBy: 'The studio',
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }, { memberId: 'friend', referrerId: 'ada' }] },
    );
    shop.sell({ memberId: 'ada', lines: [{ unitPriceMinor: 4000 }] }, NOON);
    expect(shop.occasion({ action: 'event', eventId: 'survey', memberId: 'ada' }, NOON).ok).toBe(
      true,
    );
    shop.sell({ memberId: 'friend', lines: [{ unitPriceMinor: 500 }] }, NOON);
    expect(shop.balance('ada')).toBe(165);
    const cup = { sku: 'latte', productType: 'coffee', unitPriceMinor: 350 };
    const { offers } = shop.quote({ memberId: 'ada', lines: [cup] }, NOON);
    expect(offers.map(({ rewardId, state }) => [rewardId, state])).toEqual([
      ['coffee', 'available'],
      ['five', 'available'],
      ['class', 'available'],
    ]);
    const claimed = shop.sell(
      { memberId: 'ada', lines: [cup], claims: [{ rewardId: 'coffee' }] },
      NOON,
    );
    expect([claimed.totalMinor, shop.balance('ada')]).toEqual([0, 45]);
  });

  it('S14 coalition: a partner card earns what is owed to the partner', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('cinema-points', 'partner', { costMinor: '0.8' })],
        partners: [
          {
            partnerId: 'cinema',
            name: named('Cinema'),
            cardPrefix: '2977',
            account: 'cinema-points',
          },
        ],
        earning: {
          rules: [
            ONE_PER_UNIT,
            {
              kind: 'share',
              ruleId: 'cinema',
              name: named('Cinema'),
              account: 'cinema-points',
              to: 'cinema',
              points: '1',
              perMinor: 100,
            },
          ],
        },
      }),
    );
    const { programme } = shop.compiledAt(NOON);
    const sell = (unitPriceMinor: number, at: string) =>
      shop.sell({ cardNumber: '2977000000010', lines: [{ unitPriceMinor }] }, at);
    const owed = () => settlementOf(programme, shop.books(), 'cinema');
    const first = sell(3000, NOON);
    expect(first.earnedPoints, 'of the programme itself').toBe(0);
    expect(owed()).toMatchObject({ points: 30, amountMinor: 24 });
    sell(122_000, '2026-03-20T12:00:00Z');
    expect(owed()).toMatchObject({ points: 1250, amountMinor: 1000 });
    expect(() => shop.quote({ cardNumber: '2977000000011', lines: [] }, NOON)).toThrow('digit');
  });

  it('S15 personal recall: the usual item, the last visit, the language of the paper', () => {
    const shop = loyaltyShop(programmeOf({ earning: { rules: [ONE_PER_UNIT] } }), {
      members: [
        {
          memberId: 'ada',
          language: 'de',
          recentBaskets: [
            ['4021', '17'],
            ['4021'],
            ['99'],
            ['4021'],
            ['17', '4021'],
            ['4021'],
            ['99'],
            ['4021', '99'],
          ],
        },
        { memberId: 'ben', recentBaskets: [['4021'], ['4021'], ['4021'], ['4021'], ['4021']] },
      ],
    });
    const ada = shop.member('ada');
    expect(usualSku(ada)).toBe('4021');
    expect(say('en', 'wish.usual', { itemName: 'flat white' })).toBe('The usual: flat white?');
    expect(usualSku(shop.member('ben')), 'five baskets are no habit yet').toBeNull();

    shop.sell({ memberId: 'ada', lines: [{ sku: '4021', unitPriceMinor: 350 }] }, NOON);
    const today = daysFromEpoch(2026, 3, 24);
    expect(daysSinceVisit(shop.books(), 'ada', today)).toBe(14);
    expect(daysSinceVisit(shop.books(), 'ben', today)).toBeNull();
    expect(paperLanguage(ada, 'en')).toBe('de');
    expect(paperLanguage(null, 'en')).toBe('en');
  });
});
