// Owns what rules ask of a member besides figures: language, birthday, segments, who brought it.
import { type ReadableDb, statement, type WritableDb } from '#db/handle.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';

/** What head office says of a member; the baskets are the till's own knowledge. */
export type StoredProfile = Omit<MemberProfile, 'memberId' | 'recentBaskets' | 'referrerPoolId'>;

export const EMPTY_PROFILE: StoredProfile = {
  language: null,
  enrolledAtMs: null,
  birthday: null,
  segments: [],
  flags: [],
  staffOperatorId: null,
  referrerId: null,
  poolId: null,
  contractId: null,
};

/** Replaces a member's profile whole. */
export function upsertProfile(db: WritableDb, memberKey: number, profile: StoredProfile): void {
  const { birthday } = profile;
  statement(
    db,
    `INSERT INTO member_profile (member_key, language, enrolled_at_ms, birthday_month,
       birthday_day, birthday_changed_at_ms, segments, flags, staff_operator_id, referrer_id,
       pool_id, contract_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (member_key) DO UPDATE SET language = excluded.language,
       enrolled_at_ms = excluded.enrolled_at_ms, birthday_month = excluded.birthday_month,
       birthday_day = excluded.birthday_day,
       birthday_changed_at_ms = excluded.birthday_changed_at_ms, segments = excluded.segments,
       flags = excluded.flags, staff_operator_id = excluded.staff_operator_id,
       referrer_id = excluded.referrer_id, pool_id = excluded.pool_id,
       contract_id = excluded.contract_id`,
  ).run(
    memberKey,
    profile.language,
    profile.enrolledAtMs,
    birthday?.month ?? null,
    birthday?.day ?? null,
    birthday?.changedAtMs ?? null,
    JSON.stringify(profile.segments),
    JSON.stringify(profile.flags),
    profile.staffOperatorId,
    profile.referrerId,
    profile.poolId,
    profile.contractId,
  );
}

interface ProfileRow {
  readonly language: string | null;
  readonly enrolledAtMs: number | null;
  readonly birthdayMonth: number | null;
  readonly birthdayDay: number | null;
  readonly birthdayChangedAtMs: number | null;
  readonly segments: string;
  readonly flags: string;
  readonly staffOperatorId: string | null;
  readonly referrerId: string | null;
  readonly referrerPoolId: string | null;
  readonly poolId: string | null;
  readonly contractId: string | null;
}

// A referrer whom this till does not know can be given nothing here.
const SELECT_PROFILE = `SELECT own.language, own.enrolled_at_ms AS enrolledAtMs,
    own.birthday_month AS birthdayMonth, own.birthday_day AS birthdayDay,
    own.birthday_changed_at_ms AS birthdayChangedAtMs, own.segments, own.flags,
    own.staff_operator_id AS staffOperatorId, member.member_id AS referrerId,
    other.pool_id AS referrerPoolId, own.pool_id AS poolId, own.contract_id AS contractId
  FROM member_profile AS own
  LEFT JOIN member ON member.member_id = own.referrer_id
  LEFT JOIN member_profile AS other ON other.member_key = member.member_key
  WHERE own.member_key = +?`;

/** The profile with which a member's sale is priced. */
export function profileOf(
  db: ReadableDb,
  member: { readonly memberKey: number; readonly memberId: string },
): MemberProfile {
  const { memberKey, memberId } = member;
  const recentBaskets = recentBasketsOf(db, memberKey);
  const row = statement<ProfileRow>(db, SELECT_PROFILE).get(memberKey);
  if (row === undefined) return { memberId, ...EMPTY_PROFILE, recentBaskets };
  const { birthdayMonth, birthdayDay, birthdayChangedAtMs, segments, flags, ...rest } = row;
  return {
    memberId,
    ...rest,
    birthday:
      birthdayMonth === null || birthdayDay === null
        ? null
        : { month: birthdayMonth, day: birthdayDay, changedAtMs: birthdayChangedAtMs },
    segments: JSON.parse(segments) as readonly string[],
    flags: JSON.parse(flags) as readonly string[],
    recentBaskets,
  };
}

const BASKETS = 8;

/** Skus of the member's last sales at this till, newest first; sales that were undone left out. */
function recentBasketsOf(db: ReadableDb, memberKey: number): readonly (readonly string[])[] {
  const sales = statement<{ seq: number }>(
    db,
    `SELECT sale.seq FROM retail_transaction AS sale
     LEFT JOIN voided_transaction AS undone ON undone.ref_seq = sale.seq
     WHERE sale.member_key = +? AND undone.seq IS NULL ORDER BY sale.seq DESC LIMIT +?`,
  ).all(memberKey, BASKETS);
  const skus = statement<{ sku: string }>(
    db,
    'SELECT DISTINCT sku FROM line WHERE seq = +? AND sku IS NOT NULL ORDER BY sku',
  );
  return sales.map(({ seq }) => skus.all(seq).map(({ sku }) => sku));
}
