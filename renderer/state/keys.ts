// Owns what each key does on each screen; the hint bar names the same keys.
import {
  addAmount,
  cancelSale,
  chooseNeighbour,
  chooseTender,
  closeDay,
  currentLine,
  deleteDigit,
  giveTyped,
  leaveTender,
  lock,
  nextSale,
  openDrawer,
  pay,
  printX,
  removeLine,
  reprint,
  saleShown,
  showDay,
  showLastSale,
  showSale,
  signIn,
  stepQuantity,
  toggleSync,
  typeDigit,
  typePin,
} from '#renderer/state/actions.ts';
import { findDevices } from '#renderer/state/deviceActions.ts';
import { change, type PageState, page } from '#renderer/state/store.ts';
import { stopTeaching } from '#renderer/state/teaching.ts';
import type { Key } from '#words/en.ts';

type KeyMap = Readonly<Record<string, () => void>>;

const search = 'product-search';

/** F3: the field is always there, and takes the focus. */
export function focusSearch(): void {
  change({ isTypingCard: false });
  document.getElementById(search)?.focus();
}

export function focusCard(): void {
  change({ isTypingCard: true });
  document.getElementById('card-number')?.focus();
}

/** Esc undoes the smallest thing first; the sale itself only when asked twice. */
function escapeSale(): void {
  const { searchText, isTypingCard, amountDigits, amountName, question, snapshot } = page();
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused !== document.body) focused.blur();
  if (isTypingCard) change({ isTypingCard: false });
  else if (searchText !== '') change({ searchText: '' });
  else if (amountDigits !== '' || amountName !== '') change({ amountDigits: '', amountName: '' });
  else if (question === 'cancel-sale') cancelSale();
  else if (hasSale(snapshot)) change({ question: 'cancel-sale' });
}

function hasSale(snapshot: PageState['snapshot']): boolean {
  return snapshot !== null && (snapshot.basket.lineCount > 0 || snapshot.basket.member !== null);
}

function onLine(act: (line: NonNullable<ReturnType<typeof currentLine>>) => void): () => void {
  return () => {
    const line = currentLine();
    if (line !== null) act(line);
  };
}

const everywhere: KeyMap = {
  F11: lock,
  F10: showDay,
};

const onSale: KeyMap = {
  ...everywhere,
  F2: focusCard,
  F3: focusSearch,
  F4: openDrawer,
  F8: () => void showLastSale(),
  F9: () => void reprint(),
  F12: () => void pay(),
  Enter: () => void addAmount(),
  Escape: escapeSale,
  Backspace: deleteDigit,
  ArrowUp: () => chooseNeighbour(-1),
  ArrowDown: () => chooseNeighbour(1),
  '+': onLine((line) => stepQuantity(line, 1)),
  '-': onLine((line) => stepQuantity(line, -1)),
  Delete: onLine(removeLine),
};

const onTender: KeyMap = {
  F5: () => chooseTender('cash'),
  F6: () => chooseTender('card'),
  F7: () => chooseTender('voucher'),
  F11: lock,
  F12: giveTyped,
  Enter: giveTyped,
  Escape: leaveTender,
  Backspace: deleteDigit,
};

const onDone: KeyMap = {
  ...everywhere,
  F2: () => {
    nextSale();
    focusCard();
  },
  F4: openDrawer,
  F8: nextSale,
  F9: () => void reprint(),
  F12: nextSale,
  Enter: nextSale,
  Escape: () => change({ question: null }),
};

const onLast: KeyMap = {
  ...onDone,
  F8: showSale,
  F12: showSale,
  Enter: showSale,
  Escape: showSale,
};
/** The PIN field has the focus, unless a touch on the pad took it away. */
const onLock: KeyMap = {
  Enter: () => void signIn(),
  Backspace: () => typePin(page().pinDigits.slice(0, -1)),
};

const onDay: KeyMap = {
  ...everywhere,
  F5: toggleSync,
  F9: printX,
  F12: () => void closeDay(),
  Escape: () => {
    if (page().question === null) showSale();
    else change({ question: null });
  },
};

/** True when a field had the focus and has let it go. */
function leaveField(): boolean {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement))
    return false;
  focused.blur();
  return true;
}

const onDevices: KeyMap = {
  ...everywhere,
  F5: findDevices,
  Escape: () => {
    if (page().teaching.state !== 'off') stopTeaching();
    else if (!leaveField()) showSale();
  },
};

const onReceipt: KeyMap = {
  ...everywhere,
  // The field first: what was written stays as a draft, whichever way the screen is left.
  Escape: () => {
    if (!leaveField()) showSale();
  },
};

function keysNow(): KeyMap {
  const { view, snapshot, connection } = page();
  if (connection !== 'open' || snapshot === null) return {};
  if (snapshot.state === 'locked') return onLock;
  if (view === 'day') return onDay;
  if (view === 'devices') return onDevices;
  if (view === 'receipt') return onReceipt;
  if (view === 'last') return onLast;
  if (saleShown() !== null) return onDone;
  return view === 'tender' ? onTender : onSale;
}

/** Returns whether the key meant something here. */
export function actOnKey(key: string): boolean {
  const keys = keysNow();
  const act = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (act !== undefined) {
    act();
    return true;
  }
  if (!/^[0-9]$/.test(key)) return false;
  if (keys === onSale || keys === onTender || keys === onDone) typeDigit(key);
  else if (keys === onLock) typePin(page().pinDigits + key);
  else return false;
  return true;
}

export interface KeyHint {
  readonly key: string;
  readonly label: Key;
}

/** What the bar at the foot shows: the keys that lead on from here. */
export function hintsFor(state: PageState): readonly KeyHint[] {
  if (state.snapshot === null || state.snapshot.state === 'locked') return [];
  if (state.view === 'day') {
    return [
      { key: 'F5', label: 'day.syncStart' },
      { key: 'F9', label: 'day.printX' },
      { key: 'F12', label: 'day.closeZ' },
      { key: 'F11', label: 'hint.lock' },
      { key: 'Esc', label: 'hint.back' },
    ];
  }
  if (state.view === 'receipt') {
    return [
      { key: 'F11', label: 'hint.lock' },
      { key: 'Esc', label: 'hint.back' },
    ];
  }
  if (state.view === 'devices') {
    return [
      { key: 'F5', label: 'devices.find' },
      { key: 'F11', label: 'hint.lock' },
      { key: 'Esc', label: 'hint.back' },
    ];
  }
  if (state.view === 'last' || state.snapshot.state === 'committed') {
    return [
      { key: 'F8', label: state.view === 'last' ? 'hint.back' : 'hint.new' },
      { key: 'F9', label: 'hint.reprint' },
      { key: 'F4', label: 'hint.drawer' },
      { key: 'F10', label: 'hint.day' },
      { key: 'F11', label: 'hint.lock' },
    ];
  }
  if (state.view === 'tender') {
    return [
      { key: 'F5', label: 'tender.cash' },
      { key: 'F6', label: 'tender.card' },
      { key: 'F7', label: 'tender.voucher' },
      { key: 'Enter', label: 'hint.complete' },
      { key: 'Esc', label: 'hint.back' },
    ];
  }
  return [
    { key: 'F2', label: 'hint.member' },
    { key: 'F3', label: 'hint.products' },
    { key: 'Enter', label: 'hint.add' },
    { key: '+ −', label: 'hint.quantity' },
    { key: 'F8', label: 'hint.last' },
    { key: 'Esc', label: 'hint.cancel' },
    { key: 'F12', label: 'hint.pay' },
  ];
}
