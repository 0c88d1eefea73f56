// Goal: what a manager writes in the receipt's editor is lost by no key, and only a press ends it.
// Method: the product's own screens in real Chromium on a till that lives in the page; every way
// out of the editor and back.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  callsOf,
  DEVICES,
  type Look,
  openAsManager,
  openFromMenu,
  RECEIPT,
  signInAsManager,
  textOf,
  useScreens,
} from '#test/support/screensBrowser.ts';
import { faultsOf } from '#test/support/screensJudge.ts';
import { en } from '#words/en.ts';

useScreens();

const WRITTEN = 'Come again on Sunday';

async function written(page: Page): Promise<string> {
  await page.getByTestId('template-text').waitFor();
  return page.getByTestId('template-text').inputValue();
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByTestId('template-text').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(`\n${text}`);
}

async function left(page: Page): Promise<void> {
  await page.getByTestId('receipt-editor').waitFor({ state: 'detached' });
}

describe('the receipt’s editor', () => {
  const waysOut: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    async F10(page) {
      await page.keyboard.press('F10');
      await left(page);
      await page.keyboard.press('Escape');
    },
    async lock(page) {
      await page.keyboard.press('F11');
      await page.getByTestId('pin').waitFor();
      await signInAsManager(page);
    },
    async 'Esc twice'(page) {
      await page.keyboard.press('Escape');
      expect(await written(page)).toContain(WRITTEN);
      await page.keyboard.press('Escape');
    },
    async back(page) {
      await page.getByRole('button', { name: en['app.back'] }).click();
    },
    async menu(page) {
      await openFromMenu(page, DEVICES);
      await left(page);
      await page.keyboard.press('Escape');
    },
    async 'a core that starts anew'(page) {
      await page.evaluate(() => window.till.drop());
      await page.getByTestId('core-down').waitFor();
      await page.evaluate(() => window.till.reconnect());
      await page.getByTestId('core-down').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: en['app.back'] }).click();
    },
  };
  it.each(Object.keys(waysOut))('keeps what was written: %s', async (way) => {
    const page = await openAsManager({}, RECEIPT);
    await write(page, WRITTEN);
    await waysOut[way]?.(page);
    await left(page);
    await openFromMenu(page, RECEIPT);
    expect(await written(page)).toContain(WRITTEN);
    expect(await textOf(page, 'template-draft')).toBe(en['template.draft']);
    expect(await callsOf(page, 'receipt.saveTemplate')).toEqual([]);
    await page.context().close();
  });

  const looks: readonly Look[] = [
    { language: 'tr', theme: 'light', width: 1024, height: 700 },
    { language: 'en', theme: 'dark', width: 1024, height: 700 },
  ];
  it.each(looks)('is whole and accessible with a draft: %o', async (look) => {
    const page = await openAsManager(look, RECEIPT);
    await write(page, WRITTEN);
    await page.getByTestId('receipt-editor').getByTestId('paper').waitFor();
    await page.getByTestId('template-draft').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it('reads out that a picture is too large', async () => {
    const page = await openAsManager({}, RECEIPT);
    const said = page.getByTestId('logo-too-large');
    await said.waitFor({ state: 'attached' });
    expect(await said.getAttribute('role')).toBe('status');
    const noPicture = { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.alloc(50_000) };
    await page.locator('input[type=file]').setInputFiles(noPicture);
    await expect.poll(() => said.textContent()).toBe(en['template.logoTooLarge']);
    await page.context().close();
  });

  it('forgets what is thrown away on purpose, and a text that is written back', async () => {
    const page = await openAsManager({}, RECEIPT);
    const kept = await written(page);
    await write(page, WRITTEN);
    await page.getByTestId('drop-draft').click();
    expect(await written(page)).toBe(kept);
    expect(await page.getByTestId('template-draft').count()).toBe(0);
    const field = page.getByTestId('template-text');
    expect(await field.evaluate((one) => one.matches(':focus'))).toBe(true);
    await field.fill('x');
    await page.getByTestId('template-draft').waitFor();
    await field.fill(kept);
    await page.getByTestId('template-draft').waitFor({ state: 'detached' });
    expect(await callsOf(page, 'receipt.saveTemplate')).toEqual([]);
    await page.context().close();
  });

  it('goes back to the first text, right after another was kept', async () => {
    const page = await openAsManager({}, RECEIPT);
    const first = await written(page);
    const restore = page.getByTestId('restore-template');
    expect(await restore.isDisabled()).toBe(true);
    await write(page, WRITTEN);
    await page.getByTestId('save-template').click();
    await page.getByTestId('template-saved').waitFor();
    expect(await page.getByTestId('template-draft').count()).toBe(0);
    expect(await written(page)).toBe(`${first}\n${WRITTEN}`);
    await restore.click();
    await expect.poll(() => written(page)).toBe(first);
    await expect.poll(() => restore.isDisabled()).toBe(true);
    // Also where nothing but a draft differs from it.
    await write(page, WRITTEN);
    await restore.click();
    await expect.poll(() => written(page)).toBe(first);
    const texts = [{ text: `${first}\n${WRITTEN}` }, { text: null }, { text: null }];
    expect(await callsOf(page, 'receipt.saveTemplate')).toEqual(texts);
    await page.context().close();
  });
});
