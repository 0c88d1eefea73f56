// Goal: discounts on discounts come out as at Odoo's own till (cases C52–C65).
// Method: each case is priced by the pure engine under a programme that states Odoo's policy.
import { describe, expect, it } from 'vitest';
import { loyaltyShop, named, type ProgrammeForm, programmeOf } from '#test/support/loyaltyShop.ts';
import { AT, amountsOff, goods, item, type LineForm, members } from '#test/support/peerGoods.ts';

type RewardForm = ProgrammeForm['rewards']['list'][number];
type PercentForm = Extract<RewardForm, { kind: 'percent-off' }>;

function percentOff(rewardId: string, percent: string, more: Partial<PercentForm>): PercentForm {
  return { kind: 'percent-off', rewardId, name: named(`${percent} %`), percent, ...more };
}

function shopOf(list: RewardForm[], changes: Partial<ProgrammeForm> = {}) {
  return loyaltyShop(programmeOf({ rewards: { order: 'asClaimed', list }, ...changes }));
}

/** The promotion that stands in the cases before: 90 % off the cheapest unit. */
const CHEAPEST = percentOff('cheapest', '90', { trigger: 'automatic', ofUnit: 'cheapest' });
const ORDER = percentOff('order', '10', { trigger: 'code', when: { code: 'order' } });

describe('Odoo: beside 90 % off the cheapest', () => {
  it('C52 half off some goods is half of what the cheapest unit left of them', () => {
    const some = percentOff('some', '50', {
      trigger: 'code',
      when: { code: 'promocode' },
      lines: { skus: ['pen', 'board', 'organizer'] },
    });
    const shop = shopOf([CHEAPEST, some]);
    const lines = [goods('board', 10), goods('organizer', 3), goods('tray', 4)];
    const before = shop.quote({ lines }, AT);
    expect([amountsOff(before), before.totalMinor]).toEqual([[178], 5444]);
    const after = shop.quote({ lines, codes: ['promocode'] }, AT);
    expect([amountsOff(after), after.totalMinor]).toEqual([[178, 1666], 3778]);
  });

  it('C53 ten percent of the order has a line for each tax', () => {
    const shop = shopOf([CHEAPEST, ORDER]);
    const lines = [goods('organizer', 10), goods('tray', 4)];
    const pricing = shop.quote({ lines, codes: ['order'] }, AT);
    expect([amountsOff(pricing), pricing.totalMinor]).toEqual([[459, 464, 211], 6078]);
  });

  it('C55 without the cheapest the ten percent are of more', () => {
    const list = [{ ...CHEAPEST, trigger: 'claim' as const }, ORDER];
    const shop = loyaltyShop(programmeOf({ rewards: { order: 'pipeline', list } }));
    const sale = { lines: [goods('monitor-stand', 6)], codes: ['order'] };
    const claims = [{ rewardId: 'cheapest' }];
    expect(shop.quote({ ...sale, claims }, AT).totalMinor).toBe(1464);
    expect(shop.quote(sale, AT).totalMinor).toBe(1723);
  });
});

describe('Odoo: discounts on some goods', () => {
  it('C56 a maximum is shared by the goods that it falls on', () => {
    const shop = shopOf([
      percentOff('all-off', '100', {
        trigger: 'automatic',
        lines: { skus: ['a', 'b'] },
        maximumMinor: 4000,
      }),
    ]);
    const trigger = item('trigger', 3450, { taxRateBasisPoints: 1500 });
    const a = (quantity: number) => item('a', 1500, { quantity, taxRateBasisPoints: 1500 });
    const b = item('b', 2500, { taxRateBasisPoints: 0 });
    const figures = (lines: LineForm[]) => {
      const pricing = shop.quote({ lines }, AT);
      return [amountsOff(pricing).sort((left, right) => right - left), pricing.totalMinor];
    };
    expect(figures([trigger, b])).toEqual([[2500], 3450]);
    expect(figures([trigger, b, a(1)])).toEqual([[2500, 1500], 3450]);
    expect(figures([trigger, b, a(2)])).toEqual([[2182, 1818], 4950]);
  });

  it('C58 the threshold looks at the goods of the promotion alone', () => {
    const a = { skus: ['a'] };
    const shop = shopOf([
      percentOff('a', '10', {
        trigger: 'automatic',
        lines: a,
        when: { lines: a, linesAtLeastMinor: 4000 },
      }),
    ]);
    const totals = [1, 2].map((quantity) => {
      const lines = [item('a', 2000, { quantity }), item('b', 3000)];
      return shop.quote({ lines }, AT).totalMinor;
    });
    expect(totals).toEqual([5000, 6600]);
  });

  it('C59 buy so many, take so many more: the free units of every basket', () => {
    const freeUnits = (buy: number, get: number, units: number) => {
      const shop = shopOf([
        {
          kind: 'free-units',
          rewardId: 'free',
          name: named('Free units'),
          trigger: 'automatic',
          lines: { skus: ['a'] },
          buyGet: { buy, get },
        },
      ]);
      return Array.from({ length: units }, (_, index) => {
        const lines = [item('a', 100, { quantity: index + 1 })];
        return shop.quote({ lines }, AT).discountMinor / 100;
      });
    };
    expect(freeUnits(2, 1, 10)).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3, 3]);
    expect(freeUnits(2, 3, 10)).toEqual([0, 0, 1, 2, 3, 3, 3, 4, 5, 6]);
    expect(freeUnits(10, 3, 14)).toEqual([...Array(10).fill(0), 1, 2, 3, 3]);
  });

  it('C61 a half of the minor unit goes up', () => {
    const shop = shopOf([ORDER], { prices: 'excluded' });
    const lines = [item('a', 2500, { taxRateBasisPoints: 1500 })];
    expect(shop.quote({ lines }, AT).totalMinor).toBe(2875);
    const pricing = shop.quote({ lines, codes: ['order'] }, AT);
    expect([amountsOff(pricing), pricing.totalMinor]).toEqual([[288], 2587]);
  });

  it('C62 the points of a sale pay one reward after the other in it', () => {
    const ab = { skus: ['a', 'b'] };
    const off = (rewardId: string, points: number, amountOffMinor: number): RewardForm => ({
      kind: 'amount-off',
      rewardId,
      name: named('Money off'),
      cost: { points },
      amountOffMinor,
      lines: ab,
      timesMax: 9,
    });
    const programme = programmeOf({
      earning: {
        base: { spendPointsOfThisSale: 'yes' },
        rules: [
          {
            kind: 'fixed',
            ruleId: 'pair',
            name: named('A pair'),
            points: 10,
            when: { lines: ab, linesAtLeastUnits: 2 },
          },
        ],
      },
      rewards: { order: 'asClaimed', list: [off('ten', 2, 1000), off('thirty', 5, 3000)] },
    });
    const shop = loyaltyShop(programme, members({ AAA: 0 }));
    const lines = [item('a', 4000), item('b', 4000)];
    const claims = ['ten', 'ten', 'thirty'].map((rewardId) => ({ rewardId }));
    const totals = [1, 2].map((count) => {
      const sale = { memberId: 'AAA', lines, claims: claims.slice(0, count) };
      return shop.quote(sale, AT).totalMinor;
    });
    const sold = shop.sell({ memberId: 'AAA', lines, claims }, AT);
    expect([...totals, sold.totalMinor]).toEqual([7000, 6000, 3000]);
    expect(shop.balance('AAA')).toBe(1);
  });

  it('C64 a tax of a fixed amount is not discounted', () => {
    const shop = shopOf([ORDER]);
    const lines = [item('a', 1500, { fixedTaxMinor: 5000 })];
    const pricing = shop.quote({ lines, codes: ['order'] }, AT);
    expect([amountsOff(pricing), pricing.totalMinor]).toEqual([[150], 6350]);
  });

  it('C65 ten percent of the order, then ten percent of what that left of some goods', () => {
    const shop = shopOf([
      percentOff('order', '10', { trigger: 'automatic', when: { linesAtLeastUnits: 5 } }),
      percentOff('b', '10', { lines: { skus: ['b'] } }),
    ]);
    const lines = [item('a', 500, { quantity: 5 }), item('b', 500)];
    const pricing = shop.quote({ lines, claims: [{ rewardId: 'b' }] }, AT);
    expect(amountsOff(pricing)).toEqual([300, 45]);
  });
});
