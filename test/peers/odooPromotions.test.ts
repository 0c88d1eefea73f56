// Goal: promotions, taxes and their order come out as in Odoo's own test suite (cases C34–C50).
// Method: each case is priced by the pure engine under a programme that states Odoo's policy.
import { describe, expect, it } from 'vitest';
import { loyaltyShop, named, type ProgrammeForm, programmeOf } from '#test/support/loyaltyShop.ts';
import { AT, amountsOff, goods, item, members, taxOf } from '#test/support/peerGoods.ts';

type RewardForm = ProgrammeForm['rewards']['list'][number];
type PercentForm = Extract<RewardForm, { kind: 'percent-off' }>;
type AmountForm = Extract<RewardForm, { kind: 'amount-off' }>;

function percentOff(percent: string, more: Partial<PercentForm> = {}): PercentForm {
  return {
    kind: 'percent-off',
    rewardId: 'percent',
    name: named(`${percent} %`),
    trigger: 'automatic',
    percent,
    ...more,
  };
}

function amountOff(amountOffMinor: number, more: Partial<AmountForm> = {}): AmountForm {
  return {
    kind: 'amount-off',
    rewardId: 'amount',
    name: named('Money off'),
    trigger: 'automatic',
    amountOffMinor,
    ...more,
  };
}

/** A shop with these rewards alone. */
function shopOf(list: RewardForm[], changes: Partial<ProgrammeForm> = {}) {
  return loyaltyShop(programmeOf({ rewards: { order: 'asClaimed', list }, ...changes }));
}

const TAXED = { taxRateBasisPoints: 1500 };

describe('Odoo: a percent and an amount, one after the other', () => {
  const lines = [item('a', 10_000, TAXED), item('b', 10_000), item('c', 10_000)];
  const shop = shopOf(
    [percentOff('10', { trigger: 'claim' }), amountOff(28_850, { trigger: 'claim' })],
    {
      prices: 'excluded',
    },
  );
  const [percent, amount] = [{ rewardId: 'percent' }, { rewardId: 'amount' }];

  it('C34 the percent first: the amount then takes only what is left', () => {
    expect(shop.quote({ lines, claims: [percent] }, AT).totalMinor).toBe(28_350);
    const both = shop.quote({ lines, claims: [percent, amount] }, AT);
    expect(both.totalMinor).toBe(0);
    expect([taxOf(both), both.totalMinor - taxOf(both)]).toEqual([0, 0]);
  });

  it('C35 the amount first: the percent is of what is left', () => {
    expect(shop.quote({ lines, claims: [amount] }, AT).totalMinor).toBe(2650);
    const sale = { lines, claims: [amount, percent] };
    const both = shop.quote(sale, AT);
    expect([both.totalMinor, taxOf(both), both.totalMinor - taxOf(both)]).toEqual([
      2385, 114, 2271,
    ]);
    expect(shop.quote(sale, AT)).toEqual(both);
  });
});

describe('Odoo: thresholds and fixed amounts', () => {
  it('C37 two promotions of 100 need 100 each of what is left', () => {
    const when = { basketAtLeastMinor: 10_000 };
    const shop = shopOf([
      amountOff(10_000, { rewardId: 'promotion', when }),
      amountOff(10_000, { rewardId: 'coupon', trigger: 'code', when: { ...when, code: 'C' } }),
    ]);
    const totals = [10, 15, 5].map((quantity) => {
      const lines = [goods('chair', quantity)];
      return [
        shop.quote({ lines }, AT).totalMinor,
        shop.quote({ lines, codes: ['C'] }, AT).totalMinor,
      ];
    });
    // 247.50 − 100 − 100, and neither of them where the chairs cost 82.50.
    expect(totals).toEqual([
      [6500, 6500],
      [14_750, 4750],
      [8250, 8250],
    ]);
  });

  it('C38 an amount off is never more than the order', () => {
    const shop = shopOf([amountOff(24_900)]);
    const totals = [1, 17].map(
      (quantity) => shop.quote({ lines: [goods('drawer', quantity)] }, AT).totalMinor,
    );
    expect(totals).toEqual([0, 17_600]);
  });

  it('C40 buy three cabinets, take one more away', () => {
    const shop = shopOf([
      {
        kind: 'gift',
        rewardId: 'free-cabinet',
        name: named('A cabinet'),
        trigger: 'automatic',
        lines: { skus: ['cabinet'] },
        sku: 'cabinet',
        buy: 3,
        get: 1,
      },
      percentOff('10', { trigger: 'code', when: { code: 'test_10pc' } }),
    ]);
    const quote = (quantity: number) => {
      const sale = { lines: [goods('cabinet', quantity)], codes: ['test_10pc'] };
      return shop.quote(sale, AT);
    };
    expect(quote(3).totalMinor).toBe(86_400);
    const units = [3, 2, 75, 6].map((quantity) => quote(quantity).gifts.map((gift) => gift.units));
    expect(units).toEqual([[1], [], [25], [2]]);
  });

  it('C41 a threshold without tax is not met by a price with the tax inside', () => {
    const cabinet = percentOff('20', {
      lines: { skus: ['cabinet'] },
      when: { basketAtLeastMinor: 32_000, thresholdTaxes: 'excluded' },
    });
    const lines = [item('cabinet', 32_000, TAXED)];
    const inside = shopOf([cabinet], { prices: 'included' }).quote({ lines }, AT);
    expect([inside.totalMinor, amountsOff(inside)]).toEqual([32_000, []]);
    const onTop = shopOf([cabinet], { prices: 'excluded' }).quote({ lines }, AT);
    expect([onTop.totalMinor, taxOf(onTop), onTop.totalMinor - taxOf(onTop)]).toEqual([
      29_440, 3840, 25_600,
    ]);
  });
});

describe('Odoo: one discount line a tax', () => {
  it('C43 a discount on two goods has a line for each of their taxes', () => {
    const shop = shopOf([percentOff('25', { lines: { skus: ['chair', 'drawer'] } })]);
    const pricing = shop.quote({ lines: [goods('chair', 4), goods('drawer', 2)] }, AT);
    expect([pricing.totalMinor, pricing.totalMinor - taxOf(pricing)]).toEqual([8700, 7835]);
    expect(amountsOff(pricing)).toEqual([1650, 1250]);
  });

  it('C44 ten percent over five tax groups', (context) => {
    context.skip('its totals only (its lines are not here)');
  });

  it('C46 a percent with a maximum, and never more than the order', () => {
    const shop = shopOf([percentOff('10', { lines: { skus: ['a'] }, maximumMinor: 900 })], {
      prices: 'excluded',
    });
    const off = (aMinor: number, bMinor: number) => {
      const taxRateBasisPoints = 2000;
      const lines = [
        item('a', aMinor, { taxRateBasisPoints }),
        ...(bMinor === 0
          ? []
          : [item('b', bMinor, { kind: 'deduction' as const, taxRateBasisPoints })]),
      ];
      return amountsOff(shop.quote({ lines }, AT));
    };
    expect([off(10_000, 0), off(10_000, 2000), off(10_000, 9500), off(5000, 500)]).toEqual([
      [900],
      [900],
      [600],
      [600],
    ]);
  });

  it('C47 a wallet pays and leaves the tax alone; a coupon lowers both', () => {
    const programme = programmeOf({
      prices: 'excluded',
      accounts: [
        {
          accountId: 'wallet',
          kind: 'money',
          names: { one: named('cent'), other: named('cents') },
          expiry: null,
        },
      ],
      rewards: {
        list: [percentOff('100', { trigger: 'code', when: { code: 'C' }, lines: { skus: ['a'] } })],
      },
    });
    const shop = loyaltyShop(programme, members({ AAA: 11_500 }, 'wallet'));
    const lines = [item('a', 10_000, TAXED), item('b', 10_000, TAXED)];
    const figures = (codes: string[], tenders: { tenderType: string; amountMinor: number }[]) => {
      const pricing = shop.quote({ memberId: 'AAA', lines, codes, tenders }, AT);
      return [pricing.dueMinor, pricing.dueMinor - taxOf(pricing), taxOf(pricing)];
    };
    const wallet = [{ tenderType: 'wallet', amountMinor: 11_500 }];
    expect(figures([], [])).toEqual([23_000, 20_000, 3000]);
    expect(figures([], wallet)).toEqual([11_500, 8500, 3000]);
    expect(figures(['C'], wallet)).toEqual([0, -1500, 1500]);
  });
});

describe('Odoo: percents on some of the goods', () => {
  it('C49 ten percent three times, each on what the last one left', () => {
    const shop = shopOf([
      percentOff('10', { trigger: 'claim', lines: { skus: ['a'] }, timesMax: 3 }),
    ]);
    const lines = [item('a', 10_000, { quantity: 3 })];
    const claims = [1, 2, 3].map((times) => Array(times).fill({ rewardId: 'percent' }));
    expect(claims.map((list) => shop.quote({ lines, claims: list }, AT).totalMinor)).toEqual([
      27_000, 24_300, 21_870,
    ]);
  });

  it('C50 the cheapest unit is the cheapest of those with the tag', () => {
    const shop = shopOf([percentOff('10', { ofUnit: 'cheapest', lines: { tags: ['sale'] } })]);
    const [a, b] = [item('a', 11_500, { tags: ['sale'] }), item('b', 575)];
    const c = item('c', 5000, { tags: ['sale'] });
    expect(amountsOff(shop.quote({ lines: [a, b] }, AT))).toEqual([1150]);
    expect(amountsOff(shop.quote({ lines: [a, b, c] }, AT))).toEqual([500]);
  });
});
