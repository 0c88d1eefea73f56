// Owns the rules of the house that no linter knows: each with a sample that breaks it.
import { createHash } from 'node:crypto';

export interface SourceFile {
  /** Relative to the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Rule {
  readonly name: string;
  readonly looksAt: (path: string) => boolean;
  /** One sentence per breach; empty when the file is in order. */
  readonly find: (file: SourceFile) => readonly string[];
  readonly bad: SourceFile;
}

const LINE_WIDTH_MAX = 100;
const FILE_LINES_MAX = 400;
const FILE_BYTES_MAX = 200_000;

const isCode = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path);
const folderOf = (path: string): string => path.split('/')[0] ?? '';
const isIn =
  (...folders: readonly string[]) =>
  (path: string): boolean =>
    isCode(path) && folders.includes(folderOf(path));

/** Keeps line numbers; a word in a comment is no call. */
function withoutComments(text: string): string {
  const blank = (comment: string): string => comment.replace(/[^\n]/g, ' ');
  return text
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(^|[\s;,{}()])\/\/[^\n]*/g, (comment) => blank(comment));
}

/** Finds `pattern` (global) line by line outside comments. */
function findIn(text: string, pattern: RegExp, what: string): string[] {
  return withoutComments(text)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(pattern)].map((match) => `line ${index + 1}: ${what}: ${match[0].trim()}`),
    );
}

interface Import {
  readonly from: string;
  readonly isTypeOnly: boolean;
}

export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const statements = code.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/gm,
  );
  const dynamic = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [
    ...[...statements].map((match) => ({
      from: match[2] ?? '',
      isTypeOnly: match[1] !== undefined,
    })),
    ...[...dynamic].map((match) => ({ from: match[1] ?? '', isTypeOnly: false })),
  ];
}

/** What each folder may import of the others; a path narrows it, `type ` to types alone. */
const DIRECTION: Readonly<Record<string, readonly string[]>> = {
  loyalty: ['#loyalty/'],
  drivers: ['#drivers/'],
  words: ['#words/'],
  db: ['#db/', '#loyalty/'],
  sync: ['#sync/', '#db/', '#loyalty/'],
  till: ['#till/', '#sync/', '#db/', '#loyalty/', '#drivers/', '#words/'],
  electron: ['#electron/', '#till/', '#loyalty/', '#words/'],
  upstream: ['#upstream/', '#loyalty/', '#words/', '#sync/protocol.ts'],
  renderer: [
    '#renderer/',
    '#words/',
    '#loyalty/',
    '#till/channel.ts',
    '#till/contractVersion.ts',
    '#drivers/scanner/wedge/',
    '#drivers/printer/paper/columnWidths.ts',
    '#till/contractVersion.ts',
    'type #till/contract.ts',
    'type #till/deviceContract.ts',
  ],
};

/** Packages of the folders that are kept poor on purpose; the others are knip's concern. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  loyalty: /^zod\/mini$/,
  words: /^intl-messageformat$/,
  sync: /^(node:.*|zod\/mini|uuid)$/,
  db: /^(node:.*|better-sqlite3|uuid|zod\/mini)$/,
  renderer: /^(?!zod|node:|electron|better-sqlite3|serialport|ws$)/,
};

function mayImport(path: string, { from, isTypeOnly }: Import): boolean {
  const folder = folderOf(path);
  if (!from.startsWith('#')) return PACKAGES[folder]?.test(from) ?? true;
  if (from.startsWith('#test/')) return folder === 'test';
  return (
    DIRECTION[folder]?.some((allowed) =>
      allowed.startsWith('type ')
        ? isTypeOnly && from === allowed.slice(5)
        : from.startsWith(allowed),
    ) ?? true
  );
}

/** Calls that make a run unrepeatable or money inexact, and where they are allowed all the same. */
const BANNED_CALLS: readonly {
  readonly call: RegExp;
  readonly allowed: RegExp;
}[] = [
  { call: /\bparseFloat\b|\.toFixed\(/g, allowed: /^(tools|bench|test)\// },
  { call: /\bMath\.random\b/g, allowed: /^(tools|bench)\// },
  {
    call: /\bDate\.now\b|\bnew Date\(\)/g,
    allowed: /^(tools|bench|test|electron)\/|^(till\/environment|upstream\/main)\.ts$/,
  },
  {
    call: /\bset(Timeout|Interval)\(/g,
    allowed: /^(tools|bench|test|electron|drivers|till|upstream|renderer|sync)\//,
  },
  { call: /\bvi\.mock\(/g, allowed: /^$/ },
];

const SQL = new RegExp(
  [
    'SELECT\\s.*\\bFROM',
    'INSERT\\s+(OR\\s+\\w+\\s+)?INTO',
    'UPDATE\\s+\\w+\\s+SET',
    'DELETE\\s+FROM',
    'BEGIN\\s+IMMEDIATE',
    'PRAGMA\\s',
    'CREATE\\s+TABLE',
  ]
    .map((words) => `\\b${words}`)
    .join('|'),
  'g',
);

const PICTURES_AND_LOCKS = /(^package-lock\.json|\.(png|ico|icns|woff2|bin|ttf))$/;

/** SHA-256 of each migration. A released one never changes: a change of it is a new migration. */
export const MIGRATION_HASHES: Readonly<Record<string, string>> = {
  'db/migrations/0010-initial.ts':
    'c80c12e6d96dc2a151c1f73b1d003ad35642ff580db41408df77cf4dc241dc58',
  'db/migrations/0020-rules.ts': '33362de4a5e87d6e4e16305a72f1299f720dc73070a884ef19e6616921d58c5b',
};

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const rules: readonly Rule[] = [
  {
    name: 'imports run in one direction',
    looksAt: isCode,
    find: ({ path, text }) =>
      importsOf(text)
        .filter((one) => !mayImport(path, one))
        .map((one) => `may not import ${one.from}`),
    bad: { path: 'db/x.ts', text: "import { core } from '#till/core.ts';\n" },
  },
  {
    name: 'a page takes types alone from the contract',
    looksAt: isIn('renderer'),
    find: ({ path, text }) =>
      importsOf(text)
        .filter((one) => one.from === '#till/contract.ts' && !mayImport(path, one))
        .map(() => 'imports values from #till/contract.ts, and zod with them'),
    bad: { path: 'renderer/x.ts', text: "import { methods } from '#till/contract.ts';\n" },
  },
  {
    name: 'imports go through #folder aliases',
    looksAt: isIn(...Object.keys(DIRECTION), 'tools', 'bench', 'test'),
    find: ({ text }) =>
      importsOf(text)
        .filter((one) => /^\.\.?\//.test(one.from) && !one.from.endsWith('.css'))
        .map((one) => `imports ${one.from} by a relative path`),
    bad: { path: 'till/x.ts', text: "import { a } from './y.ts';\n" },
  },
  {
    name: 'only electron/ imports electron',
    looksAt: (path) => isCode(path) && !/^(electron|test)\//.test(path),
    find: ({ text }) =>
      importsOf(text)
        .filter((one) => one.from === 'electron')
        .map(() => 'imports electron'),
    bad: { path: 'till/x.ts', text: "import { app } from 'electron';\n" },
  },
  {
    name: 'only db/ and upstream/ speak SQL',
    looksAt: (path) => isCode(path) && !/^(db|upstream|test|bench)\//.test(path),
    find: ({ text }) => findIn(text, SQL, 'SQL'),
    bad: { path: 'till/x.ts', text: 'const rows = `SELECT name FROM member`;\n' },
  },
  {
    name: 'no banned calls',
    looksAt: isCode,
    find: ({ path, text }) =>
      BANNED_CALLS.filter(({ allowed }) => !allowed.test(path)).flatMap(({ call }) =>
        findIn(text, call, 'banned call'),
      ),
    bad: { path: 'loyalty/x.ts', text: 'export const at = () => Date.now();\n' },
  },
  {
    name: `no line is wider than ${LINE_WIDTH_MAX}`,
    looksAt: isCode,
    find: ({ text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          line.length > LINE_WIDTH_MAX ? [`line ${index + 1} has ${line.length} columns`] : [],
        ),
    bad: { path: 'till/x.ts', text: `// ${'x'.repeat(LINE_WIDTH_MAX)}\n` },
  },
  {
    name: `no file is longer than ${FILE_LINES_MAX} lines`,
    looksAt: (path) => isCode(path) || path.endsWith('.css'),
    find: ({ text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > FILE_LINES_MAX ? [`has ${lines} lines`] : [];
    },
    bad: { path: 'till/x.ts', text: '//\n'.repeat(FILE_LINES_MAX + 1) },
  },
  {
    name: `no file is larger than ${FILE_BYTES_MAX} bytes`,
    looksAt: (path) => !PICTURES_AND_LOCKS.test(path),
    find: ({ text }) =>
      Buffer.byteLength(text) > FILE_BYTES_MAX ? [`has ${Buffer.byteLength(text)} bytes`] : [],
    bad: { path: 'docs/x.md', text: 'x'.repeat(FILE_BYTES_MAX + 1) },
  },
  {
    name: 'a module says what it owns, a test its goal',
    looksAt: isCode,
    find: ({ path, text }) => {
      const isTest = path.startsWith('test/') && path.includes('.test.');
      const opening = isTest ? /^(\/\/ |\/\*\*?\s)/ : /^(#!.*\n)?\/\/ Owns /;
      return opening.test(text) ? [] : [isTest ? 'no goal on line 1' : 'no // Owns on line 1'];
    },
    bad: { path: 'till/x.ts', text: 'export const a = 1;\n' },
  },
  {
    name: 'no test is left out or singled out',
    looksAt: isIn('test'),
    find: ({ text }) => [
      ...findIn(
        text,
        /\b(it|test|describe|suite)(\.\w+)*\.(only|skip|todo|skipIf|runIf|fails)\b/g,
        'test',
      ),
      ...findIn(text, /\b(xit|xtest|xdescribe|fit|fdescribe)\(/g, 'test'),
      ...findIn(text, /\.skip\(\s*\)/g, 'skipped without a reason'),
    ],
    bad: { path: 'test/x.test.ts', text: ['// Goal\nit', 'only(() => {});\n'].join('.') },
  },
  {
    name: 'a switch ends in assertNever or in its last case',
    looksAt: (path) => isCode(path) && !path.startsWith('test/'),
    // An object may have a key of that name: only a file with a switch is looked at.
    find: ({ text }) =>
      !/\bswitch \(/.test(text)
        ? []
        : [...withoutComments(text).matchAll(/^\s*default:\s*\{?\s*\n\s*([^\n]*)/gm)]
            .filter((match) => !/assertNever|satisfies never/.test(match[1] ?? ''))
            .map((match) => `default without assertNever: ${match[1] ?? ''}`),
    bad: { path: 'till/x.ts', text: 'switch (a) {\n  default:\n    return 0;\n}\n' },
  },
  {
    name: 'nothing is left to do',
    looksAt: isCode,
    find: ({ text }) =>
      /\b(TO[D]O|FIX[M]E|XX[X])\b/.test(text) ? ['holds a note of work left to do'] : [],
    bad: { path: 'till/x.ts', text: ['// TO', 'DO: later\n'].join('') },
  },
  {
    name: 'files are named in lowerCamel',
    looksAt: (path) => isCode(path) && !path.startsWith('db/migrations/'),
    find: ({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      const pattern =
        /^([a-z][A-Za-z0-9]*|[A-Z][A-Za-z0-9]*(?=\.tsx)|[a-z]+)(\.(test|config|d))?\./;
      if (name.startsWith('index.')) return ['is a barrel'];
      return pattern.test(name) ? [] : ['is not named in lowerCamel'];
    },
    bad: { path: 'till/Print-Queue.ts', text: '' },
  },
  {
    name: 'changelog entries have their form',
    looksAt: (path) => path === 'CHANGELOG.md',
    find: ({ text }) => {
      const entries = text.split('\n').filter((line) => /^\s*[-*] /.test(line));
      if (entries.length === 0) return ['has no entry'];
      return entries.filter(
        (line) => !/^- \[(Added|Changed|Fixed|Removed)\] [A-ZÇĞİÖŞÜ]/.test(line),
      );
    },
    bad: { path: 'CHANGELOG.md', text: '# Changelog\n\n- fixed a thing\n' },
  },
  {
    name: 'no path of one machine',
    looksAt: (path) => path !== '.ci/run' && !PICTURES_AND_LOCKS.test(path),
    find: ({ text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          /(^|[\s'"`(=:])\/(work|home|root|Users)\/\w|\.\.\/shared\b/.test(line)
            ? [`line ${index + 1}: ${line.trim()}`]
            : [],
        ),
    bad: { path: 'docs/x.md', text: ['see `/ho', 'me/somebody/till`\n'].join('') },
  },
  {
    name: 'the lock names no download address',
    looksAt: (path) => path === 'package-lock.json',
    find: ({ text }) =>
      [...text.matchAll(/"resolved": "(http[^"]+)"/g)].map((match) => match[1] ?? ''),
    bad: { path: 'package-lock.json', text: '"resolved": "http://mirror.example/x.tgz"' },
  },
  {
    name: 'a migration never changes',
    looksAt: (path) => /^db\/migrations\/\d+-.*\.ts$/.test(path),
    find: ({ path, text }) =>
      MIGRATION_HASHES[path] === hashOf(text)
        ? []
        : ['is new or was changed: a released migration never is; list a new one here'],
    bad: { path: 'db/migrations/0010-initial.ts', text: '// Owns nothing any more.\n' },
  },
];
