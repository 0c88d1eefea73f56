// Owns the rule time machine: sales that were made, priced again under other rules, in their order.
import {
  applyMovements,
  type Books,
  type Movement,
  memberOwner,
  operatorOwner,
  SHOP,
} from '#loyalty/books/books.ts';
import { type MemberProfile, pointsOwner } from '#loyalty/books/state.ts';
import { TILL } from '#loyalty/earn/caps.ts';
import { divideHalfUp } from '#loyalty/money.ts';
import { parseRate } from '#loyalty/points.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { Pricing } from '#loyalty/pricing/pricing.ts';
import type { Moment, Sale } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { TENDER_RULE } from '#loyalty/returns/storedSale.ts';

/** A sale as it was made. */
export interface PastSale {
  readonly sale: Sale;
  readonly moment: Moment;
  readonly member: MemberProfile | null;
}

/** Books that go on from sale to sale. Only those of the people concerned are touched. */
export interface Replay {
  readonly price: (compiled: CompiledProgramme, past: PastSale) => Pricing;
  /** What happened besides sales stays as it was. */
  readonly apply: (movements: readonly Movement[]) => void;
  /** As they stand now. */
  readonly books: () => Books;
}

function ownersOf({ member, moment }: PastSale): readonly string[] {
  const shared = [SHOP, TILL, operatorOwner(moment.operatorId)];
  if (member === null) return shared;
  const own = [memberOwner(member.memberId), pointsOwner(member), ...shared];
  return member.referrerId === null ? own : [...own, memberOwner(member.referrerId)];
}

/** Begins with the books as they were before the first of the sales. */
export function createReplay(opening: Books): Replay {
  const books = new Map(opening);
  const booksOf = (owners: readonly string[]): Books => {
    const found = new Map<string, NonNullable<ReturnType<Books['get']>>>();
    for (const owner of owners) {
      const accounts = books.get(owner);
      if (accounts !== undefined) found.set(owner, accounts);
    }
    return found;
  };
  const apply = (movements: readonly Movement[]): void => {
    const owners = [...new Set(movements.map(({ owner }) => owner))];
    const after = applyMovements(booksOf(owners), movements);
    for (const owner of owners) {
      const accounts = after.get(owner);
      if (accounts === undefined) books.delete(owner);
      else books.set(owner, accounts);
    }
  };
  return {
    apply,
    books: () => new Map(books),
    price: (compiled, past) => {
      const state = { member: past.member, books: booksOf(ownersOf(past)) };
      const pricing = priceSale(compiled, past.sale, state, past.moment);
      apply(pricing.movements);
      return pricing;
    },
  };
}

/** What a sale came to, for its member and for the shop. */
export interface SaleFigures {
  readonly earnedPoints: number;
  readonly redeemedPoints: number;
  readonly discountMinor: number;
  /** What was issued less what was spent, by account. */
  readonly issued: ReadonlyMap<string, number>;
}

/** Stored value that is bought, and that pays as money does: it costs the shop nothing. */
function isMoney({ kind, rule, whyKey }: Movement): boolean {
  return whyKey === 'why.top-up' || (kind === 'redemption' && rule === TENDER_RULE);
}

/** Points and money that rules issued, less what discounts took of them, by account. */
export function issuedBy(movements: readonly Movement[]): ReadonlyMap<string, number> {
  const issued = new Map<string, number>();
  for (const movement of movements) {
    const { kind, account, amount } = movement;
    if ((kind !== 'accrual' && kind !== 'redemption') || isMoney(movement)) continue;
    issued.set(account, (issued.get(account) ?? 0) + amount);
  }
  return issued;
}

export function saleFiguresOf(pricing: Pricing): SaleFigures {
  const { earnedPoints, redeemedPoints, discountMinor, movements } = pricing;
  return { earnedPoints, redeemedPoints, discountMinor, issued: issuedBy(movements) };
}

export const NO_FIGURES: SaleFigures = {
  earnedPoints: 0,
  redeemedPoints: 0,
  discountMinor: 0,
  issued: new Map(),
};

export function addFigures(left: SaleFigures, right: SaleFigures): SaleFigures {
  const issued = new Map(left.issued);
  for (const [account, amount] of right.issued) {
    issued.set(account, (issued.get(account) ?? 0) + amount);
  }
  return {
    earnedPoints: left.earnedPoints + right.earnedPoints,
    redeemedPoints: left.redeemedPoints + right.redeemedPoints,
    discountMinor: left.discountMinor + right.discountMinor,
    issued,
  };
}

/**
 * What loyalty cost: money off, and what was issued less what was spent, at the cost of each
 * account. So points that pay for a discount are counted when they are given, not twice.
 */
export function costMinorOf(
  { discountMinor, issued }: SaleFigures,
  { accounts }: Pick<CompiledProgramme, 'accounts'>,
): number {
  let costMinor = discountMinor;
  for (const [accountId, amount] of issued) {
    const rate = parseRate(accounts.get(accountId)?.costMinor ?? '0');
    if (rate === null) continue;
    const size = divideHalfUp(BigInt(Math.abs(amount)) * rate.numerator, rate.denominator);
    costMinor += amount < 0 ? -size : size;
  }
  return costMinor;
}
