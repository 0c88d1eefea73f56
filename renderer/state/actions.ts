// Owns what a cashier can do, as one function each: keys, buttons and touch all end here.
import type { WedgeScan } from '#drivers/scanner/wedge/wedgeState.ts';
import { call } from '#renderer/state/connection.ts';
import { change, noTender, page, type TenderType } from '#renderer/state/store.ts';
import type { CommittedSale, SessionSnapshot } from '#till/contract.ts';

/** 9 digits are 9,999,999.99: no till takes more by hand. */
const AMOUNT_DIGITS_MAX = 9;
const PIN_DIGITS_MAX = 8;

type BasketLineView = SessionSnapshot['basket']['lines'][number];

/** Digits as an amount in minor units. */
export function amountOf(digits: string): number {
  return digits === '' ? 0 : Number(digits);
}

function withDigit(digits: string, digit: string): string {
  const joined = (digits + digit).replace(/^0+/, '');
  return joined.length > AMOUNT_DIGITS_MAX ? digits : joined;
}

export function typeDigit(digit: string): void {
  const { view, amountDigits, givenDigits, snapshot } = page();
  if (view === 'tender') return change({ givenDigits: withDigit(givenDigits, digit) });
  if (view !== 'sale') return;
  // An amount begins the next sale, as a scan does.
  if (snapshot?.state === 'committed') nextSale();
  change({ amountDigits: withDigit(amountDigits, digit), question: null });
}

export function deleteDigit(): void {
  const { view, amountDigits, givenDigits } = page();
  if (view === 'tender') change({ givenDigits: givenDigits.slice(0, -1) });
  else if (view === 'sale') change({ amountDigits: amountDigits.slice(0, -1) });
}

/** The amount that is on its way to the till: F12 right behind Enter pays for it too. */
let adding: Promise<boolean> = Promise.resolve(true);

/** Puts the typed amount into the sale. Resolves to false if the till refused it. */
export function addAmount(): Promise<boolean> {
  adding = addTyped();
  return adding;
}

async function addTyped(): Promise<boolean> {
  const { amountDigits, amountName } = page();
  const amountMinor = amountOf(amountDigits);
  if (amountMinor === 0) return false;
  // Gone at once, so that a second Enter adds nothing.
  change({ amountDigits: '', amountName: '' });
  const added = await call('basket.addAmount', { amountMinor, name: amountName });
  if (added === null && page().amountDigits === '') change({ amountDigits, amountName });
  return added !== null;
}

export function sellAsAmount(barcode: string): void {
  change({ amountName: barcode, amountDigits: '', view: 'sale', searchText: '' });
  const noticeId = page().snapshot?.notice?.noticeId;
  if (noticeId !== undefined) dismissNotice(noticeId);
}

export function dismissNotice(noticeId: number): void {
  void call('session.dismissNotice', { noticeId });
}

export function addProduct(sku: string): void {
  change({ searchText: '' });
  void call('basket.addProduct', { sku, quantity: 1 });
}

export function giveEvent(eventId: string): void {
  void call('member.giveEvent', { eventId, managerPin: null });
}

export function giveGoodwill(points: number, reasonId: string): void {
  void call('member.giveGoodwill', { points, reasonId });
}

/** The line that the quantity keys act on: the one chosen, else the newest. */
export function currentLine(): BasketLineView | null {
  const { snapshot, chosenLine } = page();
  const lines = snapshot?.basket.lines ?? [];
  return lines.find((line) => line.line === chosenLine) ?? lines.at(-1) ?? null;
}

export function chooseNeighbour(step: 1 | -1): void {
  const lines = page().snapshot?.basket.lines ?? [];
  const at = lines.findIndex((line) => line.line === currentLine()?.line);
  const next = lines[Math.max(0, Math.min(lines.length - 1, at + step))];
  if (next !== undefined) change({ chosenLine: next.line });
}

export function stepQuantity(line: BasketLineView, step: 1 | -1): void {
  const quantity = line.quantity + step;
  if (quantity < 1) return removeLine(line);
  change({ chosenLine: line.line });
  void call('basket.setQuantity', { line: line.line, quantity });
}

export function removeLine(line: BasketLineView): void {
  void call('basket.removeLine', { line: line.line });
}

export function cancelSale(): void {
  change({ question: null, amountDigits: '', amountName: '', chosenLine: null });
  void call('basket.cancel', {});
}

export async function identifyMember(cardNumber: string): Promise<boolean> {
  const found = await call('member.identify', { cardNumber });
  if (found !== null) change({ isTypingCard: false });
  return found !== null;
}

export function removeMember(): void {
  void call('member.remove', {});
}

export function toggleReward(rewardId: string, isClaimed: boolean): void {
  void call(isClaimed ? 'reward.remove' : 'reward.claim', { rewardId });
}

/** Takes a typed amount along: digits and F12 alone are a sale. */
export async function pay(): Promise<void> {
  if (page().amountDigits !== '') void addAmount();
  // An amount that was refused is on screen again: it is not left out of the sale in silence.
  if (!(await adding) && page().amountDigits !== '') return;
  if ((page().snapshot?.basket.lineCount ?? 0) === 0) return;
  change({ view: 'tender', question: null, isTypingCard: false, searchText: '', ...noTender });
}

export function leaveTender(): void {
  change({ view: 'sale', ...noTender });
}

export function chooseTender(tenderType: TenderType): void {
  change({ tenderType, givenDigits: '' });
}

export function removeTender(index: number): void {
  change({ tenders: page().tenders.filter((_, at) => at !== index) });
}

/** What is still to pay, in minor units; below zero never. */
export function dueMinor(): number {
  const { snapshot, tenders } = page();
  const taken = tenders.reduce((sum, tender) => sum + tender.amountMinor, 0);
  return Math.max(0, (snapshot?.basket.totalMinor ?? 0) - taken);
}

/** Takes `givenMinor` by the chosen tender; completes the sale once nothing is due. */
export async function give(givenMinor: number): Promise<void> {
  const { tenderType, tenders } = page();
  const due = dueMinor();
  if (due === 0) return commit();
  if (givenMinor === 0) return;
  if (givenMinor > due && tenderType !== 'cash') {
    return change({ refusal: { code: 'tender-not-cash-over' } });
  }
  const taken = [...tenders, { tenderType, amountMinor: givenMinor }];
  change({ tenders: taken, givenDigits: '', refusal: null });
  if (givenMinor < due) return;
  await commit();
  // A refused sale is not paid: what was given is taken back from the list.
  if (page().refusal !== null) change({ tenders });
}

/** Enter and F12 while paying: what was typed, or exactly what is due. */
export function giveTyped(): void {
  const { givenDigits } = page();
  void give(givenDigits === '' ? exactMinor() : amountOf(givenDigits));
}

/** What is due, or what is left of the account that pays. */
export function exactMinor(): number {
  const { snapshot, tenderType, tenders } = page();
  const wallet = snapshot?.basket.member?.wallets.find(({ accountId }) => accountId === tenderType);
  if (wallet === undefined) return dueMinor();
  const taken = tenders
    .filter((tender) => tender.tenderType === tenderType)
    .reduce((sum, tender) => sum + tender.amountMinor, 0);
  return Math.max(0, Math.min(dueMinor(), wallet.amountMinor - taken));
}

async function commit(): Promise<void> {
  const { snapshot, tenders, isCommitting } = page();
  if (snapshot === null || isCommitting) return;
  const { transactionId, totalMinor, earnedPoints, redeemedPoints } = snapshot.basket;
  change({ isCommitting: true });
  const sale = await call('sale.commit', {
    transactionId,
    tenders: [...tenders],
    expected: { totalMinor, earnedPoints, redeemedPoints },
  });
  const { refusal } = page();
  change({ isCommitting: false });
  if (sale !== null) change({ view: 'sale', ...noTender });
  else if (refusal?.code === 'basket-changed') change({ view: 'sale', ...noTender });
}

export function nextSale(): void {
  change({ view: 'sale', question: null, shownSale: null });
  void call('sale.next', {});
}

/** The sale on screen after it was saved: the one just committed, or the last one looked up. */
export function saleShown(): CommittedSale | null {
  const { view, shownSale, snapshot } = page();
  if (view === 'last') return shownSale;
  return snapshot?.state === 'committed' ? snapshot.lastSale : null;
}

export async function showLastSale(): Promise<void> {
  const recent = await call('sale.recent', { limit: 1 });
  const sale = recent?.sales[0];
  if (sale === undefined) return;
  change({ view: 'last', shownSale: sale, question: null });
}

export async function reprint(): Promise<void> {
  const recent = saleShown() ?? (await call('sale.recent', { limit: 1 }))?.sales[0];
  if (recent === undefined) return;
  await call('receipt.reprint', { transactionId: recent.transactionId });
}

/** A cashier needs a manager's PIN; a manager none. */
export async function voidShown(managerPin: string | null): Promise<void> {
  const sale = saleShown();
  if (sale === null) return;
  const { transactionId } = sale;
  const voided = await call('sale.voidLast', { transactionId, managerPin });
  if (voided === null) return;
  change({ question: null });
  if (page().view === 'last') change({ shownSale: voided });
}

export function answerPrinter(jobId: number, cameOut: boolean): void {
  void call('print.answer', { jobId, cameOut });
}

export function openDrawer(): void {
  void call('drawer.open', {});
}

export function lock(): void {
  void call('session.lock', {});
}

export function typePin(digits: string): void {
  change({ pinDigits: digits.replace(/[^0-9]/g, '').slice(0, PIN_DIGITS_MAX) });
}

export async function signIn(): Promise<void> {
  const { pinDigits: pin } = page();
  if (pin.length < 4) return;
  change({ pinDigits: '' });
  await call('session.signIn', { pin });
  const { refusal } = page();
  const seconds = refusal?.code === 'pin-locked' ? refusal.args?.['seconds'] : undefined;
  if (typeof seconds === 'number') {
    change({ pinLockedUntilMs: performance.now() + seconds * 1000 });
  }
}

export function submitScan({ text, ending, durationMs, isRepeat }: WedgeScan): void {
  const typed = { ending, durationMs: Math.round(durationMs), isRepeat };
  void call('scan.submit', { scanData: text, typed });
}

/** A read that came without its rest: the till says that it could not be read. */
export function submitCutScan(): void {
  void call('scan.submit', { scanData: '' });
}

export function showDay(): void {
  change({ view: 'day', report: null, question: null, isTypingCard: false, searchText: '' });
}

/** Reads the day again; a day just closed stays on screen as it was closed. */
export async function readDay(): Promise<void> {
  const report = await call('report.day', {});
  const { view, report: shown } = page();
  if (report === null || view !== 'day' || shown?.zNumber != null) return;
  change({ report });
}

export function printX(): void {
  void call('report.printX', {});
}

/** Only a manager closes the day, and not over an open sale; the till checks both again. */
export function canCloseDay(): boolean {
  const { report, snapshot } = page();
  if (report === null || snapshot === null) return false;
  const isOpen = report.zNumber === null && !report.isAlreadyClosed;
  return isOpen && snapshot.operator?.role === 'manager' && snapshot.basket.lineCount === 0;
}

/** Asks first: the totals of a closed day are fixed. */
export async function closeDay(): Promise<void> {
  const { question, report } = page();
  if (report === null || !canCloseDay()) return;
  if (question !== 'close-day') return change({ question: 'close-day' });
  change({ question: null });
  const closed = await call('report.closeDay', { businessDay: report.businessDay });
  if (closed !== null) change({ report: closed });
}

/** Starts to send what waits for head office, or stops it. */
export function toggleSync(): void {
  const isRunning = page().snapshot?.sync.progress != null;
  void call(isRunning ? 'sync.stop' : 'sync.start', {});
}

export function showSale(): void {
  change({ view: 'sale', question: null, shownSale: null });
}
