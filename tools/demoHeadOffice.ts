// Owns head office's books of the demo shop: the same members, products and programme as its till.
import { assert } from '#loyalty/assert.ts';
import { demoMembers, demoProducts } from '#tools/demoShop.ts';
import type { HeadOfficeStore } from '#upstream/store.ts';

async function seedMembers(store: HeadOfficeStore, nowMs: number): Promise<void> {
  for (const member of demoMembers) {
    const { memberId, cardNumber, displayName, isBlocked, balancePoints, tierPoints } = member;
    const stored = await store.putMember(memberId, { cardNumber, displayName, isBlocked });
    assert(stored.ok, 'a demo member is stored');
    const adjustments = [
      { key: `demo-issued-${memberId}`, account: 'issued', points: tierPoints },
      { key: `demo-spent-${memberId}`, account: 'adjusted', points: balancePoints - tierPoints },
    ] as const;
    for (const { key, account, points } of adjustments) {
      if (points === 0) continue;
      const done = await store.adjust({ key, memberId, points, account, reason: 'demo' }, nowMs);
      assert(done.ok, 'a demo balance is booked');
    }
  }
}

/** Demo folders outlive updates: over an older text, the new one is the next version. */
const VERSIONS_MAX = 100;

async function publishProgramme(store: HeadOfficeStore, programmeText: string): Promise<void> {
  const programme = JSON.parse(programmeText) as { readonly version: number };
  for (let later = 0; later < VERSIONS_MAX; later += 1) {
    const version = programme.version + later;
    const text = later === 0 ? programmeText : JSON.stringify({ ...programme, version });
    const published = await store.putProgrammes([text]);
    if (published.ok) return;
    assert(published.error.code === 'conflict', `the demo programme: ${published.error.message}`);
  }
}

/** Fills an empty head office; safe to repeat. Gives the till's token, or null if it has one. */
export async function seedHeadOffice(
  store: HeadOfficeStore,
  options: {
    readonly tillId: string;
    readonly programmeText: string;
    readonly nowMs: number;
  },
): Promise<string | null> {
  const token = await store.addTill(options.tillId, options.nowMs);
  await publishProgramme(store, options.programmeText);
  await store.putProducts(demoProducts.map((product) => ({ ...product, isActive: true })));
  await seedMembers(store, options.nowMs);
  return token;
}
