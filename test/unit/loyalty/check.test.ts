// Goal: check digits are right. Method: published numbers, and every single wrong digit.

import { describe, expect, it } from 'vitest';
import {
  gs1CheckDigit,
  hasGs1CheckDigit,
  hasLuhnCheckDigit,
  luhnCheckDigit,
} from '#loyalty/check.ts';

describe('GS1 mod-10', () => {
  it('accepts published numbers', () => {
    // EAN-13, EAN-8, UPC-A, GSRN.
    for (const number of ['4006381333931', '96385074', '036000291452', '952110123456700015']) {
      expect(hasGs1CheckDigit(number)).toBe(true);
      expect(gs1CheckDigit(number.slice(0, -1))).toBe(number.slice(-1));
    }
  });
});

describe('Luhn', () => {
  it('accepts published numbers', () => {
    for (const number of ['79927398713', '4111111111111111']) {
      expect(hasLuhnCheckDigit(number)).toBe(true);
      expect(luhnCheckDigit(number.slice(0, -1))).toBe(number.slice(-1));
    }
  });
});

describe('both', () => {
  it('catch every single wrong digit', () => {
    const pairs = [
      ['4006381333931', hasGs1CheckDigit],
      ['79927398713', hasLuhnCheckDigit],
    ] as const;
    for (const [number, check] of pairs) {
      for (let place = 0; place < number.length; place += 1) {
        for (const digit of '0123456789') {
          const wrong = number.slice(0, place) + digit + number.slice(place + 1);
          expect(check(wrong)).toBe(wrong === number);
        }
      }
    }
  });

  it('refuse what is no number', () => {
    for (const text of ['', '0', 'abc', '４００６３８１３３３９３１', '40063813339 1', '-1']) {
      expect(hasGs1CheckDigit(text)).toBe(false);
      expect(hasLuhnCheckDigit(text)).toBe(false);
    }
  });
});
