// Owns what limits leave of what rules give: caps of members, operators and the shop, and budgets.
import { heldOf, type Movement } from '#loyalty/books/books.ts';
import { budgetRoom, budgetTallies, capTallies, roomOf } from '#loyalty/earn/caps.ts';
import type { CompiledRule, Earned } from '#loyalty/earn/rule.ts';
import { POINTS_MAX } from '#loyalty/points.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Message } from '#loyalty/pricing/pricing.ts';
import type { CapFile } from '#loyalty/programme/earning.ts';

/** What one rule gives, before limits. */
export interface Candidate {
  readonly rule: CompiledRule;
  readonly earned: readonly Earned[];
}

/** What a sale earned, after everything. */
export interface Earnings {
  readonly earned: readonly Earned[];
  readonly messages: readonly Message[];
  /** What caps and budgets remember; made when the sale is committed. */
  readonly limitTallies: readonly (() => readonly Movement[])[];
}

function ended(candidate: Candidate): Message {
  return {
    kind: 'notice',
    missingMinor: 0,
    points: 0,
    lines: [],
    whyKey: 'notice.promotion-ended',
    whyArgs: candidate.rule.names,
  };
}

interface Limited {
  readonly earned: Earned[];
  readonly messages: Message[];
  readonly limitTallies: (() => readonly Movement[])[];
  /** What rules of this very sale took of caps that they share with others. */
  readonly taken: Map<string, number>;
}

/** What this sale took of a cap so far. Only rules of one group share one. */
function takenOf(stem: 'given' | 'used', cap: CapFile, { taken }: Limited): number {
  return taken.get(`${stem} ${cap.per} ${cap.group}`) ?? 0;
}

/** Points that the caps of a rule leave. */
function roomNow(rule: CompiledRule, context: PricingContext, limited: Limited): number {
  let left = Number.POSITIVE_INFINITY;
  for (const cap of rule.caps) {
    const { points, times } = roomOf([cap], rule.ruleId, context);
    const isLeft = times > takenOf('used', cap, limited);
    left = Math.min(left, isLeft ? points - takenOf('given', cap, limited) : 0);
  }
  return left;
}

/** Whether caps and the budget leave so many points to a rule. */
export function hasRoom(
  rule: Pick<CompiledRule, 'ruleId' | 'caps' | 'budget' | 'account'>,
  points: number,
  context: PricingContext,
  costs: ReadonlyMap<string, string>,
): boolean {
  const { caps, budget, ruleId, account } = rule;
  const room = roomOf(caps, ruleId, context);
  if (room.times <= 0 || room.points < points) return false;
  if (budget === null) return true;
  return budgetRoom(budget, costs.get(account) ?? '0', ruleId, context) >= points;
}

/** Remembers within the sale what a rule took of the caps that it shares. */
function take(rule: CompiledRule, points: number, limited: Limited): void {
  const amounts = new Map<string, number>();
  for (const cap of rule.caps) {
    if (cap.group === undefined) continue;
    if (cap.points !== undefined) amounts.set(`given ${cap.per} ${cap.group}`, points);
    if (cap.times !== undefined) amounts.set(`used ${cap.per} ${cap.group}`, 1);
  }
  const { taken } = limited;
  for (const [key, amount] of amounts) taken.set(key, (taken.get(key) ?? 0) + amount);
}

/** Gives a candidate what its caps and its budget leave, row by row. */
function limit(
  candidate: Candidate,
  context: PricingContext,
  costs: ReadonlyMap<string, string>,
  limited: Limited,
): void {
  const { rule } = candidate;
  const { caps, budget, ruleId } = rule;
  if (caps.length === 0 && budget === null) {
    limited.earned.push(...candidate.earned);
    return;
  }
  let left = roomNow(rule, context, limited);
  if (budget !== null) {
    const cost = costs.get(rule.account) ?? '0';
    const paidFor = budgetRoom(budget, cost, ruleId, context);
    if (paidFor <= 0) limited.messages.push(ended(candidate));
    left = Math.min(left, paidFor);
  }
  let total = 0;
  for (const earned of candidate.earned) {
    const points = Math.max(0, Math.min(earned.points, left));
    left -= points;
    total += points;
    // What gives nothing for want of room remembers nothing either; progress asks for no room.
    if (points > 0 || earned.points === 0) limited.earned.push(withPoints(earned, points));
  }
  const [first] = candidate.earned;
  if (total === 0 || first === undefined) return;
  take(rule, total, limited);
  limited.limitTallies.push(() => {
    const tallies = [
      ...capTallies(caps, ruleId, context, total, first),
      ...(budget === null ? [] : budgetTallies(ruleId, context, total, first)),
    ];
    // A bonus that falls after a return leaves its room to others.
    const condition = first.condition?.();
    return condition === undefined ? tallies : tallies.map((one) => ({ ...one, condition }));
  });
}

function withPoints(earned: Earned, points: number): Earned {
  if (points === earned.points) return earned;
  // The sentence must not promise what the limit took away.
  const whyArgs = { ...earned.whyArgs, uncapped: earned.points, points };
  return { ...earned, points, whyArgs, whyKey: 'why.earn.capped' };
}

/** No account passes the bound of the ledger, whatever a cashier types. */
function bounded(limited: Earnings, context: PricingContext): Earnings {
  let total = 0;
  let held = 0;
  let last: Earned | null = null;
  for (const one of limited.earned) {
    total += one.points;
    // Rows of a table go to one account, one after the other.
    if (last?.account === one.account && last.owner === one.owner) continue;
    held = Math.max(held, heldOf(context.books, one.owner, one.account));
    last = one;
  }
  // All of it on the fullest account would still fit.
  if (held + total <= POINTS_MAX) return limited;
  const left = new Map<string, number>();
  const earned = limited.earned.map((one) => {
    const key = `${one.owner} ${one.account}`;
    const own = Math.max(0, heldOf(context.books, one.owner, one.account));
    const room = left.get(key) ?? POINTS_MAX - own;
    const points = Math.max(0, Math.min(one.points, room));
    left.set(key, room - points);
    return withPoints(one, points);
  });
  return { ...limited, earned };
}

function isLimited({ rule }: Candidate): boolean {
  return rule.caps.length > 0 || rule.budget !== null;
}

/** What caps, budgets and the bound leave. `costs`: minor units of a point, by account. */
export function limitAll(
  candidates: readonly Candidate[],
  context: PricingContext,
  costs: ReadonlyMap<string, string>,
  messages: readonly Message[],
): Earnings {
  if (!candidates.some(isLimited)) {
    const earned: Earned[] = [];
    for (const candidate of candidates) earned.push(...candidate.earned);
    return bounded({ earned, messages, limitTallies: [] }, context);
  }
  const limited: Limited = {
    earned: [],
    messages: [...messages],
    limitTallies: [],
    taken: new Map(),
  };
  for (const candidate of candidates) limit(candidate, context, costs, limited);
  return bounded(limited, context);
}
