// Owns pressing a key once more that was held back: what the browser would have done is done here.
import type { WedgeKeyEvent } from '#drivers/scanner/wedge/wedgeKeys.ts';

/** Fields that take text; a radio button is an input as well, and its keys are its own. */
const FIELD =
  'input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=range]), textarea';
const REACHED_BY_TAB = 'a[href], button, input, select, textarea, [tabindex]';

export type Field = HTMLInputElement | HTMLTextAreaElement;

export function focusedField(): Field | null {
  const focused = document.activeElement;
  const isField = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement;
  return isField && focused.matches(FIELD) ? focused : null;
}

function moveFocus(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>(REACHED_BY_TAB)].filter(
    (element) =>
      element.tabIndex >= 0 && element.checkVisibility() && !element.matches(':disabled'),
  );
  const at = all.findIndex((element) => element.matches(':focus'));
  all.at((at + step) % all.length)?.focus();
}

function typeInto(field: Field, text: string): void {
  // The one way to type into a field that also keeps its caret and its undo.
  if (!field.readOnly) document.execCommand('insertText', false, text);
}

/** What a browser does with a key that nothing on the page has taken; false if nothing. */
function doByDefault(event: WedgeKeyEvent): boolean {
  const field = focusedField();
  const focused = document.activeElement;
  const { key } = event;
  if (key === 'Tab') moveFocus(event.shift ? -1 : 1);
  else if (field !== null && [...key].length === 1) typeInto(field, key);
  else if (key !== 'Enter') return false;
  else if (field instanceof HTMLTextAreaElement) typeInto(field, '\n');
  else if (field !== null) field.form?.requestSubmit();
  else if (focused instanceof HTMLElement && focused.matches(':is(a, button):focus-visible')) {
    focused.click();
  } else return false;
  return true;
}

/**
 * Presses a person's key again where the focus is. Returns whether it did something there; else it
 * is the screen's. Chords that were held (the first key of a scanner's prefix) do nothing.
 */
export function pressAgain(event: WedgeKeyEvent): boolean {
  const { key, code, shift } = event;
  if (event.altGraph !== true && (event.control === true || event.alt === true)) return true;
  const target = document.activeElement ?? document.body;
  const init = { key, code, shiftKey: shift, bubbles: true, cancelable: true };
  const isLeft = target.dispatchEvent(new KeyboardEvent('keydown', init));
  target.dispatchEvent(new KeyboardEvent('keyup', init));
  return !isLeft || doByDefault(event);
}
