// Owns forgetting a person: the facts go, the ledger stays, and the card never finds it again.
import { type MemberProfile, newMember } from '#loyalty/books/state.ts';

/** What is held of a person besides the ledger. */
export interface Person {
  readonly profile: MemberProfile;
  readonly displayName: string | null;
  readonly phone: string | null;
  readonly mail: string | null;
  /** HMAC-SHA-256 of the card under the card key, or null without a card. */
  readonly cardHashHex: string | null;
}

/** The member without the person, and the card hash that must not lead to it again. */
export function erase(person: Person): {
  readonly person: Person;
  readonly tombstone: string | null;
} {
  const { memberId, enrolledAtMs, poolId, contractId } = person.profile;
  // What others hold together with the member stays theirs.
  const profile = { ...newMember(memberId, enrolledAtMs), poolId, contractId };
  return {
    person: { profile, displayName: null, phone: null, mail: null, cardHashHex: null },
    tombstone: person.cardHashHex,
  };
}

/**
 * The id of the member that an unknown card becomes: its hash, alike on every till; after an
 * erasure a random one, so that nobody is joined to the ledger that was left behind.
 */
export function memberIdAfterErasure(
  cardHashHex: string,
  tombstones: ReadonlySet<string>,
  randomId: string,
): string {
  return tombstones.has(cardHashHex) ? randomId : cardHashHex;
}
