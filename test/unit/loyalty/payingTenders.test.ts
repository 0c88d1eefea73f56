// Goal: rules for a means of payment hold for what really pays: not for stored value that was
// refused, and for cash where nothing else is said. Method: two rules, three ways to pay.
import { expect, it } from 'vitest';
import {
  accountOf,
  loyaltyShop,
  named,
  programmeOf,
  type RuleForm,
  type SaleForm,
} from '#test/support/loyaltyShop.ts';

const programme = programmeOf({
  accounts: [accountOf('points', 'points'), accountOf('wallet', 'money')],
  earning: {
    rules: [
      {
        kind: 'fixed',
        ruleId: 'by-wallet',
        name: named('By wallet'),
        when: { tenderTypes: ['wallet'] },
        points: 50,
      },
      {
        kind: 'money',
        ruleId: 'by-cash',
        name: named('By cash'),
        when: { tenderTypes: ['cash'] },
        points: '1',
        perMinor: 100,
      },
    ],
  },
});

function earned(walletMinor: number, tenders: SaleForm['tenders']): readonly [string, number][] {
  const members = [{ memberId: 'ada', balances: { wallet: walletMinor } }];
  const shop = loyaltyShop(programme, { members });
  const sale = { memberId: 'ada', lines: [{ unitPriceMinor: 3000 }], tenders };
  const { accruals } = shop.quote(sale, '2026-03-06T10:00:00Z');
  return accruals.map(({ rule, points }) => [rule, points]);
}

it('a wallet that is short pays nothing and brings no bonus', () => {
  expect(earned(100, [{ tenderType: 'wallet', amountMinor: 3000 }])).toEqual([['by-cash', 30]]);
});

it('a wallet that pays a part brings its bonus, and the rest is cash', () => {
  expect(earned(1000, [{ tenderType: 'wallet', amountMinor: 1000 }])).toEqual([
    ['by-wallet', 50],
    ['by-cash', 20],
  ]);
});

it('what no tender says is cash', () => {
  expect(earned(0, [])).toEqual([['by-cash', 30]]);
  expect(earned(0, [{ tenderType: 'card', amountMinor: 3000 }])).toEqual([]);
});

it('a part of the money brings its part of the points, exact until they are rounded down', () => {
  const rule: RuleForm = {
    kind: 'money',
    ruleId: 'by-card',
    name: named('By card'),
    when: { tenderTypes: ['card'] },
    points: '3',
    perMinor: 100,
  };
  const shop = loyaltyShop(programmeOf({ earning: { rules: [rule] } }), {
    members: [{ memberId: 'ada' }],
  });
  const lines = [{ unitPriceMinor: 67 }, { unitPriceMinor: 33, flags: ['deposit' as const] }];
  const tenders = [{ tenderType: 'card', amountMinor: 50 }];
  // Half of 0.67 is 0.335; times three it is 1.005.
  const { accruals } = shop.quote({ memberId: 'ada', lines, tenders }, '2026-03-06T10:00:00Z');
  expect(accruals.map(({ points }) => points)).toEqual([1]);
});

it('a wallet that paid twice in one sale gets both back', () => {
  const members = [{ memberId: 'ada', balances: { wallet: 1000 } }];
  const shop = loyaltyShop(programme, { members });
  const tenders = [
    { tenderType: 'wallet', amountMinor: 300 },
    { tenderType: 'wallet', amountMinor: 200 },
  ];
  const lines = [{ unitPriceMinor: 3000 }];
  shop.sell({ transactionId: 't', memberId: 'ada', lines, tenders }, '2026-03-06T10:00:00Z');
  expect(shop.balance('ada', 'wallet')).toBe(500);
  const back = shop.returns('t', 'all', '2026-03-06T11:00:00Z');
  expect(back.ok && back.value.refundMinor).toBe(3000);
  expect(shop.balance('ada', 'wallet')).toBe(1000);
});
