// Owns bench (a): a 12-line member sale through `commitSale` against a bare append and fdatasync.
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setUpBenchTill } from '#bench/demoTill.ts';
import { connectionOf } from '#db/handle.ts';
import { closeDatabase } from '#db/open.ts';
import { recentSales } from '#db/sales.ts';
import { assert } from '#loyalty/assert.ts';
import { applyEvent } from '#till/basketFlow.ts';
import { commitSale } from '#till/commit.ts';
import { pooledRandomBytes } from '#till/environment.ts';
import { openWorkstation } from '#till/openWorkstation.ts';
import { handleScan } from '#till/scanRouting.ts';
import { checkPin } from '#till/signIn.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoCard, demoProducts } from '#tools/demoShop.ts';

const STORED_SALES = 100_000;
const ROUNDS = 5;
const SALES_A_ROUND = 2_000;
const APPEND_BYTES = 4096;
const LINES = 12;
/** The bar of the issue: sales a second over appends a second. */
const BAR = 0.9;

function openTill(dataFolder: string): Workstation {
  setUpBenchTill(dataFolder);
  const nowMs = () => Date.now();
  const opened = openWorkstation({
    dataFolder,
    nowMs,
    randomBytes: pooledRandomBytes,
    onChange: () => {},
  });
  assert(opened.ok, 'the demo till opens');
  const cashier = checkPin(opened.value, '1111');
  assert(cashier.ok, 'the demo cashier signs in');
  opened.value.state.operator = cashier.value;
  return opened.value;
}

/** Twelve lines of different products for one member; the basket is not part of what is timed. */
function fillBasket(workstation: Workstation): void {
  handleScan(workstation, { label: demoCard(2), aim: null });
  for (const product of demoProducts.slice(0, LINES)) {
    applyEvent(workstation, { type: 'product.added', product, quantity: 1 });
  }
}

function commit(workstation: Workstation): void {
  const { basket, pricing } = workstation.state;
  const { totalMinor, earnedPoints, redeemedPoints } = pricing;
  const result = commitSale(
    workstation,
    { isOnline: true },
    {
      transactionId: basket.transactionId,
      tenders: [{ tenderType: 'cash', amountMinor: totalMinor }],
      expected: { totalMinor, earnedPoints, redeemedPoints },
    },
  );
  assert(result.ok, 'the sale is committed');
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Seconds that only the commits took, draft writes between them left out. */
function timeSales(workstation: Workstation, sales: number): number {
  let elapsedMs = 0;
  for (let sale = 0; sale < sales; sale += 1) {
    fillBasket(workstation);
    const startedMs = performance.now();
    commit(workstation);
    elapsedMs += performance.now() - startedMs;
  }
  return elapsedMs / 1000;
}

function timeAppends(file: number, appends: number): number {
  const block = randomBytes(APPEND_BYTES);
  const startedMs = performance.now();
  for (let append = 0; append < appends; append += 1) {
    writeSync(file, block);
    fdatasyncSync(file);
  }
  return (performance.now() - startedMs) / 1000;
}

/** One line: the median of the per-round ratios, its figures, and whether the bar was met. */
export async function benchCommit(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'puan-bench-'));
  const workstation = openTill(folder);
  const file = openSync(path.join(folder, 'append.bin'), 'a');
  process.stderr.write(`bench (a): storing ${STORED_SALES} sales first\n`);
  // Without a sync for each, or the preparation alone would take minutes on a slow disk.
  const { db } = workstation;
  connectionOf(db).pragma('synchronous = OFF');
  timeSales(workstation, STORED_SALES);
  connectionOf(db).pragma('synchronous = FULL');
  timeSales(workstation, 200);
  timeAppends(file, 200);
  const ratios: number[] = [];
  const perSale: number[] = [];
  const perAppend: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const salesS = timeSales(workstation, SALES_A_ROUND);
    const appendsS = timeAppends(file, SALES_A_ROUND);
    ratios.push(appendsS / salesS);
    perSale.push((salesS / SALES_A_ROUND) * 1000);
    perAppend.push((appendsS / SALES_A_ROUND) * 1000);
  }
  const stored = recentSales(db, 1)[0]?.seq ?? 0;
  closeDatabase(db);
  closeSync(file);
  rmSync(folder, { recursive: true, force: true });
  const ratio = median(ratios);
  const verdict = ratio >= BAR ? 'met' : 'MISSED';
  return (
    `(a) commitSale, ${LINES} lines, ${stored} sales stored: ratio ${ratio.toFixed(2)} of ` +
    `4 KiB append+fdatasync (bar >= ${BAR}: ${verdict}); ` +
    `${median(perSale).toFixed(3)} ms a sale, ${median(perAppend).toFixed(3)} ms an append`
  );
}

if (import.meta.main) console.log(await benchCommit());
