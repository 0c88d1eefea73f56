// Owns taking over the members of an old system: row by row, a bad row never stops a good one.
import * as z from 'zod/mini';
import { type Movement, memberOwner } from '#loyalty/books/books.ts';
import { POINTS_MAX } from '#loyalty/points.ts';
import { closedObject, integerOf, textOf } from '#loyalty/programme/fields.ts';

const importRow = closedObject({
  memberId: textOf(64, 'the id'),
  cardNumber: textOf(64, 'the card number'),
  balancePoints: integerOf(-POINTS_MAX, POINTS_MAX, 'the points'),
});
export type ImportRow = z.infer<typeof importRow>;

export interface ImportFault {
  /** From 1. */
  readonly row: number;
  readonly message: string;
}

export interface ImportResult {
  readonly members: readonly ImportRow[];
  readonly movements: readonly Movement[];
  readonly faults: readonly ImportFault[];
  /** Of the members that came over: what the ledger must say afterwards. */
  readonly totalPoints: number;
}

function openingMovement({ memberId, balancePoints }: ImportRow, atMs: number): Movement {
  return {
    owner: memberOwner(memberId),
    account: 'points',
    lotId: `import/${memberId}`,
    amount: balancePoints,
    fromMs: atMs,
    untilMs: null,
    kind: 'adjustment',
    rule: 'import',
    whyKey: 'why.import',
    whyArgs: { points: balancePoints },
  };
}

/** Rows as parsed JSON. A member or a card that stands twice counts once: the later row is bad. */
export function importMembers(rows: readonly unknown[], atMs: number): ImportResult {
  const members: ImportRow[] = [];
  const faults: ImportFault[] = [];
  const taken = new Set<string>();
  rows.forEach((row, index) => {
    const parsed = z.safeParse(importRow, row);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const path = issue?.path.join('.') ?? '';
      faults.push({ row: index + 1, message: `${path}: ${issue?.message ?? ''}` });
      return;
    }
    const { memberId, cardNumber } = parsed.data;
    const keys = [`member ${memberId}`, `card ${cardNumber}`];
    const twice = keys.find((key) => taken.has(key));
    if (twice !== undefined) {
      faults.push({ row: index + 1, message: `${twice} stands in an earlier row` });
      return;
    }
    for (const key of keys) taken.add(key);
    members.push(parsed.data);
  });
  return {
    members,
    faults,
    movements: members
      .filter(({ balancePoints }) => balancePoints !== 0)
      .map((member) => openingMovement(member, atMs)),
    totalPoints: members.reduce((sum, { balancePoints }) => sum + balancePoints, 0),
  };
}
