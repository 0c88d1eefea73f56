// Owns how a key and its arguments become a sentence, in any language the till speaks.
import { IntlMessageFormat } from 'intl-messageformat';
import { dePaper } from '#words/dePaper.ts';
import { en, type Key } from '#words/en.ts';
import { tr } from '#words/tr.ts';

/** What screen and paper speak. */
export type Language = 'en' | 'tr';
/** What paper speaks besides: its other words are English. */
export type PaperLanguage = Language | 'de';
export type WordArgs = Readonly<Record<string, string | number>>;

const catalogues: Readonly<Record<PaperLanguage, Readonly<Record<Key, string>>>> = {
  en,
  tr,
  de: { ...en, ...dePaper },
};

/** Day before month in all: a receipt must not read 11/12 two ways. */
const locales: Readonly<Record<PaperLanguage, string>> = { en: 'en-GB', tr: 'tr-TR', de: 'de-DE' };

export const languages: readonly Language[] = ['en', 'tr'];
export const paperLanguages: readonly PaperLanguage[] = ['en', 'tr', 'de'];

/** The language of paper that a tag asks for, or null where there are no words in it. */
export function paperLanguageOf(tag: string): PaperLanguage | null {
  const language = tag.toLowerCase().split('-')[0];
  return paperLanguages.find((known) => known === language) ?? null;
}

/** `tr-TR` is Turkish; a language without a catalogue is English. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().split('-')[0] === 'tr' ? 'tr' : 'en';
}

/** BCP 47, for `Intl` and for the `lang` of a page. */
export function localeOf(language: string): string {
  return locales[spokenIn(language)];
}

/** A language without words is English. */
function spokenIn(language: string): PaperLanguage {
  return paperLanguageOf(language) ?? 'en';
}

export function isKey(key: string): key is Key {
  return Object.hasOwn(en, key);
}

/** `12345` at 2 digits is `123.45`, exact: no float on the way. */
export function decimalText(value: number, fractionDigits: number): string {
  const sign = value < 0 ? '-' : '';
  const digits = String(Math.abs(value)).padStart(fractionDigits + 1, '0');
  const whole = digits.slice(0, digits.length - fractionDigits);
  return `${sign}${whole}${fractionDigits === 0 ? '' : `.${digits.slice(-fractionDigits)}`}`;
}

const moneyFormats = new Map<string, { format: Intl.NumberFormat; fractionDigits: number }>();

function moneyFormat(locale: string, currency: string) {
  const name = `${locale} ${currency}`;
  const known = moneyFormats.get(name);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const made = { format, fractionDigits: format.resolvedOptions().maximumFractionDigits ?? 0 };
  moneyFormats.set(name, made);
  return made;
}

/** Digits of a currency's minor unit (ISO 4217): EUR 2, JPY 0, KWD 3. */
export function fractionDigitsOf(currency: string): number {
  return moneyFormat('en-GB', currency).fractionDigits;
}

/** @param minor integer minor units of `currency`, |minor| ≤ 9e12. */
export function formatMoney(language: string, currency: string, minor: number): string {
  const { format, fractionDigits } = moneyFormat(localeOf(language), currency);
  // A decimal literal is formatted exactly; a JavaScript number would pass through a float.
  return format.format(decimalText(minor, fractionDigits) as Intl.StringNumericLiteral);
}

const pointFormats = new Map<string, Intl.NumberFormat>();

/** Grouped integer: `1,234` or `1.234`. */
export function formatPoints(language: string, points: number): string {
  const locale = localeOf(language);
  const format = pointFormats.get(locale) ?? new Intl.NumberFormat(locale);
  pointFormats.set(locale, format);
  return format.format(points);
}

/** @param basisPoints 1900 is 19 %. Written as the language does: `19%` or `%19`. */
export function formatRate(language: string, basisPoints: number): string {
  const format = new Intl.NumberFormat(localeOf(language), {
    style: 'percent',
    maximumFractionDigits: 2,
  });
  return format.format(decimalText(basisPoints, 4) as Intl.StringNumericLiteral);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Day, month, year, hour and minute. @param timeZone IANA name, such as `Europe/Istanbul`. */
export function formatDateTime(language: string, ms: number, timeZone: string): string {
  const locale = localeOf(language);
  const name = `${locale} ${timeZone}`;
  const format =
    dateFormats.get(name) ??
    new Intl.DateTimeFormat(locale, {
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
    });
  dateFormats.set(name, format);
  return format.format(ms);
}

/** @param isoDay a business day such as `2026-11-27`. Any other text is said as it is. */
export function formatDay(language: string, isoDay: string): string {
  const ms = Date.parse(`${isoDay}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(isoDay) || Number.isNaN(ms)) return isoDay;
  const format = new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.format(ms);
}

interface Message {
  readonly format: IntlMessageFormat;
  /** What a message without arguments says, made once: most words of a receipt are such. */
  readonly fixedText: string | null;
  readonly argumentNames: readonly string[];
}

const messages = new Map<string, Message>();

function messageOf(language: PaperLanguage, key: Key): Message {
  const name = `${language} ${key}`;
  const known = messages.get(name);
  if (known !== undefined) return known;
  const text = catalogues[language][key];
  const format = new IntlMessageFormat(text, locales[language], undefined, { ignoreTag: true });
  const argumentNames = argumentNamesOf(text);
  const fixedText = argumentNames.length === 0 ? String(format.format()) : null;
  const made = { format, fixedText, argumentNames };
  messages.set(name, made);
  return made;
}

/** Names in braces, plural branches left out: `{count, plural, one {# sale} …}` is `count`. */
export function argumentNamesOf(text: string): string[] {
  const found = text.matchAll(/\{(?<name>[a-zA-Z_]+)[,}]/g);
  return [...new Set([...found].map((match) => match.groups?.['name'] ?? ''))];
}

/** A rate or multiplier arrives as `1.5`: the decimal sign is the language's. */
function localDecimal(language: PaperLanguage, text: string): string {
  return language !== 'en' && /^[0-9]+\.[0-9]+$/.test(text) ? text.replace('.', ',') : text;
}

/** How welcome a name is: in the language, else in English, else in any that the programme has. */
function rankOf(tag: string, language: PaperLanguage): number {
  return tag === language ? 3 : tag === 'en' ? 2 : 1;
}

function preparedArgs(language: PaperLanguage, args: WordArgs): Record<string, string | number> {
  const currency = typeof args['currency'] === 'string' ? args['currency'] : null;
  const prepared: Record<string, string | number> = {};
  const ranks: Record<string, number> = {};
  for (const [name, value] of Object.entries(args)) {
    const place = name.lastIndexOf('_');
    if (place > 0) {
      // `name_en` names `name` in a language.
      const stem = name.slice(0, place);
      const rank = rankOf(name.slice(place + 1), language);
      if (rank > (ranks[stem] ?? 0)) {
        prepared[stem] = value;
        ranks[stem] = rank;
      }
    } else if (name.endsWith('Minor') && typeof value === 'number' && currency !== null) {
      prepared[name] = formatMoney(language, currency, value);
    } else if (name.endsWith('BasisPoints') && typeof value === 'number') {
      prepared[name] = formatRate(language, value);
    } else {
      prepared[name] = typeof value === 'string' ? localDecimal(language, value) : value;
    }
  }
  return prepared;
}

/**
 * The sentence of `key`. Arguments ending in `Minor` are money of `args.currency`, in
 * `BasisPoints` a rate; numbers of points stand in the catalogue as `{points, number}` or as a
 * plural, both grouped; of `name_en` and `name_tr` the language picks one as `{name}`.
 * A key from elsewhere that no catalogue has is said as the key itself, so that support can search
 * for it; an argument that nobody gave is said as `?`: half a sentence beats a till that stops.
 */
export function say(language: string, key: Key | (string & {}), args: WordArgs): string {
  if (!isKey(key)) return key;
  const spoken = spokenIn(language);
  const { format, fixedText, argumentNames } = messageOf(spoken, key);
  if (fixedText !== null) return fixedText;
  const prepared = preparedArgs(spoken, args);
  for (const name of argumentNames) prepared[name] ??= '?';
  return String(format.format(prepared));
}
