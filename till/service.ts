// Owns the wiring: each method of the contract to the use-case that does it.

import type { WritableDb } from '#db/handle.ts';
import { memberByKey } from '#db/members.ts';
import { insertPrintJob, originalPrintJob } from '#db/printJobs.ts';
import { searchProducts } from '#db/products.ts';
import { recentSales, saleBySeq, saleByTransactionId } from '#db/sales.ts';
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { previewReceipt } from '#drivers/printer/paper/layout.ts';
import { parseFrame } from '#drivers/scanner/symbology.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import {
  addAmount,
  addProduct,
  applyEvent,
  cancelBasket,
  DONE,
  removeMember,
} from '#till/basketFlow.ts';
import { commitSale, committedView } from '#till/commit.ts';
import type { CommittedSale, MethodOutput, SessionSnapshot, TillError } from '#till/contract.ts';
import type { DeviceDesk } from '#till/deviceDesk.ts';
import { recordDrawerOpening } from '#till/drawer.ts';
import { giveEvent, giveForReason } from '#till/gifts.ts';
import type { PrintQueue } from '#till/printQueue.ts';
import { closeDay, currentBusinessDay, dayReport, printX } from '#till/reports.ts';
import { claimReward, type ReservationDesk, removeReward } from '#till/rewards.ts';
import { handleScan, identifyTyped } from '#till/scanRouting.ts';
import type { Handlers } from '#till/serve.ts';
import { lock, managerFor, signIn } from '#till/signIn.ts';
import { lineViews, SNAPSHOT_LINES } from '#till/snapshot.ts';
import { templateHandlers } from '#till/templateDesk.ts';
import { voidLastSale } from '#till/voidSale.ts';
import { atomically, tellCashier, type Workstation } from '#till/workstation.ts';

/** What the service needs of the line to head office. */
export interface SyncDesk extends ReservationDesk {
  /** A sale was journalled: send it when the line is up. */
  nudge(): void;
  /** A run that a person asked for, with its progress in the snapshot. */
  start(): void;
  stop(): void;
  isOnline(): boolean;
  view(): SessionSnapshot['sync'];
}

export interface ServiceParts {
  readonly workstation: Workstation;
  readonly printQueue: PrintQueue;
  readonly sync: SyncDesk;
  readonly devices: DeviceDesk;
  /** Columns of the shop's printer: the preview is laid out as the paper is. */
  readonly paperColumns: () => number;
  /** A closed day is worth a copy of the books; made while the till goes on. */
  readonly backUp: () => void;
}

function nameOf(db: WritableDb, memberKey: number | null): string | null {
  return memberKey === null ? null : (memberByKey(db, memberKey)?.displayName ?? null);
}

function recent(workstation: Workstation, limit: number): CommittedSale[] {
  const { db } = workstation;
  return recentSales(db, limit).map((sale) => committedView(sale, nameOf(db, sale.memberKey)));
}

/** The paper of a sale: of its void once it was voided. */
function paperOf(workstation: Workstation, transactionId: string) {
  const sale = saleByTransactionId(workstation.db, transactionId);
  if (sale === null) return null;
  const kind: 'receipt' | 'void' = sale.isVoided ? 'void' : 'receipt';
  return { seq: sale.seq, kind, job: originalPrintJob(workstation.db, sale.seq, kind) };
}

function preview(
  parts: ServiceParts,
  transactionId: string,
): Result<MethodOutput<'receipt.preview'>, TillError> {
  const paper = paperOf(parts.workstation, transactionId);
  if (paper?.job?.document == null) return failure({ code: 'sale-unknown' });
  const document = JSON.parse(paper.job.document) as ReceiptDocument;
  const columns = parts.paperColumns();
  return success({ columns, rows: previewReceipt(document, columns) });
}

/** The pulse is a job of its own, recorded with who asked for it. */
function openDrawer(parts: ServiceParts): Result<Record<string, never>, TillError> {
  const { workstation, printQueue, devices } = parts;
  if (devices.configuration().printer === null) return failure({ code: 'drawer-unavailable' });
  const result = atomically(workstation, () => {
    const atMs = recordDrawerOpening(workstation);
    const job = { seq: null, kind: 'drawer', copyNumber: 0, atMs, document: null } as const;
    insertPrintJob(workstation.db, job);
    return DONE;
  });
  printQueue.nudge();
  return result;
}

function voidLast(
  parts: ServiceParts,
  transactionId: string,
  managerPin: string | null,
): Result<CommittedSale, TillError> {
  const { workstation, printQueue, sync } = parts;
  const manager = managerFor(workstation, managerPin);
  if (!manager.ok) return manager;
  const result = voidLastSale(workstation, transactionId, manager.value);
  printQueue.nudge();
  sync.nudge();
  return result;
}

/** What was given is sent when the line is up. */
function given<T>(sync: SyncDesk, result: T): T {
  sync.nudge();
  return result;
}

function basketHandlers({ workstation, sync }: ServiceParts) {
  const { state } = workstation;
  return {
    'member.identify': ({ cardNumber }) => identifyTyped(workstation, cardNumber),
    'member.remove': () => removeMember(workstation),
    'member.giveEvent': (event) => given(sync, giveEvent(workstation, event)),
    'member.giveGoodwill': (goodwill) => given(sync, giveForReason(workstation, goodwill)),
    'catalogue.search': ({ query, limit }) =>
      success({
        items: searchProducts(workstation.db, query, limit).map(
          ({ sku, barcode, name, productType, unitPriceMinor }) => ({
            sku,
            barcode,
            name,
            productType,
            unitPriceMinor,
          }),
        ),
      }),
    'basket.addProduct': ({ sku, quantity }) => addProduct(workstation, sku, quantity),
    'basket.addAmount': ({ amountMinor, name }) => addAmount(workstation, amountMinor, name),
    'basket.setQuantity': ({ line, quantity }) =>
      applyEvent(workstation, { type: 'quantity.set', line, quantity }),
    'basket.removeLine': ({ line }) => applyEvent(workstation, { type: 'line.removed', line }),
    'basket.cancel': () => {
      const result = cancelBasket(workstation);
      sync.nudge();
      return result;
    },
    'basket.lines': ({ from }) => {
      const lines = state.basket.lines.slice(from, from + SNAPSHOT_LINES);
      return success({ lines: lineViews(lines, state.pricing.lines) });
    },
    'reward.claim': ({ rewardId, times }) => claimReward(workstation, sync, rewardId, times),
    'reward.remove': ({ rewardId }) => {
      const result = removeReward(workstation, rewardId);
      sync.nudge();
      return result;
    },
  } satisfies Partial<Handlers>;
}

function saleHandlers(parts: ServiceParts) {
  const { workstation, printQueue, sync } = parts;
  return {
    'sale.commit': (request) => {
      const result = commitSale(workstation, { isOnline: sync.isOnline() }, request);
      // Both only look for work: the sale is on disk, and neither can hold it up.
      printQueue.nudge();
      sync.nudge();
      return result;
    },
    'sale.next': () => {
      workstation.state.lastSale = null;
      workstation.changed();
      return DONE;
    },
    'sale.voidLast': ({ transactionId, managerPin }) => voidLast(parts, transactionId, managerPin),
    'sale.recent': ({ limit }) => success({ sales: recent(workstation, limit) }),
    'receipt.preview': ({ transactionId }) => preview(parts, transactionId),
    'receipt.reprint': ({ transactionId }) => {
      const paper = paperOf(workstation, transactionId);
      if (paper === null) return failure({ code: 'sale-unknown' });
      const queued = printQueue.reprint(paper.seq, paper.kind);
      return queued.ok ? success({ copyNumber: queued.value }) : queued;
    },
    'print.answer': ({ jobId, cameOut }) => {
      const answered = printQueue.answer(jobId, cameOut);
      return answered.ok ? DONE : answered;
    },
    'drawer.open': () => openDrawer(parts),
  } satisfies Partial<Handlers>;
}

function deviceHandlers({ devices }: ServiceParts) {
  return {
    'devices.watch': ({ takesScans }) => success(devices.watch(takesScans)),
    'devices.endWatch': () => {
      devices.endWatch();
      return DONE;
    },
    'devices.find': () => devices.find(),
    'devices.save': ({ configuration }) => devices.save(configuration),
    'devices.probe': () => devices.probe(),
    'devices.saveWedge': ({ wedge }) => devices.saveWedge(wedge),
    'devices.test': ({ test }) => devices.test(test),
    'devices.confirm': (result) => devices.confirm(result),
    'devices.confirmPage': ({ confirmedPage }) => devices.confirmPage(confirmedPage),
  } satisfies Partial<Handlers>;
}

/** Every method of the contract. */
export function createHandlers(parts: ServiceParts, snapshot: () => SessionSnapshot): Handlers {
  const { workstation, printQueue, sync } = parts;
  const { state } = workstation;
  return {
    'session.get': () => success(snapshot()),
    'session.signIn': ({ pin }) => {
      const signedIn = signIn(workstation, pin);
      // What the one before read in a test is not for the next.
      if (signedIn.ok) parts.devices.endWatch();
      return signedIn;
    },
    'session.lock': () => {
      parts.devices.endWatch();
      return lock(workstation);
    },
    'session.dismissNotice': ({ noticeId }) => {
      if (state.notice?.noticeId === noticeId) state.notice = null;
      workstation.changed();
      return DONE;
    },
    'scan.submit': ({ scanData, typed }) => {
      const parsed = parseFrame(scanData);
      if (typed?.isRepeat === true) {
        parts.devices.leftOut();
      } else if (parts.devices.takesScans()) {
        parts.devices.typed(scanData, typed ?? null);
      } else if (parsed.type === 'scan') {
        handleScan(workstation, {
          label: parsed.data.scanDataLabel,
          aim: parsed.data.scanDataType,
        });
      } else if (parsed.type === 'empty') {
        tellCashier(workstation, 'bad', 'notice.card-unreadable');
        workstation.changed();
      }
      return DONE;
    },
    ...basketHandlers(parts),
    ...templateHandlers(workstation, parts.paperColumns),
    ...saleHandlers(parts),
    ...deviceHandlers(parts),
    'report.day': () => success(dayReport(workstation, currentBusinessDay(workstation))),
    'report.printX': () => {
      const result = printX(workstation);
      printQueue.nudge();
      return result;
    },
    'report.closeDay': ({ businessDay }) => {
      const result = closeDay(workstation, businessDay);
      if (result.ok) parts.backUp();
      printQueue.nudge();
      return result;
    },
    'sync.start': () => {
      sync.start();
      return DONE;
    },
    'sync.stop': () => {
      sync.stop();
      return DONE;
    },
  };
}

/** The receipt number under a question about paper; a report has none. */
export function receiptNumberOf(db: WritableDb, seq: number | null): string {
  return seq === null ? '' : (saleBySeq(db, seq)?.receiptNumber ?? '');
}
