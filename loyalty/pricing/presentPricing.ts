// Owns the value that pricing gives: accruals, redemptions, offers and words of a priced sale.

import type { Movement } from '#loyalty/books/books.ts';
import { lotDates, type Now } from '#loyalty/books/lots.ts';
import { progressOf } from '#loyalty/books/tierStanding.ts';
import type { Conversion } from '#loyalty/pricing/conversion.ts';
import { type Priced, spendOf } from '#loyalty/pricing/priced.ts';
import type {
  Accrual,
  Explanation,
  Message,
  Pricing,
  Redemption,
  TierProgress,
} from '#loyalty/pricing/pricing.ts';
import { type SaleMovements, saleMovements } from '#loyalty/pricing/saleMovements.ts';
import { entitlementsOf, offersOf } from '#loyalty/rewards/offers.ts';
import { taxesOf } from '#loyalty/rewards/taxes.ts';
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

/** Points by account, then money off and money that stored value pays, each with its sentence. */
function explanationOf(
  priced: Priced,
  accruals: readonly Accrual[],
  redemptions: readonly Redemption[],
): Explanation[] {
  const lines: Explanation[] = [];
  for (const { owner, account, points, whyKey, whyArgs } of accruals) {
    lines.push({ owner, account, points, amountMinor: 0, whyKey, whyArgs });
  }
  for (const { owner, account, points, whyKey, whyArgs } of redemptions) {
    lines.push({ owner, account, points: -points, amountMinor: 0, whyKey, whyArgs });
  }
  for (const { amountMinor, whyKey, whyArgs } of priced.discounted.discounts) {
    lines.push({
      owner: null,
      account: null,
      points: 0,
      amountMinor: -amountMinor,
      whyKey,
      whyArgs,
    });
  }
  return lines;
}

function sumOf<Part>(parts: readonly Part[], amountOf: (part: Part) => number): number {
  let sum = 0;
  for (const part of parts) sum += amountOf(part);
  return sum;
}

function pointsOf(
  moves: readonly { readonly owner: string; readonly account: string; readonly points: number }[],
  owner: string,
): number {
  return sumOf(moves, (move) => {
    return move.owner === owner && move.account === 'points' ? move.points : 0;
  });
}

/** How far the next level is, this sale included. */
function tierOf(priced: Priced, now: Now): TierProgress | null {
  const { compiled, context, discounted, earnings } = priced;
  if (context.member === null) return null;
  const { tiers } = compiled;
  const { measure } = tiers;
  const { books, memberOwner, pointsOwner } = context;
  let added = 0;
  if (measure === 'spend') added = spendOf(context, discounted.netMinor);
  for (const { owner, account, points } of earnings.earned) {
    if (owner === pointsOwner && account === measure) added += points;
  }
  return progressOf(tiers, books, memberOwner, now, context.tierIndex, added);
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

const NO_CONVERSIONS: readonly Conversion[] = [];

/** Claims and automatic rewards that turn accounts into others change what a sale gives. */
function hasConversions(priced: Priced): boolean {
  if (priced.context.member === null) return false;
  return priced.discounted.conversions.length > 0 || priced.compiled.hasAutomaticConversion;
}

/**
 * The value. A class for the sake of `movements` alone: a screen prices again at every scan and
 * never asks for them, and a getter of an object literal costs a tenth of the whole pricing.
 */
class PresentedPricing implements Pricing {
  readonly programmeVersion: Pricing['programmeVersion'];
  readonly lines: Pricing['lines'];
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly roundingMinor: number;
  readonly totalMinor: number;
  readonly dueMinor: number;
  readonly taxes: Pricing['taxes'];
  readonly discounts: Pricing['discounts'];
  readonly accruals: Pricing['accruals'];
  readonly redemptions: Pricing['redemptions'];
  readonly tenderEffects: Pricing['tenderEffects'];
  readonly earnedPoints: number;
  readonly redeemedPoints: number;
  readonly refusals: Pricing['refusals'];
  readonly offers: Pricing['offers'];
  readonly slips: Pricing['slips'];
  readonly gifts: Pricing['gifts'];
  readonly messages: Pricing['messages'];
  readonly explanation: Pricing['explanation'];
  readonly entitlements: Pricing['entitlements'];
  readonly tier: Pricing['tier'];
  readonly #priced: Priced;
  #made: SaleMovements | null;

  constructor(priced: Priced) {
    const { compiled, context, discounted, tenderEffects } = priced;
    const { atMs } = context.moment;
    const now: Now = { atMs, local: context.local, timeZone: compiled.timeZone };
    this.#priced = priced;
    this.#made = hasConversions(priced) ? saleMovements(priced) : null;
    const conversions = this.#made?.conversions ?? NO_CONVERSIONS;
    const hasRewards = context.member !== null && compiled.rewards.list.length > 0;
    this.programmeVersion = compiled.programmeVersion;
    this.lines = priced.lines;
    this.subtotalMinor = priced.subtotalMinor;
    this.discountMinor = sumOf(discounted.discounts, ({ amountMinor }) => amountMinor);
    this.roundingMinor = discounted.roundingMinor;
    this.totalMinor = priced.totalMinor;
    this.dueMinor = priced.totalMinor - sumOf(tenderEffects, ({ amountMinor }) => amountMinor);
    this.taxes = taxesOf(context, discounted.netMinor);
    this.discounts = discounted.discounts;
    this.accruals = accrualsOf(priced, conversions, now);
    this.redemptions = redemptionsOf(priced, conversions);
    this.tenderEffects = tenderEffects;
    this.earnedPoints = pointsOf(this.accruals, context.pointsOwner);
    this.redeemedPoints = pointsOf(this.redemptions, context.pointsOwner);
    const refused = this.#made?.refusals ?? [];
    this.refusals = [...discounted.refusals, ...refused];
    this.offers = hasRewards ? offersOf(compiled.rewards, discounted) : [];
    this.slips = discounted.slips;
    this.gifts = discounted.gifts;
    this.messages = withPerks(priced);
    this.explanation = explanationOf(priced, this.accruals, this.redemptions);
    this.entitlements = hasRewards ? entitlementsOf(compiled.rewards, context, discounted) : [];
    this.tier = tierOf(priced, now);
  }

  get movements(): readonly Movement[] {
    this.#made ??= saleMovements(this.#priced);
    return this.#made.movements;
  }

  /** With the movements: the JSON of a pricing is the whole of it. */
  toJSON(): Pricing {
    return { ...this, movements: this.movements };
  }
}

export function presentPricing(priced: Priced): Pricing {
  return new PresentedPricing(priced);
}
