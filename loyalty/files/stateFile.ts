// Owns the form of a state file: what `npm run price` is told of members and books.
import * as z from 'zod/mini';
import { type Books, DEBT_LOT, type Lot, memberOwner } from '#loyalty/books/books.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import {
  closedObject,
  identifier,
  instantIso,
  integerOf,
  language,
  listOf,
  sku,
  textOf,
  tierId,
} from '#loyalty/programme/fields.ts';

const id = textOf(64, 'the id');
const amount = integerOf(-9_000_000_000_000, 9_000_000_000_000, 'the amount');

const lotForm = closedObject({
  lotId: textOf(100, 'the lot'),
  amount,
  fromIso: instantIso,
  untilIso: z._default(z.nullable(instantIso), null),
});

const memberForm = closedObject({
  memberId: id,
  cardNumber: z._default(z.nullable(id), null),
  language: z._default(z.nullable(language), null),
  enrolledAtIso: z._default(z.nullable(instantIso), null),
  birthday: z._default(
    z.nullable(
      closedObject({
        month: integerOf(1, 12, 'the month'),
        day: integerOf(1, 31, 'the day'),
        changedAtIso: z._default(z.nullable(instantIso), null),
      }),
    ),
    null,
  ),
  segments: z._default(listOf(identifier, 0, 50), []),
  flags: z._default(listOf(identifier, 0, 50), []),
  staffOperatorId: z._default(z.nullable(id), null),
  referrerId: z._default(z.nullable(id), null),
  poolId: z._default(z.nullable(id), null),
  contractId: z._default(z.nullable(id), null),
  recentBaskets: z._default(listOf(listOf(sku, 0, 999), 0, 8), []),
  /** Short for a lot that began long ago: `{ "points": 120 }`. */
  balances: z._default(z.record(z.string(), amount), {}),
  /** Short for a tier that is held: its id, and until when. */
  tier: z._default(
    z.nullable(closedObject({ tierId, untilIso: z._default(z.nullable(instantIso), null) })),
    null,
  ),
});

/** `--state` of `npm run price`: members, who is buying, and the books by owner and account. */
export const stateFile = closedObject({
  members: z._default(listOf(memberForm, 0, 1000), []),
  books: z._default(z.record(z.string(), z.record(z.string(), listOf(lotForm, 0, 10_000))), {}),
});
export type StateFile = z.infer<typeof stateFile>;

/** Everything of a state file, as the engine holds it. */
export interface LoadedState {
  readonly members: ReadonlyMap<string, MemberProfile>;
  readonly memberIdByCard: ReadonlyMap<string, string>;
  readonly books: Books;
}

/** The lot of a balance that a state file gives without dates; what is owed is a debt. */
export function openingLot(held: number): string {
  return held < 0 ? DEBT_LOT : 'opening';
}

function msOf(iso: string | null): number | null {
  return iso === null ? null : parseInstantIso(iso);
}

type MemberForm = StateFile['members'][number];

function profileOf(form: MemberForm): MemberProfile {
  const { memberId, language: tongue, segments, flags, birthday } = form;
  return {
    memberId,
    language: tongue,
    enrolledAtMs: msOf(form.enrolledAtIso),
    birthday:
      birthday === null
        ? null
        : {
            month: birthday.month,
            day: birthday.day,
            changedAtMs: msOf(birthday.changedAtIso),
          },
    segments,
    flags,
    staffOperatorId: form.staffOperatorId,
    referrerId: form.referrerId,
    poolId: form.poolId,
    contractId: form.contractId,
    recentBaskets: form.recentBaskets,
  };
}

/** Reads a checked state file. */
export function loadState(file: StateFile): LoadedState {
  const books = new Map<string, Map<string, Lot[]>>();
  const put = (owner: string, account: string, lot: Lot) => {
    const accounts = books.get(owner) ?? new Map<string, Lot[]>();
    books.set(owner, accounts);
    accounts.set(account, [...(accounts.get(account) ?? []), lot]);
  };
  for (const [owner, accounts] of Object.entries(file.books)) {
    for (const [account, lots] of Object.entries(accounts)) {
      for (const { lotId, amount: held, fromIso, untilIso } of lots) {
        const fromMs = parseInstantIso(fromIso) ?? 0;
        put(owner, account, { lotId, amount: held, fromMs, untilMs: msOf(untilIso) });
      }
    }
  }
  for (const form of file.members) {
    const owner = memberOwner(form.memberId);
    for (const [account, held] of Object.entries(form.balances)) {
      if (held !== 0)
        put(owner, account, { lotId: openingLot(held), amount: held, fromMs: 0, untilMs: null });
    }
    if (form.tier !== null) {
      const untilMs = msOf(form.tier.untilIso);
      put(owner, 'tier', { lotId: form.tier.tierId, amount: 1, fromMs: 0, untilMs });
    }
  }
  const pools = new Map(file.members.map(({ memberId, poolId }) => [memberId, poolId]));
  const withReferrer = (form: MemberForm): MemberProfile => ({
    ...profileOf(form),
    referrerPoolId: pools.get(form.referrerId ?? '') ?? null,
  });
  return {
    members: new Map(file.members.map((form) => [form.memberId, withReferrer(form)])),
    memberIdByCard: new Map(
      file.members.flatMap(({ cardNumber, memberId }) =>
        cardNumber === null ? [] : [[cardNumber, memberId] as const],
      ),
    ),
    books,
  };
}
