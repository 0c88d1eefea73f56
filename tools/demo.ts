// Owns `npm run demo`: three sales on real parts, one of them while head office is down.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DEMO_PINS } from '#till/pins.ts';
import { tillIdOf } from '#till/shop.ts';
import { demoMembers, demoProducts, demoShop } from '#tools/demoShop.ts';
import {
  type DemoSurroundings,
  startDemoSurroundings,
  startHeadOfficeChild,
} from '#tools/demoSurroundings.ts';
import { type DemoTill, openDemoTill } from '#tools/demoTill.ts';
import { createFamily, type Family } from '#tools/family.ts';
import { say as word } from '#words/say.ts';

const PAPER_MS_MAX = 8_000;
const [EARNER, REDEEMER] = demoMembers;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const step = (text: string): void => say(`\n== ${text}`);

interface Stage {
  readonly till: DemoTill;
  readonly around: DemoSurroundings;
  readonly scan: (text: string) => Promise<void>;
}

function member(which: (typeof demoMembers)[number] | undefined): (typeof demoMembers)[number] {
  if (which === undefined) throw new Error('the demo has two members');
  return which;
}

/** Scans products, one after the other: each must be in the basket before the next. */
async function scanProducts({ till, scan }: Stage, numbers: readonly number[]): Promise<void> {
  for (const [index, number] of numbers.entries()) {
    const product = demoProducts[number - 1];
    await scan(product?.barcode ?? '');
    await till.until(
      `${product?.name} in the basket`,
      ({ basket }) => basket.lineCount === index + 1,
    );
    say(`scanned ${product?.barcode} ${product?.name}`);
  }
}

async function scanMember({ till, scan }: Stage, card: string): Promise<void> {
  await scan(card);
  const { basket } = await till.until('the member', (one) => one.basket.member !== null);
  const found = basket.member;
  say(`scanned ${card}: ${found?.displayName}, ${found?.balancePoints} points, ${found?.tierName}`);
}

/** Waits until the printer has cut a sheet with this receipt, and shows it. */
async function showPaper({ around }: Stage, receiptNumber: string): Promise<void> {
  const sheet = (): string | undefined =>
    around.printer.papers().find((paper) => paper.includes(receiptNumber));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`receipt ${receiptNumber} did not come out`)),
      PAPER_MS_MAX,
    );
    const look = (): void => {
      if (sheet() === undefined) return;
      clearTimeout(timer);
      resolve();
    };
    around.printer.onEvent(look);
    look();
  });
  say(sheet() ?? '');
}

async function payCash(stage: Stage): Promise<void> {
  const { basket } = await stage.till.must('session.get', {});
  const { transactionId, totalMinor, earnedPoints, redeemedPoints } = basket;
  const sale = await stage.till.must('sale.commit', {
    transactionId,
    tenders: [{ tenderType: 'cash', amountMinor: totalMinor }],
    expected: { totalMinor, earnedPoints, redeemedPoints },
  });
  say(
    `committed ${sale.receiptNumber}: total ${sale.totalMinor} minor units, ` +
      `earned ${sale.earnedPoints}, redeemed ${sale.redeemedPoints}`,
  );
  await showPaper(stage, sale.receiptNumber);
  await stage.till.must('sale.next', {});
}

async function sellToGuest(stage: Stage): Promise<void> {
  step('Sale 1: a guest');
  await scanProducts(stage, [1, 5, 10]);
  await payCash(stage);
}

async function sellWhileOffline(stage: Stage): Promise<void> {
  step('Head office is stopped');
  const { process: office } = stage.around.headOffice;
  const gone = once(office, 'exit');
  office.kill('SIGTERM');
  await gone;

  step('Sale 2: a member earns while head office is down');
  await scanMember(stage, member(EARNER).cardNumber);
  await scanProducts(stage, [2, 9]);
  await payCash(stage);

  step('A redemption above the offline limit is refused');
  await scanMember(stage, member(REDEEMER).cardNumber);
  await scanProducts(stage, [2, 8, 9]);
  const refused = await stage.till.call('reward.claim', { rewardId: 'off-15' });
  if (refused.ok) throw new Error('250 points were redeemed offline above the limit of 200');
  say(`refused: ${word('en', `error.${refused.error.code}`, refused.error.args ?? {})}`);
  await stage.till.must('basket.cancel', {});
}

async function sellOnline(stage: Stage, family: Family, folder: string): Promise<void> {
  step('Head office is back');
  const { url } = stage.around.headOffice;
  const office = path.join(folder, 'head-office');
  await startHeadOfficeChild(family, office, Number(new URL(url).port));
  await stage.till.must('sync.start', {});
  await stage.till.until('the waiting sales to be sent', (one) => one.sync.waitingCount === 0);
  say('nothing waits any more');

  step('Sale 3: a member redeems 100 points, which head office sets aside');
  await scanMember(stage, member(REDEEMER).cardNumber);
  await scanProducts(stage, [2, 8, 9]);
  await stage.till.must('reward.claim', { rewardId: 'off-5' });
  await payCash(stage);
  await stage.till.must('sync.start', {});
  await stage.till.until('the last sale to be sent', (one) => one.sync.waitingCount === 0);
}

async function askHeadOffice(around: DemoSurroundings, route: string): Promise<unknown> {
  const response = await fetch(`${around.headOffice.url}${route}`, {
    headers: { authorization: `Bearer ${around.headOffice.adminToken}` },
  });
  if (!response.ok) throw new Error(`head office answered ${response.status} to ${route}`);
  return await response.json();
}

async function compareBalances(stage: Stage): Promise<void> {
  step('Balances on both sides');
  for (const { memberId, cardNumber, displayName } of [member(EARNER), member(REDEEMER)]) {
    await stage.scan(cardNumber);
    const { basket } = await stage.till.until(
      displayName,
      (one) => one.basket.member?.memberId === memberId,
    );
    const here = basket.member?.balancePoints;
    const books = (await askHeadOffice(stage.around, `/v1/members/${memberId}`)) as {
      readonly avail: number;
    };
    say(`${displayName}: till ${here}, head office ${books.avail}`);
    if (here !== books.avail) throw new Error(`the balances of ${displayName} do not agree`);
    await stage.till.must('basket.cancel', {});
  }
  const totals = (await askHeadOffice(stage.around, '/v1/totals')) as {
    readonly saleCount: number;
    readonly duplicateCount: number;
    readonly parkedCount: number;
    readonly problems: readonly string[];
  };
  const { saleCount, duplicateCount, parkedCount, problems } = totals;
  say(`head office has ${saleCount} sales, ${duplicateCount} doubled, ${parkedCount} parked`);
  const isRight = saleCount === 3 && duplicateCount === 0 && parkedCount === 0;
  if (!isRight || problems.length > 0) {
    throw new Error(`the books of ${tillIdOf(demoShop)} are wrong: ${problems.join('; ')}`);
  }
  say('they agree');
}

async function play(family: Family, folder: string): Promise<void> {
  step('Head office, printer and scanner start; the till opens');
  const around = await startDemoSurroundings(family, folder);
  const { scanner, printer, shopFolder } = around;
  if (scanner === null) throw new Error('socat is missing: install it for the virtual scanner');
  say(`head office ${around.headOffice.url}, printer ${printer.address}, scanner ${scanner.path}`);
  const till = await openDemoTill(family, {
    shopFolder,
    scannerPath: scanner.path,
    printerAddress: printer.address,
  });
  family.onEnd(() => till.close());
  const stage: Stage = { till, around, scan: (text) => scanner.scan(text) };
  await till.until('the scanner', (one) => one.scanner.state === 'ready');
  await till.must('session.signIn', { pin: DEMO_PINS.cashier });
  await till.until('head office', (one) => one.sync.isOnline);
  await sellToGuest(stage);
  await sellWhileOffline(stage);
  await sellOnline(stage, family, folder);
  await compareBalances(stage);
}

export async function main(): Promise<number> {
  const startedMs = performance.now();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'puan-demo-'));
  const family = createFamily();
  try {
    await play(family, folder);
    say(`\ndemo: all is well, in ${((performance.now() - startedMs) / 1000).toPrecision(2)} s`);
    return 0;
  } catch (error) {
    say(`\ndemo: failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await family.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
