// Owns making a till out of an empty folder: its shop file, database, first programme and
// operators.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transaction, type WritableDb } from '#db/handle.ts';
import { upsertMembersFromServer } from '#db/members.ts';
import { closeDatabase, type OpenFault, openDatabase } from '#db/open.ts';
import { upsertOperator } from '#db/operators.ts';
import { upsertProducts } from '#db/products.ts';
import { insertProgramme } from '#db/programmes.ts';
import { createSyncState } from '#db/syncState.ts';
import { setWorkstation } from '#db/workstation.ts';
import { assert } from '#loyalty/assert.ts';
import type { Member } from '#loyalty/books/member.ts';
import { businessDayOf } from '#loyalty/calendar.ts';
import type { Product } from '#loyalty/pricing/basket.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import type { ProgrammeFault } from '#loyalty/programme/programmeFaults.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { DEMO_PINS, deviceSecret, hashPin, newPinSalt } from '#till/pins.ts';
import { programmeRow } from '#till/programmeCache.ts';
import { type Shop, tillIdOf } from '#till/shop.ts';

export const DATABASE_FILE = 'till.db';
export const BACKUP_FOLDER = 'backups';

export interface NewOperator {
  readonly operatorId: string;
  readonly name: string;
  readonly role: 'cashier' | 'manager';
  /** 4 … 8 digits; different for each operator. */
  readonly pin: string;
}

export interface SetUp {
  readonly dataFolder: string;
  readonly shop: Shop;
  readonly programmeText: string;
  readonly operators: readonly NewOperator[];
  /** What the till knows before its first sync. */
  readonly products: readonly Product[];
  readonly members: readonly Member[];
  readonly headOfficeToken: string | null;
  readonly nowMs: number;
}

export type SetUpFault =
  | { readonly code: 'programme-invalid'; readonly faults: readonly ProgrammeFault[] }
  | { readonly code: 'pin-published'; readonly operatorId: string }
  | { readonly code: 'pin-twice'; readonly operatorId: string }
  | { readonly code: 'database'; readonly fault: OpenFault };

function checkPins(setUp: SetUp): SetUpFault | null {
  const published = new Set<string>(setUp.shop.isDemo ? [] : Object.values(DEMO_PINS));
  const seen = new Set<string>();
  for (const { operatorId, pin } of setUp.operators) {
    if (published.has(pin)) return { code: 'pin-published', operatorId };
    if (seen.has(pin)) return { code: 'pin-twice', operatorId };
    seen.add(pin);
  }
  return null;
}

/** Makes the till. The shop file is written last: a folder without it was never set up. */
export function setUpTill(setUp: SetUp): Result<void, SetUpFault> {
  const { dataFolder, shop } = setUp;
  const pinFault = checkPins(setUp);
  if (pinFault !== null) return failure(pinFault);
  const programme = parseProgramme(setUp.programmeText);
  if (!programme.ok) return failure({ code: 'programme-invalid', faults: programme.error });
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const opened = openDatabase(path.join(dataFolder, DATABASE_FILE), {
    nowMs: setUp.nowMs,
    backupFolder: path.join(dataFolder, BACKUP_FOLDER),
  });
  if (!opened.ok) return failure({ code: 'database', fault: opened.error });
  const db = opened.value;
  const { timeZone, businessDayCutOver } = programme.value;
  transaction(db, () => {
    setWorkstation(db, {
      storeNumber: shop.storeNumber,
      tillNumber: shop.tillNumber,
      tillId: tillIdOf(shop),
      isDemo: shop.isDemo,
      lastAtMs: setUp.nowMs,
      businessDay: businessDayOf(setUp.nowMs, timeZone, businessDayCutOver),
    });
    createSyncState(db);
    const stored = insertProgramme(db, programmeRow(programme.value, setUp.programmeText));
    assert(stored !== 'different', 'an empty till has no programme');
    upsertProducts(
      db,
      setUp.products.map((product) => ({ ...product, isActive: true })),
    );
    upsertMembersFromServer(db, setUp.members, 0, setUp.nowMs);
    writeOperators(db, dataFolder, setUp.operators);
  });
  closeDatabase(db);
  if (setUp.headOfficeToken !== null) {
    const file = path.join(dataFolder, 'head-office.token');
    writeFileSync(file, `${setUp.headOfficeToken}\n`, { mode: 0o600 });
  }
  writeFileSync(path.join(dataFolder, 'shop.json'), `${JSON.stringify(shop, null, 2)}\n`);
  return success(undefined);
}

function writeOperators(
  db: WritableDb,
  dataFolder: string,
  operators: readonly NewOperator[],
): void {
  const secret = deviceSecret(dataFolder);
  const pinSalt = newPinSalt();
  for (const { operatorId, name, role, pin } of operators) {
    const pinHash = hashPin(pin, pinSalt, secret);
    upsertOperator(db, { operatorId, name, role, pinSalt, pinHash, isActive: true });
  }
}
