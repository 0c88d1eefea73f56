// Owns undoing what tills without a line gave twice, though it may happen once in a period.
import { memberIdOf } from '#loyalty/books/books.ts';
import { nowOf } from '#loyalty/books/lots.ts';
import { duplicatesOf, type OnceRow } from '#loyalty/books/settle.ts';
import { undo } from '#loyalty/returns/reversal.ts';
import { accountOf, post } from '#upstream/accounts.ts';
import { type Connection, sql } from '#upstream/database.ts';
import { type PlainMovement, postMovements } from '#upstream/movements.ts';

/** What names a thing that may happen once, and to whom. */
type Keyed = Pick<PlainMovement, 'owner' | 'onceKey'>;

interface KeyedRow extends OnceRow {
  readonly movementNumber: number;
  readonly programmeVersion: string;
  /** False once the sale was voided: then the void has undone it. */
  readonly stands: boolean;
  /** What settlements took so far, as movements that sum to it. */
  readonly settled: readonly PlainMovement[];
}

type StoredMovement = Omit<PlainMovement, 'whyArgs'> & {
  readonly movementNumber: number;
  readonly whyArgs: string;
};

const COLUMNS = `movement.movement_number AS movementNumber, owner, account, lot_id AS lotId,
  amount, from_ms AS fromMs, until_ms AS untilMs, movement.kind, movement.rule,
  movement.why_key AS whyKey, movement.why_args AS whyArgs`;

function toPlain({ movementNumber: _, whyArgs, ...row }: StoredMovement): PlainMovement {
  return { ...row, whyArgs: JSON.parse(whyArgs) };
}

/** What a sale gave that may be given once. */
export function keyedMovements(connection: Connection, entryId: string): readonly Keyed[] {
  return sql<{ owner: string; onceKey: string }>(
    connection,
    `SELECT owner, once_key AS onceKey FROM entry
     JOIN movement ON movement.journal_number = entry.journal_number
     WHERE entry.entry_id = ? AND once_key IS NOT NULL`,
  ).all(entryId);
}

function settledFor(connection: Connection, movementNumber: number): readonly PlainMovement[] {
  const rows = sql<StoredMovement>(
    connection,
    `SELECT ${COLUMNS} FROM movement WHERE settles = ? ORDER BY movement_number`,
  ).all(movementNumber);
  return rows.map(toPlain);
}

/** Everything that tills gave under a key, whoever told of it first. */
function rowsOf(connection: Connection, owner: string, onceKey: string): KeyedRow[] {
  type Row = StoredMovement & { entryId: string; body: string; voidedBy: string | null };
  const rows = sql<Row>(
    connection,
    `SELECT ${COLUMNS}, journal.entry_id AS entryId, journal.body, sale.voided_by AS voidedBy
     FROM movement JOIN journal ON journal.journal_number = movement.journal_number
     LEFT JOIN sale ON sale.entry_id = journal.entry_id
     WHERE owner = ? AND once_key = ? AND movement.kind <> 'reversal'
     ORDER BY movement.movement_number`,
  ).all(owner, onceKey);
  return rows.map(({ entryId, body, voidedBy, ...row }) => {
    const { atMs, programmeVersion } = JSON.parse(body) as {
      atMs: number;
      programmeVersion: string;
    };
    return {
      transactionId: entryId,
      atMs,
      programmeVersion,
      movement: { ...toPlain(row), onceKey },
      movementNumber: row.movementNumber,
      stands: voidedBy === null,
      settled: settledFor(connection, row.movementNumber),
    };
  });
}

const sumOf = (movements: readonly PlainMovement[]): number =>
  movements.reduce((sum, { amount }) => sum + amount, 0);

/** The books of one account of one owner. */
function booksOf(connection: Connection, owner: string, account: string) {
  const lots = sql<{ lotId: string; amount: number; fromMs: number; untilMs: number | null }>(
    connection,
    `SELECT lot_id AS lotId, amount, from_ms AS fromMs, until_ms AS untilMs
     FROM holding WHERE owner = ? AND account = ?`,
  ).all(owner, account);
  return new Map([[owner, new Map([[account, lots]])]]);
}

/** The ledger follows where points of a member are taken, or given back. */
function postPoints(connection: Connection, journalNumber: number, row: KeyedRow, points: number) {
  const { owner, account, rule } = row.movement;
  const memberId = account === 'points' ? memberIdOf(owner) : null;
  const member = memberId === null ? null : accountOf(connection, memberId);
  if (member === null || points === 0) return;
  const isTaken = points < 0;
  post(
    connection,
    { journalNumber },
    {
      accountDebit: isTaken ? 'avail' : 'issued',
      accountCredit: isTaken ? 'issued' : 'avail',
      memberKey: member.memberKey,
      points: Math.abs(points),
      line: 1,
      kind: 'reversal',
      rule,
      programmeVersion: row.programmeVersion,
      whyKey: 'why.once',
      whyArgs: {},
    },
  );
}

/** Takes what was given twice, or gives back what a void has undone by itself. */
function settleRow(connection: Connection, journalNumber: number, row: KeyedRow): void {
  const { movement, settled } = row;
  const why = { whyKey: 'why.once', whyArgs: {} };
  const isSettled = sumOf(settled) !== 0;
  const movements = isSettled
    ? settled.map((one) => ({ ...one, amount: -one.amount, ...why }))
    : undo(
        booksOf(connection, movement.owner, movement.account),
        [{ movement, amount: movement.amount, why }],
        nowOf(row.atMs, 'UTC', 0),
      );
  postMovements(connection, journalNumber, movements, row.movementNumber);
  postPoints(connection, journalNumber, row, sumOf(movements));
}

/**
 * After an entry that gave or undid something of once a period: of all sales that stand the first
 * keeps what it gave, whatever the order in which the tills told of theirs.
 */
export function settleOnce(
  connection: Connection,
  journalNumber: number,
  movements: readonly Keyed[],
): void {
  const seen = new Set<string>();
  for (const { owner, onceKey } of movements) {
    const key = `${owner} ${onceKey}`;
    if (onceKey === undefined || seen.has(key)) continue;
    seen.add(key);
    const rows = rowsOf(connection, owner, onceKey);
    const twice = new Set(duplicatesOf(rows.filter(({ stands }) => stands)));
    for (const row of rows) {
      if (twice.has(row) !== (sumOf(row.settled) !== 0)) settleRow(connection, journalNumber, row);
    }
  }
}
