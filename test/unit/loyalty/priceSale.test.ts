// Goal: stored value, gates, contracts and cards of staff do what a programme says, and no more.
// Method: single sales on either side of each rule.
import { describe, expect, it } from 'vitest';
import {
  accountOf,
  loyaltyShop,
  named,
  ONE_PER_UNIT,
  type ProgrammeForm,
  pointsAccount,
  programmeOf,
  type RewardForm,
  type SaleForm,
  type StateForm,
} from '#test/support/loyaltyShop.ts';

const AT = '2026-03-05T12:00:00Z';
const tea = { sku: 'tea', unitPriceMinor: 1000 };
type Member = NonNullable<StateForm['members']>[number];

function shopOf(changes: Partial<ProgrammeForm>, member: Partial<Member> = {}) {
  const earning = { rules: [ONE_PER_UNIT] };
  return loyaltyShop(programmeOf({ earning, ...changes }), {
    members: [{ memberId: 'm1', ...member }],
  });
}

describe('stored value', () => {
  const accounts = [accountOf('wallet', 'money'), accountOf('gift', 'money')];
  const pay = (tenders: SaleForm['tenders'], balances: Record<string, number>) => {
    const shop = shopOf({ accounts }, { balances });
    const form = { memberId: 'm1', lines: [tea], tenders };
    const { tenderEffects, dueMinor, messages } = shop.quote(form, AT);
    const paid = tenderEffects.map(({ account, amountMinor }) => [account, amountMinor]);
    return { paid, dueMinor, messages };
  };
  const tender = (tenderType: string, amountMinor: number) => ({ tenderType, amountMinor });

  it('pays what it holds, and no more than there is to pay', () => {
    expect(pay([tender('wallet', 300)], { wallet: 300 })).toEqual({
      paid: [['wallet', 300]],
      dueMinor: 700,
      messages: [],
    });
    expect(pay([tender('wallet', 5000)], { wallet: 5000 })).toMatchObject({
      paid: [['wallet', 1000]],
      dueMinor: 0,
    });
    expect(pay([tender('wallet', 0)], { wallet: 300 })).toMatchObject({ paid: [], dueMinor: 1000 });
  });

  it('is refused where it is short, with what is missing', () => {
    const short = pay([tender('wallet', 301)], { wallet: 300 });
    expect(short).toMatchObject({ paid: [], dueMinor: 1000 });
    expect(short.messages).toEqual([
      {
        kind: 'refusal',
        missingMinor: 1,
        points: 0,
        lines: [],
        whyKey: 'notice.stored-value-short',
        whyArgs: { amountMinor: 301, heldMinor: 300, currency: 'EUR' },
      },
    ]);
  });

  it('pays from several accounts, and twice from one while it lasts', () => {
    const three = [tender('gift', 400), tender('wallet', 200), tender('wallet', 200)];
    expect(pay(three, { wallet: 400, gift: 500 })).toMatchObject({
      paid: [
        ['gift', 400],
        ['wallet', 200],
        ['wallet', 200],
      ],
      dueMinor: 200,
    });
    const short = pay(three, { wallet: 399, gift: 500 });
    expect(short.paid).toHaveLength(2);
    expect(short.messages).toMatchObject([{ missingMinor: 1 }]);
    expect(pay([tender('gift', 900), tender('wallet', 900)], { wallet: 900, gift: 900 })).toEqual({
      paid: [
        ['gift', 900],
        ['wallet', 100],
      ],
      dueMinor: 0,
      messages: [],
    });
  });
});

describe('points of this very sale', () => {
  const off: RewardForm = {
    kind: 'amount-off',
    rewardId: 'off',
    name: named('Off'),
    cost: { points: 9 },
    amountOffMinor: 100,
  };
  const base = { spendPointsOfThisSale: 'yes' as const };
  const claims = [{ rewardId: 'off' }];
  const sell = (changes: Partial<ProgrammeForm>) => {
    const shop = shopOf({
      earning: { base, rules: [ONE_PER_UNIT] },
      rewards: { list: [off] },
      ...changes,
    });
    const { redeemedPoints, earnedPoints } = shop.sell(
      { memberId: 'm1', lines: [tea], claims },
      AT,
    );
    return [earnedPoints, redeemedPoints, shop.balance('m1')];
  };

  it('are spent at once where the programme says so', () => {
    expect(sell({})).toEqual([9, 9, 0]);
    expect(sell({ earning: { rules: [ONE_PER_UNIT] } })).toEqual([10, 0, 10]);
  });

  it('are not, where the reward leaves less than it costs', () => {
    const dear = { ...off, cost: { points: 10 } };
    expect(sell({ rewards: { list: [dear] } })).toEqual([10, 0, 10]);
  });

  it('are not while they are pending', () => {
    expect(sell({ accounts: [pointsAccount({ pendingDays: 14 })] })).toEqual([10, 0, 10]);
  });
});

describe('a gate', () => {
  const gate = {
    gateId: 'early',
    name: named('Early'),
    lines: { skus: ['tea'] },
    fromIso: '2026-03-05T00:00:00Z',
    toIso: '2026-03-06T00:00:00Z',
  };
  const lines = [{ sku: 'cake', unitPriceMinor: 100 }, tea];
  const gates = (form: Partial<SaleForm>, at = AT, tierIds?: string[]) => {
    const programme = { gates: [{ ...gate, ...(tierIds && { tierIds }) }] };
    const tiers = {
      levels: ['base', 'gold'].map((tierId, index) => {
        return { tierId, name: named(tierId), from: index * 50 };
      }),
    };
    const { messages } = shopOf({ ...programme, tiers }).quote({ lines, ...form }, at);
    return messages.filter(({ kind }) => kind === 'gate');
  };

  it('keeps guests from its lines, from its first moment to its last', () => {
    expect(gates({})).toEqual([
      {
        kind: 'gate',
        missingMinor: 0,
        points: 0,
        lines: [2],
        whyKey: 'notice.gate',
        whyArgs: { name_en: 'Early', name_tr: 'Early' },
      },
    ]);
    expect(gates({}, '2026-03-04T23:59:59Z')).toEqual([]);
    expect(gates({}, '2026-03-05T00:00:00Z')).toHaveLength(1);
    expect(gates({}, '2026-03-05T23:59:59Z')).toHaveLength(1);
    expect(gates({}, '2026-03-06T00:00:00Z')).toEqual([]);
  });

  it('lets members through, or those of its tiers', () => {
    expect(gates({ memberId: 'm1' })).toEqual([]);
    expect(gates({ memberId: 'm1' }, AT, ['gold'])).toHaveLength(1);
    expect(gates({ memberId: 'm1' }, AT, ['base'])).toEqual([]);
    expect(gates({ lines: [{ sku: 'cake', unitPriceMinor: 1 }] })).toEqual([]);
  });
});

describe('a contract', () => {
  const contract = (changes: object = {}) => ({
    contracts: [
      {
        contractId: 'firm',
        name: named('Firm'),
        prices: [{ sku: 'tea', unitPriceMinor: 700 }],
        toIso: '2026-06-01T00:00:00Z',
        ...changes,
      },
    ],
  });
  const sell = (changes: object, at = AT) => {
    const shop = shopOf(contract(changes), { contractId: 'firm' });
    const lines = [tea, { sku: 'cake', unitPriceMinor: 500 }];
    const { totalMinor, earnedPoints } = shop.quote({ memberId: 'm1', lines }, at);
    return [totalMinor, earnedPoints];
  };

  it('has its own prices, which earn only where it says so', () => {
    expect(sell({})).toEqual([1200, 5]);
    expect(sell({ earns: true })).toEqual([1200, 12]);
  });

  it('ends with its last moment', () => {
    expect(sell({}, '2026-05-31T23:59:59Z')).toEqual([1200, 5]);
    expect(sell({}, '2026-06-01T00:00:00Z')).toEqual([1500, 15]);
  });
});

describe('a membership', () => {
  const memberships = [{ membershipId: 'club', name: named('Club'), sku: 'club-year', days: 365 }];
  const fee = { sku: 'club-year', unitPriceMinor: 5000 };

  it('that is held goes on for the days that were bought on top', () => {
    const shop = shopOf({ memberships });
    shop.sell({ memberId: 'm1', lines: [fee] }, AT);
    const until = () => shop.books().get('member/m1')?.get('membership')?.[0]?.untilMs ?? 0;
    expect(new Date(until()).toISOString()).toBe('2027-03-05T00:00:00.000Z');
    shop.sell({ transactionId: 'again', memberId: 'm1', lines: [fee] }, '2027-02-01T12:00:00Z');
    expect(new Date(until()).toISOString()).toBe('2028-03-04T00:00:00.000Z');
    shop.returns('again', 'all', '2027-02-01T13:00:00Z');
    expect(new Date(until()).toISOString()).toBe('2027-03-05T00:00:00.000Z');
  });

  it('that is over begins anew', () => {
    const shop = shopOf({ memberships });
    shop.sell({ memberId: 'm1', lines: [fee] }, AT);
    shop.sell({ memberId: 'm1', lines: [fee] }, '2030-03-05T12:00:00Z');
    expect(shop.books().get('member/m1')?.get('membership')).toEqual([
      {
        lotId: 'club',
        amount: 1,
        fromMs: Date.parse('2030-03-05T12:00:00Z'),
        untilMs: Date.parse('2031-03-05T00:00:00Z'),
      },
    ]);
  });
});

describe('whose sale it is', () => {
  it('is a guest’s where an operator scans the own card', () => {
    const shop = shopOf({}, { staffOperatorId: 'ada' });
    const own = shop.sell({ memberId: 'm1', operatorId: 'ada', lines: [tea] }, AT);
    expect(own).toMatchObject({ earnedPoints: 0, tier: null, offers: [] });
    expect(own.messages).toMatchObject([{ kind: 'refusal', whyKey: 'notice.staff-card' }]);
    expect(shop.held('operator/ada', 'barred')).toBe(1);
    const other = shop.sell({ memberId: 'm1', operatorId: 'bob', lines: [tea] }, AT);
    expect(other).toMatchObject({ earnedPoints: 10, messages: [] });
  });

  it('tells a guest what is waiting, where the sale can be claimed later', () => {
    const waiting = (changes: Partial<ProgrammeForm>, lines = [tea]) =>
      shopOf(changes).quote({ lines }, AT).messages;
    expect(waiting({})).toEqual([]);
    expect(waiting({ lateClaimDays: 14 })).toMatchObject([
      { kind: 'notice', points: 10, whyKey: 'notice.points-waiting', whyArgs: { points: 10 } },
    ]);
    expect(waiting({ lateClaimDays: 14 }, [{ ...tea, unitPriceMinor: 99 }])).toEqual([]);
  });

  it('tops up no account by a deduction that bears its sku', () => {
    const topUps = [{ skus: ['ten'], account: 'wallet' }];
    const shop = shopOf({ accounts: [accountOf('wallet', 'money')], topUps });
    const ten = { sku: 'ten', unitPriceMinor: 1000 };
    shop.sell({ memberId: 'm1', lines: [tea, ten, { ...ten, kind: 'deduction' }] }, AT);
    expect(shop.balance('m1', 'wallet')).toBe(1000);
  });
});
