// Owns the kinds of rule that look beyond the basket: referrals, luck, and shares for others.
import { memberOwner, sumBetween } from '#loyalty/books/books.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import { type EarningBase, pointsOfSum } from '#loyalty/earn/base.ts';
import { tally } from '#loyalty/earn/caps.ts';
import { matching, once } from '#loyalty/earn/money.ts';
import { perMinorRate } from '#loyalty/earn/rated.ts';
import { counted, type Earned, NOTHING, type RuleSurroundings } from '#loyalty/earn/rule.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import { compileFilter, VISITS } from '#loyalty/programme/compiledCondition.ts';
import type { EarningRuleOf } from '#loyalty/programme/earning.ts';
import { nameArgs } from '#loyalty/why.ts';

type Earn = (context: PricingContext, base: EarningBase) => readonly Earned[];

const EVER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** True while a friend's purchases count for the one who brought it. */
function isWithin(file: EarningRuleOf<'referral'>, context: PricingContext): boolean {
  const enrolledAtMs = context.member?.enrolledAtMs ?? null;
  if (file.withinDays === undefined) return true;
  // A friend whose enrolment nobody knows is an old one.
  return enrolledAtMs !== null && context.moment.atMs < enrolledAtMs + file.withinDays * DAY_MS;
}

/** The friend's first sale, or every one: points for both sides, for a number of friends. */
export function compileReferral(
  file: EarningRuleOf<'referral'>,
  surroundings: RuleSurroundings,
): Earn {
  const names = nameArgs(file.name);
  const rate = file.referrerRate;
  const pointsOf =
    rate === undefined
      ? null
      : pointsOfSum(perMinorRate(rate.points, rate.perMinor), surroundings.taxes);
  return (context, base) => {
    const { member, books } = context;
    const referrerId = member?.referrerId ?? null;
    // Nobody brings oneself, nor a member of the own household.
    if (member === null || referrerId === null || !context.isReferrerAllowed) return NOTHING;
    if (file.on === 'register' || !isWithin(file, context)) return NOTHING;
    const visits = sumBetween(books, context.memberOwner, VISITS, ...EVER);
    if (file.on === 'first-sale' && visits > 0) return NOTHING;
    const owner = memberOwner(referrerId);
    const poolId = member.referrerPoolId ?? null;
    const friends = sumBetween(books, owner, `friends/${file.ruleId}`, ...EVER);
    const isCounted = file.on === 'first-sale';
    const isCapped = isCounted && file.friendsMax !== undefined && friends >= file.friendsMax;
    const fixed = isCapped ? 0 : file.referrerPoints;
    const byRate = pointsOf === null ? 0 : pointsOf(context, base.amountsMinor);
    const forReferrer = isCapped ? 0 : fixed + byRate;
    const friend = once(file, names, context, file.friendPoints, 'why.earn.referral.friend');
    const referrer = {
      ...once(file, names, context, forReferrer, 'why.earn.referral.referrer'),
      // Friends are counted for the one who brought them; a household holds the points.
      owner: poolId === null ? owner : `pool/${poolId}`,
      weights: byRate > 0 && fixed === 0 ? counted(base.amountsMinor) : null,
    };
    const tallies = () => [
      tally(context, owner, `friends/${file.ruleId}`, 1, file.ruleId, referrer),
    ];
    return [friend, isCounted && !isCapped ? { ...referrer, tallies } : referrer];
  };
}

/** The digest, read as one unsigned big-endian integer, modulo the odds. */
export function drawOf(digestHex: string, oneIn: number): number {
  let remainder = 0;
  for (const digit of digestHex) remainder = (remainder * 16 + Number.parseInt(digit, 16)) % oneIn;
  return remainder;
}

/** A lucky basket: the sale's id decides, so every till and head office draw the same. */
export function compileLucky(file: EarningRuleOf<'lucky'>): Earn {
  const names = nameArgs(file.name);
  return (context) => {
    const digest = context.moment.saleDigestHex;
    if (digest === null || drawOf(digest, file.oneIn) !== 0) return NOTHING;
    const earned = once(file, names, context, file.points, 'why.earn.lucky');
    // Whoever audits the draw needs what was drawn from, and the odds.
    const seed = { seed: context.sale.transactionId, oneIn: file.oneIn };
    return [{ ...earned, whyArgs: { ...earned.whyArgs, ...seed } }];
  };
}

/** A part of the money for a charity or a partner. It is theirs, not the member's. */
export function compileShare(
  file: EarningRuleOf<'share'>,
  surroundings: RuleSurroundings,
  isCharity: boolean,
): Earn {
  const names = nameArgs(file.name);
  const matches = compileFilter(file.when.lines);
  const pointsOf = pointsOfSum(perMinorRate(file.points, file.perMinor), surroundings.taxes);
  const owner = `${isCharity ? 'charity' : 'partner'}/${file.to}`;
  return (context, base) => {
    if (!isCharity && context.sale.partnerId !== file.to) return NOTHING;
    const money = matches === null ? base.amountsMinor : base.filteredMinor;
    const amounts = matching(context, money, matches);
    const points = pointsOf(context, amounts);
    if (points <= 0) return NOTHING;
    const earned = once(file, names, context, points, 'why.earn.share');
    return [{ ...earned, owner, weights: counted(amounts) }];
  };
}
