// Goal: the worked examples S21–S26 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { erase, memberIdAfterErasure as idOfHash } from '#loyalty/books/erasure.ts';
import { progressBar } from '#loyalty/display/bar.ts';
import {
  CARD_KEY_HEX,
  loyaltyShop,
  memberIdOfCard,
  named,
  ONE_PER_UNIT,
  pointsAccount,
  programmeOf,
} from '#test/support/loyaltyShop.ts';
import { say } from '#words/say.ts';

const NOON = '2026-03-10T12:00:00Z';

/** Bands of IKEA Family in Portugal, as published. */
const BANDS: readonly (readonly [number | null, number])[] = [
  [3000, 2],
  [6000, 6],
  [12_000, 16],
  [25_000, 33],
  [50_000, 67],
  [100_000, 135],
  [200_000, 270],
  [400_000, 540],
  [null, 1080],
];

describe('mechanisms S21 to S26', () => {
  it('S21 data use: the person is forgotten, the ledger and its sum stay', () => {
    const card = '2990000000019';
    const shop = loyaltyShop(programmeOf({ earning: { rules: [ONE_PER_UNIT] } }), {
      members: [
        {
          memberId: '17',
          cardNumber: card,
          language: 'de',
          birthday: { month: 5, day: 4 },
          flags: ['allergy'],
          recentBaskets: [['4021']],
        },
      ],
    });
    const rows = Array.from({ length: 9 }, (_, index) =>
      shop.sell({ memberId: '17', lines: [{ unitPriceMinor: (index + 1) * 100 }] }, NOON),
    ).flatMap(({ movements }) => movements.filter(({ kind }) => kind === 'accrual'));
    expect([rows.length, shop.balance('17')]).toEqual([9, 45]);

    const before = shop.books();
    const cardHashHex = memberIdOfCard(CARD_KEY_HEX, card);
    const { person, tombstone } = erase({
      profile: shop.member('17'),
      displayName: 'Ada Lovelace',
      phone: '+49 30 901820',
      mail: 'ada@example.org',
      cardHashHex,
    });
    expect([person.displayName, person.phone, person.mail, person.cardHashHex]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(person.profile).toMatchObject({ language: null, birthday: null, recentBaskets: [] });
    expect(shop.books(), 'nine rows, and their sum').toBe(before);
    expect(shop.balance('17')).toBe(45);
    const byPhone = [person].find(({ phone }) => phone === '+49 30 901820');
    expect(byPhone, 'a look-up by phone finds nobody').toBeUndefined();

    expect(tombstone).toBe(cardHashHex);
    const tombstones = new Set([cardHashHex]);
    expect(idOfHash(cardHashHex, tombstones, 'random-1')).toBe('random-1');
    expect(idOfHash(cardHashHex, new Set(), 'random-1')).toBe(cardHashHex);
  });

  it('S22 IKEA Family: points by bands of spend; a return may go below zero', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [pointsAccount({ expiry: { kind: 'days', days: 548 } })],
        earning: {
          rules: [
            {
              kind: 'bands',
              ruleId: 'bands',
              name: named('Purchase'),
              bands: BANDS.map(([upToMinor, points]) => ({ upToMinor, points })),
            },
          ],
        },
        rewards: {
          list: [
            {
              kind: 'slip',
              rewardId: 'coffee',
              name: named('Coffee'),
              cost: { points: 23 },
              validDays: 30,
              issuedBy: 'The bistro',
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const earned = (unitPriceMinor: number) =>
      shop.quote({ memberId: 'ada', lines: [{ unitPriceMinor }] }, NOON).earnedPoints;
    for (const [upToMinor, points] of BANDS) {
      expect(earned(upToMinor ?? 400_001)).toBe(points);
      if (upToMinor !== null) expect(earned(upToMinor + 1)).toBeGreaterThan(points);
    }
    expect([earned(6000), earned(6001)]).toEqual([6, 16]);

    const large = { transactionId: 'large', memberId: 'ada', lines: [{ unitPriceMinor: 20_000 }] };
    expect(shop.sell(large, NOON).earnedPoints).toBe(33);
    const free = [{ flags: ['excluded' as const], unitPriceMinor: 100 }];
    shop.sell({ memberId: 'ada', lines: free, claims: [{ rewardId: 'coffee' }] }, NOON);
    expect(shop.balance('ada')).toBe(10);
    const back = shop.returns('large', 'all', '2026-03-11T12:00:00Z');
    expect(back.ok && back.value.refundMinor).toBe(20_000);
    expect(shop.balance('ada')).toBe(-23);
  });

  it('S23 advertise: a guest reads what waits, and claims it once within seven days', () => {
    const shop = loyaltyShop(
      programmeOf({ earning: { rules: [ONE_PER_UNIT] }, lateClaimDays: 7 }),
      { members: [{ memberId: 'ada' }, { memberId: 'ben' }] },
    );
    const lines = [{ unitPriceMinor: 3490 }];
    const guest = shop.sell({ transactionId: 'guest', lines }, NOON);
    expect(guest.earnedPoints).toBe(0);
    const waiting = guest.messages.find(({ whyKey }) => whyKey === 'notice.points-waiting');
    expect(waiting?.points).toBe(34);
    expect(say('en', waiting?.whyKey ?? '', waiting?.whyArgs ?? {})).toContain('34 points');

    const claim = (memberId: string, transactionId: string, atIso: string) =>
      shop.occasion(
        { action: 'late-claim', memberId, transactionId, saleAtIso: NOON, lines },
        atIso,
      );
    expect(claim('ada', 'guest-2', '2026-03-18T00:00:00Z')).toEqual({
      ok: false,
      error: { reason: 'too-late', left: 0 },
    });
    expect(claim('ada', 'guest', '2026-03-17T12:00:00Z').ok, 'day 7').toBe(true);
    expect(shop.balance('ada')).toBe(34);
    expect(claim('ben', 'guest', '2026-03-17T12:01:00Z')).toEqual({
      ok: false,
      error: { reason: 'already-done', left: 0 },
    });
    expect([shop.balance('ada'), shop.balance('ben')]).toEqual([34, 0]);
  });

  it('S24 Alaska Airlines: free uses of a tier are counted, and given back by a void', () => {
    const shop = loyaltyShop(
      programmeOf({
        tiers: {
          levels: [
            { tierId: 'base', name: named('Base'), from: 0 },
            { tierId: 'gold', name: named('Gold'), from: 1000 },
          ],
        },
        rewards: {
          list: [
            {
              kind: 'free-units',
              rewardId: 'wrap',
              name: named('Free gift wrap'),
              trigger: 'automatic',
              lines: { productTypes: ['wrap'] },
              when: { tierIds: ['gold'] },
              timesMax: 2,
              limits: [
                { period: 'sale', times: 2 },
                { period: 'year', times: 12 },
              ],
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada', tier: { tierId: 'gold' } }, { memberId: 'ben' }] },
    );
    const wraps = (transactionId: string, memberId: string) => ({
      transactionId,
      memberId,
      lines: [{ sku: 'wrap', productType: 'wrap', quantity: 3, unitPriceMinor: 250 }],
    });
    const left = () => {
      const goods = [{ unitPriceMinor: 100 }];
      return shop.quote({ memberId: 'ada', lines: goods }, NOON).entitlements[0];
    };
    expect(left()).toMatchObject({ rewardId: 'wrap', left: 12, of: 12 });
    expect(shop.sell(wraps('first', 'ada'), NOON).dueMinor).toBe(250);
    expect(left()).toMatchObject({ left: 10, of: 12 });
    expect(shop.returns('first', 'all', NOON).ok).toBe(true);
    expect(left()).toMatchObject({ left: 12, of: 12 });
    expect(shop.quote(wraps('second', 'ben'), NOON).dueMinor, 'no gold').toBe(750);
  });

  it('S25 referral saves cost: 2 % of every purchase of a friend for 90 days', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [pointsAccount({ costMinor: '1' })],
        earning: {
          rules: [
            {
              kind: 'referral',
              ruleId: 'friends',
              name: named('Friends'),
              on: 'every-sale',
              referrerRate: { points: '2', perMinor: 100 },
              withinDays: 90,
            },
          ],
        },
      }),
      {
        members: [
          { memberId: 'ada' },
          { memberId: 'friend', referrerId: 'ada', enrolledAtIso: '2026-01-01T10:00:00Z' },
        ],
      },
    );
    const buys = (atIso: string) =>
      shop.sell({ memberId: 'friend', lines: [{ unitPriceMinor: 5000 }] }, atIso);
    buys('2026-03-31T12:00:00Z');
    expect(shop.balance('ada'), 'day 90: 1.00 in points of 0.01').toBe(100);
    buys('2026-04-01T12:00:00Z');
    expect(shop.balance('ada'), 'day 91').toBe(100);
    expect(shop.balance('friend')).toBe(0);
  });

  it('S26 visible progress: a bar of ten cells in characters that every printer has', () => {
    const said = (points: number, goal: number) => {
      const { whyKey, whyArgs } = progressBar(points, goal);
      return say('en', whyKey, whyArgs);
    };
    expect(said(64, 100)).toBe('[######----] 64/100, 36 to go');
    expect(said(100, 100)).toBe('[##########] 100/100, reward ready');
    expect(said(99, 100)).toBe('[#########-] 99/100, 1 to go');
    expect(said(-23, 100)).toBe('[----------] -23/100, 123 to go');
    expect(said(64, 100)).toMatch(/^[\x20-\x7e]*$/);
  });
});
