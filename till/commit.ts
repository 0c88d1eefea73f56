// Owns the commit of a sale: checked, priced again, every row built first, then one transaction.
import { createHash } from 'node:crypto';
import type { MemberRow } from '#db/members.ts';
import { insertMovements } from '#db/movements.ts';
import { nextSeq } from '#db/outbox.ts';
import { insertPrintJob, setPrintJobState } from '#db/printJobs.ts';
import { openReservationsOf, setReservationState } from '#db/reservations.ts';
import { insertSale, type StoredSale, saleByTransactionId } from '#db/sales.ts';
import { insertDiscounts, insertSaleTerms } from '#db/saleTerms.ts';
import { assert } from '#loyalty/assert.ts';
import { applyMovements } from '#loyalty/books/books.ts';
import { entriesOf, type LedgerEntry } from '#loyalty/books/ledger.ts';
import { maskCard } from '#loyalty/card.ts';
import { paperLanguage, wishesOf } from '#loyalty/display/hints.ts';
import { receiptNumber } from '#loyalty/ids.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { SPEND } from '#loyalty/programme/compiledCondition.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { SaleBody } from '#sync/protocol.ts';
import { beginBasket, isGranted, reprice, storeDraft } from '#till/basketFlow.ts';
import type { CommittedSale, MethodInput, TillError } from '#till/contract.ts';
import { journal, stampMoment } from '#till/entry.ts';
import { heaped } from '#till/heap.ts';
import { writeLedger } from '#till/ledgerRows.ts';
import { reasonOwner } from '#till/reasons.ts';
import { receiptDocument } from '#till/receipt.ts';
import type { ReceiptFacts } from '#till/receiptFacts.ts';
import { momentOf, saleOf, spendableFor } from '#till/served.ts';
import { blockFileOf, logoOf, templateOf } from '#till/templateDesk.ts';
import {
  atomically,
  newId,
  type Operator,
  tellCashier,
  type Workstation,
} from '#till/workstation.ts';
import { paperLanguageOf } from '#words/say.ts';

export type CommitRequest = MethodInput<'sale.commit'>;

/** What the line to head office looks like at this moment: it decides the words on paper only. */
export interface LineState {
  readonly isOnline: boolean;
}

/** Bytes of the receipt token under the QR code: 96 random bits, opaque, no card number. */
const TOKEN_BYTES = 12;

function requestHash(request: CommitRequest): Buffer {
  const { transactionId, tenders, expected } = request;
  const parts = [
    transactionId,
    ...tenders.flatMap((tender) => [tender.tenderType, tender.amountMinor]),
    expected.totalMinor,
    expected.earnedPoints,
    expected.redeemedPoints,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** A stored sale as a page sees it. */
export function committedView(sale: StoredSale, memberName: string | null): CommittedSale {
  return {
    transactionId: sale.transactionId,
    receiptNumber: sale.receiptNumber,
    committedAtMs: sale.atMs,
    totalMinor: sale.totalMinor,
    tenderedMinor: sale.tenderedMinor,
    changeMinor: sale.changeMinor,
    earnedPoints: sale.earnedPoints,
    redeemedPoints: sale.redeemedPoints,
    balanceAfterPoints: sale.balanceAfterPoints,
    memberName,
    isVoided: sale.isVoided,
  };
}

const COMMON_TENDERS = ['cash', 'card', 'voucher'];

function checkTenders(
  { accounts }: CompiledProgramme,
  totalMinor: number,
  tenders: CommitRequest['tenders'],
): TillError | null {
  const isKnown = (type: string) =>
    COMMON_TENDERS.includes(type) || accounts.get(type)?.kind === 'money';
  if (tenders.some((tender) => tender.amountMinor === 0 || !isKnown(tender.tenderType))) {
    return { code: 'invalid-request' };
  }
  const sum = (list: CommitRequest['tenders']) =>
    list.reduce((minor, tender) => minor + tender.amountMinor, 0);
  const missingMinor = totalMinor - sum(tenders);
  if (missingMinor > 0) return { code: 'tender-insufficient', args: { missingMinor } };
  const withoutCash = sum(tenders.filter((tender) => tender.tenderType !== 'cash'));
  // Change is given in cash, so only cash may exceed what is due.
  return withoutCash > totalMinor ? { code: 'tender-not-cash-over' } : null;
}

/**
 * Commits the open basket. Safe to repeat: the same id with the same request gives the stored
 * result; with another request it is `transaction-conflict`. After `ok` the sale is on disk.
 */
export function commitSale(
  workstation: Workstation,
  line: LineState,
  request: CommitRequest,
): Result<CommittedSale, TillError> {
  const { state } = workstation;
  const { basket, member, operator } = state;
  const hash = requestHash(request);
  if (request.transactionId !== basket.transactionId) return repeated(workstation, request, hash);
  if (state.askingRewardId !== null) return failure({ code: 'busy' });
  if (operator === null) return failure({ code: 'operator-required' });
  if (basket.lines.length === 0) return failure({ code: 'basket-empty' });
  const checked = priceToCommit(workstation, request);
  if (!checked.ok) {
    // It was priced anew: the page shows what holds now.
    workstation.changed();
    return checked;
  }
  const pricing = checked.value;

  const committed = atomically(workstation, () => {
    const sale = writeSale(workstation, { pricing, member, operator, request, hash, line });
    beginBasket(workstation);
    storeDraft(workstation);
    return success(sale);
  });
  if (committed.ok) {
    state.lastSale = committed.value;
    state.notice = null;
    if (state.isClockSuspect) tellCashier(workstation, 'warn', 'notice.clock-suspect');
  }
  workstation.changed();
  return committed;
}

/**
 * The sale as it is committed: priced anew now, as it was shown, then with its tenders, which may
 * change what it earns but never what it costs.
 */
function priceToCommit(
  workstation: Workstation,
  { tenders, expected }: CommitRequest,
): Result<Pricing, TillError> {
  const { state } = workstation;
  reprice(workstation);
  const shown = state.pricing;
  const isAsShown =
    shown.totalMinor === expected.totalMinor &&
    shown.earnedPoints === expected.earnedPoints &&
    shown.redeemedPoints === expected.redeemedPoints;
  if (!isAsShown) return failure({ code: 'basket-changed' });
  if (state.basket.rewards.some(({ rewardId, points }) => !isGranted(shown, rewardId, points))) {
    return failure({ code: 'redemption-refused' });
  }
  const gate = shown.messages.find((message) => message.kind === 'gate');
  if (gate !== undefined) {
    return failure({ code: 'line-gated', args: { ...gate.whyArgs } });
  }
  const fault = checkTenders(state.inForce.compiled, shown.totalMinor, tenders);
  if (fault !== null) return failure(fault);
  const sale = saleOf(state.basket, tenders);
  const paid = priceSale(state.inForce.compiled, sale, state.served, momentOf(workstation));
  const short = paid.messages.find(({ whyKey }) => whyKey === 'notice.stored-value-short');
  if (short !== undefined) {
    const args = { missingMinor: short.missingMinor };
    return failure({ code: 'tender-insufficient', args });
  }
  return paid.totalMinor === shown.totalMinor ? success(paid) : failure({ code: 'basket-changed' });
}

function repeated(
  workstation: Workstation,
  request: CommitRequest,
  hash: Buffer,
): Result<CommittedSale, TillError> {
  const stored = saleByTransactionId(workstation.db, request.transactionId);
  if (stored === null) return failure({ code: 'sale-unknown' });
  if (!hash.equals(stored.requestHash)) return failure({ code: 'transaction-conflict' });
  const { lastSale } = workstation.state;
  const name = lastSale?.transactionId === stored.transactionId ? lastSale.memberName : null;
  return success(committedView(stored, name));
}

interface SaleParts {
  readonly pricing: Pricing;
  readonly member: MemberRow | null;
  readonly operator: Operator;
  readonly request: CommitRequest;
  readonly hash: Buffer;
  readonly line: LineState;
}

/** Every row of the sale, in dependency order; inside the one transaction. */
function writeSale(workstation: Workstation, parts: SaleParts): CommittedSale {
  const { db, shop } = workstation;
  const { pricing, member } = parts;
  const seq = nextSeq(db);
  const moment = stampMoment(workstation);
  const number = receiptNumber(shop.storeNumber, shop.tillNumber, seq);
  const token = Buffer.from(workstation.randomBytes(TOKEN_BYTES)).toString('base64url');
  const body = saleBodyOf(workstation, parts, { seq, moment, number, token });
  const tenderedMinor = pricing.totalMinor + body.changeMinor;
  const balanceAfterPoints = balanceAfter(workstation, pricing, moment.atMs);
  const sale: StoredSale = {
    seq,
    transactionId: body.id,
    requestHash: parts.hash,
    atMs: moment.atMs,
    businessDay: moment.businessDay,
    operatorId: moment.operatorId,
    memberKey: member?.memberKey ?? null,
    programmeVersion: body.programmeVersion,
    receiptNumber: number,
    receiptToken: token,
    // The rounding of the total counts as price: a day's gross less its discounts is its total.
    subtotalMinor: pricing.subtotalMinor + pricing.roundingMinor,
    discountMinor: pricing.discountMinor,
    totalMinor: pricing.totalMinor,
    tenderedMinor,
    changeMinor: body.changeMinor,
    earnedPoints: pricing.earnedPoints,
    redeemedPoints: pricing.redeemedPoints,
    balanceAfterPoints,
    isClockSuspect: moment.isClockSuspect,
    isVoided: false,
  };
  const tenders = body.tenders.map((tender, index) => ({ ...tender, line: index + 1 }));
  insertSale(db, sale, body.lines, tenders, pricing.taxes);
  writeRules(workstation, seq, pricing, body);
  assert(journal(workstation, body) === seq, 'the journal numbered the sale as planned');
  writePrintJobs(workstation, parts, sale);
  return committedView(sale, member?.displayName ?? null);
}

/** What the member can spend when the sale is over, or null for a guest. */
function balanceAfter(workstation: Workstation, pricing: Pricing, atMs: number): number | null {
  const { member, served, inForce } = workstation.state;
  if (member === null) return null;
  const books = applyMovements(served.books, pricing.movements);
  return spendableFor(inForce.compiled, { ...served, books }, 'points', atMs);
}

/** What rules did and what a return will ask: movements, ledger rows, discounts and terms. */
function writeRules(workstation: Workstation, seq: number, pricing: Pricing, body: SaleBody): void {
  const { db, state } = workstation;
  const { accounts, returns } = state.inForce.programme;
  insertMovements(db, seq, body.movements ?? []);
  insertDiscounts(db, seq, pricing.discounts);
  insertSaleTerms(db, seq, {
    returns,
    moneyAccounts: accounts.filter(({ kind }) => kind === 'money').map((one) => one.accountId),
    roundingMinor: pricing.roundingMinor,
  });
  writeLedger(db, seq, body.ledger);
  for (const reservation of openReservationsOf(db, body.id)) {
    setReservationState(db, reservation.reservationId, 'confirmed');
  }
}

/** Points that rules took by themselves, such as for a voucher: nobody claimed or reserved them. */
function ownRedemptions(
  workstation: Workstation,
  ledger: readonly LedgerEntry[],
): SaleBody['rewards'] {
  const claimed = new Set(workstation.state.basket.rewards.map(({ rewardId }) => rewardId));
  return ledger
    .filter(({ kind, rule }) => kind === 'redemption' && !claimed.has(rule))
    .map(({ rule: rewardId, points }) => ({
      rewardId,
      points,
      amountOffMinor: 0,
      reservationId: newId(workstation),
      secured: 'offline-floor',
    }));
}

function saleBodyOf(
  workstation: Workstation,
  parts: SaleParts,
  position: {
    readonly seq: number;
    readonly moment: ReturnType<typeof stampMoment>;
    readonly number: string;
    readonly token: string;
  },
): SaleBody {
  const { state, shop } = workstation;
  const { pricing, member, request } = parts;
  const { basket, inForce } = state;
  const movements = heaped(pricing.movements, inForce.compiled);
  const ledger = entriesOf(movements, position.seq, inForce.programmeVersion);
  const pricedLines = new Map(pricing.lines.map((priced) => [priced.line, priced]));
  const tenderedMinor = request.tenders.reduce((sum, tender) => sum + tender.amountMinor, 0);
  return {
    kind: 'sale',
    id: basket.transactionId,
    ...position.moment,
    receiptNumber: position.number,
    receiptToken: position.token,
    currency: shop.currency,
    memberId: member?.memberId ?? null,
    programmeVersion: inForce.programmeVersion,
    lines: basket.lines.map((line) => {
      const priced = pricedLines.get(line.line);
      assert(priced !== undefined, 'every line is priced');
      // Whose word the price was matters while pricing alone: the record says the price.
      const { isPriceFixed: _, ...kept } = line;
      return { ...kept, grossMinor: priced.grossMinor, discountMinor: priced.discountMinor };
    }),
    tenders: request.tenders.map((tender) => ({ ...tender })),
    subtotalMinor: pricing.subtotalMinor,
    discountMinor: pricing.discountMinor,
    ...(pricing.roundingMinor === 0 ? {} : { roundingMinor: pricing.roundingMinor }),
    totalMinor: pricing.totalMinor,
    changeMinor: tenderedMinor - pricing.totalMinor,
    taxes: pricing.taxes.map((tax) => ({ ...tax })),
    rewards: [...basket.rewards, ...ownRedemptions(workstation, ledger)],
    ledger,
    ...(movements.length === 0 ? {} : { movements }),
  };
}

function writePrintJobs(workstation: Workstation, parts: SaleParts, sale: StoredSale): void {
  const { db } = workstation;
  const facts = receiptFacts(workstation, parts, sale);
  const document = JSON.stringify(receiptDocument(facts, templateOf(db)));
  const job = { seq: sale.seq, copyNumber: 0, atMs: sale.atMs };
  // The pulse stands first: the drawer is wanted now, and paper may wait.
  if (parts.request.tenders.some((tender) => tender.tenderType === 'cash')) {
    insertPrintJob(db, { ...job, kind: 'drawer', document: null });
  }
  const jobId = insertPrintJob(db, { ...job, kind: 'receipt', document });
  // Who wants no paper gets none; the receipt is kept, and a copy can be printed. A slip is paper.
  const { member } = workstation.state.served;
  const isWanted = member === null || wishesOf(member).isPaperWanted;
  if (!isWanted && parts.pricing.slips.length === 0) {
    setPrintJobState(db, jobId, 'cancelled', { reason: 'no-paper' });
  }
}

/** The name of the level on which the member stands when the sale is over. */
function tierNameAfter({ state }: Workstation, { tier }: Pricing) {
  const { levels } = state.inForce.programme.tiers;
  return levels.find(({ tierId }) => tierId === tier?.tierIdAfter)?.name ?? tier?.name ?? {};
}

function receiptFacts(workstation: Workstation, parts: SaleParts, sale: StoredSale): ReceiptFacts {
  const { shop, state } = workstation;
  const { pricing } = parts;
  const { member } = state.served;
  const { programme } = state.inForce;
  return {
    shop,
    logo: logoOf(workstation.db),
    blockFile: blockFileOf(workstation),
    language: paperLanguageOf(paperLanguage(member, shop.language)) ?? shop.language,
    timeZone: programme.timeZone,
    headerLines: programme.receipt.header,
    footerLines: programme.receipt.footer,
    receiptNumber: sale.receiptNumber,
    receiptToken: sale.receiptToken,
    atMs: sale.atMs,
    operatorName: parts.operator.name,
    lines: state.basket.lines,
    pricing,
    owner: reasonOwner(state.served),
    tenders: parts.request.tenders,
    changeMinor: sale.changeMinor,
    accounts: programme.accounts,
    lateClaimDays: programme.lateClaimDays ?? null,
    member:
      parts.member === null || sale.balanceAfterPoints === null
        ? null
        : {
            maskedCard: maskCard(parts.member.cardNumber),
            balanceAfterPoints: sale.balanceAfterPoints,
            asOfMs: parts.member.asOfMs,
            isOffline: !parts.line.isOnline,
            tierName: tierNameAfter(workstation, pricing),
            isTierMoney: state.inForce.compiled.tiers.counter === SPEND,
          },
  };
}
