// Goal: a rule holds exactly when each part of its condition does. Method: one fixed bonus under
// one condition at a time, on either side of it.
import { describe, expect, it } from 'vitest';
import { dateOfDays } from '#loyalty/instant.ts';
import { birthdayIn } from '#loyalty/programme/compiledCondition.ts';
import {
  loyaltyShop,
  named,
  type ProgrammeForm,
  programmeOf,
  type RuleForm,
  type SaleForm,
  type StateForm,
} from '#test/support/loyaltyShop.ts';

type When = NonNullable<RuleForm['when']>;
type Member = NonNullable<StateForm['members']>[number];

const AT = '2026-03-05T12:00:00Z';
const tea = { sku: 'tea', productType: 'drink', tags: ['hot'], unitPriceMinor: 1000 };

const changes: Partial<ProgrammeForm> = {
  timeZone: 'Europe/Istanbul',
  tiers: {
    levels: [
      { tierId: 'base', name: named('Base'), from: 0 },
      { tierId: 'gold', name: named('Gold'), from: 500 },
    ],
  },
  segments: [
    {
      segmentId: 'regulars',
      name: named('Regulars'),
      recencyDaysMax: 10,
      visitsMin: 2,
      spendMinMinor: 3000,
      windowDays: 60,
    },
  ],
  memberships: [{ membershipId: 'club', name: named('Club'), sku: 'club-year', days: 365 }],
};

/** Whether a fixed bonus under this condition is given. */
function holds(
  when: When,
  form: Partial<SaleForm> = {},
  atIso = AT,
  member: Partial<Member> = {},
  books: StateForm['books'] = {},
): boolean {
  const badge: RuleForm = {
    kind: 'streak',
    ruleId: 'badge',
    name: named('x'),
    weeks: 50,
    badgeId: 'fan',
  };
  const bonus: RuleForm = { kind: 'fixed', ruleId: 'r', name: named('r'), points: 5, when };
  const programme = programmeOf({ ...changes, earning: { rules: [bonus, badge] } });
  const state = { members: [{ memberId: 'm1', ...member }], books };
  const sale = { memberId: 'm1', lines: [tea], ...form };
  const { accruals } = loyaltyShop(programme, state).quote(sale, atIso);
  return accruals.some(({ rule }) => rule === 'r');
}

describe('a condition on the basket', () => {
  it.each([
    [{ basketAtLeastMinor: 1000 }, true],
    [{ basketAtLeastMinor: 1001 }, false],
    [{ lines: { skus: ['tea'] }, linesAtLeastMinor: 1000 }, true],
    [{ lines: { skus: ['tea'] }, linesAtLeastMinor: 1001 }, false],
    [{ lines: { skus: ['cake'] }, linesAtLeastMinor: 1 }, false],
    [{ lines: { tags: ['hot'] }, linesAtLeastUnits: 1 }, true],
    [{ lines: { tags: ['hot'] }, linesAtLeastUnits: 2 }, false],
    [{ lines: { tags: ['cold'] }, linesAtLeastUnits: 1 }, false],
    [{ lines: { exceptTags: ['hot'] }, linesAtLeastUnits: 1 }, false],
    [{ lines: { exceptSkus: ['tea'] }, linesAtLeastUnits: 1 }, false],
    [{ lines: { exceptSkus: ['cake'] }, linesAtLeastUnits: 1 }, true],
    [{ lines: { exceptProductTypes: ['drink'] }, linesAtLeastUnits: 1 }, false],
    [{ lines: { productTypes: ['drink'], exceptTags: ['new'] }, linesAtLeastUnits: 1 }, true],
    [{ lines: { productTypes: ['drink'], exceptTags: ['hot'] }, linesAtLeastUnits: 1 }, false],
    [{ channels: ['till'] }, true],
    [{ channels: ['web'] }, false],
    [{ tenderTypes: ['cash'] }, true],
    [{ tenderTypes: ['card'] }, false],
    [{ code: 'TEN' }, false],
    [{}, true],
  ] satisfies [When, boolean][])('%j: %s', (when, isHeld) => {
    expect(holds(when)).toBe(isHeld);
  });

  it('counts thresholds with tax or without, as it says', () => {
    const lines = [{ ...tea, taxRateBasisPoints: 2500 }];
    const when = { basketAtLeastMinor: 801 };
    expect(holds({ ...when, thresholdTaxes: 'included' }, { lines })).toBe(true);
    expect(holds({ ...when, thresholdTaxes: 'excluded' }, { lines })).toBe(false);
    expect(holds({ basketAtLeastMinor: 800, thresholdTaxes: 'excluded' }, { lines })).toBe(true);
  });

  it('hears the code of the sale', () => {
    expect(holds({ code: 'TEN' }, { codes: ['FIVE', 'TEN'] })).toBe(true);
  });
});

describe('a condition on the moment', () => {
  it.each([
    [{ weekdays: [4] }, AT, true],
    [{ weekdays: [1, 2, 3, 5, 6, 7] }, AT, false],
    // 23:00 in London is the next day in Istanbul.
    [{ weekdays: [5] }, '2026-03-05T23:00:00Z', true],
    [{ hours: { from: '15:00', to: '15:01' } }, AT, true],
    [{ hours: { from: '15:01', to: '16:00' } }, AT, false],
    [{ hours: { from: '14:00', to: '15:00' } }, AT, false],
    [{ hours: { from: '22:00', to: '02:00' } }, '2026-03-05T19:00:00Z', true],
    [{ hours: { from: '22:00', to: '02:00' } }, '2026-03-05T18:59:00Z', false],
    [{ hours: { from: '22:00', to: '02:00' } }, '2026-03-05T22:59:00Z', true],
    [{ hours: { from: '22:00', to: '02:00' } }, '2026-03-05T23:00:00Z', false],
    [{ fromIso: AT }, AT, true],
    [{ fromIso: AT }, '2026-03-05T11:59:59Z', false],
    [{ toIso: AT }, AT, false],
    [{ toIso: AT }, '2026-03-05T11:59:59Z', true],
  ] satisfies [When, string, boolean][])('%j at %s: %s', (when, atIso, isHeld) => {
    expect(holds(when, {}, atIso)).toBe(isHeld);
  });

  it('counts a Friday night as Friday until the cut-over', () => {
    const friday: RuleForm = {
      kind: 'fixed',
      ruleId: 'friday',
      name: named('Friday'),
      points: 5,
      when: { weekdays: [5], hours: { from: '22:00', to: '04:00' } },
    };
    const night = { ...changes, businessDayCutOver: '04:00', earning: { rules: [friday] } };
    const at = (iso: string) =>
      loyaltyShop(programmeOf(night), { members: [{ memberId: 'm1' }] }).quote(
        { memberId: 'm1', lines: [tea] },
        iso,
      ).earnedPoints;
    expect(at('2026-03-06T23:00:00+03:00')).toBe(5);
    expect(at('2026-03-07T03:59:00+03:00')).toBe(5);
    expect(at('2026-03-07T23:00:00+03:00')).toBe(0);
    expect(at('2026-03-06T03:00:00+03:00'), 'still Thursday').toBe(0);
  });
});

describe('a condition on the member', () => {
  const visited = (day: string, amount = 1) => {
    return { lotId: day, amount, fromIso: `${day}T00:00:00Z` };
  };

  it('knows members from guests; guests earn nothing whatever it says', () => {
    expect(holds({ audience: 'members' })).toBe(true);
    expect(holds({ audience: 'everyone' })).toBe(true);
    expect(holds({ audience: 'guests' })).toBe(false);
    expect(holds({ audience: 'everyone' }, { memberId: null })).toBe(false);
  });

  it('knows the first sale', () => {
    expect(holds({ isFirstSale: true })).toBe(true);
    const books = { 'member/m1': { visits: [visited('2020-01-01')] } };
    expect(holds({ isFirstSale: true }, {}, AT, {}, books)).toBe(false);
  });

  it('knows tier, badge, membership and flags', () => {
    expect(holds({ tierIds: ['base'] })).toBe(true);
    expect(holds({ tierIds: ['gold'] })).toBe(false);
    expect(holds({ tierIds: ['gold'] }, {}, AT, { tier: { tierId: 'gold' } })).toBe(true);
    const lot = (lotId: string, untilIso: string | null) => {
      return { lotId, amount: 1, fromIso: '2026-01-01T00:00:00Z', untilIso };
    };
    const held = (account: string, lotId: string, untilIso: string | null = null) => {
      return { 'member/m1': { [account]: [lot(lotId, untilIso)] } };
    };
    expect(holds({ badgeIds: ['fan'] })).toBe(false);
    expect(holds({ badgeIds: ['fan'] }, {}, AT, {}, held('badge', 'fan'))).toBe(true);
    const club = { membershipIds: ['club'] };
    expect(holds(club)).toBe(false);
    expect(holds(club, {}, AT, {}, held('membership', 'club'))).toBe(true);
    expect(holds(club, {}, AT, {}, held('membership', 'club', AT))).toBe(false);
    // Bought in this very sale it holds at once.
    const lines = [tea, { sku: 'club-year', unitPriceMinor: 5000 }];
    expect(holds(club, { lines })).toBe(true);
    expect(holds({ exceptFlags: ['no-lucky'] })).toBe(true);
    expect(holds({ exceptFlags: ['no-lucky'] }, {}, AT, { flags: ['no-lucky'] })).toBe(false);
  });

  it('knows segments that are given, and those that follow from sales', () => {
    const when = { segmentIds: ['regulars'] };
    const sales = (visits: readonly string[], spend: number) => ({
      'member/m1': {
        visits: visits.map((day) => visited(day)),
        spend: [visited('2026-02-20', spend)],
      },
    });
    expect(holds(when)).toBe(false);
    expect(holds(when, {}, AT, { segments: ['regulars'] })).toBe(true);
    const days = ['2026-01-04', '2026-02-23'];
    expect(holds(when, {}, AT, {}, sales(days, 3000))).toBe(true);
    expect(holds(when, {}, AT, {}, sales(days, 2999))).toBe(false);
    expect(holds(when, {}, AT, {}, sales(['2026-01-03', '2026-02-23'], 3000))).toBe(false);
    expect(holds(when, {}, AT, {}, sales(['2026-01-04', '2026-02-22'], 3000))).toBe(false);
  });
});

describe('a birthday', () => {
  const born = (month: number, day: number, changedAtIso: string | null = null) => {
    return { birthday: { month, day, changedAtIso } };
  };
  const days = (daysBefore: number, daysAfter: number): When => {
    return { birthday: { window: 'days', daysBefore, daysAfter } };
  };
  const on = (when: When, day: string, member: Partial<Member>) =>
    holds(when, {}, `${day}T12:00:00Z`, member);

  it('has its days before and after, over New Year too', () => {
    const when = days(3, 2);
    expect(on(when, '2026-03-01', born(3, 5))).toBe(false);
    expect(on(when, '2026-03-02', born(3, 5))).toBe(true);
    expect(on(when, '2026-03-07', born(3, 5))).toBe(true);
    expect(on(when, '2026-03-08', born(3, 5))).toBe(false);
    expect(on(when, '2025-12-30', born(1, 2))).toBe(true);
    expect(on(when, '2026-01-02', born(12, 31))).toBe(true);
    expect(on(when, '2026-03-05', {})).toBe(false);
  });

  it('is a whole month where the programme says so', () => {
    const when: When = { birthday: { window: 'month' } };
    expect(on(when, '2026-03-31', born(3, 1))).toBe(true);
    expect(on(when, '2026-04-01', born(3, 31))).toBe(false);
  });

  it('on 29 February is the day that the programme says, in years without one', () => {
    const text = (year: number, nonLeapDay: 'feb-28' | 'mar-01') =>
      dateOfDays(birthdayIn(year, 2, 29, nonLeapDay));
    expect(text(2028, 'feb-28')).toBe('2028-02-29');
    expect(text(2000, 'mar-01')).toBe('2000-02-29');
    expect(text(2100, 'mar-01')).toBe('2100-03-01');
    expect(text(2026, 'feb-28')).toBe('2026-02-28');
    expect(dateOfDays(birthdayIn(2026, 2, 28, 'mar-01'))).toBe('2026-02-28');
    expect(dateOfDays(birthdayIn(2026, 3, 29, 'feb-28'))).toBe('2026-03-29');
  });

  it('brings nothing for thirty days after it was edited', () => {
    const when = days(0, 0);
    // AT less thirty days.
    const edited = '2026-02-03T12:00:00Z';
    const later = '2026-02-03T12:00:01Z';
    expect(on(when, '2026-03-05', born(3, 5, edited))).toBe(true);
    expect(on(when, '2026-03-05', born(3, 5, later))).toBe(false);
  });

  it('comes once a year', () => {
    const bonus: RuleForm = {
      kind: 'fixed',
      ruleId: 'r',
      name: named('r'),
      points: 5,
      when: days(3, 3),
    };
    const programme = programmeOf({ earning: { rules: [bonus] } });
    const shop = loyaltyShop(programme, { members: [{ memberId: 'm1', ...born(1, 1) }] });
    const given = (day: string) =>
      shop.sell({ memberId: 'm1', lines: [tea] }, `${day}T12:00:00Z`).earnedPoints;
    expect(['2025-12-30', '2026-01-02', '2026-12-30'].map(given)).toEqual([5, 0, 5]);
    const [movement] = shop.sold('sale-1').pricing.movements;
    expect(movement?.onceKey).toBe('r/2026');
  });
});
