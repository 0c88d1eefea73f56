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
//   4. If `scan` is a string, submit it, unless `lastScan()` is a repeat by the scanner itself.
//   5. Set one timer for `nextTickMs()` (same clock as `timeStamp`: performance.now()), replacing
//      the one before; when it fires call `tick(performance.now())`, do 2 and 4, and set it again.
//   6. When the window loses the keys (`blur`), call `leave()` and do 2 and 4: the rest of a scan
//      goes to another program now, and so do keyups. When it has them again (`focus`), call
//      `comeBack`: what is typed just then is the rest of a scan that another program has.
//   7. Say so whenever `cutCount()` has grown: a code was read, and none was submitted.
//
// A lone Enter, Tab or Space and every key that types nothing are not held for a person, so that
// buttons, focus and shortcuts work as ever. Enter and Tab are held amid or right after a scan,
// until it shows whose they were.
import {
  addEntry,
  addPersonsKey,
  type Burst,
  isScanners,
  keysOf,
  liftKey,
  looksScanned,
  pressMsMax,
  takePersons,
} from '#drivers/scanner/wedge/wedgeBurst.ts';
import {
  end,
  endBurst,
  isEndOfLast,
  settleEnd,
  swallowEnd,
} from '#drivers/scanner/wedge/wedgeEnds.ts';
import {
  altMeaning,
  holdModifier,
  isModifier,
  meaningOf,
  newModifiers,
  type WedgeKeyEvent,
  type WedgeMeaning,
} from '#drivers/scanner/wedge/wedgeKeys.ts';
import { type WedgeSettings, wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import {
  burstDueMs,
  burstFor,
  correctModifiers,
  extend,
  finish,
  holdEvent,
  isAutoRepeat,
  isFollowed,
  isShiftPersons,
  newState,
  nothing,
  type State,
  type WedgeKeyOutcome,
  type WedgeOutcome,
  type WedgeScan,
} from '#drivers/scanner/wedge/wedgeState.ts';

export interface Wedge<Key extends WedgeKeyEvent> {
  key(event: Key): WedgeKeyOutcome<Key>;
  /** Lets time pass. A call before `nextTickMs()` does nothing. */
  tick(timeMs: number): WedgeOutcome<Key>;
  /** When to call `tick`, or null while nothing is held. */
  nextTickMs(): number | null;
  /**
   * The window has lost the keys: half a scan is dropped, a person's keys come back, and what is
   * down is forgotten.
   */
  leave(): WedgeOutcome<Key>;
  /** The window has the keys again. */
  comeBack(timeMs: number): void;
  /** How many reads were dropped because their rest did not come. */
  cutCount(): number;
  /** How the last scan was typed; a repeat is to be left out. Null before the first. */
  lastScan(): WedgeScan | null;
}

/** A tick later than this was held up by the page, and so may be keys that wait behind it. */
const tickLateMs = 20;
const tickRetryMs = 8;

/** Nobody comes to the window and pulls the trigger sooner than this. */
const returnMsMax = 100;

/**
 * Lets a key through that no scanner types. It cuts no scan: within the lone hold what is held may
 * be a scan that has only just begun, since no person presses two keys so quickly.
 */
function pass<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  const { pendingEnd, settings } = state;
  const isLate = pendingEnd !== null && event.timeMs - pendingEnd.timeMs > pressMsMax;
  const settled = isLate ? settleEnd(state, true) : nothing;
  const { burst } = state;
  const isChord = event.control === true || event.alt === true || event.meta === true;
  const mayGoOn =
    burst !== null &&
    isFollowed(state, event.timeMs) &&
    (looksScanned(burst, settings) || !isChord);
  const { release, scan } = mayGoOn
    ? { release: takePersons(burst, event.timeMs), scan: null }
    : finish(state, null);
  return { hold: false, release: [...settled.release, ...release], scan };
}

function isPersonsDigit(settings: WedgeSettings, code: string, text: string): boolean {
  if (settings.digits === 'any' || !/^[0-9]$/.test(text)) return false;
  return code.startsWith('Numpad') === (settings.digits === 'row');
}

/** It waits where others wait before it, and goes at once where none does. */
function personsDigit<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
): WedgeKeyOutcome<Key> {
  const { burst } = state;
  if (burst === null || !isFollowed(state, event.timeMs)) return pass(state, event);
  addPersonsKey(burst, event, burst.entries.length);
  holdEvent(state, event);
  return { hold: true, ...nothing };
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
  if (isPersonsDigit(settings, event.code, typed.text)) return personsDigit(state, event);
  const outcome = isFollowed(state, event.timeMs) ? nothing : finish(state, null);
  if (state.burst === null) {
    if (!mayBegin(state, event, meaning)) return { hold: false, ...outcome };
  } else {
    const isTypable = [...event.key].length === 1 && !typed.isControl;
    const isBurst = looksScanned(state.burst, settings) || settings.prefix.length > 0;
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
    const isSecond = burst.entries.length === 0 && isEndOfLast(state, first.timeMs);
    if (isSecond) swallowEnd(state, last);
    const { isScan, release, scan } = endBurst(state, last);
    const isScanners = isScan || isSecond;
    return { hold: isScanners, release: isScanners ? release : [...release, ...alt.events], scan };
  }
  const { stroke, typed } = meaning;
  const times = { firstMs: first.timeMs, lastMs: last.timeMs, upMs: last.timeMs };
  const event = { ...last, key: typed.text, alt: false };
  addEntry(burst, { event, stroke, typed, keyCount: alt.events.length, ...times });
  burst.lastMs = timeMs;
  state.dueMs = burstDueMs(state, burst);
  return { hold: true, ...nothing };
}

/** Modifiers go their way; amid a scan Alt does not, which would open a menu. */
function modifier<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  holdModifier(state.modifiers, event);
  const { burst, settings } = state;
  const isDown = event.down !== false;
  if (burst === null) return { hold: false, ...nothing };
  const isAlt = event.code.startsWith('Alt');
  if (event.code.startsWith('Shift')) burst.isShiftPersons = !isDown && burst.hasPersonsShift;
  if (isAlt && !isDown && burst.alt !== null) return liftAlt(state, burst, event.timeMs);
  return { hold: isAlt && looksScanned(burst, settings), ...nothing };
}

function keyDown<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  correctModifiers(state, event);
  if (isAutoRepeat(state, event)) return pass(state, event);
  const shift = event.shift && !isShiftPersons(state, event);
  const { modifiers, layout, settings } = state;
  const meaning = meaningOf(event, modifiers, layout, settings, shift);
  switch (meaning.type) {
    case 'character':
      return character(state, event, meaning);
    case 'alt-digit':
      return altDigit(state, event, meaning.digit);
    case 'end':
      return end(state, event);
    case 'other': {
      // A scanner's prefix may be a key that types nothing, such as F13.
      if (!settings.prefix.includes(meaning.stroke)) return pass(state, event);
      const typed = { text: '', isDead: false, isControl: true };
      return character(state, event, { ...meaning, type: 'character', typed });
    }
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
  if (burst !== null) {
    liftKey(burst, event);
    // A key that was down longer than a scanner's is not waited for as long.
    if (pendingEnd === null) state.dueMs = burstDueMs(state, burst);
  }
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

/** Half a scan is dropped: its rest goes to another program now. */
function dropHalf<Key extends WedgeKeyEvent>(state: State<Key>): readonly Key[] {
  const { burst } = state;
  state.burst = null;
  if (burst === null) return [];
  if (!isScanners(burst, state.settings)) return keysOf(burst);
  state.cutCount += 1;
  return takePersons(burst, burst.lastMs);
}

function leave<Key extends WedgeKeyEvent>(state: State<Key>): WedgeOutcome<Key> {
  // A scan whose end waits for its keyup came whole, and that keyup will not come.
  const { release, scan } = settleEnd(state, false);
  const dropped = dropHalf(state);
  state.dueMs = null;
  state.isTickPutOff = false;
  state.endsLeft = 0;
  Object.assign(state.modifiers, newModifiers());
  state.heldDown.clear();
  state.pressedMs.clear();
  return { release: [...release, ...dropped], scan };
}

/** Makes a wedge for a scanner; without settings for one that is set to a US keyboard. */
export function createWedge<Key extends WedgeKeyEvent>(
  settings: WedgeSettings = wedgeDefaults,
): Wedge<Key> {
  const state = newState<Key>(settings);
  return {
    key(event) {
      if (isModifier(event.code)) return modifier(state, event);
      if (event.down === false) return keyUp(state, event);
      return keyDown(state, event);
    },
    tick: (timeMs) => tick(state, timeMs),
    nextTickMs: () => state.dueMs,
    leave: () => leave(state),
    comeBack(timeMs) {
      if (state.burst === null) state.restUntilMs = timeMs + returnMsMax;
    },
    cutCount: () => state.cutCount,
    lastScan: () => state.lastScan,
  };
}
