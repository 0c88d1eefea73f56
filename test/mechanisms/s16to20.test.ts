// Goal: the worked examples S16–S20 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { classify } from '#loyalty/card.ts';
import { deferredOf, rollForward } from '#loyalty/reporting/liability.ts';
import {
  CARD_KEY_HEX,
  loyaltyShop,
  memberIdOfCard,
  named,
  ONE_PER_UNIT,
  pointsAccount,
  programmeOf,
} from '#test/support/loyaltyShop.ts';

const NOON = '2026-03-10T12:00:00Z';

describe('mechanisms S16 to S20', () => {
  it('S16 community: a household holds its points together, each card its own part', () => {
    const ids = ['ada', 'ben', 'cem'];
    const shop = loyaltyShop(
      programmeOf({
        earning: { rules: [ONE_PER_UNIT] },
        rewards: {
          list: [
            {
              kind: 'slip',
              rewardId: 'tickets',
              name: named('Zoo tickets'),
              cost: { points: 50 },
              validDays: 30,
              issuedBy: 'The zoo',
            },
          ],
        },
      }),
      { members: ids.map((memberId) => ({ memberId, poolId: 'home' })) },
    );
    ids.forEach((memberId, index) => {
      shop.sell({ memberId, lines: [{ unitPriceMinor: (index + 1) * 1000 }] }, NOON);
    });
    expect(shop.held('pool/home', 'points')).toBe(60);
    const free = [{ flags: ['excluded' as const], unitPriceMinor: 100 }];
    shop.sell({ memberId: 'cem', lines: free, claims: [{ rewardId: 'tickets' }] }, NOON);
    expect(shop.held('pool/home', 'points')).toBe(10);
    expect(ids.map((id) => shop.held(`member/${id}`, 'contributed/points'))).toEqual([10, 20, 30]);
  });

  it('S17 retention budget: a promotion ends with its money', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [pointsAccount({ costMinor: '1' })],
        earning: {
          rules: [
            {
              kind: 'fixed',
              ruleId: 'welcome-back',
              name: named('Welcome back'),
              points: 500,
              budget: { amountMinor: 10_000, costCentre: 'retention' },
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const sell = () => shop.sell({ memberId: 'ada', lines: [{ unitPriceMinor: 1000 }] }, NOON);
    const granted = Array.from({ length: 20 }, () => sell().earnedPoints);
    expect(granted).toEqual(granted.map(() => 500));
    const last = sell();
    expect(last.earnedPoints).toBe(0);
    expect(last.messages.map(({ whyKey }) => whyKey)).toContain('notice.promotion-ended');
    expect(shop.balance('ada')).toBe(10_000);
  });

  it('S18 buying patterns: a segment is computed from sales and conditions a rule', () => {
    const shop = loyaltyShop(
      programmeOf({
        segments: [
          {
            segmentId: 'regular',
            name: named('Regulars'),
            recencyDaysMax: 30,
            visitsMin: 4,
            spendMinMinor: 10_000,
            windowDays: 90,
          },
        ],
        earning: {
          rules: [
            {
              kind: 'fixed',
              ruleId: 'regulars',
              name: named('For regulars'),
              points: 7,
              when: { segmentIds: ['regular'] },
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const lines = [{ unitPriceMinor: 2500 }];
    for (const day of ['01-20', '02-01', '02-20', '03-01']) {
      shop.sell({ memberId: 'ada', lines }, `2026-${day}T12:00:00Z`);
    }
    const bonusOn = (day: string) =>
      shop.quote({ memberId: 'ada', lines }, `2026-${day}T12:00:00Z`).earnedPoints;
    expect(bonusOn('03-31'), '30 days, 4 visits, 100.00').toBe(7);
    expect(bonusOn('04-01'), '31 days').toBe(0);
  });

  it('S19 economics: deferred revenue of a sale, and the liability rolled forward', () => {
    expect(
      deferredOf({
        saleMinor: 10_000,
        points: 100,
        pointValueMinor: '1',
        expectedRedemptionBasisPoints: 8000,
      }),
    ).toEqual({ deferredMinor: 79, revenueMinor: 9921 });
    expect(
      rollForward({ opening: 5000, issued: 1000, redeemed: 620, expired: 30, clawedBack: 15 }),
    ).toBe(5335);
  });

  it('S20 universal enrolment: a blank card is a member at its first scan, on every till', () => {
    const card = '2990000000019';
    const programme = programmeOf({ earning: { rules: [ONE_PER_UNIT] } });
    const [first, second] = [loyaltyShop(programme), loyaltyShop(programme)];
    const sale = { transactionId: 'till-1', cardNumber: card, lines: [{ unitPriceMinor: 1260 }] };
    expect(first.sell(sale, NOON).earnedPoints).toBe(12);
    second.sell({ ...sale, transactionId: 'till-2' }, NOON);
    const memberId = memberIdOfCard(CARD_KEY_HEX, card);
    expect([first, second].map((shop) => shop.memberIdByCard(card))).toEqual([memberId, memberId]);
    expect(first.balance(memberId)).toBe(12);

    // Synced: one member with the points of both tills.
    first.apply(second.sold('till-2').pricing.movements);
    expect(first.balance(memberId)).toBe(24);
    expect(first.member(memberId)).toMatchObject({ language: null, birthday: null, flags: [] });

    const cards = first.compiledAt(NOON).programme.cards;
    expect(classify('2990000000018', null, cards).kind).toBe('card-wrong-check-digit');
    const refused = { transactionId: 'till-3', cardNumber: '2990000000018', lines: [] };
    expect(() => first.sell(refused, NOON)).toThrow('wrong check digit');
  });
});
