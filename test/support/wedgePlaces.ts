// Owns the places of the app where a person types while a scan comes: how each is reached and read.
import type { Locator, Page } from 'playwright-core';
import { payInCash, signIn, typeAmount } from '#test/support/shopFloor.ts';
import { demoCard } from '#tools/demoShop.ts';

/** An amount does not begin with 0. */
const DIGITS = [...'123456789'];
const ARROWS = ['ArrowDown', 'ArrowUp'];

/** None attaches a member, and none fits a product search. */
const CODES = [
  '9520000000097',
  ']E09520000000103',
  '4006381333931',
  'https://example.org/01/09520000000103?a=[1]&b={2}',
  ']C1011234567890123410AB-7\u001d21x',
];
/** Nothing is sold by these: an open sale would take the question about the day away. */
const UNSOLD_CODES = ['4006381333931', ']C1011234567890123410AB-7\u001d21x'];

export interface Place {
  readonly name: string;
  /** The source of the field, or null for a place without one. */
  readonly source: string | null;
  readonly codes: readonly string[];
  /** What a person presses here. */
  readonly keys: readonly string[];
  readonly reach: (page: Page) => Promise<void>;
  /** Makes the place as it was before a person typed. */
  readonly clear: (page: Page) => Promise<void>;
  /** Everything here that a stray key would change. */
  readonly read: (page: Page) => Promise<string>;
  /** What `read` gives once a person has pressed these keys, and nobody else any. */
  readonly shows: (keys: readonly string[]) => string;
}

type Reach = Place['reach'];

/** A field that a person fills; it keeps the focus all the while. */
function field(
  name: string,
  source: string,
  fieldOf: (page: Page) => Locator,
  reach: Reach = async () => undefined,
): Place {
  return {
    ...{ name, source, codes: CODES, keys: DIGITS },
    async reach(page) {
      await reach(page);
      await fieldOf(page).focus();
    },
    clear: (page) => fieldOf(page).fill(''),
    read: (page) =>
      fieldOf(page).evaluate((element: HTMLInputElement) =>
        element === document.activeElement ? element.value : `without focus: ${element.value}`,
      ),
    shows: (keys) => keys.join(''),
  };
}

interface Waiting {
  /** What stays on screen as long as no stray key presses it. */
  readonly stays: string;
  /** Goes back to where a stray Enter would press. */
  readonly again: Reach;
}

/** Digits without a field; `testId` shows them as money. */
function amount(name: string, testId: string, reach: Reach, waiting: Waiting | null): Place {
  return {
    ...{ name, source: null, codes: CODES, keys: DIGITS, reach },
    async clear(page) {
      for (const _ of Array.from({ length: 9 })) await page.keyboard.press('Backspace');
      await waiting?.again(page);
    },
    async read(page) {
      const shown = (await page.getByTestId(testId).textContent()) ?? '';
      if (waiting === null) return shown;
      return `${shown} ${await page.getByTestId(waiting.stays).isVisible()}`;
    },
    shows(keys) {
      const money = `€${(Number(keys.join('')) / 100).toFixed(2)}`;
      return waiting === null ? money : `${money} true`;
    },
  };
}

/** An open menu or list, where a person moves by arrows; a stray Enter would choose. */
function list(name: string, open: (page: Page) => Locator, reach: Reach, isRound: boolean): Place {
  let options: readonly string[] = [];
  return {
    ...{ name, source: null, codes: CODES, keys: ARROWS },
    async reach(page) {
      await reach(page);
      await open(page).focus();
      await page.keyboard.press('ArrowDown');
      const items = page.locator('[role=menuitem], [role=option]');
      await items.first().waitFor();
      options = await items.allTextContents();
    },
    clear: (page) => page.keyboard.press('Home'),
    read: (page) => page.evaluate(() => document.activeElement?.textContent ?? ''),
    shows(keys) {
      const last = options.length - 1;
      let at = 0;
      for (const key of keys) {
        at += key === 'ArrowDown' ? 1 : -1;
        if (at < 0) at = isRound ? last : 0;
        if (at > last) at = isRound ? 0 : last;
      }
      return options[at] ?? '';
    },
  };
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('[role=menu], [role=listbox]').waitFor({ state: 'detached' });
}

/** As a touch beside it would; Escape asks whether to cancel the sale. */
async function leaveFocus(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement) activeElement.blur();
  });
}

async function chooseFromMenu(page: Page, index: number): Promise<void> {
  await page.getByTestId('menu').click();
  await page.getByRole('menuitem').nth(index).click();
}

async function signInAsManager(page: Page): Promise<void> {
  await page.keyboard.press('F11');
  await page.getByTestId('pin').waitFor();
  await page.keyboard.type('9999', { delay: 80 });
  await page.keyboard.press('Enter');
  await page.getByTestId('total').waitFor();
}

/** Focus by keyboard, so that a stray Enter or Space would press the button. */
async function focusByKeyboard(page: Page, button: Locator): Promise<void> {
  await button.focus();
  await page.keyboard.press('Shift');
}

async function askToCancel(page: Page): Promise<void> {
  const ask = page.getByTestId('cancel');
  const yes = page.getByTestId('cancel-yes');
  await ask.or(yes).waitFor();
  if (await ask.isVisible()) await ask.click();
  await focusByKeyboard(page, yes);
}

/** Before there is a sale, and on it. */
const selling: readonly Place[] = [
  field('the PIN of the lock screen', 'screens/Lock.tsx', (page) => page.getByTestId('pin')),
  amount(
    'the amount, without a field',
    'amount',
    async (page) => {
      await page.getByTestId('pin').fill('');
      await signIn(page);
    },
    null,
  ),
  field('the product search', 'parts/entryColumn.tsx', (page) => page.locator('#product-search')),
  list('the menu', (page) => page.getByTestId('menu'), leaveFocus, true),
  list('the languages', (page) => page.locator('header [aria-haspopup=listbox]'), close, false),
  field(
    'the card number',
    'parts/memberColumn.tsx',
    (page) => page.locator('#card-number'),
    async (page) => {
      await close(page);
      await leaveFocus(page);
      await page.keyboard.press('F2');
    },
  ),
  field(
    'goodwill points',
    'parts/gifts.tsx',
    (page) => page.getByTestId('gifts').locator('input'),
    async (page) => {
      await page.locator('#card-number').fill(demoCard(1));
      await page.keyboard.press('Enter');
      await page.getByTestId('member').waitFor();
    },
  ),
];

/** From the end of a sale to the next day. */
const ending: readonly Place[] = [
  amount(
    'the question whether to cancel',
    'amount',
    // Escape leaves the field, and asks at once where nothing else is open.
    (page) => page.keyboard.press('Escape'),
    { stays: 'member', again: askToCancel },
  ),
  amount(
    'what is given, at the payment',
    'given',
    async (page) => {
      await leaveFocus(page);
      const count = await page.getByTestId('line').count();
      await typeAmount(page, '100');
      await page.getByTestId('line').nth(count).waitFor();
      await page.keyboard.press('F12');
    },
    // A chosen radio button has the focus, and is no field.
    { stays: 'complete', again: (page) => page.getByRole('radio').nth(1).focus() },
  ),
  amount(
    'the printer’s question',
    'amount',
    async (page) => {
      await page.keyboard.press('Escape');
      await page.getByTestId('amount').waitFor();
      await payInCash(page);
      await page.getByTestId('question').waitFor();
      await page.keyboard.press('F12');
      await page.getByTestId('amount').waitFor();
    },
    {
      stays: 'question',
      again: (page) =>
        focusByKeyboard(page, page.getByTestId('question').locator('..').locator('button').first()),
    },
  ),
  field(
    'the manager’s PIN, at a void',
    'screens/Done.tsx',
    (page) => page.getByTestId('manager-pin'),
    async (page) => {
      await page.keyboard.press('F8');
      await page.getByTestId('void').click();
    },
  ),
];

/** What only a manager reaches. */
const managing: readonly Place[] = [
  {
    name: 'the question whether to close the day',
    ...{ source: null, codes: UNSOLD_CODES, keys: DIGITS },
    async reach(page) {
      await signInAsManager(page);
      await askToCancel(page);
      await page.getByTestId('cancel-yes').click();
      await page.getByTestId('cancel-yes').waitFor({ state: 'detached' });
      await page.keyboard.press('F10');
      await page.getByTestId('close-day').click();
    },
    clear: (page) => focusByKeyboard(page, page.getByTestId('close-yes')),
    read: async (page) => `asked: ${await page.getByTestId('close-yes').isVisible()}`,
    shows: () => 'asked: true',
  },
  field(
    'a device’s address',
    'parts/deviceList.tsx',
    (page) => page.getByTestId('devices').locator('input.field').first(),
    (page) => chooseFromMenu(page, 3),
  ),
  list(
    'the models of a printer',
    (page) => page.getByTestId('devices').locator('[aria-haspopup=listbox]').first(),
    async () => undefined,
    false,
  ),
  field(
    'the text of the receipt',
    'screens/ReceiptEditor.tsx',
    (page) => page.getByTestId('template-text'),
    async (page) => {
      await close(page);
      await chooseFromMenu(page, 4);
    },
  ),
];

/** In this order: each is reached from the one before. */
export const places: readonly Place[] = [...selling, ...ending, ...managing];
