// Owns a demo till for a bench: its folder, set up with the real clock.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assert } from '#loyalty/assert.ts';
import { setUpTill } from '#till/setUp.ts';
import type { Shop } from '#till/shop.ts';
import { demoMembers, demoOperators, demoProducts, demoShop } from '#tools/demoShop.ts';

export function setUpBenchTill(dataFolder: string, shop: Partial<Shop> = {}): void {
  const programme = path.join(import.meta.dirname, '../programmes/demo.json');
  const done = setUpTill({
    dataFolder,
    shop: { ...demoShop, ...shop },
    programmeText: readFileSync(programme, 'utf8'),
    operators: demoOperators,
    products: demoProducts,
    members: demoMembers,
    headOfficeToken: null,
    nowMs: Date.now(),
  });
  assert(done.ok, 'the demo till is set up');
}
