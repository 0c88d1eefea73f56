// Goal: every sentence that the engine gives a reason with is in the catalogues. Method: look for
// the keys in the sources of the engine, and add those that it puts together.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { en } from '#words/en.ts';

const folder = new URL('../../../loyalty/', import.meta.url);
const MADE = [
  ...['why.earn.base', 'why.earn.productType', 'why.earn.units'].map((stem) => `${stem}.plain`),
  ...['takenBack', 'givenBack', 'unqualified'].flatMap((stem) => [
    `why.return.${stem}`,
    `why.return.${stem}.money`,
  ]),
  'why.transfer.given',
  'why.transfer.received',
];

describe('reasons', () => {
  it('of the engine all have words', () => {
    const used = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [
        ...readFileSync(new URL(path, folder), 'utf8').matchAll(/'(why\.[a-zA-Z.-]+)'/g),
      ])
      .map((match) => match[1] ?? '');
    expect(used.length).toBeGreaterThan(20);
    const missing = [...new Set([...used, ...MADE])].filter((key) => !Object.hasOwn(en, key));
    expect(missing).toEqual([]);
  });
});
