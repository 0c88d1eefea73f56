// Goal: rates, bands and bonuses count the right lines and money, and floor where they should.
// Method: small baskets at the borders of bands, thresholds and rates.
import { describe, expect, it } from 'vitest';
import {
  accountOf,
  loyaltyShop,
  named,
  type ProgrammeForm,
  programmeOf,
  type RuleForm,
  type SaleForm,
  type StateForm,
} from '#test/support/loyaltyShop.ts';

const AT = '2026-03-05T12:00:00Z';
const head = (ruleId: string) => ({ ruleId, name: named(ruleId) });
type Line = SaleForm['lines'][number];
type Base = NonNullable<ProgrammeForm['earning']['base']>;

const tea: Line = { sku: 'tea', productType: 'drink', tags: ['hot'], unitPriceMinor: 1000 };
const cake: Line = { sku: 'cake', productType: 'food', unitPriceMinor: 250 };

function shopOf(rules: readonly RuleForm[], base: Base = {}, changes: Partial<ProgrammeForm> = {}) {
  const programme = programmeOf({ earning: { base, rules: [...rules] }, ...changes });
  const state: StateForm = { members: [{ memberId: 'm1', balances: { wallet: 5000 } }] };
  const shop = loyaltyShop(programme, state);
  /** What each rule or row gave. */
  return (lines: readonly Line[], form: Partial<SaleForm> = {}) => {
    const { accruals } = shop.quote({ memberId: 'm1', lines: [...lines], ...form }, AT);
    return Object.fromEntries(accruals.map(({ rule, points }) => [rule, points]));
  };
}

describe('a table', () => {
  const row = (ruleId: string, points: string, lines: object = {}) => {
    return { ...head(ruleId), points, perMinor: 100, ...lines };
  };
  const table: RuleForm = {
    kind: 'table',
    ...head('base'),
    rows: [
      row('all', '1'),
      row('hot', '2', { tags: ['hot'] }),
      row('drink', '3', { productTypes: ['drink'] }),
      row('tea', '4', { skus: ['tea'] }),
      { ...head('gift'), productTypes: ['gift-card'], isExcluded: true },
      { ...head('unit'), skus: ['bag'], pointsPerUnit: '1.5' },
      row('cold', '5', { tags: ['cold', 'iced'] }),
    ],
  };

  it('gives each line to its most specific row: sku, then type, then tag, then the rest', () => {
    const sell = shopOf([table]);
    expect(sell([tea])).toEqual({ tea: 40 });
    expect(sell([{ ...tea, sku: 'mate' }])).toEqual({ drink: 30 });
    expect(sell([{ ...tea, sku: 'soup', productType: 'food' }])).toEqual({ hot: 20 });
    expect(sell([cake])).toEqual({ all: 2 });
    expect(sell([{ ...cake, sku: null }])).toEqual({ all: 2 });
    expect(sell([{ ...cake, productType: 'gift-card' }])).toEqual({});
  });

  it('gives a line with several tags to the first row that has one of them', () => {
    const sell = shopOf([table]);
    expect(sell([{ ...cake, tags: ['iced', 'hot'] }])).toEqual({ hot: 5 });
    expect(sell([{ ...cake, tags: ['iced', 'new'] }])).toEqual({ cold: 12 });
    expect(sell([{ ...cake, tags: ['new'] }])).toEqual({ all: 2 });
  });

  it('counts units where the row does, and floors each row on its own', () => {
    const sell = shopOf([table]);
    expect(sell([{ ...cake, sku: 'bag', quantity: 3 }])).toEqual({ unit: 4 });
    expect(sell([cake, { ...cake, sku: 'pie', unitPriceMinor: 50 }])).toEqual({ all: 3 });
    expect(
      sell([
        { ...tea, unitPriceMinor: 49 },
        { ...cake, unitPriceMinor: 99 },
      ]),
    ).toEqual({
      tea: 1,
    });
  });

  it('looks only at the lines of its condition', () => {
    const rows = [row('all', '1')];
    const sell = shopOf([{ ...table, rows, when: { lines: { productTypes: ['drink'] } } }]);
    expect(sell([tea, cake])).toEqual({ all: 10 });
    expect(sell([cake])).toEqual({});
  });
});

describe('where points are floored', () => {
  const lines = [
    { ...tea, unitPriceMinor: 150 },
    { ...cake, unitPriceMinor: 150 },
  ];
  const tiers: ProgrammeForm['tiers'] = {
    levels: [{ tierId: 'base', name: named('Base'), from: 0, multiplier: '1.5' }],
  };
  const rule = (floor: 'rule' | 'line' | 'baseThenMultiplied'): RuleForm => {
    return {
      kind: 'money',
      ...head('r'),
      points: '1',
      perMinor: 100,
      isMultipliedByTier: true,
      floor,
    };
  };

  it.each([
    ['rule', 4],
    ['line', 4],
    ['baseThenMultiplied', 4],
  ] as const)('once a %s on 3.00 at 1.5: %i', (floor, points) => {
    expect(shopOf([rule(floor)], {}, { tiers })(lines)).toEqual({ r: points });
  });

  it.each([
    ['rule', 5],
    ['line', 4],
    ['baseThenMultiplied', 4],
  ] as const)('once a %s on 3.40 at 1.5: %i', (floor, points) => {
    const dearer = lines.map((line) => ({ ...line, unitPriceMinor: 170 }));
    expect(shopOf([rule(floor)], {}, { tiers })(dearer)).toEqual({ r: points });
    // The programme's own word counts where the rule says nothing.
    const { floor: _, ...plain } = rule(floor);
    expect(shopOf([plain], { floor }, { tiers })(dearer)).toEqual({ r: points });
  });
});

describe('bands', () => {
  const bands: RuleForm = {
    kind: 'bands',
    ...head('r'),
    bands: [
      { upToMinor: 500, points: 0 },
      { upToMinor: 1000, points: 5 },
      { upToMinor: 2000, points: 15 },
    ],
  };

  it.each([
    [500, {}],
    [501, { r: 5 }],
    [1000, { r: 5 }],
    [1001, { r: 15 }],
    [2000, { r: 15 }],
    [2001, {}],
    [0, {}],
  ])('%i minor units give %j', (unitPriceMinor, given) => {
    expect(shopOf([bands])([{ ...tea, unitPriceMinor }])).toEqual(given);
  });

  it('count the lines that the rule looks at', () => {
    const sell = shopOf([{ ...bands, when: { lines: { skus: ['tea'] } } }]);
    expect(sell([tea, { ...cake, unitPriceMinor: 9000 }])).toEqual({ r: 5 });
  });
});

describe('the earning base', () => {
  const rule: RuleForm = { kind: 'money', ...head('r'), points: '1', perMinor: 1 };
  const ofDrinks: RuleForm = { ...rule, when: { lines: { productTypes: ['drink'] } } };
  const wallet = [accountOf('wallet', 'money')];

  it('leaves out stored value, deposits and what is excluded', () => {
    const sell = shopOf([rule]);
    for (const flag of ['stored-value', 'deposit', 'excluded'] as const) {
      expect(sell([tea, { ...cake, flags: [flag] }])).toEqual({ r: 1000 });
    }
    const excluded = programmeOf({ earning: { excluded: { skus: ['cake'] }, rules: [rule] } });
    const shop = loyaltyShop(excluded, { members: [{ memberId: 'm1' }] });
    const sold = shop.sell({ memberId: 'm1', lines: [tea, cake] }, AT);
    expect(sold.earnedPoints).toBe(1000);
  });

  it('counts money without the tax, exactly over all rates', () => {
    const sell = shopOf([rule], { taxes: 'excluded' });
    expect(sell([{ ...tea, taxRateBasisPoints: 1900 }])).toEqual({ r: 840 });
    const two = [
      { ...tea, unitPriceMinor: 100, taxRateBasisPoints: 1900 },
      { ...cake, unitPriceMinor: 100, taxRateBasisPoints: 700 },
    ];
    // 84.03 and 93.46 are 177.49: nothing is lost by flooring each rate.
    expect(sell(two)).toEqual({ r: 177 });
    expect(sell(two.map((line) => ({ ...line, unitPriceMinor: 1000 })))).toEqual({ r: 1774 });
  });

  it('takes a manual deduction off every line in proportion', () => {
    const deduction: Line = { kind: 'deduction', unitPriceMinor: 250 };
    expect(shopOf([rule])([tea, cake, deduction])).toEqual({ r: 1000 });
    expect(shopOf([ofDrinks])([tea, cake, deduction])).toEqual({ r: 800 });
    expect(shopOf([rule])([tea, { ...deduction, unitPriceMinor: 2000 }])).toEqual({});
    expect(shopOf([rule])([deduction])).toEqual({});
  });

  it('is lowered by stored value only where the programme says so', () => {
    const tenders = [{ tenderType: 'wallet', amountMinor: 500 }];
    const pays = { tenders };
    expect(shopOf([rule], {}, { accounts: wallet })([tea, cake], pays)).toEqual({ r: 1250 });
    const lowers = shopOf([rule], { storedValueLowers: 'yes' }, { accounts: wallet });
    expect(lowers([tea, cake], pays)).toEqual({ r: 750 });
    expect(lowers([tea, cake])).toEqual({ r: 1250 });
    const drinks = shopOf([ofDrinks], { storedValueLowers: 'yes' }, { accounts: wallet });
    expect(drinks([tea, cake], pays)).toEqual({ r: 600 });
  });

  it('counts what a means of payment pays, as a share of the sale', () => {
    const byCard: RuleForm = { ...rule, when: { tenderTypes: ['card'] } };
    const sell = shopOf([byCard]);
    const card = (amountMinor: number) => ({ tenders: [{ tenderType: 'card', amountMinor }] });
    expect(sell([tea], card(1000))).toEqual({ r: 1000 });
    expect(sell([tea], card(333))).toEqual({ r: 333 });
    expect(sell([tea], card(9999))).toEqual({ r: 1000 });
    expect(sell([tea], card(0))).toEqual({});
    expect(sell([tea])).toEqual({});
    const drinks = shopOf([{ ...ofDrinks, when: { ...ofDrinks.when, tenderTypes: ['card'] } }]);
    expect(drinks([tea, cake], card(500))).toEqual({ r: 400 });
  });
});

describe('rules together', () => {
  const fixed = (ruleId: string, points: number, changes: object = {}): RuleForm => {
    return { kind: 'fixed', ...head(ruleId), points, ...changes };
  };
  const money: RuleForm = {
    kind: 'table',
    ...head('base'),
    rows: [{ ...head('row'), points: '1', perMinor: 100 }],
  };
  const group = { stacking: { bestOf: 'g' } };

  it('add, and of a group the best counts; of equals the first by order, then by file', () => {
    expect(shopOf([fixed('a', 5), fixed('b', 7)])([tea])).toEqual({ a: 5, b: 7 });
    expect(shopOf([fixed('a', 5, group), fixed('b', 7, group)])([tea])).toEqual({ b: 7 });
    expect(shopOf([fixed('a', 5, group), fixed('b', 5, group)])([tea])).toEqual({ a: 5 });
    const early = { ...group, order: 1 };
    expect(shopOf([fixed('a', 5, group), fixed('b', 5, early)])([tea])).toEqual({ b: 5 });
  });

  it('multiply tables, or what they name: a rule, or a row', () => {
    const times = (of?: string[]): RuleForm => {
      return { kind: 'multiplier', ...head('m'), factor: '2.5', ...(of && { of }) };
    };
    expect(shopOf([money, fixed('f', 4), times()])([tea])).toEqual({ row: 10, f: 4, m: 15 });
    expect(shopOf([money, fixed('f', 4), times(['f'])])([tea])).toEqual({ row: 10, f: 4, m: 6 });
    expect(shopOf([money, fixed('f', 4), times(['row', 'f'])])([tea])).toMatchObject({ m: 21 });
    expect(shopOf([fixed('f', 4), times()])([tea])).toEqual({ f: 4 });
    const stamps = { account: 'stamps' };
    const accounts = [accountOf('stamps', 'stamps')];
    const sell = shopOf([fixed('f', 4, stamps), times(['f'])], {}, { accounts });
    expect(sell([tea])).toEqual({ f: 4 });
  });

  it('earn nothing for a guest', () => {
    expect(shopOf([money])([tea], { memberId: null })).toEqual({});
  });

  it('come near to a threshold with a nudge, within the gap and only for want of money', () => {
    const when = { basketAtLeastMinor: 1000 };
    const programme = (changes: object) =>
      programmeOf({
        earning: {
          rules: [fixed('f', 50, { when: { ...when, ...changes }, nudgeWithinMinor: 200 })],
        },
      });
    const said = (unitPriceMinor: number, changes: object = {}) => {
      const shop = loyaltyShop(programme(changes), { members: [{ memberId: 'm1' }] });
      const lines = [{ ...tea, unitPriceMinor, taxRateBasisPoints: 2500 }];
      return shop.quote({ memberId: 'm1', lines }, AT).messages;
    };
    expect(said(799)).toEqual([]);
    expect(said(800)).toEqual([
      {
        kind: 'nudge',
        missingMinor: 200,
        points: 50,
        lines: [],
        whyKey: 'nudge.threshold',
        whyArgs: { missingMinor: 200, currency: 'EUR', points: 50, name_en: 'f', name_tr: 'f' },
      },
    ]);
    expect(said(999)).toMatchObject([{ missingMinor: 1 }]);
    expect(said(1000)).toEqual([]);
    expect(said(900, { channels: ['web'] })).toEqual([]);
    expect(said(1000, { thresholdTaxes: 'excluded' })).toMatchObject([{ missingMinor: 200 }]);
  });
});

describe('the sentence of what was earned', () => {
  const tiers: ProgrammeForm['tiers'] = {
    levels: [{ tierId: 'gold', name: named('Gold'), from: 0, multiplier: '1.5' }],
  };
  const said = (rule: RuleForm, changes: Partial<ProgrammeForm> = {}) => {
    const programme = programmeOf({ earning: { rules: [rule] }, ...changes });
    const shop = loyaltyShop(programme, { members: [{ memberId: 'm1' }] });
    const lines = [{ ...tea, quantity: 2 }, cake];
    const { accruals } = shop.quote({ memberId: 'm1', lines }, AT);
    return accruals.map(({ whyKey, whyArgs }) => ({ whyKey, whyArgs }));
  };
  const names = { name_en: 'r', name_tr: 'r' };
  const money: RuleForm = { kind: 'money', ...head('r'), points: '1', perMinor: 50 };
  const ofTea = { when: { lines: { skus: ['tea'] } } };
  const row = { ...head('r'), points: '1', perMinor: 50 };
  const counted = { rate: '2', currency: 'EUR', ...names };

  it('of a rate says the money, the rate for one unit of it, and the tier', () => {
    const all = { ...counted, amountMinor: 2250, points: 45 };
    expect(said(money)).toEqual([{ whyKey: 'why.earn.base.plain', whyArgs: all }]);
    const multiplied = { ...money, isMultipliedByTier: true };
    expect(said(multiplied)).toEqual([{ whyKey: 'why.earn.base.plain', whyArgs: all }]);
    expect(said(multiplied, { tiers })).toEqual([
      {
        whyKey: 'why.earn.base',
        whyArgs: {
          ...all,
          points: 67,
          multiplier: '1.5',
          tierName_en: 'Gold',
          tierName_tr: 'Gold',
        },
      },
    ]);
  });

  it('of some lines says which they are', () => {
    const some = { ...counted, amountMinor: 2000, points: 40 };
    const whyKey = 'why.earn.productType.plain';
    expect(said({ ...money, ...ofTea })).toEqual([{ whyKey, whyArgs: some }]);
    const table: RuleForm = { kind: 'table', ...head('t'), rows: [{ ...row, skus: ['tea'] }] };
    expect(said(table)).toEqual([{ whyKey, whyArgs: some }]);
    const all: RuleForm = { kind: 'table', ...head('t'), rows: [row] };
    expect(said(all)).toMatchObject([{ whyKey: 'why.earn.base.plain' }]);
  });

  it('of units says how many', () => {
    const whyArgs = { ...names, rate: '1.5', units: 3, points: 4 };
    const rule: RuleForm = { kind: 'units', ...head('r'), pointsPerUnit: '1.5' };
    expect(said(rule)).toEqual([{ whyKey: 'why.earn.units.plain', whyArgs }]);
    const rows = [{ ...head('r'), pointsPerUnit: '1.5' }];
    expect(said({ kind: 'table', ...head('t'), rows })).toEqual([
      { whyKey: 'why.earn.units.plain', whyArgs },
    ]);
  });

  it('of a band and of a bonus says what they are called', () => {
    const bands: RuleForm = {
      kind: 'bands',
      ...head('r'),
      bands: [{ upToMinor: null, points: 6 }],
    };
    expect(said(bands)).toEqual([
      {
        whyKey: 'why.earn.band',
        whyArgs: { ...names, amountMinor: 2250, currency: 'EUR', points: 6 },
      },
    ]);
    expect(said({ kind: 'fixed', ...head('r'), points: 6 })).toEqual([
      { whyKey: 'why.earn.fixed', whyArgs: { ...names, points: 6 } },
    ]);
  });

  it('of a multiplier says what was multiplied', () => {
    const table: RuleForm = { kind: 'table', ...head('t'), rows: [row] };
    const rule: RuleForm = { kind: 'multiplier', ...head('m'), factor: '3' };
    const programme = programmeOf({ earning: { rules: [table, rule] } });
    const shop = loyaltyShop(programme, { members: [{ memberId: 'm1' }] });
    const { accruals } = shop.sell({ memberId: 'm1', lines: [tea, cake] }, AT);
    expect(accruals[1]).toMatchObject({
      points: 50,
      whyKey: 'why.earn.multiplier',
      whyArgs: { points: 50, base: 25, multiplier: '3', name_en: 'm', name_tr: 'm' },
    });
    // The extra points lie on the lines that earned: the cake takes its own with it.
    shop.returns('sale-1', [[2, 1]], '2026-03-06T12:00:00Z');
    expect(shop.balance('m1')).toBe(60);
  });
});
