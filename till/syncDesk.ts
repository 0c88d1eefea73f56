// Owns joining the session to sync: which head office, and what a new programme changes.
import { transaction } from '#db/handle.ts';
import { insertProgramme } from '#db/programmes.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { createClient } from '#sync/client.ts';
import { createSync, type SyncParts } from '#sync/runner.ts';
import { programmeRow } from '#till/programmeCache.ts';
import type { SyncDesk } from '#till/service.ts';
import { readHeadOfficeToken, tillIdOf } from '#till/shop.ts';
import { newId, type Workstation } from '#till/workstation.ts';

export interface SyncDeskOptions extends Pick<SyncParts, 'setTimer' | 'onChange'> {
  readonly workstation: Workstation;
  readonly dataFolder: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Keeps a programme that is whole; a bad one is refused and the old one goes on. */
function storeProgramme(workstation: Workstation, document: string): boolean {
  const parsed = parseProgramme(document);
  if (!parsed.ok) return false;
  const row = programmeRow(parsed.value, document);
  const stored = transaction(workstation.db, () => insertProgramme(workstation.db, row));
  if (stored === 'inserted') workstation.programmes.reload();
  return stored !== 'different';
}

export function createSyncDesk(options: SyncDeskOptions): SyncDesk & { close(): Promise<void> } {
  const { workstation, dataFolder, fetch } = options;
  const { shop, nowMs, randomBytes } = workstation;
  const token = readHeadOfficeToken(dataFolder);
  const client =
    shop.headOffice === null || token === null
      ? null
      : createClient({ url: shop.headOffice.url, tillId: tillIdOf(shop), token, fetch });
  return createSync({
    db: workstation.db,
    client,
    nowMs,
    random: () => (randomBytes(1)[0] ?? 0) / 256,
    newId: () => newId(workstation),
    storeProgramme: (document) => storeProgramme(workstation, document),
    setTimer: options.setTimer,
    onChange: options.onChange,
  });
}
