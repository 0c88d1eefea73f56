// Owns turning an account into another: points into a voucher, a voucher into a donation.
import { applyMovements, type Books, type Movement } from '#loyalty/books/books.ts';
import { type AccountPlace, accrue, type Now, spend, spendableAt } from '#loyalty/books/lots.ts';
import { type CapContext, ownerOfCap, roomOf, tally } from '#loyalty/earn/caps.ts';
import { divideDown } from '#loyalty/money.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import type { RewardFile, RewardOf } from '#loyalty/programme/reward.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

export interface Conversion extends Why {
  readonly rewardId: string;
  readonly times: number;
  readonly owner: string;
  readonly account: string;
  readonly points: number;
  readonly toOwner: string;
  readonly toAccount: string;
  readonly amount: number;
}

/** Where and when accounts are turned into others. */
export interface ConversionPlace {
  readonly compiled: CompiledProgramme;
  readonly context: CapContext;
  /** Who holds the points. */
  readonly owner: string;
  readonly now: Now;
}

function placeOf({ compiled }: ConversionPlace, owner: string, accountId: string): AccountPlace {
  return { owner, accountId, account: compiled.accounts.get(accountId) ?? null };
}

/** How often an account can be turned into another now. */
export function conversionTimes(place: ConversionPlace, books: Books, reward: RewardFile): number {
  const { cost, timesMax, limits, rewardId } = reward;
  if (cost === undefined) return 0;
  const held = spendableAt(books, placeOf(place, place.owner, cost.account), place.now);
  const room = roomOf(limits, rewardId, { ...place.context, books }).times;
  return Math.min(timesMax, divideDown(Math.max(0, held), cost.points), room);
}

/** Points that are missing to turn an account into another so often; 0 for none. */
export function missingFor(
  place: ConversionPlace,
  books: Books,
  { cost }: RewardFile,
  times: number,
): number {
  if (cost === undefined) return 0;
  const held = spendableAt(books, placeOf(place, place.owner, cost.account), place.now);
  return Math.max(0, cost.points * times - held);
}

/** A charity's money is its own; anything else goes to another account of the same owner. */
function targetOf({ compiled, owner }: ConversionPlace, to: string): AccountPlace {
  const account = compiled.accounts.get(to) ?? null;
  if (account !== null && account.kind !== 'charity') return { owner, accountId: to, account };
  return { owner: `charity/${to}`, accountId: account === null ? 'money' : to, account };
}

/** The caller knows that it can be turned so often, at least once. */
export function convert(
  place: ConversionPlace,
  books: Books,
  reward: RewardOf<'convert'>,
  times: number,
  lotId: string,
): { readonly conversion: Conversion; readonly movements: readonly Movement[] } | null {
  const { compiled, context, owner, now } = place;
  const { cost, rewardId: rule, limits } = reward;
  if (times <= 0 || cost === undefined) return null;
  const target = targetOf(place, reward.to);
  const points = cost.points * times;
  const amount = reward.amount * times;
  const money = { amountMinor: amount, currency: compiled.currency };
  const why: Why = {
    whyKey: target.owner === owner ? 'why.convert.account' : 'why.convert.charity',
    whyArgs: { points, times, ...money, ...nameArgs(reward.name) },
  };
  const from = placeOf(place, owner, cost.account);
  const taken = spend(books, { ...from, ...why, rule, amount: points, kind: 'redemption' }, now);
  const filled = { ...target, ...why, rule, amount, lotId, kind: 'accrual' as const };
  const given = accrue(applyMovements(books, taken), filled, now);
  const used = limits
    .filter((cap) => cap.times !== undefined && cap.period !== 'sale')
    .map((cap) => {
      const account = `used/${cap.group ?? rule}`;
      return tally(context, ownerOfCap(cap, context), account, times, rule, why);
    });
  const conversion: Conversion = {
    rewardId: rule,
    times,
    owner,
    account: cost.account,
    points,
    toOwner: target.owner,
    toAccount: target.accountId,
    amount,
    ...why,
  };
  return { conversion, movements: [...taken, ...given, ...used] };
}
