// Goal: a sale without goods, a slip for points alone, can be taken back: once, and exactly.
// Method: claim, return all, return all again.
import { expect, it } from 'vitest';
import { loyaltyShop, named, programmeOf } from '#test/support/loyaltyShop.ts';

it('gives points and stock back, once', () => {
  const programme = programmeOf({
    rewards: {
      list: [
        {
          kind: 'slip',
          rewardId: 'book',
          name: named('A book on us'),
          cost: { points: 250 },
          stock: 2,
          validDays: 90,
          issuedBy: 'Desk',
        },
      ],
    },
  });
  const members = [{ memberId: 'ada', balances: { points: 600 } }];
  const shop = loyaltyShop(programme, { members });
  const before = shop.books();
  const at = '2026-03-06T10:00:00Z';
  shop.sell({ transactionId: 't', memberId: 'ada', lines: [], claims: [{ rewardId: 'book' }] }, at);
  expect(shop.balance('ada', 'points', at)).toBe(350);
  expect(shop.returns('t', 'all', at).ok).toBe(true);
  expect(shop.books()).toEqual(before);
  expect(shop.returns('t', 'all', at)).toEqual({
    ok: false,
    error: { reason: 'refused', left: 0 },
  });
});
