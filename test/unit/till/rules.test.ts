// Goal: every kind of thing that rules move is sold, kept and undone by a real till.
// Method: the demo shop under programmes of the test; books, ledger and journal are read back.
import { describe, expect, it } from 'vitest';
import { transaction } from '#db/handle.ts';
import { booksOf, checkHoldings } from '#db/holdings.ts';
import { ledgerEntriesOf } from '#db/ledger.ts';
import { memberByCard, updateBalancesFromServer } from '#db/members.ts';
import { movementsOf } from '#db/movements.ts';
import { insertProgramme } from '#db/programmes.ts';
import { lastSale } from '#db/sales.ts';
import { saleTermsOf } from '#db/saleTerms.ts';
import { assert } from '#loyalty/assert.ts';
import { lotsOf } from '#loyalty/books/books.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import {
  desk,
  held,
  journalOf,
  MEMBER_1,
  named,
  paperOf,
  pay,
  programme,
  RULES,
  scan,
  tillWith,
  undo,
  view,
} from '#test/support/rulesTill.ts';
import { DEMO_PROGRAMME, newTill } from '#test/support/till.ts';
import { addAmount, addProduct } from '#till/basketFlow.ts';
import { programmeRow } from '#till/programmeCache.ts';
import { claimReward } from '#till/rewards.ts';
import { demoCard } from '#tools/demoShop.ts';

const stampRule = {
  kind: 'visit',
  ruleId: 'stamp',
  name: named('Stamp'),
  account: 'stamps',
  points: 1,
  coolDownMinutes: 0,
};
const stamps = {
  accountId: 'stamps',
  kind: 'stamps',
  names: { one: named('stamp'), other: named('stamps') },
  expiry: { kind: 'days', days: 30 },
};

describe('accounts besides points', () => {
  const changes = {
    accounts: [stamps],
    earning: { rules: [...RULES, stampRule] },
    rewards: {
      list: [
        {
          kind: 'free-units',
          rewardId: 'free-coffee',
          name: named('Free coffee'),
          cost: { account: 'stamps', points: 2 },
          lines: { productTypes: ['coffee'] },
        },
      ],
    },
  };

  it('are kept as lots beside the ledger, printed, and gone after a void', () => {
    const workstation = tillWith(changes);
    scan(workstation, demoCard(1));
    addProduct(workstation, 'P009', 1);
    expect(pay(workstation).ok).toBe(true);
    expect(held(workstation, MEMBER_1, 'stamps')).toBe(1);
    expect(held(workstation, MEMBER_1, 'visits')).toBe(1);
    expect(held(workstation, MEMBER_1, 'points')).toBe(11);
    expect(ledgerEntriesOf(workstation.db, 1)).toMatchObject([{ points: 11, rule: 'base' }]);
    const [body] = journalOf(workstation);
    expect(body?.kind === 'sale' && body.movements).toEqual(movementsOf(workstation.db, 1));
    expect(paperOf(workstation)).toContain('"left":"stamp","right":"+1","bold":true');
    expect(saleTermsOf(workstation.db, 1)?.returns.policy).toBe('exact-line');
    expect(undo(workstation).ok).toBe(true);
    expect(booksOf(workstation.db, [MEMBER_1]).size).toBe(0);
    expect(checkHoldings(workstation.db, 50)).toEqual([]);
    expect(memberByCard(workstation.db, demoCard(1))?.balancePoints).toBe(136);
  });

  it('pay for rewards without head office, and come back with a void', async () => {
    const workstation = tillWith(changes);
    for (let visit = 0; visit < 2; visit += 1) {
      scan(workstation, demoCard(1));
      addProduct(workstation, 'P009', 1);
      expect(pay(workstation).ok).toBe(true);
    }
    scan(workstation, demoCard(1));
    addProduct(workstation, 'P003', 1);
    expect(view(workstation).offers).toMatchObject([
      { rewardId: 'free-coffee', state: 'available', points: 2, accountName: 'stamps' },
    ]);
    expect(view(workstation).member?.bestRewardId).toBe('free-coffee');
    expect(await claimReward(workstation, desk, 'free-coffee')).toMatchObject({ ok: true });
    expect(workstation.state.pricing.totalMinor).toBe(0);
    expect(pay(workstation).ok).toBe(true);
    expect(held(workstation, MEMBER_1, 'stamps')).toBe(1);
    expect(undo(workstation).ok).toBe(true);
    expect(held(workstation, MEMBER_1, 'stamps')).toBe(2);
  });
});

describe('points that other tills gave', () => {
  it('are one lot without an end; spending takes from it, and a void gives back', async () => {
    const workstation = tillWith({});
    scan(workstation, demoCard(2));
    addProduct(workstation, 'P009', 1);
    const lots = lotsOf(workstation.state.served.books, 'member/demo-member-2', 'points');
    expect(lots).toEqual([{ lotId: 'elsewhere', amount: 640, fromMs: 0, untilMs: null }]);
    expect(await claimReward(workstation, desk, 'off-5')).toMatchObject({ ok: true });
    expect(pay(workstation)).toMatchObject({
      ok: true,
      value: { totalMinor: 650, redeemedPoints: 100, earnedPoints: 9, balanceAfterPoints: 549 },
    });
    expect(undo(workstation).ok).toBe(true);
    expect(memberByCard(workstation.db, demoCard(2))?.balancePoints).toBe(640);
    scan(workstation, demoCard(2));
    expect(view(workstation).member?.balancePoints).toBe(640);
  });

  it('a shortage that head office tells of is a debt, which new points pay first', () => {
    const workstation = tillWith({});
    const balance = { memberId: 'demo-member-1', balancePoints: -20, tierPoints: 136 };
    transaction(workstation.db, () => updateBalancesFromServer(workstation.db, [balance], 0, 1));
    scan(workstation, demoCard(1));
    addAmount(workstation, 5000, '');
    expect(pay(workstation)).toMatchObject({ value: { balanceAfterPoints: 30 } });
    scan(workstation, demoCard(1));
    const lots = lotsOf(workstation.state.served.books, MEMBER_1, 'points');
    expect(lots).toMatchObject([{ amount: 30 }]);
  });
});

describe('a new version of the programme', () => {
  it('holds from its own moment; an open sale ends as it began', () => {
    const { workstation, clock } = newTill();
    const fromMs = Date.parse('2026-11-27T10:00:00Z');
    const earning = { rules: [] };
    const document = programme({
      version: 2,
      effectiveFromIso: '2026-11-27T10:00:00Z',
      earning,
    });
    const parsed = parseProgramme(document);
    assert(parsed.ok, 'the second version is valid');
    insertProgramme(workstation.db, programmeRow(parsed.value, document));
    workstation.programmes.reload();
    scan(workstation, demoCard(1));
    clock.nowMs = fromMs + 1;
    addAmount(workstation, 1000, '');
    expect(pay(workstation)).toMatchObject({ value: { earnedPoints: 10 } });
    clock.nowMs += 1000;
    scan(workstation, demoCard(1));
    addAmount(workstation, 1000, '');
    expect(pay(workstation)).toMatchObject({ value: { earnedPoints: 0 } });
    expect(lastSale(workstation.db)?.programmeVersion).toBe('demo@2');
  });
});

describe('points that never end', () => {
  it('are one lot, however often a member comes, and a void takes its own part from it', () => {
    const workstation = tillWith({});
    for (let visit = 0; visit < 3; visit += 1) {
      scan(workstation, demoCard(1));
      addAmount(workstation, 1000, '');
      expect(pay(workstation).ok).toBe(true);
    }
    const books = () => booksOf(workstation.db, [MEMBER_1]);
    expect(lotsOf(books(), MEMBER_1, 'points')).toMatchObject([{ lotId: 'elsewhere', amount: 30 }]);
    expect(lotsOf(books(), MEMBER_1, 'visits')).toHaveLength(1);
    expect(undo(workstation).ok).toBe(true);
    expect(lotsOf(books(), MEMBER_1, 'points')).toMatchObject([{ amount: 20 }]);
    expect(memberByCard(workstation.db, demoCard(1))?.balancePoints).toBe(156);
  });
});

describe('an unknown card', () => {
  const anonymousKeyHex = 'a5'.repeat(32);
  const cards = { ...JSON.parse(DEMO_PROGRAMME).cards, anonymousKeyHex };
  const CARD = demoCard(88);

  it('S20: is a member at its first scan, alike on every till, and head office hears of it', () => {
    const ids = [1, 2].map(() => {
      const workstation = tillWith({ cards });
      scan(workstation, CARD);
      addAmount(workstation, 1260, '');
      expect(pay(workstation)).toMatchObject({ value: { earnedPoints: 12 } });
      const [enrolled, sale] = journalOf(workstation);
      expect(enrolled).toMatchObject({ kind: 'member-enrolled', cardNumber: CARD });
      const memberId = memberByCard(workstation.db, CARD)?.memberId;
      expect(sale).toMatchObject({ kind: 'sale', memberId });
      return memberId;
    });
    expect(ids[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(ids[0]).toBe(ids[1]);
  });

  it('with a wrong check digit is refused, and without a card key it stays unknown', () => {
    const workstation = tillWith({ cards });
    scan(workstation, '2990000000018');
    expect(workstation.state.notice?.words.key).toBe('notice.card-wrong-check-digit');
    expect(journalOf(workstation)).toEqual([]);
  });

  it('gets what the programme gives for becoming a member, once', () => {
    const rule = { kind: 'enrolment', ruleId: 'hello', name: named('Hello'), points: 50 };
    const workstation = tillWith({ cards, earning: { rules: [...RULES, rule] } });
    for (let scans = 0; scans < 3; scans += 1) scan(workstation, CARD);
    expect(memberByCard(workstation.db, CARD)?.balancePoints).toBe(50);
    expect(view(workstation).member?.balancePoints).toBe(50);
    expect(journalOf(workstation)).toHaveLength(1);
  });
});

describe('whatever a cashier types', () => {
  it('no figure passes a billion points, and the sale is kept', () => {
    const workstation = tillWith({});
    for (let sale = 0; sale < 2; sale += 1) {
      scan(workstation, demoCard(1));
      addAmount(workstation, 9_000_000_000_000, '');
      expect(view(workstation).balanceAfterPoints).toBeLessThanOrEqual(1_000_000_000);
      expect(pay(workstation)).toMatchObject({
        ok: true,
        value: { balanceAfterPoints: 1_000_000_000 },
      });
    }
    expect(memberByCard(workstation.db, demoCard(1))).toMatchObject({
      balancePoints: 1_000_000_000,
    });
    expect(undo(workstation).ok).toBe(true);
    expect(undo(workstation).ok).toBe(false);
  });
});

describe('what is used up', () => {
  it('S24: is shown as it is left, and a void gives it back', async () => {
    const wrap = {
      kind: 'free-units',
      rewardId: 'wrap',
      name: named('Gift wrap'),
      trigger: 'automatic',
      timesMax: 2,
      lines: { skus: ['P005'] },
      limits: [{ period: 'year', times: 12 }],
      when: { audience: 'members' },
    };
    const workstation = tillWith({ rewards: { list: [wrap] } });
    const left = () => view(workstation).member?.entitlements;
    scan(workstation, demoCard(1));
    expect(left()).toEqual([{ name: 'Gift wrap', left: 12, of: 12 }]);
    addProduct(workstation, 'P005', 3);
    expect(workstation.state.pricing.totalMinor).toBe(120);
    expect(pay(workstation).ok).toBe(true);
    scan(workstation, demoCard(1));
    expect(left()).toEqual([{ name: 'Gift wrap', left: 10, of: 12 }]);
    expect(undo(workstation).ok).toBe(true);
    expect(left()).toEqual([{ name: 'Gift wrap', left: 12, of: 12 }]);
  });
});
