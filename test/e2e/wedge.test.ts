// Goal: 1,000 scans while a person types in every field, with every dialog open: 1,000 caught, and
// no character of them anywhere else.
// Method: the real app in its window; real key events of both hands, merged, at the paces of a
// scanner and a typist. The field is compared with what the person typed, and what the page handed
// to the till with what was scanned.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CDPSession, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { named } from '#test/support/rulesTill.ts';
import { scaled, seededRandom } from '#test/support/runs.ts';
import { payInCash, signIn, typeAmount } from '#test/support/shopFloor.ts';
import { DEMO_PROGRAMME, setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { recordScans, sendKeys } from '#test/support/wedgeInput.ts';
import {
  areMixedUp,
  endOf,
  personKeys,
  plainScanner,
  scanKeys,
} from '#test/support/wedgeScanner.ts';
import { electronOrSkip, openTillWindow } from '#test/support/window.ts';
import { demoCard } from '#tools/demoShop.ts';
import { projectFolder } from '#tools/project.ts';

const GOODWILL_PROGRAMME = JSON.stringify({
  ...JSON.parse(DEMO_PROGRAMME),
  gifts: {
    goodwillPerOperatorPerDay: 100,
    reasons: [{ reasonId: 'late', name: named('Waited long') }],
  },
});

/** None attaches a member, and none fits a product search. */
const CODES = [
  '9520000000097',
  ']E09520000000103',
  '4006381333931',
  'https://example.org/01/09520000000103?a=[1]&b={2}',
  ']C1011234567890123410AB-7\u001d21x',
];

/** An amount does not begin with 0. */
const TYPED = '123456789';
/** Of one round. */
const DIGITS = 5;
const SCANS = 4;

interface Place {
  readonly name: string;
  /** The source of the field, or null for a place without one. */
  readonly source: string | null;
  /** Goes there, and gives back what shows a person's digits. */
  readonly reach: (page: Page) => Promise<Locator>;
  readonly shows: (digits: string) => string;
}

const inField = (digits: string) => digits;
const asMoney = (digits: string) => `€${(Number(digits) / 100).toFixed(2)}`;

async function focused(field: Locator): Promise<Locator> {
  await field.waitFor();
  await field.focus();
  return field;
}

async function chooseFromMenu(page: Page, index: number): Promise<void> {
  await page.getByTestId('menu').click();
  await page.getByRole('menuitem').nth(index).click();
}

const places: readonly Place[] = [
  {
    name: 'the PIN of the lock screen',
    source: 'screens/Lock.tsx',
    reach: (page) => focused(page.getByTestId('pin')),
    shows: inField,
  },
  {
    name: 'the amount, without a field',
    source: null,
    async reach(page) {
      await page.getByTestId('pin').fill('');
      await signIn(page);
      return page.getByTestId('amount');
    },
    shows: asMoney,
  },
  {
    name: 'the product search',
    source: 'parts/entryColumn.tsx',
    async reach(page) {
      await page.keyboard.press('F3');
      return focused(page.locator('#product-search'));
    },
    shows: inField,
  },
  {
    name: 'the card number',
    source: 'parts/memberColumn.tsx',
    async reach(page) {
      await page.locator('#product-search').fill('');
      await page.keyboard.press('F2');
      return focused(page.locator('#card-number'));
    },
    shows: inField,
  },
  {
    name: 'goodwill points',
    source: 'parts/gifts.tsx',
    async reach(page) {
      await page.locator('#card-number').fill(demoCard(1));
      await page.keyboard.press('Enter');
      await page.getByTestId('member').waitFor();
      return focused(page.getByTestId('gifts').locator('input'));
    },
    shows: inField,
  },
  {
    name: 'the amount, with the question whether to cancel',
    source: null,
    async reach(page) {
      // Escape leaves the field, and asks at once where nothing else is open.
      await page.keyboard.press('Escape');
      await page.getByTestId('cancel').or(page.getByTestId('cancel-yes')).waitFor();
      if (await page.getByTestId('cancel').isVisible()) await page.getByTestId('cancel').click();
      await page.getByTestId('cancel-yes').waitFor();
      return page.getByTestId('amount');
    },
    shows: asMoney,
  },
  {
    name: 'what is given, at the payment',
    source: null,
    async reach(page) {
      await page.keyboard.press('Escape');
      await typeAmount(page, '100');
      await page.keyboard.press('F12');
      // A chosen radio button has the focus, and is no field.
      await page.getByRole('radio').nth(1).focus();
      return page.getByTestId('given');
    },
    shows: asMoney,
  },
  {
    name: 'the manager’s PIN, at a void',
    source: 'screens/Done.tsx',
    async reach(page) {
      await page.keyboard.press('Escape');
      await page.waitForTimeout(200);
      await payInCash(page);
      await page.keyboard.press('F8');
      await page.getByTestId('amount').waitFor();
      await page.keyboard.press('F8');
      await page.getByTestId('void').click();
      return focused(page.getByTestId('manager-pin'));
    },
    shows: inField,
  },
  {
    name: 'a device’s address',
    source: 'parts/deviceList.tsx',
    async reach(page) {
      await page.keyboard.press('F11');
      await page.getByTestId('pin').waitFor();
      await page.keyboard.type('9999', { delay: 80 });
      await page.keyboard.press('Enter');
      await page.getByTestId('total').waitFor();
      await chooseFromMenu(page, 3);
      return focused(page.getByTestId('devices').locator('input.field').first());
    },
    shows: inField,
  },
  {
    name: 'the text of the receipt',
    source: 'screens/ReceiptEditor.tsx',
    async reach(page) {
      await chooseFromMenu(page, 4);
      return focused(page.getByTestId('template-text'));
    },
    shows: inField,
  },
];

function sourcesOfFields(): string[] {
  const folder = path.join(projectFolder, 'renderer');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const fields = text.match(/<(Input|input|TextArea|textarea|select)\b|contentEditable/g) ?? [];
      return fields.map(() => file.replaceAll(path.sep, '/'));
    })
    .sort();
}

async function textIn(shown: Locator): Promise<string> {
  const isField = await shown.evaluate((element) => element.matches('input, textarea'));
  return isField ? shown.inputValue() : ((await shown.textContent()) ?? '');
}

async function clear(page: Page, shown: Locator): Promise<void> {
  const isField = await shown.evaluate((element) => element.matches('input, textarea'));
  if (isField) return shown.fill('');
  for (let digit = 0; digit < DIGITS; digit += 1) await page.keyboard.press('Backspace');
}

/** A person's digits, and scans that begin at any moment of theirs, one after the other. */
function oneRound(random: () => number) {
  const digits = Array.from({ length: DIGITS }, () => TYPED[Math.floor(random() * 9)] ?? '1');
  const touches = digits.map(() => ({ gapMs: 60 + random() * 90, holdMs: 60 + random() * 50 }));
  const keys = personKeys(digits, touches, 0);
  let startMs = 20 + random() * 100;
  const codes = Array.from({ length: SCANS }, () => {
    const code = CODES[Math.floor(random() * CODES.length)] ?? '';
    const gapMs = 2 + random() * 10;
    const scan = scanKeys(code, { ...plainScanner, gapMs, pressMs: gapMs / 2 }, startMs);
    startMs = endOf(scan) + 60 + random() * 100;
    keys.push(...scan);
    return code;
  });
  return { digits: digits.join(''), codes, keys };
}

async function scanWhileTyping(
  page: Page,
  session: CDPSession,
  place: Place,
  rounds: number,
): Promise<string[]> {
  const random = seededRandom(place.name);
  const sent: string[] = [];
  const shown = await place.reach(page);
  for (let index = 0; index < rounds; index += 1) {
    await clear(page, shown);
    let round = oneRound(random);
    while (areMixedUp(round.keys)) round = oneRound(random);
    await sendKeys(page, session, round.keys);
    sent.push(...round.codes);
    const at = `${place.name}, round ${index}:`;
    await expect
      .poll(async () => `${at} ${await textIn(shown)}`)
      .toBe(`${at} ${place.shows(round.digits)}`);
  }
  await clear(page, shown);
  return sent;
}

describe('a keyboard scanner at the real app', () => {
  it('has a place here for every field of the app', () => {
    const sources = places.flatMap(({ source }) => (source === null ? [] : [source]));
    expect(sourcesOfFields()).toEqual(sources.sort());
  });

  it('is caught in every field while a person types, and leaks nothing', async (context) => {
    const executable = electronOrSkip(context);
    const folder = temporaryFolder();
    setUpDemo(folder, {}, { programmeText: GOODWILL_PROGRAMME, nowMs: Date.now() });
    const { page } = await openTillWindow(executable, folder);
    const session = await page.context().newCDPSession(page);
    await page.getByTestId('lock-screen').waitFor();
    const caught = await recordScans(page);
    const rounds = scaled(1000 / (places.length * SCANS), 1);
    const sent: string[] = [];
    for (const place of places) {
      sent.push(...(await scanWhileTyping(page, session, place, rounds)));
      expect(await caught(), place.name).toEqual(sent);
    }
    console.log(`${sent.length} scans while typing: ${(await caught()).length} caught, 0 leaked`);
  }, 1_800_000);
});
