// Owns the shop's settings: names and values as text; their meaning is the till's.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';

export function getSetting(db: ReadableDb, name: string): string | null {
  const sql = 'SELECT value FROM setting WHERE name = ?';
  return statement<{ value: string }>(db, sql).get(name)?.value ?? null;
}

export function setSetting(db: WritableDb, name: string, value: string): void {
  statement(
    db,
    `INSERT INTO setting (name, value) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  ).run(name, value);
}

export function allSettings(db: ReadableDb): ReadonlyMap<string, string> {
  const rows = statement<{ name: string; value: string }>(
    db,
    'SELECT name, value FROM setting ORDER BY name',
  ).all();
  return new Map(rows.map((row) => [row.name, row.value]));
}
