// Owns a till under rules of a test: what it sells, keeps, undoes, tells and prints.
import { booksOf } from '#db/holdings.ts';
import { memberByCard } from '#db/members.ts';
import { readBatch } from '#db/outbox.ts';
import { originalPrintJob } from '#db/printJobs.ts';
import { EMPTY_PROFILE, type StoredProfile, upsertProfile } from '#db/profiles.ts';
import { lastSale } from '#db/sales.ts';
import { assert } from '#loyalty/assert.ts';
import { heldOf } from '#loyalty/books/books.ts';
import { type JournalBody, journalBody } from '#sync/protocol.ts';
import { DEMO_PROGRAMME, newTill } from '#test/support/till.ts';
import { commitSale } from '#till/commit.ts';
import { handleScan } from '#till/scanRouting.ts';
import { snapshot } from '#till/snapshot.ts';
import { voidLastSale } from '#till/voidSale.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoCard } from '#tools/demoShop.ts';

export const named = (text: string) => ({ en: text, tr: text, de: text });
export const MEMBER_1 = 'member/demo-member-1';

/** A partner whose card earns a share of the sale: accounts, partners and one rule. */
export const cinema = {
  account: {
    accountId: 'cinema',
    kind: 'partner',
    names: { one: named('cinema point'), other: named('cinema points') },
    expiry: null,
    costMinor: '0.8',
  },
  partner: { partnerId: 'cinema', name: named('Cinema'), cardPrefix: '2977', account: 'cinema' },
  share: {
    kind: 'share',
    ruleId: 'cinema',
    name: named('Cinema'),
    account: 'cinema',
    points: '1',
    perMinor: 100,
    to: 'cinema',
  },
};

/** The demo programme with some of its keys replaced. */
export function programme(changes: Record<string, unknown>): string {
  return JSON.stringify({ ...JSON.parse(DEMO_PROGRAMME), ...changes });
}

export function tillWith(changes: Record<string, unknown>): Workstation {
  return newTill({}, { programmeText: programme(changes) }).workstation;
}

export function describeMember(workstation: Workstation, profile: Partial<StoredProfile>): void {
  const member = memberByCard(workstation.db, demoCard(1));
  assert(member !== null, 'the demo has its first member');
  upsertProfile(workstation.db, member.memberKey, { ...EMPTY_PROFILE, ...profile });
}

export function scan(workstation: Workstation, label: string): void {
  handleScan(workstation, { label, aim: null });
}

export function pay(workstation: Workstation, tenderType = 'cash') {
  const { basket, pricing } = workstation.state;
  const { totalMinor, earnedPoints, redeemedPoints } = pricing;
  const tenders = totalMinor === 0 ? [] : [{ tenderType, amountMinor: totalMinor }];
  return commitSale(
    workstation,
    { isOnline: true },
    {
      transactionId: basket.transactionId,
      tenders,
      expected: { totalMinor, earnedPoints, redeemedPoints },
    },
  );
}

export function undo(workstation: Workstation) {
  const sale = lastSale(workstation.db);
  return voidLastSale(workstation, sale?.transactionId ?? '', { operatorId: 'op-2' });
}

export function held(workstation: Workstation, owner: string, account: string): number {
  return heldOf(booksOf(workstation.db, [owner]), owner, account);
}

export function journalOf(workstation: Workstation): JournalBody[] {
  const batch = readBatch(workstation.db, 1, { entriesMax: 99, bytesMax: 1_000_000 });
  return (batch?.entries ?? []).map(({ body }) => journalBody.parse(JSON.parse(body)));
}

export function paperOf(workstation: Workstation): string {
  const { document } =
    originalPrintJob(workstation.db, lastSale(workstation.db)?.seq ?? 0, 'receipt') ?? {};
  return document ?? '';
}

export const desk = {
  reserve: () => Promise.resolve('offline' as const),
  outage: () => 1,
};

export const view = (workstation: Workstation) =>
  snapshot(workstation, 1, {} as Parameters<typeof snapshot>[2]).basket;

export const RULES = JSON.parse(DEMO_PROGRAMME).earning.rules as unknown[];
