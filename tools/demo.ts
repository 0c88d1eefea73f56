// Owns `npm run demo`: three sales on real parts without a window, and the proof that books agree.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { assert } from '#loyalty/assert.ts';
import type { SessionSnapshot } from '#till/contract.ts';
import { DATA_FOLDER_VARIABLE } from '#till/environment.ts';
import { DEMO_PINS } from '#till/pins.ts';
import { startBrowserTill } from '#tools/browserTill.ts';
import { demoMembers, demoProducts } from '#tools/demoShop.ts';
import {
  type DemoSurroundings,
  startDemoSurroundings,
  startHeadOfficeChild,
} from '#tools/demoSurroundings.ts';
import { createFamily, type Family } from '#tools/family.ts';
import { openTillClient, type TillClient } from '#tools/tillClient.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function step(text: string): void {
  say(`\n— ${text}`);
}

interface Stage {
  readonly family: Family;
  readonly around: DemoSurroundings;
  readonly officeFolder: string;
  readonly till: TillClient;
}

/** One read of the real serial line; resolves when the till has handled it. */
async function scan(
  { around, till }: Stage,
  text: string,
  isHandled: (snapshot: SessionSnapshot) => boolean,
): Promise<void> {
  const { scanner } = around;
  assert(scanner !== null, 'the demo has a scanner');
  await scanner.scan(text);
  await till.until(`scan of ${text}`, isHandled);
}

async function scanMember(stage: Stage, index: number): Promise<void> {
  const member = demoMembers[index];
  assert(member !== undefined, 'the demo has this member');
  await scan(stage, member.cardNumber, ({ basket }) => basket.member?.memberId === member.memberId);
  const { basket } = await stage.till.snapshot();
  say(
    `scanned ${member.cardNumber}: ${member.displayName}, ${basket.member?.balancePoints} points`,
  );
}

async function scanProduct(stage: Stage, index: number): Promise<void> {
  const product = demoProducts[index];
  assert(product?.barcode != null, 'the demo has this product');
  const before = await stage.till.snapshot();
  await scan(stage, product.barcode, ({ revision, basket }) => {
    return revision > before.revision && basket.totalMinor > before.basket.totalMinor;
  });
  say(`scanned ${product.barcode}: ${product.name}`);
}

/** Pays in cash, waits for the paper, and prints it. */
async function pay({ till, around }: Stage): Promise<void> {
  const { basket } = await till.snapshot();
  const { transactionId, totalMinor, earnedPoints, redeemedPoints } = basket;
  const paid = await till.channel.call('sale.commit', {
    transactionId,
    tenders: [{ tenderType: 'cash', amountMinor: totalMinor }],
    expected: { totalMinor, earnedPoints, redeemedPoints },
  });
  assert(paid.ok, paid.ok ? '' : `the sale was refused: ${JSON.stringify(paid.error)}`);
  const { receiptNumber } = paid.value;
  say(`sale ${receiptNumber} is on disk; its receipt:\n`);
  await till.until('the receipt', ({ printer }) => {
    return printer.waitingCount === 0 && printer.state === 'ready';
  });
  const paper = around.printer.papers().find((text) => text.includes(receiptNumber));
  assert(paper !== undefined, `receipt ${receiptNumber} came out`);
  say(paper);
}

async function claim({ till }: Stage, rewardId: string): Promise<string | null> {
  const claimed = await till.channel.call('reward.claim', { rewardId });
  return claimed.ok ? null : claimed.error.code;
}

/** Three sales; head office is away during the second, and its redemption above the floor. */
async function sellThree(stage: Stage): Promise<void> {
  const { till, around, family, officeFolder } = stage;
  step('a guest buys a coffee');
  await scanProduct(stage, 2);
  await pay(stage);

  step('head office is stopped; a member buys, and earns offline');
  const { process: office, url } = around.headOffice;
  office.kill();
  await once(office, 'exit');
  await scanMember(stage, 1);
  for (const index of [8, 0, 8]) await scanProduct(stage, index);
  const refusal = await claim(stage, 'off-15');
  assert(refusal === 'redemption-cap-offline', `expected a refusal, got ${refusal}`);
  say('250 points for 15.00 off: REFUSED, head office does not answer and the floor is 200 points');
  await pay(stage);
  const { sync } = await till.snapshot();
  say(`offline: ${sync.waitingCount} journal entries wait here`);

  step('head office is back; another member spends points, reserved there');
  await startHeadOfficeChild(family, officeFolder, Number(new URL(url).port));
  await till.channel.call('sync.start', {});
  await till.until('head office', (now) => now.sync.isOnline && now.sync.waitingCount === 0);
  say('everything that waited is at head office');
  await scanMember(stage, 0);
  for (const index of [8, 3]) await scanProduct(stage, index);
  const problem = await claim(stage, 'off-5');
  assert(problem === null, `the reward was refused: ${problem}`);
  say('100 points for 5.00 off: reserved at head office');
  await pay(stage);
}

/** Asks both sides for each member's points; throws where they differ. */
async function compareBooks(stage: Stage): Promise<void> {
  step('balances on both sides');
  const { till, officeFolder } = stage;
  await till.until('the last sale', (now) => now.sync.isOnline && now.sync.waitingCount === 0);
  // Read from head office's own books, beside the process that serves them.
  const { readBooks } = await import('#tools/demoHeadOffice.ts');
  const { problems, members } = readBooks(officeFolder);
  assert(problems.length === 0, `head office's books are wrong: ${problems.join('; ')}`);
  for (const { memberId, cardNumber, displayName } of demoMembers.slice(0, 2)) {
    await till.channel.call('member.remove', {});
    await till.channel.call('member.identify', { cardNumber });
    const { basket } = await till.snapshot();
    const here = basket.member?.balancePoints;
    const there = members.get(memberId);
    say(`${displayName.padEnd(14)} till ${here}, head office ${there}`);
    assert(here === there, `the balances of ${displayName} differ`);
  }
}

async function run(family: Family, folder: string): Promise<void> {
  const around = await startDemoSurroundings(family, folder);
  assert(around.scanner !== null, 'socat is missing: install it for the virtual serial scanner');
  const address = await startBrowserTill(family, {
    ...process.env,
    [DATA_FOLDER_VARIABLE]: around.shopFolder,
    TILL_SCANNER: around.scanner.path,
    TILL_PRINTER: around.printer.address,
  });
  const till = await openTillClient(address);
  const stage = { family, around, till, officeFolder: path.join(folder, 'head-office') };
  const signedIn = await till.channel.call('session.signIn', { pin: DEMO_PINS.cashier });
  assert(signedIn.ok, 'the demo cashier signs in');
  await till.until('scanner, printer and head office', ({ scanner, printer, sync }) => {
    return scanner.state === 'ready' && printer.state === 'ready' && sync.isOnline;
  });
  say(
    `till, head office, serial scanner ${around.scanner.path}, printer ${around.printer.address}`,
  );
  await sellThree(stage);
  await compareBooks(stage);
  till.channel.close();
}

/** Exit 0 when everything agreed, 1 with the reason when not. */
export async function main(): Promise<number> {
  const startedMs = performance.now();
  const family = createFamily();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'puan-demo-'));
  try {
    await run(family, folder);
    say(`\nBoth sides agree. ${Math.round(performance.now() - startedMs)} ms`);
    return 0;
  } catch (error) {
    say(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await family.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
