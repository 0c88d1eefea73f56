// Owns baskets for tests of rewards: a programme's rewards, lines by short words, and their result.
import * as z from 'zod/mini';
import { type Books, EMPTY_BOOKS } from '#loyalty/books/books.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { localMomentOf, ownersOf, type PricingContext } from '#loyalty/pricing/context.ts';
import type { Claim, SaleLine } from '#loyalty/pricing/sale.ts';
import { type ProgrammeFile, programmeFile } from '#loyalty/programme/programmeFile.ts';
import { compileRewards, type DiscountResult, discount } from '#loyalty/rewards/discounts.ts';
import { grossLines } from '#loyalty/rewards/gross.ts';
import { entitlementsOf, offersOf } from '#loyalty/rewards/offers.ts';
import { taxesOf } from '#loyalty/rewards/taxes.ts';

type ProgrammeForm = z.input<typeof programmeFile>;
export type RewardForm = ProgrammeForm['rewards']['list'][number];

/** Only what a line has of its own; the rest is one untaxed unit of the product `A`. */
export type LineForm = Partial<SaleLine>;

export interface BasketForm {
  readonly rewards?: readonly RewardForm[];
  readonly programme?: Partial<ProgrammeForm>;
  readonly order?: 'pipeline' | 'asClaimed';
  readonly roundsToMinor?: number;
  readonly lines: readonly LineForm[];
  readonly claims?: readonly (Partial<Claim> & Pick<Claim, 'rewardId'>)[];
  readonly codes?: readonly string[];
  /** What of each account can be spent. */
  readonly points?: number;
  readonly isGuest?: boolean;
  readonly tierId?: string;
  readonly membershipIds?: readonly string[];
  readonly books?: Books;
  readonly atIso?: string;
}

const MEMBER: MemberProfile = {
  memberId: 'm',
  language: null,
  enrolledAtMs: null,
  birthday: null,
  segments: [],
  flags: [],
  staffOperatorId: null,
  referrerId: null,
  poolId: null,
  contractId: null,
  recentBaskets: [],
};

const NONE: ReadonlySet<string> = new Set();

function programmeOf(form: BasketForm): ProgrammeFile {
  return z.parse(programmeFile, {
    schema: 2,
    programmeId: 'test',
    version: 1,
    effectiveFromIso: '2020-01-01T00:00:00Z',
    effectiveToIso: null,
    timeZone: 'UTC',
    businessDayCutOver: '00:00',
    currency: 'EUR',
    languages: ['en', 'tr'],
    pointsName: { one: { en: 'point', tr: 'puan' }, other: { en: 'points', tr: 'puan' } },
    cards: { memberPrefix: null, luhn: null, gsrn: false },
    earning: { rules: [] },
    tiers: { levels: [{ tierId: 'base', name: { en: 'Base', tr: 'Temel' }, from: 0 }] },
    rewards: {
      order: form.order ?? 'pipeline',
      roundsToMinor: form.roundsToMinor ?? 1,
      list: [...(form.rewards ?? [])],
    },
    amountLine: { productType: 'other', taxRateBasisPoints: 0 },
    ...form.programme,
  });
}

function linesOf(forms: readonly LineForm[]): readonly SaleLine[] {
  return forms.map((form, index) => ({
    line: index + 1,
    kind: 'product',
    sku: 'A',
    productType: 'goods',
    quantity: 1,
    unitPriceMinor: 100,
    taxRateBasisPoints: 0,
    ...form,
  }));
}

export function contextOf(form: BasketForm, programme: ProgrammeFile): PricingContext {
  const atMs = parseInstantIso(form.atIso ?? '2026-03-10T12:00:00Z') ?? 0;
  const member = form.isGuest === true ? null : MEMBER;
  const sale = {
    transactionId: 't1',
    lines: linesOf(form.lines),
    claims: (form.claims ?? []).map((claim) => ({ times: 1, line: null, ...claim })),
    codes: form.codes ?? [],
    tenders: [],
  };
  return {
    sale,
    moment: { atMs, channel: 'till', operatorId: 'o', saleDigestHex: null },
    local: localMomentOf(atMs, 'UTC', 0),
    timeZone: 'UTC',
    member,
    ...ownersOf(member),
    books: form.books ?? EMPTY_BOOKS,
    lines: grossLines(sale, programme.prices, null, false),
    tierIndex: 0,
    tierId: form.tierId ?? 'base',
    membershipIds: new Set(form.membershipIds ?? []),
    segmentIds: () => NONE,
    badgeIds: () => NONE,
    isReferrerAllowed: true,
  };
}

export function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** Everything that rewards do to a basket. */
export function priced(form: BasketForm) {
  const programme = programmeOf(form);
  const rewards = compileRewards(programme);
  const context = contextOf(form, programme);
  const spendable = () => form.points ?? 0;
  const result: DiscountResult = discount(rewards, context, spendable);
  return {
    ...result,
    totalMinor: sumOf(result.netMinor) + result.roundingMinor,
    /** Money off, as the receipt prints it. */
    off: result.discounts.map(({ rewardId, amountMinor }) => [rewardId, amountMinor]),
    taxes: taxesOf(context, result.netMinor),
    offers: offersOf(rewards, result),
    entitlements: entitlementsOf(rewards, context, result),
    context,
  };
}

/** The head of a reward: its id is its name. */
export function head(rewardId: string) {
  return { rewardId, name: { en: rewardId, tr: rewardId } };
}

export function automatic(rewardId: string) {
  return { ...head(rewardId), trigger: 'automatic' as const };
}

/** A reward that its own id, in capitals, brings in. */
export function byCode(rewardId: string) {
  const when = { code: rewardId.toUpperCase() };
  return { ...head(rewardId), trigger: 'code' as const, when };
}
