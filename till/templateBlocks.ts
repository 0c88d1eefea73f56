// Owns the blocks of a receipt by the names under which a template asks for them.
import type { Block } from '#drivers/printer/paper/document.ts';
import type { Why } from '#loyalty/why.ts';
import { nameIn, nameOfArgs } from '#till/names.ts';
import { centred, columns, plain, RULE, signed } from '#till/paperBlocks.ts';
import { reasonsOf } from '#till/reasons.ts';
import type { ReceiptFacts, ReceiptMember } from '#till/receiptFacts.ts';
import { decimalText, formatDateTime, formatMoney, formatPoints, say } from '#words/say.ts';

/** Cells of the progress bar: plain ASCII, so that every code page prints it (S26). */
const BAR_CELLS = 10;

/** `[######----] 64/100`: full cells are rounded down, so that a full bar means reached. */
export function progressBar(havePoints: number, needPoints: number): string {
  const have = Math.max(0, Math.min(havePoints, needPoints));
  const full = needPoints === 0 ? BAR_CELLS : Math.floor((have * BAR_CELLS) / needPoints);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_CELLS - full)}]`;
}

function moneyIn({ language, shop }: ReceiptFacts): (minor: number) => string {
  return (minor) => formatMoney(language, shop.currency, minor);
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

/** A reward is split by tax rate for the books; to the customer it is one. */
function discountsOf({ language, pricing }: ReceiptFacts): (readonly [string, number])[] {
  return [...new Set(pricing.discounts.map(({ rewardId }) => rewardId))].map((rewardId) => {
    const parts = pricing.discounts.filter((one) => one.rewardId === rewardId);
    const name = nameOfArgs(parts[0]?.whyArgs ?? {}, language);
    const amountMinor = parts.reduce((sum, one) => sum + one.amountMinor, 0);
    return [name ?? say(language, 'receipt.discount', {}), amountMinor];
  });
}

function totalBlocks(facts: ReceiptFacts): Block[] {
  const { language, pricing } = facts;
  const money = moneyIn(facts);
  const blocks: Block[] = [];
  if (pricing.totalMinor !== pricing.subtotalMinor) {
    blocks.push(columns(say(language, 'receipt.subtotal', {}), money(pricing.subtotalMinor)));
  }
  for (const [name, amountMinor] of discountsOf(facts)) {
    blocks.push(columns(name, money(-amountMinor)));
  }
  if (pricing.roundingMinor !== 0) {
    blocks.push(columns(say(language, 'receipt.rounding', {}), money(pricing.roundingMinor)));
  }
  blocks.push(columns(say(language, 'receipt.total', {}), money(pricing.totalMinor), true));
  return blocks;
}

function taxBlocks(facts: ReceiptFacts): Block[] {
  return facts.pricing.taxes.map(({ taxRateBasisPoints, taxMinor }) => {
    const words = { rate: percent(taxRateBasisPoints) };
    return columns(say(facts.language, 'receipt.tax', words), moneyIn(facts)(taxMinor));
  });
}

function paymentBlocks(facts: ReceiptFacts): Block[] {
  const { language, changeMinor } = facts;
  const money = moneyIn(facts);
  const paid = facts.tenders.map(({ tenderType, amountMinor }) => {
    const account = facts.accounts.find(({ accountId }) => accountId === tenderType);
    const name =
      account === undefined
        ? say(language, `receipt.tender.${tenderType}`, {})
        : nameIn(account.names.other, language);
    return columns(name, money(amountMinor));
  });
  if (changeMinor === 0) return paid;
  return [...paid, columns(say(language, 'receipt.change', {}), money(changeMinor))];
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
function otherAccountBlocks(facts: ReceiptFacts, isExplained: boolean): Block[] {
  const { language, pricing } = facts;
  return facts.accounts.flatMap(({ accountId, names }) => {
    const own = reasonsOf(pricing, facts.owner).filter((line) => line.account === accountId);
    if (own.length === 0 || accountId === 'points') return [];
    const points = own.reduce((sum, line) => sum + line.points, 0);
    const name = nameIn(Math.abs(points) === 1 ? names.one : names.other, language);
    const total = amountText(facts, { account: accountId, points });
    const reasons = isExplained ? whyBlocks(facts, accountId) : [];
    return [...reasons, columns(name, total, true)];
  });
}

/** What the member's points moved by, and what they come to. */
function pointsBlocks(facts: ReceiptFacts, member: ReceiptMember): Block[] {
  const { language, pricing } = facts;
  const moved = signed(language, pricing.earnedPoints - pricing.redeemedPoints);
  const balance = formatPoints(language, member.balanceAfterPoints);
  return [
    columns(say(language, 'receipt.earned', {}), moved, true),
    columns(say(language, 'receipt.balance', {}), balance, true),
    ...(member.isOffline ? [asOfBlock(facts, member)] : []),
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
export function slipBlocks(facts: ReceiptFacts): Block[] {
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

function saleBlocks(facts: ReceiptFacts): Block[] {
  const { language, shop } = facts;
  return [
    columns(
      formatDateTime(language, facts.atMs, facts.timeZone),
      say(language, 'receipt.till', { till: shop.tillNumber }),
    ),
    columns(say(language, 'receipt.operator', {}), facts.operatorName),
  ];
}

function saidBlocks(lines: ReceiptFacts['headerLines'], language: string): Block[] {
  return lines.map((line) => centred(nameIn(line, language)));
}

type Maker = (facts: ReceiptFacts, isExplained: boolean) => readonly Block[];

function ofMember(make: (facts: ReceiptFacts, member: ReceiptMember) => Block[]): Maker {
  return (facts) => (facts.member === null ? [] : make(facts, facts.member));
}

/**
 * What stands in a template as `[name]`. Each gives nothing where the sale has none of it, and
 * those that may give nothing bring the rule above them. `isExplained`: the reasons for points are
 * wanted.
 */
export const blockMakers = {
  logo: ({ logo }) => (logo === null ? [] : [logo]),
  /** Rows of the shop's own, in commands of escpos. */
  custom: ({ blockFile }) => (blockFile === null ? [] : [{ type: 'custom', file: blockFile }]),
  /** What the programme wants said above the sale. */
  header: ({ headerLines, language }) => saidBlocks(headerLines, language),
  /** Date and till, and who served. */
  sale: saleBlocks,
  items: (facts) => [...lineBlocks(facts), ...giftBlocks(facts)],
  totals: totalBlocks,
  taxes: taxBlocks,
  payments: paymentBlocks,
  member: ofMember(({ language }, { maskedCard }) => [
    RULE,
    columns(say(language, 'receipt.member', {}), maskedCard),
  ]),
  why: ofMember((facts) => whyBlocks(facts, 'points')),
  points: ofMember(pointsBlocks),
  accounts: (facts, isExplained) =>
    facts.member === null ? [] : otherAccountBlocks(facts, isExplained),
  rewards: ofMember(rewardBlocks),
  tier: ofMember(tierBlocks),
  invitation: (facts) => (facts.member === null ? guestBlocks(facts) : []),
  /** What charities and partners get by the sale. */
  shared: sharedBlocks,
  /** The code by which the sale is found again, and a guest's points are claimed. */
  qr: ({ receiptToken }) => [{ type: 'qr', data: receiptToken }],
  /** The printer writes the digits, which are the receipt number, below the bars. */
  barcode: ({ receiptNumber }) => [{ type: 'barcode', symbology: 'code128', data: receiptNumber }],
  footer: ({ shop, footerLines, language }) => [
    ...shop.footerLines.map((line) => centred(line)),
    ...saidBlocks(footerLines, language),
  ],
} satisfies Readonly<Record<string, Maker>>;

export type BlockName = keyof typeof blockMakers;

export function isBlockName(name: string): name is BlockName {
  return Object.hasOwn(blockMakers, name);
}

/** Values of `{name}` in a template: one line each; none where the sale has none of it. */
export const variables = {
  'store.name': ({ shop }) => [shop.storeName],
  'store.address': ({ shop }) => shop.addressLines,
  'store.taxNumber': ({ shop }) => (shop.taxNumber === '' ? [] : [shop.taxNumber]),
  'till.number': ({ shop }) => [String(shop.tillNumber)],
  'operator.name': ({ operatorName }) => [operatorName],
  'receipt.number': ({ receiptNumber }) => [receiptNumber],
  'receipt.date': ({ language, atMs, timeZone }) => [formatDateTime(language, atMs, timeZone)],
  'receipt.total': (facts) => [moneyIn(facts)(facts.pricing.totalMinor)],
  'member.card': ({ member }) => (member === null ? [] : [member.maskedCard]),
  'member.tier': ({ member, language }) => {
    const name = member === null ? '' : nameIn(member.tierName, language);
    return name === '' ? [] : [name];
  },
  'points.earned': ({ member, pricing, language }) =>
    member === null ? [] : [formatPoints(language, pricing.earnedPoints)],
  'points.balance': ({ member, language }) =>
    member === null ? [] : [formatPoints(language, member.balanceAfterPoints)],
} satisfies Readonly<Record<string, (facts: ReceiptFacts) => readonly string[]>>;

export type VariableName = keyof typeof variables;

export function isVariableName(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}
