// Goal: a fault of head office, store, shop file or clock gets a clear word for the cashier, loses
// and doubles nothing, and selling goes on where it can.
// Method: a whole core on a real folder; head office is real, and what stands between breaks.
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionOf } from '#db/handle.ts';
import { closeDatabase, openDatabase } from '#db/open.ts';
import { assert } from '#loyalty/assert.ts';
import { startCoreProcess } from '#test/support/coreProcess.ts';
import { newHeadOffice, newTillAt, startTill, type TestTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { connect, type ToPage, type ToTill } from '#till/channel.ts';
import { CONTRACT_VERSION, type SessionSnapshot, type TillError } from '#till/contract.ts';
import { type Core, startCore } from '#till/core.ts';
import { inProcessPair } from '#till/messageEnds.ts';
import { BACKUP_FOLDER, DATABASE_FILE } from '#till/setUp.ts';
import { demoCard } from '#tools/demoShop.ts';

const AYSE = 'demo-member-2';
const AYSE_POINTS = 640;
const DAY_MS = 86_400_000;
type Fetch = typeof globalThis.fetch;

const synced = ({ sync }: SessionSnapshot) => sync.isOnline && sync.waitingCount === 0;
const isReservation = (input: Parameters<Fetch>[0]) => String(input).endsWith('/reservations');

/** Ends as a request does that its own time limit cuts off. */
function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  assert(signal !== null && signal !== undefined, 'every request has a time limit');
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}

/** A till in step with head office, then started again with something in between. */
async function newTillBehind(fetch: Fetch) {
  const headOffice = await newHeadOffice();
  const first = await newTillAt(headOffice, 2);
  await first.until(synced);
  await first.close();
  const till = await startTill(first.dataFolder, { fetch });
  const booksOf = (memberId: string) => headOffice.office().store.readMember(memberId);
  return { headOffice, till, booksOf };
}

async function syncNow(till: TestTill): Promise<void> {
  await till.channel.call('sync.start', {});
  await till.until(synced);
}

describe('head office that is slow to reserve', () => {
  it('grants, but too late: the floor is used, and the grant is let go', async () => {
    const { till, booksOf } = await newTillBehind(async (input, init) => {
      if (!isReservation(input)) return globalThis.fetch(input, init);
      await globalThis.fetch(input, { ...init, signal: null });
      return untilAborted(init?.signal);
    });
    await till.until(synced);
    await till.fill(demoCard(2), ['P009', 'P009', 'P009']);
    const claimed = await till.channel.call('reward.claim', { rewardId: 'off-5' });
    expect(claimed).toMatchObject({ ok: true });
    expect(await booksOf(AYSE)).toMatchObject({ rsv: 100 });
    await till.pay();
    await syncNow(till);
    expect(await booksOf(AYSE)).toMatchObject({ rsv: 0, redeemed: 100 });
  });

  it('refuses above the floor in words, and the points are free again', async () => {
    const { till, booksOf } = await newTillBehind(async (input, init) => {
      if (!isReservation(input)) return globalThis.fetch(input, init);
      await globalThis.fetch(input, { ...init, signal: null });
      return untilAborted(init?.signal);
    });
    await till.until(synced);
    await till.fill(demoCard(2), ['P009', 'P009', 'P009']);
    const claimed = await till.channel.call('reward.claim', { rewardId: 'off-15' });
    expect(claimed).toMatchObject({ error: { code: 'redemption-cap-offline' } });
    expect((await till.snapshot()).notice?.words.key).toBe('notice.redemption-offline-refused');
    await syncNow(till);
    expect(await booksOf(AYSE)).toMatchObject({ avail: AYSE_POINTS, rsv: 0, redeemed: 0 });
    await till.pay();
  });

  it('hears the request after its void: it stays buried', async () => {
    const late: (() => Promise<Response>)[] = [];
    const { till, booksOf } = await newTillBehind((input, init) => {
      if (!isReservation(input)) return globalThis.fetch(input, init);
      late.push(() => globalThis.fetch(input, { ...init, signal: null }));
      return untilAborted(init?.signal);
    });
    await till.until(synced);
    await till.fill(demoCard(2), ['P009', 'P009', 'P009']);
    await till.channel.call('reward.claim', { rewardId: 'off-15' });
    await syncNow(till);
    const [request] = late;
    assert(request !== undefined, 'a reservation was asked for');
    expect(await (await request()).json()).toMatchObject({ outcome: 'voided' });
    expect(await booksOf(AYSE)).toMatchObject({ avail: AYSE_POINTS, rsv: 0 });
  });
});

describe('head office that answers wrongly', () => {
  it('rubbish: says so, selling goes on, and everything arrives later', async () => {
    let isBroken: boolean = true;
    const { till, headOffice } = await newTillBehind((input, init) =>
      isBroken
        ? Promise.resolve(new Response('<html>Welcome to the hotel</html>'))
        : globalThis.fetch(input, init),
    );
    await till.fill(demoCard(1), ['P009']);
    await till.pay();
    const { sync, state } = await till.until((snapshot) => snapshot.sync.problem !== null);
    expect(sync).toMatchObject({ isOnline: false, waitingCount: 1 });
    expect(sync.problem?.key).toBe('sync.problem.protocol');
    expect(state).toBe('committed');
    isBroken = false;
    await till.channel.call('sync.start', {});
    expect((await till.until(synced)).sync.problem).toBeNull();
    const totals = await headOffice.office().store.readTotals();
    expect(totals).toMatchObject({ saleCount: 1, parkedCount: 0, problems: [] });
  });

  it('an unknown token: says so, and selling goes on', async () => {
    const headOffice = await newHeadOffice();
    await headOffice.addTill('001-002');
    const dataFolder = temporaryFolder();
    setUpDemo(
      dataFolder,
      { headOffice: { url: headOffice.url } },
      { headOfficeToken: 'not-the-token', nowMs: Date.now() },
    );
    const till = await startTill(dataFolder);
    const { sync } = await till.until((snapshot) => snapshot.sync.problem !== null);
    expect(sync.problem?.key).toBe('sync.problem.unauthorised');
    await till.fill(demoCard(1), ['P009']);
    await till.pay();
    expect((await till.snapshot()).sync).toMatchObject({ isOnline: false, waitingCount: 1 });
  });
});

describe('a scan while a sale is saved', () => {
  it('goes into the next basket, in order', async () => {
    const dataFolder = temporaryFolder();
    setUpDemo(dataFolder, {}, { nowMs: Date.now() });
    const till = await startTill(dataFolder);
    await till.fill(demoCard(1), ['P009']);
    const { basket } = await till.snapshot();
    const { transactionId, totalMinor, earnedPoints, redeemedPoints } = basket;
    // None is awaited before the next is sent: all are on their way at once.
    const [paid] = await Promise.all([
      till.channel.call('sale.commit', {
        transactionId,
        tenders: [{ tenderType: 'cash', amountMinor: totalMinor }],
        expected: { totalMinor, earnedPoints, redeemedPoints },
      }),
      till.channel.call('scan.submit', { scanData: demoCard(2) }),
      till.channel.call('scan.submit', { scanData: '9520000000011' }),
    ]);
    expect(paid).toMatchObject({ ok: true, value: { memberName: 'Emma Clarke' } });
    const next = await till.snapshot();
    expect(next.state).toBe('selling');
    expect(next.basket.transactionId).not.toBe(transactionId);
    expect(next.basket.member?.memberId).toBe(AYSE);
    expect(next.basket.lines).toMatchObject([{ quantity: 1, unitPriceMinor: 449 }]);
  });
});

function startBare(dataFolder: string): Core {
  const core = startCore({
    dataFolder,
    nowMs: () => Date.now(),
    randomBytes: (size) => new Uint8Array(size),
    fetch: globalThis.fetch,
    setTimer: () => ({ cancel: () => {} }),
    scannerPath: null,
    printerAddress: null,
  });
  onTestFinished(() => core.close());
  return core;
}

/** What a page is told that greets a core which could not open its folder. */
async function refusalOf(dataFolder: string): Promise<TillError> {
  const [page, till] = inProcessPair<ToTill, ToPage>();
  startBare(dataFolder).attachPage(till);
  const connected = await connect(page, CONTRACT_VERSION);
  assert(!connected.ok, 'the page is refused');
  return connected.error;
}

/** A set-up folder whose till sold once, closed in order. */
async function soldFolder(): Promise<{ dataFolder: string; file: string }> {
  const dataFolder = temporaryFolder();
  setUpDemo(dataFolder, {}, { nowMs: Date.now() });
  const till = await startTill(dataFolder);
  await till.fill(null, ['P009']);
  await till.pay();
  await till.close();
  return { dataFolder, file: path.join(dataFolder, DATABASE_FILE) };
}

describe('a store that cannot be opened', () => {
  it('damaged: the page is told which file, and it stays byte for byte', async () => {
    const { dataFolder, file } = await soldFolder();
    truncateSync(file, 5_000);
    const before = readFileSync(file);
    expect(await refusalOf(dataFolder)).toMatchObject({
      code: 'store-unavailable',
      args: { fault: 'damaged', path: file },
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('newer: the page is told, and it stays byte for byte', async () => {
    const { dataFolder, file } = await soldFolder();
    const opened = openDatabase(file, {
      nowMs: Date.now(),
      backupFolder: path.join(dataFolder, BACKUP_FOLDER),
    });
    assert(opened.ok, 'a good file opens');
    connectionOf(opened.value).pragma('user_version = 9999');
    closeDatabase(opened.value);
    const before = readFileSync(file);
    expect(await refusalOf(dataFolder)).toMatchObject({
      code: 'store-unavailable',
      args: { fault: 'newer', path: file },
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('in use: the second till is told, and the first sells on', async () => {
    const dataFolder = temporaryFolder();
    setUpDemo(dataFolder, {}, { nowMs: Date.now() });
    const till = await startTill(dataFolder);
    const file = path.join(dataFolder, DATABASE_FILE);
    expect(await refusalOf(dataFolder)).toMatchObject({
      code: 'store-unavailable',
      args: { fault: 'in-use', path: file },
    });
    await till.fill(demoCard(1), ['P009']);
    await till.pay();
  });

  it('a broken shop file: said with its path and what is wrong, and left alone', async () => {
    const { dataFolder } = await soldFolder();
    const file = path.join(dataFolder, 'shop.json');
    const good = readFileSync(file, 'utf8');
    appendFileSync(file, 'x');
    const files = readdirSync(dataFolder).toSorted();
    const args = { fault: 'shop-file', path: file };
    expect(await refusalOf(dataFolder)).toMatchObject({ code: 'store-unavailable', args });
    writeFileSync(file, JSON.stringify({ ...JSON.parse(good), tillNumber: 1000 }));
    const refused = await refusalOf(dataFolder);
    expect(refused).toMatchObject({ code: 'store-unavailable', args });
    expect(refused.detail).toContain('tillNumber');
    expect(readdirSync(dataFolder).toSorted()).toEqual(files);
  });
});

describe('a clock that was set back a day', () => {
  it('is said, and selling goes on in the same business day', async () => {
    const dataFolder = temporaryFolder();
    setUpDemo(dataFolder, {}, { nowMs: Date.now() });
    let aheadMs = 0;
    const till = await startTill(dataFolder, { nowMs: () => Date.now() + aheadMs });
    await till.fill(null, ['P009']);
    await till.pay();
    const { businessDay } = await till.snapshot();
    aheadMs = -DAY_MS;
    await till.fill(null, ['P009']);
    await till.pay();
    const after = await till.snapshot();
    expect(after).toMatchObject({ state: 'committed', isClockSuspect: true, businessDay });
    await till.close();
    const again = await startTill(dataFolder, { nowMs: () => Date.now() + aheadMs });
    expect(await again.snapshot()).toMatchObject({ isClockSuspect: true, businessDay });
  });
});

describe('kill -9 with points in the basket', () => {
  it('keeps a claimed reward, and its reservation is spent once', async () => {
    const headOffice = await newHeadOffice();
    const first = await newTillAt(headOffice, 2);
    await first.until(synced);
    await first.close();
    const core = await startCoreProcess(first.dataFolder);
    onTestFinished(() => core.kill());
    await core.channel.call('session.signIn', { pin: '1111' });
    await core.until(synced);
    await core.channel.call('scan.submit', { scanData: demoCard(2) });
    await core.channel.call('basket.addProduct', { sku: 'P009', quantity: 2 });
    const claimed = await core.channel.call('reward.claim', { rewardId: 'off-15' });
    expect(claimed).toMatchObject({ ok: true });
    const before = await core.snapshot();
    await core.kill();
    const till = await startTill(first.dataFolder);
    const { basket } = await till.snapshot();
    expect(basket).toMatchObject({
      transactionId: before.basket.transactionId,
      totalMinor: before.basket.totalMinor,
      redeemedPoints: 250,
    });
    await till.pay();
    await till.until(synced);
    const books = await headOffice.office().store.readMember(AYSE);
    expect(books).toMatchObject({ rsv: 0, redeemed: 250 });
  });

  it('lets a question go that had no answer: the points are free', async () => {
    const headOffice = await newHeadOffice();
    const first = await newTillAt(headOffice, 2);
    await first.until(synced);
    await first.close();
    // Head office grants, and the till dies before it hears so: closed with the question open.
    let granted = (): void => {};
    const isGranted = new Promise<void>((resolve) => {
      granted = resolve;
    });
    const slow: Fetch = async (input, init) => {
      if (!isReservation(input)) return globalThis.fetch(input, init);
      await globalThis.fetch(input, { ...init, signal: null });
      granted();
      return new Promise(() => {});
    };
    const asking = await startTill(first.dataFolder, { fetch: slow });
    await asking.fill(demoCard(2), ['P009', 'P009']);
    void asking.channel.call('reward.claim', { rewardId: 'off-15' }).catch(() => {});
    await isGranted;
    const books = () => headOffice.office().store.readMember(AYSE);
    expect(await books()).toMatchObject({ rsv: 250 });
    await asking.close();
    const till = await startTill(first.dataFolder);
    expect((await till.snapshot()).basket).toMatchObject({ lineCount: 1, redeemedPoints: 0 });
    await till.until(synced);
    expect(await books()).toMatchObject({ avail: AYSE_POINTS, rsv: 0 });
    await till.pay();
  });
});
