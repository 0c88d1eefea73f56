// Owns what a sale does to the books: one list of movements, which a return negates.
import {
  applyMovements,
  type Books,
  type LineShare,
  lotsOf,
  type Movement,
  SHOP,
} from '#loyalty/books/books.ts';
import { accrue, afterDays, type Now, spend } from '#loyalty/books/lots.ts';
import { tierMovements } from '#loyalty/books/tierStanding.ts';
import { dayNumberOf } from '#loyalty/calendar.ts';
import { ownerOfCap, tally } from '#loyalty/earn/caps.ts';
import type { Earned } from '#loyalty/earn/rule.ts';
import { grant } from '#loyalty/earn/visits.ts';
import { splitByLargestRemainder } from '#loyalty/money.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import {
  type Conversion,
  conversionTimes,
  convert,
  missingFor,
} from '#loyalty/pricing/conversion.ts';
import { type Priced, spendOf } from '#loyalty/pricing/priced.ts';
import type { RefusedClaim } from '#loyalty/pricing/pricing.ts';
import type { SaleLine } from '#loyalty/pricing/sale.ts';
import { tieOrder } from '#loyalty/pricing/tieOrder.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { SPEND, VISITS } from '#loyalty/programme/compiledCondition.ts';
import type { CompiledReward } from '#loyalty/rewards/compiledReward.ts';
import type { AppliedReward } from '#loyalty/rewards/working.ts';
import { nameArgs, type Why } from '#loyalty/why.ts';

export interface SaleMovements {
  readonly movements: readonly Movement[];
  readonly conversions: readonly Conversion[];
  /** Conversions that were asked for, and that the points do not pay for after all. */
  readonly refusals: readonly RefusedClaim[];
}

/** Account of the memberships that are held: a lot each, named by it. */
const MEMBERSHIP = 'membership';

const SALE: Why = { whyKey: 'why.sale', whyArgs: {} };

/** `total` over the lines by weight; ties by sku then price. */
function sharesOf(
  context: PricingContext,
  order: readonly number[],
  total: number,
  weights: readonly number[],
): readonly LineShare[] {
  const ordered = order.map((index) => weights[index] ?? 0);
  if (total === 0 || ordered.every((weight) => weight === 0)) return [];
  const shares = splitByLargestRemainder(total, ordered);
  return order.flatMap((index, place) => {
    const line = context.lines[index]?.line.line;
    const amount = shares[place] ?? 0;
    return line === undefined || amount === 0 ? [] : [{ line, amount }];
  });
}

/** Builds the list while the books move on: each step sees what the ones before did. */
class Ledger {
  readonly movements: Movement[] = [];
  books: Books;

  constructor(books: Books) {
    this.books = books;
  }

  add(movements: readonly Movement[]): void {
    this.movements.push(...movements);
    this.books = applyMovements(this.books, movements);
  }
}

interface Step {
  readonly priced: Priced;
  readonly ledger: Ledger;
  readonly now: Now;
  readonly order: readonly number[];
}

/** With the key of what may happen once in a period: head office undoes all of the second. */
function named({ onceKey }: Earned, movements: readonly Movement[]): readonly Movement[] {
  return onceKey === null ? movements : movements.map((one) => ({ ...one, onceKey }));
}

function addAccruals({ priced, ledger, now, order }: Step): void {
  const { compiled, context, earnings } = priced;
  earnings.earned.forEach((earned, index) => {
    const { owner, account: accountId, points, weights, whyKey, whyArgs } = earned;
    const lines = weights === null ? [] : sharesOf(context, order, points, weights.amounts());
    if (points > 0) {
      const accrual = {
        owner,
        accountId,
        account: compiled.accounts.get(accountId) ?? null,
        amount: points,
        lotId: `${context.sale.transactionId}/${index + 1}`,
        rule: earned.ruleId,
        kind: 'accrual' as const,
        whyKey,
        whyArgs,
        ...(lines.length === 0 ? {} : { lines }),
        ...(earned.condition === null ? {} : { condition: earned.condition() }),
      };
      ledger.add(named(earned, accrue(ledger.books, accrual, now)));
      addMeasures({ priced, ledger, now, order }, earned, lines);
    }
    if (earned.tallies !== null) ledger.add(named(earned, earned.tallies()));
  });
  for (const tallies of earnings.limitTallies) ledger.add(tallies());
}

/** What counters learn of an accrual: what tiers measure, and each card's part of a pool. */
function addMeasures(step: Step, earned: Earned, lines: readonly LineShare[]): void {
  const { compiled, context } = step.priced;
  if (earned.owner !== context.pointsOwner || context.memberOwner === '') return;
  const count = (account: string): Movement => ({
    ...tally(context, context.memberOwner, account, earned.points, earned.ruleId, earned),
    ...(lines.length === 0 ? {} : { lines }),
    ...(earned.condition === null ? {} : { condition: earned.condition() }),
  });
  const counter = `issued/${earned.account}`;
  if (compiled.tiers.counter === counter) step.ledger.add(named(earned, [count(counter)]));
  if (context.pointsOwner !== context.memberOwner) {
    step.ledger.add(named(earned, [count(`contributed/${earned.account}`)]));
  }
}

function addRedemptions({ priced, ledger, now, order }: Step): void {
  const { compiled, context, discounted } = priced;
  for (const applied of discounted.applied) {
    const { cost, reward } = applied;
    if (cost !== null && cost.points > 0) {
      const lines = sharesOf(context, order, cost.points, applied.shareMinor);
      const place = {
        owner: context.pointsOwner,
        accountId: cost.account,
        account: compiled.accounts.get(cost.account) ?? null,
      };
      const spending = {
        ...place,
        ...applied.why,
        amount: cost.points,
        rule: reward.rewardId,
        kind: 'redemption' as const,
        ...(lines.length === 0 ? {} : { lines }),
      };
      ledger.add(spend(ledger.books, spending, now));
    }
    ledger.add(useTallies(context, applied));
    ledger.add(savedTallies(context, order, applied));
  }
}

/** What a paid membership has saved its member so far, to be held against its fee. */
function savedTallies(
  context: PricingContext,
  order: readonly number[],
  { reward, amountOffMinor, shareMinor, why }: AppliedReward,
): readonly Movement[] {
  const ids = reward.file.when.membershipIds ?? [];
  const membershipId = ids.find((id) => context.membershipIds.has(id));
  const lines = sharesOf(context, order, amountOffMinor, shareMinor);
  if (membershipId === undefined || lines.length === 0) return [];
  const { memberOwner } = context;
  const account = `saved/${membershipId}`;
  return [{ ...tally(context, memberOwner, account, amountOffMinor, reward.rewardId, why), lines }];
}

/** What limits and stock remember of a reward. */
function useTallies(context: PricingContext, applied: AppliedReward): readonly Movement[] {
  const { reward, times, units, why } = applied;
  const { limits, stock } = reward.file;
  const used = new Map<string, Movement>();
  const inUnits = units.reduce((sum, count) => sum + count, 0) === times;
  const lines = units.flatMap((amount, index) => {
    const line = context.lines[index]?.line.line;
    return line === undefined || amount === 0 ? [] : [{ line, amount }];
  });
  const remember = (owner: string, account: string) => {
    const counted = tally(context, owner, account, times, reward.rewardId, why);
    used.set(`${owner} ${account}`, inUnits ? { ...counted, lines } : counted);
  };
  for (const cap of limits) {
    if (cap.times === undefined || cap.period === 'sale') continue;
    remember(ownerOfCap(cap, context), `used/${cap.group ?? reward.rewardId}`);
  }
  if (stock !== undefined) remember(SHOP, `used/${reward.rewardId}`);
  return times === 0 ? [] : [...used.values()];
}

function addTenders({ priced, ledger, now }: Step): void {
  const { compiled, context, tenderEffects } = priced;
  for (const { account, amountMinor, whyKey, whyArgs } of tenderEffects) {
    const spending = {
      owner: context.pointsOwner,
      accountId: account,
      account: compiled.accounts.get(account) ?? null,
      amount: amountMinor,
      rule: 'tender',
      kind: 'redemption' as const,
      whyKey,
      whyArgs,
    };
    ledger.add(spend(ledger.books, spending, now));
  }
}

type Membership = CompiledProgramme['programme']['memberships'][number];

/** A membership holds at once; one that is held goes on for the days that were bought on top. */
function membershipMovements(
  { priced, ledger, now }: Step,
  { membershipId, name, days }: Membership,
  line: SaleLine,
): readonly Movement[] {
  const owner = priced.context.memberOwner;
  const held = lotsOf(ledger.books, owner, MEMBERSHIP).find((lot) => lot.lotId === membershipId);
  const heldDays =
    held?.untilMs == null
      ? 0
      : dayNumberOf(held.untilMs, now.timeZone) - now.local.calendarDayNumber;
  const untilMs = afterDays(now, Math.max(0, heldDays) + days * line.quantity);
  const why = { whyKey: 'why.membership', whyArgs: nameArgs(name) };
  const rule = `membership/${membershipId}`;
  const bought = grant(owner, MEMBERSHIP, membershipId, now.atMs, untilMs, rule, why);
  const granted = { ...bought, lines: [{ line: line.line, amount: 1 }] };
  if (held === undefined) return [granted];
  // A lot keeps its dates, so it is renewed.
  const { amount, fromMs, untilMs: endMs } = held;
  const lines = [{ line: line.line, amount: -amount }];
  return [{ ...granted, amount: -amount, fromMs, untilMs: endMs, lines }, granted];
}

/** Memberships and stored value that were bought: no goods, and theirs at once. */
function addBought(step: Step): void {
  const { priced, ledger, now } = step;
  const { compiled, context } = priced;
  if (context.member === null) return;
  for (const { line, grossMinor } of context.lines) {
    if (line.sku === null || line.kind === 'deduction') continue;
    const membership = compiled.membershipBySku.get(line.sku);
    if (membership !== undefined) ledger.add(membershipMovements(step, membership, line));
    const accountId = compiled.topUpAccountBySku.get(line.sku);
    if (accountId === undefined) continue;
    const whyArgs = { amountMinor: grossMinor, currency: compiled.currency };
    const filled = {
      owner: context.pointsOwner,
      accountId,
      account: compiled.accounts.get(accountId) ?? null,
      amount: grossMinor,
      lotId: `${context.sale.transactionId}/top-up/${line.line}`,
      rule: 'top-up',
      kind: 'accrual' as const,
      whyKey: 'why.top-up',
      whyArgs,
      lines: [{ line: line.line, amount: grossMinor }],
    };
    ledger.add(accrue(ledger.books, filled, now));
  }
}

function addVisit({ priced, ledger, order }: Step): void {
  const { context, discounted } = priced;
  if (context.member === null || context.lines.every(({ isGoods }) => !isGoods)) return;
  const { memberOwner } = context;
  ledger.add([tally(context, memberOwner, VISITS, 1, 'sale', SALE)]);
  const spentMinor = spendOf(context, discounted.netMinor);
  if (spentMinor === 0) return;
  const weights = context.lines.map(({ isGoods }, index) =>
    isGoods ? Math.max(0, discounted.netMinor[index] ?? 0) : 0,
  );
  const lines = sharesOf(context, order, spentMinor, weights);
  ledger.add([{ ...tally(context, memberOwner, SPEND, spentMinor, 'sale', SALE), lines }]);
}

function addTiers({ priced, ledger, now }: Step): void {
  const { compiled, context } = priced;
  if (context.member === null) return;
  const { memberOwner, books } = context;
  ledger.add(tierMovements(compiled.tiers, books, ledger.books, memberOwner, now));
}

/** As often as it was asked for or not at all; null: as often as it can be. */
function addConversion(
  step: Step,
  reward: CompiledReward,
  asked: number | null,
): Conversion | RefusedClaim | null {
  const { priced, ledger, now } = step;
  const { compiled, context, discounted } = priced;
  const { file, condition, rewardId } = reward;
  if (file.kind !== 'convert') return null;
  const isAutomatic = file.trigger === 'automatic';
  if (isAutomatic && !condition.holds(context, discounted.netMinor)) return null;
  const place = { compiled, context, owner: context.pointsOwner, now };
  const possible = conversionTimes(place, ledger.books, file);
  if (asked !== null && asked > possible) {
    const missing = missingFor(place, ledger.books, file, asked);
    return { rewardId, reason: missing > 0 ? 'points-short' : 'limit-reached', missing };
  }
  const lotId = `${context.sale.transactionId}/${rewardId}`;
  const made = convert(place, ledger.books, file, asked ?? possible, lotId);
  if (made === null) return null;
  ledger.add(made.movements);
  return made.conversion;
}

/** First what comes by itself, then what was asked for: a donation of the voucher just made. */
function addConversions(step: Step): Pick<SaleMovements, 'conversions' | 'refusals'> {
  const { compiled, context, discounted } = step.priced;
  const conversions: Conversion[] = [];
  const refusals: RefusedClaim[] = [];
  if (context.member === null) return { conversions, refusals };
  const automatic = compiled.rewards.list
    .filter(({ file }) => file.kind === 'convert' && file.trigger === 'automatic')
    .map((reward) => ({ reward, times: null }));
  const asked = discounted.conversions.map(({ reward, times }) => ({ reward, times }));
  for (const { reward, times } of [...automatic, ...asked]) {
    const made = addConversion(step, reward, times);
    if (made === null) continue;
    if ('reason' in made) refusals.push(made);
    else conversions.push(made);
  }
  return { conversions, refusals };
}

/** Everything that the sale does to the books. */
export function saleMovements(priced: Priced): SaleMovements {
  const { compiled, context, barredOperatorId } = priced;
  const ledger = new Ledger(context.books);
  const now: Now = { atMs: context.moment.atMs, local: context.local, timeZone: compiled.timeZone };
  const step: Step = { priced, ledger, now, order: tieOrder(context.sale.lines) };
  const isAtOnce = compiled.programme.earning.base.spendPointsOfThisSale === 'yes';
  // What a sale earns is not there yet when its rewards are paid, but where a programme says so.
  if (isAtOnce) addAccruals(step);
  addRedemptions(step);
  addTenders(step);
  if (!isAtOnce) addAccruals(step);
  addBought(step);
  const converted = addConversions(step);
  addVisit(step);
  addTiers(step);
  if (barredOperatorId !== null) {
    const why = { whyKey: 'notice.staff-card', whyArgs: {} };
    ledger.add([tally(context, `operator/${barredOperatorId}`, 'barred', 1, 'staff-card', why)]);
  }
  return { movements: ledger.movements, ...converted };
}
