// Owns what the end of a time brings: rewards of a window, levels of a period, points that lapse.
import { heldOf, memberOwner } from '#loyalty/books.ts';
import { ownerOfCap, roomOf } from '#loyalty/earn/caps.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { divideDown } from '#loyalty/money.ts';
import type { OccasionResult } from '#loyalty/occasion.ts';
import { type Occasion, OccasionLedger, refused } from '#loyalty/occasions/occasionLedger.ts';
import type { RewardOf } from '#loyalty/rules/reward.ts';
import { closePeriodMovements } from '#loyalty/tierStanding.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

/** Turns an account into another as often as it, the reward and its limits allow. */
function convert(reward: RewardOf<'convert'>, occasion: Occasion, ledger: OccasionLedger): void {
  const { cost, timesMax, limits, rewardId, to } = reward;
  if (cost === undefined) return;
  const { compiled } = occasion;
  const { pointsOwner: owner } = ledger.context;
  const held = divideDown(ledger.spendable(owner, cost.account), cost.points);
  const room = roomOf(limits, rewardId, { ...ledger.context, books: ledger.books }).times;
  const times = Math.min(held, timesMax, room);
  if (times <= 0) return;
  const points = cost.points * times;
  const amountMinor = reward.amount * times;
  const money = { amountMinor, currency: compiled.currency };
  const why: Why = {
    whyKey: 'why.window',
    whyArgs: { points, times, ...money, ...nameArgs(reward.name) },
  };
  const isOwn = compiled.accounts.has(to);
  const target = isOwn ? { owner, accountId: to } : { owner: `charity/${to}`, accountId: 'money' };
  const head = { rule: rewardId, ...why };
  ledger.take({ ...head, owner, accountId: cost.account, amount: points, kind: 'redemption' });
  ledger.give({ ...head, ...target, amount: amountMinor, kind: 'accrual' });
  for (const limit of limits) {
    if (limit.times === undefined || limit.period === 'sale') continue;
    const account = `used/${limit.group ?? rewardId}`;
    ledger.count(ownerOfCap(limit, ledger.context), account, times, rewardId, why);
  }
  ledger.say(cost.account, -points, why);
  if (isOwn) ledger.say(to, amountMinor, why);
}

/** The rewards of a window that is over, once a member; what is too little is carried on. */
export function closeWindow(occasion: Occasion, windowId: string): OccasionResult {
  const { compiled, member, books, moment } = occasion;
  const window = compiled.programme.windows.find((one) => one.windowId === windowId);
  if (window === undefined) return refused('rule-unknown');
  const toMs = parseInstantIso(window.toIso);
  if (toMs === null || moment.atMs < toMs) return refused('condition-unmet');
  const owner = memberOwner(member.memberId);
  const account = `window/${windowId}`;
  if (heldOf(books, owner, account) > 0) return refused('already-done');
  const ledger = new OccasionLedger(occasion);
  const rewards = compiled.rewards.list.filter(({ file }) => file.trigger === 'window-close');
  for (const { file, condition } of rewards) {
    if (file.kind === 'convert' && condition.holds(ledger.context, [])) {
      convert(file, occasion, ledger);
    }
  }
  ledger.count(owner, account, 1, windowId, { whyKey: 'why.counted', whyArgs: {} });
  return ledger.outcome();
}

/** Owners whose points a member's closing concerns: the member, and its pool. */
function ownersOf(ledger: OccasionLedger): ReadonlySet<string> {
  return new Set([ledger.context.memberOwner, ledger.context.pointsOwner]);
}

/** Points that have lapsed leave the books. */
export function expirePoints(occasion: Occasion): OccasionResult {
  const ledger = new OccasionLedger(occasion);
  for (const owner of ownersOf(ledger)) ledger.expire(owner);
  return ledger.outcome();
}

/** The end of a tier period: the level first, by the figures as they were, then what lapses. */
export function closePeriod(occasion: Occasion): OccasionResult {
  const { compiled, books } = occasion;
  const ledger = new OccasionLedger(occasion);
  const { memberOwner: owner } = ledger.context;
  ledger.add(closePeriodMovements(compiled.tiers, books, owner, ledger.now));
  for (const pointsOwner of ownersOf(ledger)) ledger.expire(pointsOwner);
  return ledger.outcome();
}
