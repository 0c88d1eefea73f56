// Goal: 1,000 scans while a person types in every field, with every dialog open: 1,000 caught, and
// no character of them anywhere else.
// Method: the real app in its window; real key events of both hands, merged, at the paces of a
// scanner and a typist. The field is compared with what the person typed, and what the page handed
// to the till with what was scanned.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startVirtualPrinter } from '#drivers/virtual/printer.ts';
import { assert } from '#loyalty/assert.ts';
import { named } from '#test/support/rulesTill.ts';
import { scaled, seededRandom } from '#test/support/runs.ts';
import { DEMO_PROGRAMME, setUpDemo } from '#test/support/till.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { FAR_AHEAD_MS, recordScans, sendKeys } from '#test/support/wedgeInput.ts';
import { type Place, places } from '#test/support/wedgePlaces.ts';
import {
  areMixedUp,
  endOf,
  personKeys,
  plainScanner,
  scanKeys,
} from '#test/support/wedgeScanner.ts';
import { electronOrSkip, openTillWindow } from '#test/support/window.ts';
import { projectFolder } from '#tools/project.ts';

const GOODWILL_PROGRAMME = JSON.stringify({
  ...JSON.parse(DEMO_PROGRAMME),
  gifts: {
    goodwillPerOperatorPerDay: 100,
    reasons: [{ reasonId: 'late', name: named('Waited long') }],
  },
});

/** A person's, in one round. */
const KEYS = 5;
const SCANS = scaled(4, 2);
const ROUNDS = scaled(1000 / (places.length * SCANS), 1);
/** A machine that is late with the keys so often in a row cannot run this test. */
const ATTEMPTS = 8;

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

/** A person's keys, and scans that begin at any moment of theirs, one after the other. */
function oneRound(place: Place, random: () => number) {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const pressed = Array.from({ length: KEYS }, () => pick(place.keys));
  const touches = pressed.map(() => ({ gapMs: 60 + random() * 90, holdMs: 60 + random() * 50 }));
  const keys = personKeys(pressed, touches, 0);
  let startMs = 20 + random() * 100;
  const codes = Array.from({ length: SCANS }, () => {
    const code = pick(place.codes);
    const gapMs = 2 + random() * 10;
    const scan = scanKeys(code, { ...plainScanner, gapMs, pressMs: gapMs / 2 }, startMs);
    startMs = endOf(scan) + 60 + random() * 100;
    keys.push(...scan);
    return code;
  });
  return { pressed, codes, keys };
}

interface Desk {
  readonly page: Page;
  readonly session: CDPSession;
  readonly caught: () => Promise<string[]>;
}

/** Scans and types once; false where the machine was late with the keys and so mixed them up. */
async function isShown(
  desk: Desk,
  place: Place,
  at: string,
  random: () => number,
  aheadMs?: number,
) {
  const { page, session, caught } = desk;
  await place.clear(page);
  const before = (await caught()).length;
  let round = oneRound(place, random);
  while (areMixedUp(round.keys)) round = oneRound(place, random);
  const isInTime = await sendKeys(page, session, round.keys, aheadMs);
  const expected = { codes: round.codes, shown: place.shows(round.pressed) };
  const seen = async () => ({
    codes: (await caught()).slice(before),
    shown: await place.read(page),
  });
  if (!isInTime) return isDeepStrictEqual(await seen(), expected);
  await expect.poll(seen, { timeout: 10_000, message: at }).toEqual(expected);
  return true;
}

async function scanWhileTyping(desk: Desk, place: Place): Promise<number> {
  const random = seededRandom(place.name);
  let late = 0;
  await place.reach(desk.page);
  for (let index = 0; index < ROUNDS; index += 1) {
    const at = `${place.name}, round ${index}`;
    let attempt = 0;
    while (!(await isShown(desk, place, at, random, attempt > 0 ? FAR_AHEAD_MS : undefined))) {
      attempt += 1;
      assert(attempt < ATTEMPTS, `${at}: the machine has time for the keys before they are due`);
    }
    late += attempt;
  }
  await place.clear(desk.page);
  return late;
}

describe('a keyboard scanner at the real app', () => {
  it('has a place here for every field of the app', () => {
    const sources = places.flatMap(({ source }) => (source === null ? [] : [source]));
    expect(sourcesOfFields()).toEqual(sources.sort());
  });

  it('is caught in every field while a person types, and leaks nothing', async (context) => {
    const executable = electronOrSkip(context);
    const folder = temporaryFolder();
    // The power fails amid the receipt: then the till asks whether paper came out.
    const printer = await startVirtualPrinter({ powerCutAtLine: 5 });
    onTestFinished(() => printer.close());
    setUpDemo(
      folder,
      { printer: { address: printer.address, profileId: 'epson-80' } },
      { programmeText: GOODWILL_PROGRAMME, nowMs: Date.now() },
    );
    const { page } = await openTillWindow(executable, folder);
    page.setDefaultTimeout(20_000);
    const session = await page.context().newCDPSession(page);
    await page.getByTestId('lock-screen').waitFor();
    const desk = { page, session, caught: await recordScans(page) };
    const count = ROUNDS * SCANS;
    let late = 0;
    for (const place of places) {
      const lateHere = await scanWhileTyping(desk, place);
      console.log(`${place.name}: ${count} of ${count} scans caught; late ${lateHere} times`);
      late += lateHere;
    }
    console.log(`${count * places.length} scans while typing: all caught, 0 leaked; ${late} late`);
  }, 3_600_000);
});
