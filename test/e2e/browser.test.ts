// Goal: the same till in a browser sells as the window does.
// Method: core under plain Node with its devices as a child, Chromium as the page over loopback; a
// pseudo-terminal as the scanner, paper from the virtual printer, the sale at head office.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { newShopFloor, payInCash, signIn, typeAmount } from '#test/support/shopFloor.ts';
import { DATA_FOLDER_VARIABLE } from '#till/environment.ts';
import { startBrowserTill } from '#tools/browserTill.ts';
import { ensureBuilt } from '#tools/build.ts';
import { demoCard } from '#tools/demoShop.ts';
import { createFamily } from '#tools/family.ts';

const CHROMIUM = '/usr/bin/chromium';

async function openPage(context: TestContext, folder: string) {
  if (!existsSync(CHROMIUM)) return context.skip(`${CHROMIUM} is missing`);
  await ensureBuilt();
  const family = createFamily();
  onTestFinished(() => family.end());
  const env = { ...process.env, [DATA_FOLDER_VARIABLE]: folder };
  const address = await startBrowserTill(family, env);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(address);
  return { page, complaints };
}

describe('the till in a browser', () => {
  it('sells to a scanned member, on paper and at head office', async (context) => {
    const shop = await newShopFloor(context);
    const { page, complaints } = await openPage(context, shop.folder);
    await signIn(page);
    await shop.scanner.scan(demoCard(1), { suffix: 'crlf', aim: ']E0' });
    await expect.poll(() => page.getByTestId('member').textContent()).toContain('Emma Clarke');
    await shop.scanner.scan('9520000000097');
    await typeAmount(page, '1250');
    await expect.poll(() => page.getByTestId('total').textContent()).toContain('24.00');
    await payInCash(page);
    await expect.poll(() => shop.printer.papers().length).toBe(1);
    expect(shop.printer.papers()[0]).toContain('00100200000001');
    await expect
      .poll(async () => (await shop.headOffice.office().store.readTotals()).saleCount, {
        timeout: 15_000,
      })
      .toBe(1);
    expect(complaints).toEqual([]);
  });
});
