// Owns the table of rates: each line finds one row, the most specific, and rows are floored alone.
import { assert } from '#loyalty/assert.ts';
import type { EarningBase } from '#loyalty/earn/base.ts';
import { compileRate, earnedBy, perMinorRate, type Rated, rateOf } from '#loyalty/earn/rated.ts';
import type { CompiledRule, Counted, Earned, RuleSurroundings } from '#loyalty/earn/rule.ts';
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { SaleLine } from '#loyalty/pricing/sale.ts';
import type { LineTest } from '#loyalty/programme/compiledCondition.ts';
import type { EarningRuleOf, TableRowFile } from '#loyalty/programme/earning.ts';

const NO_ROW = -1;

function isForAll(row: TableRowFile): boolean {
  return row.skus === undefined && row.productTypes === undefined && row.tags === undefined;
}

/** For each line the row that takes it: the most specific of sku > product type > tag > all. */
function rowFinder(rows: readonly TableRowFile[]): (line: SaleLine) => number {
  const bySku = new Map<string, number>();
  const byType = new Map<string, number>();
  const byTag = new Map<string, number>();
  let all = NO_ROW;
  rows.forEach((row, index) => {
    for (const sku of row.skus ?? []) bySku.set(sku, index);
    for (const type of row.productTypes ?? []) byType.set(type, index);
    for (const tag of row.tags ?? []) byTag.set(tag, index);
    if (isForAll(row)) all = index;
  });
  const ofTags = (tags: readonly string[] | undefined): number => {
    // A line with several tags goes to the first row of the file that has one of them.
    let first = NO_ROW;
    for (const tag of tags ?? []) {
      const row = byTag.get(tag);
      if (row !== undefined && (first === NO_ROW || row < first)) first = row;
    }
    return first === NO_ROW ? all : first;
  };
  return ({ sku, productType, tags }) =>
    (sku === null ? undefined : bySku.get(sku)) ?? byType.get(productType) ?? ofTags(tags);
}

/** The money or the units that a row of the table counts. */
type Source = keyof Pick<EarningBase, 'amountsMinor' | 'filteredMinor' | 'units'>;

interface CompiledRow {
  /** Null for a row whose lines earn nothing. */
  readonly rated: Rated | null;
  readonly source: Source;
}

function compileRow(
  file: EarningRuleOf<'table'>,
  row: TableRowFile,
  surroundings: RuleSurroundings,
): CompiledRow {
  if (row.isExcluded === true) return { rated: null, source: 'units' };
  if (row.pointsPerUnit !== undefined) {
    const rate = rateOf(row.pointsPerUnit);
    const rated = compileRate(file, row, rate, 'why.earn.units', surroundings);
    return { rated, source: 'units' };
  }
  assert(row.points !== undefined && row.perMinor !== undefined, 'a row has a rate');
  const isBase = isForAll(row);
  const stem = isBase ? 'why.earn.base' : 'why.earn.productType';
  const rate = perMinorRate(row.points, row.perMinor);
  const isUnfiltered = isBase && file.when.lines === undefined;
  const source = isUnfiltered ? 'amountsMinor' : 'filteredMinor';
  return { rated: compileRate(file, row, rate, stem, surroundings), source };
}

/** What the lines of one row come to; lines of other rows count nothing. */
class RowAmounts implements Counted {
  readonly sum: number;
  readonly #amounts: readonly number[];
  readonly #rowOfLine: readonly number[];
  readonly #row: number;

  constructor(sum: number, amounts: readonly number[], rowOfLine: readonly number[], row: number) {
    this.sum = sum;
    this.#amounts = amounts;
    this.#rowOfLine = rowOfLine;
    this.#row = row;
  }

  amounts(): readonly number[] {
    return this.#amounts.map((amount, index) =>
      this.#rowOfLine[index] === this.#row ? amount : 0,
    );
  }
}

export function compileTable(
  file: EarningRuleOf<'table'>,
  surroundings: RuleSurroundings,
  matches: LineTest | null,
): CompiledRule['earn'] {
  const rowOf = rowFinder(file.rows);
  const rows = file.rows.map((row) => compileRow(file, row, surroundings));
  return (context: PricingContext, base: EarningBase) => {
    const { lines } = context;
    const rowOfLine: number[] = [];
    const sums = rows.map(() => 0);
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index]?.line;
      const isCounted = line !== undefined && (matches === null || matches(line));
      const row = isCounted ? rowOf(line) : NO_ROW;
      rowOfLine.push(row);
      const source = rows[row]?.source;
      if (source !== undefined) sums[row] = (sums[row] ?? 0) + (base[source][index] ?? 0);
    }
    const earned: Earned[] = [];
    for (let row = 0; row < rows.length; row += 1) {
      const sum = sums[row] ?? 0;
      const rated = rows[row]?.rated ?? null;
      const source = rows[row]?.source;
      if (sum === 0 || rated === null || source === undefined) continue;
      const own = new RowAmounts(sum, base[source], rowOfLine, row);
      const one = earnedBy(rated, context, base, own);
      if (one !== null) earned.push(one);
    }
    return earned;
  };
}
