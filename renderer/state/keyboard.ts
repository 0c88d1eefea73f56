// Owns every key of the page: a keyboard scanner's are told from a person's, who is obeyed.
import { createWedge, type Wedge } from '#drivers/scanner/wedge/wedge.ts';
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';
import { wedgeDefaults } from '#drivers/scanner/wedge/wedgeSettings.ts';
import { submitCutScan, submitScan } from '#renderer/state/actions.ts';
import { focusedField, pressAgain } from '#renderer/state/keyboardRelease.ts';
import { actOnKey } from '#renderer/state/keys.ts';
import { change, page } from '#renderer/state/store.ts';
import { takeForTeaching } from '#renderer/state/teaching.ts';
import type { SessionSnapshot } from '#till/contract.ts';

function wedgeEvent(event: KeyboardEvent): WedgeKeyEvent {
  return {
    code: event.code,
    key: event.key,
    shift: event.shiftKey,
    timeMs: event.timeStamp,
    down: event.type === 'keydown',
    repeat: event.repeat,
    control: event.ctrlKey,
    alt: event.altKey,
    altGraph: event.getModifierState('AltGraph'),
    meta: event.metaKey,
    capsLock: event.getModifierState('CapsLock'),
  };
}

/** A control that a person reached by keyboard keeps its own Enter, Space and arrows. */
function hasOwnKeys(key: string): boolean {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return false;
  if (focused.closest('[role=menu], [role=listbox]') !== null) return key !== 'F12';
  if (focusedField() !== null) return !/^(F[0-9]+|Escape)$/.test(key);
  // Arrows open what a button has to choose from.
  const isOpening = key === 'ArrowDown' || key === 'ArrowUp';
  if (isOpening && focused.matches('[aria-haspopup]:focus-visible')) return true;
  const isActing = key === 'Enter' || key === ' ';
  return isActing && focused.matches('button:focus-visible, a:focus-visible');
}

/** Browsers have uses of their own for these, such as to load the page anew. */
function isFunctionKey(key: string): boolean {
  return /^F([1-9]|1[0-2])$/.test(key);
}

/** A key held down moves on or deletes; it never confirms what the same press began. */
function mayRepeat(key: string): boolean {
  return key === 'Backspace' || key === 'ArrowUp' || key === 'ArrowDown';
}

/** A key that was held back and is a person's after all goes where it would have gone. */
function typeReleased(events: readonly WedgeKeyEvent[]): void {
  for (const event of events) {
    if (!pressAgain(event) && !hasOwnKeys(event.key)) actOnKey(event.key);
  }
}

let wedge: Wedge<WedgeKeyEvent> = createWedge();
/** The snapshot whose settings the wedge has. */
let followed: SessionSnapshot | null = null;
/** Of the wedge's reads that came without their rest, how many were said. */
let saidCuts = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The system makes a character of an Alt code by itself; until then it is the scanner's. */
let isAltCharacterDue = false;

function settle(release: readonly WedgeKeyEvent[], scan: string | null): void {
  typeReleased(release);
  const last = wedge.lastScan();
  if (scan !== null && last !== null) {
    submitScan(last);
    if (!page().isKeyboardScanned) change({ isKeyboardScanned: true });
  }
  if (wedge.cutCount() > saidCuts) submitCutScan();
  saidCuts = wedge.cutCount();
  clearTimeout(timer);
  const tickMs = wedge.nextTickMs();
  if (tickMs === null) return;
  timer = setTimeout(
    () => {
      const outcome = wedge.tick(performance.now());
      settle(outcome.release, outcome.scan);
    },
    Math.max(0, tickMs - performance.now()),
  );
}

/** Reads scanners as the till was taught, as soon as nothing is held. */
function followSettings(): void {
  const { snapshot } = page();
  if (snapshot === null || snapshot === followed || wedge.nextTickMs() !== null) return;
  const isChanged = JSON.stringify(snapshot.wedge) !== JSON.stringify(followed?.wedge ?? null);
  followed = snapshot;
  if (!isChanged) return;
  wedge = createWedge(snapshot.wedge ?? wedgeDefaults);
  saidCuts = 0;
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function onKey(event: KeyboardEvent): void {
  // What `pressAgain` sends is no new key.
  if (event.isComposing || !event.isTrusted) return;
  if (takeForTeaching(wedgeEvent(event))) return stop(event);
  followSettings();
  const { release, hold, scan } = wedge.key(wedgeEvent(event));
  isAltCharacterDue = hold && event.type === 'keyup' && event.key === 'Alt';
  settle(release, scan);
  const isHandled =
    !hold &&
    event.type === 'keydown' &&
    !(event.ctrlKey || event.altKey || event.metaKey) &&
    !hasOwnKeys(event.key) &&
    ((!(event.repeat && !mayRepeat(event.key)) && actOnKey(event.key)) || isFunctionKey(event.key));
  if (hold || isHandled) stop(event);
}

function onCharacter(event: KeyboardEvent): void {
  if (isAltCharacterDue) stop(event);
  isAltCharacterDue = false;
}

/** Another window has the keys: what a scanner types goes there, and half a read is none. */
function onBlur(): void {
  change({ isInFront: false });
  isAltCharacterDue = false;
  const { release, scan } = wedge.leave();
  settle(release, scan);
}

function onFocus(event: FocusEvent): void {
  change({ isInFront: true });
  wedge.comeBack(event.timeStamp);
}

/** One listener for the whole window; lives as long as the page. */
export function startKeyboard(): void {
  window.addEventListener('keydown', onKey, true);
  window.addEventListener('keyup', onKey, true);
  window.addEventListener('keypress', onCharacter, true);
  window.addEventListener('blur', onBlur);
  window.addEventListener('focus', onFocus);
  change({ isInFront: document.hasFocus() });
  // A touched button would otherwise keep the focus, and Enter would press it once more.
  window.addEventListener('pointerup', () => {
    setTimeout(() => {
      const focused = document.activeElement;
      const isButton = focused instanceof HTMLButtonElement;
      if (isButton && focused.getAttribute('aria-haspopup') === null) focused.blur();
    });
  });
}
