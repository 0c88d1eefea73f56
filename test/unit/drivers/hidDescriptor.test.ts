// Goal: the places of a scan's fields come from the descriptor, and no bytes can do harm.
// Method: the descriptors of the captured layouts, variants that the standard allows, and damage.
import { describe, expect, it } from 'vitest';
import { guessHidLayout, parseHidDescriptor } from '#drivers/scanner/hid/hidDescriptor.ts';
import { hidDescriptorOf } from '#drivers/virtual/hidScanner.ts';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
}

describe('layouts', () => {
  it('finds the fields of the Honeywell layout', () => {
    const parsed = parseHidDescriptor(hidDescriptorOf('honeywell'));
    expect(parsed?.layout).toEqual({
      reportId: 2,
      count: { offset: 1, sizeBytes: 1 },
      aimOffsets: [2, 3, 4],
      data: { offset: 5, sizeBytes: 56 },
      continued: { offset: 63, mask: 1 },
    });
    expect(parsed?.usagePages).toEqual([0x8c]);
    expect([...(parsed?.featureSizes ?? [])]).toEqual([[254, 1]]);
  });

  it('finds those of the Symbol layout one byte later, with a count of two bytes', () => {
    expect(parseHidDescriptor(hidDescriptorOf('symbol'))?.layout).toEqual({
      reportId: 2,
      count: { offset: 1, sizeBytes: 2 },
      aimOffsets: [3, 4, 5],
      data: { offset: 6, sizeBytes: 56 },
      continued: { offset: 63, mask: 1 },
    });
  });

  it('counts from the first byte where reports have no number', () => {
    const layout = parseHidDescriptor(hidDescriptorOf('unnumbered'))?.layout;
    expect(layout).toMatchObject({
      reportId: null,
      count: { offset: 0, sizeBytes: 1 },
      data: { offset: 4, sizeBytes: 56 },
    });
  });

  it('reads usages by range, by four bytes, over long items, and over Push and Pop', () => {
    const descriptor = bytes(`
      05 8c 09 02 a1 01 fe 02 00 aa bb
      a4 05 01 0b 3b 00 01 00 75 08 95 01 81 02 b4
      19 fb 29 fd 75 08 95 03 81 02
      95 0a 09 fe 82 02 01
      75 01 95 07 81 03 09 ff 95 01 81 02 c0`);
    expect(parseHidDescriptor(descriptor)?.layout).toEqual({
      reportId: null,
      count: { offset: 0, sizeBytes: 1 },
      aimOffsets: [1, 2, 3],
      data: { offset: 4, sizeBytes: 10 },
      continued: { offset: 14, mask: 0x80 },
    });
  });

  it('does without count, identifier and mark where there are none', () => {
    const descriptor = bytes('05 8c 09 02 a1 01 85 07 75 08 95 20 09 fe 82 02 01 c0');
    expect(parseHidDescriptor(descriptor)?.layout).toEqual({
      reportId: 7,
      count: null,
      aimOffsets: null,
      data: { offset: 1, sizeBytes: 32 },
      continued: null,
    });
  });

  it('sees no scan in the same usages on a vendor page, nor in a keyboard', () => {
    const twin = bytes('06 8c ff 09 02 a1 01 85 02 75 08 95 38 09 fe 82 02 01 c0');
    expect(parseHidDescriptor(twin)).toMatchObject({ layout: null, usagePages: [0xff8c] });
    const keyboard = bytes('05 01 09 06 a1 01 05 07 75 08 95 06 19 00 29 65 81 00 c0');
    expect(parseHidDescriptor(keyboard)).toMatchObject({ layout: null, usagePages: [1] });
  });

  it('takes no data that does not begin at a whole byte', () => {
    const descriptor = bytes('05 8c 09 02 a1 01 75 04 95 01 81 03 75 08 95 08 09 fe 81 02 c0');
    expect(parseHidDescriptor(descriptor)?.layout).toBeNull();
  });
});

describe('damage', () => {
  it.for([
    ['nothing', ''],
    ['a cut item', '05 8c 09'],
    ['a cut long item', 'fe 05 00 01'],
    ['a Pop without a Push', '05 8c b4'],
    ['a report id of two bytes', '05 8c 86 00 02'],
    ['a report longer than any', '05 8c 09 fe 75 08 97 ff ff ff ff 81 02'],
    ['fields larger than any', '05 8c 09 fe 77 ff ff ff ff 95 01 81 02'],
    ['usages without end', '0b 00 00 00 00'.repeat(1100)],
    ['a deep stack', 'a4'.repeat(17)],
  ] as const)('does not believe %s', ([, hex]) => {
    expect(parseHidDescriptor(bytes(hex))).toBeNull();
  });

  it('does not list a range of usages that has no end', () => {
    const descriptor = bytes('05 8c 1b 00 00 00 00 2b ff ff ff ff 75 08 95 01 81 02');
    expect(parseHidDescriptor(descriptor)).toBeNull();
  });

  it('reads each cut of a good descriptor without a fault', () => {
    const whole = hidDescriptorOf('honeywell');
    const layouts = whole.map((_byte, length) =>
      parseHidDescriptor(whole.subarray(0, length))?.layout == null ? 0 : 1,
    );
    expect(layouts.at(-1)).toBe(1);
    expect(layouts.at(0)).toBe(0);
  });
});

describe('guesses', () => {
  it('knows both captured layouts by where the bracket stands', () => {
    expect(guessHidLayout(bytes('02 0c 5d 45 30'))?.data.offset).toBe(5);
    expect(guessHidLayout(bytes('02 0c 00 5d 58 67'))?.data.offset).toBe(6);
  });

  it('sees no scan without a bracket there', () => {
    expect(guessHidLayout(bytes('02 0e 02 00 00 08'))).toBeNull();
    expect(guessHidLayout(bytes('02 0c 01 5d 58 67'))).toBeNull();
    expect(guessHidLayout(bytes(''))).toBeNull();
  });
});
