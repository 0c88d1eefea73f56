// Goal: a member's profile comes back whole, with its last baskets and its referrer's household.
// Method: real files; sales are written as a commit writes them.
import { describe, expect, it } from 'vitest';
import { transaction, type WritableDb } from '#db/handle.ts';
import { insertMember, memberByCard, memberById } from '#db/members.ts';
import { EMPTY_PROFILE, profileOf, type StoredProfile, upsertProfile } from '#db/profiles.ts';
import { insertSale, insertVoid, type SaleLineRow } from '#db/sales.ts';
import { makeSale, newDatabase, TEST_DAY } from '#test/support/tillDatabase.ts';

const MEMBER_1 = { memberKey: 1, memberId: 'member-1' };

const FULL: StoredProfile = {
  language: 'de',
  enrolledAtMs: 1000,
  birthday: { month: 2, day: 29, changedAtMs: null },
  segments: ['regular'],
  flags: ['no-paper', 'no-lucky'],
  staffOperatorId: 'operator-1',
  referrerId: 'member-2',
  poolId: 'house-1',
  contractId: 'hotel',
};

function lineOf(line: number, sku: string | null): SaleLineRow {
  return {
    line,
    kind: sku === null ? 'amount' : 'product',
    sku,
    name: 'x',
    productType: 'food',
    quantity: 1,
    unitPriceMinor: 1000,
    discountMinor: 0,
    taxRateBasisPoints: 0,
  };
}

function sell(db: WritableDb, seq: number, skus: readonly (string | null)[]): void {
  const lines = skus.map((sku, index) => lineOf(index + 1, sku));
  transaction(db, () => insertSale(db, makeSale(seq, { memberKey: 1 }), lines, [], []));
}

describe('profiles', () => {
  it('a member that nobody described has an empty one', () => {
    expect(profileOf(newDatabase(), MEMBER_1)).toEqual({
      memberId: 'member-1',
      ...EMPTY_PROFILE,
      recentBaskets: [],
    });
  });

  it('come back whole and are replaced whole', () => {
    const db = newDatabase();
    upsertProfile(db, 1, FULL);
    const rest = { referrerPoolId: null, recentBaskets: [] };
    // Nobody can be given points for a member whom this till does not know.
    const alone = { ...FULL, referrerId: null };
    expect(profileOf(db, MEMBER_1)).toEqual({ memberId: 'member-1', ...alone, ...rest });
    const friend = { memberId: 'member-2', cardNumber: '2990000000024', displayName: '' };
    transaction(db, () => insertMember(db, friend));
    expect(profileOf(db, MEMBER_1)).toEqual({ memberId: 'member-1', ...FULL, ...rest });
    upsertProfile(db, 1, EMPTY_PROFILE);
    expect(profileOf(db, MEMBER_1)).toMatchObject(EMPTY_PROFILE);
  });

  it('name the household of the referrer', () => {
    const db = newDatabase();
    const friend = { memberId: 'member-2', cardNumber: '2990000000024', displayName: '' };
    const key = transaction(db, () => insertMember(db, friend));
    upsertProfile(db, key, { ...EMPTY_PROFILE, poolId: 'house-1' });
    upsertProfile(db, 1, FULL);
    expect(profileOf(db, MEMBER_1).referrerPoolId).toBe('house-1');
  });

  it('hold the skus of the last eight sales that stand, newest first', () => {
    const db = newDatabase();
    for (let seq = 1; seq <= 10; seq += 1) sell(db, seq, [`sku-${seq}`, null, 'milk', 'milk']);
    const undone = { seq: 11, refSeq: 9, entryId: 'void-1', managerId: 'm', operatorId: 'o' };
    insertVoid(db, { ...undone, atMs: 1, businessDay: TEST_DAY });
    const { recentBaskets } = profileOf(db, MEMBER_1);
    expect(recentBaskets).toHaveLength(8);
    expect(recentBaskets[0]).toEqual(['milk', 'sku-10']);
    expect(recentBaskets[1]).toEqual(['milk', 'sku-8']);
  });
});

describe('a member that this till met first', () => {
  it('holds nothing, and nobody has confirmed it', () => {
    const db = newDatabase();
    const member = { memberId: 'abc', cardNumber: '2990000000024', displayName: '' };
    transaction(db, () => insertMember(db, member));
    expect(memberByCard(db, member.cardNumber)).toMatchObject({
      ...member,
      balancePoints: 0,
      tierPoints: 0,
      asOfMs: null,
      isBlocked: false,
    });
    expect(memberById(db, 'abc')?.memberId).toBe('abc');
  });
});
