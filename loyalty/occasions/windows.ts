// Owns what the end of a time brings: rewards of a window, levels of a period, points that lapse.
import { heldOf } from '#loyalty/books/books.ts';
import { closePeriodMovements } from '#loyalty/books/tierStanding.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import type { OccasionResult } from '#loyalty/occasions/occasion.ts';
import { type Occasion, OccasionLedger, refused } from '#loyalty/occasions/occasionLedger.ts';

/** The rewards of a window that is over, once a holder of points; too little is carried on. */
export function closeWindow(occasion: Occasion, windowId: string): OccasionResult {
  const { compiled, books, moment } = occasion;
  const window = compiled.programme.windows.find((one) => one.windowId === windowId);
  if (window === undefined) return refused('rule-unknown');
  const toMs = parseInstantIso(window.toIso);
  if (toMs === null || moment.atMs < toMs) return refused('condition-unmet');
  const ledger = new OccasionLedger(occasion);
  const { pointsOwner: owner } = ledger.context;
  const account = `window/${windowId}`;
  if (heldOf(books, owner, account) > 0) return refused('already-done');
  const rewards = compiled.rewards.list.filter(({ file }) => file.trigger === 'window-close');
  for (const { file, condition } of rewards) {
    if (file.kind === 'convert' && condition.holds(ledger.context, [])) ledger.convert(file);
  }
  ledger.count(owner, account, 1, windowId, { whyKey: 'why.counted', whyArgs: {} });
  return ledger.outcome();
}

/** Owners whose points a member's closing concerns: the member, and its pool. */
function ownersOf(ledger: OccasionLedger): ReadonlySet<string> {
  return new Set([ledger.context.memberOwner, ledger.context.pointsOwner]);
}

/** Points that have lapsed leave the books. */
export function expirePoints(occasion: Occasion): OccasionResult {
  const ledger = new OccasionLedger(occasion);
  for (const owner of ownersOf(ledger)) ledger.expire(owner);
  return ledger.outcome();
}

/** The end of a tier period: the level first, by the figures as they were, then what lapses. */
export function closePeriod(occasion: Occasion): OccasionResult {
  const { compiled, books } = occasion;
  const ledger = new OccasionLedger(occasion);
  const { memberOwner: owner } = ledger.context;
  ledger.add(closePeriodMovements(compiled.tiers, books, owner, ledger.now));
  for (const pointsOwner of ownersOf(ledger)) ledger.expire(pointsOwner);
  return ledger.outcome();
}
