// Owns what the cashier should know of a member besides figures: habits, wishes, the last visit.
import { type Books, lotsOf, memberOwner } from '#loyalty/books/books.ts';
import type { MemberProfile } from '#loyalty/books/state.ts';
import { DAY_MS } from '#loyalty/calendar.ts';
import { VISITS } from '#loyalty/programme/compiledCondition.ts';

/** In so many of the last eight baskets an item is a habit. */
const USUAL_BASKETS_MIN = 6;

/** The item that a member nearly always buys: of several the most frequent, then the latest. */
export function usualSku({ recentBaskets }: Pick<MemberProfile, 'recentBaskets'>): string | null {
  const counts = new Map<string, number>();
  for (const basket of recentBaskets) {
    for (const sku of new Set(basket)) counts.set(sku, (counts.get(sku) ?? 0) + 1);
  }
  let usual: string | null = null;
  let most = USUAL_BASKETS_MIN - 1;
  for (const [sku, count] of counts) {
    if (count > most) [usual, most] = [sku, count];
  }
  return usual;
}

/** Business days since the last visit, or null where there was none. */
export function daysSinceVisit(books: Books, memberId: string, dayNumber: number): number | null {
  const days = lotsOf(books, memberOwner(memberId), VISITS)
    .filter((lot) => lot.amount > 0)
    .map((lot) => lot.fromMs / DAY_MS);
  return days.length === 0 ? null : dayNumber - Math.max(...days);
}

/** The member's language, else the shop's, whatever the screen speaks. */
export function paperLanguage(member: MemberProfile | null, shopLanguage: string): string {
  return member?.language ?? shopLanguage;
}

/** Flags that a cashier is told of: each has its sentence under `wish.` in the catalogues. */
const HINT_FLAGS = ['no-bag', 'no-paper', 'allergy', 'open-issue'] as const;
export type HintFlag = (typeof HINT_FLAGS)[number];

export interface Wishes {
  readonly hints: readonly HintFlag[];
  /** False: the receipt goes by mail; the drawer opens all the same, and a copy can be printed. */
  readonly isPaperWanted: boolean;
}

export function wishesOf({ flags }: Pick<MemberProfile, 'flags'>): Wishes {
  const hints = HINT_FLAGS.filter((flag) => flags.includes(flag));
  return { hints, isPaperWanted: !hints.includes('no-paper') };
}
