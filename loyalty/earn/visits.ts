// Owns the kinds of rule that count visits and units: stamps, streaks of weeks, challenges.
import { lotsOf, type Movement, sumBetween } from '#loyalty/books/books.ts';
import { DAY_MS, dateOfDayNumber, weekStartOf } from '#loyalty/calendar.ts';
import type { EarningBase } from '#loyalty/earn/base.ts';
import { tally } from '#loyalty/earn/caps.ts';
import { matching, once } from '#loyalty/earn/money.ts';
import { counted, type Earned, NOTHING } from '#loyalty/earn/rule.ts';
import { standingOnLines } from '#loyalty/earn/standing.ts';
import { dateOfDays } from '#loyalty/instant.ts';
import { divideDown } from '#loyalty/money.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import { compileFilter } from '#loyalty/programme/compiledCondition.ts';
import type { EarningRuleOf } from '#loyalty/programme/earning.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

type Earn = (context: PricingContext, base: EarningBase) => readonly Earned[];

const MINUTE_MS = 60_000;

/** A grant of something that is held, not counted: a badge, a membership. */
export function grant(
  owner: string,
  account: string,
  id: string,
  fromMs: number,
  untilMs: number | null,
  rule: string,
  why: Why,
): Movement {
  const { whyKey, whyArgs } = why;
  return {
    owner,
    account,
    lotId: id,
    amount: 1,
    fromMs,
    untilMs,
    kind: 'tally',
    rule,
    whyKey,
    whyArgs,
  };
}

/** A stamp a visit; within the cool-down of another, before or after, it is none. */
export function compileVisit(file: EarningRuleOf<'visit'>): Earn {
  const names = nameArgs(file.name);
  const coolDownMs = file.coolDownMinutes * MINUTE_MS;
  const account = `last/${file.ruleId}`;
  return (context) => {
    const { atMs } = context.moment;
    if (coolDownMs > 0) {
      for (const lot of lotsOf(context.books, context.memberOwner, account)) {
        if (Math.abs(atMs - lot.fromMs) < coolDownMs) return NOTHING;
      }
    }
    const earned = once(file, names, context, file.points, 'why.earn.visit');
    const tallies = () => {
      const last = grant(
        context.memberOwner,
        account,
        String(atMs),
        atMs,
        // Later sales may still arrive from another till, so it stays for a while.
        atMs + coolDownMs + DAY_MS,
        file.ruleId,
        earned,
      );
      return [last];
    };
    return [coolDownMs === 0 ? earned : { ...earned, tallies }];
  };
}

/** `2026-W40` of the ISO week that begins on a Monday. */
export function isoWeekText(weekStart: number): string {
  // The Thursday decides which year a week belongs to (ISO 8601).
  const thursday = weekStart + 3;
  const { year } = dateOfDayNumber(thursday);
  const firstOfYear = dateOfDays(thursday).slice(0, 4);
  const dayOfYear = thursday - startOfYear(year);
  return `${firstOfYear}-W${String(divideDown(dayOfYear, 7) + 1).padStart(2, '0')}`;
}

function startOfYear(year: number): number {
  let day = Math.floor((year - 1970) * 365.2425) - 2;
  while (dateOfDayNumber(day).year < year) day += 1;
  return day;
}

/** A visit in each of so many ISO weeks: a badge, once, and points. */
export function compileStreak(file: EarningRuleOf<'streak'>): Earn {
  const names = nameArgs(file.name);
  const account = `weeks/${file.ruleId}`;
  return (context) => {
    const { books, memberOwner, local, moment } = context;
    if (lotsOf(books, memberOwner, 'badge').some((lot) => lot.lotId === file.badgeId))
      return NOTHING;
    const thisWeek = weekStartOf(local.dayNumber);
    const visited = new Set<number>();
    for (const lot of lotsOf(books, memberOwner, account)) {
      if (lot.amount > 0) visited.add(lot.fromMs / DAY_MS);
    }
    const isNew = !visited.has(thisWeek);
    visited.add(thisWeek);
    let weeks = visited.size;
    if (file.isConsecutive) {
      weeks = 0;
      while (visited.has(thisWeek - 7 * weeks)) weeks += 1;
    }
    const isComplete = weeks >= file.weeks;
    if (!isNew && !isComplete) return NOTHING;
    const whyArgs = { ...names, weeks: file.weeks, points: file.points };
    const earned = {
      ...once(file, names, context, isComplete ? file.points : 0, 'why.earn.streak'),
      whyArgs,
    };
    const tallies = () => {
      const week: Movement = {
        ...tally(context, memberOwner, account, 1, file.ruleId, earned),
        lotId: isoWeekText(thisWeek),
        fromMs: thisWeek * DAY_MS,
      };
      const badge = grant(
        memberOwner,
        'badge',
        file.badgeId,
        moment.atMs,
        null,
        file.ruleId,
        earned,
      );
      return [...(isNew ? [week] : []), ...(isComplete ? [badge] : [])];
    };
    return [{ ...earned, tallies, onceKey: isComplete ? file.ruleId : null }];
  };
}

/** So many units within so many days; what completes a challenge begins the next one. */
export function compileChallenge(file: EarningRuleOf<'challenge'>): Earn {
  const names = nameArgs(file.name);
  const { badgeId, withinDays } = file;
  const account = `challenge/${file.ruleId}`;
  const matches = compileFilter(file.when.lines);
  return (context, base) => {
    const { books, memberOwner, local, moment } = context;
    if (badgeId !== undefined) {
      if (lotsOf(books, memberOwner, 'badge').some((lot) => lot.lotId === badgeId)) return NOTHING;
    }
    const bought = counted(matching(context, base.units, matches));
    if (bought.sum === 0) return NOTHING;
    const firstMs = (local.dayNumber - withinDays + 1) * DAY_MS;
    const before = sumBetween(books, memberOwner, account, firstMs, local.dayMs + DAY_MS);
    const reached = divideDown(Math.max(0, before + bought.sum), file.units);
    const completions = badgeId === undefined ? reached : Math.min(1, reached);
    const lines = () =>
      bought.amounts().flatMap((amount, index) => {
        const line = context.lines[index]?.line.line;
        return line === undefined || amount === 0 ? [] : [{ line, amount }];
      });
    const points = file.points * completions;
    const whyArgs = { units: file.units, withinDays, points: file.points, ...names };
    const given = { ...once(file, names, context, points, 'why.earn.challenge'), whyArgs };
    const count = (units: number) =>
      tally(context, memberOwner, account, units, file.ruleId, given);
    const progress = () => ({ ...count(bought.sum), lines: lines() });
    if (completions === 0) return [{ ...given, tallies: () => [progress()] }];
    // Without these units of this sale it is not completed; what is left counts on.
    const numbers = () => lines().map(({ line }) => line);
    const atLeast = Math.max(0, completions * file.units - before);
    const condition = () => standingOnLines('sale-units', atLeast, numbers());
    const tallies = () => {
      const used = { ...count(-completions * file.units), condition: condition() };
      if (badgeId === undefined) return [progress(), used];
      const badge = grant(memberOwner, 'badge', badgeId, moment.atMs, null, file.ruleId, given);
      return [progress(), used, { ...badge, condition: condition() }];
    };
    return [{ ...given, condition, tallies }];
  };
}
