// Owns what rules may know of a member and of the shop: the profile, and the books.
import { type Books, memberOwner } from '#loyalty/books/books.ts';

/** A day of the year; the year itself is nobody's business. */
export interface Birthday {
  readonly month: number;
  readonly day: number;
  /** When it was last edited, or null: an edit must not bring a second birthday. */
  readonly changedAtMs: number | null;
}

/** What the till knows of a member besides figures. */
export interface MemberProfile {
  readonly memberId: string;
  /** BCP 47 language of paper and offers, or null for the shop's. */
  readonly language: string | null;
  readonly enrolledAtMs: number | null;
  readonly birthday: Birthday | null;
  /** Segments that head office put the member into; computed ones come on top. */
  readonly segments: readonly string[];
  /** Preferences and marks: `no-paper`, `no-lucky`, … */
  readonly flags: readonly string[];
  /** A staff card earns nothing on a customer's sale. The operator it belongs to, or null. */
  readonly staffOperatorId: string | null;
  readonly referrerId: string | null;
  /** The household of the referrer, where it is known: nobody of the own one is a referrer. */
  readonly referrerPoolId?: string | null;
  /** The household or club that holds the points, or null for the member itself. */
  readonly poolId: string | null;
  readonly contractId: string | null;
  /** Skus of the last baskets, newest first, at most eight. */
  readonly recentBaskets: readonly (readonly string[])[];
}

/** Somebody of whom the shop knows an id, and nothing else. */
export function newMember(memberId: string, enrolledAtMs: number | null): MemberProfile {
  return {
    memberId,
    language: null,
    enrolledAtMs,
    birthday: null,
    segments: [],
    flags: [],
    staffOperatorId: null,
    referrerId: null,
    poolId: null,
    contractId: null,
    recentBaskets: [],
  };
}

/** What pricing knows besides the sale. */
export interface State {
  /** Null for a guest. */
  readonly member: MemberProfile | null;
  readonly books: Books;
}

/** Who holds the points of a member: itself, or its pool. */
export function pointsOwner(member: MemberProfile): string {
  return member.poolId === null ? memberOwner(member.memberId) : `pool/${member.poolId}`;
}
