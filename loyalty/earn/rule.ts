// Owns what every kind of earning rule becomes when compiled, and what it gives to a sale.
import type { Condition, Movement } from '#loyalty/books/books.ts';
import type { EarningBase } from '#loyalty/earn/base.ts';
import type { StandsOn } from '#loyalty/earn/standing.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Message } from '#loyalty/pricing/pricing.ts';
import type { CompiledCondition } from '#loyalty/programme/compiledCondition.ts';
import type { BudgetFile, CapFile, FloorPolicy } from '#loyalty/programme/earning.ts';
import type { Why } from '#loyalty/why.ts';

/** Amounts of some lines: their sum, and line by line, index-aligned, only when somebody asks. */
export interface Counted {
  readonly sum: number;
  amounts(): readonly number[];
}

/** Amounts that are there already. */
export function counted(amounts: readonly number[]): Counted {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return { sum, amounts: () => amounts };
}

/** Points that a rule would give, before stacking, caps and budgets. */
export interface Earned extends Why {
  /** The rule, or the row of a table. */
  readonly ruleId: string;
  readonly account: string;
  /** Who gets it: `member/…`, the pool, the referrer, a charity. */
  readonly owner: string;
  readonly points: number;
  /** What each line contributed, index-aligned; null where no line made it. For the commit. */
  readonly weights: Counted | null;
  /** What the rule remembers: only asked for when the sale is committed. */
  readonly tallies: (() => readonly Movement[]) | null;
  /** What must still hold after a return: only asked for when the sale is committed. */
  readonly condition: (() => Condition) | null;
  /** Names what may happen once in a period, over all tills. */
  readonly onceKey: string | null;
}

/** One earning rule, ready to run. */
export interface CompiledRule {
  readonly ruleId: string;
  readonly account: string;
  readonly order: number;
  /** Position in the file. */
  readonly index: number;
  readonly bestOf: string | null;
  readonly condition: CompiledCondition;
  /** The threshold that its points stand on after a return, or null. */
  readonly standsOn: StandsOn | null;
  readonly caps: readonly CapFile[];
  readonly budget: BudgetFile | null;
  /** Ids that `multiplier.of` may name: the rule's own, and those of its rows. */
  readonly ruleIds: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly isTable: boolean;
  /** Shares for charities and partners run for guests, too. */
  readonly isShare: boolean;
  /** Called only while the condition holds. */
  readonly earn: (context: PricingContext, base: EarningBase) => readonly Earned[];
  /** What would be earned for a little more money, while the condition does not hold. */
  readonly nudge: ((context: PricingContext, base: EarningBase) => Message | null) | null;
  /** Of a multiplier, which runs when the points of the others are known; else null. */
  readonly multiplier: {
    readonly of: ReadonlySet<string> | null;
    readonly times: (points: number) => number;
    readonly factorText: string;
  } | null;
}

/** What rules are compiled with. */
export interface RuleSurroundings {
  readonly currency: string;
  readonly floor: FloorPolicy;
  readonly taxes: 'included' | 'excluded';
  /** Tier multipliers by index of the level. */
  readonly tiers: readonly {
    readonly multiplierText: string | null;
    readonly name: Readonly<Record<string, string>>;
  }[];
}

export const NOTHING: readonly Earned[] = [];
