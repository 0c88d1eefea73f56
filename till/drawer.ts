// Owns the record of a drawer that is opened without a sale, whichever key asks for it.
import { insertDrawerOpening } from '#db/drawerOpenings.ts';
import { stampMoment } from '#till/entry.ts';
import type { Workstation } from '#till/workstation.ts';

/** Writes down who opens the drawer, and gives the moment. Inside the opening's transaction. */
export function recordDrawerOpening(workstation: Workstation): number {
  const { atMs, businessDay, operatorId } = stampMoment(workstation);
  insertDrawerOpening(workstation.db, { atMs, businessDay, operatorId });
  return atMs;
}
