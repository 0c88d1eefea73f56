// Goal: X reads the day, Z closes it once for ever, and what is sold afterwards is the next day’s.
// Method: a real till on a real file with sales of known amounts; the clock is the test's.
import { describe, expect, it } from 'vitest';
import { lastZReport } from '#db/reports.ts';
import { lastSale } from '#db/sales.ts';
import { openPrintJobs } from '#test/support/openPrintJobs.ts';
import { newTill } from '#test/support/till.ts';
import { addProduct } from '#till/basketFlow.ts';
import { commitSale } from '#till/commit.ts';
import { closeDay, currentBusinessDay, dayReport, printX } from '#till/reports.ts';
import { handleScan } from '#till/scanRouting.ts';
import { voidLastSale } from '#till/voidSale.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoCard } from '#tools/demoShop.ts';

const DAY = '2026-11-27';

function sell(workstation: Workstation, sku: string, tenderType: 'cash' | 'card'): string {
  addProduct(workstation, sku, 1);
  const { basket, pricing } = workstation.state;
  const { totalMinor, earnedPoints, redeemedPoints } = pricing;
  const sold = commitSale(
    workstation,
    { isOnline: true },
    {
      transactionId: basket.transactionId,
      tenders: [{ tenderType, amountMinor: totalMinor }],
      expected: { totalMinor, earnedPoints, redeemedPoints },
    },
  );
  expect(sold.ok).toBe(true);
  return basket.transactionId;
}

describe('the day', () => {
  it('adds up sales, tax by rate, tenders and points, less what was voided', () => {
    const { workstation } = newTill();
    handleScan(workstation, { label: demoCard(1), aim: null });
    sell(workstation, 'P009', 'cash');
    sell(workstation, 'P003', 'card');
    const voided = sell(workstation, 'P010', 'cash');
    voidLastSale(workstation, voided, { operatorId: 'op-2' });
    const report = dayReport(workstation, DAY);
    expect(report).toMatchObject({
      saleCount: 3,
      voidCount: 1,
      memberSaleCount: 1,
      totalMinor: 1150 + 250,
      pointsIssued: 11,
      zNumber: null,
      waitingToSyncCount: 4,
    });
    expect(report.tenders).toEqual([
      { tenderType: 'card', count: 1, amountMinor: 250 },
      { tenderType: 'cash', count: 1, amountMinor: 1150 },
    ]);
    const tax = Object.fromEntries(
      report.taxes.map((row) => [row.taxRateBasisPoints, [row.grossMinor, row.taxMinor]]),
    );
    // 1150 − 1150/1.07 and 250 − 250/1.19, each half-up.
    expect(tax).toEqual({ 700: [1150, 75], 1900: [250, 40] });
  });

  it('is printed by X without a trace, and closed by Z once, numbered and chained', () => {
    const { workstation } = newTill();
    sell(workstation, 'P009', 'cash');
    expect(printX(workstation)).toMatchObject({ ok: true, value: { zNumber: null } });
    expect(lastZReport(workstation.db)).toBeNull();
    const closed = closeDay(workstation, DAY);
    expect(closed).toMatchObject({ ok: true, value: { zNumber: 1, totalMinor: 1150 } });
    expect(closeDay(workstation, DAY)).toMatchObject({ error: { code: 'day-already-closed' } });
    const reports = openPrintJobs(workstation.db).filter((job) => job.kind === 'report');
    expect(reports).toHaveLength(2);
    // The same evening: the books of the closed day stay as they are.
    expect(currentBusinessDay(workstation)).toBe('2026-11-28');
    sell(workstation, 'P003', 'cash');
    expect(lastSale(workstation.db)?.businessDay).toBe('2026-11-28');
    expect(dayReport(workstation, DAY).totalMinor).toBe(1150);
    expect(closeDay(workstation, '2026-11-28')).toMatchObject({
      ok: true,
      value: { zNumber: 2, totalMinor: 250, perpetualTotalMinor: 1400 },
    });
  });
});
