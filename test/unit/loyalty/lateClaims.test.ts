// Goal: a late claim credits what rules gave and nothing of rewards, and its rules count for caps.
// Method: a programme that turns points into a voucher by itself, claimed and bought from.
import { expect, it } from 'vitest';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
} from '#test/support/loyaltyShop.ts';

const AT = '2026-03-06T10:00:00Z';

function shopOf() {
  const programme = programmeOf({
    lateClaimDays: 7,
    accounts: [accountOf('points', 'points'), accountOf('voucher', 'money')],
    earning: {
      rules: [
        ONE_PER_UNIT,
        {
          kind: 'fixed',
          ruleId: 'daily',
          name: named('Once a day'),
          points: 50,
          caps: [{ period: 'day', times: 1 }],
        },
      ],
    },
    rewards: {
      list: [
        {
          kind: 'convert',
          rewardId: 'voucher-10',
          name: named('Voucher'),
          trigger: 'automatic',
          cost: { points: 100 },
          to: 'voucher',
          amount: 1000,
          limits: [{ period: 'year', times: 5 }],
        },
      ],
    },
  });
  return loyaltyShop(programme, { members: [{ memberId: 'ada' }] });
}

function claim(shop: ReturnType<typeof shopOf>, transactionId: string) {
  const lines = [{ unitPriceMinor: 6000 }];
  const sale = { transactionId, memberId: 'ada', saleAtIso: AT, lines };
  return shop.occasion({ action: 'late-claim', ...sale }, AT);
}

it('a claim makes no voucher of points that stay: the next sale does', () => {
  const shop = shopOf();
  const outcome = claim(shop, 'guest-1');
  expect(outcome.ok && outcome.value.explanation.map(({ points }) => points)).toEqual([60, 50]);
  expect(shop.balance('ada', 'points', AT)).toBe(110);
  expect(shop.balance('ada', 'voucher', AT)).toBe(0);
  expect(shop.held('member/ada', 'used/voucher-10')).toBe(0);
  shop.sell({ memberId: 'ada', lines: [{ unitPriceMinor: 100 }] }, AT);
  expect(shop.balance('ada', 'points', AT)).toBe(11);
  expect(shop.balance('ada', 'voucher', AT)).toBe(1000);
});

it('what comes once a day comes once, claimed or bought', () => {
  const shop = shopOf();
  claim(shop, 'guest-1');
  claim(shop, 'guest-2');
  expect(shop.balance('ada', 'points', AT)).toBe(60 + 50 + 60);
});
