// Goal: what rules allow, refuse and say stands on screen and paper of a real till.
// Method: the demo shop under programmes of the test; snapshot, journal and paper are read back.
import { describe, expect, it } from 'vitest';
import { memberByCard } from '#db/members.ts';
import { nextCopyNumber } from '#db/printJobs.ts';
import { openPrintJobs } from '#test/support/openPrintJobs.ts';
import {
  cinema,
  describeMember,
  desk,
  held,
  journalOf,
  MEMBER_1,
  named,
  paperOf,
  pay,
  RULES,
  scan,
  tillWith,
  undo,
  view,
} from '#test/support/rulesTill.ts';
import { addAmount, addProduct, applyEvent } from '#till/basketFlow.ts';
import { claimReward } from '#till/rewards.ts';
import { demoCard } from '#tools/demoShop.ts';

describe('who may buy what', () => {
  it('S11: the own card of whoever serves is refused in words, and written down', () => {
    const workstation = tillWith({});
    describeMember(workstation, { staffOperatorId: 'op-1' });
    scan(workstation, demoCard(1));
    expect(workstation.state.member).toBeNull();
    expect(workstation.state.notice?.words.key).toBe('error.staff-card');
    expect(journalOf(workstation)).toMatchObject([
      { kind: 'card-refused', memberId: 'demo-member-1', reason: 'staff-card' },
    ]);
  });

  it('S48: a line that this customer cannot buy keeps the sale from being paid', () => {
    const gate = {
      gateId: 'launch',
      name: named('Launch roast'),
      lines: { skus: ['P002'] },
      tierIds: ['gold'],
    };
    const workstation = tillWith({ gates: [gate] });
    scan(workstation, demoCard(1));
    addProduct(workstation, 'P002', 1);
    expect(view(workstation).messages).toMatchObject([{ kind: 'gate', lines: [1] }]);
    expect(pay(workstation)).toMatchObject({
      error: { code: 'line-gated', args: { name_en: 'Launch roast' } },
    });
    applyEvent(workstation, { type: 'member.removed' }, null);
    scan(workstation, demoCard(2));
    expect(view(workstation).messages).toEqual([]);
    expect(pay(workstation).ok).toBe(true);
  });
});

describe('a reward that is worth more than the sale', () => {
  it('takes off what there is to pay, and holds the sale to it', async () => {
    const off = {
      kind: 'amount-off',
      rewardId: 'off-5',
      name: named('Five off'),
      cost: { points: 100 },
      amountOffMinor: 500,
      timesMax: 2,
    };
    const workstation = tillWith({ rewards: { list: [off] } });
    scan(workstation, demoCard(2));
    addAmount(workstation, 700, '');
    expect(await claimReward(workstation, desk, 'off-5', 3)).toMatchObject({ ok: false });
    expect(await claimReward(workstation, desk, 'off-5', 2)).toMatchObject({ ok: true });
    expect(workstation.state.pricing).toMatchObject({ totalMinor: 0, redeemedPoints: 200 });
    addAmount(workstation, 700, '');
    expect(workstation.state.pricing.totalMinor).toBe(400);
    expect(pay(workstation)).toMatchObject({ value: { redeemedPoints: 200, totalMinor: 400 } });
  });
});

describe('how a sale is paid', () => {
  it('may change what it earns, never what it was shown to cost', () => {
    const rule = {
      kind: 'fixed',
      ruleId: 'by-card',
      name: named('Card bonus'),
      points: 7,
      when: { tenderTypes: ['card'] },
    };
    const workstation = tillWith({ earning: { rules: [...RULES, rule] } });
    scan(workstation, demoCard(1));
    addAmount(workstation, 1000, '');
    expect(workstation.state.pricing.earnedPoints).toBe(10);
    expect(pay(workstation, 'card')).toMatchObject({ value: { earnedPoints: 17 } });
    expect(memberByCard(workstation.db, demoCard(1))?.balancePoints).toBe(153);
  });
});

describe('stored value', () => {
  const wallet = {
    accountId: 'wallet',
    kind: 'money',
    names: { one: named('Wallet'), other: named('Wallet') },
    expiry: null,
  };
  const changes = { accounts: [wallet], topUps: [{ skus: ['P012'], account: 'wallet' }] };

  it('S47: is bought at the till, pays, and comes back with a void', () => {
    const workstation = tillWith(changes);
    scan(workstation, demoCard(1));
    addProduct(workstation, 'P012', 1);
    expect(pay(workstation)).toMatchObject({ value: { earnedPoints: 0 } });
    scan(workstation, demoCard(1));
    expect(view(workstation).member?.wallets).toEqual([
      { accountId: 'wallet', name: 'Wallet', amountMinor: 2500 },
    ]);
    addProduct(workstation, 'P009', 1);
    expect(pay(workstation, 'wallet')).toMatchObject({ ok: true, value: { totalMinor: 1150 } });
    expect(held(workstation, MEMBER_1, 'wallet')).toBe(1350);
    expect(paperOf(workstation)).toContain('{"type":"columns","left":"Wallet","right":"€11.50"');
    expect(undo(workstation).ok).toBe(true);
    expect(held(workstation, MEMBER_1, 'wallet')).toBe(2500);
  });

  it('never pays more than there is, and nobody pays with what no programme knows', () => {
    const workstation = tillWith(changes);
    scan(workstation, demoCard(1));
    addProduct(workstation, 'P009', 1);
    expect(pay(workstation, 'wallet')).toMatchObject({ error: { code: 'tender-insufficient' } });
    expect(pay(workstation, 'shells')).toMatchObject({ error: { code: 'invalid-request' } });
    expect(pay(workstation).ok).toBe(true);
  });
});

describe('what is handed out', () => {
  it('S02: a slip for each claim, and none when the stock is gone', async () => {
    const book = {
      kind: 'slip',
      rewardId: 'book',
      name: named('Buy a book on us'),
      cost: { points: 50 },
      stock: 1,
      validDays: 30,
      issuedBy: 'Book corner',
    };
    const workstation = tillWith({ rewards: { list: [book] } });
    scan(workstation, demoCard(1));
    addAmount(workstation, 100, '');
    expect(await claimReward(workstation, desk, 'book')).toMatchObject({ ok: true });
    expect(pay(workstation)).toMatchObject({ value: { redeemedPoints: 50, totalMinor: 100 } });
    expect(paperOf(workstation)).toContain('Buy a book on us');
    expect(paperOf(workstation)).toContain('Handed out by: Book corner');
    scan(workstation, demoCard(2));
    addAmount(workstation, 100, '');
    expect(view(workstation).offers).toMatchObject([{ state: 'out-of-stock' }]);
    expect(await claimReward(workstation, desk, 'book')).toMatchObject({
      error: { code: 'reward-unavailable' },
    });
    applyEvent(workstation, { type: 'member.removed' }, null);
    expect(undo(workstation).ok).toBe(true);
    scan(workstation, demoCard(2));
    expect(view(workstation).offers).toMatchObject([{ state: 'available' }]);
  });

  it('S06: a membership holds from the sale that buys it', () => {
    const workstation = tillWith({
      memberships: [{ membershipId: 'prime', name: named('Prime'), sku: 'P012', days: 365 }],
      rewards: {
        list: [
          {
            kind: 'percent-off',
            rewardId: 'prime-10',
            name: named('Prime price'),
            trigger: 'automatic',
            percent: '10',
            when: { membershipIds: ['prime'] },
          },
        ],
      },
    });
    scan(workstation, demoCard(1));
    addAmount(workstation, 8000, '');
    expect(workstation.state.pricing.totalMinor).toBe(8000);
    addProduct(workstation, 'P012', 1);
    expect(workstation.state.pricing.totalMinor).toBe(7200 + 2500);
    expect(pay(workstation)).toMatchObject({ value: { earnedPoints: 72 } });
    scan(workstation, demoCard(1));
    addAmount(workstation, 1000, '');
    expect(workstation.state.pricing.totalMinor).toBe(900);
    expect(paperOf(workstation)).toContain('Prime price');
  });
});

describe('codes and partner cards', () => {
  it('are taken by a scan, and rules that wait for them hold', () => {
    const spring = {
      kind: 'percent-off',
      rewardId: 'spring',
      name: named('Spring'),
      trigger: 'code',
      percent: '10',
      when: { code: 'SPRING10' },
    };
    const workstation = tillWith({ rewards: { list: [spring] } });
    addAmount(workstation, 1000, '');
    scan(workstation, 'SPRING10');
    expect(workstation.state.notice?.words.key).toBe('notice.code-added');
    expect(workstation.state.pricing.totalMinor).toBe(900);
    scan(workstation, 'SPRING10');
    expect(workstation.state.pricing.totalMinor).toBe(900);
  });

  it('S14: a partner card earns what is owed to the partner', () => {
    const workstation = tillWith({
      accounts: [cinema.account],
      partners: [cinema.partner],
      earning: { rules: [...RULES, cinema.share] },
    });
    addAmount(workstation, 3000, '');
    scan(workstation, '2977000000010');
    expect(workstation.state.notice?.words.key).toBe('notice.partner-card');
    expect(pay(workstation).ok).toBe(true);
    expect(held(workstation, 'partner/cinema', 'cinema')).toBe(30);
    expect(paperOf(workstation)).toContain('Cinema: a share of this sale goes there');
  });
});

describe('what the paper and the panel say', () => {
  it('S15: the member’s language on paper, and the usual item on screen', () => {
    const workstation = tillWith({});
    describeMember(workstation, { language: 'de', flags: ['no-bag'] });
    for (let visit = 0; visit < 6; visit += 1) {
      scan(workstation, demoCard(1));
      addProduct(workstation, 'P004', 1);
      expect(pay(workstation).ok).toBe(true);
    }
    expect(paperOf(workstation)).toContain('"language":"de"');
    expect(paperOf(workstation)).toContain('Punktestand');
    scan(workstation, demoCard(1));
    expect(view(workstation).member).toMatchObject({
      usualItem: { sku: 'P004', name: 'Cappuccino' },
      hints: [{ key: 'wish.no-bag' }],
    });
    addProduct(workstation, 'P004', 1);
    expect(view(workstation).member?.usualItem).toBeNull();
  });

  it('S45: no paper for who wants none; the drawer opens, and a copy can be printed', () => {
    const workstation = tillWith({});
    describeMember(workstation, { flags: ['no-paper'] });
    scan(workstation, demoCard(1));
    addAmount(workstation, 1000, '');
    expect(pay(workstation).ok).toBe(true);
    expect(openPrintJobs(workstation.db)).toMatchObject([{ kind: 'drawer' }]);
    expect(paperOf(workstation)).toContain('TOTAL');
    expect(nextCopyNumber(workstation.db, 1, 'receipt')).toBe(1);
  });

  it('S23: what a guest could still collect', () => {
    const workstation = tillWith({ lateClaimDays: 7 });
    addAmount(workstation, 3490, '');
    expect(pay(workstation).ok).toBe(true);
    expect(paperOf(workstation)).toContain('34 points are waiting for you');
  });

  it('S46: a nudge while little is missing, and silence when much is', () => {
    const rule = {
      kind: 'fixed',
      ruleId: 'bonus',
      name: named('Basket bonus'),
      points: 50,
      when: { basketAtLeastMinor: 2500 },
      nudgeWithinMinor: 500,
    };
    const workstation = tillWith({ earning: { rules: [...RULES, rule] } });
    scan(workstation, demoCard(1));
    addAmount(workstation, 1200, '');
    expect(view(workstation).messages).toEqual([]);
    addAmount(workstation, 1140, '');
    expect(view(workstation).messages).toMatchObject([
      { kind: 'nudge', words: { args: { missingMinor: 160, points: 50 } } },
    ]);
    addAmount(workstation, 160, '');
    expect(view(workstation).messages).toEqual([]);
    expect(workstation.state.pricing.earnedPoints).toBe(75);
  });

  it('the reasons sum to what moved, on screen and on paper', () => {
    const workstation = tillWith({});
    scan(workstation, demoCard(2));
    addProduct(workstation, 'P003', 2);
    addProduct(workstation, 'P009', 1);
    const { explanation, earnedPoints } = view(workstation);
    expect(explanation.reduce((sum, { points }) => sum + points, 0)).toBe(earnedPoints);
  });
});
