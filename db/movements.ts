// Owns the movements on disk: what rules changed in the books, appended and never edited.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { applyToHolding } from '#db/holdings.ts';
import { assert } from '#loyalty/assert.ts';
import type { Condition, LineShare, Movement, MovementKind } from '#loyalty/books/books.ts';

/** The key of an owner; one that is new gets its row. */
function holderKeyOf(db: WritableDb, owner: string): number {
  const sql = 'SELECT holder_key AS holderKey FROM holder WHERE owner = ?';
  const known = statement<{ holderKey: number }>(db, sql).get(owner);
  if (known !== undefined) return known.holderKey;
  const made = statement(db, 'INSERT INTO holder (owner, server_as_of_seq) VALUES (?, 0)').run(
    owner,
  );
  return Number(made.lastInsertRowid);
}

const INSERT = `INSERT INTO movement (seq, line, holder_key, account, lot_id, amount, from_ms,
    until_ms, kind, rule, why_key, why_args, lines, condition, once_key)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Appends the movements of journal entry `seq` and moves the holdings with them. */
export function insertMovements(db: WritableDb, seq: number, movements: readonly Movement[]): void {
  const insert = statement(db, INSERT);
  const keys = new Map<string, number>();
  movements.forEach((movement, index) => {
    const holderKey = keys.get(movement.owner) ?? holderKeyOf(db, movement.owner);
    keys.set(movement.owner, holderKey);
    insert.run(
      seq,
      index + 1,
      holderKey,
      movement.account,
      movement.lotId,
      movement.amount,
      movement.fromMs,
      movement.untilMs,
      movement.kind,
      movement.rule,
      movement.whyKey,
      JSON.stringify(movement.whyArgs),
      jsonOrNull(movement.lines),
      jsonOrNull(movement.condition),
      movement.onceKey ?? null,
    );
    applyToHolding(db, holderKey, movement);
  });
}

interface StoredMovement {
  readonly owner: string;
  readonly account: string;
  readonly lotId: string;
  readonly amount: number;
  readonly fromMs: number;
  readonly untilMs: number | null;
  readonly kind: MovementKind;
  readonly rule: string;
  readonly whyKey: string;
  readonly whyArgs: string;
  readonly lines: string | null;
  readonly condition: string | null;
  readonly onceKey: string | null;
}

function toMovement({ lines, condition, onceKey, whyArgs, ...row }: StoredMovement): Movement {
  return {
    ...row,
    whyArgs: JSON.parse(whyArgs) as Movement['whyArgs'],
    ...(lines === null ? {} : { lines: JSON.parse(lines) as readonly LineShare[] }),
    ...(condition === null ? {} : { condition: JSON.parse(condition) as Condition }),
    ...(onceKey === null ? {} : { onceKey }),
  };
}

/** The movements of one journal entry, in their order. */
export function movementsOf(db: ReadableDb, seq: number): readonly Movement[] {
  assert(Number.isSafeInteger(seq), 'a journal seq is an integer');
  const rows = statement<StoredMovement>(
    db,
    `SELECT owner, account, lot_id AS lotId, amount, from_ms AS fromMs, until_ms AS untilMs, kind,
       rule, why_key AS whyKey, why_args AS whyArgs, lines, condition, once_key AS onceKey
     FROM movement JOIN holder ON holder.holder_key = movement.holder_key
     WHERE movement.seq = +? ORDER BY movement.line`,
  ).all(seq);
  return rows.map(toMovement);
}
