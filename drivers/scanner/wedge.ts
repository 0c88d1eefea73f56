// Owns telling a keyboard scanner from a person's typing. A page runs it.
//
// A keyboard scanner types like a person, only faster. The page must decide about each key at
// once (a key that reached a field cannot be called back), so every key that could begin a scan is
// held until the next one shows what it was. A person's key is thus typed at most `lone hold`
// later than it was pressed; a scan's keys reach no field at all. Where the scanner's prefix is
// known, only that key is held, and a person's typing is not late at all.
//
// A person may type while a scanner does. The two are then told apart by how long a key stays
// down: a scanner's comes up before its next one, a person's stays over several of them.
//
// How a page uses it, with one wedge for the whole window:
//
//   1. Listen to `keydown` and `keyup` on `window`, in the capture phase. Leave out events with
//      `isComposing`. Give `key` the event's fields; `timeMs` is its `timeStamp` (when the key was
//      pressed, not when the page came round to it).
//   2. First type what `release` lists, in order: each one's `key` goes where it would have gone
//      (into the focused field at its caret, else to the screen's own key handler).
//   3. Then, if `hold` is true: preventDefault() and stopImmediatePropagation(). The keyup of Alt
//      is held when an Alt code was read: the character that the system makes of it (a `keypress`
//      without a keydown, on Windows) must be dropped too.
//   4. If `scan` is a string, submit it.
//   5. Set one timer for `nextTickMs()` (same clock as `timeStamp`: performance.now()), replacing
//      the one before; when it fires call `tick(performance.now())`, do 2 and 4, and set it again.
//   6. When the window loses focus, go on as before: the timer empties it.
//
// A lone Enter, Tab or Space and every key that types nothing are not held for a person, so that
// buttons, focus and shortcuts work as ever. Enter and Tab are held amid or right after a scan,
// until it shows whose they were.
import {
  addEntry,
  type Burst,
  burstKeysMin,
  hasLifts,
  judge,
  liftKey,
  looksScanned,
  markOverlaps,
  newBurst,
  pressMsMax,
  takePersons,
} from '#drivers/scanner/wedgeBurst.ts';
import {
  altMeaning,
  type HeldModifiers,
  holdModifier,
  isEndStroke,
  isModifier,
  meaningOf,
  newModifiers,
  type WedgeKeyEvent,
  type WedgeMeaning,
} from '#drivers/scanner/wedgeKeys.ts';
import { type WedgeLayout, wedgeLayout } from '#drivers/scanner/wedgeLayouts.ts';
import {
  type WedgeSettings,
  type WedgeStroke,
  wedgeDefaults,
} from '#drivers/scanner/wedgeSettings.ts';

export interface WedgeOutcome<Key> {
  /** Keys to be typed now, oldest first: a person pressed them. */
  readonly release: readonly Key[];
  /** A finished scan, without prefix and suffix; cut at 4,096 characters, then no number of ours. */
  readonly scan: string | null;
}

export interface WedgeKeyOutcome<Key> extends WedgeOutcome<Key> {
  /** True: keep this key from the page. False: let it through, after `release`. */
  readonly hold: boolean;
}

export interface Wedge<Key extends WedgeKeyEvent> {
  key(event: Key): WedgeKeyOutcome<Key>;
  /** Lets time pass. A call before `nextTickMs()` does nothing. */
  tick(timeMs: number): WedgeOutcome<Key>;
  /** When to call `tick`, or null while nothing is held. */
  nextTickMs(): number | null;
}

/** A tick later than this was held up by the page, and so may be keys that wait behind it. */
const tickLateMs = 20;
const tickRetryMs = 8;
/** Enter this soon after a scan's last key is the scanner's: nobody reacts to a beep so fast. */
const suffixLateMs = 200;
/** Sooner than this no keyboard repeats a key by itself: a scanner typed what a person holds. */
const repeatMsMin = 150;

interface State<Key> {
  readonly settings: WedgeSettings;
  readonly layout: WedgeLayout;
  readonly suffixCharacters: readonly WedgeStroke[];
  /** How many Enters or Tabs a scan ends with. */
  readonly endCount: number;
  readonly modifiers: HeldModifiers;
  burst: Burst<Key> | null;
  /** An Enter or Tab of which its keyup will show whose it is. */
  pendingEnd: Key | null;
  dueMs: number | null;
  isTickPutOff: boolean;
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

const nothing = { release: [], scan: null } as const;

/** Whether a key at `timeMs` goes on with what is held. */
function isFollowed<Key>(state: State<Key>, timeMs: number): boolean {
  const { burst, settings } = state;
  if (burst === null) return false;
  const gapMs = timeMs - burst.lastMs;
  if (gapMs <= settings.loneHoldMs) return true;
  // One slow key inside a quick burst is a busy computer, not a person.
  const isQuick = timeMs - burst.firstMs <= settings.averageMsMax * burst.keyCount;
  return burst.keyCount > 1 && gapMs < settings.idleMs && isQuick;
}

/** When `isFollowed` becomes false by itself. */
function burstDueMs<Key>(burst: Burst<Key>, settings: WedgeSettings): number {
  const { loneHoldMs, idleMs, averageMsMax } = settings;
  const quickMs = averageMsMax * burst.keyCount - (burst.lastMs - burst.firstMs);
  const waitMs = burst.keyCount > 1 ? Math.min(idleMs, quickMs) : loneHoldMs;
  return burst.lastMs + Math.max(loneHoldMs, waitMs);
}

function holdEvent<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): void {
  state.heldDown.set(event.code, (state.heldDown.get(event.code) ?? 0) + 1);
}

/** Ends what is held: a scan, or keys to give back. */
function finish<Key extends WedgeKeyEvent>(
  state: State<Key>,
  endMs: number | null,
): WedgeOutcome<Key> {
  const { burst, settings } = state;
  state.burst = null;
  state.dueMs = null;
  state.isTickPutOff = false;
  if (burst === null) return nothing;
  const verdict = judge(burst, settings, state.suffixCharacters, endMs !== null);
  if (verdict.scan === null) return verdict;
  state.scannedMs = endMs ?? burst.lastMs;
  state.hadLifts = hasLifts(burst);
  state.endsLeft = endMs === null ? state.endCount : state.endCount - 1;
  state.endWithinMs = endMs === null ? suffixLateMs : settings.loneHoldMs;
  return verdict;
}

/** Lets a key through that no scanner types. A scan that goes on is not cut by it. */
function pass<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  const { burst, settings } = state;
  if (burst !== null && isFollowed(state, event.timeMs) && looksScanned(burst, settings)) {
    return { hold: false, release: takePersons(burst), scan: null };
  }
  return { hold: false, ...finish(state, null) };
}

/** The scanner's own end came: the scan is over, or what was held is a person's after all. */
function endBurst<Key extends WedgeKeyEvent>(
  state: State<Key>,
  end: Key,
): WedgeOutcome<Key> & { readonly isScan: boolean } {
  const outcome = finish(state, end.timeMs);
  return { ...outcome, isScan: outcome.scan !== null };
}

/** Another Enter or Tab of the scan before: it would press whatever button has the focus. */
function swallowEnd<Key extends WedgeKeyEvent>(state: State<Key>, end: Key): void {
  state.scannedMs = end.timeMs;
  state.endsLeft -= 1;
  state.endWithinMs = state.settings.loneHoldMs;
}

function waitForLift<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
  release: readonly Key[],
): WedgeKeyOutcome<Key> {
  state.pendingEnd = event;
  state.dueMs = event.timeMs + pressMsMax + 5;
  state.isTickPutOff = false;
  holdEvent(state, event);
  return { hold: true, release, scan: null };
}

function end<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  const { burst, settings } = state;
  if (burst !== null && isFollowed(state, event.timeMs)) {
    markOverlaps(burst);
    if (hasLifts(burst) && looksScanned(burst, settings)) return waitForLift(state, event, []);
    const { isScan, ...outcome } = endBurst(state, event);
    if (isScan) holdEvent(state, event);
    return { hold: isScan, ...outcome };
  }
  const outcome = finish(state, null);
  const isNear = event.timeMs - state.scannedMs < state.endWithinMs && state.endsLeft > 0;
  if (outcome.release.length > 0 || !isNear) return { hold: false, ...outcome };
  if (state.hadLifts) return { ...waitForLift(state, event, []), scan: outcome.scan };
  swallowEnd(state, event);
  holdEvent(state, event);
  return { hold: true, ...outcome };
}

/** Decides about the Enter or Tab that waits. */
function settleEnd<Key extends WedgeKeyEvent>(
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

/** The burst that a key goes on with, or a new one. */
function burstFor<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): Burst<Key> {
  if (state.burst !== null) return state.burst;
  const { loneHoldMs } = state.settings;
  const { shiftMs } = state.modifiers;
  const isContinuation = event.timeMs - state.scannedMs <= loneHoldMs;
  const isShiftPersons = shiftMs !== null && event.timeMs - shiftMs > loneHoldMs;
  state.burst = newBurst(event.timeMs, isContinuation, isShiftPersons);
  return state.burst;
}

function extend<Key extends WedgeKeyEvent>(
  state: State<Key>,
  burst: Burst<Key>,
  event: Key,
): void {
  markOverlaps(burst);
  burst.keyCount += 1;
  burst.lastMs = event.timeMs;
  state.dueMs = burstDueMs(burst, state.settings);
  state.isTickPutOff = false;
  holdEvent(state, event);
}

function isPersonsDigit(settings: WedgeSettings, code: string, text: string): boolean {
  if (settings.digits === 'any' || !/^[0-9]$/.test(text)) return false;
  return code.startsWith('Numpad') === (settings.digits === 'row');
}

function mayBegin<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
  meaning: Extract<WedgeMeaning, { type: 'character' }>,
): boolean {
  const [prefix] = state.settings.prefix;
  if (prefix !== undefined) return meaning.stroke === prefix;
  // A dead key, or a number pad without Num Lock, could not be typed again for a person; no code
  // begins with a space, and a lone one presses a button.
  const isTypable = [...event.key].length === 1 && meaning.typed.text !== ' ';
  return isTypable && !meaning.typed.isControl;
}

function character<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
  meaning: Extract<WedgeMeaning, { type: 'character' }>,
): WedgeKeyOutcome<Key> {
  const { typed, stroke } = meaning;
  const { settings } = state;
  if (isPersonsDigit(settings, event.code, typed.text)) return pass(state, event);
  const outcome = isFollowed(state, event.timeMs) ? nothing : finish(state, null);
  if (state.burst === null) {
    if (!mayBegin(state, event, meaning)) return { hold: false, ...outcome };
  } else {
    const isTypable = [...event.key].length === 1 && !typed.isControl;
    const isBurst = state.burst.keyCount >= burstKeysMin || settings.prefix.length > 0;
    if (!isTypable && !isBurst) return pass(state, event);
  }
  const burst = burstFor(state, event);
  extend(state, burst, event);
  const times = { firstMs: event.timeMs, lastMs: event.timeMs, upMs: null };
  addEntry(burst, { event, stroke, typed, keyCount: 1, ...times });
  return { hold: true, ...outcome };
}

/** A digit of an Alt code types nothing by itself: holding it costs a person nothing. */
function altDigit<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
  digit: string,
): WedgeKeyOutcome<Key> {
  const { settings } = state;
  const outcome = isFollowed(state, event.timeMs) ? nothing : finish(state, null);
  const [prefix] = settings.prefix;
  const isBeginning = prefix === undefined ? settings.hasAltCodes : prefix.startsWith('Alt+');
  if (state.burst === null && !isBeginning) return { hold: false, ...outcome };
  const burst = burstFor(state, event);
  extend(state, burst, event);
  burst.alt ??= { digits: '', events: [] };
  burst.alt.digits += digit;
  burst.alt.events.push(event);
  return { hold: true, ...outcome };
}

/** Alt came up: its digits are a character now. */
function liftAlt<Key extends WedgeKeyEvent>(
  state: State<Key>,
  burst: Burst<Key>,
  timeMs: number,
): WedgeKeyOutcome<Key> {
  const { alt } = burst;
  burst.alt = null;
  const [first] = alt?.events ?? [];
  const last = alt?.events.at(-1);
  if (alt === null || first === undefined || last === undefined) return { hold: false, ...nothing };
  const meaning = altMeaning(alt.digits);
  if (meaning.type !== 'character') {
    const { isScan, release, scan } = endBurst(state, last);
    return { hold: isScan, release: isScan ? release : [...release, ...alt.events], scan };
  }
  const { stroke, typed } = meaning;
  const times = { firstMs: first.timeMs, lastMs: last.timeMs, upMs: last.timeMs };
  const event = { ...last, key: typed.text, alt: false };
  addEntry(burst, { event, stroke, typed, keyCount: alt.events.length, ...times });
  burst.lastMs = timeMs;
  state.dueMs = burstDueMs(burst, state.settings);
  return { hold: true, ...nothing };
}

/** Modifiers go their way; amid a scan Alt does not, which would open a menu. */
function modifier<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
): WedgeKeyOutcome<Key> {
  holdModifier(state.modifiers, event);
  const { burst, settings } = state;
  const isDown = event.down !== false;
  if (burst === null) return { hold: false, ...nothing };
  const isAlt = event.code.startsWith('Alt');
  if (event.code.startsWith('Shift')) burst.isShiftPersons = !isDown && burst.hasPersonsShift;
  if (isAlt && !isDown && burst.alt !== null) return liftAlt(state, burst, event.timeMs);
  return { hold: isAlt && looksScanned(burst, settings), ...nothing };
}

/** Shift or AltGr that came up while another window had the keys is up. */
function correctModifiers<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): void {
  if (!event.shift) state.modifiers.shiftMs = null;
  if (event.alt !== true && event.altGraph !== true) state.modifiers.isAltRightDown = false;
}

function isAutoRepeat<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): boolean {
  const pressedMs = state.pressedMs.get(event.code) ?? Number.NEGATIVE_INFINITY;
  if (event.repeat !== true) {
    state.pressedMs.set(event.code, event.timeMs);
    return false;
  }
  return event.timeMs - pressedMs >= repeatMsMin;
}

function keyDown<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  correctModifiers(state, event);
  if (isAutoRepeat(state, event)) return pass(state, event);
  const shift = event.shift && state.burst?.isShiftPersons !== true;
  const { modifiers, layout, settings } = state;
  const meaning = meaningOf(event, modifiers, layout, settings, shift);
  switch (meaning.type) {
    case 'character':
      return character(state, event, meaning);
    case 'alt-digit':
      return altDigit(state, event, meaning.digit);
    case 'end':
      return end(state, event);
    case 'other':
      return pass(state, event);
  }
}

function keyUp<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  const heldCount = state.heldDown.get(event.code) ?? 0;
  if (heldCount > 1) state.heldDown.set(event.code, heldCount - 1);
  else state.heldDown.delete(event.code);
  const { pendingEnd, burst } = state;
  // The release of a held key is held too: a button acts on the release of Space.
  const hold = heldCount > 0;
  if (pendingEnd !== null && pendingEnd.code === event.code) {
    return { hold, ...settleEnd(state, event.timeMs - pendingEnd.timeMs > pressMsMax) };
  }
  if (burst !== null) liftKey(burst, event);
  return { hold, ...nothing };
}

function tick<Key extends WedgeKeyEvent>(state: State<Key>, timeMs: number): WedgeOutcome<Key> {
  if (state.dueMs === null || timeMs < state.dueMs) return nothing;
  if (timeMs - state.dueMs > tickLateMs && !state.isTickPutOff) {
    state.isTickPutOff = true;
    state.dueMs = timeMs + tickRetryMs;
    return nothing;
  }
  const settled = settleEnd(state, true);
  return settled.release.length > 0 ? settled : finish(state, null);
}

/** Makes a wedge for a scanner; without settings for one that is set to a US keyboard. */
export function createWedge<Key extends WedgeKeyEvent>(
  settings: WedgeSettings = wedgeDefaults,
): Wedge<Key> {
  const layout = wedgeLayout(settings.layout);
  const suffix = settings.suffix ?? [];
  const suffixCharacters = suffix.filter((stroke) => !isEndStroke(stroke, layout));
  const endCount = suffix.length - suffixCharacters.length;
  const state: State<Key> = {
    settings,
    layout,
    suffixCharacters,
    endCount: settings.suffix === null ? Number.POSITIVE_INFINITY : endCount,
    modifiers: newModifiers(),
    burst: null,
    pendingEnd: null,
    dueMs: null,
    isTickPutOff: false,
    scannedMs: Number.NEGATIVE_INFINITY,
    hadLifts: false,
    endsLeft: 0,
    endWithinMs: 0,
    heldDown: new Map(),
    pressedMs: new Map(),
  };
  return {
    key(event) {
      if (isModifier(event.code)) return modifier(state, event);
      if (event.down === false) return keyUp(state, event);
      // A key that is still down while the next one comes is a person's.
      const settled = settleEnd(state, true);
      const outcome = keyDown(state, event);
      return { ...outcome, release: [...settled.release, ...outcome.release] };
    },
    tick: (timeMs) => tick(state, timeMs),
    nextTickMs: () => state.dueMs,
  };
}
