// Goal: the cashier is told of a paper that cannot be printed at all, and of an answer that cannot
// be written down; both in the till as it runs, and nothing waits behind them.
// Method: core on a real folder with a page; the test plays the devices, and holds the store with
// a second connection.
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PrintProgress } from '#drivers/printer/printer.ts';
import { startTill, type TestTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { DATABASE_FILE } from '#till/setUp.ts';

const error = { code: 'failure', detail: 'cannot be laid out' } as const;
const DOUBT: PrintProgress = { state: 'unknown', error, reach: 'part-sent' };
const CONFIRMED: PrintProgress = { state: 'confirmed', ackLevel: 'processId' };

/** What the played devices do with an output; null: they wait for the permission to send. */
type Play = (outputId: number) => PrintProgress | null;

async function newPlayedTill(play: Play, afterPermission: PrintProgress) {
  const dataFolder = temporaryFolder();
  const printer = { address: 'tcp://127.0.0.1:9', profileId: 'epson-80' } as const;
  setUpDemo(dataFolder, { printer }, { nowMs: Date.now() });
  const till = await startTill(dataFolder);
  const devices = till.joinAsDevices();
  const printed: number[] = [];
  devices.onMessage((message) => {
    if (message.type !== 'print' && message.type !== 'print.send') return;
    const { outputId } = message;
    if (message.type === 'print') printed.push(outputId);
    const progress = message.type === 'print' ? play(outputId) : afterPermission;
    if (progress === null) devices.post({ type: 'print.ready', outputId });
    else devices.post({ type: 'print.progress', outputId, progress });
  });
  devices.post({ type: 'ready' });
  return { till, dataFolder, printed };
}

async function sell(till: TestTill): Promise<string> {
  await till.channel.call('basket.addAmount', { amountMinor: 250, name: 'Alpha' });
  await till.pay('card');
  return (await till.snapshot()).lastSale?.receiptNumber ?? '';
}

describe('a receipt that the printer cannot print at all', () => {
  it('is told with its number, nothing is asked, and the next one prints', async () => {
    const play: Play = (outputId) => (outputId === 1 ? DOUBT : null);
    const { till, printed } = await newPlayedTill(play, CONFIRMED);
    const receiptNumber = await sell(till);
    const told = await till.until(({ notice }) => notice !== null);
    expect(told.notice?.words).toEqual({
      key: 'notice.receipt-unprintable',
      args: { receiptNumber },
    });
    expect(told.printer).toMatchObject({ waitingCount: 0, question: null });
    await sell(till);
    await till.until(({ printer }) => printer.waitingCount === 0);
    expect(printed).toEqual([1, 2]);
  });

  it('a report has no number to tell', async () => {
    const { till } = await newPlayedTill(() => DOUBT, CONFIRMED);
    expect(await till.channel.call('report.printX', {})).toMatchObject({ ok: true });
    const told = await till.until(({ notice }) => notice !== null);
    expect(told.notice?.words.key).toBe('notice.report-unprintable');
  });
});

describe('a store that is held while the cashier answers', () => {
  it('is refused in words, and the question stays', async () => {
    const { till, dataFolder } = await newPlayedTill(() => null, DOUBT);
    await sell(till);
    const { printer } = await till.until((snapshot) => snapshot.printer.question !== null);
    const other = new BetterSqlite(path.join(dataFolder, DATABASE_FILE));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const jobId = printer.question?.jobId ?? 0;
    const refusal = { code: 'store-unavailable', args: { fault: 'busy' } };
    expect(await till.channel.call('print.answer', { jobId, cameOut: false })).toMatchObject({
      error: refusal,
    });
    const after = await till.snapshot();
    expect(after.printer.question).toEqual(printer.question);
    expect(after.notice?.words).toEqual({
      key: 'error.store-unavailable',
      args: { fault: 'busy' },
    });
    const { transactionId } = after.lastSale ?? { transactionId: '' };
    expect(await till.channel.call('receipt.reprint', { transactionId })).toMatchObject({
      error: refusal,
    });
    other.exec('ROLLBACK');
    expect(await till.channel.call('print.answer', { jobId, cameOut: false })).toMatchObject({
      ok: true,
    });
  });
});
