// Goal: one sale is one transaction that is whole or absent, safe to repeat, and explained.
// Method: a real till on a real file; the ledger, the balance and the outbox are read back.
import { describe, expect, it } from 'vitest';
import { connectionOf } from '#db/handle.ts';
import { ledgerEntriesOf } from '#db/ledger.ts';
import { memberByCard } from '#db/members.ts';
import { closeDatabase } from '#db/open.ts';
import { readBatch } from '#db/outbox.ts';
import { lastSale, linesOf, tendersOf } from '#db/sales.ts';
import { saleBody } from '#sync/protocol.ts';
import { openPrintJobs } from '#test/support/openPrintJobs.ts';
import { NOON_MS, newTill, openTill } from '#test/support/till.ts';
import { addAmount, addProduct, applyEvent } from '#till/basketFlow.ts';
import { commitSale } from '#till/commit.ts';
import { handleScan } from '#till/scanRouting.ts';
import { voidLastSale } from '#till/voidSale.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoCard } from '#tools/demoShop.ts';

const OFFLINE = { isOnline: false };

function request(workstation: Workstation, cashMinor?: number) {
  const { basket, pricing } = workstation.state;
  return {
    transactionId: basket.transactionId,
    tenders: [{ tenderType: 'cash' as const, amountMinor: cashMinor ?? pricing.totalMinor }],
    expected: {
      totalMinor: pricing.totalMinor,
      earnedPoints: pricing.earnedPoints,
      redeemedPoints: pricing.redeemedPoints,
    },
  };
}

function scan(workstation: Workstation, label: string): void {
  handleScan(workstation, { label, aim: null });
}

describe('a sale', () => {
  it('books sale, lines, tender, ledger, balance, outbox and print job at once', () => {
    const { workstation } = newTill();
    scan(workstation, demoCard(2));
    addProduct(workstation, 'P003', 2);
    addProduct(workstation, 'P009', 1);
    const asked = request(workstation, 2000);
    const result = commitSale(workstation, OFFLINE, asked);
    expect(result).toMatchObject({
      ok: true,
      value: { totalMinor: 1650, changeMinor: 350, earnedPoints: 32, balanceAfterPoints: 672 },
    });
    const { db } = workstation;
    const sale = lastSale(db);
    expect(sale?.receiptNumber).toBe('00100200000001');
    expect(linesOf(db, 1)).toHaveLength(2);
    expect(tendersOf(db, 1)).toEqual([{ line: 1, tenderType: 'cash', amountMinor: 2000 }]);
    const entries = ledgerEntriesOf(db, 1);
    expect(entries.reduce((sum, entry) => sum + entry.points, 0)).toBe(32);
    for (const entry of entries) {
      expect(entry).toMatchObject({ accountDebit: 'issued', accountCredit: 'avail', lot: '1:1' });
      expect(entry.rule).not.toBe('');
      expect(entry.programmeVersion).toBe('demo@1');
      break;
    }
    expect(memberByCard(db, demoCard(2))?.balancePoints).toBe(672);
    const batch = readBatch(db, 1, { entriesMax: 10, bytesMax: 100_000 });
    expect(saleBody.safeParse(JSON.parse(batch?.entries[0]?.body ?? '')).success).toBe(true);
    expect(openPrintJobs(db).map((job) => job.kind)).toEqual(['drawer', 'receipt']);
  });

  it('gives the stored result for a repeated request, and refuses another one', () => {
    const { workstation } = newTill();
    addAmount(workstation, 500, '');
    const asked = request(workstation);
    const first = commitSale(workstation, OFFLINE, asked);
    expect(commitSale(workstation, OFFLINE, asked)).toEqual(first);
    const other = { ...asked, tenders: [{ tenderType: 'card' as const, amountMinor: 500 }] };
    expect(commitSale(workstation, OFFLINE, other)).toMatchObject({
      ok: false,
      error: { code: 'transaction-conflict' },
    });
    expect(lastSale(workstation.db)?.seq).toBe(1);
  });

  it('refuses what the cashier did not see, too little money, and card money as change', () => {
    const { workstation } = newTill();
    addAmount(workstation, 500, '');
    const asked = request(workstation);
    const refusal = (change: object) => commitSale(workstation, OFFLINE, { ...asked, ...change });
    expect(refusal({ expected: { ...asked.expected, totalMinor: 499 } })).toMatchObject({
      error: { code: 'basket-changed' },
    });
    expect(refusal({ tenders: [] })).toMatchObject({ error: { code: 'tender-insufficient' } });
    const card = [{ tenderType: 'card', amountMinor: 501 }];
    expect(refusal({ tenders: card })).toMatchObject({ error: { code: 'tender-not-cash-over' } });
    expect(lastSale(workstation.db)).toBeNull();
    expect(workstation.state.basket.lines).toHaveLength(1);
  });

  it('leaves the basket as it was when the disk is full', () => {
    const { workstation } = newTill();
    addAmount(workstation, 500, '');
    const asked = request(workstation);
    const connection = connectionOf(workstation.db);
    const pages = connection.pragma('page_count', { simple: true });
    connection.pragma(`max_page_count = ${String(pages)}`);
    // The free pages of the file take a few sales before it is truly full.
    let refused = false;
    for (let sale = 0; sale < 200 && !refused; sale += 1) {
      const before = workstation.state.basket;
      const result = commitSale(workstation, OFFLINE, request(workstation));
      if (result.ok) {
        refused = !addAmount(workstation, 500, '').ok;
      } else {
        refused = true;
        expect(result.error).toMatchObject({
          code: 'store-unavailable',
          args: { fault: 'disk-full' },
        });
        expect(workstation.state.basket).toBe(before);
      }
    }
    expect(refused).toBe(true);
    expect(asked.transactionId).not.toBe('');
    connection.pragma('max_page_count = 1000000');
    if (workstation.state.basket.lines.length === 0) addAmount(workstation, 500, '');
    expect(commitSale(workstation, OFFLINE, request(workstation)).ok).toBe(true);
  });

  it('finds the open basket again after a restart, with its member', () => {
    const { workstation, clock, dataFolder } = newTill();
    scan(workstation, demoCard(1));
    addProduct(workstation, 'P004', 3);
    const { basket } = workstation.state;
    closeDatabase(workstation.db);
    const again = openTill(dataFolder, clock);
    expect(again.state.basket).toEqual(basket);
    expect(again.state.member?.displayName).toBe('Emma Clarke');
    expect(again.state.pricing.totalMinor).toBe(1140);
  });

  it('voids the last sale once: points go back, and the old rows stay', () => {
    const { workstation } = newTill();
    scan(workstation, demoCard(1));
    addProduct(workstation, 'P009', 2);
    const sold = commitSale(workstation, OFFLINE, request(workstation));
    expect(sold.ok && sold.value.earnedPoints).toBe(23);
    const transactionId = sold.ok ? sold.value.transactionId : '';
    const voided = voidLastSale(workstation, transactionId, { operatorId: 'op-2' });
    expect(voided).toMatchObject({ ok: true, value: { isVoided: true } });
    expect(memberByCard(workstation.db, demoCard(1))?.balancePoints).toBe(136);
    expect(voidLastSale(workstation, transactionId, { operatorId: 'op-2' })).toMatchObject({
      error: { code: 'already-voided' },
    });
    expect(ledgerEntriesOf(workstation.db, 1)).toHaveLength(1);
    expect(ledgerEntriesOf(workstation.db, 2)).toMatchObject([{ kind: 'reversal', refSeq: 1 }]);
  });

  it('sells when the clock was set back a day, flags it, and keeps the business day', () => {
    const { workstation, clock } = newTill();
    addAmount(workstation, 100, '');
    expect(commitSale(workstation, OFFLINE, request(workstation)).ok).toBe(true);
    clock.nowMs = NOON_MS - 86_400_000;
    addAmount(workstation, 100, '');
    expect(commitSale(workstation, OFFLINE, request(workstation)).ok).toBe(true);
    const sale = lastSale(workstation.db);
    expect(sale).toMatchObject({ isClockSuspect: true, businessDay: '2026-11-27' });
  });
});

describe('a scan', () => {
  it('says in words what it could not use, with the number', () => {
    const { workstation } = newTill();
    const key = () => workstation.state.notice?.words;
    scan(workstation, demoCard(77));
    expect(key()).toEqual({ key: 'notice.card-unknown', args: { number: demoCard(77) } });
    scan(workstation, '2990000000018');
    expect(key()?.key).toBe('notice.card-wrong-check-digit');
    scan(workstation, '29900000000');
    expect(key()?.key).toBe('notice.card-wrong-length');
    scan(workstation, '4006381333931');
    expect(key()).toEqual({ key: 'notice.product-unknown', args: { barcode: '4006381333931' } });
    expect(workstation.state.notice?.action).toEqual({
      type: 'sell-as-amount',
      barcode: '4006381333931',
    });
    scan(workstation, demoCard(6));
    expect(key()?.key).toBe('notice.member-blocked');
    scan(workstation, 'Wi-Fi:guest');
    expect(key()?.key).toBe('notice.card-unreadable');
    workstation.state.operator = null;
    scan(workstation, demoCard(1));
    expect(key()?.key).toBe('notice.scan-while-locked');
    expect(workstation.state.basket.lines).toHaveLength(0);
  });

  it('counts a product again and ignores the same card again', () => {
    const { workstation } = newTill();
    scan(workstation, demoCard(1));
    scan(workstation, demoCard(1));
    for (let read = 0; read < 10; read += 1) scan(workstation, '9520000000011');
    expect(workstation.state.basket.lines).toMatchObject([{ sku: 'P001', quantity: 10 }]);
  });

  it('never prices a basket below zero: the line under a reward cannot be removed', () => {
    const { workstation } = newTill();
    scan(workstation, demoCard(2));
    addProduct(workstation, 'P009', 1);
    const reward = {
      rewardId: 'off-5',
      points: 100,
      amountOffMinor: 500,
      secured: 'offline-floor' as const,
      reservationId: 'r-1',
    };
    applyEvent(workstation, { type: 'reward.claimed', reward });
    expect(applyEvent(workstation, { type: 'line.removed', line: 1 })).toMatchObject({
      error: { code: 'rewards-claimed' },
    });
    expect(workstation.state.pricing.totalMinor).toBe(650);
  });
});
