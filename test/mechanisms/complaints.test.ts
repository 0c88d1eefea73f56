// Goal: what users of other tills complain of, I1–I17, I20 and I21, does not happen here.
// Method: each complaint re-enacted on the pure engine; docs/mechanisms.md lists those that only
// a whole till can show, with their tests.
import { describe, expect, it } from 'vitest';
import { type Books, memberOwner } from '#loyalty/books/books.ts';
import { flowsOf } from '#loyalty/reporting/liability.ts';
import {
  accountOf,
  CARD_KEY_HEX,
  type LoyaltyShop,
  loyaltyShop,
  memberIdOfCard,
  named,
  ONE_PER_UNIT,
  type ProgrammeForm,
  programmeOf,
  type RewardForm,
  type RuleForm,
} from '#test/support/loyaltyShop.ts';

const NOON = '2026-03-10T12:00:00Z';
const NEXT_DAY = '2026-03-11T12:00:00Z';

/** Money off for points: so much each time. */
function moneyOff(points: number, amountOffMinor: number): RewardForm {
  return {
    kind: 'amount-off',
    rewardId: 'off',
    name: named('Money off'),
    cost: { points },
    amountOffMinor,
    timesMax: 999,
  };
}

function percentOff(percent: string): RewardForm {
  return {
    kind: 'percent-off',
    rewardId: 'percent',
    name: named(`${percent} % off`),
    trigger: 'automatic',
    percent,
  };
}

/** Points for each unit of a pen. */
function perPen(pointsPerUnit: string): RuleForm {
  return { kind: 'units', ruleId: 'pens', name: named('Pens'), pointsPerUnit };
}

/** A shop with one member, Ada, who holds so many points. */
function shopOf(
  points: number,
  rules: RuleForm[],
  rewards: RewardForm[] = [],
  changes: Partial<ProgrammeForm> = {},
): LoyaltyShop {
  return loyaltyShop(programmeOf({ earning: { rules }, rewards: { list: rewards }, ...changes }), {
    members: [{ memberId: 'ada', balances: { points } }],
  });
}

const ada = (unitPriceMinor: number) => ({ memberId: 'ada', lines: [{ unitPriceMinor }] });

/** Every lot of every owner, as text: equal texts are equal books. */
function textOf(books: Books): string {
  const owners = [...books].map(([owner, accounts]) => {
    const held = [...accounts].map(([account, lots]) => {
      const sorted = [...lots].sort((left, right) => (left.lotId < right.lotId ? -1 : 1));
      return [account, sorted] as const;
    });
    return [owner, held.sort(([left], [right]) => (left < right ? -1 : 1))] as const;
  });
  return JSON.stringify(owners.sort(([left], [right]) => (left < right ? -1 : 1)));
}

describe('complaints about peers, returns and repeats', () => {
  it('I1 buy, refund, keep the points: a full return leaves the books as they were', () => {
    const shop = shopOf(10, [ONE_PER_UNIT]);
    const before = textOf(shop.books());
    for (const transactionId of ['a', 'b', 'c']) {
      shop.sell({ transactionId, ...ada(4000) }, NOON);
      expect(shop.balance('ada')).toBe(50);
      expect(shop.returns(transactionId, 'all', NOON).ok).toBe(true);
      expect(textOf(shop.books())).toBe(before);
    }
  });

  it('I2 spent points come back once, however the lines come back', () => {
    const shop = shopOf(100, [], [moneyOff(100, 1000)]);
    const lines = [{ unitPriceMinor: 1500 }, { unitPriceMinor: 500 }];
    const claims = [{ rewardId: 'off' }];
    shop.sell({ transactionId: 'sale', memberId: 'ada', lines, claims }, NOON);
    expect(shop.balance('ada')).toBe(0);
    const first = shop.returns('sale', [[1, 1]], NEXT_DAY);
    expect([first.ok && first.value.refundMinor, shop.balance('ada')]).toEqual([750, 75]);
    const rest = shop.returns('sale', [[2, 1]], NEXT_DAY);
    expect([rest.ok && rest.value.refundMinor, shop.balance('ada')]).toEqual([250, 100]);
    expect(shop.returns('sale', [[2, 1]], NEXT_DAY).ok).toBe(false);
    expect(shop.balance('ada')).toBe(100);
  });

  it('I2 points that come back first pay what an earlier return left owing', () => {
    const voucher: RewardForm = {
      kind: 'convert',
      rewardId: 'voucher',
      name: named('Voucher'),
      trigger: 'automatic',
      cost: { points: 100 },
      to: 'voucher',
      amount: 1000,
      timesMax: 9,
    };
    const shop = shopOf(30, [ONE_PER_UNIT], [voucher], {
      accounts: [
        accountOf('points', 'points', { expiry: { kind: 'days', days: 30 } }),
        accountOf('voucher', 'money'),
      ],
    });
    const lines = [{ unitPriceMinor: 8000 }, { unitPriceMinor: 4000 }];
    shop.sell({ transactionId: 'sale', memberId: 'ada', lines }, NOON);
    expect([shop.balance('ada'), shop.balance('ada', 'voucher')]).toEqual([50, 1000]);
    shop.returns('sale', [[1, 1]], NOON);
    expect(shop.balance('ada')).toBe(-30);
    shop.returns('sale', [[2, 1]], NOON);
    expect([shop.balance('ada'), shop.balance('ada', 'voucher')]).toEqual([30, 0]);
    expect(shop.balance('ada', 'points', '2027-01-01T00:00:00Z')).toBeGreaterThanOrEqual(0);
  });

  it('I3 money off and balance move together, and the next scan sees it', () => {
    const shop = shopOf(100, [], [moneyOff(100, 1000)]);
    const claimed = { ...ada(2000), claims: [{ rewardId: 'off' }] };
    const pricing = shop.sell(claimed, NOON);
    const taken = pricing.movements.filter(({ kind }) => kind === 'redemption');
    expect([pricing.discountMinor, taken.map(({ amount }) => amount)]).toEqual([1000, [-100]]);
    const again = shop.quote(claimed, NOON);
    expect(again.discountMinor).toBe(0);
    expect(again.refusals).toMatchObject([{ reason: 'points-short', missing: 100 }]);
  });

  it('I4 the return of a sale that spent points gives the numbers of C13 and C14', () => {
    const reward = { ...moneyOff(150, 500), timesMax: 1 };
    const pens = (quantity: number, unitPriceMinor: number) => ({
      transactionId: 'pens',
      memberId: 'ada',
      lines: [{ sku: 'pen', quantity, unitPriceMinor }],
      claims: [{ rewardId: 'off' }],
    });
    const full = shopOf(200, [perPen('70')], [reward]);
    full.sell(pens(1, 10_000), NOON);
    expect(full.balance('ada')).toBe(120);
    full.returns('pens', 'all', NEXT_DAY);
    expect(full.balance('ada')).toBe(200);

    const half = shopOf(200, [perPen('35')], [reward]);
    half.sell(pens(2, 5000), NOON);
    expect(half.balance('ada')).toBe(120);
    half.returns('pens', [[1, 1]], NEXT_DAY);
    expect(half.balance('ada')).toBe(160);
  });

  it('I5 points are earned and spent by what the till itself holds', () => {
    const shop = loyaltyShop(
      programmeOf({
        accounts: [accountOf('gift-card', 'money')],
        earning: { rules: [ONE_PER_UNIT] },
        rewards: { list: [moneyOff(50, 500)] },
        offlineFloorPoints: 60,
      }),
      { members: [{ memberId: 'ada', balances: { points: 100, 'gift-card': 1000 } }] },
    );
    const pricing = shop.sell(
      {
        ...ada(3000),
        claims: [{ rewardId: 'off' }],
        tenders: [{ tenderType: 'gift-card', amountMinor: 1000 }],
      },
      NOON,
    );
    expect([pricing.totalMinor, pricing.dueMinor]).toEqual([2500, 1500]);
    expect([pricing.redeemedPoints, pricing.earnedPoints]).toEqual([50, 25]);
    expect(pricing.redeemedPoints).toBeLessThanOrEqual(
      shop.compiledAt(NOON).programme.offlineFloorPoints,
    );
    expect([shop.balance('ada'), shop.balance('ada', 'gift-card')]).toEqual([75, 0]);
  });

  it('I6 a sale that is sent again moves the same lots, and only once', () => {
    const [till, office] = [shopOf(0, [ONE_PER_UNIT]), shopOf(0, [ONE_PER_UNIT])];
    const sale = { transactionId: 'sale', ...ada(2500) };
    const made = till.sell(sale, NOON).movements;
    expect(office.quote(sale, NOON).movements, 'priced alike everywhere').toEqual(made);
    office.sell(sale, NOON);
    office.sell(sale, NOON);
    expect(textOf(office.books())).toBe(textOf(till.books()));
  });

  it('I7 a whole sale posted twice is one sale', () => {
    const shop = shopOf(100, [ONE_PER_UNIT], [moneyOff(100, 1000)]);
    const sale = { transactionId: 'sale', ...ada(5000), claims: [{ rewardId: 'off' }] };
    const first = shop.sell(sale, NOON);
    const after = textOf(shop.books());
    expect(shop.sell(sale, NEXT_DAY)).toBe(first);
    expect(textOf(shop.books())).toBe(after);
  });

  it('I9 an edited sale is taken back and sold anew; saved again it adds nothing', () => {
    const shop = shopOf(0, [ONE_PER_UNIT]);
    shop.sell({ transactionId: 'first', ...ada(4000) }, NOON);
    shop.returns('first', 'all', NOON);
    const edited = { transactionId: 'edited', ...ada(3000) };
    shop.sell(edited, NOON);
    shop.sell(edited, NOON);
    expect(shop.balance('ada')).toBe(30);
    expect(shop.held(memberOwner('ada'), 'visits')).toBe(1);
  });

  it('I10 voided lines earn nothing, and a basket that is let go has moved nothing', () => {
    const shop = shopOf(100, [ONE_PER_UNIT], [moneyOff(100, 1000)]);
    const lines = [{ unitPriceMinor: 1500 }, { unitPriceMinor: 500 }];
    const before = shop.books();
    shop.quote({ memberId: 'ada', lines, claims: [{ rewardId: 'off' }] }, NOON);
    expect(shop.books()).toBe(before);
    shop.sell({ transactionId: 'sale', memberId: 'ada', lines }, NOON);
    expect(shop.balance('ada')).toBe(120);
    shop.returns('sale', [[1, 1]], NOON);
    expect(shop.balance('ada')).toBe(105);
  });
});

describe('complaints about peers, numbers', () => {
  it('I11 a reward is no purchase, and a promotion leaves a gift card its value', () => {
    const fifth: RewardForm = {
      kind: 'free-units',
      rewardId: 'free-pen',
      name: named('Free pen'),
      cost: { points: 5 },
    };
    const pens = shopOf(5, [perPen('1')], [fifth]);
    const six = [{ sku: 'pen', quantity: 6, unitPriceMinor: 100 }];
    const claimed = { memberId: 'ada', lines: six, claims: [{ rewardId: 'free-pen' }] };
    expect(pens.quote(claimed, NOON).earnedPoints, 'five are paid for').toBe(5);

    const promoted = shopOf(0, [ONE_PER_UNIT], [percentOff('10')]);
    const lines = [
      { unitPriceMinor: 10_000 },
      { sku: 'gift-card', flags: ['stored-value' as const], unitPriceMinor: 5000 },
      { kind: 'deduction' as const, unitPriceMinor: 1000 },
    ];
    const {
      discountMinor,
      lines: priced,
      earnedPoints,
    } = promoted.quote({ memberId: 'ada', lines }, NOON);
    expect([discountMinor, priced[1]?.netMinor, earnedPoints]).toEqual([1000, 5000, 80]);
  });

  it('I12 never more points than the value used', () => {
    const most = (shop: LoyaltyShop, unitPriceMinor: number) => {
      const times = shop.quote(ada(unitPriceMinor), NOON).offers[0]?.timesMax ?? 0;
      const claims = [{ rewardId: 'off', times }];
      const { dueMinor, redeemedPoints } = shop.quote({ ...ada(unitPriceMinor), claims }, NOON);
      return { dueMinor, redeemedPoints };
    };
    const tens = shopOf(30, [], [moneyOff(1, 1000)]);
    expect(most(tens, 2000), '30 points of 10.00').toEqual({ dueMinor: 0, redeemedPoints: 2 });
    const cents = shopOf(100, [], [moneyOff(1, 10)]);
    expect(most(cents, 105), '100 points of 0.10').toEqual({ dueMinor: 0, redeemedPoints: 11 });
    // Asked for more than the basket takes, a claim costs nothing and says why.
    const all = tens.sell({ ...ada(2000), claims: [{ rewardId: 'off', times: 30 }] }, NOON);
    expect(all.refusals.map(({ reason }) => reason)).toEqual(['basket-too-small']);
    expect([all.redeemedPoints, tens.balance('ada')]).toEqual([0, 30]);
  });

  it('I13 points pay the rounded total to the last cent', () => {
    const shop = shopOf(1000, [], [], {
      rewards: { roundsToMinor: 5, list: [moneyOff(1, 5)] },
    });
    const { offers, totalMinor } = shop.quote(ada(1998), NOON);
    expect([totalMinor, offers[0]?.timesMax]).toEqual([2000, 400]);
    const priced = shop.quote({ ...ada(1998), claims: [{ rewardId: 'off', times: 400 }] }, NOON);
    expect([priced.dueMinor, priced.redeemedPoints]).toEqual([0, 400]);
  });

  it('I14 a level begins exactly where it says, and none is skipped', () => {
    const levels = [0, 10_000, 20_000].map((from) => ({
      tierId: `from-${from}`,
      name: named(`${from}`),
      from,
    }));
    const after = (unitPriceMinor: number) => {
      const shop = shopOf(0, [], [], { tiers: { measure: 'spend', levels } });
      const shown = shop.quote(ada(unitPriceMinor), NOON).tier?.tierIdAfter;
      shop.sell(ada(unitPriceMinor), NOON);
      expect(shop.tier('ada', NEXT_DAY), 'shown before it was saved').toBe(shown);
      return shown;
    };
    expect([9999, 10_000, 19_999, 20_000].map(after)).toEqual([
      'from-0',
      'from-10000',
      'from-10000',
      'from-20000',
    ]);
  });

  it('I15 one setting says what earns: after discounts, with or without tax and credit', () => {
    const earned = (base: ProgrammeForm['earning']['base']) => {
      const shop = loyaltyShop(
        programmeOf({
          accounts: [accountOf('wallet', 'money')],
          earning: { base, rules: [ONE_PER_UNIT] },
          rewards: { list: [percentOff('10')] },
        }),
        { members: [{ memberId: 'ada', balances: { wallet: 5000 } }] },
      );
      const lines = [{ unitPriceMinor: 12_000, taxRateBasisPoints: 2000 }];
      const tenders = [{ tenderType: 'wallet', amountMinor: 5000 }];
      return shop.quote({ memberId: 'ada', lines, tenders }, NOON).earnedPoints;
    };
    expect(earned({}), '120.00 less 10 %').toBe(108);
    expect(earned({ taxes: 'excluded' }), 'without its 20 % of tax').toBe(90);
    expect(earned({ storedValueLowers: 'yes' }), 'less 50.00 from the wallet').toBe(58);
  });

  it('I16 stored value earns when it is spent, not when it is bought; points earn nothing', () => {
    const shop = shopOf(1000, [ONE_PER_UNIT], [moneyOff(100, 1000)]);
    const card = { flags: ['stored-value' as const], unitPriceMinor: 5000 };
    const bought = { memberId: 'ada', lines: [card, { unitPriceMinor: 1000 }] };
    expect(shop.quote(bought, NOON).earnedPoints).toBe(10);
    const paid = { ...ada(3000), claims: [{ rewardId: 'off', times: 2 }] };
    expect(shop.quote(paid, NOON).earnedPoints, 'on the 10.00 that are paid').toBe(10);
    const whole = { ...ada(3000), claims: [{ rewardId: 'off', times: 3 }] };
    expect(shop.quote(whole, NOON).earnedPoints).toBe(0);
  });

  it('I17 a refund is what was paid, to the penny', () => {
    const shop = shopOf(0, [], [percentOff('25')]);
    const lines = [{ quantity: 10, unitPriceMinor: 2390, taxRateBasisPoints: 2000 }];
    const sold = shop.sell({ transactionId: 'sale', memberId: 'ada', lines }, NOON);
    expect(sold.totalMinor).toBe(17_925);
    const refunds = Array.from({ length: 10 }, () => {
      const back = shop.returns('sale', [[1, 1]], NEXT_DAY);
      return back.ok ? back.value.refundMinor : Number.NaN;
    });
    expect(refunds.reduce((sum, minor) => sum + minor, 0)).toBe(17_925);
    expect(Math.max(...refunds) - Math.min(...refunds)).toBeLessThanOrEqual(1);
  });

  it('I20 the end of a day tells points issued, spent, lapsed and taken back apart', () => {
    const shop = shopOf(120, [ONE_PER_UNIT], [moneyOff(100, 1000)], {
      accounts: [
        accountOf('points', 'points', { expiry: { kind: 'days', days: 30 }, costMinor: '10' }),
      ],
    });
    const first = shop.sell({ ...ada(6000), claims: [{ rewardId: 'off' }] }, NOON);
    const second = shop.sell({ transactionId: 'second', ...ada(2000) }, NOON);
    const back = shop.returns('second', 'all', NEXT_DAY);
    const lapsed = shop.occasion({ action: 'expire', memberId: 'ada' }, '2026-06-01T12:00:00Z');
    const all = [
      first.movements,
      second.movements,
      back.ok ? back.value.movements : [],
      lapsed.ok ? lapsed.value.movements : [],
    ].flat();
    const flows = flowsOf(all, 'points');
    expect(flows).toEqual({ issued: 70, redeemed: 100, expired: 50, clawedBack: 20 });
    expect(first.redemptions[0]?.amountOffMinor, 'in money, apart from cash').toBe(1000);
    expect(first.dueMinor).toBe(5000);
  });

  it('I21 a member is made offline, with the same id on every till', () => {
    const card = '2990000000019';
    const programme = programmeOf({
      earning: {
        rules: [
          ONE_PER_UNIT,
          { kind: 'enrolment', ruleId: 'welcome', name: named('Welcome'), points: 5 },
        ],
      },
    });
    const tills = [loyaltyShop(programme), loyaltyShop(programme)];
    for (const till of tills) {
      expect(till.occasion({ action: 'enrol', cardNumber: card }, NOON).ok).toBe(true);
      till.sell({ cardNumber: card, lines: [{ unitPriceMinor: 700 }] }, NOON);
    }
    const id = memberIdOfCard(CARD_KEY_HEX, card);
    expect(tills.map((till) => till.memberIdByCard(card))).toEqual([id, id]);
    expect(tills.map((till) => till.balance(id))).toEqual([12, 12]);
    expect(tills[0]?.occasion({ action: 'enrol', cardNumber: card }, NEXT_DAY).ok).toBe(false);
  });
});
