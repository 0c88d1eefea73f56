// Goal: a replay goes on from sale to sale for everybody concerned, and its report adds up.
// Method: small histories under two programmes; figures written by hand.
import { describe, expect, it } from 'vitest';
import { EMPTY_BOOKS, heldOf, type Movement } from '#loyalty/books/books.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import {
  addFigures,
  costMinorOf,
  createReplay,
  issuedBy,
  NO_FIGURES,
  type PastSale,
  type SaleFigures,
  saleFiguresOf,
} from '#loyalty/reporting/replay.ts';
import { createComparison } from '#loyalty/reporting/replayReport.ts';
import {
  accountOf,
  compiledOf,
  named,
  ONE_PER_UNIT,
  pointsAccount,
  programmeOf,
} from '#test/support/loyaltyShop.ts';

const AT = 1_772_000_000_000;

function memberOf(memberId: string, changes: Partial<MemberProfile> = {}): MemberProfile {
  return {
    memberId,
    language: null,
    enrolledAtMs: AT,
    birthday: null,
    segments: [],
    flags: [],
    staffOperatorId: null,
    referrerId: null,
    poolId: null,
    contractId: null,
    recentBaskets: [],
    ...changes,
  };
}

function saleOf(transactionId: string, member: MemberProfile | null, claimed = 0): PastSale {
  const line = {
    line: 1,
    kind: 'product',
    sku: 'tea',
    productType: 'tea',
    quantity: 1,
    unitPriceMinor: 1000,
    taxRateBasisPoints: 0,
  } as const;
  const claims = claimed === 0 ? [] : [{ rewardId: 'off', times: claimed, line: null }];
  return {
    member,
    sale: { transactionId, lines: [line], claims, codes: [], tenders: [] },
    moment: { atMs: AT, channel: 'till', operatorId: 'o1', saleDigestHex: null },
  };
}

const compiled = compiledOf(
  programmeOf({
    accounts: [
      pointsAccount({ costMinor: '2' }),
      accountOf('wallet', 'money', { costMinor: '0.5' }),
    ],
    earning: {
      rules: [
        { ...ONE_PER_UNIT, caps: [{ period: 'day', per: 'operator', points: 25 }] },
        {
          kind: 'referral',
          ruleId: 'friend',
          name: named('Friend'),
          on: 'first-sale',
          referrerPoints: 5,
        },
      ],
    },
    rewards: {
      list: [
        {
          kind: 'amount-off',
          rewardId: 'off',
          name: named('Off'),
          cost: { points: 10 },
          amountOffMinor: 100,
        },
      ],
    },
  }),
);

describe('a replay', () => {
  it('goes on for member, pool, referrer and operator', () => {
    const replay = createReplay(EMPTY_BOOKS);
    const pooled = memberOf('ben', { poolId: 'home', referrerId: 'ada' });
    const ada = memberOf('ada');
    const earned = [saleOf('1', pooled), saleOf('2', ada), saleOf('3', ada), saleOf('4', null)].map(
      (past) => replay.price(compiled, past).earnedPoints,
    );
    // The operator may give 25 a day, whoever buys.
    expect(earned).toEqual([10, 10, 5, 0]);
    const books = replay.books();
    expect(heldOf(books, 'pool/home', 'points')).toBe(10);
    expect(heldOf(books, 'member/ada', 'points')).toBe(5 + 10 + 5);
    expect(replay.price(compiled, saleOf('5', ada, 1)).redeemedPoints).toBe(10);
    expect(heldOf(replay.books(), 'member/ada', 'points')).toBe(10);
  });

  it('applies what happened besides, to the last lot', () => {
    const replay = createReplay(EMPTY_BOOKS);
    const given: Movement = {
      owner: 'member/ada',
      account: 'points',
      lotId: 'gift',
      amount: 30,
      fromMs: 0,
      untilMs: null,
      kind: 'adjustment',
      rule: 'goodwill',
      whyKey: 'why.goodwill',
      whyArgs: {},
    };
    replay.apply([given]);
    const before = replay.books();
    expect(replay.price(compiled, saleOf('1', memberOf('ada'), 1)).totalMinor).toBe(900);
    // What was handed out stays as it was.
    expect(heldOf(before, 'member/ada', 'points')).toBe(30);
    replay.apply([{ ...given, lotId: 'x' }]);
    replay.apply([{ ...given, lotId: 'x', amount: -30 }]);
    const other = createReplay(before);
    other.apply([{ ...given, amount: -30 }]);
    expect(other.books().size).toBe(0);
  });
});

describe('figures', () => {
  const movement = (changes: Partial<Movement>): Movement => ({
    owner: 'member/ada',
    account: 'points',
    lotId: 'l',
    amount: 10,
    fromMs: 0,
    untilMs: null,
    kind: 'accrual',
    rule: 'r',
    whyKey: 'why.earn.base',
    whyArgs: {},
    ...changes,
  });

  it('count what rules issued, not money that changed its place', () => {
    const issued = issuedBy([
      movement({}),
      movement({ amount: -4, kind: 'redemption' }),
      movement({ account: 'wallet', amount: 500, whyKey: 'why.top-up' }),
      movement({ account: 'wallet', amount: -200, kind: 'redemption', rule: 'tender' }),
      movement({ account: 'visits', amount: 1, kind: 'tally' }),
      movement({ account: 'wallet', amount: 3 }),
    ]);
    expect(issued).toEqual(
      new Map([
        ['points', 6],
        ['wallet', 3],
      ]),
    );
  });

  it('cost the money off and what is issued, each account at its own cost', () => {
    const figures: SaleFigures = {
      earnedPoints: 10,
      redeemedPoints: 4,
      discountMinor: 100,
      issued: new Map([
        ['points', 6],
        ['wallet', 3],
        ['unknown', 9],
      ]),
    };
    // 100 + 6 × 2 + 3 × 0.5, half up.
    expect(costMinorOf(figures, compiled)).toBe(100 + 12 + 2);
    const spent = { ...NO_FIGURES, issued: new Map([['points', -6]]) };
    expect(costMinorOf(spent, compiled)).toBe(-12);
    expect(addFigures(figures, spent)).toEqual({
      ...figures,
      issued: new Map([
        ['points', 0],
        ['wallet', 3],
        ['unknown', 9],
      ]),
    });
  });

  it('are those of a pricing', () => {
    const replay = createReplay(EMPTY_BOOKS);
    const pricing = replay.price(compiled, saleOf('1', memberOf('ada')));
    expect(saleFiguresOf(pricing)).toEqual({
      earnedPoints: 10,
      redeemedPoints: 0,
      discountMinor: 0,
      issued: new Map([['points', 10]]),
    });
  });
});

describe('a comparison', () => {
  const points = (earnedPoints: number, discountMinor = 0): SaleFigures => ({
    earnedPoints,
    redeemedPoints: 0,
    discountMinor,
    issued: new Map([['points', earnedPoints]]),
  });
  const free = compiledOf(programmeOf());
  const sale = (number: number, before: SaleFigures, after: SaleFigures) => ({
    receiptNumber: String(number).padStart(3, '0'),
    atMs: AT,
    memberId: 'ada',
    before,
    after,
  });

  it('sums each side at the costs of its own programme', () => {
    const comparison = createComparison(compiled);
    comparison.add(sale(1, points(10, 50), points(20)), free);
    comparison.add(sale(2, points(1), points(1)), compiled);
    expect(comparison.report()).toMatchObject({
      saleCount: 2,
      before: { earnedPoints: 11, discountMinor: 50, costMinor: 52 },
      after: { earnedPoints: 21, discountMinor: 0, costMinor: 42 },
    });
  });

  it('lists the twenty largest: money, then points, then the receipt', () => {
    const comparison = createComparison(free);
    comparison.add(sale(99, points(5), points(5)), free);
    for (let number = 30; number >= 1; number -= 1) {
      comparison.add(sale(number, points(0), points(number % 10)), free);
    }
    comparison.add(sale(50, points(0, 10), points(0)), free);
    comparison.add(sale(51, points(0), points(0, 20)), free);
    const spent = { ...points(0), redeemedPoints: 100 };
    comparison.add(sale(52, points(0), spent), free);
    const { largest } = comparison.report();
    const numbers = largest.map(({ receiptNumber }) => Number(receiptNumber));
    expect(numbers.slice(0, 6)).toEqual([51, 50, 52, 9, 19, 29]);
    expect(numbers).toHaveLength(20);
    expect(numbers).not.toContain(99);
  });

  it('names members whose last level differs, by name', () => {
    const comparison = createComparison(free);
    comparison.tier('cem', 'basic', 'gold');
    comparison.tier('ada', 'basic', 'gold');
    comparison.tier('ben', 'gold', 'basic');
    comparison.tier('ben', 'gold', 'gold');
    expect(comparison.report().tierChanges).toEqual([
      { memberId: 'ada', before: 'basic', after: 'gold' },
      { memberId: 'cem', before: 'basic', after: 'gold' },
    ]);
  });
});
