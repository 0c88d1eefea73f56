// Owns what each kind of reward does to a basket: what it takes off which line, and how often.
import { divideDown, divideHalfUp, splitByLargestRemainder } from '#loyalty/money.ts';
import type { ClaimRefusal } from '#loyalty/pricing/pricing.ts';
import type { RewardOf } from '#loyalty/programme/reward.ts';
import { AMOUNT_STAGE, type CompiledReward } from '#loyalty/rewards/compiledReward.ts';
import { amountAtPrice } from '#loyalty/rewards/gross.ts';
import {
  candidatesOf,
  isCandidate,
  type Take,
  takeOff,
  unitsLeft,
  type Working,
} from '#loyalty/rewards/working.ts';

/** What is asked of a reward. */
export interface Ask {
  /** How often it was claimed, or null where it comes by itself. */
  readonly times: number | null;
  /** Units that limits, stock and points leave to a reward that comes by itself. */
  readonly unitsMax: number;
  readonly line: number | null;
}

export interface Effect {
  readonly takes: readonly Take[];
  /** As limits count it. */
  readonly times: number;
  /** What it pays of the rounding of the total. */
  readonly roundingMinor: number;
}

export interface Refusal {
  readonly reason: ClaimRefusal;
  readonly missing: number;
}

export function isRefusal(outcome: Effect | Refusal): outcome is Refusal {
  return 'reason' in outcome;
}

const tooSmall = (missing: number): Refusal => ({ reason: 'basket-too-small', missing });
const withoutPrice = (times: number): Effect => ({ takes: [], times, roundingMinor: 0 });

function sumOf(takes: readonly Take[]): number {
  let sumMinor = 0;
  for (const take of takes) sumMinor += take.amountMinor;
  return sumMinor;
}

/** Splits an amount over lines by what they still cost. */
function splitOver(working: Working, indexes: readonly number[], totalMinor: number): Take[] {
  const [only] = indexes;
  if (only === undefined || totalMinor === 0) return [];
  if (indexes.length === 1) return [{ index: only, amountMinor: totalMinor, units: 0 }];
  const weights = indexes.map((index) => working.left[index] ?? 0);
  const shares = splitByLargestRemainder(totalMinor, weights);
  const takes: Take[] = [];
  indexes.forEach((index, at) => {
    const amountMinor = shares[at] ?? 0;
    if (amountMinor > 0) takes.push({ index, amountMinor, units: 0 });
  });
  return takes;
}

/** At most a maximum in all, split by largest remainder; a unit that is cut is not free. */
function cutTo(takes: readonly Take[], maximumMinor: number): readonly Take[] {
  if (sumOf(takes) <= maximumMinor) return takes;
  const shares = splitByLargestRemainder(
    maximumMinor,
    takes.map((take) => take.amountMinor),
  );
  return takes
    .map(({ index }, at) => ({ index, amountMinor: shares[at] ?? 0, units: 0 }))
    .filter((take) => take.amountMinor > 0);
}

function payableOf(working: Working): number {
  return Math.max(0, working.leftMinor + Math.min(0, working.roundingMinor));
}

/** What a fixed amount could still pay: of its lines, and of the rounding of the total. */
export function availableFor(
  working: Working,
  reward: CompiledReward,
  line: number | null,
): { readonly linesMinor: number; readonly roundingMinor: number } {
  let costMinor = 0;
  const { lines } = working.context;
  for (let index = 0; index < lines.length; index += 1) {
    if (isCandidate(working, reward, line, index)) costMinor += working.left[index] ?? 0;
  }
  const linesMinor = Math.min(costMinor, payableOf(working));
  // Points that pay everything pay the rounding too: no cents are left over.
  const paysAll = reward.stage === AMOUNT_STAGE && linesMinor === working.leftMinor;
  return { linesMinor, roundingMinor: paysAll ? Math.max(0, working.roundingMinor) : 0 };
}

function amountOff(
  working: Working,
  reward: CompiledReward,
  file: RewardOf<'amount-off'>,
  ask: Ask,
): Effect | Refusal {
  const { linesMinor, roundingMinor } = availableFor(working, reward, ask.line);
  const availableMinor = linesMinor + roundingMinor;
  const times = ask.times ?? 1;
  const beforeLastMinor = (times - 1) * file.amountOffMinor;
  if (beforeLastMinor >= availableMinor) return tooSmall(beforeLastMinor + 1 - availableMinor);
  const totalMinor = Math.min(times * file.amountOffMinor, availableMinor);
  const candidates = candidatesOf(working, reward, ask.line);
  const takes = splitOver(working, candidates, Math.min(totalMinor, linesMinor));
  return { takes, times, roundingMinor: Math.max(0, totalMinor - linesMinor) };
}

/** What so many units of a line cost now, half-up where its amount does not divide. */
function costOfUnits(working: Working, index: number, units: number): number {
  const leftMinor = working.left[index] ?? 0;
  const remaining = unitsLeft(working, index);
  return units === remaining ? leftMinor : divideHalfUp(leftMinor * units, remaining);
}

/** Lines by the price of a unit, as it is now; ties by sku then price. */
function byUnitPrice(
  working: Working,
  candidates: readonly number[],
  select: 'cheapest' | 'dearest',
): readonly number[] {
  const sign = select === 'cheapest' ? 1 : -1;
  // Prices of units are compared as fractions: amounts up to 9e12 times 999 are still exact.
  return candidates
    .filter((index) => unitsLeft(working, index) > 0)
    .sort((left, right) => {
      const leftCross = (working.left[left] ?? 0) * unitsLeft(working, right);
      const rightCross = (working.left[right] ?? 0) * unitsLeft(working, left);
      return sign * (leftCross - rightCross);
    });
}

function percentOfUnit(
  working: Working,
  reward: CompiledReward,
  select: 'cheapest' | 'dearest',
  line: number | null,
): readonly Take[] {
  const [index] = byUnitPrice(working, candidatesOf(working, reward, line), select);
  if (index === undefined) return [];
  const amountMinor = reward.partOf(costOfUnits(working, index, 1));
  return amountMinor === 0 ? [] : [{ index, amountMinor, units: reward.isWhole ? 1 : 0 }];
}

/** Half-up per tax group, so that each line of the receipt is right by itself. */
function percentOfLines(
  working: Working,
  reward: CompiledReward,
  line: number | null,
): readonly Take[] {
  const { lines } = working.context;
  const groups = new Map<number, number[]>();
  for (const index of candidatesOf(working, reward, line)) {
    const rate = lines[index]?.line.taxRateBasisPoints ?? 0;
    const group = groups.get(rate);
    if (group === undefined) groups.set(rate, [index]);
    else group.push(index);
  }
  const takes: Take[] = [];
  for (const group of groups.values()) {
    let costMinor = 0;
    for (const index of group) costMinor += working.left[index] ?? 0;
    for (const take of splitOver(working, group, reward.partOf(costMinor))) takes.push(take);
  }
  return takes;
}

function percentOnce(
  working: Working,
  reward: CompiledReward,
  file: RewardOf<'percent-off'>,
  line: number | null,
): readonly Take[] {
  const takes =
    file.ofUnit === undefined
      ? percentOfLines(working, reward, line)
      : percentOfUnit(working, reward, file.ofUnit, line);
  return cutTo(takes, Math.min(file.maximumMinor ?? Infinity, payableOf(working)));
}

/** Claimed n times it compounds: each time is a part of what the time before left. */
function percentOff(
  working: Working,
  reward: CompiledReward,
  file: RewardOf<'percent-off'>,
  ask: Ask,
): Effect | Refusal {
  const times = ask.times ?? 1;
  const first = percentOnce(working, reward, file, ask.line);
  if (sumOf(first) === 0) return tooSmall(1);
  if (times === 1) return { takes: first, times, roundingMinor: 0 };
  const trial: Working = {
    ...working,
    left: [...working.left],
    freeUnitsByPercent: [...working.freeUnitsByPercent],
  };
  const takes: Take[] = [];
  for (let time = 0; time < times; time += 1) {
    const once = percentOnce(trial, reward, file, ask.line);
    if (sumOf(once) === 0) return tooSmall(1);
    takeOff(trial, once, true);
    for (const take of once) takes.push(take);
  }
  return { takes, times, roundingMinor: 0 };
}

/** `get` free units after each `buy` paid ones, the last round also where it is not full. */
function freeOfCycle(units: number, buy: number, get: number): number {
  const cycle = buy + get;
  return divideDown(units, cycle) * get + Math.max(0, (units % cycle) - buy);
}

/** Units to hand out of those that are available, or how many are missing to the claim. */
function unitsWanted(available: number, perTime: number, ask: Ask): number | Refusal {
  if (ask.times === null) {
    const units = Math.min(available, ask.unitsMax);
    return units > 0 ? units : tooSmall(1);
  }
  const beforeLast = (ask.times - 1) * perTime;
  if (beforeLast >= available) return tooSmall(beforeLast + 1 - available);
  return Math.min(ask.times * perTime, available);
}

function freeUnits(
  working: Working,
  reward: CompiledReward,
  file: RewardOf<'free-units'>,
  ask: Ask,
): Effect | Refusal {
  const candidates = byUnitPrice(working, candidatesOf(working, reward, ask.line), file.select);
  let units = 0;
  for (const index of candidates) units += unitsLeft(working, index);
  const { buyGet } = file;
  if (buyGet !== undefined) {
    const given = working.applied.get(reward.rewardId)?.times ?? 0;
    units = freeOfCycle(units + given, buyGet.buy, buyGet.get) - given;
  }
  const wanted = unitsWanted(units, buyGet?.get ?? 1, ask);
  if (typeof wanted !== 'number') return wanted;
  const takes: Take[] = [];
  let missing = wanted;
  for (const index of candidates) {
    if (missing === 0) break;
    const count = Math.min(missing, unitsLeft(working, index));
    missing -= count;
    takes.push({ index, amountMinor: costOfUnits(working, index, count), units: count });
  }
  const cut = cutTo(takes, payableOf(working));
  return sumOf(cut) === 0 ? tooSmall(1) : { takes: cut, times: wanted, roundingMinor: 0 };
}

function gift(
  working: Working,
  reward: CompiledReward,
  file: RewardOf<'gift'>,
  ask: Ask,
): Effect | Refusal {
  let paid = 0;
  for (const index of candidatesOf(working, reward, ask.line)) paid += unitsLeft(working, index);
  const given = working.applied.get(reward.rewardId)?.times ?? 0;
  const wanted = unitsWanted(divideDown(paid, file.buy) * file.get - given, file.get, ask);
  return typeof wanted === 'number' ? withoutPrice(wanted) : wanted;
}

function fixedPrice(
  working: Working,
  reward: CompiledReward,
  file: RewardOf<'fixed-price'>,
  ask: Ask,
): Effect | Refusal {
  const takes: Take[] = [];
  for (const index of candidatesOf(working, reward, ask.line)) {
    const line = working.context.lines[index]?.line;
    const quantity = unitsLeft(working, index);
    if (line === undefined || quantity <= 0) continue;
    const priceMinor = amountAtPrice({ ...line, quantity }, file.unitPriceMinor, reward.prices);
    const amountMinor = (working.left[index] ?? 0) - priceMinor;
    if (amountMinor > 0) takes.push({ index, amountMinor, units: 0 });
  }
  const cut = cutTo(takes, payableOf(working));
  return cut.length === 0 ? tooSmall(1) : { takes: cut, times: ask.times ?? 1, roundingMinor: 0 };
}

/** What a reward would do now. Nothing is changed yet. */
export function effectOf(working: Working, reward: CompiledReward, ask: Ask): Effect | Refusal {
  const { file } = reward;
  switch (file.kind) {
    case 'amount-off':
      return amountOff(working, reward, file, ask);
    case 'percent-off':
      return percentOff(working, reward, file, ask);
    case 'free-units':
      return freeUnits(working, reward, file, ask);
    case 'gift':
      return gift(working, reward, file, ask);
    case 'fixed-price':
      return fixedPrice(working, reward, file, ask);
    case 'slip':
    case 'convert':
      return withoutPrice(ask.times ?? 1);
  }
}
