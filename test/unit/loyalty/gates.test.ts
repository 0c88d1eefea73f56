// Goal: what is sold to a person is sold once and to somebody. Method: baskets with memberships and
// top-ups, with and without a member; what keeps each from being paid.
import { expect, it } from 'vitest';
import {
  accountOf,
  loyaltyShop,
  named,
  programmeOf,
  type SaleForm,
} from '#test/support/loyaltyShop.ts';

const programme = programmeOf({
  accounts: [accountOf('wallet', 'money')],
  memberships: [{ membershipId: 'club', name: named('Club'), sku: 'club-year', days: 365 }],
  topUps: [{ skus: ['top-up'], account: 'wallet' }],
});
const club = { sku: 'club-year', unitPriceMinor: 4900 };
const topUp = { sku: 'top-up', unitPriceMinor: 2000 };

function gates(lines: SaleForm['lines'], memberId: string | null = 'ada') {
  const shop = loyaltyShop(programme, { members: [{ memberId: 'ada' }] });
  const { messages } = shop.quote({ memberId, lines }, '2026-03-06T10:00:00Z');
  return messages
    .filter(({ kind }) => kind === 'gate')
    .map(({ whyKey, lines: held }) => [whyKey, ...held]);
}

it('a membership and a top-up are sold to a member, beside goods', () => {
  expect(gates([club, topUp, topUp, { unitPriceMinor: 100 }])).toEqual([]);
});

it('a guest has nobody to hold them', () => {
  expect(gates([club, { unitPriceMinor: 100 }, topUp], null)).toEqual([
    ['notice.gate', 1],
    ['notice.gate', 3],
  ]);
});

it('one membership a sale: neither two units nor a second line', () => {
  expect(gates([{ ...club, quantity: 2 }])).toEqual([['notice.membership-once', 1]]);
  expect(gates([club, club])).toEqual([['notice.membership-once', 2]]);
});

it('a deduction that bears a sku is no sale of it', () => {
  expect(gates([club, { ...club, kind: 'deduction' }])).toEqual([]);
});
