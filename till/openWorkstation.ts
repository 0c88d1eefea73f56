// Owns opening a workstation: its shop and store, and the sale in progress as it was left.
import path from 'node:path';
import { loadDraft } from '#db/drafts.ts';
import { storeFault, transaction, type WritableDb } from '#db/handle.ts';
import { checkHoldings, rebuildHoldings } from '#db/holdings.ts';
import { memberById } from '#db/members.ts';
import { closeDatabase, openDatabase } from '#db/open.ts';
import { checkProjection, rebuildBalance } from '#db/projectionCheck.ts';
import { openReservations } from '#db/reservations.ts';
import { readClock } from '#db/workstation.ts';
import { EMPTY_BOOKS } from '#loyalty/books/books.ts';
import { makeUuid7, UUID7_RANDOM_BYTES } from '#loyalty/ids.ts';
import type { Basket } from '#loyalty/pricing/basket.ts';
import { openBasket } from '#loyalty/pricing/basket.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import { serve, storeDraft } from '#till/basketFlow.ts';
import type { TillError } from '#till/contract.ts';
import { SYSTEM_OPERATOR } from '#till/entry.ts';
import { deviceSecret } from '#till/pins.ts';
import { createProgrammeCache, type ProgrammeCache } from '#till/programmeCache.ts';
import { currentBusinessDay } from '#till/reports.ts';
import { releaseReservations } from '#till/reservationJournal.ts';
import { saleOf } from '#till/served.ts';
import { BACKUP_FOLDER, DATABASE_FILE } from '#till/setUp.ts';
import { readShop, type Shop } from '#till/shop.ts';
import type { SessionState, Workstation } from '#till/workstation.ts';

export interface WorkstationOptions {
  readonly dataFolder: string;
  readonly nowMs: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Runs after each change of the session. */
  readonly onChange: () => void;
}

function initialState(
  programmes: ProgrammeCache,
  basket: Basket,
  businessDay: string,
): SessionState {
  const inForce = programmes.at(basket.openedAtMs);
  const served = { member: null, books: EMPTY_BOOKS };
  const moment = { atMs: basket.openedAtMs, operatorId: SYSTEM_OPERATOR, saleDigestHex: null };
  return {
    operator: null,
    basket,
    member: null,
    inForce,
    served,
    pricing: priceSale(inForce.compiled, saleOf({ ...basket, rewards: [] }), served, {
      ...moment,
      channel: 'till',
    }),
    askingRewardId: null,
    lastSale: null,
    notice: null,
    noticeCount: 0,
    isClockSuspect: false,
    businessDay,
    lastId: basket.transactionId,
  };
}

/**
 * The basket of the draft, or a new one. The draft is this till's own: its shape is trusted. An
 * empty one gets a fresh id: two tills made from one disk image must not sell under the same.
 */
function restoreBasket(db: WritableDb, options: WorkstationOptions): Basket {
  const draft = loadDraft(db);
  const basket = draft === null ? null : (JSON.parse(draft.body) as Basket);
  if (basket !== null && (basket.lines.length > 0 || basket.memberId !== null)) return basket;
  const nowMs = options.nowMs();
  const id = makeUuid7(nowMs, null, options.randomBytes(UUID7_RANDOM_BYTES));
  return openBasket(id, nowMs);
}

/** Latest ledger entries and movements whose cached figures are compared at each start. */
const CHECKED_ENTRIES = 50;

/** A cached balance that is not what its sources say is a bug: it is said, and set right. */
function checkBalances(db: WritableDb): void {
  for (const mismatch of checkProjection(db, CHECKED_ENTRIES).mismatches) {
    process.stderr.write(`core balance.mismatch ${JSON.stringify(mismatch)}\n`);
    rebuildBalance(db, mismatch);
  }
  for (const mismatch of checkHoldings(db, CHECKED_ENTRIES)) {
    process.stderr.write(`core holding.mismatch ${JSON.stringify(mismatch)}\n`);
    transaction(db, () => rebuildHoldings(db, mismatch.owner));
  }
}

/** Lets go what a crash left open: questions without an answer, rewards of no open basket. */
function settleReservations(workstation: Workstation): void {
  const { db, state } = workstation;
  const kept = new Set(state.basket.rewards.map((reward) => reward.reservationId));
  const lost = openReservations(db).filter(
    ({ reservationId, state: stage }) => stage === 'asking' || !kept.has(reservationId),
  );
  transaction(db, () => {
    releaseReservations(workstation, lost, 'cancelled');
    storeDraft(workstation);
  });
}

function restore(db: WritableDb, shop: Shop, options: WorkstationOptions): Workstation {
  checkBalances(db);
  const programmes = createProgrammeCache(db);
  const basket = restoreBasket(db, options);
  const nowMs = options.nowMs();
  const reading = readClock(db, nowMs, programmes.businessDay(nowMs));
  const state = initialState(programmes, basket, reading.businessDay);
  state.isClockSuspect = reading.isClockSuspect;
  const workstation: Workstation = {
    db,
    shop,
    dataFolder: options.dataFolder,
    deviceSecret: deviceSecret(options.dataFolder),
    programmes,
    nowMs: options.nowMs,
    randomBytes: options.randomBytes,
    state,
    changed: options.onChange,
  };
  state.businessDay = currentBusinessDay(workstation);
  serve(workstation, basket.memberId === null ? null : memberById(db, basket.memberId));
  settleReservations(workstation);
  return workstation;
}

/** Opens what the folder holds. A fault says which file; nothing is deleted or replaced. */
export function openWorkstation(options: WorkstationOptions): Result<Workstation, TillError> {
  const shop = readShop(options.dataFolder);
  if (!shop.ok) {
    const { path: file, problems } = shop.error;
    const args = { fault: 'shop-file', path: file };
    return failure({ code: 'store-unavailable', args, detail: problems.join('; ') });
  }
  const file = path.join(options.dataFolder, DATABASE_FILE);
  const backupFolder = path.join(options.dataFolder, BACKUP_FOLDER);
  const opened = openDatabase(file, { nowMs: options.nowMs(), backupFolder });
  if (!opened.ok) {
    const { code, path: where, detail } = opened.error;
    return failure({ code: 'store-unavailable', args: { fault: code, path: where }, detail });
  }
  try {
    return success(restore(opened.value, shop.value, options));
  } catch (error) {
    const fault = storeFault(error);
    if (fault === null) throw error;
    closeDatabase(opened.value);
    const detail = String(error);
    return failure({ code: 'store-unavailable', args: { fault, path: file }, detail });
  }
}
