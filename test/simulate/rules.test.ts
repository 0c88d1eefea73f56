// Goal: what rules gave at tills without a line is right once they are back: once, and everywhere.
// Method: a real head office on loopback and two real tills, as their pages drive them; head office
// goes away while both sell.
import { describe, expect, it } from 'vitest';
import { assert } from '#loyalty/assert.ts';
import { dateOfDayNumber, dayNumberOf } from '#loyalty/calendar.ts';
import {
  newHeadOffice,
  newTillAt,
  type TestHeadOffice,
  type TestTill,
} from '#test/support/shop.ts';
import { DEMO_PROGRAMME } from '#test/support/till.ts';
import { demoCard } from '#tools/demoShop.ts';

const EMMA = 'demo-member-1';
const START_POINTS = 136;
const synced = (snapshot: { sync: { isOnline: boolean; waitingCount: number } }) =>
  snapshot.sync.isOnline && snapshot.sync.waitingCount === 0;

const DEMO = JSON.parse(DEMO_PROGRAMME);
const NO_PROFILE = {
  language: null,
  enrolledAtMs: null,
  birthday: null,
  segments: [],
  flags: [],
  staffOperatorId: null,
  referrerId: null,
  poolId: null,
  contractId: null,
};

/** A second version of the demo programme, in force for long: every till takes it at its sync. */
async function publish(headOffice: TestHeadOffice, changes: object): Promise<void> {
  const document = JSON.stringify({ ...DEMO, version: 2, ...changes });
  const done = await headOffice.office().store.putProgrammes([document]);
  assert(done.ok, done.ok ? '' : done.error.message);
}

async function syncNow(till: TestTill): Promise<void> {
  await till.channel.call('sync.start', {});
  await till.until((snapshot) => synced(snapshot) && snapshot.sync.progress === null);
}

/** Two tills that know the programme, the next basket of both under its new version. */
async function twoTills(headOffice: TestHeadOffice): Promise<readonly [TestTill, TestTill]> {
  const tills = [await newTillAt(headOffice, 2), await newTillAt(headOffice, 3)] as const;
  for (const till of tills) {
    await till.until(synced);
    await syncNow(till);
    await till.channel.call('basket.cancel', {});
  }
  return tills;
}

async function sell(till: TestTill, card: string, sku = 'P009') {
  await till.fill(card, [sku]);
  await till.pay();
  const { lastSale } = await till.snapshot();
  return lastSale;
}

async function balanceAt(till: TestTill, card: string): Promise<number | undefined> {
  await till.fill(card, []);
  const { basket } = await till.snapshot();
  await till.channel.call('basket.cancel', {});
  return basket.member?.balancePoints;
}

async function booksOf(headOffice: TestHeadOffice, memberId: string) {
  const { store } = headOffice.office();
  expect((await store.readTotals()).problems).toEqual([]);
  expect((await store.readTotals()).parkedCount).toBe(0);
  return await store.readMember(memberId);
}

describe('two tills without a line', () => {
  it('S27: both give the birthday; one goes back, and both tills learn it', async () => {
    const headOffice = await newHeadOffice();
    const { month, day } = dateOfDayNumber(dayNumberOf(Date.now(), DEMO.timeZone));
    await headOffice.office().store.putMember(EMMA, {
      cardNumber: demoCard(1),
      displayName: 'Emma Clarke',
      isBlocked: false,
      profile: { ...NO_PROFILE, birthday: { month, day, changedAtMs: null } },
    });
    const birthday = {
      kind: 'fixed',
      ruleId: 'birthday',
      name: { en: 'Birthday', tr: 'Doğum günü', de: 'Geburtstag' },
      points: 100,
      when: { birthday: { window: 'days', daysBefore: 3, daysAfter: 3 } },
    };
    await publish(headOffice, { earning: { rules: [...DEMO.earning.rules, birthday] } });
    const [one, two] = await twoTills(headOffice);
    await headOffice.stop();
    for (const till of [one, two]) {
      expect(await sell(till, demoCard(1))).toMatchObject({ earnedPoints: 111 });
    }
    // Each till knows of its own: a second sale there brings no second birthday.
    expect(await sell(one, demoCard(1))).toMatchObject({ earnedPoints: 11 });
    await headOffice.start();
    for (const till of [one, two, one, two]) await syncNow(till);
    const points = START_POINTS + 100 + 3 * 11;
    expect(await booksOf(headOffice, EMMA)).toMatchObject({ avail: points, issued: points });
    for (const till of [one, two]) expect(await balanceAt(till, demoCard(1))).toBe(points);
    expect(await sell(two, demoCard(1))).toMatchObject({ earnedPoints: 11 });
  });

  it('S20: both meet one unknown card: one member with the points of both', async () => {
    const headOffice = await newHeadOffice();
    await publish(headOffice, { cards: { ...DEMO.cards, anonymousKeyHex: 'a5'.repeat(32) } });
    const [one, two] = await twoTills(headOffice);
    await headOffice.stop();
    const card = demoCard(88);
    for (const till of [one, two]) {
      expect(await sell(till, card)).toMatchObject({ earnedPoints: 11, balanceAfterPoints: 11 });
    }
    await headOffice.start();
    for (const till of [one, two, one, two]) await syncNow(till);
    for (const till of [one, two]) expect(await balanceAt(till, card)).toBe(22);
    const { basket } = await one.snapshot();
    expect(basket.member).toBeNull();
    const { memberCount } = await headOffice.office().store.readTotals();
    expect(memberCount).toBe(7);
  });

  it('a stamp card fills at both, and its reward is had at either', async () => {
    const headOffice = await newHeadOffice();
    const named = (text: string) => ({ en: text, tr: text, de: text });
    await publish(headOffice, {
      accounts: [
        {
          accountId: 'stamps',
          kind: 'stamps',
          names: { one: named('stamp'), other: named('stamps') },
          expiry: null,
        },
      ],
      earning: {
        rules: [
          { kind: 'visit', ruleId: 'stamp', name: named('Stamp'), account: 'stamps', points: 1 },
        ],
      },
      rewards: {
        list: [
          {
            kind: 'free-units',
            rewardId: 'free',
            name: named('Free coffee'),
            cost: { account: 'stamps', points: 2 },
          },
        ],
      },
    });
    const [one, two] = await twoTills(headOffice);
    await headOffice.stop();
    await sell(one, demoCard(1));
    await sell(two, demoCard(1));
    await headOffice.start();
    for (const till of [one, two, one]) await syncNow(till);
    await one.fill(demoCard(1), ['P003']);
    expect(await one.channel.call('reward.claim', { rewardId: 'free' })).toMatchObject({
      ok: true,
    });
    await one.pay();
    expect((await one.snapshot()).lastSale).toMatchObject({ totalMinor: 0 });
    for (const till of [one, two]) await syncNow(till);
    await two.fill(demoCard(1), ['P003']);
    const { basket } = await two.snapshot();
    // The claimed coffee was a visit as well.
    expect(basket.offers).toMatchObject([{ state: 'points-short', shortByPoints: 1 }]);
    expect(await booksOf(headOffice, EMMA)).toMatchObject({ avail: START_POINTS });
  });
});

describe('what rules move by themselves', () => {
  const named = (text: string) => ({ en: text, tr: text, de: text });

  it('S28: points turn into a voucher at each hundred', async () => {
    const headOffice = await newHeadOffice();
    await publish(headOffice, {
      accounts: [
        {
          accountId: 'voucher',
          kind: 'money',
          names: { one: named('voucher'), other: named('vouchers') },
          expiry: null,
        },
      ],
      rewards: {
        list: [
          {
            kind: 'convert',
            rewardId: 'voucher-10',
            name: named('Voucher'),
            trigger: 'automatic',
            cost: { points: 100 },
            timesMax: 9,
            to: 'voucher',
            amount: 1000,
          },
        ],
      },
    });
    const [one, two] = await twoTills(headOffice);
    expect(await sell(one, demoCard(1))).toMatchObject({ redeemedPoints: 100 });
    await syncNow(one);
    const left = START_POINTS + 11 - 100;
    expect(await booksOf(headOffice, EMMA)).toMatchObject({ avail: left, redeemed: 100 });
    await syncNow(two);
    await two.fill(demoCard(1), ['P010']);
    const { basket } = await two.snapshot();
    expect(basket.member).toMatchObject({
      balancePoints: left,
      wallets: [{ accountId: 'voucher', amountMinor: 1000 }],
    });
  });

  it('S29: what a cashier gave by hand is counted at head office', async () => {
    const headOffice = await newHeadOffice();
    const rule = {
      kind: 'event',
      ruleId: 'survey',
      name: named('Survey'),
      eventId: 'survey',
      givenBy: 'operator',
      points: 25,
    };
    const gifts = {
      goodwillPerOperatorPerDay: 100,
      reasons: [{ reasonId: 'late', name: named('Waited long') }],
    };
    await publish(headOffice, { earning: { rules: [rule] }, rewards: { list: [] }, gifts });
    const [one] = await twoTills(headOffice);
    await one.fill(demoCard(1), []);
    const event = { eventId: 'survey', managerPin: null };
    expect(await one.channel.call('member.giveEvent', event)).toMatchObject({ ok: true });
    const goodwill = { points: 60, reasonId: 'late' };
    expect(await one.channel.call('member.giveGoodwill', goodwill)).toMatchObject({ ok: true });
    await syncNow(one);
    expect(await booksOf(headOffice, EMMA)).toMatchObject({
      avail: START_POINTS + 85,
      issued: START_POINTS + 25,
      adjusted: 60,
    });
  });

  it('S09: a first sale gives friend and referrer their points, its void takes both', async () => {
    const headOffice = await newHeadOffice();
    await headOffice.office().store.putMember(EMMA, {
      cardNumber: demoCard(1),
      displayName: 'Emma Clarke',
      isBlocked: false,
      profile: { ...NO_PROFILE, referrerId: 'demo-member-3' },
    });
    const rule = {
      kind: 'referral',
      ruleId: 'friend',
      name: named('Friend'),
      on: 'first-sale',
      friendPoints: 500,
      referrerPoints: 500,
    };
    await publish(headOffice, { earning: { rules: [rule] }, rewards: { list: [] } });
    const [one] = await twoTills(headOffice);
    await one.fill(demoCard(1), ['P009']);
    const { basket } = await one.snapshot();
    // What the referrer gets is not the friend's: the reasons sum to the friend's own points.
    expect(basket.explanation).toMatchObject([{ points: 500 }]);
    await one.pay();
    const { lastSale: sale } = await one.snapshot();
    expect(sale).toMatchObject({ earnedPoints: 500 });
    expect(await balanceAt(one, demoCard(3))).toBe(548);
    await syncNow(one);
    expect(await booksOf(headOffice, 'demo-member-3')).toMatchObject({ avail: 548 });
    const undone = { transactionId: sale?.transactionId ?? '', managerPin: '9999' };
    expect(await one.channel.call('sale.voidLast', undone)).toMatchObject({ ok: true });
    await syncNow(one);
    expect(await booksOf(headOffice, 'demo-member-3')).toMatchObject({ avail: 48 });
    expect(await booksOf(headOffice, EMMA)).toMatchObject({ avail: START_POINTS });
  });
});

describe('money', () => {
  it('that rules round, tax by the piece or take off is right at head office too', async () => {
    const named = (text: string) => ({ en: text, tr: text, de: text });
    const headOffice = await newHeadOffice();
    const { store } = headOffice.office();
    const bottle = {
      sku: 'B1',
      barcode: null,
      name: 'Water',
      productType: 'drinks',
      unitPriceMinor: 133,
      taxRateBasisPoints: 1900,
      isActive: true,
      tags: ['cold'],
      fixedTaxMinor: 25,
    };
    await store.putProducts([bottle]);
    await publish(headOffice, {
      rewards: {
        roundsToMinor: 5,
        list: [
          {
            kind: 'percent-off',
            rewardId: 'cold-week',
            name: named('Cold week'),
            trigger: 'automatic',
            percent: '10',
            lines: { tags: ['cold'] },
          },
        ],
      },
    });
    const [till] = await twoTills(headOffice);
    for (let bottles = 1; bottles <= 4; bottles += 1) {
      await till.fill(
        demoCard(1),
        Array.from({ length: bottles }, () => 'B1'),
      );
      await till.pay();
      const { lastSale } = await till.snapshot();
      expect((lastSale?.totalMinor ?? 1) % 5).toBe(0);
    }
    const undone = { managerPin: '9999' };
    const { lastSale } = await till.snapshot();
    const transactionId = lastSale?.transactionId ?? '';
    await till.channel.call('sale.voidLast', { ...undone, transactionId });
    await syncNow(till);
    await booksOf(headOffice, EMMA);
    const report = await till.channel.call('report.day', {});
    assert(report.ok, 'a day can be read');
    const { grossMinor, discountMinor, totalMinor } = report.value;
    expect(grossMinor - discountMinor).toBe(totalMinor);
    // Tax is of what the lines cost: the rounding of a total is neither taxed nor earned.
    const taxedMinor = report.value.taxes.reduce((sum, tax) => sum + tax.grossMinor, 0);
    expect(Math.abs(taxedMinor - totalMinor)).toBeLessThanOrEqual(3 * 2);
  });
});

describe('what happened elsewhere', () => {
  it('S31: web spends while the till sells without a line: both count', async () => {
    const headOffice = await newHeadOffice();
    const { store } = headOffice.office();
    const move = { memberId: EMMA, account: 'adjusted', reason: 'web' } as const;
    await store.adjust({ ...move, key: 'start', points: 300 - START_POINTS }, 0);
    const [till] = await twoTills(headOffice);
    expect(await balanceAt(till, demoCard(1))).toBe(300);
    await headOffice.stop();
    const sale = await sell(till, demoCard(1), 'P009');
    expect(sale).toMatchObject({ earnedPoints: 11, balanceAfterPoints: 311 });
    await headOffice.start();
    await headOffice.office().store.adjust({ ...move, key: 'web-1', points: -250 }, 0);
    await syncNow(till);
    expect(await balanceAt(till, demoCard(1))).toBe(61);
  });
});
