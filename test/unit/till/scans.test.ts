// Goal: what the cashier scans does what it means: a piece from a scale is sold as its label says,
// a card again changes nothing, a product again counts, a coupon is refused in words.
// Method: a real till on a real file; scans go in as devices hand them over.
import { describe, expect, it } from 'vitest';
import { originalPrintJob } from '#db/printJobs.ts';
import { lastSale, linesOf } from '#db/sales.ts';
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { gs1CheckDigit } from '#loyalty/check.ts';
import { cinema, pay, RULES, tillWith } from '#test/support/rulesTill.ts';
import { DEMO_PROGRAMME, newTill } from '#test/support/till.ts';
import { addAmount, applyEvent } from '#till/basketFlow.ts';
import { commitSale } from '#till/commit.ts';
import { meaningOf } from '#till/scanMeaning.ts';
import { handleScan } from '#till/scanRouting.ts';
import { lineViews } from '#till/snapshot.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoCard, demoProducts } from '#tools/demoShop.ts';
import { isKey } from '#words/say.ts';

const whole = (body: string) => body + gs1CheckDigit(body);

const CHEESE_PRICED = whole('210004200345');
const CHEESE_WEIGHED = whole('280004201255');

const scaleLabels = [
  { prefix: '21', measures: 'price', itemDigits: 5, valueDigits: 5, decimals: 2 },
  { prefix: '28', measures: 'weight', itemDigits: 5, valueDigits: 5, decimals: 3 },
];
const cheese = {
  barcode: null,
  name: 'Cheese',
  productType: 'groceries',
  unitPriceMinor: 1999,
  taxRateBasisPoints: 0,
  isActive: true,
};

function shopWith(sku: string, barcode: string | null = null): Workstation {
  const programme = { ...(JSON.parse(DEMO_PROGRAMME) as object), scaleLabels };
  return newTill(
    {},
    {
      programmeText: JSON.stringify(programme),
      products: [...demoProducts, { ...cheese, sku, barcode }],
    },
  ).workstation;
}

function scan(workstation: Workstation, label: string, aim: string | null = null): void {
  handleScan(workstation, { label, aim });
}

const said = ({ state }: Workstation) => state.notice?.words;

describe('the label of a scale', () => {
  it('with a price sells the item at that price, one line a label', () => {
    const workstation = shopWith('42');
    scan(workstation, CHEESE_PRICED, ']E0');
    scan(workstation, CHEESE_PRICED, ']E0');
    const { basket, pricing } = workstation.state;
    expect(
      basket.lines.map(({ sku, quantity, unitPriceMinor }) => [sku, quantity, unitPriceMinor]),
    ).toEqual([
      ['42', 1, 345],
      ['42', 1, 345],
    ]);
    expect(pricing.totalMinor).toBe(690);
  });

  it('with a weight sells it at its price a kilogram, rounded half up', () => {
    const workstation = shopWith('42');
    scan(workstation, CHEESE_WEIGHED);
    // 1.255 kg at 19.99 is 25.08745.
    const { basket, pricing } = workstation.state;
    expect(pricing.totalMinor).toBe(2509);
    expect(lineViews(basket.lines, pricing.lines)).toMatchObject([
      { quantity: 1, quantityMilli: 1255, unitPriceMinor: 1999, grossMinor: 2509 },
    ]);
  });

  it('finds the item by its whole barcode before its digits, with and without zeros', () => {
    const byBarcode = shopWith('cheese', whole('210004200000'));
    scan(byBarcode, CHEESE_PRICED);
    const byDigits = shopWith('00042');
    scan(byDigits, CHEESE_PRICED);
    expect(byBarcode.state.basket.lines[0]?.sku).toBe('cheese');
    expect(byDigits.state.basket.lines[0]?.sku).toBe('00042');
  });

  it('is one piece: its quantity stays 1, and another scan of the item is no second', () => {
    const workstation = shopWith('42', '4006381333931');
    scan(workstation, CHEESE_WEIGHED);
    const more = applyEvent(workstation, { type: 'quantity.set', line: 1, quantity: 2 });
    expect(more).toEqual({ ok: false, error: { code: 'line-is-piece' } });
    scan(workstation, '4006381333931');
    expect(workstation.state.basket.lines.map(({ quantityMilli }) => quantityMilli)).toEqual([
      1255,
      undefined,
    ]);
  });

  it('is on the record and on paper with its weight and its price', () => {
    const workstation = shopWith('42');
    scan(workstation, CHEESE_WEIGHED);
    scan(workstation, CHEESE_PRICED);
    const { basket, pricing } = workstation.state;
    const { totalMinor, earnedPoints, redeemedPoints } = pricing;
    const result = commitSale(
      workstation,
      { isOnline: false },
      {
        transactionId: basket.transactionId,
        tenders: [{ tenderType: 'card', amountMinor: totalMinor }],
        expected: { totalMinor, earnedPoints, redeemedPoints },
      },
    );
    expect(result.ok).toBe(true);
    const seq = lastSale(workstation.db)?.seq ?? 0;
    expect(linesOf(workstation.db, seq)).toMatchObject([
      { quantity: 1, quantityMilli: 1255, unitPriceMinor: 1999, grossMinor: 2509 },
      { quantity: 1, unitPriceMinor: 345, grossMinor: 345 },
    ]);
    const text = originalPrintJob(workstation.db, seq, 'receipt')?.document ?? '';
    const { blocks } = JSON.parse(text) as ReceiptDocument;
    const rows = blocks.flatMap((block) =>
      block.type === 'columns' ? [`${block.left}|${block.right}`] : [],
    );
    expect(rows).toContain('  1.255 kg x €19.99|€25.09');
    expect(rows).toContain('Cheese|€3.45');
  });

  it('of nothing, or of an item that nobody knows, is said', () => {
    const workstation = shopWith('42');
    const empty = whole('210004200000');
    scan(workstation, empty);
    expect(said(workstation)).toEqual({
      key: 'notice.scale-label-wrong',
      args: { number: empty },
    });
    const unknown = whole('219999900345');
    scan(workstation, unknown);
    expect(said(workstation)).toEqual({
      key: 'notice.product-unknown',
      args: { barcode: unknown },
    });
    expect(workstation.state.basket.lines).toEqual([]);
  });

  it('is an ordinary product where the programme names no scales', () => {
    const { workstation } = newTill();
    scan(workstation, CHEESE_PRICED);
    expect(said(workstation)?.key).toBe('notice.product-unknown');
  });
});

describe('the live test of a scanner', () => {
  it.each([
    [CHEESE_PRICED, null, 'reading.scale-label'],
    [whole('210004200000'), null, 'reading.scale-label-wrong'],
    [whole('219999900345'), null, 'reading.product-unknown'],
    [whole('1952012345678'), ']I1', 'reading.case'],
    ['81110050', ']C1', 'reading.coupon'],
    [whole('981000000001'), ']E0', 'reading.coupon'],
    [whole('990000000001'), null, 'reading.coupon'],
    [demoCard(2), null, 'reading.member'],
    ['?', null, 'reading.unreadable'],
  ])('says of %s (%s): %s', (label, aim, key) => {
    const workstation = shopWith('42');
    const meaning = meaningOf(workstation, { label, aim });
    expect(meaning.key).toBe(key);
    expect(isKey(key)).toBe(true);
    expect(workstation.state.basket.lines).toEqual([]);
  });
});

describe('the live test of what rules wait for', () => {
  it('says a partner’s card, a receipt’s code, and goods that look like a coupon', () => {
    const workstation = tillWith({
      lateClaimDays: 7,
      accounts: [cinema.account],
      partners: [cinema.partner],
      earning: { rules: [...RULES, cinema.share] },
    });
    const card = '2977000000010';
    expect(meaningOf(workstation, { label: card, aim: ']E0' })).toEqual({
      key: 'reading.partner',
      args: { name_en: 'Cinema', name_tr: 'Cinema', name_de: 'Cinema' },
    });
    addAmount(workstation, 3490, '');
    expect(pay(workstation).ok).toBe(true);
    const label = lastSale(workstation.db)?.receiptToken ?? '';
    expect(meaningOf(workstation, { label, aim: ']Q1' })).toEqual({
      key: 'reading.receipt',
      args: {},
    });
    expect(workstation.state.basket.lines).toEqual([]);
  });

  it('says that a number of a coupon sells where the shop has such a product', () => {
    const barcode = whole('981000000001');
    const workstation = shopWith('refund', barcode);
    expect(meaningOf(workstation, { label: barcode, aim: null }).key).toBe('reading.product');
    scan(workstation, barcode);
    expect(workstation.state.basket.lines.map(({ sku }) => sku)).toEqual(['refund']);
  });
});

describe('the same again', () => {
  it('counts a product: ten reads 120 ms apart are ten', () => {
    const { workstation, clock } = newTill();
    const barcode = demoProducts.find((product) => product.barcode !== null)?.barcode ?? '';
    for (let read = 0; read < 10; read += 1) {
      scan(workstation, barcode, ']E0');
      clock.nowMs += 120;
    }
    expect(workstation.state.basket.lines.map(({ quantity }) => quantity)).toEqual([10]);
  });

  it('changes nothing for the card of the member who is there', () => {
    const { workstation } = newTill();
    scan(workstation, demoCard(2));
    const before = workstation.state.basket;
    scan(workstation, demoCard(2));
    expect(workstation.state.basket).toBe(before);
    expect(said(workstation)).toBeUndefined();
  });
});

describe('what a till does not sell', () => {
  it.each([
    ['8110106141416543213150110120', ']e0', 'notice.coupon-refused'],
    ['81110050', ']C1', 'notice.coupon-refused'],
    [whole('981000000001'), ']E0', 'notice.coupon-refused'],
    [whole('1952012345678'), ']I1', 'notice.case-code'],
  ])('%s (%s) is refused in words: %s', (label, aim, key) => {
    const { workstation } = newTill();
    scan(workstation, demoCard(2));
    const before = workstation.state.pricing;
    scan(workstation, label, aim);
    expect(said(workstation)?.key).toBe(key);
    expect(workstation.state.basket.lines).toEqual([]);
    expect(workstation.state.pricing).toBe(before);
  });
});
