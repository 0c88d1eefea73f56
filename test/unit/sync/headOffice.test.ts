// Goal: head office and till agree whatever the line does, and nothing counts twice.
// Method: a real head office on loopback, real SQLite tills, replies dropped after commit by seed.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkpoint, transaction, type WritableDb } from '#db/handle.ts';
import { closeDatabase } from '#db/open.ts';
import { appendEntry, parkedCount, waitingCount } from '#db/outbox.ts';
import { createSyncState, readSyncState } from '#db/syncState.ts';
import { assert } from '#loyalty/assert.ts';
import { createClient } from '#sync/client.ts';
import { canonicalBody } from '#sync/journal.ts';
import type { SaleBody } from '#sync/protocol.ts';
import { pull } from '#sync/puller.ts';
import { pushStep } from '#sync/pusher.ts';
import { outcomeOf } from '#sync/reservations.ts';
import { scaled, seededRandom } from '#test/support/runs.ts';
import { openIn, temporaryFolder } from '#test/support/tillDatabase.ts';
import { routes } from '#upstream/routes.ts';
import { type HeadOffice, startHeadOffice } from '#upstream/server.ts';

const SALES = scaled(1_000, 40);
const quiet = new AbortController().signal;
let idNumber = 0;
const newId = (): string => {
  idNumber += 1;
  return `id-${idNumber}`;
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
  const member = { cardNumber: '2990000000017', displayName: 'Ayşe', isBlocked: false };
  office.store.putMember('m1', member);
  const gift = { key: 'start', memberId: 'm1', points: 100, account: 'issued', reason: 'x' };
  office.store.adjust(gift as Parameters<typeof office.store.adjust>[0], 0);
  return office;
}

function tokenOf(office: HeadOffice, tillId: string): string {
  const token = office.store.addTill(tillId, 0);
  assert(token !== null, 'the till is new');
  return token;
}

function newTill(folder = temporaryFolder()): WritableDb {
  const db = openIn(folder);
  createSyncState(db);
  return db;
}

const ledgerRow = {
  memberId: 'm1',
  lot: null,
  refSeq: null,
  rule: 'base',
  programmeVersion: 'p@1',
  whyKey: 'why.earn.base',
  whyArgs: {},
};

function sale(memberId: string | null, earned: number, reservationId: string | null): SaleBody {
  const accrual = {
    ...ledgerRow,
    memberId: memberId ?? 'm1',
    line: 1,
    accountDebit: 'issued',
    accountCredit: 'avail',
    points: earned,
    kind: 'accrual',
  } as const;
  const redemption = {
    ...ledgerRow,
    line: 2,
    accountDebit: 'avail',
    accountCredit: 'redeemed',
    points: 80,
    kind: 'redemption',
  } as const;
  const reward = { rewardId: 'r', points: 80, amountOffMinor: 0 };
  return {
    kind: 'sale',
    id: newId(),
    atMs: 1,
    businessDay: '2026-01-31',
    operatorId: 'o',
    isClockSuspect: false,
    receiptNumber: '00100100000001',
    receiptToken: 'token',
    currency: 'EUR',
    memberId,
    programmeVersion: 'p@1',
    lines: [],
    tenders: [],
    subtotalMinor: 0,
    discountMinor: 0,
    totalMinor: 0,
    changeMinor: 0,
    taxes: [],
    rewards:
      reservationId === null ? [] : [{ ...reward, reservationId, secured: 'reservation' as const }],
    ledger: memberId === null ? [] : reservationId === null ? [accrual] : [accrual, redemption],
  };
}

function sell(db: WritableDb, body: SaleBody | string): void {
  const text = typeof body === 'string' ? body : canonicalBody(body);
  const entryId = typeof body === 'string' ? newId() : body.id;
  transaction(db, () => appendEntry(db, { entryId, body: text }));
}

function clientOf(office: HeadOffice, token: string, fetch = globalThis.fetch, tillId = 't1') {
  return createClient({ url: office.url, tillId, token, fetch });
}

async function pushAll(db: WritableDb, client: ReturnType<typeof clientOf>): Promise<string[]> {
  const seen: string[] = [];
  for (let step = 0; step < 1000; step += 1) {
    const done = await pushStep({ db, client, nowMs: () => 1, newId }, quiet);
    seen.push(done.ok ? done.value : done.error.kind);
    if (done.ok && done.value === 'empty') return seen;
    if (!done.ok && done.error.kind !== 'network') return seen;
  }
  throw new Error('pushing does not end');
}

async function raw(office: HeadOffice, token: string, body: unknown, action = 'push') {
  const response = await fetch(`${office.url}/v1/tills/t1/${action}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { code?: string; cursor?: number };
  return { status: response.status, ...answer };
}

const ZERO = '0'.repeat(64);
const pushBody = (from: number, prevHash: string, entries: string[]) => ({
  protocolVersion: 1,
  epoch: 1,
  from,
  prevHash,
  entries,
});

describe('head office', () => {
  it('takes a prefix once, and refuses gap, wrong hash, fork and strangers', async () => {
    const office = await newOffice();
    const token = tokenOf(office, 't1');
    const ask = { protocolVersion: 1, epoch: 0, newEpochFrom: null, requestId: 'r1' };
    expect(await raw(office, token, ask, 'register')).toMatchObject({ epoch: 1, cursor: 0 });
    const first = canonicalBody(sale('m1', 5, null));
    const other = canonicalBody(sale('m1', 7, null));
    expect(await raw(office, token, pushBody(2, ZERO, [first]))).toMatchObject({ code: 'gap' });
    expect(await raw(office, token, pushBody(1, ZERO, [first]))).toMatchObject({ cursor: 1 });
    expect(await raw(office, token, pushBody(1, ZERO, [first]))).toMatchObject({ cursor: 1 });
    expect(await raw(office, token, pushBody(1, ZERO, [other]))).toMatchObject({
      code: 'conflict',
    });
    expect(await raw(office, token, pushBody(2, ZERO, [other]))).toMatchObject({
      code: 'hash-mismatch',
    });
    expect(await raw(office, 'wrong', pushBody(1, ZERO, []))).toMatchObject({ status: 401 });
    const huge = 'x'.repeat(9 * 1024 * 1024);
    expect(await raw(office, token, pushBody(2, ZERO, [huge]))).toMatchObject({ status: 413 });
    const totals = office.store.readTotals();
    expect(totals).toMatchObject({ avail: 105, saleCount: 1, alarmCount: 2, problems: [] });
  });

  it('parks what it cannot apply and goes on; another content under one id too', async () => {
    const office = await newOffice();
    const client = clientOf(office, tokenOf(office, 't1'));
    const db = newTill();
    const good = sale('m1', 3, null);
    for (const body of [sale('nobody', 1, null), '{', good]) sell(db, body);
    sell(db, canonicalBody({ ...good, atMs: 2 }));
    sell(db, sale('m1', 4, null));
    await pushAll(db, client);
    expect([waitingCount(db), parkedCount(db)]).toEqual([0, 3]);
    expect(office.store.readTotals()).toMatchObject({ avail: 107, parkedCount: 3, problems: [] });
  });

  it('lets exactly one of two tills redeem one balance, and buries a late request', async () => {
    const office = await newOffice();
    const clients = ['t1', 't2'].map((id) =>
      clientOf(office, tokenOf(office, id), globalThis.fetch, id),
    );
    const answers = await Promise.all(
      clients.map((client, index) =>
        client.reserve({ reservationId: `race-${index}`, memberId: 'm1', points: 80 }),
      ),
    );
    const outcomes = answers.map(outcomeOf);
    expect(outcomes.toSorted()).toEqual(['points-insufficient', 'reserved']);
    const winner = outcomes.indexOf('reserved');
    const client = clients[winner];
    assert(client !== undefined, 'one of the two');
    const db = newTill();
    sell(db, sale('m1', 0, `race-${winner}`));
    const { id, atMs, businessDay, operatorId, isClockSuspect } = sale(null, 0, null);
    const head = { id, atMs, businessDay, operatorId, isClockSuspect, memberId: 'm1' };
    const late = { kind: 'void-reservation', ...head, reservationId: 'late' } as const;
    sell(db, canonicalBody({ ...late, reason: 'outcome-unknown' }));
    await pushAll(db, client);
    const request = { reservationId: 'late', memberId: 'm1', points: 1 };
    expect(outcomeOf(await client.reserve(request))).toBe('voided');
    const books = { avail: 20, rsv: 0, redeemed: 80, problems: [] };
    expect(office.store.readTotals()).toMatchObject(books);
  });

  it('describes every route', async () => {
    const office = await newOffice();
    const document = await (await fetch(`${office.url}/openapi.json`)).json();
    const { openapi, paths } = document as { openapi: string; paths: Record<string, object> };
    expect(openapi).toBe('3.1.0');
    for (const { method, path: address } of routes) {
      expect(paths[address]).toHaveProperty(method.toLowerCase());
    }
  });
});

describe('a till', () => {
  it('equals head office when replies are lost after commit on 20 % of pushes', async () => {
    const office = await newOffice();
    const random = seededRandom('lost push replies');
    let pushes = 0;
    const lossy: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      pushes += 1;
      // The first for certain: a run that loses none shows nothing.
      if (pushes > 1 && random() >= 0.2) return response;
      await response.text();
      throw new TypeError('reply lost');
    };
    const client = clientOf(office, tokenOf(office, 't1'), lossy);
    const db = newTill();
    let lost = 0;
    for (let count = 0; count < SALES; count += 1) {
      sell(db, sale('m1', 2, null));
      lost += (await pushAll(db, client)).filter((step) => step === 'network').length;
    }
    expect(lost).toBeGreaterThan(0);
    const books = { saleCount: SALES, duplicateCount: 0, avail: 100 + 2 * SALES, problems: [] };
    expect(office.store.readTotals()).toMatchObject(books);
  });

  it('takes a new epoch when two were made from one disk image; both still pull', async () => {
    const office = await newOffice();
    const client = clientOf(office, tokenOf(office, 't1'));
    const [folder, copy] = [temporaryFolder(), temporaryFolder()];
    const db = newTill(folder);
    sell(db, sale('m1', 1, null));
    await pushAll(db, client);
    sell(db, sale('m1', 10, null));
    checkpoint(db);
    closeDatabase(db);
    copyFileSync(path.join(folder, 'puan.sqlite'), path.join(copy, 'puan.sqlite'));
    const [original, clone] = [newTill(folder), newTill(copy)];
    sell(original, sale('m1', 100, null));
    sell(clone, sale('m1', 1000, null));
    expect(await pushAll(original, client)).not.toContain('new-epoch');
    expect(await pushAll(clone, client)).toContain('new-epoch');
    expect([readSyncState(original).epoch, readSyncState(clone).epoch]).toEqual([1, 2]);
    for (const till of [original, clone]) {
      const breathe = (): Promise<void> => Promise.resolve();
      const parts = { db: till, client, nowMs: () => 1, storeProgramme: () => true, breathe };
      expect(await pull(parts, quiet)).toMatchObject({ ok: true });
    }
    const books = { saleCount: 4, duplicateCount: 1, avail: 1211, problems: [] };
    expect(office.store.readTotals()).toMatchObject(books);
  });

  it.each([
    ['rubbish', () => new Response('<html>'), 'protocol'],
    ['a fault', () => new Response('down', { status: 502 }), 'network'],
  ])('keeps what waits when %s answers', async (_name, answer, kind) => {
    const office = await newOffice();
    const client = clientOf(office, tokenOf(office, 't1'), () => Promise.resolve(answer()));
    const db = newTill();
    sell(db, sale('m1', 1, null));
    const step = await pushStep({ db, client, nowMs: () => 1, newId }, quiet);
    expect(step).toMatchObject({ ok: false, error: { kind } });
    expect(waitingCount(db)).toBe(1);
  });
});
