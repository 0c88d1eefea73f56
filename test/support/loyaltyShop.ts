// Owns a shop without a till for tests: it sells, moves points and takes back on the pure engine.
import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import { assert } from '#loyalty/assert.ts';
import {
  type BasketFile,
  type BasketFileOf,
  basketFile,
  momentOf,
  saleOf,
} from '#loyalty/basketFile.ts';
import { applyMovements, type Books, heldOf, type Movement, memberOwner } from '#loyalty/books.ts';
import { type CompiledProgramme, compile } from '#loyalty/compile.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { spendableAt } from '#loyalty/lots.ts';
import { parseProgramme } from '#loyalty/parseProgramme.ts';
import { priceSale } from '#loyalty/priceSale.ts';
import type { Pricing } from '#loyalty/pricing.ts';
import type { programmeFile } from '#loyalty/programmeFile.ts';
import type { Moment, Sale } from '#loyalty/sale.ts';
import { type MemberProfile, pointsOwner, type State } from '#loyalty/state.ts';
import { loadState, stateFile } from '#loyalty/stateFile.ts';

type FormOf<Action> = Omit<Extract<z.input<typeof basketFile>, { action: Action }>, 'action'>;
/** A sale as `npm run price` reads it; what is left out has its default. */
export type SaleForm = FormOf<'sale'>;
/** What happens besides a sale. */
export type OccasionForm = Exclude<z.input<typeof basketFile>, { action: 'sale' }>;
/** A programme file as somebody writes it. */
export type ProgrammeForm = z.input<typeof programmeFile>;
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

/** A sale that was committed, with all that a return needs. */
export interface StoredSale {
  readonly sale: Sale;
  readonly pricing: Pricing;
  readonly member: MemberProfile | null;
  readonly moment: Moment;
}

export interface LoyaltyShop {
  books(): Books;
  /** Prices and applies; the same transaction id again gives the same and moves nothing. */
  sell(form: SaleForm, atIso: string): Pricing;
  /** Priced, not applied. */
  quote(form: SaleForm, atIso: string): Pricing;
  stored(transactionId: string): StoredSale;
  /** All that a member, its pool or another owner holds, as it can be spent at an instant. */
  balance(memberId: string, account?: string, atIso?: string): number;
  /** The level that a member stands on. */
  tier(memberId: string, atIso: string): string;
  /** All that any owner holds of an account, pending and lapsed included. */
  held(owner: string, account: string): number;
  member(memberId: string): MemberProfile;
  /** A member that this shop does not know yet, or changes of one. */
  putMember(memberId: string, changes?: Partial<MemberProfile>): void;
  memberOfCard(cardNumber: string): string;
  apply(movements: readonly Movement[]): void;
  /** Adds a version; the one in force at the time of a sale counts. */
  useProgramme(programme: ProgrammeForm): void;
}

interface Version {
  readonly fromMs: number;
  readonly compiled: CompiledProgramme;
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

const NEW_MEMBER: Omit<MemberProfile, 'memberId'> = {
  language: null,
  enrolledAtMs: null,
  birthday: null,
  segments: [],
  flags: [],
  staffOperatorId: null,
  referrerId: null,
  poolId: null,
  contractId: null,
  recentBaskets: [],
};

/** What the shop knows; replaced piece by piece as things happen. */
interface World {
  books: Books;
  readonly versions: Version[];
  readonly members: Map<string, MemberProfile>;
  readonly memberIdByCard: Map<string, string>;
  readonly sales: Map<string, StoredSale>;
  readonly cardKeyHex: string;
}

function worldOf(state: StateForm, cardKeyHex: string): World {
  const loaded = loadState(z.parse(stateFile, state));
  return {
    books: loaded.books,
    versions: [],
    members: new Map(loaded.members),
    memberIdByCard: new Map(loaded.memberIdByCard),
    sales: new Map(),
    cardKeyHex,
  };
}

function versionAt(world: World, atMs: number): CompiledProgramme {
  const inForce = world.versions
    .filter((version) => version.fromMs <= atMs)
    .sort((left, right) => left.fromMs - right.fromMs)
    .at(-1);
  assert(inForce !== undefined, `no programme at ${atMs}`);
  return inForce.compiled;
}

/** An unknown card becomes a member: the same id on every till that knows the key. */
function memberOfCard(world: World, cardNumber: string): string {
  const known = world.memberIdByCard.get(cardNumber);
  if (known !== undefined) return known;
  const key = Buffer.from(world.cardKeyHex, 'hex');
  const memberId = createHmac('sha256', key).update(cardNumber, 'utf8').digest('hex').slice(0, 32);
  world.memberIdByCard.set(cardNumber, memberId);
  world.members.set(memberId, { ...NEW_MEMBER, memberId });
  return memberId;
}

function buyerOf(world: World, form: BasketFile): MemberProfile | null {
  const { cardNumber } = form;
  const memberId = cardNumber === null ? form.memberId : memberOfCard(world, cardNumber);
  if (memberId === null) return null;
  const member = world.members.get(memberId);
  assert(member !== undefined, `no member ${memberId}`);
  return member;
}

function saleForm(world: World, form: SaleForm): BasketFileOf<'sale'> {
  const transactionId = form.transactionId ?? `sale-${world.sales.size + 1}`;
  const parsed = z.parse(basketFile, { action: 'sale', ...form, transactionId });
  assert(parsed.action === 'sale', 'a sale');
  return parsed;
}

function priceForm(world: World, form: BasketFileOf<'sale'>, atIso: string): StoredSale {
  const member = buyerOf(world, form);
  const moment = momentOf(form, msOf(atIso), digestOf(form.transactionId));
  const sale = saleOf(form);
  const state: State = { member, books: world.books };
  const pricing = priceSale(versionAt(world, moment.atMs), sale, state, moment);
  return { sale, pricing, member, moment };
}

function sell(world: World, form: SaleForm, atIso: string): Pricing {
  const parsed = saleForm(world, form);
  const known = world.sales.get(parsed.transactionId);
  if (known !== undefined) return known.pricing;
  const stored = priceForm(world, parsed, atIso);
  world.sales.set(parsed.transactionId, stored);
  world.books = applyMovements(world.books, stored.pricing.movements);
  return stored.pricing;
}

function ownerFor(world: World, memberId: string, account: string): string {
  const member = world.members.get(memberId);
  assert(member !== undefined, `no member ${memberId}`);
  return account === 'points' ? pointsOwner(member) : memberOwner(memberId);
}

function storedSale(world: World, transactionId: string): StoredSale {
  const sale = world.sales.get(transactionId);
  assert(sale !== undefined, `no sale ${transactionId}`);
  return sale;
}

/** A shop under one programme, or under versions of one, with what its state file says. */
export function loyaltyShop(
  programmes: ProgrammeForm | readonly ProgrammeForm[],
  state: StateForm = {},
): LoyaltyShop {
  const list = Array.isArray(programmes) ? programmes : [programmes];
  const world = worldOf(state, list[0]?.cards.anonymousKeyHex ?? CARD_KEY_HEX);
  const useProgramme = (programme: ProgrammeForm) => {
    const fromMs = msOf(programme.effectiveFromIso);
    world.versions.push({ fromMs, compiled: compiledOf(programme) });
  };
  list.forEach(useProgramme);
  return {
    books: () => world.books,
    sell: (form, atIso) => sell(world, form, atIso),
    quote: (form, atIso) => priceForm(world, saleForm(world, form), atIso).pricing,
    stored: (transactionId) => storedSale(world, transactionId),
    balance: (memberId, account = 'points', atIso) => {
      const owner = ownerFor(world, memberId, account);
      if (atIso === undefined) return heldOf(world.books, owner, account);
      const atMs = msOf(atIso);
      const { accounts, timeZone } = versionAt(world, atMs);
      const place = { owner, accountId: account, account: accounts.get(account) ?? null };
      return spendableAt(world.books, place, { atMs, timeZone });
    },
    tier: (memberId, atIso) => {
      const { pricing } = priceForm(world, saleForm(world, { memberId, lines: [] }), atIso);
      return pricing.tier?.tierId ?? '';
    },
    held: (owner, account) => heldOf(world.books, owner, account),
    member: (memberId) => {
      const member = world.members.get(memberId);
      assert(member !== undefined, `no member ${memberId}`);
      return member;
    },
    putMember: (memberId, changes = {}) => {
      const known = world.members.get(memberId) ?? { ...NEW_MEMBER, memberId };
      world.members.set(memberId, { ...known, ...changes });
    },
    memberOfCard: (cardNumber) => memberOfCard(world, cardNumber),
    apply: (movements) => {
      world.books = applyMovements(world.books, movements);
    },
    useProgramme,
  };
}
