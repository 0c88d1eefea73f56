// Owns every key of the page: a keyboard scanner's are told from a person's, who is obeyed.
import { createWedge, type WedgeKeyEvent } from '#drivers/scanner/wedge.ts';
import { submitScan } from '#renderer/state/actions.ts';
import { actOnKey } from '#renderer/state/keys.ts';

const FIELD = 'input, textarea';

function focusedField(): HTMLInputElement | null {
  const focused = document.activeElement;
  return focused instanceof HTMLInputElement && focused.matches(FIELD) ? focused : null;
}

/** A key that was held back and is a person's after all goes where it would have gone. */
function typeReleased(events: readonly WedgeKeyEvent[]): void {
  for (const { key } of events) {
    const field = focusedField();
    // The one way to type into a field that also keeps its caret and its undo.
    if (field === null) actOnKey(key);
    else if (!field.readOnly) document.execCommand('insertText', false, key);
  }
}

function wedgeEvent(event: KeyboardEvent): WedgeKeyEvent {
  return {
    code: event.code,
    key: event.key,
    shift: event.shiftKey,
    timeMs: event.timeStamp,
    down: event.type === 'keydown',
    repeat: event.repeat,
    chord: event.ctrlKey || event.altKey || event.metaKey || event.getModifierState('AltGraph'),
  };
}

/** A control that a person reached by keyboard keeps its own Enter, Space and arrows. */
function hasOwnKeys(key: string): boolean {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return false;
  if (focused.closest('[role=menu], [role=listbox]') !== null) return key !== 'F12';
  if (focusedField() !== null) return !/^(F[0-9]+|Escape)$/.test(key);
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

/** One listener for the whole window; lives as long as the page. */
export function startKeyboard(): void {
  const wedge = createWedge<WedgeKeyEvent>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function settle(release: readonly WedgeKeyEvent[], scan: string | null): void {
    typeReleased(release);
    if (scan !== null) submitScan(scan);
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

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { release, hold, scan } = wedge.key(wedgeEvent(event));
    settle(release, scan);
    const isHandled =
      !hold &&
      event.type === 'keydown' &&
      !(event.ctrlKey || event.altKey || event.metaKey) &&
      !hasOwnKeys(event.key) &&
      ((!(event.repeat && !mayRepeat(event.key)) && actOnKey(event.key)) ||
        isFunctionKey(event.key));
    if (!hold && !isHandled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  window.addEventListener('keydown', onKey, true);
  window.addEventListener('keyup', onKey, true);
  // A touched button would otherwise keep the focus, and Enter would press it once more.
  window.addEventListener('pointerup', () => {
    setTimeout(() => {
      const focused = document.activeElement;
      const isButton = focused instanceof HTMLButtonElement;
      if (isButton && focused.getAttribute('aria-haspopup') === null) focused.blur();
    });
  });
}
