// Goal: gifts, late claims and closing times move points as the programme says, within limits.
// Method: the worked numbers of S07, S11, S23 and C80, and each refusal.
import { describe, expect, it } from 'vitest';
import { EMPTY_BOOKS, heldOf, type Lot, lotsOf, memberOwner } from '#loyalty/books/books.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import { claimSale } from '#loyalty/occasions/claims.ts';
import { giveGoodwill, transferPoints } from '#loyalty/occasions/gifts.ts';
import type { Occasion } from '#loyalty/occasions/occasionLedger.ts';
import { closePeriod, closeWindow, expirePoints } from '#loyalty/occasions/windows.ts';
import { Desk, event, eventRule, member, ms, OWNER, points } from '#test/support/desk.ts';
import { accountOf, named, type ProgrammeForm, pointsAccount } from '#test/support/loyaltyShop.ts';

describe('gifts', () => {
  const programme = {
    gifts: {
      goodwillPerOperatorPerDay: 100,
      reasons: [{ reasonId: 'cold-coffee', name: named('Cold coffee') }],
      transferPerMemberPerDay: 150,
    },
  };
  const sorry =
    (amount: number, reasonId = 'cold-coffee') =>
    (occasion: Occasion) =>
      giveGoodwill(occasion, { points: amount, reasonId });
  const send = (to: MemberProfile, amount: number) => (occasion: Occasion) =>
    transferPoints(occasion, { to, points: amount });

  it('S11: of 100 a day a cashier gives 60; then 50 are refused, 40 are left', () => {
    const desk = new Desk(programme);
    expect(desk.on('2026-05-05', sorry(60))).toEqual([60]);
    expect(desk.on('2026-05-05', sorry(50))).toBe('limit-reached 40');
    expect(desk.on('2026-05-05', sorry(40))).toEqual([40]);
    expect(desk.on('2026-05-06', sorry(100))).toEqual([100]);
    expect(desk.on('2026-05-06', sorry(1, 'no-such'))).toBe('reason-unknown 0');
    const staff = member('m1', { staffOperatorId: 'ayse' });
    expect(desk.on('2026-05-07', sorry(1), staff)).toBe('staff-card 0');
  });

  it('S11: A with 300 gives B 120: 180 and 120, in two linked rows, net 0', () => {
    const desk = new Desk(programme, points(300));
    const before = desk.books;
    const b = member('m2');
    const transfers: (string | number)[][] = [];
    const told = desk.on('2026-05-05', (occasion) => {
      const result = transferPoints(occasion, { to: b, points: 120 });
      if (!result.ok) return result;
      for (const { owner, amount, kind, rule, whyArgs } of result.value.movements) {
        if (kind === 'transfer') {
          transfers.push([owner, amount, rule, String(whyArgs['counterpart'])]);
        }
      }
      return result;
    });
    expect(told).toEqual([-120]);
    expect(transfers).toEqual([
      [OWNER, -120, 'transfer', 'm2'],
      [memberOwner('m2'), 120, 'transfer', 'm1'],
    ]);
    expect(heldOf(before, OWNER, 'points')).toBe(300);
    expect(desk.held()).toBe(180);
    expect(desk.held('points', memberOwner('m2'))).toBe(120);
  });

  it('keeps the dates of what is given, and pays a debt of who receives', () => {
    const untilMs = ms('2026-06-01');
    const old: Lot = { lotId: 'old', amount: 20, fromMs: 7, untilMs };
    const debt: Lot = { lotId: 'debt', amount: -5, fromMs: 0, untilMs: null };
    const desk = new Desk(
      programme,
      new Map([
        [OWNER, new Map([['points', [old]]])],
        [memberOwner('m2'), new Map([['points', [debt]]])],
      ]),
    );
    expect(desk.on('2026-05-05', send(member('m2'), 20))).toEqual([-20]);
    expect(lotsOf(desk.books, memberOwner('m2'), 'points')).toMatchObject([
      { amount: 15, fromMs: 7, untilMs },
    ]);
  });

  it('refuses what is too much, and what stays in the family', () => {
    const desk = new Desk(programme, points(100));
    expect(desk.on('2026-05-05', send(member('m1'), 1))).toBe('same-member 0');
    const pooled = (id: string) => member(id, { poolId: 'home' });
    expect(desk.on('2026-05-05', send(pooled('m2'), 1), pooled('m1'))).toBe('same-member 0');
    expect(desk.on('2026-05-05', send(member('m2'), 130))).toBe('points-short 30');
    expect(desk.on('2026-05-05', send(member('m2'), 151))).toBe('limit-reached 150');
    const staff = member('m1', { staffOperatorId: 'ayse' });
    expect(desk.on('2026-05-05', send(member('m2'), 1), staff)).toBe('staff-card 0');
  });
});

describe('S23: a late claim', () => {
  const saleAtMs = ms('2026-05-05');
  const why = { whyKey: 'why.x', whyArgs: {} };
  const lot = { owner: OWNER, rule: 'base', fromMs: saleAtMs, untilMs: null, ...why };
  const claim = (transactionId: string) => (occasion: Occasion) =>
    claimSale(occasion, {
      transactionId,
      saleAtMs,
      price: () => ({
        movements: [
          { ...lot, account: 'points', lotId: `${transactionId}/1`, amount: 34, kind: 'accrual' },
        ],
        accruals: [{ ...lot, account: 'points', points: 34 }],
      }),
    });

  it('credits 34 points on day 7, once, and nothing on day 8', () => {
    const desk = new Desk({ lateClaimDays: 7 });
    expect(desk.on('2026-05-12T23:59:00', claim('t1'))).toEqual([34]);
    expect(desk.on('2026-05-12T23:59:00', claim('t1'))).toBe('already-done 0');
    expect(desk.on('2026-05-13T00:00:00', claim('t2'))).toBe('too-late 0');
    expect(desk.on('2026-05-04', claim('t2'))).toBe('too-late 0');
    expect(desk.held()).toBe(34);
  });

  it('needs a programme that allows it, and another cashier than the member', () => {
    expect(new Desk({}).on('2026-05-05', claim('t1'))).toBe('refused 0');
    const staff = member('m1', { staffOperatorId: 'ayse' });
    const desk = new Desk({ lateClaimDays: 7 });
    expect(desk.on('2026-05-05', claim('t1'), staff)).toBe('staff-card 0');
  });
});

describe('S07: the close of a window', () => {
  const programme: Partial<ProgrammeForm> = {
    accounts: [pointsAccount({}), accountOf('wallet', 'money')],
    windows: [1, 2, 3, 4].map((month) => ({
      windowId: `w${month}`,
      fromIso: `2026-0${month}-01T00:00:00Z`,
      toIso: `2026-0${month + 1}-01T00:00:00Z`,
    })),
    rewards: {
      list: [
        {
          kind: 'convert',
          rewardId: 'batch',
          name: named('Batch'),
          trigger: 'window-close',
          cost: { points: 100 },
          timesMax: 5,
          limits: [{ period: 'year', times: 11 }],
          to: 'wallet',
          amount: 1000,
        },
      ],
    },
  };
  const close = (windowId: string) => (occasion: Occasion) => closeWindow(occasion, windowId);

  it('turns 640 points into 50.00 and carries 140', () => {
    const desk = new Desk(programme, points(640));
    expect(desk.on('2026-01-31', close('w1'))).toBe('condition-unmet 0');
    expect(desk.on('2026-02-01T00:00:00', close('w1'))).toEqual([-500, 5000]);
    expect([desk.held(), desk.held('wallet')]).toEqual([140, 5000]);
    expect(desk.on('2026-02-01', close('w1'))).toBe('already-done 0');
    expect(desk.on('2026-02-01', close('w9'))).toBe('rule-unknown 0');
  });

  it('keeps within the limits of a window and of a year', () => {
    const desk = new Desk(programme, points(5000));
    const at = ['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'];
    const told = at.map((iso, index) => desk.on(iso, close(`w${index + 1}`)));
    expect(told).toEqual([[-500, 5000], [-500, 5000], [-100, 1000], []]);
  });

  it('credits a charity where the reward says so', () => {
    const [reward] = programme.rewards?.list ?? [];
    if (reward?.kind !== 'convert') throw new Error('no reward');
    const desk = new Desk(
      {
        ...programme,
        charities: [{ charityId: 'trees', name: named('Trees') }],
        rewards: { list: [{ ...reward, to: 'trees' }] },
      },
      points(250),
    );
    expect(desk.on('2026-02-01', close('w1'))).toEqual([-200]);
    expect(desk.held('money', 'charity/trees')).toBe(2000);
  });
});

describe('the end of a time', () => {
  it('takes off what has lapsed, of the member and of its pool', () => {
    const untilMs = ms('2026-02-01');
    const lot = (amount: number) => ({ lotId: 'a', amount, fromMs: 0, untilMs });
    const desk = new Desk(
      { accounts: [pointsAccount({}), accountOf('wallet', 'money')] },
      new Map([
        [OWNER, new Map([['wallet', [lot(300)]]])],
        ['pool/home', new Map([['points', [lot(12)]]])],
      ]),
    );
    const pooled = member('m1', { poolId: 'home' });
    expect(desk.on('2026-01-31', expirePoints, pooled)).toEqual([]);
    expect(desk.on('2026-02-01', expirePoints, pooled)).toEqual([-300, -12]);
    expect(desk.books).toEqual(EMPTY_BOOKS);
  });

  it('C80: computes the level before the points are reset', () => {
    const level = (index: number, from: number) => ({
      tierId: `l${index}`,
      name: named(`L${index}`),
      from,
    });
    const desk = new Desk({
      accounts: [pointsAccount({ expiry: { kind: 'year-end', years: 0 } })],
      tiers: {
        period: 'calendar-year',
        valid: 'end-of-year',
        levels: [0, 10, 30, 100].map((from, index) => level(index, from)),
      },
      earning: { rules: [eventRule('survey', 10)] },
    });
    desk.on('2026-05-05', event('survey'));
    expect(desk.on('2027-01-01T00:00:00', closePeriod)).toEqual([-10]);
    expect(desk.held()).toBe(0);
    const [grant] = lotsOf(desk.books, OWNER, 'tier').filter((lot) => lot.untilMs !== null);
    expect(grant).toMatchObject({ lotId: 'l1', untilMs: ms('2028-01-01T00:00:00') });
  });
});
