// Goal: what earns, and what only pays, comes out as in Odoo's own test suite (cases C17–C32).
// Method: each case is sold by the pure engine under a programme that states Odoo's policy.
import { describe, expect, it } from 'vitest';
import { lotsOf } from '#loyalty/books/books.ts';
import {
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  type ProgrammeForm,
  programmeOf,
} from '#test/support/loyaltyShop.ts';
import { AT, amountsOff, goods, item, LATER, members } from '#test/support/peerGoods.ts';

type Base = NonNullable<ProgrammeForm['earning']['base']>;
type RewardForm = ProgrammeForm['rewards']['list'][number];

const TEN_PERCENT: RewardForm = {
  kind: 'percent-off',
  rewardId: 'ten-percent',
  name: named('10 %'),
  trigger: 'automatic',
  percent: '10',
};
const FOOD = { productTypes: ['food'] };
const FOOD_AND_OTHER = [
  item('bread', 10_000, { productType: 'food' }),
  item('broom', 5000, { productType: 'household' }),
];

/** A point for each unit of money of food, and a promotion. */
function foodProgramme(base: Base, promotion: RewardForm) {
  return programmeOf({
    earning: {
      base,
      rules: [
        {
          kind: 'money',
          ruleId: 'food',
          name: named('Food'),
          points: '1',
          perMinor: 100,
          when: { lines: FOOD },
        },
      ],
    },
    rewards: { list: [promotion] },
  });
}

/** A money account of the member that pays, and a sku that fills it. */
function storedValue(accountId: string, changes: Partial<ProgrammeForm> = {}) {
  return programmeOf({
    accounts: [
      {
        accountId,
        kind: 'money',
        names: { one: named('cent'), other: named('cents') },
        expiry: null,
      },
    ],
    topUps: [{ skus: ['top-up'], account: accountId }],
    ...changes,
  });
}
const TOP_UP = (amountMinor: number) =>
  item('top-up', amountMinor, { productType: 'stored-value', flags: ['stored-value'] });

describe('Odoo: the base of earning', () => {
  it('C17 points count what is left after a discount', () => {
    const programme = programmeOf({
      earning: { rules: [ONE_PER_UNIT] },
      rewards: { list: [TEN_PERCENT] },
    });
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    const pricing = shop.sell({ memberId: 'AAA', lines: [item('goods', 10_000)] }, AT);
    expect(pricing).toMatchObject({ totalMinor: 9000, earnedPoints: 90 });
    expect(shop.balance('AAA')).toBe(90);
  });

  it('C19 a discount on the whole order lowers no rule that looks at some goods only', () => {
    const programme = foodProgramme({ basketDiscountLowers: 'unfilteredRulesOnly' }, TEN_PERCENT);
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    const pricing = shop.sell({ memberId: 'AAA', lines: FOOD_AND_OTHER }, AT);
    expect(pricing).toMatchObject({ totalMinor: 13_500, earnedPoints: 100 });
  });

  it('C20 a discount on the very goods of a rule lowers it', () => {
    const programme = foodProgramme(
      { basketDiscountLowers: 'unfilteredRulesOnly' },
      { ...TEN_PERCENT, lines: FOOD },
    );
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    const pricing = shop.sell({ memberId: 'AAA', lines: FOOD_AND_OTHER }, AT);
    expect(pricing).toMatchObject({ totalMinor: 14_000, earnedPoints: 90 });
  });

  it('C22 a gift card pays and lowers no points', () => {
    const programme = storedValue('gift-card', { earning: { rules: [ONE_PER_UNIT] } });
    const shop = loyaltyShop(programme, members({ AAA: 5000 }, 'gift-card'));
    const sale = {
      memberId: 'AAA',
      lines: [item('goods', 10_000)],
      tenders: [{ tenderType: 'gift-card', amountMinor: 5000 }],
    };
    expect(shop.sell(sale, AT)).toMatchObject({ dueMinor: 5000, earnedPoints: 100 });
    expect(shop.balance('AAA', 'gift-card')).toBe(0);
  });

  it('C23 a unit that a discount makes free still counts, its reward does not', () => {
    const programme = programmeOf({
      earning: {
        base: { freeUnitEarns: 'whenRewardIsDiscount', spendPointsOfThisSale: 'yes' },
        rules: [
          {
            kind: 'units',
            ruleId: 'units',
            name: named('Units'),
            pointsPerUnit: '1',
            when: { linesAtLeastUnits: 2 },
          },
        ],
      },
      rewards: {
        list: [
          {
            kind: 'percent-off',
            rewardId: 'cheapest-free',
            name: named('The cheapest'),
            cost: { points: 2 },
            percent: '100',
            ofUnit: 'cheapest',
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    const lines = [goods('organizer'), goods('pen')];
    const claims = [{ rewardId: 'cheapest-free' }];
    const pricing = shop.sell({ memberId: 'AAA', lines, claims }, AT);
    expect(pricing).toMatchObject({ dueMinor: 510, earnedPoints: 2, redeemedPoints: 2 });
    expect(shop.balance('AAA')).toBe(0);
  });
});

describe('Odoo: when points move', () => {
  it('C25 a parked order changes nothing, whoever pays another one meanwhile', () => {
    const programme = programmeOf({ earning: { rules: [ONE_PER_UNIT] } });
    for (const held of [50, 0]) {
      const shop = loyaltyShop(programme, members({ AAA: held, BBB: 0 }));
      const parked = { memberId: 'AAA', lines: [item('goods', 1000)] };
      expect(shop.quote(parked, AT).earnedPoints).toBe(10);
      shop.sell({ memberId: 'BBB', lines: [item('goods', 2000)] }, AT);
      expect([shop.balance('AAA'), shop.balance('BBB')]).toEqual([held, 20]);
    }
  });

  it('C26 a programme that has ended brings neither card nor points', () => {
    // A till prices by the last file that it has: what ends, ends by the dates of its rules.
    const when = { toIso: '2026-02-25T10:00:00Z' };
    const programme = programmeOf({ earning: { rules: [{ ...ONE_PER_UNIT, when }] } });
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    const pricing = shop.sell({ memberId: 'AAA', lines: [item('goods', 1530)] }, AT);
    expect(pricing).toMatchObject({ totalMinor: 1530, earnedPoints: 0, accruals: [] });
    expect(lotsOf(shop.books(), 'member/AAA', 'points')).toEqual([]);
  });

  it('C28 the coupon of one sale gives goods in the next', () => {
    const programme = programmeOf({
      accounts: [
        {
          accountId: 'coupon',
          kind: 'points',
          names: { one: named('coupon point'), other: named('coupon points') },
          expiry: null,
        },
      ],
      earning: {
        rules: [
          {
            kind: 'units',
            ruleId: 'coupon',
            name: named('Coupon'),
            account: 'coupon',
            pointsPerUnit: '1',
            when: { basketAtLeastMinor: 10_000 },
          },
        ],
      },
      rewards: {
        list: [
          {
            kind: 'free-units',
            rewardId: 'sweet',
            name: named('A sweet'),
            cost: { account: 'coupon', points: 1 },
            lines: { skus: ['sweet'] },
            timesMax: 10,
          },
        ],
      },
    });
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    shop.sell({ memberId: 'AAA', lines: [item('goods', 5000, { quantity: 3 })] }, AT);
    expect(shop.balance('AAA', 'coupon')).toBe(3);
    const lines = [item('goods', 5000), item('sweet', 100, { quantity: 3 })];
    const claims = [{ rewardId: 'sweet', times: 3 }];
    const next = shop.sell({ memberId: 'AAA', lines, claims }, LATER);
    expect(next).toMatchObject({ totalMinor: 5000, discountMinor: 300 });
    expect(shop.balance('AAA', 'coupon')).toBe(0);
  });

  it('C32 a promotion with one use, or past its date, gives nothing to the second order', () => {
    const lines = [item('goods', 10_000)];
    const once: RewardForm = {
      ...TEN_PERCENT,
      limits: [{ period: 'ever', per: 'programme', times: 1 }],
    };
    const used = loyaltyShop(programmeOf({ rewards: { list: [once] } }));
    expect([used.sell({ lines }, AT), used.sell({ lines }, LATER)].map(amountsOff)).toEqual([
      [1000],
      [],
    ]);
    const dated: RewardForm = { ...TEN_PERCENT, when: { toIso: '2026-03-03T00:00:00Z' } };
    const past = loyaltyShop(programmeOf({ rewards: { list: [dated] } }));
    expect([past.sell({ lines }, AT), past.sell({ lines }, LATER)].map(amountsOff)).toEqual([
      [1000],
      [],
    ]);
  });
});

describe('Odoo: wallets', () => {
  const wallet = (amountMinor: number) => [{ tenderType: 'wallet', amountMinor }];

  it('C29 wallets pay what they hold, and a refund fills one', () => {
    const shop = loyaltyShop(storedValue('wallet'), members({ AAA: 5000, BBB: 1000 }, 'wallet'));
    const buy = (memberId: string, amountMinor: number, paidMinor: number) => ({
      memberId,
      lines: [item('goods', amountMinor)],
      tenders: wallet(paidMinor),
    });
    expect(shop.sell(buy('AAA', 1200, 1200), AT).dueMinor).toBe(0);
    expect(shop.balance('AAA', 'wallet')).toBe(3800);
    expect(shop.sell(buy('AAA', 3800, 3800), AT).dueMinor).toBe(0);
    expect(shop.balance('AAA', 'wallet')).toBe(0);
    expect(shop.sell(buy('BBB', 3600, 1000), AT).dueMinor).toBe(2600);
    expect(shop.balance('BBB', 'wallet')).toBe(0);
    shop.sell({ memberId: 'BBB', lines: [TOP_UP(2000)] }, LATER);
    expect(shop.balance('BBB', 'wallet')).toBe(2000);
  });

  it('C31 a wallet pays the goods beside which it is filled', () => {
    const shop = loyaltyShop(storedValue('wallet'), members({ AAA: 1000 }, 'wallet'));
    const lines = [item('goods', 10_000), TOP_UP(5000)];
    const pricing = shop.sell({ memberId: 'AAA', lines, tenders: wallet(1000) }, AT);
    expect(pricing).toMatchObject({ totalMinor: 15_000, dueMinor: 14_000 });
    expect(shop.balance('AAA', 'wallet')).toBe(5000);
  });
});
