// Owns what the paper says when a sale was undone.
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { centred, columns, headerBlocks, RULE, signed } from '#till/paperBlocks.ts';
import type { Shop } from '#till/shop.ts';
import { formatDateTime, formatMoney, formatPoints, say } from '#words/say.ts';

/** What the paper says when a sale was undone. */
export function voidDocument(facts: {
  readonly shop: Shop;
  readonly language: string;
  readonly timeZone: string;
  readonly receiptNumber: string;
  readonly atMs: number;
  readonly operatorName: string;
  readonly totalMinor: number;
  readonly pointsTakenBack: number;
  readonly pointsGivenBack: number;
  readonly member: { readonly maskedCard: string; readonly balanceAfterPoints: number } | null;
}): ReceiptDocument {
  const { language } = facts;
  const { currency } = facts.shop;
  const memberBlocks =
    facts.member === null
      ? []
      : [
          columns(say(language, 'receipt.member', {}), facts.member.maskedCard),
          columns(
            say(language, 'receipt.pointsTakenBack', {}),
            signed(language, -facts.pointsTakenBack),
          ),
          columns(
            say(language, 'receipt.pointsGivenBack', {}),
            signed(language, facts.pointsGivenBack),
          ),
          columns(
            say(language, 'receipt.balance', {}),
            formatPoints(language, facts.member.balanceAfterPoints),
            true,
          ),
        ];
  return {
    version: 1,
    language,
    blocks: [
      ...headerBlocks(facts.shop),
      centred(say(language, 'receipt.void', {}), true, 2),
      columns(
        formatDateTime(language, facts.atMs, facts.timeZone),
        say(language, 'receipt.till', { till: facts.shop.tillNumber }),
      ),
      columns(say(language, 'receipt.operator', {}), facts.operatorName),
      columns(say(language, 'receipt.receiptNumber', {}), facts.receiptNumber),
      RULE,
      columns(
        say(language, 'receipt.total', {}),
        formatMoney(language, currency, -facts.totalMinor),
        true,
      ),
      ...memberBlocks,
    ],
  };
}
