// Owns what points mean in money: what is owed to partners and members, and a sale's deferred part.
import {
  type Books,
  heldOf,
  isAlive,
  type Movement,
  memberIdOf,
  spendableOf,
} from '#loyalty/books/books.ts';
import type { Now } from '#loyalty/books/lots.ts';
import { dateOfDayNumber, dayNumberOf } from '#loyalty/calendar.ts';
import { divideHalfUp } from '#loyalty/money.ts';
import { parseRate } from '#loyalty/points.ts';
import type { AccountFile } from '#loyalty/programme/account.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';

/** What points cost, half-up; `rateText` is the cost of one in minor units. */
function costOf(points: number, rateText: string): number {
  const rate = parseRate(rateText);
  if (rate === null || points <= 0) return 0;
  return divideHalfUp(BigInt(points) * rate.numerator, rate.denominator);
}

/** Points that are owed to a partner, and the money for them. */
export function settlementOf(
  programme: Pick<ProgrammeFile, 'accounts' | 'partners'>,
  books: Books,
  partnerId: string,
): { readonly points: number; readonly amountMinor: number } {
  const partner = programme.partners.find((one) => one.partnerId === partnerId);
  if (partner === undefined) return { points: 0, amountMinor: 0 };
  const account = programme.accounts.find((one) => one.accountId === partner.account);
  const points = heldOf(books, `partner/${partnerId}`, partner.account);
  return { points, amountMinor: costOf(points, account?.costMinor ?? '0') };
}

/** Money of a wallet that is paid out: what each member can take now, by member id. */
export function payOutsOf(
  books: Books,
  accountId: string,
  atMs: number,
): { readonly memberId: string; readonly amountMinor: number }[] {
  return [...books.keys()]
    .flatMap((owner) => {
      const memberId = memberIdOf(owner);
      const amountMinor = spendableOf(books, owner, accountId, atMs);
      return memberId === null || amountMinor <= 0 ? [] : [{ memberId, amountMinor }];
    })
    .sort((left, right) => (left.memberId < right.memberId ? -1 : 1));
}

export interface SaleWithPoints {
  readonly saleMinor: number;
  readonly points: number;
  /** What one point is worth, in minor units, as an exact rate. */
  readonly pointValueMinor: string;
  readonly expectedRedemptionBasisPoints: number;
}

/**
 * The part of a sale's revenue that its points put off (IFRS 15): by relative stand-alone price,
 * where the price of the points is their value times the share that is expected to be spent.
 */
export function deferredOf(sale: SaleWithPoints): {
  readonly deferredMinor: number;
  readonly revenueMinor: number;
} {
  const { saleMinor, points, pointValueMinor, expectedRedemptionBasisPoints } = sale;
  const value = parseRate(pointValueMinor);
  if (value === null || saleMinor <= 0) return { deferredMinor: 0, revenueMinor: saleMinor };
  const ofPoints = BigInt(points) * value.numerator * BigInt(expectedRedemptionBasisPoints);
  const ofGoods = BigInt(saleMinor) * value.denominator * 10_000n;
  const deferredMinor = divideHalfUp(BigInt(saleMinor) * ofPoints, ofGoods + ofPoints);
  return { deferredMinor, revenueMinor: saleMinor - deferredMinor };
}

/** How points of an account came and went in a period, each at least 0 as a rule. */
export interface PointFlows {
  readonly issued: number;
  readonly redeemed: number;
  readonly expired: number;
  readonly clawedBack: number;
}

/** What was outstanding before, and what is after. */
export function rollForward(flows: PointFlows & { readonly opening: number }): number {
  const { opening, issued, redeemed, expired, clawedBack } = flows;
  return opening + issued - redeemed - expired - clawedBack;
}

/** The flows that movements of an account sum to: what they change is what flows. */
export function flowsOf(movements: readonly Movement[], accountId: string): PointFlows {
  let [issued, redeemed, expired, clawedBack] = [0, 0, 0, 0];
  for (const { account, kind, amount } of movements) {
    if (account !== accountId) continue;
    if (kind === 'expiry') expired -= amount;
    else if (kind === 'redemption') redeemed -= amount;
    else if (kind !== 'reversal') issued += amount;
    // What a return gives back was redeemed and is no longer.
    else if (amount > 0) redeemed -= amount;
    else clawedBack -= amount;
  }
  return { issued, redeemed, expired, clawedBack };
}

/** Points of one month that are still out, and what they are expected to cost. */
export interface Cohort {
  /** `2026-01`: the month in which they could first be spent. */
  readonly month: string;
  readonly points: number;
  readonly costMinor: number;
}

export interface Liability {
  readonly cohorts: readonly Cohort[];
  readonly points: number;
  readonly costMinor: number;
  /** Below zero: what members owe, which lowers nothing of the above. */
  readonly owedPoints: number;
}

/** What all owners hold of an account, by month; pending points are owed like others. */
export function liabilityOf(
  books: Books,
  account: AccountFile,
  { atMs, timeZone }: Pick<Now, 'atMs' | 'timeZone'>,
): Liability {
  const byMonth = new Map<string, number>();
  let owedPoints = 0;
  for (const accounts of books.values()) {
    for (const lot of accounts.get(account.accountId) ?? []) {
      if (!isAlive(lot, atMs)) continue;
      if (lot.amount < 0) {
        owedPoints += lot.amount;
        continue;
      }
      const { year, month } = dateOfDayNumber(dayNumberOf(lot.fromMs, timeZone));
      const name = `${year}-${String(month).padStart(2, '0')}`;
      byMonth.set(name, (byMonth.get(name) ?? 0) + lot.amount);
    }
  }
  const cost = parseRate(account.costMinor) ?? { numerator: 0n, denominator: 1n };
  const top = cost.numerator * BigInt(account.expectedRedemptionBasisPoints);
  const costMinorOf = (held: number) =>
    divideHalfUp(BigInt(held) * top, cost.denominator * 10_000n);
  let points = 0;
  const months = [...byMonth].sort(([left], [right]) => (left < right ? -1 : 1));
  const cohorts = months.map(([month, held]) => {
    // Differences of rounded sums: the cohorts add up to the whole.
    const costMinor = costMinorOf(points + held) - costMinorOf(points);
    points += held;
    return { month, points: held, costMinor };
  });
  return { cohorts, points, costMinor: costMinorOf(points), owedPoints };
}
