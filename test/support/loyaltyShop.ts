// Owns a shop without a till for tests: it sells, moves points and takes back on the pure engine.
import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import { assert } from '#loyalty/assert.ts';
import {
  applyMovements,
  type Books,
  heldOf,
  type Movement,
  memberOwner,
} from '#loyalty/books/books.ts';
import { nowOf, spendableAt } from '#loyalty/books/lots.ts';
import { type MemberProfile, pointsOwner } from '#loyalty/books/state.ts';
import {
  type BasketFile,
  type BasketFileOf,
  basketFile,
  momentOf,
  saleOf,
} from '#loyalty/files/basketFile.ts';
import { type Buyer, buyerOf } from '#loyalty/files/buyer.ts';
import { occasionOfFile } from '#loyalty/files/occasionOfFile.ts';
import { loadState, stateFile } from '#loyalty/files/stateFile.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import type { OccasionResult, Refused } from '#loyalty/occasions/occasion.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import { type CompiledProgramme, compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import type { programmeFile } from '#loyalty/programme/programmeFile.ts';
import { programmeInForce } from '#loyalty/programme/programmeInForce.ts';
import type { Result } from '#loyalty/result.ts';
import {
  type ReturnOutcome,
  type ReturnRequest,
  returnLines,
  wholeOf,
} from '#loyalty/returns/returnLines.ts';
import { type StoredSale, storedSaleOf } from '#loyalty/returns/storedSale.ts';

type FormOf<Action> = Omit<Extract<z.input<typeof basketFile>, { action: Action }>, 'action'>;
/** A sale as `npm run price` reads it; what is left out has its default. */
export type SaleForm = FormOf<'sale'>;
/** What happens besides a sale. */
export type OccasionForm = Exclude<z.input<typeof basketFile>, { action: 'sale' }>;
/** A programme file as somebody writes it. */
export type ProgrammeForm = z.input<typeof programmeFile>;
export type RuleForm = ProgrammeForm['earning']['rules'][number];
export type RewardForm = ProgrammeForm['rewards']['list'][number];
type AccountForm = NonNullable<ProgrammeForm['accounts']>[number];
export type StateForm = z.input<typeof stateFile>;

/** The name in both languages of `programmeOf`. */
export function named(text: string): { en: string; tr: string } {
  return { en: text, tr: text };
}

export const CARD_KEY_HEX = 'a5'.repeat(32);

/** A programme that gives nothing yet: a point is worth what a test says. */
export function programmeOf(changes: Partial<ProgrammeForm> = {}): ProgrammeForm {
  return {
    schema: 2,
    programmeId: 'test',
    version: 1,
    effectiveFromIso: '2020-01-01T00:00:00Z',
    effectiveToIso: null,
    timeZone: 'UTC',
    businessDayCutOver: '00:00',
    currency: 'EUR',
    languages: ['en', 'tr'],
    pointsName: {
      one: { en: 'point', tr: 'puan' },
      other: { en: 'points', tr: 'puan' },
    },
    cards: {
      memberPrefix: '299',
      luhn: { prefix: '8000', length: 13 },
      gsrn: true,
      anonymousKeyHex: CARD_KEY_HEX,
    },
    earning: { rules: [] },
    tiers: { levels: [{ tierId: 'base', name: named('Base'), from: 0 }] },
    rewards: { list: [] },
    amountLine: { productType: 'other', taxRateBasisPoints: 0 },
    ...changes,
  };
}

/** An account of money, stamps or another kind, that never lapses. */
export function accountOf(
  accountId: string,
  kind: AccountForm['kind'],
  changes: Partial<AccountForm> = {},
): AccountForm {
  const names = { one: named(accountId), other: named(accountId) };
  return { accountId, kind, names, expiry: null, ...changes };
}

/** The account `points` with a life or a cost of its own. */
export function pointsAccount(changes: Partial<AccountForm>): AccountForm {
  return accountOf('points', 'points', changes);
}

/** One point for each whole unit of money, all products alike. */
export const ONE_PER_UNIT: ProgrammeForm['earning']['rules'][number] = {
  kind: 'table',
  ruleId: 'base',
  name: named('Shopping'),
  rows: [{ ruleId: 'all', name: named('Shopping'), points: '1', perMinor: 100 }],
};

/** A sale that was committed, and what it left for a return. */
export interface SoldSale {
  readonly pricing: Pricing;
  readonly memberId: string | null;
  readonly stored: StoredSale;
}

interface ReturnOptions {
  readonly isApprovedByManager?: boolean;
}

export interface LoyaltyShop {
  books(): Books;
  /** Prices and applies; the same transaction id again gives the same and moves nothing. */
  sell(form: SaleForm, atIso: string): Pricing;
  /** Priced, not applied. */
  quote(form: SaleForm, atIso: string): Pricing;
  /** What happens besides a sale; applied where it is not refused. */
  occasion(form: OccasionForm, atIso: string): OccasionResult;
  /** Lines that come back, `[line, quantity]`; applied where it is not refused. */
  returns(
    transactionId: string,
    lines: readonly (readonly [number, number])[] | 'all',
    atIso: string,
    options?: ReturnOptions,
  ): Result<ReturnOutcome, Refused>;
  sold(transactionId: string): SoldSale;
  /** All that a member, its pool or another owner holds, as it can be spent at an instant. */
  balance(memberId: string, account?: string, atIso?: string): number;
  /** The level that a member stands on. */
  tier(memberId: string, atIso: string): string;
  /** All that any owner holds of an account, pending and lapsed included. */
  held(owner: string, account: string): number;
  member(memberId: string): MemberProfile;
  memberIdByCard(cardNumber: string): string | null;
  apply(movements: readonly Movement[]): void;
  /** The version in force. */
  compiledAt(atIso: string): CompiledProgramme;
  /** Adds a version; the one in force at the time of a sale counts. */
  useProgramme(programme: ProgrammeForm): void;
}

function msOf(iso: string): number {
  const atMs = parseInstantIso(iso);
  assert(atMs !== null, `no instant: ${iso}`);
  return atMs;
}

export function compiledOf(programme: ProgrammeForm): CompiledProgramme {
  const parsed = parseProgramme(JSON.stringify(programme));
  assert(parsed.ok, `programme: ${JSON.stringify(parsed)}`);
  return compile(parsed.value);
}

/** SHA-256 of a transaction id, as the till passes it in. */
export function digestOf(transactionId: string): string {
  return createHash('sha256').update(transactionId, 'utf8').digest('hex');
}

/** What the shop knows; replaced piece by piece as things happen. */
interface World {
  books: Books;
  readonly versions: CompiledProgramme[];
  readonly members: Map<string, MemberProfile>;
  readonly memberIdByCard: Map<string, string>;
  readonly sales: Map<string, SoldSale>;
  occasionCount: number;
}

function worldOf(state: StateForm): World {
  const loaded = loadState(z.parse(stateFile, state));
  return {
    books: loaded.books,
    versions: [],
    members: new Map(loaded.members),
    memberIdByCard: new Map(loaded.memberIdByCard),
    sales: new Map(),
    occasionCount: 0,
  };
}

function versionAt(world: World, atMs: number): CompiledProgramme {
  const programmes = world.versions.map(({ programme }) => programme);
  const inForce = programmeInForce(programmes, atMs);
  const compiled = world.versions.find(({ programme }) => programme === inForce);
  assert(compiled !== undefined, 'a shop has a programme');
  return compiled;
}

/** The same id on every till that knows the key. */
export function memberIdOfCard(keyHex: string, cardNumber: string): string {
  const key = Buffer.from(keyHex, 'hex');
  return createHmac('sha256', key).update(cardNumber, 'utf8').digest('hex');
}

/** Who is buying; somebody met for the first time is a member from now on. */
function metBuyer(world: World, form: BasketFile, atMs: number): Buyer {
  const { programme } = versionAt(world, atMs);
  const buyer = buyerOf(form, programme, world, atMs, memberIdOfCard);
  assert(buyer.ok, `buyer: ${JSON.stringify(buyer)}`);
  const { member, newCardNumber } = buyer.value;
  if (member !== null) world.members.set(member.memberId, member);
  if (member !== null && newCardNumber !== null) {
    world.memberIdByCard.set(newCardNumber, member.memberId);
  }
  return buyer.value;
}

function saleForm(world: World, form: SaleForm): BasketFileOf<'sale'> {
  const transactionId = form.transactionId ?? `sale-${world.sales.size + 1}`;
  const parsed = z.parse(basketFile, { action: 'sale', ...form, transactionId });
  assert(parsed.action === 'sale', 'a sale');
  return parsed;
}

function priceForm(world: World, form: BasketFileOf<'sale'>, atIso: string): SoldSale {
  const atMs = msOf(atIso);
  const compiled = versionAt(world, atMs);
  const { member, partnerId } = metBuyer(world, form, atMs);
  const moment = momentOf(form, atMs, digestOf(form.transactionId));
  const sale = { ...saleOf(form), partnerId };
  const pricing = priceSale(compiled, sale, { member, books: world.books }, moment);
  const memberId = member?.memberId ?? null;
  const { programme } = compiled;
  return { pricing, memberId, stored: storedSaleOf({ sale, pricing, atMs, memberId, programme }) };
}

function sell(world: World, form: SaleForm, atIso: string): Pricing {
  const parsed = saleForm(world, form);
  const known = world.sales.get(parsed.transactionId);
  if (known !== undefined) return known.pricing;
  const sold = priceForm(world, parsed, atIso);
  world.sales.set(parsed.transactionId, sold);
  world.books = applyMovements(world.books, sold.pricing.movements);
  return sold.pricing;
}

function memberOf(world: World, memberId: string): MemberProfile {
  const member = world.members.get(memberId);
  assert(member !== undefined, `no member ${memberId}`);
  return member;
}

function soldSale(world: World, transactionId: string): SoldSale {
  const sold = world.sales.get(transactionId);
  assert(sold !== undefined, `no sale ${transactionId}`);
  return sold;
}

function keep(world: World, stored: StoredSale): void {
  const sold = soldSale(world, stored.transactionId);
  world.sales.set(stored.transactionId, { ...sold, stored });
}

function takeBack(
  world: World,
  transactionId: string,
  request: ReturnRequest,
  atIso: string,
): Result<ReturnOutcome, Refused> {
  const { stored, memberId } = soldSale(world, transactionId);
  const others = [...world.sales.values()]
    .filter((other) => memberId !== null && other.memberId === memberId)
    .map((other) => other.stored)
    .filter((other) => other !== stored);
  const { timeZone, cutOverMinutes } = versionAt(world, msOf(atIso));
  const now = nowOf(msOf(atIso), timeZone, cutOverMinutes);
  const result = returnLines(stored, request, world.books, now, others);
  if (!result.ok) return result;
  world.books = applyMovements(world.books, result.value.movements);
  keep(world, result.value.sale);
  for (const other of result.value.others) keep(world, other);
  return result;
}

function spendable(world: World, member: MemberProfile, accountId: string, atMs: number): number {
  const { accounts, timeZone } = versionAt(world, atMs);
  const owner = accountOwner(member, accountId);
  const place = { owner, accountId, account: accounts.get(accountId) ?? null };
  return spendableAt(world.books, place, { atMs, timeZone });
}

/** Counters are the member's own; whatever can be spent is the pool's. */
function accountOwner(member: MemberProfile, accountId: string): string {
  return accountId.includes('/') ? memberOwner(member.memberId) : pointsOwner(member);
}

function happen(world: World, form: OccasionForm, atIso: string): OccasionResult {
  const parsed = z.parse(basketFile, {
    transactionId: `occasion-${++world.occasionCount}`,
    ...form,
  });
  assert(parsed.action !== 'sale', 'no sale');
  const atMs = msOf(atIso);
  const buyer = metBuyer(world, parsed, atMs);
  const digest = digestOf(parsed.transactionId);
  const result = occasionOfFile(parsed, versionAt(world, atMs), world, buyer, atMs, digest);
  assert(result.ok, `occasion: ${JSON.stringify(result)}`);
  const outcome = result.value;
  if (outcome.ok) world.books = applyMovements(world.books, outcome.value.movements);
  return outcome;
}

/** A shop under one programme, or under versions of one, with what its state file says. */
export function loyaltyShop(
  programmes: ProgrammeForm | readonly ProgrammeForm[],
  state: StateForm = {},
): LoyaltyShop {
  const world = worldOf(state);
  const useProgramme = (programme: ProgrammeForm) => {
    world.versions.push(compiledOf(programme));
  };
  [programmes].flat().forEach(useProgramme);
  return {
    books: () => world.books,
    sell: (form, atIso) => sell(world, form, atIso),
    quote: (form, atIso) => priceForm(world, saleForm(world, form), atIso).pricing,
    occasion: (form, atIso) => happen(world, form, atIso),
    sold: (transactionId) => soldSale(world, transactionId),
    returns: (transactionId, lines, atIso, options = {}) => {
      const asked =
        lines === 'all'
          ? wholeOf(soldSale(world, transactionId).stored)
          : lines.map(([line, quantity]) => ({ line, quantity }));
      const isApprovedByManager = options.isApprovedByManager ?? false;
      return takeBack(world, transactionId, { lines: asked, isApprovedByManager }, atIso);
    },
    balance: (memberId, account = 'points', atIso) => {
      const member = memberOf(world, memberId);
      return atIso === undefined
        ? heldOf(world.books, accountOwner(member, account), account)
        : spendable(world, member, account, msOf(atIso));
    },
    tier: (memberId, atIso) => {
      const { pricing } = priceForm(world, saleForm(world, { memberId, lines: [] }), atIso);
      return pricing.tier?.tierId ?? '';
    },
    held: (owner, account) => heldOf(world.books, owner, account),
    member: (memberId) => memberOf(world, memberId),
    memberIdByCard: (cardNumber) => world.memberIdByCard.get(cardNumber) ?? null,
    apply: (movements) => {
      world.books = applyMovements(world.books, movements);
    },
    compiledAt: (atIso) => versionAt(world, msOf(atIso)),
    useProgramme,
  };
}
