// Owns limits: how much of a cap or a budget is left, and what is remembered of it.
import { type Movement, operatorOwner, SHOP, sumBetween } from '#loyalty/books/books.ts';
import {
  DAY_MS,
  monthStartAfter,
  monthStartOf,
  weekStartOf,
  yearStartOf,
} from '#loyalty/calendar.ts';
import { parseRate } from '#loyalty/points.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { BudgetFile, CapFile } from '#loyalty/programme/earning.ts';
import type { Why } from '#loyalty/why.ts';

/** What limits need of a moment. */
export type CapContext = Pick<PricingContext, 'books' | 'local' | 'moment' | 'memberOwner'>;

/** Counters of this till alone, which other tills never see. */
export const TILL = 'till';

/** First and last day of a period, as dates of counters: [fromMs, toMs). */
export function periodBounds(
  period: CapFile['period'],
  dayNumber: number,
): { readonly fromMs: number; readonly toMs: number } {
  const bounds = (from: number, to: number) => ({ fromMs: from * DAY_MS, toMs: to * DAY_MS });
  switch (period) {
    case 'day':
      return bounds(dayNumber, dayNumber + 1);
    case 'week':
      return bounds(weekStartOf(dayNumber), weekStartOf(dayNumber) + 7);
    case 'month':
      return bounds(monthStartOf(dayNumber), monthStartAfter(dayNumber, 1));
    case 'year':
      return bounds(yearStartOf(dayNumber), yearStartOf(yearStartOf(dayNumber) + 366));
    case 'ever':
      return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    case 'sale':
      return { fromMs: 0, toMs: 0 };
  }
}

export function ownerOfCap(cap: Pick<CapFile, 'per'>, context: CapContext): string {
  switch (cap.per) {
    case 'member':
      return context.memberOwner;
    case 'operator':
      return operatorOwner(context.moment.operatorId);
    case 'programme':
      return SHOP;
  }
}

const keyOf = (cap: CapFile, ruleId: string) => cap.group ?? ruleId;

/** What caps leave: points that may still be given now, and whether a time is left at all. */
export function roomOf(
  caps: readonly CapFile[],
  ruleId: string,
  context: CapContext,
  isApprovedByManager = false,
): { readonly points: number; readonly times: number } {
  let points = Number.POSITIVE_INFINITY;
  let times = Number.POSITIVE_INFINITY;
  for (const cap of caps) {
    if (isApprovedByManager && cap.isLiftedByManager === true) continue;
    const owner = ownerOfCap(cap, context);
    const { fromMs, toMs } = periodBounds(cap.period, context.local.dayNumber);
    const key = keyOf(cap, ruleId);
    if (cap.points !== undefined) {
      const given = sumBetween(context.books, owner, `given/${key}`, fromMs, toMs);
      points = Math.min(points, Math.max(0, cap.points - given));
    }
    if (cap.times !== undefined) {
      const used = sumBetween(context.books, owner, `used/${key}`, fromMs, toMs);
      times = Math.min(times, Math.max(0, cap.times - used));
    }
  }
  return { points, times };
}

/** A counter of today moved by `amount`. */
export function tally(
  context: Pick<CapContext, 'local'>,
  owner: string,
  account: string,
  amount: number,
  rule: string,
  why: Why,
): Movement {
  const { day, dayMs } = context.local;
  const { whyKey, whyArgs } = why;
  return {
    owner,
    account,
    lotId: day,
    amount,
    fromMs: dayMs,
    untilMs: null,
    kind: 'tally',
    rule,
    whyKey,
    whyArgs,
  };
}

/** What caps remember of points given: one counter for each owner and group. */
export function capTallies(
  caps: readonly CapFile[],
  ruleId: string,
  context: CapContext,
  points: number,
  why: Why,
): Movement[] {
  const counters = new Map<string, Movement>();
  for (const cap of caps) {
    if (cap.period === 'sale') continue;
    const owner = ownerOfCap(cap, context);
    const remember = (stem: 'given' | 'used', amount: number) => {
      const account = `${stem}/${keyOf(cap, ruleId)}`;
      counters.set(`${owner} ${account}`, tally(context, owner, account, amount, ruleId, why));
    };
    if (cap.points !== undefined) remember('given', points);
    if (cap.times !== undefined) remember('used', 1);
  }
  return [...counters.values()];
}

/** Points that a budget still pays for; a point that costs nothing is never stopped. */
export function budgetRoom(
  budget: BudgetFile,
  costMinor: string,
  ruleId: string,
  context: CapContext,
): number {
  const cost = parseRate(costMinor);
  if (cost === null || cost.numerator === 0n) return Number.POSITIVE_INFINITY;
  const pointsFor = (amountMinor: number) =>
    Number((BigInt(amountMinor) * cost.denominator) / cost.numerator);
  const account = `budget/${ruleId}`;
  const held = (owner: string) =>
    sumBetween(context.books, owner, account, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const ofAll = pointsFor(budget.amountMinor) - held(SHOP);
  if (budget.tillShareMinor === undefined) return Math.max(0, ofAll);
  return Math.max(0, Math.min(ofAll, pointsFor(budget.tillShareMinor) - held(TILL)));
}

/** What a budget remembers: the points, at the shop and at this till. */
export function budgetTallies(
  ruleId: string,
  context: CapContext,
  points: number,
  why: Why,
): Movement[] {
  return [SHOP, TILL].map((owner) =>
    tally(context, owner, `budget/${ruleId}`, points, ruleId, why),
  );
}
