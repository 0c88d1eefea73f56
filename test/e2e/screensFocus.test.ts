// Goal: while another window has the keys, the till says that a keyboard scanner is not heard, and
// half a scan is neither sold nor typed. Method: the product's own screens in real Chromium, which
// loses the keys to another tab and gets them back; real key events.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { openTill, scan, signIn, textOf, useScreens } from '#test/support/screensBrowser.ts';
import { FAR_AHEAD_MS, sendKeys } from '#test/support/wedgeInput.ts';
import { plainScanner, scanKeys } from '#test/support/wedgeScanner.ts';

useScreens();

/** Half a scan then waits for its end, however late a busy machine takes the keys away. */
const enterEnds = { prefix: [], suffix: ['Enter'] };

async function openInFront(language: 'en' | 'tr' = 'en'): Promise<Page> {
  const { page } = await openTill({ language });
  const session = await page.context().newCDPSession(page);
  // Playwright makes each of its pages believe that it is in front.
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  await page.bringToFront();
  await signIn(page);
  await page.evaluate(() => {
    window.till.patch({ scanner: { state: 'none', suppressedCount: 0, isTested: false } });
  });
  return page;
}

async function leave(page: Page): Promise<Page> {
  const other = await page.context().newPage();
  await other.bringToFront();
  return other;
}

async function scansOf(page: Page): Promise<unknown[]> {
  return page.evaluate(() =>
    window.till
      .calls()
      .filter(({ method }) => method === 'scan.submit')
      .map(({ input }) => (input as { scanData: string }).scanData),
  );
}

it.each([
  ['en', 'not heard'],
  ['tr', 'duyulmuyor'],
] as const)(
  'says in %s that it is not heard, until the till is in front',
  async (language, word) => {
    const page = await openInFront(language);
    const strip = page.getByTestId('not-heard');
    expect(await strip.count()).toBe(0);
    const other = await leave(page);
    await expect.poll(() => strip.count()).toBe(1);
    expect(await strip.textContent()).toContain(word);
    await other.close();
    await page.bringToFront();
    await expect.poll(() => strip.count()).toBe(0);
    await page.context().close();
  },
);

it('does not say so where no scanner types', async () => {
  const page = await openInFront();
  await page.evaluate(() => {
    window.till.patch({ scanner: { state: 'ready', suppressedCount: 0, isTested: false } });
  });
  await leave(page);
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(false);
  expect(await page.getByTestId('not-heard').count()).toBe(0);
  await page.context().close();
});

it('drops half a scan, says that it could not be read, and reads the next', async () => {
  const page = await openInFront();
  const other = await page.context().newPage();
  await page.bringToFront();
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(true);
  await page.waitForTimeout(200);
  await page.evaluate((wedge) => window.till.patch({ wedge }), { ...wedgeDefaults, ...enterEnds });
  const session = await page.context().newCDPSession(page);
  const half = scanKeys('8690000', { ...plainScanner, suffix: [] }, 0);
  // The keys are on their way when the window goes.
  await Promise.all([sendKeys(page, session, half, FAR_AHEAD_MS), other.bringToFront()]);
  await expect.poll(() => page.getByTestId('not-heard').count()).toBe(1);
  // The till says of an empty read that it could not be read.
  await expect.poll(() => scansOf(page)).toEqual(['']);
  expect(await textOf(page, 'amount')).toBe('€0.00');
  await other.close();
  await page.bringToFront();
  await expect.poll(() => page.getByTestId('not-heard').count()).toBe(0);
  await page.waitForTimeout(200);
  await scan(page, '8690000000012');
  await page.getByTestId('line').waitFor();
  expect(await scansOf(page)).toEqual(['', '8690000000012']);
  expect(await textOf(page, 'amount')).toBe('€0.00');
  await page.context().close();
});
