// Owns what every occasion besides a sale has: who, when, under which programme; and its movements.
import {
  applyMovements,
  type Books,
  type Movement,
  type MovementKind,
} from '#loyalty/books/books.ts';
import {
  type AccountPlace,
  accrue,
  expireLots,
  type LotDates,
  type Now,
  spend,
  spendableAt,
} from '#loyalty/books/lots.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import { tierMovements } from '#loyalty/books/tierStanding.ts';
import { tally } from '#loyalty/earn/caps.ts';
import type { OccasionRefusal, OccasionResult, Outcome } from '#loyalty/occasions/occasion.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import { contextOf } from '#loyalty/pricing/contextOf.ts';
import { conversionTimes, convert } from '#loyalty/pricing/conversion.ts';
import type { Moment } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import type { RewardOf } from '#loyalty/programme/reward.ts';
import { failure, success } from '#loyalty/result.ts';
import type { Why } from '#loyalty/why.ts';

/** Something that happens to a member besides a purchase. */
export interface Occasion {
  readonly compiled: CompiledProgramme;
  readonly member: MemberProfile;
  readonly books: Books;
  readonly moment: Moment;
  /** Names the lots that it opens, as a transaction id does. */
  readonly occasionId: string;
}

export function refused(reason: OccasionRefusal, left = 0): OccasionResult {
  return failure({ reason, left });
}

/** A cashier never moves points on the own card. */
export function isOwnCard({ member, moment }: Occasion): boolean {
  return member.staffOperatorId !== null && member.staffOperatorId === moment.operatorId;
}

/** What changes an account, before its lots are known. */
interface Change extends Why {
  readonly owner: string;
  readonly accountId: string;
  readonly amount: number;
  readonly rule: string;
  readonly kind: MovementKind;
}

/** Builds the outcome while the books move on: each step sees what the ones before did. */
export class OccasionLedger {
  readonly context: PricingContext;
  readonly now: Now;
  books: Books;
  private earnedPoints = 0;
  private readonly occasion: Occasion;
  private readonly movements: Movement[] = [];
  private readonly explanation: Outcome['explanation'][number][] = [];

  constructor(occasion: Occasion) {
    const { compiled, member, books, moment, occasionId: transactionId } = occasion;
    const sale = { transactionId, lines: [], claims: [], codes: [], tenders: [] };
    this.occasion = occasion;
    this.books = books;
    this.context = contextOf(compiled, sale, { member, books }, member, moment);
    const { local, timeZone } = this.context;
    this.now = { atMs: moment.atMs, local, timeZone };
  }

  private placeOf(owner: string, accountId: string): AccountPlace {
    const account = this.occasion.compiled.accounts.get(accountId) ?? null;
    return { owner, accountId, account };
  }

  add(movements: readonly Movement[]): void {
    this.movements.push(...movements);
    this.books = applyMovements(this.books, movements);
  }

  /** Words for the member, of points that moved. */
  say(account: string, points: number, { whyKey, whyArgs }: Why): void {
    this.explanation.push({ account, points, whyKey, whyArgs });
  }

  count(owner: string, account: string, amount: number, rule: string, why: Why): void {
    this.add([tally(this.context, owner, account, amount, rule, why)]);
  }

  spendable(owner: string, accountId: string): number {
    return Math.max(0, spendableAt(this.books, this.placeOf(owner, accountId), this.now));
  }

  give(change: Change, dates?: LotDates): void {
    const { owner, accountId } = change;
    const lotId = `${this.occasion.occasionId}/${this.movements.length + 1}`;
    const accrual = { ...change, ...this.placeOf(owner, accountId), lotId };
    this.add(accrue(this.books, dates === undefined ? accrual : { ...accrual, dates }, this.now));
  }

  /** Points that rules give: tiers measure them, and a pool remembers whose they are. */
  earn(change: Omit<Change, 'kind'>): void {
    this.give({ ...change, kind: 'accrual' });
    this.earnedPoints += change.amount;
    const { memberOwner, pointsOwner } = this.context;
    const { accountId, amount, rule } = change;
    if (change.owner !== pointsOwner) return;
    const counter = `issued/${accountId}`;
    if (this.occasion.compiled.tiers.counter === counter) {
      this.count(memberOwner, counter, amount, rule, change);
    }
    if (pointsOwner !== memberOwner) {
      this.count(memberOwner, `contributed/${accountId}`, amount, rule, change);
    }
  }

  /** The caller knows that there is enough. */
  take(change: Change): readonly Movement[] {
    const place = this.placeOf(change.owner, change.accountId);
    const movements = spend(this.books, { ...change, ...place }, this.now);
    this.add(movements);
    return movements;
  }

  /** Turns an account into another as often as it, the reward and its limits allow. */
  convert(reward: RewardOf<'convert'>): void {
    const { context, now } = this;
    const { compiled, occasionId } = this.occasion;
    const place = { compiled, context, owner: context.pointsOwner, now };
    const times = conversionTimes(place, this.books, reward);
    const made = convert(place, this.books, reward, times, `${occasionId}/${reward.rewardId}`);
    if (made === null) return;
    const { conversion, movements } = made;
    this.add(movements);
    this.say(conversion.account, -conversion.points, conversion);
    if (conversion.toOwner !== conversion.owner) return;
    this.say(conversion.toAccount, conversion.amount, conversion);
  }

  /** Takes off what has lapsed in every account of the programme. */
  expire(owner: string): void {
    const { compiled } = this.occasion;
    for (const [accountId, account] of compiled.accounts) {
      const lapsed = expireLots(this.books, this.placeOf(owner, accountId), this.now);
      const isMoney = account.kind === 'money';
      const movements = lapsed.map((movement) => {
        if (!isMoney) return movement;
        const whyArgs = { amountMinor: -movement.amount, currency: compiled.currency };
        return { ...movement, whyKey: 'why.expiry.money', whyArgs };
      });
      for (const movement of movements) this.say(accountId, movement.amount, movement);
      this.add(movements);
    }
  }

  /** The levels that earned points reach come on top. */
  outcome(): OccasionResult {
    const { compiled, books } = this.occasion;
    if (this.earnedPoints > 0) {
      const { memberOwner } = this.context;
      this.add(tierMovements(compiled.tiers, books, this.books, memberOwner, this.now));
    }
    return success({ movements: this.movements, explanation: this.explanation });
  }
}
