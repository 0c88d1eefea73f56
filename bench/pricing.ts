// Owns the pricing benchmark: this engine with its explanations against three others.
import { pathToFileURL } from 'node:url';
import { benchProgramme, type Case, LINES, makeCases } from '#bench/pricingCases.ts';
import {
  type Answer,
  answerOf,
  jsonLogicJs,
  jsonRulesEngine,
  type Matcher,
  nodeRules,
} from '#bench/pricingPeers.ts';
import { assert } from '#loyalty/assert.ts';
import { applyMovements, EMPTY_BOOKS } from '#loyalty/books/books.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';

const ROUNDS = 5;
/** Of each round; the slower engines price the first of the same baskets. */
const OURS_COUNT = 5000;
const THEIRS_COUNT = 100;
/** So often a round, so that no engine's turn is over before the machine has settled on it. */
const OURS_PASSES = 10;
const BAR_RATIO = 200;
const STRETCH_RATIO = 300;
const BAR_US = 10;
const REPLAYED = 1_000_000;

/** Every explanation is made: nothing of it may be put off. */
function ourAnswer(compiled: CompiledProgramme, { sale, state, moment }: Case): Answer {
  const pricing = priceSale(compiled, sale, state, moment);
  const { accruals, redemptions, discounts, totalMinor, tier, offers, explanation } = pricing;
  const parts = accruals.length + redemptions.length + discounts.length;
  assert(explanation.length === parts, 'each number is explained');
  return {
    pointsByRule: Object.fromEntries(accruals.map(({ rule, points }) => [rule, points])),
    totalMinor,
    tierId: tier?.tierId ?? '',
    // The other engines are not asked what the last block of points would still pay for.
    availableRewards: offers
      .filter(({ state: is, amountOffMinor }) => is === 'available' && amountOffMinor <= totalMinor)
      .map(({ rewardId }) => rewardId),
  };
}

function canonical({ pointsByRule, ...rest }: Answer): string {
  const points = Object.entries(pointsByRule).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({ points, ...rest });
}

async function assertEqual(
  compiled: CompiledProgramme,
  matchers: readonly Matcher[],
  cases: readonly Case[],
): Promise<void> {
  for (const one of cases) {
    const ours = canonical(ourAnswer(compiled, one));
    for (const matcher of matchers) {
      const theirs = canonical(await answerOf(matcher, one));
      assert(ours === theirs, `${matcher.name} disagrees: ${ours} ${theirs}`);
    }
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted[Math.floor(sorted.length / 2)];
  assert(middle !== undefined, 'a median needs values');
  return middle;
}

function priceAll(compiled: CompiledProgramme, cases: readonly Case[]): number {
  let points = 0;
  for (const { sale, state, moment } of cases) {
    const pricing = priceSale(compiled, sale, state, moment);
    points += pricing.earnedPoints + pricing.explanation.length;
  }
  return points;
}

/** 1 M baskets priced and booked on one core: what a replay of years of sales costs. */
function replayLine(compiled: CompiledProgramme, cases: readonly Case[]): string {
  const fromMs = performance.now();
  let books = EMPTY_BOOKS;
  let points = 0;
  for (let index = 0; index < REPLAYED; index += 1) {
    const one = cases[index % cases.length];
    if (one === undefined) break;
    const { member } = one.state;
    const pricing = priceSale(compiled, one.sale, { member, books: one.state.books }, one.moment);
    points += pricing.earnedPoints;
    // Each thousandth is booked whole: the fold is part of a replay, and no book grows for ever.
    if (index % 1000 === 0) books = applyMovements(EMPTY_BOOKS, pricing.movements);
  }
  const seconds = (performance.now() - fromMs) / 1000;
  const perSecond = Math.round(REPLAYED / seconds);
  assert(points > 0 && books.size > 0, 'a replay earns');
  const time = `${seconds.toFixed(1)} s, ${perSecond} a second`;
  return `    replay: ${REPLAYED} baskets on one core in ${time}`;
}

/** Prices the same random baskets with all engines, in turn; medians of the rounds. */
export async function benchPricing(): Promise<string> {
  const compiled = benchProgramme();
  // Built once, as ours is compiled once.
  const matchers = [jsonRulesEngine(), nodeRules(), jsonLogicJs()];
  const cases = makeCases(OURS_COUNT);
  // Also the warm-up of all.
  await assertEqual(compiled, matchers, cases.slice(0, THEIRS_COUNT));
  priceAll(compiled, cases);
  const ours: number[] = [];
  const theirs = new Map<string, number[]>(matchers.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const oursFromMs = performance.now();
    for (let pass = 0; pass < OURS_PASSES; pass += 1) priceAll(compiled, cases);
    const pricedCount = OURS_PASSES * OURS_COUNT;
    ours.push(((performance.now() - oursFromMs) * 1000) / pricedCount);
    for (const matcher of matchers) {
      const fromMs = performance.now();
      for (const one of cases.slice(0, THEIRS_COUNT)) await answerOf(matcher, one);
      theirs.get(matcher.name)?.push(((performance.now() - fromMs) * 1000) / THEIRS_COUNT);
    }
  }
  const figure = (us: number) => String(Math.round(us * 10) / 10);
  const ratioOf = (name: string) =>
    median(ours.map((us, round) => (theirs.get(name)?.[round] ?? 0) / us));
  const ratio = ratioOf('json-rules-engine');
  const others = matchers
    .map(
      ({ name }) =>
        `${name} ${figure(median(theirs.get(name) ?? [0]))} µs = ${figure(ratioOf(name))} ×`,
    )
    .join(', ');
  const us = median(ours);
  const verdict = ratio >= BAR_RATIO ? 'met' : 'MISSED';
  const stretch = ratio >= STRETCH_RATIO ? 'stretch met' : `stretch ${STRETCH_RATIO} × not met`;
  return [
    `(c) pricing: ${LINES}-line member basket, 30 rules, explanations on: ${figure(us)} µs ` +
      `(bar ≤ ${BAR_US} µs: ${us <= BAR_US ? 'met' : 'MISSED'})`,
    `    ${THEIRS_COUNT} answers equal; ${others} ` +
      `(bar ≥ ${BAR_RATIO} × json-rules-engine: ${verdict}, ${stretch})`,
    replayLine(compiled, cases),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(await benchPricing());
}
