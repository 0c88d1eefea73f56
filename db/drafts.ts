// Owns the draft: the open sale as one row, replaced at each change, gone at commit.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';

export interface DraftRow {
  readonly transactionId: string;
  /** JSON; its shape is the session's. */
  readonly body: string;
}

export function loadDraft(db: ReadableDb): DraftRow | null {
  const sql = 'SELECT transaction_id AS transactionId, body FROM draft WHERE id = 1';
  return statement<DraftRow>(db, sql).get() ?? null;
}

export function saveDraft(db: WritableDb, draft: DraftRow): void {
  statement(
    db,
    `INSERT INTO draft (id, transaction_id, body) VALUES (1, ?, ?)
     ON CONFLICT (id) DO UPDATE SET transaction_id = excluded.transaction_id, body = excluded.body`,
  ).run(draft.transactionId, draft.body);
}

export function clearDraft(db: WritableDb): void {
  statement(db, 'DELETE FROM draft WHERE id = 1').run();
}
