// Goal: cards and products are told apart on one scanner. Method: a table of labels.

import { describe, expect, it } from 'vitest';
import { type CardRules, classify, maskCard, typedCard } from '#loyalty/card.ts';
import { gs1CheckDigit, hasGs1CheckDigit, luhnCheckDigit } from '#loyalty/check.ts';
import { normaliseBarcode } from '#loyalty/gtin.ts';

const CARDS: CardRules = {
  memberPrefix: '299',
  luhn: { prefix: '8000', length: 13 },
  gsrn: true,
};
const GSRN = '952110123456700015';
const GS = '\u001d';
const EAN_CARD = '2990000000019';
// A Luhn number that is no EAN, and an EAN (an Italian one) that is no Luhn number.
const LUHN_CARD = luhnCard((number) => !hasGs1CheckDigit(number));
const ITALIAN_PRODUCT = '8000500310427';

function luhnCard(accepts: (number: string) => boolean): string {
  for (let serial = 0; ; serial += 1) {
    const body = `8000${String(serial).padStart(8, '0')}`;
    const number = body + luhnCheckDigit(body);
    if (accepts(number)) return number;
  }
}

function member(cardNumber: string) {
  return { kind: 'member', cardNumber };
}

describe('cards', () => {
  it('reads EAN-13 cards under the member prefix, with or without an AIM prefix', () => {
    expect(classify(EAN_CARD, ']E0', CARDS)).toEqual(member(EAN_CARD));
    expect(classify(EAN_CARD, null, CARDS)).toEqual(member(EAN_CARD));
  });

  it('reads Luhn cards of the own prefix and length', () => {
    expect(classify(LUHN_CARD, null, CARDS)).toEqual(member(LUHN_CARD));
    expect(classify(LUHN_CARD, ']C0', CARDS)).toEqual(member(LUHN_CARD));
  });

  it.each([
    [`8018${GSRN}`, ']C1'],
    [`8018${GSRN}`, ']d2'],
    [`8018${GSRN}`, ']Q3'],
    [`8018${GSRN}`, null],
    [`${GS}8018${GSRN}`, null],
    [`8018${GSRN}${GS}80191`, ']C1'],
    [`01095201234567898018${GSRN}`, ']C1'],
    [`0109520123456789${GS}8018${GSRN}`, ']d2'],
    [`172612318018${GSRN}`, ']d2'],
    [`10LOT1${GS}8018${GSRN}`, ']d2'],
    [`https://id.example.org/8018/${GSRN}`, ']Q1'],
    [`HTTPS://example.org/some/path/8018/${GSRN}/8019/2?x=1#y`, null],
    [`https://example.org/8018/%39${GSRN.slice(1)}`, null],
  ])('reads the GSRN in %j (%s)', (label, aim) => {
    expect(classify(label, aim, CARDS)).toEqual(member(GSRN));
  });

  it('says which check digit or length is wrong', () => {
    const wrong = (number: string) => number.slice(0, -1) + ((Number(number.slice(-1)) + 1) % 10);
    const wrongDigit = (number: string) => ({ kind: 'card-wrong-check-digit', number });
    expect(classify(wrong(EAN_CARD), null, CARDS)).toEqual(wrongDigit(wrong(EAN_CARD)));
    expect(classify(`8018${wrong(GSRN)}`, ']C1', CARDS)).toEqual(wrongDigit(wrong(GSRN)));
    const luhnWrong = [1, 2, 3, 4, 5, 6, 7, 8, 9]
      .map((step) => LUHN_CARD.slice(0, -1) + ((Number(LUHN_CARD.slice(-1)) + step) % 10))
      .find((number) => !hasGs1CheckDigit(number));
    expect(classify(luhnWrong ?? '', null, CARDS)).toEqual(wrongDigit(luhnWrong ?? ''));
    const wrongLength = (number: string) => ({ kind: 'card-wrong-length', number });
    expect(classify('29900000001', null, CARDS)).toEqual(wrongLength('29900000001'));
    expect(classify('29900000000190', null, CARDS)).toEqual(wrongLength('29900000000190'));
    expect(classify('80001234', null, CARDS)).toEqual(wrongLength('80001234'));
    expect(classify(`8018${GSRN}1`, null, CARDS)).toEqual(wrongLength(`${GSRN}1`));
    expect(classify(`8018${GSRN.slice(1)}`, ']C1', CARDS)).toEqual(wrongLength(GSRN.slice(1)));
  });

  it('takes AI 8017 for no member, and reads none where the shop has no GSRN', () => {
    expect(classify(`8017${GSRN}`, ']C1', CARDS)).toEqual({ kind: 'unreadable' });
    expect(classify(`https://example.org/8017/${GSRN}`, null, CARDS).kind).toBe('unreadable');
    const without = { ...CARDS, gsrn: false };
    expect(classify(`8018${GSRN}`, ']C1', without)).toEqual({ kind: 'unreadable' });
    expect(classify(`https://example.org/8018/${GSRN}`, null, without).kind).toBe('unreadable');
  });

  it('knows no cards at all where the shop has none', () => {
    const none: CardRules = { memberPrefix: null, luhn: null, gsrn: false };
    expect(classify(EAN_CARD, null, none)).toEqual({ kind: 'product', barcode: EAN_CARD });
    expect(typedCard(EAN_CARD, none)).toEqual({ kind: 'unreadable' });
  });
});

describe('products', () => {
  it.each([
    ['4006381333931', ']E0', '4006381333931'],
    ['96385074', ']E4', '96385074'],
    ['036000291452', ']E0', '0036000291452'],
    ['0036000291452', null, '0036000291452'],
  ])('%s (%s) is %s', (label, aim, barcode) => {
    expect(classify(label, aim, CARDS)).toEqual({ kind: 'product', barcode });
  });

  it('takes other in-store numbers for products', () => {
    const body = '211234500150';
    const barcode = body + gs1CheckDigit(body);
    expect(classify(barcode, ']E0', CARDS)).toEqual({ kind: 'product', barcode });
  });

  it('takes an EAN that begins like the Luhn cards for the product that it is', () => {
    for (const aim of [']E0', null]) {
      const reading = classify(ITALIAN_PRODUCT, aim, CARDS);
      expect(reading).toEqual({ kind: 'product', barcode: ITALIAN_PRODUCT });
    }
  });

  it('lets the symbology decide where both check digits fit', () => {
    const both = luhnCard(hasGs1CheckDigit);
    expect(classify(both, ']E0', CARDS)).toEqual({ kind: 'product', barcode: both });
    expect(classify(both, ']C0', CARDS)).toEqual(member(both));
    expect(classify(both, null, CARDS)).toEqual({ kind: 'product', barcode: both });
    expect(typedCard(both, CARDS)).toEqual(member(both));
  });

  it('normalises UPC-A alone', () => {
    expect(normaliseBarcode('036000291452')).toBe('0036000291452');
    expect(normaliseBarcode('96385074')).toBe('96385074');
  });
});

describe('noise', () => {
  it.each([
    '',
    ' ',
    'hello',
    '４００６３８１３３３９３１',
    '٢٩٩٠٠٠٠٠٠٠٠١٩',
    '4006381333932',
    '12345',
    `${EAN_CARD} `,
    '\u0000',
    GS,
    'https://example.org',
    'https://example.org/8018/%E0%A4%A',
    'https://example.org/8018/',
    'https://example.org/8018/９５２１１０１２３４５６７０００１５',
    'https://',
    '9'.repeat(10_000),
    '00100200000042',
  ])('%j is unreadable', (label) => {
    for (const aim of [null, ']E0', ']C1', ']Q1', 'x']) {
      expect(classify(label, aim, CARDS)).toEqual({ kind: 'unreadable' });
    }
  });
});

describe('typed cards', () => {
  it('ignores blanks and hyphens', () => {
    expect(typedCard(' 2990 0000-00019 ', CARDS)).toEqual(member(EAN_CARD));
    expect(typedCard(LUHN_CARD, CARDS)).toEqual(member(LUHN_CARD));
    expect(typedCard(GSRN, CARDS)).toEqual(member(GSRN));
    expect(typedCard(`8018 ${GSRN}`, CARDS)).toEqual(member(GSRN));
  });

  it('takes a product for no card, and says what is wrong with a card', () => {
    expect(typedCard('4006381333931', CARDS)).toEqual({ kind: 'unreadable' });
    expect(typedCard('', CARDS)).toEqual({ kind: 'unreadable' });
    expect(typedCard('Ada', CARDS)).toEqual({ kind: 'unreadable' });
    expect(typedCard('299', CARDS)).toEqual({ kind: 'card-wrong-length', number: '299' });
    expect(typedCard('2990000000010', CARDS).kind).toBe('card-wrong-check-digit');
  });
});

describe('masking', () => {
  it('leaves the last four digits', () => {
    expect(maskCard(EAN_CARD)).toBe('****0019');
    expect(maskCard('12')).toBe('****12');
  });
});
