// Goal: the real app sells: a serial scan, the keyboard alone, paper, head office; and it survives
// the death of its children with its sale.
// Method: Electron under a screen, a pseudo-terminal as the scanner, the virtual printer on TCP, a
// head office on loopback. What came out is read back from the paper and from head office's books.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  newShopFloor,
  payInCash,
  scannerIsReady,
  signIn,
  typeAmount,
} from '#test/support/shopFloor.ts';
import { setUpDemo } from '#test/support/till.ts';
import { electronOrSkip, openTillWindow, openUnprivilegedWindow } from '#test/support/window.ts';
import { demoCard } from '#tools/demoShop.ts';

/** Once core is gone and back: by this machine's clock, in milliseconds. Looks at every change. */
function backAtMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const has = (testId: string) => document.querySelector(`[data-testid=${testId}]`) !== null;
        let isDown = false;
        const observer = new MutationObserver(() => {
          isDown ||= has('core-down');
          if (!isDown || !has('lock-screen')) return;
          observer.disconnect();
          resolve(Date.now());
        });
        observer.observe(document.body, { childList: true, subtree: true });
      }),
  );
}

describe('the app in its window', () => {
  it('sells with the keyboard alone, on paper and at head office', async (context) => {
    const executable = electronOrSkip(context);
    const shop = await newShopFloor(context);
    const { page } = await openTillWindow(executable, shop.folder);
    await signIn(page);
    await shop.scanner.scan(demoCard(1), { suffix: 'cr', aim: ']E0' });
    await expect.poll(() => page.getByTestId('member').textContent()).toContain('Emma Clarke');
    await shop.scanner.scan('9520000000097');
    await typeAmount(page, '1250');
    await expect.poll(() => page.getByTestId('total').textContent()).toContain('24.00');
    await payInCash(page);
    await expect.poll(() => shop.printer.papers().length).toBe(1);
    const [paper] = shop.printer.papers();
    expect(paper).toContain('00100200000001');
    expect(paper).toContain('24.00');
    expect(paper).not.toContain(demoCard(1));
    await expect
      .poll(async () => (await shop.headOffice.office().store.readTotals()).saleCount, {
        timeout: 15_000,
      })
      .toBe(1);
    const books = await shop.headOffice.office().store.readMember('demo-member-1');
    expect(books?.avail).toBe(136 + 24);
  });

  it('has the sale back within 2 s when core is killed, and says so meanwhile', async (context) => {
    const executable = electronOrSkip(context);
    const shop = await newShopFloor(context);
    const { page, pidOf } = await openTillWindow(executable, shop.folder);
    await signIn(page);
    await shop.scanner.scan('9520000000097');
    await expect.poll(() => page.getByTestId('total').textContent()).toContain('11.50');
    const pid = await pidOf('core');
    const back = backAtMs(page);
    // Whatever comes after this finds the page watching.
    await page.evaluate(() => undefined);
    const killedAtMs = Date.now();
    process.kill(pid, 'SIGKILL');
    const backMs = (await back) - killedAtMs;
    await signIn(page);
    await expect.poll(() => page.getByTestId('total').textContent()).toContain('11.50');
    console.log(`core killed: the till was back after ${backMs} ms`);
    expect(backMs).toBeLessThan(2_000);
  });

  it('completes a sale while the devices are dead, and prints later', async (context) => {
    const executable = electronOrSkip(context);
    const shop = await newShopFloor(context);
    const { page, pidOf } = await openTillWindow(executable, shop.folder);
    await signIn(page);
    await typeAmount(page, '500');
    process.kill(await pidOf('devices'), 'SIGKILL');
    await payInCash(page);
    await expect.poll(() => shop.printer.papers().length, { timeout: 20_000 }).toBe(1);
    expect(shop.printer.papers()[0]).toContain('00100200000001');
    // The scanner is found again too.
    await scannerIsReady(page);
    await shop.scanner.scan(demoCard(2));
    await expect
      .poll(() => page.getByTestId('member').textContent(), { timeout: 20_000 })
      .toContain('Ayşe');
  });

  it('is locked: no Node, network, other window, navigation or markup', async (context) => {
    const executable = electronOrSkip(context);
    const shop = await newShopFloor(context);
    const { app, page } = await openTillWindow(executable, shop.folder);
    await page.getByTestId('lock-screen').waitFor();
    const found = await page.evaluate(async () => {
      const attempt = async (run: () => unknown): Promise<string> => {
        try {
          return `done ${String(await run())}`;
        } catch (error) {
          return `refused ${error instanceof Error ? error.name : ''}`;
        }
      };
      return {
        node: `${typeof (globalThis as Record<string, unknown>)['require']} ${typeof (
          globalThis as Record<string, unknown>
        )['process']}`,
        open: String(window.open('https://example.com')),
        fetch: await attempt(() => fetch('https://example.com/')),
        file: await attempt(async () => (await fetch('app://till/../electron/main.cjs')).status),
        markup: await attempt(() => {
          document.createElement('div').innerHTML = '<b>x</b>';
        }),
        notify: await attempt(() => Notification.requestPermission()),
      };
    });
    expect(found.node).toBe('undefined undefined');
    expect(found.open).toBe('null');
    expect(found.fetch).toMatch(/^refused/);
    expect(found.file).toMatch(/404|refused/);
    expect(found.markup).toMatch(/^refused/);
    expect(found.notify).toBe('done denied');
    await page.evaluate(() => {
      window.location.href = 'https://example.com/';
    });
    await page.waitForTimeout(300);
    expect(page.url()).toBe('app://till/');
    expect(app.windows()).toHaveLength(1);
  });

  it('runs as an ordinary user with the sandbox on', async (context) => {
    const executable = electronOrSkip(context);
    if (process.getuid?.() !== 0) return context.skip('only root can become another user');
    const { app, page } = await openUnprivilegedWindow(executable, (folder) =>
      setUpDemo(folder, {}, { nowMs: Date.now() }),
    );
    await signIn(page);
    await typeAmount(page, '700');
    await payInCash(page);
    const pids = await app.evaluate(({ app: running }) =>
      running
        .getAppMetrics()
        .filter((metric) => metric.type === 'Tab')
        .map((metric) => metric.pid),
    );
    expect(pids).toHaveLength(1);
    const status = readFileSync(path.join('/proc', String(pids[0]), 'status'), 'utf8');
    // A seccomp filter and no new privileges: what Chromium's sandbox puts on a page's process.
    expect(status).toMatch(/Seccomp:\s+2/);
    expect(status).toMatch(/NoNewPrivs:\s+1/);
    expect(status).toMatch(/Uid:\s+65534/);
  });
});
