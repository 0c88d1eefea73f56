// Goal: kill -9 of core at any moment loses no acknowledged sale, doubles none, and never prints a
// second unmarked receipt.
// Method: core as a process, killed at seeded random moments while sales are made and printed on a
// virtual printer; at the end the store is read back and compared with what was acknowledged.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { booksOf, checkHoldings } from '#db/holdings.ts';
import { memberByCard } from '#db/members.ts';
import { openReadOnly } from '#db/open.ts';
import { recentSales } from '#db/sales.ts';
import { startVirtualPrinter, type VirtualPrinter } from '#drivers/virtual/printer.ts';
import { assert } from '#loyalty/assert.ts';
import { heldOf, memberOwner } from '#loyalty/books/books.ts';
import { type CoreProcess, startCoreProcess } from '#test/support/coreProcess.ts';
import { crashCounts, seededRandom } from '#test/support/runs.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { ChannelClosed } from '#till/channel.ts';
import type { CommittedSale } from '#till/contract.ts';
import { DATABASE_FILE } from '#till/setUp.ts';
import { demoCard } from '#tools/demoShop.ts';

const CARD = demoCard(1);
const START_POINTS = 136;

/** One member sale through the contract; null when core died on the way. */
async function sell(core: CoreProcess): Promise<CommittedSale | null> {
  const { channel } = core;
  await channel.call('scan.submit', { scanData: CARD });
  const before = await core.snapshot();
  // A basket that survived the last crash is sold as it is.
  if (before.basket.lineCount === 0) {
    await channel.call('basket.addProduct', { sku: 'P009', quantity: 1 });
    await channel.call('basket.addProduct', { sku: 'P003', quantity: 2 });
  }
  const { basket } = await core.snapshot();
  const { totalMinor, earnedPoints, redeemedPoints, transactionId } = basket;
  const result = await channel.call('sale.commit', {
    transactionId,
    tenders: [{ tenderType: 'cash', amountMinor: totalMinor }],
    expected: { totalMinor, earnedPoints, redeemedPoints },
  });
  assert(result.ok, result.ok ? '' : JSON.stringify(result.error));
  return result.value;
}

/** Core as it comes up again, with the cashier back at it. */
async function restart(dataFolder: string): Promise<CoreProcess> {
  const core = await startCoreProcess(dataFolder);
  const signedIn = await core.channel.call('session.signIn', { pin: '1111' });
  assert(signedIn.ok, 'the cashier signs in');
  return core;
}

/** Answers what core may not guess, as a cashier would who looks at the paper. */
async function answerQuestion(core: CoreProcess, printer: VirtualPrinter): Promise<void> {
  const { printer: view } = await core.snapshot();
  if (view.question === null) return;
  const { jobId, receiptNumber } = view.question;
  const cameOut = printer.papers().some((paper) => paper.includes(receiptNumber));
  await core.channel.call('print.answer', { jobId, cameOut });
}

describe('kill -9 of core', () => {
  const { kills, sales } = crashCounts();
  it(`loses and doubles nothing: ${kills} kills over ${sales} sales`, async () => {
    const random = seededRandom('crash');
    const dataFolder = temporaryFolder();
    const printer = await startVirtualPrinter({ linesPerSecond: 4000 });
    setUpDemo(dataFolder, { printer: { address: printer.address, profileId: 'epson-80' } });
    const acknowledged: CommittedSale[] = [];
    let core = await restart(dataFolder);
    let killed = 0;
    try {
      while (acknowledged.length < sales) {
        const salesLeft = sales - acknowledged.length;
        const isToBeKilled = random() * salesLeft < kills - killed;
        const delayMs = random() * 40;
        const timer = isToBeKilled ? setTimeout(() => void core.kill(), delayMs) : null;
        try {
          await answerQuestion(core, printer);
          const sale = await sell(core);
          if (sale !== null) acknowledged.push(sale);
        } catch (error) {
          if (!(error instanceof ChannelClosed)) throw error;
        }
        if (timer !== null) {
          // The sale may have been quicker than the kill: then core dies idle or printing.
          await core.kill();
          clearTimeout(timer);
          killed += 1;
          core = await restart(dataFolder);
        }
      }
      await core.until(
        (snapshot) => snapshot.printer.waitingCount === 0 && snapshot.printer.state === 'ready',
      );
    } finally {
      await core.kill();
    }
    verify(dataFolder, acknowledged, printer);
    expect(killed).toBe(kills);
    await printer.close();
  }, 3_600_000);
});

function verify(
  dataFolder: string,
  acknowledged: readonly CommittedSale[],
  printer: VirtualPrinter,
): void {
  const opened = openReadOnly(path.join(dataFolder, DATABASE_FILE));
  assert(opened.ok, 'the store opens after the last kill');
  const stored = recentSales(opened.value, 100_000);
  const byId = new Map(stored.map((sale) => [sale.transactionId, sale]));
  expect(byId.size).toBe(stored.length);
  for (const sale of acknowledged) {
    expect(byId.get(sale.transactionId)?.receiptNumber).toBe(sale.receiptNumber);
  }
  const earned = stored.reduce((sum, sale) => sum + sale.earnedPoints, 0);
  expect(memberByCard(opened.value, CARD)?.balancePoints).toBe(START_POINTS + earned);
  const owner = memberOwner(memberByCard(opened.value, CARD)?.memberId ?? '');
  expect(heldOf(booksOf(opened.value, [owner]), owner, 'points')).toBe(earned);
  expect(checkHoldings(opened.value, 100_000)).toEqual([]);
  const unmarked = printer.papers().filter((paper) => !paper.includes('COPY'));
  for (const sale of stored) {
    const papers = unmarked.filter((paper) => paper.includes(sale.receiptNumber));
    expect(papers.length, `unmarked papers of ${sale.receiptNumber}`).toBeLessThanOrEqual(1);
  }
}
