// Owns what head office tells the tills, by cursor: members with balances, products, programmes.

import { createHash } from 'node:crypto';
import { parseProgramme, programmeVersionOf } from '#loyalty/programme.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { MembersReply, ProductWire } from '#sync/protocol.ts';
import { accountOf, accountsAfter, post, spendableAt } from '#upstream/accounts.ts';
import type { AdjustmentRequest, MemberBooks, MemberInput } from '#upstream/adminProtocol.ts';
import { type Connection, nextChangeNumber, sql } from '#upstream/database.ts';
import { readEpoch } from '#upstream/journal.ts';
import type { FeedPage, Refusal } from '#upstream/store.ts';

const POINTS_MAX = 1_000_000_000;

export function readMember(connection: Connection, memberId: string): MemberBooks | null {
  const account = accountOf(connection, memberId);
  if (account === null) return null;
  const { memberKey: _, ...books } = account;
  return books;
}

/** Adds a member or changes one; points are moved by entries and adjustments alone. */
export function putMember(
  connection: Connection,
  memberId: string,
  { cardNumber, displayName, isBlocked }: MemberInput,
): Result<MemberBooks, Refusal> {
  const holder = sql<{ memberId: string }>(
    connection,
    'SELECT member_id AS memberId FROM member WHERE card_number = ?',
  ).get(cardNumber);
  if (holder !== undefined && holder.memberId !== memberId) {
    return failure({ code: 'conflict', message: 'another member holds this card number' });
  }
  sql(
    connection,
    `INSERT INTO member (member_id, card_number, display_name, is_blocked, change_number)
     VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (member_id) DO UPDATE SET card_number = excluded.card_number,
       display_name = excluded.display_name, is_blocked = excluded.is_blocked,
       change_number = excluded.change_number`,
  ).run(memberId, cardNumber, displayName, isBlocked ? 1 : 0, nextChangeNumber(connection));
  return booksOf(connection, memberId);
}

function booksOf(connection: Connection, memberId: string): Result<MemberBooks, Refusal> {
  const books = readMember(connection, memberId);
  if (books !== null) return success(books);
  return failure({ code: 'not-found', message: `no member ${memberId}` });
}

/** Once for each key, for ever; the same key with another content is refused. */
export function adjust(
  connection: Connection,
  input: AdjustmentRequest,
  nowMs: number,
): Result<MemberBooks, Refusal> {
  const account = accountOf(connection, input.memberId);
  if (account === null) return booksOf(connection, input.memberId);
  const content = JSON.stringify([input.memberId, input.points, input.account, input.reason]);
  const contentHash = createHash('sha256').update(content).digest();
  const known = sql<{ hash: Buffer }>(
    connection,
    'SELECT content_hash AS hash FROM adjustment WHERE adjustment_key = ?',
  ).get(input.key);
  if (known !== undefined) {
    if (known.hash.equals(contentHash)) return booksOf(connection, input.memberId);
    return failure({ code: 'conflict', message: 'this key stands for another adjustment' });
  }
  const isInRange =
    Math.abs(account.avail + account.rsv + input.points) <= POINTS_MAX &&
    Math.abs(account[input.account] + input.points) <= POINTS_MAX;
  if (!isInRange) return failure({ code: 'invalid-request', message: 'beyond 1,000,000,000' });
  sql(
    connection,
    `INSERT INTO adjustment (adjustment_key, content_hash, member_key, at_ms)
     VALUES (?, ?, ?, ?)`,
  ).run(input.key, contentHash, account.memberKey, nowMs);
  const isGift = input.points >= 0;
  post(
    connection,
    { adjustmentKey: input.key },
    {
      accountDebit: isGift ? input.account : 'avail',
      accountCredit: isGift ? 'avail' : input.account,
      memberKey: account.memberKey,
      points: Math.abs(input.points),
      line: 1,
      kind: 'adjustment',
      rule: input.reason,
      programmeVersion: '-',
      whyKey: 'why.adjustment',
      whyArgs: {},
    },
  );
  return booksOf(connection, input.memberId);
}

function pageOf<Row extends { readonly changeNumber: number }>(
  rows: readonly Row[],
  after: number,
  limit: number,
): FeedPage<Row> {
  const page = rows.slice(0, limit);
  const cursor = page.at(-1)?.changeNumber ?? after;
  return { rows: page, cursor, hasMore: rows.length > limit };
}

/** Balances and `asOf` are read in one transaction, so that they belong together. */
export function readMembers(
  connection: Connection,
  tillKey: number,
  request: { readonly after: number; readonly limit: number; readonly epoch: number | null },
): Omit<MembersReply, 'serverTimeMs'> {
  const { after, limit } = request;
  const { rows, ...page } = pageOf(accountsAfter(connection, after, limit + 1), after, limit);
  const epoch = readEpoch(connection, tillKey, request.epoch);
  return {
    members: rows.map((account) => ({
      memberId: account.memberId,
      cardNumber: account.cardNumber,
      displayName: account.displayName,
      balancePoints: spendableAt(connection, tillKey, account),
      tierPoints: account.issued,
      isBlocked: account.isBlocked,
    })),
    ...page,
    asOf: { epoch: epoch?.epoch ?? 0, seq: epoch?.cursor ?? 0 },
  };
}

export function putProducts(connection: Connection, products: readonly ProductWire[]): void {
  for (const product of products) {
    sql(
      connection,
      `INSERT INTO product (sku, barcode, name, product_type, unit_price_minor,
         tax_rate_basis_points, is_active, change_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (sku) DO UPDATE SET barcode = excluded.barcode, name = excluded.name,
         product_type = excluded.product_type, unit_price_minor = excluded.unit_price_minor,
         tax_rate_basis_points = excluded.tax_rate_basis_points,
         is_active = excluded.is_active, change_number = excluded.change_number`,
    ).run(
      product.sku,
      product.barcode,
      product.name,
      product.productType,
      product.unitPriceMinor,
      product.taxRateBasisPoints,
      product.isActive ? 1 : 0,
      nextChangeNumber(connection),
    );
  }
}

export function readProducts(
  connection: Connection,
  after: number,
  limit: number,
): FeedPage<ProductWire> {
  const rows = sql<
    Omit<ProductWire, 'isActive'> & { readonly isActive: number; readonly changeNumber: number }
  >(
    connection,
    `SELECT sku, barcode, name, product_type AS productType, unit_price_minor AS unitPriceMinor,
       tax_rate_basis_points AS taxRateBasisPoints, is_active AS isActive,
       change_number AS changeNumber
     FROM product WHERE change_number > ? ORDER BY change_number LIMIT ?`,
  ).all(after, limit + 1);
  const page = pageOf(rows, after, limit);
  return {
    ...page,
    rows: page.rows.map(({ changeNumber: _, ...row }) => ({
      ...row,
      isActive: row.isActive === 1,
    })),
  };
}

/** A version never changes: sales were priced by it. The same file again changes nothing. */
export function putProgrammes(
  connection: Connection,
  documents: readonly string[],
): Result<void, Refusal> {
  const fresh = new Map<string, string>();
  for (const [index, document] of documents.entries()) {
    const parsed = parseProgramme(document);
    if (!parsed.ok) {
      const faults = parsed.error.map((fault) => `${fault.path}: ${fault.message}`);
      const message = `documents[${index}]: ${faults.slice(0, 5).join('; ')}`;
      return failure({ code: 'invalid-request', message });
    }
    const version = programmeVersionOf(parsed.value);
    const stored = sql<{ document: string }>(
      connection,
      'SELECT document FROM programme WHERE programme_version = ?',
    ).get(version);
    const known = stored?.document ?? fresh.get(version);
    if (known !== undefined && known !== document) {
      return failure({ code: 'conflict', message: `${version} is published with another text` });
    }
    if (stored === undefined) fresh.set(version, document);
  }
  for (const [version, document] of fresh) {
    sql(
      connection,
      'INSERT INTO programme (change_number, programme_version, document) VALUES (?, ?, ?)',
    ).run(nextChangeNumber(connection), version, document);
  }
  return success(undefined);
}

export function readProgrammes(
  connection: Connection,
  after: number,
  limit: number,
): FeedPage<string> {
  const rows = sql<{ document: string; changeNumber: number }>(
    connection,
    `SELECT document, change_number AS changeNumber FROM programme
     WHERE change_number > ? ORDER BY change_number LIMIT ?`,
  ).all(after, limit + 1);
  const page = pageOf(rows, after, limit);
  return { ...page, rows: page.rows.map((row) => row.document) };
}
