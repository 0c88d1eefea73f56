// Owns the ledger's rows: points that moved, appended and never changed.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import type { Account, LedgerEntry, LedgerKind } from '#loyalty/books/ledger.ts';

/** How ledger entries move a member's figures. */
export interface PointsMoved {
  readonly balancePoints: number;
  readonly tierPoints: number;
}

export const NO_POINTS_MOVED: PointsMoved = { balancePoints: 0, tierPoints: 0 };

// `avail` is what can be spent; tiers count what was ever issued less what was taken back.
const SUM_BALANCE = `coalesce(sum(CASE WHEN account_credit = 'avail' THEN points
  WHEN account_debit = 'avail' THEN -points ELSE 0 END), 0) AS balancePoints`;
const SUM_TIER = `coalesce(sum(CASE WHEN account_debit = 'issued' THEN points
  WHEN account_credit = 'issued' THEN -points ELSE 0 END), 0) AS tierPoints`;

const INSERT = `INSERT INTO ledger_entry (seq, line, account_debit, account_credit, member, points,
  lot, kind, ref_seq, rule, programme_version, why_key, why_args)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Appends the entries of journal entry `seq`, all of the member whose key is given. */
export function insertLedgerEntries(
  db: WritableDb,
  seq: number,
  memberKey: number,
  entries: readonly LedgerEntry[],
): void {
  const insert = statement(db, INSERT);
  for (const entry of entries) {
    insert.run(
      seq,
      entry.line,
      entry.accountDebit,
      entry.accountCredit,
      memberKey,
      entry.points,
      entry.lot,
      entry.kind,
      entry.refSeq,
      entry.rule,
      entry.programmeVersion,
      entry.whyKey,
      JSON.stringify(entry.whyArgs),
    );
  }
}

interface StoredEntry {
  readonly line: number;
  readonly accountDebit: Account;
  readonly accountCredit: Account;
  readonly memberId: string;
  readonly points: number;
  readonly lot: string | null;
  readonly kind: LedgerKind;
  readonly refSeq: number | null;
  readonly rule: string;
  readonly programmeVersion: string;
  readonly whyKey: string;
  readonly whyArgs: string;
}

/** The entries of one journal entry, by line. */
export function ledgerEntriesOf(db: ReadableDb, seq: number): readonly LedgerEntry[] {
  const rows = statement<StoredEntry>(
    db,
    `SELECT line, account_debit AS accountDebit, account_credit AS accountCredit,
            member_id AS memberId, points, lot, kind, ref_seq AS refSeq, rule,
            programme_version AS programmeVersion, why_key AS whyKey, why_args AS whyArgs
     FROM ledger_entry JOIN member ON member.member_key = ledger_entry.member
     WHERE seq = +? ORDER BY line`,
  ).all(seq);
  return rows.map((row) => ({
    ...row,
    whyArgs: JSON.parse(row.whyArgs) as Readonly<Record<string, string | number>>,
  }));
}

/** What this till's entries with a seq greater than `seq` moved, by member key. */
export function pointsMovedSince(db: ReadableDb, seq: number): ReadonlyMap<number, PointsMoved> {
  const rows = statement<PointsMoved & { memberKey: number }>(
    db,
    `SELECT member AS memberKey, ${SUM_BALANCE}, ${SUM_TIER} FROM ledger_entry
     WHERE seq > ? GROUP BY member`,
  ).all(seq);
  return new Map(rows.map((row) => [row.memberKey, row]));
}

/** The same for one member. Reads every entry after `seq`: keep `seq` near the end. */
export function pointsMovedOfMember(db: ReadableDb, memberKey: number, seq: number): PointsMoved {
  const sql = `SELECT ${SUM_BALANCE}, ${SUM_TIER} FROM ledger_entry WHERE seq > ? AND member = ?`;
  return statement<PointsMoved>(db, sql).get(seq, memberKey) ?? NO_POINTS_MOVED;
}
