// Owns what a receipt says: a committed sale as a document, in the language of the paper.
import type { Block, ReceiptDocument } from '#drivers/printer/document.ts';
import type { Pricing, Why } from '#loyalty/evaluate.ts';
import type { Shop } from '#till/shop.ts';
import { formatDateTime, formatMoney, formatPoints, say } from '#words/say.ts';

/** Everything that the paper says of one sale, fixed when the sale is committed. */
export interface ReceiptFacts {
  readonly shop: Shop;
  readonly timeZone: string;
  readonly receiptNumber: string;
  readonly receiptToken: string;
  readonly atMs: number;
  readonly operatorName: string;
  readonly lines: readonly {
    readonly line: number;
    readonly name: string;
    readonly quantity: number;
    readonly unitPriceMinor: number;
  }[];
  readonly pricing: Pricing;
  readonly tenders: readonly { readonly tenderType: string; readonly amountMinor: number }[];
  readonly changeMinor: number;
  readonly member: ReceiptMember | null;
}

export interface ReceiptMember {
  readonly maskedCard: string;
  readonly balanceAfterPoints: number;
  /**
   * Null when head office confirmed the balance during this sale's business; else when it last
   * did.
   */
  readonly asOfMs: number | null;
  readonly isOffline: boolean;
  readonly tierName: string;
  readonly nextTierName: string | null;
}

/** Cells of the progress bar: plain ASCII, so that every code page prints it (S26). */
const BAR_CELLS = 10;

/** `[######----] 64/100`: full cells are rounded down, so that a full bar means reached. */
export function progressBar(havePoints: number, needPoints: number): string {
  const have = Math.max(0, Math.min(havePoints, needPoints));
  const full = needPoints === 0 ? BAR_CELLS : Math.floor((have * BAR_CELLS) / needPoints);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_CELLS - full)}]`;
}

const RULE: Block = { type: 'rule' };
const SPACE: Block = { type: 'space' };

function centred(text: string, bold = false, scale: 1 | 2 = 1): Block {
  return { type: 'text', text, align: 'center', bold, scale };
}

function columns(left: string, right: string, bold = false): Block {
  return { type: 'columns', left, right, bold };
}

function headerBlocks(shop: Shop): Block[] {
  return [
    centred(shop.storeName, true, 2),
    ...shop.addressLines.map((line) => centred(line)),
    ...(shop.taxNumber === '' ? [] : [centred(shop.taxNumber)]),
    SPACE,
  ];
}

function lineBlocks(facts: ReceiptFacts): Block[] {
  const { language, currency } = facts.shop;
  return facts.lines.flatMap((line) => {
    const grossMinor = line.quantity * line.unitPriceMinor;
    const price = formatMoney(language, currency, grossMinor);
    const name = line.name === '' ? say(language, 'receipt.amountLine', {}) : line.name;
    if (line.quantity === 1) return [columns(name, price)];
    const each = formatMoney(language, currency, line.unitPriceMinor);
    return [columns(name, ''), columns(`  ${line.quantity} x ${each}`, price)];
  });
}

function totalBlocks(facts: ReceiptFacts): Block[] {
  const { language, currency } = facts.shop;
  const { pricing } = facts;
  const money = (minor: number) => formatMoney(language, currency, minor);
  const blocks: Block[] = [];
  if (pricing.discountMinor > 0) {
    blocks.push(columns(say(language, 'receipt.subtotal', {}), money(pricing.subtotalMinor)));
    for (const redemption of pricing.redemptions) {
      blocks.push(
        columns(say(language, 'receipt.discount', {}), money(-redemption.amountOffMinor)),
      );
    }
  }
  blocks.push(columns(say(language, 'receipt.total', {}), money(pricing.totalMinor), true));
  for (const tax of pricing.taxes) {
    const words = { rate: percent(tax.taxRateBasisPoints) };
    blocks.push(columns(say(language, 'receipt.tax', words), money(tax.taxMinor)));
  }
  for (const tender of facts.tenders) {
    const name = say(language, `receipt.tender.${tender.tenderType}`, {});
    blocks.push(columns(name, money(tender.amountMinor)));
  }
  if (facts.changeMinor > 0) {
    blocks.push(columns(say(language, 'receipt.change', {}), money(facts.changeMinor)));
  }
  return blocks;
}

/** Basis points as people write a rate: 1900 is `19`, 850 is `8.5`. */
export function percent(basisPoints: number): string {
  const whole = Math.floor(basisPoints / 100);
  const rest = String(basisPoints % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return rest === '' ? String(whole) : `${whole}.${rest}`;
}

function signed(language: string, points: number): string {
  return points < 0 ? formatPoints(language, points) : `+${formatPoints(language, points)}`;
}

function pointsBlocks(facts: ReceiptFacts, member: ReceiptMember): Block[] {
  const { language } = facts.shop;
  const { pricing } = facts;
  const row = (why: Why, points: number) =>
    columns(say(language, why.whyKey, why.whyArgs), signed(language, points));
  const blocks: Block[] = [
    columns(say(language, 'receipt.member', {}), member.maskedCard),
    ...pricing.accruals.map((accrual) => row(accrual, accrual.points)),
    ...pricing.redemptions.map((redemption) => row(redemption, -redemption.points)),
    columns(
      say(language, 'receipt.earned', {}),
      signed(language, pricing.earnedPoints - pricing.redeemedPoints),
      true,
    ),
    columns(
      say(language, 'receipt.balance', {}),
      formatPoints(language, member.balanceAfterPoints),
      true,
    ),
  ];
  if (member.isOffline) blocks.push(asOfBlock(facts, member));
  return [...blocks, ...tierBlocks(facts, member)];
}

function asOfBlock(facts: ReceiptFacts, member: ReceiptMember): Block {
  const { language } = facts.shop;
  const text =
    member.asOfMs === null
      ? say(language, 'receipt.balanceNeverConfirmed', {})
      : say(language, 'receipt.balanceAsOf', {
          time: formatDateTime(language, member.asOfMs, facts.timeZone),
        });
  return { type: 'text', text, align: 'left', bold: false, scale: 1 };
}

function tierBlocks(facts: ReceiptFacts, member: ReceiptMember): Block[] {
  const { language } = facts.shop;
  const tier = facts.pricing.tier;
  if (tier === null) return [];
  if (member.nextTierName === null || tier.nextFromPoints === null) {
    return [columns(say(language, 'receipt.tier', {}), member.tierName)];
  }
  const missing = Math.max(0, tier.nextFromPoints - tier.tierPoints);
  return [
    columns(member.tierName, member.nextTierName),
    columns(
      progressBar(tier.tierPoints, tier.nextFromPoints),
      say(language, 'receipt.tierProgress', {
        havePoints: tier.tierPoints,
        needPoints: tier.nextFromPoints,
      }),
    ),
    {
      type: 'text',
      text: say(language, 'receipt.tierMissing', {
        missingPoints: missing,
        tierName: member.nextTierName,
      }),
      align: 'left',
      bold: false,
      scale: 1,
    },
  ];
}

/** The receipt of a sale. A copy is marked when it is printed, so that it says the same numbers. */
export function receiptDocument(facts: ReceiptFacts): ReceiptDocument {
  const { language } = facts.shop;
  return {
    version: 1,
    language,
    blocks: [
      ...headerBlocks(facts.shop),
      columns(
        formatDateTime(language, facts.atMs, facts.timeZone),
        say(language, 'receipt.till', { till: facts.shop.tillNumber }),
      ),
      columns(say(language, 'receipt.operator', {}), facts.operatorName),
      RULE,
      ...lineBlocks(facts),
      RULE,
      ...totalBlocks(facts),
      ...(facts.member === null ? [] : [RULE, ...pointsBlocks(facts, facts.member)]),
      SPACE,
      { type: 'qr', data: facts.receiptToken },
      SPACE,
      // The printer writes the digits below the bars.
      { type: 'barcode', symbology: 'code128', data: facts.receiptNumber },
      ...facts.shop.footerLines.map((line) => centred(line)),
    ],
  };
}

/** What the paper says when a sale was undone. */
export function voidDocument(facts: {
  readonly shop: Shop;
  readonly timeZone: string;
  readonly receiptNumber: string;
  readonly atMs: number;
  readonly operatorName: string;
  readonly totalMinor: number;
  readonly pointsTakenBack: number;
  readonly pointsGivenBack: number;
  readonly member: { readonly maskedCard: string; readonly balanceAfterPoints: number } | null;
}): ReceiptDocument {
  const { language, currency } = facts.shop;
  const memberBlocks =
    facts.member === null
      ? []
      : [
          columns(say(language, 'receipt.member', {}), facts.member.maskedCard),
          columns(
            say(language, 'receipt.pointsTakenBack', {}),
            signed(language, -facts.pointsTakenBack),
          ),
          columns(
            say(language, 'receipt.pointsGivenBack', {}),
            signed(language, facts.pointsGivenBack),
          ),
          columns(
            say(language, 'receipt.balance', {}),
            formatPoints(language, facts.member.balanceAfterPoints),
            true,
          ),
        ];
  return {
    version: 1,
    language,
    blocks: [
      ...headerBlocks(facts.shop),
      centred(say(language, 'receipt.void', {}), true, 2),
      columns(
        formatDateTime(language, facts.atMs, facts.timeZone),
        say(language, 'receipt.till', { till: facts.shop.tillNumber }),
      ),
      columns(say(language, 'receipt.operator', {}), facts.operatorName),
      columns(say(language, 'receipt.receiptNumber', {}), facts.receiptNumber),
      RULE,
      columns(
        say(language, 'receipt.total', {}),
        formatMoney(language, currency, -facts.totalMinor),
        true,
      ),
      ...memberBlocks,
    ],
  };
}

/** Every paper after the first says so, at its head. */
export function withCopyMark(document: ReceiptDocument, copyNumber: number): ReceiptDocument {
  if (copyNumber === 0) return document;
  const mark = centred(say(document.language, 'receipt.copy', { n: copyNumber }), true, 2);
  return { ...document, blocks: [mark, ...document.blocks] };
}
