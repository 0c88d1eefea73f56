// Goal: events and enrolment give what the programme says, once, within their limits.
// Method: the worked numbers of S07, S08, S09, S13, S16 and S29, and each refusal.
import { describe, expect, it } from 'vitest';
import { lotsOf, memberOwner } from '#loyalty/books/books.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import { enrol } from '#loyalty/occasions/events.ts';
import type { Occasion } from '#loyalty/occasions/occasionLedger.ts';
import { Desk, event, eventRule, member, OWNER, points } from '#test/support/desk.ts';
import { named, pointsAccount, type RuleForm } from '#test/support/loyaltyShop.ts';

describe('an event', () => {
  it('S29: 25 points once a day for a member', () => {
    const caps = [{ period: 'day', times: 1 }];
    const desk = new Desk({ earning: { rules: [eventRule('post', 25, { caps })] } });
    expect(desk.on('2026-05-05T10:00:00', event('post'))).toEqual([25]);
    expect(desk.on('2026-05-05T15:00:00', event('post'))).toBe('limit-reached 0');
    expect(desk.on('2026-05-06T10:00:00', event('post'))).toEqual([25]);
    expect(desk.held()).toBe(50);
  });

  it('S29: a cashier gives 20 a day, the 21st waits for a manager', () => {
    const caps = [{ period: 'day', per: 'operator', times: 20, isLiftedByManager: true }];
    const desk = new Desk({ earning: { rules: [eventRule('post', 25, { caps })] } });
    for (let index = 1; index <= 20; index += 1) {
      expect(desk.on('2026-05-05', event('post'), member(`m${index}`))).toEqual([25]);
    }
    const last = member('m21');
    expect(desk.on('2026-05-05', event('post'), last)).toBe('limit-reached 0');
    expect(desk.on('2026-05-05', event('post'), last, 'ben')).toEqual([25]);
    const approved = event('post', { isApprovedByManager: true });
    expect(desk.on('2026-05-05', approved, member('m22'))).toEqual([25]);
  });

  it('S08: the same key of upstream twice moves points once', () => {
    const rules = [eventRule('late-delivery', 200, { givenBy: 'upstream' })];
    const desk = new Desk({ earning: { rules } }, points(340));
    expect(desk.on('2026-05-05', event('late-delivery', { key: 'K1' }))).toEqual([200]);
    expect(desk.on('2026-05-05', event('late-delivery', { key: 'K1' }))).toBe('already-done 0');
    expect(desk.held()).toBe(540);
    expect(desk.on('2026-05-05', event('late-delivery'))).toBe('refused 0');
  });

  it('S13: a survey gives 25', () => {
    const desk = new Desk({ earning: { rules: [eventRule('survey', 25)] } }, points(40));
    expect(desk.on('2026-05-05', event('survey'))).toEqual([25]);
    expect(desk.held()).toBe(65);
    expect(desk.on('2026-05-05', event('unknown'))).toBe('rule-unknown 0');
  });

  it('S07: extras of 95 and a bag of 10 credit 5 more of 100 a year', () => {
    const caps = [{ period: 'year', points: 100, group: 'extras' }];
    const rules = [eventRule('bag', 10, { caps }), eventRule('check-in', 95, { caps })];
    const desk = new Desk({ earning: { rules } });
    expect(desk.on('2026-05-05', event('check-in'))).toEqual([95]);
    expect(desk.on('2026-05-06', event('bag'))).toEqual([5]);
    expect(desk.on('2026-05-07', event('bag'))).toBe('limit-reached 0');
    expect(desk.on('2027-01-01', event('bag'))).toEqual([10]);
  });

  it('S16: in a pool fills the pool, and remembers whose it was', () => {
    const desk = new Desk({ earning: { rules: [eventRule('attended', 30)] } });
    const pooled = member('m1', { poolId: 'club' });
    expect(desk.on('2026-05-05', event('attended'), pooled)).toEqual([30]);
    expect(desk.held('points', 'pool/club')).toBe(30);
    expect(desk.held('contributed/points')).toBe(30);
  });

  it('keeps within its budget, asks its condition, and is nothing for the own card', () => {
    const when = { weekdays: [2] };
    const budget = { amountMinor: 100 };
    const desk = new Desk({
      accounts: [pointsAccount({ costMinor: '1' })],
      earning: { rules: [eventRule('post', 60, { when, budget })] },
    });
    expect(desk.on('2026-05-06', event('post'))).toBe('condition-unmet 0');
    expect(desk.on('2026-05-05', event('post'))).toEqual([60]);
    expect(desk.on('2026-05-05', event('post'))).toEqual([40]);
    expect(desk.on('2026-05-05', event('post'))).toBe('limit-reached 0');
    const staff = member('m1', { staffOperatorId: 'ayse' });
    expect(desk.on('2026-05-05', event('post'), staff)).toBe('staff-card 0');
  });

  it('can bring a level', () => {
    const tiers = {
      levels: [
        { tierId: 'base', name: named('Base'), from: 0 },
        { tierId: 'gold', name: named('Gold'), from: 20 },
      ],
    };
    const desk = new Desk({ tiers, earning: { rules: [eventRule('survey', 25)] } });
    desk.on('2026-05-05', event('survey'));
    expect(lotsOf(desk.books, OWNER, 'tier').map((lot) => lot.lotId)).toEqual(['gold']);
  });
});

describe('enrolment', () => {
  const rules: readonly RuleForm[] = [
    { kind: 'enrolment', ruleId: 'welcome', name: named('Welcome'), points: 50 },
    {
      kind: 'referral',
      ruleId: 'friend',
      name: named('Friend'),
      on: 'register',
      friendPoints: 20,
      referrerPoints: 100,
      friendsMax: 2,
    },
  ];
  const programme = { earning: { rules: [...rules] } };
  const referrer = member('r1');
  const come = (brought: MemberProfile | null) => (occasion: Occasion) => enrol(occasion, brought);

  it('gives its points once', () => {
    const desk = new Desk(programme);
    expect(desk.on('2026-05-05', come(null))).toEqual([50]);
    expect(desk.on('2026-05-05', come(null))).toBe('already-done 0');
    expect(desk.held()).toBe(50);
  });

  it('S09: rewards both sides, and the one who brings up to so many friends', () => {
    const desk = new Desk(programme);
    for (const id of ['a', 'b', 'c']) {
      const friend = member(id, { referrerId: 'r1' });
      expect(desk.on('2026-05-05', come(referrer), friend)).toEqual([50, 20]);
    }
    expect(desk.held('points', memberOwner('r1'))).toBe(200);
    expect(desk.held('points', memberOwner('c'))).toBe(70);
  });

  it('knows no one who brings oneself, nor one of the same household', () => {
    const desk = new Desk(programme);
    const self = member('r1', { referrerId: 'r1' });
    expect(desk.on('2026-05-05', come(self), self)).toEqual([50]);
    const near = member('a', { referrerId: 'r2', poolId: 'home' });
    const host = member('r2', { poolId: 'home' });
    expect(desk.on('2026-05-05', come(host), near)).toEqual([50]);
  });
});
