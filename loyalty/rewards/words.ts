// Owns the lines of the receipt that a reward makes, and the sentence behind each of them.
import type { LineShare } from '#loyalty/books/books.ts';
import type { Discount } from '#loyalty/pricing/pricing.ts';
import type { CompiledReward } from '#loyalty/rewards/compiledReward.ts';
import type { AppliedReward, Working } from '#loyalty/rewards/working.ts';
import type { Why } from '#loyalty/why.ts';

function discountWhy(reward: CompiledReward, amountMinor: number, units: number): Why {
  const { file, currency, nameArgs } = reward;
  const whyArgs = { ...nameArgs, amountMinor, currency };
  switch (file.kind) {
    case 'percent-off':
      return { whyKey: 'why.discount.percent', whyArgs: { ...whyArgs, percent: file.percent } };
    case 'free-units':
      return { whyKey: 'why.discount.free-units', whyArgs: { ...whyArgs, units } };
    case 'fixed-price': {
      const { unitPriceMinor } = file;
      return { whyKey: 'why.discount.fixed-price', whyArgs: { ...whyArgs, unitPriceMinor } };
    }
    case 'amount-off':
    case 'gift':
    case 'slip':
    case 'convert':
      return { whyKey: 'why.discount.amount', whyArgs };
  }
}

/** What points were taken for. */
export function redemptionWhy(reward: CompiledReward, points: number, amountOffMinor: number): Why {
  const { currency, nameArgs } = reward;
  if (points === 0) return discountWhy(reward, amountOffMinor, 0);
  return amountOffMinor === 0
    ? { whyKey: 'why.redeem.item', whyArgs: { ...nameArgs, points } }
    : { whyKey: 'why.redeem.points', whyArgs: { ...nameArgs, points, amountOffMinor, currency } };
}

export function giftWhy(reward: CompiledReward, units: number): Why {
  return { whyKey: 'why.gift', whyArgs: { ...reward.nameArgs, units } };
}

/** One discount a tax group, lowest rate first. */
function discountsOfReward(working: Working, applied: AppliedReward, discounts: Discount[]): void {
  const { reward, times, shareMinor } = applied;
  const groups = new Map<number, { amountMinor: number; units: number; lines: LineShare[] }>();
  working.context.lines.forEach(({ line }, index) => {
    const amount = shareMinor[index] ?? 0;
    if (amount === 0) return;
    let group = groups.get(line.taxRateBasisPoints);
    if (group === undefined) {
      group = { amountMinor: 0, units: 0, lines: [] };
      groups.set(line.taxRateBasisPoints, group);
    }
    group.amountMinor += amount;
    group.units += applied.units[index] ?? 0;
    group.lines.push({ line: line.line, amount });
  });
  const rows = groups.size === 1 ? groups : [...groups].sort(([left], [right]) => left - right);
  for (const [taxRateBasisPoints, { amountMinor, units, lines }] of rows) {
    discounts.push({
      rewardId: reward.rewardId,
      times,
      taxRateBasisPoints,
      amountMinor,
      lines,
      ...discountWhy(reward, amountMinor, units),
    });
  }
}

/** In the order in which the rewards were given. */
export function discountsOf(working: Working): Discount[] {
  const discounts: Discount[] = [];
  for (const applied of working.applied.values()) discountsOfReward(working, applied, discounts);
  return discounts;
}
