// Goal: the device screen says what it could not find out, and shows an operator's reads to nobody
// after them. Method: the product's own screens in real Chromium on a till that lives in the page.
import { describe, expect, it } from 'vitest';
import { openTill, type, useScreens } from '#test/support/screensBrowser.ts';
import { en } from '#words/en.ts';
import { tr } from '#words/tr.ts';

useScreens();

/** Its place in the menu. */
const DEVICES = 3;

async function openDevices(language: 'en' | 'tr') {
  const { page } = await openTill({ language });
  const signIn = async () => {
    await type(page, '9999');
    await page.keyboard.press('Enter');
    await page.getByTestId('amount').waitFor();
  };
  const open = async () => {
    await page.getByTestId('menu').click();
    await page.getByRole('menuitem').nth(DEVICES).click();
    await page.getByTestId('devices').waitFor();
  };
  await signIn();
  await open();
  return { page, signIn, open };
}

describe('the device screen', () => {
  it.each([
    ['en', en],
    ['tr', tr],
  ] as const)('says what got no answer where it was asked, in %s', async (language, words) => {
    const { page } = await openDevices(language);
    await page.evaluate(() =>
      window.till.patchDevices({
        found: [],
        findProblem: { key: 'devices.findProblem', args: {} },
        probeProblem: { key: 'devices.probeProblem', args: {} },
      }),
    );
    const said = (id: string) => page.getByTestId(id).textContent();
    expect(await said('find-problem')).toBe(words['devices.findProblem']);
    expect(await said('probe-problem')).toBe(words['devices.probeProblem']);
    expect(await page.getByText(words['devices.none']).count()).toBe(0);
    await page.evaluate(() => window.till.patchDevices({ findProblem: null, probeProblem: null }));
    await page.getByText(words['devices.none']).waitFor();
    expect(await page.getByTestId('find-problem').count()).toBe(0);
    expect(await page.getByTestId('probe-problem').count()).toBe(0);
    await page.context().close();
  });
});
