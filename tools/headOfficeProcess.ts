// Owns head office as the demo's child: its books in a folder, filled with the demo's members once.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { assert } from '#loyalty/assert.ts';
import { tillIdOf } from '#till/shop.ts';
import { demoMembers, demoProducts, demoShop } from '#tools/demoShop.ts';
import { demoProgrammeText } from '#tools/shopFolder.ts';
import { startHeadOffice } from '#upstream/server.ts';
import type { SqliteStore } from '#upstream/sqlite.ts';

/** What the parent is told once head office answers. */
export interface HeadOfficeListening {
  readonly type: 'listening';
  readonly url: string;
  /** The till's token; null on a later start, when the shop's folder has it already. */
  readonly tillToken: string | null;
  /** Null on a later start. */
  readonly adminToken: string | null;
}

function orThrow(result: { readonly ok: boolean }): void {
  assert(result.ok, `head office takes the demo's data: ${JSON.stringify(result)}`);
}

/** Balances as the demo shows them; each adjustment has its own key and counts once, for ever. */
function fill(store: SqliteStore): void {
  for (const { memberId, balancePoints, tierPoints, ...member } of demoMembers) {
    const { cardNumber, displayName, isBlocked } = member;
    orThrow(store.putMember(memberId, { cardNumber, displayName, isBlocked }));
    const moves = { issued: tierPoints, adjusted: balancePoints - tierPoints } as const;
    for (const account of ['issued', 'adjusted'] as const) {
      if (moves[account] === 0) continue;
      const key = `demo-${memberId}-${account}`;
      const reason = 'demo opening balance';
      const points = moves[account];
      orThrow(store.adjust({ key, memberId, points, account, reason }, Date.now()));
    }
  }
  store.putProducts(demoProducts.map((product) => ({ ...product, isActive: true })));
  orThrow(store.putProgrammes([demoProgrammeText()]));
}

const [folder, port] = process.argv.slice(2);
assert(folder !== undefined && port !== undefined, 'the parent names a folder and a port');
mkdirSync(folder, { recursive: true });
const office = await startHeadOffice({
  databasePath: path.join(folder, 'head-office.sqlite'),
  port: Number(port),
  host: '127.0.0.1',
  nowMs: () => Date.now(),
  log: () => {},
});
const tillToken = office.store.addTill(tillIdOf(demoShop), Date.now());
const adminToken = office.store.addAdmin();
if (tillToken !== null) fill(office.store);
process.on('disconnect', () => process.exit(0));
const { url } = office;
process.send?.({
  type: 'listening',
  url,
  tillToken,
  adminToken,
} satisfies HeadOfficeListening);
