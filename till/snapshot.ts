// Owns what a page sees: the whole session as one snapshot, built anew at each change.
import type { BasketLine } from '#loyalty/basket.ts';
import type { PricedLine } from '#loyalty/evaluate.ts';
import type { BasketView, SessionSnapshot } from '#till/contract.ts';
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
    unitPriceMinor: line.unitPriceMinor,
    grossMinor: byLine.get(line.line)?.grossMinor ?? 0,
    discountMinor: byLine.get(line.line)?.discountMinor ?? 0,
    taxRateBasisPoints: line.taxRateBasisPoints,
  }));
}

function memberView(workstation: Workstation): BasketView['member'] {
  const { member, inForce } = workstation.state;
  if (member === null) return null;
  const { language } = workstation.shop;
  const standing = inForce.standing(member.tierPoints, language);
  return {
    memberId: member.memberId,
    cardNumber: member.cardNumber,
    displayName: member.displayName,
    balancePoints: member.balancePoints,
    tierId: standing.tierId,
    tierName: standing.tierName,
    nextTierName: standing.nextTierName,
    tierPoints: member.tierPoints,
    nextFromPoints: standing.nextFromPoints,
    asOfMs: member.asOfMs,
  };
}

function basketView(workstation: Workstation): BasketView {
  const { basket, pricing, member, askingRewardId } = workstation.state;
  const copy = (args: Readonly<Record<string, string | number>>) => ({ ...args });
  return {
    transactionId: basket.transactionId,
    lineCount: basket.lines.length,
    lines: lineViews(basket.lines.slice(-SNAPSHOT_LINES), pricing.lines),
    member: memberView(workstation),
    offers: pricing.offers.map((offer) => ({
      ...offer,
      isAsking: offer.rewardId === askingRewardId,
    })),
    subtotalMinor: pricing.subtotalMinor,
    discountMinor: pricing.discountMinor,
    totalMinor: pricing.totalMinor,
    taxes: pricing.taxes.map((tax) => ({ ...tax })),
    explanation: [
      ...pricing.accruals.map((accrual) => ({
        why: { key: accrual.whyKey, args: copy(accrual.whyArgs) },
        points: accrual.points,
      })),
      ...pricing.redemptions.map((redemption) => ({
        why: { key: redemption.whyKey, args: copy(redemption.whyArgs) },
        points: -redemption.points,
      })),
    ],
    earnedPoints: pricing.earnedPoints,
    redeemedPoints: pricing.redeemedPoints,
    balanceAfterPoints:
      member === null ? null : member.balancePoints + pricing.earnedPoints - pricing.redeemedPoints,
  };
}

/** What lies outside the workstation's own state: sync, printer and scanner as they stand now. */
export type Surroundings = Pick<SessionSnapshot, 'sync' | 'printer' | 'scanner'>;

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
