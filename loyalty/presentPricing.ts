// Owns the value that pricing gives: accruals, redemptions, offers and words of a priced sale.

import type { Movement } from '#loyalty/books.ts';
import type { Conversion } from '#loyalty/conversion.ts';
import { lotDates, type Now } from '#loyalty/lots.ts';
import { type Priced, spendableIn, spendOf } from '#loyalty/priced.ts';
import type {
  Accrual,
  Explanation,
  Message,
  Pricing,
  Redemption,
  TierProgress,
} from '#loyalty/pricing.ts';
import { entitlementsOf, offersOf } from '#loyalty/rewards/offers.ts';
import { taxesOf } from '#loyalty/rewards/taxes.ts';
import { type SaleMovements, saleMovements } from '#loyalty/saleMovements.ts';
import { progressOf } from '#loyalty/tierStanding.ts';
import { nameArgs } from '#loyalty/why.ts';

function accrualsOf(priced: Priced, conversions: readonly Conversion[], now: Now): Accrual[] {
  const { compiled, earnings } = priced;
  const accruals: Accrual[] = [];
  for (const { ruleId, owner, account, points, whyKey, whyArgs } of earnings.earned) {
    if (points === 0) continue;
    const { fromMs, untilMs } = lotDates(compiled.accounts.get(account) ?? null, now);
    accruals.push({ rule: ruleId, owner, account, points, fromMs, untilMs, whyKey, whyArgs });
  }
  for (const { rewardId, toOwner, toAccount, amount, whyKey, whyArgs } of conversions) {
    const { fromMs, untilMs } = lotDates(compiled.accounts.get(toAccount) ?? null, now);
    const owned = { owner: toOwner, account: toAccount, points: amount };
    accruals.push({ rule: rewardId, ...owned, fromMs, untilMs, whyKey, whyArgs });
  }
  return accruals;
}

function redemptionsOf(priced: Priced, conversions: readonly Conversion[]): Redemption[] {
  const redemptions: Redemption[] = [];
  for (const { reward, times, cost, amountOffMinor, why } of priced.discounted.applied) {
    if (cost === null) continue;
    const { rewardId } = reward;
    const owner = priced.context.pointsOwner;
    redemptions.push({ rewardId, times, owner, ...cost, amountOffMinor, ...why });
  }
  for (const { rewardId, times, owner, account, points, whyKey, whyArgs } of conversions) {
    redemptions.push({
      rewardId,
      times,
      owner,
      account,
      points,
      amountOffMinor: 0,
      whyKey,
      whyArgs,
    });
  }
  return redemptions;
}

/** Points by account, then money off and money paid by stored value: each line with its sentence. */
function explanationOf(
  priced: Priced,
  accruals: readonly Accrual[],
  redemptions: readonly Redemption[],
): Explanation[] {
  const lines: Explanation[] = [];
  for (const { account, points, whyKey, whyArgs } of accruals) {
    lines.push({ account, points, amountMinor: 0, whyKey, whyArgs });
  }
  for (const { account, points, whyKey, whyArgs } of redemptions) {
    lines.push({ account, points: -points, amountMinor: 0, whyKey, whyArgs });
  }
  for (const { amountMinor, whyKey, whyArgs } of priced.discounted.discounts) {
    lines.push({ account: null, points: 0, amountMinor: -amountMinor, whyKey, whyArgs });
  }
  return lines;
}

function sumOf(
  moves: readonly { readonly owner: string; readonly account: string; readonly points: number }[],
  owner: string,
): number {
  let points = 0;
  for (const move of moves) {
    if (move.owner === owner && move.account === 'points') points += move.points;
  }
  return points;
}

/** How far the next level is, this sale included. */
function tierOf(priced: Priced, now: Now): TierProgress | null {
  const { compiled, context, discounted, earnings } = priced;
  if (context.member === null) return null;
  const { tiers } = compiled;
  const { books, memberOwner, pointsOwner } = context;
  let added = 0;
  if (tiers.counter === 'spend') added = spendOf(context, discounted.netMinor);
  for (const { owner, account, points } of earnings.earned) {
    if (owner === pointsOwner && tiers.counter === `issued/${account}`) added += points;
  }
  return progressOf(tiers, books, memberOwner, now, added);
}

function withPerks({ compiled, context, messages }: Priced): readonly Message[] {
  const perks = context.member === null ? [] : compiled.tiers.levels[context.tierIndex]?.perks;
  if (perks === undefined || perks.length === 0) return messages;
  return [
    ...messages,
    ...perks.map(({ name }) => ({
      kind: 'perk' as const,
      missingMinor: 0,
      points: 0,
      lines: [],
      whyKey: 'notice.perk',
      whyArgs: nameArgs(name),
    })),
  ];
}

/** Claims and automatic rewards that turn accounts into others change what a sale gives. */
function hasConversions(priced: Priced): boolean {
  if (priced.context.member === null) return false;
  return priced.discounted.conversions.length > 0 || priced.compiled.hasAutomaticConversion;
}

export function presentPricing(priced: Priced): Pricing {
  const { compiled, context, discounted, tenderEffects, lines, subtotalMinor, totalMinor } = priced;
  const now: Now = { atMs: context.moment.atMs, local: context.local, timeZone: compiled.timeZone };
  let made: SaleMovements | null = hasConversions(priced) ? saleMovements(priced) : null;
  const conversions = made?.conversions ?? [];
  const accruals = accrualsOf(priced, conversions, now);
  const redemptions = redemptionsOf(priced, conversions);
  const storedMinor = tenderEffects.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const isMember = context.member !== null;
  const spendable = spendableIn(compiled, context);
  return {
    programmeVersion: compiled.programmeVersion,
    lines,
    subtotalMinor,
    discountMinor: discounted.discounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    roundingMinor: discounted.roundingMinor,
    totalMinor,
    dueMinor: totalMinor - storedMinor,
    taxes: taxesOf(context, discounted.netMinor),
    discounts: discounted.discounts,
    accruals,
    redemptions,
    tenderEffects,
    earnedPoints: sumOf(accruals, context.pointsOwner),
    redeemedPoints: sumOf(redemptions, context.pointsOwner),
    // A screen prices again at every scan and never asks for these: they are made when asked.
    get movements(): readonly Movement[] {
      made ??= saleMovements(priced);
      return made.movements;
    },
    refusals: discounted.refusals,
    offers: isMember ? offersOf(compiled.rewards, context, discounted, spendable) : [],
    slips: discounted.slips,
    gifts: discounted.gifts,
    messages: withPerks(priced),
    explanation: explanationOf(priced, accruals, redemptions),
    entitlements: isMember ? entitlementsOf(compiled.rewards, context, discounted) : [],
    tier: tierOf(priced, now),
  };
}
