// Goal: a programme that the schema admits never throws, whatever is sold under it.
// Method: fast-check makes files from the published JSON Schema, up to the bounds of its ranges,
// and sells and takes back baskets of up to 9e12 minor units.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import {
  make,
  randomMoment,
  randomSale,
  randomState,
  takenBack,
} from '#test/support/randomSale.ts';
import { runs } from '#test/support/runs.ts';
import { admittedProgramme } from '#test/support/schemaValues.ts';

/** Times a price of up to 4,000: twelve lines of five stay below 9e12 with their tax. */
const DEAR = 10_000_000;

describe('a programme that the schema admits', () => {
  it('never throws', () => {
    let count = 0;
    void fc.assert(
      fc.property(
        admittedProgramme,
        randomSale,
        randomState,
        randomMoment,
        fc.constantFrom(1, 1, DEAR),
        (text, sale, state, moment, times) => {
          if (text === null) return;
          const parsed = parseProgramme(text);
          if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
          count += 1;
          const lines = sale.lines.map((line, index) => ({
            ...line,
            sku: `x${index % 4}`,
            productType: `x${index % 3}`,
            unitPriceMinor: line.unitPriceMinor * times,
          }));
          const tenders = [...sale.tenders, { tenderType: 'a0', amountMinor: 5 * times }];
          const compiled = compile(parsed.value);
          const made = make(compiled, { ...sale, lines, tenders }, state, moment);
          expect(made.pricing.programmeVersion).toContain('@');
          if (lines.some(({ kind }) => kind !== 'deduction')) takenBack(compiled, made, 0);
        },
      ),
      // Files shrink slowly; the seed repeats them.
      { ...runs(150), endOnFailure: true },
    );
    expect(count).toBeGreaterThan(0);
  });
});
