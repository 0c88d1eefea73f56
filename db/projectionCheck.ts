// Owns the proof that cached balances are what the ledger and head office say.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import { NO_POINTS_MOVED, pointsMovedSince } from '#db/ledger.ts';

export interface BalanceMismatch {
  readonly memberKey: number;
  readonly balancePoints: number;
  readonly tierPoints: number;
  /** Head office's figures and the own entries since. */
  readonly expectedBalancePoints: number;
  readonly expectedTierPoints: number;
}

export interface ProjectionCheck {
  readonly checkedCount: number;
  readonly mismatches: readonly BalanceMismatch[];
}

interface BalanceRow {
  readonly memberKey: number;
  readonly balancePoints: number;
  readonly tierPoints: number;
  readonly serverBalancePoints: number;
  readonly serverTierPoints: number;
  readonly asOfSeq: number;
}

// The members of the latest entries: where a fault of the last run would show.
const SAMPLE = `SELECT member_key AS memberKey, balance_points AS balancePoints,
    tier_points AS tierPoints, server_balance_points AS serverBalancePoints,
    server_tier_points AS serverTierPoints, server_as_of_seq AS asOfSeq
  FROM member_balance WHERE member_key IN (
    SELECT member FROM ledger_entry ORDER BY seq DESC, line DESC LIMIT ?)`;

/**
 * Compares, for the members of the latest `entryCount` ledger entries, the cached balance with
 * what head office last said and the till's own entries after that. A mismatch is a bug: log it
 * loudly, then `rebuildBalance` so that the customer is told the truth.
 */
export function checkProjection(db: ReadableDb, entryCount: number): ProjectionCheck {
  const sample = statement<BalanceRow>(db, SAMPLE).all(entryCount);
  // Members that head office confirmed in one answer share their seq: one read each.
  const movedSince = new Map<number, ReturnType<typeof pointsMovedSince>>();
  const mismatches: BalanceMismatch[] = [];
  for (const row of sample) {
    const moved = movedSince.get(row.asOfSeq) ?? pointsMovedSince(db, row.asOfSeq);
    movedSince.set(row.asOfSeq, moved);
    const own = moved.get(row.memberKey) ?? NO_POINTS_MOVED;
    const expectedBalancePoints = row.serverBalancePoints + own.balancePoints;
    const expectedTierPoints = row.serverTierPoints + own.tierPoints;
    if (row.balancePoints !== expectedBalancePoints || row.tierPoints !== expectedTierPoints) {
      const { memberKey, balancePoints, tierPoints } = row;
      mismatches.push({
        memberKey,
        balancePoints,
        tierPoints,
        expectedBalancePoints,
        expectedTierPoints,
      });
    }
  }
  return { checkedCount: sample.length, mismatches };
}

/** Sets a cached balance to what its sources say. The ledger itself is never touched. */
export function rebuildBalance(db: WritableDb, mismatch: BalanceMismatch): void {
  statement(
    db,
    'UPDATE member_balance SET balance_points = ?, tier_points = ? WHERE member_key = ?',
  ).run(mismatch.expectedBalancePoints, mismatch.expectedTierPoints, mismatch.memberKey);
}
