// Owns the comparison of a replay: what sales came to then and now, and where they differ most.
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import {
  addFigures,
  costMinorOf,
  NO_FIGURES,
  type SaleFigures,
} from '#loyalty/reporting/replay.ts';

/** One sale under both rules. */
export interface ComparedSale {
  readonly receiptNumber: string;
  readonly atMs: number;
  readonly memberId: string | null;
  readonly before: SaleFigures;
  readonly after: SaleFigures;
}

/** What people read: points, and money in minor units. */
export interface Sums {
  readonly earnedPoints: number;
  readonly redeemedPoints: number;
  readonly discountMinor: number;
  readonly costMinor: number;
}

export interface SaleDifference {
  readonly receiptNumber: string;
  readonly atMs: number;
  readonly memberId: string | null;
  readonly before: Sums;
  readonly after: Sums;
}

export interface TierChange {
  readonly memberId: string;
  readonly before: string;
  readonly after: string;
}

export interface ReplayReport {
  readonly saleCount: number;
  readonly before: Sums;
  readonly after: Sums;
  /** By member. */
  readonly tierChanges: readonly TierChange[];
  /** At most twenty, the largest first. */
  readonly largest: readonly SaleDifference[];
}

const LARGEST_MAX = 20;

function sumsOf(figures: SaleFigures, costMinor: number): Sums {
  const { earnedPoints, redeemedPoints, discountMinor } = figures;
  return { earnedPoints, redeemedPoints, discountMinor, costMinor };
}

/** Money first, then points; the earlier receipt of equals. */
function byDifference(left: SaleDifference, right: SaleDifference): number {
  const cost = ({ before, after }: SaleDifference) => Math.abs(after.costMinor - before.costMinor);
  const points = ({ before, after }: SaleDifference) =>
    Math.abs(after.earnedPoints - before.earnedPoints) +
    Math.abs(after.redeemedPoints - before.redeemedPoints);
  const order = cost(right) - cost(left) || points(right) - points(left);
  return order || (left.receiptNumber < right.receiptNumber ? -1 : 1);
}

function isSame({ before, after }: SaleDifference): boolean {
  return (
    before.costMinor === after.costMinor &&
    before.earnedPoints === after.earnedPoints &&
    before.redeemedPoints === after.redeemedPoints
  );
}

/** Sums of figures by the programme that gave them: each has costs of its own. */
type Totals = Map<CompiledProgramme, SaleFigures>;

function addTo(totals: Totals, compiled: CompiledProgramme, figures: SaleFigures): void {
  totals.set(compiled, addFigures(totals.get(compiled) ?? NO_FIGURES, figures));
}

function totalOf(totals: Totals): Sums {
  let figures = NO_FIGURES;
  let costMinor = 0;
  for (const [compiled, sums] of totals) {
    figures = addFigures(figures, sums);
    costMinor += costMinorOf(sums, compiled);
  }
  return sumsOf(figures, costMinor);
}

export interface Comparison {
  /** `compiledThen`: the version that the sale was made under. */
  readonly add: (sale: ComparedSale, compiledThen: CompiledProgramme) => void;
  /** The level of a member when this sale was over: the last one said counts. */
  readonly tier: (memberId: string, before: string, after: string) => void;
  readonly report: () => ReplayReport;
}

export function createComparison(compiledNow: CompiledProgramme): Comparison {
  const totalsThen: Totals = new Map();
  const totalsNow: Totals = new Map();
  const tiers = new Map<string, TierChange>();
  let largest: readonly SaleDifference[] = [];
  let saleCount = 0;
  return {
    add: ({ before, after, ...sale }, compiledThen) => {
      saleCount += 1;
      addTo(totalsThen, compiledThen, before);
      addTo(totalsNow, compiledNow, after);
      const difference = {
        ...sale,
        before: sumsOf(before, costMinorOf(before, compiledThen)),
        after: sumsOf(after, costMinorOf(after, compiledNow)),
      };
      if (isSame(difference)) return;
      largest = [...largest, difference].sort(byDifference).slice(0, LARGEST_MAX);
    },
    tier: (memberId, before, after) => tiers.set(memberId, { memberId, before, after }),
    report: () => ({
      saleCount,
      before: totalOf(totalsThen),
      after: totalOf(totalsNow),
      tierChanges: [...tiers.values()]
        .filter(({ before, after }) => before !== after)
        .sort((left, right) => (left.memberId < right.memberId ? -1 : 1)),
      largest,
    }),
  };
}
