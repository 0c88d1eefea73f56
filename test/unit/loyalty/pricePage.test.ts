// Goal: the files that docs/price.md shows are files that the commands read. Method: its blocks are
// taken out and parsed.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBasket, parseState } from '#loyalty/files/inputFiles.ts';

const page = readFileSync(new URL('../../../docs/price.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```json (state|basket)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', text = '']) => [kind, text] as const,
);

describe('docs/price.md', () => {
  it('has blocks of both kinds, and no others', () => {
    expect(new Set(blocks.map(([kind]) => kind))).toEqual(new Set(['state', 'basket']));
    expect(page.match(/^```json/gm)).toHaveLength(blocks.length);
  });

  it.each(blocks)('a %s is read: %s', (kind, text) => {
    const parsed = kind === 'state' ? parseState(text) : parseBasket(text);
    expect(parsed.ok ? [] : parsed.error).toEqual([]);
  });
});
