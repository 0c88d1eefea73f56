// Owns the late claim: a guest's sale of this till whose receipt code credits it to a member.
import { booksOf } from '#db/holdings.ts';
import { linesOf, type StoredSale, saleByToken, tendersOf } from '#db/sales.ts';
import { heldOf, SHOP } from '#loyalty/books/books.ts';
import { dateOfDayNumber, dayNumberOf } from '#loyalty/calendar.ts';
import { claimSale } from '#loyalty/occasions/claims.ts';
import type { Refused } from '#loyalty/occasions/occasion.ts';
import type { Occasion } from '#loyalty/occasions/occasionLedger.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import { failure, type Result } from '#loyalty/result.ts';
import type { TillError } from '#till/contract.ts';
import { give } from '#till/gifts.ts';
import type { Workstation } from '#till/workstation.ts';

type Done = Record<string, never>;

/** What stands under the QR code of a receipt: 12 random bytes as base64url. */
const TOKEN = /^[A-Za-z0-9_-]{16}$/;

/** The sale of a receipt code, as far back as one could be claimed; null for anything else. */
export function saleOfReceipt(workstation: Workstation, label: string): StoredSale | null {
  const { programme } = workstation.state.inForce;
  if (programme.lateClaimDays === undefined || !TOKEN.test(label)) return null;
  const today = dayNumberOf(workstation.nowMs(), programme.timeZone);
  const { year, month, day } = dateOfDayNumber(today - programme.lateClaimDays - 1);
  const digits = (value: number, width: number) => String(value).padStart(width, '0');
  const sinceDay = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  return saleByToken(workstation.db, label, sinceDay);
}

/** True once a member has the points of a sale. */
export function isClaimed({ db }: Workstation, transactionId: string): boolean {
  return heldOf(booksOf(db, [SHOP]), SHOP, `claimed/${transactionId}`) > 0;
}

function errorOf({ reason }: Refused): TillError {
  return { code: reason === 'too-late' ? 'claim-too-late' : 'claim-done' };
}

/** Credits the sale to the member of the open basket, as it would have earned at its own time. */
export function claimLate(workstation: Workstation, sale: StoredSale): Result<Done, TillError> {
  const { state, db, programmes } = workstation;
  if (state.member === null) return failure({ code: 'claim-needs-member' });
  if (sale.memberKey !== null || sale.isVoided) return failure({ code: 'claim-done' });
  const inForce = programmes.version(sale.programmeVersion);
  const price = (occasion: Occasion) => {
    const { transactionId, atMs, operatorId } = sale;
    const moment = { ...occasion.moment, atMs, operatorId };
    const sold = { transactionId, lines: linesOf(db, sale.seq), tenders: tendersOf(db, sale.seq) };
    const { compiled } = inForce;
    return priceSale(compiled, { ...sold, claims: [], codes: [] }, occasion, moment);
  };
  const claim = { transactionId: sale.transactionId, saleAtMs: sale.atMs };
  return give(workstation, {
    occasion: 'late-claim',
    about: sale.transactionId,
    managerId: null,
    inForce,
    make: (occasion) => claimSale(occasion, { ...claim, price: () => price(occasion) }),
    errorOf,
  });
}
