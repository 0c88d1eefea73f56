// Owns keeping what never ends as one heap: an account without expiry needs no lot a sale.
import { DEBT_LOT, ELSEWHERE_LOT, type Movement } from '#loyalty/books/books.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';

/**
 * Movements as they are stored. Where an account neither lapses nor waits, its lots differ in
 * nothing, and a member of many years would carry one for each visit: they are all the one lot
 * that also holds what other tills gave.
 */
export function heaped(
  movements: readonly Movement[],
  { accounts }: CompiledProgramme,
): readonly Movement[] {
  return movements.map((movement) => {
    const { account, kind, lotId, untilMs } = movement;
    const file = accounts.get(account);
    const isEndless = file?.expiry === null && file.pendingDays === 0 && untilMs === null;
    if (kind === 'tally' || lotId === DEBT_LOT || !isEndless) return movement;
    return { ...movement, lotId: ELSEWHERE_LOT, fromMs: 0 };
  });
}
