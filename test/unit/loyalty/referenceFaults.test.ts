// Goal: names in a programme are each written once, and meet something. Method: a small programme
// with one of everything, one name made wrong at a time.
import { describe, expect, it } from 'vitest';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { accountOf, named, type ProgrammeForm, programmeOf } from '#test/support/loyaltyShop.ts';

const head = (ruleId: string) => ({ ruleId, name: named(ruleId) });
const reward = (rewardId: string) => ({ rewardId, name: named(rewardId) });
const gate = { gateId: 'early', name: named('Early'), lines: { skus: ['new'] } };
const club = { membershipId: 'club', name: named('Club'), sku: 'club-year', days: 365 };
const segment = {
  segmentId: 'calm',
  name: named('Calm'),
  recencyDaysMax: 30,
  visitsMin: 1,
  windowDays: 30,
};
const spring = {
  windowId: 'spring',
  fromIso: '2026-03-01T00:00:00Z',
  toIso: '2026-06-01T00:00:00Z',
};

const WHOLE = programmeOf({
  accounts: [
    accountOf('stamps', 'stamps'),
    accountOf('miles', 'partner'),
    accountOf('purse', 'money'),
  ],
  earning: {
    rules: [
      {
        kind: 'table',
        ...head('base'),
        rows: [{ ...head('all'), points: '1', perMinor: 100 }],
      },
      { kind: 'multiplier', ...head('double'), factor: '2', of: ['base'] },
      { kind: 'share', ...head('trees'), points: '1', perMinor: 100, to: 'forest' },
      { kind: 'streak', ...head('weeks'), weeks: 3, badgeId: 'regular' },
      { kind: 'challenge', ...head('five'), units: 5, withinDays: 30, badgeId: 'taster' },
      { kind: 'challenge', ...head('ten'), units: 10, withinDays: 30 },
    ],
  },
  tiers: {
    levels: [
      { tierId: 'base', name: named('Base'), from: 0 },
      { tierId: 'gold', name: named('Gold'), from: 500, downgradesTo: 'base' },
    ],
  },
  rewards: {
    list: [
      { kind: 'amount-off', ...reward('off'), cost: { points: 10 }, amountOffMinor: 100 },
      { kind: 'convert', ...reward('turn'), cost: { points: 10 }, to: 'stamps', amount: 1 },
      {
        kind: 'percent-off',
        ...reward('code'),
        trigger: 'code',
        percent: '10',
        when: { code: 'TEN' },
      },
    ],
  },
  segments: [segment],
  memberships: [club],
  gates: [{ ...gate, tierIds: ['gold'] }],
  contracts: [{ contractId: 'firm', name: named('Firm'), prices: [] }],
  partners: [{ partnerId: 'air', name: named('Air'), cardPrefix: '77', account: 'miles' }],
  charities: [{ charityId: 'forest', name: named('Forest') }],
  topUps: [{ skus: ['ten'], account: 'purse' }],
  windows: [spring],
  gifts: { reasons: [{ reasonId: 'late', name: named('Late') }] },
});

/** The programme with one value at a path of keys and indexes replaced. */
function changed(path: string, value: unknown): string {
  const form = JSON.parse(JSON.stringify(WHOLE)) as ProgrammeForm;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let place: unknown = form;
  for (const key of keys) place = (place as Record<string, unknown>)[key];
  (place as Record<string, unknown>)[last] = value;
  return JSON.stringify(form);
}

function faultsOf(text: string) {
  const parsed = parseProgramme(text);
  return parsed.ok ? [] : parsed.error;
}

describe('names of a programme', () => {
  it('are right where each meets something', () => {
    expect(faultsOf(JSON.stringify(WHOLE))).toEqual([]);
  });

  it.each([
    [
      'earning.rules.0.account',
      'gems',
      '$.earning.rules[0].account',
      'points, stamps, miles, purse',
    ],
    ['earning.rules.1.of', ['base', 'nil'], '$.earning.rules[1].of[1]', 'is no rule'],
    ['earning.rules.2.to', 'sea', '$.earning.rules[2].to', 'one of: forest, air'],
    [
      'earning.rules.0.when',
      { tierIds: ['ruby'] },
      '$.earning.rules[0].when.tierIds[0]',
      'no tier',
    ],
    [
      'rewards.list.0.when',
      { membershipIds: ['x'] },
      '$.rewards.list[0].when.membershipIds[0]',
      'no membership of this programme; write one of: club',
    ],
    [
      'rewards.list.0.when',
      { badgeIds: ['regular', 'taster', 'other'] },
      '$.rewards.list[0].when.badgeIds[2]',
      'one of: regular, taster',
    ],
    ['rewards.list.0.cost.account', 'gems', '$.rewards.list[0].cost.account', 'no account'],
    ['rewards.list.1.to', 'sea', '$.rewards.list[1].to', 'no account or charity'],
    ['rewards.list.2.when', {}, '$.rewards.list[2].when.code', 'write the code'],
    ['tiers.measure', 'gems', '$.tiers.measure', 'one of: spend, points, stamps, miles'],
    ['tiers.levels.1.downgradesTo', 'tin', '$.tiers.levels[1].downgradesTo', 'no tier'],
    ['gates.0.tierIds', ['gold', 'tin'], '$.gates[0].tierIds[1]', 'one of: base, gold'],
    ['topUps.0.account', 'gems', '$.topUps[0].account', 'no account'],
    ['partners.0.account', 'gems', '$.partners[0].account', 'no account'],
  ])('%s = %j meets nothing: a fault at %s', (path, value, where, words) => {
    expect(faultsOf(changed(path, value))).toEqual([
      { path: where, message: expect.stringContaining(words) },
    ]);
  });

  it.each([
    ['earning.rules.1.ruleId', 'base', '$.earning.rules[1].ruleId', '$.earning.rules[0].ruleId'],
    [
      'earning.rules.0.rows.0.ruleId',
      'base',
      '$.earning.rules[0].rows[0].ruleId',
      '$.earning.rules[0].ruleId',
    ],
    ['rewards.list.0.rewardId', 'base', '$.rewards.list[0].rewardId', '$.earning.rules[0].ruleId'],
    ['accounts.1', accountOf('stamps', 'money'), '$.accounts[1].accountId', '$.accounts[0]'],
    ['segments', [segment, segment], '$.segments[1].segmentId', '$.segments[0].segmentId'],
    [
      'memberships',
      [club, { ...club, membershipId: 'b' }],
      '$.memberships[1].sku',
      '$.memberships[0]',
    ],
    ['memberships', [club, { ...club, sku: 'b' }], '$.memberships[1].membershipId', 'has "club"'],
    ['gates', [gate, gate], '$.gates[1].gateId', '$.gates[0].gateId has "early"'],
    ['windows', [spring, spring], '$.windows[1].windowId', '$.windows[0].windowId'],
    ['topUps.0.skus', ['ten', 'ten'], '$.topUps[0].skus[1]', '$.topUps[0].skus[0] has "ten"'],
    ['charities.0.charityId', 'air', '$.partners[0].partnerId', '$.charities[0].charityId'],
    [
      'gifts.reasons.1',
      { reasonId: 'late', name: named('x') },
      '$.gifts.reasons[1].reasonId',
      '$.gifts.reasons[0].reasonId',
    ],
    [
      'contracts.1',
      { contractId: 'firm', name: named('x'), prices: [] },
      '$.contracts[1].contractId',
      '$.contracts[0].contractId',
    ],
    [
      'tiers.levels.1',
      { tierId: 'base', name: named('x'), from: 5 },
      '$.tiers.levels[1].tierId',
      '$.tiers.levels[0].tierId',
    ],
  ])('%s stands twice: a fault at its second place', (path, value, where, words) => {
    expect(faultsOf(changed(path, value))).toContainEqual({
      path: where,
      message: expect.stringContaining(words),
    });
  });

  it('says so where nothing of the kind is written yet', () => {
    const form = programmeOf({
      earning: {
        rules: [{ kind: 'units', ...head('u'), pointsPerUnit: '1', when: { badgeIds: ['x'] } }],
      },
    });
    expect(faultsOf(JSON.stringify(form))).toEqual([
      {
        path: '$.earning.rules[0].when.badgeIds[0]',
        message: '"x" is no badge of this programme; write one of: none yet',
      },
    ]);
  });

  it('has a condition end after it begins', () => {
    const day = '2026-03-01T00:00:00Z';
    const when = (toIso: string) => changed('earning.rules.0.when', { fromIso: day, toIso });
    expect(faultsOf(when('2026-03-01T00:00:00+01:00'))).toEqual([
      { path: '$.earning.rules[0].when.toIso', message: 'write an instant after fromIso' },
    ]);
    expect(faultsOf(when(day))).toHaveLength(1);
    expect(faultsOf(when('2026-03-01T00:00:01Z'))).toEqual([]);
  });
});
