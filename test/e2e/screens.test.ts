// Goal: every screen can be used by anyone: by keyboard alone, by touch, in both languages, by day
// and by night; and a scan is never taken for typing.
// Method: the product's own screens, built as shipped and served under its content security policy,
// in real Chromium on a till that lives in the page; axe for WCAG, real key events for the rest.
import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memberCard } from '#test/support/fakeTill.ts';
import { type ServedScreens, serveScreens } from '#test/support/screensPage.ts';

const CHROMIUM = '/usr/bin/chromium';
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const TARGET_PX_MIN = 44;

let served: ServedScreens | null = null;
let browser: Browser | null = null;

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

interface Look {
  readonly language?: 'en' | 'tr';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** Opens the lock screen. The returned list gathers what the browser complained about. */
async function openTill(look: Look = {}): Promise<{ page: Page; complaints: string[] }> {
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
async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text, { delay: 60 });
}

/** As a keyboard scanner types: every key at once, then Enter. */
async function scan(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function signIn(page: Page): Promise<void> {
  await type(page, '1234');
  await page.keyboard.press('Enter');
  await page.getByTestId('amount').waitFor();
}

async function textOf(page: Page, testId: string): Promise<string> {
  return (await page.getByTestId(testId).textContent()) ?? '';
}

async function scannedCount(page: Page): Promise<number> {
  return page.evaluate(
    () => window.till.calls().filter((call) => call.method === 'scan.submit').length,
  );
}

async function paySale(page: Page): Promise<void> {
  await page.keyboard.press('F12');
  await page.getByTestId('complete').waitFor();
}

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
        const question = { jobId: 1, receiptNumber: '00300200000041', copyNumber: 0 };
        window.till.patch({
          printer: { state: 'paper-out', waitingCount: 2, question },
          scanner: { state: 'lost' },
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
    name: 'product search',
    async go(page) {
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
    name: 'core is gone',
    async go(page) {
      await page.evaluate(() => window.till.drop());
      await page.getByTestId('core-down').waitFor();
    },
  },
];

async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Controls smaller than a thumb, by what they are. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const controls = document.querySelectorAll<HTMLElement>(
      'button, input:not([type=radio]), label.button, a, [role=option], [role=menuitem]',
    );
    return [...controls].flatMap((control) => {
      const { width, height } = control.getBoundingClientRect();
      // React Aria keeps a native select for form filling, out of sight and out of reach.
      const isHidden = width <= 1 || height <= 1 || control.closest('[aria-hidden=true]') !== null;
      return isHidden || (width >= least && height >= least)
        ? []
        : [`${control.outerHTML.slice(0, 120)}: ${width} x ${height}`];
    });
  }, TARGET_PX_MIN);
}

/** What sticks out of the window or of the card that it stands in. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const window_ = { right: innerWidth + 0.5, bottom: innerHeight + 0.5 };
    const cards = [...document.querySelectorAll<HTMLElement>('.card')];
    const outside = [...document.querySelectorAll<HTMLElement>('header, footer, .card, header *')]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.right > window_.right || box.bottom > window_.bottom;
      })
      .map((element) => `outside the window: ${element.outerHTML.slice(0, 100)}`);
    const spilled = cards.flatMap((card) => {
      const bottom = card.getBoundingClientRect().bottom + 0.5;
      return [...card.children]
        .filter((child) => child.getBoundingClientRect().bottom > bottom)
        .filter(() => getComputedStyle(card).overflowY !== 'auto')
        .map((child) => `out of its card: ${child.outerHTML.slice(0, 100)}`);
    });
    return [...outside, ...spilled];
  });
}

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
      const found = [
        ...(await axe(page)),
        ...(await smallTargets(page)),
        ...(await overflowing(page)),
      ];
      if (found.length > 0) findings[name] = found;
    }
    expect(findings).toEqual({ lock: [] });
    // The page runs under the strict policy: not one style or script was refused.
    expect(complaints).toEqual([]);
    expect(await page.getAttribute('html', 'lang')).toBe(look.language);
    await page.context().close();
  });
});

describe('the keyboard', () => {
  it('makes twenty sales without Tab and without a mouse', async () => {
    const { page } = await openTill();
    await signIn(page);
    for (let sale = 0; sale < 20; sale += 1) {
      await type(page, '425');
      await page.keyboard.press('Enter');
      await expect.poll(() => textOf(page, 'total')).toBe('€4.25');
      await paySale(page);
      await page.keyboard.press('Enter');
      await page.getByTestId('done').waitFor();
      expect(await textOf(page, 'change')).toBe('€0.00');
      // The next amount begins the next sale by itself.
    }
    const commits = await page.evaluate(
      () => window.till.calls().filter((call) => call.method === 'sale.commit').length,
    );
    expect(commits).toBe(20);
    await page.context().close();
  });

  it('takes a typed amount along to the payment, and gives change', async () => {
    const { page } = await openTill();
    await signIn(page);
    await type(page, '1234');
    await paySale(page);
    await type(page, '2000');
    expect(await textOf(page, 'change-due')).toBe('€7.66');
    await page.keyboard.press('F12');
    await expect.poll(() => textOf(page, 'change')).toBe('€7.66');
    await page.keyboard.press('F8');
    await page.getByTestId('amount').waitFor();
    expect(await textOf(page, 'total')).toBe('€0.00');
    await page.context().close();
  });

  it('pays by several tenders, and refuses change on a card', async () => {
    const { page } = await openTill();
    await signIn(page);
    await type(page, '3000');
    await paySale(page);
    await page.keyboard.press('F6');
    await type(page, '4000');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, 'notice')).toContain('Only cash');
    for (let digit = 0; digit < 4; digit += 1) await page.keyboard.press('Backspace');
    await type(page, '1000');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, 'due')).toBe('€20.00');
    await page.keyboard.press('F5');
    await page.keyboard.press('Enter');
    await page.getByTestId('done').waitFor();
    const commit = await page.evaluate(() =>
      window.till.calls().find((call) => call.method === 'sale.commit'),
    );
    expect(commit?.input).toMatchObject({
      tenders: [
        { tenderType: 'card', amountMinor: 1000 },
        { tenderType: 'cash', amountMinor: 2000 },
      ],
      expected: { totalMinor: 3000 },
    });
    await page.context().close();
  });

  it('changes quantities, removes lines, and cancels only when asked twice', async () => {
    const { page } = await openTill();
    await signIn(page);
    await scan(page, '8690000000012');
    await page.getByTestId('line').waitFor();
    await page.keyboard.press('+');
    await expect.poll(() => textOf(page, 'total')).toBe('€13.00');
    await page.keyboard.press('-');
    await expect.poll(() => textOf(page, 'total')).toBe('€6.50');
    await scan(page, '8690000000036');
    await page.getByTestId('line').nth(1).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Delete');
    await expect.poll(() => textOf(page, 'total')).toBe('€4.20');
    await page.keyboard.press('Escape');
    await page.getByTestId('cancel-yes').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => textOf(page, 'total')).toBe('€0.00');
    await page.context().close();
  });

  it('finds a product by name and sells an unknown one as an amount', async () => {
    const { page } = await openTill();
    await signIn(page);
    await page.keyboard.press('F3');
    await type(page, 'bakl');
    await page.getByRole('option').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, 'total')).toBe('€18.90');
    await page.keyboard.press('Escape');
    await scan(page, '8690000009999');
    await page.getByTestId('sell-as-amount').click();
    await type(page, '100');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, 'total')).toBe('€19.90');
    expect(await page.getByTestId('line').last().textContent()).toContain('8690000009999');
    await page.context().close();
  });

  it('voids the last sale with a manager’s PIN', async () => {
    const { page } = await openTill();
    await signIn(page);
    await type(page, '500');
    await paySale(page);
    await page.keyboard.press('Enter');
    await page.getByTestId('void').click();
    await type(page, '1111');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, 'notice')).toContain('not right');
    await page.getByTestId('manager-pin').focus();
    await type(page, '9999');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, 'done')).toContain('void');
    await page.context().close();
  });
});

describe('a keyboard scanner', () => {
  it('is read with the focus in a field, and types nothing there', async () => {
    const { page } = await openTill();
    await signIn(page);
    await page.keyboard.press('F3');
    await type(page, 'te');
    await scan(page, memberCard);
    await expect.poll(() => textOf(page, 'member')).toContain('Emma');
    expect(await page.locator('#product-search').inputValue()).toBe('te');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F2');
    await scan(page, '8690000000012');
    await page.getByTestId('line').waitFor();
    expect(await page.locator('#card-number').inputValue()).toBe('');
    expect(await textOf(page, 'amount')).toBe('€0.00');
    expect(await scannedCount(page)).toBe(2);
    await page.context().close();
  });

  it('keeps what a person typed before it, and presses no button with its Enter', async () => {
    const { page } = await openTill();
    await signIn(page);
    await type(page, '12');
    await expect.poll(() => textOf(page, 'amount')).toBe('€0.12');
    await page.getByTestId('menu').focus();
    await scan(page, memberCard);
    await expect.poll(() => textOf(page, 'member')).toContain('Emma');
    expect(await textOf(page, 'amount')).toBe('€0.12');
    expect(await page.getByRole('menu').count()).toBe(0);
    await page.context().close();
  });

  it('does not reach the PIN pad while the till is locked', async () => {
    const { page } = await openTill();
    await scan(page, memberCard);
    await expect.poll(() => textOf(page, 'notice')).toContain('locked');
    expect(await page.getByTestId('pin').inputValue()).toBe('');
    const tried = await page.evaluate(
      () => window.till.calls().filter((call) => call.method === 'session.signIn').length,
    );
    expect(tried).toBe(0);
    await page.context().close();
  });

  it('is read on every screen', async () => {
    const { page } = await openTill();
    await signIn(page);
    await type(page, '500');
    await paySale(page);
    await scan(page, memberCard);
    await expect.poll(() => textOf(page, 'member')).toContain('Emma');
    expect(await textOf(page, 'given')).toBe('€5.00');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F10');
    await page.getByTestId('print-x').waitFor();
    await scan(page, '8690000000012');
    await expect.poll(() => scannedCount(page)).toBe(2);
    await page.context().close();
  });
});

describe('the PIN pad', () => {
  it('takes a pasted PIN, touch and keys in any mix, and says how long it is locked', async () => {
    const { page } = await openTill();
    await page.getByTestId('pin').evaluate((field: HTMLInputElement) => {
      const data = new DataTransfer();
      data.setData('text/plain', '00');
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
      document.execCommand('insertText', false, '00');
    });
    await page.getByRole('button', { name: '0', exact: true }).click();
    await type(page, '0');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, 'notice')).toMatch(/3?[0-9] seconds/);
    await expect.poll(() => textOf(page, 'sign-in')).toMatch(/Try again in [0-9]+ seconds/);
    await page.context().close();
  });
});

describe('a core that crashes', () => {
  it('is said in words, and the sale is back when it returns', async () => {
    const { page } = await openTill();
    await signIn(page);
    await scan(page, '8690000000012');
    await page.getByTestId('line').waitFor();
    await type(page, '7');
    await expect.poll(() => textOf(page, 'amount')).toBe('€0.07');
    await page.evaluate(() => window.till.drop());
    await expect.poll(() => textOf(page, 'core-down')).toContain('restarted');
    // Nothing typed now goes anywhere.
    await type(page, '9');
    await page.evaluate(() => window.till.reconnect());
    await page.getByTestId('core-down').waitFor({ state: 'detached' });
    expect(await textOf(page, 'total')).toBe('€6.50');
    expect(await textOf(page, 'amount')).toBe('€0.07');
    await page.context().close();
  });
});
