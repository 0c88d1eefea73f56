// Owns the work of the pricing bench: a programme of 30 rules, and baskets of 12 lines for it.
import { assert } from '#loyalty/assert.ts';
import { memberOwner } from '#loyalty/books/books.ts';
import { type MemberProfile, newMember, type State } from '#loyalty/books/state.ts';
import type { Moment, Sale, SaleLine } from '#loyalty/pricing/sale.ts';
import { type CompiledProgramme, compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';

export const LINES = 12;
const TYPES = 17;

/** Rates in quarters of a point per unit, so that no engine needs fractions. */
export interface TypeRule {
  readonly ruleId: string;
  readonly productType: string;
  readonly quarters: number;
}

/** 17 rules: each line finds the one of its product type, or the base. */
export const TYPE_RULES: readonly TypeRule[] = Array.from({ length: TYPES }, (_, index) => ({
  ruleId: `type-rule-${index}`,
  productType: `type-${index}`,
  quarters: 4 + (index % 9),
}));
export const BASE_RULE = { ruleId: 'base', quarters: 4 };

/** 9 rules on the whole basket: points once, by what it costs, who buys, and how. */
export interface BonusRule {
  readonly ruleId: string;
  readonly points: number;
  readonly atLeastMinor: number;
  readonly segmentId: string | null;
  readonly channel: 'till' | 'web';
}

export const BONUS_RULES: readonly BonusRule[] = Array.from({ length: 9 }, (_, index) => ({
  ruleId: `bonus-${index}`,
  points: 5 + index * 5,
  atLeastMinor: 2_500 + index * 2_500,
  segmentId: index % 3 === 0 ? null : `segment-${index % 3}`,
  channel: index % 4 === 3 ? 'web' : 'till',
}));

/** 3 rules: a ladder of money off for points. */
export const LADDER = [
  { rewardId: 'off-5', points: 100, amountOffMinor: 500 },
  { rewardId: 'off-15', points: 250, amountOffMinor: 1500 },
  { rewardId: 'off-35', points: 500, amountOffMinor: 3500 },
] as const;

export const TIERS = [
  { tierId: 'basic', from: 0, quarters: 4 },
  { tierId: 'silver', from: 500, quarters: 5 },
  { tierId: 'gold', from: 2000, quarters: 6 },
] as const;

function decimal(quarters: number): string {
  const hundredths = quarters * 25;
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

/** 1 base + 17 product types + 9 bonuses + 3 rewards = 30 rules. */
export function benchProgramme(): CompiledProgramme {
  const name = { en: 'A rule', tr: 'Bir kural' };
  const row = ({ ruleId, quarters }: { readonly ruleId: string; readonly quarters: number }) => {
    return { ruleId, name, points: decimal(quarters), perMinor: 100 };
  };
  const programme = {
    schema: 2,
    programmeId: 'bench',
    version: 1,
    effectiveFromIso: '2026-01-01T00:00:00Z',
    effectiveToIso: null,
    timeZone: 'Europe/Istanbul',
    businessDayCutOver: '04:00',
    currency: 'EUR',
    languages: ['en', 'tr'],
    pointsName: { one: { en: 'point', tr: 'puan' }, other: { en: 'points', tr: 'puan' } },
    cards: { memberPrefix: null, luhn: null, gsrn: false },
    earning: {
      rules: [
        {
          kind: 'table',
          ruleId: 'purchase',
          name,
          isMultipliedByTier: true,
          rows: [
            row(BASE_RULE),
            ...TYPE_RULES.map((rule) => ({ ...row(rule), productTypes: [rule.productType] })),
          ],
        },
        ...BONUS_RULES.map(({ ruleId, points, atLeastMinor, segmentId, channel }) => ({
          kind: 'fixed',
          ruleId,
          name,
          points,
          when: {
            basketAtLeastMinor: atLeastMinor,
            channels: [channel],
            ...(segmentId === null ? {} : { segmentIds: [segmentId] }),
          },
        })),
      ],
    },
    tiers: {
      levels: TIERS.map(({ tierId, from, quarters }) => {
        return { tierId, name, from, multiplier: decimal(quarters) };
      }),
    },
    rewards: {
      list: LADDER.map(({ rewardId, points, amountOffMinor }) => {
        return { kind: 'amount-off', rewardId, name, cost: { points }, amountOffMinor };
      }),
    },
    amountLine: { productType: 'other', taxRateBasisPoints: 1900 },
  };
  const parsed = parseProgramme(JSON.stringify(programme));
  assert(parsed.ok, `the benchmark's programme is valid: ${JSON.stringify(parsed)}`);
  return compile(parsed.value);
}

export interface Case {
  readonly sale: Sale;
  readonly state: State;
  readonly moment: Moment;
  /** The same facts as plain values, for the other engines. */
  readonly segmentIds: readonly string[];
  readonly tierPoints: number;
  readonly balancePoints: number;
}

/** Numbers that look random and are the same in every run (Lehmer, modulus 2^31 − 1). */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const AT_MS = Date.UTC(2026, 10, 27, 9, 30);

function memberOf(index: number, segments: readonly string[]): MemberProfile {
  return { ...newMember(`m${index}`, null), segments };
}

function lineOf(place: number, random: (below: number) => number): SaleLine {
  return {
    line: place + 1,
    kind: 'product',
    sku: `sku-${place + 1}`,
    // One line in six has a type without a row: the base rate.
    productType: `type-${random(TYPES + 4)}`,
    quantity: 1 + random(3),
    unitPriceMinor: 50 + random(3000),
    taxRateBasisPoints: random(2) === 0 ? 700 : 1900,
  };
}

export function makeCases(count: number): Case[] {
  const random = makeRandom(20_261_127);
  return Array.from({ length: count }, (_, index) => {
    const lines = Array.from({ length: LINES }, (__, place) => lineOf(place, random));
    const segmentIds = ['segment-1', 'segment-2'].filter(() => random(2) === 0);
    const member = memberOf(index, segmentIds);
    const tierPoints = random(3000);
    const balancePoints = 500 + random(500);
    const step = LADDER[random(LADDER.length)];
    const isClaiming = random(4) === 0 && step !== undefined;
    const claims = isClaiming ? [{ rewardId: step.rewardId, times: 1, line: null }] : [];
    const lot = (amount: number) => [{ lotId: 'opening', amount, fromMs: 0, untilMs: null }];
    const accounts = new Map([
      ['points', lot(balancePoints)],
      ['issued/points', lot(tierPoints)],
    ]);
    return {
      sale: { transactionId: `sale-${index}`, lines, claims, codes: [], tenders: [] },
      state: { member, books: new Map([[memberOwner(member.memberId), accounts]]) },
      moment: {
        atMs: AT_MS + random(3_600_000),
        channel: 'till',
        operatorId: 'operator',
        saleDigestHex: null,
      },
      segmentIds,
      tierPoints,
      balancePoints,
    };
  });
}
