// Owns points that a cashier gives: for an event that rules know, or as goodwill with a reason.
import { memberByKey } from '#db/members.ts';
import { insertMovements } from '#db/movements.ts';
import { nextSeq } from '#db/outbox.ts';
import { assert } from '#loyalty/assert.ts';
import { operatorOwner, sumBetween } from '#loyalty/books/books.ts';
import { entriesOf } from '#loyalty/books/ledger.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import { grantEvent } from '#loyalty/occasions/events.ts';
import { giveGoodwill } from '#loyalty/occasions/gifts.ts';
import type { OccasionResult, Outcome, Refused } from '#loyalty/occasions/occasion.ts';
import type { Occasion } from '#loyalty/occasions/occasionLedger.ts';
import { localMomentOf } from '#loyalty/pricing/context.ts';
import { failure, type Result } from '#loyalty/result.ts';
import type { OccasionBody } from '#sync/protocol.ts';
import { DONE, serve } from '#till/basketFlow.ts';
import type { BasketView, MethodInput, TillError } from '#till/contract.ts';
import { journal, stampMoment } from '#till/entry.ts';
import { heaped } from '#till/heap.ts';
import { writeLedger } from '#till/ledgerRows.ts';
import { nameIn } from '#till/names.ts';
import type { InForce } from '#till/programmeCache.ts';
import { momentOf } from '#till/served.ts';
import { managerFor } from '#till/signIn.ts';
import { atomically, newId, tellCashier, type Workstation } from '#till/workstation.ts';

type Done = Record<string, never>;
type GiftsView = NonNullable<BasketView['member']>['gifts'];

/** What the operator could give this member: events that rules know, and goodwill that is left. */
export function giftsView({ state, shop, nowMs }: Workstation): GiftsView {
  const { programme, compiled } = state.inForce;
  const names = new Map<string, string>();
  for (const rule of programme.earning.rules) {
    if (rule.kind !== 'event' || rule.givenBy !== 'operator' || names.has(rule.eventId)) continue;
    names.set(rule.eventId, nameIn(rule.name, shop.language));
  }
  const { goodwillPerOperatorPerDay, reasons } = programme.gifts;
  const owner = operatorOwner(state.operator?.operatorId ?? '');
  const { dayMs } = localMomentOf(nowMs(), compiled.timeZone, compiled.cutOverMinutes);
  const given = sumBetween(state.served.books, owner, 'goodwill', dayMs, dayMs + DAY_MS);
  return {
    events: [...names].map(([eventId, name]) => ({ eventId, name })),
    goodwillPoints: Math.max(0, goodwillPerOperatorPerDay - given),
    reasons: reasons.map(({ reasonId, name }) => {
      return { reasonId, name: nameIn(name, shop.language) };
    }),
  };
}

function errorOf({ reason, left }: Refused): TillError {
  if (reason === 'limit-reached') return { code: 'gift-limit', args: { left } };
  return reason === 'staff-card' ? { code: 'staff-card' } : { code: 'gift-refused' };
}

interface Gift {
  readonly occasion: OccasionBody['occasion'];
  /** The event, the reason, or the sale. */
  readonly about: string;
  readonly managerId: string | null;
  /** The programme that gives it, where that is not the open basket's. */
  readonly inForce?: InForce;
  readonly make: (occasion: Occasion) => OccasionResult;
  readonly errorOf?: (refused: Refused) => TillError;
}

/** Gives it to the member of the open sale: books, ledger and journal in one transaction. */
export function give(workstation: Workstation, gift: Gift): Result<Done, TillError> {
  const { state, db } = workstation;
  const { member, served, operator } = state;
  if (operator === null) return failure({ code: 'operator-required' });
  if (state.askingRewardId !== null) return failure({ code: 'busy' });
  if (member === null || served.member === null) return failure({ code: 'gift-refused' });
  const occasionId = newId(workstation);
  const outcome = gift.make({
    compiled: (gift.inForce ?? state.inForce).compiled,
    member: served.member,
    books: served.books,
    moment: momentOf(workstation),
    occasionId,
  });
  if (!outcome.ok) return failure((gift.errorOf ?? errorOf)(outcome.error));
  const written = atomically(workstation, () => {
    write(workstation, gift, { id: occasionId, memberId: member.memberId }, outcome.value);
    serve(workstation, memberByKey(db, member.memberKey));
    return DONE;
  });
  if (written.ok) {
    const points = outcome.value.explanation.reduce((sum, line) => sum + line.points, 0);
    tellCashier(workstation, 'good', 'notice.gift-given', { points });
  }
  workstation.changed();
  return written;
}

function write(
  workstation: Workstation,
  { occasion, about, managerId, inForce }: Gift,
  named: { readonly id: string; readonly memberId: string },
  outcome: Outcome,
): void {
  const { db, state } = workstation;
  const { compiled, programmeVersion } = inForce ?? state.inForce;
  const movements = heaped(outcome.movements, compiled);
  const seq = nextSeq(db);
  const ledger = entriesOf(movements, seq, programmeVersion);
  insertMovements(db, seq, movements);
  writeLedger(db, seq, ledger);
  const body = { kind: 'occasion', ...named, ...stampMoment(workstation) } as const;
  const what = { occasion, about, managerId, programmeVersion };
  const written = journal(workstation, { ...body, ...what, ledger, movements });
  assert(written === seq, 'the journal numbered the gift as planned');
}

/** Something that happened besides a purchase. A manager may give beyond what a rule allows. */
export function giveEvent(
  workstation: Workstation,
  { eventId, managerPin }: MethodInput<'member.giveEvent'>,
): Result<Done, TillError> {
  const { operator } = workstation.state;
  const isManagerAsked = managerPin !== null || operator?.role === 'manager';
  const manager = isManagerAsked ? managerFor(workstation, managerPin) : null;
  if (manager !== null && !manager.ok) return manager;
  const isApprovedByManager = manager !== null;
  return give(workstation, {
    occasion: 'event',
    about: eventId,
    managerId: manager?.value.operatorId ?? null,
    make: (occasion) => grantEvent(occasion, { eventId, key: null, isApprovedByManager }),
  });
}

/** Points to say sorry with, out of what the operator may give in a day. */
export function giveForReason(
  workstation: Workstation,
  { points, reasonId }: MethodInput<'member.giveGoodwill'>,
): Result<Done, TillError> {
  return give(workstation, {
    occasion: 'goodwill',
    about: reasonId,
    managerId: null,
    make: (occasion) => giveGoodwill(occasion, { points, reasonId }),
  });
}
