// Goal: the worked examples S06–S10 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { applyMovements, EMPTY_BOOKS, heldOf, memberOwner } from '#loyalty/books/books.ts';
import { importMembers } from '#loyalty/books/memberImport.ts';
import { figuresOf } from '#loyalty/reporting/figures.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

const NOON = '2026-03-10T12:00:00Z';

/** Something besides buying; all of it together is capped a year. */
function extra(eventId: string, points: number): RuleForm {
  return {
    kind: 'event',
    ruleId: eventId,
    name: named(eventId),
    eventId,
    givenBy: 'operator',
    points,
    caps: [{ period: 'year', group: 'extras', points: 100 }],
  };
}

describe('mechanisms S06 to S10', () => {
  it('S06 Amazon Prime: a membership that is sold as an item and holds at once', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: { rules: [ONE_PER_UNIT] },
        memberships: [{ membershipId: 'club', name: named('Club'), sku: 'club-year', days: 365 }],
        rewards: {
          list: [
            {
              kind: 'percent-off',
              rewardId: 'club-price',
              name: named('Club price'),
              trigger: 'automatic',
              percent: '10',
              when: { membershipIds: ['club'] },
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const fee = { sku: 'club-year', unitPriceMinor: 4900 };
    const first = shop.sell(
      { transactionId: 'first', memberId: 'ada', lines: [fee, { unitPriceMinor: 8000 }] },
      NOON,
    );
    expect([first.discountMinor, first.dueMinor]).toEqual([800, 12_100]);
    expect(first.earnedPoints, 'of 72.00; the fee earns nothing').toBe(72);
    expect(shop.held(memberOwner('ada'), 'saved/club'), 'saved of the fee').toBe(800);

    // Day 90: 275 of 365 days are left. The goods stay.
    const back = shop.returns('first', [[1, 1]], '2026-06-08T12:00:00Z');
    expect(back.ok && back.value.refundMinor).toBe(3692);
    const after = { memberId: 'ada', lines: [{ unitPriceMinor: 8000 }] };
    expect(shop.quote(after, '2026-06-08T12:00:01Z').discountMinor).toBe(0);
  });

  it('S07 The North Face XPLR Pass: points become money when a window closes', () => {
    const programme = programmeOf({
      accounts: [accountOf('rewards', 'money')],
      earning: { rules: [ONE_PER_UNIT, extra('bag', 10), extra('app', 10), extra('visit', 5)] },
      windows: [
        {
          windowId: 'spring',
          fromIso: '2026-01-01T00:00:00Z',
          toIso: '2026-04-01T00:00:00Z',
        },
      ],
      rewards: {
        list: [
          {
            kind: 'convert',
            rewardId: 'ten',
            name: named('10.00'),
            trigger: 'window-close',
            cost: { points: 100 },
            to: 'rewards',
            amount: 1000,
            timesMax: 5,
            limits: [{ period: 'year', times: 15 }],
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, {
      members: [{ memberId: 'ada', balances: { points: 640 } }, { memberId: 'ben' }],
      books: {
        'member/ben': {
          'given/extras': [{ lotId: '2026-03-01', amount: 95, fromIso: '2026-03-01T00:00:00Z' }],
        },
        'member/ada': {
          'used/ten': [{ lotId: '2026-01-05', amount: 4, fromIso: '2026-01-05T00:00:00Z' }],
        },
      },
    });
    const close = { action: 'close-window', windowId: 'spring', memberId: 'ada' } as const;
    expect(shop.occasion(close, '2026-04-01T00:00:00Z').ok).toBe(true);
    expect([shop.balance('ada', 'rewards'), shop.balance('ada')]).toEqual([5000, 140]);

    const bag = { action: 'event', eventId: 'bag', memberId: 'ben' } as const;
    expect(shop.occasion(bag, NOON).ok).toBe(true);
    expect(shop.balance('ben'), 'the extras of a year end at 100').toBe(5);
  });

  it('S08 CRM: points from outside count once, and a bad row stops no other', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'event',
              ruleId: 'late-delivery',
              name: named('Late delivery'),
              eventId: 'late-delivery',
              givenBy: 'upstream',
              points: 200,
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada', balances: { points: 340 } }] },
    );
    const event = {
      action: 'event',
      eventId: 'late-delivery',
      memberId: 'ada',
      key: 'K1',
    } as const;
    expect(shop.occasion(event, NOON).ok).toBe(true);
    expect(shop.balance('ada')).toBe(540);
    const again = shop.occasion(event, NOON);
    expect(again).toEqual({ ok: false, error: { reason: 'already-done', left: 0 } });
    expect(shop.balance('ada')).toBe(540);

    const imported = importMembers(
      [
        { memberId: 'm1', cardNumber: '2990000000019', balancePoints: 120 },
        { memberId: 'm2', cardNumber: '2990000000026', balancePoints: '40' },
        { memberId: 'm3', cardNumber: '2990000000033', balancePoints: -5 },
      ],
      0,
    );
    expect(imported.members.length).toBe(2);
    expect(imported.faults.map(({ row }) => row)).toEqual([2]);
    expect(imported.faults[0]?.message).toContain('balancePoints');
    const books = applyMovements(EMPTY_BOOKS, imported.movements);
    const ledger = ['m1', 'm3'].map((id) => heldOf(books, memberOwner(id), 'points'));
    expect(ledger[0] ?? 0).toBe(120);
    expect(ledger.reduce((sum, points) => sum + points, 0)).toBe(imported.totalPoints);
  });

  it('S09 Dropbox: both sides are rewarded, for so many friends, while the sale stands', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: {
          rules: [
            {
              kind: 'referral',
              ruleId: 'friends',
              name: named('Refer a friend'),
              on: 'first-sale',
              friendPoints: 500,
              referrerPoints: 500,
              friendsMax: 10,
              when: { basketAtLeastMinor: 1000 },
            },
          ],
        },
      }),
      {
        members: [
          { memberId: 'ref' },
          { memberId: 'busy' },
          { memberId: 'friend', referrerId: 'ref' },
          { memberId: 'eleventh', referrerId: 'busy' },
          { memberId: 'self', referrerId: 'self' },
          { memberId: 'mother', poolId: 'home' },
          { memberId: 'son', referrerId: 'mother', poolId: 'home' },
          { memberId: 'neighbour', referrerId: 'mother' },
        ],
        books: {
          'member/busy': {
            'friends/friends': [
              { lotId: '2026-01-02', amount: 10, fromIso: '2026-01-02T00:00:00Z' },
            ],
          },
        },
      },
    );
    const sale = (memberId: string) => ({
      transactionId: memberId,
      memberId,
      lines: [{ unitPriceMinor: 1200 }],
    });
    const balances = () => [shop.balance('friend'), shop.balance('ref')];
    shop.sell(sale('friend'), NOON);
    expect(balances()).toEqual([500, 500]);
    expect(shop.returns('friend', 'all', '2026-03-11T12:00:00Z').ok).toBe(true);
    expect(balances()).toEqual([0, 0]);

    shop.sell(sale('eleventh'), NOON);
    expect([shop.balance('eleventh'), shop.balance('busy')]).toEqual([500, 0]);
    shop.sell(sale('self'), NOON);
    expect(shop.balance('self'), 'nobody brings oneself').toBe(0);
    shop.sell(sale('son'), NOON);
    expect(shop.balance('mother'), 'nor the own household').toBe(0);
    shop.sell(sale('neighbour'), NOON);
    expect(shop.held('pool/home', 'points'), 'a household holds its points').toBe(500);
  });

  it('S10 metrics: scan rate, redemption, expiry and repeat as shares of counts', () => {
    const ids = (count: number, from = 0) =>
      new Set(Array.from({ length: count }, (_, index) => `m${from + index}`));
    const figures = figuresOf({
      saleCount: 200,
      memberSaleCount: 86,
      issuedPoints: 1000,
      redeemedPoints: 620,
      expiredPoints: 30,
      pointsCostMinor: 620,
      netSalesMinor: 400_000,
      // 40 bought in October, 26 of them again in November, and 5 new ones.
      buyersBefore: ids(40),
      buyers: new Set([...ids(26), ...ids(5, 100)]),
      enrolments: new Map([
        ['anna', 2],
        ['bob', 7],
      ]),
    });
    expect(figures).toEqual({
      scanRateBasisPoints: 4300,
      redemptionRateBasisPoints: 6200,
      expiryRateBasisPoints: 300,
      repeatRateBasisPoints: 6500,
      pointsCostBasisPoints: 16,
      enrolments: [
        { operatorId: 'bob', count: 7 },
        { operatorId: 'anna', count: 2 },
      ],
    });
  });
});
