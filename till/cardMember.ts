// Owns the member that an unknown card becomes at its first scan, alike on every till.
import { insertMember, type MemberRow, memberByCard, memberById } from '#db/members.ts';
import { insertMovements } from '#db/movements.ts';
import { nextSeq } from '#db/outbox.ts';
import { EMPTY_PROFILE, profileOf, upsertProfile } from '#db/profiles.ts';
import { assert } from '#loyalty/assert.ts';
import { EMPTY_BOOKS } from '#loyalty/books/books.ts';
import { entriesOf } from '#loyalty/books/ledger.ts';
import { enrol } from '#loyalty/occasions/events.ts';
import { journal, stampMoment } from '#till/entry.ts';
import { memberIdOfCard } from '#till/hashes.ts';
import { heaped } from '#till/heap.ts';
import { writeLedger } from '#till/ledgerRows.ts';
import { momentOf } from '#till/served.ts';
import { newId, type Workstation } from '#till/workstation.ts';

/**
 * The holder of a card. Where the programme says so, an unknown card becomes a member without a
 * form or a name, and head office hears of it. Null for a card that stays unknown. Inside the
 * caller's transaction.
 */
export function holderOf(workstation: Workstation, cardNumber: string): MemberRow | null {
  const { db, state } = workstation;
  const known = memberByCard(db, cardNumber);
  const { anonymousKeyHex } = state.inForce.programme.cards;
  if (known !== null || anonymousKeyHex === undefined) return known;
  const memberId = memberIdOfCard(anonymousKeyHex, cardNumber);
  // The card was changed for another: whoever holds this id is found by the new one.
  if (memberById(db, memberId) !== null) return null;
  return enrolCard(workstation, memberId, cardNumber);
}

function enrolCard(workstation: Workstation, memberId: string, cardNumber: string): MemberRow {
  const { db, state } = workstation;
  const { compiled, programmeVersion } = state.inForce;
  const head = stampMoment(workstation);
  const id = newId(workstation);
  const memberKey = insertMember(db, { memberId, cardNumber, displayName: '' });
  upsertProfile(db, memberKey, { ...EMPTY_PROFILE, enrolledAtMs: head.atMs });
  const member = profileOf(db, { memberKey, memberId });
  const moment = momentOf(workstation);
  const outcome = enrol({ compiled, member, books: EMPTY_BOOKS, moment, occasionId: id }, null);
  const movements = outcome.ok ? heaped(outcome.value.movements, compiled) : [];
  const seq = nextSeq(db);
  const ledger = entriesOf(movements, seq, programmeVersion);
  insertMovements(db, seq, movements);
  writeLedger(db, seq, ledger);
  const written = journal(workstation, {
    kind: 'member-enrolled',
    id,
    ...head,
    memberId,
    cardNumber,
    programmeVersion,
    ledger,
    ...(movements.length === 0 ? {} : { movements }),
  });
  assert(written === seq, 'the journal numbered the enrolment as planned');
  const made = memberById(db, memberId);
  assert(made !== null, 'an enrolled member is there');
  return made;
}
