// Goal: the rules of the house hold in every file, and each rule still bites.
// Method: every rule reads all files that it is for, and must find its own deliberately bad sample.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules, type SourceFile } from '#test/support/tidyRules.ts';
import { listProjectFiles, projectFolder } from '#tools/project.ts';

/** Fewer than this and the walk went wrong; see the folders below too. */
const FILES_MIN = 100;
const FOLDERS = [
  'loyalty',
  'drivers',
  'db',
  'sync',
  'till',
  'electron',
  'renderer',
  'upstream',
  'words',
  'tools',
  'test',
];

const TEXT = /\.(ts|tsx|mjs|css|html|json|md|sql|yml|yaml)$|^\.ci\/run$|^LICENSE$/;
const files: SourceFile[] = listProjectFiles()
  .filter((file) => TEXT.test(file))
  .map((file) => ({
    path: file,
    text: readFileSync(path.join(projectFolder, file), 'utf8'),
  }));

describe('tidy', () => {
  it('saw the whole house', () => {
    expect(files.length).toBeGreaterThan(FILES_MIN);
    for (const folder of FOLDERS) {
      expect(
        files.filter((file) => file.path.startsWith(`${folder}/`)).length,
        folder,
      ).toBeGreaterThan(1);
    }
  });

  it.each(rules)('$name', (rule) => {
    expect(rule.looksAt(rule.bad.path), 'the rule looks at its bad sample').toBe(true);
    expect(rule.find(rule.bad), 'the rule finds its bad sample').not.toEqual([]);

    const seen = files.filter((file) => rule.looksAt(file.path));
    expect(seen.length, 'files seen').toBeGreaterThan(0);
    const breaches = seen.flatMap((file) => rule.find(file).map((one) => `${file.path}: ${one}`));
    expect(breaches).toEqual([]);
  });
});

/** What biome.json must refuse: a configuration that no longer matches checks nothing. */
const refusedByBiome: readonly {
  readonly rule: string;
  readonly folder: string;
  readonly text: string;
}[] = [
  {
    rule: 'noRestrictedImports',
    folder: 'loyalty',
    text: "import { a } from '#db/a.ts';\nexport const b = a;\n",
  },
  {
    rule: 'noRestrictedImports',
    folder: 'renderer',
    text: "import { a } from '#db/a.ts';\nexport const b = a;\n",
  },
  {
    rule: 'noRestrictedImports',
    folder: 'upstream',
    text: "import { a } from '#sync/pusher.ts';\nexport const b = a;\n",
  },
  {
    rule: 'noRestrictedGlobals',
    folder: 'loyalty',
    text: 'export const at = (): Date => new Date();\n',
  },
  { rule: 'noExplicitAny', folder: 'till', text: 'export const a: any = 1;\n' },
  {
    rule: 'noNonNullAssertion',
    folder: 'till',
    text: 'export const a = (b: string | null): string => b!;\n',
  },
  { rule: 'noDefaultExport', folder: 'till', text: 'export default 1;\n' },
  { rule: 'noConsole', folder: 'till', text: "console.log('a');\n" },
  {
    rule: 'noParameterAssign',
    folder: 'till',
    text: 'export function a(b: number): number {\n  b = 2;\n  return b;\n}\n',
  },
  {
    rule: 'noFloatingPromises',
    folder: 'till',
    text: 'async function a(): Promise<void> {}\na();\n',
  },
  {
    rule: 'useExhaustiveSwitchCases',
    folder: 'till',
    text: "type A = 'b' | 'c';\nconst a: A = 'b' as A;\nswitch (a) {\n  case 'b':\n    break;\n}\n",
  },
  {
    rule: 'noExcessiveLinesPerFunction',
    folder: 'till',
    text: `export function a(): void {\n${'  a();\n'.repeat(71)}}\n`,
  },
];

describe('biome.json', () => {
  /** One run over all samples, in a folder of its own under our configuration. */
  function lintSamples(): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'puan-biome-'));
    cpSync(path.join(projectFolder, 'biome.json'), path.join(folder, 'biome.json'));
    writeFileSync(path.join(folder, '.gitignore'), 'node_modules/\n');
    for (const [index, sample] of refusedByBiome.entries()) {
      const file = path.join(folder, sample.folder, `sample${index}.ts`);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, sample.text);
    }
    const biome = path.join(projectFolder, 'node_modules/@biomejs/biome/bin/biome');
    const run = spawnSync(
      process.execPath,
      [biome, 'lint', '--colors=off', '--reporter=github', '--max-diagnostics=none'],
      { cwd: folder, encoding: 'utf8' },
    );
    rmSync(folder, { recursive: true });
    return run.stdout;
  }

  it('refuses every bad sample by its rule', () => {
    const findings = lintSamples().split('\n');
    for (const [index, { folder, rule }] of refusedByBiome.entries()) {
      const file = `${folder}/sample${index}.ts`;
      const found = findings.filter((line) => line.includes(`/${file},`));
      expect(
        found.some((line) => line.includes(`/${rule},`)),
        `${rule} in ${file}: ${found.join('; ')}`,
      ).toBe(true);
    }
  });
});
