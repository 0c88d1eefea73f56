// Goal: docs/mechanisms.md lists every mechanism and complaint, and each row's test is there.
// Method: reads the tables and the test files, and compares ids, paths and titles both ways.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { earningRule } from '#loyalty/programme/earning.ts';
import { projectFolder } from '#tools/project.ts';

const FOLDER = 'test/mechanisms';

function read(file: string): string {
  return readFileSync(path.join(projectFolder, file), 'utf8');
}

/** Rows of the tables of a page whose first cell is an id of the letter. */
function rowsOf(page: string, letter: 'S' | 'I'): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => new RegExp(`^\\| ${letter}[0-9]+ \\|`).test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
}

/** Ids that titles of tests begin with. */
function idsOf(text: string, letter: 'S' | 'I'): readonly string[] {
  const titles = text.matchAll(new RegExp(`\\bit\\('(${letter}[0-9]+) `, 'g'));
  return [...titles].map((match) => match[1] ?? '');
}

function quoted(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

const page = read('docs/mechanisms.md');
const mechanisms = rowsOf(page, 'S');
const complaints = rowsOf(page, 'I');
const testFiles = readdirSync(path.join(projectFolder, FOLDER)).filter((file) =>
  file.endsWith('.test.ts'),
);
const tests = new Map(testFiles.map((file) => [`${FOLDER}/${file}`, read(`${FOLDER}/${file}`)]));
const allTests = [...tests.values()].join('\n');

describe('the table of mechanisms', () => {
  it('has the 48 ids once, in order', () => {
    const ids = Array.from({ length: 48 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);
    expect(mechanisms.map(([id]) => id)).toEqual(ids);
    expect(new Set(idsOf(allTests, 'S'))).toEqual(new Set(ids));
  });

  it('names for each id the file with the test of that name', () => {
    for (const [id = '', , , test = ''] of mechanisms) {
      const file = quoted(test, /`([^`]+)`/g)[0] ?? '';
      expect(idsOf(tests.get(file) ?? '', 'S'), `${id} in ${file}`).toContain(id);
    }
  });

  it('names paths that exist, and the tests every kind of earning rule', () => {
    const paths = quoted(page, /`((?:loyalty|test|words)\/[^`]*)`/g);
    expect(paths.filter((file) => !existsSync(path.join(projectFolder, file)))).toEqual([]);
    const kinds = earningRule.def.options.flatMap((option) => [
      ...option.def.shape.kind.def.values,
    ]);
    expect(kinds.length).toBeGreaterThan(10);
    expect(kinds.filter((kind) => !allTests.includes(`kind: '${kind}'`))).toEqual([]);
  });
});

describe('the table of complaints', () => {
  it('has I1 to I17, I20 and I21, each with a test that is there', () => {
    const ids = [...Array.from({ length: 17 }, (_, index) => `I${index + 1}`), 'I20', 'I21'];
    expect(complaints.map(([id]) => id)).toEqual(ids);
    for (const [id = '', , test = ''] of complaints) {
      const files = quoted(test, /`([^`]+)`/g);
      const own = files.includes(`${FOLDER}/complaints.test.ts`);
      expect(idsOf(allTests, 'I').includes(id), `${id} is a test of its own`).toBe(own);
      for (const title of quoted(test, /“([^”]+)”/g)) {
        const found = files.some((file) => read(file).includes(`it('${title}'`));
        expect(found, `${id}: ${title}`).toBe(true);
      }
    }
  });
});
