// Goal: a receipt without a template of the shop's own says what it always said. Method: the
// documents of sample sales, as JSON; they were written before there were templates.
import { describe, expect, it } from 'vitest';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { compile } from '#loyalty/programme/compile.ts';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { DEMO_PROGRAMME, NOON_MS } from '#test/support/till.ts';
import { receiptDocument } from '#till/receipt.ts';
import type { ReceiptFacts } from '#till/receiptFacts.ts';
import { DEFAULT_TEMPLATE } from '#till/templateDesk.ts';
import { sampleFacts } from '#till/templateSample.ts';
import { demoProducts, demoShop } from '#tools/demoShop.ts';

function demo(changes: object = {}): CompiledProgramme {
  const parsed = parseProgramme(
    JSON.stringify({ ...(JSON.parse(DEMO_PROGRAMME) as object), ...changes }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return compile(parsed.value);
}

function facts(language: string, isGuest: boolean, changes: object = {}): ReceiptFacts {
  return sampleFacts({
    shop: demoShop,
    logo: null,
    blockFile: null,
    compiled: demo(changes),
    products: demoProducts,
    operatorName: 'Ada',
    language,
    isGuest,
    atMs: NOON_MS,
  });
}

const said = { en: 'Open on Sundays', tr: 'Pazar günleri açığız', de: 'Sonntags offen' };
const thanks = { en: 'Thank you', tr: 'Teşekkürler', de: 'Danke' };
const everything = { lateClaimDays: 30, receipt: { header: [said], footer: [thanks, said] } };

/** What a sale has now and then: discounts, rounding, change, slips, gifts, other accounts. */
function unusual(): ReceiptFacts {
  const plain = facts('en', false, everything);
  const { pricing, member } = plain;
  const why = { whyKey: 'why.discount.amount', whyArgs: { name_en: 'Spring', amountMinor: 50 } };
  const name = { en: 'Stamps', tr: 'Damga', de: 'Stempel' };
  const accrual = pricing.accruals[0];
  if (accrual === undefined || member === null) throw new Error('the sample earns');
  const words = { whyKey: 'why.earn.share', whyArgs: { name_en: 'Red Cross' } };
  return {
    ...plain,
    shop: { ...plain.shop, taxNumber: '', footerLines: ['www.example.org', 'Keep me'] },
    lines: [...plain.lines, { line: 9, name: '', quantity: 1, unitPriceMinor: 300 }],
    accounts: [
      {
        ...plain.accounts[0],
        accountId: 'stamps',
        kind: 'stamps',
        names: { one: name, other: name },
      },
    ] as ReceiptFacts['accounts'],
    tenders: [
      { tenderType: 'card', amountMinor: 100 },
      { tenderType: 'stamps', amountMinor: 5 },
    ],
    changeMinor: 20,
    member: { ...member, isOffline: true, asOfMs: null },
    pricing: {
      ...pricing,
      subtotalMinor: pricing.subtotalMinor + 50,
      roundingMinor: -2,
      discounts: [{ ruleId: 'spring', amountMinor: 50, lines: [], ...why }] as never,
      accruals: [
        ...pricing.accruals,
        { ...accrual, account: 'stamps', points: 2 },
        { ...accrual, ...words, owner: 'charity/red-cross', account: 'charity', points: 5 },
      ],
      gifts: [{ ...why, whyKey: 'why.gift', whyArgs: { name_en: 'Mug', units: 1 } }] as never,
      slips: [{ slipId: 'SLIP1', name, untilMs: NOON_MS, issuedBy: 'Cinema' }] as never,
    },
  };
}

const cases: readonly (readonly [string, () => ReceiptFacts])[] = [
  ...['en', 'tr', 'de'].flatMap((language) => [
    [`member-${language}`, () => facts(language, false)] as const,
    [`guest-${language}`, () => facts(language, true, everything)] as const,
  ]),
  ['guest-uninvited', () => facts('en', true)],
  ['unusual', unusual],
];

describe('the document of a receipt', () => {
  it.each(cases)('%s is unchanged', async (name, made) => {
    const text = `${JSON.stringify(receiptDocument(made(), DEFAULT_TEMPLATE), null, 1)}\n`;
    await expect(text).toMatchFileSnapshot(`documents/${name}.json`);
  });
});
