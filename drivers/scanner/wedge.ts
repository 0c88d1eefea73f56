// Owns telling a keyboard scanner from a person's typing. Imports nothing: a page runs it.
//
// A keyboard scanner types like a person, only faster. The page must decide about each key at
// once (a key that reached a field cannot be called back), so every key that could begin a scan is
// held until the next one shows what it was. A person's key is thus typed at most `lone hold`
// later than it was pressed; a scan's keys reach no field at all.
//
// How a page uses it, with one wedge for the whole window:
//
//   1. Listen to `keydown` and `keyup` on `window`, in the capture phase. Leave out events with
//      `isComposing`. Give `key` the event's `code`, `key`, `shiftKey`, `repeat`, its `timeStamp`
//      (when the key was pressed, not when the page came round to it), `down` (false for keyup)
//      and `chord` (ctrlKey, altKey, metaKey or getModifierState('AltGraph')).
//   2. First type what `release` lists, in order: each one's `key` goes where it would have gone
//      (into the focused field at its caret, else to the screen's own key handler).
//   3. Then, if `hold` is true: preventDefault() and stopImmediatePropagation().
//   4. If `scan` is a string, submit it.
//   5. Set one timer for `nextTickMs()` (same clock as `timeStamp`: performance.now()), replacing
//      the one before; when it fires call `tick(performance.now())`, do 2 and 4, and set it again.
//   6. When the window loses focus, go on as before: the timer empties it.
//
// Enter, Tab, a lone Space and every key that types nothing are never held for a person, so that
// buttons, focus and shortcuts work as ever. `repeat` and `chord` keys are a person's as well.

/** A key as the page saw it. Extra fields come back untouched with `release`. */
export interface WedgeKeyEvent {
  /** KeyboardEvent.code: the key's position, which no keyboard layout changes. */
  readonly code: string;
  /** KeyboardEvent.key: what it types for a person; used for nothing but to see that it types. */
  readonly key: string;
  readonly shift: boolean;
  /** KeyboardEvent.timeStamp, monotonic milliseconds. */
  readonly timeMs: number;
  /** False for keyup; absent means keydown. */
  readonly down?: boolean;
  /** KeyboardEvent.repeat: a key held down by a person. */
  readonly repeat?: boolean;
  /** Ctrl, Alt, AltGraph or Meta is held. */
  readonly chord?: boolean;
}

/** All in milliseconds but the counts. `wedgeDefaults` suits every scanner tried. */
export interface WedgeSettings {
  /** How long one lone key waits to be followed. A person's typing is late by this. */
  readonly loneHoldMs: number;
  /** This much silence ends a scan without a suffix, and a burst that was none. */
  readonly idleMs: number;
  /** A burst is a scan when its keys came at most this far apart on average. */
  readonly averageMsMax: number;
  /** A burst is a scan when it has at least this many characters, suffix not counted. */
  readonly charactersMin: number;
}

/** Pace and length from onscan.js (30 ms, 6 characters, 100 ms), slow radio readers allowed for. */
export const wedgeDefaults: WedgeSettings = {
  loneHoldMs: 45,
  idleMs: 100,
  averageMsMax: 35,
  charactersMin: 6,
};

export interface WedgeOutcome<Key> {
  /** Keys to be typed now, oldest first: a person pressed them. */
  readonly release: readonly Key[];
  /** A finished scan, without suffix; cut at 4,096 characters, and then no number of ours. */
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

const charactersMax = 4096;
/** From here on a burst is taken for a scanner's, though it may still prove short. */
const burstKeysMin = 3;
/** A tick later than this was held up by the page, and so may be keys that wait behind it. */
const tickLateMs = 20;
const tickRetryMs = 8;

/** Enter this soon after a scan's last key is the scanner's: nobody reacts to a beep so fast. */
const suffixLateMs = 200;

const groupSeparator = '\u001d';

/** A US keyboard: plain and shifted character of each position. */
const positions: ReadonlyMap<string, readonly [string, string]> = new Map([
  ...[...'0123456789'].map((digit, index): [string, [string, string]] => [
    `Digit${digit}`,
    [digit, ')!@#$%^&*('.charAt(index)],
  ]),
  ...[...'0123456789'].map((digit): [string, [string, string]] => [
    `Numpad${digit}`,
    [digit, digit],
  ]),
  ...[...'abcdefghijklmnopqrstuvwxyz'].map((letter): [string, [string, string]] => [
    `Key${letter.toUpperCase()}`,
    [letter, letter.toUpperCase()],
  ]),
  ['Minus', ['-', '_']],
  ['Equal', ['=', '+']],
  ['BracketLeft', ['[', '{']],
  ['BracketRight', [']', '}']],
  ['Backslash', ['\\', '|']],
  ['Semicolon', [';', ':']],
  ['Quote', ["'", '"']],
  ['Backquote', ['`', '~']],
  ['Comma', [',', '<']],
  ['Period', ['.', '>']],
  ['Slash', ['/', '?']],
  ['Space', [' ', ' ']],
  ['NumpadDecimal', ['.', '.']],
  ['NumpadDivide', ['/', '/']],
  ['NumpadMultiply', ['*', '*']],
  ['NumpadSubtract', ['-', '-']],
  ['NumpadAdd', ['+', '+']],
]);

const suffixCodes: ReadonlySet<string> = new Set(['Enter', 'NumpadEnter', 'Tab']);

/** Scanners that send control characters type them as Ctrl chords: Ctrl+] is GS, Ctrl+M is CR. */
const chordSuffixCodes: ReadonlySet<string> = new Set(['KeyI', 'KeyJ', 'KeyM']);
const chordSeparatorCode = 'BracketRight';

const modifierCodes: ReadonlySet<string> = new Set([
  'ShiftLeft',
  'ShiftRight',
  'ControlLeft',
  'ControlRight',
  'AltLeft',
  'AltRight',
  'MetaLeft',
  'MetaRight',
  'CapsLock',
  'NumLock',
]);

interface Burst<Key> {
  readonly keys: Key[];
  text: string;
  count: number;
  readonly firstMs: number;
  lastMs: number;
}

interface State<Key> {
  readonly settings: WedgeSettings;
  burst: Burst<Key> | null;
  dueMs: number | null;
  isTickPutOff: boolean;
  /** When the last key of the last scan came. */
  scannedMs: number;
  /** Positions whose keydown was held, so that the keyup is held too. */
  readonly heldDown: Set<string>;
}

function isScan<Key>(burst: Burst<Key>, settings: WedgeSettings): boolean {
  const isQuick = burst.lastMs - burst.firstMs <= settings.averageMsMax * (burst.count - 1);
  return burst.count >= settings.charactersMin && isQuick;
}

/** Whether a key at `timeMs` goes on with what is held. */
function isFollowed<Key>(state: State<Key>, timeMs: number): boolean {
  const { burst, settings } = state;
  if (burst === null) return false;
  const gapMs = timeMs - burst.lastMs;
  if (gapMs <= settings.loneHoldMs) return true;
  // One slow key inside a quick burst is a busy computer, not a person.
  const isQuick = timeMs - burst.firstMs <= settings.averageMsMax * burst.count;
  return burst.count > 1 && gapMs < settings.idleMs && isQuick;
}

/** Ends what is held: a scan, or keys to give back. */
function empty<Key>(state: State<Key>): WedgeOutcome<Key> {
  const { burst } = state;
  state.burst = null;
  state.dueMs = null;
  state.isTickPutOff = false;
  if (burst === null) return { release: [], scan: null };
  if (!isScan(burst, state.settings)) return { release: burst.keys, scan: null };
  state.scannedMs = burst.lastMs;
  return { release: [], scan: burst.text };
}

function pass<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  state.heldDown.delete(event.code);
  return { hold: false, ...empty(state) };
}

function suffix<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  const outcome = empty(state);
  // The second of a doubled suffix (CR LF, CR CR) would press whatever button has the focus.
  const isScanners = outcome.release.length === 0 && event.timeMs - state.scannedMs < suffixLateMs;
  if (isScanners) state.heldDown.add(event.code);
  else state.heldDown.delete(event.code);
  return { hold: isScanners, ...outcome };
}

function character<Key extends WedgeKeyEvent>(
  state: State<Key>,
  event: Key,
  typed: string,
): WedgeKeyOutcome<Key> {
  const outcome: WedgeOutcome<Key> = isFollowed(state, event.timeMs)
    ? { release: [], scan: null }
    : empty(state);
  const { settings } = state;
  const burst = state.burst ?? {
    keys: [],
    text: '',
    count: 0,
    firstMs: event.timeMs,
    lastMs: event.timeMs,
  };
  burst.count += 1;
  burst.lastMs = event.timeMs;
  if (burst.count <= charactersMax) {
    burst.keys.push(event);
    burst.text += typed;
  }
  state.burst = burst;
  state.dueMs = event.timeMs + (burst.count === 1 ? settings.loneHoldMs : settings.idleMs);
  state.isTickPutOff = false;
  state.heldDown.add(event.code);
  return { hold: true, ...outcome };
}

function keyDown<Key extends WedgeKeyEvent>(state: State<Key>, event: Key): WedgeKeyOutcome<Key> {
  if (modifierCodes.has(event.code)) return { hold: false, release: [], scan: null };
  if (event.repeat === true) return pass(state, event);
  const isFollowing = isFollowed(state, event.timeMs);
  const isBurst = isFollowing && state.burst !== null && state.burst.count >= burstKeysMin;
  if (event.chord === true) {
    const isJustScanned = event.timeMs - state.scannedMs < suffixLateMs;
    if (isBurst && event.code === chordSeparatorCode) {
      return character(state, event, groupSeparator);
    }
    const isSuffix = chordSuffixCodes.has(event.code) && (isBurst || isJustScanned);
    return isSuffix ? suffix(state, event) : pass(state, event);
  }
  if (suffixCodes.has(event.code)) return suffix(state, event);
  const typed = positions.get(event.code)?.[event.shift ? 1 : 0];
  // A dead key, or a number pad without Num Lock, could not be typed again for a person; no code
  // begins with a space, and a lone one presses a button.
  const isTypable = [...event.key].length === 1 && (typed !== ' ' || isFollowing);
  if (typed === undefined || !(isTypable || isBurst)) return pass(state, event);
  return character(state, event, typed);
}

function tick<Key>(state: State<Key>, timeMs: number): WedgeOutcome<Key> {
  if (state.dueMs === null || timeMs < state.dueMs) return { release: [], scan: null };
  if (timeMs - state.dueMs > tickLateMs && !state.isTickPutOff) {
    state.isTickPutOff = true;
    state.dueMs = timeMs + tickRetryMs;
    return { release: [], scan: null };
  }
  return empty(state);
}

/** Makes a wedge for a scanner that is set to a US keyboard, whatever the computer is set to. */
export function createWedge<Key extends WedgeKeyEvent>(
  settings: WedgeSettings = wedgeDefaults,
): Wedge<Key> {
  const state: State<Key> = {
    settings,
    burst: null,
    dueMs: null,
    isTickPutOff: false,
    scannedMs: Number.NEGATIVE_INFINITY,
    heldDown: new Set(),
  };
  return {
    key(event) {
      if (event.down !== false) return keyDown(state, event);
      // The release of a held key is held too: a button acts on the release of Space.
      return { hold: state.heldDown.delete(event.code), release: [], scan: null };
    },
    tick: (timeMs) => tick(state, timeMs),
    nextTickMs: () => state.dueMs,
  };
}
