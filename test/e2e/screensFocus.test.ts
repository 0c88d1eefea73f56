// Goal: while another window has the keys, the till says that a keyboard scanner is not heard, and
// half a scan is neither sold nor typed. Method: the product's own screens in real Chromium, which
// loses the keys to another tab and gets them back; real key events.
import type { CDPSession, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { openTill, scan, signIn, textOf, useScreens } from '#test/support/screensBrowser.ts';
import { FAR_AHEAD_MS, sendKeys } from '#test/support/wedgeInput.ts';
import { plainScanner, scanKeys } from '#test/support/wedgeScanner.ts';

useScreens();

/** Half a scan then waits for its end, however late a busy machine takes the keys away. */
const enterEnds = { prefix: [], suffix: ['Enter'] };

interface Desk {
  readonly page: Page;
  readonly session: CDPSession;
}

async function openDesk(language: 'en' | 'tr' = 'en'): Promise<Desk> {
  const { page } = await openTill({ language });
  const session = await page.context().newCDPSession(page);
  // Playwright makes each of its pages believe that it is in front.
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  await page.bringToFront();
  await signIn(page);
  await page.evaluate(() => {
    window.till.patch({ scanner: { state: 'none', suppressedCount: 0, isTested: false } });
  });
  return { page, session };
}

/** Digits as a scanner types them, without an end. */
async function typeDigits({ page, session }: Desk, digits: string): Promise<void> {
  const keys = scanKeys(digits, { ...plainScanner, suffix: [] }, 0);
  await sendKeys(page, session, keys, FAR_AHEAD_MS);
}

async function leave({ page }: Desk): Promise<Page> {
  const other = await page.context().newPage();
  await other.bringToFront();
  return other;
}

async function scansOf({ page }: Desk): Promise<unknown[]> {
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
    const desk = await openDesk(language);
    const { page } = desk;
    const strip = page.getByTestId('not-heard');
    expect(await strip.count()).toBe(0);
    const other = await leave(desk);
    await expect.poll(() => strip.count()).toBe(1);
    expect(await strip.textContent()).toContain(word);
    await other.close();
    await page.bringToFront();
    await expect.poll(() => strip.count()).toBe(0);
    await page.context().close();
  },
);

it('does not say so where no scanner types', async () => {
  const desk = await openDesk();
  const { page } = desk;
  await page.evaluate(() => {
    window.till.patch({ scanner: { state: 'ready', suppressedCount: 0, isTested: false } });
  });
  await leave(desk);
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(false);
  expect(await page.getByTestId('not-heard').count()).toBe(0);
  await page.context().close();
});

it('drops half a scan, says that it could not be read, and reads the next', async () => {
  const desk = await openDesk();
  const { page } = desk;
  const other = await page.context().newPage();
  await page.bringToFront();
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(true);
  await page.waitForTimeout(200);
  await page.evaluate((wedge) => window.till.patch({ wedge }), { ...wedgeDefaults, ...enterEnds });
  await Promise.all([typeDigits(desk, '8690000'), other.bringToFront()]);
  await expect.poll(() => page.getByTestId('not-heard').count()).toBe(1);
  // The till says of an empty read that it could not be read.
  await expect.poll(() => scansOf(desk)).toEqual(['']);
  expect(await textOf(page, 'amount')).toBe('€0.00');
  await other.close();
  await page.bringToFront();
  await expect.poll(() => page.getByTestId('not-heard').count()).toBe(0);
  await page.waitForTimeout(200);
  await scan(page, '8690000000012');
  await page.getByTestId('line').waitFor();
  expect(await scansOf(desk)).toEqual(['', '8690000000012']);
  expect(await textOf(page, 'amount')).toBe('€0.00');
  await page.context().close();
});
