// Goal: referrals, lucky baskets and shares give to whom they should, as often as they may.
// Method: a friend's sales, drawn digests, and partners' cards.
import { describe, expect, it } from 'vitest';
import { drawOf } from '#loyalty/earn/others.ts';
import {
  accountOf,
  digestOf,
  loyaltyShop,
  named,
  programmeOf,
  type RuleForm,
  type StateForm,
} from '#test/support/loyaltyShop.ts';

type Member = NonNullable<StateForm['members']>[number];
const head = { ruleId: 'r', name: named('Rule') };
const lines = [{ sku: 'tea', unitPriceMinor: 1000 }];
const MARCH = '2026-03-05T12:00:00Z';

function shopOf(rule: RuleForm, friends: readonly Member[] = []) {
  const programme = programmeOf({
    accounts: [accountOf('miles', 'partner')],
    charities: [{ charityId: 'forest', name: named('Forest') }],
    partners: [{ partnerId: 'air', name: named('Air'), cardPrefix: '77', account: 'miles' }],
    earning: { rules: [rule] },
  });
  return loyaltyShop(programme, { members: [{ memberId: 'ref' }, ...friends] });
}

const friend = (memberId: string, changes: Partial<Member> = {}): Member => {
  return { memberId, referrerId: 'ref', enrolledAtIso: '2026-03-01T12:00:00Z', ...changes };
};

describe('a referral', () => {
  const first: RuleForm = {
    kind: 'referral',
    ...head,
    on: 'first-sale',
    friendPoints: 10,
    referrerPoints: 25,
    friendsMax: 2,
  };

  it('gives both sides their points for the first sale only', () => {
    const shop = shopOf(first, [friend('a')]);
    const { accruals } = shop.sell({ memberId: 'a', lines }, MARCH);
    expect(accruals).toMatchObject([
      { owner: 'member/a', points: 10, whyKey: 'why.earn.referral.friend' },
      { owner: 'member/ref', points: 25, whyKey: 'why.earn.referral.referrer' },
    ]);
    expect(shop.sell({ memberId: 'a', lines }, MARCH).accruals).toEqual([]);
    expect(shop.balance('ref')).toBe(25);
  });

  it('gives the referrer nothing beyond the friends it may bring; the friend has its own', () => {
    const shop = shopOf(first, [friend('a'), friend('b'), friend('c')]);
    for (const memberId of ['a', 'b', 'c']) shop.sell({ memberId, lines }, MARCH);
    expect(shop.balance('ref')).toBe(50);
    expect(shop.balance('c')).toBe(10);
    expect(shop.held('member/ref', 'friends/r')).toBe(2);
  });

  it('is for others: not for oneself, not within a household, not without a referrer', () => {
    const shop = shopOf(first, [
      friend('self', { referrerId: 'self' }),
      friend('none', { referrerId: null }),
    ]);
    for (const memberId of ['self', 'none']) {
      expect(shop.sell({ memberId, lines }, MARCH).accruals).toEqual([]);
    }
  });

  it('ends so many days after the friend enrolled, to the millisecond', () => {
    const rule: RuleForm = { ...first, on: 'every-sale', withinDays: 4 };
    const shop = shopOf(rule, [friend('a'), friend('old', { enrolledAtIso: null })]);
    const count = (memberId: string, at: string) =>
      shop.sell({ memberId, lines }, at).accruals.length;
    expect(count('a', '2026-03-05T11:59:59Z')).toBe(2);
    expect(count('a', '2026-03-05T12:00:00Z')).toBe(0);
    expect(count('old', '2026-03-02T12:00:00Z')).toBe(0);
  });

  it('pays for money of each sale, without counting friends', () => {
    const rule: RuleForm = {
      kind: 'referral',
      ...head,
      on: 'every-sale',
      referrerRate: { points: '1', perMinor: 300 },
      friendsMax: 1,
    };
    const shop = shopOf(rule, [friend('a')]);
    expect(shop.sell({ memberId: 'a', lines }, MARCH).accruals).toMatchObject([{ points: 3 }]);
    expect(shop.sell({ memberId: 'a', lines }, MARCH).accruals).toMatchObject([{ points: 3 }]);
    expect(shop.held('member/ref', 'friends/r')).toBe(0);
    expect(shop.balance('ref')).toBe(6);
  });

  it('on registering gives nothing at a sale', () => {
    const shop = shopOf({ ...first, on: 'register' }, [friend('a')]);
    expect(shop.sell({ memberId: 'a', lines }, MARCH).accruals).toEqual([]);
  });
});

describe('a lucky basket', () => {
  it('is drawn by the digest, read as one number', () => {
    expect(drawOf('ff', 16)).toBe(15);
    expect(drawOf('0100', 255)).toBe(1);
    expect(drawOf('a0', 7)).toBe(160 % 7);
    const whole = BigInt(`0x${digestOf('sale')}`);
    for (const oneIn of [2, 3, 10, 999_983]) {
      expect(drawOf(digestOf('sale'), oneIn)).toBe(Number(whole % BigInt(oneIn)));
    }
  });

  it('wins where nothing is left over, and tells an auditor how', () => {
    const shop = shopOf({ kind: 'lucky', ...head, oneIn: 3, points: 77 });
    const wins = Array.from({ length: 30 }, (_, index) => `t${index}`).filter((transactionId) => {
      const { accruals } = shop.sell({ transactionId, memberId: 'ref', lines }, MARCH);
      const isWon = drawOf(digestOf(transactionId), 3) === 0;
      expect(accruals.map(({ points }) => points)).toEqual(isWon ? [77] : []);
      if (isWon) {
        expect(accruals[0]).toMatchObject({
          whyKey: 'why.earn.lucky',
          whyArgs: { seed: transactionId, oneIn: 3, points: 77 },
        });
      }
      return isWon;
    });
    expect(wins.length).toBeGreaterThan(3);
    expect(wins.length).toBeLessThan(20);
  });
});

describe('a share', () => {
  it('is a charity’s for every sale, a guest’s too, on the lines it looks at', () => {
    const shop = shopOf({
      kind: 'share',
      ...head,
      points: '5',
      perMinor: 100,
      to: 'forest',
      when: { lines: { skus: ['tea'] } },
    });
    const two = [...lines, { sku: 'cake', unitPriceMinor: 500 }];
    expect(shop.sell({ lines: two }, MARCH).accruals).toMatchObject([
      { owner: 'charity/forest', points: 50, whyKey: 'why.earn.share' },
    ]);
    expect(shop.sell({ lines: [{ sku: 'cake', unitPriceMinor: 500 }] }, MARCH).accruals).toEqual(
      [],
    );
  });

  it('is a partner’s only where its card was scanned', () => {
    const shop = shopOf({
      kind: 'share',
      ...head,
      account: 'miles',
      points: '1',
      perMinor: 100,
      to: 'air',
    });
    expect(shop.sell({ memberId: 'ref', lines }, MARCH).accruals).toEqual([]);
    expect(shop.sell({ cardNumber: '77000008', lines }, MARCH).accruals).toMatchObject([
      { owner: 'partner/air', account: 'miles', points: 10 },
    ]);
  });
});
