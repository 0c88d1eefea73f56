// Goal: whatever a programme file can say is reached from files alone. Method: for each kind of
// rule, reward and occasion a small programme and a basket, and the one figure that it moves.
import { describe, expect, it } from 'vitest';
import { assert } from '#loyalty/assert.ts';
import { parseBasket, parseState } from '#loyalty/files/inputFiles.ts';
import { pricedForm } from '#loyalty/files/pricedForm.ts';
import { type PricedFiles, priceFiles } from '#loyalty/files/priceFiles.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import {
  accountOf,
  compiledOf,
  digestOf,
  named,
  ONE_PER_UNIT,
  type ProgrammeForm,
  programmeOf,
} from '#test/support/loyaltyShop.ts';
import { earningKinds, occasionActions, rewardKinds } from '#test/support/ruleKinds.ts';

type Rule = ProgrammeForm['earning']['rules'][number];
type Reward = ProgrammeForm['rewards']['list'][number];

/** 2026-03-06 was a Friday. */
const AT = '2026-03-06T10:00:00Z';
const MEMBERS = [
  { memberId: 'ada', balances: { points: 200 }, enrolledAtIso: '2026-01-01T00:00:00Z' },
  { memberId: 'ben', referrerId: 'ada', enrolledAtIso: '2026-03-01T00:00:00Z' },
];

function run(changes: Partial<ProgrammeForm>, basket: object, books: object = {}): PricedFiles {
  const state = parseState(JSON.stringify({ members: MEMBERS, books }));
  const parsed = parseBasket(JSON.stringify({ memberId: 'ada', ...basket }));
  assert(state.ok && parsed.ok, JSON.stringify([state, parsed]));
  const priced = priceFiles({
    compiled: compiledOf(programmeOf(changes)),
    state: state.value,
    basket: parsed.value,
    atMs: parseInstantIso(AT) ?? 0,
    saleDigestHex: digestOf(parsed.value.transactionId),
    memberIdOfCard: () => 'new',
    comesBack: null,
  });
  assert(priced.ok, JSON.stringify(priced));
  expect(pricedForm.safeParse(JSON.parse(JSON.stringify(priced.value))).error).toBeUndefined();
  return priced.value;
}

const held = (value: PricedFiles, owner: string, account: string) =>
  value.balancesAfter[owner]?.[account]?.held ?? 0;

const tea = { sku: 'tea', productType: 'tea', unitPriceMinor: 1000 };
const sale = (rest: object = {}) => ({ action: 'sale', lines: [tea], ...rest });
const accounts = [
  accountOf('wallet', 'money'),
  accountOf('money', 'charity'),
  accountOf('cinema', 'partner'),
];
const charities = [{ charityId: 'trees', name: named('Trees') }];
const partners = [
  { partnerId: 'film', name: named('Film'), cardPrefix: '2977', account: 'cinema' },
];
const head = (ruleId: string) => ({ ruleId, name: named(ruleId) });

/** A rule, the basket, and who has how much of what when it is over. */
const rules: readonly (readonly [Rule, object, string, string, number, object?])[] = [
  [ONE_PER_UNIT, sale(), 'member/ada', 'points', 210],
  [
    { kind: 'bands', ...head('r'), bands: [{ upToMinor: null, points: 6 }] },
    sale(),
    'member/ada',
    'points',
    206,
  ],
  [
    { kind: 'money', ...head('r'), points: '2', perMinor: 100 },
    sale(),
    'member/ada',
    'points',
    220,
  ],
  [{ kind: 'units', ...head('r'), pointsPerUnit: '3' }, sale(), 'member/ada', 'points', 203],
  [{ kind: 'fixed', ...head('r'), points: 5 }, sale(), 'member/ada', 'points', 205],
  [{ kind: 'visit', ...head('r'), points: 1 }, sale(), 'member/ada', 'points', 201],
  [
    { kind: 'streak', ...head('r'), weeks: 2, badgeId: 'two', points: 7 },
    sale(),
    'member/ada',
    'points',
    207,
    {
      'member/ada': {
        'weeks/r': [{ lotId: '2026-W09', amount: 1, fromIso: '2026-02-23T00:00:00Z' }],
      },
    },
  ],
  [
    { kind: 'challenge', ...head('r'), units: 2, withinDays: 30, points: 9 },
    sale({ lines: [{ ...tea, quantity: 2 }] }),
    'member/ada',
    'points',
    209,
  ],
  [
    { kind: 'event', ...head('r'), eventId: 'post', givenBy: 'operator', points: 25 },
    { action: 'event', eventId: 'post' },
    'member/ada',
    'points',
    225,
  ],
  [
    { kind: 'enrolment', ...head('r'), points: 10 },
    { action: 'enrol' },
    'member/ada',
    'points',
    210,
  ],
  [
    { kind: 'referral', ...head('r'), on: 'first-sale', referrerPoints: 50 },
    sale({ memberId: 'ben' }),
    'member/ada',
    'points',
    250,
  ],
  [
    { kind: 'lucky', ...head('r'), oneIn: 10, points: 50 },
    // The digest of s29 is 0 modulo 10: found by trying.
    sale({ transactionId: 's29' }),
    'member/ada',
    'points',
    250,
  ],
  [
    { kind: 'share', ...head('r'), account: 'cinema', points: '1', perMinor: 100, to: 'film' },
    sale({ memberId: null, cardNumber: '2977000000010' }),
    'partner/film',
    'cinema',
    10,
  ],
];

describe('every kind of earning rule', () => {
  it('is in the table', () => {
    const shown = new Set(rules.map(([rule]) => rule.kind));
    expect(new Set([...shown, 'multiplier'])).toEqual(earningKinds);
  });

  const cases = rules.map(([rule, basket, owner, account, points, books = {}]) => {
    return { kind: rule.kind, rule, basket, owner, account, points, books };
  });
  it.each(cases)('$kind', ({ rule, basket, owner, account, points, books }) => {
    const changes = { earning: { rules: [rule] }, accounts, charities, partners };
    expect(held(run(changes, basket, books), owner, account)).toBe(points);
  });

  it('multiplies another', () => {
    const double: Rule = { kind: 'multiplier', ...head('double'), factor: '2', of: ['all'] };
    const priced = run({ earning: { rules: [ONE_PER_UNIT, double] } }, sale());
    expect(held(priced, 'member/ada', 'points')).toBe(220);
  });
});

const rewardHead = { rewardId: 'r', name: named('r'), cost: { points: 100 } };
const claims = [{ rewardId: 'r' }];

/** A reward, and what the pricing of a claim of it has. */
const rewards: readonly (readonly [Reward, object])[] = [
  [{ kind: 'amount-off', ...rewardHead, amountOffMinor: 300 }, { totalMinor: 700 }],
  [{ kind: 'percent-off', ...rewardHead, percent: '10' }, { totalMinor: 900 }],
  [{ kind: 'free-units', ...rewardHead }, { totalMinor: 0 }],
  [
    { kind: 'gift', ...rewardHead, sku: 'cup', buy: 1, get: 1 },
    { gifts: [expect.objectContaining({ sku: 'cup', units: 1 })] },
  ],
  [
    { kind: 'fixed-price', ...rewardHead, lines: { skus: ['tea'] }, unitPriceMinor: 250 },
    { totalMinor: 250 },
  ],
  [
    { kind: 'slip', ...rewardHead, validDays: 30, issuedBy: 'Desk' },
    { slips: [expect.objectContaining({ issuedBy: 'Desk' })] },
  ],
  [
    { kind: 'convert', ...rewardHead, to: 'wallet', amount: 500 },
    { accruals: [expect.objectContaining({ account: 'wallet', points: 500 })] },
  ],
];

describe('every kind of reward', () => {
  it('is in the table', () => {
    expect(new Set(rewards.map(([reward]) => reward.kind))).toEqual(rewardKinds);
  });

  it.each(rewards)('%j', (reward, expected) => {
    const priced = run({ rewards: { list: [reward] }, accounts }, sale({ claims }));
    expect(priced).toMatchObject({ kind: 'sale', pricing: { ...expected, redeemedPoints: 100 } });
    expect(held(priced, 'member/ada', 'points')).toBe(100);
  });
});

const seasons = [
  { windowId: 'spring', fromIso: '2026-01-01T00:00:00Z', toIso: '2026-03-01T00:00:00Z' },
];
const gifts = {
  goodwillPerOperatorPerDay: 100,
  reasons: [{ reasonId: 'late', name: named('Late') }],
  transferPerMemberPerDay: 150,
};
const lapsed = {
  'member/ada': {
    points: [
      {
        lotId: 'old',
        amount: 30,
        fromIso: '2025-01-01T00:00:00Z',
        untilIso: '2026-01-01T00:00:00Z',
      },
    ],
  },
};

interface Happens {
  readonly action: string;
  readonly [key: string]: unknown;
}

/** An occasion, and the points that ada has when it is over. */
const occasions: readonly (readonly [Happens, number, object?])[] = [
  [{ ...sale(), action: 'sale' }, 210],
  [{ action: 'enrol' }, 210],
  [{ action: 'event', eventId: 'post' }, 225],
  [{ action: 'goodwill', points: 40, reasonId: 'late' }, 240],
  [{ action: 'transfer', toMemberId: 'ben', points: 120 }, 80],
  [{ action: 'late-claim', saleAtIso: '2026-03-01T10:00:00Z', lines: [tea] }, 210],
  [{ action: 'close-window', windowId: 'spring' }, 100],
  [{ action: 'close-period' }, 200, lapsed],
  [{ action: 'expire' }, 200, lapsed],
];

describe('every occasion', () => {
  const seasonReward: Reward = {
    kind: 'convert',
    ...rewardHead,
    trigger: 'window-close',
    to: 'wallet',
    amount: 1000,
  };
  const changes: Partial<ProgrammeForm> = {
    accounts,
    gifts,
    windows: seasons,
    lateClaimDays: 7,
    rewards: { list: [seasonReward] },
    earning: {
      rules: [
        ONE_PER_UNIT,
        { kind: 'enrolment', ...head('welcome'), points: 10 },
        { kind: 'event', ...head('post'), eventId: 'post', givenBy: 'operator', points: 25 },
      ],
    },
  };

  it('is in the table', () => {
    expect(new Set(occasions.map(([{ action }]) => action))).toEqual(occasionActions);
  });

  const cases = occasions.map(([basket, points, books = {}]) => {
    return { action: basket.action, basket, points, books };
  });
  it.each(cases)('$action', ({ basket, points, books }) => {
    const priced = run(changes, basket, books);
    expect(priced.kind).not.toBe('refused');
    expect(held(priced, 'member/ada', 'points')).toBe(points);
    // What came out goes in again and stays what it was.
    const again = parseState(JSON.stringify(priced.stateAfter));
    expect(again.ok && again.value).toEqual(priced.stateAfter);
  });
});
