// Owns whose an Enter or Tab is: the end of a scan, one more of the scan before, or a person's.
import {
  addPersonsKey,
  type Burst,
  hasLifts,
  isTapped,
  looksScanned,
  markOverlaps,
  mayBeTap,
  newBurst,
  takeAfter,
} from '#drivers/scanner/wedge/wedgeBurst.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import {
  burstDueMs,
  finish,
  holdEvent,
  isFollowed,
  liftDueMs,
  nothing,
  type State,
  type WedgeKeyOutcome,
  type WedgeOutcome,
} from '#drivers/scanner/wedge/wedgeState.ts';

/** The scanner's own end came: a scan or half of one is over, or it all is a person's. */
export function endBurst<Key extends WedgeKeyEvent>(
  state: State<Key>,
  end: Key,
): WedgeOutcome<Key> & { readonly isScan: boolean } {
  const { cutCount } = state;
  const outcome = finish(state, end);
  return { ...outcome, isScan: outcome.scan !== null || state.cutCount > cutCount };
}

/** Another Enter or Tab of the scan before: it would press whatever button has the focus. */
export function swallowEnd<Key extends WedgeKeyEvent>(state: State<Key>, end: Key): void {
  state.scannedMs = end.timeMs;
  state.endsLeft -= 1;
  state.endWithinMs = state.settings.loneHoldMs;
}

/** Whether an Enter or Tab at `timeMs` is one more of the scan before. */
export function isEndOfLast<Key>(state: State<Key>, timeMs: number): boolean {
  return state.endsLeft > 0 && timeMs - state.scannedMs < state.endWithinMs;
}

function waitForLift<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
  at: number | null,
): WedgeKeyOutcome<Key> {
  state.pendingEnd = event;
  state.pendingAt = at;
  state.dueMs = liftDueMs(event);
  state.isTickPutOff = false;
  holdEvent(state, event);
  return { hold: true, ...nothing };
}

export function end<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
): WedgeKeyOutcome<Key> {
  // One that is still down while another comes is a person's, unless the other is no scanner's.
  const isOwn = (one: Key | null) => one !== null && state.settings.suffix?.includes(one.code);
  const settled = settleEnd(state, !(isOwn(state.pendingEnd) && !isOwn(event)));
  // A key ends one scan at the most.
  if (settled.scan !== null) return { hold: false, ...settled };
  const outcome = decideEnd(state, event);
  return { ...outcome, release: [...settled.release, ...outcome.release] };
}

/** One more Enter or Tab of the scan before, unless it stays down like a person's. */
function endOfLast<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  if (state.hadLifts) return waitForLift(state, event, null);
  swallowEnd(state, event);
  holdEvent(state, event);
  return { hold: true, ...nothing };
}

function decideEnd<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  const { burst, settings } = state;
  if (burst === null || !isFollowed(state, event.timeMs)) {
    const outcome = finish(state, null);
    const isPersons = outcome.release.length > 0 || !isEndOfLast(state, event.timeMs);
    if (isPersons) return { hold: false, ...outcome };
    return { ...endOfLast(state, event), scan: outcome.scan };
  }
  markOverlaps(burst);
  const { length } = burst.entries;
  if (hasLifts(burst) && looksScanned(burst, settings)) return waitForLift(state, event, length);
  // One quick key right after a scan is the scanner's own: a line of one character.
  if (burst.isContinuation && isTapped(burst)) return waitForLift(state, event, length);
  // A person's key may have come between the two ends of a scan.
  if (length < 3 && isEndOfLast(state, event.timeMs)) return endOfLast(state, event);
  // A person's Enter may come when the scanner has only just begun.
  if (length < 3 && mayBeTap(burst, event.timeMs)) return waitForLift(state, event, length);
  const { isScan, ...outcome } = endBurst(state, event);
  if (isScan) holdEvent(state, event);
  return { hold: isScan, ...outcome };
}

/** Keys that came after the scanner's end, while that was still down, are not of its scan. */
function splitAt<Key extends WedgeKeyEvent>(
  state: State<Key>,
  burst: Burst<Key>,
  end: Key,
): WedgeOutcome<Key> {
  const later = takeAfter(burst, state.pendingAt ?? 0);
  const { isScan, release, scan } = endBurst(state, end);
  const [first] = later;
  if (first !== undefined) {
    const next = newBurst<Key>(first.firstMs, isScan, burst.isShiftPersons);
    next.entries.push(...later);
    next.keyCount = later.length;
    next.lastMs = later.at(-1)?.lastMs ?? first.lastMs;
    state.burst = next;
    state.dueMs = burstDueMs(state, next);
  }
  return isScan ? { release, scan } : { release: [...release, end], scan };
}

/** Decides about the Enter or Tab that waits. */
export function settleEnd<Key extends WedgeKeyEvent>(
  state: State<Key>,
  isPersons: boolean,
): WedgeOutcome<Key> {
  const { burst, pendingEnd: event } = state;
  state.pendingEnd = null;
  if (event === null) return nothing;
  state.dueMs = burst === null ? null : burstDueMs(state, burst);
  if (burst === null || state.pendingAt === null) {
    if (!isPersons) swallowEnd(state, event);
    else if (burst === null || burst.firstMs > event.timeMs)
      return { release: [event], scan: null };
    else addPersonsKey(burst, event, burst.entries.length);
    return nothing;
  }
  if (!isPersons) return splitAt(state, burst, event);
  addPersonsKey(burst, event, state.pendingAt);
  return nothing;
}
