// Goal: a conversion that was asked for is made as often as that or refused in words, never less in
// silence. Method: vouchers of 100 points, claimed with too few of them.
import { expect, it } from 'vitest';
import {
  accountOf,
  loyaltyShop,
  named,
  programmeOf,
  type SaleForm,
} from '#test/support/loyaltyShop.ts';

const AT = '2026-03-06T10:00:00Z';
const programme = programmeOf({
  accounts: [accountOf('points', 'points'), accountOf('voucher', 'money')],
  rewards: {
    list: [
      {
        kind: 'convert',
        rewardId: 'voucher-10',
        name: named('Voucher'),
        cost: { points: 100 },
        timesMax: 9,
        to: 'voucher',
        amount: 1000,
      },
      {
        kind: 'amount-off',
        rewardId: 'off-5',
        name: named('5.00 off'),
        cost: { points: 200 },
        amountOffMinor: 500,
      },
    ],
  },
});

function claimed(claims: SaleForm['claims']) {
  const shop = loyaltyShop(programme, {
    members: [{ memberId: 'ada', balances: { points: 250 } }],
  });
  const sale = { memberId: 'ada', lines: [{ unitPriceMinor: 1000 }], claims };
  const { refusals } = shop.sell(sale, AT);
  const left = [shop.balance('ada', 'points', AT), shop.balance('ada', 'voucher', AT)];
  return { refusals, left };
}

it('two vouchers of 250 points leave 50', () => {
  expect(claimed([{ rewardId: 'voucher-10', times: 2 }])).toEqual({
    refusals: [],
    left: [50, 2000],
  });
});

it('three are refused: 50 points are missing', () => {
  expect(claimed([{ rewardId: 'voucher-10', times: 3 }])).toEqual({
    refusals: [{ rewardId: 'voucher-10', reason: 'points-short', missing: 50 }],
    left: [250, 0],
  });
});

it('a discount of the same sale takes its points first', () => {
  expect(claimed([{ rewardId: 'voucher-10' }, { rewardId: 'off-5' }])).toEqual({
    refusals: [{ rewardId: 'voucher-10', reason: 'points-short', missing: 50 }],
    left: [50, 0],
  });
});
