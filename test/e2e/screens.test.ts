// Goal: every screen can be used by anyone: in reach, in both languages, by day and by night.
// Method: the product's own screens, built as shipped and served under its content security policy,
// in real Chromium on a till that lives in the page; axe for WCAG, boxes measured for the rest.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { memberCard } from '#test/support/fakeShop.ts';
import {
  type Look,
  openTill,
  paySale,
  scan,
  signIn,
  textOf,
  type,
  useScreens,
} from '#test/support/screensBrowser.ts';
import { axe, faultsOf } from '#test/support/screensJudge.ts';

useScreens();

/** Every screen and question, each reached from the one before. */
const journey: readonly { readonly name: string; go(page: Page): Promise<void> }[] = [
  {
    name: 'lock with a wrong PIN',
    async go(page) {
      await type(page, '4321');
      await page.keyboard.press('Enter');
      await expect.poll(() => textOf(page, 'notice')).not.toBe('');
    },
  },
  { name: 'empty sale', go: (page) => signIn(page) },
  {
    name: 'card field',
    async go(page) {
      await page.keyboard.press('F2');
      await page.locator('#card-number').waitFor();
    },
  },
  {
    name: 'sale with a member, lines and a reward',
    async go(page) {
      await page.keyboard.press('Escape');
      await scan(page, memberCard);
      await page.getByTestId('member').waitFor();
      await scan(page, '8690000000012');
      await scan(page, '8690000000029');
      await page.getByTestId('line').nth(1).waitFor();
      await page.getByTestId('reward-off2').click();
    },
  },
  {
    name: 'unknown product, a printer’s question, offline',
    async go(page) {
      await scan(page, '8690000009999');
      await page.getByTestId('sell-as-amount').waitFor();
      await page.evaluate(() => {
        const receiptNumber = '00300200000041';
        const question = { jobId: 1, receiptNumber, copyNumber: 0, reach: null };
        window.till.patch({
          printer: { state: 'paper-out', waitingCount: 2, question, errorCause: null },
          scanner: { state: 'lost', suppressedCount: 0, isTested: false },
          isClockSuspect: true,
          sync: {
            isOnline: false,
            waitingCount: 3,
            parkedCount: 0,
            lastContactMs: 1_790_000_000_000,
            progress: null,
            problem: null,
          },
        });
      });
      await page.getByTestId('question').waitFor();
    },
  },
  {
    name: 'another window has the keys',
    async go(page) {
      await page.evaluate(() => window.dispatchEvent(new Event('blur')));
      await page.getByTestId('not-heard').waitFor();
    },
  },
  {
    name: 'product search',
    async go(page) {
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await page.keyboard.press('F3');
      await type(page, 'a');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'menu',
    async go(page) {
      await page.keyboard.press('Escape');
      await page.getByTestId('menu').click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'cancel question',
    async go(page) {
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await page.getByTestId('cancel').click();
      await page.getByTestId('cancel-yes').waitFor();
    },
  },
  {
    name: 'payment in two parts',
    async go(page) {
      await paySale(page);
      await type(page, '500');
      await page.keyboard.press('Enter');
      await type(page, '5000');
    },
  },
  {
    name: 'sale saved',
    async go(page) {
      await page.keyboard.press('Enter');
      await page.getByTestId('change').waitFor();
      await page.getByTestId('paper').waitFor();
    },
  },
  {
    name: 'void question',
    async go(page) {
      await page.getByTestId('void').click();
      await page.getByTestId('manager-pin').waitFor();
    },
  },
  {
    name: 'end of day',
    async go(page) {
      await page.keyboard.press('F10');
      await page.getByTestId('print-x').waitFor();
    },
  },
  {
    name: 'end of day, closing, while sales are sent',
    async go(page) {
      await page.keyboard.press('F11');
      await page.getByTestId('pin').waitFor();
      await type(page, '9999');
      await page.keyboard.press('Enter');
      await page.getByTestId('lock-screen').waitFor({ state: 'detached' });
      await page.keyboard.press('F10');
      await page.evaluate(() => {
        const progress = { doneCount: 12, totalCount: 42 };
        const rest = { parkedCount: 1, lastContactMs: null, problem: null };
        window.till.patch({ sync: { isOnline: true, waitingCount: 30, progress, ...rest } });
      });
      await page.getByTestId('close-day').click();
      await page.getByTestId('close-yes').waitFor();
    },
  },
  {
    name: 'devices',
    async go(page) {
      await page.keyboard.press('Escape');
      await page.getByTestId('menu').click();
      await page.getByRole('menuitem').nth(3).click();
      await page.getByTestId('devices').waitFor();
    },
  },
  {
    name: 'receipt editor with a fault',
    async go(page) {
      await page.keyboard.press('Escape');
      await page.getByTestId('menu').click();
      await page.getByRole('menuitem').last().click();
      await page.getByTestId('receipt-editor').getByTestId('paper').waitFor();
      await page.getByTestId('template-text').fill('[itms]');
      await page.getByTestId('fault').waitFor();
    },
  },
  {
    name: 'core is gone',
    async go(page) {
      await page.evaluate(() => window.till.drop());
      await page.getByTestId('core-down').waitFor();
    },
  },
];

describe('every screen', () => {
  const looks: readonly Look[] = [
    { language: 'en', theme: 'light' },
    { language: 'en', theme: 'dark' },
    { language: 'tr', theme: 'light', width: 1024, height: 700 },
    { language: 'tr', theme: 'dark', width: 1024, height: 700 },
  ];
  it.each(looks)('is accessible, within reach and whole: %o', async (look) => {
    const { page, complaints } = await openTill(look);
    const findings: Record<string, string[]> = { lock: await axe(page) };
    for (const { name, go } of journey) {
      await go(page);
      const found = await faultsOf(page);
      if (found.length > 0) findings[name] = found;
    }
    expect(findings).toEqual({ lock: [] });
    // The page runs under the strict policy: not one style or script was refused.
    expect(complaints).toEqual([]);
    expect(await page.getAttribute('html', 'lang')).toBe(look.language);
    await page.context().close();
  });
});
