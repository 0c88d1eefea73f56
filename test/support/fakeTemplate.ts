// Owns the receipt's template of the in-page till: the one of a new shop, and how one is checked.
import { rows } from '#test/support/fakeShop.ts';
import type { MethodOutput } from '#till/contract.ts';

type Template = MethodOutput<'receipt.getTemplate'>;

/** As a till has it that nobody has written a receipt for. */
export const firstTemplate: Template = {
  text: '[logo]\n# {store.name}\n[sale]\n---\n[items]\n[totals]\n[taxes]\n[barcode]\nThank you',
  isDefault: true,
  blocks: ['logo', 'header', 'sale', 'items', 'totals', 'taxes', 'payments', 'why', 'points'],
  variables: ['store.name', 'store.address', 'member.card', 'points.balance'],
  languages: ['en', 'tr', 'de'],
  logoName: 'karakoy.png',
};

const unknownBlock = {
  line: 3,
  words: { key: 'template.unknown-block', args: { name: 'itms', nearest: 'items' } },
};

export function checkedTemplate(text: string): MethodOutput<'receipt.checkTemplate'> {
  return text.includes('[items]')
    ? { faults: [], preview: { columns: 42, rows: [...rows, { type: 'cut' }] } }
    : { faults: [unknownBlock], preview: null };
}
