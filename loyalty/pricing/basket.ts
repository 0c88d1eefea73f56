// Owns the basket: a sale before it is committed, and what may change it.
import { assertNever } from '#loyalty/assert.ts';
import { divideHalfUp, isAmountMinor } from '#loyalty/money.ts';
import type { LineFlag } from '#loyalty/pricing/sale.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

/** What a cached product is. Prices are gross (tax in), in minor units (ISO 4217). */
export interface Product {
  readonly sku: string;
  /** GTIN-8, -12 or -13 as digits, or null for a product that is only picked on screen. */
  readonly barcode: string | null;
  readonly name: string;
  readonly productType: string;
  /** 0 … 9e12 minor units, tax included. */
  readonly unitPriceMinor: number;
  /** Basis points: 1900 is 19 %. 0 … 10000. */
  readonly taxRateBasisPoints: number;
  readonly tags?: readonly string[];
  readonly flags?: readonly LineFlag[];
  /** Tax of a fixed amount a unit. */
  readonly fixedTaxMinor?: number;
}

/** One ARTS LineItem of the basket. */
export interface BasketLine {
  /** 1 … 999, stable while the basket lives; a removed line's number is not used again. */
  readonly line: number;
  readonly kind: 'product' | 'amount';
  /** Null on an amount line. */
  readonly sku: string | null;
  /** For an amount line: the barcode nobody knew, or an empty string. */
  readonly name: string;
  readonly productType: string;
  /** 1 … 999; 1 on a piece from a scale. */
  readonly quantity: number;
  readonly unitPriceMinor: number;
  /** Thousandths of the unit of measure (grams where it is kg), on a weighed piece. */
  readonly quantityMilli?: number;
  /** The price stands on the piece itself. */
  readonly isPriceFixed?: true;
  readonly taxRateBasisPoints: number;
  readonly tags?: readonly string[];
  readonly flags?: readonly LineFlag[];
  readonly fixedTaxMinor?: number;
}

/** A reward that the member asked for in this basket. */
export interface ClaimedReward {
  readonly rewardId: string;
  /** Ledger points that are held for it; 0 where it costs none. */
  readonly points: number;
  readonly amountOffMinor: number;
  /** How the points are secured: reserved at head office, or below the offline floor. */
  readonly secured: 'reservation' | 'offline-floor';
  /** How many times it was asked for; absent: once. */
  readonly times?: number;
  /** The id sent to head office; also made for the floor, so that the journal names every claim. */
  readonly reservationId: string;
}

export interface Basket {
  /** UUIDv7, made when the basket opens and reused by every retry. */
  readonly transactionId: string;
  readonly openedAtMs: number;
  readonly memberId: string | null;
  readonly lines: readonly BasketLine[];
  readonly rewards: readonly ClaimedReward[];
  /** Promotion codes that were scanned; absent: none. */
  readonly codes?: readonly string[];
  /** The partner whose card was scanned; absent: none. */
  readonly partnerId?: string;
  /** The number that the next added line gets. */
  readonly nextLine: number;
}

/** What the label of a scale says of a piece: 1 … 1e9 thousandths, or 1 … 9e12 minor units. */
export type Measure =
  | { readonly kind: 'weight'; readonly quantityMilli: number }
  | { readonly kind: 'price'; readonly priceMinor: number };

export type BasketEvent =
  | { readonly type: 'product.added'; readonly product: Product; readonly quantity: number }
  /** A piece from a scale: always a line of its own. */
  | { readonly type: 'piece.added'; readonly product: Product; readonly measure: Measure }
  | {
      readonly type: 'amount.added';
      readonly amountMinor: number;
      readonly name: string;
      readonly productType: string;
      readonly taxRateBasisPoints: number;
    }
  | { readonly type: 'quantity.set'; readonly line: number; readonly quantity: number }
  | { readonly type: 'line.removed'; readonly line: number }
  | { readonly type: 'member.attached'; readonly memberId: string }
  | { readonly type: 'member.removed' }
  | { readonly type: 'reward.claimed'; readonly reward: ClaimedReward }
  | { readonly type: 'reward.removed'; readonly rewardId: string }
  | { readonly type: 'code.added'; readonly code: string }
  | { readonly type: 'partner.attached'; readonly partnerId: string };

export type BasketRefusal =
  | 'basket-full'
  | 'quantity-out-of-range'
  /** A piece from a scale is one: the next has its own label. */
  | 'line-is-piece'
  | 'amount-out-of-range'
  | 'line-unknown'
  | 'reward-unknown'
  | 'reward-already-claimed'
  /** The member, or the lines that carry a claimed reward, cannot go before the reward does. */
  | 'rewards-claimed'
  /** A reward without a member: the member left while head office was being asked. */
  | 'member-missing'
  /** A reward worth more than what is left to pay. */
  | 'basket-too-small';

const LINES_MAX = 999;
const QUANTITY_MAX = 999;
const CODES_MAX = 20;

/** An empty basket. `transactionId` is a fresh UUIDv7 that every retry of this sale reuses. */
export function openBasket(transactionId: string, openedAtMs: number): Basket {
  return { transactionId, openedAtMs, memberId: null, lines: [], rewards: [], nextLine: 1 };
}

function isQuantity(quantity: number): boolean {
  return Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= QUANTITY_MAX;
}

function subtotalOf(lines: readonly BasketLine[]): number {
  return lines.reduce((sum, { quantity, quantityMilli, unitPriceMinor }) => {
    if (quantityMilli === undefined) return sum + quantity * unitPriceMinor;
    return sum + divideHalfUp(BigInt(unitPriceMinor) * BigInt(quantityMilli), 1000);
  }, 0);
}

function isPiece(line: BasketLine): boolean {
  return line.quantityMilli !== undefined || line.isPriceFixed === true;
}

function amountOffOf(rewards: readonly ClaimedReward[]): number {
  return rewards.reduce((sum, reward) => sum + reward.amountOffMinor, 0);
}

/** Puts new lines in, if what they cost stays within bounds and still covers the rewards. */
function withLines(
  basket: Basket,
  lines: readonly BasketLine[],
  nextLine = basket.nextLine,
): Result<Basket, BasketRefusal> {
  if (lines.length > LINES_MAX) return failure('basket-full');
  const subtotalMinor = subtotalOf(lines);
  if (!isAmountMinor(subtotalMinor)) return failure('amount-out-of-range');
  if (subtotalMinor < amountOffOf(basket.rewards)) return failure('rewards-claimed');
  return success({ ...basket, lines, nextLine });
}

function withNewLine(
  basket: Basket,
  line: Omit<BasketLine, 'line'>,
): Result<Basket, BasketRefusal> {
  const lines = [...basket.lines, { line: basket.nextLine, ...line }];
  return withLines(basket, lines, basket.nextLine + 1);
}

function withQuantity(
  basket: Basket,
  line: number,
  quantity: number,
): Result<Basket, BasketRefusal> {
  if (!isQuantity(quantity)) return failure('quantity-out-of-range');
  const changed = basket.lines.find((known) => known.line === line);
  if (changed === undefined) return failure('line-unknown');
  if (isPiece(changed) && quantity !== 1) return failure('line-is-piece');
  const lines = basket.lines.map((known) => (known.line === line ? { ...known, quantity } : known));
  return withLines(basket, lines);
}

function withProduct(
  basket: Basket,
  product: Product,
  quantity: number,
): Result<Basket, BasketRefusal> {
  if (!isQuantity(quantity)) return failure('quantity-out-of-range');
  // A price that changed while the basket was open opens a line of its own.
  const known = basket.lines.find(
    (line) =>
      line.sku === product.sku &&
      !isPiece(line) &&
      line.unitPriceMinor === product.unitPriceMinor &&
      line.taxRateBasisPoints === product.taxRateBasisPoints &&
      line.productType === product.productType,
  );
  if (known !== undefined) return withQuantity(basket, known.line, known.quantity + quantity);
  return withNewLine(basket, lineOf(product, quantity));
}

function lineOf(product: Product, quantity: number): Omit<BasketLine, 'line'> {
  return {
    kind: 'product',
    sku: product.sku,
    name: product.name,
    productType: product.productType,
    quantity,
    unitPriceMinor: product.unitPriceMinor,
    taxRateBasisPoints: product.taxRateBasisPoints,
    ...(product.tags === undefined ? {} : { tags: product.tags }),
    ...(product.flags === undefined ? {} : { flags: product.flags }),
    ...(product.fixedTaxMinor === undefined ? {} : { fixedTaxMinor: product.fixedTaxMinor }),
  };
}

function withPiece(
  basket: Basket,
  product: Product,
  measure: Measure,
): Result<Basket, BasketRefusal> {
  const line = lineOf(product, 1);
  if (measure.kind === 'weight') {
    return withNewLine(basket, { ...line, quantityMilli: measure.quantityMilli });
  }
  const { priceMinor } = measure;
  if (!isAmountMinor(priceMinor)) return failure('amount-out-of-range');
  return withNewLine(basket, { ...line, unitPriceMinor: priceMinor, isPriceFixed: true });
}

function withMember(basket: Basket, memberId: string | null): Result<Basket, BasketRefusal> {
  if (basket.memberId === memberId) return success(basket);
  if (basket.rewards.length > 0) return failure('rewards-claimed');
  return success({ ...basket, memberId });
}

function withReward(basket: Basket, reward: ClaimedReward): Result<Basket, BasketRefusal> {
  if (basket.memberId === null) return failure('member-missing');
  if (basket.rewards.some((claimed) => claimed.rewardId === reward.rewardId)) {
    return failure('reward-already-claimed');
  }
  const rewards = [...basket.rewards, reward];
  if (amountOffOf(rewards) > subtotalOf(basket.lines)) return failure('basket-too-small');
  return success({ ...basket, rewards });
}

/**
 * The basket after an event, or why it stays as it was. At most 999 lines, quantities 1 … 999,
 * subtotal at most 9e12 minor units and never below the money-off of the claimed rewards.
 */
export function reduce(basket: Basket, event: BasketEvent): Result<Basket, BasketRefusal> {
  switch (event.type) {
    case 'product.added':
      return withProduct(basket, event.product, event.quantity);
    case 'piece.added':
      return withPiece(basket, event.product, event.measure);
    case 'amount.added': {
      const { amountMinor, name, productType, taxRateBasisPoints } = event;
      if (!isAmountMinor(amountMinor) || amountMinor === 0) return failure('amount-out-of-range');
      const unitPriceMinor = amountMinor;
      const line = { name, productType, quantity: 1, unitPriceMinor, taxRateBasisPoints };
      return withNewLine(basket, { kind: 'amount', sku: null, ...line });
    }
    case 'quantity.set':
      return withQuantity(basket, event.line, event.quantity);
    case 'line.removed': {
      const lines = basket.lines.filter((line) => line.line !== event.line);
      if (lines.length === basket.lines.length) return failure('line-unknown');
      return withLines(basket, lines);
    }
    case 'member.attached':
      return withMember(basket, event.memberId);
    case 'member.removed':
      return withMember(basket, null);
    case 'reward.claimed':
      return withReward(basket, event.reward);
    case 'reward.removed': {
      const rewards = basket.rewards.filter((reward) => reward.rewardId !== event.rewardId);
      if (rewards.length === basket.rewards.length) return failure('reward-unknown');
      return success({ ...basket, rewards });
    }
    case 'code.added': {
      const codes = basket.codes ?? [];
      if (codes.includes(event.code) || codes.length >= CODES_MAX) return success(basket);
      return success({ ...basket, codes: [...codes, event.code] });
    }
    case 'partner.attached':
      return success({ ...basket, partnerId: event.partnerId });
    default:
      return assertNever(event);
  }
}
