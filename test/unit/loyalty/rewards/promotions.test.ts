// Goal: promotions give the peers' numbers, by the ids of the cases (C34 to C38, C53, C65, C83).
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

describe('order of rewards', () => {
  const rewards: RewardForm[] = [
    tenPercent,
    { kind: 'amount-off', ...byCode('fixed'), amountOffMinor: 28_850 },
  ];
  const lines: LineForm[] = [
    { unitPriceMinor: 10_000, taxRateBasisPoints: 1500, sku: 'A' },
    { unitPriceMinor: 10_000, sku: 'B' },
    { unitPriceMinor: 10_000, sku: 'C' },
  ];
  const basket = { rewards, lines, programme: excluded };

  it('C34: 10 % then 288.50 off takes all, in either order of the setting', () => {
    for (const order of ['asClaimed', 'pipeline'] as const) {
      const sale = priced({ ...basket, order, codes: ['TEN', 'FIXED'] });
      expect(priced({ ...basket, order, codes: ['TEN'] }).totalMinor).toBe(28_350);
      expect(sale.totalMinor).toBe(0);
      expect(sale.taxes.map((row) => row.taxMinor)).toEqual([0, 0]);
    }
  });

  it('C35: as claimed, 288.50 off then 10 % leaves 23.85; the pipeline puts 10 % first', () => {
    const codes = ['FIXED', 'TEN'];
    const sale = priced({ ...basket, order: 'asClaimed', codes });
    expect(priced({ ...basket, order: 'asClaimed', codes: ['FIXED'] }).totalMinor).toBe(2650);
    expect(sale.totalMinor).toBe(2385);
    expect(sale.taxes.reduce((sum, row) => sum + row.taxMinor, 0)).toBe(114);
    expect(priced({ ...basket, order: 'pipeline', codes }).totalMinor).toBe(0);
  });

  it('C35 by claims: the order of asking', () => {
    const claimed = rewards.map((reward) => ({ ...reward, trigger: 'claim' as const, when: {} }));
    const total = (...ids: string[]) =>
      priced({
        ...basket,
        rewards: claimed,
        order: 'asClaimed',
        claims: ids.map((rewardId) => ({ rewardId })),
      }).totalMinor;
    expect(total('fixed', 'ten')).toBe(2385);
    expect(total('ten', 'fixed')).toBe(0);
  });

  it('C53: 90 % off the cheapest, then 10 % a tax group', () => {
    const sale = priced({
      order: 'asClaimed',
      rewards: [
        tenPercent,
        { kind: 'percent-off', ...automatic('cheapest'), percent: '90', ofUnit: 'cheapest' },
      ],
      codes: ['TEN'],
      lines: [
        { sku: 'organizer', unitPriceMinor: 510, quantity: 10 },
        { sku: 'tray', unitPriceMinor: 528, quantity: 4, taxRateBasisPoints: 1500 },
      ],
    });
    expect(sale.off).toEqual([
      ['cheapest', 459],
      ['ten', 464],
      ['ten', 211],
    ]);
    expect(sale.totalMinor).toBe(6078);
  });

  it('C65: order first where the file says so, whatever its lines', () => {
    const sale = priced({
      order: 'asClaimed',
      rewards: [
        { kind: 'percent-off', ...automatic('all'), percent: '10', when: { linesAtLeastUnits: 5 } },
        { kind: 'percent-off', ...automatic('b'), percent: '10', lines: { skus: ['B'] } },
      ],
      lines: [
        { sku: 'A', unitPriceMinor: 500, quantity: 5 },
        { sku: 'B', unitPriceMinor: 500 },
      ],
    });
    expect(sale.off).toEqual([
      ['all', 300],
      ['b', 45],
    ]);
  });
});

describe('money off', () => {
  it('C37: thresholds are met by what earlier rewards left to pay', () => {
    const min = { basketAtLeastMinor: 10_000 };
    const rewards: RewardForm[] = [
      { kind: 'amount-off', ...automatic('promo'), amountOffMinor: 10_000, when: min },
      {
        kind: 'amount-off',
        ...byCode('coupon'),
        amountOffMinor: 10_000,
        when: { ...min, code: 'COUPON' },
      },
    ];
    const chairs = (quantity: number) =>
      priced({
        rewards,
        codes: ['COUPON'],
        lines: [{ sku: 'chair', unitPriceMinor: 1650, quantity }],
      });
    expect(chairs(10).totalMinor).toBe(6500);
    expect(chairs(10).refusals).toEqual([
      { rewardId: 'coupon', reason: 'basket-too-small', missing: 3500 },
    ]);
    expect(chairs(15).totalMinor).toBe(4750);
    expect(chairs(5).totalMinor).toBe(8250);
  });

  it('C38: never more than the basket', () => {
    const rewards: RewardForm[] = [
      { kind: 'amount-off', ...automatic('off'), amountOffMinor: 24_900 },
    ];
    const total = (quantity: number) =>
      priced({ rewards, lines: [{ unitPriceMinor: 2500, quantity }] }).totalMinor;
    expect([total(1), total(17)]).toEqual([0, 17_600]);
  });

  it('C88: 15 %, 10 off, a price, 10 % of the basket', () => {
    const lines: LineForm[] = [{ sku: 'A', unitPriceMinor: 5000 }];
    const both: LineForm[] = [...lines, { sku: 'B', unitPriceMinor: 8000, quantity: 1 }];
    const filter = { lines: { skus: ['A'] } };
    const fifteen: RewardForm = {
      kind: 'percent-off',
      ...automatic('a'),
      percent: '15',
      ...filter,
    };
    const total = (reward: RewardForm, basket = lines) =>
      priced({ rewards: [reward], lines: basket }).totalMinor;
    expect(total(fifteen)).toBe(4250);
    expect(total({ kind: 'amount-off', ...automatic('b'), amountOffMinor: 1000, ...filter })).toBe(
      4000,
    );
    expect(total({ kind: 'fixed-price', ...automatic('c'), unitPriceMinor: 3000, ...filter })).toBe(
      3000,
    );
    const cart = { basketAtLeastMinor: 10_000 };
    expect(total({ kind: 'percent-off', ...automatic('d'), percent: '10', when: cart }, both)).toBe(
      11_700,
    );
    const two: LineForm[] = [...lines, { sku: 'B', unitPriceMinor: 8000, quantity: 2 }];
    expect(total(fifteen, two)).toBe(20_250);
  });

  it('never raises a price: a fixed price above the shop’s gives nothing', () => {
    const reward: RewardForm = {
      kind: 'fixed-price',
      ...head('p'),
      unitPriceMinor: 200,
      lines: { skus: ['A'] },
    };
    const sale = priced({ rewards: [reward], lines: [{}], claims: [{ rewardId: 'p' }] });
    expect(sale.totalMinor).toBe(100);
    expect(sale.refusals).toEqual([{ rewardId: 'p', reason: 'basket-too-small', missing: 1 }]);
  });
});

describe('groups', () => {
  const grouped = (keeps: 'best' | 'newest'): RewardForm[] => [
    {
      kind: 'amount-off',
      ...automatic('old'),
      amountOffMinor: 2000,
      group: { groupId: 'g', keeps },
    },
    {
      kind: 'amount-off',
      ...automatic('new'),
      amountOffMinor: 1500,
      group: { groupId: 'g', keeps },
    },
  ];
  const lines: LineForm[] = [{ unitPriceMinor: 10_000 }];

  it('C83: only the newest, which stands later in the file', () => {
    expect(priced({ rewards: grouped('newest'), lines }).off).toEqual([['new', 1500]]);
  });

  it('the best for the customer; a claim that loses hears so', () => {
    expect(priced({ rewards: grouped('best'), lines }).off).toEqual([['old', 2000]]);
    const rewards = grouped('best').map((reward) => ({ ...reward, trigger: 'claim' as const }));
    const claims = [{ rewardId: 'new' }, { rewardId: 'old' }];
    const sale = priced({ rewards, lines, claims });
    expect(sale.off).toEqual([['old', 2000]]);
    expect(sale.refusals).toEqual([{ rewardId: 'new', reason: 'group-taken', missing: 0 }]);
    const alone = priced({ rewards, lines, claims: [{ rewardId: 'new' }] });
    expect(alone.off).toEqual([['new', 1500]]);
  });
});
