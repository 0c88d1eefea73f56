// Owns who a basket file is for: a member by id or card, a member met first, a partner, a guest.

import { type MemberProfile, newMember } from '#loyalty/books/state.ts';
import { typedCard } from '#loyalty/card.ts';
import { hasGs1CheckDigit, hasLuhnCheckDigit } from '#loyalty/check.ts';
import type { BasketFile } from '#loyalty/files/basketFile.ts';
import type { FileFault } from '#loyalty/files/inputFiles.ts';
import type { LoadedState } from '#loyalty/files/stateFile.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

export interface Buyer {
  readonly member: MemberProfile | null;
  /** The card of a member that the state did not know. */
  readonly newCardNumber: string | null;
  readonly partnerId: string | null;
}

const GUEST: Buyer = { member: null, newCardNumber: null, partnerId: null };

/** How many names an answer lists. */
const NAMES_MAX = 5;

export function unknownMember(path: string, id: string, state: LoadedState): FileFault {
  const names = [...state.members.keys()].slice(0, NAMES_MAX).join(', ') || 'none yet';
  return { path, message: `"${id}" is no member of the state; write one of: ${names}` };
}

/** The partner that issues cards like this one, or null. */
export function partnerOf(programme: ProgrammeFile, cardNumber: string): string | null {
  const partner = programme.partners
    .filter(({ cardPrefix }) => cardNumber.startsWith(cardPrefix))
    .toSorted((left, right) => right.cardPrefix.length - left.cardPrefix.length)[0];
  return partner?.partnerId ?? null;
}

function byCard(
  cardNumber: string,
  programme: ProgrammeFile,
  state: LoadedState,
  atMs: number,
  memberIdOfCard: (keyHex: string, cardNumber: string) => string,
): Result<Buyer, FileFault> {
  const fault = (message: string) => failure({ path: '$.cardNumber', message });
  const known = state.members.get(state.memberIdByCard.get(cardNumber) ?? '');
  if (known !== undefined) return success({ ...GUEST, member: known });
  const partnerId = partnerOf(programme, cardNumber);
  if (partnerId !== null) {
    const isRight = hasGs1CheckDigit(cardNumber) || hasLuhnCheckDigit(cardNumber);
    return isRight ? success({ ...GUEST, partnerId }) : fault('has a wrong check digit');
  }
  const reading = typedCard(cardNumber, programme.cards);
  if (reading.kind === 'card-wrong-check-digit') return fault('has a wrong check digit');
  if (reading.kind === 'card-wrong-length') return fault('has too many or too few digits');
  if (reading.kind === 'unreadable') return fault('is no card of this programme');
  const { anonymousKeyHex } = programme.cards;
  if (anonymousKeyHex === undefined) {
    const cure = 'add it to a member of the state, or write cards.anonymousKeyHex in the programme';
    return fault(`no member has this card: ${cure}`);
  }
  const memberId = memberIdOfCard(anonymousKeyHex, reading.cardNumber);
  const member = state.members.get(memberId) ?? newMember(memberId, atMs);
  return success({ ...GUEST, member, newCardNumber: reading.cardNumber });
}

/** `memberIdOfCard`: HMAC-SHA-256 of a card under the card key; loyalty itself has no crypto. */
export function buyerOf(
  basket: BasketFile,
  programme: ProgrammeFile,
  state: LoadedState,
  atMs: number,
  memberIdOfCard: (keyHex: string, cardNumber: string) => string,
): Result<Buyer, FileFault> {
  const { memberId, cardNumber } = basket;
  if (memberId !== null) {
    const member = state.members.get(memberId);
    if (member === undefined) return failure(unknownMember('$.memberId', memberId, state));
    return success({ ...GUEST, member });
  }
  if (cardNumber === null) return success(GUEST);
  return byCard(cardNumber, programme, state, atMs, memberIdOfCard);
}
