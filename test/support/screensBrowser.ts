// Owns Chromium on the test page, in any look, typed and scanned into as people and devices do.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type ServedScreens, serveScreens } from '#test/support/screensPage.ts';
import { FAR_AHEAD_MS, sendKeys } from '#test/support/wedgeInput.ts';
import { plainScanner, type ScannerStyle, scanKeys } from '#test/support/wedgeScanner.ts';

const CHROMIUM = '/usr/bin/chromium';

let served: ServedScreens | null = null;
let browser: Browser | null = null;

/** Builds the page and starts Chromium for the tests of a file, or skips each with the reason. */
export function useScreens(): void {
  beforeAll(async () => {
    if (!existsSync(CHROMIUM)) return;
    served = await serveScreens();
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  beforeEach((context) => {
    if (browser === null) context.skip(`no Chromium at ${CHROMIUM}`);
  });
}

export interface Look {
  readonly language?: 'en' | 'tr';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** Opens the lock screen. The returned list gathers what the browser complained about. */
export async function openTill(look: Look = {}): Promise<{ page: Page; complaints: string[] }> {
  if (browser === null || served === null) throw new Error('no browser');
  const viewport = { width: look.width ?? 1280, height: look.height ?? 800 };
  const context = await browser.newContext({ viewport, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(
    ([language, theme]) => {
      localStorage.setItem('puan.language', language);
      localStorage.setItem('puan.theme', theme);
    },
    [look.language ?? 'en', look.theme ?? 'light'] as const,
  );
  await page.goto(served.address);
  await page.getByTestId('pin').waitFor();
  return { page, complaints };
}

/** As a person types: slower than any scanner. */
export async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text, { delay: 60 });
}

/** As a keyboard scanner types: quickly, each key with its own time; Enter ends it by default. */
export async function scan(
  page: Page,
  text: string,
  style: Partial<ScannerStyle> = {},
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const keys = scanKeys(text, { ...plainScanner, ...style }, 0);
  await sendKeys(page, session, keys, FAR_AHEAD_MS);
  await session.detach();
}

export async function signIn(page: Page): Promise<void> {
  await type(page, '1234');
  await page.keyboard.press('Enter');
  await page.getByTestId('amount').waitFor();
}

export async function textOf(page: Page, testId: string): Promise<string> {
  return (await page.getByTestId(testId).textContent()) ?? '';
}

export async function scannedCount(page: Page): Promise<number> {
  return page.evaluate(
    () => window.till.calls().filter((call) => call.method === 'scan.submit').length,
  );
}

export async function paySale(page: Page): Promise<void> {
  await page.keyboard.press('F12');
  await page.getByTestId('complete').waitFor();
}

/** Places in the menu. */
export const DEVICES = 3;
export const RECEIPT = -1;

export async function openAsManager(look: Look, item: number): Promise<Page> {
  const { page } = await openTill(look);
  await signInAsManager(page);
  await openFromMenu(page, item);
  return page;
}

export async function signInAsManager(page: Page): Promise<void> {
  await type(page, '9999');
  await page.keyboard.press('Enter');
  await page.getByTestId('amount').waitFor();
}

export async function openFromMenu(page: Page, item: number): Promise<void> {
  await page.getByTestId('menu').click();
  const items = page.getByRole('menuitem');
  await (item < 0 ? items.last() : items.nth(item)).click();
}

/** What the page sent by this method, oldest first. */
export function callsOf(page: Page, method: string): Promise<unknown[]> {
  return page.evaluate(
    (wanted) =>
      window.till
        .calls()
        .filter((call) => call.method === wanted)
        .map(({ input }) => input),
    method,
  );
}
