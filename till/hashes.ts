// Owns the hashes that every till and every command must make alike: of a card, and of a sale's id.
import { createHash, createHmac } from 'node:crypto';

/** HMAC-SHA-256 of the card under the programme's card key: the member that it becomes. */
export function memberIdOfCard(keyHex: string, cardNumber: string): string {
  const key = Buffer.from(keyHex, 'hex');
  return createHmac('sha256', key).update(cardNumber, 'utf8').digest('hex');
}

/** SHA-256 of the transaction id: what lucky baskets are drawn from. */
export function saleDigestHex(transactionId: string): string {
  return createHash('sha256').update(transactionId, 'utf8').digest('hex');
}
