// Owns a whole shop floor for end-to-end tests, and what a cashier does at the keyboard.
import type { Page } from 'playwright-core';
import { onTestFinished, type TestContext } from 'vitest';
import { startVirtualPrinter } from '#drivers/virtual/printer.ts';
import { openPtyScanner } from '#drivers/virtual/scanner.ts';
import { newHeadOffice } from '#test/support/shop.ts';
import { setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';

/** Signs in, and waits for the scanner: what it reads before it is opened is lost. */
export async function signIn(page: Page): Promise<void> {
  await page.getByTestId('lock-screen').waitFor();
  await page.keyboard.type('1111', { delay: 80 });
  await page.keyboard.press('Enter');
  await page.getByTestId('total').waitFor();
  await scannerIsReady(page);
}

export async function scannerIsReady(page: Page): Promise<void> {
  await page.getByTestId('scanner').waitFor({ state: 'detached' });
}

/** Digits as a person types them: slower than any scanner. */
export async function typeAmount(page: Page, digits: string): Promise<void> {
  await page.keyboard.type(digits, { delay: 120 });
  await page.keyboard.press('Enter');
}

/** F12 opens the payment, Enter takes it in full and completes it. */
export async function payInCash(page: Page): Promise<void> {
  await page.keyboard.press('F12');
  await page.getByTestId('complete').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('done').waitFor();
}

/** Head office, a scanner on a pseudo-terminal, a printer on TCP, and a shop that names them. */
export async function newShopFloor(context: TestContext) {
  const headOffice = await newHeadOffice();
  const token = await headOffice.addTill('001-002');
  const printer = await startVirtualPrinter();
  onTestFinished(() => printer.close());
  const folder = temporaryFolder();
  const scanner = await openPtyScanner(temporaryFolder());
  if (!scanner.ok) return context.skip(scanner.error.detail);
  onTestFinished(() => scanner.value.close());
  setUpDemo(
    folder,
    {
      headOffice: { url: headOffice.url },
      printer: { address: printer.address, profileId: 'epson-80' },
      scanners: [{ type: 'serial', path: scanner.value.path, baudRate: 9600 }],
    },
    { headOfficeToken: token, nowMs: Date.now() },
  );
  return { headOffice, printer, folder, scanner: scanner.value };
}
