// Owns how the page says things: words, money and points in the language that the screen shows.
import { usePage } from '#renderer/state/store.ts';
import type { TillError } from '#till/contract.ts';
import type { Key } from '#words/en.ts';
import {
  formatDateTime,
  formatDay,
  formatMoney,
  formatPoints,
  isKey,
  type Language,
  localeOf,
  say,
  type WordArgs,
} from '#words/say.ts';

export interface Speech {
  readonly language: Language;
  readonly locale: string;
  /** `Minor` arguments are money of the till's currency. */
  readonly t: (key: Key, args?: WordArgs) => string;
  /** A sentence whose key the till chose. */
  readonly words: (given: { readonly key: string; readonly args: WordArgs }) => string;
  readonly money: (minor: number) => string;
  readonly points: (points: number) => string;
  /** `+12` or `-200`: what a line adds to the balance. */
  readonly signed: (points: number) => string;
  readonly time: (ms: number) => string;
  /** A business day. */
  readonly day: (isoDay: string) => string;
}

const FALLBACK_CURRENCY = 'EUR';

export function useSpeech(): Speech {
  const language = usePage((state) => state.language);
  const currency = usePage((state) => state.snapshot?.workstation.currency ?? FALLBACK_CURRENCY);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const points = (value: number) => formatPoints(language, value);
  return {
    language,
    locale: localeOf(language),
    t: (key, args) => say(language, key, { currency, ...args }),
    words: (given) => say(language, keyOf(given), { currency, ...given.args }),
    money: (minor) => formatMoney(language, currency, minor),
    points,
    signed: (value) => (value > 0 ? `+${points(value)}` : points(value)),
    time: (ms) => formatDateTime(language, ms, timeZone),
    day: (isoDay) => formatDay(language, isoDay),
  };
}

/** A store that fails says which fault it was; the catalogue has a sentence for each. */
function keyOf({ key, args }: { readonly key: string; readonly args: WordArgs }): string {
  const faultKey = `fault.${args['fault']}`;
  return key === 'error.store-unavailable' && isKey(faultKey) ? faultKey : key;
}

/** A refusal as the words that `Speech.words` says. */
export function refusalWords(error: TillError): { readonly key: string; readonly args: WordArgs } {
  return { key: `error.${error.code}`, args: error.args ?? {} };
}

/** 13 digits as `2990 0000 0001 7`: in fours, as people read numbers aloud. */
export function groupedCard(cardNumber: string): string {
  return cardNumber.replace(/(.{4})(?=.)/g, '$1 ');
}

/** Money that a customer may hand over for `dueMinor`: the next notes, each once, ascending. */
export function nextNotes(dueMinor: number, fractionDigits: number): number[] {
  const unit = 10 ** fractionDigits;
  const amounts = [5, 10, 20, 50, 100, 200].map((note) => {
    const noteMinor = note * unit;
    return Math.ceil(dueMinor / noteMinor) * noteMinor;
  });
  const above = amounts.filter((amount) => amount > dueMinor);
  return [...new Set(above)].sort((one, other) => one - other).slice(0, 3);
}
