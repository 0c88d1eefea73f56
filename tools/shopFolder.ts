// Owns the folder of a shop before the till opens it: the demo's, or a new real one.
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DEMO_PINS } from '#till/pins.ts';
import { type SetUpFault, setUpTill } from '#till/setUp.ts';
import type { Shop } from '#till/shop.ts';
import { demoMembers, demoOperators, demoProducts, demoShop } from '#tools/demoShop.ts';
import { projectFolder } from '#tools/project.ts';

export const demoProgrammeText = (): string =>
  readFileSync(path.join(projectFolder, 'programmes/demo.json'), 'utf8');

export function isSetUp(folder: string): boolean {
  return existsSync(path.join(folder, 'shop.json'));
}

function orThrow(result: { ok: true } | { ok: false; error: SetUpFault }): void {
  if (!result.ok) throw new Error(`the shop could not be set up: ${JSON.stringify(result.error)}`);
}

export interface DemoSurroundings {
  readonly headOfficeUrl: string;
  readonly headOfficeToken: string;
}

/** Makes the demo shop in an empty folder. Its devices are named when the till starts. */
export function setUpDemoShop(folder: string, around: DemoSurroundings): void {
  const shop: Shop = { ...demoShop, headOffice: { url: around.headOfficeUrl } };
  orThrow(
    setUpTill({
      dataFolder: folder,
      shop,
      programmeText: demoProgrammeText(),
      operators: demoOperators,
      products: demoProducts,
      members: demoMembers,
      headOfficeToken: around.headOfficeToken,
      nowMs: Date.now(),
    }),
  );
}

export interface NewPins {
  readonly cashier: string;
  readonly manager: string;
}

/** Two different PINs, neither of them published. */
function drawPins(): NewPins {
  const taken = new Set<string>(Object.values(DEMO_PINS));
  const draw = (): string => {
    const pin = String(randomInt(0, 1_000_000)).padStart(6, '0');
    if (taken.has(pin)) return draw();
    taken.add(pin);
    return pin;
  };
  return { cashier: draw(), manager: draw() };
}

/** Makes a real shop in an empty folder: no members, no products, PINs shown this once. */
export function setUpRealShop(folder: string): NewPins {
  const pins = drawPins();
  orThrow(
    setUpTill({
      dataFolder: folder,
      shop: {
        ...demoShop,
        storeName: 'My shop',
        addressLines: [],
        taxNumber: '',
        footerLines: [],
        isDemo: false,
      },
      programmeText: demoProgrammeText(),
      operators: [
        { operatorId: 'op-1', name: 'Cashier', role: 'cashier', pin: pins.cashier },
        { operatorId: 'op-2', name: 'Manager', role: 'manager', pin: pins.manager },
      ],
      products: [],
      members: [],
      headOfficeToken: null,
      nowMs: Date.now(),
    }),
  );
  return pins;
}
