// Goal: points without a purchase are given within their limits, once, and told to head office.
// Method: the demo shop under programmes of the test; panel, ledger and journal are read back.
import { describe, expect, it } from 'vitest';
import { ledgerEntriesOf } from '#db/ledger.ts';
import { lastSale } from '#db/sales.ts';
import {
  journalOf,
  named,
  pay,
  programme,
  RULES,
  scan,
  tillWith,
  undo,
  view,
} from '#test/support/rulesTill.ts';
import { newTill } from '#test/support/till.ts';
import { addAmount, removeMember } from '#till/basketFlow.ts';
import { giveEvent, giveForReason } from '#till/gifts.ts';
import { demoCard } from '#tools/demoShop.ts';

describe('points that a cashier gives', () => {
  const post = {
    kind: 'event',
    ruleId: 'post',
    name: named('Saw the post'),
    eventId: 'post',
    givenBy: 'operator',
    points: 25,
    caps: [
      { period: 'day', times: 1 },
      { period: 'day', per: 'operator', times: 1, isLiftedByManager: true },
    ],
  };
  const gifts = {
    goodwillPerOperatorPerDay: 100,
    reasons: [{ reasonId: 'late', name: named('Waited long') }],
  };
  const changes = { earning: { rules: [...RULES, post] }, gifts };

  it('S29: once a day for the member; a manager lifts what a cashier may give', () => {
    const workstation = tillWith(changes);
    const ask = { eventId: 'post', managerPin: null };
    scan(workstation, demoCard(1));
    expect(view(workstation).member?.gifts.events).toEqual([
      { eventId: 'post', name: 'Saw the post' },
    ]);
    expect(giveEvent(workstation, ask)).toMatchObject({ ok: true });
    expect(view(workstation).member?.balancePoints).toBe(161);
    expect(giveEvent(workstation, ask)).toMatchObject({ error: { code: 'gift-limit' } });
    expect(removeMember(workstation).ok).toBe(true);
    scan(workstation, demoCard(2));
    expect(giveEvent(workstation, ask)).toMatchObject({ error: { code: 'gift-limit' } });
    const allowed = giveEvent(workstation, { ...ask, managerPin: '9999' });
    expect(allowed).toMatchObject({ ok: true });
    expect(journalOf(workstation)).toMatchObject([
      { kind: 'occasion', occasion: 'event', about: 'post', managerId: null },
      { kind: 'occasion', memberId: 'demo-member-2', managerId: 'op-2' },
    ]);
  });

  it('S11: goodwill within the budget of the day, with its reason', () => {
    const workstation = tillWith(changes);
    scan(workstation, demoCard(1));
    const give = (points: number) => giveForReason(workstation, { points, reasonId: 'late' });
    expect(give(60)).toMatchObject({ ok: true });
    expect(give(50)).toMatchObject({ error: { code: 'gift-limit', args: { left: 40 } } });
    expect(view(workstation).member).toMatchObject({
      balancePoints: 196,
      tierPoints: 136,
      gifts: { goodwillPoints: 40, reasons: [{ reasonId: 'late', name: 'Waited long' }] },
    });
    expect(giveForReason(workstation, { points: 1, reasonId: 'no' })).toMatchObject({
      error: { code: 'gift-refused' },
    });
    expect(ledgerEntriesOf(workstation.db, 1)).toMatchObject([
      { kind: 'adjustment', accountDebit: 'adjusted', accountCredit: 'avail', points: 60 },
    ]);
  });
});

describe('a guest’s receipt', () => {
  it('S23: credits its sale to a member within the days, once', () => {
    const { workstation, clock } = newTill({}, { programmeText: programme({ lateClaimDays: 7 }) });
    const sellToGuest = () => {
      addAmount(workstation, 3490, '');
      expect(pay(workstation).ok).toBe(true);
      return lastSale(workstation.db)?.receiptToken ?? '';
    };
    const [first, second] = [sellToGuest(), sellToGuest()];
    const said = () => workstation.state.notice?.words.key;
    scan(workstation, first);
    expect(said()).toBe('error.claim-needs-member');
    clock.nowMs += 7 * 86_400_000;
    scan(workstation, demoCard(1));
    scan(workstation, first);
    expect(said()).toBe('notice.gift-given');
    expect(view(workstation).member?.balancePoints).toBe(136 + 34);
    scan(workstation, first);
    expect(said()).toBe('error.claim-done');
    clock.nowMs += 86_400_000;
    scan(workstation, second);
    expect(said()).toBe('error.claim-too-late');
    expect(view(workstation).member?.balancePoints).toBe(136 + 34);
    const [occasion] = journalOf(workstation).filter(({ kind }) => kind === 'occasion');
    expect(occasion).toMatchObject({ occasion: 'late-claim', memberId: 'demo-member-1' });
  });

  it('that was claimed cannot be voided any more', () => {
    const workstation = tillWith({ lateClaimDays: 7 });
    addAmount(workstation, 3490, '');
    expect(pay(workstation).ok).toBe(true);
    scan(workstation, demoCard(1));
    scan(workstation, lastSale(workstation.db)?.receiptToken ?? '');
    expect(undo(workstation)).toMatchObject({ error: { code: 'void-not-allowed' } });
  });
});
