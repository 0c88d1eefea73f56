// Owns head office as the demo's child: its books in a folder, filled with the demo's members once.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { assert } from '#loyalty/assert.ts';
import { tillIdOf } from '#till/shop.ts';
import { seedHeadOffice } from '#tools/demoHeadOffice.ts';
import { demoShop } from '#tools/demoShop.ts';
import { demoProgrammeText } from '#tools/shopFolder.ts';
import { startHeadOffice } from '#upstream/server.ts';

/** What the parent is told once head office answers. */
export interface HeadOfficeListening {
  readonly type: 'listening';
  readonly url: string;
  /** The till's token; null on a later start, when the shop's folder has it already. */
  readonly tillToken: string | null;
  /** Null on a later start. */
  readonly adminToken: string | null;
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
const tillToken = await seedHeadOffice(office.store, {
  tillId: tillIdOf(demoShop),
  programmeText: demoProgrammeText(),
  nowMs: Date.now(),
});
const adminToken = office.store.addAdmin();
process.on('disconnect', () => process.exit(0));
const { url } = office;
process.send?.({
  type: 'listening',
  url,
  tillToken,
  adminToken,
} satisfies HeadOfficeListening);
