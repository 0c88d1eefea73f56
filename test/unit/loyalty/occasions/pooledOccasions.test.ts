// Goal: what happens to points that are held elsewhere: a household's window closes once, points
// given live with those of who gets them, a birthday event comes once a year. Method: by hand.
import { expect, it } from 'vitest';
import {
  accountOf,
  loyaltyShop,
  named,
  pointsAccount,
  programmeOf,
} from '#test/support/loyaltyShop.ts';

const AT = '2026-03-06T10:00:00Z';

it('a window closes once for a household, whoever of it comes', () => {
  const programme = programmeOf({
    accounts: [accountOf('points', 'points'), accountOf('wallet', 'money')],
    windows: [{ windowId: 'w', fromIso: '2026-01-01T00:00:00Z', toIso: '2026-03-01T00:00:00Z' }],
    rewards: {
      list: [
        {
          kind: 'convert',
          rewardId: 'season',
          name: named('Season'),
          trigger: 'window-close',
          cost: { points: 100 },
          timesMax: 5,
          to: 'wallet',
          amount: 1000,
        },
      ],
    },
  });
  const lot = { lotId: 'a', amount: 1340, fromIso: '2026-01-01T00:00:00Z' };
  const shop = loyaltyShop(programme, {
    members: ['ada', 'ben'].map((memberId) => ({ memberId, poolId: 'home' })),
    books: { 'pool/home': { points: [lot] } },
  });
  const close = (memberId: string) =>
    shop.occasion({ action: 'close-window', memberId, windowId: 'w' }, AT);
  expect(close('ada').ok).toBe(true);
  expect(close('ben')).toEqual({ ok: false, error: { reason: 'already-done', left: 0 } });
  expect(shop.held('pool/home', 'wallet')).toBe(5000);
});

it('points given to a member who was once away do not lapse on the way', () => {
  const programme = programmeOf({
    accounts: [pointsAccount({ expiry: { kind: 'inactivity', months: 12 } })],
    gifts: { transferPerMemberPerDay: 100 },
  });
  const day = (lotId: string) => ({ lotId, amount: 1, fromIso: `${lotId}T00:00:00Z` });
  const shop = loyaltyShop(programme, {
    members: [{ memberId: 'ada' }, { memberId: 'ben' }],
    books: {
      'member/ada': {
        points: [{ lotId: 'a', amount: 300, fromIso: '2024-01-10T10:00:00Z' }],
        'active/points': [day('2024-01-10'), day('2024-12-10'), day('2025-11-10')],
      },
      'member/ben': {
        points: [{ lotId: 'b', amount: 7, fromIso: '2026-03-01T10:00:00Z' }],
        'active/points': [day('2024-01-11'), day('2026-03-01')],
      },
    },
  });
  shop.occasion({ action: 'transfer', memberId: 'ada', toMemberId: 'ben', points: 50 }, AT);
  expect(shop.balance('ada', 'points', AT)).toBe(250);
  expect(shop.balance('ben', 'points', AT)).toBe(57);
});

it('an event for the birthday comes once a year', () => {
  const programme = programmeOf({
    earning: {
      rules: [
        {
          kind: 'event',
          ruleId: 'song',
          name: named('Birthday song'),
          eventId: 'song',
          givenBy: 'operator',
          when: { birthday: { window: 'month' } },
          points: 25,
        },
      ],
    },
  });
  const members = [{ memberId: 'ada', birthday: { month: 3, day: 1 } }];
  const shop = loyaltyShop(programme, { members });
  const sing = (atIso: string) =>
    shop.occasion({ action: 'event', memberId: 'ada', eventId: 'song' }, atIso);
  expect(sing(AT).ok).toBe(true);
  expect(sing('2026-03-20T10:00:00Z')).toEqual({
    ok: false,
    error: { reason: 'condition-unmet', left: 0 },
  });
  expect(sing('2027-03-20T10:00:00Z').ok).toBe(true);
  expect(shop.balance('ada')).toBe(50);
});
