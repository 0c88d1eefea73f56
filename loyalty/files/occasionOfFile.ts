// Owns which occasion a basket file asks for, and lets it happen.
import { type BasketFile, momentOf, saleLinesOf } from '#loyalty/files/basketFile.ts';
import { type Buyer, unknownMember } from '#loyalty/files/buyer.ts';
import type { FileFault } from '#loyalty/files/inputFiles.ts';
import type { LoadedState } from '#loyalty/files/stateFile.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { claimSale } from '#loyalty/occasions/claims.ts';
import { enrol, grantEvent } from '#loyalty/occasions/events.ts';
import { giveGoodwill, transferPoints } from '#loyalty/occasions/gifts.ts';
import type { OccasionResult } from '#loyalty/occasions/occasion.ts';
import { type Occasion, refused } from '#loyalty/occasions/occasionLedger.ts';
import { closePeriod, closeWindow, expirePoints } from '#loyalty/occasions/windows.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

export type OccasionFile = Exclude<BasketFile, { action: 'sale' }>;

/** A guest's sale, priced for the member at its own time. */
function claimed(
  occasion: Occasion,
  file: Extract<OccasionFile, { action: 'late-claim' }>,
  saleDigestHex: string,
): OccasionResult {
  const { compiled, member, books, occasionId: transactionId } = occasion;
  const saleAtMs = parseInstantIso(file.saleAtIso) ?? 0;
  const lines = saleLinesOf(file.lines);
  const sale = { transactionId, lines, claims: [], codes: [], tenders: [] };
  const moment = momentOf(file, saleAtMs, saleDigestHex);
  const price = () => priceSale(compiled, sale, { member, books }, moment);
  return claimSale(occasion, { transactionId, saleAtMs, price });
}

/** Faults are those of the file; a refusal is an outcome. */
export function occasionOfFile(
  file: OccasionFile,
  compiled: CompiledProgramme,
  state: LoadedState,
  { member }: Buyer,
  atMs: number,
  saleDigestHex: string,
): Result<OccasionResult, FileFault> {
  if (member === null) return success(refused('member-missing'));
  const { books, members } = state;
  const occasion: Occasion = {
    compiled,
    member,
    books,
    moment: momentOf(file, atMs, saleDigestHex),
    occasionId: file.transactionId,
  };
  switch (file.action) {
    case 'enrol':
      return success(enrol(occasion, members.get(member.referrerId ?? '') ?? null));
    case 'event':
      return success(grantEvent(occasion, file));
    case 'goodwill':
      return success(giveGoodwill(occasion, file));
    case 'transfer': {
      const to = members.get(file.toMemberId);
      if (to === undefined) return failure(unknownMember('$.toMemberId', file.toMemberId, state));
      return success(transferPoints(occasion, { to, points: file.points }));
    }
    case 'late-claim':
      return success(claimed(occasion, file, saleDigestHex));
    case 'close-window':
      return success(closeWindow(occasion, file.windowId));
    case 'close-period':
      return success(closePeriod(occasion));
    case 'expire':
      return success(expirePoints(occasion));
  }
}
