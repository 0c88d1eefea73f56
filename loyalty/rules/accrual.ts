// Owns the kind of rule that gives points for money: a base rate, and rates by product type.

import * as z from 'zod/mini';
import { assert } from '#loyalty/assert.ts';
import { currencyExponent } from '#loyalty/money.ts';
import {
  flooredBy,
  makeRate,
  multiplyRates,
  parseRate,
  type Rate,
  rateText,
} from '#loyalty/points.ts';
import type { ProgrammeFault } from '#loyalty/programme.ts';
import {
  closedObject,
  type LocalName,
  localName,
  perMinor,
  productType,
  rate,
  repeatedFaults,
  ruleId,
} from '#loyalty/rules/fields.ts';
import type { CompiledTier } from '#loyalty/rules/tier.ts';

const productTypeRow = closedObject({
  ruleId,
  productType,
  name: localName,
  points: z.optional(rate),
  perMinor: z.optional(perMinor),
  excluded: z.optional(z.boolean('write true or false, without quotes')),
});

/** `earning` of a programme file. A row of `productTypes` takes its type out of the base rate. */
export const earningFile = closedObject({
  base: closedObject({ ruleId, name: localName, points: rate, perMinor }),
  productTypes: z.array(productTypeRow, 'write a list, [] when no product type is special'),
});
export type EarningFile = z.infer<typeof earningFile>;

/** What the schema cannot say of `earning`. */
export function earningFaults(earning: EarningFile): ProgrammeFault[] {
  const rowPath = (index: number) => `$.earning.productTypes[${index}]`;
  const faults = repeatedFaults(
    earning.productTypes.map((row, index) => ({
      path: `${rowPath(index)}.productType`,
      value: row.productType,
    })),
  );
  earning.productTypes.forEach((row, index) => {
    for (const key of ['points', 'perMinor'] as const) {
      const path = `${rowPath(index)}.${key}`;
      if (row.excluded === true && row[key] !== undefined) {
        faults.push({ path, message: 'remove it: an excluded product type earns nothing' });
      }
      if (row.excluded !== true && row[key] === undefined) {
        faults.push({
          path,
          message: 'write it, or "excluded": true for a type that earns nothing',
        });
      }
    }
  });
  return faults;
}

/** One rule, ready to price: its money in, its points out, and the words for them. */
export interface EarningRow {
  readonly rule: string;
  readonly whyStem: 'why.earn.base' | 'why.earn.productType';
  readonly name: LocalName;
  /** Points for one whole currency unit, as people read it. */
  readonly rateText: string;
  /** By index of the tier: floor(amount × rate × multiplier), at most 1e9. */
  readonly pointsByTier: readonly ((amountMinor: number) => number)[];
}

export interface CompiledEarning {
  /** The base rule first, then the product types as the file orders them. */
  readonly rows: readonly EarningRow[];
  /** Index into `rows`; `EXCLUDED` for a type that earns nothing; absent means the base rule. */
  readonly rowByProductType: ReadonlyMap<string, number>;
}

export const BASE_ROW = 0;
export const EXCLUDED = -1;

/** Points per minor unit; the file was parsed, so the rate is one. */
export function ratePerMinor(points: string, minorUnits: number): Rate {
  const parsed = parseRate(points);
  assert(parsed !== null, `unparsed rate ${points}`);
  return multiplyRates(parsed, makeRate(1n, BigInt(minorUnits)));
}

function compileRow(
  row: { readonly ruleId: string; readonly name: LocalName },
  whyStem: EarningRow['whyStem'],
  pointsPerMinor: Rate,
  currency: string,
  tiers: readonly CompiledTier[],
): EarningRow {
  const minorPerUnit = makeRate(10n ** BigInt(currencyExponent(currency)), 1n);
  return {
    rule: row.ruleId,
    whyStem,
    name: row.name,
    rateText: rateText(multiplyRates(pointsPerMinor, minorPerUnit)),
    pointsByTier: tiers.map((tier) => flooredBy(multiplyRates(pointsPerMinor, tier.multiplier))),
  };
}

export function compileEarning(
  earning: EarningFile,
  currency: string,
  tiers: readonly CompiledTier[],
): CompiledEarning {
  const { base } = earning;
  const baseRate = ratePerMinor(base.points, base.perMinor);
  const rows = [compileRow(base, 'why.earn.base', baseRate, currency, tiers)];
  const rowByProductType = new Map<string, number>();
  for (const row of earning.productTypes) {
    if (row.points === undefined || row.perMinor === undefined) {
      rowByProductType.set(row.productType, EXCLUDED);
      continue;
    }
    rowByProductType.set(row.productType, rows.length);
    const typeRate = ratePerMinor(row.points, row.perMinor);
    rows.push(compileRow(row, 'why.earn.productType', typeRate, currency, tiers));
  }
  return { rows, rowByProductType };
}
