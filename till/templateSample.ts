// Owns the sale that a receipt's template is shown with: a made-up one of the shop's own goods
// under its own programme, for a made-up member or a guest.
import type { ImageBlock } from '#drivers/printer/paper/document.ts';
import { EMPTY_BOOKS, memberOwner } from '#loyalty/books/books.ts';
import { newMember, type State } from '#loyalty/books/state.ts';
import type { Product } from '#loyalty/pricing/basket.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { SaleLine } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { SPEND } from '#loyalty/programme/compiledCondition.ts';
import type { ReceiptFacts, ReceiptMember } from '#till/receiptFacts.ts';
import type { Shop } from '#till/shop.ts';

export interface SampleOf {
  readonly shop: Shop;
  readonly compiled: CompiledProgramme;
  /** What is sold; an amount that was typed where there is nothing. */
  readonly products: readonly Product[];
  readonly logo: ImageBlock | null;
  readonly blockFile: string | null;
  readonly operatorName: string;
  readonly language: string;
  readonly isGuest: boolean;
  readonly atMs: number;
}

const SAMPLE = 'sample';
/** What the member had before: enough for a first reward in most programmes. */
const HELD_POINTS = 640;
/** Quantities of the lines: one of them more than one, as on most receipts. */
const QUANTITIES = [1, 2, 1];
const AMOUNT_MINOR = 1_000;

function sampleLines({ products, compiled }: SampleOf): (SaleLine & { readonly name: string })[] {
  const { amountLine } = compiled.programme;
  if (products.length === 0) {
    const price = { quantity: 1, unitPriceMinor: AMOUNT_MINOR, ...amountLine };
    return [{ line: 1, kind: 'amount', sku: null, name: '', ...price }];
  }
  return products.slice(0, QUANTITIES.length).map(({ barcode: _, ...product }, index) => {
    return { ...product, line: index + 1, kind: 'product', quantity: QUANTITIES[index] ?? 1 };
  });
}

function sampleState({ isGuest, atMs }: SampleOf): State {
  if (isGuest) return { member: null, books: EMPTY_BOOKS };
  const lot = { lotId: SAMPLE, amount: HELD_POINTS, fromMs: 0, untilMs: null };
  const books = new Map([[memberOwner(SAMPLE), new Map([['points', [lot]]])]]);
  return { member: newMember(SAMPLE, atMs), books };
}

/** What a receipt says of the sample sale. */
export function sampleFacts(of: SampleOf): ReceiptFacts {
  const { compiled, shop, atMs } = of;
  const { programme } = compiled;
  const lines = sampleLines(of);
  const served = sampleState(of);
  const sale = { transactionId: SAMPLE, lines, claims: [], codes: [], tenders: [] };
  const pricing = priceSale(compiled, sale, served, {
    atMs,
    channel: 'till',
    operatorId: SAMPLE,
    saleDigestHex: null,
  });
  const { tier } = pricing;
  const after = programme.tiers.levels.find(({ tierId }) => tierId === tier?.tierIdAfter);
  const member: ReceiptMember = {
    maskedCard: '****0019',
    balanceAfterPoints: HELD_POINTS + pricing.earnedPoints - pricing.redeemedPoints,
    asOfMs: atMs,
    isOffline: false,
    tierName: after?.name ?? tier?.name ?? {},
    isTierMoney: compiled.tiers.counter === SPEND,
  };
  return {
    shop,
    logo: of.logo,
    blockFile: of.blockFile,
    language: of.language,
    timeZone: programme.timeZone,
    headerLines: programme.receipt.header,
    footerLines: programme.receipt.footer,
    receiptNumber: '00000000000000',
    receiptToken: SAMPLE,
    atMs,
    operatorName: of.operatorName,
    lines,
    pricing,
    owner: served.member === null ? '' : memberOwner(SAMPLE),
    tenders: [{ tenderType: 'cash', amountMinor: pricing.totalMinor }],
    changeMinor: 0,
    accounts: programme.accounts,
    lateClaimDays: programme.lateClaimDays ?? null,
    member: of.isGuest ? null : member,
  };
}
