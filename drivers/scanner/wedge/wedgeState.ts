// Owns what a wedge remembers from key to key: what is held, since when, and for how long.
import {
  type Burst,
  hasLifts,
  isScanners,
  judge,
  markOverlaps,
  newBurst,
  pressMsMax,
  takePersons,
  type Verdict,
} from '#drivers/scanner/wedge/wedgeBurst.ts';
import {
  type HeldModifiers,
  isEndStroke,
  newModifiers,
  type WedgeKeyEvent,
} from '#drivers/scanner/wedge/wedgeKeys.ts';
import { type WedgeLayout, wedgeLayout } from '#drivers/scanner/wedge/wedgeLayouts.ts';
import type { WedgeSettings, WedgeStroke } from '#drivers/scanner/wedge/wedgeSettings.ts';

export interface WedgeOutcome<Key> {
  /** Keys to be typed now, oldest first: a person pressed them. */
  readonly release: readonly Key[];
  /** A scan without prefix and suffix; cut at 4,096 characters, and then no number of ours. */
  readonly scan: string | null;
}

export interface WedgeKeyOutcome<Key> extends WedgeOutcome<Key> {
  /** True: keep this key from the page. False: let it through, after `release`. */
  readonly hold: boolean;
}

/** How the last scan was typed. */
export interface WedgeScan {
  readonly text: string;
  readonly firstMs: number;
  /** From its first key to its last, its end included. */
  readonly durationMs: number;
  readonly ending: 'none' | 'cr' | 'lf' | 'tab';
  /** The same read, typed once more by the scanner itself: nobody pulls a trigger so soon. */
  readonly isRepeat: boolean;
}

/** As for scanners on other ports: the same read again, begun so soon after the last had ended. */
const repeatGapMsMax = 80;
/** Keys take their time: from so long on after a quick one began, it is a second item. */
const secondItemMs = 120;
/** A slow read alone fills those 120 ms, and what follows it at once is still no hand's. */
const quickReadMsMax = 80;

/** A busy or a radio scanner stops so long inside a read; no hand goes on to the next sooner. */
const pauseMsMax = 300;
/** From the last key of a read that was cut: nobody hears that it was and scans again so soon. */
const restMsMax = 600;

/** Enter this soon after a scan's last key is the scanner's: nobody reacts to a beep so fast. */
const suffixLateMs = 200;
/** Sooner than this no keyboard repeats a key by itself: a scanner typed what a person holds. */
const repeatMsMin = 150;

export interface State<Key> {
  readonly settings: WedgeSettings;
  readonly layout: WedgeLayout;
  readonly suffixCharacters: readonly WedgeStroke[];
  /** How many Enters or Tabs a scan ends with. */
  readonly endCount: number;
  readonly modifiers: HeldModifiers;
  burst: Burst<Key> | null;
  /** An Enter or Tab of which its keyup will show whose it is. */
  pendingEnd: Key | null;
  /** How many keys of the burst came before it; null where it came after a scan. */
  pendingAt: number | null;
  dueMs: number | null;
  isTickPutOff: boolean;
  lastScan: WedgeScan | null;
  /** A burst that begins before is the rest of a read whose beginning was dropped or elsewhere. */
  restUntilMs: number;
  /** Reads that were dropped because their rest did not come. */
  cutCount: number;
  /** When the last key of the last scan came, and whether its keys came up. */
  scannedMs: number;
  hadLifts: boolean;
  /** How many more Enters or Tabs belong to the last scan, and how late the next may be. */
  endsLeft: number;
  endWithinMs: number;
  /** Positions whose keydown was held, so that the keyup is held too; a person may double one. */
  readonly heldDown: Map<string, number>;
  readonly pressedMs: Map<string, number>;
}

export const nothing = { release: [], scan: null } as const;

/** Whether the scanner was taught to end each code with an Enter or Tab. */
function hasTaughtEnd({ settings, endCount }: State<unknown>): boolean {
  return settings.suffix !== null && endCount > 0;
}

/** Half a read whose end is known to come is waited for, and no person typed it. */
function mayPause<Key>(state: State<Key>, burst: Burst<Key>): boolean {
  return hasTaughtEnd(state) && burst.pausedMs === 0 && isScanners(burst, state.settings);
}

/** Whether a key at `timeMs` comes at the burst's own pace. */
function isSteady<Key>(burst: Burst<Key>, settings: WedgeSettings, timeMs: number): boolean {
  const gapMs = timeMs - burst.lastMs;
  if (gapMs <= settings.loneHoldMs) return true;
  // One slow key inside a quick burst is a busy computer, not a person.
  const elapsedMs = timeMs - burst.firstMs - burst.pausedMs;
  const isQuick = elapsedMs <= settings.averageMsMax * burst.keyCount;
  return burst.keyCount > 1 && gapMs < settings.idleMs && isQuick;
}

/** Whether a key at `timeMs` goes on with what is held. */
export function isFollowed<Key>(state: State<Key>, timeMs: number): boolean {
  const { burst, settings } = state;
  if (burst === null) return false;
  if (isSteady(burst, settings, timeMs)) return true;
  return timeMs - burst.lastMs < pauseMsMax && mayPause(state, burst);
}

/** When `isFollowed` becomes false by itself. */
export function burstDueMs<Key>(state: State<Key>, burst: Burst<Key>): number {
  const { loneHoldMs, idleMs, averageMsMax } = state.settings;
  if (mayPause(state, burst)) return burst.lastMs + pauseMsMax;
  const elapsedMs = burst.lastMs - burst.firstMs - burst.pausedMs;
  const quickMs = averageMsMax * burst.keyCount - elapsedMs;
  const waitMs = burst.keyCount > 1 ? Math.min(idleMs, quickMs) : loneHoldMs;
  return burst.lastMs + Math.max(loneHoldMs, waitMs);
}

/** When a key that is still down is surely a person's. */
export function liftDueMs({ timeMs }: WedgeKeyEvent): number {
  return timeMs + pressMsMax + 5;
}

export function holdEvent<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): void {
  state.heldDown.set(event.code, (state.heldDown.get(event.code) ?? 0) + 1);
}

function endingOf(end: WedgeKeyEvent | null): WedgeScan['ending'] {
  if (end === null) return 'none';
  if (end.code === 'Tab' || end.code === 'KeyI') return 'tab';
  return end.code === 'KeyJ' ? 'lf' : 'cr';
}

function isSecondItem(before: WedgeScan, firstMs: number): boolean {
  return before.durationMs < quickReadMsMax && firstMs - before.firstMs >= secondItemMs;
}

/** What is no read by itself: its end was taught and is missing, or its beginning is. */
function isPart<Key>(state: State<Key>, burst: Burst<Key>, isEnded: boolean): boolean {
  const { settings, restUntilMs } = state;
  const isRest = burst.firstMs < restUntilMs && settings.prefix.length === 0;
  const isHalf = !isEnded && hasTaughtEnd(state);
  return (isRest || isHalf) && isScanners(burst, settings);
}

function scanOf<Key extends WedgeKeyEvent>(
  state: State<Key>,
  { scan, firstMs, lastMs }: Verdict<Key>,
  end: Key | null,
): WedgeScan {
  const { lastScan: before, scannedMs } = state;
  const isSame = scan === before?.text && !isSecondItem(before, firstMs);
  return {
    ...{ text: scan ?? '', firstMs },
    durationMs: (end?.timeMs ?? lastMs) - firstMs,
    ending: endingOf(end),
    isRepeat: isSame && firstMs - scannedMs <= repeatGapMsMax,
  };
}

/** Ends what is held: a scan, or keys to give back. `end` is the Enter or Tab that ended a scan. */
export function finish<Key extends WedgeKeyEvent>(
  state: State<Key>,
  end: Key | null,
): WedgeOutcome<Key> {
  const { burst, settings } = state;
  state.burst = null;
  // An Enter that waits for its keyup is not forgotten, should that never come.
  state.dueMs = state.pendingEnd === null ? null : liftDueMs(state.pendingEnd);
  state.isTickPutOff = false;
  if (burst === null) return nothing;
  const verdict = judge(burst, settings, state.suffixCharacters, end !== null);
  const isCut = isPart(state, burst, end !== null);
  if (!isCut && verdict.scan === null) return { release: verdict.release, scan: null };
  state.restUntilMs = isCut ? burst.lastMs + restMsMax : Number.NEGATIVE_INFINITY;
  if (isCut) state.cutCount += 1;
  else state.lastScan = scanOf(state, verdict, end);
  state.scannedMs = end?.timeMs ?? burst.lastMs;
  state.hadLifts = hasLifts(burst);
  state.endsLeft = end === null ? state.endCount : state.endCount - 1;
  state.endWithinMs = end === null ? suffixLateMs : settings.loneHoldMs;
  if (isCut) return { release: takePersons(burst, burst.lastMs), scan: null };
  return { release: verdict.release, scan: verdict.scan };
}

/** A person's Shift is down since before the scan began; a scanner's only just. */
export function isShiftPersons<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): boolean {
  if (state.burst !== null && isFollowed(state, event.timeMs)) return state.burst.isShiftPersons;
  const { shiftMs } = state.modifiers;
  return shiftMs !== null && event.timeMs - shiftMs > state.settings.loneHoldMs;
}

/** The burst that a key goes on with, or a new one. */
export function burstFor<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): Burst<Key> {
  if (state.burst !== null) return state.burst;
  const isContinuation = event.timeMs - state.scannedMs <= state.settings.loneHoldMs;
  state.burst = newBurst(event.timeMs, isContinuation, isShiftPersons(state, event));
  return state.burst;
}

export function extend<Key extends WedgeKeyEvent>(
  state: State<Key>,
  burst: Burst<Key>,
  event: Key,
): void {
  markOverlaps(burst);
  if (!isSteady(burst, state.settings, event.timeMs)) burst.pausedMs = event.timeMs - burst.lastMs;
  burst.keyCount += 1;
  burst.lastMs = event.timeMs;
  state.dueMs = burstDueMs(state, burst);
  state.isTickPutOff = false;
  holdEvent(state, event);
}

/** Shift or AltGr that came up while another window had the keys is up. */
export function correctModifiers<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): void {
  if (!event.shift) state.modifiers.shiftMs = null;
  if (event.alt !== true && event.altGraph !== true) state.modifiers.isAltRightDown = false;
}

export function isAutoRepeat<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): boolean {
  const pressedMs = state.pressedMs.get(event.code) ?? Number.NEGATIVE_INFINITY;
  if (event.repeat !== true) {
    state.pressedMs.set(event.code, event.timeMs);
    return false;
  }
  return event.timeMs - pressedMs >= repeatMsMin;
}

/** A wedge that has seen no key yet. */
export function newState<Key>(settings: WedgeSettings): State<Key> {
  const layout = wedgeLayout(settings.layout);
  const suffix = settings.suffix ?? [];
  const suffixCharacters = suffix.filter((stroke) => !isEndStroke(stroke, layout));
  const endCount = suffix.length - suffixCharacters.length;
  return {
    settings,
    layout,
    suffixCharacters,
    endCount: settings.suffix === null ? Number.POSITIVE_INFINITY : endCount,
    modifiers: newModifiers(),
    burst: null,
    pendingEnd: null,
    pendingAt: null,
    dueMs: null,
    isTickPutOff: false,
    lastScan: null,
    restUntilMs: Number.NEGATIVE_INFINITY,
    cutCount: 0,
    scannedMs: Number.NEGATIVE_INFINITY,
    hadLifts: false,
    endsLeft: 0,
    endWithinMs: 0,
    heldDown: new Map(),
    pressedMs: new Map(),
  };
}
