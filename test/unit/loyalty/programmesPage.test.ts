// Goal: what docs/programmes.md shows can be written into a programme. Method: its blocks are taken
// out, each is put where its heading word says, and the whole must be a programme.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProgramme } from '#loyalty/programme/parseProgramme.ts';
import { earningKinds, rewardKinds } from '#test/support/ruleKinds.ts';

const page = readFileSync(new URL('../../../docs/programmes.md', import.meta.url), 'utf8');

/** `where` is a path in the programme. */
const blocks = [...page.matchAll(/^```json (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, where = '', text = '']) => ({ where, value: JSON.parse(text) as Record<string, unknown> }),
);
/** Where one block stands alone; anywhere else it joins a list. */
const SINGLE = new Set([
  'earning.base',
  'earning.excluded',
  'tiers',
  'gifts',
  'returns',
  'receipt',
]);

function assembled(): Record<string, unknown> {
  const [first, ...rest] = blocks;
  const programme = structuredClone(first?.value ?? {});
  for (const { where, value } of rest) {
    const keys = where.split('.');
    const last = keys.pop() ?? '';
    const place = keys.reduce<Record<string, unknown>>(
      (object, key) => object[key] as Record<string, unknown>,
      programme,
    );
    if (SINGLE.has(where)) place[last] = value;
    else place[last] = [...((place[last] as unknown[] | undefined) ?? []), value];
  }
  return programme;
}

const kindsShown = (where: string) =>
  new Set(blocks.filter((block) => block.where === where).map(({ value }) => value['kind']));
describe('docs/programmes.md', () => {
  it('is one programme', () => {
    expect(blocks[0]?.where).toBe('whole');
    const parsed = parseProgramme(JSON.stringify(assembled()));
    expect(parsed.ok ? [] : parsed.error).toEqual([]);
  });

  it('shows every kind of rule and reward', () => {
    expect(kindsShown('earning.rules')).toEqual(earningKinds);
    expect(kindsShown('rewards.list')).toEqual(rewardKinds);
  });

  it('leaves no block without its place', () => {
    expect(page.match(/^```json/gm)).toHaveLength(blocks.length);
  });
});
