// Owns the operators' rows and the PIN pad's lockout; hashing a PIN is the till's.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';

export interface OperatorRow {
  readonly operatorId: string;
  readonly name: string;
  readonly role: 'cashier' | 'manager';
  readonly pinSalt: Uint8Array;
  readonly pinHash: Uint8Array;
  readonly isActive: boolean;
}

type StoredOperator = Omit<OperatorRow, 'isActive'> & { readonly isActive: number };

const COLUMNS = `operator_id AS operatorId, name, role, pin_salt AS pinSalt, pin_hash AS pinHash,
  is_active AS isActive`;

function toOperator(row: StoredOperator): OperatorRow {
  return { ...row, isActive: row.isActive === 1 };
}

/** Those who may sign in, by operator id. */
export function activeOperators(db: ReadableDb): readonly OperatorRow[] {
  const sql = `SELECT ${COLUMNS} FROM operator WHERE is_active = 1 ORDER BY operator_id`;
  return statement<StoredOperator>(db, sql).all().map(toOperator);
}

/** Also finds one who may no longer sign in: old sales name them. */
export function operatorById(db: ReadableDb, operatorId: string): OperatorRow | null {
  const sql = `SELECT ${COLUMNS} FROM operator WHERE operator_id = ?`;
  const row = statement<StoredOperator>(db, sql).get(operatorId);
  return row === undefined ? null : toOperator(row);
}

export function upsertOperator(db: WritableDb, operator: OperatorRow): void {
  statement(
    db,
    `INSERT INTO operator (operator_id, name, role, pin_salt, pin_hash, is_active)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (operator_id) DO UPDATE SET name = excluded.name, role = excluded.role,
       pin_salt = excluded.pin_salt, pin_hash = excluded.pin_hash, is_active = excluded.is_active`,
  ).run(
    operator.operatorId,
    operator.name,
    operator.role,
    operator.pinSalt,
    operator.pinHash,
    operator.isActive ? 1 : 0,
  );
}

export interface PinLockout {
  /** Wrong tries since the last right one. */
  readonly failedCount: number;
  /** ms since 1970; 0 when nothing is locked. */
  readonly lockedUntilMs: number;
}

export function getPinLockout(db: ReadableDb): PinLockout {
  const row = statement<PinLockout>(
    db,
    `SELECT failed_count AS failedCount, locked_until_ms AS lockedUntilMs
     FROM pin_lockout WHERE id = 1`,
  ).get();
  return row ?? { failedCount: 0, lockedUntilMs: 0 };
}

export function setPinLockout(db: WritableDb, lockout: PinLockout): void {
  statement(
    db,
    `INSERT INTO pin_lockout (id, failed_count, locked_until_ms) VALUES (1, ?, ?)
     ON CONFLICT (id) DO UPDATE SET failed_count = excluded.failed_count,
       locked_until_ms = excluded.locked_until_ms`,
  ).run(lockout.failedCount, lockout.lockedUntilMs);
}
