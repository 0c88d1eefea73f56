// Owns earning: every rule of a programme over one sale; stacking, caps and budgets on top.

import type { EarningBase } from '#loyalty/earn/base.ts';
import { birthdayGiven, openBirthday } from '#loyalty/earn/birthday.ts';
import { type Candidate, type Earnings, hasRoom, limitAll } from '#loyalty/earn/limits.ts';
import { compileBands, compileFixed, compileNudge, compileRated } from '#loyalty/earn/money.ts';
import { compileLucky, compileReferral, compileShare } from '#loyalty/earn/others.ts';
import { rateOf } from '#loyalty/earn/rated.ts';
import {
  type CompiledRule,
  type Earned,
  NOTHING,
  type RuleSurroundings,
} from '#loyalty/earn/rule.ts';
import { compileStanding, type StandsOn } from '#loyalty/earn/standing.ts';
import { compileTable } from '#loyalty/earn/table.ts';
import { compileChallenge, compileStreak, compileVisit } from '#loyalty/earn/visits.ts';
import { flooredBy } from '#loyalty/points.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Message } from '#loyalty/pricing/pricing.ts';
import { splitOverLines } from '#loyalty/pricing/tieOrder.ts';
import { type CompiledCondition, compileCondition } from '#loyalty/programme/compiledCondition.ts';
import type { EarningRuleFile } from '#loyalty/programme/earning.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';
import { nameArgs } from '#loyalty/why.ts';

/** Rules in the order in which they run. */
export interface CompiledEarning {
  readonly rules: readonly CompiledRule[];
  readonly multipliers: readonly CompiledRule[];
  readonly hasGroups: boolean;
  /** Whether any rule asks how the sale is paid. */
  readonly asksTenders: boolean;
  /** What one point of an account costs, in minor units, for budgets. */
  readonly costMinorByAccount: ReadonlyMap<string, string>;
}

function earnOf(
  file: EarningRuleFile,
  condition: CompiledCondition,
  programme: ProgrammeFile,
  surroundings: RuleSurroundings,
): CompiledRule['earn'] | null {
  switch (file.kind) {
    case 'table':
      return compileTable(file, surroundings, condition.matches);
    case 'money':
    case 'units':
      return compileRated(file, surroundings);
    case 'bands':
      return compileBands(file, surroundings.currency);
    case 'fixed':
      return compileFixed(file);
    case 'visit':
      return compileVisit(file);
    case 'streak':
      return compileStreak(file);
    case 'challenge':
      return compileChallenge(file);
    case 'referral':
      return compileReferral(file, surroundings);
    case 'lucky':
      return compileLucky(file);
    case 'share': {
      const isCharity = programme.charities.some((charity) => charity.charityId === file.to);
      return compileShare(file, surroundings, isCharity);
    }
    case 'multiplier':
      return () => NOTHING;
    case 'event':
    case 'enrolment':
      // These happen outside a sale.
      return null;
  }
}

/** A birthday comes once a year, over all tills. */
function oncePerBirthday(file: EarningRuleFile, earn: CompiledRule['earn']): CompiledRule['earn'] {
  if (file.when.birthday === undefined) return earn;
  return (context, base) => {
    const year = openBirthday(file, context);
    if (year === null) return NOTHING;
    return earn(context, base).map((earned) => ({
      ...earned,
      onceKey: `${file.ruleId}/${year}`,
      tallies: () => [
        ...(earned.tallies === null ? [] : earned.tallies()),
        birthdayGiven(file, context, year, earned),
      ],
    }));
  };
}

/** The condition of a rule, which also does not hold once its birthday has come. */
function isOpenBirthday(
  file: EarningRuleFile,
  holds: CompiledCondition['holds'],
): CompiledCondition['holds'] {
  if (file.when.birthday === undefined) return holds;
  return (context, amounts) => holds(context, amounts) && openBirthday(file, context) !== null;
}

/** Written out: a spread would give these another shape than all others, and slow down each. */
function withCondition(one: Earned, condition: Earned['condition']): Earned {
  return {
    ruleId: one.ruleId,
    account: one.account,
    owner: one.owner,
    points: one.points,
    weights: one.weights,
    tallies: one.tallies,
    condition,
    onceKey: one.onceKey,
    whyKey: one.whyKey,
    whyArgs: one.whyArgs,
  };
}

/**
 * A bonus, and what its rule remembers of it, stands as long as the sale, after returns, still
 * reaches the threshold of the rule.
 */
function standing(standsOn: StandsOn | null, earn: CompiledRule['earn']): CompiledRule['earn'] {
  if (standsOn === null) return earn;
  return (context, base) => {
    const condition = () => standsOn(context, base);
    return earn(context, base).map((one) => {
      const { tallies } = one;
      const standing = withCondition(one, one.condition ?? condition);
      if (tallies === null) return standing;
      const remembered = () => tallies().map((tally) => ({ condition: condition(), ...tally }));
      return { ...standing, tallies: remembered };
    });
  };
}

function multiplierOf(file: EarningRuleFile): CompiledRule['multiplier'] {
  if (file.kind !== 'multiplier') return null;
  return {
    of: file.of === undefined ? null : new Set(file.of),
    times: flooredBy(rateOf(file.factor)),
    factorText: file.factor,
  };
}

function compileRule(
  file: EarningRuleFile,
  index: number,
  programme: ProgrammeFile,
  surroundings: RuleSurroundings,
): CompiledRule | null {
  const condition = compileCondition(file.when, surroundings.taxes);
  const earn = earnOf(file, condition, programme, surroundings);
  if (earn === null) return null;
  const standsOn = compileStanding(file.when, surroundings.taxes);
  const withoutThreshold = { ...file.when, basketAtLeastMinor: undefined };
  const holdsWithout = compileCondition(dropUndefined(withoutThreshold), surroundings.taxes).holds;
  const nudge =
    file.kind === 'fixed'
      ? compileNudge(file, isOpenBirthday(file, holdsWithout), surroundings)
      : null;
  return {
    ruleId: file.ruleId,
    account: file.account,
    order: file.order,
    index,
    bestOf: file.stacking === 'add' ? null : file.stacking.bestOf,
    condition,
    caps: file.caps,
    budget: file.budget ?? null,
    ruleIds:
      file.kind === 'table' ? [file.ruleId, ...file.rows.map((row) => row.ruleId)] : [file.ruleId],
    standsOn,
    earn: standing(standsOn, oncePerBirthday(file, earn)),
    nudge,
    multiplier: multiplierOf(file),
    names: nameArgs(file.name),
    isShare: file.kind === 'share',
    isTable: file.kind === 'table',
  };
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}

export function compileEarning(
  programme: ProgrammeFile,
  surroundings: RuleSurroundings,
): CompiledEarning {
  const rules = programme.earning.rules
    .map((file, index) => compileRule(file, index, programme, surroundings))
    .filter((rule) => rule !== null)
    .toSorted((left, right) => left.order - right.order || left.index - right.index);
  return {
    rules: rules.filter((rule) => rule.multiplier === null),
    multipliers: rules.filter((rule) => rule.multiplier !== null),
    hasGroups: rules.some((rule) => rule.bestOf !== null),
    asksTenders: programme.earning.rules.some(({ when }) => when.tenderTypes !== undefined),
    costMinorByAccount: new Map(
      programme.accounts.map(({ accountId, costMinor }) => [accountId, costMinor]),
    ),
  };
}

function totalOf(candidate: Candidate): number {
  return candidate.earned.reduce((sum, { points }) => sum + points, 0);
}

/** Of each group the rule that gives most; the first of equals. */
function bestOfGroups(candidates: readonly Candidate[]): readonly Candidate[] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const group = candidate.rule.bestOf;
    if (group === null) continue;
    const known = best.get(group);
    if (known === undefined || totalOf(candidate) > totalOf(known)) best.set(group, candidate);
  }
  return candidates.filter(
    ({ rule }, index) => rule.bestOf === null || best.get(rule.bestOf) === candidates[index],
  );
}

function multiplied(
  rule: CompiledRule,
  candidates: readonly Candidate[],
  context: PricingContext,
  base: EarningBase,
): Candidate | null {
  const { multiplier, standsOn } = rule;
  if (multiplier === null) return null;
  let points = 0;
  const own: Earned[] = [];
  for (const candidate of candidates) {
    const isNamed = candidate.rule.ruleIds.some((id) => multiplier.of?.has(id) === true);
    // Without names, it multiplies what tables gave: a bonus is not multiplied by chance.
    if (multiplier.of === null ? !candidate.rule.isTable : !isNamed) continue;
    for (const earned of candidate.earned) {
      const isRow = multiplier.of === null || multiplier.of.has(candidate.rule.ruleId);
      if (
        earned.account === rule.account &&
        (isRow || multiplier.of?.has(earned.ruleId) === true)
      ) {
        points += earned.points;
        own.push(earned);
      }
    }
  }
  const extra = multiplier.times(points) - points;
  if (extra <= 0) return null;
  const { factorText } = multiplier;
  const whyArgs = { ...rule.names, points: extra, base: points, multiplier: factorText };
  const earned: Earned = {
    ruleId: rule.ruleId,
    account: rule.account,
    owner: context.pointsOwner,
    points: extra,
    weights: { sum: points, amounts: () => pointsOfLines(own, context) },
    tallies: null,
    condition: standsOn === null ? null : () => standsOn(context, base),
    onceKey: null,
    whyKey: 'why.earn.multiplier',
    whyArgs,
  };
  return { rule, earned: [earned] };
}

/** Points of each line: the extra points of a multiplier lie where those lie that it multiplied. */
function pointsOfLines(own: readonly Earned[], context: PricingContext): readonly number[] {
  const sums = new Array<number>(context.lines.length).fill(0);
  for (const { points, weights } of own) {
    if (weights === null || weights.sum === 0) continue;
    splitOverLines(context.sale.lines, points, weights.amounts()).forEach((share, index) => {
      sums[index] = (sums[index] ?? 0) + share;
    });
  }
  return sums;
}

const NO_EARNINGS: Earnings = { earned: [], messages: [], limitTallies: [] };

/** Runs every rule. A guest earns nothing. */
export function earn(
  earning: CompiledEarning,
  context: PricingContext,
  base: EarningBase,
): Earnings {
  const candidates: Candidate[] = [];
  const messages: Message[] = [];
  for (const rule of earning.rules) {
    if (context.member === null && !rule.isShare) continue;
    if (rule.condition.holds(context, base.amountsMinor)) {
      const earned = rule.earn(context, base);
      if (earned.length > 0) candidates.push({ rule, earned });
    } else if (rule.nudge !== null) {
      const message = rule.nudge(context, base);
      // Nobody hears of points that would not come.
      const isOpen =
        message !== null && hasRoom(rule, message.points, context, earning.costMinorByAccount);
      if (isOpen) messages.push(message);
    }
  }
  let chosen: readonly Candidate[] = earning.hasGroups ? bestOfGroups(candidates) : candidates;
  if (earning.multipliers.length > 0) {
    const extra = earning.multipliers
      .filter((rule) => rule.condition.holds(context, base.amountsMinor))
      .map((rule) => multiplied(rule, chosen, context, base))
      .filter((candidate) => candidate !== null);
    chosen = earning.hasGroups ? bestOfGroups([...chosen, ...extra]) : [...chosen, ...extra];
  }
  if (chosen.length === 0)
    return messages.length === 0 ? NO_EARNINGS : { ...NO_EARNINGS, messages };
  return limitAll(chosen, context, earning.costMinorByAccount, messages);
}
