// Goal: no case of the peers' own test suites is forgotten, and none is run twice.
// Method: the names of the tests in this folder are held against the list of the cases.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Ids that are missing in a row are not cases. */
const CASES = {
  'odooPoints.test.ts': 'C01 C02 C04 C05 C07 C08 C10 C11 C13 C14 C16',
  'odooBase.test.ts': 'C17 C19 C20 C22 C23 C25 C26 C28 C29 C31 C32',
  'odooPromotions.test.ts': 'C34 C35 C37 C38 C40 C41 C43 C44 C46 C47 C49 C50',
  'odooDiscounts.test.ts': 'C52 C53 C55 C56 C58 C59 C61 C62 C64 C65',
  'erpnext.test.ts': 'C67 C68 C70 C71 C73',
  'openLoyalty.test.ts': 'C74 C76 C77 C79 C80 C82 C83',
  'otherTills.test.ts': 'C85 C86 C88 C89',
} as const;

it('has one test a case', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file !== 'coverage.test.ts');
  const found = files.map((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    const ids = [...text.matchAll(/^ *it\('(C\d\d) /gm)].map((match) => match[1] ?? '');
    return [file, ids.toSorted((left, right) => left.localeCompare(right)).join(' ')];
  });
  expect(Object.fromEntries(found)).toEqual(CASES);
  expect(Object.values(CASES).join(' ').split(' ')).toHaveLength(60);
});
