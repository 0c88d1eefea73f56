// Owns pricing from files: programme, state and basket in, one value to be written as JSON out.

import { applyMovements, type Books } from '#loyalty/books/books.ts';
import { nowOf } from '#loyalty/books/lots.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import { type BasketFile, type BasketFileOf, momentOf, saleOf } from '#loyalty/files/basketFile.ts';
import { type Balance, balancesOf, booksFile } from '#loyalty/files/booksFile.ts';
import { type Buyer, buyerOf } from '#loyalty/files/buyer.ts';
import type { FileFault } from '#loyalty/files/inputFiles.ts';
import { type OccasionFile, occasionOfFile } from '#loyalty/files/occasionOfFile.ts';
import { type LoadedState, loadState, type StateFile } from '#loyalty/files/stateFile.ts';
import { instantText } from '#loyalty/instant.ts';
import type { Outcome, Refused } from '#loyalty/occasions/occasion.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import {
  type ReturnOutcome,
  type ReturnRequest,
  returnLines,
  wholeOf,
} from '#loyalty/returns/returnLines.ts';
import { storedSaleOf } from '#loyalty/returns/storedSale.ts';

/** What is priced. */
export interface Files {
  readonly compiled: CompiledProgramme;
  readonly state: StateFile;
  readonly basket: BasketFile;
  readonly atMs: number;
  /** SHA-256 of the UTF-8 transaction id: what a lucky basket is drawn from. */
  readonly saleDigestHex: string;
  /** Id of the member that an unknown card becomes; loyalty itself has no crypto. */
  readonly memberIdOfCard: (keyHex: string, cardNumber: string) => string;
  /** What of the sale comes back, and when; null for nothing. */
  readonly comesBack: {
    readonly lines: ReturnRequest['lines'] | 'all';
    readonly atMs: number;
    readonly isApprovedByManager: boolean;
  } | null;
}

interface Head {
  /** `my-shop@1`. */
  readonly programmeVersion: string;
  readonly atIso: string;
  /** Null for a guest. */
  readonly memberId: string | null;
}

interface After {
  /** Owner → account → what is there when it is over. */
  readonly balancesAfter: Readonly<Record<string, Readonly<Record<string, Balance>>>>;
  /** A state file: what the next basket begins with. */
  readonly stateAfter: StateFile;
}

/** A return as people see it: without the sale as it has to be stored. */
type Returned = { readonly atIso: string } & (
  | ({ readonly isRefused: false } & Omit<ReturnOutcome, 'sale' | 'others'>)
  | ({ readonly isRefused: true } & Refused)
);

export type PricedFiles = Head &
  After &
  (
    | { readonly kind: 'sale'; readonly pricing: Pricing; readonly returned?: Returned }
    | { readonly kind: 'occasion'; readonly action: string; readonly outcome: Outcome }
    | { readonly kind: 'refused'; readonly action: string; readonly refused: Refused }
  );

/** A state with books that went on. */
interface World {
  readonly compiled: CompiledProgramme;
  readonly state: StateFile;
  readonly loaded: LoadedState;
  readonly buyer: Buyer;
}

const BASKETS_MAX = 8;

/** The members of the state file, their figures now in the books; a new one joins them. */
function membersAfter(world: World, skus: readonly string[] | null): StateFile['members'] {
  const { state, buyer } = world;
  const { member, newCardNumber } = buyer;
  const isBuyer = (memberId: string) => member?.memberId === memberId;
  const basketsOf = (profile: Pick<MemberProfile, 'memberId' | 'recentBaskets'>) => {
    const baskets = profile.recentBaskets.map((basket) => [...basket]);
    const isNew = skus !== null && isBuyer(profile.memberId);
    return isNew ? [[...skus], ...baskets].slice(0, BASKETS_MAX) : baskets;
  };
  const members = state.members.map((form) => ({
    ...form,
    // A member that was met by the card before has it on the list now.
    cardNumber: isBuyer(form.memberId) ? (newCardNumber ?? form.cardNumber) : form.cardNumber,
    recentBaskets: basketsOf(form),
    balances: {},
    tier: null,
  }));
  if (member === null || members.some(({ memberId }) => isBuyer(memberId))) return members;
  const { memberId, enrolledAtMs } = member;
  const newMember: StateFile['members'][number] = {
    memberId,
    cardNumber: newCardNumber,
    enrolledAtIso: enrolledAtMs === null ? null : instantText(enrolledAtMs),
    language: null,
    birthday: null,
    segments: [],
    flags: [],
    staffOperatorId: null,
    referrerId: null,
    poolId: null,
    contractId: null,
    recentBaskets: basketsOf(member),
    balances: {},
    tier: null,
  };
  return [...members, newMember];
}

function after(world: World, books: Books, atMs: number, skus: readonly string[] | null): After {
  return {
    balancesAfter: balancesOf(books, world.compiled, atMs),
    stateAfter: { members: membersAfter(world, skus), books: booksFile(books) },
  };
}

function claimFaults(
  { claims }: BasketFileOf<'sale'>,
  { programme }: CompiledProgramme,
): readonly FileFault[] {
  const known = new Set(programme.rewards.list.map(({ rewardId }) => rewardId));
  const list = [...known].join(', ') || 'none';
  return claims.flatMap(({ rewardId }, index) => {
    if (known.has(rewardId)) return [];
    const message = `"${rewardId}" is no reward of the programme; it has: ${list}`;
    return [{ path: `$.claims[${index}].rewardId`, message }];
  });
}

/** Takes back what the files say, from what the sale would have stored. */
function returned(
  world: World,
  files: Files,
  stored: Parameters<typeof storedSaleOf>[0],
  books: Books,
): { readonly returned: Returned; readonly books: Books; readonly atMs: number } | null {
  const { comesBack } = files;
  if (comesBack === null) return null;
  const { atMs, lines, isApprovedByManager } = comesBack;
  const { timeZone, cutOverMinutes } = world.compiled;
  const sale = storedSaleOf(stored);
  const request = { lines: lines === 'all' ? wholeOf(sale) : lines, isApprovedByManager };
  const result = returnLines(sale, request, books, nowOf(atMs, timeZone, cutOverMinutes));
  const atIso = instantText(atMs);
  if (!result.ok) return { returned: { atIso, isRefused: true, ...result.error }, books, atMs };
  const { sale: _stored, others: _others, ...outcome } = result.value;
  const after = applyMovements(books, outcome.movements);
  return { returned: { atIso, isRefused: false, ...outcome }, books: after, atMs };
}

function priceSaleFile(world: World, files: Files, basket: BasketFileOf<'sale'>): PricedFiles {
  const { compiled, loaded, buyer } = world;
  const { member, partnerId } = buyer;
  const { atMs, saleDigestHex } = files;
  const sale = { ...saleOf(basket), partnerId };
  const moment = momentOf(basket, atMs, saleDigestHex);
  const pricing = priceSale(compiled, sale, { member, books: loaded.books }, moment);
  const sold = applyMovements(loaded.books, pricing.movements);
  const memberId = member?.memberId ?? null;
  const toStore = { sale, pricing, atMs, memberId, programme: compiled.programme };
  const back = returned(world, files, toStore, sold);
  const skus = basket.lines.flatMap(({ sku }) => (sku === null ? [] : [sku]));
  return {
    kind: 'sale',
    ...headOf(world, atMs),
    pricing,
    ...(back === null ? {} : { returned: back.returned }),
    ...after(world, back?.books ?? sold, back?.atMs ?? atMs, [...new Set(skus)]),
  };
}

function headOf({ compiled, buyer }: World, atMs: number): Head {
  return {
    programmeVersion: compiled.programmeVersion,
    atIso: instantText(atMs),
    memberId: buyer.member?.memberId ?? null,
  };
}

function occasion(
  world: World,
  { atMs, saleDigestHex }: Files,
  file: OccasionFile,
): Result<PricedFiles, readonly FileFault[]> {
  const { compiled, loaded, buyer } = world;
  const result = occasionOfFile(file, compiled, loaded, buyer, atMs, saleDigestHex);
  if (!result.ok) return failure([result.error]);
  const { action } = file;
  const head = headOf(world, atMs);
  if (!result.value.ok) {
    const refused = result.value.error;
    const unchanged = after(world, loaded.books, atMs, null);
    return success({ kind: 'refused', ...head, action, refused, ...unchanged });
  }
  const outcome = result.value.value;
  const books = applyMovements(loaded.books, outcome.movements);
  return success({
    kind: 'occasion',
    ...head,
    action,
    outcome,
    ...after(world, books, atMs, null),
  });
}

/** Prices a sale, or lets another occasion happen. Faults are those of the basket file. */
export function priceFiles(files: Files): Result<PricedFiles, readonly FileFault[]> {
  const { compiled, state, basket, atMs, memberIdOfCard } = files;
  const loaded = loadState(state);
  const buyer = buyerOf(basket, compiled.programme, loaded, atMs, memberIdOfCard);
  if (!buyer.ok) return failure([buyer.error]);
  const world = { compiled, state, loaded, buyer: buyer.value };
  if (basket.action !== 'sale') return occasion(world, files, basket);
  const faults = claimFaults(basket, compiled);
  if (faults.length > 0) return failure(faults);
  const priced = priceSaleFile(world, files, basket);
  if (priced.kind !== 'sale' || priced.pricing.totalMinor >= 0) return success(priced);
  const message = 'write deductions of at most what the other lines come to';
  return failure([{ path: '$.lines', message }]);
}
