// Owns random programmes for properties: rules and rewards of every kind, tiers, accounts, base.
import * as fc from 'fast-check';
import { accountOf, named, type ProgrammeForm, programmeOf } from '#test/support/loyaltyShop.ts';
import {
  BADGE,
  CODE,
  type Form,
  filter,
  int,
  REWARDS_MAX,
  randomReward,
  randomRule,
  SEGMENT,
  sometimes,
  TIER_IDS,
} from '#test/support/randomRules.ts';

const RULES_MAX = 12;

const expiry = fc.constantFrom(
  null,
  null,
  { kind: 'days', days: 30 },
  { kind: 'month-end', months: 1 },
  { kind: 'year-end', years: 1 },
  { kind: 'inactivity', months: 6 },
);

const accounts = fc.record({
  points: fc.record({
    expiry,
    pendingDays: fc.constantFrom(0, 0, 14),
    costMinor: fc.constantFrom('1', '0.5'),
  }),
  stamps: fc.record({ expiry }),
  wallet: fc.record({ expiry }),
});

const tiers = fc
  .record({
    measure: fc.constantFrom('points', 'spend', 'status'),
    period: fc.constantFrom('ever', 'calendar-year', { rollingDays: 30 }),
    valid: fc.constantFrom('for-ever', 'end-of-year', 'end-of-next-year', { days: 60 }),
    upgradeDelayDays: fc.constantFrom(0, 0, 14),
    includesThisSale: fc.boolean(),
    steps: fc.tuple(int(1, 4000), int(1, 4000)),
    multipliers: fc.tuple(...['1', '1', '1'].map(() => fc.constantFrom('1', '1.25', '2'))),
  })
  .map(({ steps, multipliers, ...rest }) => ({
    ...rest,
    levels: TIER_IDS.map((tierId, index) => ({
      tierId,
      name: named(tierId),
      from: steps.slice(0, index).reduce((sum, step) => sum + step, 0),
      multiplier: multipliers[index],
    })),
  }));

const base = fc.record({
  taxes: fc.constantFrom('included', 'excluded'),
  basketDiscountLowers: fc.constantFrom('all', 'unfilteredRulesOnly'),
  freeUnitEarns: fc.constantFrom('no', 'whenRewardIsDiscount'),
  storedValueLowers: fc.constantFrom('no', 'yes'),
  spendPointsOfThisSale: fc.constantFrom('no', 'no', 'yes'),
  floor: fc.constantFrom('rule', 'line', 'baseThenMultiplied'),
});

const rest = fc.record({
  timeZone: fc.constantFrom('UTC', 'Europe/Istanbul', 'America/New_York'),
  businessDayCutOver: fc.constantFrom('00:00', '04:00'),
  prices: fc.constantFrom('included', 'included', 'excluded'),
  lateClaimDays: sometimes(fc.constant(14)),
  returns: fc.record({ policy: fc.constantFrom('exact-line', 'value-share') }),
});

/** Rows that claim what an earlier row has are left out; every row and rule gets its own id. */
function tableRows(rows: readonly Form[], ruleId: string): Form[] {
  const taken = new Set<string>();
  return rows.flatMap((one, index) => {
    const lists = ['skus', 'productTypes', 'tags'].flatMap((key) =>
      ((one[key] ?? []) as string[]).map((value) => `${key} ${value}`),
    );
    const claims = lists.length === 0 ? ['all'] : lists;
    if (claims.some((claim) => taken.has(claim))) return [];
    for (const claim of claims) taken.add(claim);
    return [{ ...one, ruleId: `${ruleId}-${index}`, name: named(`row ${index}`) }];
  });
}

function finishedRules(rules: readonly Form[]): Form[] {
  return rules.map((rule, index) => {
    const ruleId = `r${index}`;
    const finished: Form = { ...rule, ruleId, name: named(`rule ${index}`) };
    if (rule['kind'] === 'table') finished['rows'] = tableRows(rule['rows'] as Form[], ruleId);
    if (rule['kind'] === 'multiplier' && rule['of'] !== undefined) {
      finished['of'] = [`r${Number(rule['of']) % rules.length}`];
    }
    const when = rule['when'] as Form;
    if (when['basketAtLeastMinor'] === undefined) delete finished['nudgeWithinMinor'];
    return finished;
  });
}

function finishedReward(reward: Form, index: number): Form {
  const when = reward['when'] as Form;
  const finished = { ...reward, rewardId: `w${index}`, name: named(`reward ${index}`) };
  return reward['trigger'] === 'code' ? { ...finished, when: { ...when, code: CODE } } : finished;
}

/** Badges can only be asked for where a rule gives them. */
function withoutUnknownBadges(list: readonly Form[], rules: readonly Form[]): Form[] {
  if (rules.some(({ badgeId }) => badgeId === BADGE)) return [...list];
  return list.map((one) => {
    const { badgeIds: _, ...when } = one['when'] as Form;
    return { ...one, when };
  });
}

interface RandomParts {
  readonly rules: fc.Arbitrary<Form[]>;
  readonly rewards: fc.Arbitrary<Form[]>;
}

/** Programmes that pass their own check; `parts` replaces rules or rewards. */
export function randomProgramme(parts: Partial<RandomParts> = {}): fc.Arbitrary<ProgrammeForm> {
  return fc
    .record({
      rules: parts.rules ?? fc.array(randomRule, { maxLength: RULES_MAX }),
      rewards: parts.rewards ?? fc.array(randomReward, { maxLength: REWARDS_MAX }),
      order: fc.constantFrom('pipeline', 'asClaimed'),
      roundsToMinor: fc.constantFrom(1, 1, 5, 100),
      excluded: sometimes(filter, 5),
      base,
      accounts,
      tiers,
      rest,
    })
    .map(({ rules, rewards, order, roundsToMinor, excluded, base: counted, ...others }) => {
      const earning = finishedRules(rules);
      const form = {
        ...programmeOf(),
        ...others.rest,
        accounts: [
          accountOf('points', 'points'),
          accountOf('stamps', 'stamps', { costMinor: '3' }),
          accountOf('wallet', 'money'),
          accountOf('status', 'status', { costMinor: '0.3333' }),
          accountOf('miles', 'partner', { costMinor: '1' }),
        ].map((one) => ({ ...one, ...others.accounts[one.accountId as 'points'] })),
        earning: {
          base: counted,
          excluded,
          rules: withoutUnknownBadges(earning, earning),
        },
        tiers: others.tiers,
        rewards: {
          order,
          roundsToMinor,
          list: withoutUnknownBadges(rewards.map(finishedReward), earning),
        },
        segments: [
          {
            segmentId: SEGMENT,
            name: named('Regulars'),
            recencyDaysMax: 30,
            visitsMin: 2,
            windowDays: 90,
          },
        ],
        memberships: [{ membershipId: 'club', name: named('Club'), sku: 'club-year', days: 365 }],
        gates: [{ gateId: 'early', name: named('Early'), lines: { tags: ['new'] } }],
        contracts: [
          {
            contractId: 'firm',
            name: named('Firm'),
            earns: others.rest.prices === 'included',
            prices: [{ sku: 'coffee', unitPriceMinor: 199 }],
          },
        ],
        partners: [{ partnerId: 'air', name: named('Air'), cardPrefix: '77', account: 'miles' }],
        charities: [{ charityId: 'forest', name: named('Forest') }],
        topUps: [{ skus: ['top-up-10'], account: 'wallet' }],
      };
      // What is undefined is left out, as a file leaves it out.
      return JSON.parse(JSON.stringify(form)) as ProgrammeForm;
    });
}
