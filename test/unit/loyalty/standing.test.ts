// Goal: points of a rule with a threshold fall when returned goods leave it unmet, whatever the
// kind of rule, and only then. Method: small programmes, one return each, points by hand.
import { describe, expect, it } from 'vitest';
import {
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  programmeOf,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

const AT = '2026-03-06T10:00:00Z';
const LATER = '2026-03-07T10:00:00Z';
const ADA = { members: [{ memberId: 'ada' }] };

type Line = Parameters<ReturnType<typeof loyaltyShop>['sell']>[0]['lines'][number];

/** Points after the sale, and after some of it came back. */
function pointsOf(
  rules: readonly RuleForm[],
  lines: Line[],
  back: readonly (readonly [number, number])[],
  base: 'included' | 'excluded' = 'included',
): readonly [number, number] {
  const shop = loyaltyShop(
    programmeOf({ earning: { base: { taxes: base }, rules: [...rules] } }),
    ADA,
  );
  shop.sell({ transactionId: 't', memberId: 'ada', lines }, AT);
  const before = shop.balance('ada', 'points', AT);
  expect(shop.returns('t', back, LATER).ok).toBe(true);
  return [before, shop.balance('ada', 'points', LATER)];
}

const money = (unitPriceMinor: number, changes: Partial<Line> = {}): Line => ({
  unitPriceMinor,
  ...changes,
});

describe('what stands on a threshold', () => {
  const bonus: RuleForm = {
    kind: 'money',
    ruleId: 'bonus',
    name: named('From 50.00'),
    when: { basketAtLeastMinor: 5000 },
    points: '1',
    perMinor: 100,
  };

  it('a bonus on money falls as a whole where the basket no longer reaches its amount', () => {
    expect(pointsOf([ONE_PER_UNIT, bonus], [money(3000), money(3000)], [[1, 1]])).toEqual([
      120, 30,
    ]);
  });

  it('and stays in part where it does', () => {
    expect(pointsOf([ONE_PER_UNIT, bonus], [money(5000), money(1000)], [[2, 1]])).toEqual([
      120, 100,
    ]);
  });

  it('a gift card keeps no bonus: it never counted for the amount', () => {
    const fixed: RuleForm = {
      kind: 'fixed',
      ruleId: 'fixed',
      name: named('Fixed'),
      when: { basketAtLeastMinor: 2000 },
      points: 50,
    };
    const card = money(5000, { flags: ['stored-value'] });
    expect(pointsOf([fixed], [money(2000), card], [[1, 1]])).toEqual([50, 0]);
  });

  it('an amount without tax is asked for without tax again', () => {
    const lines = [money(5500, { taxRateBasisPoints: 1900 }), money(1000)];
    // 55.00 are 46.22 without their tax.
    expect(pointsOf([bonus], lines, [[2, 1]], 'excluded')).toEqual([56, 0]);
  });

  it('a multiplier for three coffees falls with the third', () => {
    const rules: RuleForm[] = [
      ONE_PER_UNIT,
      {
        kind: 'multiplier',
        ruleId: 'three',
        name: named('Three'),
        when: { lines: { productTypes: ['coffee'] }, linesAtLeastUnits: 3 },
        factor: '2',
      },
    ];
    const coffee = money(400, { productType: 'coffee', quantity: 3 });
    expect(pointsOf(rules, [coffee, money(1000)], [[1, 1]])).toEqual([44, 18]);
  });
});

describe('the extra points of a multiplier', () => {
  const rules: RuleForm[] = [
    {
      kind: 'table',
      ruleId: 'table',
      name: named('Table'),
      rows: [
        { ruleId: 'all', name: named('All'), points: '1', perMinor: 100 },
        { ruleId: 'coffee', name: named('Coffee'), productTypes: ['coffee'], pointsPerUnit: '8' },
      ],
    },
    {
      kind: 'multiplier',
      ruleId: 'double',
      name: named('Double'),
      factor: '2',
      of: ['coffee'],
    },
  ];
  const lines = [money(400, { productType: 'coffee', quantity: 3 }), money(1000)];

  it('come back with the lines whose points it multiplied', () => {
    expect(pointsOf(rules, lines, [[1, 3]])).toEqual([58, 10]);
  });

  it('and not with others', () => {
    expect(pointsOf(rules, lines, [[2, 1]])).toEqual([58, 48]);
  });
});

describe('a challenge', () => {
  const challenge: RuleForm = {
    kind: 'challenge',
    ruleId: 'cheese',
    name: named('Five cheeses'),
    when: { lines: { productTypes: ['cheese'] } },
    units: 5,
    withinDays: 30,
    points: 100,
  };
  const cheeses = (quantity: number) => money(100, { productType: 'cheese', quantity });

  it('is undone where the units that completed it come back, and those that stay count on', () => {
    const shop = loyaltyShop(programmeOf({ earning: { rules: [challenge] } }), ADA);
    shop.sell({ transactionId: 't', memberId: 'ada', lines: [cheeses(5), money(100)] }, AT);
    shop.returns('t', [[1, 4]], LATER);
    expect(shop.balance('ada', 'points', LATER)).toBe(0);
    expect(shop.held('member/ada', 'challenge/cheese')).toBe(1);
    shop.sell({ transactionId: 'u', memberId: 'ada', lines: [cheeses(4)] }, LATER);
    expect(shop.balance('ada', 'points', LATER)).toBe(100);
    expect(shop.held('member/ada', 'challenge/cheese')).toBe(0);
  });

  it('stands while enough of its units stay', () => {
    expect(pointsOf([challenge], [cheeses(7)], [[1, 2]])).toEqual([100, 100]);
  });

  it('forgets units that come back before it is completed', () => {
    const shop = loyaltyShop(programmeOf({ earning: { rules: [challenge] } }), ADA);
    shop.sell({ transactionId: 't', memberId: 'ada', lines: [cheeses(4)] }, AT);
    shop.returns('t', [[1, 3]], LATER);
    expect(shop.held('member/ada', 'challenge/cheese')).toBe(1);
  });
});

it('a streak with a cap goes on week by week: progress asks for no room', () => {
  const streak: RuleForm = {
    kind: 'streak',
    ruleId: 'weeks',
    name: named('Two weeks'),
    weeks: 2,
    badgeId: 'regular',
    points: 50,
    caps: [{ period: 'year', times: 1 }],
  };
  const shop = loyaltyShop(programmeOf({ earning: { rules: [streak] } }), ADA);
  shop.sell({ memberId: 'ada', lines: [money(100)] }, '2026-03-02T10:00:00Z');
  shop.sell({ memberId: 'ada', lines: [money(100)] }, '2026-03-09T10:00:00Z');
  expect(shop.balance('ada')).toBe(50);
  expect(shop.held('member/ada', 'badge')).toBe(1);
});

it('what a rule remembers falls with its bonus: caps, friends and birthdays are free again', () => {
  const when = { basketAtLeastMinor: 1000 };
  const rules: RuleForm[] = [
    {
      kind: 'referral',
      ruleId: 'friend',
      name: named('Friend'),
      on: 'first-sale',
      when,
      friendPoints: 500,
      referrerPoints: 500,
      friendsMax: 1,
    },
    {
      kind: 'fixed',
      ruleId: 'cake',
      name: named('Cake'),
      when: { ...when, birthday: { window: 'month' } },
      points: 100,
      caps: [{ period: 'year', times: 1 }],
    },
  ];
  const shop = loyaltyShop(programmeOf({ earning: { rules } }), {
    members: [
      { memberId: 'ada', referrerId: 'ben', birthday: { month: 3, day: 1 } },
      { memberId: 'ben' },
    ],
  });
  const sale = { memberId: 'ada', lines: [money(900), money(300)] };
  shop.sell({ ...sale, transactionId: 't' }, AT);
  expect([shop.balance('ada'), shop.balance('ben')]).toEqual([600, 500]);
  shop.returns('t', [[2, 1]], LATER);
  expect([shop.balance('ada'), shop.balance('ben')]).toEqual([0, 0]);
  expect(shop.held('member/ben', 'friends/friend')).toBe(0);
  expect(shop.held('member/ada', 'used/cake')).toBe(0);
  shop.sell({ ...sale, transactionId: 'u' }, LATER);
  expect(shop.balance('ada')).toBe(100);
});
