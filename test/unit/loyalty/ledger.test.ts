// Goal: ledger rows say what a sale did and how it is undone. Method: one sale, folded.

import { describe, expect, it } from 'vitest';
import { type Books, type Movement, memberOwner } from '#loyalty/books/books.ts';
import { entriesOf, foldBalance, reverseEntries } from '#loyalty/books/ledger.ts';
import { priceSale } from '#loyalty/pricing/priceSale.ts';
import { compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { demoText, makeReward, makeSale } from '#test/support/makeLoyalty.ts';
import { saleOf } from '#till/served.ts';

const lines = [
  { productType: 'groceries', unitPriceMinor: 2340 },
  { productType: 'coffee', unitPriceMinor: 2340 },
];
const OWNER = memberOwner('m1');
/** The hundred points that the reward costs lie in two lots. */
const books: Books = new Map([
  [
    OWNER,
    new Map([
      [
        'points',
        [
          { lotId: 'old', amount: 40, fromMs: 0, untilMs: null },
          { lotId: 'new', amount: 60, fromMs: 1, untilMs: null },
        ],
      ],
    ]),
  ],
]);
const member = {
  memberId: 'm1',
  language: null,
  enrolledAtMs: null,
  birthday: null,
  segments: [],
  flags: [],
  staffOperatorId: null,
  referrerId: null,
  poolId: null,
  contractId: null,
  recentBaskets: [],
};

function movementsOf(memberId: string | null): readonly Movement[] {
  const parsed = parseProgramme(demoText());
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const moment = { atMs: 1_700_000_000_000, channel: 'till', operatorId: 'o' } as const;
  return priceSale(
    compile(parsed.value),
    saleOf(makeSale(lines, memberId === null ? [] : [makeReward()])),
    { member: memberId === null ? null : member, books },
    { ...moment, saleDigestHex: null },
  ).movements;
}

const movements = movementsOf('m1');
const entries = entriesOf(movements, 7, 'demo@1');

describe('a sale', () => {
  it('moves points once for each rule and reward', () => {
    const rows = entries.map(({ line, accountDebit, accountCredit, points, lot, kind, rule }) => [
      line,
      `${accountDebit}→${accountCredit}`,
      points,
      lot,
      kind,
      rule,
    ]);
    expect(rows).toEqual([
      [1, 'issued→avail', 20, '7:1', 'accrual', 'base'],
      [2, 'issued→avail', 41, '7:2', 'accrual', 'coffee-double'],
      [3, 'avail→redeemed', 100, null, 'redemption', 'off-5'],
    ]);
    for (const entry of entries) {
      expect(entry).toMatchObject({ memberId: 'm1', programmeVersion: 'demo@1', refSeq: null });
      expect(entry.whyKey).toMatch(/^why\./);
    }
    expect(foldBalance(entries)).toEqual({ balancePoints: -39, tierPoints: 61 });
  });

  it('of a guest moves none', () => {
    expect(entriesOf(movementsOf(null), 7, 'demo@1')).toEqual([]);
  });

  it('takes one reward from two lots by one row', () => {
    const taken = movements.filter(({ kind }) => kind === 'redemption');
    expect(taken.map(({ lotId, amount }) => [lotId, amount])).toEqual([
      ['old', -40],
      ['new', -60],
    ]);
  });

  it('leaves out what is no point of a member', () => {
    const [first] = movements;
    if (first === undefined) throw new Error('no movement');
    const others = [
      { ...first, owner: 'pool/house' },
      { ...first, account: 'stamps' },
      { ...first, owner: 'shop' },
    ];
    expect(entriesOf(others, 7, 'demo@1')).toEqual([]);
    expect(() => entriesOf([{ ...first, kind: 'expiry' }], 7, 'demo@1')).toThrow('expiry');
  });
});

describe('a void', () => {
  it('undoes every row by reference', () => {
    const why = { receiptNumber: '00100200000007' };
    const undone = reverseEntries(entries, 7, 'why.reversal.void', why);
    expect(undone.map((entry) => entry.line)).toEqual([1, 2, 3]);
    expect(undone[0]).toMatchObject({
      accountDebit: 'avail',
      accountCredit: 'issued',
      kind: 'reversal',
      refSeq: 7,
      lot: '7:1',
      rule: 'base',
      whyKey: 'why.reversal.void',
      whyArgs: why,
    });
    expect(undone[2]).toMatchObject({ accountDebit: 'redeemed', accountCredit: 'avail' });
    expect(foldBalance([...entries, ...undone])).toEqual({ balancePoints: 0, tierPoints: 0 });
  });

  it('leaves adjustments out of the tier', () => {
    const first = entries[0];
    if (first === undefined) throw new Error('no entry');
    const adjustment = { ...first, accountDebit: 'adjusted', kind: 'adjustment' } as const;
    expect(foldBalance([adjustment])).toEqual({ balancePoints: 20, tierPoints: 0 });
  });
});
