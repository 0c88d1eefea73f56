// Goal: every sentence exists in every language with the same arguments, and money is exact.
// Method: walk both catalogues with real Intl; known values for formats; contract codes from zod.
import { describe, expect, it } from 'vitest';
import { tillErrorCode } from '#till/contract.ts';
import { dePaper } from '#words/dePaper.ts';
import { en, type Key } from '#words/en.ts';
import {
  argumentNamesOf,
  decimalText,
  formatDateTime,
  formatMoney,
  formatPoints,
  formatRate,
  fractionDigitsOf,
  languageOf,
  languages,
  paperLanguageOf,
  say,
} from '#words/say.ts';
import { tr } from '#words/tr.ts';

const keys = Object.keys(en) as Key[];

describe('catalogues', () => {
  it('has a sentence for every error the till can answer', () => {
    expect(tillErrorCode.options.length).toBeGreaterThan(30);
    for (const code of tillErrorCode.options) {
      expect(keys, code).toContain(`error.${code}`);
    }
  });

  it('has the same keys and arguments in Turkish', () => {
    expect(new Set(Object.keys(tr))).toEqual(new Set(keys));
    for (const key of keys) {
      const namesTr = new Set(argumentNamesOf(tr[key]));
      expect(namesTr, key).toEqual(new Set(argumentNamesOf(en[key])));
    }
  });

  it('has on German paper the same arguments, and English names where it has none', () => {
    for (const [key, text] of Object.entries(dePaper)) {
      const names = new Set(argumentNamesOf(text));
      expect(names, key).toEqual(new Set(argumentNamesOf(en[key as Key])));
    }
    const args = { points: 1200, name_en: 'Tea', name_tr: 'Çay' };
    expect(say('de', 'why.earn.fixed', args)).toBe('Tea: 1.200 Punkte');
    expect(say('de', 'why.earn.fixed', { ...args, name_de: 'Tee' })).toBe('Tee: 1.200 Punkte');
    expect(say('de-AT', 'receipt.total', {})).toBe('SUMME');
    expect(say('fr', 'receipt.total', {})).toBe('TOTAL');
    expect(paperLanguageOf('fr')).toBeNull();
  });

  it('says every message without a gap, in every language', () => {
    for (const key of keys) {
      const args: Record<string, string | number> = { currency: 'EUR' };
      for (const name of argumentNamesOf(en[key])) args[name] = 1200;
      for (const language of languages) {
        const text = say(language, key, args);
        expect(text, key).not.toMatch(/[{}]| \?/);
        expect(text.trim(), key).not.toBe('');
      }
    }
  });

  it('groups every number of points', () => {
    for (const catalogue of [en, tr]) {
      for (const key of keys)
        expect(catalogue[key], key).not.toMatch(/\{(?!\w*Basis)(\w*P|p)oints\}/);
    }
  });
});

describe('say', () => {
  it('formats money, points and rates by the name of the argument', () => {
    const args = { points: 1200, amountOffMinor: 500, currency: 'EUR' };
    expect(say('en', 'why.redeem.ladder', args)).toBe('€5.00 off for 1,200 points');
    expect(say('tr', 'why.redeem.ladder', args)).toBe('1.200 puan ile €5,00 indirim');
    expect(say('en', 'total.tax', { taxRateBasisPoints: 850 })).toBe('Tax 8.5% included');
    expect(say('tr', 'total.tax', { taxRateBasisPoints: 850 })).toBe('KDV %8,5 dâhil');
  });

  it('picks the programme’s own names by language, and the decimal sign', () => {
    const args = {
      amountMinor: 4250,
      currency: 'EUR',
      rate: '1',
      multiplier: '1.5',
      name_en: 'Coffee',
      name_tr: 'Kahve',
      tierName_en: 'Gold',
      tierName_tr: 'Altın',
    };
    expect(say('en', 'why.earn.productType', args)).toBe('Coffee: €42.50 × 1 × 1.5 Gold');
    expect(say('tr-TR', 'why.earn.productType', args)).toBe('Kahve: €42,50 × 1 × 1,5 Altın');
  });

  it('counts in words', () => {
    expect(say('en', 'status.offline', { count: 0 })).toBe('Offline: nothing waiting');
    expect(say('en', 'status.offline', { count: 1 })).toBe('Offline: 1 sale saved here');
    expect(say('tr', 'status.offline', { count: 3 })).toBe('Çevrimdışı: 3 satış burada kayıtlı');
  });

  it('falls back: unknown language is English, unknown key is itself, no argument is “?”', () => {
    expect(say('xx', 'receipt.change', {})).toBe('Change');
    expect(say('tr', 'why.notYetKnown', {})).toBe('why.notYetKnown');
    expect(say('en', 'toString', {})).toBe('toString');
    expect(say('en', 'notice.card-unknown', {})).toContain('card ?.');
    expect(languageOf('TR-tr')).toBe('tr');
  });

  it('takes text from a card or a programme as text, never as markup or as a message', () => {
    const number = '<b>{count}</b>';
    expect(say('en', 'notice.card-unknown', { number })).toContain(number);
  });
});

describe('formats', () => {
  it('writes money exactly, also at the largest amount and in every minor unit', () => {
    expect(formatMoney('en', 'EUR', 8_999_999_999_999)).toBe('€89,999,999,999.99');
    expect(formatMoney('tr', 'TRY', 123_456)).toBe('₺1.234,56');
    expect(formatMoney('en', 'JPY', 1234)).toBe('JP¥1,234');
    expect(formatMoney('en', 'KWD', 1)).toBe('KWD\u00a00.001');
    expect(formatMoney('en', 'EUR', -5)).toBe('-€0.05');
    expect([fractionDigitsOf('EUR'), fractionDigitsOf('JPY')]).toEqual([2, 0]);
    expect(decimalText(-7, 2)).toBe('-0.07');
  });

  it('writes points, rates and times as the language does', () => {
    expect(formatPoints('en', 12_345)).toBe('12,345');
    expect(formatPoints('tr', -12_345)).toBe('-12.345');
    expect(formatRate('tr', 1900)).toBe('%19');
    const ms = Date.UTC(2026, 10, 27, 21, 5);
    expect(formatDateTime('en', ms, 'Europe/Istanbul')).toBe('28/11/2026, 00:05');
    expect(formatDateTime('tr', ms, 'Europe/Berlin')).toBe('27.11.2026 22:05');
  });
});
