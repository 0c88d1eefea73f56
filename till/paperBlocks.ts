// Owns the blocks that receipts of every kind are made of.
import type { Block } from '#drivers/printer/paper/document.ts';
import type { Shop } from '#till/shop.ts';
import { formatPoints } from '#words/say.ts';

export const RULE: Block = { type: 'rule' };
export const SPACE: Block = { type: 'space' };

export function centred(text: string, bold = false, scale: 1 | 2 = 1): Block {
  return { type: 'text', text, align: 'center', bold, scale };
}

export function columns(left: string, right: string, bold = false): Block {
  return { type: 'columns', left, right, bold };
}

export function headerBlocks(shop: Shop): Block[] {
  return [
    centred(shop.storeName, true, 2),
    ...shop.addressLines.map((line) => centred(line)),
    ...(shop.taxNumber === '' ? [] : [centred(shop.taxNumber)]),
    SPACE,
  ];
}

export function plain(text: string): Block {
  return { type: 'text', text, align: 'left', bold: false, scale: 1 };
}

export function signed(language: string, points: number): string {
  return points < 0 ? formatPoints(language, points) : `+${formatPoints(language, points)}`;
}
