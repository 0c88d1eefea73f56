// Goal: what a till sold reaches head office once, whatever the line does, and points agree.
// Method: real tills and a real head office on loopback; head office is stopped, slow, or loses
// its replies; at the end both books are compared.
import { cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scaled, seededRandom } from '#test/support/runs.ts';
import { newHeadOffice, newTillAt, startTill, type TestHeadOffice } from '#test/support/shop.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { demoCard } from '#tools/demoShop.ts';

const EMMA = 'demo-member-1';
const AYSE = 'demo-member-2';
const synced = (snapshot: { sync: { isOnline: boolean; waitingCount: number } }) =>
  snapshot.sync.isOnline && snapshot.sync.waitingCount === 0;

async function booksOf(headOffice: TestHeadOffice, memberId: string) {
  const books = await headOffice.office().store.readMember(memberId);
  if (books === null) throw new Error(`no member ${memberId}`);
  return books;
}

async function totals(headOffice: TestHeadOffice) {
  const read = await headOffice.office().store.readTotals();
  expect(read.problems).toEqual([]);
  return read;
}

describe('a till and head office', () => {
  it('agree after sales, online and offline', async () => {
    const headOffice = await newHeadOffice();
    const till = await newTillAt(headOffice, 2);
    await till.until(synced);
    await till.fill(demoCard(1), ['P009', 'P003']);
    await till.pay();
    await headOffice.stop();
    await till.fill(demoCard(1), ['P009']);
    await till.pay();
    await till.fill(null, ['P010']);
    await till.pay();
    await headOffice.start();
    await till.channel.call('sync.start', {});
    await till.until(synced);
    await till.fill(demoCard(1), []);
    const { basket } = await till.snapshot();
    const books = await booksOf(headOffice, EMMA);
    expect(basket.member?.balancePoints).toBe(136 + 16 + 11);
    expect(books.avail).toBe(136 + 16 + 11);
    expect(await totals(headOffice)).toMatchObject({ saleCount: 3, parkedCount: 0 });
  });

  it('let exactly one of two tills spend a balance', async () => {
    const headOffice = await newHeadOffice();
    const left = await newTillAt(headOffice, 2);
    const right = await newTillAt(headOffice, 3);
    await Promise.all([left.until(synced), right.until(synced)]);
    // Emma has 136 points: enough for one reward of 100, not for two.
    for (const till of [left, right]) await till.fill(demoCard(1), ['P009', 'P009']);
    const claims = await Promise.all(
      [left, right].map((till) => till.channel.call('reward.claim', { rewardId: 'off-5' })),
    );
    expect(claims.filter((claim) => claim.ok)).toHaveLength(1);
    expect(claims.find((claim) => !claim.ok)).toMatchObject({
      error: { code: 'points-insufficient' },
    });
    await Promise.all([left.pay(), right.pay()]);
    await Promise.all([left.until(synced), right.until(synced)]);
    const books = await booksOf(headOffice, EMMA);
    expect(books).toMatchObject({ redeemed: 100, rsv: 0 });
    expect((await totals(headOffice)).reservedCount).toBe(0);
  });

  it('give reserved points back when the reward is taken out or the sale cancelled', async () => {
    const headOffice = await newHeadOffice();
    const till = await newTillAt(headOffice, 2);
    await till.until(synced);
    await till.fill(demoCard(2), ['P009', 'P009']);
    expect(await till.channel.call('reward.claim', { rewardId: 'off-15' })).toMatchObject({
      ok: true,
    });
    expect((await booksOf(headOffice, AYSE)).rsv).toBe(250);
    await till.channel.call('reward.remove', { rewardId: 'off-15' });
    await till.channel.call('reward.claim', { rewardId: 'off-5' });
    await till.channel.call('basket.cancel', {});
    await till.until(synced);
    expect(await booksOf(headOffice, AYSE)).toMatchObject({ avail: 640, rsv: 0, redeemed: 0 });
  });

  it('bound what is spent offline to the floor of the programme, and say so', async () => {
    const headOffice = await newHeadOffice();
    const till = await newTillAt(headOffice, 2);
    await till.until(synced);
    await headOffice.stop();
    await till.fill(demoCard(2), ['P009', 'P009', 'P009']);
    // The demo's floor is 200 points a member and outage.
    const tooMuch = await till.channel.call('reward.claim', { rewardId: 'off-15' });
    expect(tooMuch).toMatchObject({ error: { code: 'redemption-cap-offline' } });
    expect(await till.channel.call('reward.claim', { rewardId: 'off-5' })).toMatchObject({
      ok: true,
    });
    await till.pay();
    await headOffice.start();
    await till.channel.call('sync.start', {});
    await till.until(synced);
    expect(await booksOf(headOffice, AYSE)).toMatchObject({ redeemed: 100 });
    expect((await totals(headOffice)).parkedCount).toBe(0);
  });

  it('take a new epoch for a copied till, and apply nothing twice', async () => {
    const headOffice = await newHeadOffice();
    const till = await newTillAt(headOffice, 2);
    await till.until(synced);
    await headOffice.stop();
    await till.fill(demoCard(1), ['P009']);
    await till.pay();
    await till.close();
    // The disk image: an unsent sale, then a life of its own on either side.
    const copyFolder = temporaryFolder();
    cpSync(till.dataFolder, copyFolder, { recursive: true });
    await headOffice.start();
    const first = await startTill(till.dataFolder);
    await first.fill(demoCard(1), ['P003']);
    await first.pay();
    await first.until(synced);
    const second = await startTill(copyFolder);
    await second.fill(demoCard(1), ['P004']);
    await second.pay();
    const after = await second.until(synced);
    expect(after.sync.problem?.key).toBe('sync.problem.newEpoch');
    const books = await totals(headOffice);
    expect(books).toMatchObject({ saleCount: 3, parkedCount: 0 });
    expect((await booksOf(headOffice, EMMA)).avail).toBe(136 + 11 + 5 + 7);
  });

  it('void a sale on both sides', async () => {
    const headOffice = await newHeadOffice();
    const till = await newTillAt(headOffice, 2);
    await till.fill(demoCard(1), ['P009']);
    await till.pay();
    const { lastSale } = await till.snapshot();
    const transactionId = lastSale?.transactionId ?? '';
    const refused = { transactionId, managerPin: null };
    expect(await till.channel.call('sale.voidLast', refused)).toMatchObject({
      error: { code: 'manager-required' },
    });
    const voided = await till.channel.call('sale.voidLast', { transactionId, managerPin: '9999' });
    expect(voided).toMatchObject({ ok: true, value: { isVoided: true } });
    await till.until(synced);
    expect((await booksOf(headOffice, EMMA)).avail).toBe(136);
    expect(await totals(headOffice)).toMatchObject({ saleCount: 1, voidedSaleCount: 1 });
  });
});

describe('a line that loses replies', () => {
  const sales = scaled(1_000, 25);
  it(`loses and doubles nothing: ${sales} sales, one reply in five dropped`, async () => {
    const random = seededRandom('lost replies');
    const headOffice = await newHeadOffice();
    const till = await newTillAt(headOffice, 2);
    await till.until(synced);
    await till.close();
    let dropped = 0;
    // Head office has committed when the reply is thrown away: the till cannot know.
    const lossy: typeof globalThis.fetch = async (input, init) => {
      const response = await globalThis.fetch(input, init);
      // The first one too: a few sales might else meet no loss at all.
      const isLost = dropped === 0 || random() < 0.2;
      if (!String(input).endsWith('/push') || !isLost) return response;
      await response.arrayBuffer();
      dropped += 1;
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
    };
    const again = await startTill(till.dataFolder, { fetch: lossy });
    for (let sale = 0; sale < sales; sale += 1) {
      await again.fill(demoCard(1), ['P009']);
      await again.pay();
      if (sale % 3 === 0) {
        await again.channel.call('sync.start', {});
        await again.until((snapshot) => snapshot.sync.progress === null);
      }
    }
    for (;;) {
      const { sync } = await again.snapshot();
      if (sync.waitingCount === 0) break;
      await again.channel.call('sync.start', {});
      await again.until((snapshot) => snapshot.sync.progress === null);
    }
    expect(dropped).toBeGreaterThan(0);
    expect(await totals(headOffice)).toMatchObject({ saleCount: sales, parkedCount: 0 });
    expect((await booksOf(headOffice, EMMA)).avail).toBe(136 + expectedPoints(sales));
  });
});

/** 11.50 a sale: 11 points below Silver (500 tier points), then 14, then 17 from Gold on. */
function expectedPoints(sales: number): number {
  let tierPoints = 136;
  for (let sale = 0; sale < sales; sale += 1) {
    tierPoints += tierPoints >= 2000 ? 17 : tierPoints >= 500 ? 14 : 11;
  }
  return tierPoints - 136;
}
