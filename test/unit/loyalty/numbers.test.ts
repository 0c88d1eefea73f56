// Goal: every number on a card or on goods is what it says, and one that was read wrong is never
// another. Method: vectors of each kind, then all single wrong digits, swaps and lost digits.
import { describe, expect, it } from 'vitest';
import { type CardRules, classify, typedCard } from '#loyalty/card.ts';
import {
  gs1CheckDigit,
  hasGs1CheckDigit,
  hasLuhnCheckDigit,
  luhnCheckDigit,
  priceCheckDigit,
} from '#loyalty/check.ts';
import { expandUpcE, isCouponBarcode } from '#loyalty/gtin.ts';
import type { ScaleLabelRule } from '#loyalty/scaleLabel.ts';

const CARDS: CardRules = { memberPrefix: '299', luhn: { prefix: '8000', length: 16 }, gsrn: true };
const GS = '\u001d';
const GSRN = '952110123456700015';
const GTIN = '09520123456788';
const EAN = '9520123456788';
const LUHN_BODY = '800012345678901';
const LUHN = LUHN_BODY + luhnCheckDigit(LUHN_BODY);

const member = (cardNumber: string) => ({ kind: 'member', cardNumber });
const product = (barcode: string) => ({ kind: 'product', barcode });
const read = (label: string, aim: string | null) => classify(label, aim, CARDS);

describe('goods', () => {
  it.each([
    ['4006381333931', ']E0', '4006381333931'],
    ['4006381333931', ']X0', '4006381333931'],
    ['4006381333931', ']C0', '4006381333931'],
    ['4006381333931', ']A0', '4006381333931'],
    ['4006381333931', ']Q1', '4006381333931'],
    ['036000291452', ']Xg', '0036000291452'],
    ['036000291452', ']Xy', '0036000291452'],
    // UPC-E, by its last digit, and as 12 or 13 digits where the scanner expands it.
    ['04252614', ']E0', '0042100005264'],
    ['01234565', ']E0', '0012345000065'],
    ['01234531', ']E0', '0012300000451'],
    ['01234543', ']E0', '0012340000053'],
    ['042100005264', ']E0', '0042100005264'],
    ['04252614', null, '0042100005264'],
    // EAN-8, also where it begins like a UPC-E.
    ['96385074', ']E4', '96385074'],
    ['96385074', ']E0', '96385074'],
    ['96385074', null, '96385074'],
    // One that is both: the symbology decides, and without it the EAN-8.
    ['01234565', ']E4', '01234565'],
    ['01234565', null, '01234565'],
    ['04252610', ']E4', '04252610'],
    ['04252610', null, '04252610'],
    ['04252610', ']E0', '04252610'],
    // Add-ons of two and five digits are cut off.
    ['400638133393112', ']E3', '4006381333931'],
    ['400638133393112345', ']E3', '4006381333931'],
    ['4006381333931 12', ']E3', '4006381333931'],
    ['03600029145212', ']E3', '0036000291452'],
    ['03600029145212345', ']E3', '0036000291452'],
    ['4006381333931', ']E3', '4006381333931'],
    ['400638133393112', ']E0', null],
    ['400638133393112', null, null],
    ['12', ']E1', null],
    // GTIN-14 of an item, as ITF and in element strings of every kind.
    [GTIN, ']I0', EAN],
    [GTIN, ']I1', EAN],
    [GTIN.slice(0, 13), ']I3', null],
    [GTIN, ']C0', null],
    [GTIN, null, null],
    [`01${GTIN}`, ']C1', EAN],
    [`01${GTIN}`, ']e0', EAN],
    [`01${GTIN}`, ']d2', EAN],
    [`01${GTIN}17261231`, ']Q3', EAN],
    [`${GS}01${GTIN}10LOT${GS}21SERIAL`, null, EAN],
    [`01${GTIN}17261231`, null, EAN],
    ['0100036000291452', ']C1', '0036000291452'],
    ['0100000096385074', ']C1', '96385074'],
    [`10LOT${GS}01${GTIN}`, ']C1', EAN],
    [`01${GTIN}${GS}01${GTIN}`, ']C1', EAN],
    [`01${GTIN}${GS}0104006381333931`, ']C1', null],
    ['0109520123456789', ']C1', null],
    [`01${GTIN.slice(0, 13)}`, ']C1', null],
    [`https://id.example.org/01/${GTIN}`, ']Q1', EAN],
    [`https://id.example.org/01/${GTIN}/10/LOT/21/8018?17=261231`, null, EAN],
    [`https://id.example.org/a/b/01/${EAN}`, null, EAN],
    ['https://id.example.org/01/96385074', null, '96385074'],
    ['https://id.example.org/01/09520123456789', null, null],
  ])('%j (%s) is %s', (label, aim, barcode) => {
    expect(read(label, aim)).toEqual(barcode === null ? { kind: 'unreadable' } : product(barcode));
  });

  it('reads short ITF as nothing, and a case as a case', () => {
    for (const short of ['96385074', '036000291452', '123456', LUHN.slice(0, 8)]) {
      expect(['unreadable', 'card-wrong-length']).toContain(read(short, ']I1').kind);
    }
    const body = '1952012345678';
    const number = body + gs1CheckDigit(body);
    expect(read(number, ']I1')).toEqual({ kind: 'case', number });
    expect(read(`01${number}`, ']C1')).toEqual({ kind: 'case', number });
  });

  it('expands a UPC-E only with number system 0 or 1 and a right check digit', () => {
    for (const number of ['04252613', '24252614', '4252614', '0425261', '042526140', 'abcdefgh']) {
      expect(expandUpcE(number)).toBeNull();
    }
    expect(expandUpcE('11234562')).toBe('112345000062');
  });
});

describe('members', () => {
  it.each([
    [LUHN, ']I0'],
    [LUHN, ']I1'],
    [LUHN, ']C0'],
    [LUHN, ']A0'],
    [LUHN, ']Q1'],
    [LUHN, ']Xg'],
    [LUHN, null],
  ])('%s (%s) is a Luhn card', (label, aim) => {
    expect(read(label, aim)).toEqual(member(LUHN));
  });

  it.each([
    `https://example.org/8018/${GSRN}/8019/7`,
    `https://example.org/8018/${GSRN}/`,
    `http://example.org:8080/01/8018/${GSRN}`,
    `https://example.org/a/b/c/8018/${GSRN}?8111=0500&8018=0#8018`,
    `https://example.org/%38018/${GSRN}`,
  ])('%s is a member', (label) => {
    expect(read(label, ']Q1')).toEqual(member(GSRN));
  });

  it.each([
    `https://example.org/8017/${GSRN}`,
    `https://example.org/8017/${GSRN}/8019/7`,
    `https://example.org/01/${GSRN}/21/8018`,
    `https://example.org/8018/${GSRN}/extra`,
    `https://example.org/?8018=${GSRN}`,
    `https://8018/${GSRN}`,
    `ftp://example.org/8018/${GSRN}`,
    `8017${GSRN}`,
    `8017${GSRN}${GS}80191`,
    `8018${GSRN}${GS}8018952110123456700022`,
  ])('%j is none', (label) => {
    for (const aim of [null, ']C1', ']Q3']) expect(read(label, aim).kind).toBe('unreadable');
  });

  it('a printed claim to points gives none: the member is read, the claim is not', () => {
    expect(read(`8018${GSRN}${GS}81110500`, ']C1')).toEqual(member(GSRN));
    expect(read(`81110500${GS}8018${GSRN}`, ']C1')).toEqual(member(GSRN));
  });
});

describe('coupons', () => {
  it.each([
    ['8110106141416543213150110120', ']e0'],
    ['8110106141416543213150110120', null],
    ['8112106141416543213150110120', ']C1'],
    ['2559521101234565', ']C1'],
    ['2559521101234565000001', null],
    [`2559521101234565${GS}81110050`, ']d2'],
    ['81110050', ']C1'],
    ['https://example.org/255/9521101234565', ']Q1'],
    ['https://example.org/8112/0123456789', null],
  ])('%j (%s) is one', (label, aim) => {
    expect(read(label, aim)).toEqual({ kind: 'coupon' });
  });

  it('are known by their EAN-13 prefix where no product has it', () => {
    for (const prefix of ['980', '981', '984', '990', '999']) {
      expect(isCouponBarcode(`${prefix}0000000000`)).toBe(true);
    }
    for (const barcode of ['9790000000000', '9850000000000', '99000000', '9780306406157']) {
      expect(isCouponBarcode(barcode)).toBe(false);
    }
  });
});

const PRICE: ScaleLabelRule = {
  prefix: '21',
  measures: 'price',
  itemDigits: 5,
  hasValueCheckDigit: false,
  valueDigits: 5,
  decimals: 2,
};
const CHECKED: ScaleLabelRule = {
  prefix: '02',
  measures: 'price',
  itemDigits: 5,
  hasValueCheckDigit: true,
  valueDigits: 4,
  decimals: 2,
};
const WEIGHT: ScaleLabelRule = { ...PRICE, prefix: '28', measures: 'weight', decimals: 3 };
const LABELS = [PRICE, CHECKED, WEIGHT];

const whole = (body: string) => body + gs1CheckDigit(body);

describe('labels of scales', () => {
  it.each([
    [whole('210004200345'), '00042', 345, whole('210004200000'), PRICE],
    [whole('020004292875'), '00042', 2875, whole('020004200000'), CHECKED],
    [whole('281234501250'), '12345', 1250, whole('281234500000'), WEIGHT],
  ])('%s is item %s at %d', (barcode, item, value, itemBarcode, rule) => {
    const label = { rule, item, itemBarcode, value };
    const wanted = { kind: 'scale-label', barcode, label };
    expect(classify(barcode, ']E0', CARDS, LABELS)).toEqual(wanted);
    expect(classify(barcode, null, CARDS, LABELS)).toEqual(wanted);
    expect(classify(barcode, null, CARDS)).toEqual(product(barcode));
  });

  it('reads a UPC-A of number system 2 as prefix 02', () => {
    const upcA = whole('020004292875').slice(1);
    expect(classify(upcA, ']E0', CARDS, LABELS)).toMatchObject({ label: { value: 2875 } });
  });

  it('refuses a value of 0 and a value that fails its own check digit', () => {
    for (const number of [whole('210004200000'), whole('020004282875')]) {
      const wanted = { kind: 'scale-label-wrong', number };
      expect(classify(number, null, CARDS, LABELS)).toEqual(wanted);
    }
    expect(classify('2100042003451', null, CARDS, LABELS).kind).toBe('unreadable');
  });

  it('leaves cards, EAN-8 and other prefixes alone', () => {
    expect(classify('2990000000019', null, CARDS, LABELS)).toEqual(member('2990000000019'));
    const other = whole('220004200345');
    expect(classify(other, null, CARDS, LABELS)).toEqual(product(other));
    const short = whole('2100042');
    expect(classify(short, ']E4', CARDS, LABELS)).toEqual(product(short));
  });
});

/** Every number that differs from `number` in one digit. */
function singleChanges(number: string): string[] {
  return [...number].flatMap((old, place) =>
    [...'0123456789']
      .filter((digit) => digit !== old)
      .map((digit) => number.slice(0, place) + digit + number.slice(place + 1)),
  );
}

/** Every number that has two unequal neighbours swapped. */
function swaps(number: string): string[] {
  return [...number].slice(1).flatMap((right, place) => {
    const left = number.charAt(place);
    const swapped = number.slice(0, place) + right + left + number.slice(place + 2);
    return left === right ? [] : [swapped];
  });
}

function lengths(number: string): string[] {
  return [...number].flatMap((_, place) => [
    number.slice(0, place) + number.slice(place + 1),
    `${number.slice(0, place)}7${number.slice(place)}`,
  ]);
}

const kinds: readonly (readonly [string, string, string | null, string])[] = [
  ['EAN-13', '4006381333931', ']E0', ''],
  ['UPC-A', '036000291452', ']E0', ''],
  ['EAN-8', '96385074', ']E4', ''],
  ['EAN card', '2990000000019', ']E0', ''],
  ['GTIN-14 as ITF', GTIN, ']I1', ''],
  ['AI 01', GTIN, ']C1', '01'],
  ['GSRN', GSRN, ']C1', '8018'],
  ['GSRN link', GSRN, ']Q1', 'https://example.org/8018/'],
  ['Luhn card', LUHN, ']C0', ''],
  ['Luhn card as ITF', LUHN, ']I1', ''],
];

const ACCEPTED = ['member', 'product', 'scale-label'];

describe.each(kinds)('%s', (_name, number, aim, lead) => {
  const isAccepted = (text: string) => ACCEPTED.includes(read(lead + text, aim).kind);

  it('is accepted, and with any single wrong digit it is not', () => {
    expect(isAccepted(number)).toBe(true);
    expect(singleChanges(number).filter(isAccepted)).toEqual([]);
  });

  it('in digits of other scripts is refused', () => {
    const inScript = (zero: number) =>
      [...number].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');
    // Full-width, Arabic-Indic, extended Arabic-Indic, Devanagari.
    for (const zero of [0xff10, 0x0660, 0x06f0, 0x0966]) {
      expect(isAccepted(inScript(zero))).toBe(false);
      expect(isAccepted(number.slice(0, -1) + inScript(zero).slice(-1))).toBe(false);
    }
  });

  it('with a digit lost or one too many is never a member', () => {
    for (const text of lengths(number)) expect(read(lead + text, aim).kind).not.toBe('member');
  });
});

describe('a lost or doubled digit', () => {
  it('of what has one length is refused by it', () => {
    for (const [, number, aim, lead] of kinds.slice(4, 7)) {
      const reads = lengths(number).map((text) => read(lead + text, aim).kind);
      // A GTIN-14 that grew under AI 01 is whole: what follows is another element.
      const grown = lead === '01' ? 14 : 0;
      expect(reads.filter((kind) => ACCEPTED.includes(kind)).length).toBeLessThanOrEqual(grown);
    }
  });
});

interface Swap {
  readonly pair: string;
  readonly text: string;
}

/**
 * Two unequal neighbours of a number of `length` digits, swapped: at each place each of the 90
 * pairs, so that a share of them is exact and not drawn.
 */
function everySwap(length: number, complete: (body: string) => string): Swap[] {
  const pairs = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));
  return Array.from({ length: length - 1 }, (_, place) => place).flatMap((place) => {
    // The check digit is not chosen: the two digits before it are, and bring it to each value.
    const chosenAt = Math.min(place, length - 3);
    return pairs.flatMap((chosen) => {
      const body = '4'.repeat(chosenAt) + chosen + '7'.repeat(length - 3 - chosenAt);
      const number = body + complete(body);
      const pair = number.slice(place, place + 2);
      const swapped = number.slice(0, place) + pair.charAt(1) + pair.charAt(0);
      const text = swapped + number.slice(place + 2);
      return text === number ? [] : [{ pair, text }];
    });
  });
}

describe('swapped neighbours', () => {
  it('are missed by GS1 where they differ by 5, 1 in 9', () => {
    const all = everySwap(13, gs1CheckDigit);
    expect(all).toHaveLength(12 * 90);
    const missed = all.filter(({ text }) => hasGs1CheckDigit(text));
    expect(missed).toHaveLength(all.length / 9);
    for (const { pair } of missed) {
      expect(Math.abs(Number(pair.charAt(0)) - Number(pair.charAt(1)))).toBe(5);
    }
  });

  it('are missed by Luhn as 09 and 90, 1 in 45', () => {
    const all = everySwap(16, luhnCheckDigit);
    expect(all).toHaveLength(15 * 90);
    const missed = all.filter(({ text }) => hasLuhnCheckDigit(text));
    expect(missed).toHaveLength(all.length / 45);
    for (const { pair } of missed) expect(['09', '90']).toContain(pair);
  });
});

describe('the check digit of a price', () => {
  it('is that of the published examples', () => {
    expect(priceCheckDigit('2875')).toBe('9');
    expect(priceCheckDigit('14685')).toBe('6');
    expect(priceCheckDigit('0000')).toBe('0');
    for (const text of ['', '123', '123456', '12a4', '１２３４']) {
      expect(priceCheckDigit(text)).toBeNull();
    }
  });

  // The first two of four digits weigh the same, so that their swap is for the whole's digit.
  it.each([
    [4, 0.348],
    [5, 0.061],
  ])('of %d digits catches every single wrong digit, and misses %d of swaps', (digits, share) => {
    let missed = 0;
    let swapped = 0;
    for (let value = 0; value < 10 ** digits; value += digits === 4 ? 1 : 7) {
      const text = String(value).padStart(digits, '0');
      const check = priceCheckDigit(text);
      const isMissed = (other: string) => priceCheckDigit(other) === check;
      expect(singleChanges(text).some(isMissed), text).toBe(false);
      missed += swaps(text).filter(isMissed).length;
      swapped += swaps(text).length;
    }
    expect(missed / swapped).toBeCloseTo(share, 2);
  });
});

describe('typed cards', () => {
  it('are held to the same digits', () => {
    for (const wrong of [...singleChanges(LUHN), ...lengths(LUHN)]) {
      expect(typedCard(wrong, CARDS).kind).not.toBe('member');
    }
    for (const wrong of [...singleChanges(GSRN), ...lengths(GSRN)]) {
      expect(typedCard(wrong, CARDS).kind).not.toBe('member');
    }
  });
});
