// Goal: a sale needs the keyboard alone, and a scan is never taken for typing.
// Method: the product's own screens in real Chromium on a till that lives in the page; real key
// events, at a person's pace and at a scanner's.
import { describe, expect, it } from 'vitest';
import { memberCard } from '#test/support/fakeShop.ts';
import {
  openTill,
  paySale,
  scan,
  scannedCount,
  signIn,
  textOf,
  type,
  useScreens,
} from '#test/support/screensBrowser.ts';

useScreens();

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

  it('says what a scan amid the payment has changed', async () => {
    const { page } = await openTill();
    await signIn(page);
    await type(page, '250');
    await paySale(page);
    expect(await textOf(page, 'tender-changed')).toBe('');
    await scan(page, '8690000000012');
    await expect.poll(() => textOf(page, 'due')).toBe('€9.00');
    expect(await textOf(page, 'tender-changed')).toContain('It was €2.50');
    await page.context().close();
  });

  it('pays for an amount whose Enter came just before F12', async () => {
    const { page } = await openTill();
    await signIn(page);
    await type(page, '250');
    await Promise.all([page.keyboard.press('Enter'), page.keyboard.press('F12')]);
    await page.getByTestId('complete').waitFor();
    await expect.poll(() => textOf(page, 'due')).toBe('€2.50');
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
    // A key that types nothing: what the page still held back, in case it scans, goes before it.
    await page.keyboard.press('F1');
    await page.evaluate(() => window.till.reconnect());
    await page.getByTestId('core-down').waitFor({ state: 'detached' });
    expect(await textOf(page, 'total')).toBe('€6.50');
    expect(await textOf(page, 'amount')).toBe('€0.07');
    await page.context().close();
  });
});
