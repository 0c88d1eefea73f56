// Owns a desk at which things happen to members besides purchases, one after the other, for tests.
import {
  applyMovements,
  type Books,
  EMPTY_BOOKS,
  heldOf,
  memberOwner,
} from '#loyalty/books/books.ts';
import { type MemberProfile, newMember } from '#loyalty/books/state.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { type EventRequest, grantEvent } from '#loyalty/occasions/events.ts';
import type { OccasionResult } from '#loyalty/occasions/occasion.ts';
import type { Occasion } from '#loyalty/occasions/occasionLedger.ts';
import { compiledOf, named, type ProgrammeForm, programmeOf } from '#test/support/loyaltyShop.ts';

export const OWNER = memberOwner('m1');

export function member(memberId: string, changes: Partial<MemberProfile> = {}): MemberProfile {
  return { ...newMember(memberId, null), ...changes };
}

export function ms(iso: string): number {
  const atMs = parseInstantIso(iso.includes('T') ? `${iso}Z` : `${iso}T12:00:00Z`);
  if (atMs === null) throw new Error(iso);
  return atMs;
}

/** A shop in which one thing happens after the other. */
export class Desk {
  books: Books;
  private count = 0;
  private readonly compiled: Occasion['compiled'];

  constructor(programme: Partial<ProgrammeForm>, books: Books = EMPTY_BOOKS) {
    this.compiled = compiledOf(programmeOf(programme));
    this.books = books;
  }

  /** Applies what happens; says why nothing does. */
  on(
    iso: string,
    happen: (occasion: Occasion) => OccasionResult,
    who: MemberProfile = member('m1'),
    operatorId = 'ayse',
  ): string | readonly number[] {
    this.count += 1;
    const moment = { atMs: ms(iso), channel: 'till', operatorId, saleDigestHex: null } as const;
    const { compiled, books } = this;
    const occasionId = `o${this.count}`;
    const result = happen({ compiled, member: who, books, moment, occasionId });
    if (!result.ok) return `${result.error.reason} ${result.error.left}`;
    this.books = applyMovements(books, result.value.movements);
    return result.value.explanation.map(({ points }) => points);
  }

  held(account = 'points', owner = OWNER): number {
    return heldOf(this.books, owner, account);
  }
}

export function points(amount: number, owner = OWNER): Books {
  const lot = { lotId: 'opening', amount, fromMs: 0, untilMs: null };
  return new Map([[owner, new Map([['points', [lot]]])]]);
}

export function eventRule(
  ruleId: string,
  gives: number,
  changes: object = {},
): ProgrammeForm['earning']['rules'][number] {
  const head = { ruleId, name: named(ruleId), eventId: ruleId, givenBy: 'operator' as const };
  return { kind: 'event', ...head, points: gives, ...changes };
}

export function event(eventId: string, changes: Partial<EventRequest> = {}) {
  return (occasion: Occasion) =>
    grantEvent(occasion, { eventId, key: null, isApprovedByManager: false, ...changes });
}
