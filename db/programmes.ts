// Owns the cached programmes: every version that ever arrived, as the text that arrived.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';

export interface ProgrammeRow {
  /** Unique name of this version, written on every sale and ledger entry. */
  readonly programmeVersion: string;
  readonly programmeId: string;
  /** ≥ 1. */
  readonly version: number;
  readonly effectiveFromMs: number;
  /** First moment at which it no longer holds; null: until another replaces it. */
  readonly effectiveToMs: number | null;
  /** The programme file, checked by the caller before it is stored. */
  readonly document: string;
}

const COLUMNS = `programme_version AS programmeVersion, programme_id AS programmeId, version,
  effective_from_ms AS effectiveFromMs, effective_to_ms AS effectiveToMs, document`;

/**
 * Stores a version once. A version that is already here with another text is `different` and is
 * not replaced: sales have been priced by it.
 */
export function insertProgramme(
  db: WritableDb,
  programme: ProgrammeRow,
): 'inserted' | 'same' | 'different' {
  const stored = programmeByVersion(db, programme.programmeVersion);
  if (stored !== null) return stored.document === programme.document ? 'same' : 'different';
  statement(
    db,
    `INSERT INTO programme (programme_version, programme_id, version, effective_from_ms,
       effective_to_ms, document) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(
    programme.programmeVersion,
    programme.programmeId,
    programme.version,
    programme.effectiveFromMs,
    programme.effectiveToMs,
    programme.document,
  );
  return 'inserted';
}

export function programmeByVersion(db: ReadableDb, programmeVersion: string): ProgrammeRow | null {
  const sql = `SELECT ${COLUMNS} FROM programme WHERE programme_version = ?`;
  return statement<ProgrammeRow>(db, sql).get(programmeVersion) ?? null;
}

/** The programme that holds at `atMs`: the highest version among those in force, or null. */
export function programmeAt(db: ReadableDb, atMs: number): ProgrammeRow | null {
  const sql = `SELECT ${COLUMNS} FROM programme
    WHERE effective_from_ms <= +? AND (effective_to_ms IS NULL OR effective_to_ms > +?)
    ORDER BY version DESC, effective_from_ms DESC, programme_version DESC LIMIT 1`;
  return statement<ProgrammeRow>(db, sql).get(atMs, atMs) ?? null;
}

/** All versions, newest first. */
export function allProgrammes(db: ReadableDb): readonly ProgrammeRow[] {
  const sql = `SELECT ${COLUMNS} FROM programme ORDER BY version DESC, programme_version DESC`;
  return statement<ProgrammeRow>(db, sql).all();
}
