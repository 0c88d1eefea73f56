// Owns the other engines of the pricing bench, each used as its own documentation shows.

import jsonLogic, { type RulesLogic } from 'json-logic-js';
import { type Almanac, Engine, type Event, type RuleProperties } from 'json-rules-engine';
import { RuleEngine } from 'node-rules';
import { BASE_RULE, BONUS_RULES, type Case, TIERS, TYPE_RULES } from '#bench/pricingCases.ts';

/** What every engine must answer alike. */
export interface Answer {
  readonly pointsByRule: Readonly<Record<string, number>>;
  readonly totalMinor: number;
  readonly tierId: string;
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
}

const quartersByRule = new Map(
  [...TYPE_RULES, BASE_RULE].map((rule) => [rule.ruleId, rule.quarters]),
);
const pointsByBonus = new Map(BONUS_RULES.map((rule) => [rule.ruleId, rule.points]));
const tierById = new Map(TIERS.map((tier) => [`tier-${tier.tierId}`, tier]));
const TYPES = TYPE_RULES.map(({ productType }) => productType);

/** Adds up what the matched rules give; floored once a rule, as the programme says. */
export async function answerOf(matcher: Matcher, one: Case): Promise<Answer> {
  const { lines } = one.sale;
  let totalMinor = 0;
  for (const line of lines) totalMinor += line.quantity * line.unitPriceMinor;
  const { segmentIds, tierPoints } = one;
  const facts = { totalMinor, segmentIds, tierPoints, channel: one.moment.channel };
  const pointsByRule: Record<string, number> = {};
  let tierId = TIERS[0].tierId as string;
  let tierQuarters = 4;
  for (const rule of await matcher.basket(facts)) {
    const tier = tierById.get(rule);
    if (tier !== undefined) {
      tierId = tier.tierId;
      tierQuarters = tier.quarters;
    } else pointsByRule[rule] = pointsByBonus.get(rule) ?? 0;
  }
  const sixteenths = new Map<string, number>();
  for (const line of lines) {
    const rule = await matcher.line(line.productType);
    const quarters = quartersByRule.get(rule) ?? 0;
    const earned = line.quantity * line.unitPriceMinor * quarters * tierQuarters;
    sixteenths.set(rule, (sixteenths.get(rule) ?? 0) + earned);
  }
  for (const [rule, earned] of sixteenths) {
    const points = Math.floor(earned / 1600);
    if (points > 0) pointsByRule[rule] = points;
  }
  return { pointsByRule, totalMinor, tierId };
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
  const lines = new Engine([...typed, base]);
  const baskets = new Engine([...bonuses, ...tiers]);
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
