// Goal: the worked examples S33–S37 of docs/mechanisms.md hold, number by number.
// Method: each example under a programme of its own, sold in a shop on the pure engine.
import { describe, expect, it } from 'vitest';
import { lotsOf, memberOwner } from '#loyalty/books/books.ts';
import { typedCard } from '#loyalty/card.ts';
import { messageDueAtMs } from '#loyalty/display/messages.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { payOutsOf } from '#loyalty/reporting/liability.ts';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
} from '#test/support/loyaltyShop.ts';

const NOON = '2026-03-10T12:00:00Z';

describe('mechanisms S33 to S37', () => {
  it('S33 messages: one after the sync, none for a void sale, never in quiet hours', () => {
    const ms = (time: string) => parseInstantIso(`2026-03-${time}+01:00`);
    const due = (syncedAt: string, voidedAt: string | null, hasConsent = true) =>
      messageDueAtMs({
        syncedAtMs: ms(syncedAt) ?? 0,
        voidedAtMs: voidedAt === null ? null : ms(voidedAt),
        hasConsent,
        quietHours: { fromMinutes: 21 * 60, toMinutes: 8 * 60 },
        timeZone: 'Europe/Berlin',
      });
    expect(due('10T22:10', '10T22:05'), 'sold 21:58, void 22:05').toBeNull();
    expect(due('10T21:00', null), 'sold 21:00').toBe(ms('11T08:00'));
    expect(due('10T21:00', '11T07:59'), 'void while it waits').toBeNull();
    expect(due('10T21:00', '11T08:01'), 'void after it went').toBe(ms('11T08:00'));
    expect(due('11T07:59', null)).toBe(ms('11T08:00'));
    expect(due('11T08:00', null)).toBe(ms('11T08:00'));
    expect(due('10T12:00', null, false), 'no consent').toBeNull();
  });

  it('S34 punch card: a stamp a visit of 5.00 or more, one an hour, the tenth is a coffee', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('stamps', 'stamps')],
        earning: {
          rules: [
            {
              kind: 'visit',
              ruleId: 'stamp',
              name: named('Stamp'),
              account: 'stamps',
              points: 1,
              coolDownMinutes: 60,
              when: { basketAtLeastMinor: 500 },
            },
          ],
        },
        rewards: {
          list: [
            {
              kind: 'free-units',
              rewardId: 'coffee',
              name: named('Free coffee'),
              cost: { account: 'stamps', points: 10 },
              lines: { productTypes: ['coffee'] },
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const visit = (unitPriceMinor: number, atIso: string) => {
      const before = shop.balance('ada', 'stamps');
      shop.sell({ memberId: 'ada', lines: [{ unitPriceMinor }] }, atIso);
      return shop.balance('ada', 'stamps') - before;
    };
    expect(visit(500, '2026-03-10T10:00:00Z')).toBe(1);
    expect(visit(600, '2026-03-10T10:59:00Z')).toBe(0);
    expect(visit(600, '2026-03-10T11:00:00Z')).toBe(1);
    expect(visit(499, '2026-03-10T13:00:00Z')).toBe(0);

    const cup = [{ sku: 'latte', productType: 'coffee', unitPriceMinor: 350 }];
    const offer = () =>
      shop.quote({ memberId: 'ada', lines: cup }, '2026-03-19T10:00:00Z').offers[0]?.state;
    for (let day = 11; day < 18; day += 1) visit(500, `2026-03-${day}T10:00:00Z`);
    expect([shop.balance('ada', 'stamps'), offer()]).toEqual([9, 'points-short']);
    expect(visit(500, '2026-03-18T10:00:00Z')).toBe(1);
    expect(offer()).toBe('available');
    const free = { memberId: 'ada', lines: cup, claims: [{ rewardId: 'coffee' }] };
    expect(shop.sell(free, '2026-03-19T10:00:00Z').dueMinor).toBe(0);
    expect(shop.balance('ada', 'stamps')).toBe(0);
  });

  it('S35 number of an intermediary: its check digit counts, a sale counts once by its id', () => {
    const card = '8000012345676';
    const shop = loyaltyShop(programmeOf({ earning: { rules: [ONE_PER_UNIT] } }), {
      members: [{ memberId: 'ada', cardNumber: card }],
    });
    const sale = {
      transactionId: 'host-1',
      cardNumber: card,
      lines: [{ kind: 'amount' as const, unitPriceMinor: 1990 }],
    };
    const first = shop.sell(sale, NOON);
    expect(first.earnedPoints).toBe(19);
    expect(shop.sell(sale, NOON), 'the same answer').toBe(first);
    expect(shop.balance('ada')).toBe(19);
    expect(lotsOf(shop.books(), memberOwner('ada'), 'points').length).toBe(1);

    const { cards } = shop.compiledAt(NOON).programme;
    expect(typedCard(card, cards)).toEqual({ kind: 'member', cardNumber: card });
    expect(typedCard('8000012345677', cards).kind).toBe('card-wrong-check-digit');
  });

  it('S36 cashback: a wallet of money, capped a day, pending while the sale can come back', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('cashback', 'money', { pendingDays: 14 })],
        earning: {
          rules: [
            {
              kind: 'table',
              ruleId: 'cashback',
              name: named('Cashback'),
              account: 'cashback',
              caps: [{ period: 'day', points: 500 }],
              rows: [
                { ruleId: 'general', name: named('General'), points: '2', perMinor: 100 },
                {
                  ruleId: 'fuel',
                  name: named('Fuel'),
                  productTypes: ['fuel'],
                  points: '5',
                  perMinor: 100,
                },
              ],
            },
          ],
        },
      }),
      { members: [{ memberId: 'ada' }] },
    );
    const lines = [
      { unitPriceMinor: 6000 },
      { sku: 'diesel', productType: 'fuel', unitPriceMinor: 9000 },
    ];
    // 1.20 and 4.50 are 5.70: the cap of the day leaves 5.00.
    const pricing = shop.sell({ memberId: 'ada', lines }, NOON);
    expect(pricing.accruals.reduce((sum, { points }) => sum + points, 0)).toBe(500);
    expect(pricing.earnedPoints).toBe(0);
    const spendable = (atIso: string) => shop.balance('ada', 'cashback', atIso);
    expect([spendable(NOON), spendable('2026-03-23T23:59:59Z')]).toEqual([0, 0]);
    expect(spendable('2026-03-24T00:00:00Z'), 'day 14').toBe(500);
    const rows = payOutsOf(shop.books(), 'cashback', parseInstantIso('2026-03-24T00:00:00Z') ?? 0);
    expect(rows).toEqual([{ memberId: 'ada', amountMinor: 500 }]);
  });

  it('S37 Lululemon: a return by card, of what was bought, later for a gift card', () => {
    const shop = loyaltyShop(
      programmeOf({
        earning: { rules: [ONE_PER_UNIT] },
        returns: { policy: 'exact-line', windowDays: 30, late: 'stored-value' },
      }),
      { members: [{ memberId: 'ada', cardNumber: '2990000000019' }] },
    );
    const sale = {
      transactionId: 'leggings',
      memberId: 'ada',
      lines: [{ sku: 'leggings', quantity: 2, unitPriceMinor: 3400 }],
      tenders: [{ tenderType: 'card', amountMinor: 6800 }],
    };
    shop.sell(sale, '2026-03-01T12:00:00Z');
    shop.sell({ ...sale, transactionId: 'more' }, '2026-03-01T12:05:00Z');
    expect(shop.memberIdByCard('2990000000019')).toBe('ada');
    const before = shop.balance('ada');

    const one = shop.returns('leggings', [[1, 1]], '2026-03-13T12:00:00Z');
    expect(one.ok && one.value.refunds).toEqual([{ tenderType: 'card', amountMinor: 3400 }]);
    expect(shop.balance('ada') - before).toBe(-34);
    expect(shop.returns('leggings', [[1, 2]], '2026-03-13T12:00:00Z')).toEqual({
      ok: false,
      error: { reason: 'quantity-exceeded', left: 1 },
    });

    const late = '2026-04-01T12:00:00Z';
    const refused = shop.returns('leggings', [[1, 1]], late);
    expect(refused.ok ? null : refused.error.reason, 'day 31').toBe('manager-required');
    const approved = shop.returns('leggings', [[1, 1]], late, { isApprovedByManager: true });
    expect(approved.ok && approved.value.refunds).toEqual([
      { tenderType: 'stored-value', amountMinor: 3400 },
    ]);
  });
});
