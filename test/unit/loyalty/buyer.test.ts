// Goal: whoever buys is found by id or card, and a card that is none is refused by its fault.
// Method: one state and programme; each way of saying who it is.
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { gs1CheckDigit, luhnCheckDigit } from '#loyalty/check.ts';
import { basketFile } from '#loyalty/files/basketFile.ts';
import { buyerOf } from '#loyalty/files/buyer.ts';
import { loadState, stateFile } from '#loyalty/files/stateFile.ts';
import { CARD_KEY_HEX, compiledOf, named, programmeOf } from '#test/support/loyaltyShop.ts';

const gs1 = (body: string) => `${body}${gs1CheckDigit(body)}`;
const KNOWN = gs1('299000000001');
const NEW = gs1('299000000002');

const state = loadState(
  z.parse(stateFile, { members: [{ memberId: 'ada', cardNumber: KNOWN }, { memberId: 'ben' }] }),
);
const partners = [
  { partnerId: 'film', name: named('Film'), cardPrefix: '29', account: 'points' },
  { partnerId: 'film-club', name: named('Club'), cardPrefix: '2977', account: 'points' },
];
const base = programmeOf();
const withPartners = compiledOf(programmeOf({ partners: partners.slice(1) })).programme;
const { programme } = compiledOf(base);
const { anonymousKeyHex: _key, ...cards } = base.cards;
const closed = compiledOf(programmeOf({ cards })).programme;
const AT = 1_772_000_000_000;

function find(who: object, rules = programme, known = state) {
  const basket = z.parse(basketFile, { action: 'enrol', ...who });
  const idOf = (keyHex: string, card: string) => `${keyHex.slice(0, 2)}-${card}`;
  return buyerOf(basket, rules, known, AT, idOf);
}

const faultOf = (found: ReturnType<typeof find>) => (found.ok ? null : found.error);

describe('the buyer', () => {
  it('is a guest where nothing is said', () => {
    const value = { member: null, newCardNumber: null, partnerId: null };
    expect(find({})).toEqual({ ok: true, value });
  });

  it('is a member by id or card', () => {
    for (const who of [{ memberId: 'ada' }, { cardNumber: KNOWN }]) {
      expect(find(who)).toMatchObject({
        ok: true,
        value: { member: { memberId: 'ada' }, newCardNumber: null, partnerId: null },
      });
    }
    expect(faultOf(find({ memberId: 'eve' }))).toEqual({
      path: '$.memberId',
      message: '"eve" is no member of the state; write one of: ada, ben',
    });
    const empty = loadState(z.parse(stateFile, {}));
    expect(faultOf(find({ memberId: 'eve' }, programme, empty))?.message).toContain('none yet');
  });

  it('is made of an unknown card under the card key, and known from then on', () => {
    const memberId = `${CARD_KEY_HEX.slice(0, 2)}-${NEW}`;
    expect(find({ cardNumber: NEW })).toMatchObject({
      ok: true,
      value: { member: { memberId, enrolledAtMs: AT, flags: [] }, newCardNumber: NEW },
    });
    const later = loadState(z.parse(stateFile, { members: [{ memberId, flags: ['no-lucky'] }] }));
    expect(find({ cardNumber: NEW }, programme, later)).toMatchObject({
      ok: true,
      value: { member: { memberId, flags: ['no-lucky'], enrolledAtMs: null } },
    });
    expect(faultOf(find({ cardNumber: NEW }, closed))?.message).toContain(
      'no member has this card: add it to a member of the state, or write cards.anonymousKeyHex',
    );
  });

  it.each([
    ['2990000000018', 'has a wrong check digit'],
    ['29900', 'has too many or too few digits'],
    ['hello', 'is no card of this programme'],
    ['1234567', 'is no card of this programme'],
  ])('%s %s', (cardNumber, message) => {
    expect(faultOf(find({ cardNumber }))).toEqual({ path: '$.cardNumber', message });
  });

  it('has a card of a partner, with a check digit of either kind', () => {
    for (const cardNumber of ['2977000000010', `297712${luhnCheckDigit('297712')}`]) {
      expect(find({ cardNumber }, withPartners)).toEqual({
        ok: true,
        value: { member: null, newCardNumber: null, partnerId: 'film-club' },
      });
    }
    const wrong = faultOf(find({ cardNumber: '2977000000011' }, withPartners));
    expect(wrong?.message).toBe('has a wrong check digit');
    // The longer prefix knows the card better.
    const both = { ...withPartners, partners };
    expect(find({ cardNumber: '2977000000010' }, both)).toMatchObject({
      value: { partnerId: 'film-club' },
    });
    expect(find({ cardNumber: gs1('298000000001') }, both)).toMatchObject({
      value: { partnerId: 'film' },
    });
  });
});
