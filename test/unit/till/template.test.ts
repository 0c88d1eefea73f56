// Goal: a manager can write the receipt, sees each mistake at its line with the right word, and
// cannot leave out what must be on it; what is stored never changes.
// Method: texts, and sales on a real till.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originalPrintJob } from '#db/printJobs.ts';
import { lastSale } from '#db/sales.ts';
import { setSetting } from '#db/settings.ts';
import type { Block, ReceiptDocument } from '#drivers/printer/paper/document.ts';
import { previewReceipt } from '#drivers/printer/paper/layout.ts';
import { assert } from '#loyalty/assert.ts';
import { runs } from '#test/support/runs.ts';
import { newTill } from '#test/support/till.ts';
import { addAmount, addProduct, applyEvent } from '#till/basketFlow.ts';
import { commitSale } from '#till/commit.ts';
import { handleScan } from '#till/scanRouting.ts';
import { DEFAULT_TEMPLATE_TEXT, parseTemplate } from '#till/template.ts';
import { blockMakers, variables } from '#till/templateBlocks.ts';
import { templateHandlers, templateOf } from '#till/templateDesk.ts';
import type { Workstation } from '#till/workstation.ts';
import { demoCard } from '#tools/demoShop.ts';
import { say } from '#words/say.ts';

const NEEDED = '[sale]\n[items]\n[totals]\n[taxes]\n[barcode]\n';

function faultsOf(text: string): string[] {
  const parsed = parseTemplate(text);
  if (parsed.ok) return [];
  return parsed.error.map(({ line, key, args }) => `${line}: ${say('en', key, args)}`);
}

/** Sells something to a member or a guest, and gives the receipt. */
function sell(workstation: Workstation, card: string | null = null): readonly Block[] {
  if (card !== null) handleScan(workstation, { label: card, aim: null });
  addAmount(workstation, 500, '');
  const { basket, pricing } = workstation.state;
  const { totalMinor, earnedPoints, redeemedPoints } = pricing;
  const sold = commitSale(
    workstation,
    { isOnline: false },
    {
      transactionId: basket.transactionId,
      tenders: [{ tenderType: 'card', amountMinor: totalMinor }],
      expected: { totalMinor, earnedPoints, redeemedPoints },
    },
  );
  assert(sold.ok, 'the sale is committed');
  const seq = lastSale(workstation.db)?.seq ?? 0;
  const text = originalPrintJob(workstation.db, seq, 'receipt')?.document ?? '';
  return (JSON.parse(text) as ReceiptDocument).blocks;
}

function textsOf(blocks: readonly Block[]): string[] {
  return blocks.map((block) => {
    if (block.type === 'text') return block.text;
    return block.type === 'columns' ? `${block.left}|${block.right}` : `<${block.type}>`;
  });
}

function manager(workstation: Workstation) {
  return templateHandlers(workstation, () => 42);
}

function saved(text: string, shop = {}): Workstation {
  const { workstation } = newTill(shop);
  expect(manager(workstation)['receipt.saveTemplate']({ text })).toMatchObject({ ok: true });
  return workstation;
}

describe('mistakes', () => {
  it.each([
    ['[itmes]', '1: [itmes] is unknown. Did you mean [items]?'],
    ['[Totals]', '1: [Totals] is unknown. Did you mean [totals]?'],
    ['[fr] Merci', '1: [fr] is unknown. Did you mean [tr]?'],
    ['Hello\n{store.nmae}', '2: {store.nmae} is unknown. Did you mean {store.name}?'],
    ['[tr] {pionts.balance}', '1: {pionts.balance} is unknown. Did you mean {points.balance}?'],
    ['10 { 5', '1: { stands alone. Write it twice where it is meant as it stands.'],
    ['10 } 5', '1: } stands alone. Write it twice where it is meant as it stands.'],
    ['[qr]\n[qr]', '2: [qr] stands in the receipt already. Keep one of them.'],
    ['[en] [qr]', '1: A language may stand before text alone. Give [qr] a line of its own.'],
    ['[qr] here', '1: Write nothing behind [qr]: text has a line of its own.'],
    ['a\tb', '1: This line has a character that cannot be printed, such as a tab. Remove it.'],
    ['x'.repeat(201), '1: Write at most 200 characters in a line.'],
  ])('%j: %s', (text, fault) => {
    expect(faultsOf(`${text}\n${NEEDED}`)).toEqual([fault]);
  });

  it('names what must be on a receipt, and why', () => {
    expect(faultsOf(NEEDED)).toEqual([]);
    expect(faultsOf('Thank you')).toEqual([
      '0: Add [sale] or {receipt.date}: a receipt must say when the sale was.',
      '0: Add [items]: a receipt must say what was sold.',
      '0: Add [totals]: a receipt must say what was to be paid.',
      '0: Add [taxes]: a receipt must say which tax is in it.',
      '0: Add [barcode] or {receipt.number}: a sale is found again by its number.',
    ]);
    const inText = '{receipt.date} | {receipt.number}\n[items]\n[totals]\n[taxes]';
    expect(faultsOf(inText)).toEqual([]);
    // In one language alone it is not on every receipt.
    expect(faultsOf(inText.replace('{receipt.date}', '[en] {receipt.date}'))).toHaveLength(2);
  });

  it('refuses what is too long, unread', () => {
    const words = '0: Write at most 100 lines and 8,000 characters in all.';
    expect(faultsOf(`${NEEDED}${'x\n'.repeat(100)}`)).toEqual([words]);
    expect(faultsOf(`${'x'.repeat(199)}\n`.repeat(41))).toEqual([words]);
  });

  it('never throws, and whatever it takes can be laid out on any paper', () => {
    const { workstation } = newTill();
    const line = fc.oneof(
      fc.constantFrom(...Object.keys(blockMakers).map((name) => `[${name}]`)),
      fc.constantFrom(...Object.keys(variables).map((name) => `* a {${name}} | b`)),
      fc.constantFrom('', '---', '[en] x', '[tr] # y {{', '\\# z', ' | ', '[de]'),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const columns = fc.integer({ min: 16, max: 64 });
    return fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), columns, fc.boolean(), (lines, wide, is) => {
        const text = `${lines.join('\n')}\n${NEEDED}`;
        const desk = templateHandlers(workstation, () => wide);
        const input = { text, language: 'tr', isGuest: is };
        const { value } = desk['receipt.checkTemplate'](input);
        expect(value.preview === null).toBe(value.faults.length > 0);
        for (const row of value.preview?.rows ?? []) {
          if (row.type !== 'text') continue;
          expect(row.runs.length).toBeGreaterThan(0);
        }
      }),
      runs(30),
    );
  });
});

describe('what is written', () => {
  it('has variables, marks, columns and braces', () => {
    const text = [
      '# {store.name}',
      '* Big {{sale}}',
      '\\# not large, \\ and [x] as they stand',
      '{store.address}',
      'Tax {store.taxNumber}',
      '{operator.name} | {till.number}',
      '---',
    ].join('\n');
    const blocks = sell(saved(`${text}\n${NEEDED}`, { taxNumber: '' }));
    expect(blocks.slice(0, 7)).toEqual([
      { type: 'text', text: 'Ada Kahve & Market', align: 'center', bold: true, scale: 2 },
      { type: 'text', text: 'Big {sale}', align: 'center', bold: true, scale: 1 },
      {
        type: 'text',
        text: '# not large, \\ and [x] as they stand',
        align: 'center',
        bold: false,
        scale: 1,
      },
      { type: 'text', text: 'Moda Cad. 12', align: 'center', bold: false, scale: 1 },
      { type: 'text', text: '34710 Kadıköy, İstanbul', align: 'center', bold: false, scale: 1 },
      // No tax number: its line is left out.
      { type: 'columns', left: 'Elif', right: '2', bold: false },
      { type: 'rule' },
    ]);
  });

  it('says lines of the language of the paper, else English, else the first', () => {
    const text = `[en] Thank you\n[en] Come again\n[tr] Teşekkürler\n\n[tr] Yalnız\n${NEEDED}`;
    const head = (language: 'en' | 'tr') => textsOf(sell(saved(text, { language }))).slice(0, 4);
    expect(head('en').slice(0, 3)).toEqual(['Thank you', 'Come again', '<space>']);
    expect(head('tr').slice(0, 3)).toEqual(['Teşekkürler', '<space>', 'Yalnız']);
    expect(head('en')[3]).toBe('Yalnız');
  });

  it('lets a language have nothing in a place', () => {
    const text = `[en]\n[tr] Yalnız Türkçe\n${NEEDED}`;
    expect(textsOf(sell(saved(text, { language: 'en' })))).not.toContain('Yalnız Türkçe');
    expect(textsOf(sell(saved(text, { language: 'tr' })))).toContain('Yalnız Türkçe');
  });

  it('prints blocks in its order, and none that it does not name', () => {
    const workstation = saved(
      '[barcode]\n[points]\n{member.card} has {points.balance}\n[items]\n[totals]\n' +
        '[taxes]\n[sale]\n',
    );
    const texts = textsOf(sell(workstation, demoCard(2)));
    expect(texts[0]).toBe('<barcode>');
    expect(texts[1]).toMatch(/^Points of this sale\|/);
    expect(texts.at(-1)).toMatch(/^Served by\|/);
    expect(texts.some((text) => /^\*\*\*\*[0-9]{4} has [0-9]+$/.test(text))).toBe(true);
    expect(texts).not.toContain('<qr>');
    expect(texts.some((text) => text.includes('×'))).toBe(false);
  });

  it('prints a reward as one, though two tax rates share it', () => {
    const workstation = saved(NEEDED);
    const reward = {
      ...{ rewardId: 'off-5', points: 100, amountOffMinor: 500, reservationId: 'r-1' },
      secured: 'offline-floor' as const,
    };
    handleScan(workstation, { label: demoCard(2), aim: null });
    for (const sku of ['P001', 'P003']) addProduct(workstation, sku, 1);
    applyEvent(workstation, { type: 'reward.claimed', reward });
    expect(workstation.state.pricing.discounts).toHaveLength(2);
    const rewards = textsOf(sell(workstation)).filter((text) => text.startsWith('€5 reward'));
    expect(rewards).toEqual(['€5 reward|-€5.00']);
  });

  it('leaves out the lines of a member on a guest’s receipt', () => {
    const workstation = saved(`{member.card} has {points.balance}\n[member]\n[points]\n${NEEDED}`);
    const texts = textsOf(sell(workstation));
    expect(texts[0]).toMatch(/^[0-9]{2}\/[0-9]{2}\/2026/);
  });
});

describe('docs/receipts.md', () => {
  it('names every block and every variable', () => {
    const page = readFileSync(new URL('../../../docs/receipts.md', import.meta.url), 'utf8');
    const named = [
      ...Object.keys(blockMakers).map((name) => `[${name}]`),
      ...Object.keys(variables).map((name) => `{${name}}`),
    ];
    expect(named.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the editor', () => {
  const guest = { language: 'en', isGuest: true };

  it('shows the sample as it is printed, and keeps nothing', () => {
    const { workstation } = newTill();
    const desk = manager(workstation);
    const before = desk['receipt.getTemplate']().value;
    expect(before).toMatchObject({ text: DEFAULT_TEMPLATE_TEXT, isDefault: true, logoName: null });
    const text = `Hello {store.name}\n${NEEDED}`;
    const { faults, preview } = desk['receipt.checkTemplate']({ text, ...guest }).value;
    expect(faults).toEqual([]);
    expect(preview?.columns).toBe(42);
    const rows = preview?.rows.flatMap((row) =>
      row.type === 'text' ? [row.runs.map((run) => run.text).join('')] : [],
    );
    expect(rows?.[0]?.trim()).toBe('Hello Ada Kahve & Market');
    expect(rows?.every((row) => row.length <= 42)).toBe(true);
    expect(preview?.rows.at(-1)).toEqual({ type: 'cut' });
    expect(desk['receipt.getTemplate']().value).toEqual(before);
  });

  it('says faults instead of showing', () => {
    const { workstation } = newTill();
    const checked = manager(workstation)['receipt.checkTemplate']({ text: '[itmes]', ...guest });
    expect(checked.value.preview).toBeNull();
    expect(checked.value.faults[0]).toEqual({
      line: 1,
      words: { key: 'template.unknown-block', args: { name: 'itmes', nearest: 'items' } },
    });
  });

  it('keeps no template with a mistake, and goes back to the first', () => {
    const workstation = saved(`Mine\n${NEEDED}`);
    const desk = manager(workstation);
    expect(desk['receipt.saveTemplate']({ text: 'x\n[itmes]' })).toEqual({
      ok: false,
      error: { code: 'template-faulty', args: { line: 2 } },
    });
    expect(desk['receipt.getTemplate']().value).toMatchObject({ isDefault: false });
    expect(textsOf(sell(workstation))[0]).toBe('Mine');
    expect(desk['receipt.saveTemplate']({ text: null }).ok).toBe(true);
    expect(textsOf(sell(workstation))[0]).toBe('Ada Kahve & Market');
  });

  it('changes no receipt of a sale that was made', () => {
    const { workstation } = newTill();
    sell(workstation);
    const seq = lastSale(workstation.db)?.seq ?? 0;
    const stored = originalPrintJob(workstation.db, seq, 'receipt')?.document;
    manager(workstation)['receipt.saveTemplate']({ text: `Mine\n${NEEDED}` });
    expect(originalPrintJob(workstation.db, seq, 'receipt')?.document).toBe(stored);
  });

  it('sells on with the first template where another version left one it does not know', () => {
    const { workstation } = newTill();
    setSetting(workstation.db, 'receiptTemplate', '[hologram]');
    const first = parseTemplate(DEFAULT_TEMPLATE_TEXT);
    expect(templateOf(workstation.db)).toEqual(first.ok && first.value);
    expect(textsOf(sell(workstation))[0]).toBe('Ada Kahve & Market');
  });
});

describe('the logo', () => {
  const file = (text: string) => Buffer.from(text).toString('base64');
  const size = 'width="64" height="32"';
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size}/></svg>`;
  const logo = { name: 'Ada', fileBase64: file(drawn) };

  it('is printed where the template says, from the next sale on', () => {
    const workstation = saved(`[logo]\n${NEEDED}`);
    const desk = manager(workstation);
    expect(textsOf(sell(workstation))[0]).not.toBe('<image>');
    expect(desk['receipt.saveLogo']({ logo }).ok).toBe(true);
    expect(desk['receipt.getTemplate']().value.logoName).toBe('Ada');
    const blocks = sell(workstation);
    expect(blocks[0]).toMatchObject({ type: 'image', name: 'Ada', pictures: [{}, {}] });
    const rows = previewReceipt({ version: 1, language: 'en', blocks }, 42);
    expect(rows[0]).toMatchObject({ type: 'image', name: 'Ada' });
    expect(desk['receipt.saveLogo']({ logo: null }).ok).toBe(true);
    expect(textsOf(sell(workstation))[0]).not.toBe('<image>');
  });

  it('that is no picture is refused, and the one before stays', () => {
    const { workstation } = newTill();
    const desk = manager(workstation);
    desk['receipt.saveLogo']({ logo });
    for (const text of ['GIF89a', '<svg', drawn.replace('rect', 'image href="/etc/passwd"')]) {
      const refused = { ok: false, error: { code: 'logo-unreadable' } };
      const other = { name: 'Other', fileBase64: file(text) };
      expect(desk['receipt.saveLogo']({ logo: other })).toEqual(refused);
    }
    expect(desk['receipt.getTemplate']().value.logoName).toBe('Ada');
  });
});
