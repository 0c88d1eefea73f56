// Goal: what is written right and can never do what it says is an error by path. Method: one change
// at a time to a programme without faults.
import { describe, expect, it } from 'vitest';
import { clashFaults, parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import {
  accountOf,
  named,
  type ProgrammeForm,
  pointsAccount,
  programmeOf,
  type RewardForm,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

function faultsOf(changes: Partial<ProgrammeForm>): readonly string[] {
  const parsed = parseProgramme(JSON.stringify(programmeOf(changes)));
  return parsed.ok ? [] : parsed.error.map(({ path, message }) => `${path}: ${message}`);
}

const fixed = (changes: Partial<RuleForm>): Partial<ProgrammeForm> => {
  const rule = { kind: 'fixed', ruleId: 'fixed', name: named('Fixed'), points: 10, ...changes };
  return { earning: { rules: [rule as RuleForm] } };
};

const rewards = (...list: readonly Partial<RewardForm>[]): Partial<ProgrammeForm> => ({
  rewards: {
    list: list.map((changes, index) => {
      const head = {
        kind: 'percent-off',
        rewardId: `r${index}`,
        name: named('Reward'),
        percent: '5',
      };
      return { ...head, ...changes } as RewardForm;
    }),
  },
});

const convert = (changes: Partial<RewardForm>): Partial<ProgrammeForm> => {
  const reward = { kind: 'convert', rewardId: 'c', name: named('C'), to: 'wallet', amount: 10 };
  return {
    accounts: [accountOf('points', 'points'), accountOf('wallet', 'money')],
    rewards: { list: [{ ...reward, ...changes } as RewardForm] },
  };
};

describe('names', () => {
  it.each(['tier', 'visits', 'spend', 'cash', 'card'])('%s is no account', (accountId) => {
    expect(faultsOf({ accounts: [accountOf(accountId, 'money')] })).toEqual([
      `$.accounts[0].accountId: write another name: "${accountId}" means something else already`,
    ]);
  });

  it('languages, contract prices and partner cards stand once', () => {
    const prices = [1, 2].map((unitPriceMinor) => ({ sku: 'pen', unitPriceMinor }));
    expect(faultsOf({ contracts: [{ contractId: 'c', name: named('C'), prices }] })).toEqual([
      '$.contracts[0].prices[1].sku: ' +
        'write another value; $.contracts[0].prices[0].sku has "pen" already',
    ]);
    expect(faultsOf({ languages: ['en', 'tr', 'en'] })).toEqual([
      '$.languages[2]: write another value; $.languages[0] has "en" already',
    ]);
  });

  it('a partner does not take all cards of the shop', () => {
    const partner = (cardPrefix: string) => ({
      accounts: [accountOf('miles', 'partner')],
      partners: [{ partnerId: 'p', name: named('P'), cardPrefix, account: 'miles' }],
    });
    expect(faultsOf(partner('2991'))).toEqual([]);
    expect(faultsOf(partner('29'))).toEqual([
      '$.partners[0].cardPrefix: write more than "299", where own cards begin',
    ]);
  });
});

describe('rules and rewards', () => {
  it('hours have something between them', () => {
    const hours = { from: '16:00', to: '16:00' };
    const message = 'write another time than "from": nothing lies between them';
    expect(faultsOf(fixed({ when: { hours } }))).toEqual([
      `$.earning.rules[0].when.hours.to: ${message}`,
    ]);
    expect(faultsOf(rewards({ when: { hours } }))).toEqual([
      `$.rewards.list[0].when.hours.to: ${message}`,
    ]);
  });

  it('limits limit something', () => {
    expect(faultsOf(fixed({ caps: [{ period: 'day', points: 5 }, { period: 'day' }] }))).toEqual([
      '$.earning.rules[0].caps[1].times: write it: a limit without points or times limits nothing',
    ]);
    expect(faultsOf(rewards({ limits: [{ period: 'day', points: 5 }] }))).toEqual([
      '$.rewards.list[0].limits[0].times: write it: a limit without times limits nothing',
    ]);
  });

  it('a budget is spent by points that cost something, and a till has at most all of it', () => {
    const free = fixed({ budget: { amountMinor: 100 } });
    expect(faultsOf(free)).toEqual([
      '$.earning.rules[0].budget: ' +
        'remove it, or write costMinor of the account: its points cost nothing',
    ]);
    const accounts = [pointsAccount({ costMinor: '1' })];
    expect(faultsOf({ ...free, accounts })).toEqual([]);
    const share = fixed({ budget: { amountMinor: 100, tillShareMinor: 101 } });
    expect(faultsOf({ ...share, accounts })).toEqual([
      '$.earning.rules[0].budget.tillShareMinor: write at most 100, the whole of the budget',
    ]);
  });

  it('a share of a partner goes to the account that is settled', () => {
    const share: RuleForm = {
      kind: 'share',
      ruleId: 'share',
      name: named('Share'),
      points: '1',
      perMinor: 100,
      to: 'cinema',
    };
    const programme = {
      accounts: [accountOf('miles', 'partner')],
      partners: [{ partnerId: 'cinema', name: named('P'), cardPrefix: '2977', account: 'miles' }],
    };
    expect(faultsOf({ ...programme, earning: { rules: [share] } })).toEqual([
      '$.earning.rules[0].account: ' +
        'write "miles", the account of the partner: nothing else is settled',
    ]);
    const right = [{ ...share, account: 'miles' }];
    expect(faultsOf({ ...programme, earning: { rules: right } })).toEqual([]);
  });

  it('a conversion takes something and gives something else', () => {
    expect(faultsOf(convert({}))).toEqual(['$.rewards.list[0].cost: write what each time takes']);
    expect(faultsOf(convert({ cost: { account: 'wallet', points: 10 } }))).toEqual([
      '$.rewards.list[0].to: write another account than the cost is taken from',
    ]);
    expect(faultsOf(convert({ cost: { points: 10 } }))).toEqual([]);
  });

  it('only a conversion comes when a window closes', () => {
    expect(faultsOf(rewards({ trigger: 'window-close' }))).toEqual([
      '$.rewards.list[0].trigger: write another trigger: ' +
        'only a reward of the kind convert comes when it closes',
    ]);
  });

  it('a percentage is at most 100, and a group keeps one thing', () => {
    expect(faultsOf(rewards({ percent: '100.01' }))).toEqual([
      '$.rewards.list[0].percent: write at most "100"',
    ]);
    const best = { group: { groupId: 'g', keeps: 'best' as const } };
    const newest = { group: { groupId: 'g', keeps: 'newest' as const } };
    expect(faultsOf(rewards({ percent: '100', ...best }, best))).toEqual([]);
    expect(faultsOf(rewards(best, newest))).toEqual([
      '$.rewards.list[1].group.keeps: write "best", as the group began',
    ]);
  });
});

it('times end after they begin, and top-ups fill money', () => {
  const [fromIso, toIso] = ['2026-06-01T00:00:00Z', '2026-06-01T00:00:00Z'];
  expect(faultsOf({ windows: [{ windowId: 'w', fromIso, toIso }] })).toEqual([
    '$.windows[0].toIso: write an instant after fromIso',
  ]);
  const gate = { gateId: 'g', name: named('G'), lines: { skus: ['x'] }, fromIso, toIso };
  expect(faultsOf({ gates: [gate] })).toEqual(['$.gates[0].toIso: write an instant after fromIso']);
  expect(faultsOf({ topUps: [{ skus: ['TOP'], account: 'points' }] })).toEqual([
    '$.topUps[0].account: write an account of the kind "money"; "points" is of the kind "points"',
  ]);
});

it('of two files only one has a version', () => {
  const dated = (version: number, effectiveFromMs: number) => ({
    programmeId: 'p',
    version,
    effectiveFromMs,
    effectiveToMs: null,
  });
  expect(clashFaults([dated(1, 0), dated(1, 5)])).toEqual([
    { path: '$.version', message: 'write another version: p@1 is there already' },
  ]);
  expect(clashFaults([dated(1, 0), dated(2, 5)])).toEqual([]);
});
