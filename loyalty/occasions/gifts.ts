// Owns points that people give: a cashier's goodwill within a budget, and members to each other.
import { memberOwner, operatorOwner, sumBetween } from '#loyalty/books/books.ts';
import { type MemberProfile, pointsOwner } from '#loyalty/books/state.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import type { OccasionResult } from '#loyalty/occasions/occasion.ts';
import {
  isOwnCard,
  type Occasion,
  OccasionLedger,
  refused,
} from '#loyalty/occasions/occasionLedger.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

const ACCOUNT = 'points';

/** What a counter still leaves of a daily limit. */
function leftToday(ledger: OccasionLedger, owner: string, counter: string, limit: number): number {
  const { dayMs } = ledger.now.local;
  const used = sumBetween(ledger.books, owner, counter, dayMs, dayMs + DAY_MS);
  return Math.max(0, limit - used);
}

export interface Goodwill {
  readonly points: number;
  readonly reasonId: string;
}

/** A cashier says sorry: with a reason, and within what the cashier may give in a day. */
export function giveGoodwill(occasion: Occasion, { points, reasonId }: Goodwill): OccasionResult {
  const { compiled, moment } = occasion;
  const { goodwillPerOperatorPerDay, reasons } = compiled.programme.gifts;
  const reason = reasons.find((candidate) => candidate.reasonId === reasonId);
  if (reason === undefined) return refused('reason-unknown');
  if (isOwnCard(occasion)) return refused('staff-card');
  const ledger = new OccasionLedger(occasion);
  const operator = operatorOwner(moment.operatorId);
  const left = leftToday(ledger, operator, 'goodwill', goodwillPerOperatorPerDay);
  if (points > left) return refused('limit-reached', left);
  const why: Why = { whyKey: 'why.goodwill', whyArgs: { points, ...nameArgs(reason.name) } };
  const rule = `goodwill/${reasonId}`;
  const { pointsOwner: owner } = ledger.context;
  ledger.give({ owner, accountId: ACCOUNT, amount: points, rule, kind: 'adjustment', ...why });
  ledger.count(operator, 'goodwill', points, rule, why);
  ledger.say(ACCOUNT, points, why);
  return ledger.outcome();
}

export interface Transfer {
  readonly to: MemberProfile;
  readonly points: number;
}

/**
 * A member gives points to another. They keep their dates, if they have any: giving them to and fro
 * makes none younger. Each part that goes has its part that comes, with the other member in its
 * words.
 */
export function transferPoints(occasion: Occasion, { to, points }: Transfer): OccasionResult {
  const { compiled, member } = occasion;
  const [from, into] = [pointsOwner(member), pointsOwner(to)];
  if (from === into) return refused('same-member');
  if (isOwnCard(occasion)) return refused('staff-card');
  const ledger = new OccasionLedger(occasion);
  const giver = memberOwner(member.memberId);
  const limit = compiled.programme.gifts.transferPerMemberPerDay;
  const left = leftToday(ledger, giver, 'transferred', limit);
  if (points > left) return refused('limit-reached', left);
  const held = ledger.spendable(from, ACCOUNT);
  if (points > held) return refused('points-short', points - held);
  const head = { accountId: ACCOUNT, rule: 'transfer', kind: 'transfer' } as const;
  const isByActivity = compiled.accounts.get(ACCOUNT)?.expiry?.kind === 'inactivity';
  const whyOf = (way: 'given' | 'received', counterpart: string, amount: number): Why => ({
    whyKey: `why.transfer.${way}`,
    whyArgs: { points: amount, counterpart },
  });
  const given = whyOf('given', to.memberId, points);
  const parts = ledger.take({ ...head, ...given, owner: from, amount: points });
  for (const { amount, fromMs, untilMs, kind } of parts) {
    if (kind !== 'transfer') continue;
    const received = whyOf('received', member.memberId, -amount);
    // Where inactivity ends points, they live and die with those of who gets them.
    const dates = { fromMs: isByActivity ? occasion.moment.atMs : fromMs, untilMs };
    ledger.give({ ...head, ...received, owner: into, amount: -amount }, dates);
  }
  ledger.count(giver, 'transferred', points, 'transfer', given);
  ledger.say(ACCOUNT, -points, given);
  return ledger.outcome();
}
