// Goal: percentages give the peers' numbers, by the ids of the cases (C41 … C64, S06).
// Method: worked numbers in minor units; the context is built by hand, no other part prices.
import { describe, expect, it } from 'vitest';
import {
  automatic,
  byCode,
  head,
  type LineForm,
  priced,
  type RewardForm,
} from '#test/unit/loyalty/rewards/basketOfRewards.ts';

const tenPercent: RewardForm = { kind: 'percent-off', ...byCode('ten'), percent: '10' };
const excluded = { prices: 'excluded' } as const;

describe('percent', () => {
  it('C41: a threshold without the tax', () => {
    const when = { linesAtLeastMinor: 32_000, thresholdTaxes: 'excluded' as const };
    const rewards: RewardForm[] = [
      { kind: 'percent-off', ...automatic('p'), percent: '20', lines: { skus: ['A'] }, when },
    ];
    const lines: LineForm[] = [{ unitPriceMinor: 32_000, taxRateBasisPoints: 1500 }];
    expect(priced({ rewards, lines }).off).toEqual([]);
    const sale = priced({ rewards, lines, programme: excluded });
    expect(sale.totalMinor).toBe(29_440);
    expect(sale.taxes).toEqual([
      { taxRateBasisPoints: 1500, grossMinor: 29_440, netMinor: 25_600, taxMinor: 3840 },
    ]);
  });

  it('C43: one discount a tax group', () => {
    const sale = priced({
      rewards: [{ kind: 'percent-off', ...automatic('p'), percent: '25' }],
      lines: [
        { sku: 'chair', unitPriceMinor: 1650, quantity: 4 },
        { sku: 'drawer', unitPriceMinor: 2500, quantity: 2, taxRateBasisPoints: 3000 },
      ],
    });
    expect(sale.off).toEqual([
      ['p', 1650],
      ['p', 1250],
    ]);
    expect(sale.totalMinor).toBe(8700);
    expect(sale.taxes.reduce((sum, row) => sum + row.netMinor, 0)).toBe(7835);
  });

  it('C46: capped, and never more than what a deduction leaves to pay', () => {
    const rewards: RewardForm[] = [
      {
        kind: 'percent-off',
        ...automatic('p'),
        percent: '10',
        lines: { skus: ['A'] },
        maximumMinor: 900,
      },
    ];
    const off = (unitPriceMinor: number, deductedMinor: number) =>
      priced({
        rewards,
        programme: excluded,
        lines: [
          { unitPriceMinor, taxRateBasisPoints: 2000 },
          {
            kind: 'deduction',
            sku: null,
            unitPriceMinor: deductedMinor,
            taxRateBasisPoints: 2000,
          },
        ],
      }).off.map(([, amount]) => amount);
    expect(off(10_000, 0)).toEqual([900]);
    expect(off(10_000, 2000)).toEqual([900]);
    expect(off(10_000, 9500)).toEqual([600]);
    expect(off(5000, 500)).toEqual([600]);
  });

  it('C49: the same claim three times compounds, in one claim or in three', () => {
    const rewards: RewardForm[] = [
      { kind: 'percent-off', ...head('p'), percent: '10', timesMax: 3 },
    ];
    const lines: LineForm[] = [{ unitPriceMinor: 10_000, quantity: 3 }];
    const total = (times: number) =>
      priced({ rewards, lines, claims: [{ rewardId: 'p', times }] }).totalMinor;
    expect([total(1), total(2), total(3)]).toEqual([27_000, 24_300, 21_870]);
    const claims = [1, 1, 1, 1].map((times) => ({ rewardId: 'p', times }));
    const sale = priced({ rewards, lines, claims });
    expect(sale.totalMinor).toBe(21_870);
    expect(sale.refusals).toEqual([{ rewardId: 'p', reason: 'limit-reached', missing: 0 }]);
  });

  it('C50: 10 % of the cheapest that is tagged', () => {
    const rewards: RewardForm[] = [
      {
        kind: 'percent-off',
        ...automatic('p'),
        percent: '10',
        lines: { tags: ['sale'] },
        ofUnit: 'cheapest',
      },
    ];
    const lines: LineForm[] = [
      { sku: 'A', unitPriceMinor: 11_500, tags: ['sale'] },
      { sku: 'B', unitPriceMinor: 575 },
    ];
    expect(priced({ rewards, lines }).off).toEqual([['p', 1150]]);
    const more: LineForm[] = [...lines, { sku: 'C', unitPriceMinor: 5000, tags: ['sale'] }];
    expect(priced({ rewards, lines: more }).off).toEqual([['p', 500]]);
  });

  it('C52, C55: 90 % of the cheapest, then part of what is left', () => {
    const cheapest: RewardForm = {
      kind: 'percent-off',
      ...automatic('cheapest'),
      percent: '90',
      ofUnit: 'cheapest',
    };
    const half: RewardForm = {
      kind: 'percent-off',
      ...byCode('half'),
      percent: '50',
      lines: { skus: ['pen', 'board', 'organizer'] },
    };
    const sale = priced({
      rewards: [cheapest, half],
      codes: ['HALF'],
      lines: [
        { sku: 'board', unitPriceMinor: 198, quantity: 10 },
        { sku: 'organizer', unitPriceMinor: 510, quantity: 3 },
        { sku: 'tray', unitPriceMinor: 528, quantity: 4 },
      ],
    });
    expect(sale.off).toEqual([
      ['cheapest', 178],
      ['half', 1666],
    ]);
    expect(sale.totalMinor).toBe(3778);
    const stands: LineForm[] = [{ sku: 'stand', unitPriceMinor: 319, quantity: 6 }];
    const both = priced({ rewards: [cheapest, tenPercent], codes: ['TEN'], lines: stands });
    expect(both.totalMinor).toBe(1464);
    const last = priced({ rewards: [tenPercent], codes: ['TEN'], lines: stands });
    expect(last.totalMinor).toBe(1723);
  });

  it('C56: a maximum is split by largest remainder', () => {
    const rewards: RewardForm[] = [
      {
        kind: 'percent-off',
        ...automatic('p'),
        percent: '100',
        lines: { skus: ['A', 'B'] },
        maximumMinor: 4000,
        when: { lines: { skus: ['trigger'] }, linesAtLeastUnits: 1 },
      },
    ];
    const sale = (units: number) =>
      priced({
        rewards,
        lines: [
          { sku: 'trigger', unitPriceMinor: 3450, taxRateBasisPoints: 1500 },
          { sku: 'B', unitPriceMinor: 2500, taxRateBasisPoints: 500 },
          ...(units === 0 ? [] : [{ sku: 'A', unitPriceMinor: 1500, quantity: units }]),
        ],
      });
    expect(sale(0).off).toEqual([['p', 2500]]);
    expect([sale(1).off, sale(1).totalMinor]).toEqual([
      [
        ['p', 1500],
        ['p', 2500],
      ],
      3450,
    ]);
    expect([sale(2).off, sale(2).totalMinor]).toEqual([
      [
        ['p', 2182],
        ['p', 1818],
      ],
      4950,
    ]);
  });

  it('C58: 10 % of A if A costs enough', () => {
    const filter = { lines: { skus: ['A'] } };
    const when = { ...filter, linesAtLeastMinor: 4000 };
    const rewards: RewardForm[] = [
      { kind: 'percent-off', ...automatic('p'), percent: '10', ...filter, when },
    ];
    const total = (quantity: number) =>
      priced({
        rewards,
        lines: [
          { sku: 'A', unitPriceMinor: 2000, quantity },
          { sku: 'B', unitPriceMinor: 3000 },
        ],
      }).totalMinor;
    expect([total(1), total(2)]).toEqual([5000, 6600]);
  });

  it('C61: a half rounds up', () => {
    const sale = priced({
      rewards: [tenPercent],
      codes: ['TEN'],
      programme: excluded,
      lines: [{ unitPriceMinor: 2500, taxRateBasisPoints: 1500 }],
    });
    expect([sale.off, sale.totalMinor]).toEqual([[['ten', 288]], 2587]);
  });

  it('C64: a fixed tax is not discounted, and shown as tax', () => {
    const sale = priced({
      rewards: [tenPercent],
      codes: ['TEN'],
      lines: [{ unitPriceMinor: 1500, fixedTaxMinor: 5000 }],
    });
    expect(sale.off).toEqual([['ten', 150]]);
    expect(sale.taxes).toEqual([
      { taxRateBasisPoints: 0, grossMinor: 6350, netMinor: 1350, taxMinor: 5000 },
    ]);
  });

  it('S06: 10 % by a membership bought in the same basket, off the goods alone', () => {
    const when = { membershipIds: ['prime'] };
    const filter = { exceptSkus: ['fee'] };
    const rewards: RewardForm[] = [
      { kind: 'percent-off', ...automatic('p'), percent: '10', lines: filter, when },
    ];
    const lines: LineForm[] = [
      { sku: 'fee', unitPriceMinor: 4900 },
      { sku: 'goods', unitPriceMinor: 8000 },
    ];
    const sale = priced({ rewards, lines, membershipIds: ['prime'] });
    expect([sale.off, sale.totalMinor]).toEqual([[['p', 800]], 12_100]);
    expect(sale.netMinor).toEqual([4900, 7200]);
    expect(priced({ rewards, lines }).totalMinor).toBe(12_900);
  });
});
