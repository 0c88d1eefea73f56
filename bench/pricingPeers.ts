// Owns the other engines of the pricing bench, each used as its own documentation shows.

import jsonLogic, { type RulesLogic } from 'json-logic-js';
import { type Almanac, Engine, type Event, type RuleProperties } from 'json-rules-engine';
import { RuleEngine } from 'node-rules';
import {
  BASE_RULE,
  BONUS_RULES,
  type Case,
  LADDER,
  TIERS,
  TYPE_RULES,
} from '#bench/pricingCases.ts';

/** What every engine must answer alike. */
export interface Answer {
  readonly pointsByRule: Readonly<Record<string, number>>;
  readonly totalMinor: number;
  readonly tierId: string;
  readonly availableRewards: readonly string[];
}

/** Which rules match: what an engine is asked for. The arithmetic around it is the same for all. */
export interface Matcher {
  readonly name: string;
  readonly line: (productType: string) => string | Promise<string>;
  readonly basket: (facts: BasketFacts) => readonly string[] | Promise<readonly string[]>;
}

interface BasketFacts {
  readonly totalMinor: number;
  readonly segmentIds: readonly string[];
  readonly channel: string;
  readonly tierPoints: number;
  readonly spendablePoints: number;
  readonly claimed: readonly string[];
}

const quartersByRule = new Map(
  [...TYPE_RULES, BASE_RULE].map((rule) => [rule.ruleId, rule.quarters]),
);
const pointsByBonus = new Map(BONUS_RULES.map((rule) => [rule.ruleId, rule.points]));
const tierById = new Map(TIERS.map((tier) => [`tier-${tier.tierId}`, tier]));
const TYPES = TYPE_RULES.map(({ productType }) => productType);

/** The plain way to spread a discount; the arithmetic around the engines is as cheap as ours. */
function spread(totalMinor: number, weights: readonly number[]): number[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => Math.floor((totalMinor * weight) / weightSum));
  const order = weights
    .map((weight, index) => ({ index, remainder: (totalMinor * weight) % weightSum }))
    .sort((left, right) => right.remainder - left.remainder || left.index - right.index);
  const left = totalMinor - shares.reduce((sum, share) => sum + share, 0);
  for (const { index } of order.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** Adds up what the matched rules give; floored once a rule, as the programme says. */
export async function answerOf(matcher: Matcher, one: Case): Promise<Answer> {
  const { lines, claims } = one.sale;
  const gross = lines.map((line) => line.quantity * line.unitPriceMinor);
  const claimed = claims.map(({ rewardId }) => rewardId);
  const steps = claimed.flatMap((id) => LADDER.filter(({ rewardId }) => rewardId === id));
  const subtotalMinor = gross.reduce((sum, minor) => sum + minor, 0);
  const offMinor = steps.reduce((sum, step) => sum + step.amountOffMinor, 0);
  const totalMinor = subtotalMinor - offMinor;
  const shares = offMinor === 0 ? [] : spread(offMinor, gross);
  const { segmentIds, tierPoints } = one;
  const spendablePoints = one.balancePoints - steps.reduce((sum, step) => sum + step.points, 0);
  const { channel } = one.moment;
  const facts = { totalMinor, segmentIds, tierPoints, channel, spendablePoints, claimed };
  const pointsByRule: Record<string, number> = {};
  const available = new Set<string>();
  let tierId = TIERS[0].tierId as string;
  let tierQuarters = 4;
  for (const rule of await matcher.basket(facts)) {
    const tier = tierById.get(rule);
    const bonus = pointsByBonus.get(rule);
    if (tier !== undefined) [tierId, tierQuarters] = [tier.tierId, tier.quarters];
    else if (bonus === undefined) available.add(rule);
    else pointsByRule[rule] = bonus;
  }
  const sixteenths = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const rule = await matcher.line(line.productType);
    const dueMinor = (gross[index] ?? 0) - (shares[index] ?? 0);
    const earned = dueMinor * (quartersByRule.get(rule) ?? 0) * tierQuarters;
    sixteenths.set(rule, (sixteenths.get(rule) ?? 0) + earned);
  }
  for (const [rule, earned] of sixteenths) {
    const points = Math.floor(earned / 1600);
    if (points > 0) pointsByRule[rule] = points;
  }
  const availableRewards = LADDER.map((step) => step.rewardId).filter((id) => available.has(id));
  return { pointsByRule, totalMinor, tierId, availableRewards };
}

async function eventsOf(engine: Engine, facts: Record<string, unknown>): Promise<Event[]> {
  const run: { events: Event[]; almanac: Almanac } = await engine.run(facts);
  return run.events;
}

function nextFrom(index: number): number {
  return TIERS[index + 1]?.from ?? Number.MAX_SAFE_INTEGER;
}

export function jsonRulesEngine(): Matcher {
  const typed = TYPE_RULES.map(
    ({ ruleId, productType }): RuleProperties => ({
      conditions: { all: [{ fact: 'productType', operator: 'equal', value: productType }] },
      event: { type: ruleId },
    }),
  );
  const base: RuleProperties = {
    conditions: { all: [{ fact: 'productType', operator: 'notIn', value: TYPES }] },
    event: { type: BASE_RULE.ruleId },
  };
  const bonuses = BONUS_RULES.map(
    ({ ruleId, atLeastMinor, segmentId, channel }): RuleProperties => ({
      conditions: {
        all: [
          { fact: 'totalMinor', operator: 'greaterThanInclusive', value: atLeastMinor },
          { fact: 'channel', operator: 'equal', value: channel },
          ...(segmentId === null
            ? []
            : [{ fact: 'segmentIds', operator: 'contains', value: segmentId }]),
        ],
      },
      event: { type: ruleId },
    }),
  );
  const tiers = TIERS.map(
    ({ tierId, from }, index): RuleProperties => ({
      conditions: {
        all: [
          { fact: 'tierPoints', operator: 'greaterThanInclusive', value: from },
          { fact: 'tierPoints', operator: 'lessThan', value: nextFrom(index) },
        ],
      },
      event: { type: `tier-${tierId}` },
    }),
  );
  const ladder = LADDER.map(
    ({ rewardId, points, amountOffMinor }): RuleProperties => ({
      conditions: {
        all: [
          { fact: 'spendablePoints', operator: 'greaterThanInclusive', value: points },
          { fact: 'totalMinor', operator: 'greaterThanInclusive', value: amountOffMinor },
          { fact: 'claimed', operator: 'doesNotContain', value: rewardId },
        ],
      },
      event: { type: rewardId },
    }),
  );
  const lines = new Engine([...typed, base]);
  const baskets = new Engine([...bonuses, ...tiers, ...ladder]);
  return {
    name: 'json-rules-engine',
    line: async (productType) => (await eventsOf(lines, { productType }))[0]?.type ?? '',
    basket: async (facts) => (await eventsOf(baskets, { ...facts })).map(({ type }) => type),
  };
}

interface LineFact {
  productType: string;
  rule?: string;
}

type BasketFact = BasketFacts & { readonly matched: string[] };

function asked<Fact>(engine: RuleEngine, fact: Fact): Promise<Fact> {
  return new Promise((resolve) => {
    engine.execute(fact as Record<string, unknown>, (result) => resolve(result as Fact));
  });
}

export function nodeRules(): Matcher {
  const lineRules = [...TYPE_RULES, { ...BASE_RULE, productType: null }].map(
    ({ ruleId, productType }) => ({
      condition: (api: { when(outcome: unknown): void }, fact: unknown) => {
        const own = (fact as LineFact).productType;
        api.when(productType === null ? !TYPES.includes(own) : own === productType);
      },
      consequence: (api: { stop(): void }, fact: unknown) => {
        (fact as LineFact).rule = ruleId;
        api.stop();
      },
    }),
  );
  const matched = (holds: (fact: BasketFact) => boolean, ruleId: string) => ({
    condition: (api: { when(outcome: unknown): void }, fact: unknown) => {
      api.when(holds(fact as BasketFact));
    },
    consequence: (api: { next(): void }, fact: unknown) => {
      (fact as BasketFact).matched.push(ruleId);
      api.next();
    },
  });
  const basketRules = [
    ...BONUS_RULES.map(({ ruleId, atLeastMinor, segmentId, channel }) =>
      matched(
        (fact) =>
          fact.totalMinor >= atLeastMinor &&
          fact.channel === channel &&
          (segmentId === null || fact.segmentIds.includes(segmentId)),
        ruleId,
      ),
    ),
    ...TIERS.map(({ tierId, from }, index) =>
      matched(
        ({ tierPoints }) => tierPoints >= from && tierPoints < nextFrom(index),
        `tier-${tierId}`,
      ),
    ),
    ...LADDER.map(({ rewardId, points, amountOffMinor }) =>
      matched(
        (fact) =>
          fact.spendablePoints >= points &&
          fact.totalMinor >= amountOffMinor &&
          !fact.claimed.includes(rewardId),
        rewardId,
      ),
    ),
  ];
  // Rules only read the facts they are given, so the engine need not start over after each.
  const lines = new RuleEngine(lineRules, { ignoreFactChanges: true });
  const baskets = new RuleEngine(basketRules, { ignoreFactChanges: true });
  return {
    name: 'node-rules',
    line: async (productType) => (await asked<LineFact>(lines, { productType })).rule ?? '',
    basket: async (facts) => (await asked<BasketFact>(baskets, { ...facts, matched: [] })).matched,
  };
}

export function jsonLogicJs(): Matcher {
  const whole = { var: 'totalMinor' };
  const lineRule = {
    if: [
      ...TYPE_RULES.flatMap(({ ruleId, productType }) => [
        { '==': [{ var: 'productType' }, productType] },
        ruleId,
      ]),
      BASE_RULE.ruleId,
    ],
  } as RulesLogic;
  const basketRules = [
    ...BONUS_RULES.map(({ ruleId, atLeastMinor, segmentId, channel }) => ({
      ruleId,
      logic: {
        and: [
          { '>=': [whole, atLeastMinor] },
          { '==': [{ var: 'channel' }, channel] },
          ...(segmentId === null ? [] : [{ in: [segmentId, { var: 'segmentIds' }] }]),
        ],
      } as RulesLogic,
    })),
    ...TIERS.map(({ tierId, from }, index) => ({
      ruleId: `tier-${tierId}`,
      logic: {
        and: [
          { '>=': [{ var: 'tierPoints' }, from] },
          { '<': [{ var: 'tierPoints' }, nextFrom(index)] },
        ],
      } as RulesLogic,
    })),
    ...LADDER.map(({ rewardId, points, amountOffMinor }) => ({
      ruleId: rewardId as string,
      logic: {
        and: [
          { '>=': [{ var: 'spendablePoints' }, points] },
          { '>=': [whole, amountOffMinor] },
          { '!': { in: [rewardId, { var: 'claimed' }] } },
        ],
      } as RulesLogic,
    })),
  ];
  return {
    name: 'json-logic-js',
    line: (productType) => String(jsonLogic.apply(lineRule, { productType })),
    basket: (facts) =>
      basketRules
        .filter(({ logic }) => jsonLogic.apply(logic, facts) === true)
        .map(({ ruleId }) => ruleId),
  };
}
