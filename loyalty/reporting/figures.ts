// Owns the figures by which a shop judges its programme: shares of counts, in basis points.
import { divideHalfUp } from '#loyalty/money.ts';

/** What was counted in a period. */
export interface PeriodCounts {
  readonly saleCount: number;
  readonly memberSaleCount: number;
  readonly issuedPoints: number;
  readonly redeemedPoints: number;
  readonly expiredPoints: number;
  /** What the points of the period cost, and what its sales brought. */
  readonly pointsCostMinor: number;
  readonly netSalesMinor: number;
  /** Ids of the members who bought in the period before, and of those who bought in this one. */
  readonly buyersBefore: ReadonlySet<string>;
  readonly buyers: ReadonlySet<string>;
  /** Members by the operator who enrolled them. */
  readonly enrolments: ReadonlyMap<string, number>;
}

/** Shares in basis points (4,300 is 43.0 %), half-up; null where there was nothing to share. */
export interface Figures {
  readonly scanRateBasisPoints: number | null;
  readonly redemptionRateBasisPoints: number | null;
  readonly expiryRateBasisPoints: number | null;
  /** Of the buyers of the period before, how many bought again. */
  readonly repeatRateBasisPoints: number | null;
  readonly pointsCostBasisPoints: number | null;
  /** Most first. */
  readonly enrolments: readonly { readonly operatorId: string; readonly count: number }[];
}

function shareOf(part: number, whole: number): number | null {
  return whole <= 0 ? null : divideHalfUp(part * 10_000, whole);
}

export function figuresOf(counts: PeriodCounts): Figures {
  const { issuedPoints, buyersBefore, buyers } = counts;
  const returning = [...buyersBefore].filter((memberId) => buyers.has(memberId)).length;
  return {
    scanRateBasisPoints: shareOf(counts.memberSaleCount, counts.saleCount),
    redemptionRateBasisPoints: shareOf(counts.redeemedPoints, issuedPoints),
    expiryRateBasisPoints: shareOf(counts.expiredPoints, issuedPoints),
    repeatRateBasisPoints: shareOf(returning, buyersBefore.size),
    pointsCostBasisPoints: shareOf(counts.pointsCostMinor, counts.netSalesMinor),
    enrolments: [...counts.enrolments]
      .map(([operatorId, count]) => ({ operatorId, count }))
      .sort(
        (left, right) => right.count - left.count || (left.operatorId < right.operatorId ? -1 : 1),
      ),
  };
}
