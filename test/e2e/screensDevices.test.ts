// Goal: devices and the receipt are set up by anyone: read from the right, by night, without a
// mouse, and the keyboard scanner by one scan of a code.
// Method: the product's own screens in real Chromium on a till that lives in the page; axe, boxes,
// the Tab key, and the keys of scanners set to other keyboards.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { wedgeTestCode } from '#drivers/scanner/wedge/wedgeLearning.ts';
import { devices } from '#test/support/fakeDevices.ts';
import {
  callsOf,
  DEVICES,
  type Look,
  openAsManager,
  openFromMenu,
  RECEIPT,
  scan,
  textOf,
  useScreens,
} from '#test/support/screensBrowser.ts';
import { faultsOf } from '#test/support/screensJudge.ts';
import type { MethodInput } from '#till/contract.ts';
import { en } from '#words/en.ts';
import { tr } from '#words/tr.ts';

useScreens();

describe('devices and the receipt', () => {
  const looks: readonly Look[] = [
    { language: 'tr', theme: 'light', width: 1024, height: 768 },
    { language: 'en', theme: 'dark', width: 1024, height: 768 },
  ];
  it.each(looks)('are whole and accessible when read from the right: %o', async (look) => {
    const page = await openAsManager(look, DEVICES);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    await page.getByTestId('devices').waitFor();
    const findings: Record<string, string[]> = { devices: await faultsOf(page) };
    await page.evaluate(() =>
      window.till.patchDevices({ lastTest: { test: 'codePages', state: 'confirmed' } }),
    );
    await page.getByTestId('page-X').scrollIntoViewIfNeeded();
    findings['letters'] = await faultsOf(page);
    await page.getByTestId('teach').click();
    await page.getByTestId('teach-code128').scrollIntoViewIfNeeded();
    await expect
      .poll(() => page.getByTestId('teach-code128').getAttribute('height'))
      .not.toBe('150');
    findings['teaching'] = await faultsOf(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await openFromMenu(page, RECEIPT);
    await page.getByTestId('receipt-editor').getByTestId('paper').waitFor();
    findings['receipt'] = await faultsOf(page);
    expect(findings).toEqual({ devices: [], letters: [], teaching: [], receipt: [] });
    await page.context().close();
  });

  it.each([DEVICES, RECEIPT])(
    'are reached by Tab in order, each seen: menu item %i',
    async (item) => {
      const page = await openAsManager({}, item);
      const screen = page.locator('main');
      await screen.getByRole('heading').first().waitFor();
      await page.evaluate(() =>
        window.till.patchDevices({ lastTest: { test: 'codePages', state: 'confirmed' } }),
      );
      const wanted = await screen.evaluate((main) => {
        const stops = 'button:not([disabled]), input, textarea, [tabindex="0"]';
        return [...main.querySelectorAll<HTMLElement>(stops)]
          .filter((one) => one.tabIndex >= 0 && one.closest('[aria-hidden=true]') === null)
          .filter(
            (one) =>
              one.role !== 'radio' && !(one instanceof HTMLInputElement && one.type === 'file'),
          )
          .map((one, index) => {
            one.dataset['stop'] = String(index);
            return String(index);
          });
      });
      expect(wanted.length).toBeGreaterThan(5);
      const reached: string[] = [];
      const unseen: string[] = [];
      for (let press = 0; press < wanted.length + 30; press += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const focused = document.activeElement;
          if (!(focused instanceof HTMLElement)) return null;
          const shown = focused.closest('label')?.querySelector('.switch-track') ?? focused;
          const { outlineStyle, outlineWidth } = getComputedStyle(shown);
          const box = shown.getBoundingClientRect();
          const isInView = box.top < innerHeight && box.bottom > 0;
          const isSeen =
            outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && isInView;
          return { stop: focused.dataset['stop'] ?? null, isSeen, html: focused.outerHTML };
        });
        if (at?.stop != null && !reached.includes(at.stop)) {
          reached.push(at.stop);
          if (!at.isSeen) unseen.push(at.html.slice(0, 160));
        }
      }
      expect(reached).toEqual(wanted);
      expect(unseen).toEqual([]);
      // Esc leaves a field first, then the screen.
      await screen.locator('input[type=text], textarea').first().focus();
      await page.keyboard.press('Escape');
      expect(await screen.count()).toBe(1);
      await page.keyboard.press('Escape');
      await page.getByTestId('amount').waitFor();
      await page.context().close();
    },
  );

  it('shows prices in one column beside letters of two', async () => {
    const page = await openAsManager({}, RECEIPT);
    await page.getByTestId('paper').waitFor();
    // Paper begins at its left edge, whatever the page around it does.
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    const rows = await page.getByTestId('paper').evaluate((paper) =>
      [...paper.children]
        .filter((row) => /[€₺][0-9]/.test(row.textContent ?? ''))
        .map((row) => {
          const range = document.createRange();
          range.selectNodeContents(row);
          const { left, right } = range.getBoundingClientRect();
          const word = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
          const first = document.createRange();
          const letters = word.nextNode() ?? row;
          first.setStart(letters, 0);
          first.setEnd(letters, 1);
          const isFromLeft = first.getBoundingClientRect().left < (left + right) / 2;
          return { text: row.textContent, widthPx: right - left, isFromLeft };
        }),
    );
    expect(rows.some(({ text }) => text?.includes('绿茶'))).toBe(true);
    expect(rows.every(({ isFromLeft }) => isFromLeft)).toBe(true);
    const widths = rows.map(({ widthPx }) => widthPx);
    expect(Math.max(...widths) - Math.min(...widths), JSON.stringify(rows)).toBeLessThan(1);
    await page.context().close();
  });

  it('asks which row of letters is right, and keeps the answer', async () => {
    const page = await openAsManager({}, DEVICES);
    await page.evaluate(() =>
      window.till.patchDevices({ lastTest: { test: 'codePages', state: 'confirmed' } }),
    );
    await page.getByTestId('page-B').click();
    await page.getByTestId('page-none').click();
    expect(await callsOf(page, 'devices.confirmPage')).toEqual([
      { confirmedPage: { page: 'windows1254', number: 91 } },
      { confirmedPage: null },
    ]);
    await page.context().close();
  });

  it.each(['en', 'tr'] as const)('say how a forbidden device is allowed: %s', async (language) => {
    const page = await openAsManager({ language }, DEVICES);
    const sentence = (language === 'en' ? en : tr)['device.not-permitted'];
    expect(sentence).toContain('packaging/70-puan.rules');
    expect(await textOf(page, 'devices')).toContain(sentence);
    await page.context().close();
  });
});

describe('the settings of a scanner', () => {
  const SERIAL = 1;
  const scanner = (page: Page, index: number) =>
    page
      .getByTestId('devices')
      .getByRole('list', { name: en['devices.chosen'] })
      .locator('> li')
      .nth(index);
  /** What was saved last; the page is shown it, as a till does that keeps it. */
  async function saved(page: Page, count: number): Promise<unknown> {
    const calls = () => callsOf(page, 'devices.save') as Promise<MethodInput<'devices.save'>[]>;
    await expect.poll(async () => (await calls()).length).toBe(count);
    const last = (await calls()).at(-1);
    if (last === undefined) return null;
    await page.evaluate((patch) => window.till.patchDevices(patch), last);
    return last.configuration.scanners[SERIAL];
  }

  it('are folded, reached by keys, named, and keep one another', async () => {
    const page = await openAsManager({}, DEVICES);
    const more = scanner(page, SERIAL).getByTestId('more-settings');
    expect(await more.getAttribute('aria-expanded')).toBe('false');
    await more.focus();
    await page.keyboard.press('Enter');
    expect(await more.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: en['devices.parity.even'] }).click();
    expect(await saved(page, 1)).toMatchObject({ parity: 'even', commands: 'datalogic' });
    await page.getByRole('button', { name: en['devices.flowControl'] }).click();
    await page.getByRole('option', { name: en['devices.flowControl.xon-xoff'] }).click();
    expect(await saved(page, 2)).toMatchObject({ parity: 'even', flowControl: 'xon-xoff' });
    await page.getByRole('switch', { name: en['devices.acknowledged'] }).focus();
    await page.keyboard.press('Space');
    const set = { parity: 'even', flowControl: 'xon-xoff', isAcknowledged: true };
    expect(await saved(page, 3)).toMatchObject({ ...set, commands: 'datalogic' });
    expect(await faultsOf(page)).toEqual([]);
    // Packets have none of these; with plain text they are there again.
    const speak = async (language: 'serial' | 'ssi') => {
      await scanner(page, SERIAL).getByRole('button', { name: en['devices.language'] }).click();
      await page.getByRole('option', { name: en[`devices.language.${language}`] }).click();
    };
    await speak('ssi');
    expect(await saved(page, 4)).toEqual({
      type: 'ssi',
      name: 'Datalogic Gryphon GD4200',
      address: 'usb:05f9:4204@1-2.3',
      baudRate: 9600,
    });
    await speak('serial');
    expect(await saved(page, 5)).toMatchObject({ ...set, commands: 'datalogic' });
    await page.context().close();
  });

  it('stand under its name, also while it is not plugged in or nobody searched', async () => {
    const page = await openAsManager({}, DEVICES);
    const titleOf = (index: number) => scanner(page, index).locator('.font-semibold').first();
    expect(await titleOf(SERIAL).textContent()).toBe('Datalogic Gryphon GD4200');
    // A network printer has no name but the one that it told when it was asked.
    const PRINTER = 2;
    expect(await titleOf(PRINTER).textContent()).toBe('TM-T20III');
    const found = (devices.found ?? []).map((device) => ({ ...device, problem: null }));
    await page.evaluate((patch) => window.till.patchDevices(patch), { found });
    await page.getByRole('button', { name: 'Use POS58 USB printer', exact: true }).click();
    await expect.poll(() => callsOf(page, 'devices.save')).toHaveLength(1);
    const [call] = (await callsOf(page, 'devices.save')) as MethodInput<'devices.save'>[];
    expect(call?.configuration.printer).toMatchObject({
      name: 'POS58 USB printer',
      address: 'usb:0416:5011@1-4',
    });
    await page.context().close();
  });

  it('are told apart by the names of their buttons', async () => {
    const page = await openAsManager({}, DEVICES);
    const screen = page.getByTestId('devices');
    await screen.getByTestId('find-devices').waitFor();
    for (const name of ['Honeywell Voyager 1470g', 'Datalogic Gryphon GD4200', 'TM-T20III']) {
      const remove = { name: `Do not use ${name} any more`, exact: true };
      expect(await screen.getByRole('button', remove).count(), name).toBe(1);
    }
    const uses = await screen.getByRole('button', { name: /^Use / }).allTextContents();
    expect(uses.length).toBeGreaterThan(1);
    expect(new Set(uses).size).toBe(uses.length);
    await page.context().close();
  });

  it('offer a scanner only the makers whose commands it obeys', async () => {
    const page = await openAsManager({}, DEVICES);
    const makersOf = async (index: number) => {
      await scanner(page, index).getByRole('button', { name: en['devices.commands'] }).click();
      const names = await page.getByRole('option').allTextContents();
      await page.keyboard.press('Escape');
      await page.getByRole('option').first().waitFor({ state: 'detached' });
      return names;
    };
    expect(await makersOf(0)).toEqual(['None', 'Honeywell']);
    expect(await makersOf(SERIAL)).toEqual(['None', 'Honeywell', 'Datalogic', 'CipherLab']);
    await page.context().close();
  });

  it('mark as taken what a sale takes, and nothing else', async () => {
    const page = await openAsManager({}, DEVICES);
    const show = (key: string) =>
      page.evaluate(
        (meaning) => {
          const ending = 'cr' as const;
          const bytes = { hex: '31', byteCount: 1, ending, durationMs: 0, scanDataType: null };
          const read = { readId: 9, deviceId: 'hid:1', ...bytes, meaning };
          window.till.patchDevices({ reads: [read] });
        },
        { key, args: { barcode: '1', name: 'x', name_en: 'x' } },
      );
    const line = page.getByTestId('read-meaning').locator('xpath=..');
    const tones = [
      ['reading.product-unknown', 'text-bad'],
      ['reading.product', 'text-good'],
      ['reading.coupon', 'text-bad'],
      ['reading.partner', 'text-good'],
      ['reading.card-wrong-length', 'text-bad'],
      ['reading.receipt', 'text-good'],
    ] as const;
    for (const [key, tone] of tones) {
      await show(key);
      await expect.poll(() => line.getAttribute('class'), { message: key }).toContain(tone);
    }
    await page.context().close();
  });
});

describe('what happens without a press', () => {
  it('is read out: the end of a search, and an answer with its cure', async () => {
    const page = await openAsManager({}, DEVICES);
    const patch = (devices: object) =>
      page.evaluate((some) => window.till.patchDevices(some), devices);
    await patch({ isFinding: true });
    await expect.poll(() => textOf(page, 'search-end')).toBe(en['devices.finding']);
    await patch({ isFinding: false });
    await expect.poll(() => textOf(page, 'search-end')).toMatch(/^\d+ devices found$/);
    await patch({ found: [] });
    await expect.poll(() => textOf(page, 'search-end')).toBe(en['devices.none']);
    expect(await page.getByTestId('search-end').getAttribute('role')).toBe('status');
    const address = 'tcp://192.168.1.50:9100';
    const region = page.getByRole('status').filter({ hasText: en['devices.cure.paper'] });
    expect(await region.count()).toBe(0);
    await patch({ results: [{ kind: 'paper', address, isPassed: false, atMs: 0 }] });
    await region.getByTestId('result-paper').waitFor();
    await page.context().close();
  });
});

describe('teaching a keyboard scanner', () => {
  it.each(['turkish-q', 'german'] as const)('learns from one scan, set to %s', async (layout) => {
    const page = await openAsManager({}, DEVICES);
    await page.getByTestId('teach').click();
    await page.getByTestId('teach-qrcode').waitFor();
    await scan(page, wedgeTestCode, { layout });
    await page.getByTestId('keep-wedge').waitFor();
    const described = await textOf(page, 'wedge-described');
    expect(described).toContain(en[`teach.layout.${layout}`]);
    expect(described).toContain(en['teach.ending.enter']);
    expect(await callsOf(page, 'devices.saveWedge')).toEqual([]);
    await page.getByTestId('keep-wedge').click();
    await expect.poll(() => callsOf(page, 'devices.saveWedge')).toHaveLength(1);
    expect(await callsOf(page, 'devices.saveWedge')).toMatchObject([
      { wedge: { layout, suffix: ['Enter'], prefix: [] } },
    ]);
    await page.getByTestId('keep-wedge').waitFor({ state: 'detached' });
    expect(await textOf(page, 'wedge-described')).toContain(en[`teach.layout.${layout}`]);
    expect(await callsOf(page, 'scan.submit')).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong with another code, and lets no key through', async () => {
    const page = await openAsManager({}, DEVICES);
    await page.getByTestId('teach').click();
    await page.getByTestId('teach-qrcode').waitFor();
    // The end of the day, the lock, a search, a button that has the focus: none may answer.
    await page.getByTestId('find-devices').focus();
    const before = await page.evaluate(() => window.till.calls().length);
    // All at once: a pause between two of them would be the end of the scan.
    const keys = ['F10', 'F11', 'F5', 'Tab', 'Enter', ' ', '7'];
    await Promise.all(keys.map((key) => page.keyboard.press(key)));
    expect(await page.getByTestId('find-devices').evaluate((one) => one.matches(':focus'))).toBe(
      true,
    );
    const after = await page.evaluate(() => window.till.calls().map(({ method }) => method));
    expect(after.slice(before).filter((method) => method !== 'devices.watch')).toEqual([]);
    await page.getByTestId('teach-problem').waitFor();
    await page.getByTestId('teach').click();
    await scan(page, '8690000000012');
    await page.getByTestId('teach-problem').waitFor();
    expect(await textOf(page, 'teach-problem')).toBe(en['teach.problem.code-not-found']);
    // Esc ends the teaching, and only then the screen.
    await page.keyboard.press('Escape');
    await page.getByTestId('teach-problem').waitFor({ state: 'detached' });
    await page.getByTestId('teach').click();
    await page.getByTestId('teach-qrcode').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('teach-qrcode').waitFor({ state: 'detached' });
    expect(await page.getByTestId('devices').count()).toBe(1);
    expect(await callsOf(page, 'scan.submit')).toEqual([]);
    expect(await callsOf(page, 'devices.saveWedge')).toEqual([]);
    await page.context().close();
  });
});
