// Owns what the page knows: the till's last snapshot, and what only this screen has typed.
import { useSyncExternalStore } from 'react';
import type { Teaching } from '#renderer/state/teaching.ts';
import type {
  CommittedSale,
  DayReport,
  DevicesView,
  MethodInput,
  MethodOutput,
  SessionSnapshot,
  TillError,
} from '#till/contract.ts';
import { type Language, languageOf } from '#words/say.ts';

export type Tender = MethodInput<'sale.commit'>['tenders'][number];
export type TenderType = Tender['tenderType'];
export type Connection = 'connecting' | 'open' | 'down' | 'refused' | 'keyless';
/** A question asked in place, where its answer is pressed. */
export type Question = 'cancel-sale' | 'void-sale' | 'close-day';

export interface PageState {
  readonly connection: Connection;
  readonly snapshot: SessionSnapshot | null;
  readonly view: 'sale' | 'tender' | 'day' | 'last' | 'devices' | 'receipt';
  readonly language: Language;
  readonly isDark: boolean;
  /** This window has the keys, and a keyboard scanner is heard. */
  readonly isInFront: boolean;
  /** Some code was read from the keyboard since the page was opened. */
  readonly isKeyboardScanned: boolean;
  /** Minor units as typed, without separator; empty is nothing typed. */
  readonly amountDigits: string;
  /** What the amount is sold as: the barcode that no product has, or empty. */
  readonly amountName: string;
  readonly searchText: string;
  readonly isTypingCard: boolean;
  /** The line that the quantity keys act on; null follows the newest. */
  readonly chosenLine: number | null;
  readonly question: Question | null;
  readonly tenderType: TenderType;
  readonly givenDigits: string;
  readonly tenders: readonly Tender[];
  readonly isCommitting: boolean;
  /** The sale that the `last` view shows. */
  readonly shownSale: CommittedSale | null;
  /** The figures of the day, once they were asked for. */
  readonly report: DayReport | null;
  /** The device screen, once it was asked for. */
  readonly devices: DevicesView | null;
  /** The receipt's template as the till has it, once it was asked for. */
  readonly template: MethodOutput<'receipt.getTemplate'> | null;
  /** What was written in the receipt's editor and is not kept yet; leaving loses none of it. */
  readonly templateDraft: string | null;
  /** Reads on the device screen are shown there and sell nothing. */
  readonly takesTestScans: boolean;
  /** The test scan of a keyboard scanner. */
  readonly teaching: Teaching;
  /** The till's last no to this page, until the next success. */
  readonly refusal: TillError | null;
  readonly pinDigits: string;
  /** `performance.now()` until which PINs are refused. */
  readonly pinLockedUntilMs: number | null;
}

type Listener = () => void;

const initial: PageState = {
  connection: 'connecting',
  snapshot: null,
  view: 'sale',
  language: languageOf(readPreference('language') ?? navigator.language),
  isDark: readPreference('theme') === 'dark',
  isInFront: true,
  isKeyboardScanned: false,
  amountDigits: '',
  amountName: '',
  searchText: '',
  isTypingCard: false,
  chosenLine: null,
  question: null,
  tenderType: 'cash',
  givenDigits: '',
  tenders: [],
  isCommitting: false,
  shownSale: null,
  report: null,
  devices: null,
  template: null,
  templateDraft: null,
  takesTestScans: true,
  teaching: { state: 'off' },
  refusal: null,
  pinDigits: '',
  pinLockedUntilMs: null,
};

let state = initial;
const listeners = new Set<Listener>();

/** The state now: a key that follows another sees what that one did, painted or not. */
export function page(): PageState {
  return state;
}

export function change(patch: Partial<PageState>): void {
  state = { ...state, ...patch };
  for (const listener of listeners) listener();
}

function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePage<T>(select: (state: PageState) => T): T {
  return useSyncExternalStore(subscribe, () => select(state));
}

/** What an unfinished payment is before anything was given. */
export const noTender = { tenderType: 'cash', givenDigits: '', tenders: [] } as const;

/** Takes the till's word for what is the till's; drops what was typed for another sale. */
export function takeSnapshot(snapshot: SessionSnapshot): void {
  const before = state.snapshot;
  const patch: { -readonly [K in keyof PageState]?: PageState[K] } = { snapshot };
  if (before !== null && snapshot.notice?.noticeId !== before.notice?.noticeId) {
    patch.refusal = null;
  }
  const isOtherSale = before?.basket.transactionId !== snapshot.basket.transactionId;
  const isDone = snapshot.state === 'committed';
  if (before !== null && (isOtherSale || (isDone && before.state !== 'committed'))) {
    Object.assign(patch, noTender, { chosenLine: null, question: null });
    if (state.view === 'tender') patch.view = 'sale';
  }
  if (before !== null && before.basket.lineCount !== snapshot.basket.lineCount) {
    patch.chosenLine = null;
  }
  if (snapshot.state === 'locked' && before?.state !== 'locked') {
    Object.assign(patch, { view: 'sale', question: null, isTypingCard: false, pinDigits: '' });
    // The reads of a scanner test are not for whoever signs in next.
    Object.assign(patch, { searchText: '', refusal: null, devices: null });
  }
  change(patch);
}

export function setLanguage(language: Language): void {
  writePreference('language', language);
  change({ language });
}

export function setDark(isDark: boolean): void {
  writePreference('theme', isDark ? 'dark' : 'light');
  change({ isDark });
}

/** Storage may be switched off in a browser: the choice then lasts as long as the page. */
function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(`puan.${name}`);
  } catch {
    return null;
  }
}

function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(`puan.${name}`, value);
  } catch {
    // The choice lasts as long as the page.
  }
}
