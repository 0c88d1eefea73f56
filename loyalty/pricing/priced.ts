// Owns a sale that is priced but not yet put into words and movements.
import { spendableOf } from '#loyalty/books/books.ts';
import { spendableAt } from '#loyalty/books/lots.ts';
import type { EarningBase } from '#loyalty/earn/base.ts';
import type { Earnings } from '#loyalty/earn/limits.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Message, PricedLine, TenderEffect } from '#loyalty/pricing/pricing.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import type { DiscountResult } from '#loyalty/rewards/discounts.ts';

/** All of a priced sale, before it is put into words and movements. */
export interface Priced {
  readonly compiled: CompiledProgramme;
  readonly context: PricingContext;
  readonly discounted: DiscountResult;
  readonly base: EarningBase;
  readonly earnings: Earnings;
  readonly tenderEffects: readonly TenderEffect[];
  readonly lines: readonly PricedLine[];
  readonly subtotalMinor: number;
  readonly totalMinor: number;
  readonly messages: readonly Message[];
  /** Operator whose own card was scanned on a customer's sale, or null. */
  readonly barredOperatorId: string | null;
}

/** What an account of the member can pay with now. */
export function spendableIn(
  compiled: CompiledProgramme,
  context: PricingContext,
): (accountId: string) => number {
  const { books, moment, timeZone, pointsOwner: owner } = context;
  const spendable = (accountId: string): number => {
    const account = compiled.accounts.get(accountId) ?? null;
    if (account?.expiry?.kind !== 'inactivity') {
      return spendableOf(books, owner, accountId, moment.atMs);
    }
    return spendableAt(books, { owner, accountId, account }, { atMs: moment.atMs, timeZone });
  };
  // Rewards ask for the same account again and again.
  let lastId = '';
  let lastAmount = 0;
  return (accountId) => {
    if (context.member === null) return 0;
    if (accountId !== lastId) {
      lastAmount = spendable(accountId);
      lastId = accountId;
    }
    return lastAmount;
  };
}

/** Net money of goods: what tiers by spend and segments count. */
export function spendOf(context: PricingContext, netMinor: readonly number[]): number {
  let sumMinor = 0;
  for (let index = 0; index < context.lines.length; index += 1) {
    const line = context.lines[index];
    const counts = line?.isGoods === true || line?.line.kind === 'deduction';
    if (counts) sumMinor += netMinor[index] ?? 0;
  }
  return Math.max(0, sumMinor);
}
