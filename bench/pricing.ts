// Owns the pricing benchmark: compiled rules against json-rules-engine, on equal answers.
import { pathToFileURL } from 'node:url';
import { type Almanac, Engine, type Event, type RuleProperties } from 'json-rules-engine';
import { assert } from '#loyalty/assert.ts';
import { type Basket, type BasketLine, openBasket } from '#loyalty/basket.ts';
import { type CompiledProgramme, compile, evaluate } from '#loyalty/evaluate.ts';
import type { Member } from '#loyalty/member.ts';
import { parseProgramme } from '#loyalty/programme.ts';

const LINES = 12;
const ROUNDS = 5;
/** Of each round; the slow engine prices the first of the same baskets. */
const OURS_COUNT = 5000;
const THEIRS_COUNT = 100;
const BAR = 50;
const TYPE_ROWS = 24;

/** Rates in quarters of a point per unit, so that the other engine needs no fractions either. */
interface TypeRule {
  readonly productType: string;
  readonly quarters: number;
  readonly isExcluded: boolean;
}

const TYPE_RULES: readonly TypeRule[] = Array.from({ length: TYPE_ROWS }, (_, index) => ({
  productType: `type-${index}`,
  quarters: 4 + (index % 9),
  isExcluded: index % 12 === 11,
}));
const TIERS = [
  { tierId: 'basic', fromPoints: 0, quarters: 4 },
  { tierId: 'silver', fromPoints: 500, quarters: 5 },
  { tierId: 'gold', fromPoints: 2000, quarters: 6 },
] as const;
const LADDER = [
  { rewardId: 'off-5', points: 100, amountOffMinor: 500 },
  { rewardId: 'off-15', points: 250, amountOffMinor: 1500 },
  { rewardId: 'off-35', points: 500, amountOffMinor: 3500 },
] as const;

function decimal(quarters: number): string {
  const hundredths = quarters * 25;
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

function ourProgramme(): CompiledProgramme {
  const name = { en: 'x', tr: 'x' };
  const parsed = parseProgramme(
    JSON.stringify({
      schema: 1,
      programmeId: 'bench',
      version: 1,
      effectiveFromIso: '2026-01-01T00:00:00Z',
      effectiveToIso: null,
      timeZone: 'UTC',
      businessDayCutOver: '04:00',
      currency: 'EUR',
      pointsName: { en: { one: 'x', other: 'x' }, tr: { one: 'x', other: 'x' } },
      cards: { memberPrefix: null, luhn: null, gsrn: false },
      earning: {
        base: { ruleId: 'base', name, points: '1', perMinor: 100 },
        productTypes: TYPE_RULES.map(({ productType, quarters, isExcluded }) => {
          const row = { ruleId: `rule-${productType}`, productType, name };
          if (isExcluded) return { ...row, excluded: true };
          return { ...row, points: decimal(quarters), perMinor: 100 };
        }),
      },
      tiers: TIERS.map(({ tierId, fromPoints, quarters }) => {
        return { tierId, name, fromPoints, multiplier: decimal(quarters) };
      }),
      rewards: { ladder: LADDER },
      amountLine: { productType: 'other', taxRateBasisPoints: 1900 },
    }),
  );
  assert(parsed.ok, `the benchmark's programme is valid: ${JSON.stringify(parsed)}`);
  return compile(parsed.value);
}

interface Case {
  readonly basket: Basket;
  readonly member: Member;
}

/** Numbers that look random and are the same in every run (Lehmer, modulus 2^31 − 1). */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function makeCases(count: number): Case[] {
  const random = makeRandom(20_261_127);
  return Array.from({ length: count }, (_, index) => {
    const lines = Array.from({ length: LINES }, (__, place): BasketLine => {
      const line = place + 1;
      return {
        line,
        kind: 'product',
        sku: `sku-${line}`,
        name: 'x',
        // One line in seven has a type without a row: the base rate.
        productType: `type-${random(TYPE_ROWS + 4)}`,
        quantity: 1 + random(3),
        unitPriceMinor: 50 + random(3000),
        taxRateBasisPoints: random(2) === 0 ? 700 : 1900,
      };
    });
    const open = openBasket(`basket-${index}`, 0);
    const claimed = LADDER[random(LADDER.length)];
    const isClaiming = random(4) === 0 && claimed !== undefined;
    const rewards = isClaiming
      ? [{ ...claimed, secured: 'reservation', reservationId: 'r' } as const]
      : [];
    return {
      basket: { ...open, memberId: 'm', lines, rewards, nextLine: LINES + 1 },
      member: {
        memberId: 'm',
        cardNumber: '1',
        displayName: 'x',
        balancePoints: 500 + random(500),
        tierPoints: random(3000),
        isBlocked: false,
      },
    };
  });
}

/** Called for each line, as that engine is meant to be used: which rule does this line match? */
function makeLineEngine(): Engine {
  const named = TYPE_RULES.map(
    ({ productType, quarters, isExcluded }): RuleProperties => ({
      conditions: { all: [{ fact: 'productType', operator: 'equal', value: productType }] },
      event: {
        type: 'earn',
        params: { rule: `rule-${productType}`, quarters: isExcluded ? 0 : quarters },
      },
    }),
  );
  const value = TYPE_RULES.map(({ productType }) => productType);
  const base: RuleProperties = {
    conditions: { all: [{ fact: 'productType', operator: 'notIn', value }] },
    event: { type: 'earn', params: { rule: 'base', quarters: 4 } },
  };
  return new Engine([...named, base]);
}

/** Called once for each basket: the tier, and which steps of the ladder are on offer. */
function makeBasketEngine(): Engine {
  const tiers = TIERS.map(({ tierId, fromPoints, quarters }, index): RuleProperties => {
    const next = TIERS[index + 1]?.fromPoints ?? Number.MAX_SAFE_INTEGER;
    return {
      conditions: {
        all: [
          { fact: 'tierPoints', operator: 'greaterThanInclusive', value: fromPoints },
          { fact: 'tierPoints', operator: 'lessThan', value: next },
        ],
      },
      event: { type: 'tier', params: { tierId, quarters } },
    };
  });
  const ladder = LADDER.map(
    ({ rewardId, points, amountOffMinor }): RuleProperties => ({
      conditions: {
        all: [
          { fact: 'spendablePoints', operator: 'greaterThanInclusive', value: points },
          { fact: 'totalMinor', operator: 'greaterThanInclusive', value: amountOffMinor },
          { fact: 'claimed', operator: 'doesNotContain', value: rewardId },
        ],
      },
      event: { type: 'offer', params: { rewardId } },
    }),
  );
  return new Engine([...tiers, ...ladder]);
}

interface Answer {
  readonly pointsByRule: Readonly<Record<string, number>>;
  readonly totalMinor: number;
  readonly availableRewards: readonly string[];
}

interface Engines {
  readonly line: Engine;
  readonly basket: Engine;
}

async function eventsOf(engine: Engine, facts: Record<string, unknown>): Promise<Event[]> {
  const run: { events: Event[]; almanac: Almanac } = await engine.run(facts);
  return run.events;
}

/** The plain way to spread a discount; the arithmetic around the engine is as cheap as ours. */
function spread(totalMinor: number, weights: readonly number[]): number[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => Math.floor((totalMinor * weight) / weightSum));
  const remainders = weights.map((weight, index) => ({
    index,
    remainder: (totalMinor * weight) % weightSum,
  }));
  remainders.sort((left, right) => right.remainder - left.remainder || left.index - right.index);
  const left = totalMinor - shares.reduce((sum, share) => sum + share, 0);
  for (const { index } of remainders.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

async function theirAnswer(engines: Engines, { basket, member }: Case): Promise<Answer> {
  const gross = basket.lines.map((line) => line.quantity * line.unitPriceMinor);
  const subtotalMinor = gross.reduce((sum, minor) => sum + minor, 0);
  const offMinor = basket.rewards.reduce((sum, reward) => sum + reward.amountOffMinor, 0);
  const spentPoints = basket.rewards.reduce((sum, reward) => sum + reward.points, 0);
  const totalMinor = subtotalMinor - offMinor;
  const shares = spread(offMinor, gross);
  const basketEvents = await eventsOf(engines.basket, {
    tierPoints: member.tierPoints,
    spendablePoints: member.balancePoints - spentPoints,
    totalMinor,
    claimed: basket.rewards.map((reward) => reward.rewardId),
  });
  let tierQuarters = 4;
  const available = new Set<string>();
  for (const { type, params } of basketEvents) {
    if (type === 'tier') tierQuarters = Number(params?.['quarters']);
    else available.add(String(params?.['rewardId']));
  }
  const sixteenths = new Map<string, number>();
  for (const [index, line] of basket.lines.entries()) {
    const dueMinor = (gross[index] ?? 0) - (shares[index] ?? 0);
    for (const { params } of await eventsOf(engines.line, { productType: line.productType })) {
      const rule = String(params?.['rule']);
      const earned = dueMinor * Number(params?.['quarters']) * tierQuarters;
      sixteenths.set(rule, (sixteenths.get(rule) ?? 0) + earned);
    }
  }
  const points = [...sixteenths]
    .map(([rule, earned]) => [rule, Math.floor(earned / 1600)] as const)
    .filter(([, rulePoints]) => rulePoints > 0);
  return {
    pointsByRule: Object.fromEntries(points),
    totalMinor,
    availableRewards: LADDER.map((step) => step.rewardId).filter((id) => available.has(id)),
  };
}

function ourAnswer(compiled: CompiledProgramme, { basket, member }: Case): Answer {
  const { accruals, totalMinor, offers } = evaluate(compiled, basket, member);
  return {
    pointsByRule: Object.fromEntries(accruals.map(({ rule, points }) => [rule, points])),
    totalMinor,
    availableRewards: offers
      .filter((offer) => offer.state === 'available')
      .map((offer) => offer.rewardId),
  };
}

function canonical({ pointsByRule, ...rest }: Answer): string {
  const points = Object.entries(pointsByRule).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({ points, ...rest });
}

async function assertEqual(
  compiled: CompiledProgramme,
  engines: Engines,
  cases: readonly Case[],
): Promise<void> {
  for (const one of cases) {
    const ours = canonical(ourAnswer(compiled, one));
    const theirs = canonical(await theirAnswer(engines, one));
    assert(ours === theirs, `the engines disagree: ${ours} ${theirs}`);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted[Math.floor(sorted.length / 2)];
  assert(middle !== undefined, 'a median needs values');
  return middle;
}

/** Prices the same random baskets with both engines; one line with the median ratio. */
export async function benchPricing(): Promise<string> {
  const compiled = ourProgramme();
  const engines = { line: makeLineEngine(), basket: makeBasketEngine() };
  const cases = makeCases(OURS_COUNT);
  // Also the warm-up of both.
  await assertEqual(compiled, engines, cases.slice(0, THEIRS_COUNT));
  for (const { basket, member } of cases) evaluate(compiled, basket, member);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const oursFromMs = performance.now();
    for (const { basket, member } of cases) evaluate(compiled, basket, member);
    ours.push(((performance.now() - oursFromMs) * 1000) / OURS_COUNT);
    const theirsFromMs = performance.now();
    for (const one of cases.slice(0, THEIRS_COUNT)) await theirAnswer(engines, one);
    theirs.push(((performance.now() - theirsFromMs) * 1000) / THEIRS_COUNT);
  }
  const ratio = median(ours.map((us, round) => (theirs[round] ?? 0) / us));
  const verdict = ratio >= BAR ? 'met' : 'MISSED';
  const figure = (us: number) => String(Math.round(us * 10) / 10);
  return (
    `(c) pricing: ${LINES}-line member basket, ${TYPE_ROWS} product-type rules: ` +
    `${figure(median(ours))} µs, json-rules-engine ${figure(median(theirs))} µs, ` +
    `${THEIRS_COUNT} answers equal, ratio ${Math.round(ratio)} × (bar ≥ ${BAR} ×: ${verdict})`
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(await benchPricing());
}
