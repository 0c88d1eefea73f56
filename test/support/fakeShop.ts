// Owns what the in-page till sells and shows: products, a member, rewards, a receipt, a day.
import type { BasketView, DayReport } from '#till/contract.ts';

type Member = NonNullable<BasketView['member']>;

export const products = [
  { sku: 'coffee', barcode: '8690000000012', name: 'Filter coffee 250 g', price: 650 },
  { sku: 'baklava', barcode: '8690000000029', name: 'Baklava with pistachio', price: 1890 },
  { sku: 'tea', barcode: '8690000000036', name: 'Rize tea 500 g', price: 420 },
] as const;

export const memberCard = '2990000000017';

export const member: Member = {
  memberId: 'm1',
  cardNumber: memberCard,
  displayName: 'Emma Çağlayan',
  balancePoints: 464,
  tierId: 'gold',
  tierName: 'Gold',
  nextTierName: 'Platinum',
  tierPoints: 1464,
  nextFromPoints: 2500,
  isTierMoney: false,
  bestRewardId: 'off2',
  usualItem: { sku: 'tea', name: 'Rize tea 500 g' },
  entitlements: [{ name: 'Gift wrap', left: 10, of: 12 }],
  wallets: [{ accountId: 'wallet', name: 'Wallet', amountMinor: 1250 }],
  gifts: {
    events: [{ eventId: 'survey', name: 'Filled in the survey' }],
    goodwillPoints: 40,
    reasons: [{ reasonId: 'late', name: 'Waited long' }],
  },
  hints: [{ key: 'wish.no-bag', args: {} }],
  asOfMs: 1_790_000_000_000,
};

export const ladder = [
  { rewardId: 'off2', points: 200, amountOffMinor: 200 },
  { rewardId: 'off5', points: 500, amountOffMinor: 500 },
  { rewardId: 'off10', points: 1000, amountOffMinor: 1000 },
].map((step) => ({ ...step, kind: 'amount-off', name: step.rewardId, accountName: null }));

export function tax(grossMinor: number, taxRateBasisPoints: number) {
  const net = Math.round((grossMinor * 10_000) / (10_000 + taxRateBasisPoints));
  return { taxRateBasisPoints, grossMinor, netMinor: net, taxMinor: grossMinor - net };
}

export const rows = [
  { text: 'Karaköy', scale: 2, bold: true },
  { text: '27/11/2026, 05:12                    Till 2', scale: 1, bold: false },
  { text: 'Served by                             Ayşe', scale: 1, bold: false },
  { text: '------------------------------------------', scale: 1, bold: false },
  { text: 'Filter coffee 250 g                  €6.50', scale: 1, bold: false },
  // Two columns each: 绿 茶 ₺.
  { text: '绿茶 Long Jing 100 g               ₺32.75', scale: 1, bold: false },
  {
    text: '\u2066\u2067خبز قمح\u2069                            6.50 €\u2069',
    scale: 1,
    bold: false,
  },
  { text: 'TOTAL                                €6.50', scale: 1, bold: true },
  { text: 'Points balance                         473', scale: 1, bold: true },
].map((run) => ({ type: 'text' as const, runs: [run] }));

export const report: DayReport = {
  businessDay: '2026-11-27',
  zNumber: null,
  firstSeq: 1,
  lastSeq: 42,
  saleCount: 42,
  voidCount: 1,
  memberSaleCount: 27,
  grossMinor: 184_250,
  discountMinor: 2500,
  totalMinor: 181_750,
  taxes: [tax(100_000, 1000), tax(81_750, 2000)],
  tenders: [
    { tenderType: 'cash', count: 20, amountMinor: 81_750 },
    { tenderType: 'card', count: 22, amountMinor: 100_000 },
  ],
  pointsIssued: 1817,
  pointsRedeemed: 500,
  pointsReversed: 12,
  redeemedValueMinor: 2500,
  drawerOpenedCount: 21,
  waitingToSyncCount: 3,
  perpetualTotalMinor: 9_184_250,
  isAlreadyClosed: false,
};
