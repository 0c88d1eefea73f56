// Owns pricing a sale: context, discounts, tenders, earning and tiers, brought together as a value.
import { assert } from '#loyalty/assert.ts';
import { newMember, type State } from '#loyalty/books/state.ts';
import { tierIndexAt } from '#loyalty/books/tierStanding.ts';
import { earningBase } from '#loyalty/earn/base.ts';
import { earn } from '#loyalty/earn/earn.ts';
import type { Earnings } from '#loyalty/earn/limits.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import { contextOf } from '#loyalty/pricing/contextOf.ts';
import { gatesOf } from '#loyalty/pricing/gates.ts';
import { presentPricing } from '#loyalty/pricing/presentPricing.ts';
import { type Priced, spendableIn, spendOf } from '#loyalty/pricing/priced.ts';
import type { Message, PricedLine, Pricing, TenderEffect } from '#loyalty/pricing/pricing.ts';
import type { Moment, PlannedTender, Sale } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { type DiscountResult, discount } from '#loyalty/rewards/discounts.ts';
import { fixedTaxesOf } from '#loyalty/rewards/taxes.ts';

const NO_STORED_VALUE = { effects: [], messages: [] } as const;

/** Means of payment that are accounts of the member: they pay, and change no price and no tax. */
function storedValue(
  compiled: CompiledProgramme,
  sale: Sale,
  totalMinor: number,
  spendable: (accountId: string) => number,
): { readonly effects: readonly TenderEffect[]; readonly messages: readonly Message[] } {
  if (sale.tenders.length === 0) return NO_STORED_VALUE;
  const effects: TenderEffect[] = [];
  const messages: Message[] = [];
  let leftMinor = totalMinor;
  const paid = new Map<string, number>();
  for (const { tenderType: account, amountMinor: askedMinor } of sale.tenders) {
    if (compiled.accounts.get(account)?.kind !== 'money' || askedMinor === 0) continue;
    const amountMinor = Math.min(askedMinor, Math.max(0, leftMinor));
    const already = paid.get(account) ?? 0;
    const heldMinor = spendable(account) - already;
    const whyArgs = { amountMinor, heldMinor, currency: compiled.currency };
    if (amountMinor > heldMinor) {
      const whyKey = 'notice.stored-value-short';
      messages.push({
        kind: 'refusal',
        missingMinor: amountMinor - heldMinor,
        points: 0,
        lines: [],
        whyKey,
        whyArgs,
      });
      continue;
    }
    if (amountMinor === 0) continue;
    paid.set(account, already + amountMinor);
    leftMinor -= amountMinor;
    effects.push({ account, amountMinor, whyKey: 'why.tender.stored-value', whyArgs });
  }
  return { effects, messages };
}

/** Means of payment as rules see them: stored value that was accepted, the rest as said or cash. */
function tendersOf(
  compiled: CompiledProgramme,
  sale: Sale,
  effects: readonly TenderEffect[],
  totalMinor: number,
): readonly PlannedTender[] {
  const tenders: PlannedTender[] = effects.map(({ account, amountMinor }) => ({
    tenderType: account,
    amountMinor,
  }));
  let leftMinor = totalMinor - effects.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  for (const { tenderType, amountMinor } of sale.tenders) {
    if (compiled.accounts.get(tenderType)?.kind === 'money') continue;
    // Cash beyond what is due is change, and pays nothing.
    const paidMinor = Math.min(amountMinor, Math.max(0, leftMinor));
    leftMinor -= paidMinor;
    if (paidMinor > 0) tenders.push({ tenderType, amountMinor: paidMinor });
  }
  if (leftMinor > 0) tenders.push({ tenderType: 'cash', amountMinor: leftMinor });
  return tenders;
}

interface Discounted {
  readonly discounted: DiscountResult;
  readonly totalMinor: number;
}

function discountedWith(
  compiled: CompiledProgramme,
  context: PricingContext,
  spendable: (accountId: string) => number,
): Discounted {
  const discounted = discount(compiled.rewards, context, spendable);
  let totalMinor = discounted.roundingMinor + fixedTaxesOf(context);
  for (const netMinor of discounted.netMinor) totalMinor += netMinor;
  return { discounted, totalMinor };
}

/** The context with the level that this very sale reaches, where a programme counts it already. */
function withTierOfSale(
  compiled: CompiledProgramme,
  context: PricingContext,
  netMinor: readonly number[],
): PricingContext {
  const { tiers, timeZone } = compiled;
  if (!tiers.includesThisSale || context.member === null) return context;
  const now = { atMs: context.moment.atMs, local: context.local, timeZone };
  const added = tiers.counter === 'spend' ? spendOf(context, netMinor) : 0;
  const tierIndex = tierIndexAt(tiers, context.books, context.memberOwner, now, added);
  return { ...context, tierIndex, tierId: tiers.levels[tierIndex]?.tierId ?? '' };
}

/** A sale with its discounts taken off and its points counted. */
type EarnedSale = Pick<
  Priced,
  'discounted' | 'totalMinor' | 'base' | 'earnings' | 'tenderEffects' | 'context' | 'messages'
>;

function earnAfter(
  compiled: CompiledProgramme,
  context: PricingContext,
  { discounted, totalMinor }: Discounted,
): EarnedSale {
  const { sale } = context;
  const stored = storedValue(compiled, sale, totalMinor, spendableIn(compiled, context));
  const tenders = tendersOf(compiled, sale, stored.effects, totalMinor);
  const storedMinor = stored.effects.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const withTier = withTierOfSale(compiled, context, discounted.netMinor);
  const paid = { discounted, tenders, totalMinor, storedMinor };
  const base = earningBase(compiled.programme.earning.base, compiled.excluded, withTier, paid);
  // A rule sees what really pays: no stored value that was refused, and the rest as cash.
  const { asksTenders } = compiled.earning;
  const paying = asksTenders ? { ...withTier, sale: { ...sale, tenders } } : withTier;
  const earnings = earn(compiled.earning, paying, base);
  return {
    discounted,
    totalMinor,
    base,
    earnings,
    tenderEffects: stored.effects,
    context: withTier,
    messages: stored.messages,
  };
}

function earnedIn(earnings: Earnings, owner: string, accountId: string): number {
  let points = 0;
  for (const one of earnings.earned) {
    if (one.owner === owner && one.account === accountId) points += one.points;
  }
  return points;
}

/** Whether points held and points of this very sale pay for all that was claimed. */
function isPaid({ discounted }: EarnedSale, spendable: (accountId: string) => number): boolean {
  const costs = new Map<string, number>();
  for (const { cost } of discounted.applied) {
    if (cost !== null) costs.set(cost.account, (costs.get(cost.account) ?? 0) + cost.points);
  }
  return [...costs].every(([account, points]) => points <= spendable(account));
}

/**
 * Discounts and points of a sale. Where a programme lets a sale's own points be spent at once, what
 * it earns is first asked with every claim granted. Where it then earns less than that and claims
 * are not paid, none of its own points are spent.
 */
function discountAndEarn(compiled: CompiledProgramme, context: PricingContext): EarnedSale {
  const own = spendableIn(compiled, context);
  const by = (spendable: (accountId: string) => number) =>
    earnAfter(compiled, context, discountedWith(compiled, context, spendable));
  if (compiled.programme.earning.base.spendPointsOfThisSale === 'no') return by(own);
  const withEarned =
    ({ earnings }: { readonly earnings: Earnings }) =>
    (accountId: string) => {
      // What is pending pays nothing yet.
      const isPending = (compiled.accounts.get(accountId)?.pendingDays ?? 0) > 0;
      const earned = isPending ? 0 : earnedIn(earnings, context.pointsOwner, accountId);
      return own(accountId) + earned;
    };
  const generous = by(() => Number.MAX_SAFE_INTEGER);
  const result = by(withEarned(generous));
  return isPaid(result, withEarned(result)) ? result : by(own);
}

function pricedLines(context: PricingContext, netMinor: readonly number[]): readonly PricedLine[] {
  return context.lines.map(({ line, grossMinor }, index) => {
    const net = netMinor[index] ?? 0;
    return { line: line.line, grossMinor, discountMinor: grossMinor - net, netMinor: net };
  });
}

/** A guest's own points, had the guest been a member: "34 points waiting". */
function waitingPoints(
  compiled: CompiledProgramme,
  sale: Sale,
  state: State,
  moment: Moment,
): number {
  const member = newMember('guest', moment.atMs);
  const context = contextOf(compiled, { ...sale, claims: [] }, state, member, moment);
  const { earnings } = discountAndEarn(compiled, context);
  return earnedIn(earnings, context.pointsOwner, 'points');
}

/**
 * Prices a sale for a member, or for a guest. Pure: the same input gives the same result on every
 * till and at head office. Never throws for a sale whose amounts are in range: at most 9e12 minor
 * units in all.
 */
export function priceSale(
  compiled: CompiledProgramme,
  sale: Sale,
  state: State,
  moment: Moment,
): Pricing {
  const { member } = state;
  // An operator who scans the own card on a customer's sale earns and spends nothing by it.
  const isBarred = member !== null && member.staffOperatorId === moment.operatorId;
  const served = isBarred ? null : member;
  const context = contextOf(compiled, sale, state, served, moment);
  const result = discountAndEarn(compiled, context);
  const { discounted, totalMinor } = result;
  const messages: Message[] = [
    ...gatesOf(compiled, context),
    ...result.messages,
    ...result.earnings.messages,
  ];
  const notice = (whyKey: string, points: number): Message => {
    return { kind: 'notice', missingMinor: 0, points, lines: [], whyKey, whyArgs: { points } };
  };
  if (isBarred) messages.push({ ...notice('notice.staff-card', 0), kind: 'refusal' });
  if (member === null && compiled.programme.lateClaimDays !== undefined) {
    const points = waitingPoints(compiled, sale, state, moment);
    if (points > 0) messages.push(notice('notice.points-waiting', points));
  }
  const subtotalMinor = context.lines.reduce(
    (sum, { grossMinor }) => sum + grossMinor,
    fixedTaxesOf(context),
  );
  assert(Number.isSafeInteger(totalMinor), 'a total is a safe integer');
  return presentPricing({
    compiled,
    context: result.context,
    discounted,
    base: result.base,
    earnings: result.earnings,
    tenderEffects: result.tenderEffects,
    lines: pricedLines(context, discounted.netMinor),
    subtotalMinor,
    totalMinor,
    messages,
    barredOperatorId: isBarred ? moment.operatorId : null,
  });
}
