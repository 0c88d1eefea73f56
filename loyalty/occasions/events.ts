// Owns points for what is no purchase: events that a cashier or upstream grants, and enrolment.
import { heldOf, memberOwner } from '#loyalty/books/books.ts';
import { type MemberProfile, pointsOwner } from '#loyalty/books/state.ts';
import { birthdayGiven, openBirthday } from '#loyalty/earn/birthday.ts';
import { budgetRoom, budgetTallies, capTallies, roomOf } from '#loyalty/earn/caps.ts';
import type { OccasionResult } from '#loyalty/occasions/occasion.ts';
import {
  isOwnCard,
  type Occasion,
  OccasionLedger,
  refused,
} from '#loyalty/occasions/occasionLedger.ts';
import { compileCondition } from '#loyalty/programme/compiledCondition.ts';
import type { EarningRuleFile, EarningRuleOf } from '#loyalty/programme/earning.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

export interface EventRequest {
  readonly eventId: string;
  /** Upstream's own key of the event: the same key twice moves points once. Null from a cashier. */
  readonly key: string | null;
  readonly isApprovedByManager: boolean;
}

function rulesOf<Kind extends EarningRuleFile['kind']>(
  { compiled }: Occasion,
  kind: Kind,
): EarningRuleOf<Kind>[] {
  return compiled.programme.earning.rules.filter(
    (rule): rule is EarningRuleOf<Kind> => rule.kind === kind,
  );
}

/** Whether a rule holds where nothing is bought. */
function holds(rule: EarningRuleFile, ledger: OccasionLedger): boolean {
  const { context } = ledger;
  if (!compileCondition(rule.when, 'included').holds(context, [])) return false;
  return rule.when.birthday === undefined || openBirthday(rule, context) !== null;
}

/** Points that a rule may still give now: within its caps and its budget. */
function roomFor(
  rule: EarningRuleFile,
  ledger: OccasionLedger,
  occasion: Occasion,
  isApproved: boolean,
): number {
  const room = roomOf(rule.caps, rule.ruleId, ledger.context, isApproved);
  if (room.times <= 0) return 0;
  if (rule.budget === undefined) return room.points;
  const costMinor = occasion.compiled.accounts.get(rule.account)?.costMinor ?? '0';
  const paidFor = budgetRoom(rule.budget, costMinor, rule.ruleId, ledger.context);
  return Math.min(room.points, paidFor);
}

/** Gives points of a rule to the member, and remembers them for its limits. */
function give(rule: EarningRuleFile, points: number, whyKey: string, ledger: OccasionLedger): void {
  const { ruleId, account: accountId, caps, budget } = rule;
  const why: Why = { whyKey, whyArgs: { points, ...nameArgs(rule.name) } };
  const { context } = ledger;
  ledger.earn({ owner: context.pointsOwner, accountId, amount: points, rule: ruleId, ...why });
  ledger.add(capTallies(caps, ruleId, context, points, why));
  const year = openBirthday(rule, context);
  if (year !== null) ledger.add([birthdayGiven(rule, context, year, why)]);
  if (budget !== undefined) ledger.add(budgetTallies(ruleId, context, points, why));
  ledger.say(accountId, points, why);
}

/** A survey, a post, a visit to an event: granted by a cashier or by upstream. */
export function grantEvent(occasion: Occasion, request: EventRequest): OccasionResult {
  const { eventId, key, isApprovedByManager } = request;
  const rules = rulesOf(occasion, 'event').filter((rule) => rule.eventId === eventId);
  if (rules.length === 0) return refused('rule-unknown');
  if (isOwnCard(occasion)) return refused('staff-card');
  const own = rules.filter((rule) => (rule.givenBy === 'upstream') === (key !== null));
  // A cashier does not grant what upstream knows, nor the other way round.
  if (own.length === 0) return refused('refused');
  const ledger = new OccasionLedger(occasion);
  const owner = memberOwner(occasion.member.memberId);
  if (key !== null && heldOf(occasion.books, owner, `keys/${key}`) > 0) {
    return refused('already-done');
  }
  const holding = own.filter((rule) => holds(rule, ledger));
  if (holding.length === 0) return refused('condition-unmet');
  let total = 0;
  for (const rule of holding) {
    const room = roomFor(rule, ledger, occasion, isApprovedByManager);
    const points = Math.max(0, Math.min(rule.points, room));
    if (points === 0) continue;
    total += points;
    give(rule, points, 'why.event', ledger);
  }
  if (total === 0) return refused('limit-reached');
  const why: Why = { whyKey: 'why.counted', whyArgs: {} };
  if (key !== null) ledger.count(owner, `keys/${key}`, 1, eventId, why);
  return ledger.outcome();
}

/** What the one who brought a member gets for the registration, up to so many friends. */
function giveReferrer(
  rule: EarningRuleOf<'referral'>,
  referrer: MemberProfile,
  ledger: OccasionLedger,
): void {
  const owner = memberOwner(referrer.memberId);
  const account = `friends/${rule.ruleId}`;
  const friends = heldOf(ledger.books, owner, account);
  if (rule.friendsMax !== undefined && friends >= rule.friendsMax) return;
  const points = rule.referrerPoints;
  const whyArgs = { points, ...nameArgs(rule.name) };
  const why: Why = { whyKey: 'why.earn.referral.referrer', whyArgs };
  if (points > 0) {
    const place = { owner: pointsOwner(referrer), accountId: rule.account, amount: points };
    ledger.give({ ...place, rule: rule.ruleId, kind: 'accrual', ...why });
  }
  ledger.count(owner, account, 1, rule.ruleId, why);
}

/** Becoming a member: once. `referrer` is who brought the member, where the till knows. */
export function enrol(occasion: Occasion, referrer: MemberProfile | null): OccasionResult {
  const ledger = new OccasionLedger(occasion);
  const owner = memberOwner(occasion.member.memberId);
  if (heldOf(occasion.books, owner, 'enrolled') > 0) return refused('already-done');
  ledger.count(owner, 'enrolled', 1, 'enrolment', { whyKey: 'why.counted', whyArgs: {} });
  for (const rule of rulesOf(occasion, 'enrolment')) {
    if (!holds(rule, ledger)) continue;
    const points = Math.min(rule.points, roomFor(rule, ledger, occasion, false));
    if (points > 0) give(rule, points, 'why.enrolment', ledger);
  }
  const isBrought =
    referrer !== null &&
    occasion.member.referrerId === referrer.memberId &&
    referrer.memberId !== occasion.member.memberId &&
    (referrer.poolId === null || referrer.poolId !== occasion.member.poolId);
  if (!isBrought) return ledger.outcome();
  for (const rule of rulesOf(occasion, 'referral')) {
    if (rule.on !== 'register' || !holds(rule, ledger)) continue;
    const points = Math.min(rule.friendPoints, roomFor(rule, ledger, occasion, false));
    if (points > 0) give(rule, points, 'why.earn.referral.friend', ledger);
    giveReferrer(rule, referrer, ledger);
  }
  return ledger.outcome();
}
