// Owns what a receipt says: a committed sale as a document, in the language of the paper.
import type { Block, ReceiptDocument } from '#drivers/printer/document.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { AccountFile } from '#loyalty/programme/account.ts';
import type { Why } from '#loyalty/why.ts';
import { nameIn, nameOfArgs } from '#till/names.ts';
import { centred, columns, headerBlocks, plain, RULE, SPACE, signed } from '#till/paperBlocks.ts';
import { reasonsOf } from '#till/reasons.ts';
import type { Shop } from '#till/shop.ts';
import { decimalText, formatDateTime, formatMoney, formatPoints, say } from '#words/say.ts';

/** Everything that the paper says of one sale, fixed when the sale is committed. */
export interface ReceiptFacts {
  readonly shop: Shop;
  /** The member's, where the till has words in it; else the shop's. */
  readonly language: string;
  readonly timeZone: string;
  /** What the programme wants said, in its languages. */
  readonly headerLines: readonly Readonly<Record<string, string>>[];
  readonly footerLines: readonly Readonly<Record<string, string>>[];
  readonly receiptNumber: string;
  readonly receiptToken: string;
  readonly atMs: number;
  readonly operatorName: string;
  readonly lines: readonly {
    readonly line: number;
    readonly name: string;
    readonly quantity: number;
    /** Thousandths of a kilogram, on a weighed line. */
    readonly quantityMilli?: number;
    readonly unitPriceMinor: number;
  }[];
  readonly pricing: Pricing;
  /** Whose points the paper explains; empty for a guest. */
  readonly owner: string;
  readonly tenders: readonly { readonly tenderType: string; readonly amountMinor: number }[];
  readonly changeMinor: number;
  /** Accounts besides points, as the programme names them. */
  readonly accounts: readonly AccountFile[];
  /** Days in which a guest may claim the points of this receipt, or null. */
  readonly lateClaimDays: number | null;
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
  /** The level when the sale is over. */
  readonly tierName: Readonly<Record<string, string>>;
  /** What the level is measured by: points, or money. */
  readonly isTierMoney: boolean;
}

/** Cells of the progress bar: plain ASCII, so that every code page prints it (S26). */
const BAR_CELLS = 10;

/** `[######----] 64/100`: full cells are rounded down, so that a full bar means reached. */
export function progressBar(havePoints: number, needPoints: number): string {
  const have = Math.max(0, Math.min(havePoints, needPoints));
  const full = needPoints === 0 ? BAR_CELLS : Math.floor((have * BAR_CELLS) / needPoints);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_CELLS - full)}]`;
}

function lineBlocks(facts: ReceiptFacts): Block[] {
  const { language } = facts;
  const { currency } = facts.shop;
  const priced = new Map(facts.pricing.lines.map((line) => [line.line, line.grossMinor]));
  return facts.lines.flatMap((line) => {
    const grossMinor = priced.get(line.line) ?? line.quantity * line.unitPriceMinor;
    const price = formatMoney(language, currency, grossMinor);
    const name = line.name === '' ? say(language, 'receipt.amountLine', {}) : line.name;
    if (line.quantityMilli !== undefined) {
      const weight = decimalText(line.quantityMilli, 3);
      const words = { weight, unitPriceMinor: line.unitPriceMinor, currency };
      return [columns(name, ''), columns(`  ${say(language, 'receipt.weighed', words)}`, price)];
    }
    if (line.quantity === 1) return [columns(name, price)];
    const each = formatMoney(language, currency, line.unitPriceMinor);
    return [columns(name, ''), columns(`  ${line.quantity} x ${each}`, price)];
  });
}

function totalBlocks(facts: ReceiptFacts): Block[] {
  const { language, pricing } = facts;
  const { currency } = facts.shop;
  const money = (minor: number) => formatMoney(language, currency, minor);
  const blocks: Block[] = [];
  if (pricing.totalMinor !== pricing.subtotalMinor) {
    blocks.push(columns(say(language, 'receipt.subtotal', {}), money(pricing.subtotalMinor)));
  }
  for (const { amountMinor, whyArgs } of pricing.discounts) {
    const name = nameOfArgs(whyArgs, language) ?? say(language, 'receipt.discount', {});
    blocks.push(columns(name, money(-amountMinor)));
  }
  if (pricing.roundingMinor !== 0) {
    blocks.push(columns(say(language, 'receipt.rounding', {}), money(pricing.roundingMinor)));
  }
  blocks.push(columns(say(language, 'receipt.total', {}), money(pricing.totalMinor), true));
  for (const tax of pricing.taxes) {
    const words = { rate: percent(tax.taxRateBasisPoints) };
    blocks.push(columns(say(language, 'receipt.tax', words), money(tax.taxMinor)));
  }
  for (const tender of facts.tenders) {
    const account = facts.accounts.find(({ accountId }) => accountId === tender.tenderType);
    const name =
      account === undefined
        ? say(language, `receipt.tender.${tender.tenderType}`, {})
        : nameIn(account.names.other, language);
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

/** Why points came or went: the rows of one account, which sum to what it moved. */
function whyBlocks(facts: ReceiptFacts, account: string): Block[] {
  const { language, pricing } = facts;
  return reasonsOf(pricing, facts.owner)
    .filter((line) => line.account === account)
    .map((line) => columns(say(language, line.whyKey, line.whyArgs), amountText(facts, line)));
}

function amountText(
  facts: ReceiptFacts,
  moved: { readonly account: string | null; readonly points: number },
): string {
  const { language, shop } = facts;
  const isMoney = facts.accounts.some(
    ({ accountId, kind }) => accountId === moved.account && kind === 'money',
  );
  if (!isMoney) return signed(language, moved.points);
  const text = formatMoney(language, shop.currency, moved.points);
  return moved.points < 0 ? text : `+${text}`;
}

/** Accounts besides points that this sale moved: stamps, a wallet, status. */
function otherAccountBlocks(facts: ReceiptFacts): Block[] {
  const { language, pricing } = facts;
  return facts.accounts.flatMap(({ accountId, names }) => {
    const own = reasonsOf(pricing, facts.owner).filter((line) => line.account === accountId);
    if (own.length === 0 || accountId === 'points') return [];
    const points = own.reduce((sum, line) => sum + line.points, 0);
    const name = nameIn(Math.abs(points) === 1 ? names.one : names.other, language);
    const total = amountText(facts, { account: accountId, points });
    return [...whyBlocks(facts, accountId), columns(name, total, true)];
  });
}

function pointsBlocks(facts: ReceiptFacts, member: ReceiptMember): Block[] {
  const { language, pricing } = facts;
  const blocks: Block[] = [
    columns(say(language, 'receipt.member', {}), member.maskedCard),
    ...whyBlocks(facts, 'points'),
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
  return [
    ...blocks,
    ...otherAccountBlocks(facts),
    ...rewardBlocks(facts, member),
    ...tierBlocks(facts, member),
  ];
}

/** The best reward that the balance pays for now, and how far the next one is. */
function rewardBlocks(facts: ReceiptFacts, { balanceAfterPoints }: ReceiptMember): Block[] {
  const { language, pricing } = facts;
  const steps = pricing.offers
    .filter(({ account, points }) => account === 'points' && points > 0)
    .toSorted((left, right) => left.points - right.points);
  const ready = steps.filter(({ points }) => points <= balanceAfterPoints).at(-1);
  const next = steps.find(({ points }) => points > balanceAfterPoints);
  const blocks: Block[] = [];
  if (ready !== undefined) {
    const words = { name: nameIn(ready.name, language) };
    blocks.push(plain(say(language, 'receipt.rewardReady', words)));
  }
  if (next !== undefined) {
    const missingPoints = next.points - balanceAfterPoints;
    const words = { missingPoints, name: nameIn(next.name, language) };
    blocks.push(plain(say(language, 'receipt.rewardNext', words)));
  }
  return blocks;
}

function asOfBlock(facts: ReceiptFacts, member: ReceiptMember): Block {
  const { language } = facts;
  const text =
    member.asOfMs === null
      ? say(language, 'receipt.balanceNeverConfirmed', {})
      : say(language, 'receipt.balanceAsOf', {
          time: formatDateTime(language, member.asOfMs, facts.timeZone),
        });
  return plain(text);
}

function tierBlocks(facts: ReceiptFacts, member: ReceiptMember): Block[] {
  const { language, shop } = facts;
  const { tier } = facts.pricing;
  if (tier === null) return [];
  const tierName = nameIn(member.tierName, language);
  if (tier.nextName === null || tier.nextFrom === null) {
    return [columns(say(language, 'receipt.tier', {}), tierName)];
  }
  const nextName = nameIn(tier.nextName, language);
  const { measured, nextFrom } = tier;
  const missing = Math.max(0, nextFrom - measured);
  const money = (minor: number) => formatMoney(language, shop.currency, minor);
  const progress = member.isTierMoney
    ? `${money(measured)}/${money(nextFrom)}`
    : say(language, 'receipt.tierProgress', { havePoints: measured, needPoints: nextFrom });
  const ahead = member.isTierMoney
    ? say(language, 'receipt.tierMissingMoney', {
        missingMinor: missing,
        currency: shop.currency,
        tierName: nextName,
      })
    : say(language, 'receipt.tierMissing', { missingPoints: missing, tierName: nextName });
  return [
    columns(tierName, nextName),
    columns(progressBar(measured, nextFrom), progress),
    plain(ahead),
  ];
}

/** What a guest could still collect with the code below. */
function guestBlocks(facts: ReceiptFacts): Block[] {
  const waiting = facts.pricing.messages.find(({ whyKey }) => whyKey === 'notice.points-waiting');
  if (waiting === undefined || facts.lateClaimDays === null) return [];
  const words = { points: waiting.points, days: facts.lateClaimDays };
  return [RULE, plain(say(facts.language, 'receipt.pointsWaiting', words))];
}

/** What the sale gave to a charity or a partner: said, and nobody's points here. */
function sharedBlocks(facts: ReceiptFacts): Block[] {
  return facts.pricing.accruals
    .filter(({ owner }) => /^(charity|partner)\//.test(owner))
    .map(({ whyKey, whyArgs }) => plain(say(facts.language, whyKey, whyArgs)));
}

/** A slip for each thing that is handed out elsewhere, to be cut off. */
function slipBlocks(facts: ReceiptFacts): Block[] {
  const { language, timeZone, pricing } = facts;
  return pricing.slips.flatMap(({ slipId, name, untilMs, issuedBy }): Block[] => [
    RULE,
    centred(nameIn(name, language), true, 2),
    centred(say(language, 'receipt.slipIssuedBy', { issuedBy })),
    centred(
      say(language, 'receipt.slipUntil', { time: formatDateTime(language, untilMs, timeZone) }),
    ),
    { type: 'qr', data: slipId },
    centred(slipId),
  ]);
}

function giftBlocks(facts: ReceiptFacts): Block[] {
  const { language, pricing } = facts;
  return pricing.gifts.map((gift: Why) => plain(say(language, gift.whyKey, gift.whyArgs)));
}

/** The receipt of a sale. A copy is marked when it is printed, so that it says the same numbers. */
export function receiptDocument(facts: ReceiptFacts): ReceiptDocument {
  const { language, shop } = facts;
  const said = (lines: ReceiptFacts['headerLines']) =>
    lines.map((line) => centred(nameIn(line, language)));
  return {
    version: 1,
    language,
    blocks: [
      ...headerBlocks(shop),
      ...said(facts.headerLines),
      columns(
        formatDateTime(language, facts.atMs, facts.timeZone),
        say(language, 'receipt.till', { till: shop.tillNumber }),
      ),
      columns(say(language, 'receipt.operator', {}), facts.operatorName),
      RULE,
      ...lineBlocks(facts),
      ...giftBlocks(facts),
      RULE,
      ...totalBlocks(facts),
      ...(facts.member === null
        ? guestBlocks(facts)
        : [RULE, ...pointsBlocks(facts, facts.member)]),
      ...sharedBlocks(facts),
      SPACE,
      { type: 'qr', data: facts.receiptToken },
      SPACE,
      // The printer writes the digits below the bars.
      { type: 'barcode', symbology: 'code128', data: facts.receiptNumber },
      ...shop.footerLines.map((line) => centred(line)),
      ...said(facts.footerLines),
      ...slipBlocks(facts),
    ],
  };
}

/** Every paper after the first says so, at its head. */
export function withCopyMark(document: ReceiptDocument, copyNumber: number): ReceiptDocument {
  if (copyNumber === 0) return document;
  const mark = centred(say(document.language, 'receipt.copy', { n: copyNumber }), true, 2);
  return { ...document, blocks: [mark, ...document.blocks] };
}
