// Owns what head office tells the tills, by cursor: members with balances, products, programmes.

import { createHash } from 'node:crypto';
import { parseProgramme, programmeVersionOf } from '#loyalty/programme/parseProgramme.ts';
import { failure, type Result, success } from '#loyalty/result.ts';
import type { MembersReply, ProductWire } from '#sync/protocol.ts';
import { accountOf, accountsAfter, post, spendableAt } from '#upstream/accounts.ts';
import type { AdjustmentRequest, MemberBooks, MemberInput } from '#upstream/adminProtocol.ts';
import { type Connection, nextChangeNumber, sql } from '#upstream/database.ts';
import { readEpoch } from '#upstream/journal.ts';
import { holdingsOf } from '#upstream/movements.ts';
import type { FeedForm, FeedPage, MembersRequest, Refusal } from '#upstream/store.ts';

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
  { cardNumber, displayName, isBlocked, profile }: MemberInput,
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
  if (profile !== undefined) {
    sql(connection, 'UPDATE member SET profile = ?, pool_id = ? WHERE member_id = ?').run(
      JSON.stringify(profile),
      profile.poolId,
      memberId,
    );
  }
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

/** Lots in one page of members: with more the answer would take too long on a thin line. */
const PAGE_LOTS_MAX = 20_000;

/** Balances, lots and `asOf` are read in one transaction, so that they belong together. */
export function readMembers(
  connection: Connection,
  tillKey: number,
  request: MembersRequest,
): Omit<MembersReply, 'serverTimeMs'> {
  const { after, limit, form } = request;
  const accounts = accountsAfter(connection, after, limit + 1);
  const members: MembersReply['members'] = [];
  let lotCount = 0;
  let cursor = after;
  for (const account of accounts.slice(0, limit)) {
    if (lotCount > PAGE_LOTS_MAX) break;
    const plain = {
      memberId: account.memberId,
      cardNumber: account.cardNumber,
      displayName: account.displayName,
      balancePoints: spendableAt(connection, tillKey, account),
      tierPoints: account.issued,
      isBlocked: account.isBlocked,
    };
    cursor = account.changeNumber;
    if (form === 1) {
      members.push(plain);
      continue;
    }
    const { profile, memberId } = account;
    const holdings = holdingsOf(connection, { memberId, poolId: profile?.poolId ?? null });
    lotCount += holdings.reduce((sum, one) => sum + one.holdings.length, 0);
    members.push({ ...plain, holdings, ...(profile === null ? {} : { profile }) });
  }
  const epoch = readEpoch(connection, tillKey, request.epoch);
  return {
    members,
    cursor,
    hasMore: accounts.length > members.length,
    asOf: { epoch: epoch?.epoch ?? 0, seq: epoch?.cursor ?? 0 },
  };
}

export function putProducts(connection: Connection, products: readonly ProductWire[]): void {
  for (const product of products) {
    sql(
      connection,
      `INSERT INTO product (sku, barcode, name, product_type, unit_price_minor,
         tax_rate_basis_points, is_active, tags, flags, fixed_tax_minor, change_number)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (sku) DO UPDATE SET barcode = excluded.barcode, name = excluded.name,
         product_type = excluded.product_type, unit_price_minor = excluded.unit_price_minor,
         tax_rate_basis_points = excluded.tax_rate_basis_points,
         is_active = excluded.is_active, tags = excluded.tags, flags = excluded.flags,
         fixed_tax_minor = excluded.fixed_tax_minor, change_number = excluded.change_number`,
    ).run(
      product.sku,
      product.barcode,
      product.name,
      product.productType,
      product.unitPriceMinor,
      product.taxRateBasisPoints,
      product.isActive ? 1 : 0,
      JSON.stringify(product.tags ?? []),
      JSON.stringify(product.flags ?? []),
      product.fixedTaxMinor ?? 0,
      nextChangeNumber(connection),
    );
  }
}

interface ProductRow extends Omit<ProductWire, 'isActive' | 'tags' | 'flags'> {
  readonly isActive: number;
  readonly tags: string;
  readonly flags: string;
  readonly fixedTaxMinor: number;
  readonly changeNumber: number;
}

/** What a product has none of is left out. */
function productOf(row: ProductRow, form: FeedForm): ProductWire {
  const { changeNumber: _, tags, flags, fixedTaxMinor, isActive, ...plain } = row;
  const product = { ...plain, isActive: isActive === 1 };
  if (form === 1) return product;
  return {
    ...product,
    ...(tags === '[]' ? {} : { tags: JSON.parse(tags) }),
    ...(flags === '[]' ? {} : { flags: JSON.parse(flags) }),
    ...(fixedTaxMinor === 0 ? {} : { fixedTaxMinor }),
  };
}

export function readProducts(
  connection: Connection,
  after: number,
  limit: number,
  form: FeedForm,
): FeedPage<ProductWire> {
  const rows = sql<ProductRow>(
    connection,
    `SELECT sku, barcode, name, product_type AS productType, unit_price_minor AS unitPriceMinor,
       tax_rate_basis_points AS taxRateBasisPoints, is_active AS isActive, tags, flags,
       fixed_tax_minor AS fixedTaxMinor, change_number AS changeNumber
     FROM product WHERE change_number > ? ORDER BY change_number LIMIT ?`,
  ).all(after, limit + 1);
  const page = pageOf(rows, after, limit);
  return { ...page, rows: page.rows.map((row) => productOf(row, form)) };
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
