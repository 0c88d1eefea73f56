// Owns a whole till for tests: a real folder and database, a clock that only the test moves.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { closeDatabase } from '#db/open.ts';
import { assert } from '#loyalty/assert.ts';
import { temporaryFolder } from '#test/support/tillDatabase.ts';
import { openWorkstation } from '#till/openWorkstation.ts';
import { type SetUp, setUpTill } from '#till/setUp.ts';
import type { Shop } from '#till/shop.ts';
import { checkPin } from '#till/signIn.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoMembers, demoOperators, demoProducts, demoShop } from '#tools/demoShop.ts';

export const DEMO_PROGRAMME = readFileSync(
  path.join(import.meta.dirname, '../../programmes/demo.json'),
  'utf8',
);

/** 2026-11-27T09:00:00Z, noon in Istanbul. */
export const NOON_MS = Date.parse('2026-11-27T09:00:00Z');

export interface TestClock {
  nowMs: number;
}

export function setUpDemo(
  dataFolder: string,
  shop: Partial<Shop> = {},
  rest: Partial<SetUp> = {},
): void {
  const done = setUpTill({
    dataFolder,
    shop: { ...demoShop, ...shop },
    programmeText: DEMO_PROGRAMME,
    operators: demoOperators,
    products: demoProducts,
    members: demoMembers,
    headOfficeToken: null,
    nowMs: NOON_MS,
    ...rest,
  });
  assert(done.ok, done.ok ? '' : JSON.stringify(done.error));
}

/** Opens the workstation of a folder that was set up; closed after the test. */
export function openTill(dataFolder: string, clock: TestClock): Workstation {
  const opened = openWorkstation({
    dataFolder,
    nowMs: () => clock.nowMs,
    randomBytes: (size) => randomBytes(size),
    onChange: () => {},
  });
  assert(opened.ok, opened.ok ? '' : JSON.stringify(opened.error));
  onTestFinished(() => closeDatabase(opened.value.db));
  return opened.value;
}

/** A demo till with the cashier signed in. */
export function newTill(
  shop: Partial<Shop> = {},
  rest: Partial<SetUp> = {},
): {
  readonly workstation: Workstation;
  readonly clock: TestClock;
  readonly dataFolder: string;
} {
  const dataFolder = temporaryFolder();
  setUpDemo(dataFolder, shop, rest);
  const clock = { nowMs: NOON_MS };
  const workstation = openTill(dataFolder, clock);
  const cashier = checkPin(workstation, '1111');
  assert(cashier.ok, 'the demo cashier signs in');
  workstation.state.operator = cashier.value;
  return { workstation, clock, dataFolder };
}
