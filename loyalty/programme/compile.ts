// Owns a programme made ready for pricing: made once, used for every basket.

import { type CompiledTiers, compileTiers } from '#loyalty/books/tierStanding.ts';
import { minutesOfText } from '#loyalty/calendar.ts';
import { type CompiledEarning, compileEarning } from '#loyalty/earn/earn.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import type { AccountFile } from '#loyalty/programme/account.ts';
import { compileFilter, type LineTest } from '#loyalty/programme/compiledCondition.ts';
import { type Programme, programmeVersionOf } from '#loyalty/programme/parseProgramme.ts';
import { type CompiledRewards, compileRewards } from '#loyalty/rewards/discounts.ts';

/** Items that only some may buy, between two instants. */
export interface CompiledGate {
  readonly gateId: string;
  readonly name: Readonly<Record<string, string>>;
  readonly matches: LineTest | null;
  readonly fromMs: number;
  readonly toMs: number;
  /** Null where every member may. */
  readonly tierIds: ReadonlySet<string> | null;
}

export interface CompiledContract {
  readonly toMs: number;
  readonly earns: boolean;
  readonly prices: ReadonlyMap<string, number>;
}

export interface CompiledProgramme {
  /** `<programmeId>@<version>`: what the transaction and its ledger entries record. */
  readonly programmeVersion: string;
  readonly programme: Programme;
  readonly currency: string;
  readonly timeZone: string;
  readonly cutOverMinutes: number;
  readonly earning: CompiledEarning;
  readonly excluded: LineTest | null;
  readonly rewards: CompiledRewards;
  readonly tiers: CompiledTiers;
  /** Always has `points`. */
  readonly accounts: ReadonlyMap<string, AccountFile>;
  readonly gates: readonly CompiledGate[];
  readonly contracts: ReadonlyMap<string, CompiledContract>;
  /** Whether a sale may turn accounts into others without being asked. */
  readonly hasAutomaticConversion: boolean;
  /** Skus that are no goods: memberships and top-ups. */
  readonly membershipBySku: ReadonlyMap<string, Programme['memberships'][number]>;
  readonly topUpAccountBySku: ReadonlyMap<string, string>;
}

function gateOf(gate: Programme['gates'][number]): CompiledGate {
  const instant = (iso: string | undefined, absent: number) =>
    (iso === undefined ? null : parseInstantIso(iso)) ?? absent;
  return {
    gateId: gate.gateId,
    name: gate.name,
    matches: compileFilter(gate.lines),
    fromMs: instant(gate.fromIso, Number.NEGATIVE_INFINITY),
    toMs: instant(gate.toIso, Number.POSITIVE_INFINITY),
    tierIds: gate.tierIds === undefined ? null : new Set(gate.tierIds),
  };
}

function accountsOf(programme: Programme): ReadonlyMap<string, AccountFile> {
  const points: AccountFile = {
    accountId: 'points',
    kind: 'points',
    names: programme.pointsName,
    expiry: null,
    pendingDays: 0,
    costMinor: '0',
    expectedRedemptionBasisPoints: 10_000,
  };
  const own = programme.accounts.map((account) => [account.accountId, account] as const);
  return new Map([['points', points] as const, ...own]);
}

/** Turns rates into functions, filters into sets and names into arguments. */
export function compile(programme: Programme): CompiledProgramme {
  const { currency, earning, businessDayCutOver } = programme;
  return {
    programmeVersion: programmeVersionOf(programme),
    programme,
    currency,
    timeZone: programme.timeZone,
    cutOverMinutes: minutesOfText(businessDayCutOver),
    earning: compileEarning(programme, {
      currency,
      floor: earning.base.floor,
      taxes: earning.base.taxes,
      tiers: programme.tiers.levels.map(({ multiplier, name }) => ({
        multiplierText: /^1(\.0*)?$/.test(multiplier) ? null : multiplier,
        name,
      })),
    }),
    excluded: compileFilter(earning.excluded),
    rewards: compileRewards(programme),
    tiers: compileTiers(programme.tiers),
    accounts: accountsOf(programme),
    gates: programme.gates.map(gateOf),
    contracts: new Map(
      programme.contracts.map(({ contractId, toIso, earns, prices }) => [
        contractId,
        {
          toMs: (toIso === undefined ? null : parseInstantIso(toIso)) ?? Number.POSITIVE_INFINITY,
          earns,
          prices: new Map(prices.map(({ sku, unitPriceMinor }) => [sku, unitPriceMinor])),
        },
      ]),
    ),
    hasAutomaticConversion: programme.rewards.list.some(
      ({ kind, trigger }) => kind === 'convert' && trigger === 'automatic',
    ),
    membershipBySku: new Map(programme.memberships.map((one) => [one.sku, one])),
    topUpAccountBySku: new Map(
      programme.topUps.flatMap(({ skus, account }) => skus.map((sku) => [sku, account] as const)),
    ),
  };
}
