// Owns the record of each time the cash drawer was opened without a sale.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';

export interface DrawerOpening {
  readonly atMs: number;
  readonly businessDay: string;
  readonly operatorId: string;
}

export function insertDrawerOpening(db: WritableDb, opening: DrawerOpening): void {
  statement(
    db,
    'INSERT INTO drawer_opening (at_ms, business_day, operator_id) VALUES (?, ?, ?)',
  ).run(opening.atMs, opening.businessDay, opening.operatorId);
}

export function countDrawerOpenings(db: ReadableDb, businessDay: string): number {
  const sql = 'SELECT count(*) AS count FROM drawer_opening WHERE business_day = ?';
  return statement<{ count: number }>(db, sql).get(businessDay)?.count ?? 0;
}
