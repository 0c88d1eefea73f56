// Owns the making of a pricing context from a programme, a sale, a state and a moment.
import { sumBetween } from '#loyalty/books/books.ts';
import type { MemberProfile, State } from '#loyalty/books/state.ts';
import { tierIndexAt } from '#loyalty/books/tierStanding.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import {
  type ContextLine,
  type LocalMoment,
  localMomentOf,
  ownersOf,
  type PricingContext,
} from '#loyalty/pricing/context.ts';
import type { Moment, Sale } from '#loyalty/pricing/sale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { heldIds, SPEND, VISITS } from '#loyalty/programme/compiledCondition.ts';
import { grossLines } from '#loyalty/rewards/gross.ts';

const NO_IDS: ReadonlySet<string> = new Set();

/** Members of computed segments on top of those that head office gave. */
function segmentsOf(
  compiled: CompiledProgramme,
  member: MemberProfile,
  owner: string,
  books: State['books'],
  local: LocalMoment,
): ReadonlySet<string> {
  const ids = new Set(member.segments);
  const since = (days: number, account: string) =>
    sumBetween(books, owner, account, (local.dayNumber - days) * DAY_MS, local.dayMs + DAY_MS);
  for (const segment of compiled.programme.segments) {
    const { segmentId, recencyDaysMax, windowDays, visitsMin, spendMinMinor } = segment;
    const isIn =
      since(recencyDaysMax, VISITS) > 0 &&
      since(windowDays, VISITS) >= visitsMin &&
      since(windowDays, SPEND) >= spendMinMinor;
    if (isIn) ids.add(segmentId);
  }
  return ids;
}

function linesOf(
  compiled: CompiledProgramme,
  sale: Sale,
  member: MemberProfile | null,
  atMs: number,
): readonly ContextLine[] {
  const contractId = member?.contractId ?? null;
  const named = contractId === null ? undefined : compiled.contracts.get(contractId);
  const contract = named === undefined || atMs >= named.toMs ? null : named;
  const lines = grossLines(sale, compiled.programme.prices, contract, contract?.earns ?? true);
  const { membershipBySku, topUpAccountBySku } = compiled;
  if (membershipBySku.size === 0 && topUpAccountBySku.size === 0) return lines;
  // A membership or a top-up is money that changes its place: no goods.
  return lines.map((line) => {
    const { sku } = line.line;
    const isGoods =
      line.isGoods && (sku === null || !(membershipBySku.has(sku) || topUpAccountBySku.has(sku)));
    return isGoods === line.isGoods ? line : { ...line, isGoods };
  });
}

function membershipsOf(
  compiled: CompiledProgramme,
  sale: Sale,
  held: ReadonlySet<string>,
): ReadonlySet<string> {
  if (compiled.membershipBySku.size === 0) return held;
  const ids = new Set(held);
  for (const { sku } of sale.lines) {
    const membership = sku === null ? undefined : compiled.membershipBySku.get(sku);
    if (membership !== undefined) ids.add(membership.membershipId);
  }
  return ids;
}

/** Everything rules may ask, once for a sale. `member` null prices for a guest. */
export function contextOf(
  compiled: CompiledProgramme,
  sale: Sale,
  state: State,
  member: MemberProfile | null,
  moment: Moment,
): PricingContext {
  const { books } = state;
  const owners = ownersOf(member);
  const local = localMomentOf(moment.atMs, compiled.timeZone, compiled.cutOverMinutes);
  const now = { atMs: moment.atMs, local, timeZone: compiled.timeZone };
  const tierIndex =
    member === null ? 0 : tierIndexAt(compiled.tiers, books, owners.memberOwner, now);
  const held =
    member === null ? NO_IDS : heldIds({ books, moment }, owners.memberOwner, 'membership');
  let segments: ReadonlySet<string> | null = null;
  const isReferrerAllowed =
    member !== null &&
    member.referrerId !== member.memberId &&
    (member.poolId === null || member.poolId !== (member.referrerPoolId ?? null));
  return {
    sale,
    moment,
    local,
    timeZone: compiled.timeZone,
    member,
    isReferrerAllowed,
    memberOwner: owners.memberOwner,
    pointsOwner: owners.pointsOwner,
    books,
    lines: linesOf(compiled, sale, member, moment.atMs),
    tierIndex,
    tierId: compiled.tiers.levels[tierIndex]?.tierId ?? '',
    membershipIds: member === null ? NO_IDS : membershipsOf(compiled, sale, held),
    segmentIds: () => {
      if (member === null) return NO_IDS;
      segments ??= segmentsOf(compiled, member, owners.memberOwner, books, local);
      return segments;
    },
    badgeIds: () =>
      member === null ? NO_IDS : heldIds({ books, moment }, owners.memberOwner, 'badge'),
  };
}
