// Owns what one journal entry does to the books, or why it can do nothing and is parked.
import { assertNever } from '#loyalty/assert.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import {
  type JournalBody,
  journalBody,
  type SaleBody,
  type VoidReservationBody,
  type VoidSaleBody,
} from '#sync/protocol.ts';
import { type Account, accountOf, post } from '#upstream/accounts.ts';
import { type Connection, sql } from '#upstream/database.ts';
import { withRealOwners } from '#upstream/enrolment.ts';
import {
  accountsIn,
  type Effect,
  isMove,
  keyIn,
  type LedgerRow,
  movementOf,
  type ParkReason,
  sumOf,
} from '#upstream/ledgerPlan.ts';
import { areMovementsInRange, postMovements } from '#upstream/movements.ts';
import { planEnrolment, planOccasion } from '#upstream/occasions.ts';
import {
  findReservation,
  freePoints,
  insertReservation,
  setReservationState,
} from '#upstream/reservations.ts';
import { keyedMovements, settleOnce } from '#upstream/settlement.ts';

export interface ReadEntry {
  /** What the entry calls itself, if it says so at all. */
  readonly entryId: string | null;
  readonly body: Result<JournalBody, ParkReason>;
}

/** Never throws: what cannot be read is parked, and the entries behind it go on. */
export function readEntry(text: string): ReadEntry {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { entryId: null, body: failure('invalid') };
  }
  const named = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  const isName = typeof named === 'string' && named.length > 0 && named.length <= 64;
  const parsed = journalBody.safeParse(value);
  return {
    entryId: isName ? named : null,
    body: parsed.success ? success(parsed.data) : failure('invalid'),
  };
}

/** Decides inside the transaction that will carry it out. */
export function planEntry(
  connection: Connection,
  tillKey: number,
  body: JournalBody,
): Result<Effect, ParkReason> {
  switch (body.kind) {
    case 'sale':
      return planSale(connection, tillKey, body);
    case 'void-sale':
      return planVoidSale(connection, tillKey, body);
    case 'void-reservation':
      return planVoidReservation(connection, tillKey, body);
    case 'member-enrolled':
      return planEnrolment(connection, body);
    case 'occasion':
      return planOccasion(connection, body);
    case 'card-refused':
      // For whoever audits: it stands in the journal, and moves nothing.
      return success(() => null);
    default:
      return assertNever(body);
  }
}

function isMoneyRight(body: SaleBody): boolean {
  const tenderedMinor = sumOf(body.tenders.map((tender) => tender.amountMinor));
  // Fixed taxes are paid on top of what the lines cost.
  const costs = body.lines.map(
    ({ grossMinor, fixedTaxMinor = 0, quantity }) => grossMinor + fixedTaxMinor * quantity,
  );
  return (
    body.totalMinor === body.subtotalMinor - body.discountMinor + (body.roundingMinor ?? 0) &&
    body.totalMinor === tenderedMinor - body.changeMinor &&
    body.subtotalMinor === sumOf(costs) &&
    body.discountMinor === sumOf(body.lines.map((line) => line.discountMinor))
  );
}

/**
 * A sale's rows give points by accrual and take them by redemption, one row a reward. Another
 * member than the buyer (a referrer) can only be given some.
 */
function isSaleLedgerRight({ ledger, memberId, rewards }: SaleBody): boolean {
  const spent: number[] = [];
  for (const row of ledger) {
    const isOwn = row.memberId === memberId;
    if (isOwn && row.kind === 'redemption' && isMove(row, 'avail', 'redeemed')) {
      spent.push(row.points);
    } else if (row.kind !== 'accrual' || !isMove(row, 'issued', 'avail')) return false;
  }
  if (memberId === null && ledger.length > 0) return false;
  const promised = rewards.map((reward) => reward.points).filter((points) => points > 0);
  return JSON.stringify(spent.toSorted(byValue)) === JSON.stringify(promised.toSorted(byValue));
}

const byValue = (a: number, b: number): number => a - b;

function planSale(
  connection: Connection,
  tillKey: number,
  body: SaleBody,
): Result<Effect, ParkReason> {
  const buyer = body.memberId === null ? null : accountOf(connection, body.memberId);
  if (buyer === null && body.memberId !== null) return failure('member-unknown');
  if (!isMoneyRight(body) || !isSaleLedgerRight(body)) return failure('ledger-invalid');
  const accounts = accountsIn(connection, body.ledger);
  if (!accounts.ok) return accounts;
  const movements = withRealOwners(connection, body.movements ?? []);
  if (!areMovementsInRange(connection, movements)) return failure('out-of-range');
  const pointsOf = (kind: LedgerRow['kind']) =>
    sumOf(body.ledger.filter((row) => row.kind === kind).map((row) => row.points));
  const redeemed = pointsOf('redemption');
  return success((journalNumber) => {
    sql(
      connection,
      `INSERT INTO sale (entry_id, till_key, member_key, receipt_number, total_minor, currency,
         accrued, redeemed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      body.id,
      tillKey,
      buyer?.memberKey ?? null,
      body.receiptNumber,
      body.totalMinor,
      body.currency,
      pointsOf('accrual'),
      redeemed,
    );
    postMovements(connection, journalNumber, movements);
    postSale(connection, tillKey, body, accounts.value, journalNumber);
    settleOnce(connection, journalNumber, movements);
    const after = redeemed > 0 && buyer !== null ? accountOf(connection, buyer.memberId) : null;
    return after !== null && after.avail < 0 ? 'overdrawn' : null;
  });
}

/** The receipt is a promise: a redemption without its reservation is honoured from `avail`. */
function postSale(
  connection: Connection,
  tillKey: number,
  body: SaleBody,
  accounts: ReadonlyMap<string, Account>,
  journalNumber: number,
): void {
  const openRewards = [...body.rewards];
  for (const row of body.ledger) {
    const memberKey = keyIn(accounts, row.memberId);
    const movement = movementOf(row, memberKey);
    if (row.kind === 'accrual') {
      post(connection, { journalNumber }, movement);
      continue;
    }
    const index = openRewards.findIndex((reward) => reward.points === row.points);
    const [reward] = openRewards.splice(index, 1);
    const isHeld =
      reward !== undefined && confirm(connection, tillKey, memberKey, row.points, reward);
    const accountDebit = isHeld ? 'rsv' : 'avail';
    post(connection, { journalNumber }, { ...movement, accountDebit });
  }
}

/** True when head office holds the points for this reward. Its id is never good again. */
function confirm(
  connection: Connection,
  tillKey: number,
  memberKey: number,
  points: number,
  { reservationId }: SaleBody['rewards'][number],
): boolean {
  const known = findReservation(connection, reservationId);
  if (known === null) {
    const state = 'confirmed';
    insertReservation(connection, reservationId, { tillKey, memberKey, points, state });
    return false;
  }
  const isHeld =
    known.state === 'reserved' &&
    known.tillKey === tillKey &&
    known.memberKey === memberKey &&
    known.points === points;
  if (isHeld) setReservationState(connection, reservationId, 'confirmed');
  return isHeld;
}

function memberOf(connection: Connection, memberId: string | null): string | null {
  return memberId === null ? null : (accountOf(connection, memberId)?.memberId ?? null);
}

interface StoredSale {
  readonly tillKey: number;
  readonly memberId: string | null;
  readonly accrued: number;
  readonly redeemed: number;
  readonly voidedBy: string | null;
}

function planVoidSale(
  connection: Connection,
  tillKey: number,
  body: VoidSaleBody,
): Result<Effect, ParkReason> {
  const sale = sql<StoredSale>(
    connection,
    `SELECT till_key AS tillKey, member.member_id AS memberId, accrued, sale.redeemed,
       voided_by AS voidedBy
     FROM sale LEFT JOIN member ON member.member_key = sale.member_key WHERE entry_id = ?`,
  ).get(body.refId);
  if (sale === undefined || sale.tillKey !== tillKey) return failure('sale-unknown');
  if (sale.voidedBy !== null) return failure('already-voided');
  const takenBack = body.ledger.filter((row) => isMove(row, 'avail', 'issued'));
  const givenBack = body.ledger.filter((row) => isMove(row, 'redeemed', 'avail'));
  const isRight =
    memberOf(connection, body.memberId) === sale.memberId &&
    body.ledger.every((row) => row.kind === 'reversal') &&
    takenBack.length + givenBack.length === body.ledger.length &&
    sumOf(takenBack.map((row) => row.points)) === sale.accrued &&
    sumOf(givenBack.map((row) => row.points)) === sale.redeemed;
  if (!isRight) return failure('ledger-invalid');
  const accounts = accountsIn(connection, body.ledger);
  if (!accounts.ok) return accounts;
  const movements = withRealOwners(connection, body.movements ?? []);
  if (!areMovementsInRange(connection, movements)) return failure('out-of-range');
  return success((journalNumber) => {
    const text = 'UPDATE sale SET voided_by = ? WHERE entry_id = ?';
    sql(connection, text).run(body.id, body.refId);
    postMovements(connection, journalNumber, movements);
    for (const row of body.ledger) {
      const memberKey = keyIn(accounts.value, row.memberId);
      post(connection, { journalNumber }, movementOf(row, memberKey));
    }
    settleOnce(connection, journalNumber, keyedMovements(connection, body.refId));
    return null;
  });
}

function planVoidReservation(
  connection: Connection,
  tillKey: number,
  { memberId, reservationId }: VoidReservationBody,
): Result<Effect, ParkReason> {
  const known = findReservation(connection, reservationId);
  if (known === null) {
    // The tombstone: a request that is still on its way will be answered `voided`.
    return success(() => {
      const nothing = { tillKey, memberKey: null, points: null, state: 'voided' } as const;
      insertReservation(connection, reservationId, nothing);
      return null;
    });
  }
  const { memberKey, points } = known;
  const isSame =
    known.tillKey === tillKey &&
    (memberKey === null || memberKey === accountOf(connection, memberId)?.memberKey);
  if (!isSame) return failure('reservation-mismatch');
  // A sale's entry has used it, or it was never held: nothing is left to give back.
  if (known.state !== 'reserved' || memberKey === null || points === null)
    return success(() => null);
  return success((journalNumber) => {
    setReservationState(connection, reservationId, 'voided');
    freePoints(connection, journalNumber, { memberKey, points });
    return null;
  });
}
