// Goal: what rules moved reaches head office once, and every till learns what a member holds.
// Method: a real head office on loopback, two real SQLite tills, bodies as a commit writes them.
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { transaction, type WritableDb } from '#db/handle.ts';
import { booksOf, checkHoldings } from '#db/holdings.ts';
import { memberByCard } from '#db/members.ts';
import { insertMovements } from '#db/movements.ts';
import { appendEntry, parkedCount } from '#db/outbox.ts';
import { productBySku } from '#db/products.ts';
import { profileOf } from '#db/profiles.ts';
import { createSyncState } from '#db/syncState.ts';
import { assert } from '#loyalty/assert.ts';
import { heldOf } from '#loyalty/books/books.ts';
import { createClient, type HeadOfficeClient } from '#sync/client.ts';
import { canonicalBody } from '#sync/journal.ts';
import type { JournalBody, MovementWire } from '#sync/protocol.ts';
import { pull } from '#sync/puller.ts';
import { pushStep } from '#sync/pusher.ts';
import { openIn, temporaryFolder } from '#test/support/tillDatabase.ts';
import { writeLedger } from '#till/ledgerRows.ts';
import { type HeadOffice, startHeadOffice } from '#upstream/server.ts';

const quiet = new AbortController().signal;
const HEAD = {
  atMs: 1000,
  businessDay: '2026-01-31',
  operatorId: 'o',
  isClockSuspect: false,
} as const;
let idNumber = 0;
const newId = (): string => {
  idNumber += 1;
  return `id-${idNumber}`;
};

const PROFILE = {
  language: 'de',
  enrolledAtMs: 5,
  birthday: { month: 2, day: 29, changedAtMs: null },
  segments: ['regular'],
  flags: [],
  staffOperatorId: null,
  referrerId: null,
  poolId: 'house',
  contractId: null,
};

async function newOffice(): Promise<HeadOffice> {
  const office = await startHeadOffice({
    databasePath: path.join(temporaryFolder(), 'books.sqlite'),
    port: 0,
    host: '127.0.0.1',
    nowMs: () => 1_769_854_500_000,
    log: () => {},
  });
  onTestFinished(() => office.close());
  const member = { displayName: 'Ayşe', isBlocked: false, profile: PROFILE };
  office.store.putMember('m1', { ...member, cardNumber: '2990000000017' });
  office.store.putMember('m2', { ...member, cardNumber: '2990000000024' });
  return office;
}

interface Till {
  readonly db: WritableDb;
  readonly client: HeadOfficeClient;
}

function newTill(office: HeadOffice, tillId: string): Till {
  const token = office.store.addTill(tillId, 0);
  assert(token !== null, 'the till is new');
  const db = openIn(temporaryFolder());
  createSyncState(db);
  return { db, client: createClient({ url: office.url, tillId, token, fetch }) };
}

async function sync({ db, client }: Till): Promise<void> {
  const parts = { db, client, nowMs: () => 1, newId };
  for (let step = 0; step < 20; step += 1) {
    const done = await pushStep(parts, quiet);
    assert(done.ok, 'a step succeeds');
    if (done.value === 'empty') break;
  }
  const breathe = (): Promise<void> => Promise.resolve();
  const pulled = await pull({ ...parts, storeProgramme: () => true, breathe }, quiet);
  assert(pulled.ok, pulled.ok ? '' : JSON.stringify(pulled.error));
}

/** Writes an entry and its movements in one transaction, as a commit does. */
function write({ db }: Till, body: JournalBody): void {
  transaction(db, () => {
    const { seq } = appendEntry(db, { entryId: body.id, body: canonicalBody(body) });
    if ('movements' in body) insertMovements(db, seq, body.movements ?? []);
    if ('ledger' in body) writeLedger(db, seq, body.ledger);
  });
}

function stamp(changes: Partial<MovementWire> = {}): MovementWire {
  return {
    owner: 'member/m1',
    account: 'stamps',
    lotId: 'sale-1/1',
    amount: 3,
    fromMs: 1000,
    untilMs: null,
    kind: 'accrual',
    rule: 'stamp',
    whyKey: 'why.earn.visit',
    whyArgs: { points: 3 },
    ...changes,
  };
}

function sale(movements: readonly MovementWire[], changes: Partial<JournalBody> = {}): JournalBody {
  return {
    kind: 'sale',
    id: newId(),
    ...HEAD,
    receiptNumber: '00100100000001',
    receiptToken: 'token',
    currency: 'EUR',
    memberId: 'm1',
    programmeVersion: 'p@1',
    lines: [],
    tenders: [],
    subtotalMinor: 0,
    discountMinor: 0,
    totalMinor: 0,
    changeMinor: 0,
    taxes: [],
    rewards: [],
    ledger: [],
    movements: [...movements],
    ...changes,
  } as JournalBody;
}

const entryOf = (body: JournalBody) => ({ entryId: body.id, body: canonicalBody(body) });

const heldAt = ({ db }: Till, owner: string, account: string): number =>
  heldOf(booksOf(db, [owner]), owner, account);

describe('movements', () => {
  it('count once at head office, and the other till learns them', async () => {
    const office = await newOffice();
    const [one, two] = [newTill(office, 't1'), newTill(office, 't2')];
    await sync(one);
    await sync(two);
    write(one, sale([stamp(), stamp({ account: 'visits', lotId: '2026-01-31', amount: 1 })]));
    await sync(one);
    await sync(one);
    await sync(two);
    for (const till of [one, two]) {
      expect(heldAt(till, 'member/m1', 'stamps')).toBe(3);
      expect(heldAt(till, 'member/m1', 'visits')).toBe(1);
      expect(checkHoldings(till.db, 50)).toEqual([]);
    }
    // The second till spends two of them, the first one a stamp, neither hearing of the other.
    const spent = { kind: 'redemption', amount: -2 } as const;
    write(two, sale([stamp(spent)]));
    write(one, sale([stamp({ ...spent, amount: -1 })]));
    await sync(two);
    await sync(one);
    await sync(two);
    for (const till of [one, two]) expect(heldAt(till, 'member/m1', 'stamps')).toBe(0);
    expect(office.store.readTotals()).toMatchObject({ problems: [], parkedCount: 0 });
  });

  it('of a pool reach every till with each of its members', async () => {
    const office = await newOffice();
    const [one, two] = [newTill(office, 't1'), newTill(office, 't2')];
    await sync(two);
    write(one, sale([stamp({ owner: 'pool/house', account: 'points', amount: 60 })]));
    await sync(one);
    await sync(two);
    expect(heldAt(two, 'pool/house', 'points')).toBe(60);
  });

  it('beyond every bound are parked whole', async () => {
    const office = await newOffice();
    const till = newTill(office, 't1');
    write(till, sale([stamp({ amount: 9_000_000_000_000 })]));
    write(till, sale([stamp({ amount: 1 })]));
    await sync(till);
    expect(parkedCount(till.db)).toBe(1);
    expect(office.store.readTotals()).toMatchObject({ saleCount: 1, problems: [] });
  });
});

describe('S27, what may happen once over all tills', () => {
  const birthday = (till: string, atMs: number): JournalBody => {
    const body = sale([
      stamp({
        account: 'points',
        lotId: `${till}/1`,
        amount: 100,
        rule: 'birthday',
        onceKey: 'birthday/2027',
      }),
    ]);
    const row = {
      line: 1,
      accountDebit: 'issued',
      accountCredit: 'avail',
      memberId: 'm1',
      points: 100,
      lot: null,
      kind: 'accrual',
      refSeq: null,
      rule: 'birthday',
      programmeVersion: 'p@1',
      whyKey: 'why.earn.fixed',
      whyArgs: {},
    };
    return { ...body, atMs, ledger: [row] } as JournalBody;
  };

  function voidOf(body: JournalBody): JournalBody {
    assert(body.kind === 'sale', 'a sale is voided');
    const ledger = body.ledger.map((row) => ({
      ...row,
      kind: 'reversal' as const,
      accountDebit: row.accountCredit,
      accountCredit: row.accountDebit,
    }));
    const movements = (body.movements ?? []).map(({ onceKey: _, ...one }) => {
      return { ...one, amount: -one.amount, kind: 'reversal' as const };
    });
    const head = { ...HEAD, kind: 'void-sale', id: newId(), refId: body.id, refSeq: 1 } as const;
    return { ...head, memberId: 'm1', totalMinor: 0, managerId: 'o', ledger, movements };
  }

  async function twoBirthdays() {
    const office = await newOffice();
    const tills = [newTill(office, 't1'), newTill(office, 't2')] as const;
    for (const till of tills) await sync(till);
    const bodies = [birthday('a', 2000), birthday('b', 1000)] as const;
    write(tills[0], bodies[0]);
    write(tills[1], bodies[1]);
    const all = async (): Promise<void> => {
      for (const till of [...tills, ...tills]) await sync(till);
    };
    await all();
    return { office, tills, bodies, all };
  }

  function expectPoints(
    { office, tills }: Awaited<ReturnType<typeof twoBirthdays>>,
    points: number,
  ): void {
    expect(office.store.readMember('m1')).toMatchObject({ avail: points, issued: points });
    expect(office.store.readTotals().problems).toEqual([]);
    for (const till of tills) {
      expect(memberByCard(till.db, '2990000000017')?.balancePoints).toBe(points);
      expect(heldAt(till, 'member/m1', 'points')).toBe(points);
    }
  }

  it('both tills grant it: one is reversed, and both learn it', async () => {
    const shop = await twoBirthdays();
    expectPoints(shop, 100);
    // The earlier sale keeps its grant, though the other till told of its own first.
    const lots = booksOf(shop.tills[0].db, ['member/m1']).get('member/m1')?.get('points');
    expect(lots).toMatchObject([{ lotId: 'b/1', amount: 100 }]);
  });

  it('a void of the one that was reversed takes nothing twice', async () => {
    const shop = await twoBirthdays();
    write(shop.tills[0], voidOf(shop.bodies[0]));
    await shop.all();
    expectPoints(shop, 100);
  });

  it('a void of the one that kept it gives it back to the other', async () => {
    const shop = await twoBirthdays();
    write(shop.tills[1], voidOf(shop.bodies[1]));
    await shop.all();
    expectPoints(shop, 100);
    write(shop.tills[0], voidOf(shop.bodies[0]));
    await shop.all();
    expectPoints(shop, 0);
  });
});

describe('profiles, tags and flags', () => {
  it('come to the till; a till that reads form 1 gets none of them', async () => {
    const office = await newOffice();
    const product = {
      sku: 'tea',
      barcode: null,
      name: 'Tea',
      productType: 'food',
      unitPriceMinor: 100,
      taxRateBasisPoints: 0,
      isActive: true,
    };
    office.store.putProducts([{ ...product, tags: ['hot'], flags: ['deposit'], fixedTaxMinor: 5 }]);
    const till = newTill(office, 't1');
    await sync(till);
    const member = memberByCard(till.db, '2990000000017');
    assert(member !== null, 'the member has come');
    expect(profileOf(till.db, member)).toMatchObject({ ...PROFILE, memberId: 'm1' });
    const tagged = { tags: ['hot'], flags: ['deposit'], fixedTaxMinor: 5 };
    expect(productBySku(till.db, 'tea')).toMatchObject(tagged);
    const page = { after: 0, limit: 9, epoch: null, form: 1 } as const;
    expect(office.store.readMembers('t1', page).members[0]).not.toHaveProperty('profile');
    expect(office.store.readProducts(0, 9, 1).rows).toEqual([product]);
  });
});

describe('a member that a till met first', () => {
  it('is one at head office, whichever tills met it, and holds what both gave', async () => {
    const office = await newOffice();
    const [one, two] = [newTill(office, 't1'), newTill(office, 't2')];
    const enrolled = (): JournalBody => ({
      kind: 'member-enrolled',
      id: newId(),
      ...HEAD,
      memberId: 'hmac',
      cardNumber: '2990000000031',
      programmeVersion: 'p@1',
      ledger: [],
    });
    for (const till of [one, two]) {
      write(till, enrolled());
      write(till, sale([stamp({ owner: 'member/hmac' })], { memberId: 'hmac' }));
      await sync(till);
    }
    await sync(one);
    expect(memberByCard(one.db, '2990000000031')?.memberId).toBe('hmac');
    expect(heldAt(one, 'member/hmac', 'stamps')).toBe(6);
    expect(office.store.readTotals()).toMatchObject({ memberCount: 3, problems: [] });
  });

  it('whose card head office knew already is its holder, also for sales and voids', async () => {
    const office = await newOffice();
    const till = newTill(office, 't1');
    const head = { ...HEAD, memberId: 'hmac', programmeVersion: 'p@1' };
    const card = { cardNumber: '2990000000017', ledger: [] };
    write(till, { kind: 'member-enrolled', id: newId(), ...head, ...card });
    const row = {
      line: 1,
      accountDebit: 'issued',
      accountCredit: 'avail',
      memberId: 'hmac',
      points: 10,
      lot: null,
      kind: 'accrual',
      refSeq: null,
      rule: 'base',
      programmeVersion: 'p@1',
      whyKey: 'why.earn.base',
      whyArgs: {},
    } as const;
    const body = sale([stamp({ owner: 'member/hmac' })], { memberId: 'hmac', ledger: [row] });
    transaction(till.db, () => appendEntry(till.db, entryOf(body)));
    await sync(till);
    expect(office.store.readMember('m1')).toMatchObject({ avail: 10 });
    expect(heldAt(till, 'member/m1', 'stamps')).toBe(3);
    expect(memberByCard(till.db, '2990000000017')?.memberId).toBe('m1');
    const back = { ...row, accountDebit: 'avail', accountCredit: 'issued', kind: 'reversal' };
    const undone = { kind: 'void-sale', id: newId(), ...HEAD, memberId: 'hmac', refId: body.id };
    const rest = { refSeq: 2, totalMinor: 0, managerId: 'o', ledger: [back] };
    transaction(till.db, () =>
      appendEntry(till.db, entryOf({ ...undone, ...rest } as JournalBody)),
    );
    await sync(till);
    expect(parkedCount(till.db)).toBe(0);
    expect(office.store.readMember('m1')).toMatchObject({ avail: 0 });
    expect(office.store.readTotals()).toMatchObject({ memberCount: 2, problems: [] });
  });
});
