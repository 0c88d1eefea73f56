// Owns what a page sees: the whole session as one snapshot, built anew at each change.
import { productBySku } from '#db/products.ts';
import { usualSku, wishesOf } from '#loyalty/display/hints.ts';
import type { BasketLine } from '#loyalty/pricing/basket.ts';
import type { PricedLine } from '#loyalty/pricing/pricing.ts';
import { SPEND } from '#loyalty/programme/compiledCondition.ts';
import type { BasketView, SessionSnapshot } from '#till/contract.ts';
import { giftsView } from '#till/gifts.ts';
import { nameIn } from '#till/names.ts';
import { bestOffer, offerViews } from '#till/offers.ts';
import { reasonOwner, reasonsOf } from '#till/reasons.ts';
import { spendableFor } from '#till/served.ts';
import type { Workstation } from '#till/workstation.ts';

/** Lines in a snapshot; `basket.lines` gives the rest. */
export const SNAPSHOT_LINES = 50;

type LineView = BasketView['lines'][number];

export function lineViews(lines: readonly BasketLine[], priced: readonly PricedLine[]): LineView[] {
  const byLine = new Map(priced.map((line) => [line.line, line]));
  return lines.map((line) => ({
    line: line.line,
    kind: line.kind,
    name: line.name,
    productType: line.productType,
    quantity: line.quantity,
    ...(line.quantityMilli === undefined ? {} : { quantityMilli: line.quantityMilli }),
    unitPriceMinor: line.unitPriceMinor,
    grossMinor: byLine.get(line.line)?.grossMinor ?? 0,
    discountMinor: byLine.get(line.line)?.discountMinor ?? 0,
    taxRateBasisPoints: line.taxRateBasisPoints,
  }));
}

type MemberView = NonNullable<BasketView['member']>;

/** The habit of the member, while it is not in the basket yet. */
function usualItem({ state, db }: Workstation): MemberView['usualItem'] {
  const sku = state.served.member === null ? null : usualSku(state.served.member);
  if (sku === null || state.basket.lines.some((line) => line.sku === sku)) return null;
  const product = productBySku(db, sku);
  return product === null ? null : { sku, name: product.name };
}

/** What the member can pay with: only what is there. */
function walletsOf(workstation: Workstation): MemberView['wallets'] {
  const { inForce, served } = workstation.state;
  const { compiled } = inForce;
  const atMs = workstation.nowMs();
  return [...compiled.accounts.values()].flatMap(({ accountId, kind, names }) => {
    const amountMinor = kind === 'money' ? spendableFor(compiled, served, accountId, atMs) : 0;
    const name = nameIn(names.other, workstation.shop.language);
    return amountMinor > 0 ? [{ accountId, name, amountMinor }] : [];
  });
}

function memberView(workstation: Workstation): BasketView['member'] {
  const { member, inForce, pricing, served } = workstation.state;
  if (member === null) return null;
  const { language } = workstation.shop;
  const { tier } = pricing;
  const { compiled } = inForce;
  return {
    memberId: member.memberId,
    cardNumber: member.cardNumber,
    displayName: member.displayName,
    balancePoints: spendableFor(compiled, served, 'points', workstation.nowMs()),
    tierId: tier?.tierId ?? '-',
    tierName: tier === null ? '' : nameIn(tier.name, language),
    nextTierName: tier?.nextName == null ? null : nameIn(tier.nextName, language),
    tierPoints: tier?.measured ?? 0,
    nextFromPoints: tier?.nextFrom ?? null,
    isTierMoney: compiled.tiers.counter === SPEND,
    bestRewardId: bestOffer(pricing.offers)?.rewardId ?? null,
    usualItem: usualItem(workstation),
    entitlements: pricing.entitlements.map(({ name, left, of }) => {
      return { name: nameIn(name, language), left, of };
    }),
    wallets: walletsOf(workstation),
    gifts: giftsView(workstation),
    hints:
      served.member === null
        ? []
        : wishesOf(served.member).hints.map((flag) => ({ key: `wish.${flag}`, args: {} })),
    asOfMs: member.asOfMs,
  };
}

/** What can be spent after this sale: what it earns later than now is not in it. */
function balanceAfter({ state, nowMs }: Workstation, balancePoints: number): number {
  const { pricing, served } = state;
  const owner = reasonOwner(served);
  const atMs = nowMs();
  return pricing.accruals
    .filter((one) => one.owner === owner && one.account === 'points' && one.fromMs <= atMs)
    .reduce((sum, one) => sum + one.points, balancePoints - pricing.redeemedPoints);
}

function basketView(workstation: Workstation): BasketView {
  const { basket, pricing } = workstation.state;
  const view = memberView(workstation);
  return {
    transactionId: basket.transactionId,
    lineCount: basket.lines.length,
    lines: lineViews(basket.lines.slice(-SNAPSHOT_LINES), pricing.lines),
    member: view,
    offers: offerViews(workstation),
    messages: pricing.messages.map(({ kind, whyKey, whyArgs, lines }) => {
      return { kind, words: { key: whyKey, args: { ...whyArgs } }, lines: [...lines] };
    }),
    subtotalMinor: pricing.subtotalMinor,
    discountMinor: pricing.discountMinor,
    totalMinor: pricing.totalMinor,
    taxes: pricing.taxes.map((tax) => ({ ...tax })),
    explanation: reasonsOf(pricing, reasonOwner(workstation.state.served))
      .filter(({ account }) => account === 'points')
      .map(({ whyKey, whyArgs, points }) => {
        return { why: { key: whyKey, args: { ...whyArgs } }, points };
      }),
    earnedPoints: pricing.earnedPoints,
    redeemedPoints: pricing.redeemedPoints,
    balanceAfterPoints: view === null ? null : balanceAfter(workstation, view.balancePoints),
  };
}

/** What lies outside the workstation's own state: sync and devices as they stand now. */
export type Surroundings = Pick<SessionSnapshot, 'sync' | 'printer' | 'scanner' | 'wedge'>;

export function snapshot(
  workstation: Workstation,
  revision: number,
  surroundings: Surroundings,
): SessionSnapshot {
  const { state, shop } = workstation;
  const stage = state.lastSale === null ? 'selling' : 'committed';
  const digits = (value: number) => String(value).padStart(3, '0');
  return {
    revision,
    state: state.operator === null ? 'locked' : stage,
    workstation: {
      storeName: shop.storeName,
      storeId: digits(shop.storeNumber),
      tillId: digits(shop.tillNumber),
      currency: shop.currency,
      isDemo: shop.isDemo,
    },
    operator: state.operator === null ? null : { ...state.operator },
    basket: basketView(workstation),
    lastSale: state.lastSale,
    notice: state.notice,
    ...surroundings,
    isClockSuspect: state.isClockSuspect,
    businessDay: state.businessDay,
  };
}
