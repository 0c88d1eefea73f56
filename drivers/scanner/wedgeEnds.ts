// Owns whose an Enter or Tab is: the end of a scan, one more of the scan before, or a person's.
import {
  addEntry,
  hasLifts,
  looksScanned,
  markOverlaps,
  pressMsMax,
} from '#drivers/scanner/wedgeBurst.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedgeKeys.ts';
import {
  burstDueMs,
  finish,
  holdEvent,
  isFollowed,
  nothing,
  type State,
  type WedgeKeyOutcome,
  type WedgeOutcome,
} from '#drivers/scanner/wedgeState.ts';

/** The scanner's own end came: the scan is over, or what was held is a person's after all. */
export function endBurst<Key extends WedgeKeyEvent>(
  state: State<Key>,
  end: Key,
): WedgeOutcome<Key> & { readonly isScan: boolean } {
  const outcome = finish(state, end.timeMs);
  return { ...outcome, isScan: outcome.scan !== null };
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

export function waitForLift<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
): WedgeKeyOutcome<Key> {
  state.pendingEnd = event;
  state.dueMs = event.timeMs + pressMsMax + 5;
  state.isTickPutOff = false;
  holdEvent(state, event);
  return { hold: true, ...nothing };
}

export function end<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
): WedgeKeyOutcome<Key> {
  const { burst, settings } = state;
  if (burst !== null && isFollowed(state, event.timeMs)) {
    markOverlaps(burst);
    if (hasLifts(burst) && looksScanned(burst, settings)) return waitForLift(state, event);
    const { isScan, ...outcome } = endBurst(state, event);
    if (isScan) holdEvent(state, event);
    return { hold: isScan, ...outcome };
  }
  const outcome = finish(state, null);
  if (outcome.release.length > 0 || !isEndOfLast(state, event.timeMs)) {
    return { hold: false, ...outcome };
  }
  if (state.hadLifts) return { ...waitForLift(state, event), scan: outcome.scan };
  swallowEnd(state, event);
  holdEvent(state, event);
  return { hold: true, ...outcome };
}

/** Decides about the Enter or Tab that waits. */
export function settleEnd<Key extends WedgeKeyEvent>(
  state: State<Key>,
  isPersons: boolean,
): WedgeOutcome<Key> {
  const { burst, pendingEnd: event } = state;
  state.pendingEnd = null;
  if (event === null) return nothing;
  if (burst === null) {
    state.dueMs = null;
    if (isPersons) return { release: [event], scan: null };
    swallowEnd(state, event);
    return nothing;
  }
  state.dueMs = burstDueMs(burst, state.settings);
  if (isPersons) {
    const { timeMs } = event;
    const times = { firstMs: timeMs, lastMs: timeMs, upMs: null };
    addEntry(burst, { event, stroke: event.code, typed: null, keyCount: 0, ...times });
    return nothing;
  }
  const { isScan, release, scan } = endBurst(state, event);
  return isScan ? { release, scan } : { release: [...release, event], scan };
}
