// Owns the canonical form of a journal entry: the bytes that are stored, hashed and sent.
import canonicalize from 'canonicalize';
import { assert } from '#loyalty/assert.ts';
import type { JournalBody } from '#sync/protocol.ts';

/**
 * RFC 8785 text of a journal body: what `appendEntry` stores and what head office receives byte
 * for byte. Throws on a lone surrogate, which no checked name holds.
 */
export function canonicalBody(body: JournalBody): string {
  const text = canonicalize(body);
  assert(text !== undefined, 'a journal body is a JSON object');
  return text;
}
