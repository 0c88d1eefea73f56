// Owns the cached catalogue: products by barcode, by sku and by what a cashier types.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import type { Product } from '#loyalty/pricing/basket.ts';
import type { LineFlag } from '#loyalty/pricing/sale.ts';

export interface ProductRow extends Product {
  /** A product that is no longer sold keeps its row and is found by nobody. */
  readonly isActive: boolean;
}

const COLUMNS = `sku, barcode, name, product_type AS productType,
  unit_price_minor AS unitPriceMinor, tax_rate_basis_points AS taxRateBasisPoints, tags, flags,
  fixed_tax_minor AS fixedTaxMinor`;

interface StoredProduct extends Omit<Product, 'tags' | 'flags'> {
  readonly tags: string;
  readonly flags: string;
  readonly fixedTaxMinor: number;
}

/** What a product has none of is left out: a line of the draft and the journal stays short. */
function toProduct({ tags, flags, fixedTaxMinor, ...row }: StoredProduct): Product {
  return {
    ...row,
    ...(tags === '[]' ? {} : { tags: JSON.parse(tags) as readonly string[] }),
    ...(flags === '[]' ? {} : { flags: JSON.parse(flags) as readonly LineFlag[] }),
    ...(fixedTaxMinor === 0 ? {} : { fixedTaxMinor }),
  };
}

/** Words of a query beyond this many are left out. */
const QUERY_WORDS_MAX = 8;

/**
 * The form in which names and queries are compared: lower case without marks. Turkish dotted and
 * dotless i are one letter here, since not every keyboard has both.
 */
export function foldForSearch(text: string): string {
  return text
    .replaceAll(/[İIı]/g, 'i')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

export function productByBarcode(db: ReadableDb, barcode: string): Product | null {
  const sql = `SELECT ${COLUMNS} FROM product WHERE barcode = ? AND is_active = 1`;
  const row = statement<StoredProduct>(db, sql).get(barcode);
  return row === undefined ? null : toProduct(row);
}

export function productBySku(db: ReadableDb, sku: string): Product | null {
  const sql = `SELECT ${COLUMNS} FROM product WHERE sku = ? AND is_active = 1`;
  const row = statement<StoredProduct>(db, sql).get(sku);
  return row === undefined ? null : toProduct(row);
}

/**
 * Products whose name holds every word of `query` in any order, or whose sku or barcode is the
 * query; names that begin with it first. An empty query gives the catalogue by name.
 */
export function searchProducts(db: ReadableDb, query: string, limit: number): readonly Product[] {
  const folded = foldForSearch(query);
  const words = folded === '' ? [] : folded.split(' ').slice(0, QUERY_WORDS_MAX);
  // instr() takes the cashier's % and _ as they are, which LIKE would not.
  const hasWords = words.map(() => 'instr(search_name, ?) > 0').join(' AND ');
  const sql = `SELECT ${COLUMNS} FROM product
    WHERE is_active = 1 AND (${hasWords === '' ? '1' : hasWords} OR sku = ? OR barcode = ?)
    ORDER BY instr(search_name, ?) <> 1, search_name, sku LIMIT ?`;
  const values = [...words, query.trim(), query.trim(), folded, limit];
  return statement<StoredProduct>(db, sql)
    .all(...values)
    .map(toProduct);
}

/** Stores products as head office has them. A barcode that moved leaves its former product. */
export function upsertProducts(db: WritableDb, products: readonly ProductRow[]): void {
  const release = statement(
    db,
    'UPDATE product SET barcode = NULL WHERE barcode = ? AND is_active = 1 AND sku <> ?',
  );
  const upsert = statement(
    db,
    `INSERT INTO product (sku, barcode, name, search_name, product_type, unit_price_minor,
       tax_rate_basis_points, is_active, tags, flags, fixed_tax_minor)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sku) DO UPDATE SET barcode = excluded.barcode, name = excluded.name,
       search_name = excluded.search_name, product_type = excluded.product_type,
       unit_price_minor = excluded.unit_price_minor,
       tax_rate_basis_points = excluded.tax_rate_basis_points, is_active = excluded.is_active,
       tags = excluded.tags, flags = excluded.flags,
       fixed_tax_minor = excluded.fixed_tax_minor`,
  );
  for (const product of products) {
    if (product.barcode !== null && product.isActive) release.run(product.barcode, product.sku);
    upsert.run(
      product.sku,
      product.barcode,
      product.name,
      foldForSearch(product.name),
      product.productType,
      product.unitPriceMinor,
      product.taxRateBasisPoints,
      product.isActive ? 1 : 0,
      JSON.stringify(product.tags ?? []),
      JSON.stringify(product.flags ?? []),
      product.fixedTaxMinor ?? 0,
    );
  }
}

export function countProducts(db: ReadableDb): number {
  const sql = 'SELECT count(*) AS count FROM product WHERE is_active = 1';
  return statement<{ count: number }>(db, sql).get()?.count ?? 0;
}
