// Owns the books of everything that is not a ledger point: movements of all tills, and their fold.
import { assert } from '#loyalty/assert.ts';
import type { MovementWire, OwnersHoldingsWire } from '#sync/protocol.ts';
import { type Connection, nextChangeNumber, sql } from '#upstream/database.ts';

/** What the books need of a movement. Shares and conditions stay in the journal. */
export type PlainMovement = Omit<MovementWire, 'lines' | 'condition'>;

const INSERT = `INSERT INTO movement (journal_number, owner, account, lot_id, amount, from_ms,
    until_ms, kind, rule, why_key, why_args, once_key, settles)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const FOLD = `INSERT INTO holding (owner, account, lot_id, amount, from_ms, until_ms)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (owner, account, lot_id) DO UPDATE SET amount = amount + excluded.amount
  RETURNING amount`;

/** Every lot stays within 9e12, whatever tills say: checked before anything is written. */
export function areMovementsInRange(
  connection: Connection,
  movements: readonly MovementWire[],
): boolean {
  const held = sql<{ amount: number }>(
    connection,
    'SELECT amount FROM holding WHERE owner = ? AND account = ? AND lot_id = ?',
  );
  const sums = new Map<string, number>();
  for (const { owner, account, lotId, amount } of movements) {
    const key = JSON.stringify([owner, account, lotId]);
    const before = sums.get(key) ?? held.get(owner, account, lotId)?.amount ?? 0;
    if (Math.abs(before + amount) > 9_000_000_000_000) return false;
    sums.set(key, before + amount);
  }
  return true;
}

/**
 * Appends movements of one journal entry and folds them. Tells the tills of whom they concern.
 * `settles`: the number of the movement that they settle, or null.
 */
export function postMovements(
  connection: Connection,
  journalNumber: number,
  movements: readonly PlainMovement[],
  settles: number | null = null,
): void {
  const insert = sql(connection, INSERT);
  const fold = sql<{ amount: number }>(connection, FOLD);
  const owners = new Set<string>();
  for (const movement of movements) {
    const { owner, account, lotId, amount, fromMs, untilMs } = movement;
    insert.run(
      journalNumber,
      owner,
      account,
      lotId,
      amount,
      fromMs,
      untilMs,
      movement.kind,
      movement.rule,
      movement.whyKey,
      JSON.stringify(movement.whyArgs),
      movement.onceKey ?? null,
      settles,
    );
    const row = fold.get(owner, account, lotId, amount, fromMs, untilMs);
    assert(row !== undefined, 'a moved lot has its amount');
    if (row.amount === 0) {
      const text = 'DELETE FROM holding WHERE owner = ? AND account = ? AND lot_id = ?';
      sql(connection, text).run(owner, account, lotId);
    }
    owners.add(owner);
  }
  for (const owner of owners) noteChange(connection, owner);
}

/** Those who hold something of the owner are in the next feed. */
function noteChange(connection: Connection, owner: string): void {
  const [kind, name = ''] = splitOwner(owner);
  const update = sql(connection, 'UPDATE member SET change_number = ? WHERE member_key = ?');
  const find =
    kind === 'member'
      ? 'SELECT member_key AS memberKey FROM member WHERE member_id = ?'
      : 'SELECT member_key AS memberKey FROM member WHERE pool_id = ?';
  if (kind !== 'member' && kind !== 'pool') return;
  for (const { memberKey } of sql<{ memberKey: number }>(connection, find).all(name)) {
    update.run(nextChangeNumber(connection), memberKey);
  }
}

function splitOwner(owner: string): readonly [string, string?] {
  const place = owner.indexOf('/');
  return place === -1 ? [owner] : [owner.slice(0, place), owner.slice(place + 1)];
}

/** What a member and its pool hold, lot by lot. */
export function holdingsOf(
  connection: Connection,
  member: { readonly memberId: string; readonly poolId: string | null },
): OwnersHoldingsWire[] {
  const owners = [`member/${member.memberId}`];
  if (member.poolId !== null) owners.push(`pool/${member.poolId}`);
  const select = sql<OwnersHoldingsWire['holdings'][number]>(
    connection,
    `SELECT account, lot_id AS lotId, amount, from_ms AS fromMs, until_ms AS untilMs
     FROM holding WHERE owner = ? ORDER BY account, lot_id`,
  );
  return owners.map((owner) => ({ owner, holdings: select.all(owner) }));
}

/** Says which lots are not what the movements sum to. */
export function checkHoldings(connection: Connection): readonly string[] {
  const rows = sql<{ owner: string; account: string; lotId: string }>(
    connection,
    `SELECT owner, account, lot_id AS lotId FROM (
       SELECT owner, account, lot_id, amount FROM movement
       UNION ALL SELECT owner, account, lot_id, -amount FROM holding)
     GROUP BY owner, account, lot_id HAVING sum(amount) <> 0`,
  ).all();
  return rows.map(({ owner, account, lotId }) => `${owner}: ${account} ${lotId} does not sum up`);
}
