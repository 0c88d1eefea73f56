// Goal: no receipt number becomes a command that a printer obeys at once.
// Method: every possible last four digits, and every four digits within, as whole receipts.
import { expect, it } from 'vitest';
import { code128Command } from '#drivers/printer/paper/barcode.ts';
import { encodeReceipt } from '#drivers/printer/paper/encode.ts';
import type { PaperRow } from '#drivers/printer/paper/layout.ts';
import { printerProfileById } from '#drivers/printer/paper/profiles.ts';
import { findRealTimeCommand } from '#drivers/printer/paper/realTime.ts';
import { assert } from '#loyalty/assert.ts';

const SIZE = { moduleDots: 3, heightDots: 64 };
const LF = 0x0a;

it('holds no real-time command, whatever the digits', () => {
  for (let number = 0; number < 1_000_000; number += 1) {
    const digits = String(number).padStart(6, '0');
    // Every real-time command begins with the byte that the pair 16 is.
    if (!digits.includes('16')) continue;
    for (const whole of [`00100200${digits}`, `0010${digits}0000`]) {
      const bytes = code128Command(whole, SIZE);
      assert(bytes !== null, 'fourteen digits make a symbol');
      if (findRealTimeCommand([...bytes.slice(-20), LF, 0x1b]) !== -1) expect(whole).toBe('safe');
    }
  }
});

it('prints the receipt of sale 1604, whose digits end in DLE EOT', () => {
  const profile = printerProfileById('epson-80');
  assert(profile !== null, 'the profile is there');
  const row: PaperRow = { type: 'barcode', symbology: 'code128', data: '00100200001604' };
  expect(encodeReceipt([row, { type: 'cut' }], profile).ok).toBe(true);
});
