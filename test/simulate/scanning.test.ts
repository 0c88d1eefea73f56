// Goal: what is scanned ends in the basket as often as it was scanned, and no oftener. Method: the
// whole till; a scanner on a pseudo-terminal, opened by serialport in the devices' own host.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPtyScanner, type PtyScanner } from '#drivers/virtual/scanner.ts';
import { assert } from '#loyalty/assert.ts';
import { startTill, type TestTill } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { demoCard, demoProducts } from '#tools/demoShop.ts';

/** How fast a quick hand draws the same thing past a scanner. */
const BETWEEN_READS_MS = 120;

const barcodes = demoProducts.flatMap(({ barcode }) => (barcode === null ? [] : [barcode]));

interface Counter {
  readonly till: TestTill;
  readonly hand: PtyScanner;
}

/** A till whose scanner is ready, or why there is none. */
async function openCounter(): Promise<Counter | string> {
  const opened = await openPtyScanner(temporaryFolder());
  if (!opened.ok) return `no pseudo-terminal: ${opened.error.code}`;
  const hand = opened.value;
  onTestFinished(() => hand.close());
  const dataFolder = temporaryFolder();
  const scanners = [{ type: 'serial' as const, path: hand.path, baudRate: 115_200 }];
  setUpDemo(dataFolder, { scanners }, { nowMs: Date.now() });
  const till = await startTill(dataFolder);
  onTestFinished(till.attachDevices());
  await till.until(({ scanner }) => scanner.state === 'ready');
  return { till, hand };
}

const quantities = async ({ till }: Counter) =>
  (await till.snapshot()).basket.lines.map(({ quantity }) => quantity);

describe('a scanner at the till', () => {
  it('that reads one can ten times, 120 ms apart, sells ten', async (context) => {
    const counter = await openCounter();
    if (typeof counter === 'string') return context.skip(counter);
    const [barcode = ''] = barcodes;
    for (let read = 1; read <= 10; read += 1) {
      await counter.hand.scan(barcode, { aim: ']E0' });
      // On a busy machine the time between two reads counts from when the first was read.
      await counter.till.until(({ basket }) => basket.lines[0]?.quantity === read);
      await pause(BETWEEN_READS_MS);
    }
    expect(await quantities(counter)).toEqual([10]);
  });

  it('that reads many things at once sells each of them', async (context) => {
    const counter = await openCounter();
    if (typeof counter === 'string') return context.skip(counter);
    const wanted = barcodes.slice(0, 8);
    for (const barcode of wanted) await counter.hand.scan(barcode);
    await counter.till.until(({ basket }) => basket.lineCount === wanted.length);
    expect(await quantities(counter)).toEqual(wanted.map(() => 1));
  });

  it('that reads the card of the member who is there again changes nothing', async (context) => {
    const counter = await openCounter();
    if (typeof counter === 'string') return context.skip(counter);
    const { till, hand } = counter;
    await hand.scan(demoCard(2));
    const first = await till.until(({ basket }) => basket.member !== null);
    await pause(BETWEEN_READS_MS);
    await hand.scan(demoCard(2));
    const [barcode = ''] = barcodes;
    // One scan is handled before the next: after the product, the card was read again.
    await hand.scan(barcode);
    const last = await till.until(({ basket }) => basket.lineCount === 1);
    assert(first.basket.member !== null, 'the member is there');
    expect(last.basket.member?.memberId).toBe(first.basket.member.memberId);
    expect(last.basket.transactionId).toBe(first.basket.transactionId);
    expect(last.notice).toBeNull();
  });
});
